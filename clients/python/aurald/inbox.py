"""Records that wait until somebody takes them."""

from __future__ import annotations

from collections import deque
from typing import Union

from .events import NOT_READ, Dropped, Instance
from .parts import Picture, Sound, Spectrogram
from .records import Frame
from .replies import Record
from .requests import Request

#: What a record takes besides its line, in bytes: an estimate, so that many tiny ones count too.
_OVERHEAD = 512


class Inbox:
    """A queue that is bounded in bytes. When it is full the oldest records go, and a `Dropped` in their place says which frames they were of.

    It fills only where replies are awaited and nobody iterates; who iterates is read for by demand.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._records: deque[tuple[Record, int]] = deque()
        self._bytes = 0
        self._lost: Union[Dropped, None] = None

    def __len__(self) -> int:
        return len(self._records) + (self._lost is not None)

    def add(self, record: Record, line_bytes: int) -> None:
        """Adds the newest record; `line_bytes` is the length of its line. One record is always kept, however large."""
        cost = line_bytes + _OVERHEAD
        self._records.append((record, cost))
        self._bytes += cost
        while self._bytes > self._limit and len(self._records) > 1:
            oldest, cost = self._records.popleft()
            self._bytes -= cost
            self._lose(oldest)

    def take(self) -> Union[Record, None]:
        """The oldest record, or None."""
        if self._lost is not None:
            lost, self._lost = self._lost, None
            return lost
        if not self._records:
            return None
        record, cost = self._records.popleft()
        self._bytes -= cost
        return record

    def _lose(self, record: Record) -> None:
        if isinstance(record, Frame):
            self._merge(Dropped(record.seq, record.seq, 1, None, None, NOT_READ))
        elif isinstance(record, Instance):
            self._merge(Dropped(record.seq, record.seq, 0, 1, None, NOT_READ))
        elif isinstance(record, (Picture, Sound, Spectrogram)):
            self._merge(Dropped(record.seq, record.seq, 0, None, 1, NOT_READ))
        elif isinstance(record, Request):
            self._merge(Dropped(record.seq or 0, record.seq or 0, 0, None, None, NOT_READ, 1))
        elif isinstance(record, Dropped):
            self._merge(record)

    def _merge(self, new: Dropped) -> None:
        old = self._lost
        if old is None:
            self._lost = new
            return
        instances, parts, requests = (
            (getattr(old, name) or 0) + (getattr(new, name) or 0) or None for name in ("instances", "parts", "requests"))
        first, last = min(old.first, new.first), max(old.last, new.last)
        self._lost = Dropped(first, last, old.n + new.n, instances, parts, NOT_READ, requests)
