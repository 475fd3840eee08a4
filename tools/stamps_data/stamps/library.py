"""Pictures, recordings and backgrounds in memory-mapped files, so that every data worker shares one copy."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np

from .catalogue import Catalogue, Stamp

VERSION = 1
"""Of the files' layout and of how their contents are made."""
STAMP_SIDE = 256
"""The longest side that a stamp is kept at."""
BACKGROUND_SIDE = 480
"""The short side that a background is kept at."""
_FILES = ("pictures", "sounds", "backgrounds")


@dataclass(frozen=True)
class Background:
    """A background picture."""

    name: str
    validation: bool
    """Whether it belongs to the validation splits; otherwise to training."""


class LibraryError(Exception):
    """A cache that cannot be read."""


class Library:
    """All that clips are made of. Arrays are views of the files and must not be written to."""

    def __init__(self, catalogue: Catalogue, pictures: list[list[np.ndarray]], sounds: dict[int, np.ndarray], gains: dict[int, float],
                 backgrounds: list[Background], scenery: list[list[np.ndarray]]):
        self.catalogue = catalogue
        self.pictures = pictures
        """For each stamp its picture, and halves of it, uint8 [h, w, 4], RGB times alpha and alpha."""
        self.sounds = sounds
        """For each class its recording, float32 [n]."""
        self.gains = gains
        """For each class what its recording was raised by, in dB."""
        self.backgrounds = backgrounds
        self.scenery = scenery
        """For each background its picture, and halves of it, uint8 [h, w, 3]."""

    def save(self, folder: Path) -> None:
        """Writes the files of a cache."""
        folder.mkdir(parents=True, exist_ok=True)
        pictures, picture_index = _pack([level for levels in self.pictures for level in levels])
        scenery, scenery_index = _pack([level for levels in self.scenery for level in levels])
        classes = sorted(self.sounds)
        sounds, sound_index = _pack([self.sounds[number] for number in classes])
        for name, values in zip(_FILES, (pictures, sounds, scenery)):
            part = folder / f"{name}.part.npy"
            np.save(part, values)
            # Who has the old file mapped keeps it.
            part.replace(folder / f"{name}.npy")
        index = {
            "version": VERSION,
            "stamps": [asdict(stamp) for stamp in self.catalogue.stamps], "excluded": self.catalogue.excluded,
            "pictures": picture_index, "levels": [len(levels) for levels in self.pictures],
            "classes": classes, "sounds": sound_index, "gains": [self.gains[number] for number in classes],
            "backgrounds": [asdict(background) for background in self.backgrounds],
            "scenery": scenery_index, "scenery_levels": [len(levels) for levels in self.scenery],
        }
        # Last, so that a cache that was interrupted is not taken for a whole one.
        (folder / "index.json").write_text(json.dumps(index))

    @classmethod
    def load(cls, folder: Path) -> "Library":
        """Maps the files of a cache. Raises LibraryError where there is none of this version."""
        try:
            index = json.loads((folder / "index.json").read_text())
        except FileNotFoundError:
            raise LibraryError(f"{folder}: nothing decoded here yet; run `tools/stamps fetch`") from None
        if index["version"] != VERSION:
            raise LibraryError(f"{folder}: has version {index['version']}, this needs {VERSION}; run `tools/stamps fetch`")
        pictures, sounds, scenery = (np.load(folder / f"{name}.npy", mmap_mode="r") for name in _FILES)
        classes = index["classes"]
        return cls(
            Catalogue(tuple(Stamp(**stamp) for stamp in index["stamps"]), index["excluded"]),
            _levels(_unpack(pictures, index["pictures"]), index["levels"]),
            dict(zip(classes, _unpack(sounds, index["sounds"]))), dict(zip(classes, index["gains"])),
            [Background(**background) for background in index["backgrounds"]],
            _levels(_unpack(scenery, index["scenery"]), index["scenery_levels"]),
        )


def pyramid(picture: np.ndarray, longest: int | None = None, shortest: int | None = None, stop: int = 24) -> list[np.ndarray]:
    """The picture within a size, and halves of it down to `stop` pixels: shrinking by more than two would alias."""
    height, width = picture.shape[:2]
    factor = min(1.0, longest / max(height, width) if longest else 1.0, shortest / min(height, width) if shortest else 1.0)
    levels = [_resize(picture, round(width * factor), round(height * factor))]
    while max(levels[-1].shape[:2]) >= 2 * stop:
        height, width = levels[-1].shape[:2]
        levels.append(_resize(levels[-1], (width + 1) // 2, (height + 1) // 2))
    return levels


def _resize(picture: np.ndarray, width: int, height: int) -> np.ndarray:
    if picture.shape[:2] == (height, width):
        return np.ascontiguousarray(picture)
    return cv2.resize(picture, (max(1, width), max(1, height)), interpolation=cv2.INTER_AREA)


def _pack(arrays: list[np.ndarray]) -> tuple[np.ndarray, list]:
    """All arrays in one, and where each begins with its shape."""
    index, start = [], 0
    for array in arrays:
        index.append([start, list(array.shape)])
        start += array.size
    return np.concatenate([array.ravel() for array in arrays]) if arrays else np.empty(0, np.uint8), index


def _unpack(values: np.ndarray, index: list) -> list[np.ndarray]:
    plain = np.asarray(values)
    return [plain[start:start + int(np.prod(shape))].reshape(shape) for start, shape in index]


def _levels(arrays: list[np.ndarray], counts: list[int]) -> list[list[np.ndarray]]:
    result, start = [], 0
    for count in counts:
        result.append(arrays[start:start + count])
        start += count
    return result
