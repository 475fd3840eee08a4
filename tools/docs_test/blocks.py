"""Markdown as far as it is needed: fenced blocks, and the commands in them."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

_FENCE = re.compile(r"^(?P<indent> *)(?P<marks>```+)(?P<language>[^`\s]*)[^`]*$")


@dataclass(frozen=True)
class Block:
    """A fenced block: where it begins (the line after the fence, from 1), its language and its lines."""

    path: Path
    line: int
    language: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Command:
    """One command as it stands in a document, perhaps of several lines, and what is shown of its output (None: nothing is shown)."""

    line: int
    text: str
    shown: tuple[str, ...] | None = field(default=None)

    @property
    def name(self) -> str:
        """The command on one line, without its comments."""
        joined = re.sub(r"\\\n\s*", "", self.text)
        return re.sub(r"\s+#\s.*$", "", joined, flags=re.MULTILINE).strip()


def blocks(path: Path) -> list[Block]:
    """All fenced blocks of a file. One without an end goes to the end of the file."""
    found: list[Block] = []
    opened: tuple[int, str, str, int] | None = None
    lines: list[str] = []
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = _FENCE.match(text)
        if opened is None and match:
            opened = (number + 1, match["language"], match["marks"], len(match["indent"]))
            lines = []
        elif opened and match and match["marks"].startswith(opened[2]) and not match["language"]:
            found.append(Block(path, opened[0], opened[1], tuple(lines)))
            opened = None
        elif opened:
            lines.append(text[opened[3]:] if not text[:opened[3]].strip() else text)
    if opened:
        found.append(Block(path, opened[0], opened[1], tuple(lines)))
    return found


def is_whole(text: str) -> bool:
    """Whether bash takes this for whole commands: no open quotation, here-document, pipe or continued line."""
    if text.endswith("\\"):
        return False
    outcome = subprocess.run(["bash", "-n", "-c", text], capture_output=True, text=True)
    return outcome.returncode == 0 and not outcome.stderr


def commands(block: Block) -> list[Command]:
    """The commands of a block. In `console` blocks they stand behind `$ `, with their output below; `sh` blocks have nothing else."""
    found: list[Command] = []
    waiting: list[str] = []
    begin = 0
    for number, text in enumerate(block.lines, block.line):
        if block.language == "console" and not waiting:
            if text.startswith("$ "):
                text = text[2:]
            elif found:
                found[-1] = Command(found[-1].line, found[-1].text, (found[-1].shown or ()) + (text,))
                continue
        elif block.language == "console" and text.startswith("> "):
            text = text[2:]
        if not waiting:
            if not text.strip() or text.lstrip().startswith("#"):
                continue
            begin = number
        waiting.append(text)
        if is_whole("\n".join(waiting)):
            found.append(Command(begin, "\n".join(waiting)))
            waiting = []
    if waiting:
        found.append(Command(begin, "\n".join(waiting)))
    return found
