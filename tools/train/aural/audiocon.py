"""AudioCon (AuralSAM2, arXiv:2506.01015): pixels are drawn to the sound of their own kind and away from pixels of the other.

A pixel's label is whether it belongs to what sounds; a sound's, whether anything in its frame does. Every sampled pixel is an anchor,
sounds of its label are its positives, pixels of the other label its negatives.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .fuser import FuserConfig, Level

SIZE = 128  # of the vectors that are compared


class _Head(nn.Module):
    """A projection head. The layers lie in `proj`, as the official keys have it."""

    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        self.proj = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        return self.proj(x)


class Heads(nn.Module):
    """Both projection heads, which only training uses, under the official names and in the official shapes.

    Fusers without text have convolutions with a BatchNorm between them, those with text linear layers with GELU and LayerNorm.
    """

    def __init__(self, config: FuserConfig) -> None:
        super().__init__()
        width = config.channels
        self.linear = config.text_channels is not None
        if self.linear:
            self.train_proj_v1 = _Head(nn.Linear(width, SIZE), nn.GELU(), nn.LayerNorm(SIZE), nn.Linear(SIZE, SIZE))
            self.train_proj_a1 = _Head(nn.Linear(width, SIZE), nn.GELU(), nn.LayerNorm(SIZE), nn.Linear(SIZE, SIZE))
        else:
            self.train_proj_v1 = _Head(nn.Conv2d(width, SIZE, 1), nn.BatchNorm2d(SIZE), nn.Conv2d(SIZE, SIZE, 1))
            self.train_proj_a1 = _Head(nn.Conv1d(width, SIZE, 1), nn.BatchNorm1d(SIZE), nn.Conv1d(SIZE, SIZE, 1))

    def pixels(self, x: Tensor, grid: tuple[int, int], over_pixels: bool = False) -> Tensor:
        """Unit vectors of pixels [frames, height * width, channels]; `over_pixels` normalises over the wrong axis, as upstream does
        with text."""
        out = self.train_proj_v1(x) if self.linear else self.train_proj_v1(x.mT.unflatten(2, grid)).flatten(2).mT
        return F.normalize(out.float(), dim=1 if over_pixels and self.linear else 2)

    def sounds(self, x: Tensor) -> Tensor:
        """Unit vectors of the frames' sounds [frames, channels]."""
        out = self.train_proj_a1(x) if self.linear else self.train_proj_a1(x.unsqueeze(2)).squeeze(2)
        return F.normalize(out.float(), dim=1)


class Samples(NamedTuple):
    """Vectors [n, size] and their labels [n], 1 where they belong to what sounds."""

    vectors: Tensor
    labels: Tensor


