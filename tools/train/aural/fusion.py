"""Where sound and picture meet: pixels are updated by the sound's tokens and tokens by the pixels.

`Fusion` is AuralSAM2's (arXiv:2506.01015), for a whole clip at once. `OnlineFusion` has the same parameters and works on one
frame and the sound up to it.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Fused(NamedTuple):
    """What a fusion gives: the new pixels and tokens, and the terms that were added before the last LayerNorm."""

    visual: Tensor  # [frames, height * width, channels]
    audio: Tensor  # as the tokens that came in
    visual_update: Tensor  # [frames, channels, 1, height, width]
    audio_update: Tensor  # [tokens, channels, 1]


def pointwise(conv: nn.Module, x: Tensor) -> Tensor:
    """A convolution of kernel 1, of any number of axes, on tokens [..., channels]."""
    return F.linear(x, conv.weight.flatten(1), conv.bias)


class _FusionBase(nn.Module):
    """The parameters that both variants share, under the official names (`align_channel_back` and `g` are never used)."""

    def __init__(self, channels: int = 256, audio_channels: int = 256, inner: int | None = None) -> None:
        super().__init__()
        self.inner = inner if inner is not None else channels // 2
        self.align_channel = nn.Conv1d(audio_channels, channels, 1)
        for name in ("q", "k", "v"):
            setattr(self, f"{name}_frame", nn.Conv3d(channels, self.inner, 1))
            setattr(self, f"{name}_audio", nn.Conv1d(channels, self.inner, 1))
        self.W_z = nn.Sequential(nn.Conv3d(self.inner, channels, 1), nn.BatchNorm3d(channels))
        self.W_z2 = nn.Sequential(nn.Conv1d(self.inner, channels, 1), nn.BatchNorm1d(channels))
        self.norm_layer = nn.LayerNorm(channels)
        self.norm_layer2 = nn.LayerNorm(channels)

    def _finish(self, x: Tensor, audio: Tensor, out: Tensor, audio_out: Tensor, grid: tuple[int, int]) -> Fused:
        """Both residuals. `out` is [frames, inner, height * width], `audio_out` [tokens, inner]."""
        update = self.W_z(out.unflatten(2, (1, *grid)))
        audio_update = self.W_z2(audio_out.unsqueeze(2))
        return Fused(
            self.norm_layer(x + update.flatten(2).transpose(1, 2)),
            self.norm_layer2(audio + audio_update.squeeze(2).view_as(audio)),
            update, audio_update)


class Fusion(_FusionBase):
    """AuralSAM2's fusion: products without softmax, divided by the number of visual rows.

    The projected maps [T, inner, HW] are not turned round to channels last but read as rows of `inner` values in the order in which
    they lie in memory: a row is a strip of pixels of one channel. On the way back the rows of all frames are read as channels, so
    each frame's update has channels of every frame. Trained weights expect exactly that.
    """

    def forward(self, x: Tensor, tokens: Tensor, grid: tuple[int, int]) -> Fused:
        """`x` [T, height * width, channels] and the clip's tokens [N, audio_channels]; `inner` must divide height * width."""
        frames, pixels, _ = x.shape
        audio = pointwise(self.align_channel, tokens)
        q, k, v = (self._rows(conv, x) for conv in (self.q_frame, self.k_frame, self.v_frame))
        q_audio, k_audio, v_audio = (pointwise(conv, audio) for conv in (self.q_audio, self.k_audio, self.v_audio))
        count = frames * pixels
        # (QK)V is formed as Q(KV): the same but for rounding, without a matrix of all rows by all tokens.
        out = q @ (k_audio.mT @ v_audio / count)
        out = out.mT.reshape(frames, self.inner, pixels)
        audio_out = (q_audio @ (k.mT @ v / count)).mT.reshape(len(audio), self.inner)
        return self._finish(x, audio, out, audio_out, grid)

    def _rows(self, conv: nn.Module, x: Tensor) -> Tensor:
        return pointwise(conv, x).mT.reshape(-1, self.inner)


class OnlineFusion(_FusionBase):
    """Attention between the pixels of one frame and the sound up to it; nothing depends on a clip's length.

    Frames are independent of each other, each with tokens of its own.
    """

    def forward(self, x: Tensor, tokens: Tensor, grid: tuple[int, int]) -> Fused:
        """`x` [frames, height * width, channels] and tokens [frames, n, audio_channels]."""
        audio = pointwise(self.align_channel, tokens)
        out = self._attend(x, audio, self.q_frame, self.k_audio, self.v_audio)
        audio_out = self._attend(audio, x, self.q_audio, self.k_frame, self.v_frame)
        return self._finish(x, audio, out.mT, audio_out.flatten(0, 1), grid)

    def _attend(self, queries: Tensor, keys: Tensor, q: nn.Module, k: nn.Module, v: nn.Module) -> Tensor:
        # One head, and the scale is 1 / sqrt(inner).
        return F.scaled_dot_product_attention(pointwise(q, queries), pointwise(k, keys), pointwise(v, keys))
