"""The figures, on clips of which everything is known."""

import json

import cv2
import numpy as np
import pytest
from stamps.score import figures


def square(left: int) -> np.ndarray:
    mask = np.zeros((32, 32), np.uint8)
    mask[8:24, left:left + 10] = 255
    return mask


def write(root, masks, split, uid, truths, found, **notes):
    clip = root / "v1m" / uid
    (clip / "labels_rgb").mkdir(parents=True)
    (masks / "v1m" / uid).mkdir(parents=True)
    for number, (truth, mask) in enumerate(zip(truths, found)):
        cv2.imwrite(str(clip / "labels_rgb" / f"{uid}_{number}.png"), truth)
        cv2.imwrite(str(masks / "v1m" / uid / f"mask_{number}.png"), mask)
    frames = [{"file": f"{uid}_{number}.png"} for number in range(len(truths))]
    (clip / "clip.json").write_text(json.dumps({"frames": frames, **notes}))
    table = root / "metadata.csv"
    if not table.exists():
        table.write_text("uid,split,label\n")
    table.write_text(table.read_text() + f"{uid},{split},v1m\n")


def test_perfect_masks_succeed_and_move_as_the_truth_does(tmp_path):
    truths = [square(0), square(5)]
    write(tmp_path / "data", tmp_path / "masks", "seen", "seen-0", truths, truths)
    one = figures(tmp_path / "data", tmp_path / "masks")["seen"]
    assert one == {"clips": 1, "mean_overlap": 1.0, "steadiness": pytest.approx(1 / 3), "steadiness_of_truth": pytest.approx(1 / 3)}


def test_a_swap_needs_both_clips(tmp_path):
    left, right = square(0), square(16)
    for uid, other, truth, found in (
        ("swap-0", "swap-1", left, left), ("swap-1", "swap-0", right, right),
        ("swap-2", "swap-3", left, left), ("swap-3", "swap-2", right, left),
    ):
        write(tmp_path / "data", tmp_path / "masks", "swap", uid, [truth] * 2, [found] * 2, pair=other)
    assert figures(tmp_path / "data", tmp_path / "masks")["swap"]["swap_success"] == 0.5


def test_silence_counts_pixels(tmp_path):
    write(tmp_path / "data", tmp_path / "masks", "silent", "silent-0", [np.zeros((32, 32), np.uint8)], [square(0)])
    assert figures(tmp_path / "data", tmp_path / "masks")["silent"]["false_positive_share"] == pytest.approx(160 / 1024)


def test_what_is_missing_is_named(tmp_path):
    write(tmp_path / "data", tmp_path / "masks", "seen", "seen-0", [square(0)], [square(0)])
    (tmp_path / "masks/v1m/seen-0/mask_0.png").unlink()
    with pytest.raises(ValueError, match="mask_0.png"):
        figures(tmp_path / "data", tmp_path / "masks")
