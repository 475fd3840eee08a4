"""Both clients against the real daemon. Every line that it sends is held against docs/protocol.schema.json."""

from __future__ import annotations

import json
import socket
import tempfile
import unittest
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from support import PATIENCE_S
import aurald
import schema
from aurald import session
from real_daemon import FRAMES, HEIGHT, WIDTH, RealDaemon, bright_box, needed
from test_schema import BAD, GOOD

EVERYTHING = [0, 0, 1, 1]


def until(records: Iterator[Any], is_it: Callable[[Any], bool]) -> Any:
    """The first record that is it; not more than 300 are looked at."""
    for _ in range(300):
        if is_it(record := next(records)):
            return record
    raise AssertionError("300 records, and none of them is it")


class Watched(unittest.TestCase):
    """Validates every line that the package reads in a test."""

    def setUp(self) -> None:
        self.faults: list[str] = []
        self.types: set[str] = set()
        real = session.read_record

        def read(line: bytes) -> Any:
            self.faults += schema.record_faults(line)
            self.types.add(json.loads(line)["type"])
            return real(line)

        patch = mock.patch.object(session, "read_record", read)
        patch.start()
        self.addCleanup(patch.stop)
        self.addCleanup(lambda: self.assertEqual(self.faults, []))

    def client(self, daemon: RealDaemon, **options: Any) -> aurald.Client:
        client = aurald.Client(daemon.path, timeout=PATIENCE_S, **options)
        self.addCleanup(client.close)
        return client


