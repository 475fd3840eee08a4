"""Pictures to look at: `python -m aural.look RUN OUTPUT` draws the curves of a run and masks of its newest weights."""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from stamps.sampler import Sampler
from torch.nn import functional as F

from . import training
from .data import Stamps
from .draw import HEIGHT, WIDTH, curves, outlined
from .loop import normalise
from .train import network


@torch.no_grad()
def masks(parts: dict, cache: str | None, count: int = 32, columns: int = 8) -> Image.Image:
    """Frames of the split `seen`: above the truth in green, below what the network says in red."""
    config = parts["config"]
    model = network(config)
    model.load_state_dict(parts["average"])
    model.eval()
    frames = Stamps(Sampler.from_cache("seen", cache=cache), config["image_size"], 500, count, config["classes"])
    size, rows = config["image_size"], []
    for start in range(0, count, columns):
        items = [frames[index] for index in range(start, start + columns)]
        images = torch.stack([item["image"] for item in items])
        decoded, _, _ = model(normalise(images), torch.stack([item["log_mel"] for item in items]))
        best = decoded.ious[:, 1:].argmax(1)
        logits = decoded.masks[torch.arange(columns), 1 + best].unsqueeze(1)
        found = (F.interpolate(logits, (size, size), mode="bilinear", align_corners=False)[:, 0] > 0) & (decoded.object_score > 0)[..., None]
        rows.append(np.hstack([outlined(item["image"].numpy(), item["truth"].numpy(), (0, 200, 0)) for item in items]))
        rows.append(np.hstack([outlined(item["image"].numpy(), mask.numpy(), (255, 40, 40)) for item, mask in zip(items, found)]))
    return Image.fromarray(np.vstack(rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("output", type=Path, help="a folder")
    parser.add_argument("--cache", help="where tools/stamps keeps its data")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    F.scaled_dot_product_attention = training.plain_attention
    parts = torch.load(options.run / "last.pt", map_location="cpu", weights_only=False)
    entries = [json.loads(line) for line in (options.run / "log.ndjson").read_text().splitlines()]
    sheets = [
        curves(entries, ("focal", "dice", "single", "iou", "score", "pointing")), curves(entries, ("pixel_class", "sound_class", "coarse")),
        curves(entries, ("seen", "two", "swap", "silent"), (0.0, 1.0))]
    sheet = Image.new("RGB", (WIDTH, HEIGHT * len(sheets)))
    for place, one in enumerate(sheets):
        sheet.paste(one, (0, HEIGHT * place))
    sheet.save(options.output / "curves.png")
    masks(parts, options.cache).save(options.output / "masks.png")


if __name__ == "__main__":
    main()
