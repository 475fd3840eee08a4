"""Drawing for those who train: curves over steps, and masks over pictures."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

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


def tiles(size: int, images: np.ndarray, truths: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """A clip's frames beside each other, each `size` pixels wide: above the truth in green, below what was found in red."""
    return np.vstack([
        np.hstack([np.array(Image.fromarray(outlined(*each, colour)).resize((size, size))) for each in zip(images, some)])
        for some, colour in ((truths, (0, 200, 0)), (masks, (255, 40, 40)))])


def stacked(rows: Sequence[np.ndarray]) -> Image.Image:
    """Pictures below each other, those that are narrower with black beside them."""
    width = max(row.shape[1] for row in rows)
    return Image.fromarray(np.vstack([np.pad(row, ((0, 0), (0, width - row.shape[1]), (0, 0))) for row in rows]))
