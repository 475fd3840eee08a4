"""The record of what a client had done."""

from __future__ import annotations

from dataclasses import dataclass

from .fields import Fields
from .records import _Shape

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Request(_Shape):
    """What a client had done, to do the same again: it comes to clients that have `request` in `want`, which gets those of all clients.

    Fields that a verb does not have are None. Coordinates are fractions of the frame. `add_mask`, `mask` and `rle` take and give its mask.
    """

    #: The frame on which it took effect; None before the first one. The record comes before that frame's where it took effect with it, else after it.
    seq: int | None
    #: `add_points`, `add_box`, `add_mask`, `remove_object`, `reset`, `set_expression`, or a word of a later version.
    verb: str
    #: The object.
    object_id: int | None
    #: (x, y) of the clicks of `add_points`, and for each 1 where the object is, 0 where it is not.
    points: tuple[Point, ...] | None
    labels: tuple[int, ...] | None
    #: (left, top, right, bottom) of `add_box`; of `add_points` where there is one.
    box: tuple[float, float, float, float] | None
    #: The points given before on the same frame were forgotten.
    clear_old: bool | None
    #: The mask of `add_mask`: COCO's compressed run lengths and (height, width).
    counts: str | None
    size: tuple[int, int] | None
    #: The words of `set_expression`; None there for no words.
    expression: str | None

    @classmethod
    def read(cls, fields: Fields) -> Request:
        """Reads the record."""
        seq = fields.optional(fields.integer, "seq")
        request = fields.inner("request")
        verb = request.text("verb")
        names = _FIELDS.get(verb, ())
        points, labels, box = _clicks(request) if verb == "add_points" else (None, None, None)
        if verb == "add_box":
            box = _box(request)
        mask = request.inner("mask") if "mask" in names else None
        return cls(
            seq, verb, request.integer("object_id") if "object_id" in names else None, points, labels, box,
            # Missing is true, as in a request.
            (request.flag("clear_old") if request.has("clear_old") else True) if "clear_old" in names else None,
            None if mask is None else mask.text("counts"), None if mask is None else mask.size(),
            request.optional(request.text, "expression") if "expression" in names else None,
        )


_FIELDS: dict[str, tuple[str, ...]] = {
    "add_points": ("object_id", "clear_old"),
    "add_box": ("object_id", "clear_old"),
    "add_mask": ("object_id", "mask"),
    "remove_object": ("object_id",),
    "set_expression": ("expression",),
}


def _clicks(request: Fields) -> tuple[tuple[Point, ...], tuple[int, ...], tuple[float, float, float, float] | None]:
    box = _box(request) if request.has("box") else None
    if box is not None and not request.has("points"):
        return (), (), box
    points = request.points("points")
    return points, request.integers("labels", len(points)), box


def _box(request: Fields) -> tuple[float, float, float, float]:
    left, top, right, bottom = request.numbers("box", 4)
    return left, top, right, bottom
