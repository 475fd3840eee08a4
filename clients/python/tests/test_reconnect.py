"""The blocking client, when connections end and it makes new ones."""

from __future__ import annotations

import os
import threading
import unittest

from support import OBJECT, PATIENCE_S, STATUS, FakeDaemon, Peer, frame
import aurald


class Again(unittest.TestCase):
    BACKOFF = aurald.Backoff(0.001, 0.01)

    def test_goes_on_with_the_next_connection(self) -> None:
        def second(peer: Peer) -> None:
            peer.greet(version="0.2.0")
            request = peer.request()
            self.assertEqual((request["verb"], request["want"]), ("subscribe", ["frame"]))
            peer.reply(request)
            peer.send(frame(0))
            peer.reply(peer.request(), object=OBJECT, seq=1)
            peer.wait_closed()

        def first(peer: Peer) -> None:
            peer.greet()
            peer.reply(peer.request())
            peer.send(frame(7))

        with FakeDaemon(first, Peer.greet, lambda peer: None, second) as daemon:
            # The second connection ends before the subscription, and the third before its hello.
            with aurald.Client(daemon.path, reconnect=True, backoff=self.BACKOFF) as client:
                client.subscribe(want=["frame"])
                records = [client.read(PATIENCE_S) for _ in range(4)]
                self.assertEqual([type(each).__name__ for each in records], ["Frame", "Hello", "Hello", "Frame"])
                self.assertEqual((records[0].seq, client.hello.version, records[3].seq), (7, "0.2.0", 0))
                self.assertEqual(client.add_box(1, [0, 0, 1, 1]).seq, 1)

    def test_a_request_waits_for_the_connection(self) -> None:
        def second(peer: Peer) -> None:
            peer.greet()
            peer.reply(peer.request(), status=STATUS)
            peer.wait_closed()

        with FakeDaemon(Peer.greet, second) as daemon:
            with aurald.Client(daemon.path, reconnect=True, backoff=self.BACKOFF) as client:
                while not isinstance(client.read(PATIENCE_S), aurald.Hello):
                    pass
                self.assertEqual(client.status().clients, 1)

    def test_a_request_that_was_on_its_way_is_refused(self) -> None:
        def first(peer: Peer) -> None:
            peer.greet()
            peer.request()

        def second(peer: Peer) -> None:
            peer.greet()
            peer.reply(peer.request())
            peer.wait_closed()

        with FakeDaemon(first, second) as daemon, aurald.Client(daemon.path, reconnect=True, backoff=self.BACKOFF) as client:
            self.assertRaises(aurald.ConnectionClosed, client.reset)
            self.assertEqual(client.reset().verb, "reset")

    def test_a_wait_ends_in_time_and_with_close(self) -> None:
        with FakeDaemon(Peer.greet) as daemon:
            client = aurald.Client(daemon.path, reconnect=True, backoff=aurald.Backoff(3600, 3600))
            self.assertRaises(aurald.Timeout, client.read, 0.05)
            client.timeout = 0.05
            self.assertRaises(aurald.Timeout, client.reset)
            ended = threading.Thread(target=lambda: list(client))
            ended.start()
            client.close()
            ended.join(PATIENCE_S)
            self.assertFalse(ended.is_alive())

    def test_a_later_protocol_is_not_tried_for_ever(self) -> None:
        with FakeDaemon(Peer.greet, lambda peer: peer.greet(proto=2)) as daemon:
            with aurald.Client(daemon.path, reconnect=True, backoff=self.BACKOFF) as client:
                with self.assertRaisesRegex(aurald.ProtocolError, "version 2"):
                    client.read(PATIENCE_S)

    def test_descriptors_are_given_back(self) -> None:
        with FakeDaemon(*[Peer.greet] * 20, lambda peer: (peer.greet(), peer.wait_closed())) as daemon:
            before = len(os.listdir("/proc/self/fd"))
            with aurald.Client(daemon.path, reconnect=True, backoff=self.BACKOFF) as client:
                for _ in range(20):
                    self.assertIsInstance(client.read(PATIENCE_S), aurald.Hello)
                # The two ends of the newest connection, and the end of the one before where the daemon has it still.
                self.assertLessEqual(len(os.listdir("/proc/self/fd")), before + 3)


if __name__ == "__main__":
    unittest.main()
