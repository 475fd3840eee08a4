"""Training samples: pictures, the second of sound that ends with each, and masks."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import mixer
from .compose import compose
from .library import Library
from .mix import SPLITS, Mix
from .packages import cache_folder
from .picture import Renderer
from .scene import Scene
from .timing import STILL, Timing, even

SECONDS = 1.0
"""How much sound a frame has."""


@dataclass(frozen=True)
class Sample:
    """One frame."""

    image: np.ndarray
    """uint8 [size, size, 3]"""
    waveform: np.ndarray
    """float32 [2, 16000], ends when the picture is taken."""
    masks: np.ndarray
    """bool [objects, size, size]: what is visible of each stamp, from back to front."""
    classes: np.ndarray
    """int64 [objects]: class id, -1 for stamps without a sound."""
    sounding: np.ndarray
    """bool [objects]"""

    @property
    def truth(self) -> np.ndarray:
        """Visible pixels of what sounds, bool [size, size]."""
        return self.masks[self.sounding].any(axis=0)


@dataclass(frozen=True)
class Clip:
    """Some frames of one scene: `Sample`'s arrays with the frame as the first dimension, but for `classes`."""

    images: np.ndarray
    """uint8 [frames, size, size, 3]"""
    waveforms: np.ndarray
    """float32 [frames, 2, 16000]"""
    masks: np.ndarray
    """bool [frames, objects, size, size]"""
    classes: np.ndarray
    """int64 [objects]"""
    sounding: np.ndarray
    """bool [frames, objects]"""
    times: np.ndarray
    """float64 [frames], seconds"""

    @property
    def truth(self) -> np.ndarray:
        """Visible pixels of what sounds, bool [frames, size, size]."""
        return (self.masks & self.sounding[:, :, None, None]).any(axis=1)


class Sampler:
    """Draws samples of a split by number: the same sample for the same number, in any order and any process."""

    def __init__(self, library: Library, split: str = "train", mix: Mix | None = None):
        self.library, self.split, self.mix = library, split, mix or SPLITS[split]

    @classmethod
    def from_cache(cls, split: str = "train", mix: Mix | None = None, cache: str | None = None) -> "Sampler":
        """A sampler of what `tools/stamps fetch` has left in the cache."""
        return cls(Library.load(decoded_folder(cache_folder(cache))), split, mix)

    def scene(self, seed: int, timing: Timing = STILL) -> Scene:
        """What is drawn, as numbers."""
        return compose(self.library, self.split, seed, timing, self.mix)

    def sample(self, seed: int, size: int) -> Sample:
        """A single frame."""
        scene = self.scene(seed)
        image, masks = Renderer(self.library, scene, size, size).frame(0.0)
        return Sample(image, mixer.sound(self.library, scene, -SECONDS, 0.0), masks, self.classes(scene),
                      np.array([actor.sounds(0.0) for actor in scene.actors], bool))

    def clip(self, seed: int, size: int, frames: int, fps: float) -> Clip:
        """Frames of a scene in motion, `fps` of them a second."""
        timing = even(frames, fps)
        return clip_of(self.library, self.scene(seed, timing), timing.frames, size, size)

    def classes(self, scene: Scene) -> np.ndarray:
        """The actors' class ids, int64."""
        return _classes(self.library, scene)


def clip_of(library: Library, scene: Scene, times: tuple[float, ...], width: int, height: int) -> Clip:
    """The frames of a scene at these times."""
    renderer = Renderer(library, scene, width, height)
    frames = [renderer.frame(t) for t in times]
    return Clip(
        np.stack([image for image, _ in frames]), np.stack([mixer.sound(library, scene, t - SECONDS, t) for t in times]),
        np.stack([masks for _, masks in frames]), _classes(library, scene),
        np.array([[actor.sounds(t) for actor in scene.actors] for t in times], bool), np.array(times),
    )


def decoded_folder(cache: Path) -> Path:
    """Where in the cache the decoded data lies."""
    return cache / "decoded"


def _classes(library: Library, scene: Scene) -> np.ndarray:
    return np.array([library.catalogue.stamps[actor.stamp].class_id for actor in scene.actors], np.int64)
