"""The requests' fields. What the daemon refuses is left to it: its messages name the field and say what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Union

from .encoding import encode
from .events import Instance
from .records import Object
from .requests import Request

Point = Sequence[float]


def add_points(
    object_id: int, points: Iterable[Point], labels: Union[Iterable[int], None], box: Union[Sequence[float], None],
    seq: Union[int, None], clear_old: bool,
) -> dict[str, Any]:
    """Clicks on an object, after an optional box."""
    clicks = [_numbers(point) for point in points]
    fields: dict[str, Any] = {"verb": "add_points", "object_id": int(object_id), "points": clicks}
    fields["labels"] = [1] * len(clicks) if labels is None else [int(label) for label in labels]
    if box is not None:
        fields["box"] = _numbers(box)
    if not clear_old:
        fields["clear_old"] = False
    return _at(fields, seq)


def add_box(object_id: int, box: Sequence[float], seq: Union[int, None]) -> dict[str, Any]:
    """A box around an object."""
    return _at({"verb": "add_box", "object_id": int(object_id), "box": _numbers(box)}, seq)


def add_mask(object_id: int, mask: Any, seq: Union[int, None]) -> dict[str, Any]:
    """An object's mask."""
    if isinstance(mask, (Object, Instance, Request)):
        rle = mask.rle()
    else:
        rle = mask if isinstance(mask, dict) else encode(mask)
    return _at({"verb": "add_mask", "object_id": int(object_id), "mask": rle}, seq)


def remove_object(object_id: int) -> dict[str, Any]:
    """Forget an object."""
    return {"verb": "remove_object", "object_id": int(object_id)}


def set_expression(expression: Union[str, None]) -> dict[str, Any]:
    """Words for the sound that is meant."""
    return {"verb": "set_expression", "expression": expression}


def subscribe(policy: Union[str, None], want: Union[Iterable[str], None]) -> dict[str, Any]:
    """What this client gets. What is None stays as it is."""
    fields: dict[str, Any] = {"verb": "subscribe"}
    if policy is not None:
        fields["policy"] = policy
    if want is not None:
        fields["want"] = list(want)
    return fields


def _numbers(values: Sequence[float]) -> list[float]:
    # numpy's numbers are none to the JSON writer.
    return [float(value) for value in values]


def _at(fields: dict[str, Any], seq: Union[int, None]) -> dict[str, Any]:
    return fields if seq is None else {**fields, "seq": int(seq)}
