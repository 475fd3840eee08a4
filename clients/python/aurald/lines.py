"""Cuts a stream of bytes into lines."""

from __future__ import annotations

from .errors import ProtocolError

#: The longest line without its line feed, in bytes.
MAXIMUM_LINE = 1 << 20


class LineSplitter:
    """Takes bytes in whatever pieces they arrive and hands out lines. Holds one line at most."""

    def __init__(self) -> None:
        self._partial = bytearray()

    def split(self, data: bytes) -> tuple[list[bytes], ProtocolError | None]:
        """The lines that `data` completes, without their line feeds and without empty ones; and the error behind them, where a line is
        longer than `MAXIMUM_LINE` bytes. After an error nothing may be added."""
        lines: list[bytes] = []
        start = 0
        while True:
            end = data.find(b"\n", start)
            length = len(self._partial) + (len(data) if end < 0 else end) - start
            if length > MAXIMUM_LINE:
                self._partial.clear()
                return lines, ProtocolError(f"a line is longer than {MAXIMUM_LINE} bytes")
            if end < 0:
                self._partial += data[start:]
                return lines, None
            line = bytes(self._partial + data[start:end]).removesuffix(b"\r")
            self._partial.clear()
            start = end + 1
            if line:
                lines.append(line)
