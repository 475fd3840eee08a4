"""Figures out of the runs, and the table. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Row:
    """What came of one peer."""

    #: Over all measured frames of all rounds, in milliseconds.
    median: float
    p95: float
    #: The median over the rounds of the peer's time by the reference's in the same round, and the least and greatest of them.
    ratio: float
    least: float
    greatest: float
    #: Overlap with the masks of the agreed peer: the least and the mean over the measured frames.
    least_overlap: float
    mean_overlap: float


def overlap(one: np.ndarray, other: np.ndarray) -> float:
    """Intersection over union; 1 where both are empty."""
    union = np.logical_or(one, other).sum()
    return float(np.logical_and(one, other).sum() / union) if union else 1.0


def rows(times: Mapping[str, Sequence[np.ndarray]], masks: Mapping[str, np.ndarray], reference: str, agreed: str) -> dict[str, Row]:
    """A row for each peer.

    `times`: for each peer its milliseconds, an array for each round, warm-up left out. `masks`: bool [frames, height, width] of the same frames.
    """
    medians = {name: np.array([np.median(run) for run in runs]) for name, runs in times.items()}
    found = {}
    for name, runs in times.items():
        ratios = medians[name] / medians[reference]
        overlaps = [overlap(one, other) for one, other in zip(masks[name], masks[agreed], strict=True)]
        together = np.concatenate(runs)
        found[name] = Row(
            float(np.median(together)), float(np.quantile(together, 0.95)), float(np.median(ratios)), float(ratios.min()), float(ratios.max()),
            min(overlaps), float(np.mean(overlaps)))
    return found


def table(found: Mapping[str, Row], reference: str, agreed: str) -> str:
    """A table in Markdown."""
    lines = [
        f"| | median ms | p95 ms | frames a second | time by that of {reference} (least … greatest) | overlap with {agreed}, mean (least) |",
        "|---|---|---|---|---|---|",
    ]
    for name, row in found.items():
        lines.append(
            f"| {name} | {row.median:.1f} | {row.p95:.1f} | {1000 / row.median:.2f} | {row.ratio:.2f} ({row.least:.2f} … {row.greatest:.2f}) | "
            f"{row.mean_overlap:.4f} ({row.least_overlap:.4f}) |")
    return "\n".join(lines) + "\n"
