"""docs/protocol.schema.json against the documented lines, against what this package sends, and against its own validator."""

from __future__ import annotations

import copy
import json
import re
import unittest
from typing import Any

from support import HELLO, OBJECT, REPOSITORY, SOURCE, STATUS, frame, instance, picture, request, sound, spectrogram
import schema
from aurald import verbs

RECORDS: list[dict[str, Any]] = [
    HELLO, frame(1, audio={"rms_dbfs": -120, "sounding": False}), instance(1), instance(2, "end"), SOURCE,
    {"type": "dropped", "from": 42, "to": 57, "n": 9, "reason": "slow_reader"},
    {"type": "reply", "id": 7, "verb": "add_box", "ok": True, "seq": 58, "object": OBJECT},
    {"type": "reply", "verb": "status", "ok": True, "status": STATUS}, {"type": "reply", "verb": "reset", "ok": True},
    {"type": "reply", "id": 1, "verb": "subscribe", "ok": True}, {"type": "error", "code": "internal", "message": "a fault"},
    picture(1), sound(1), sound(1, b""), spectrogram(1), {"type": "dropped", "from": 1, "to": 1, "n": 0, "parts": 2, "reason": "slow_reader"},
    request(1),
]
POINTS = {"verb": "add_points", "object_id": 1, "points": [[0.5, 0.4]], "labels": [1]}
BOX = {"verb": "add_box", "object_id": 1, "box": [0, 0, 1, 1]}
MASK = {"verb": "add_mask", "object_id": 1, "mask": {"size": [6, 8], "counts": "`1"}}
WORDS = {"verb": "set_expression", "expression": "the dog on the left"}
SUBSCRIBE = {"verb": "subscribe", "policy": "sample=10", "want": ["frame", "smell"]}
#: Requests that are right.
GOOD: list[dict[str, Any]] = [
    POINTS, BOX, MASK, WORDS, SUBSCRIBE, {**POINTS, "id": 0, "type": "x", "clear_old": False},
    {**POINTS, "box": [0, 0, 0.5, 1], "clear_old": True}, {"verb": "add_points", "object_id": 1, "box": [0, 0, 0.5, 1]},
    {**POINTS, "points": [], "labels": [], "box": [0, 0, 0.5, 1]}, {**POINTS, "points": [[0, 1]] * 64, "labels": [0] * 63 + [1]},
    {**BOX, "clear_old": True, "id": (1 << 53) - 1}, {**BOX, "object_id": 1000000}, {"verb": "remove_object", "object_id": 1}, {"verb": "reset"},
    {**WORDS, "expression": None}, {**WORDS, "expression": "x" * 512}, {**WORDS, "expression": "größer ¡dog!"}, {"verb": "status", "id": 3},
    {"verb": "subscribe"}, {"verb": "subscribe", "want": [], "policy": "disconnect", "source": "nobody"}, {**SUBSCRIBE, "policy": "sample=1000000"},
    {"verb": "hello", "agent": {"name": "x"}}, {"type": "hello", "want": ["frame"]},
    {**SUBSCRIBE, "source": {"x": [1]}, "type": 7}, {"verb": "hello", "source": 5, "type": ["x"]}, {"verb": "hello", "source": None, "type": {}},
    {"type": "hello", "source": False}, {**SUBSCRIBE, "want": ["picture", "sound", "spectrogram"]}, {"verb": "status", "type": 1.5},
]
#: Requests that are wrong in a way that a schema can tell.
BAD: list[dict[str, Any]] = [
    {}, {"verb": "sing"}, {"id": 1}, {**POINTS, "colour": 1}, {**POINTS, "object_id": -1}, {**POINTS, "object_id": 1000001},
    {**POINTS, "object_id": "1"},
    {"verb": "add_points", "object_id": 1}, {"verb": "add_points", "object_id": 1, "points": [[0, 1]]},
    {"verb": "add_points", "object_id": 1, "labels": [1]},
    {**POINTS, "points": [], "labels": []}, {**POINTS, "points": [[0.5, 1.1]]}, {**POINTS, "points": [[0.5]]}, {**POINTS, "labels": [2]},
    {**POINTS, "labels": [True]}, {**POINTS, "points": [[0, 1]] * 65, "labels": [1] * 65}, {**POINTS, "seq": -1}, {**POINTS, "seq": 1 << 53},
    {**POINTS, "clear_old": 1}, {**POINTS, "box": [0, 0, 1, 1], "clear_old": False}, {**BOX, "clear_old": False}, {**BOX, "box": [0, 0, 1]},
    {**BOX, "points": []}, {"verb": "add_box", "object_id": 1}, {**MASK, "mask": {"size": [6, 8]}}, {**MASK, "mask": {**MASK["mask"], "x": 1}},
    {**MASK, "mask": {"size": [0, 8], "counts": "0"}}, {**MASK, "mask": {"size": [6, 8], "counts": "\x7f"}}, {**MASK, "box": [0, 0, 1, 1]},
    {"verb": "remove_object"}, {"verb": "reset", "object_id": 1}, {"verb": "set_expression"}, {**WORDS, "expression": ""},
    {**WORDS, "expression": "a\nb"}, {**WORDS, "expression": "a\x9fb"}, {**WORDS, "expression": "x" * 513}, {**WORDS, "expression": 5},
    {"verb": "status", "want": []}, {**SUBSCRIBE, "policy": "sample=0"}, {**SUBSCRIBE, "policy": "sample=1000001"}, {**SUBSCRIBE, "policy": "nice"},
    {**SUBSCRIBE, "want": ["x"] * 17}, {**SUBSCRIBE, "want": "frame"}, {**SUBSCRIBE, "wants": []}, {"verb": "status", "id": -1},
    {"verb": "status", "id": "7"}, {"verb": "hello", "policy": "nice"},
    {**SUBSCRIBE, "policy": "sample=+5"}, {**SUBSCRIBE, "policy": "sample=007"}, {**SUBSCRIBE, "policy": "sample="}, {"verb": 7},
    {"type": ["hello"]}, {"type": 7}, {"verb": "status", "source": 5}, {**SUBSCRIBE, "policy": 5},
]


