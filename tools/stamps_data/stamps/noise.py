"""Tables of noise, so that any stretch of it costs a copy."""

from functools import cache

import numpy as np

LENGTH = 1 << 19
"""Samples of a table: half a minute."""
COLOURS = {"white": 0.0, "pink": 0.5, "brown": 1.0}
"""By how much the amplitude falls: with the frequency to the power of minus this."""


@cache
def table(colour: str) -> np.ndarray:
    """Noise of RMS 1 that repeats without a seam, float32 [LENGTH]."""
    generator = np.random.Generator(np.random.PCG64([0x4E4F495345, list(COLOURS).index(colour)]))
    if colour == "white":
        return generator.standard_normal(LENGTH, dtype=np.float32)
    spectrum = np.fft.rfft(generator.standard_normal(LENGTH))
    frequency = np.fft.rfftfreq(LENGTH, 1 / 16_000)
    # Below what can be heard it would only take the power from the rest.
    shape = np.where(frequency < 30, 0.0, np.maximum(frequency, 30) ** -COLOURS[colour])
    samples = np.fft.irfft(spectrum * shape, LENGTH)
    return (samples / np.sqrt(np.mean(samples**2))).astype(np.float32)


def stretch(colour: str, start: int, count: int) -> np.ndarray:
    """`count` samples from `start` on, float32; the table repeats."""
    values = table(colour)
    start %= LENGTH
    if start + count <= LENGTH:
        return values[start:start + count]
    return values.take(np.arange(start, start + count), mode="wrap")
