"""The blocking client against a daemon that does as it is told."""

from __future__ import annotations

import threading
import unittest

from support import HELLO, OBJECT, PATIENCE_S, SOURCE, STATUS, FakeDaemon, Peer, frame, instance, line
import aurald
from aurald.lines import MAXIMUM_LINE


class Reading(unittest.TestCase):
    def test_hello_is_read_at_once_and_records_follow(self) -> None:
        def script(peer: Peer) -> None:
            peer.greet(size=[6, 8])
            peer.send(SOURCE, frame(1), {"type": "weather"}, instance(1), {"type": "dropped", "from": 2, "to": 3, "n": 2, "reason": "slow_reader"})

        with FakeDaemon(script) as daemon, aurald.Client(daemon.path) as client:
            self.assertEqual((client.hello.version, client.hello.size), ("0.1.0", (6, 8)))
            seen = []
            with self.assertRaises(aurald.ConnectionClosed):
                for record in client:
                    seen.append(type(record))
            self.assertEqual(seen, [aurald.Source, aurald.Frame, aurald.Unknown, aurald.Instance, aurald.Dropped])
            self.assertEqual(client.sources["camera"].state, "streaming")

    def test_lines_in_pieces(self) -> None:
        def script(peer: Peer) -> None:
            for byte in line(HELLO) + line(frame(1)) + line(frame(2)):
                peer.send_bytes(bytes([byte]))

        with FakeDaemon(script) as daemon, aurald.Client(daemon.path) as client:
            self.assertEqual([client.read(PATIENCE_S).seq, client.read(PATIENCE_S).seq], [1, 2])

    def test_frames_alone(self) -> None:
        def script(peer: Peer) -> None:
            peer.greet()
            peer.send(SOURCE, frame(1), instance(1), frame(2))
            peer.wait_closed()

        with FakeDaemon(script) as daemon, aurald.Client(daemon.path) as client:
            frames = client.frames()
            self.assertEqual([next(frames).seq, next(frames).seq], [1, 2])

    def test_a_line_that_is_too_long_ends_the_connection(self) -> None:
        def script(peer: Peer) -> None:
            peer.greet()
            peer.send(frame(1))
            try:
                while True:
                    peer.send_bytes(b"x" * 65536)
            except (BrokenPipeError, ConnectionResetError):
                pass

        with FakeDaemon(script) as daemon, aurald.Client(daemon.path) as client:
            self.assertEqual(client.read(PATIENCE_S).seq, 1)
            with self.assertRaisesRegex(aurald.ProtocolError, str(MAXIMUM_LINE)):
                client.read(PATIENCE_S)
            with self.assertRaises(aurald.ProtocolError):
                client.status()

    def test_garbage_is_a_protocol_error(self) -> None:
        for garbage in [b"\x00\xff\n", b"[1]\n", b'{"type":"frame"}\n']:
            with FakeDaemon(lambda peer, data=garbage: peer.send_bytes(line(HELLO) + data)) as daemon, aurald.Client(daemon.path) as client:
                self.assertRaises(aurald.ProtocolError, client.read, PATIENCE_S)
            with FakeDaemon(lambda peer, data=garbage: peer.send_bytes(data)) as daemon:
                self.assertRaises(aurald.ProtocolError, aurald.Client, daemon.path)

    def test_nothing_in_time(self) -> None:
        def script(peer: Peer) -> None:
            peer.greet()
            peer.send(frame(1), frame(2))
            peer.reply(peer.request())
            late = peer.request()
            self.assertEqual(peer.request()["verb"], "status")
            peer.reply(late)
            peer.reply({"id": late["id"] + 1, "verb": "status"}, status=STATUS)
            peer.wait_closed()

        with FakeDaemon(script) as daemon, aurald.Client(daemon.path) as client:
            client.subscribe()
            self.assertEqual([client.read(PATIENCE_S).seq, client.read(PATIENCE_S).seq], [1, 2])
            self.assertRaises(aurald.Timeout, client.read, 0.01)
            client.timeout = 0.01
            self.assertRaises(aurald.Timeout, client.reset)
            client.timeout = PATIENCE_S
            self.assertEqual(client.status().clients, 1)


