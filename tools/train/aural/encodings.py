"""The position codes of the fuser. Computed in float64 and rounded once."""

import math

import torch
from torch import Tensor


def visual(height: int, width: int, channels: int = 256) -> Tensor:
    """SAM 2's two-dimensional sine code, float64 [height * width, channels]: half the channels for y, then half for x.

    Positions are (index + 1) / (size + 1e-6) * 2 pi; sine and cosine alternate.
    """
    half = channels // 2
    wavelengths = 10_000.0 ** (2 * (torch.arange(half, dtype=torch.float64) // 2) / half)

    def axis(size: int) -> Tensor:
        positions = torch.arange(1, size + 1, dtype=torch.float64) / (size + 1e-6) * 2 * math.pi
        angles = positions[:, None] / wavelengths
        return torch.stack([angles[:, 0::2].sin(), angles[:, 1::2].cos()], dim=2).flatten(1)

    y = axis(height)[:, None].expand(height, width, half)
    x = axis(width)[None].expand(height, width, half)
    return torch.cat([y, x], dim=2).flatten(0, 1)


def age(count: int, channels: int = 256) -> Tensor:
    """The code of sound that is 0, 1, ... count - 1 seconds old, float64 [count, channels].

    Row 0 is 0, 1, 0, 1, ...: the one vector that AuralSAM2 adds to every token.
    """
    rates = 10_000.0 ** (-torch.arange(0, channels, 2, dtype=torch.float64) / channels)
    angles = torch.arange(count, dtype=torch.float64)[:, None] * rates
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)
