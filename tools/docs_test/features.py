"""Whether what docs/features.md names is there: commands with their options, files, test suites, keys, metrics."""

from __future__ import annotations

import json
import re
import subprocess
from functools import cached_property
from pathlib import Path

_SPAN = re.compile(r"`([^`]+)`")
_FOLDERS = ("Models", "Sources", "Tests", "clients", "configs", "docs", "systemd", "tools")


class Facts:
    """What there is, by asking the binary and the repository."""

    def __init__(self, root: Path, binary: Path) -> None:
        self._root, self._binary = root, binary

    @cached_property
    def commands(self) -> frozenset[str]:
        """All subcommands."""
        return frozenset(re.findall(r"^  ([a-z]+)\s", self._said("--help").partition("SUBCOMMANDS:")[2], re.MULTILINE))

    def options(self, command: str) -> frozenset[str]:
        """The options of a subcommand, also the hidden ones."""
        return frozenset(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", self._said(command, "--help-hidden")))

    @cached_property
    def keys(self) -> frozenset[str]:
        """All keys of the configuration, as section.key."""
        sections = json.loads(self._said("check", "--schema"))["properties"]
        return frozenset(f"{section}.{key}" for section, schema in sections.items() for key in schema.get("properties", {}))

    @cached_property
    def metrics(self) -> frozenset[str]:
        """All metrics that operations.md describes."""
        return frozenset(re.findall(r"aurald_[a-z_]+", (self._root / "docs/operations.md").read_text(encoding="utf-8")))

    def has_file(self, name: str) -> bool:
        return (self._root / name).exists()

    def has_suite(self, name: str) -> bool:
        """A file of tests, by its name or with its folder before it."""
        return any(self._root.glob(f"Tests/{name}.swift" if "/" in name else f"Tests/*/{name}.swift"))

    def _said(self, *arguments: str) -> str:
        return subprocess.run([self._binary, *arguments], check=True, capture_output=True, text=True).stdout


def fault(span: str, facts: Facts) -> str | None:
    """None where what a piece of code names is there, or names nothing that can be looked up."""
    words = span.split()
    if len(words) > 5 and words[0] in facts.commands:
        missing, unknown = facts.commands - set(words), set(words) - facts.commands
        return f"`{span}`: not all commands: {', '.join(sorted(missing | unknown))}" if missing | unknown else None
    if words[0] == "aurald" and len(words) > 1 and not words[1].startswith("-"):
        name = words[2] if words[1] == "help" and len(words) > 2 else words[1]
        if name != "help" and name not in facts.commands:
            return f"`{span}`: there is no command {name}"
        wrong = [each for each in words[2:] if each.startswith("-") and each not in facts.options(name)]
        return f"`{span}`: {name} has no {', '.join(wrong)}" if wrong else None
    if len(words) == 1 and span.partition("/")[0] in _FOLDERS and "/" in span:
        return None if facts.has_file(span) else f"`{span}`: there is no such file"
    if re.fullmatch(r"(\w+Tests/)?[A-Z]\w*Tests", span):
        return None if facts.has_suite(span) else f"`{span}`: there are no such tests"
    if re.fullmatch(r"aurald_[a-z_]+", span):
        return None if span in facts.metrics else f"`{span}`: operations.md has no such metric"
    key = re.match(r"([a-z]+)\.([a-z_]+)( = .*)?$", span)
    if key and key[1] in {each.partition(".")[0] for each in facts.keys}:
        return None if f"{key[1]}.{key[2]}" in facts.keys else f"`{span}`: there is no such key"
    return None


def faults(path: Path, facts: Facts) -> tuple[int, list[str]]:
    """How many pieces of code the tables of a file have, and a line for each that names what is not there. A row has to name a test, or link
    to what stands below."""
    count, wrong = 0, []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.startswith("|"):
            continue
        spans = _SPAN.findall(line)
        count += len(spans)
        wrong += [f"line {number}: {found}" for span in spans if (found := fault(span, facts))]
        cells = [cell.strip() for cell in re.sub(r"`[^`]*`", "``", line).strip("|").split("|")]
        if len(cells) == 5 and cells[0].isdigit() and not cells[4]:
            wrong.append(f"line {number}: row {cells[0]} names no test")
    return count, wrong
