"""One peer's run, in a process of its own: `python -m compare.peer NAME … --out FILE.npz` writes milliseconds and masks."""

import argparse
import contextlib
import os
from pathlib import Path

import numpy as np
import torch

from . import chain, engines, official

#: What runs here. aurald is its own program.
NAMES = ("torch-f32", "torch-bf16", "ort-f32", "openvino-f32", "openvino-bf16")


def model(name: str, network: str, size: int, checkpoint: Path, folder: Path, threads: int):
    """The official predictor, with an engine in it where the name says so."""
    built = official.build(network, size, checkpoint, keeps_float32=name.endswith("f32"))
    engine, precision = name.split("-")
    if engine == "openvino":
        chain.install(built, engines.openvino(folder, precision, threads))
    elif engine == "ort":
        chain.install(built, engines.onnx_runtime(folder, threads))
    return built


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=NAMES)
    for option in ("--network", "--checkpoint", "--graphs", "--frames", "--out"):
        parser.add_argument(option, required=True)
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    built = model(given.name, given.network, given.size, Path(given.checkpoint), Path(given.graphs), given.threads)
    low = torch.autocast("cpu", torch.bfloat16) if given.name == "torch-bf16" else contextlib.nullcontext()
    with torch.inference_mode(), low:
        times, masks = zip(*official.track(built, Path(given.frames)))
    np.savez_compressed(given.out, times=np.array(times), masks=np.packbits(np.stack(masks), axis=-1))
    # Some engines take their time to end, which is nobody's concern here.
    os._exit(0)


if __name__ == "__main__":
    main()
