"""Weights that are not trained but follow from each tensor's name.

They let two implementations be compared number by number without a checkpoint. Tests/Golden/README.md has the formula and test
vectors; Sources/AuralNetworks/SyntheticWeights.swift is the same in Swift.
"""

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

_GOLDEN_GAMMA = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1
# Elements worked on at once: the temporaries stay in the processor's cache.
_CHUNK = 1 << 16

_HALF = (
    "pos_embed", "maskmem_tpos_enc", "no_mem_embed", "no_mem_pos_enc", "no_obj_ptr", "no_obj_embed_spatial", "point_embeddings",
    "not_a_point_embed", "no_mask_embed", "iou_token", "mask_tokens", "obj_score_token", "gamma",
)
_GAINS = (
    ("vgg.", 1.4), ("qkv.weight", 1.5), ("q_proj.weight", 2.0), ("k_proj.weight", 2.0), (".attn.q.weight", 2.0),
    (".attn.kv.weight", 1.5), ("neck.convs", 0.5), ("hypernetworks_mlps", 1.8), ("iou_prediction_head", 1.5),
)


def fnv1a(text: str) -> int:
    """The 64-bit FNV-1a hash of the text's UTF-8 bytes."""
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 & _MASK
    return value


def splitmix64(seed: int, start: int, count: int) -> np.ndarray:
    """Numbers `start` to `start + count - 1` (from 0) of the splitmix64 sequence of `seed`, uint64."""
    z = np.arange(start + 1, start + 1 + count, dtype=np.uint64)
    z *= np.uint64(_GOLDEN_GAMMA)
    z += np.uint64(seed)
    z ^= z >> np.uint64(30)
    z *= np.uint64(0xBF58476D1CE4E5B9)
    z ^= z >> np.uint64(27)
    z *= np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return z


def uniform(seed_name: str, shape: Sequence[int], scale: float = 1.0) -> np.ndarray:
    """`scale` times u in [-1, 1), float32, row-major: the inputs of the golden files (`input/public/NAME`)."""
    return _fill(seed_name, shape, lambda u: u * scale)


def sample_positions(name: str, elements: int, count: int) -> np.ndarray:
    """Where a sampled golden tensor was sampled. A tensor with no more elements than the sample is stored in order."""
    if elements <= count:
        return np.arange(elements)
    return (splitmix64(fnv1a("sample/" + name), 0, count) % np.uint64(elements)).astype(np.int64)


def weight(name: str, shape: Sequence[int], salt: str = "") -> np.ndarray:
    """The tensor `name` of a checkpoint: float32, or int64 for a BatchNorm's counter. The salt only changes the seed."""
    if name.endswith("num_batches_tracked"):
        return np.zeros(shape, np.int64)
    return _fill(salt + name, shape, _rule(name, shape))


def load(module: nn.Module, salt: str = "", prefix: str = "") -> None:
    """Fills every parameter and persistent buffer of the module; `prefix` comes before its own key in the tensor's name."""
    state = {key: torch.from_numpy(weight(prefix + key, tuple(value.shape), salt)) for key, value in module.state_dict().items()}
    module.load_state_dict(state)


def _rule(name: str, shape: Sequence[int]):
    """How a value follows from u, in float64."""
    if "gaussian_matrix" in name:
        return lambda u: u
    if name.endswith("running_mean"):
        return lambda u: 0.02 * u
    if name.endswith("running_var"):
        # As large as they are so that the fusion's term is as large as the residual: a wrong one cannot hide.
        factor = 0.001 if ".W_z.1." in name else 100.0 if ".W_z2.1." in name else 1.0
        return lambda u: (1 + 0.5 * np.abs(u)) * factor
    if any(part in name for part in _HALF):
        return lambda u: 0.5 * u
    if len(shape) >= 2:
        gain = next((gain for part, gain in _GAINS if part in name), 1.0)
        bound = math.sqrt(3 / math.prod(shape[1:])) * gain
        return lambda u: u * bound
    if name.endswith("weight"):
        return lambda u: 1 + 0.1 * u
    if "pred_obj_score_head.layers.2" in name:
        return lambda u: 2 + 0.05 * u
    return lambda u: 0.05 * u


def _fill(seed_name: str, shape: Sequence[int], rule) -> np.ndarray:
    seed, count = fnv1a(seed_name), math.prod(shape)
    values = np.empty(count, np.float32)
    for start in range(0, count, _CHUNK):
        length = min(_CHUNK, count - start)
        u = (splitmix64(seed, start, length) >> np.uint64(40)).astype(np.float64) * 2.0**-23 - 1
        values[start:start + length] = rule(u)
    return values.reshape(shape)
