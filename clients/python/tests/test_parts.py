"""Pictures, sound and spectrograms: how they are read, and both clients' pairs of frames and pictures."""

from __future__ import annotations

import asyncio
import base64
import random
import tempfile
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

from support import HELLO, PATIENCE_S, FakeDaemon, Peer, frame, picture, sound, spectrogram
import aurald
from aurald import masks
from aurald.parts import Views
from test_records import read

without_numpy = mock.patch.object(masks, "numpy", None)
needs_numpy = unittest.skipIf(masks.numpy is None, "numpy is not installed")
#: What a connection brings, and of it the `seq` of frames with their pictures.
STREAM = [
    picture(1), frame(2), sound(2), picture(2), picture(2), frame(3), frame(4), spectrogram(4), picture(3), picture(4), frame(5),
    {"type": "dropped", "from": 5, "to": 6, "n": 1, "parts": 1, "reason": "slow_reader"}, frame(7), {"type": "weather"}, picture(7),
]
PAIRS = [2, 4, 7]


class Reading(unittest.TestCase):
    def test_a_picture_and_its_file(self) -> None:
        seen = read(picture(5, b"\xff\xd8\x00\xff\xd9"))
        self.assertEqual((seen.seq, seen.t_ns, seen.size, seen.format), (5, 1005, (6, 8), "jpeg"))
        self.assertEqual(seen.data, b"\xff\xd8\x00\xff\xd9")
        self.assertNotIn("data", repr(seen))
        with tempfile.TemporaryDirectory() as folder:
            seen.save(Path(folder) / "x.jpg")
            self.assertEqual((Path(folder) / "x.jpg").read_bytes(), seen.data)

    def test_sound_without_numpy(self) -> None:
        heard = read(sound(4, b"\x01\x00\xff\xff\x00\x80\xff\x7f"))
        self.assertEqual((heard.seq, heard.t_ns, heard.first, heard.rate, heard.channels, heard.format), (4, 904, 12, 48000, 2, "s16le"))
        self.assertEqual(heard.frames, 2)
        with without_numpy:
            samples = heard.samples()
        self.assertEqual((samples.typecode, samples.tolist()), ("h", [1, -1, -32768, 32767]))
        with without_numpy, mock.patch("sys.byteorder", "big"):
            self.assertEqual(heard.samples().tolist(), [256, -1, 128, -129])

    @needs_numpy
    def test_sound_with_numpy(self) -> None:
        samples = read(sound(4, b"\x01\x00\xff\xff\x00\x80\xff\x7f")).samples()
        self.assertEqual((samples.dtype, samples.tolist()), (masks.numpy.int16, [[1, -1], [-32768, 32767]]))
        samples[0, 0] = 7
        self.assertEqual(read(sound(4, b"", channels=5)).samples().shape, (0, 5))
        self.assertEqual(read(sound(4, b"", channels=(1 << 53) - 1)).frames, 0)

    def test_a_spectrogram(self) -> None:
        seen = read(spectrogram(9, bytes([0, 1, 2, 3, 4, 255])))
        self.assertEqual((seen.seq, seen.t_ns, seen.columns, seen.bands, seen.floor, seen.step), (9, 1009, 2, 3, -4.6052, 0.04))
        wanted = [[-4.6052, -4.5652, -4.5252], [-4.4852, -4.4452, 5.5948]]
        with without_numpy:
            values = [seen.values()]
        if masks.numpy is not None:
            self.assertEqual((seen.values().dtype, seen.values().shape), (masks.numpy.float32, (2, 3)))
            values.append(seen.values().tolist())
        for columns in values:
            for found, right in zip(sum(columns, []), sum(wanted, []), strict=True):
                self.assertAlmostEqual(found, right, places=5)

    def test_formats_of_later_versions_can_be_read_but_not_understood(self) -> None:
        self.assertEqual(read({**picture(1), "format": "avif"}).format, "avif")
        heard = read(sound(1, b"odd", format="opus"))
        self.assertEqual(heard.data, b"odd")
        with self.assertRaisesRegex(aurald.FormatError, "opus"):
            heard.samples()
        with self.assertRaisesRegex(aurald.FormatError, "opus"):
            heard.frames

    def test_wrong_values_name_their_field(self) -> None:
        huge = (1 << 53) - 1
        cases: list[tuple[dict[str, Any], str]] = [
            ({**picture(1), "data": text}, "picture.data")
            for text in [None, 7, "", "A", "AA", "AAA", "A===", "====", "AA=", "AAA==", "AA==AAAA", "AAA=\n", "A A=", "AAA-", "AAA_", "AAAé", "\ud800AAA"]
        ] + [
            ({**picture(1), "size": [6]}, "picture.size"), ({**picture(1), "seq": -1}, "picture.seq"), ({**picture(1), "format": 1}, "picture.format"),
            (sound(1, b"123"), "sound.data"), (sound(1, b"12"), "sound.data"), (sound(1, channels=0), "sound.channels"),
            (sound(1, channels=huge), "sound.data"), (sound(1, channels=huge + 1), "sound.channels"), (sound(1, rate=0), "sound.rate"),
            (sound(1, rate=1.5), "sound.rate"), (sound(1, first=-1), "sound.first"), (sound(1, t_ns=1 << 63), "sound.t_ns"),
            (spectrogram(1, b"12345"), "spectrogram.data"), (spectrogram(1, b""), "spectrogram.data"), (spectrogram(1, columns=0), "spectrogram.columns"),
            (spectrogram(1, b"", columns=huge, bands=0), "spectrogram.bands"), (spectrogram(1, columns=huge, bands=huge), "spectrogram.data"),
            (spectrogram(1, floor=1e300), "spectrogram.floor"), (spectrogram(1, step=-1e38), "spectrogram.step"),
            (spectrogram(1, floor=True), "spectrogram.floor"),
        ]
        for record, name in cases:
            with self.assertRaisesRegex(aurald.ProtocolError, name, msg=str(record)):
                read(record)

    def test_damaged_base64_is_refused_or_decoded_in_full(self) -> None:
        source = random.Random(20264)
        refused = 0
        for _ in range(3000):
            text = list(base64.b64encode(source.randbytes(source.randint(1, 20))).decode())
            for _ in range(source.randint(0, 2)):
                place = source.randint(0, len(text))
                text[place : place + source.randint(0, 1)] = source.choice("A/+=-_ \n\0é")
            try:
                data = read({**picture(1), "data": "".join(text)}).data
            except aurald.ProtocolError:
                refused += 1
                continue
            self.assertEqual(len(base64.b64encode(data)), len(text))
        self.assertGreater(refused, 1000)
        self.assertLess(refused, 2500)


