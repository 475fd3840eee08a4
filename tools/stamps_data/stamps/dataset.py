"""Clips as files: AVSBench's folders for `aurald evaluate`, AVI and WAV for `aurald run`."""

import csv
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path

import numpy as np

from . import mixer
from .compose import compose
from .container import AVIWriter, write_png, write_wav
from .library import Library
from .mix import is_swap
from .picture import Renderer
from .scene import DECISION, Scene
from .timing import Timing, avsbench, even

SUBSET = "v1m"
"""The part of AVSBench that the clips pass for: several objects, five seconds."""
RULE = (f"An object sounds at time t if its recording has been playing for at least {DECISION / 2:g} s of the {DECISION:g} s before t; "
        "before the clip's beginning nothing plays. "
        "The truth of a frame is the visible pixels of the objects that sound then; visible means alpha over one half.")


class Format(Enum):
    """What is written."""

    AVSBENCH = "avsbench"
    REPLAY = "replay"
    BOTH = "both"


@dataclass(frozen=True)
class Shape:
    """The sizes of clips."""

    width: int
    height: int
    frames: int
    fps: float
    rate: int
    """Pictures a second of a replay."""

    def timing(self, format_: Format) -> Timing:
        """Raises ValueError where AVSBench's folders cannot have it."""
        if format_ is Format.REPLAY and self.fps != 1:
            return even(self.frames, self.fps)
        if self.fps != 1:
            raise ValueError(f"--fps {self.fps:g}: AVSBench's folders have one frame a second; other rates are for --format replay")
        return avsbench(self.frames)

    @property
    def seconds(self) -> float:
        """Of a clip."""
        return self.frames / self.fps


def make(library: Library, split: str, count: int, seed: int, out: Path, format_: Format, shape: Shape, say: Callable[[str], None]) -> None:
    """Writes clips `seed` to `seed + count - 1`. A folder that has clips of other splits or seeds gets more of them.

    Raises ValueError for numbers that make no clips.
    """
    if count < 1 or seed < 0 or shape.frames < 1 or shape.fps <= 0 or shape.rate < 1 or min(shape.width, shape.height) < 16:
        raise ValueError("--count, --frames, --fps and --rate must be above 0, --seed not below, --size at least 16")
    if is_swap(split) and (seed % 2 or count % 2):
        raise ValueError(f"{split}: clips come in pairs, so --seed and --count must be even")
    timing = shape.timing(format_)
    uids = []
    for number in range(seed, seed + count):
        scene = compose(library, split, number, timing)
        uids.append(uid_of(split, number))
        if format_ is not Format.REPLAY:
            _write_avsbench(library, scene, timing, shape, uids[-1], out / SUBSET / uids[-1])
        if format_ is not Format.AVSBENCH:
            _write_replay(library, scene, shape, uids[-1], out / "replay" / uids[-1])
    if format_ is not Format.REPLAY:
        _add_rows(out / "metadata.csv", split, uids)
    say(f"{count} clips in {out}")


def uid_of(split: str, seed: int) -> str:
    """The name of a clip."""
    return f"{split}-{seed:06d}"


def colour(number: int) -> tuple[int, int, int]:
    """What an object is painted with in labels_rgb: never black, never white."""
    return 64 + 53 * number % 160, 64 + 97 * (number + 1) % 160, 64 + 29 * (number + 2) % 160


def index_map(masks: np.ndarray) -> np.ndarray:
    """For each pixel 1 + the number of the object it belongs to, or 0; bool [objects, h, w] to uint8 [h, w]."""
    # At most one of them lets over a half of a pixel be seen, so that none overlap.
    return (masks * np.arange(1, len(masks) + 1, dtype=np.uint8)[:, None, None]).sum(axis=0, dtype=np.uint8)


