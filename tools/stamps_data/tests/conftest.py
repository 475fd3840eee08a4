"""A small library made here: the tests need no Debian package."""

import cv2
import numpy as np
import pytest
from stamps import catalogue, recording
from stamps.library import Background, Library, pyramid

SOUNDING = [
    "animals/badger", "animals/beaver", "animals/bull", "animals/cow", "animals/cow_white", "animals/dog", "animals/duck", "animals/goat",
    "animals/horse", "animals/lion", "animals/ram", "music/violin", "tools/kettle", "tools/saw",
]
SHARED = {"animals/beaver": "animals/badger", "animals/ram": "animals/goat"}
SILENT = ["animals/frog-1", "animals/duck_left", "food/apple", "food/bread", "symbols/a", "symbols/b", "town/house"]


def stamp_picture(generator: np.random.Generator) -> np.ndarray:
    """A disc with a soft edge in a colour of its own, premultiplied."""
    side = int(generator.integers(60, 120))
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    alpha = np.clip(side / 2 - np.hypot(x, y), 0, 1)
    picture = np.dstack([alpha[:, :, None] * generator.integers(30, 255, 3), alpha * 255])
    return np.round(picture).astype(np.uint8)


@pytest.fixture(scope="session")
def library() -> Library:
    """Fourteen sounding stamps, four of them of the unseen ten, seven silent ones and six backgrounds."""
    generator = np.random.default_rng(5)
    groups = {key: SOUNDING.index(SHARED.get(key, key)) for key in SOUNDING}
    stamps = catalogue.build(SOUNDING + SILENT, groups, {"animals/cow": "A cow."}, {})
    tones = {}
    for stamp in stamps.by_class():
        time = np.arange(recording.SAMPLE_RATE // 2 + 997 * stamp.group) / recording.SAMPLE_RATE
        tones[stamp.class_id] = recording.prepare(0.2 * np.sin(2 * np.pi * (300 + 170 * stamp.group) * time))
    backgrounds = [Background(f"b{number}.png", number >= 4) for number in range(6)]
    scenery = [pyramid(cv2.resize(generator.integers(0, 255, (5, 6, 3), np.uint8), (320, 300)), stop=128) for _ in backgrounds]
    return Library(
        stamps, [pyramid(stamp_picture(generator)) for _ in stamps.stamps], {number: tone.samples for number, tone in tones.items()},
        {number: tone.gain_db for number, tone in tones.items()}, backgrounds, scenery,
    )
