"""The asyncio client against a daemon that does as it is told."""

from __future__ import annotations

import asyncio
import threading
import unittest

from support import HELLO, OBJECT, PATIENCE_S, SOURCE, STATUS, FakeDaemon, Peer, frame, line
import aurald
from aurald.lines import MAXIMUM_LINE

BACKOFF = aurald.Backoff(0.001, 0.01)


async def soon(work):
    """Fails where it takes too long."""
    return await asyncio.wait_for(work, PATIENCE_S)


class Reading(unittest.IsolatedAsyncioTestCase):
    async def test_hello_is_read_at_once_and_records_follow(self) -> None:
        def script(peer: Peer) -> None:
            for byte in line(HELLO) + line(SOURCE) + line(frame(1)) + line({"type": "weather"}):
                peer.send_bytes(bytes([byte]))

        with FakeDaemon(script) as daemon:
            async with aurald.AsyncClient(daemon.path) as client:
                self.assertEqual(client.hello.source, "camera")
                seen = []
                with self.assertRaises(aurald.ConnectionClosed):
                    async for record in client:
                        seen.append(type(record))
                self.assertEqual(seen, [aurald.Source, aurald.Frame, aurald.Unknown])
                self.assertEqual(client.sources["camera"].state, "streaming")

    async def test_faults_are_typed(self) -> None:
        for data in [b"\x00\xff\n", b'{"type":"frame"}\n', b"x" * (MAXIMUM_LINE + 1)]:
            def script(peer: Peer) -> None:
                try:
                    peer.send_bytes(line(HELLO) + line(frame(1)) + data)
                except (BrokenPipeError, ConnectionResetError):
                    pass

            with FakeDaemon(script) as daemon:
                async with aurald.AsyncClient(daemon.path) as client:
                    self.assertEqual((await soon(client.read())).seq, 1)
                    with self.assertRaises(aurald.ProtocolError):
                        await soon(client.read())

    async def test_connecting_fails(self) -> None:
        with self.assertRaisesRegex(aurald.ConnectionClosed, "/nowhere/s"):
            await aurald.AsyncClient("/nowhere/s").connect()
        with self.assertRaises(aurald.ConnectionClosed):
            aurald.AsyncClient("/nowhere/s").hello
        with FakeDaemon(lambda peer: peer.send({"type": "error", "code": "busy", "message": "full"})) as daemon:
            with self.assertRaises(aurald.Busy):
                await aurald.AsyncClient(daemon.path).connect()
        with FakeDaemon(Peer.wait_closed) as daemon:
            with self.assertRaises(aurald.Timeout):
                await aurald.AsyncClient(daemon.path, timeout=0.05).connect()

    async def test_a_task_that_is_cancelled_loses_no_record(self) -> None:
        more = threading.Event()

        def script(peer: Peer) -> None:
            peer.greet()
            more.wait(PATIENCE_S)
            peer.send(frame(1))
            peer.wait_closed()

        with FakeDaemon(script) as daemon:
            async with aurald.AsyncClient(daemon.path) as client:
                with self.assertRaises(asyncio.TimeoutError):
                    await asyncio.wait_for(client.read(), 0.01)
                more.set()
                async for seen in client.frames():
                    self.assertEqual(seen.seq, 1)
                    break

    async def test_close_ends_iteration_and_what_is_awaited(self) -> None:
        def script(peer: Peer) -> None:
            peer.greet()
            peer.request()
            peer.send(frame(1))
            peer.wait_closed()

        with FakeDaemon(script) as daemon:
            client = aurald.AsyncClient(daemon.path)
            await client.connect()
            has_frame = asyncio.Event()

            async def iterate() -> int:
                count = 0
                async for _ in client:
                    count += 1
                    has_frame.set()
                return count

            iteration = asyncio.create_task(iterate())
            request = asyncio.create_task(client.reset())
            await soon(has_frame.wait())
            await client.close()
            self.assertEqual(await soon(iteration), 1)
            with self.assertRaises(aurald.ConnectionClosed):
                await soon(request)
            await client.close()
            with self.assertRaises(aurald.ConnectionClosed):
                await client.reset()


