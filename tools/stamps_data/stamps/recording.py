"""Recordings as they are played: mono float32 at 16 kHz, without pauses, at one loudness."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SAMPLE_RATE = 16_000
REFERENCE_DB = -26.0
"""RMS that every recording is brought to, in dB below full scale, measured where it sounds."""
SILENT_PEAK = 1e-3
"""A recording whose peak is below this is silent."""
_BLOCK = 160  # samples: 10 ms
_QUIET_DB = -35.0  # of a block, against the loud ones
_PAUSE = 25  # blocks that are left of a longer pause: 0.25 s
_SHORTEST, _LONGEST = 0.05, 12.0  # seconds that are kept


@dataclass(frozen=True)
class Recording:
    """One sound, ready to be looped."""

    samples: np.ndarray
    """float32 [n], RMS at REFERENCE_DB."""
    gain_db: float
    """What it was raised by: minus this, it is as loud as the file."""


class RecordingError(Exception):
    """A file that is no sound."""


def decode(path: Path) -> np.ndarray:
    """The samples of any file that ffmpeg reads, mono, 16 kHz, float32 [n]."""
    command = ["ffmpeg", "-nostdin", "-v", "error", "-threads", "1", "-i", str(path), "-ac", "1", "-ar", str(SAMPLE_RATE),
               "-f", "f32le", "-"]
    try:
        result = subprocess.run(command, capture_output=True)
    except FileNotFoundError:
        raise RecordingError("ffmpeg: not found; install Debian's package ffmpeg") from None
    if result.returncode != 0 or not result.stdout:
        raise RecordingError(f"{path}: {result.stderr.decode(errors='replace').strip() or 'no sound in it'}")
    return np.frombuffer(result.stdout, "<f4").copy()


def prepare(samples: np.ndarray) -> Recording | None:
    """Cuts silence at both ends, shortens pauses to 0.25 s and sets the loudness; None for a silent recording.

    A looped recording then sounds within every second: what a clip calls sounding can be heard.
    """
    samples = np.asarray(samples, np.float32)
    if samples.size == 0 or np.abs(samples).max() < SILENT_PEAK:
        return None
    samples = samples - samples.mean()
    blocks = _blocks(samples)
    levels = 10 * np.log10(np.mean(blocks**2, axis=1) + 1e-12)
    loud = levels > np.percentile(levels, 95) + _QUIET_DB
    kept = blocks[_without_pauses(loud)].ravel()[: int(_LONGEST * SAMPLE_RATE)]
    if kept.size < _SHORTEST * SAMPLE_RATE:
        kept = np.pad(kept, (0, int(_SHORTEST * SAMPLE_RATE) - kept.size))
    power = float(np.mean(blocks[loud] ** 2))
    gain = 10 ** (REFERENCE_DB / 20) / np.sqrt(power)
    return Recording(_seamless(kept * np.float32(gain)), float(20 * np.log10(gain)))


def same(first: np.ndarray, second: np.ndarray) -> bool:
    """Whether two decoded recordings are one and the same, be it encoded otherwise or cut: where they fit best, the samples that both
    have must agree, and be at least half of the shorter one."""
    length = 1 << (first.size + second.size).bit_length()
    spectrum = np.fft.rfft(first, length) * np.conj(np.fft.rfft(second, length))
    shift = int(np.abs(np.fft.irfft(spectrum, length)).argmax())
    shift -= length if shift >= first.size else 0
    start, end = max(0, shift), min(first.size, shift + second.size)
    if end - start < min(first.size, second.size) / 2:
        return False
    a, b = first[start:end].astype(np.float64), second[start - shift:end - shift].astype(np.float64)
    return abs(float(np.dot(a, b))) > 0.7 * float(np.linalg.norm(a) * np.linalg.norm(b)) > 0.0


def _blocks(samples: np.ndarray) -> np.ndarray:
    count = max(1, -(-samples.size // _BLOCK))
    return np.pad(samples, (0, count * _BLOCK - samples.size)).reshape(count, _BLOCK)


def _without_pauses(loud: np.ndarray) -> np.ndarray:
    """Which blocks stay: all loud ones, and of each pause between them the first 0.25 s."""
    indices = np.flatnonzero(loud)
    keep = np.zeros(loud.size, bool)
    keep[indices[0]:indices[-1] + 1] = True
    for start, end in zip(indices[:-1], indices[1:]):
        keep[start + 1 + _PAUSE:end] = False
    return keep


def _seamless(samples: np.ndarray) -> np.ndarray:
    """Ramps of 5 ms at both ends, so that the loop does not click."""
    ramp = np.linspace(0, 1, min(80, samples.size // 2), endpoint=False, dtype=np.float32)
    samples = samples.copy()
    samples[:ramp.size] *= ramp
    samples[samples.size - ramp.size:] *= ramp[::-1]
    return samples
