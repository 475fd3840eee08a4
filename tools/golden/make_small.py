#!/usr/bin/env python3
"""Makes the golden files of hearing for SAM 2.0 tiny at 256 x 256.

    make_small.py INPUTS FOLDER

INPUTS has the clip and the sound (Tests/Golden/inputs); the files are written to FOLDER. Tests/Golden/README.md says what is in
them. On another machine the numbers may differ by rounding.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import __version__ as pillow_version
from safetensors.numpy import save_file
from torch import Tensor

import case
from aural import golden, loop, synthetic
from aural.decoder import Injection, decode
from aural.fuser import FuserConfig

SIZE, GRID = 256, 16
WAV = "a5s.wav"
# How many values of a large tensor are stored, by the beginning of its name; everything else is stored whole.
SAMPLES = {"V": 8192, "X_before_fusion": 4096, "Z": 4096, "fpn": 4096, "model_input": 4096, "maskmem": 4096, "pix_feat": 2048}
# The decoder's inputs: shape and scale. NAME is scale * u of the seed name `input/public/NAME`.
DECODER_INPUTS = {
    "inj.pix_feat": ((1, 256, GRID, GRID), 1.5), "inj.high_res_s0": ((1, 32, 4 * GRID, 4 * GRID), 1.0),
    "inj.high_res_s1": ((1, 64, 2 * GRID, 2 * GRID), 1.0), "inj.points": ((1, 3, 256), 1.0),
} | {f"inj.V{level}": ((GRID * GRID, 256), 1.5) for level in range(3)} | {f"inj.A{level}": ((256,), 1.5) for level in range(3)}


def store(tensors: dict[str, np.ndarray], named: dict[str, Tensor]) -> None:
    """Adds tensors, each whole, sampled or as bits."""
    for name, value in named.items():
        kind = name.rpartition(".")[2]
        count = next((count for part, count in SAMPLES.items() if kind.startswith(part) and not kind.startswith("Z2_")), None)
        if value.dtype == torch.bool:
            golden.bits(tensors, name, value)
        elif count is not None:
            golden.sampled(tensors, name, value, count)
        elif kind != "low_res":
            # `low_res` is one of `low_res_multi`.
            golden.whole(tensors, name, value)


def save(folder: Path, name: str, tensors: dict[str, np.ndarray], metadata: dict[str, object]) -> None:
    """Writes a file with what it was made of and with."""
    common = {
        "case": name, "model": "SAM2.0 hiera tiny + AuralFuser", "image_size": SIZE, "weights_salt": "",
        "torch": torch.__version__, "pillow": pillow_version}
    path = folder / f"{name}.safetensors"
    save_file(tensors, path, {key: str(value) for key, value in (common | metadata).items()})
    print(f"{path}: {path.stat().st_size:,} bytes, {len(tensors)} tensors")


def tracking(inputs: Path, folder: Path, name: str, frames: int, conditioning: int, salt: str, text: bool) -> None:
    """The fuser and the prompt-free loop on a clip."""
    model, fuser = case.networks("tiny", SIZE, FuserConfig(text_channels=768 if text else None), salt)
    clip = case.Clip.read(inputs, frames, SIZE, WAV, text)
    images = loop.normalise(clip.frames)
    pyramid = loop.Pyramid.of(model, images)
    levels, named = case.fused(clip, pyramid, fuser)
    tensors = {"frames": clip.frames.numpy()}
    store(tensors, named | {"model_input": images})
    for index, tracked in loop.track(model, pyramid, levels, conditioning).items():
        store(tensors, case.frame_tensors(index, tracked))
    save(folder, name, tensors, {
        "description": "fuser outputs and prompt-free tracking; frame masks after argmax-IoU; logits > 0 at 256x256",
        "fuser_salt": salt, "T": frames, "conditioning_frame": conditioning, "wav": WAV})


def online(inputs: Path, folder: Path, frames: int = 3) -> None:
    """The online fuser and the decoder on single frames, each with the sound up to it, without memory."""
    model, fuser = case.networks("tiny", SIZE, FuserConfig(variant="online"))
    clip = case.Clip.read(inputs, frames, SIZE, WAV)
    images = loop.normalise(clip.frames)
    pyramid = loop.Pyramid.of(model, images)
    tokens = fuser.tokens(clip.log_mel)
    tensors = {"frames": clip.frames.numpy()}
    store(tensors, {"logmel": clip.log_mel, "d0": tokens, "model_input": images})
    store(tensors, {f"fpn{index}": feature for index, feature in enumerate(pyramid.features)})
    for index in range(frames):
        alone = loop.Pyramid(pyramid.frame(index), pyramid.position)
        levels = fuser(alone.features, tokens[:index + 1].flip(0).unsqueeze(0))
        named = case.level_tensors(levels)
        # One frame: the tokens lose the axis of frames.
        named = {key: value[0] if key[0] in "Ad" else value for key, value in named.items()}
        store(tensors, {f"f{index}.{key}": value for key, value in named.items()})
        tracked = case.frame_tensors(index, loop.track(model, alone, levels)[0])
        store(tensors, {key: value for key, value in tracked.items() if not key.endswith("maskmem")})
    save(folder, "online_small", tensors, {
        "description": "online fuser and decoder on single frames without memory; frame t hears rows t, t-1, ... 0 of d0",
        "fuser_salt": "", "T": frames, "wav": WAV})


def decoder(folder: Path) -> None:
    """The decoder alone, with sound and then with three prompt tokens as well."""
    model = loop.build("tiny", SIZE)
    synthetic.load(model)
    given = {name: torch.from_numpy(synthetic.uniform(f"input/public/{name}", *how)) for name, how in DECODER_INPUTS.items()}
    sound = [Injection(given[f"inj.V{level}"], given[f"inj.A{level}"]) for level in (2, 1, 0)]
    tensors: dict[str, np.ndarray] = {}
    for run, points in (("audio", None), ("audio_and_points", given["inj.points"])):
        decoded = decode(
            model.sam_mask_decoder, given["inj.pix_feat"], model.sam_prompt_encoder.get_dense_pe(),
            [given["inj.high_res_s0"], given["inj.high_res_s1"]], sound,
            model.sam_prompt_encoder.no_mask_embed.weight[..., None, None], points)
        store(tensors, {f"decoder.{run}.{key}": value for key, value in {
            "masks": decoded.masks[0], "ious": decoded.ious[0], "tokens": decoded.tokens[0], "score": decoded.object_score[0],
            "obj_ptr_of_tokens": model.obj_ptr_proj(decoded.tokens[0])}.items()})
    save(folder, "decoder_small", tensors, {
        "description": 'mask decoder with sound alone; input tensor NAME = scale * u("input/public/NAME"); '
                       "dense prompt = no_mask_embed; inj.points are appended after the six output tokens",
        "inputs": json.dumps({name: {"shape": shape, "scale": scale} for name, (shape, scale) in DECODER_INPUTS.items()})})


@torch.no_grad()
def main() -> None:
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    inputs, folder = Path(sys.argv[1]), Path(sys.argv[2])
    torch.set_num_threads(2)
    tracking(inputs, folder, "avs_small_t5", frames=5, conditioning=0, salt="", text=False)
    tracking(inputs, folder, "refavs_small_t4", frames=4, conditioning=2, salt="ref/", text=True)
    online(inputs, folder)
    decoder(folder)


if __name__ == "__main__":
    main()
