"""What tools/docs-test says on its command line is in that file's head."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import time
import unittest
from pathlib import Path

from . import features, links, tables
from .blocks import Block, Command, blocks, commands
from .runner import Runner, matches
from .scene import Scene

_ROOT = Path(__file__).resolve().parent.parent.parent
#: Documents whose commands are run.
_DOCUMENTS = ("README.md", "docs/*.md", "clients/python/README.md", "Models/*/README.md", "tools/*/README.md")
#: What is there and what not: all that its tables name has to exist.
_FEATURES = _ROOT / "docs/features.md"
#: Languages of blocks that hold commands; the examples of the Python client have tests of their own (clients/python/tests/test_readme.py).
_SHELL = ("sh", "console")


class Tally:
    """Counts, and says what failed."""

    def __init__(self) -> None:
        self.passed = self.failed = 0

    def add(self, what: str, fault: str | None) -> None:
        if fault is None:
            self.passed += 1
            return
        self.failed += 1
        print(f"{what}: FAILED: " + fault.replace("\n", "\n    "), flush=True)


def is_python_run(block: Block) -> bool:
    return block.language == "python" and "clients" not in block.path.relative_to(_ROOT).parts


def commands_of(block: Block) -> list[Command]:
    if block.language in _SHELL:
        return commands(block)
    if is_python_run(block):
        return [Command(block.line, "\n".join(block.lines))]
    if block.language == "toml":
        text = "\n".join(block.lines)
        return [Command(block.line, f"cat > example.toml <<'TOML'\n{text}\nTOML\naurald check --config example.toml")]
    return []


def elsewhere(command: Command) -> tables.Elsewhere | None:
    return next((entry for entry in tables.ELSEWHERE if matches(command.name.replace("\n", " "), (entry.pattern,))), None)


def test_block(block: Block, runner: Runner, tally: Tally) -> None:
    where = f"{block.path.relative_to(_ROOT)}:{block.line}"
    begun, before, run, not_run = time.monotonic(), tally.failed, 0, []
    runner.begin_block()
    for command in commands_of(block):
        entry = elsewhere(command)
        if entry:
            not_run.append(entry.why)
            continue
        run += 1
        tally.add(f"{block.path.relative_to(_ROOT)}:{command.line}: {command.name.splitlines()[0]}", runner.run(command, is_python_run(block)))
    fault = runner.end_block()
    if fault:
        tally.add(where, fault)
    if run or not_run:
        sentence = f"{where}: {run} run" if run else f"{where}: none run"
        if not_run:
            sentence += f", {len(not_run)} tested elsewhere ({'; '.join(dict.fromkeys(not_run))})"
        print(f"{sentence}: {'ok' if tally.failed == before else 'not ok'}, {time.monotonic() - begun:.1f} s", flush=True)


def chosen(names: list[str]) -> list[Path]:
    """Documents by name, those of folders, or all."""
    found = [path for pattern in _DOCUMENTS for path in sorted(_ROOT.glob(pattern))]
    wanted = [Path(name).resolve() for name in names]
    return [path for path in found if not wanted or any(path == one or one in path.parents for one in wanted)]


def check_tables(used: set[str], tally: Tally, is_all: bool) -> None:
    """Every entry is needed, and names tests that are there."""
    for entry in tables.ELSEWHERE:
        missing = [name for name in entry.tested if not (_ROOT / name).exists()]
        tally.add(f"tables.py: {entry.pattern}", f"{', '.join(missing)}: no such test" if missing else None)
        if is_all and entry.pattern not in used:
            tally.add(f"tables.py: {entry.pattern}", "no document shows such a command any more; take the entry out")


def main() -> int:
    parser = argparse.ArgumentParser(prog="docs-test", description="Runs the commands that the documents show, and follows their links.")
    parser.add_argument("documents", nargs="*", help="files and folders; all by default")
    parser.add_argument("--list", action="store_true", help="say what would be run")
    parser.add_argument("--keep", action="store_true", help="keep the folder in which commands run")
    options = parser.parse_args()
    # What runs until Ctrl-C is ended by one: a script in the background has its children ignore it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    tally = Tally()
    documents = chosen(options.documents)
    all_blocks = {path: blocks(path) for path in documents}
    used = {entry.pattern for each in all_blocks.values() for block in each for command in commands_of(block) if (entry := elsewhere(command))}
    if options.list:
        for each in all_blocks.values():
            for block in each:
                for command in commands_of(block):
                    entry = elsewhere(command)
                    print(f"{block.path.relative_to(_ROOT)}:{command.line}: {'elsewhere: ' + entry.why if entry else 'run'}: {command.name}")
        return 0
    binary = Path(os.environ.get("AURALD") or _ROOT / ".build/release/aurald").resolve()
    tools = [name for name in ("bash", "jq", "curl") if not shutil.which(name)]
    if not os.access(binary, os.X_OK) or tools:
        missing = [str(binary)] * (not os.access(binary, os.X_OK)) + tools
        print(f"docs-test: error: {', '.join(missing)}: not there; build with swift build -c release, install jq and curl", file=sys.stderr)
        return 69

    if not options.documents:
        suite = unittest.defaultTestLoader.loadTestsFromName("docs_test.test_docs_test")
        outcome = unittest.TextTestRunner(stream=open(os.devnull, "w"), verbosity=0).run(suite)
        for test, trace in outcome.failures + outcome.errors:
            tally.add(str(test), trace)
        tally.passed += outcome.testsRun - len(outcome.failures) - len(outcome.errors)
    scene = Scene(_ROOT, binary)
    runner = Runner(scene)
    try:
        for number, path in enumerate(documents):
            runner.begin_document(scene.folder(str(number)))
            for block in all_blocks[path]:
                test_block(block, runner, tally)
    finally:
        runner.close()
        if options.keep:
            print(f"docs-test: files are in {scene.root}")
        else:
            scene.close()
    check_tables(used, tally, not options.documents)
    count = 0
    for path in links.documents(_ROOT):
        links_of, wrong = links.faults(path)
        count += links_of
        tally.add(f"{path.relative_to(_ROOT)}", "\n".join(wrong) or None)
    if not options.documents or _FEATURES.resolve() in documents:
        named, wrong = features.faults(_FEATURES, features.Facts(_ROOT, binary))
        tally.add(f"{_FEATURES.relative_to(_ROOT)}", "\n".join(wrong) or None)
        print(f"docs-test: {named} commands, files, tests and keys in the tables of {_FEATURES.relative_to(_ROOT)}")
    print(f"docs-test: {count} links in {len(links.documents(_ROOT))} documents")
    print(f"docs-test: {tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


sys.exit(main())
