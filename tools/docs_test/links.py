"""Relative links and anchors of Markdown files."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

_LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(<?([^()\s>]+)>?(?:\s+\"[^\"]*\")?\)")
_FENCED = re.compile(r"^( *)(```+).*?^\1\2`*\s*?$", re.DOTALL | re.MULTILINE)


def documents(root: Path) -> list[Path]:
    """All Markdown files that git knows or would know."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "*.md"],
        cwd=root, capture_output=True, text=True)
    names = [name for name in listed.stdout.split("\0") if name] if listed.returncode == 0 else []
    found = [root / name for name in names] or [path for path in root.rglob("*.md") if not any(part.startswith(".") for part in path.parts)]
    return sorted(path for path in set(found) if path.exists())


def anchors(text: str) -> set[str]:
    """What headings are called in links, by GitHub's rule: small letters, no punctuation, hyphens for spaces, -1 and so on for repetitions."""
    found: set[str] = set()
    for line in _FENCED.sub("", text).splitlines():
        match = re.match(r"#{1,6}\s+(.*?)\s*#*$", line)
        if not match:
            continue
        heading = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", match[1])
        # Other than in Python's \w, marks of emphasis and code go, letters of all scripts, digits, _ and - stay.
        name = re.sub(r"[^\w\- ]", "", heading.lower().replace("`", "").replace("*", "")).replace(" ", "-")
        number, plain = 0, name
        while name in found:
            number += 1
            name = f"{plain}-{number}"
        found.add(name)
    return found


def links(text: str) -> list[tuple[int, str]]:
    """Line and target of every link that is not in a fenced block or in code."""

    def blank(match: re.Match[str]) -> str:
        return "\n" * match[0].count("\n")

    found: list[tuple[int, str]] = []
    for number, line in enumerate(_FENCED.sub(blank, text).splitlines(), 1):
        found += [(number, match[1]) for match in _LINK.finditer(re.sub(r"`[^`]*`", "``", line))]
    return found


def faults(path: Path) -> tuple[int, list[str]]:
    """How many relative links a file has, and a line for each that leads nowhere."""
    text = path.read_text(encoding="utf-8")
    count, wrong = 0, []
    for line, target in links(text):
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue
        count += 1
        name, _, anchor = target.partition("#")
        other = (path.parent / name) if name else path
        if not other.exists():
            wrong.append(f"line {line}: {target}: there is no such file")
        elif anchor and other.suffix == ".md" and anchor not in anchors(other.read_text(encoding="utf-8")):
            wrong.append(f"line {line}: {target}: there is no such heading")
    return count, wrong
