"""One client's side of the protocol, without a socket: bytes in, records and replies out. Both clients drive it."""

from __future__ import annotations

import json
from typing import Any, Union

from .errors import AuraldError, ConnectionClosed, ProtocolError
from .events import Error, Source
from .inbox import Inbox
from .lines import MAXIMUM_LINE, LineSplitter
from .records import Hello
from .replies import Record, Reply, read_record

#: The protocol's version.
PROTOCOL = 1


class Session:
    """What came and what is awaited. It outlives connections, so that a client which connects again loses no record that waits."""

    def __init__(self, inbox_bytes: int) -> None:
        #: The newest `hello`; None until there is one on this connection.
        self.hello: Union[Hello, None] = None
        #: The newest state of each source, by its name.
        self.sources: dict[str, Source] = {}
        #: Why nothing more comes on this connection; None while it lives.
        self.failure: Union[AuraldError, None] = None
        self._inbox = Inbox(inbox_bytes)
        self._splitter = LineSplitter()
        self._answers: dict[int, Union[Reply, AuraldError, None]] = {}
        self._last_id = 0
        self._greetings = 0
        self._farewell: Union[AuraldError, None] = None

    def begin(self) -> None:
        """A new connection."""
        self.hello = None
        self.failure = None
        self.sources = {}
        self._splitter = LineSplitter()
        self._farewell = None

    def feed(self, data: bytes) -> None:
        """Takes what the connection brought; nothing is its end. Does not raise: see `failure`."""
        if self.failure is not None:
            return
        if not data:
            return self.end(self._farewell or ConnectionClosed("the daemon has closed the connection"))
        lines, too_long = self._splitter.split(data)
        try:
            for line in lines:
                self._take(read_record(line), len(line))
            if too_long is not None:
                raise too_long
        except AuraldError as failure:
            self.end(failure)

    def end(self, failure: AuraldError) -> None:
        """The connection is over; so is what is awaited on it."""
        self.failure = self.failure or failure
        self._refuse_all(self.failure)

    def request(self, fields: dict[str, Any]) -> tuple[int, bytes]:
        """Gives a request its number, and makes it a line. Its answer is awaited from now on."""
        number = self._last_id + 1
        try:
            line = json.dumps({"id": number, **fields}, separators=(",", ":"), allow_nan=False).encode("utf-8")
        except TypeError as error:
            raise ValueError(f"the request cannot be written as JSON: {error}") from None
        if len(line) > MAXIMUM_LINE:
            raise ValueError(f"the request has {len(line)} bytes; a line has at most {MAXIMUM_LINE}")
        self._last_id = number
        self._answers[number] = None
        return number, line + b"\n"

    def answer(self, number: int) -> Union[Reply, None]:
        """The reply to a request, once; None where it has not come. Raises what the daemon answered instead, or why no answer can come."""
        answer = self._answers[number]
        if isinstance(answer, AuraldError):
            raise answer
        return answer

    def forget(self, number: int) -> None:
        """The answer is not awaited any longer."""
        self._answers.pop(number, None)

    def take(self) -> Union[Record, None]:
        """The oldest record that nobody has had yet, or None."""
        return self._inbox.take()

    def _take(self, record: Union[Record, Reply], line_bytes: int) -> None:
        if self.hello is None:
            return self._greet(record, line_bytes)
        if isinstance(record, Hello):
            raise ProtocolError("a second hello on one connection")
        if isinstance(record, Reply):
            return self._settle(record.id, record)
        if isinstance(record, Error):
            if record.id is not None:
                return self._settle(record.id, record.exception())
            if record.code in ("busy", "shutting_down"):
                # The daemon turns the whole connection away: that answers everything that was asked.
                self._farewell = ConnectionClosed(f"the daemon has closed the connection: {record.message}")
                self._refuse_all(record.exception())
        if isinstance(record, Source):
            self.sources[record.source] = record
        self._inbox.add(record, line_bytes)

    def _greet(self, record: Union[Record, Reply], line_bytes: int) -> None:
        if isinstance(record, Error):
            raise record.exception()
        if not isinstance(record, Hello):
            raise ProtocolError("the first record is no hello")
        if record.proto != PROTOCOL:
            raise ProtocolError(f"the daemon speaks version {record.proto} of the protocol; this client knows {PROTOCOL}")
        self.hello = record
        self._greetings += 1
        # The first one is read at once by who connects. Later ones tell whoever iterates that this is another connection.
        if self._greetings > 1:
            self._inbox.add(record, line_bytes)

    def _settle(self, number: int, answer: Union[Reply, AuraldError]) -> None:
        if number in self._answers:
            self._answers[number] = answer
        elif not 0 < number <= self._last_id:
            raise ProtocolError(f"an answer to request {number}, which was never made")

    def _refuse_all(self, failure: AuraldError) -> None:
        for number, answer in self._answers.items():
            if answer is None:
                self._answers[number] = failure
