"""A checkpoint in the official layout whose weights follow from their names: time does not depend on weights, and both sides get the same."""

from pathlib import Path

import torch
from aural import synthetic

from . import official


def write(network: str, path: Path) -> None:
    """Writes it, unless it is there."""
    if path.exists():
        return
    model = official.build(network, 1024, None)
    synthetic.load(model)
    partial = path.with_suffix(".partial")
    torch.save({"model": model.state_dict()}, partial)
    partial.rename(path)
