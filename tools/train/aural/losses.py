"""What training minimises: AuralSAM2's losses (arXiv:2506.01015), and those that teach a small network what things look and sound like."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from .decoder import Decoded
from .fuser import Level


@dataclass(frozen=True)
class Weights:
    """How much each loss counts."""

    focal: float = 20.0
    dice: float = 1.0
    iou: float = 1.0
    score: float = 1.0  # whether something sounds
    empty: float = 0.1  # logits on frames where nothing sounds
    coarse: float = 0.5  # each level's dense prompt, at stride 16
    pixel_class: float = 1.0
    sound_class: float = 0.5
    single: float = 0.5  # mask 0, which answers prompts that leave no doubt
    pointing: float = 0.3  # frames where a person points
    con: float = 0.0  # AudioCon


def masks(decoded: Decoded, target: Tensor, weights: Weights) -> dict[str, Tensor]:
    """Losses of the masks against `target` [frames, size, size], 0 or 1. Of masks 1 to 3 only the best learns, all learn their quality."""
    logits = F.interpolate(decoded.masks.float(), target.shape[-2:], mode="bilinear", align_corners=False)
    goal = target.unsqueeze(1).expand_as(logits)
    sounds = target.flatten(1).any(1).to(logits)
    probability = logits.sigmoid()
    entropy = F.binary_cross_entropy_with_logits(logits, goal, reduction="none")
    right = probability * goal + (1 - probability) * (1 - goal)
    focal = ((0.25 * goal + 0.75 * (1 - goal)) * (1 - right) ** 2 * entropy).mean((2, 3))
    dice = 1 - (2 * (probability * goal).sum((2, 3)) + 1) / (probability.sum((2, 3)) + goal.sum((2, 3)) + 1)
    both = weights.focal * focal + weights.dice * dice
    best = 1 + both[:, 1:].argmin(1, keepdim=True)
    with torch.no_grad():
        mask, truth = logits > 0, goal > 0.5
        true_iou = (mask & truth).sum((2, 3)) / (mask | truth).sum((2, 3)).clamp(min=1)
    share = sounds / sounds.sum().clamp(min=1)
    silent = (1 - sounds) / (1 - sounds).sum().clamp(min=1)
    return {
        "focal": weights.focal * (focal.gather(1, best)[:, 0] * share).sum(),
        "dice": weights.dice * (dice.gather(1, best)[:, 0] * share).sum(),
        "single": weights.single * (both[:, 0] * share).sum(),
        "iou": weights.iou * ((decoded.ious.float() - true_iou).abs().mean(1) * share).sum(),
        "score": weights.score * F.binary_cross_entropy_with_logits(decoded.object_score[:, 0].float(), sounds),
        "empty": weights.empty * (F.softplus(logits).mean((1, 2, 3)) * silent).sum(),
    }


def coarse(heads: torch.nn.ModuleList, levels: list[Level], cover: Tensor) -> Tensor:
    """Whether each cell of stride 16 is in the mask, by the dense prompts alone; `cover` [frames, height * width] from 0 to 1."""
    return torch.stack([
        F.binary_cross_entropy_with_logits(head(level.dense)[..., 0].float(), cover) for head, level in zip(heads, levels)]).mean()


def pixel_classes(pixels: Tensor, prototypes: Tensor, labels: Tensor) -> Tensor:
    """Cross-entropy of unit vectors [frames, cells, size] against the prototypes; the last class, the background, counts less."""
    logits = 14 * pixels.float() @ F.normalize(prototypes, dim=1).T
    weight = torch.ones(len(prototypes), device=logits.device)
    weight[-1] = 0.3
    return F.cross_entropy(logits.flatten(0, 1), labels.flatten(), weight)


def sound_classes(slots: Tensor, prototypes: Tensor, heard: Tensor) -> Tensor:
    """Whether each class is heard in any slot [frames, slots, size], by the same prototypes; `heard` [frames, classes], 0 or 1.

    What is heard and what is not count alike, though there are many more of the latter.
    """
    similar = slots.float() @ F.normalize(prototypes[: heard.shape[1]], dim=1).T
    loss = F.binary_cross_entropy_with_logits(torch.logsumexp(14 * similar - 7, 1), heard, reduction="none")
    present = (loss * heard).sum() / heard.sum().clamp(min=1)
    absent = (loss * (1 - heard)).sum(1).mean()
    return present + absent
