"""Records against a replay's truth."""

import json

import cv2
import numpy as np
import pytest
from stamps.records import decode, follow

SIZE = [8, 6]


def half(right: bool) -> np.ndarray:
    mask = np.zeros(SIZE, bool)
    mask[:, 3 * right:3 + 3 * right] = True
    return mask


LEFT, RIGHT, NONE = "0h0h0", "h0h0", "`1"


def replay(folder, truths):
    (folder / "masks").mkdir(parents=True)
    for number, truth in enumerate(truths):
        cv2.imwrite(str(folder / "masks" / f"{number:05d}.png"), truth.astype(np.uint8) * 255)
    (folder / "clip.json").write_text(json.dumps({"frames": [{"file": f"{number:05d}.png"} for number in range(len(truths))]}))
    return folder


def record(seq, counts, object_id=0):
    return {"type": "frame", "seq": seq, "size": SIZE, "objects": [{"object_id": object_id, "counts": counts, "size": SIZE}]}


def write(path, records):
    path.write_text("".join(json.dumps(each) + "\n" for each in [{"type": "hello"}, *records]))
    return path


def test_run_lengths_become_pixels():
    assert (decode(LEFT, (8, 6)) == half(False)).all() and (decode(RIGHT, (8, 6)) == half(True)).all()
    assert not decode(NONE, (8, 6)).any()
    # The protocol's own example: 3x3 pixels from (2, 1) in a frame of 6x8.
    expected = np.zeros((6, 8), bool)
    expected[1:4, 2:5] = True
    assert (decode("=33000a0", (6, 8)) == expected).all()


@pytest.mark.parametrize("counts", ["", "0", "h0h0h0", "0h0h", "5O5"])
def test_run_lengths_that_do_not_fill_the_mask_are_refused(counts):
    with pytest.raises(ValueError, match="run lengths"):
        decode(counts, (8, 6))


def test_a_picture_without_a_mask_keeps_the_one_before(tmp_path):
    clip = replay(tmp_path / "clip", [half(False), half(False), half(True), half(True)])
    found = follow(clip, write(tmp_path / "records", [record(0, LEFT), record(2, LEFT), record(3, RIGHT)]))
    assert (found.mean_overlap, found.false_share, found.pictures, found.computed) == (0.75, None, 4, 3)


def test_a_clip_that_was_played_once_counts_to_its_end_and_silence_counts_pixels(tmp_path):
    clip = replay(tmp_path / "clip", [half(False), half(False), np.zeros(SIZE, bool), np.zeros(SIZE, bool)])
    found = follow(clip, write(tmp_path / "records", [record(1, LEFT), record(2, NONE)]))
    assert (found.mean_overlap, found.false_share, found.pictures) == (1.0, 0.0, 3)
    found = follow(clip, write(tmp_path / "records", [record(1, LEFT)]))
    assert found.false_share == 0.5


def test_a_repeated_clip_begins_again_with_the_first_truth(tmp_path):
    clip = replay(tmp_path / "clip", [half(False), half(True)])
    found = follow(clip, write(tmp_path / "records", [record(5, RIGHT), record(6, LEFT), record(7, LEFT)]))
    assert found.mean_overlap == pytest.approx(2 / 3) and found.pictures == 3


def test_another_object_or_none_or_another_size_is_told(tmp_path):
    clip = replay(tmp_path / "clip", [half(False)])
    records = write(tmp_path / "records", [record(0, LEFT, object_id=3)])
    assert follow(clip, records, 3).mean_overlap == 1 and follow(clip, records).mean_overlap == 0
    with pytest.raises(ValueError, match="no frame"):
        follow(clip, write(tmp_path / "none", []))
    with pytest.raises(ValueError, match="4x4"):
        follow(clip, write(tmp_path / "other", [{"type": "frame", "seq": 0, "size": [4, 4], "objects": []}]))
