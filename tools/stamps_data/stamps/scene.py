"""What a clip is, in numbers: which stamps move how before which background, and what plays when.

Lengths are in units of the picture's shorter side, places go from 0 to 1 across the picture, times are in seconds; a scene has no end.
"""

import math
from dataclasses import dataclass

DECISION = 0.3
"""A stamp sounds at time t if its recording has been playing for at least half of the last DECISION seconds before t."""
ALWAYS = (-1e6, 1e6)
"""An interval that neither begins nor ends within a clip."""


@dataclass(frozen=True)
class Track:
    """A way: even motion with a swing on top, even turning, even growth."""

    x: float
    y: float
    velocity_x: float = 0.0
    velocity_y: float = 0.0
    swing: float = 0.0
    swing_rate: float = 0.0
    swing_phase: float = 0.0
    angle: float = 0.0
    spin: float = 0.0
    size: float = 0.3
    growth: float = 0.0

    def at(self, t: float) -> tuple[float, float, float, float]:
        """Centre x and y, the angle in radians, and the longest side."""
        turn = 2 * math.pi * self.swing_rate * t + self.swing_phase
        x = self.x + self.velocity_x * t + self.swing * math.sin(turn)
        y = self.y + self.velocity_y * t + self.swing * math.cos(turn)
        size = self.size * math.exp(self.growth * math.sin(t)) if self.growth else self.size
        return x, y, self.angle + self.spin * t, size


@dataclass(frozen=True)
class Voice:
    """A recording that plays: looped throughout, heard within the intervals."""

    gain: float
    """A factor on the recording at its reference loudness."""
    pan: float
    """From -1, left, to 1, right."""
    pitch: float
    """How much faster than recorded."""
    offset: float
    """Seconds into the recording at time 0."""
    intervals: tuple[tuple[float, float], ...] = (ALWAYS,)

    def sounds(self, t: float) -> bool:
        """Whether the stamp sounds at time t: the definition at DECISION."""
        heard = sum(max(0.0, min(end, t) - max(start, t - DECISION)) for start, end in self.intervals)
        return heard >= DECISION / 2 - 1e-9


@dataclass(frozen=True)
class Actor:
    """A stamp in the picture."""

    stamp: int
    """Its position in the catalogue."""
    track: Track
    flip: bool = False
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    voice: Voice | None = None

    def sounds(self, t: float) -> bool:
        """Whether it sounds at time t."""
        return self.voice is not None and self.voice.sounds(t)


@dataclass(frozen=True)
class Backdrop:
    """What is behind the stamps."""

    kind: str
    """photo, plain, gradient, texture or shapes."""
    seed: int
    """Of what is drawn."""
    photo: int = -1
    """For a photo, its position in the library."""
    pan_x: float = 0.0
    pan_y: float = 0.0
    """How far it moves a second."""


@dataclass(frozen=True)
class Noise:
    """Sound that belongs to nothing in the picture."""

    colour: str
    """silence, white, pink or brown."""
    gain: float = 0.0
    """Its RMS."""
    seed: int = 0


@dataclass(frozen=True)
class Look:
    """What the camera does to the picture."""

    gains: tuple[float, float, float] = (1.0, 1.0, 1.0)
    contrast: float = 1.0
    brightness: float = 0.0
    saturation: float = 1.0
    gamma: float = 1.0
    grain: float = 0.0
    """Standard deviation of the sensor's noise, in grey levels."""
    blur: float = 0.0
    """In pixels of a picture of 256."""
    jpeg: int = 0
    """Quality of the compression; 0 for none."""


@dataclass(frozen=True)
class Scene:
    """All of a clip. Actors come from back to front."""

    split: str
    seed: int
    actors: tuple[Actor, ...]
    backdrop: Backdrop
    noise: Noise
    look: Look = Look()
