"""Compares what a document shows of a command's output with what the command printed."""

from __future__ import annotations

import re

#: Stands for any text in a line; alone on a line for any number of lines.
CUT = "…"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def line_pattern(shown: str, numbers_vary: bool) -> str:
    """A regular expression for one line."""

    def plain(text: str) -> str:
        if not numbers_vary:
            return re.escape(text)
        pieces = re.split(r"(-?\d+(?:\.\d+)?)", text)
        # How far numbers are moved to the right depends on their length.
        words = (_NUMBER.pattern if index % 2 else re.sub(r"(\\ )+", r" +", re.escape(piece)) for index, piece in enumerate(pieces))
        return "".join(words)

    return ".*".join(plain(part) for part in shown.rstrip().split(CUT))


def fault(shown: tuple[str, ...], printed: list[str], numbers_vary: bool = False) -> str | None:
    """None where the printed lines are those that are shown; else the first line that is not."""
    while shown and not shown[-1].strip():
        shown = shown[:-1]
    printed = [text.rstrip() for text in printed]
    while printed and not printed[-1]:
        printed = printed[:-1]
    # Everything before a cut must come in this order, what follows anywhere behind it.
    place, is_cut = 0, False
    for text in shown:
        if text.strip() == CUT:
            is_cut = True
            continue
        pattern = re.compile(line_pattern(text, numbers_vary))
        last = len(printed) if is_cut else min(place + 1, len(printed))
        found = next((index for index in range(place, last) if pattern.fullmatch(printed[index])), None)
        if found is None:
            instead = printed[place] if place < len(printed) else "the end"
            return f"shown is “{text}”, printed was “{instead}”"
        place, is_cut = found + 1, False
    if place < len(printed) and not is_cut:
        return f"printed was more than is shown: “{printed[place]}”"
    return None
