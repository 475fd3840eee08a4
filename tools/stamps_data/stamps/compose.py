"""Scenes from a split and a seed: the same scene for the same pair, whatever else was drawn before."""

import dataclasses
import math
from collections.abc import Sequence

import numpy as np

from . import noise
from .catalogue import Catalogue
from .library import Library
from .mix import SPLITS, Mix, is_swap
from .recording import REFERENCE_DB
from .scene import ALWAYS, Actor, Backdrop, Look, Noise, Scene, Track, Voice
from .timing import STILL, Timing

_TRIES = 12
_ABSENT = 5.0  # where a stamp is that is not in the picture


def compose(library: Library, split: str, seed: int, timing: Timing = STILL, mix: Mix | None = None) -> Scene:
    """The scene of a seed. Another timing or mix gives another scene; `mix` is the split's own if not given."""
    return _Composer(library, split, seed, timing, mix or SPLITS[split]).scene()


def generator_for(split: str, seed: int) -> np.random.Generator:
    """The generator of a scene: streams of different splits have nothing in common."""
    return np.random.Generator(np.random.PCG64([*split.encode(), 0xFFFF, seed & 0xFFFFFFFF, seed >> 32]))


class _Composer:
    """Draws one scene."""

    def __init__(self, library: Library, split: str, seed: int, timing: Timing, mix: Mix):
        self.library, self.split, self.seed, self.timing, self.mix = library, split, seed, timing, mix
        self.catalogue: Catalogue = library.catalogue
        self.random = generator_for(split, seed // 2 if is_swap(split) else seed)
        self.able = self.catalogue.unseen if mix.unseen else self.catalogue.seen
        self.tracks: list[Track] = []

    def scene(self) -> Scene:
        cast = self._cast(self._weighted(self.mix.objects) + 1)
        states = self._states([index for index, stamp in enumerate(cast) if self._able(stamp)])
        tracks = [self._track() for _ in cast]
        if self.mix.absent and self.random.random() < self.mix.absent and states[0]:
            chosen = states[0][0]
            tracks[chosen] = dataclasses.replace(tracks[chosen], x=_ABSENT, velocity_x=0.0)
        level = self._level()
        actors = [
            Actor(stamp, track, bool(self.random.random() < 0.5), self._tint(), self._voice(stamp, self._intervals(states, index), level))
            for index, (stamp, track) in enumerate(zip(cast, tracks))
        ]
        order = self.random.permutation(len(actors))
        ordered = tuple(actors[index] for index in order)
        return Scene(self.split, self.seed, ordered, self._backdrop(), self._noise(ordered), self._look())

    # Who

    def _cast(self, count: int) -> list[int]:
        """Stamps that may be together; first those that can sound in this split."""
        needed = count if is_swap(self.split) else min(count, len(self.mix.sounding) - 1)
        cast: list[int] = []
        silent, symbols = self.catalogue.silent, self.catalogue.symbols
        rivals = self.able if not self.mix.unseen else self.able + self.catalogue.seen
        for number in range(count):
            for _ in range(_TRIES):
                if number < needed:
                    pool: Sequence[int] = self.able
                elif self.random.random() < self.mix.rivals or not silent:
                    pool = rivals
                else:
                    pool = symbols if symbols and self.random.random() < self.mix.symbols else silent
                stamp = pool[self.random.integers(len(pool))]
                if all(self.catalogue.compatible(stamp, other) for other in cast):
                    cast.append(int(stamp))
                    break
        return cast

    def _able(self, stamp: int) -> bool:
        found = self.catalogue.stamps[stamp]
        return found.sounding and found.unseen == self.mix.unseen

    # When

    def _states(self, able: list[int]) -> list[tuple[int, ...]]:
        """Who sounds at each frame: positions in the cast."""
        if is_swap(self.split):
            return [(able[self.seed % 2],)] * len(self.timing.frames)
        states = [self._sounding(able)]
        for _ in self.timing.switches:
            states.append(self._sounding(able) if self.random.random() < self.mix.change else states[-1])
        return states

    def _sounding(self, able: list[int]) -> tuple[int, ...]:
        count = min(self._weighted(self.mix.sounding), len(able))
        return tuple(sorted(int(index) for index in self.random.permutation(able)[:count]))

    def _intervals(self, states: list[tuple[int, ...]], index: int) -> tuple[tuple[float, float], ...]:
        """When this member of the cast plays."""
        playing = [index in state for state in states]
        if len(states) == 1 and self.random.random() < self.mix.partial:
            # Far enough from the frame that there is no doubt about it.
            moment = float(self.random.uniform(-0.95, -0.35))
            return ((moment, ALWAYS[1]),) if playing[0] else ((ALWAYS[0], moment),)
        edges = [ALWAYS[0], *(start for _, start in self.timing.switches)]
        ends = [*(stop for stop, _ in self.timing.switches), ALWAYS[1]]
        intervals: list[tuple[float, float]] = []
        for number, plays in enumerate(playing):
            if plays and number and playing[number - 1]:
                intervals[-1] = (intervals[-1][0], ends[number])
            elif plays:
                intervals.append((edges[number], ends[number]))
        return tuple(intervals)

    # Where

    def _track(self) -> Track:
        """A place that leaves the others to be seen, as far as a few tries find one, and a motion that is there at mid-clip."""
        low, high = self.mix.size
        size = float(self.random.uniform(low, high))
        if self.mix.large and self.random.random() < self.mix.large:
            size = float(self.random.uniform(high, 1.5 * high))
        beyond = self.mix.beyond and self.random.random() < self.mix.beyond
        margin = -0.05 if beyond else min(0.45, 0.08 + size / 4)
        best, best_room = (0.5, 0.5), -math.inf
        for _ in range(_TRIES):
            x, y = (float(value) for value in self.random.uniform(margin, 1 - margin, 2))
            room = min((math.hypot(x - t.x, y - t.y) / (size + t.size) for t in self.tracks), default=1.0)
            if room > best_room:
                best, best_room = (x, y), room
            if room > (0.45 if is_swap(self.split) else 0.33):
                break
        track = self._moving(Track(*best, size=size, angle=self._angle()))
        self.tracks.append(track)
        return track

    def _angle(self) -> float:
        return float(self.random.uniform(-math.pi, math.pi) if self.random.random() < self.mix.turned else self.random.normal(0, 0.2))

    def _moving(self, track: Track) -> Track:
        if len(self.timing.frames) == 1:
            return track
        gentle = 0.3 if is_swap(self.split) else 1.0
        speed = float(self.random.uniform(0, 0.2)) * gentle if self.random.random() < 0.7 else 0.0
        heading = float(self.random.uniform(-math.pi, math.pi))
        velocity_x, velocity_y = speed * math.cos(heading), speed * math.sin(heading)
        swing = float(self.random.uniform(0, 0.08)) * gentle if self.random.random() < 0.5 else 0.0
        return dataclasses.replace(
            track, x=track.x - velocity_x * self.timing.middle, y=track.y - velocity_y * self.timing.middle, velocity_x=velocity_x,
            velocity_y=velocity_y, swing=swing, swing_rate=float(self.random.uniform(0.1, 0.5)),
            swing_phase=float(self.random.uniform(0, 2 * math.pi)),
            spin=float(self.random.normal(0, 0.25)) if self.random.random() < 0.6 else 0.0, growth=float(self.random.uniform(-0.25, 0.25)),
        )

    def _tint(self) -> tuple[float, float, float]:
        if not self.mix.augment or self.random.random() < 0.5:
            return (1.0, 1.0, 1.0)
        red, green, blue = self.random.uniform(0.8, 1.2) * self.random.uniform(0.92, 1.08, 3)
        return float(red), float(green), float(blue)

    # What is heard

    def _level(self) -> float:
        return float(self.random.uniform(*self.mix.gain_db))

    def _voice(self, stamp: int, intervals: tuple[tuple[float, float], ...], level: float) -> Voice | None:
        """Drawn for every stamp, so that both clips of a swap pair have the same voices."""
        difference = float(self.random.uniform(-1, 1)) * self.mix.difference_db
        as_recorded = self.random.random() < self.mix.as_recorded
        pan, pitch, offset = self.random.uniform(-0.8, 0.8), self.random.uniform(0.95, 1.05), self.random.uniform(0, 60)
        class_id = self.catalogue.stamps[stamp].class_id
        if class_id < 0 or not intervals:
            return None
        gain = difference - self.library.gains[class_id] if as_recorded else level + difference
        return Voice(10 ** (gain / 20), float(pan), float(pitch), float(offset), intervals)

    def _noise(self, actors: Sequence[Actor]) -> Noise:
        quiet = self.random.random() < self.mix.quiet
        colour = list(noise.COLOURS)[self.random.integers(len(noise.COLOURS))]
        snr, alone = self.random.uniform(*self.mix.snr_db), self.random.uniform(*self.mix.silent_noise_db)
        seed = int(self.random.integers(noise.LENGTH))
        if quiet:
            return Noise("silence")
        loudest = max((actor.voice.gain for actor in actors if actor.voice), default=0.0)
        decibels = 20 * math.log10(loudest) + REFERENCE_DB - snr if loudest else alone
        return Noise(colour, 10 ** (decibels / 20), seed)

    # What is behind, and the camera

    def _backdrop(self) -> Backdrop:
        kinds = self.mix.backdrops
        kind = kinds[self._weighted([weight for _, weight in kinds])][0]
        photos = [index for index, background in enumerate(self.library.backgrounds) if background.validation == self.mix.validation]
        photo, seed = int(self.random.integers(1 << 30)), int(self.random.integers(1 << 31))
        pan = self.random.uniform(-0.05, 0.05, 2) if len(self.timing.frames) > 1 and self.random.random() < 0.5 else (0.0, 0.0)
        if kind == "photo" and not photos:
            kind = "texture"
        return Backdrop(kind, seed, photos[photo % len(photos)] if kind == "photo" else -1, float(pan[0]), float(pan[1]))

    def _look(self) -> Look:
        if not self.mix.augment or self.random.random() < 0.2:
            return Look()
        draw = self.random
        gains = draw.uniform(0.9, 1.1, 3)
        return Look(
            gains=tuple(float(gain) for gain in gains), contrast=float(draw.uniform(0.75, 1.25)), brightness=float(draw.uniform(-0.12, 0.12)),
            saturation=float(draw.uniform(0.5, 1.4)), gamma=float(2 ** draw.uniform(-0.4, 0.4)),
            grain=float(draw.uniform(0, 8)) if draw.random() < 0.15 else 0.0, blur=float(draw.uniform(0.4, 1.0)) if draw.random() < 0.1 else 0.0,
            jpeg=int(draw.integers(40, 96)) if draw.random() < 0.2 else 0,
        )

    def _weighted(self, weights: Sequence[float]) -> int:
        """A position, with odds in proportion to the weights."""
        mark = self.random.random() * sum(weights)
        for position, weight in enumerate(weights):
            mark -= weight
            if mark < 0:
                return position
        return len(weights) - 1
