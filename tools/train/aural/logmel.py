"""Log-mel spectrograms as VGGish takes them (Hershey et al., arXiv:1609.09430), in float64."""

import wave
from functools import lru_cache
from pathlib import Path

import numpy as np

SAMPLE_RATE = 16_000
WINDOW, HOP, FFT = 400, 160, 512  # samples: 25 ms, 10 ms, and the window padded with zeros
BANDS, LOWEST, HIGHEST = 64, 125.0, 7500.0  # hertz
EXAMPLE = 96  # spectrogram frames in an example: 0.96 s
_LOG_OFFSET = 0.01


def read_wav(path: Path) -> np.ndarray:
    """The samples of a 16-bit PCM file in [-1, 1), float64 [2, samples]. A single channel is doubled.

    Raises ValueError for another sample format or rate.
    """
    with wave.open(str(path), "rb") as file:
        if file.getsampwidth() != 2 or file.getframerate() != SAMPLE_RATE:
            raise ValueError(f"{path}: needs 16-bit PCM at {SAMPLE_RATE} Hz; convert it first")
        channels = file.getnchannels()
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, channels).T / 32768.0
    return np.repeat(samples, 2, axis=0) if channels == 1 else samples[:2]


@lru_cache
def mel_weights() -> np.ndarray:
    """What each of the FFT's bins gives to each band [257, 64]. Triangles are straight in mel, not in hertz; bin 0 gives nothing."""
    def mel(hertz):
        return 1127.0 * np.log(1.0 + hertz / 700.0)

    bins = mel(np.linspace(0.0, SAMPLE_RATE / 2, FFT // 2 + 1))[:, None]
    edges = np.linspace(mel(LOWEST), mel(HIGHEST), BANDS + 2)
    lower, centre, upper = edges[:-2], edges[1:-1], edges[2:]
    weights = np.maximum(0.0, np.minimum((bins - lower) / (centre - lower), (upper - bins) / (upper - centre)))
    weights[0] = 0.0
    return weights


def log_mel(samples: np.ndarray) -> np.ndarray:
    """The log-mel spectrogram of one channel at 16 kHz, float64 [frames, 64]. Nothing is padded: the last window lies inside."""
    if len(samples) < WINDOW:
        return np.empty((0, BANDS))
    windows = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi / WINDOW * np.arange(WINDOW))
    magnitudes = np.abs(np.fft.rfft(windows * hann, FFT))
    return np.log(magnitudes @ mel_weights() + _LOG_OFFSET)


def examples(samples: np.ndarray) -> np.ndarray:
    """Examples of 0.96 s without overlap, float32 [n, channels, 96, 64]; what is left at the end is dropped."""
    mels = np.stack([log_mel(channel) for channel in samples])
    count = mels.shape[1] // EXAMPLE
    mels = mels[:, :count * EXAMPLE].reshape(len(samples), count, EXAMPLE, BANDS)
    return mels.transpose(1, 0, 2, 3).astype(np.float32)


def rows(samples: np.ndarray, count: int) -> np.ndarray:
    """Exactly `count` examples, one for each frame of a clip: the last one is repeated, or those past the clip are dropped.

    Raises ValueError if there is not one whole example.
    """
    found = examples(samples)
    if len(found) == 0:
        raise ValueError("the sound is shorter than one example of 0.975 s")
    return found[np.minimum(np.arange(count), len(found) - 1)]
