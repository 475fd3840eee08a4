"""From unpacked packages to a Library."""

import hashlib
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from . import recording
from .catalogue import build, candidates
from .library import BACKGROUND_SIDE, STAMP_SIDE, Background, Library, pyramid

_OPAQUE = 128  # alpha from which a pixel belongs to the mask
_SMALLEST = 64  # pixels of the mask, at the size kept, below which a picture is of no use
_VALIDATION_EIGHTHS = 2  # of the names' hashes
# Of several sizes of one picture one is enough; and elephants sound.
_NO_BACKGROUNDS = re.compile(r"Elephants")
_BACKGROUND_SUFFIXES = {".webp", ".jpg", ".jpeg", ".png", ".svg"}


def decode(root: Path, say: Callable[[str], None]) -> Library:
    """Reads everything below `root/usr/share`: about a minute."""
    folder = root / "usr" / "share" / "tuxpaint" / "stamps"
    pictures = _decode_pictures(folder)
    say(f"{len(pictures)} pictures")
    vectors = [_key(path, folder) for path in folder.rglob("*.svg")]
    recordings = {_key(path, folder): path for path in sorted(folder.rglob("*.ogg"))}
    keys, excluded = candidates(pictures, vectors, recordings)
    sounds: dict[str, recording.Recording] = {}
    raw: dict[str, np.ndarray] = {}
    for key in keys:
        samples = recording.decode(recordings[key])
        prepared = recording.prepare(samples)
        if prepared is None:
            excluded[key] = "the recording is silent"
        else:
            raw[key], sounds[key] = samples, prepared
    groups = _groups(raw)
    say(f"{len(sounds)} pictures with a recording of their own, {len(set(groups.values()))} recordings")
    catalogue = build(pictures, groups, {key: _description(folder / f"{key}.txt") for key in pictures}, excluded)
    classes = {stamp.key: stamp.class_id for stamp in catalogue.stamps}
    backgrounds, scenery = _decode_backgrounds(root / "usr" / "share" / "backgrounds")
    say(f"{len(backgrounds)} backgrounds, {sum(background.validation for background in backgrounds)} of them for validation")
    return Library(
        catalogue, [pictures[stamp.key] for stamp in catalogue.stamps],
        {classes[key]: sound.samples for key, sound in sounds.items()}, {classes[key]: sound.gain_db for key, sound in sounds.items()},
        backgrounds, scenery,
    )


def is_validation(name: str) -> bool:
    """Whether a background belongs to the validation splits. Dark and light versions of one picture go together."""
    family = re.sub(r"-[dl]$", "", Path(name).stem)
    return hashlib.sha256(family.encode()).digest()[0] % 8 < _VALIDATION_EIGHTHS


def premultiplied(picture: np.ndarray) -> np.ndarray | None:
    """RGB times alpha and alpha, cropped to what can be seen; None where too little is opaque.

    Takes BGR with alpha as cv2 reads it.
    """
    alpha = picture[:, :, 3]
    rows, columns = np.flatnonzero(alpha.max(axis=1) > 8), np.flatnonzero(alpha.max(axis=0) > 8)
    if rows.size == 0:
        return None
    cropped = picture[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1].astype(np.float32)
    cropped[:, :, :3] = cropped[:, :, 2::-1] * cropped[:, :, 3:] / 255
    result = np.round(cropped).astype(np.uint8)
    smallest = pyramid(result, longest=STAMP_SIDE)[0]
    return result if np.count_nonzero(smallest[:, :, 3] >= _OPAQUE) >= _SMALLEST else None


def _key(path: Path, folder: Path) -> str:
    return path.relative_to(folder).with_suffix("").as_posix()


def _decode_pictures(folder: Path) -> dict[str, list[np.ndarray]]:
    result = {}
    for path in sorted(folder.rglob("*.png")):
        picture = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        # A picture without alpha is a rectangle, which is no cut-out.
        if picture is None or picture.ndim != 3 or picture.shape[2] != 4:
            continue
        if picture.dtype == np.uint16:
            picture = (picture >> 8).astype(np.uint8)
        stamp = premultiplied(picture)
        if stamp is not None:
            result[_key(path, folder)] = pyramid(stamp, longest=STAMP_SIDE)
    return result


def _description(path: Path) -> str:
    """The first line of the package's text, which is English."""
    if not path.exists():
        return ""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return lines[0].strip() if lines else ""


def _groups(raw: dict[str, np.ndarray]) -> dict[str, int]:
    """A number for each key; the same one for recordings that are the same."""
    groups: dict[str, int] = {}
    leaders: list[str] = []
    for key in sorted(raw):
        match = next((number for number, leader in enumerate(leaders) if recording.same(raw[key], raw[leader])), None)
        if match is None:
            match = len(leaders)
            leaders.append(key)
        groups[key] = match
    return groups


def _decode_backgrounds(folder: Path) -> tuple[list[Background], list[list[np.ndarray]]]:
    backgrounds, scenery = [], []
    for path in sorted(path for path in folder.rglob("*") if path.suffix in _BACKGROUND_SUFFIXES and path.is_file()):
        if _NO_BACKGROUNDS.search(path.name):
            continue
        picture = _read_vector(path) if path.suffix == ".svg" else cv2.imread(str(path), cv2.IMREAD_COLOR)
        if picture is None:
            continue
        levels = pyramid(picture[:, :, ::-1], shortest=BACKGROUND_SIDE, stop=128)
        backgrounds.append(Background(path.relative_to(folder).as_posix(), is_validation(path.name)))
        scenery.append(levels)
    return backgrounds, scenery


def _read_vector(path: Path) -> np.ndarray | None:
    """An SVG picture through ffmpeg, as BGR; None where ffmpeg was built without librsvg."""
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-frames:v", "1", "-c:v", "png", "-f", "image2pipe", "-"]
    result = subprocess.run(command, capture_output=True)
    if result.returncode != 0:
        return None
    return cv2.imdecode(np.frombuffer(result.stdout, np.uint8), cv2.IMREAD_COLOR)