class Pairs(unittest.TestCase):
    def test_only_the_same_number_pairs(self) -> None:
        views = Views()
        pairs = [view for record in STREAM if (view := views.take(read(record)))]
        self.assertEqual([(frame.seq, picture.seq) for frame, picture in pairs], [(seq, seq) for seq in PAIRS])

    def test_another_connection_begins_anew(self) -> None:
        views = Views()
        self.assertEqual([views.take(read(record)) for record in [frame(1), HELLO, picture(1)]], [None] * 3)

    def test_views_of_both_clients(self) -> None:
        def script(peer: Peer) -> None:
            peer.greet()
            request = peer.request()
            self.assertEqual(request["want"], ["frame", "picture"])
            peer.reply(request)
            peer.send(*STREAM)

        async def views(path: str) -> list[int]:
            seen = []
            async with aurald.AsyncClient(path, want=["frame", "picture"]) as client:
                with self.assertRaises(aurald.ConnectionClosed):
                    async for frame, picture in client.views():
                        self.assertEqual((type(frame), frame.seq), (aurald.Frame, picture.seq))
                        seen.append(picture.seq)
            return seen

        with FakeDaemon(script, script) as daemon:
            seen = []
            with aurald.Client(daemon.path, want=["frame", "picture"]) as client, self.assertRaises(aurald.ConnectionClosed):
                for frame, picture in client.views():
                    self.assertEqual((type(frame), frame.seq), (aurald.Frame, picture.seq))
                    seen.append(picture.seq)
            self.assertEqual(seen, PAIRS)
            self.assertEqual(asyncio.run(asyncio.wait_for(views(daemon.path), PATIENCE_S)), PAIRS)

    def test_a_spectrogram_and_sound_through_a_connection(self) -> None:
        def script(peer: Peer) -> None:
            peer.greet()
            peer.send(frame(1), sound(1), spectrogram(1, bytes(96 * 64), columns=96, bands=64))
            peer.wait_closed()

        with FakeDaemon(script) as daemon, aurald.Client(daemon.path) as client:
            seen, heard, mel = [client.read(PATIENCE_S) for _ in range(3)]
            self.assertEqual((seen.seq, heard.seq, heard.frames, mel.seq, mel.columns, mel.bands), (1, 1, 3, 1, 96, 64))
            self.assertTrue(all(abs(value - mel.floor) < 1e-5 for column in mel.values() for value in column))


if __name__ == "__main__":
    unittest.main()
