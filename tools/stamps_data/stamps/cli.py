"""The command line."""

import argparse
import json
import sys
from pathlib import Path

import cv2

from . import dataset, decode
from .aurald import Aurald, AuraldError
from .dataset import Format, Shape
from .library import Library, LibraryError
from .mix import SPLITS
from .packages import PackageError, cache_folder, fetch
from .preview import sheet
from .recording import RecordingError
from .records import follow
from .sampler import Sampler, decoded_folder
from .score import figures
from .timing import STILL, avsbench, even
from .trial import Trial, plan, table


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit status (sysexits)."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options, cache_folder(options.cache))
    except (PackageError, RecordingError, LibraryError, AuraldError) as error:
        return _fail(str(error), 69)
    except ValueError as error:
        return _fail(str(error), 64)
    except OSError as error:
        return _fail(str(error), 74)
    return 0


def _fail(message: str, status: int) -> int:
    print(f"stamps: {message}", file=sys.stderr)
    return status


def _say(message: str) -> None:
    print(f"stamps: {message}", file=sys.stderr)


def _fetch(options: argparse.Namespace, cache: Path) -> None:
    root = fetch(cache, _say)
    library = decode.decode(root, _say)
    library.save(decoded_folder(cache))
    _describe(library)


def _list(options: argparse.Namespace, cache: Path) -> None:
    library = Library.load(decoded_folder(cache))
    for stamp in library.catalogue.by_class():
        seconds = library.sounds[stamp.class_id].size / 16_000
        print(f"{stamp.class_id}\t{stamp.name}\t{'unseen' if stamp.unseen else 'seen'}\t{stamp.group}\t{seconds:.2f} s\t"
              f"{-library.gains[stamp.class_id]:+.1f} dB\t{stamp.description}")
    for key, reason in library.catalogue.excluded.items():
        print(f"-\t{key}\tleft out: {reason}")
    _describe(library)


def _describe(library: Library) -> None:
    catalogue = library.catalogue
    validation = sum(background.validation for background in library.backgrounds)
    _say(f"{catalogue.seen_classes} stamps that sound in training, {len(catalogue.unseen)} that only sound in the split unseen, "
         f"{len(catalogue.silent)} silent ones, {len(catalogue.symbols)} letters and signs; "
         f"{len(library.backgrounds) - validation} backgrounds for training, {validation} for validation")


def _make(options: argparse.Namespace, cache: Path) -> None:
    library = Library.load(decoded_folder(cache))
    shape = Shape(*_sides(options.size), options.frames, options.fps, options.rate)
    dataset.make(library, options.split, options.count, options.seed, Path(options.out), Format(options.format), shape, _say)


def _score(options: argparse.Namespace, cache: Path) -> None:
    pairs = (options.root, options.masks), (options.clip, options.records)
    if sum(all(pair) for pair in pairs) != 1 or any(bool(left) != bool(right) for left, right in pairs):
        raise ValueError("give --root with --masks, or --clip with --records")
    if options.clip:
        print(follow(options.clip, options.records, options.object))
        return
    for split, values in figures(options.root, options.masks).items():
        print(f"{split}: " + ", ".join(f"{name} {value:.5g}" for name, value in values.items()))


def _trial(options: argparse.Namespace, cache: Path) -> None:
    library = Library.load(decoded_folder(cache))
    out = Path(options.out).resolve()
    out.mkdir(parents=True, exist_ok=True)
    aurald = Aurald(options.aurald.resolve(), options.model.resolve(), options.precision, out)
    result = Trial(library, aurald, out, _say).run(plan(options.seed, options.clips))
    (out / "figures.json").write_text(json.dumps(result, indent=1) + "\n")
    print(table(result), end="")


def _sides(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    return int(width), int(height or width)


def _preview(options: argparse.Namespace, cache: Path) -> None:
    sampler = Sampler(Library.load(decoded_folder(cache)), options.split)
    if options.frames == 1:
        timing = STILL
    else:
        timing = avsbench(options.frames) if options.fps == 1 else even(options.frames, options.fps)
    scenes = [(sampler.scene(options.seed + number, timing), timing.frames) for number in range(options.count)]
    if not cv2.imwrite(options.out, sheet(sampler.library, scenes, options.size)[:, :, ::-1]):
        raise OSError(f"{options.out}: cannot be written")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tools/stamps", description="Audio-visual clips with exact masks, made of Debian's stamps for Tux Paint.")
    parser.add_argument("--cache", help="where packages and decoded data lie (default: $STAMPS_CACHE, else ~/.cache/aurald/stamps)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("fetch", help="download the packages, unpack and decode them; nothing is installed")
    command.set_defaults(run=_fetch)
    command = commands.add_parser("list", help="classes, recordings and what is left out")
    command.set_defaults(run=_list)

    command = commands.add_parser("make", help="write clips")
    _common(command, count=10)
    command.add_argument("--size", default="256", help="of the pictures: a side of a square, or WIDTHxHEIGHT (default 256)")
    command.add_argument("--out", required=True, help="a folder; more clips can be added to it")
    command.add_argument("--frames", type=int, default=5, help="of a clip (default 5)")
    command.add_argument("--fps", type=float, default=1.0, help="of the frames; AVSBench's folders have one a second")
    command.add_argument("--format", choices=[value.value for value in Format], default=Format.AVSBENCH.value)
    command.add_argument("--rate", type=int, default=25, help="pictures a second of a replay (default 25)")
    command.set_defaults(run=_make)

    command = commands.add_parser("score", help="who is followed when the sound changes, what is found in silence, how steady masks are")
    command.add_argument("--root", type=Path, help="a folder that make wrote")
    command.add_argument("--masks", type=Path, help="what aurald evaluate --masks left for it")
    command.add_argument("--clip", type=Path, help="in place of both: one replay that make wrote")
    command.add_argument("--records", type=Path, help="what aurald watch --json or aurald track said about it")
    command.add_argument("--object", type=int, default=0, help="the object_id whose masks are meant (default 0, what sounds)")
    command.set_defaults(run=_score)

    command = commands.add_parser("trial", help="all figures of a model's card, through aurald's binary")
    command.add_argument("--aurald", type=Path, required=True, help="the binary")
    command.add_argument("--model", type=Path, required=True, help="a bundle for pictures of 256 pixels with an online fuser")
    command.add_argument("--out", required=True, help="a folder for clips, masks and figures.json")
    command.add_argument("--precision", choices=["f32", "bf16"], default="bf16")
    command.add_argument("--clips", type=int, default=200, help="of the split seen; the others have half as many (default 200)")
    command.add_argument("--seed", type=int, default=1_000_000, help="of the first clip")
    command.set_defaults(run=_trial)

    command = commands.add_parser("preview", help="a contact sheet")
    _common(command, count=24)
    command.add_argument("--size", type=int, default=224, help="of a picture's sides (default 224)")
    command.add_argument("--out", required=True, help="a PNG file")
    command.add_argument("--frames", type=int, default=1, help="1 shows stills; more show a clip a row")
    command.add_argument("--fps", type=float, default=1.0)
    command.set_defaults(run=_preview)
    return parser


def _common(command: argparse.ArgumentParser, count: int) -> None:
    command.add_argument("--split", choices=list(SPLITS), default="seen")
    command.add_argument("--count", type=int, default=count, help=f"clips (default {count})")
    command.add_argument("--seed", type=int, default=0, help="of the first clip; the others have the numbers after it")
