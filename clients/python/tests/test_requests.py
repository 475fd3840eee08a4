"""The record of what a client had done: how it is read, through both clients, and from the real daemon."""

from __future__ import annotations

import asyncio
import unittest
from typing import Any

from support import HELLO, PATIENCE_S, FakeDaemon, Peer, frame, request
import aurald
from aurald.inbox import Inbox
from real_daemon import HEIGHT, WIDTH, RealDaemon, needed
from test_daemon import EVERYTHING, Watched, until
from test_records import read

MASK = {"size": [6, 8], "counts": "=33000a0"}
#: What is in the field `request`, and what of it is not None behind `seq` and `verb`.
CASES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"verb": "add_points", "object_id": 1, "points": [[0.5, 0.4], [0, 1]], "labels": [1, 0], "clear_old": False},
     {"object_id": 1, "points": ((0.5, 0.4), (0.0, 1.0)), "labels": (1, 0), "clear_old": False}),
    ({"verb": "add_points", "object_id": 1, "points": [[0.5, 0.4]], "labels": [1], "box": [0, 0, 1, 1], "clear_old": True},
     {"object_id": 1, "points": ((0.5, 0.4),), "labels": (1,), "box": (0.0, 0.0, 1.0, 1.0), "clear_old": True}),
    ({"verb": "add_points", "object_id": 1, "box": [0, 0, 1, 1]},
     {"object_id": 1, "points": (), "labels": (), "box": (0.0, 0.0, 1.0, 1.0), "clear_old": True}),
    ({"verb": "add_box", "object_id": 7, "box": [0.25, 0, 1, 0.5]}, {"object_id": 7, "box": (0.25, 0.0, 1.0, 0.5), "clear_old": True}),
    ({"verb": "add_mask", "object_id": 0, "mask": MASK}, {"object_id": 0, "counts": "=33000a0", "size": (6, 8)}),
    ({"verb": "remove_object", "object_id": 3}, {"object_id": 3}),
    ({"verb": "reset"}, {}),
    ({"verb": "set_expression", "expression": "the dog on the left"}, {"expression": "the dog on the left"}),
    ({"verb": "set_expression", "expression": None}, {}),
    ({"verb": "add_scribble", "object_id": [1]}, {}),
]
NAMES = ("object_id", "points", "labels", "box", "clear_old", "counts", "size", "expression")


def record(fields: Any, **others: Any) -> dict[str, Any]:
    return {"type": "request", "seq": 57, **others, "request": fields}


class Reading(unittest.TestCase):
    def test_every_verb(self) -> None:
        for fields, wanted in CASES:
            seen = read(record(fields))
            self.assertEqual((type(seen), seen.seq, seen.verb), (aurald.Request, 57, fields["verb"]))
            self.assertEqual({name: getattr(seen, name) for name in NAMES if getattr(seen, name) is not None}, wanted, msg=str(fields))
            self.assertEqual(read(record({**fields, "later": 1}, more=2)), seen)
        self.assertIsNone(read({"type": "request", "request": {"verb": "reset"}}).seq)

    def test_its_mask(self) -> None:
        seen = read(record({"verb": "add_mask", "object_id": 1, "mask": MASK}))
        self.assertEqual(seen.rle(), MASK)
        self.assertEqual(aurald.encode(seen.mask()), MASK)
        self.assertRaises(aurald.MaskError, read(record({"verb": "reset"})).mask)

    def test_wrong_values_name_their_field(self) -> None:
        points = {"verb": "add_points", "object_id": 1, "points": [[0.5, 0.4]], "labels": [1]}
        box = {"verb": "add_box", "object_id": 1, "box": [0, 0, 1, 1]}
        cases: list[tuple[Any, str]] = [
            (None, "request.request is missing"), ([], "request.request must be an object"), ({}, "request.request.verb"),
            ({"verb": 7}, "request.request.verb"),
            ({**points, "points": [[0.5]]}, r"points\[0\] must be an array of 2"), ({**points, "points": [[0.5, "x"]]}, r"points\[0\]\[1\]"),
            ({**points, "points": 5}, "request.points"), ({**points, "labels": []}, "request.labels"),
            ({**points, "labels": [True]}, "request.labels"),
            ({**points, "object_id": -1}, "object_id"), ({**points, "clear_old": 1}, "clear_old"), ({"verb": "add_points", "object_id": 1}, "points"),
            ({**box, "box": [0, 0, 1]}, "request.box"), ({"verb": "add_box", "object_id": 1}, "request.box"),
            ({**box, "box": [0, 0, 1, None]}, r"request.box\[3\]"),
            ({"verb": "add_mask", "object_id": 1}, "request.mask"), ({"verb": "add_mask", "object_id": 1, "mask": {"size": [1, 2]}}, "mask.counts"),
            ({"verb": "remove_object"}, "object_id"), ({"verb": "set_expression", "expression": 5}, "expression"),
        ]
        for fields, name in cases:
            with self.assertRaisesRegex(aurald.ProtocolError, name, msg=str(fields)):
                read(record(fields))
        with self.assertRaisesRegex(aurald.ProtocolError, "request.seq"):
            read(record({"verb": "reset"}, seq=-1))

    def test_those_that_nobody_took_are_counted(self) -> None:
        inbox = Inbox(1)
        for each in [request(7), frame(7), {"type": "request", "request": {"verb": "reset"}}, frame(8)]:
            inbox.add(read(each), 1000)
        self.assertEqual(inbox.take(), aurald.Dropped(0, 7, 1, None, None, "not_read", 2))


