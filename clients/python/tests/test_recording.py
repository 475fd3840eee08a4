"""Recordings of the real daemon, file by file, against docs/recording.schema.json; and that schema against wrong values."""

from __future__ import annotations

import json
import signal
import subprocess
import tempfile
import unittest
import wave
from pathlib import Path
from typing import Any

from support import HELLO, PATIENCE_S, REPOSITORY, SOURCE, frame, instance, picture, request, sound, spectrogram
import aurald
import schema
from real_daemon import BINARY, HEIGHT, SOUND_RATE, WIDTH, RealDaemon, needed
from test_daemon import EVERYTHING
from test_daemon_parts import size_in

PICTURE: dict[str, Any] = {"type": "picture_at", "seq": 1, "t_ns": 5, "size": [6, 8], "format": "jpeg", "offset": 0, "bytes": 7}
SOUND: dict[str, Any] = {"type": "sound_at", "seq": 1, "t_ns": 5, "first": 480, "offset": 0, "samples": 480}
DROPPED = {"type": "dropped", "from": 42, "to": 57, "n": 9, "reason": "slow_reader"}
ERROR = {"type": "error", "code": "shutting_down", "message": "aurald is shutting down"}
INDEX: dict[str, Any] = {
    "format": "aurald-recording", "version": 1, "number": 1, "aurald": "0.1.0", "boot_id": "x", "source": "camera", "begun_wall_ns": 1,
    "written_wall_ns": 2, "frames": 1, "pictures": 1, "bytes": {"frames.mjpg": 7, "records.ndjson": 900, "audio.wav": 44}, "complete": True,
    "first_seq": 1, "last_seq": 1, "first_t_ns": 5, "last_t_ns": 5, "sound": {"rate": 48000, "channels": 2, "first": 480, "samples": 0},
    "model": "sam2.1_hiera_tiny@512", "engine": "OpenVINO",
}


class Schema(unittest.TestCase):
    def test_lines(self) -> None:
        for line in [PICTURE, SOUND, HELLO, frame(1), instance(1), instance(1, "end"), request(1), SOURCE, DROPPED, ERROR]:
            self.assertEqual(schema.recording_faults(line, "line"), [])
        wrong = [
            {**PICTURE, "bytes": 0}, {**PICTURE, "format": "avif"}, {**PICTURE, "offset": -1}, {**PICTURE, "size": [6]}, {**SOUND, "first": -1},
            {**SOUND, "samples": 1.5}, {"type": "picture_at"}, picture(1), sound(1), spectrogram(1), {"type": "reply", "verb": "reset", "ok": True},
            *({key: value for key, value in each.items() if key != name} for each in (PICTURE, SOUND) for name in each),
        ]
        for line in wrong:
            self.assertNotEqual(schema.recording_faults(line, "line"), [], msg=str(line))

    def test_indices(self) -> None:
        optional = ("sound", "model", "engine")
        for index in [INDEX, {key: value for key, value in INDEX.items() if key not in optional and not key.startswith(("first", "last"))}]:
            self.assertEqual(schema.recording_faults(index, "index"), [])
        wrong = [
            {**INDEX, "format": "x"}, {**INDEX, "version": 2}, {**INDEX, "number": 0}, {**INDEX, "bytes": {}}, {**INDEX, "frames": -1},
            {**INDEX, "bytes": {**INDEX["bytes"], "other": 1}}, {**INDEX, "sound": {"rate": 0, "channels": 2, "first": 0, "samples": 0}},
            *({key: value for key, value in INDEX.items() if key != name} for name in INDEX if name not in optional),
        ]
        for index in wrong:
            self.assertNotEqual(schema.recording_faults(index, "index"), [], msg=str(index))

    def test_every_definition_is_used_and_every_reference_is_there(self) -> None:
        text = schema.RECORDING_PATH.read_text(encoding="utf-8")
        names = [line.split('"')[0] for line in text.split('"$ref": "')[1:]]
        self.assertEqual({name.removeprefix("#/$defs/") for name in names if name.startswith("#")}, set(schema.RECORDING["$defs"]))
        foreign = {name.removeprefix("protocol.schema.json#/$defs/") for name in names if not name.startswith("#")}
        self.assertLessEqual(foreign, set(schema.ROOT["$defs"]))

    def test_its_fields_are_in_the_document(self) -> None:
        text = (REPOSITORY / "docs/recording.md").read_text(encoding="utf-8")
        for kind in ("picture_at", "sound_at", "index"):
            for name in schema.RECORDING["$defs"][kind]["properties"].keys() - {"type"}:
                self.assertIn(f"`{name}`", text, msg=kind)