@needed
class Daemon(Watched):
    """With a model that does not hear."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.daemon = RealDaemon()
        cls.daemon.__enter__()
        cls.addClassCleanup(cls.daemon.__exit__)

    def test_hello_sources_and_frames(self) -> None:
        client = self.client(self.daemon)
        self.assertEqual((client.hello.proto, client.hello.policy, client.hello.want), (1, "latest", ("frame", "instance", "source")))
        self.assertTrue(client.hello.source.endswith("clip.y4m"))
        frames = client.frames()
        first, second = next(frames), next(frames)
        self.assertEqual((first.size, first.ts_src), ((HEIGHT, WIDTH), "replay"))
        self.assertGreater(second.seq, first.seq)
        self.assertGreater(second.t_ns, first.t_ns)
        self.assertIsNotNone(second.audio)
        self.assertEqual(client.sources[client.hello.source].state, "streaming")
        self.assertLessEqual({"hello", "source", "frame"}, self.types)

    def test_an_object_from_its_box_to_its_end(self) -> None:
        client = self.client(self.daemon)
        reply = client.add_box(11, EVERYTHING)
        thing = reply.object
        self.assertEqual((reply.verb, thing.object_id, thing.kind, thing.size), ("add_box", 11, "prompt", (HEIGHT, WIDTH)))
        pixels = thing.mask()
        mask = pixels if isinstance(pixels, aurald.Mask) else aurald.Mask(*pixels.shape, pixels.tobytes())
        x, y, width, height = thing.bbox
        self.assertEqual(mask.area, thing.area)
        inside = [(row, column) for row in range(HEIGHT) for column in range(WIDTH) if mask[row, column]]
        self.assertEqual((min(row for row, _ in inside), min(column for _, column in inside)), (y, x))
        self.assertEqual((max(row for row, _ in inside), max(column for _, column in inside)), (y + height - 1, x + width - 1))
        # The rehearsal engine's mask is what is bright.
        self.assertIn(thing.bbox, [bright_box(index) for index in range(FRAMES)])
        self.assertEqual(thing.area, width * height)
        self.assertIn(11, client.status().objects)
        seen = until(client.frames(), lambda record: any(each.object_id == 11 for each in record.objects))
        self.assertGreaterEqual(seen.seq, reply.seq)
        self.assertIsNotNone(client.remove_object(11).seq)
        self.assertNotIn(11, client.status().objects)
        with self.assertRaises(aurald.NoSuchObject):
            client.remove_object(11)

    def test_points_masks_and_reset(self) -> None:
        client = self.client(self.daemon)
        self.assertEqual(client.add_points(21, [[0.5, 0.5], [0.1, 0.9]], [1, 0]).object.object_id, 21)
        rows = [[int(20 <= x < 30 and 10 <= y < 25) for x in range(WIDTH)] for y in range(HEIGHT)]
        reply = client.add_mask(22, rows)
        self.assertEqual((reply.object.iou, reply.object.bbox, reply.object.area), (1.0, (20, 10, 10, 15), 150))
        self.assertEqual(reply.object.rle(), aurald.encode(rows))
        again = client.add_mask(23, reply.object)
        self.assertEqual(again.object.counts, reply.object.counts)
        client.reset()
        self.assertFalse({21, 22, 23} & set(client.status().objects))

    def test_status(self) -> None:
        status = self.client(self.daemon).status()
        self.assertRegex(status.engine, "^rehearsal")
        self.assertRegex(status.model, "@256 untrained$")
        self.assertGreaterEqual(status.clients, 1)
        self.assertEqual([each.kind for each in status.sources], ["video"])

    def test_error_codes(self) -> None:
        client = self.client(self.daemon)
        next(client.frames())
        for kind, ask in [
            (aurald.BadRequest, lambda: client.add_box(1, [0.5, 0, 0.1, 1])), (aurald.BadRequest, lambda: client.add_points(1, [])),
            (aurald.BadRequest, lambda: client.add_points(0, [[0.5, 0.5]])),
            (aurald.FrameExpired, lambda: client.add_box(1, EVERYTHING, seq=1 << 40)),
            (aurald.NoSuchObject, lambda: client.remove_object(999)), (aurald.Unsupported, lambda: client.set_expression("a dog")),
            (aurald.BadRequest, lambda: client.subscribe(policy="nice")),
        ]:
            with self.assertRaises(kind) as caught:
                ask()
            self.assertTrue(caught.exception.message)
            self.assertIs(type(caught.exception), kind)

    def test_subscriptions(self) -> None:
        client = self.client(self.daemon, want=[])
        other = self.client(self.daemon, policy="sample=3", want=["frame"])
        frames = other.frames()
        for _ in range(4):
            next(frames)
        seqs = [next(frames).seq for _ in range(3)]
        self.assertTrue(all(later - earlier >= 3 for earlier, later in zip(seqs, seqs[1:])), msg=str(seqs))
        # All that was under way before the subscription held, while the other client has had a second of frames and more.
        client.status()
        late = []
        with self.assertRaises(aurald.Timeout):
            while True:
                late.append(client.read(0.01))
        self.assertLessEqual(sum(isinstance(each, aurald.Frame) for each in late), 1)
        client.subscribe(want=["frame"])
        self.assertIsInstance(client.read(PATIENCE_S), aurald.Frame)

    def test_the_schema_is_as_strict_as_the_daemon(self) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stream:
            stream.settimeout(PATIENCE_S)
            stream.connect(self.daemon.path)
            lines = stream.makefile("rb")
            for request, is_good in [(each, True) for each in GOOD] + [(each, False) for each in BAD]:
                stream.sendall(json.dumps(request).encode() + b"\n")
                answer: dict[str, Any] = {}
                while answer.get("type") not in ("reply", "error"):
                    line = lines.readline()
                    self.faults += schema.record_faults(line)
                    answer = json.loads(line)
                is_refused = answer.get("code") in ("bad_request", "unknown_verb")
                self.assertEqual(is_refused, not is_good, msg=f"{request} got {answer}")
            stream.sendall(b'{"verb":"reset"}\n')

    def test_lines_that_are_no_requests(self) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stream:
            stream.settimeout(PATIENCE_S)
            stream.connect(self.daemon.path)
            stream.sendall(b"\xff\xfe\n[]\n" + b'{"verb":"status","id":' + b"[" * 20 + b"\n" + b"x" * (1 << 20) + b"x\n")
            answers = []
            for line in stream.makefile("rb"):
                self.faults += schema.record_faults(line)
                if json.loads(line)["type"] == "error":
                    answers.append(json.loads(line)["code"])
                if len(answers) == 4:
                    break
            self.assertEqual(answers, ["bad_request"] * 4)


@needed
class HearingDaemon(Watched):
    """With a model that hears a tone for a second, and a second of silence."""

    def test_what_sounds(self) -> None:
        with RealDaemon(hears=True, **{"sounding.instances": "true", "sounding.instance_grace_ms": 100}) as daemon:
            client = self.client(daemon)
            begin = until(client, lambda record: isinstance(record, aurald.Instance) and record.event == "begin")
            self.assertEqual((begin.object_id, begin.size), (0, (HEIGHT, WIDTH)))
            self.assertEqual(sum(aurald.masks.runs_of(*begin.size, begin.counts)[1::2]), begin.area)
            reply = client.add_points(0, [[0.5, 0.5]])
            self.assertEqual((reply.object.object_id, reply.object.kind), (0, "sounding"))
            # On a busy machine frames are left out, and what has moved far in between is `lost`; but silence comes every other second.
            end = until(client, lambda record: isinstance(record, aurald.Instance) and record.reason == "silent")
            self.assertEqual((end.event, end.counts), ("end", None))
            seen = until(client, lambda record: isinstance(record, aurald.Frame) and record.audio is not None and not record.audio.sounding)
            self.assertEqual([(each.object_id, each.area, each.score) for each in seen.objects], [(0, 0, 0)])
            self.assertLessEqual({"instance", "frame", "reply"}, self.types)


@needed
class Restarts(Watched):
    """A daemon that ends, and comes back on the same socket."""

    def test_goes_on_after_a_restart(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder) / "s")
            with RealDaemon(path=path) as daemon:
                client = self.client(daemon, reconnect=True, backoff=aurald.Backoff(0.01, 0.1), want=["frame"])
                plain = self.client(daemon)
                client.add_box(1, EVERYTHING)
                self.assertEqual(daemon.stop(), 0)
            with self.assertRaises(aurald.ConnectionClosed):
                for record in plain:
                    last = record
            self.assertEqual((type(last).__name__, last.code), ("Error", "shutting_down"))
            with RealDaemon(path=path):
                until(client, lambda record: isinstance(record, aurald.Hello))
                self.assertEqual(client.status().objects, ())
                self.assertEqual(client.add_box(1, EVERYTHING).object.object_id, 1)
                until(client, lambda record: isinstance(record, aurald.Frame) and len(record.objects) == 1)


@needed
class AsyncDaemon(Watched, unittest.IsolatedAsyncioTestCase):
    """The asyncio client."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.daemon = RealDaemon()
        cls.daemon.__enter__()
        cls.addClassCleanup(cls.daemon.__exit__)

    async def test_iterates_and_prompts(self) -> None:
        async with aurald.AsyncClient(self.daemon.path, timeout=PATIENCE_S) as client:
            reply = await client.add_box(5, EVERYTHING)
            async for frame in client.frames():
                if frame.seq > reply.seq and frame.objects:
                    break
            self.assertEqual([each.object_id for each in frame.objects], [5])
            self.assertEqual((await client.status()).objects, (5,))
            with self.assertRaises(aurald.NoSuchObject):
                await client.remove_object(6)
            await client.subscribe(want=[])
            await client.reset()


if __name__ == "__main__":
    unittest.main()
