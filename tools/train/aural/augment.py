"""What AuralSAM2's training does to the pictures of a clip (arXiv:2506.01015): the same to each frame, nothing to the sound."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image, ImageEnhance, ImageOps
from torch import Tensor

FILL = (123, 116, 103)  # the mean of ImageNet's pictures
CLIP_JITTER, FRAME_JITTER = (0.1, 0.03, 0.03), (0.1, 0.05, 0.05)  # of brightness, contrast and saturation
ENHANCERS = (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color)


@dataclass(frozen=True)
class Augmentation:
    """The paper's values. The official code turns 1 clip in 20 grey, its jitter changes nothing (the result is thrown away), and it
    shrinks labels bilinearly with everything above black as foreground, which widens them."""

    flip: float = 0.5
    rotation: float = 25.0  # degrees to either side
    shear: float = 20.0  # degrees, of x only
    jitter: bool = True
    grey: float = 0.1
    bilinear_labels: bool = False

    def __call__(self, frames: Sequence[Image.Image], labels: Sequence[Image.Image], size: int, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        """A clip's pictures uint8 [T, size, size, 3] and masks bool [T, size, size]; labels are mode "L"."""
        flip, grey = rng.random() < self.flip, rng.random() < self.grey
        angle, shear = rng.uniform(-self.rotation, self.rotation), rng.uniform(-self.shear, self.shear)
        clip_factors = _factors(CLIP_JITTER, rng)
        images, masks = [], []
        for frame, label in zip(frames, labels):
            if flip:
                frame, label = ImageOps.mirror(frame), ImageOps.mirror(label)
            frame = turned(frame, angle, shear, Image.Resampling.BILINEAR, FILL)
            label = turned(label, angle, shear, Image.Resampling.NEAREST, 0)
            frame = frame.resize((size, size), Image.Resampling.BILINEAR)
            label = label.resize((size, size), Image.Resampling.BILINEAR if self.bilinear_labels else Image.Resampling.NEAREST)
            frame_factors = _factors(FRAME_JITTER, rng)
            if self.jitter:
                for enhancer, factor in zip((*ENHANCERS, *ENHANCERS), (*clip_factors, *frame_factors)):
                    frame = enhancer(frame).enhance(factor)
            if grey:
                frame = frame.convert("L").convert("RGB")
            images.append(np.array(frame))
            masks.append(np.array(label) > 0)
        return torch.from_numpy(np.stack(images)), torch.from_numpy(np.stack(masks))


def plain(frames: Sequence[Image.Image], labels: Sequence[Image.Image], size: int) -> tuple[Tensor, Tensor]:
    """The same for validation: only stretched, as the official code does it."""
    images = np.stack([np.array(frame.resize((size, size), Image.Resampling.BICUBIC)) for frame in frames])
    masks = np.stack([np.array(label.resize((size, size), Image.Resampling.NEAREST)) > 0 for label in labels])
    return torch.from_numpy(images), torch.from_numpy(masks)


def turned(picture: Image.Image, angle: float, shear: float, resampling: Image.Resampling, fill: int | tuple[int, ...]) -> Image.Image:
    """A picture that is sheared along x and then turned about its centre, both in degrees, with `fill` where nothing of it is."""
    x, y = picture.width / 2, picture.height / 2
    cosine, sine, slope = math.cos(math.radians(angle)), math.sin(math.radians(angle)), math.tan(math.radians(shear))
    # Pillow wants to know where a pixel comes from: turned back, then sheared back.
    a, b, c, d = cosine - slope * sine, sine + slope * cosine, -sine, cosine
    return picture.transform(
        picture.size, Image.Transform.AFFINE, (a, b, x - a * x - b * y, c, d, y - c * x - d * y), resampling, fillcolor=fill)


def _factors(strengths: Sequence[float], rng: np.random.Generator) -> list[float]:
    return [rng.uniform(1 - strength, 1 + strength) for strength in strengths]
