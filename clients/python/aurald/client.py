"""The blocking client."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Union, cast

from . import verbs
from .backoff import Backoff, Deadline
from .connection import Connection
from .errors import ConnectionClosed, ProtocolError
from .parts import Picture, Views
from .records import Frame, Hello
from .replies import Record, Reply, Status
from .events import Source

#: Where the daemon listens unless it was told otherwise.
DEFAULT_PATH = "/run/aurald.sock"


class Client(Connection):
    """A connection to aurald; `with Client() as client` closes it.

    Iterate over it for records of all types, or over `frames()`. Methods named as the protocol's verbs wait for their reply; records that come
    meanwhile wait for the iterator, up to `inbox_bytes` (then the oldest go, and a `Dropped` tells). Threads may share a client.

    `timeout`: seconds for connecting and for each reply, None for ever. A prompt's reply comes with the next frame.
    `reconnect`: when the connection ends, wait, connect again and go on. The iterator then gives the new `Hello`: the daemon may have been started
    again and know no objects any more. A request that was on its way raises `ConnectionClosed`, as nobody knows whether it was done.
    `policy`, `want`: as for `subscribe`, on every connection.
    """

    def __init__(
        self, path: Union[str, os.PathLike[str]] = DEFAULT_PATH, *, timeout: Union[float, None] = 30.0, reconnect: bool = False,
        backoff: Union[Backoff, None] = None, policy: Union[str, None] = None, want: Union[Iterable[str], None] = None,
        inbox_bytes: int = 4 << 20,
    ) -> None:
        """Connects and reads `hello`. Raises `ConnectionClosed` where nobody listens, `Busy` where no place is free."""
        super().__init__(path, timeout, reconnect, backoff, (policy, None if want is None else list(want)), inbox_bytes)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def hello(self) -> Hello:
        """What the daemon said first on the newest connection. Raises `ConnectionClosed` while there is none."""
        hello = self._session.hello
        if hello is None:
            raise ConnectionClosed("not connected")
        return hello

    @property
    def sources(self) -> dict[str, Source]:
        """The newest state of each source that has been read, by its name."""
        with self._changed:
            return dict(self._session.sources)

    def read(self, timeout: Union[float, None] = None) -> Record:
        """The next record. Raises `Timeout` after so many seconds, `ConnectionClosed`, and `ProtocolError` for what is no record."""
        # Without the cast type checkers make `object` of the union.
        return cast(Record, self._until(self._session.take, Deadline(timeout)))

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        """As `read`; ends where this client was closed."""
        if self._closed.is_set():
            raise StopIteration
        try:
            return self.read()
        except ConnectionClosed:
            if self._closed.is_set():
                raise StopIteration from None
            raise

    def frames(self) -> Iterator[Frame]:
        """The frames alone; other records are passed over."""
        return (record for record in self if isinstance(record, Frame))

    def views(self) -> Iterator[tuple[Frame, Picture]]:
        """Each frame with its picture; other records are passed over. For clients that have `frame` and `picture` in `want`."""
        views = Views()
        return (view for record in self if (view := views.take(record)) is not None)

    def add_points(
        self, object_id: int, points: Iterable[Sequence[float]], labels: Union[Iterable[int], None] = None, *,
        box: Union[Sequence[float], None] = None, seq: Union[int, None] = None, clear_old: bool = True,
    ) -> Reply:
        """Clicks on an object. `points` are [x, y] as fractions of the frame, 0…1; `labels` 1 where the object is and 0 where it is not, all 1 if
        None. `seq` is the frame that is meant; None is the next one. The reply has `seq` and `object` with its mask."""
        return self._ask(verbs.add_points(object_id, points, labels, box, seq, clear_old))

    def add_box(self, object_id: int, box: Sequence[float], *, seq: Union[int, None] = None) -> Reply:
        """A box around an object: [left, top, right, bottom], fractions of the frame."""
        return self._ask(verbs.add_box(object_id, box, seq))

    def add_mask(self, object_id: int, mask: Any, *, seq: Union[int, None] = None) -> Reply:
        """The object's mask, of any size: a numpy array [height, width], a `Mask`, rows of numbers, an `Object`, `Instance` or `Request`, or a dict
        with `size` and `counts`."""
        return self._ask(verbs.add_mask(object_id, mask, seq))

    def remove_object(self, object_id: int) -> Reply:
        """Forgets an object."""
        return self._ask(verbs.remove_object(object_id))

    def reset(self) -> Reply:
        """Forgets all objects."""
        return self._ask({"verb": "reset"})

    def set_expression(self, expression: Union[str, None]) -> Reply:
        """Says in words which sound is meant; None for no words. `Unsupported` where the model takes none."""
        return self._ask(verbs.set_expression(expression))

    def status(self) -> Status:
        """How the daemon is."""
        status = self._ask({"verb": "status"}).status
        if status is None:
            raise ProtocolError("a reply to status without status")
        return status

    def subscribe(self, *, policy: Union[str, None] = None, want: Union[Iterable[str], None] = None) -> Reply:
        """What this client gets from now on, on later connections too. `policy` is `latest`, `disconnect` or `sample=N`; `want` some of `frame`,
        `instance`, `source`, `picture`, `sound`, `spectrogram`, `request`. None leaves it as it is. Records that are on their way still come."""
        wanted = None if want is None else list(want)
        reply = self._ask(verbs.subscribe(policy, wanted))
        old_policy, old_want = self._settings
        self._settings = (old_policy if policy is None else policy, old_want if wanted is None else wanted)
        return reply
