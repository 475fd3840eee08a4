"""Masks: COCO's compressed run lengths, and pixels."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from typing import Any

from .errors import MaskError


def _import_numpy() -> Any:
    try:
        return importlib.import_module("numpy")
    except ImportError:
        return None


#: numpy where it is installed. `Mask` takes the place of its arrays where it is not.
numpy = _import_numpy()

#: The longest side of a mask, in pixels.
MAXIMUM_SIDE = 16384


class Mask:
    """A mask without numpy: `mask[y, x]` is whether the pixel is inside.

    `height` and `width` are in pixels; `pixels` has a byte for each, 0 or 1, row after row.
    """

    __slots__ = ("height", "width", "pixels")

    def __init__(self, height: int, width: int, pixels: bytes | bytearray) -> None:
        check_size(height, width)
        if len(pixels) != height * width:
            raise MaskError(f"{len(pixels)} pixels do not fill {height} rows of {width}")
        self.height = height
        self.width = width
        # 1 for whatever is not 0, so that masks can be compared and pixels counted.
        self.pixels = bytes(pixels).translate(_ONES)

    def __getitem__(self, place: tuple[int, int]) -> bool:
        y, x = place
        if not (0 <= y < self.height and 0 <= x < self.width):
            raise IndexError(f"[{y}, {x}] is outside of {self.height} rows of {self.width}")
        return self.pixels[y * self.width + x] != 0

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mask):
            return NotImplemented
        return (self.height, self.width, self.pixels) == (other.height, other.width, other.pixels)

    def __hash__(self) -> int:
        return hash((self.height, self.width, self.pixels))

    def __repr__(self) -> str:
        return f"Mask(height={self.height}, width={self.width}, area={self.area})"

    @property
    def area(self) -> int:
        """The number of pixels inside."""
        return self.pixels.count(1)

    def rows(self) -> Iterator[bytes]:
        """The rows from the top, each of `width` bytes, 0 or 1."""
        for start in range(0, len(self.pixels), self.width):
            yield self.pixels[start : start + self.width]


_ONES = bytes([0]) + bytes([1]) * 255


def decode(size: Sequence[int], counts: str) -> Any:
    """The mask of COCO's compressed run-length string; `size` is (height, width).

    A numpy array of bool, [height, width], or a `Mask` where there is no numpy. It takes a byte for each pixel, however short `counts` is.
    """
    height, width = size
    runs = runs_of(height, width, counts)
    if numpy is None:
        return mask_of(height, width, runs)
    inside = numpy.arange(len(runs)) % 2 == 1
    columns = numpy.repeat(inside, runs).reshape(width, height)
    return numpy.ascontiguousarray(columns.T)


def mask_of(height: int, width: int, runs: Sequence[int]) -> Mask:
    """The mask of runs that go down the columns, outside first, and fill the size."""
    pixels = bytearray(height * width)
    position = 0
    for index, run in enumerate(runs):
        end = position + run
        while index % 2 == 1 and position < end:
            x, y = divmod(position, height)
            length = min(end - position, height - y)
            start = y * width + x
            pixels[start : start + (length - 1) * width + 1 : width] = b"\1" * length
            position += length
        position = end
    return Mask(height, width, pixels)


def runs_of(height: int, width: int, counts: str) -> list[int]:
    """The run lengths in COCO's compressed string: down the columns, outside first. They add up to `height * width`, or it is a `MaskError`."""
    check_size(height, width)
    left = height * width
    runs: list[int] = []
    value = shift = 0
    for offset, character in enumerate(counts):
        code = ord(character) - 48
        if not 0 <= code < 64:
            raise MaskError(f"counts has a character outside ASCII 48…111 at offset {offset}")
        # A difference fits 30 bits, which is six groups. A seventh can only be padding.
        if shift >= 35:
            raise MaskError(f"counts has a run that is too long at offset {offset}")
        value |= (code & 0x1F) << shift
        shift += 5
        if code & 0x20:
            continue
        if code & 0x10:
            value -= 1 << shift
        if len(runs) > 2:
            value += runs[-2]
        if not 0 <= value <= left:
            raise MaskError(f"counts has a run of {value} pixels at offset {offset}, where 0…{left} are left")
        left -= value
        runs.append(value)
        value = shift = 0
    if shift:
        raise MaskError("counts ends in the middle of a run")
    if left:
        raise MaskError(f"counts leaves {left} of {height} × {width} pixels open")
    return runs


def check_size(height: Any, width: Any) -> None:
    """Refuses sizes that no mask has."""
    if not all(isinstance(side, int) and 1 <= side <= MAXIMUM_SIDE for side in (height, width)):
        raise MaskError(f"size must be [height, width] with both sides within 1…{MAXIMUM_SIDE}")
