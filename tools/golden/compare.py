#!/usr/bin/env python3
"""Compares the PyTorch reference with golden files of whole clips, tensor by tensor.

    compare.py FOLDER [--free] CASE...

FOLDER has the files and their inputs (in FOLDER/inputs); a case is `avs_t5`, `refavs_t10`, `avs_small_t5` or `refavs_small_t4`.
Memories come from the golden masks and pointers, unless --free is given: rounding grows from frame to frame without that.
"""

import argparse
import re
import time
from collections import defaultdict
from pathlib import Path

import torch
from safetensors.numpy import load_file

import case
from aural import golden, loop
from aural.fuser import FuserConfig

# Trunk, picture size, frames, conditioning frame, sound, salt of the fuser, whether there is text.
CASES = {
    "avs_t5": ("base_plus", 1024, 5, 0, "a5s.wav", "", False),
    "refavs_t10": ("base_plus", 1024, 10, 5, "a10s.wav", "ref/", True),
    "avs_small_t5": ("tiny", 256, 5, 0, "a5s.wav", "", False),
    "refavs_small_t4": ("tiny", 256, 4, 2, "a5s.wav", "ref/", True),
}


@torch.no_grad()
def compare(folder: Path, name: str, free: bool) -> None:
    trunk, size, frames, conditioning, wav, salt, text = CASES[name]
    expected = load_file(folder / f"{name}.safetensors")
    model, fuser = case.networks(trunk, size, FuserConfig(text_channels=768 if text else None), salt)
    clip = case.Clip.read(folder / "inputs", frames, size, wav, text)
    images = loop.normalise(clip.frames)
    pyramid = loop.Pyramid.of(model, images)
    levels, named = case.fused(clip, pyramid, fuser)
    named["model_input"] = images
    report(expected, named)
    teacher = None if free else case.teacher(expected, frames, size)
    for index, tracked in loop.track(model, pyramid, levels, conditioning, teacher).items():
        report(expected, case.frame_tensors(index, tracked))


def report(expected, named) -> None:
    """One line for each kind of tensor; a frame's tensors one by one."""
    worst = defaultdict(float)
    for name, value in named.items():
        if name in expected or f"{name}.shape" in expected:
            kind = name if name.startswith("f") else re.sub(r"\d$", "*", name)
            worst[kind] = max(worst[kind], golden.error(expected, name, value))
    print("  ".join(f"{kind} {error:.1e}" for kind, error in worst.items()), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("cases", nargs="+", choices=CASES, metavar="CASE")
    parser.add_argument("--free", action="store_true", help="memories from the own masks")
    arguments = parser.parse_args()
    torch.set_num_threads(2)
    for name in arguments.cases:
        start = time.monotonic()
        print(name, "free-running" if arguments.free else "forced")
        compare(arguments.folder, name, arguments.free)
        print(f"{time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