@needed
class Recordings(unittest.TestCase):
    """What `aurald record` writes while a client does things."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.daemon = RealDaemon(hears=True, **{"sounding.instances": "true", "sounding.instance_grace_ms": 100})
        cls.daemon.__enter__()
        cls.addClassCleanup(cls.daemon.__exit__)

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="aurald-recording-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name) / "seen"

    def record(self, *options: str) -> subprocess.Popen[bytes]:
        recorder = subprocess.Popen(
            [BINARY, "record", "--socket", self.daemon.path, "-o", str(self.folder), *options], stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE)
        self.addCleanup(recorder.communicate)
        self.addCleanup(recorder.kill)
        return recorder

    def do_things(self) -> None:
        """Waits until the recorder sees what is done, and does it."""
        with aurald.Client(self.daemon.path, timeout=PATIENCE_S, want=["frame"]) as client:
            for _ in client.frames():
                if list(self.folder.glob("*/index.json")):
                    break
            client.add_points(1, [[0.5, 0.5], [0.1, 0.1]], [1, 0])
            client.add_box(2, EVERYTHING)
            client.add_mask(3, [[int(x > 9) for x in range(WIDTH)] for _ in range(HEIGHT)])
            client.remove_object(2)
            client.reset()

    def check_segment(self, folder: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Holds a segment's files against the schema and against each other; its index and lines."""
        index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
        self.assertEqual(schema.recording_faults(index, "index"), [])
        self.assertTrue(folder.name.startswith(f"{index['number']:06d}-"))
        self.assertEqual((folder.stat().st_mode & 0o777, (folder / "records.ndjson").stat().st_mode & 0o777), (0o750, 0o640))
        data = (folder / "records.ndjson").read_bytes()[: index["bytes"]["records.ndjson"]]
        self.assertTrue(data.endswith(b"\n"))
        lines = [json.loads(line) for line in data.splitlines()]
        for line in lines:
            self.assertEqual(schema.recording_faults(line, "line"), [], msg=str(line)[:300])
        self.assertEqual(lines[0]["type"], "hello")
        frames = [line for line in lines if line["type"] == "frame"]
        self.assertEqual(index["frames"], len(frames))
        self.assertEqual((index["first_seq"], index["last_t_ns"]), (frames[0]["seq"], frames[-1]["t_ns"]))
        self.check_pictures(folder, index, [line for line in lines if line["type"] == "picture_at"])
        self.check_sound(folder, index, [line for line in lines if line["type"] == "sound_at"])
        return index, lines

    def check_pictures(self, folder: Path, index: dict[str, Any], places: list[dict[str, Any]]) -> None:
        pictures = (folder / "frames.mjpg").read_bytes()[: index["bytes"]["frames.mjpg"]]
        self.assertEqual(index["pictures"], len(places))
        end = 0
        for place in places:
            self.assertEqual(place["offset"], end)
            end += place["bytes"]
            data = pictures[place["offset"] : end]
            self.assertEqual((data[:2], data[-2:], list(size_in(data))), (b"\xff\xd8", b"\xff\xd9", place["size"]))
        self.assertEqual(end, len(pictures))

    def check_sound(self, folder: Path, index: dict[str, Any], places: list[dict[str, Any]]) -> None:
        heard = index["sound"]
        self.assertEqual((heard["rate"], heard["channels"]), (SOUND_RATE, 1))
        if index["complete"]:
            with wave.open(str(folder / "audio.wav")) as file:
                self.assertEqual((file.getframerate(), file.getnchannels(), file.getsampwidth()), (SOUND_RATE, 1, 2))
                self.assertEqual(file.getnframes(), heard["samples"])
        self.assertEqual(index["bytes"]["audio.wav"], 44 + 2 * heard["samples"])
        self.assertEqual(places[-1]["offset"] + places[-1]["samples"], heard["samples"])
        for place in places:
            self.assertEqual(place["first"], heard["first"] + place["offset"])

    def test_every_line_and_index(self) -> None:
        recorder = self.record("--seconds", "4", "--segment", "2")
        self.do_things()
        self.assertEqual(recorder.wait(PATIENCE_S), 0)
        segments = sorted(self.folder.iterdir())
        self.assertGreaterEqual(len(segments), 2)
        types: set[str] = set()
        done: list[str] = []
        for number, folder in enumerate(segments, 1):
            index, lines = self.check_segment(folder)
            self.assertEqual((index["number"], index["complete"]), (number, True))
            self.assertEqual({path.name for path in folder.iterdir()}, {"index.json", *index["bytes"]})
            types |= {line["type"] for line in lines}
            done += [line["request"]["verb"] for line in lines if line["type"] == "request"]
        self.assertLessEqual({"hello", "source", "frame", "instance", "request", "picture_at", "sound_at"}, types)
        self.assertEqual(done, ["add_points", "add_box", "add_mask", "remove_object", "reset"])

    def test_a_recorder_that_is_killed(self) -> None:
        recorder = self.record()
        with aurald.Client(self.daemon.path, timeout=PATIENCE_S, want=["frame"]) as client:
            for _ in client.frames():
                written = [json.loads(path.read_text()) for path in self.folder.glob("*/index.json")]
                if written and written[0]["frames"] > 2:
                    break
        recorder.send_signal(signal.SIGKILL)
        recorder.wait(PATIENCE_S)
        index, _ = self.check_segment(next(self.folder.iterdir()))
        self.assertIs(index["complete"], False)


if __name__ == "__main__":
    unittest.main()
