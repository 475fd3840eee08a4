"""Which pictures have a sound of their own, and what is left out, with the reason."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

UNSEEN = ("horse", "violin", "dog", "rooster", "kettle", "owl", "drumkit", "sheep", "firetruck", "frog")
"""Stamps whose pictures and sounds are in no training clip."""

# Their recordings are spoken names: digits, letters, faces, and the sides of a dreidel.
_SPOKEN = (re.compile(r"^symbols/"), re.compile(r"^seasonal/hanukkah/dreydl"))
_SUFFIX = re.compile(r"_(?:desc|[a-z]{2,3})(?:_[A-Za-z]{2})?(?:_[a-z]{2})?$")
# What a name begins with, up to the first separator or digit.
_FAMILY = re.compile(r"^[A-Za-z]+")


@dataclass(frozen=True)
class Stamp:
    """A cut-out picture, and its recording if it has one."""

    key: str
    """Its path below the package's folder, without the extension: `animals/mammals/bovines/cow`."""
    description: str
    """What the package says it is, in English: `A cow.`"""
    class_id: int
    """The number of a sounding stamp, seen ones first, each in the order of their keys; -1 for a silent one."""
    group: int
    """Sounding stamps of one group share a recording; -1 for a silent one."""
    unseen: bool
    """Whether it is kept out of training clips: the ten, and silent pictures of the same things."""

    @property
    def name(self) -> str:
        """The last part of the key."""
        return PurePosixPath(self.key).name

    @property
    def sounding(self) -> bool:
        """Whether it has a recording."""
        return self.class_id >= 0

    @property
    def symbol(self) -> bool:
        """Whether it is a letter, a digit or a sign."""
        return self.key.startswith("symbols/")

    @property
    def kin(self) -> str:
        """Pictures of one folder whose names begin alike (`bat_left`, `bat_right`) may look alike: never two of them in a clip."""
        found = _FAMILY.match(self.name)
        return f"{PurePosixPath(self.key).parent}/{found.group().lower() if found else self.name}"


@dataclass(frozen=True)
class Catalogue:
    """All stamps, in the order of their keys."""

    stamps: tuple[Stamp, ...]
    excluded: dict[str, str] = field(default_factory=dict)
    """Recordings that are not used, and why."""

    @property
    def classes(self) -> int:
        """How many stamps sound, the unseen ones among them."""
        return sum(stamp.sounding for stamp in self.stamps)

    @property
    def seen_classes(self) -> int:
        """How many of them are in training clips; their class ids come first."""
        return sum(stamp.sounding and not stamp.unseen for stamp in self.stamps)

    @cached_property
    def seen(self) -> list[int]:
        """Positions in `stamps` of those that sound in training."""
        return [i for i, stamp in enumerate(self.stamps) if stamp.sounding and not stamp.unseen]

    @cached_property
    def unseen(self) -> list[int]:
        """Positions of the ten that sound in no training clip."""
        return [i for i, stamp in enumerate(self.stamps) if stamp.sounding and stamp.unseen]

    @cached_property
    def silent(self) -> list[int]:
        """Positions of those that have no sound, without letters and signs and without pictures of the ten."""
        return [i for i, stamp in enumerate(self.stamps) if not (stamp.sounding or stamp.unseen or stamp.symbol)]

    @cached_property
    def symbols(self) -> list[int]:
        """Positions of letters and signs, which have no sound either."""
        return [i for i, stamp in enumerate(self.stamps) if stamp.symbol and not stamp.sounding]

    def by_class(self) -> list[Stamp]:
        """The sounding stamps in the order of their class ids."""
        return sorted((stamp for stamp in self.stamps if stamp.sounding), key=lambda stamp: stamp.class_id)

    def compatible(self, first: int, second: int) -> bool:
        """Whether two stamps may be in one clip: not the same, no shared recording, no look-alikes."""
        a, b = self.stamps[first], self.stamps[second]
        return first != second and a.kin != b.kin and not (a.sounding and a.group == b.group)


def is_spoken(key: str, pictures: set[str]) -> bool:
    """Whether the recording of this key says a name (`cow_desc`, `0_de`, letters) in place of the thing's own sound."""
    if any(pattern.match(key) for pattern in _SPOKEN) or "_desc" in PurePosixPath(key).name:
        return True
    return key not in pictures and _SUFFIX.sub("", key) in pictures


def candidates(pictures: Iterable[str], vectors: Iterable[str], recordings: Iterable[str]) -> tuple[list[str], dict[str, str]]:
    """Keys of the pictures that have their own recording, and the recordings left out with the reason.

    Spoken names are not worth a reason: there are thousands.
    """
    png, svg = set(pictures), set(vectors)
    keys: list[str] = []
    excluded: dict[str, str] = {}
    for key in sorted(recordings):
        if is_spoken(key, png | svg):
            continue
        if key in png:
            keys.append(key)
        else:
            excluded[key] = "the picture is SVG only" if key in svg else "no picture"
    return keys, excluded


def build(pictures: Iterable[str], sounding: dict[str, int], descriptions: dict[str, str], excluded: dict[str, str]) -> Catalogue:
    """The catalogue of all pictures.

    `sounding` gives each sounding picture the number of its recording; pictures with the same number share one.
    """
    keys = sorted(pictures)
    seen = [key for key in keys if key in sounding and not _is_unseen(key)]
    unseen = [key for key in keys if key in sounding and _is_unseen(key)]
    class_ids = {key: number for number, key in enumerate(seen + unseen)}
    stamps = tuple(
        Stamp(
            key=key, description=descriptions.get(key) or _spell(key), class_id=class_ids.get(key, -1),
            group=sounding.get(key, -1), unseen=_is_unseen(key) or key not in sounding and _shows_unseen(key),
        )
        for key in keys
    )
    return Catalogue(stamps, dict(sorted(excluded.items())))


def _is_unseen(key: str) -> bool:
    return PurePosixPath(key).name in UNSEEN


def _shows_unseen(key: str) -> bool:
    """Whether a silent picture's name has one of the ten as a word: `frog-1` is a frog too."""
    return any(word in UNSEEN for word in re.split(r"[^a-z]+", PurePosixPath(key).name.lower()))


def _spell(key: str) -> str:
    return f"A {re.sub(r'[-_]+', ' ', PurePosixPath(key).name)}."
