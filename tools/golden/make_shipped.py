"""Masks that PyTorch finds with the weights that come with aurald: `make_shipped.py WEIGHTS INPUTS OUTPUT`.

INPUTS is Tests/Golden/inputs, OUTPUT Tests/EndToEndTests/Golden/stamps-256. Pictures and sound are those of Tests/Golden, which the network was not
made for: what it finds there means nothing, but it must be the same on both sides. Needs ../train and the official sam2 package on PYTHONPATH.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from aural import agree, logmel
from aural.loop import normalise
from PIL import Image
from torch.nn import functional as F

PICTURES = (0, 3, 6, 9, 2)


def main(weights: Path, inputs: Path, output: Path) -> None:
    model = agree.load(weights)
    side = (model.image_size,) * 2
    images = np.stack([np.array(Image.open(inputs / f"clip_{number:02d}.png").convert("RGB").resize(side, Image.BICUBIC)) for number in PICTURES])
    sound = torch.from_numpy(logmel.rows(logmel.read_wav(inputs / "a5s.wav"), len(PICTURES)))
    with torch.no_grad():
        decoded, _, logits = model.follow(normalise(torch.from_numpy(images)).unsqueeze(0), sound.unsqueeze(0), agree.THRESHOLD)
        masks = F.interpolate(logits, side, mode="bilinear", align_corners=False)[:, 0] > 0
    print("object scores", [round(float(value), 3) for value in decoded.object_score[:, 0]], "pixels", masks.sum((1, 2)).tolist())
    output.mkdir(parents=True, exist_ok=True)
    for number, mask in enumerate(masks.numpy()):
        Image.fromarray(mask.astype(np.uint8) * 255).save(output / f"mask_{number}.png")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