def _write_avsbench(library: Library, scene: Scene, timing: Timing, shape: Shape, uid: str, folder: Path) -> None:
    for name in ("frames", "labels_rgb", "objects"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    renderer = Renderer(library, scene, shape.width, shape.height)
    frames = []
    for number, t in enumerate(timing.frames):
        image, masks = renderer.frame(t)
        label = np.zeros((shape.height, shape.width, 3), np.uint8)
        for index, actor in enumerate(scene.actors):
            if index in _sounding(scene, t):
                label[masks[index]] = colour(index)
        file = f"{uid}_{number}.png"
        write_png(folder / "frames" / file, image)
        write_png(folder / "labels_rgb" / file, label)
        write_png(folder / "objects" / file, index_map(masks))
        frames.append({"file": file, **_frame(scene, masks, t)})
    write_wav(folder / "audio.wav", mixer.sound(library, scene, 0.0, shape.seconds))
    _write_description(library, scene, shape, uid, frames, folder / "clip.json")


def _write_replay(library: Library, scene: Scene, shape: Shape, uid: str, folder: Path) -> None:
    for name in ("masks", "objects"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    renderer = Renderer(library, scene, shape.width, shape.height)
    frames = []
    with AVIWriter(folder / "clip.avi", shape.width, shape.height, shape.rate) as video:
        for number in range(round(shape.seconds * shape.rate)):
            t = number / shape.rate
            image, masks = renderer.frame(t)
            video.add(image)
            file = f"{number:05d}.png"
            write_png(folder / "masks" / file, masks[_sounding(scene, t)].any(axis=0).astype(np.uint8) * 255)
            write_png(folder / "objects" / file, index_map(masks))
            frames.append({"file": file, **_frame(scene, masks, t)})
    write_wav(folder / "clip.wav", mixer.sound(library, scene, 0.0, shape.seconds))
    _write_description(library, scene, shape, uid, frames, folder / "clip.json")


def _frame(scene: Scene, masks: np.ndarray, t: float) -> dict:
    return {
        "time": round(t, 6), "sounding": _sounding(scene, t),
        "boxes": [_box(mask) for mask in masks], "areas": [int(mask.sum()) for mask in masks],
    }


def _sounding(scene: Scene, t: float) -> list[int]:
    """The numbers of what sounds. A clip's sound begins with it: nobody can hear what played before."""
    return [number for number, actor in enumerate(scene.actors) if t >= DECISION / 2 and actor.sounds(t)]


def _box(mask: np.ndarray) -> list[float] | None:
    """Left, top, right and bottom of what is visible, from 0 to 1 across the picture; None where nothing is."""
    if not mask.any():
        return None
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    height, width = mask.shape
    corners = columns[0] / width, rows[0] / height, (columns[-1] + 1) / width, (rows[-1] + 1) / height
    return [round(float(value), 6) for value in corners]


def _write_description(library: Library, scene: Scene, shape: Shape, uid: str, frames: list[dict], path: Path) -> None:
    stamps = [library.catalogue.stamps[actor.stamp] for actor in scene.actors]
    objects = [
        {
            "name": stamp.name, "key": stamp.key, "description": stamp.description, "class": stamp.class_id, "unseen": stamp.unseen,
            "can_sound": stamp.sounding,
            "plays": [[max(0.0, start), min(shape.seconds, end)] for start, end in (actor.voice.intervals if actor.voice else ())
                      if end > 0 and start < shape.seconds],
        }
        for stamp, actor in zip(stamps, scene.actors)
    ]
    pair = {"pair": uid_of(scene.split, scene.seed ^ 1)} if is_swap(scene.split) else {}
    photo = library.backgrounds[scene.backdrop.photo].name if scene.backdrop.photo >= 0 else None
    text = {
        "uid": uid, "split": scene.split, "seed": scene.seed, **pair, "width": shape.width, "height": shape.height,
        "seconds": shape.seconds, "rule": RULE, "background": photo or scene.backdrop.kind, "noise": scene.noise.colour,
        "objects": objects, "frames": frames, "scene": asdict(scene),
    }
    path.write_text(json.dumps(text, indent=1) + "\n")


def _add_rows(path: Path, split: str, uids: list[str]) -> None:
    """Rows of the table, each clip once."""
    known: list[list[str]] = []
    if path.exists():
        with path.open(newline="") as file:
            known = list(csv.reader(file))[1:]
    present = {row[0] for row in known}
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["uid", "split", "label"])
        writer.writerows(known + [[uid, split, SUBSET] for uid in uids if uid not in present])
