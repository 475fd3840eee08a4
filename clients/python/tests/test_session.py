"""Lines, waiting records, waits and the session, without sockets."""

from __future__ import annotations

import json
import unittest

from support import HELLO, SOURCE, frame, instance, line, picture, sound, spectrogram
import aurald
from aurald.backoff import Deadline
from aurald.inbox import Inbox
from aurald.lines import MAXIMUM_LINE, LineSplitter
from aurald.session import Session
from test_records import read


class Lines(unittest.TestCase):
    def test_pieces_of_any_length(self) -> None:
        stream = b"one\r\n\n\r\ntwo\nthree\r\r\nrest"
        for length in range(1, len(stream) + 1):
            splitter, lines = LineSplitter(), []
            for start in range(0, len(stream), length):
                found, error = splitter.split(stream[start : start + length])
                self.assertIsNone(error)
                lines += found
            self.assertEqual(lines, [b"one", b"two", b"three\r"])

    def test_the_longest_line_and_one_more_byte(self) -> None:
        for extra, is_right in [(0, True), (1, False)]:
            splitter, found, error = LineSplitter(), [], None
            data = b"x\n" + b"a" * (MAXIMUM_LINE + extra) + b"\n"
            for start in range(0, len(data), 65536):
                if error is None:
                    lines, error = splitter.split(data[start : start + 65536])
                    found += [len(each) for each in lines]
            self.assertEqual((found, error is None), ([1, MAXIMUM_LINE], True) if is_right else ([1], False))
        self.assertIsNotNone(LineSplitter().split(b"a" * (MAXIMUM_LINE + 1))[1])


class Waiting(unittest.TestCase):
    def test_the_oldest_go_and_a_notice_says_which(self) -> None:
        inbox = Inbox(10 * 1512)
        for seq in range(100):
            inbox.add(read(frame(seq)), 1000)
            inbox.add(read(instance(seq)), 1000)
        self.assertEqual(inbox.take(), aurald.Dropped(0, 94, 95, 95, None, "not_read"))
        rest = [inbox.take() for _ in range(10)]
        self.assertEqual([each.seq for each in rest], [95, 95, 96, 96, 97, 97, 98, 98, 99, 99])
        self.assertIsNone(inbox.take())

    def test_a_lost_notice_is_counted_too(self) -> None:
        inbox = Inbox(2000)
        for record in [aurald.Dropped(3, 9, 5, None, 2, "slow_reader"), read(frame(10)), read(frame(11))]:
            inbox.add(record, 1000)
        self.assertEqual(inbox.take(), aurald.Dropped(3, 10, 6, None, 2, "not_read"))
        self.assertEqual(inbox.take().seq, 11)

    def test_pictures_and_sound_are_counted(self) -> None:
        inbox = Inbox(1)
        for record in [frame(1), picture(1), sound(1), spectrogram(1), frame(2)]:
            inbox.add(read(record), 1000)
        self.assertEqual(inbox.take(), aurald.Dropped(1, 1, 1, None, 3, "not_read"))
        self.assertEqual(inbox.take().seq, 2)

    def test_one_record_stays_however_large(self) -> None:
        inbox = Inbox(1)
        inbox.add(read(SOURCE), 5000)
        self.assertEqual(inbox.take(), read(SOURCE))

    def test_waits_double_and_begin_anew(self) -> None:
        backoff = aurald.Backoff(0.5, 3)
        self.assertEqual([backoff.next_s(each) for each in [0, 2.9, 0, 0, 0, 3, 0]], [0.5, 1, 2, 3, 3, 0.5, 1])
        self.assertRaises(ValueError, aurald.Backoff, 0, 1)

    def test_a_deadline_passes(self) -> None:
        now = 10.0
        deadline = Deadline(2, lambda: now)
        self.assertEqual((deadline.left_s(), deadline.left_s(0.5)), (2, 0.5))
        now = 12.0
        self.assertRaises(aurald.Timeout, deadline.left_s)
        self.assertEqual((Deadline(None).left_s(), Deadline(None).left_s(3)), (None, 3))


class Sessions(unittest.TestCase):
    def session(self) -> Session:
        session = Session(1 << 20)
        session.feed(line(HELLO))
        self.assertIsNone(session.failure)
        return session

    def test_records_before_a_fault_are_not_lost(self) -> None:
        session = self.session()
        session.feed(line(frame(1)) + line(frame(2)) + b"garbage\n" + line(frame(3)))
        self.assertEqual([session.take().seq, session.take().seq, session.take()], [1, 2, None])
        self.assertIsInstance(session.failure, aurald.ProtocolError)

    def test_answers_find_their_requests(self) -> None:
        session = self.session()
        first, data = session.request({"verb": "reset"})
        second, _ = session.request({"verb": "status"})
        self.assertEqual(json.loads(data), {"id": first, "verb": "reset"})
        session.feed(line({"type": "error", "code": "busy", "message": "later", "id": second}) + line(frame(1)))
        self.assertIsNone(session.answer(first))
        self.assertRaises(aurald.Busy, session.answer, second)
        session.feed(line({"type": "reply", "id": first, "verb": "reset", "ok": True}))
        self.assertEqual(session.answer(first).verb, "reset")
        self.assertEqual(session.take().seq, 1)

    def test_an_answer_that_nobody_awaits_any_longer(self) -> None:
        session = self.session()
        number, _ = session.request({"verb": "reset"})
        session.forget(number)
        session.feed(line({"type": "reply", "id": number, "verb": "reset", "ok": True}))
        self.assertIsNone(session.failure)
        session.feed(line({"type": "reply", "id": number + 1, "verb": "reset", "ok": True}))
        self.assertRegex(str(session.failure), "never made")

    def test_an_end_without_a_request_refuses_all(self) -> None:
        session = self.session()
        number, _ = session.request({"verb": "status"})
        session.feed(line({"type": "error", "code": "shutting_down", "message": "aurald is shutting down"}))
        self.assertRaises(aurald.ShuttingDown, session.answer, number)
        self.assertEqual(session.take().code, "shutting_down")
        session.feed(b"")
        self.assertRegex(str(session.failure), "shutting down")

    def test_greetings(self) -> None:
        for data, kind in [
            (line(frame(1)), aurald.ProtocolError), (line({**HELLO, "proto": 2}), aurald.ProtocolError), (b"", aurald.ConnectionClosed),
            (line(HELLO) * 2, aurald.ProtocolError), (line({"type": "error", "code": "busy", "message": "full"}), aurald.Busy),
        ]:
            session = Session(1 << 20)
            session.feed(data)
            self.assertIs(type(session.failure), kind)

    def test_requests_that_cannot_be_lines(self) -> None:
        session = self.session()
        for fields in [{"box": [float("nan")]}, {"x": object()}, {"x": "a" * MAXIMUM_LINE}]:
            self.assertRaises(ValueError, session.request, fields)
        self.assertEqual(session.request({"verb": "reset"})[0], 1)

    def test_states_of_sources_are_kept(self) -> None:
        session = self.session()
        session.feed(line(SOURCE) + line({**SOURCE, "state": "absent"}) + line({**SOURCE, "source": "microphone", "kind": "audio"}))
        self.assertEqual({name: each.state for name, each in session.sources.items()}, {"camera": "absent", "microphone": "streaming"})


if __name__ == "__main__":
    unittest.main()
