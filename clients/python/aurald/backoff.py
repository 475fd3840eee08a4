"""How long to wait before connecting again, and how long to wait at all."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Union

from .errors import Timeout


class Backoff:
    """Seconds to wait before each attempt: `first_s`, twice as long each time, at most `longest_s`.

    It begins anew after a connection that has lasted for `longest_s`; one that ends at once does not count as well.
    """

    def __init__(self, first_s: float = 0.1, longest_s: float = 5.0) -> None:
        if not 0 < first_s <= longest_s:
            raise ValueError("first_s must be above 0 and at most longest_s")
        self._first_s = first_s
        self._longest_s = longest_s
        self._next_s = first_s

    def next_s(self, lasted_s: float) -> float:
        """The next wait, after a connection that lasted so many seconds; 0 for an attempt that failed."""
        if lasted_s >= self._longest_s:
            self._next_s = self._first_s
        wait_s = self._next_s
        self._next_s = min(2 * wait_s, self._longest_s)
        return wait_s


class Deadline:
    """A moment until which something is waited for; None seconds are for ever."""

    def __init__(self, seconds: Union[float, None], clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seconds = seconds
        self._end = None if seconds is None else clock() + seconds

    def left_s(self, at_most_s: Union[float, None] = None) -> Union[float, None]:
        """Seconds until then, or `at_most_s` where that is less; None for no end. Raises `Timeout` where it has passed."""
        if self._end is None:
            return at_most_s
        left_s = self._end - self._clock()
        if left_s <= 0:
            raise Timeout(f"nothing came within {self._seconds} s")
        return left_s if at_most_s is None else min(left_s, at_most_s)
