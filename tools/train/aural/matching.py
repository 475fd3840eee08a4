"""Matching attention: which pixels look like what sounds. A part of the `online` fuser that its configuration may ask for."""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Matched(NamedTuple):
    """What matching gives, and the unit vectors that it compared, for losses."""

    residual: Tensor  # added to the dense prompts of every level [frames, height * width, channels]
    pixels: Tensor  # [frames, height * width, size]
    slots: Tensor  # [frames, slots, size]


class Matching(nn.Module):
    """Unit vectors of pixels at stride 16 against those of the newest second of sound, of which there are several slots, as more than one
    thing may sound. Each pixel takes the slots' values by a softmax over them and over a null whose logit is 0:

    weight_k = exp(s cos_k + b) / (1 + sum_j exp(s cos_j + b)).
    """

    def __init__(self, channels: int, slots: int = 2, size: int = 64) -> None:
        super().__init__()
        self.slots = slots
        self.pixel = nn.Linear(channels, size)
        self.sound = nn.Linear(channels, slots * size)
        self.value = nn.Linear(channels, slots * channels)
        # The scale and the bias: at first a pixel is matched from a cosine of 0.5 on.
        self.scale = nn.Parameter(torch.tensor([10.0, -5.0]))

    def hear(self, sound: Tensor) -> Tensor:
        """The slots' unit vectors of sound [frames, channels]: [frames, slots, size]."""
        return F.normalize(self.sound(sound).unflatten(1, (self.slots, -1)), dim=2)

    def forward(self, pixels: Tensor, sound: Tensor) -> Matched:
        """`pixels` [frames, height * width, channels]: the patches of stride 16; `sound` [frames, channels]: VGGish's newest row."""
        seen = F.normalize(self.pixel(pixels), dim=2)
        heard = self.hear(sound)
        values = self.value(sound).unflatten(1, (self.slots, -1))
        logits = seen @ heard.mT * self.scale[0] + self.scale[1]
        weights = F.softmax(F.pad(logits, (1, 0)), dim=2)[..., 1:]
        return Matched(weights @ values, seen, heard)
