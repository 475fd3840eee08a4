"""The asyncio client's connection: reads by demand, for as many tasks as wait."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, Union

from . import verbs
from .backoff import Backoff
from .errors import AuraldError, Busy, ConnectionClosed, ShuttingDown, Timeout
from .replies import Reply
from .session import Session

_READ_BYTES = 1 << 16
_Result = TypeVar("_Result")


class AsyncConnection:
    """What `AsyncClient` stands on. One of the tasks that wait reads for all of them. No task of its own runs, so none can be forgotten."""

    def __init__(
        self, path: Union[str, os.PathLike[str]], timeout: Union[float, None], reconnect: bool, backoff: Union[Backoff, None],
        settings: tuple[Any, Any], inbox_bytes: int,
    ) -> None:
        self.path = os.fspath(path)
        self.timeout = timeout
        self._reconnect = reconnect
        self._backoff = backoff or Backoff()
        #: What was subscribed to last (policy, want); said again on every new connection.
        self._settings = settings
        self._session = Session(inbox_bytes)
        self._session.end(ConnectionClosed("not connected yet"))
        self._streams: Union[tuple[asyncio.StreamReader, asyncio.StreamWriter], None] = None
        self._since = 0.0
        self._is_reading = False
        #: Set, and replaced by another one, whenever something has come.
        self._turn = asyncio.Event()
        self._closed = asyncio.Event()

    async def connect(self) -> None:
        """Connects and reads `hello`. Raises `ConnectionClosed` where nobody listens, `Busy` where no place is free."""
        if self._session.failure is not None and not self._is_reading:
            await self._as_reader(self._within(self._connect()))

    async def close(self) -> None:
        """Ends the connection; iterators end, and whoever waits for a reply gets `ConnectionClosed`. Again does nothing."""
        self._closed.set()
        self._session.end(ConnectionClosed("this client was closed"))
        self._wake()
        await self._drop_streams()

    async def _ask(self, fields: dict[str, Any]) -> Reply:
        """Sends a request and waits for its reply."""
        return await self._within(self._ask_for_ever(fields))

    async def _ask_for_ever(self, fields: dict[str, Any]) -> Reply:
        await self._until(lambda: self._session.hello if self._session.failure is None else None)
        return await self._exchange(fields, self._until)

    async def _exchange(self, fields: dict[str, Any], until: Callable[[Callable[[], Any]], Awaitable[Any]]) -> Reply:
        number, line = self._session.request(fields)
        try:
            if self._streams is not None:
                # The whole line is in the writer's buffer before anything is awaited, so that a task that is cancelled leaves no half of one.
                self._streams[1].write(line)
                # A daemon that has gone is noticed where its last words are read.
                with contextlib.suppress(OSError):
                    await self._streams[1].drain()
            reply: Reply = await until(lambda: self._session.answer(number))
            return reply
        finally:
            self._session.forget(number)

    async def _until(self, ready: Callable[[], Union[_Result, None]]) -> _Result:
        """Waits until `ready` gives something, and reads meanwhile, unless another task does."""
        while True:
            if (result := ready()) is not None:
                return result
            if self._closed.is_set() or (self._session.failure is not None and not self._reconnect):
                raise (self._session.failure or ConnectionClosed("this client was closed")).with_traceback(None)
            if self._is_reading:
                await self._turn.wait()
            elif self._session.failure is None:
                await self._as_reader(self._read())
            else:
                await self._as_reader(self._connect_again())

    async def _as_reader(self, work: Awaitable[None]) -> None:
        self._is_reading = True
        try:
            await work
        finally:
            self._is_reading = False
            self._wake()

    def _wake(self) -> None:
        turn, self._turn = self._turn, asyncio.Event()
        turn.set()

    async def _read(self) -> None:
        """One piece of what comes. By the one task that reads."""
        if self._streams is None:
            return
        try:
            data = await self._streams[0].read(_READ_BYTES)
        except OSError:
            data = b""
        self._session.feed(data)
        if self._session.failure is not None:
            await self._drop_streams()

    async def _drop_streams(self) -> None:
        streams, self._streams = self._streams, None
        if streams is not None:
            # What is still to be written is given up: waiting for a daemon that does not read could last for ever.
            streams[1].transport.abort()
            with contextlib.suppress(OSError):
                await streams[1].wait_closed()

    async def _connect(self) -> None:
        """Connects, reads `hello`, and says what is wanted."""
        try:
            self._streams = await asyncio.open_unix_connection(self.path)
        except OSError as error:
            raise ConnectionClosed(f"cannot connect to aurald on {self.path}: {error.strerror or error}") from None
        self._since = time.monotonic()
        try:
            if self._closed.is_set():
                raise ConnectionClosed("this client was closed")
            self._session.begin()
            await self._alone(lambda: self._session.hello)
            policy, want = self._settings
            if policy is not None or want is not None:
                await self._exchange(verbs.subscribe(policy, want), self._alone)
        except BaseException:
            self._session.end(ConnectionClosed(f"the connection to aurald on {self.path} was given up"))
            await self._drop_streams()
            raise

    async def _alone(self, ready: Callable[[], Union[_Result, None]]) -> _Result:
        """As `_until`, for the task that connects."""
        while (result := ready()) is None:
            if self._session.failure is not None:
                raise self._session.failure.with_traceback(None)
            await self._read()
        return result

    async def _connect_again(self) -> None:
        wait_s = self._backoff.next_s(time.monotonic() - self._since if self._since else 0)
        self._since = 0.0
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._closed.wait(), wait_s)
            return
        try:
            await self._within(self._connect())
        except (ConnectionClosed, Busy, ShuttingDown, Timeout):
            # Nobody listens yet, or no place is free: the next turn tries again, after a longer wait.
            self._since = 0.0

    async def _within(self, work: Awaitable[_Result]) -> _Result:
        try:
            return await asyncio.wait_for(work, self.timeout)
        except asyncio.TimeoutError as error:
            if isinstance(error, AuraldError):
                raise
            raise Timeout(f"nothing came within {self.timeout} s") from None