@dataclass(frozen=True)
class AudioCon:
    """The loss. `reproduce_upstream` does what the official code does instead of what the paper says:

    - "hard" is where the truth differs from the predicted logit, which is everywhere, and up to three times `limit` pixels of a class
      are drawn;
    - a sampled pixel's label is read at its rank among the pixels of its kind, not at its place;
    - where there are too many samples, the list is cut at a random length;
    - sounds of the other label are negatives too, and a frame that sounds everywhere has the label of silence;
    - fusers with text give the fusion's term in place of the dense prompts, normalised over the pixels.
    """

    limit: int = 128  # hard ones of a class, in one frame and level, and as many easy ones; the official code's for Ref-AVS is 64
    most: int = 15_240  # anchors of one clip
    temperature: float = 0.1
    reproduce_upstream: bool = False
    alone: bool = False  # the frames know nothing of each other: each is compared with itself only

    def __call__(self, heads: Heads, levels: Sequence[Level], truth: Tensor, logits: Tensor, supervised: Tensor) -> Tensor:
        """The loss of a clip.

        `truth` bool [frames, size, size]; `logits` of the best masks [frames, ., .]; `supervised` bool [frames]: the frames whose truth is
        known.
        """
        grid = tuple(levels[0].visual_update.shape[-2:])
        small = F.interpolate(truth.unsqueeze(1).float(), grid, mode="nearest").flatten(1) > 0
        guess = F.interpolate(logits.detach().unsqueeze(1).float(), grid, mode="bilinear", align_corners=False).flatten(1)
        upstream_text = self.reproduce_upstream and heads.linear
        pixels, sounds = [], []
        for level in levels:
            seen = heads.pixels(level.visual_update.flatten(2).mT if upstream_text else level.dense, grid, upstream_text)
            heard = heads.sounds(level.sparse)
            for frame in supervised.nonzero()[:, 0].tolist():
                pixels.append(self.sample(seen[frame], small[frame], guess[frame]))
                sounds.append(Samples(heard[frame:frame + 1], self.sound_label(small[frame])[None]))
        if not self.alone:
            return self.contrast(joined(pixels), joined(sounds))
        count = int(supervised.sum())
        return torch.stack([self.contrast(joined(pixels[frame::count]), joined(sounds[frame::count])) for frame in range(count)]).mean()

    def sound_label(self, truth: Tensor) -> Tensor:
        """A sound's label, from its frame's truth [pixels]."""
        return (truth.any() & ~truth.all() if self.reproduce_upstream else truth.any()).long()

    def counts(self, hard: int, easy: int) -> tuple[int, int]:
        """How many of a class's hard and easy pixels to draw: as many of either; where there are too few of one, more of the other."""
        if not self.reproduce_upstream:
            return min(hard, max(self.limit, 2 * self.limit - easy)), min(easy, max(self.limit, 2 * self.limit - hard))
        h, e = min(self.limit, hard), min(self.limit, easy)
        if h + e < 2 * self.limit:
            h, e = (h + 2 * self.limit - e, e) if h > e else (h, e + 2 * self.limit - h)
        return min(h, hard), min(e, easy)

    def sample(self, vectors: Tensor, truth: Tensor, guess: Tensor) -> Samples:
        """Pixels of one frame and level: `vectors` [pixels, size], `truth` bool [pixels], `guess` logits [pixels]."""
        wrong = guess != truth.float() if self.reproduce_upstream else (guess > 0) != truth
        chosen, labels = [], []
        for value in (False, True):
            groups = [(truth == value) & wrong, (truth == value) & ~wrong]
            places = [group.nonzero()[:, 0] for group in groups]
            for place, count in zip(places, self.counts(*map(len, places))):
                ranks = torch.randperm(len(place), device=place.device)[:count]
                chosen.append(place[ranks])
                labels.append(truth[ranks if self.reproduce_upstream else place[ranks]])
        return Samples(vectors[torch.cat(chosen)], torch.cat(labels).long())

    def contrast(self, pixels: Samples, sounds: Samples) -> Tensor:
        """The mean over all pixels of what each one's positives cost; one without positives costs nothing."""
        if (count := len(pixels.labels)) > self.most:
            kept = torch.randperm(count, device=pixels.labels.device)
            kept = slice(max(1, int(kept[0]))) if self.reproduce_upstream else kept[: self.most]
            pixels = Samples(pixels.vectors[kept], pixels.labels[kept])
        with torch.autocast(pixels.vectors.device.type, enabled=False):
            vectors = pixels.vectors.float()
            to_pixels = vectors @ vectors.T / self.temperature
            to_sounds = vectors @ sounds.vectors.float().T / self.temperature
        same_pixels = pixels.labels[:, None] == pixels.labels[None]
        same_sounds = pixels.labels[:, None] == sounds.labels[None]
        negatives = to_pixels.masked_fill(same_pixels, -1e4)
        if self.reproduce_upstream:
            negatives = torch.cat([negatives, to_sounds.masked_fill(same_sounds, -1e4)], dim=1)
        # -log(e^p / (e^p + sum of e^n)) = log(1 + e^(log sum of e^n - p))
        costs = F.softplus(negatives.logsumexp(1, keepdim=True) - to_sounds) * same_sounds
        return (costs.sum(1) / same_sounds.sum(1).clamp(min=1)).sum() / max(len(vectors), 1)


def joined(samples: Sequence[Samples]) -> Samples:
    """Several frames' and levels' samples in one."""
    return Samples(torch.cat([each.vectors for each in samples]), torch.cat([each.labels for each in samples]))