def record_faults(record: Any) -> list[str]:
    return schema.record_faults(json.dumps(record).encode())


def request_faults(request: Any) -> list[str]:
    return schema.faults(request, {"$ref": "#/$defs/request"})


class Records(unittest.TestCase):
    def test_records_are_right_and_open(self) -> None:
        for record in RECORDS:
            self.assertEqual(record_faults(record), [])
            self.assertEqual(record_faults({**record, "later": 1}), [])

    def test_a_record_without_a_field_that_it_needs_is_not(self) -> None:
        optional = {"audio", "mode", "id", "parts"}
        for record in RECORDS:
            for name in record:
                if name in optional or (name == "seq" and (record["type"] == "request" or record["type"] == "reply" and "object" not in record)):
                    continue
                less = {key: value for key, value in record.items() if key != name}
                self.assertNotEqual(record_faults(less), [], msg=f"{record['type']} without {name}")

    def test_wrong_values_are_found(self) -> None:
        changes: list[tuple[dict[str, Any], str, Any]] = [
            (HELLO, "proto", 2), (HELLO, "want", "frame"), (frame(1), "seq", -1), (frame(1), "seq", 1.5), (frame(1), "ts_src", ""),
            (frame(1), "size", [0, 8]), (frame(1), "objects", [{**OBJECT, "score": 1.01}]), (frame(1), "objects", [{**OBJECT, "kind": 1}]),
            (frame(1), "objects", [{**OBJECT, "counts": "p"}]), (frame(1), "objects", [{**OBJECT, "counts": "0\n"}]),
            (frame(1), "audio", {"rms_dbfs": -121, "sounding": True}), (instance(1), "event", "end"), (instance(1), "instance_id", 0),
            ({"type": "error", "code": "x", "message": "y"}, "id", 1), (RECORDS[6], "ok", 1), (RECORDS[6], "verb", "status"),
            (RECORDS[7], "status", {}), (RECORDS[7], "status", {**STATUS, "hears": 1}), (instance(1), "event", ""), (picture(1), "data", ""),
            (picture(1), "data", "a b="), (picture(1), "size", [0, 8]), (sound(1), "data", "AA==="), (sound(1), "data", "=AAA"), (sound(1), "rate", 0),
            (sound(1), "channels", 0), (sound(1), "first", -1), (spectrogram(1), "bands", 0), (spectrogram(1), "floor", "low"),
            (spectrogram(1), "data", None), (RECORDS[-2], "parts", 0), (RECORDS[-2], "parts", "2"), (request(1), "seq", -1),
        ]
        for record, name, value in changes:
            self.assertNotEqual(record_faults({**copy.deepcopy(record), name: value}), [], msg=f"{record['type']}.{name} = {value}")

    def test_a_request_in_a_record_is_as_strict_as_one_on_the_wire(self) -> None:
        changing = {"add_points", "add_box", "add_mask", "remove_object", "reset", "set_expression"}
        for body, is_good in [(each, True) for each in GOOD] + [(each, False) for each in BAD]:
            is_right = is_good and body.get("verb") in changing and "id" not in body
            self.assertEqual(record_faults({"type": "request", "request": body}) == [], is_right, msg=str(body))

    def test_words_of_later_versions_are_right(self) -> None:
        end = instance(2, "end")
        for record in [
            frame(1, ts_src="sundial"), frame(1, objects=[{**OBJECT, "kind": "guess"}]), {**instance(1), "event": "split"}, {**end, "reason": "tired"},
            {key: value for key, value in {**end, "event": "pause"}.items() if key != "reason"}, {**picture(1), "format": "avif"},
            sound(1, format="opus"), {**SOURCE, "kind": "smell", "state": "asleep"},
        ]:
            self.assertEqual(record_faults(record), [], msg=str(record))

    def test_the_lines_in_the_documents(self) -> None:
        for name in ["docs/protocol.md", "README.md"]:
            path = REPOSITORY / name
            if not path.exists():
                self.skipTest(f"{name} is not there: this is not the whole repository")
            lines = [text for text in path.read_text(encoding="utf-8").splitlines() if re.match(r'\{"(type|id|verb)":.*\}$', text)]
            self.assertGreater(len(lines), 5, msg=name)
            for text in lines:
                if "…" not in text:
                    self.assertEqual(schema.faults(json.loads(text), schema.ROOT), [], msg=text)


