"""The records that tell of instances, sources and losses, and those of other versions."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import RequestError
from .fields import Fields
from .records import Box, _Shape, read_box


@dataclass(frozen=True, slots=True)
class Instance(_Shape):
    """One of the things that make the sound: a connected part of object 0's mask."""

    #: `begin`, `update` or `end`.
    event: str
    #: Its number, from 1; never used again while the daemon runs.
    instance_id: int
    #: The object of which it is a part, 0.
    object_id: int
    #: The frame; at the end the one that showed it.
    seq: int
    #: When that was taken, nanoseconds on CLOCK_MONOTONIC.
    t_ns: int
    #: (x, y, width, height) in pixels of the mask, area in pixels, run lengths and (height, width); None at the end.
    bbox: Box | None
    area: int | None
    counts: str | None
    size: tuple[int, int] | None
    #: Why it has ended: `lost`, `silent`, `replaced`, `reset` or a word of a later version; None before.
    reason: str | None

    @classmethod
    def read(cls, fields: Fields) -> Instance:
        """Reads the record."""
        event = fields.text("event")
        is_there = event in ("begin", "update")
        return cls(
            event, fields.integer("instance_id"), fields.integer("object_id"), fields.integer("seq"), fields.nanoseconds("t_ns"),
            read_box(fields) if is_there else None, fields.integer("area") if is_there else None,
            fields.text("counts") if is_there else None, fields.size() if is_there else None,
            fields.text("reason") if event == "end" else None,
        )


@dataclass(frozen=True, slots=True)
class Source:
    """The state of a camera, a microphone or a clip. What it has counted since the daemon's start comes with `status` only."""

    #: `camera`, `microphone`, or the path of the clip.
    source: str
    #: `video` or `audio`; an open set.
    kind: str
    #: `opening`, `streaming`, `stalled`, `absent`, `busy`, `denied`, `backoff` or `ended`; an open set.
    state: str
    #: One line for a person: why, and what to do.
    detail: str | None
    #: What the device was set to, for a person.
    mode: str | None
    #: Frames that were passed on, that were broken, that are missing.
    frames: int | None
    corrupt: int | None
    lost: int | None
    #: Samples of one channel that were heard, and that are missing.
    samples: int | None
    missing_samples: int | None
    #: How often samples were lost because they were not fetched in time.
    overruns: int | None
    #: By how many millionths the sound card's clock is faster than CLOCK_MONOTONIC.
    ppm: float | None

    @classmethod
    def read(cls, fields: Fields) -> Source:
        """Reads the record."""
        return cls(
            fields.text("source"), fields.text("kind"), fields.text("state"), fields.optional(fields.text, "detail"),
            fields.optional(fields.text, "mode"), fields.optional(fields.integer, "frames"), fields.optional(fields.integer, "corrupt"),
            fields.optional(fields.integer, "lost"), fields.optional(fields.integer, "samples"), fields.optional(fields.integer, "missing_samples"),
            fields.optional(fields.integer, "overruns"), fields.optional(fields.number, "ppm"),
        )


#: The `reason` of a `Dropped` that this package made itself: a reply was awaited while nobody took the records that came.
NOT_READ = "not_read"


@dataclass(frozen=True, slots=True)
class Dropped:
    """Frames, or records that belong to some, are missing before the next one."""

    #: `seq` of the first and of the last frame of which something is missing (`from` and `to` on the wire).
    first: int
    last: int
    #: How many frames are missing.
    n: int
    #: How many instance records; None where none is.
    instances: int | None
    #: How many `Picture`, `Sound` and `Spectrogram` records; None where none is.
    parts: int | None
    #: `slow_reader`, `not_read`, or a word of a later version.
    reason: str
    #: How many `Request` records; only with the reason `not_read`, as the daemon drops none.
    requests: int | None = None

    @classmethod
    def read(cls, fields: Fields) -> Dropped:
        """Reads the record."""
        return cls(
            fields.integer("from"), fields.integer("to"), fields.integer("n"), fields.optional(fields.integer, "instances"),
            fields.optional(fields.integer, "parts"), fields.text("reason"),
        )


@dataclass(frozen=True, slots=True)
class Error:
    """Something failed that was no request of this client's, or a line was not understood."""

    #: One of the protocol's codes.
    code: str
    #: One line for a person.
    message: str
    #: The request's number; None where the record answers none.
    id: int | None

    @classmethod
    def read(cls, fields: Fields) -> Error:
        """Reads the record."""
        return cls(fields.text("code"), fields.text("message"), fields.optional(fields.integer, "id"))

    def exception(self) -> RequestError:
        """The same to raise."""
        return RequestError.of(self.code, self.message)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A record of a type that this version does not know: pass it over."""

    #: Its type.
    type: str
    #: The line as it came.
    line: bytes
