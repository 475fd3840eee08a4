"""Figures and tables."""

import json

import numpy as np
import pytest
from compare import report, scene
from compare.records import masks_and_times


def test_a_ratio_is_taken_within_a_round():
    # The machine is half as fast in the second round, for both.
    times = {"one": [np.array([10.0, 10, 12]), np.array([20.0, 20, 20])], "two": [np.array([5.0, 5, 5]), np.array([10.0, 10, 10])]}
    masks = dict.fromkeys(times, np.ones((3, 2, 2), bool))
    found = report.rows(times, masks, reference="one", agreed="two")
    assert found["two"].ratio == found["two"].least == found["two"].greatest == 0.5
    assert found["one"].ratio == 1
    assert found["two"].median == 7.5
    assert "| two | 7.5 | 10.0 | 133.33 | 0.50 (0.50 … 0.50) | 1.0000 (1.0000) |" in report.table(found, "one", "two")


def test_overlap():
    one, other = np.array([[True, True, False]]), np.array([[False, True, True]])
    assert report.overlap(one, other) == pytest.approx(1 / 3)
    assert report.overlap(one & False, other & False) == 1
    assert report.overlap(one, other & False) == 0


def test_records_become_masks(tmp_path):
    thing = {"object_id": 1, "area": 2, "size": [2, 3], "counts": "024"}
    other = {"object_id": 2, "area": 2, "size": [2, 3], "counts": "024"}
    lines = [{"latency_ms": 3.5, "size": [2, 3], "objects": [other, thing]}, {"latency_ms": 4, "size": [2, 3], "objects": [other]}]
    path = tmp_path / "records"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    times, masks = masks_and_times(path)
    assert times.tolist() == [3.5, 4]
    assert masks[0].sum() == 2 and masks[1].sum() == 0 and masks.shape == (2, 2, 3)


def test_the_scene_moves_and_its_thing_is_in_the_box():
    first, later = scene.picture(0), scene.picture(20)
    assert first.shape == (scene.HEIGHT, scene.WIDTH, 3) and (first != later).any()
    left, top, right, bottom = scene.BOX
    changed = np.argwhere((first != later).any(axis=-1))
    assert changed[:, 0].min() >= top * scene.HEIGHT - 1 and changed[:, 0].max() <= bottom * scene.HEIGHT + 1
    assert changed[:, 1].min() >= left * scene.WIDTH - 1
