"""What a running daemon, or `aurald track`, said about a replay: its records against the truth of every picture.

docs/protocol.md defines the records and their masks.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .run_lengths import runs
from .score import grey, overlap


@dataclass(frozen=True)
class Followed:
    """How well a replay was followed."""

    mean_overlap: float
    """mJ: the mean overlap with the truth over all pictures in which something sounds and can be seen."""
    false_share: float | None
    """Where nothing sounds, the share of the pixels that are in the mask; None where something always sounds."""
    pictures: int
    """Pictures that were compared."""
    computed: int
    """Those that have a mask of their own. The others keep the one before, as a viewer would see them."""

    def __str__(self) -> str:
        silent = "" if self.false_share is None else f", {100 * self.false_share:.3f} % wrong where nothing sounds"
        return f"mJ {self.mean_overlap:.3f} on this clip ({self.pictures} pictures, {self.computed} with a mask of their own{silent})"


def decode(counts: str, size: tuple[int, int]) -> np.ndarray:
    """The pixels of COCO's compressed run lengths, bool [height, width]. Raises ValueError where they do not fill the size."""
    lengths = runs(counts)
    height, width = size
    if min(lengths, default=0) < 0 or sum(lengths) != height * width:
        raise ValueError(f"a mask's run lengths do not make {width}x{height} pixels")
    inside = np.arange(len(lengths)) % 2 == 1
    return np.repeat(inside, lengths).reshape(width, height).T


def follow(clip: Path, records: Path, object_id: int = 0, start: int = 0) -> Followed:
    """Compares an object's masks with the truth, from the first record on, or from the picture `start`. Where the clip was played only once,
    to its end; where it was repeated, to the last record.

    Raises ValueError where there is no record, or one is of another size than the clip.
    """
    truths = [grey(clip / "masks" / frame["file"]) > 127 for frame in json.loads((clip / "clip.json").read_text())["frames"]]
    masks = {number: mask for number, mask in _masks(records, object_id).items() if number >= start}
    if not masks:
        raise ValueError(f"{records}: no frame has an object {object_id}")
    first, last = min(masks), max(max(masks), len(truths) - 1)
    overlaps, shares, mask = [], [], masks[first]
    for number in range(first, last + 1):
        mask = masks.get(number, mask)
        truth = truths[number % len(truths)]
        if mask.shape != truth.shape:
            raise ValueError(f"{records}: masks of {mask.shape[1]}x{mask.shape[0]} pixels, but the clip has {truth.shape[1]}x{truth.shape[0]}")
        if truth.any():
            overlaps.append(overlap(mask, truth))
        else:
            shares.append(float(mask.mean()))
    return Followed(
        float(np.mean(overlaps)) if overlaps else float("nan"), float(np.mean(shares)) if shares else None, last + 1 - first, len(masks))


def _masks(records: Path, object_id: int) -> dict[int, np.ndarray]:
    """The object's mask by the picture's number; empty where the object is not followed."""
    masks: dict[int, np.ndarray] = {}
    for line in records.read_text().splitlines():
        record = json.loads(line)
        if record.get("type") == "frame":
            those = [each for each in record["objects"] if each["object_id"] == object_id]
            masks[record["seq"]] = decode(those[0]["counts"], tuple(those[0]["size"])) if those else np.zeros(record["size"], bool)
    return masks
