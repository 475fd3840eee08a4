"""The layout of the golden files: tensors stored whole, sampled or as bits (Tests/Golden/README.md)."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from .synthetic import sample_positions


def whole(tensors: dict[str, np.ndarray], name: str, value: Tensor) -> None:
    """Adds all of a tensor; a single number becomes a tensor of one."""
    array = np.atleast_1d(value.detach().numpy())
    tensors[name] = np.ascontiguousarray(array if array.dtype.kind in "iu" else array.astype(np.float32))


def sampled(tensors: dict[str, np.ndarray], name: str, value: Tensor, count: int) -> None:
    """Adds a tensor's shape, figures and `count` of its values."""
    flat = value.detach().numpy().astype(np.float64).ravel()
    tensors[f"{name}.shape"] = np.array(value.shape, np.int64)
    tensors[f"{name}.stats"] = np.array([flat.mean(), flat.std(), flat.min(), flat.max(), np.linalg.norm(flat)])
    tensors[f"{name}.sample"] = flat[sample_positions(name, len(flat), count)].astype(np.float32)


def bits(tensors: dict[str, np.ndarray], name: str, value: Tensor) -> None:
    """Adds a mask [height, width], eight pixels a byte."""
    mask = value.numpy().astype(bool)
    tensors[f"{name}.shape"] = np.array(mask.shape, np.int64)
    tensors[f"{name}.bits"] = np.packbits(mask)
    tensors[f"{name}.count"] = np.array([mask.sum()], np.int64)


def mask(tensors: Mapping[str, np.ndarray], name: str) -> Tensor:
    """A mask stored as bits, bool [height, width]."""
    height, width = tensors[f"{name}.shape"]
    return torch.from_numpy(np.unpackbits(tensors[f"{name}.bits"], count=height * width).astype(bool).reshape(height, width))


def error(tensors: Mapping[str, np.ndarray], name: str, value: Tensor) -> float:
    """The worst difference from a stored tensor over that one's root mean square; for masks and integers, how many differ."""
    if f"{name}.bits" in tensors:
        return float((mask(tensors, name) != value).sum())
    if name in tensors and tensors[name].dtype.kind in "iu":
        return float((tensors[name] != value.numpy()).sum())
    actual = value.detach().numpy().astype(np.float64).ravel()
    if name in tensors:
        expected = tensors[name].astype(np.float64).ravel()
    else:
        expected = tensors[f"{name}.sample"].astype(np.float64)
        shape = tuple(tensors[f"{name}.shape"])
        if shape != tuple(value.shape):
            raise ValueError(f"{name}: shape {tuple(value.shape)} instead of {shape}")
        actual = actual[sample_positions(name, len(actual), len(expected))]
    if actual.shape != expected.shape:
        raise ValueError(f"{name}: {actual.size} values instead of {expected.size}")
    return float(np.abs(actual - expected).max() / np.sqrt((expected**2).mean()))
