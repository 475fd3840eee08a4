"""When the frames of a clip are taken and when its sounds may change."""

from dataclasses import dataclass

from .scene import DECISION

ROW = 0.96
"""Seconds of sound in a row of AVSBench's loaders; rows follow each other without a gap."""


@dataclass(frozen=True)
class Timing:
    """The frames, and between them one chance of a change."""

    frames: tuple[float, ...]
    """Seconds, rising."""
    switches: tuple[tuple[float, float], ...]
    """For every frame but the first: when what stops before it stops, and when what begins begins."""

    @property
    def middle(self) -> float:
        """Between the first frame and the last."""
        return (self.frames[0] + self.frames[-1]) / 2

    @property
    def length(self) -> float:
        """From the first frame to the last."""
        return self.frames[-1] - self.frames[0]


STILL = Timing((0.0,), ())


def even(frames: int, fps: float) -> Timing:
    """Frames at i / fps. Changes fall half-way between the moments at which two frames' truths are decided."""
    step = 1 / fps
    times = tuple(i * step for i in range(frames))
    return Timing(times, tuple((t - DECISION / 2 - step / 2,) * 2 for t in times[1:]))


def avsbench(frames: int) -> Timing:
    """One frame a second, for loaders that give frame i the i-th 0.96 s of the sound.

    What stops before second i stops at 0.96 · i, what begins then begins at i: so that second i and row i hold the same sounds, although
    rows run ahead of the seconds. Frames are taken late in their second, yet before the earliest end of its sounds.

    Raises ValueError for more than ten frames, where rows and seconds drift too far apart.
    """
    if not 1 <= frames <= 10:
        raise ValueError(f"{frames} frames: AVSBench's clips have 1 to 10, one a second")
    offset = 1 - (1 - ROW) * frames
    return Timing(tuple(i + offset for i in range(frames)), tuple((ROW * i, float(i)) for i in range(1, frames)))
