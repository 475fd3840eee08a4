#!/usr/bin/env python3
"""How far rounding alone moves the numbers of avs_small_t5 or refavs_small_t4.

    noise.py FOLDER CASE

Runs the case in float32 with two threads, with one, and in float64, each with memories of its own ("free") and with the first
run's masks and pointers ("forced"). Then, for each frame, how near the chosen mask's logits come to 0 and how clear the choice is.
"""

import sys
from pathlib import Path

import torch
from sam2.modeling.sam import transformer
from torch import Tensor

import case
from aural import loop
from aural.fuser import FuserConfig
from compare import CASES


def rotate(xq: Tensor, xk: Tensor, freqs_cis: Tensor, repeat_freqs_k: bool = False) -> tuple[Tensor, Tensor]:
    """SAM 2's rotary code without its rounding to float32: pairs of channels turned by the codes' angles."""
    def turn(x: Tensor, codes: Tensor) -> Tensor:
        pairs = torch.view_as_complex(x.double().unflatten(-1, (-1, 2)).contiguous())
        return torch.view_as_real(pairs * codes).flatten(-2).to(x)

    times = xk.shape[-2] // xq.shape[-2] if repeat_freqs_k else 1
    codes = freqs_cis.to(torch.complex128)
    return turn(xq, codes), turn(xk, codes.repeat(times, 1))


@torch.no_grad()
def run(inputs: Path, name: str, dtype: torch.dtype, threads: int, teacher=None):
    """The case's named tensors and each frame's result."""
    torch.set_num_threads(threads)
    trunk, size, frames, conditioning, wav, salt, text = CASES[name]
    model, fuser = case.networks(trunk, size, FuserConfig(text_channels=768 if text else None), salt)
    model, fuser = model.to(dtype), fuser.to(dtype)
    # The picture's random Fourier code stays float32: a constant of every run, like the sine codes.
    model.sam_prompt_encoder.pe_layer.float()
    clip = case.Clip.read(inputs, frames, size, wav, text)
    pyramid = loop.Pyramid.of(model, loop.normalise(clip.frames).to(dtype))
    levels, named = case.fused(clip, pyramid, fuser)
    forced = None if teacher is None else {
        index: loop.Remembered(tracked.remembered.mask, tracked.remembered.pointer.to(dtype)) for index, tracked in teacher.items()}
    results = loop.track(model, pyramid, levels, conditioning, forced)
    for index, tracked in results.items():
        named |= case.frame_tensors(index, tracked)
    return named, results


def report(title: str, reference: dict[str, Tensor], other: dict[str, Tensor]) -> None:
    """The worst difference over rms, and the relative root mean square in brackets; masks in pixels."""
    print(title)
    parts = []
    for name, value in reference.items():
        difference = value.double() - other[name].double()
        if value.dtype in (torch.bool, torch.int64):
            parts.append(f"{name} {int(difference.abs().sum())}")
        elif not name.endswith(".low_res"):
            rms = value.double().square().mean().sqrt()
            parts.append(f"{name} {difference.abs().max() / rms:.0e} ({difference.square().mean().sqrt() / rms:.0e})")
    print("  " + "\n  ".join(", ".join(parts[start:start + 6]) for start in range(0, len(parts), 6)), flush=True)


def margins(results: dict[int, loop.Tracked]) -> None:
    """How well each frame is conditioned."""
    for index, tracked in sorted(results.items()):
        logits = tracked.logits[0, tracked.best].double()
        near = logits.abs() / logits.square().mean().sqrt()
        ious = tracked.decoded.ious[0, 1:].sort(descending=True).values
        counts = ", ".join(f"{int((near < bound).sum())} below {bound:.0e}" for bound in (1e-6, 1e-5, 1e-4))
        print(f"frame {index}: smallest |logit| / rms {near.min():.1e} (pixels: {counts}), best {tracked.best} by "
              f"{ious[0] - ious[1]:.3f}, object score {float(tracked.decoded.object_score):.2f}, "
              f"{(logits > 0).double().mean():.1%} of the pixels set")


def main() -> None:
    if len(sys.argv) != 3 or sys.argv[2] not in CASES:
        raise SystemExit(__doc__)
    inputs, name = Path(sys.argv[1]) / "inputs", sys.argv[2]
    transformer.apply_rotary_enc = rotate
    named, results = run(inputs, name, torch.float32, 2)
    margins(results)
    for title, dtype, threads in (("one thread against two", torch.float32, 1), ("float64 against float32", torch.float64, 2)):
        report(f"{title}, free", named, run(inputs, name, dtype, threads)[0])
        report(f"{title}, forced", named, run(inputs, name, dtype, threads, results)[0])


if __name__ == "__main__":
    main()
