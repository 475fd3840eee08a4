"""From pixels to COCO's compressed run lengths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from . import masks
from .errors import MaskError
from .masks import Mask


def encode(mask: Any) -> dict[str, Any]:
    """A mask as the protocol has it: {"size": [height, width], "counts": string}.

    `mask` is a `Mask`, an array [height, width] of numpy, or rows of numbers or bytes. What is not 0 is inside.
    """
    height, width, columns = _columns(mask)
    return {"size": [height, width], "counts": counts_of(_runs(columns))}


def counts_of(runs: Iterable[int]) -> str:
    """COCO's compressed string of run lengths, outside first."""
    characters = bytearray()
    former: list[int] = []
    for index, run in enumerate(runs):
        # The third run is still stored as it is, only later ones as differences.
        value = run - former[-2] if index > 2 else run
        former = [*former[-1:], run]
        while True:
            group = value & 0x1F
            value >>= 5
            is_last = value == (-1 if group & 0x10 else 0)
            characters.append((group if is_last else group | 0x20) + 48)
            if is_last:
                break
    return characters.decode("ascii")


def _runs(columns: bytes) -> list[int]:
    runs: list[int] = []
    start = 0
    while True:
        end = columns.find(1 - len(runs) % 2, start)
        runs.append((len(columns) if end < 0 else end) - start)
        if end < 0:
            return runs
        start = end


def _columns(mask: Any) -> tuple[int, int, bytes]:
    """Height, width, and a byte for each pixel, 0 or 1, down the columns."""
    numpy: Any = masks.numpy
    if numpy is not None and isinstance(mask, numpy.ndarray):
        if mask.ndim != 2:
            raise MaskError(f"a mask has two dimensions, [height, width]; this one has {mask.ndim}")
        height, width = mask.shape
        masks.check_size(height, width)
        return height, width, (mask != 0).astype(numpy.uint8).T.tobytes()
    if not isinstance(mask, Mask):
        mask = _mask_of_rows(mask)
    return mask.height, mask.width, b"".join(mask.pixels[x :: mask.width] for x in range(mask.width))


def _mask_of_rows(rows: Any) -> Mask:
    try:
        lines: Sequence[bytes] = [bytes(1 if value else 0 for value in row) for row in rows]
    except TypeError:
        raise MaskError("a mask is a Mask, a numpy array [height, width], or rows of numbers") from None
    if not lines:
        raise MaskError("a mask has one row or more")
    if any(len(line) != len(lines[0]) for line in lines):
        raise MaskError("the rows of a mask have one length")
    return Mask(len(lines), len(lines[0]), b"".join(lines))