class Connecting(unittest.TestCase):
    def test_nobody_listens(self) -> None:
        with self.assertRaisesRegex(aurald.ConnectionClosed, "/nowhere/s"):
            aurald.Client("/nowhere/s")

    def test_a_path_that_is_too_long(self) -> None:
        self.assertRaises(aurald.ConnectionClosed, aurald.Client, "/tmp/" + "x" * 200)

    def test_turned_away(self) -> None:
        with FakeDaemon(lambda peer: peer.send({"type": "error", "code": "busy", "message": "64 clients are connected"})) as daemon:
            with self.assertRaisesRegex(aurald.Busy, "64 clients"):
                aurald.Client(daemon.path)

    def test_no_hello_in_time(self) -> None:
        with FakeDaemon(Peer.wait_closed) as daemon:
            self.assertRaises(aurald.Timeout, aurald.Client, daemon.path, timeout=0.05)

    def test_what_is_wanted_is_said_first(self) -> None:
        def script(peer: Peer) -> None:
            peer.greet()
            request = peer.request()
            self.assertEqual((request["verb"], request["policy"], request["want"]), ("subscribe", "sample=2", ["frame"]))
            peer.reply(request)
            peer.wait_closed()

        with FakeDaemon(script) as daemon, aurald.Client(daemon.path, policy="sample=2", want=["frame"]):
            pass

    def test_close_ends_iteration_and_what_is_awaited(self) -> None:
        def script(peer: Peer) -> None:
            peer.greet()
            peer.request()
            peer.send(frame(1))
            peer.wait_closed()

        with FakeDaemon(script) as daemon:
            client = aurald.Client(daemon.path)
            ended: list[object] = []
            has_frame = threading.Event()

            def iterate() -> None:
                for record in client:
                    has_frame.set()
                ended.append("iteration")

            def ask() -> None:
                try:
                    client.add_box(1, [0, 0, 1, 1])
                except aurald.ConnectionClosed:
                    ended.append("request")

            threads = [threading.Thread(target=iterate), threading.Thread(target=ask)]
            for thread in threads:
                thread.start()
            self.assertTrue(has_frame.wait(PATIENCE_S))
            client.close()
            for thread in threads:
                thread.join(PATIENCE_S)
            self.assertEqual(sorted(map(str, ended)), ["iteration", "request"])
            client.close()
            self.assertEqual(list(client), [])
            self.assertRaises(aurald.ConnectionClosed, client.read)
            self.assertRaises(aurald.ConnectionClosed, client.reset)


