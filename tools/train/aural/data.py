"""Stamps as batches: pictures, sound and labels, made as they are asked for, each from its own seed."""

from typing import Any

import numpy as np
import torch
from stamps import mixer
from stamps.sampler import SECONDS, Sampler
from torch import Tensor
from torch.utils.data import Dataset

from . import logmel
from .clicks import clicks

CELL = 16  # pixels: the coarsest map's stride


def spectrogram(wave: np.ndarray) -> np.ndarray:
    """The last second of sound [2, samples] as VGGish takes it, float32 [2, 96, 64]: the newest column ends with the sound."""
    needed = logmel.WINDOW + (logmel.EXAMPLE - 1) * logmel.HOP
    return np.stack([logmel.log_mel(channel[-needed:]) for channel in wave]).astype(np.float32)


def cover(masks: np.ndarray) -> np.ndarray:
    """How much of each cell the masks [n, size, size] cover, float32 [n, cells]."""
    grid = masks.shape[-1] // CELL
    return masks.reshape(len(masks), grid, CELL, grid, CELL).mean((2, 4), dtype=np.float32).reshape(len(masks), -1)


class Stamps(Dataset[dict[str, Tensor]]):
    """Single frames. `first` and `count` number the samples, so that a run that goes on does not see the same ones again.

    `known` are the classes that training knows: ids from 0. What makes no sound, or is unknown, is class `known`, the background is
    `known + 1`.
    """

    def __init__(self, sampler: Sampler, size: int, first: int, count: int, known: int) -> None:
        self.sampler, self.size, self.first, self.count, self.known = sampler, size, first, count, known

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        sample = self.sampler.sample(self.first + index, self.size)
        rng = np.random.default_rng(self.first + index)
        return self.item(sample.image, sample.waveform, sample.masks, sample.classes, sample.sounding, rng)

    def item(
        self, image: np.ndarray, wave: np.ndarray, masks: np.ndarray, classes: np.ndarray, sounding: np.ndarray, rng: np.random.Generator,
        chosen: int | None = None,
    ) -> dict[str, Tensor]:
        """A frame's tensors; `chosen` is the object that is pointed at, if not any."""
        truth = masks[sounding].any(0)
        share = cover(masks)
        ids = np.where((classes >= 0) & (classes < self.known), classes, self.known)
        # The background counts as one more object of what is left.
        shares = np.concatenate([share, 1 - share.sum(0, keepdims=True)])
        labels = np.append(ids, self.known + 1)[shares.argmax(0)]
        chosen = choice(masks, sounding, rng) if chosen is None else chosen
        pointed = masks[chosen] if chosen >= 0 else np.zeros_like(truth)
        points, point_labels = clicks(pointed, rng)
        return {
            "image": torch.from_numpy(image), "log_mel": torch.from_numpy(spectrogram(wave)), "target": torch.from_numpy(self._half(truth)),
            "truth": torch.from_numpy(truth), "cover": torch.from_numpy(share[sounding].sum(0)), "labels": torch.from_numpy(labels),
            "heard": torch.from_numpy(heard(classes[sounding], self.known)), "points": torch.from_numpy(points), "point_labels": torch.from_numpy(point_labels),
            "pointed": torch.from_numpy(self._half(pointed)), "is_of_sound": torch.tensor(bool((pointed & truth).any())),
        }

    def _half(self, mask: np.ndarray) -> np.ndarray:
        return mask.reshape(self.size // 2, 2, self.size // 2, 2).mean((1, 3)) >= 0.5


def choice(masks: np.ndarray, sounding: np.ndarray, rng: np.random.Generator) -> int:
    """The object that is pointed at, one that sounds more often than one that does not; -1 where none can be seen."""
    visible = masks.any((1, 2))
    those = np.flatnonzero(visible & sounding if rng.random() < 0.6 and (visible & sounding).any() else visible)
    return int(rng.choice(those)) if len(those) else -1


class Sounds(Dataset[dict[str, Tensor]]):
    """Sound alone: no picture is drawn, so that many more mixtures are heard in the same time."""

    def __init__(self, sampler: Sampler, first: int, count: int, known: int) -> None:
        self.sampler, self.first, self.count, self.known = sampler, first, count, known

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        scene = self.sampler.scene(self.first + index)
        classes, sounding = self.sampler.classes(scene), [actor.sounds(0.0) for actor in scene.actors]
        wave = mixer.sound(self.sampler.library, scene, -SECONDS, 0.0)
        return {"log_mel": torch.from_numpy(spectrogram(wave)), "heard": torch.from_numpy(heard(classes[sounding], self.known))}


def heard(classes: np.ndarray, known: int) -> np.ndarray:
    """Which of the known classes are there, float32 [known], 0 or 1."""
    result = np.zeros(known, np.float32)
    result[[each for each in classes if 0 <= each < known]] = 1
    return result


class Clips(Dataset[dict[str, Tensor]]):
    """Clips of several frames: the tensors of `Stamps` with the frame as first dimension."""

    def __init__(self, frames: Stamps, length: int, rates: tuple[float, ...]) -> None:
        self.frames, self.length, self.rates = frames, length, rates

    def __len__(self) -> int:
        return self.frames.count

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        stamps = self.frames
        seed = stamps.first + index
        clip = stamps.sampler.clip(seed, stamps.size, self.length, self.rates[seed % len(self.rates)])
        chosen = choice(clip.masks[0], clip.sounding[0], np.random.default_rng(seed))
        items: list[dict[str, Any]] = [
            stamps.item(
                clip.images[t], clip.waveforms[t], clip.masks[t], clip.classes, clip.sounding[t], np.random.default_rng((seed, t)), chosen)
            for t in range(self.length)]
        return {key: torch.stack([item[key] for item in items]) for key in items[0]}
