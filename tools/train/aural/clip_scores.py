"""mJ and F of a clip as the official code of AuralSAM2 computes them; docs/evaluation.md has the formulas."""

import torch
from torch import Tensor

THRESHOLDS = 255


def jaccard(logits: Tensor, truth: Tensor) -> float:
    """The mean over frames [T, size, size] of the overlap; where nothing sounds, the share of the frame that is left alone."""
    mask, truth = (logits > 0).flatten(1), truth.flatten(1)
    empty = ~truth.any(1, keepdim=True)
    # Where nothing sounds, what is left alone against everything.
    mask, goal = mask ^ empty, truth | empty
    both, either = (mask & goal).sum(1), (mask | goal).sum(1)
    return float((both / (either + 1e-7)).mean())


def f_score(logits: Tensor, truth: Tensor) -> float:
    """The highest point of the frames' mean curve over the thresholds, beta squared 0.3; 0 where nothing sounds in any frame."""
    thresholds = torch.arange(THRESHOLDS, device=logits.device, dtype=torch.float32) / (THRESHOLDS - 1)
    curves = []
    for frame, goal in zip(logits.float().sigmoid().flatten(1), truth.flatten(1)):
        if not goal.any():
            continue
        # How many of the thresholds a pixel reaches.
        reached = torch.bucketize(frame, thresholds, right=True)
        found, right = _reaching(reached), _reaching(reached[goal])
        precision, recall = right / (found + 1e-20), right / (goal.sum() + 1e-20)
        curves.append((1.3 * precision * recall / (0.3 * precision + recall)).nan_to_num(0.0))
    return float(torch.stack(curves).mean(0).max()) if curves else 0.0


def _reaching(reached: Tensor) -> Tensor:
    """How many pixels reach each threshold, float64 [THRESHOLDS]."""
    counts = torch.bincount(reached, minlength=THRESHOLDS + 1)
    return counts.flip(0).cumsum(0).flip(0)[1:].double()
