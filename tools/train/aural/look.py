"""Pictures to look at: `python -m aural.look RUN OUTPUT` draws the curves of a run and masks of its newest weights."""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw
from stamps.sampler import Sampler
from torch.nn import functional as F

from . import training
from .data import Stamps
from .loop import normalise
from .train import network

WIDTH, HEIGHT, MARGIN = 900, 260, 40
COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#8c564b")


def curves(entries: list[dict[str, float]], keys: tuple[str, ...], limits: tuple[float, float] | None = None) -> Image.Image:
    """Lines of some values over the steps of a run."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw = ImageDraw.Draw(image)
    present = [key for key in keys if any(key in entry for entry in entries)]
    values = [entry[key] for entry in entries for key in present if key in entry]
    if not values:
        return image
    low, high = limits or (min(0.0, *values), max(values))
    last = max(entry["total"] for entry in entries)
    for place, key in enumerate(present):
        line = [
            (MARGIN + (WIDTH - 2 * MARGIN) * entry["total"] / last, HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * (entry[key] - low) / (high - low))
            for entry in entries if key in entry]
        draw.line(line, COLOURS[place % len(COLOURS)], 2)
        draw.text((MARGIN + 140 * place, 10), f"{key} {[entry[key] for entry in entries if key in entry][-1]:.3f}", COLOURS[place % len(COLOURS)])
    draw.text((5, MARGIN - 10), f"{high:.2f}", "black")
    draw.text((5, HEIGHT - MARGIN), f"{low:.2f}", "black")
    draw.text((WIDTH - 90, HEIGHT - 20), f"{int(last)} steps", "black")
    return image


def outlined(picture: np.ndarray, mask: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    """A picture with a mask's border and a tint inside."""
    result = picture.astype(np.float32)
    result[mask] = 0.65 * result[mask] + 0.35 * np.array(colour)
    inner = mask.copy()
    inner[1:] &= mask[:-1]
    inner[:-1] &= mask[1:]
    inner[:, 1:] &= mask[:, :-1]
    inner[:, :-1] &= mask[:, 1:]
    result[mask & ~inner] = colour
    return result.astype(np.uint8)


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
