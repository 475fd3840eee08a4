"""Run lengths and pixels."""

from __future__ import annotations

import random
import unittest
from unittest import mock

import support  # noqa: F401 - finds the package
import aurald
from aurald import encoding, masks

try:
    import numpy
except ImportError:
    numpy = None

without_numpy = mock.patch.object(masks, "numpy", None)
needs_numpy = unittest.skipIf(numpy is None, "numpy is not installed")


def random_rows(source: random.Random) -> list[list[int]]:
    """Blobs, noise, all and nothing, of sides 1…40."""
    height, width = source.randint(1, 40), source.randint(1, 40)
    share = source.choice([0, 0.02, 0.5, 0.98, 1])
    rows = [[int(source.random() < share) for _ in range(width)] for _ in range(height)]
    for _ in range(source.randint(0, 3)):
        top, left = source.randrange(height), source.randrange(width)
        for y in range(top, min(height, top + 9)):
            for x in range(left, min(width, left + 13)):
                rows[y][x] = 1
    return rows


class KnownMasks(unittest.TestCase):
    """Strings whose pixels are known."""

    ROWS = [[0] * 8, [0, 0, 1, 1, 1, 0, 0, 0], [0, 0, 1, 1, 1, 0, 0, 0], [0, 0, 1, 1, 1, 0, 0, 0], [0] * 8, [0] * 8]

    def test_the_documented_mask(self) -> None:
        with without_numpy:
            mask = aurald.decode((6, 8), "=33000a0")
            self.assertIsInstance(mask, aurald.Mask)
            self.assertEqual([list(row) for row in mask.rows()], self.ROWS)
            self.assertEqual(mask.area, 9)
            self.assertTrue(mask[1, 2])
            self.assertFalse(mask[2, 1])
            self.assertEqual(aurald.encode(mask), {"size": [6, 8], "counts": "=33000a0"})
            self.assertEqual(aurald.encode(self.ROWS), {"size": [6, 8], "counts": "=33000a0"})

    def test_nothing_and_all(self) -> None:
        with without_numpy:
            self.assertEqual(aurald.decode((6, 8), "`1").area, 0)
            self.assertEqual(aurald.encode([[0] * 8] * 6)["counts"], "`1")
            full = aurald.encode([[1] * 8] * 6)
            self.assertEqual(full["counts"], "0`1")
            self.assertEqual(aurald.decode(full["size"], full["counts"]).area, 48)

    def test_places_outside_are_refused(self) -> None:
        mask = aurald.Mask(2, 3, bytes(6))
        for place in [(-1, 0), (2, 0), (0, 3), (0, -1)]:
            with self.assertRaises(IndexError):
                mask[place]

    def test_any_byte_but_zero_is_inside(self) -> None:
        self.assertEqual(aurald.Mask(1, 3, b"\xff\0\2"), aurald.Mask(1, 3, b"\1\0\1"))
        self.assertNotEqual(aurald.Mask(1, 3, b"\1\0\1"), aurald.Mask(3, 1, b"\1\0\1"))

    def test_what_is_no_mask(self) -> None:
        for rows in [[], [[]], [[0, 1], [0]], 7, [7], [[0]] * (masks.MAXIMUM_SIDE + 1)]:
            with self.assertRaises(aurald.MaskError):
                aurald.encode(rows)
        with self.assertRaises(aurald.MaskError):
            aurald.Mask(2, 2, b"\0")


class Fuzz(unittest.TestCase):
    """Random masks and hostile strings, always the same ones."""

    def test_round_trip(self) -> None:
        source = random.Random(20260)
        with without_numpy:
            for _ in range(400):
                rows = random_rows(source)
                rle = aurald.encode(rows)
                mask = aurald.decode(rle["size"], rle["counts"])
                self.assertEqual([list(row) for row in mask.rows()], rows)
                self.assertEqual(aurald.encode(mask), rle)

    @needs_numpy
    def test_numpy_agrees_with_python(self) -> None:
        source = random.Random(20261)
        for _ in range(400):
            array = numpy.array(random_rows(source), dtype=source.choice([bool, numpy.uint8, float]))
            rle = aurald.encode(array)
            pixels = aurald.decode(rle["size"], rle["counts"])
            self.assertEqual((pixels.dtype, pixels.shape), (numpy.dtype(bool), array.shape))
            self.assertTrue(pixels.flags.c_contiguous)
            self.assertTrue(numpy.array_equal(pixels, array != 0))
            with without_numpy:
                self.assertEqual(aurald.decode(rle["size"], rle["counts"]).pixels, pixels.tobytes())
                self.assertEqual(aurald.encode(pixels.tolist()), rle)

    @needs_numpy
    def test_arrays_of_other_dimensions_are_refused(self) -> None:
        for shape in [(4,), (2, 2, 2), (0, 3), (1, masks.MAXIMUM_SIDE + 1)]:
            with self.assertRaises(aurald.MaskError):
                aurald.encode(numpy.zeros(shape))

    def test_runs_of_any_length_come_back(self) -> None:
        source = random.Random(20262)
        for _ in range(300):
            height, width = source.randint(1, masks.MAXIMUM_SIDE), source.randint(1, masks.MAXIMUM_SIDE)
            left = height * width
            runs = []
            while left > 0:
                runs.append(min(left, source.choice([0, 1, 15, 16, 31, 32, 1023, 1 << 20, 1 << 27]) if runs else source.randint(0, left)))
                left -= runs[-1]
            self.assertEqual(masks.runs_of(height, width, encoding.counts_of(runs)), runs)

    def test_hostile_strings_are_mask_errors_or_fill_the_size(self) -> None:
        source = random.Random(20263)
        alphabet = [chr(code) for code in range(40, 120)] + ["\0", "é", "\U0001f600"]
        good = "=33000a0"
        accepted = 0
        for _ in range(20000):
            text = list(source.choice([good, "`1", "0`1", "".join(source.choices(alphabet, k=source.randint(0, 30)))]))
            for _ in range(source.randint(0, 2)):
                place = source.randint(0, len(text))
                text[place : place + source.randint(0, 1)] = source.choice(alphabet)
            try:
                runs = masks.runs_of(6, 8, "".join(text))
            except aurald.MaskError:
                continue
            accepted += 1
            self.assertEqual(sum(runs), 48)
            self.assertTrue(all(run >= 0 for run in runs))
        self.assertGreater(accepted, 1000)
        self.assertLess(accepted, 19000)

    def test_each_fault_by_its_message(self) -> None:
        faults = {
            "": "leaves 48", "=": "leaves 35", "/": "character", "p": "character", "\u0130": "character", "P": "middle of a run", "O": "run of -1",
            "a1": "0…48 are left", "PPPPPPP0": "too long", "=33000a01": "0…0 are left", "o" * 100000: "too long",
        }
        for text, message in faults.items():
            with self.assertRaisesRegex(aurald.MaskError, message):
                masks.runs_of(6, 8, text)
        for size in [(0, 8), (6, -1), (16385, 1), (1, 1 << 40)]:
            with self.assertRaisesRegex(aurald.MaskError, "1…16384"):
                masks.runs_of(*size, "0")


if __name__ == "__main__":
    unittest.main()
