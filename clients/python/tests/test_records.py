"""How lines become records, and which do not."""

from __future__ import annotations

import json
import random
import typing
import unittest

from support import HELLO, OBJECT, SOURCE, STATUS, frame, instance, line, picture, request, sound, spectrogram
import aurald

AUDIO = {"rms_dbfs": -23.41, "sounding": True, "late_ms": 3.5, "missing_ms": 0.1}
RECORDS: list[dict[str, typing.Any]] = [
    HELLO, {**HELLO, "size": [480, 640]}, frame(1), frame(2, audio=AUDIO, ts_src="arrival"), instance(3), instance(4, "end"), SOURCE,
    {"type": "dropped", "from": 42, "to": 57, "n": 9, "instances": 2, "parts": 7, "reason": "slow_reader"},
    {"type": "reply", "id": 7, "verb": "add_points", "ok": True, "seq": 58, "object": OBJECT},
    {"type": "reply", "id": 8, "verb": "status", "ok": True, "status": STATUS},
    {"type": "error", "code": "no_such_object", "message": "object_id 3 is not tracked", "id": 8},
    picture(5), sound(6), spectrogram(7), request(8),
]


def read(record: typing.Any) -> typing.Any:
    return aurald.read_record(line(record))


class Reading(unittest.TestCase):
    def test_every_field_of_the_documented_records(self) -> None:
        hello = read(RECORDS[1])
        self.assertEqual((hello.proto, hello.want, hello.size, hello.mono_ns), (1, ("frame", "instance", "source"), (480, 640), 81234567890))
        self.assertIsNone(read(HELLO).size)
        seen = read(RECORDS[3])
        self.assertEqual((seen.seq, seen.t_ns, seen.ts_src, seen.latency_ms, seen.size), (2, 1002, "arrival", 31.25, (6, 8)))
        self.assertEqual(seen.audio, aurald.Audio(-23.41, True, 3.5, 0.1))
        thing = seen.objects[0]
        self.assertEqual((thing.object_id, thing.kind, thing.score, thing.iou, thing.bbox), (1, "prompt", 0.9975, 1.0, (2, 1, 3, 3)))
        self.assertEqual(thing.rle(), {"size": [6, 8], "counts": "=33000a0"})
        self.assertEqual(int(thing.mask().sum()) if hasattr(thing.mask(), "sum") else thing.mask().area, thing.area)
        self.assertIsNone(read(frame(1)).audio)
        end = read(instance(4, "end"))
        self.assertEqual((end.event, end.instance_id, end.reason, end.bbox, end.counts), ("end", 3, "lost", None, None))
        self.assertRaises(aurald.MaskError, end.mask)
        self.assertEqual(read(instance(3)).rle(), thing.rle())
        self.assertEqual(read(RECORDS[7]), aurald.Dropped(42, 57, 9, 2, 7, "slow_reader"))
        status = read(RECORDS[9]).status
        self.assertEqual((status.uptime_s, status.fps, status.latency_p99_ms, status.objects), (12.5, 29.97, 40.0, (1,)))
        self.assertEqual((status.sources[0].frames, status.sources[0].lost, status.sources[0].samples), (7, 1, None))
        self.assertIs(status.hears, True)
        self.assertIs(status.takes_words, False)
        older = {key: value for key, value in STATUS.items() if key not in ("hears", "takes_words")}
        older_status = read({**RECORDS[9], "status": older}).status
        self.assertIsNone(older_status.hears)
        self.assertIsNone(older_status.takes_words)
        error = read(RECORDS[10])
        self.assertEqual((error.id, type(error.exception())), (8, aurald.NoSuchObject))
        self.assertEqual(error.exception().message, "object_id 3 is not tracked")

    def test_what_is_not_known_is_passed_over(self) -> None:
        for record in RECORDS:
            self.assertEqual(read({**record, "later": [{"x": None}]}), read(record))
        raw = b'{"type":"weather","rain":[1,2]}'
        self.assertEqual(aurald.read_record(raw), aurald.Unknown("weather", raw))
        self.assertEqual(read({**frame(1), "ts_src": "sundial"}).ts_src, "sundial")
        self.assertIs(type(read({"type": "error", "code": "tired", "message": "later"}).exception()), aurald.RequestError)
        self.assertEqual(read({"type": "error", "code": "tired", "message": "later"}).exception().code, "tired")
        self.assertIsNone(read({**instance(1), "event": "pause"}).bbox)

    def test_malformed_lines_are_protocol_errors(self) -> None:
        deep = b'{"type":"x","a":' + b"[" * 16 + b"]" * 16 + b"}"
        bad = [
            b"\xff", b"{", b"[]", b"7", b'"frame"', b"{}", b'{"type":7}', b'{"type":null}', b'{"type":"frame"}', b'{"type":"x","a":NaN}', deep,
            b'{"type":"x","a":' + b"9" * 5000 + b"}", b"[" * 100000, b'{"type":"x","a":' + b"[" * 500000, b'{"type":"\\ud800"}',
        ]
        for data in bad:
            with self.assertRaises(aurald.ProtocolError, msg=data[:40]):
                aurald.read_record(data)
        self.assertEqual(aurald.read_record(deep.replace(b"[", b"", 1).replace(b"]", b"", 1)).type, "x")

    def test_wrong_values_name_their_field(self) -> None:
        cases = [
            ({**HELLO, "proto": True}, "hello.proto"), ({**HELLO, "want": "frame"}, "hello.want"), ({**HELLO, "want": [1]}, "hello.want"),
            ({**HELLO, "size": [1]}, "hello.size"), (frame(-1), "frame.seq"), (frame(1 << 53), "frame.seq"), (frame(1, t_ns=1 << 63), "frame.t_ns"),
            (frame(1, latency_ms="fast"), "frame.latency_ms"), (frame(1, objects={}), "frame.objects"), (frame(1, objects=[3]), r"objects\[0\]"),
            (frame(1, objects=[{**OBJECT, "bbox": [1, 2, 3, -4]}]), r"objects\[0\].bbox"), (frame(1, audio=[]), "frame.audio"),
            (frame(1, objects=[OBJECT, {**OBJECT, "size": [6, 8.5]}]), r"objects\[1\].size"), (frame(1, audio={"rms_dbfs": 1}), "sounding"),
            (frame(1, audio={"rms_dbfs": 1, "sounding": 1}), "frame.audio.sounding"), ({**SOURCE, "detail": 5}, "source.detail"),
            ({**RECORDS[8], "id": -1}, "reply.id"), ({**RECORDS[9], "status": {**STATUS, "objects": ["1"]}}, "reply.status.objects"),
            ({**RECORDS[9], "status": {**STATUS, "hears": 1}}, "reply.status.hears"), ({**RECORDS[7], "parts": "7"}, "dropped.parts"),
        ]
        for record, field in cases:
            with self.assertRaisesRegex(aurald.ProtocolError, field):
                read(record)
        with self.assertRaisesRegex(aurald.ProtocolError, "frame.latency_ms must be a number"):
            aurald.read_record(line(frame(1)).replace(b"31.25", b"1e999"))

    def test_damaged_lines_never_raise_anything_else(self) -> None:
        source = random.Random(4711)
        junk = [None, True, -1, 1e300, 1 << 60, "", "x", [], [[]], {}, [None, None], "\ud800"]
        refused = 0
        for _ in range(6000):
            record = json.loads(json.dumps(source.choice(RECORDS)))
            place = record
            while True:
                keys = list(place) if isinstance(place, dict) else range(len(place))
                key = source.choice(keys) if keys else None
                if key is None or not isinstance(place[key], (dict, list)) or source.random() < 0.4:
                    break
                place = place[key]
            if key is not None:
                place[key] = source.choice(junk)
            data = bytearray(json.dumps(record).encode())
            if source.random() < 0.3:
                data[source.randrange(len(data))] = source.randrange(256)
            try:
                aurald.read_record(bytes(data))
            except aurald.ProtocolError:
                refused += 1
        self.assertGreater(refused, 2000)
        self.assertLess(refused, 5900)


if __name__ == "__main__":
    unittest.main()