class Asking(unittest.IsolatedAsyncioTestCase):
    async def test_every_verb_as_it_is_on_the_wire(self) -> None:
        requests = []

        def script(peer: Peer) -> None:
            peer.greet()
            for _ in range(8):
                request = peer.request()
                requests.append(request)
                peer.reply(request, **({"status": STATUS} if request["verb"] == "status" else {"seq": 5, "object": OBJECT}))
            peer.wait_closed()

        with FakeDaemon(script) as daemon:
            async with aurald.AsyncClient(daemon.path) as client:
                self.assertEqual((await client.add_points(1, [[0.5, 0.25]])).seq, 5)
                await client.add_box(2, [0, 0, 1, 1], seq=3)
                await client.add_mask(3, [[1]])
                await client.remove_object(3)
                await client.reset()
                await client.set_expression("a dog")
                self.assertEqual((await client.status()).frames, 4)
                await client.subscribe(policy="disconnect", want=[])
        self.assertEqual([request.pop("id") for request in requests], list(range(1, 9)))
        self.assertEqual(requests, [
            {"verb": "add_points", "object_id": 1, "points": [[0.5, 0.25]], "labels": [1]},
            {"verb": "add_box", "object_id": 2, "box": [0, 0, 1, 1], "seq": 3},
            {"verb": "add_mask", "object_id": 3, "mask": {"size": [1, 1], "counts": "01"}}, {"verb": "remove_object", "object_id": 3},
            {"verb": "reset"}, {"verb": "set_expression", "expression": "a dog"}, {"verb": "status"},
            {"verb": "subscribe", "policy": "disconnect", "want": []},
        ])

    async def test_a_request_while_another_task_waits_for_records(self) -> None:
        def script(peer: Peer) -> None:
            peer.greet()
            for seq in range(40):
                # Nothing comes before it is asked for: the task that iterates must not keep the others from asking.
                request = peer.request()
                peer.send(frame(seq))
                peer.reply(request, seq=request["object_id"])
            peer.wait_closed()

        async def ask(client: aurald.AsyncClient, number: int) -> list[int]:
            return [(await client.remove_object(100 * number + index)).seq for index in range(20)]

        with FakeDaemon(script) as daemon:
            async with aurald.AsyncClient(daemon.path, timeout=PATIENCE_S) as client:
                first, second = asyncio.create_task(ask(client, 1)), asyncio.create_task(ask(client, 2))
                self.assertEqual([(await soon(client.read())).seq for _ in range(40)], list(range(40)))
                self.assertEqual(await soon(first), list(range(100, 120)))
                self.assertEqual(await soon(second), list(range(200, 220)))

    async def test_errors_and_timeouts(self) -> None:
        def script(peer: Peer) -> None:
            peer.greet()
            peer.send({"type": "error", "code": "no_such_object", "message": "none", "id": peer.request()["id"]})
            late = peer.request()
            peer.reply(late)
            peer.reply(peer.request())
            peer.send({"type": "error", "code": "shutting_down", "message": "bye"})

        with FakeDaemon(script) as daemon:
            async with aurald.AsyncClient(daemon.path) as client:
                with self.assertRaisesRegex(aurald.NoSuchObject, "none"):
                    await client.remove_object(3)
                client.timeout = 0
                with self.assertRaises(aurald.Timeout):
                    await client.reset()
                client.timeout = PATIENCE_S
                await client.set_expression("a")
                await client.set_expression("b")
                self.assertEqual((await soon(client.read())).code, "shutting_down")
                with self.assertRaisesRegex(aurald.ConnectionClosed, "bye"):
                    await soon(client.read())


class Again(unittest.IsolatedAsyncioTestCase):
    async def test_goes_on_with_the_next_connection(self) -> None:
        def first(peer: Peer) -> None:
            peer.greet()
            peer.reply(peer.request())
            peer.send(frame(7))

        def last(peer: Peer) -> None:
            peer.greet(version="0.2.0")
            request = peer.request()
            self.assertEqual(request["want"], ["frame"])
            peer.reply(request)
            peer.send(frame(0))
            peer.reply(peer.request(), seq=1)
            peer.wait_closed()

        with FakeDaemon(first, Peer.greet, lambda peer: None, last) as daemon:
            async with aurald.AsyncClient(daemon.path, reconnect=True, backoff=BACKOFF) as client:
                await client.subscribe(want=["frame"])
                records = [await soon(client.read()) for _ in range(4)]
                self.assertEqual([type(each).__name__ for each in records], ["Frame", "Hello", "Hello", "Frame"])
                self.assertEqual(client.hello.version, "0.2.0")
                self.assertEqual((await client.add_box(1, [0, 0, 1, 1])).seq, 1)

    async def test_a_request_waits_for_the_connection_and_one_on_its_way_is_refused(self) -> None:
        def first(peer: Peer) -> None:
            peer.greet()
            peer.request()

        def second(peer: Peer) -> None:
            peer.greet()
            peer.reply(peer.request())
            peer.wait_closed()

        with FakeDaemon(first, second) as daemon:
            async with aurald.AsyncClient(daemon.path, reconnect=True, backoff=BACKOFF) as client:
                with self.assertRaises(aurald.ConnectionClosed):
                    await client.reset()
                self.assertEqual((await client.reset()).verb, "reset")

    async def test_a_wait_ends_in_time_and_with_close(self) -> None:
        with FakeDaemon(Peer.greet) as daemon:
            client = aurald.AsyncClient(daemon.path, reconnect=True, backoff=aurald.Backoff(3600, 3600), timeout=0.1)
            await client.connect()
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(client.read(), 0.05)
            with self.assertRaises(aurald.Timeout):
                await client.reset()

            async def iterate() -> None:
                async for _ in client:
                    pass

            iteration = asyncio.create_task(iterate())
            await client.close()
            await soon(iteration)


if __name__ == "__main__":
    unittest.main()
