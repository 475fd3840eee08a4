"""The records that the daemon sends on its own. Fields that are not known here are passed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import masks
from .errors import MaskError
from .fields import Fields

Box = tuple[int, int, int, int]


class _Shape:
    """What has a mask: `counts` and `size`."""

    __slots__ = ()

    def mask(self) -> Any:
        """The pixels: a numpy array of bool, [height, width]; where there is no numpy, a `Mask`.

        Raises `MaskError` where the run lengths do not fill the size. Takes a byte for each pixel of `size`.
        """
        rle = self.rle()
        return masks.decode(rle["size"], rle["counts"])

    def rle(self) -> dict[str, Any]:
        """{"size": [height, width], "counts": string}, as pycocotools and `add_mask` take it."""
        size, counts = getattr(self, "size"), getattr(self, "counts")
        if size is None or counts is None:
            raise MaskError("this record has no mask")
        return {"size": list(size), "counts": counts}


@dataclass(frozen=True, slots=True)
class Hello:
    """The first record of a connection."""

    #: The protocol's version, 1.
    proto: int
    #: The daemon's version.
    version: str
    #: The kernel's boot id; times of two boots cannot be compared.
    boot_id: str
    #: CLOCK_MONOTONIC and the wall clock at one moment, in nanoseconds.
    mono_ns: int
    wall_ns: int
    #: `latest`, `disconnect` or `sample=N`: what happens when this client is slow.
    policy: str
    #: Which records this client gets.
    want: tuple[str, ...]
    #: The name of the pictures' source.
    source: str
    #: (height, width) of the frames in pixels; None until there has been one.
    size: tuple[int, int] | None

    @classmethod
    def read(cls, fields: Fields) -> Hello:
        """Reads the record."""
        return cls(
            fields.integer("proto"), fields.text("version"), fields.text("boot_id"), fields.nanoseconds("mono_ns"),
            fields.nanoseconds("wall_ns"), fields.text("policy"), fields.texts("want"), fields.text("source"),
            fields.optional(fields.size, "size"),
        )


@dataclass(frozen=True, slots=True)
class Object(_Shape):
    """One object on one frame, with its mask."""

    #: The client's number for it; 0 is the sounding object.
    object_id: int
    #: `prompt`: a client pointed at it. `sounding`: it makes the sound that is heard.
    kind: str
    #: The probability that it is in the picture, 0…1.
    score: float
    #: How good its mask is believed to be, 0…1.
    iou: float
    #: (x, y, width, height) in pixels of the mask; zeros where it is empty.
    bbox: Box
    #: Pixels of the mask that are inside.
    area: int
    #: COCO's compressed run lengths.
    counts: str
    #: (height, width) of the mask in pixels; it stands for the whole frame.
    size: tuple[int, int]

    @classmethod
    def read(cls, fields: Fields) -> Object:
        """Reads the record."""
        return cls(
            fields.integer("object_id"), fields.text("kind"), fields.number("score"), fields.number("iou"), read_box(fields),
            fields.integer("area"), fields.text("counts"), fields.size(),
        )


@dataclass(frozen=True, slots=True)
class Audio:
    """The second of sound that ends at a frame."""

    #: Its level in decibels relative to full scale; −120 is silence.
    rms_dbfs: float
    #: Something is heard.
    sounding: bool
    #: So many milliseconds before the frame the sound ends; None where it reaches it.
    late_ms: float | None
    #: So many milliseconds of the second are missing; None where none are.
    missing_ms: float | None

    @classmethod
    def read(cls, fields: Fields) -> Audio:
        """Reads the record."""
        return cls(
            fields.number("rms_dbfs"), fields.flag("sounding"), fields.optional(fields.number, "late_ms"),
            fields.optional(fields.number, "missing_ms"),
        )


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame with its masks."""

    #: The frame's number at its source, from 0. A gap means frames that were not looked at.
    seq: int
    #: When it was taken, nanoseconds on CLOCK_MONOTONIC.
    t_ns: int
    #: What `t_ns` is: `arrival`, `replay`, or None for the driver's own stamp.
    ts_src: str | None
    #: From `t_ns` to the moment the masks were ready, in milliseconds.
    latency_ms: float
    #: (height, width) of the frame in pixels.
    size: tuple[int, int]
    #: Every object that is followed, in the order of their numbers.
    objects: tuple[Object, ...]
    #: What was heard; None before anything was.
    audio: Audio | None

    @classmethod
    def read(cls, fields: Fields) -> Frame:
        """Reads the record."""
        return cls(
            fields.integer("seq"), fields.nanoseconds("t_ns"), fields.optional(fields.text, "ts_src"),
            fields.number("latency_ms"), fields.size(), tuple(Object.read(each) for each in fields.objects("objects")),
            Audio.read(fields.inner("audio")) if fields.has("audio") else None,
        )


def read_box(fields: Fields) -> Box:
    """`bbox` as (x, y, width, height)."""
    x, y, width, height = fields.integers("bbox", 4)
    return x, y, width, height
