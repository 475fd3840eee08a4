"""The answers to requests, and how a line becomes a record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Union

from .events import Dropped, Error, Instance, Source, Unknown
from .fields import Fields, parse_line
from .parts import Picture, Sound, Spectrogram
from .records import Frame, Hello, Object
from .requests import Request


@dataclass(frozen=True, slots=True)
class Status:
    """How the daemon is."""

    #: The daemon's version.
    version: str
    #: Seconds since its start.
    uptime_s: float
    #: The sources, with what devices have counted.
    sources: tuple[Source, ...]
    #: Network and image size, and engine with threads and precision; both for a person.
    model: str
    engine: str
    #: Sound chooses a mask; None where an older daemon does not say.
    hears: bool | None
    #: Words say which sound is meant; None where an older daemon does not say.
    takes_words: bool | None
    #: The frame published last: its number, and its time in nanoseconds on CLOCK_MONOTONIC. None where there is none.
    seq: int | None
    t_ns: int | None
    #: Frames that were taken since the start.
    frames: int
    #: Frames that were not looked at, because a newer one came first.
    frames_dropped: int
    #: Frames a second over the last 256 frames.
    fps: float
    #: Median and 99th percentile of the latency over these, in milliseconds.
    latency_p50_ms: float | None
    latency_p99_ms: float | None
    #: Numbers of the objects that are followed.
    objects: tuple[int, ...]
    #: Clients that are connected.
    clients: int

    @classmethod
    def read(cls, fields: Fields) -> Status:
        """Reads the record."""
        return cls(
            fields.text("version"), fields.number("uptime_s"), tuple(Source.read(each) for each in fields.objects("sources")),
            fields.text("model"), fields.text("engine"), fields.optional(fields.flag, "hears"),
            fields.optional(fields.flag, "takes_words"), fields.optional(fields.integer, "seq"), fields.optional(fields.nanoseconds, "t_ns"),
            fields.integer("frames"), fields.integer("frames_dropped"), fields.number("fps"), fields.optional(fields.number, "latency_p50_ms"),
            fields.optional(fields.number, "latency_p99_ms"), fields.integers("objects"),
            fields.integer("clients"),
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """A request was done."""

    #: The request's number, and its verb.
    id: int
    verb: str
    #: Prompts: the frame on which it took effect. `remove_object`, `reset`, `set_expression`: the last frame published before it.
    seq: int | None
    #: Prompts: the object as it is now on that frame.
    object: Object | None
    #: The answer to `status`.
    status: Status | None

    @classmethod
    def read(cls, fields: Fields) -> Reply:
        """Reads the record."""
        # `ok` is always true. Without `id` it cannot be ours: every request of this package has one.
        return cls(
            fields.integer("id"), fields.text("verb"), fields.optional(fields.integer, "seq"),
            Object.read(fields.inner("object")) if fields.has("object") else None,
            Status.read(fields.inner("status")) if fields.has("status") else None,
        )


#: What iterating over a client gives. Replies are not among them.
Record = Union[Hello, Frame, Instance, Picture, Sound, Spectrogram, Request, Source, Dropped, Error, Unknown]

_READERS: dict[str, Callable[[Fields], Any]] = {
    "hello": Hello.read,
    "frame": Frame.read,
    "instance": Instance.read,
    "picture": Picture.read,
    "sound": Sound.read,
    "spectrogram": Spectrogram.read,
    "request": Request.read,
    "source": Source.read,
    "dropped": Dropped.read,
    "error": Error.read,
    "reply": Reply.read,
}


def read_record(line: bytes) -> Union[Record, Reply]:
    """The record in one line, without its line feed. Raises `ProtocolError` where it is none. Lines of `aurald track` are records too."""
    values = parse_line(line)
    kind = Fields(values, "record").text("type")
    reader = _READERS.get(kind)
    return Unknown(kind, line) if reader is None else reader(Fields(values, kind))
