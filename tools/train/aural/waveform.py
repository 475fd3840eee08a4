"""WAV files of any rate to the 16 kHz that VGGish takes."""

import math
import wave
from pathlib import Path

import numpy as np

from .logmel import SAMPLE_RATE

CROSSINGS, BETA, CUTOFF = 64, 12.0, 0.95  # of the sinc, of its Kaiser window, and where it ends below half of the lower rate


def read(path: Path) -> np.ndarray:
    """The samples of a 16-bit PCM file at 16 kHz in about [-1, 1), float64 [2, samples]. A single channel is doubled.

    Raises ValueError for another sample format.
    """
    with wave.open(str(path), "rb") as file:
        if file.getsampwidth() != 2:
            raise ValueError(f"{path}: needs 16-bit PCM; convert it first")
        rate, channels = file.getframerate(), file.getnchannels()
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, channels).T / 32768.0
    samples = np.repeat(samples, 2, axis=0) if channels == 1 else samples[:2]
    return samples if rate == SAMPLE_RATE else resample(samples, rate)


def resample(samples: np.ndarray, rate: int) -> np.ndarray:
    """[channels, n] from `rate` to 16 kHz by a windowed sinc: the outputs of one phase have one kernel."""
    divisor = math.gcd(rate, SAMPLE_RATE)
    up, down = SAMPLE_RATE // divisor, rate // divisor
    width = max(1.0, down / up) / CUTOFF
    half = math.ceil(CROSSINGS * width)
    padded = np.pad(samples, ((0, 0), (half, half + down)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1, axis=1)
    result = np.zeros((len(samples), -(-samples.shape[1] * up // down)))
    for phase in range(min(up, result.shape[1])):
        first = phase * down // up
        distance = np.arange(-half, half + 1) - (phase * down / up - first)
        window = np.i0(BETA * np.sqrt(np.clip(1 - (distance / half) ** 2, 0, None))) / np.i0(BETA)
        place = result[:, phase::up]
        place[:] = windows[:, first::down][:, : place.shape[1]] @ (np.sinc(distance / width) / width * window)
    return result
