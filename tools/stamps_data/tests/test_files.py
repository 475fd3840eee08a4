"""What is written, and the cache."""

import csv
import json
import struct
import wave

import cv2
import numpy as np
import pytest
from stamps import cli, dataset, decode, packages
from stamps.compose import compose
from stamps.dataset import Format, Shape
from stamps.library import Library, LibraryError
from stamps.preview import sheet
from stamps.sampler import Sampler
from stamps.timing import avsbench

SHAPE = Shape(64, 48, 5, 1.0, 10)


def tree(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_avsbench_folder(library, tmp_path):
    dataset.make(library, "seen", 3, 7, tmp_path, Format.AVSBENCH, SHAPE, lambda _: None)
    with (tmp_path / "metadata.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["uid"] for row in rows] == ["seen-000007", "seen-000008", "seen-000009"]
    assert {(row["split"], row["label"]) for row in rows} == {("seen", "v1m")}
    for number, row in enumerate(rows):
        folder = tmp_path / "v1m" / row["uid"]
        with wave.open(str(folder / "audio.wav")) as file:
            assert (file.getframerate(), file.getnchannels(), file.getsampwidth(), file.getnframes()) == (16_000, 2, 2, 80_000)
        described = json.loads((folder / "clip.json").read_text())
        scene = compose(library, "seen", 7 + number, avsbench(5))
        for i in range(5):
            file = f"{row['uid']}_{i}.png"
            assert cv2.imread(str(folder / "frames" / file)).shape == (48, 64, 3)
            label = cv2.imread(str(folder / "labels_rgb" / file))
            objects = cv2.imread(str(folder / "objects" / file), cv2.IMREAD_UNCHANGED)
            sounding = [index for index, actor in enumerate(scene.actors) if actor.sounds(avsbench(5).frames[i])]
            assert described["frames"][i]["sounding"] == sounding
            np.testing.assert_array_equal(label.any(axis=2), np.isin(objects, [index + 1 for index in sounding]))
            assert not (label == 255).all(axis=2).any()
            for index, box in enumerate(described["frames"][i]["boxes"]):
                assert (box is None) == (not (objects == index + 1).any())


def test_replay(library, tmp_path):
    dataset.make(library, "two", 1, 0, tmp_path, Format.REPLAY, Shape(64, 48, 2, 1.0, 10), lambda _: None)
    folder = tmp_path / "replay" / "two-000000"
    video = cv2.VideoCapture(str(folder / "clip.avi"))
    pictures = [video.read()[1] for _ in range(int(video.get(cv2.CAP_PROP_FRAME_COUNT)))]
    assert len(pictures) == len(list((folder / "masks").iterdir())) == 20 and video.get(cv2.CAP_PROP_FPS) == 10
    expected, _ = dataset.Renderer(library, compose(library, "two", 0, avsbench(2)), 64, 48).frame(1.5)
    assert np.abs(pictures[15][:, :, ::-1].astype(int) - expected).mean() < 5
    data = (folder / "clip.avi").read_bytes()
    assert data[:4] == b"RIFF" and struct.unpack("<I", data[4:8])[0] == len(data) - 8
    index = data.rindex(b"idx1")
    movie = data.index(b"movi")
    for number in range(20):
        offset, size = struct.unpack("<II", data[index + 16 + 16 * number:index + 24 + 16 * number])
        assert data[movie + offset:movie + offset + 4] == b"00dc" and data[movie + offset + 8:movie + offset + 10] == b"\xff\xd8"
        assert struct.unpack("<I", data[movie + offset + 4:movie + offset + 8])[0] == size
    assert not (tmp_path / "metadata.csv").exists()


def test_files_are_the_same_each_time_and_add_up(library, tmp_path):
    for name in ("a", "b"):
        dataset.make(library, "swap", 2, 4, tmp_path / name, Format.BOTH, Shape(32, 32, 2, 1.0, 5), lambda _: None)
    assert tree(tmp_path / "a") == tree(tmp_path / "b")
    dataset.make(library, "silent", 1, 0, tmp_path / "a", Format.AVSBENCH, SHAPE, lambda _: None)
    dataset.make(library, "swap", 2, 4, tmp_path / "a", Format.AVSBENCH, Shape(32, 32, 2, 1.0, 5), lambda _: None)
    assert (tmp_path / "a" / "metadata.csv").read_text().split() == [
        "uid,split,label", "swap-000004,swap,v1m", "swap-000005,swap,v1m", "silent-000000,silent,v1m"]
    assert json.loads((tmp_path / "a/v1m/swap-000004/clip.json").read_text())["pair"] == "swap-000005"
    assert tree(tmp_path / "a/v1m/swap-000004/frames").popitem()[1] == tree(tmp_path / "a/v1m/swap-000005/frames").popitem()[1]


@pytest.mark.parametrize(("split", "count", "seed", "shape", "format_"), [
    ("swap", 1, 0, SHAPE, Format.AVSBENCH), ("swap", 2, 1, SHAPE, Format.AVSBENCH), ("seen", 0, 0, SHAPE, Format.AVSBENCH),
    ("seen", 1, 0, Shape(64, 64, 5, 4.0, 25), Format.BOTH), ("seen", 1, 0, Shape(64, 64, 11, 1.0, 25), Format.AVSBENCH),
    ("seen", 1, 0, Shape(8, 64, 5, 1.0, 25), Format.AVSBENCH), ("seen", 1, -1, SHAPE, Format.AVSBENCH),
])
def test_what_cannot_be_made_is_said_before_anything_is_written(library, tmp_path, split, count, seed, shape, format_):
    with pytest.raises(ValueError):
        dataset.make(library, split, count, seed, tmp_path / "out", format_, shape, lambda _: None)
    assert not (tmp_path / "out").exists()


def test_cache_gives_back_the_same_library(library, tmp_path):
    library.save(tmp_path)
    loaded = Library.load(tmp_path)
    assert loaded.catalogue == library.catalogue and loaded.backgrounds == library.backgrounds
    a, b = Sampler(library).sample(3, 64), Sampler(loaded).sample(3, 64)
    np.testing.assert_array_equal(a.image, b.image)
    np.testing.assert_array_equal(a.waveform, b.waveform)
    with pytest.raises(LibraryError, match="tools/stamps fetch"):
        Library.load(tmp_path / "nothing")


def test_command_line(library, tmp_path, capsys):
    library.save(tmp_path / "decoded")
    cache = ["--cache", str(tmp_path)]
    assert cli.main([*cache, "preview", "--split", "swap", "--count", "2", "--out", str(tmp_path / "sheet.png"), "--frames", "2"]) == 0
    assert cv2.imread(str(tmp_path / "sheet.png")) is not None
    assert cli.main([*cache, "make", "--split", "seen", "--count", "1", "--size", "48x32", "--out", str(tmp_path / "out")]) == 0
    assert cli.main([*cache, "list"]) == 0
    assert cli.main([*cache, "make", "--split", "swap", "--count", "1", "--out", str(tmp_path / "out")]) == 64
    assert cli.main(["--cache", str(tmp_path / "none"), "list"]) == 69
    assert "tools/stamps fetch" in capsys.readouterr().err


def test_sheets_have_a_cell_for_every_frame(library):
    scenes = [(compose(library, "seen", seed, avsbench(3)), avsbench(3).frames) for seed in range(2)]
    cell_height, cell_width = sheet(library, scenes[:1], 64)[:, :68].shape[:2]
    assert sheet(library, scenes, 64).shape == (2 * cell_height, 3 * cell_width, 3)


def test_packages_are_taken_from_the_cache_and_checked(tmp_path, monkeypatch):
    said = []
    monkeypatch.setattr(packages, "_run", lambda command, folder: said.append(" ".join(command[:1])))
    for package in packages.PACKAGES:
        (tmp_path / f"{package.name}_{package.version}_all.deb").write_bytes(b"not it")
    assert packages.fetch(tmp_path, said.append) == tmp_path / "unpacked"
    assert sum("clips will differ" in line for line in said) == len(packages.PACKAGES)
    assert said.count("dpkg-deb") == len(packages.PACKAGES) and "apt-get" not in said


def test_pictures_are_cropped_and_premultiplied():
    picture = np.zeros((90, 80, 4), np.uint8)
    picture[20:50, 30:70] = (10, 100, 200, 128)
    stamp = decode.premultiplied(picture)
    assert stamp.shape == (30, 40, 4)
    np.testing.assert_array_equal(stamp[5, 5], [100, 50, 5, 128])
    assert decode.premultiplied(np.zeros((9, 9, 4), np.uint8)) is None


def test_dark_and_light_backgrounds_go_together():
    assert len({decode.is_validation(f"wood-{kind}.webp") for kind in "dl"}) == 1
    assert {decode.is_validation(f"picture{number}.jpg") for number in range(40)} == {True, False}


def test_nothing_sounds_before_it_could_be_heard(library, tmp_path):
    shape = Shape(32, 32, 2, 1, 20)
    dataset.make(library, "two", 4, 0, tmp_path, Format.REPLAY, shape, lambda _: None)
    for clip in (tmp_path / "replay").iterdir():
        frames = json.loads((clip / "clip.json").read_text())["frames"]
        assert [bool(frame["sounding"]) for frame in frames[:4]] == [False, False, False, True]
        assert not any(cv2.imread(str(clip / "masks" / frame["file"]), cv2.IMREAD_GRAYSCALE).any() for frame in frames[:3])
