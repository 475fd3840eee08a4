"""The official video predictor: building it, and timing it frame by frame."""

import contextlib
import io
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import sam2.sam2_video_predictor as predictor_module
import torch
from sam2.build_sam import build_sam2_video_predictor

from . import scene

_TRUNKS = {"tiny": "t", "small": "s", "base_plus": "b+", "large": "l"}


class _Float32Memories:
    """Stands for the predictor's `torch`: it stores memories as bfloat16 whatever the arithmetic, and then masks of float32 could not be compared."""

    bfloat16 = torch.float32

    def __getattr__(self, name: str):
        return getattr(torch, name)


def build(network: str, size: int, checkpoint: Path | None, keeps_float32: bool = False):
    """The predictor of `sam2.1_hiera_tiny` and the like, as its own VOS tool sets it up but for holes, which only its CUDA extension fills."""
    release, trunk = network.split("_hiera_")
    predictor_module.torch = _Float32Memories() if keeps_float32 else torch
    head = "++model.sam_mask_decoder_extra_args.dynamic_multimask"
    return build_sam2_video_predictor(
        f"configs/{release}/{release}_hiera_{_TRUNKS[trunk]}.yaml", str(checkpoint) if checkpoint else None, device="cpu",
        apply_postprocessing=False, hydra_overrides_extra=[
            f"++model.image_size={size}", "++model.fill_hole_area=0", "++model.binarize_mask_from_pts_for_mem_enc=true",
            f"{head}_via_stability=true", f"{head}_stability_delta=0.05", f"{head}_stability_thresh=0.98"])


def track(model, frames: Path) -> Iterator[tuple[float, np.ndarray]]:
    """Follows what is in the scene's box: for each frame its milliseconds, and the mask, bool [height, width].

    Pictures are read, resized and normalised before: their time is not in it, as it is in aurald's.
    """
    with contextlib.redirect_stderr(io.StringIO()):
        state = model.init_state(str(frames))
        left, top, right, bottom = scene.BOX
        box = np.array([left * scene.WIDTH, top * scene.HEIGHT, right * scene.WIDTH, bottom * scene.HEIGHT], np.float32)
        model.add_new_points_or_box(state, 0, 1, box=box)
        start = time.perf_counter()
        for _, _, logits in model.propagate_in_video(state):
            mask = (logits[0, 0] > 0).numpy()
            yield 1e3 * (time.perf_counter() - start), mask
            start = time.perf_counter()