class Connections(unittest.TestCase):
    def test_both_clients(self) -> None:
        def script(peer: Peer) -> None:
            peer.greet(want=HELLO["want"] + ["request"])
            asked = peer.request()
            self.assertEqual(asked["want"], ["frame", "request"])
            peer.reply(asked)
            peer.send(request(1), frame(1))
            mask = peer.request()
            self.assertEqual((mask["verb"], mask["mask"]), ("add_mask", MASK))
            peer.reply(mask)
            peer.wait_closed()

        given = read(record({"verb": "add_mask", "object_id": 1, "mask": MASK}))

        async def ask(path: str) -> aurald.Record:
            async with aurald.AsyncClient(path, want=["frame", "request"]) as client:
                seen = await client.read()
                await client.add_mask(2, given)
                return seen

        with FakeDaemon(script, script) as daemon:
            with aurald.Client(daemon.path, want=["frame", "request"]) as client:
                self.assertEqual(client.read(PATIENCE_S), read(request(1)))
                client.add_mask(2, given)
            self.assertEqual(asyncio.run(asyncio.wait_for(ask(daemon.path), PATIENCE_S)), read(request(1)))


@needed
class Daemon(Watched, unittest.IsolatedAsyncioTestCase):
    """The real daemon tells one client what another one did."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.daemon = RealDaemon()
        cls.daemon.__enter__()
        cls.addClassCleanup(cls.daemon.__exit__)

    def test_all_that_another_client_does(self) -> None:
        observer = self.client(self.daemon, want=["frame", "request"])
        other = self.client(self.daemon)
        rows = [[int(20 <= x < 30 and 10 <= y < 25) for x in range(WIDTH)] for y in range(HEIGHT)]
        replies = [
            other.add_points(31, [[0.5, 0.5], [0.25, 0.75]], [1, 0]), other.add_box(32, EVERYTHING), other.add_mask(33, rows),
            other.remove_object(32), other.reset(),
        ]
        # What changes nothing, or is refused, is no record.
        other.status()
        with self.assertRaises(aurald.NoSuchObject):
            other.remove_object(32)
        seen = [until(observer, lambda each: isinstance(each, aurald.Request)) for _ in replies]
        self.assertEqual([each.verb for each in seen], ["add_points", "add_box", "add_mask", "remove_object", "reset"])
        self.assertEqual([each.object_id for each in seen], [31, 32, 33, 32, None])
        self.assertEqual([each.seq for each in seen], [reply.seq for reply in replies])
        self.assertEqual((seen[0].points, seen[0].labels, seen[0].clear_old), (((0.5, 0.5), (0.25, 0.75)), (1, 0), True))
        self.assertEqual(seen[1].box, (0.0, 0.0, 1.0, 1.0))
        self.assertEqual(seen[2].rle(), aurald.encode(rows))
        # It comes before the frame with which it took effect.
        other.add_box(34, EVERYTHING)
        asked = until(observer, lambda each: isinstance(each, aurald.Request))
        frame = until(observer, lambda each: isinstance(each, aurald.Frame) and any(thing.object_id == 34 for thing in each.objects))
        self.assertEqual(frame.seq, asked.seq)
        other.reset()

    def test_who_does_not_ask_gets_none(self) -> None:
        plain = self.client(self.daemon, want=["frame"])
        reply = plain.add_box(41, EVERYTHING)
        until(plain, lambda each: isinstance(each, aurald.Frame) and each.seq > reply.seq)
        self.assertNotIn("request", self.types)
        plain.remove_object(41)

    async def test_for_asyncio(self) -> None:
        async with aurald.AsyncClient(self.daemon.path, timeout=PATIENCE_S, want=["request"]) as client:
            reply = await client.add_points(51, [[0.5, 0.5]])
            async for seen in client:
                if isinstance(seen, aurald.Request):
                    break
            self.assertEqual((type(seen), seen.seq, seen.object_id, seen.points), (aurald.Request, reply.seq, 51, ((0.5, 0.5),)))
            await client.remove_object(51)


@needed
class Words(Watched):
    """A model without words refuses them, and tells nobody."""

    def test_words_that_are_refused(self) -> None:
        with RealDaemon() as daemon:
            client = self.client(daemon, want=["request"])
            with self.assertRaises(aurald.Unsupported):
                client.set_expression("a dog")
            client.reset()
            self.assertEqual(until(client, lambda each: isinstance(each, aurald.Request)).verb, "reset")


if __name__ == "__main__":
    unittest.main()
