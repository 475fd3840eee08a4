"""Pictures, sound and spectrograms of the real daemon."""

from __future__ import annotations

import struct
import unittest
from typing import Any

from support import PATIENCE_S
import aurald
from real_daemon import FRAMES, HEIGHT, RATE, SOUND_RATE, WIDTH, RealDaemon, needed, sample_at
from test_daemon import Watched, until

PER_FRAME = SOUND_RATE // RATE


def size_in(jpeg: bytes) -> tuple[int, int]:
    """(height, width) as a baseline JPEG says it."""
    place = jpeg.index(b"\xff\xc0")
    height, width = struct.unpack(">HH", jpeg[place + 5 : place + 9])
    return height, width


@needed
class Parts(Watched, unittest.IsolatedAsyncioTestCase):
    """With a model that does not hear."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.daemon = RealDaemon()
        cls.daemon.__enter__()
        cls.addClassCleanup(cls.daemon.__exit__)

    def check_view(self, frame: aurald.Frame, picture: aurald.Picture) -> None:
        self.assertEqual((picture.seq, picture.t_ns, picture.size, picture.format), (frame.seq, frame.t_ns, frame.size, "jpeg"))
        self.assertEqual((picture.data[:2], picture.data[-2:], size_in(picture.data)), (b"\xff\xd8", b"\xff\xd9", (HEIGHT, WIDTH)))

    def test_frames_and_their_pictures(self) -> None:
        client = self.client(self.daemon, want=["frame", "picture"])
        views = client.views()
        for _ in range(3):
            self.check_view(*next(views))
        self.assertLessEqual(self.types, {"hello", "source", "frame", "reply", "picture", "dropped"})
        self.assertIs(client.status().hears, False)
        self.assertIs(client.status().takes_words, False)

    async def test_frames_and_their_pictures_for_asyncio(self) -> None:
        async with aurald.AsyncClient(self.daemon.path, timeout=PATIENCE_S, want=["frame", "picture"]) as client:
            async for frame, picture in client.views():
                self.check_view(frame, picture)
                break

    def test_the_sound_is_the_clips_without_a_gap(self) -> None:
        client = self.client(self.daemon, want=["frame", "sound", "spectrogram"])
        frame: Any = None
        former: Any = None
        pieces = 0
        while pieces < 8:
            record = client.read(PATIENCE_S)
            if isinstance(record, aurald.Dropped):
                former = None
            elif isinstance(record, aurald.Frame):
                frame = record
            elif isinstance(record, aurald.Sound):
                pieces += 1
                self.assertEqual((record.format, record.rate, record.channels, record.frames), ("s16le", SOUND_RATE, 1, PER_FRAME))
                wanted = [sample_at(record.first + index) for index in range(record.frames)]
                samples = record.samples()
                self.assertEqual(samples.tolist() if aurald.masks.numpy is None else samples[:, 0].tolist(), wanted)
                if frame is not None:
                    self.assertEqual(record.seq, frame.seq)
                    self.assertAlmostEqual((record.t_ns - frame.t_ns) / 1e9, (record.first - PER_FRAME * frame.seq) / SOUND_RATE, places=6)
                # Of frames that nobody looked at for long, no sound is kept.
                if former is not None and record.seq - former.seq < FRAMES:
                    self.assertEqual(record.first, former.first + former.frames)
                former = record
        self.assertNotIn("spectrogram", self.types)

    def test_who_does_not_ask_gets_none(self) -> None:
        greedy = self.client(self.daemon, want=["picture", "sound"])
        plain = self.client(self.daemon)
        until(greedy, lambda record: isinstance(record, aurald.Picture))
        self.assertLessEqual({type(plain.read(PATIENCE_S)) for _ in range(4)}, {aurald.Source, aurald.Frame, aurald.Dropped})


@needed
class HearingParts(Watched):
    """With a model that hears."""

    def test_a_tone_is_in_its_band(self) -> None:
        with RealDaemon(hears=True) as daemon:
            client = self.client(daemon, want=["spectrogram"])
            self.assertIs(client.status().hears, True)
            seen = until(client, lambda record: isinstance(record, aurald.Spectrogram) and max(record.data) > 100)
            self.assertEqual((seen.columns, seen.bands), (96, 64))
            columns = [list(column) for column in seen.values()]
            loudest = max(columns, key=max)
            # 440 Hz are 9.2 of the 65 steps from 125 to 7500 Hz on the mel scale; the first band's centre is one step in.
            self.assertIn(loudest.index(max(loudest)), (8, 9))
            self.assertGreater(max(loudest), seen.floor + 4)


if __name__ == "__main__":
    unittest.main()
