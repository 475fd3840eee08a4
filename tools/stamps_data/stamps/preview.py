"""Contact sheets: what a person should look at before believing any figure."""

import cv2
import numpy as np

from .library import Library
from .mixer import sound
from .picture import Renderer
from .sampler import SECONDS
from .scene import Scene

_GREEN, _GREY, _WHITE, _DARK = (60, 255, 60), (150, 150, 150), (255, 255, 255), (24, 24, 24)
_STRIP, _TEXT = 44, 15  # pixels


def sheet(library: Library, rows: list[tuple[Scene, tuple[float, ...]]], size: int = 224, columns: int = 6) -> np.ndarray:
    """Cells for scenes and the times to show of each, uint8 [h, w, 3].

    A cell is the picture with what sounds outlined in green and silent stamps that could sound in grey, the names (a star at those that
    sound), and the last second's spectrogram and waveform. Scenes with several times take one row each.
    """
    cells = [cell(library, scene, t, size) for scene, times in rows for t in times]
    columns = max(len(rows[0][1]), 1) if len(rows[0][1]) > 1 else min(columns, len(cells))
    cells += [np.full_like(cells[0], _DARK[0])] * (-len(cells) % columns)
    return np.vstack([np.hstack(cells[start:start + columns]) for start in range(0, len(cells), columns)])


def cell(library: Library, scene: Scene, t: float, size: int) -> np.ndarray:
    """One frame of a sheet."""
    image, masks = Renderer(library, scene, size, size).frame(t)
    names = []
    for actor, mask in zip(scene.actors, masks):
        stamp = library.catalogue.stamps[actor.stamp]
        sounds = actor.sounds(t)
        if stamp.sounding:
            contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
            cv2.drawContours(image, contours, -1, _GREEN if sounds else _GREY, 2 if sounds else 1)
        names.append((f"*{stamp.name}" if sounds else stamp.name, _GREEN if sounds else _WHITE if stamp.sounding else _GREY))
    samples = sound(library, scene, t - SECONDS, t)
    labels = np.full((_TEXT * 2, size, 3), _DARK[0], np.uint8)
    heading = f"{scene.split} {scene.seed} {t:.1f}s {scene.backdrop.kind} {scene.noise.colour}"
    _write(labels, heading, 0, 11, _WHITE)
    x = 2
    for name, colour in names:
        x = _write(labels, name, x, 11 + _TEXT, colour) + 5
    framed = np.vstack([image, labels, _spectrogram(samples, size), _waveform(samples, size)])
    return cv2.copyMakeBorder(framed, 2, 2, 2, 2, cv2.BORDER_CONSTANT, value=(90, 90, 90))


def _write(target: np.ndarray, text: str, x: int, y: int, colour: tuple[int, int, int]) -> int:
    cv2.putText(target, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.34, colour, 1, cv2.LINE_AA)
    return x + cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 0.34, 1)[0][0]


def _spectrogram(samples: np.ndarray, width: int) -> np.ndarray:
    """A log spectrogram of both channels' mean: low notes at the bottom, brightness from -60 to +10 dB of one sample's full scale."""
    windows = np.lib.stride_tricks.sliding_window_view(samples.mean(axis=0), 400)[::160] * np.hanning(400)
    power = np.abs(np.fft.rfft(windows, 512))
    edges = np.unique(np.round(np.geomspace(3, 240, 40)).astype(int))
    bands = np.stack([power[:, a:b].mean(axis=1) for a, b in zip(edges[:-1], edges[1:])])[::-1]
    level = np.clip((20 * np.log10(bands + 1e-6) + 50) / 80 * 255, 0, 255).astype(np.uint8)
    return cv2.applyColorMap(cv2.resize(level, (width, _STRIP), interpolation=cv2.INTER_NEAREST), cv2.COLORMAP_INFERNO)[:, :, ::-1]


def _waveform(samples: np.ndarray, width: int) -> np.ndarray:
    """Peaks of the left channel above, of the right below the middle."""
    strip = np.full((_STRIP // 2, width, 3), _DARK[0], np.uint8)
    count = samples.shape[1] // width
    peaks = np.abs(samples[:, :count * width]).reshape(2, width, count).max(axis=2)
    middle = _STRIP // 4
    for x in range(width):
        up, down = (int(np.ceil(peak**0.5 * middle)) for peak in peaks[:, x])
        strip[max(0, middle - up):middle + down, x] = (120, 190, 255)
    return strip
