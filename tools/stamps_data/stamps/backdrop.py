"""Backgrounds: photographs, and what can be drawn."""

import cv2
import numpy as np

from .library import Library
from .scene import Backdrop

MARGIN = 1.3
"""How much larger than the picture the canvas is, so that it can move."""


def canvas(library: Library, backdrop: Backdrop, width: int, height: int) -> np.ndarray:
    """What the picture moves over, uint8 [round(height · MARGIN), round(width · MARGIN), 3]."""
    generator = np.random.Generator(np.random.PCG64(backdrop.seed))
    size = round(width * MARGIN), round(height * MARGIN)
    return _KINDS[backdrop.kind](library, backdrop, generator, size)


def _photo(library: Library, backdrop: Backdrop, generator: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    """A part of it, of at least two fifths of its shorter side, sometimes mirrored or upside down."""
    levels = library.scenery[backdrop.photo]
    height, width = levels[0].shape[:2]
    factor = generator.uniform(0.4, 1.0) * min(width / size[0], height / size[1])
    crop_width, crop_height = size[0] * factor, size[1] * factor
    left, top = generator.uniform(0, width - crop_width), generator.uniform(0, height - crop_height)
    level = min(max(0, int(np.log2(max(factor, 1.0)))), len(levels) - 1)
    picture = levels[level]
    scale = factor * picture.shape[1] / width
    matrix = np.array([[scale, 0, left * picture.shape[1] / width], [0, scale, top * picture.shape[0] / height]])
    result = cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REFLECT_101)
    flip = int(generator.integers(0, 6))
    return cv2.flip(result, flip - 1) if flip < 3 else result


def _plain(library: Library, backdrop: Backdrop, generator: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    return np.broadcast_to(_colours(generator, 1)[0].astype(np.uint8), (size[1], size[0], 3)).copy()


def _gradient(library: Library, backdrop: Backdrop, generator: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    """Four corners."""
    corners = _colours(generator, 4).reshape(2, 2, 3)
    return _enlarged(corners, size, cv2.INTER_LINEAR)


def _texture(library: Library, backdrop: Backdrop, generator: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    """Noise at two scales, between two colours or in all of them."""
    coarse = int(2 ** generator.uniform(1, 5))
    fine = int(2 ** generator.uniform(4, 7.5))
    base = _enlarged(_around(generator, coarse, generator.uniform(20, 70)), size, cv2.INTER_CUBIC)
    detail = generator.normal(0, generator.uniform(5, 45), (fine, fine, 1 if generator.random() < 0.5 else 3)).astype(np.float32)
    if detail.shape[2] == 1:
        detail = np.repeat(detail, 3, axis=2)
    overlay = cv2.resize(detail, size, interpolation=cv2.INTER_NEAREST if generator.random() < 0.3 else cv2.INTER_LINEAR)
    return cv2.add(base, overlay, dtype=cv2.CV_8U)


def _shapes(library: Library, backdrop: Backdrop, generator: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    """Discs, boxes and lines of all sizes: edges that belong to nothing that sounds."""
    result = _gradient(library, backdrop, generator, size)
    longest = max(size)
    for colour in _colours(generator, int(generator.integers(4, 30))):
        kind, fill = generator.integers(0, 3), tuple(float(value) for value in colour)
        x, y = (int(generator.integers(0, side)) for side in size)
        extent = int(longest * 2 ** generator.uniform(-6, -1.5))
        if kind == 0:
            cv2.circle(result, (x, y), extent, fill, cv2.FILLED, cv2.LINE_AA)
        elif kind == 1:
            box = cv2.boxPoints(((x, y), (extent * 2, extent * generator.uniform(0.3, 2)), generator.uniform(0, 90)))
            cv2.fillConvexPoly(result, np.round(box).astype(np.int32), fill, cv2.LINE_AA)
        else:
            angle = generator.uniform(0, np.pi)
            end = int(x + 4 * extent * np.cos(angle)), int(y + 4 * extent * np.sin(angle))
            cv2.line(result, (x, y), end, fill, max(1, extent // 12), cv2.LINE_AA)
    return result


def _colours(generator: np.random.Generator, count: int) -> np.ndarray:
    """Any colour, half of the time near grey, as rooms are; float32 [count, 3]."""
    colours = generator.uniform(0, 255, (count, 3))
    if generator.random() < 0.5:
        colours = colours.mean(axis=1, keepdims=True) + 0.25 * (colours - colours.mean(axis=1, keepdims=True))
    return colours.astype(np.float32)


def _around(generator: np.random.Generator, cells: int, deviation: float) -> np.ndarray:
    return _colours(generator, 1) + generator.normal(0, deviation, (cells, cells, 3)).astype(np.float32)


def _enlarged(values: np.ndarray, size: tuple[int, int], interpolation: int) -> np.ndarray:
    return np.clip(cv2.resize(values.astype(np.float32), size, interpolation=interpolation), 0, 255).astype(np.uint8)


_KINDS = {"photo": _photo, "plain": _plain, "gradient": _gradient, "texture": _texture, "shapes": _shapes}
