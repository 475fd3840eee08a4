"""What the clips of a split are like: how many stamps, how many of them sound, how large, how loud."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mix:
    """The odds that scenes are drawn with. `dataclasses.replace` makes another one for a stage of training."""

    objects: tuple[float, ...] = (0.15, 0.3, 0.3, 0.25)
    """Weights of 1, 2, 3 and 4 stamps."""
    sounding: tuple[float, ...] = (0.0, 0.7, 0.3)
    """Weights of 0, 1 and 2 that sound at a time."""
    unseen: bool = False
    """Whether the ten that training never has are the ones that sound."""
    validation: bool = True
    """Whether backgrounds are those of validation."""
    rivals: float = 0.5
    """The share of silent stamps that could sound."""
    symbols: float = 0.1
    """The share of silent stamps that are letters and signs, of which the package has many."""
    size: tuple[float, float] = (0.12, 0.6)
    """The longest side, in shorter sides of the picture."""
    large: float = 0.0
    """The odds of a stamp of up to 1.5 times the upper size."""
    beyond: float = 0.12
    """The odds of a stamp that lies across the picture's edge."""
    turned: float = 0.12
    """The odds of a stamp at any angle; the others are turned by some ten degrees."""
    absent: float = 0.0
    """The odds of a picture whose sounding stamp is not in it."""
    change: float = 0.2
    """The odds that what sounds changes from one frame to the next."""
    partial: float = 0.0
    """In single frames, the odds that what sounds began within the last second, or that something else has just stopped."""
    backdrops: tuple[tuple[str, float], ...] = (("photo", 0.6), ("plain", 0.1), ("gradient", 0.1), ("texture", 0.1), ("shapes", 0.1))
    gain_db: tuple[float, float] = (-12.0, 8.0)
    """Against the reference loudness."""
    as_recorded: float = 0.25
    """The odds of a recording that is as loud as its file (some are 28 dB below the rest), but for up to 6 dB."""
    difference_db: float = 6.0
    """By how much, up or down, two that sound at once differ in loudness."""
    quiet: float = 0.25
    """The odds of no background noise."""
    snr_db: tuple[float, float] = (5.0, 40.0)
    """Of the loudest recording to the noise."""
    silent_noise_db: tuple[float, float] = (-70.0, -25.0)
    """RMS of the noise where nothing sounds."""
    augment: bool = False
    """Whether the camera's colours, blur, grain and compression vary."""


SPLITS = {
    "train": Mix(sounding=(0.12, 0.6, 0.28), validation=False, large=0.08, absent=0.03, partial=0.1, augment=True,
                 backdrops=(("photo", 0.4), ("plain", 0.08), ("gradient", 0.12), ("texture", 0.2), ("shapes", 0.2))),
    "seen": Mix(),
    "two": Mix(objects=(0.0, 0.34, 0.33, 0.33), sounding=(0.0, 0.0, 1.0), change=0.0),
    "unseen": Mix(unseen=True),
    "swap": Mix(objects=(0.0, 1.0), sounding=(0.0, 1.0), size=(0.2, 0.6), beyond=0.0, change=0.0),
    "swap-unseen": Mix(objects=(0.0, 1.0), sounding=(0.0, 1.0), size=(0.2, 0.6), beyond=0.0, change=0.0, unseen=True),
    "silent": Mix(sounding=(1.0,), change=0.0, quiet=0.3),
}
"""Training, and what is measured. Seeds of one split have nothing to do with those of another."""


def is_swap(split: str) -> bool:
    """Whether clips come in pairs, seeds 2n and 2n + 1: the same picture, the sound of either stamp."""
    return split.startswith("swap")
