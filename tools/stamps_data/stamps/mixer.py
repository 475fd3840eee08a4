"""The sound of a scene."""

import math

import numpy as np

from . import noise
from .library import Library
from .recording import SAMPLE_RATE
from .scene import ALWAYS, Scene, Voice

_RAMP = 160  # samples: 10 ms at the start and the end of an interval


def sound(library: Library, scene: Scene, start: float, end: float) -> np.ndarray:
    """Both channels from `start` to `end`, float32 [2, samples] in [-1, 1] at 16 kHz.

    A sample depends on its own time alone: stretches that are asked for one by one fit together.
    """
    first, last = round(start * SAMPLE_RATE), round(end * SAMPLE_RATE)
    mix = _noise(scene, first, last - first)
    for actor in scene.actors:
        if actor.voice is not None:
            recording = library.sounds[library.catalogue.stamps[actor.stamp].class_id]
            _add(mix, recording, actor.voice, first)
    # As a sound card does, what is too loud is cut off.
    return np.clip(mix, -1.0, 1.0, out=mix)


def channel_gains(pan: float) -> tuple[float, float]:
    """Left and right at constant power; 1 and 1 in the middle."""
    angle = (pan + 1) * math.pi / 4
    return math.sqrt(2) * math.cos(angle), math.sqrt(2) * math.sin(angle)


def _noise(scene: Scene, first: int, count: int) -> np.ndarray:
    mix = np.zeros((2, count), np.float32)
    if scene.noise.colour != "silence":
        for channel, offset in enumerate((scene.noise.seed, scene.noise.seed // 2 + noise.LENGTH // 3)):
            np.multiply(noise.stretch(scene.noise.colour, first + offset, count), np.float32(scene.noise.gain), out=mix[channel])
    return mix


def _add(mix: np.ndarray, recording: np.ndarray, voice: Voice, first: int) -> None:
    times = np.arange(first, first + mix.shape[1])
    envelope = _envelope(voice, times)
    if envelope is not None and not envelope.any():
        return
    samples = _looped(recording, times * voice.pitch + voice.offset * SAMPLE_RATE)
    if envelope is not None:
        samples *= envelope
    for channel, gain in enumerate(channel_gains(voice.pan)):
        mix[channel] += samples * np.float32(gain * voice.gain)


def _envelope(voice: Voice, times: np.ndarray) -> np.ndarray | None:
    """How loud it is at each sample; None where it plays throughout."""
    if voice.intervals == (ALWAYS,):
        return None
    envelope = np.zeros(times.size, np.float32)
    for start, end in voice.intervals:
        rise = (times - start * SAMPLE_RATE) / _RAMP
        fall = (end * SAMPLE_RATE - times) / _RAMP
        np.maximum(envelope, np.clip(np.minimum(rise, fall), 0.0, 1.0), out=envelope, casting="same_kind")
    return envelope


def _looped(recording: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """The recording at fractional positions: cubic (Catmull-Rom), which keeps what linear interpolation would dull."""
    whole = np.floor(positions)
    x = (positions - whole).astype(np.float32)
    index = whole.astype(np.int64) % recording.size
    # One run of the loop, extended at both ends so that four neighbours are at hand.
    padded = np.concatenate([recording[-1:], recording, recording.take([0, 1], mode="wrap")])
    a, b, c, d = (padded.take(index + shift) for shift in range(4))
    return b + 0.5 * x * (c - a + x * (2 * a - 5 * b + 4 * c - d + x * (3 * (b - c) + d - a)))
