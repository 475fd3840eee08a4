"""Figures that AVSBench does not have: who is followed when the sound changes, what is found in silence, how steady masks are."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from .mix import is_swap

RIGHT, WRONG = 0.5, 0.2
"""A swap succeeds where the overlap with what sounds is above RIGHT and that with the other stamp under WRONG, in both clips."""


@dataclass(frozen=True)
class ClipMasks:
    """A clip's frames: the masks that were found, and what was there."""

    found: np.ndarray
    """bool [frames, height, width]"""
    truth: np.ndarray
    """bool [frames, height, width]: what sounds."""


def overlap(left: np.ndarray, right: np.ndarray) -> float:
    """Intersection over union; 1 where both are empty."""
    either = int((left | right).sum())
    return int((left & right).sum()) / either if either else 1.0


def figures(root: Path, masks: Path) -> dict[str, dict[str, float]]:
    """The figures of each split of a folder that `make` wrote; `masks` is what `aurald evaluate --masks` left.

    Raises ValueError where a clip or its masks are missing.
    """
    with (root / "metadata.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    result: dict[str, dict[str, float]] = {}
    for split in dict.fromkeys(row["split"] for row in rows):
        names = [f"{row['label']}/{row['uid']}" for row in rows if row["split"] == split]
        clips = [_read(root / name, masks / name) for name in names]
        one: dict[str, float] = {"clips": len(clips)}
        if split == "silent":
            one["false_positive_share"] = float(np.mean([clip.found.mean() for clip in clips]))
        else:
            values = [overlap(found, truth) for clip in clips for found, truth in zip(clip.found, clip.truth) if truth.any()]
            one["mean_overlap"] = float(np.mean(values))
            one["steadiness"] = _steadiness([clip.found for clip in clips])
            one["steadiness_of_truth"] = _steadiness([clip.truth for clip in clips])
        if is_swap(split):
            outcomes = [outcome for first, second in _pairs(root, names, clips) for outcome in _swaps(first, second)]
            one["swap_success"] = float(np.mean(outcomes))
        result[split] = one
    return result


def _read(clip: Path, masks: Path) -> ClipMasks:
    frames = json.loads((clip / "clip.json").read_text())["frames"]
    found, truth = [], []
    for number, frame in enumerate(frames):
        truth.append(grey(clip / "labels_rgb" / frame["file"]) > 0)
        mask = grey(masks / f"mask_{number}.png") > 127
        if mask.shape != truth[-1].shape:
            raise ValueError(f"{masks}: masks of {mask.shape[1]}x{mask.shape[0]} pixels; make clips of the model's own size")
        found.append(mask)
    return ClipMasks(np.stack(found), np.stack(truth))


def grey(path: Path) -> np.ndarray:
    """A picture in grey, uint8 [height, width]. Raises ValueError where there is none."""
    image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if image is None:
        raise ValueError(f"{path}: missing or no picture")
    return image


def _pairs(root: Path, names: list[str], clips: list[ClipMasks]) -> Iterator[tuple[ClipMasks, ClipMasks]]:
    by_name = dict(zip(names, clips))
    for name, clip in by_name.items():
        other = json.loads((root / name / "clip.json").read_text())["pair"]
        # Each pair once.
        if name.rsplit("/", 1)[-1] < other:
            partner = f"{name.rsplit('/', 1)[0]}/{other}"
            if partner not in by_name:
                raise ValueError(f"{name}: the other clip of the pair, {other}, is not in the table")
            yield clip, by_name[partner]


def _swaps(first: ClipMasks, second: ClipMasks) -> Iterator[bool]:
    """For each frame where both stamps can be seen, whether both masks are right."""
    for one, other, truth, opposite in zip(first.found, second.found, first.truth, second.truth):
        if truth.any() and opposite.any():
            yield (overlap(one, truth) > RIGHT and overlap(one, opposite) < WRONG
                   and overlap(other, opposite) > RIGHT and overlap(other, truth) < WRONG)


def _steadiness(clips: list[np.ndarray]) -> float:
    """The mean overlap of masks that follow each other."""
    return float(np.mean([overlap(before, after) for clip in clips for before, after in zip(clip, clip[1:])]))
