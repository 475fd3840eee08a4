"""A clip through the fuser and the tracking loop, as the golden files name its tensors."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "train"))

from aural import golden, logmel, loop, synthetic  # noqa: E402
from aural.fuser import AuralFuser, FuserConfig, Level  # noqa: E402

TEXT_SHAPE = (1, 25, 768)


@dataclass(frozen=True)
class Clip:
    """The inputs: pictures uint8 [T, size, size, 3], a row of sound each [T, 2, 96, 64], and tokens of text for Ref-AVS."""

    frames: Tensor
    log_mel: Tensor
    text: Tensor | None

    @classmethod
    def read(cls, folder: Path, frames: int, size: int, wav: str, text: bool = False) -> "Clip":
        """The golden clip's first frames, resized as Pillow does by default."""
        images = [Image.open(folder / f"clip_{index:02}.png").convert("RGB") for index in range(frames)]
        resized = np.stack([np.asarray(image.resize((size, size), Image.Resampling.BICUBIC)) for image in images])
        rows = logmel.rows(logmel.read_wav(folder / wav), frames)
        tokens = torch.from_numpy(synthetic.uniform("input/public/text", TEXT_SHAPE)) if text else None
        return cls(torch.from_numpy(resized), torch.from_numpy(rows), tokens)


def networks(trunk: str, size: int, config: FuserConfig, salt: str = ""):
    """SAM 2.0 and the fuser with synthetic weights. The salt is the fuser's (and its VGGish's) only."""
    model, fuser = loop.build(trunk, size), AuralFuser(config).eval()
    synthetic.load(model)
    synthetic.load(fuser, salt)
    return model, fuser


def fused(clip: Clip, pyramid: loop.Pyramid, fuser: AuralFuser) -> tuple[list[Level], dict[str, Tensor]]:
    """The fuser's levels, and the named tensors up to there."""
    dtype = pyramid.features[0].dtype
    tokens = fuser.tokens(clip.log_mel.to(dtype), None if clip.text is None else clip.text.to(dtype))
    levels = fuser(pyramid.features, tokens)
    return levels, {"logmel": clip.log_mel, "d0": tokens} | level_tensors(levels) | {
        f"fpn{index}": feature for index, feature in enumerate(pyramid.features)}


def level_tensors(levels: list[Level]) -> dict[str, Tensor]:
    """Each level's tensors under the golden files' names."""
    named = {}
    for index, level in enumerate(levels):
        named |= {
            f"X_before_fusion{index}": level.pixels, f"d_before_fusion{index}": level.tokens, f"V{index}": level.dense,
            f"A{index}": level.audio, f"Z{index}": level.visual_update, f"Z2_{index}": level.audio_update.squeeze(2)}
    return named


def frame_tensors(index: int, tracked: loop.Tracked) -> dict[str, Tensor]:
    """One frame's tensors under the golden files' names."""
    decoded, best = tracked.decoded, tracked.best
    mask = tracked.logits[0, best] > 0
    named = {
        "low_res_multi": decoded.masks[0, 1:], "low_res": decoded.masks[0, 1 + best], "ious": decoded.ious[0, 1:],
        "best": torch.tensor([best]), "object_score": decoded.object_score[0], "obj_ptr": tracked.remembered.pointer[0],
        "maskmem": tracked.memory, "pix_feat": tracked.features, f"mask_{len(mask)}": mask}
    return {f"f{index}.{key}": value for key, value in named.items()}


def teacher(stored: Mapping[str, np.ndarray], frames: int, size: int) -> dict[int, loop.Remembered]:
    """What the memory takes in a forced comparison: the golden masks and pointers."""
    return {index: loop.Remembered(
        golden.mask(stored, f"f{index}.mask_{size}")[None, None], torch.from_numpy(stored[f"f{index}.obj_ptr"])[None])
        for index in range(frames)}
