"""Clips of AVSBench and Ref-AVS, or of any folder that is laid out like theirs, as docs/evaluation.md describes them."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import Dataset

from . import augment, logmel, text, waveform
from .augment import Augmentation

SUBSETS = {"v1s": ("v1s",), "v1m": ("v1m",), "v2": ("v1s", "v1m", "v2")}  # v2 is all three together, as in the paper
NULL_SPLIT = "test_n"


@dataclass(frozen=True)
class Entry:
    """Where a clip's parts lie."""

    name: str
    frames: tuple[Path, ...]
    labels: tuple[Path | None, ...]  # of each frame; None: there is none
    supervised: tuple[bool, ...]  # whether training may believe each frame's label, an absent one of which is black
    audio: Path
    expression: str | None = None


def avsbench(root: Path, subset: str, split: str, training: bool) -> list[Entry]:
    """AVSBench's clips. In training, those of v1s are supervised on their first frame only: the others have no labels there."""
    table = next((path for path in (root / "metadata.csv", root / "avss_index" / "metadata.csv") if path.exists()), None)
    if table is None:
        raise ValueError(f"{root}: has no metadata.csv, neither there nor in avss_index")
    entries = []
    for row in _rows(table, ("uid", "split", "label"), split):
        if row["label"] not in SUBSETS[subset]:
            continue
        clip = root / row["label"] / row["uid"]
        frames, labels = numbered(clip / "frames"), numbered(clip / "labels_rgb")
        is_single = row["label"] == "v1s"
        if len(labels) > len(frames) or not labels or (len(labels) < len(frames) and not is_single):
            raise ValueError(f"{clip}: {len(labels)} labels for {len(frames)} frames")
        known = 1 if training and is_single else len(labels)
        supervised = [index < known for index in range(len(frames))]
        padded = (*labels, *[None] * (len(frames) - len(labels)))
        entries.append(Entry(f"{row['label']}/{row['uid']}", frames, padded, tuple(supervised), _there(clip / "audio.wav")))
    return _some(entries, root, split)


def ref_avs(root: Path, split: str) -> list[Entry]:
    """Ref-AVS's expressions. In those that mean nothing in the clip, the column vid names no folder: it is the uid without its last two
    fields, and nothing sounds in any frame."""
    entries = []
    for row in _rows(root / "metadata.csv", ("vid", "uid", "fid", "exp", "split"), split):
        is_null = split == NULL_SPLIT or not (root / "media" / row["vid"]).is_dir()
        video = row["uid"].rsplit("_", 2)[0] if is_null else row["vid"]
        media = root / "media" / video
        frames = numbered(media / "frames")
        labels = (None,) * len(frames) if is_null else numbered(root / "gt_mask" / video / f"fid_{row['fid']}")
        if len(labels) != len(frames):
            raise ValueError(f"{media}: {len(labels)} labels for {len(frames)} frames")
        entries.append(Entry(row["uid"], frames, labels, (True,) * len(frames), _there(media / "audio.wav"), row["exp"]))
    return _some(entries, root, split)


def numbered(folder: Path) -> tuple[Path, ...]:
    """A folder's pictures in the order of the number after the last underscore, or that is the name."""
    if not folder.is_dir():
        raise ValueError(f"{folder}: there is no such folder")
    found = [path for path in folder.iterdir() if path.suffix.lower() in (".png", ".jpg", ".jpeg")]
    return tuple(sorted(found, key=lambda path: int(path.stem.rsplit("_", 1)[-1])))


def entries(data: dict[str, Any], split: str, training: bool) -> list[Entry]:
    """What the section `data` of a recipe says."""
    if data["kind"] == "avsbench":
        return avsbench(Path(data["root"]), data["subset"], split, training)
    if data["kind"] == "ref-avs":
        return ref_avs(Path(data["root"]), split)
    raise ValueError(f"data.kind is {data['kind']!r}, expected avsbench or ref-avs")


class Videos(Dataset[dict[str, Tensor]]):
    """Clips as tensors: images uint8 [T, size, size, 3], log_mel [T, 2, 96, 64], target bool [T, size, size], supervised bool [T], and
    text [1, 25, channels] where there are expressions. With an augmentation, they depend on the seed."""

    def __init__(
        self, entries: Sequence[Entry], size: int, augmentation: Augmentation | None = None, words: text.TextFeatures | None = None,
    ) -> None:
        self.entries, self.size, self.augmentation, self.words = entries, size, augmentation, words

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        return self.clip(index, (index,))

    def clip(self, index: int, seed: tuple[int, ...]) -> dict[str, Tensor]:
        """A clip, augmented by what the seed says."""
        entry = self.entries[index]
        frames = [Image.open(path).convert("RGB") for path in entry.frames]
        labels = [Image.open(path).convert("L") if path else Image.new("L", frame.size) for path, frame in zip(entry.labels, frames)]
        if self.augmentation is None:
            images, target = augment.plain(frames, labels, self.size)
        else:
            images, target = self.augmentation(frames, labels, self.size, np.random.default_rng(seed))
        sound = logmel.rows(waveform.read(entry.audio), len(frames))
        result = {
            "images": images, "log_mel": torch.from_numpy(sound), "target": target, "supervised": torch.tensor(entry.supervised)}
        if self.words is not None and entry.expression is not None:
            result["text"] = self.words(entry.expression).unsqueeze(0)
        return result


class Shuffled(Dataset[dict[str, Tensor]]):
    """Clips numbered through all epochs, each epoch in an order of its own: number n is the same clip with the same augmentation in every
    run with that seed, wherever it begins."""

    def __init__(self, videos: Videos, seed: int, first: int, end: int) -> None:
        self.videos, self.seed, self.first, self.end = videos, seed, first, end

    def __len__(self) -> int:
        return max(self.end - self.first, 0)

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        number = self.first + index
        epoch, place = divmod(number, len(self.videos))
        order = np.random.default_rng((self.seed, epoch)).permutation(len(self.videos))
        return self.videos.clip(int(order[place]), (self.seed, number))


def _rows(table: Path, columns: Sequence[str], split: str) -> list[dict[str, str]]:
    if not table.exists():
        raise ValueError(f"{table}: there is no such file")
    with table.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        missing = set(columns) - set(reader.fieldnames or ())
        if missing:
            raise ValueError(f"{table}: has no column {', '.join(sorted(missing))}")
        return [row for row in reader if row["split"] == split]


def _there(path: Path) -> Path:
    if not path.exists():
        raise ValueError(f"{path}: there is no such file")
    return path


def _some(found: list[Entry], root: Path, split: str) -> list[Entry]:
    if not found:
        raise ValueError(f"{root}: has no clips of split {split}")
    return found
