"""The tool's own parts. `tools/docs-test` runs these first; or: PYTHONPATH=tools python3 -m unittest docs_test.test_docs_test"""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

from . import features, links, shown
from .blocks import Block, Command, blocks, commands


def parsed(language: str, text: str) -> list[Command]:
    return commands(Block(Path("x.md"), 1, language, tuple(text.splitlines())))


class Blocks(unittest.TestCase):
    def test_blocks_have_their_language_and_line(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "x.md"
            path.write_text("one\n```sh\na\n```\n- two\n  ```console\n  $ b\n  ```\n````md\n```sh\nno\n```\n````\n```\n")
            self.assertEqual(
                [(each.line, each.language, each.lines) for each in blocks(path)],
                [(3, "sh", ("a",)), (7, "console", ("$ b",)), (10, "md", ("```sh", "no", "```")), (15, "", ())])

    def test_commands_may_have_several_lines(self) -> None:
        text = "# remark\none --a \\\n    --b   # why\n\ncat > f <<'X'\n[a]\n\nX\necho 'two\nlines' |\n  cat\n"
        self.assertEqual(
            [(each.line, each.name) for each in parsed("sh", text)],
            [(2, "one --a --b"), (5, "cat > f <<'X'\n[a]\n\nX"), (9, "echo 'two\nlines' |\n  cat")])

    def test_console_blocks_have_output(self) -> None:
        found = parsed("console", "$ one   # why\nsaid\n\nmore\n$ two\n$ three \\\n>   four\nend\n")
        self.assertEqual([(each.name, each.shown) for each in found], [("one", ("said", "", "more")), ("two", None), ("three four", ("end",))])


class Shown(unittest.TestCase):
    def test_what_is_shown_is_what_was_printed(self) -> None:
        good = [
            (("a", "b"), ["a", "b ", ""]), (("a", "…"), ["a", "b", "c"]), (("…", "c"), ["a", "b", "c"]), (("a", "…", "c"), ["a", "c"]),
            (("say … end",), ["say this to the end"]), (("a",), ["a"]), (("…",), []), (("a.c",), ["a.c"]),
        ]
        for lines, printed in good:
            self.assertIsNone(shown.fault(lines, printed), msg=str(lines))
        bad = [
            (("a", "b"), ["a"]), (("a",), ["a", "b"]), (("a", "c"), ["a", "b", "c"]), (("…", "d"), ["a"]), (("a.c",), ["abc"]), (("a", "…"), ["b"]),
        ]
        for lines, printed in bad:
            self.assertIsNotNone(shown.fault(lines, printed), msg=str(lines))

    def test_numbers_may_vary_where_they_do(self) -> None:
        self.assertIsNone(shown.fault(("frame     41  187.4 ms  -23 dBFS",), ["frame  7  1.25 ms   -9 dBFS"], numbers_vary=True))
        self.assertIsNotNone(shown.fault(("frame 41 ms",), ["frame x ms"], numbers_vary=True))
        self.assertIsNotNone(shown.fault(("frame 41",), ["frame 42"]))


class Links(unittest.TestCase):
    def test_anchors_are_those_of_github(self) -> None:
        text = "# A `b`: *c*, d's\n## Über [x](y.md)\n## a\n## a\n```sh\n# none\n```\n### [source]\n## Under_score – dash\n"
        self.assertEqual(links.anchors(text), {"a-b-c-ds", "über-x", "a", "a-1", "source", "under_score--dash"})

    def test_links_that_lead_nowhere_are_found(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "x.md"
            (Path(folder) / "y.md").write_text("# There\n")
            path.write_text(
                "# Here\n[a](y.md) [b](y.md#there) [c](#here) [d](https://x.org/y#z) `[e](no.md)`\n```\n[f](no.md)\n```\n"
                "[g](no.md) ![h](no.png)\n[i](y.md#nowhere) [j [k]](#no)\n")
            count, wrong = links.faults(path)
            self.assertEqual(count, 7)
            self.assertEqual(
                wrong, ["line 6: no.md: there is no such file", "line 6: no.png: there is no such file",
                        "line 7: y.md#nowhere: there is no such heading", "line 7: #no: there is no such heading"])


class Known(features.Facts):
    """A small program with a small repository."""

    commands = frozenset({"run", "watch", "record", "check", "draw", "bench"})
    keys = frozenset({"camera.device", "source.kind"})
    metrics = frozenset({"aurald_fps"})

    def __init__(self) -> None:
        pass

    def options(self, command: str) -> frozenset[str]:
        return frozenset({"--json", "-o"})

    def has_file(self, name: str) -> bool:
        return name in ("tools/vm", "docs/x.md")

    def has_suite(self, name: str) -> bool:
        return name in ("GoodTests", "XTests/GoodTests")


class Features(unittest.TestCase):
    def test_what_is_named_is_there(self) -> None:
        for span in [
            "aurald watch --json", "aurald help watch", "aurald help", "aurald --version", "aurald record -o x", "run watch record check draw bench",
            "tools/vm", "docs/x.md", "GoodTests", "XTests/GoodTests", "aurald_fps", "camera.device", 'source.kind = "replay"', "--json", "x.png",
            "watch", "index.json", "audio.rms_dbfs",
        ]:
            self.assertIsNone(features.fault(span, Known()), msg=span)
        for span in [
            "aurald sing", "aurald help sing", "aurald watch --loud", "run watch record check draw sing", "run watch record check draw bench sing",
            "tools/no", "docs/no.md", "BadTests", "YTests/GoodTests", "aurald_sang", "camera.voice", 'source.sort = "replay"',
        ]:
            self.assertIsNotNone(features.fault(span, Known()), msg=span)

    def test_rows_name_tests(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "x.md"
            path.write_text("`tools/no`\n| # | a | b | c | d |\n| 1 | `aurald watch` | | | `GoodTests` |\n| 2 | `a | b` | | | |\n| 3 | | | | `BadTests` |\n")
            self.assertEqual(
                features.faults(path, Known()), (4, ["line 4: row 2 names no test", "line 5: `BadTests`: there are no such tests"]))


if __name__ == "__main__":
    unittest.main()