class Requests(unittest.TestCase):
    def test_right_and_wrong_requests(self) -> None:
        for request in GOOD:
            self.assertEqual(request_faults(request), [], msg=str(request))
        for request in BAD:
            self.assertNotEqual(request_faults(request), [], msg=str(request))

    def test_what_this_package_sends(self) -> None:
        for request in [
            verbs.add_points(1, [[0.5, 0.5]], None, None, None, True), verbs.add_points(1, [(0, 1)], [0], None, 3, False),
            verbs.add_points(1, [], None, [0, 0, 1, 1], None, True), verbs.add_box(0, [0, 0, 1, 1], 7), verbs.add_mask(1, [[0, 1]], None),
            verbs.remove_object(4), verbs.set_expression("dog"), verbs.set_expression(None), verbs.subscribe("latest", ("frame",)),
            verbs.subscribe(None, None),
        ]:
            self.assertEqual(request_faults({"id": 1, **request}), [], msg=str(request))


class TheSchema(unittest.TestCase):
    def test_every_definition_is_used_and_every_reference_is_there(self) -> None:
        names = set(re.findall(r'"#/\$defs/(\w+)"', schema.PATH.read_text(encoding="utf-8")))
        self.assertEqual(names, set(schema.ROOT["$defs"]))

    def test_a_keyword_that_is_not_known_is_noticed(self) -> None:
        self.assertRaises(KeyError, schema.faults, 1, {"multipleOf": 2})


if __name__ == "__main__":
    unittest.main()
