"""The blocking client's connection: reads by demand, for as many threads as wait."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar, Union

from . import verbs
from .backoff import Backoff, Deadline
from .errors import AuraldError, Busy, ConnectionClosed, ShuttingDown, Timeout
from .replies import Reply
from .session import Session

_READ_BYTES = 1 << 16
_Result = TypeVar("_Result")


class Connection:
    """What `Client` stands on. One of the threads that wait reads for all of them; whoever has what it waits for goes."""

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
        self._socket: Union[socket.socket, None] = None
        self._since = 0.0
        self._changed = threading.Condition()
        self._sending = threading.Lock()
        self._is_reading = False
        self._closed = threading.Event()
        self._connect(Deadline(timeout))

    def close(self) -> None:
        """Ends the connection; iterators end, and whoever waits for a reply gets `ConnectionClosed`. From any thread; again does nothing."""
        with self._changed:
            self._closed.set()
            self._shut(ConnectionClosed("this client was closed"))

    def _shut(self, failure: AuraldError) -> None:
        with self._changed:
            self._session.end(failure)
            if self._socket is not None:
                # Wakes the thread that reads, which then gives the descriptor back: closed here, it could be another file's by then.
                with contextlib.suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)
            if not self._is_reading:
                self._drop_socket()
            self._changed.notify_all()

    def _ask(self, fields: dict[str, Any]) -> Reply:
        """Sends a request and waits for its reply."""
        deadline = Deadline(self.timeout)
        self._until(lambda: self._session.hello if self._session.failure is None else None, deadline)
        return self._exchange(fields, lambda ready: self._until(ready, deadline))

    def _exchange(self, fields: dict[str, Any], until: Callable[[Callable[[], Union[Reply, None]]], Reply]) -> Reply:
        with self._sending:
            with self._changed:
                number, line = self._session.request(fields)
                stream = self._socket
            try:
                if stream is not None:
                    stream.sendall(line)
            except TimeoutError:
                # Half a line may be out, so the connection is of no use any more.
                self._shut(ConnectionClosed(f"a request could not be sent within {self.timeout} s"))
            except OSError:
                # A daemon that has gone is noticed where its last words are read.
                pass
        try:
            return until(lambda: self._session.answer(number))
        finally:
            with self._changed:
                self._session.forget(number)

    def _until(self, ready: Callable[[], Union[_Result, None]], deadline: Deadline) -> _Result:
        """Waits until `ready` gives something, and reads meanwhile, unless another thread does."""
        with self._changed:
            while True:
                if (result := ready()) is not None:
                    return result
                if self._closed.is_set() or (self._session.failure is not None and not self._reconnect):
                    raise (self._session.failure or ConnectionClosed("this client was closed")).with_traceback(None)
                if self._is_reading:
                    self._changed.wait(deadline.left_s())
                    continue
                self._is_reading = True
                self._changed.release()
                try:
                    if self._session.failure is None:
                        self._read(deadline)
                    else:
                        self._connect_again(deadline)
                finally:
                    self._changed.acquire()
                    self._is_reading = False
                    if self._closed.is_set():
                        self._drop_socket()
                    self._changed.notify_all()

    def _read(self, deadline: Deadline) -> None:
        """One piece of what comes. By the one thread that reads, without the lock."""
        stream = self._socket
        if stream is None:
            return
        waiting = select.poll()
        waiting.register(stream, select.POLLIN)
        left_s = deadline.left_s()
        if not waiting.poll(None if left_s is None else left_s * 1000):
            deadline.left_s()
            return
        try:
            data = stream.recv(_READ_BYTES)
        except OSError:
            data = b""
        with self._changed:
            self._session.feed(data)
            if self._session.failure is not None:
                self._drop_socket()

    def _drop_socket(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _connect(self, deadline: Deadline) -> None:
        """Connects, reads `hello`, and says what is wanted."""
        stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            stream.settimeout(deadline.left_s())
            stream.connect(self.path)
            stream.settimeout(self.timeout)
        except OSError as error:
            stream.close()
            raise ConnectionClosed(f"cannot connect to aurald on {self.path}: {error.strerror or error}") from None
        with self._changed:
            if self._closed.is_set():
                stream.close()
                raise ConnectionClosed("this client was closed")
            self._socket = stream
            self._since = time.monotonic()
            self._session.begin()
        try:
            self._alone(lambda: self._session.hello, deadline)
            policy, want = self._settings
            if policy is not None or want is not None:
                self._exchange(verbs.subscribe(policy, want), lambda ready: self._alone(ready, deadline))
        except BaseException:
            with self._changed:
                self._session.end(ConnectionClosed(f"the connection to aurald on {self.path} was given up"))
                self._drop_socket()
            raise

    def _alone(self, ready: Callable[[], Union[_Result, None]], deadline: Deadline) -> _Result:
        """As `_until`, while nobody else reads and the connection is not yet others' to use."""
        while (result := ready()) is None:
            if self._session.failure is not None:
                raise self._session.failure.with_traceback(None)
            self._read(deadline)
        return result

    def _connect_again(self, deadline: Deadline) -> None:
        wait_s = self._backoff.next_s(time.monotonic() - self._since if self._since else 0)
        self._since = 0.0
        if self._closed.wait(deadline.left_s(wait_s)):
            return
        try:
            self._connect(Deadline(deadline.left_s(self.timeout)))
        except (ConnectionClosed, Busy, ShuttingDown, Timeout):
            # Nobody listens yet, or no place is free: the next turn tries again, after a longer wait.
            self._since = 0.0
