"""Makes masks.json and logits.json: COCO run lengths as pycocotools writes them, and masks of resized logits as PyTorch makes them.

Needs numpy, pycocotools and torch. The inputs are not stored: the test rebuilds every mask and every logit from the kind and the integers
of its vector (rectangles, a formula, or numbers of the SplitMix64 generator below).
"""

import json
import os

import numpy as np
import torch
from pycocotools import mask as coco

HERE = os.path.dirname(os.path.abspath(__file__))


class SplitMix64:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
        return z ^ (z >> 31)


def random_mask(height, width, seed, per_256):
    """Pixel i (row-major) is inside when the low byte of the i-th number is below per_256."""
    numbers = SplitMix64(seed)
    return np.array([numbers.next() & 0xFF < per_256 for _ in range(height * width)], np.uint8).reshape(height, width)


def blob(height, width):
    """A wiggly blob in integer arithmetic only, so that Swift computes the same pixels."""
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)
    dx, dy = x - width // 2, y - height // 2
    wave = (x * 7 + y * 3) % 41 + (x * 2 - y * 5) % 29
    return ((dx * dx * 9 + dy * dy * 25) < (height * height * 4 + wave * height * 12)).astype(np.uint8)


def rectangle(height, width, x, y, w, h):
    mask = np.zeros((height, width), np.uint8)
    mask[y : y + h, x : x + w] = 1
    return mask


def describe(kind, mask, **parameters):
    encoded = coco.encode(np.asfortranarray(mask))
    rows, columns = np.any(mask, 1), np.any(mask, 0)
    if mask.any():
        top, bottom = np.where(rows)[0][[0, -1]]
        left, right = np.where(columns)[0][[0, -1]]
        box = [int(left), int(top), int(right - left + 1), int(bottom - top + 1)]
    else:
        box = [0, 0, 0, 0]
    return {
        "kind": kind,
        "parameters": parameters,
        "size": list(mask.shape),
        "counts": encoded["counts"].decode("ascii"),
        "area": int(coco.area(encoded)),
        "bbox": box,
    }


def masks():
    result = []
    for height, width in [(1, 1), (1, 9), (9, 1), (2, 2), (7, 13), (64, 48), (480, 640)]:
        for x, y, w, h in [
            (0, 0, 0, 0), (0, 0, width, height), (0, 0, 1, 1), (width - 1, 0, 1, 1), (0, height - 1, 1, 1),
            (width - 1, height - 1, 1, 1), (width // 2, 0, 1, height), (0, height // 2, width, 1),
        ]:
            result.append(describe("rectangle", rectangle(height, width, x, y, w, h), x=x, y=y, w=w, h=h))
    for seed, (height, width) in enumerate([(1, 1), (1, 40), (40, 1), (3, 5), (17, 31), (32, 32), (50, 20), (64, 64)]):
        for per_256 in (3, 40, 128, 215, 253):
            result.append(describe("random", random_mask(height, width, seed, per_256), seed=seed, per256=per_256))
    for height, width in [(720, 1280), (480, 640), (1080, 1920)]:
        result.append(describe("blob", blob(height, width)))
    return result


def random_logits(height, width, seed, cell):
    """Smooth on cells: every cell × cell square shares one number, plus a small one of its own; integers / 256 are exact in float32."""
    coarse, fine = SplitMix64(seed), SplitMix64(seed + 1)
    wide = (width + cell - 1) // cell
    tall = (height + cell - 1) // cell
    base = [[(coarse.next() & 0xFFF) - 2400 for _ in range(wide)] for _ in range(tall)]
    return np.array(
        [[base[y // cell][x // cell] + (fine.next() & 0xFF) - 128 for x in range(width)] for y in range(height)], np.float32
    ) / np.float32(256)


def logits():
    result = []
    for seed, (height, width, out_height, out_width, cell) in enumerate([
        (256, 256, 480, 640, 32), (256, 256, 480, 640, 1), (256, 256, 720, 1280, 24), (256, 256, 1080, 1920, 48),
        (128, 128, 480, 640, 16), (256, 256, 256, 256, 5), (256, 256, 100, 75, 16), (256, 256, 64, 300, 8), (64, 80, 480, 40, 8),
        (1, 1, 5, 7, 1), (1, 4, 9, 9, 1), (4, 1, 9, 9, 1), (2, 2, 31, 17, 1), (5, 7, 1, 1, 1), (33, 17, 101, 89, 4),
    ]):
        values = random_logits(height, width, 1000 + 2 * seed, cell)
        resized = torch.nn.functional.interpolate(
            torch.from_numpy(values)[None, None], size=(out_height, out_width), mode="bilinear", align_corners=False
        )
        mask = (resized[0, 0] > 0).numpy().astype(np.uint8)
        result.append(describe("logits", mask, seed=1000 + 2 * seed, cell=cell, width=width, height=height))
    return result


def write(name, vectors):
    with open(os.path.join(HERE, name), "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(vector) for vector in vectors) + "\n]\n")


write("masks.json", masks())
write("logits.json", logits())
