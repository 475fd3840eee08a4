"""The asyncio client."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, Union

from . import verbs
from .async_connection import AsyncConnection
from .backoff import Backoff
from .client import DEFAULT_PATH
from .errors import ConnectionClosed, ProtocolError
from .events import Source
from .parts import Picture, Views
from .records import Frame, Hello
from .replies import Record, Reply, Status


class AsyncClient(AsyncConnection):
    """A connection to aurald for asyncio: `async with AsyncClient() as client`. All is as in `Client`, but awaited.

    Tasks of one event loop may share it: one may iterate while others prompt. Reading is by demand; while nobody iterates or waits for a reply, the
    daemon sees a slow client.
    """

    def __init__(
        self, path: Union[str, os.PathLike[str]] = DEFAULT_PATH, *, timeout: Union[float, None] = 30.0, reconnect: bool = False,
        backoff: Union[Backoff, None] = None, policy: Union[str, None] = None, want: Union[Iterable[str], None] = None,
        inbox_bytes: int = 4 << 20,
    ) -> None:
        """Does not connect yet: `async with` or `connect` does. The arguments are those of `Client`."""
        super().__init__(path, timeout, reconnect, backoff, (policy, None if want is None else list(want)), inbox_bytes)

    async def __aenter__(self) -> AsyncClient:
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

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
        return dict(self._session.sources)

    async def read(self) -> Record:
        """The next record. A task that is cancelled here loses none. Raises `ConnectionClosed`, and `ProtocolError` for what is no record."""
        return await self._until(self._session.take)

    def __aiter__(self) -> AsyncIterator[Record]:
        return self

    async def __anext__(self) -> Record:
        """As `read`; ends where this client was closed."""
        if self._closed.is_set():
            raise StopAsyncIteration
        try:
            return await self.read()
        except ConnectionClosed:
            if self._closed.is_set():
                raise StopAsyncIteration from None
            raise

    async def frames(self) -> AsyncIterator[Frame]:
        """The frames alone; other records are passed over."""
        async for record in self:
            if isinstance(record, Frame):
                yield record

    async def views(self) -> AsyncIterator[tuple[Frame, Picture]]:
        """Each frame with its picture; other records are passed over. For clients that have `frame` and `picture` in `want`."""
        views = Views()
        async for record in self:
            if (view := views.take(record)) is not None:
                yield view

    async def add_points(
        self, object_id: int, points: Iterable[Sequence[float]], labels: Union[Iterable[int], None] = None, *,
        box: Union[Sequence[float], None] = None, seq: Union[int, None] = None, clear_old: bool = True,
    ) -> Reply:
        """Clicks on an object: [x, y] as fractions of the frame; labels 1 where it is, 0 where it is not."""
        return await self._ask(verbs.add_points(object_id, points, labels, box, seq, clear_old))

    async def add_box(self, object_id: int, box: Sequence[float], *, seq: Union[int, None] = None) -> Reply:
        """A box around an object: [left, top, right, bottom], fractions of the frame."""
        return await self._ask(verbs.add_box(object_id, box, seq))

    async def add_mask(self, object_id: int, mask: Any, *, seq: Union[int, None] = None) -> Reply:
        """The object's mask, [height, width], in any of the forms that `Client.add_mask` takes."""
        return await self._ask(verbs.add_mask(object_id, mask, seq))

    async def remove_object(self, object_id: int) -> Reply:
        """Forgets an object."""
        return await self._ask(verbs.remove_object(object_id))

    async def reset(self) -> Reply:
        """Forgets all objects."""
        return await self._ask({"verb": "reset"})

    async def set_expression(self, expression: Union[str, None]) -> Reply:
        """Says in words which sound is meant; None for no words."""
        return await self._ask(verbs.set_expression(expression))

    async def status(self) -> Status:
        """How the daemon is."""
        status = (await self._ask({"verb": "status"})).status
        if status is None:
            raise ProtocolError("a reply to status without status")
        return status

    async def subscribe(self, *, policy: Union[str, None] = None, want: Union[Iterable[str], None] = None) -> Reply:
        """What this client gets from now on, on later connections too; as `Client.subscribe`."""
        wanted = None if want is None else list(want)
        reply = await self._ask(verbs.subscribe(policy, wanted))
        old_policy, old_want = self._settings
        self._settings = (old_policy if policy is None else policy, old_want if wanted is None else wanted)
        return reply
