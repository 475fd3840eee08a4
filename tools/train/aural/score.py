"""The figures of specs and model card, from single frames; `aurald evaluate` computes the official ones."""

import torch
from torch import Tensor
from torch.nn import functional as F

from .decoder import Decoded


class Scores:
    """Masks at the picture's size against the truth, one frame after the other. Frames 2n and 2n + 1 of the split `swap` are a pair."""

    def __init__(self) -> None:
        self.masks: list[Tensor] = []
        self.truths: list[Tensor] = []

    @torch.no_grad()
    def add(self, decoded: Decoded, truth: Tensor) -> None:
        """The best mask of each frame, empty where the decoder says that nothing sounds."""
        best = decoded.ious[:, 1:].float().argmax(1)
        logits = decoded.masks[torch.arange(len(best)), 1 + best].float().unsqueeze(1)
        mask = F.interpolate(logits, truth.shape[-2:], mode="bilinear", align_corners=False)[:, 0] > 0
        mask &= (decoded.object_score[:, 0] > 0)[:, None, None]
        self.masks.append(mask.cpu())
        self.truths.append(truth.cpu())

    def summary(self, split: str) -> dict[str, float]:
        """The figure of a split, under its name."""
        masks, truths = torch.cat(self.masks), torch.cat(self.truths)
        if split == "silent":
            return {"silent": float(masks.float().mean())}
        if split.startswith("swap"):
            other = truths.view(-1, 2, *truths.shape[1:]).flip(1).view_as(truths)
            right = (iou(masks, truths) > 0.5) & (iou(masks, other) < 0.2)
            return {split: float(right.view(-1, 2).all(1).float().mean())}
        sounds = truths.flatten(1).any(1)
        return {split: float(iou(masks, truths)[sounds].mean())}


def iou(masks: Tensor, truths: Tensor) -> Tensor:
    """The overlap of each frame's mask with the truth, 0 where both are empty."""
    both, either = (masks & truths).flatten(1).sum(1), (masks | truths).flatten(1).sum(1)
    return both / either.clamp(min=1)