class Asking(unittest.TestCase):
    def test_every_verb_as_it_is_on_the_wire(self) -> None:
        requests: list[dict[str, object]] = []

        def script(peer: Peer) -> None:
            peer.greet()
            for _ in range(13):
                request = peer.request()
                requests.append(request)
                peer.reply(request, **({"status": STATUS} if request["verb"] == "status" else {"seq": 5, "object": OBJECT}))
            peer.wait_closed()

        with FakeDaemon(script) as daemon, aurald.Client(daemon.path) as client:
            reply = client.add_points(1, [[0.5, 0.25], (0, 1)])
            self.assertEqual((reply.verb, reply.seq, reply.object.area), ("add_points", 5, 9))
            client.add_points(2, [(0.5, 0.5)], [0], seq=7, clear_old=False)
            client.add_points(3, [], box=[0, 0, 1, 1])
            client.add_box(4, (0.1, 0.2, 0.3, 0.4), seq=8)
            client.add_mask(5, [[0, 1], [0, 0]])
            client.add_mask(6, reply.object, seq=9)
            client.add_mask(7, {"size": [6, 8], "counts": "`1"})
            client.remove_object(5)
            client.reset()
            client.set_expression("the dog")
            client.set_expression(None)
            self.assertEqual(client.status().engine, "OpenVINO")
            client.subscribe(policy="latest", want=("frame",))
        self.assertEqual([request.pop("id") for request in requests], list(range(1, 14)))
        self.assertEqual(requests, [
            {"verb": "add_points", "object_id": 1, "points": [[0.5, 0.25], [0, 1]], "labels": [1, 1]},
            {"verb": "add_points", "object_id": 2, "points": [[0.5, 0.5]], "labels": [0], "seq": 7, "clear_old": False},
            {"verb": "add_points", "object_id": 3, "points": [], "labels": [], "box": [0, 0, 1, 1]},
            {"verb": "add_box", "object_id": 4, "box": [0.1, 0.2, 0.3, 0.4], "seq": 8},
            {"verb": "add_mask", "object_id": 5, "mask": {"size": [2, 2], "counts": "211"}},
            {"verb": "add_mask", "object_id": 6, "mask": {"size": [6, 8], "counts": "=33000a0"}, "seq": 9},
            {"verb": "add_mask", "object_id": 7, "mask": {"size": [6, 8], "counts": "`1"}},
            {"verb": "remove_object", "object_id": 5}, {"verb": "reset"}, {"verb": "set_expression", "expression": "the dog"},
            {"verb": "set_expression", "expression": None}, {"verb": "status"}, {"verb": "subscribe", "policy": "latest", "want": ["frame"]},
        ])

    def test_records_that_come_before_the_reply_are_not_lost(self) -> None:
        def script(peer: Peer) -> None:
            peer.greet()
            request = peer.request()
            peer.send(frame(1), SOURCE)
            peer.send({"type": "error", "code": "internal", "message": "a frame is too long"}, frame(2))
            peer.reply(request)
            peer.send(frame(3))
            peer.wait_closed()

        with FakeDaemon(script) as daemon, aurald.Client(daemon.path) as client:
            self.assertEqual(client.reset().verb, "reset")
            records = [client.read(PATIENCE_S) for _ in range(5)]
            self.assertEqual([type(each).__name__ for each in records], ["Frame", "Source", "Error", "Frame", "Frame"])
            self.assertEqual(records[2].code, "internal")

    def test_what_nobody_reads_is_bounded(self) -> None:
        def script(peer: Peer) -> None:
            peer.greet()
            request = peer.request()
            for seq in range(500):
                peer.send(frame(seq))
            peer.reply(request)
            peer.wait_closed()

        with FakeDaemon(script) as daemon, aurald.Client(daemon.path, inbox_bytes=20000) as client:
            client.reset()
            lost = client.read(PATIENCE_S)
            self.assertEqual((lost.first, lost.n, lost.reason), (0, lost.last + 1, "not_read"))
            rest = [client.read(PATIENCE_S).seq for _ in range(500 - lost.n)]
            self.assertEqual(rest, list(range(lost.last + 1, 500)))
            self.assertGreater(len(rest), 10)

    def test_every_code_is_an_exception_of_its_own(self) -> None:
        codes = {
            "bad_request": aurald.BadRequest, "unknown_verb": aurald.UnknownVerb, "frame_expired": aurald.FrameExpired,
            "no_such_object": aurald.NoSuchObject, "busy": aurald.Busy, "not_permitted": aurald.NotPermitted,
            "shutting_down": aurald.ShuttingDown, "unsupported": aurald.Unsupported, "internal": aurald.InternalError,
        }

        def script(peer: Peer) -> None:
            peer.greet()
            for code in codes:
                peer.send({"type": "error", "code": code, "message": f"it is {code}", "id": peer.request()["id"]})
            peer.wait_closed()

        with FakeDaemon(script) as daemon, aurald.Client(daemon.path) as client:
            for code, kind in codes.items():
                with self.assertRaisesRegex(kind, f"^{code}: it is {code}$") as caught:
                    client.reset()
                self.assertEqual((caught.exception.code, type(caught.exception)), (code, kind))

    def test_a_daemon_that_goes_while_a_reply_is_due(self) -> None:
        for words, kind in [([], aurald.ConnectionClosed), ([{"type": "error", "code": "shutting_down", "message": "bye"}], aurald.ShuttingDown)]:
            def script(peer: Peer) -> None:
                peer.greet()
                peer.request()
                peer.send(*words)

            with FakeDaemon(script) as daemon, aurald.Client(daemon.path) as client:
                self.assertRaises(kind, client.reset)
                self.assertRaises(aurald.ConnectionClosed, client.reset)

    def test_a_request_that_is_not_taken_in_time(self) -> None:
        done = threading.Event()

        def script(peer: Peer) -> None:
            peer.greet()
            done.wait(PATIENCE_S)

        with FakeDaemon(script) as daemon, aurald.Client(daemon.path, timeout=0.2) as client:
            with self.assertRaisesRegex(aurald.AuraldError, "0.2 s"):
                client.set_expression("x" * (MAXIMUM_LINE - 100))
            done.set()
            self.assertRaises(aurald.ConnectionClosed, client.reset)

    def test_threads_share_a_client(self) -> None:
        asked = 60

        def script(peer: Peer) -> None:
            peer.greet()
            for seq in range(3 * asked):
                request = peer.request()
                peer.send(frame(seq))
                peer.reply(request, seq=request["object_id"])
            peer.wait_closed()

        with FakeDaemon(script) as daemon, aurald.Client(daemon.path, timeout=PATIENCE_S) as client:
            wrong: list[object] = []

            def ask(number: int) -> None:
                for index in range(asked):
                    reply = client.remove_object(1000 * number + index)
                    if reply.seq != 1000 * number + index:
                        wrong.append(reply)

            threads = [threading.Thread(target=ask, args=(number,)) for number in range(3)]
            for thread in threads:
                thread.start()
            self.assertEqual([client.read(PATIENCE_S).seq for _ in range(3 * asked)], list(range(3 * asked)))
            for thread in threads:
                thread.join(PATIENCE_S)
            self.assertEqual(wrong, [])


if __name__ == "__main__":
    unittest.main()
