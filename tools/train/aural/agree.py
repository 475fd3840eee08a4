"""Whether PyTorch and aurald find the same masks: `python -m aural.agree WEIGHTS.safetensors DATASET MASKS`.

DATASET is a folder of `tools/stamps make`, MASKS what `aurald evaluate --masks` wrote for it at float32. Prints the least and the mean overlap
of all frames' masks, and both sides' mJ.
"""

import argparse
import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from safetensors import safe_open
from torch import Tensor
from torch.nn import functional as F

from . import logmel
from .fuser import FuserConfig, used
from .loop import normalise
from .network import Network


THRESHOLD = 0.5  # fuser.iou_threshold


def load(path: Path) -> Network:
    """The network of a file that `aural.export` or `aural.finetune` made, in float32.

    Its sizes come from the tensors and the metadata, as in aurald.
    """
    with safe_open(path, "pt") as file:
        notes: dict[str, str] = file.metadata()
        state = {key: file.get_tensor(key).float() for key in file.keys()}
    fuser = used(state)
    vision = {key.removeprefix("v_model."): value for key, value in state.items() if key.startswith("v_model.")}
    model = Network(json.loads(notes["network"]), _fuser_config(fuser, notes), int(notes["image_size"]))
    model.sam.load_state_dict(vision)
    # Counters of batches were left out.
    missing = model.fuser.load_state_dict(fuser, strict=False)
    wrong = [key for key in missing.missing_keys if not key.endswith("num_batches_tracked")] + missing.unexpected_keys
    if wrong:
        raise ValueError(f"{path}: {wrong[0]} does not fit")
    return model.eval()


def _fuser_config(state: dict[str, Tensor], notes: dict[str, str]) -> FuserConfig:
    def blocks(kind: str, level: int) -> int:
        return 1 + max(int(key.split(".")[2]) for key in state if key.startswith(f"{kind}.{level}."))

    width = len(state["patch_embeds.0.weight"])
    convolutions = [len(state[f"vgg.features.{place}.weight"]) for place in (0, 3, 6, 8, 11, 13)]
    embeddings = [len(state[f"vgg.embeddings.{place}.weight"]) for place in (0, 2, 4)]
    size = len(state["matching.pixel.weight"]) if "matching.pixel.weight" in state else 0
    return FuserConfig(
        variant=notes["fuser.variant"], channels=width, depths=[blocks("f_blocks", level) for level in range(3)],
        audio_depth=blocks("a_blocks", 0), heads=int(notes["fuser.heads"]), ratio=len(state["f_blocks.0.0.mlp.fc1.weight"]) // width,
        reduction=state["f_blocks.0.0.attn.sr.weight"].shape[2] if "f_blocks.0.0.attn.sr.weight" in state else None,
        inner=len(state["fusion_modules.0.q_frame.weight"]), dropout=0.0,
        vggish={"widths": convolutions, "hidden": embeddings[:2], "out": embeddings[2]},
        matching=len(state["matching.sound.weight"]) // size if size else 0, matching_size=size or 64)


@torch.no_grad()
def masks(model: Network, clip: Path) -> np.ndarray:
    """The masks of a clip's frames, with the memory of those before, bool [frames, size, size]."""
    pictures = sorted((clip / "frames").iterdir(), key=lambda path: int(path.stem.rsplit("_", 1)[-1]))
    images = torch.from_numpy(np.stack([np.array(Image.open(path).convert("RGB")) for path in pictures]))
    if images.shape[1] != model.image_size or images.shape[2] != model.image_size:
        raise ValueError(f"{clip}: make clips of {model.image_size} pixels; resizing would blur the comparison")
    sound = torch.from_numpy(logmel.rows(logmel.read_wav(clip / "audio.wav"), len(pictures)))
    _, _, logits = model.follow(normalise(images).unsqueeze(0), sound.unsqueeze(0), THRESHOLD)
    size = (model.image_size,) * 2
    return (F.interpolate(logits, size, mode="bilinear", align_corners=False)[:, 0] > 0).numpy()


def overlap(left: np.ndarray, right: np.ndarray) -> float:
    """Intersection over union; 1 where both are empty."""
    either = (left | right).sum()
    return float((left & right).sum() / either) if either else 1.0


def jaccard(mask: np.ndarray, truth: np.ndarray) -> float:
    """J as AVSBench's code has it: where nothing sounds, the share of the frame that is left alone."""
    return overlap(mask, truth) if truth.any() else float((~mask).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("masks", type=Path)
    parser.add_argument("--limit", type=int, default=20, help="clips")
    options = parser.parse_args()
    model = load(options.weights)
    rows: list[dict[str, Any]] = list(csv.DictReader((options.dataset / "metadata.csv").open()))[: options.limit]
    agreement, ours, theirs = [], [], []
    for row in rows:
        name = f"{row['label']}/{row['uid']}"
        found = masks(model, options.dataset / name)
        scores: tuple[list[float], list[float]] = ([], [])
        for index, mask in enumerate(found):
            other = np.array(Image.open(options.masks / name / f"mask_{index}.png").convert("L")) > 127
            label = next((options.dataset / name / "labels_rgb").glob(f"*_{index}.png"))
            truth = np.array(Image.open(label).convert("L")) > 0
            agreement.append(overlap(mask, other))
            scores[0].append(jaccard(mask, truth))
            scores[1].append(jaccard(other, truth))
        ours.append(np.mean(scores[0]))
        theirs.append(np.mean(scores[1]))
    print(
        f"{len(rows)} clips, {len(agreement)} frames: least overlap {min(agreement):.4f}, mean {np.mean(agreement):.5f}; "
        f"mJ {100 * np.mean(ours):.2f} in PyTorch, {100 * np.mean(theirs):.2f} in aurald")


if __name__ == "__main__":
    main()
