"""The trial of a model, with stand-ins for aurald that answer as it does."""

import json
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from stamps.aurald import Aurald, AuraldError
from stamps.trial import Trial, plan, table


def run_lengths(mask: np.ndarray) -> str:
    """COCO's uncompressed run lengths as the compressed string, without differences: at most three runs."""
    flat = mask.T.ravel().astype(np.int8)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flat, [1 - flat[-1]]])))
    runs = np.diff(np.concatenate([[0], edges]))
    text, previous = "", []
    for run in runs:
        value = int(run) - (previous[-2] if len(previous) > 2 else 0)
        previous.append(int(run))
        while True:
            bits, value = value & 0x1F, value >> 5
            more = value != (-1 if bits & 0x10 else 0)
            text += chr(48 + bits + (0x20 if more else 0))
            if not more:
                break
    return text


class Perfect:
    """An aurald that knows the truth."""

    def __init__(self) -> None:
        self.prompts: list[list[dict]] = []
        self.sound: list[bool] = []

    def evaluate(self, root: Path, split: str, masks: Path, *_: str) -> dict[str, float]:
        for clip in (root / "v1m").iterdir():
            (masks / "v1m" / clip.name).mkdir(parents=True, exist_ok=True)
            for number, frame in enumerate(json.loads((clip / "clip.json").read_text())["frames"]):
                label = cv2.imread(str(clip / "labels_rgb" / frame["file"]), cv2.IMREAD_GRAYSCALE)
                cv2.imwrite(str(masks / "v1m" / clip.name / f"mask_{number}.png"), (label > 0).astype(np.uint8) * 255)
        return {"mj": 1.0, "f": 1.0}

    def track(self, clip: Path, records: Path, sound: bool, prompts: list[dict]) -> None:
        self.prompts.append(prompts)
        self.sound.append(sound)
        number = prompts[0]["object_id"] if prompts else 0
        lines = []
        for seq, frame in enumerate(json.loads((clip / "clip.json").read_text())["frames"]):
            mask = cv2.imread(str(clip / "masks" / frame["file"]), cv2.IMREAD_GRAYSCALE) > 127
            thing = {"object_id": number, "counts": run_lengths(mask), "size": list(mask.shape)}
            lines.append(json.dumps({"type": "frame", "seq": seq, "size": list(mask.shape), "objects": [thing]}))
        records.write_text("\n".join(lines))

    def live(self, clip: Path, records: Path) -> None:
        self.track(clip, records, True, [])


def test_who_knows_the_truth_reaches_all_figures(library, tmp_path):
    aurald = Perfect()
    result = Trial(library, aurald, tmp_path, lambda _: None).run(plan(0, 4))
    splits = result["splits"]
    assert {split: rows["memory"]["mj"] for split, rows in splits.items()} == dict.fromkeys(("seen", "two", "swap", "silent", "unseen"), 1.0)
    assert splits["swap"]["memory"]["swap_success"] == 1 and splits["silent"]["memory"]["false_positive_share"] == 0
    assert splits["seen"]["memory"]["steadiness"] == splits["seen"]["memory"]["steadiness_of_truth"] < 1
    assert result["live"] == {"clips": 4, "live": 1.0, "offline": 1.0, "computed": 1.0}
    prompts = result["prompts"]
    assert prompts["clips"] > 0 and prompts["point"] == prompts["sound"] == prompts["both"] == 1.0
    text = table(result)
    assert "| seen | 4 | 100.00 | 100.00 |" in text and "| both | 100.00 |" in text


def test_clicks_lie_on_what_sounds_and_say_how_they_are_meant(library, tmp_path):
    aurald = Perfect()
    Trial(library, aurald, tmp_path, lambda _: None)._prompts(plan(0, 4))
    by_kind = list(zip(aurald.sound, aurald.prompts))
    assert {(sound, prompts[0]["object_id"] if prompts else None) for sound, prompts in by_kind} == {(False, 1), (True, None), (True, 0)}
    for _, prompts in by_kind:
        assert all(prompt["frame"] == 5 and all(0 < value < 1 for value in prompt["points"][0]) for prompt in prompts)


DAEMON = """#!{python}
import json, pathlib, socket, sys, time
if sys.argv[1] != "run":
    print("no such model", file=sys.stderr)
    sys.exit(65)
lines = pathlib.Path(sys.argv[3]).read_text().splitlines()
path = [line.split('"')[1] for line in lines if line.startswith("path")][-1]
if "broken" in path:
    sys.exit("cannot load")
server = socket.socket(socket.AF_UNIX)
server.bind(path)
server.listen()
client, _ = server.accept()
for record in ({{"type": "hello"}}, {{"type": "frame", "seq": 0}}, {{"type": "source", "state": "ended"}}, {{"type": "frame", "seq": 1}}):
    client.sendall(json.dumps(record).encode() + b"\\n")
time.sleep(600)
"""


@pytest.fixture
def binary(tmp_path) -> Path:
    path = tmp_path / "aurald"
    path.write_text(DAEMON.format(python=sys.executable))
    path.chmod(0o755)
    return path


def test_a_clip_that_is_played_is_listened_to_until_nothing_more_comes(binary, tmp_path, monkeypatch):
    monkeypatch.setattr("stamps.aurald.LAST_S", 0.2)
    Aurald(binary, tmp_path, "f32", tmp_path).live(tmp_path / "clip", tmp_path / "records")
    assert [json.loads(line)["type"] for line in (tmp_path / "records").read_text().splitlines()] == ["hello", "frame", "source", "frame"]


def test_what_aurald_complains_about_is_told(binary, tmp_path):
    with pytest.raises(AuraldError, match="evaluate: no such model"):
        Aurald(binary, tmp_path, "f32", tmp_path).evaluate(tmp_path, "seen", tmp_path)
    broken = tmp_path / "broken"
    broken.mkdir()
    with pytest.raises(AuraldError, match="cannot load"):
        Aurald(binary, tmp_path, "f32", broken).live(tmp_path / "clip", tmp_path / "records")
