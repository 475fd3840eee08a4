"""The clip that all peers get: drawn, so that nothing has to be fetched, and the same everywhere."""

from pathlib import Path

import numpy as np
from PIL import Image

HEIGHT, WIDTH = 480, 640
#: Around the ellipse of the first frame, as fractions: left, top, right, bottom.
BOX = (0.2, 0.3, 0.4, 0.6)


def picture(index: int) -> np.ndarray:
    """Frame `index`: an ellipse with a pattern that goes to the right over another pattern, uint8 [height, width, 3]."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float64)
    ground = np.stack([90 + 60 * np.sin(x / 41 + y / 67), 100 + 50 * np.sin(y / 29), 80 + 40 * np.cos(x / 53 - y / 31)], axis=-1)
    left, top, right, bottom = BOX
    step = 2 * index
    centre = ((left + right) / 2 * WIDTH + step % 256, (top + bottom) / 2 * HEIGHT)
    inside = ((x - centre[0]) / ((right - left) / 2 * WIDTH)) ** 2 + ((y - centre[1]) / ((bottom - top) / 2 * HEIGHT)) ** 2 < 1
    thing = np.stack([200 + 40 * np.sin((x - step) / 9), 120 + 60 * np.cos(y / 7), 60 + 0 * x], axis=-1)
    return np.where(inside[..., None], thing, ground).clip(0, 255).astype(np.uint8)


def write(folder: Path, count: int) -> None:
    """Writes `count` frames as JPEG, named as the official loader wants them."""
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(count):
        path = folder / f"{index:05}.jpg"
        if not path.exists():
            Image.fromarray(picture(index)).save(path, quality=95)
