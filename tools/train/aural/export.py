"""Makes the file that ships: `python -m aural.export CHECKPOINT.pt OUTPUT.safetensors`, the averaged weights in half precision.

It is a full file: SAM 2 and the fuser under AuralSAM2's official names, with the plan of both in its metadata, so that
`aurald import --fuser FILE` needs nothing else.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from .train import network


def tensors(config: dict[str, Any], state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The official tensors of a run's state dict. What has one axis stays in single precision: some of it is very small."""
    model = network(config)
    model.load_state_dict(state)
    fuser = model.fuser.state_dict()
    fuser = {key: value for key, value in fuser.items() if not key.startswith("vgg.") and not key.endswith("num_batches_tracked")}
    fuser |= {f"vgg.{key}": value for key, value in model.fuser.vgg.folded().items()}
    named = {f"v_model.{key}": value for key, value in model.sam.state_dict().items()} | {
        f"aural_fuser.{key}": value for key, value in fuser.items()}
    return {key: (value.half() if value.ndim > 1 else value.float()).contiguous() for key, value in named.items()}


def metadata(config: dict[str, Any]) -> dict[str, str]:
    """What shapes do not tell."""
    return {
        "network": json.dumps(config["network"]), "image_size": str(config["image_size"]), "fuser.variant": config["fuser"]["variant"],
        "fuser.heads": str(config["fuser"]["heads"]), "fuser.history": str(config.get("history", 1))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("output", type=Path)
    options = parser.parse_args()
    parts = torch.load(options.checkpoint, map_location="cpu", weights_only=False)
    config = parts["config"]
    save_file(tensors(config, parts["average"]), options.output, metadata(config))
    print(f"{options.output}: {options.output.stat().st_size / 1e6:.1f} MB, {parts['progress']['total']} steps")


if __name__ == "__main__":
    main()
