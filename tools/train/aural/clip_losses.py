"""AuralSAM2's losses of a clip (arXiv:2506.01015), with the official code's sums: of frames, not their mean."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from .decoder import Decoded


@dataclass(frozen=True)
class ClipWeights:
    """How much each loss counts, and what the sum of all but AudioCon is divided by."""

    focal: float = 20.0
    dice: float = 1.0
    iou: float = 1.0
    score: float = 1.0
    con: float = 1.0  # AudioCon
    objects: float = 1.0  # the official code's is a quarter of the number of GPUs, at least 1


def clip(decoded: Decoded, target: Tensor, supervised: Tensor, weights: ClipWeights) -> dict[str, Tensor]:
    """Masks 1 to 3 of each frame against `target` bool [T, size, size], where `supervised` [T].

    Of the three masks only the best learns its shape, all learn their quality. Where nothing sounds, only the object score learns.
    """
    logits = F.interpolate(decoded.masks[:, 1:].float(), target.shape[-2:], mode="bilinear", align_corners=False)
    goal = target.unsqueeze(1).expand_as(logits).float()
    sounds = target.flatten(1).any(1).float()
    probability = logits.sigmoid()
    entropy = F.binary_cross_entropy_with_logits(logits, goal, reduction="none")
    right = probability * goal + (1 - probability) * (1 - goal)
    focal = ((0.25 * goal + 0.75 * (1 - goal)) * (1 - right) ** 2 * entropy).mean((2, 3))
    dice = 1 - (2 * (probability * goal).sum((2, 3)) + 1) / (probability.sum((2, 3)) + goal.sum((2, 3)) + 1)
    best = (weights.focal * focal + weights.dice * dice).argmin(1, keepdim=True)
    with torch.no_grad():
        mask, truth = logits > 0, goal > 0.5
        true_iou = (mask & truth).sum((2, 3)) / (mask | truth).sum((2, 3)).clamp(min=1)
    counted = supervised.float() / weights.objects
    score = F.binary_cross_entropy_with_logits(decoded.object_score[:, 0].float(), sounds, reduction="none")
    return {
        "focal": weights.focal * (focal.gather(1, best)[:, 0] * sounds * counted).sum(),
        "dice": weights.dice * (dice.gather(1, best)[:, 0] * sounds * counted).sum(),
        "iou": weights.iou * ((decoded.ious[:, 1:].float() - true_iou).abs().mean(1) * sounds * counted).sum(),
        "score": weights.score * (score * counted).sum(),
    }
