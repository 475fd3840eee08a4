"""What there is of a frame beside its masks, for clients that want it: its picture, its sound, and the sound as the networks see it."""

from __future__ import annotations

import array
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Union

from . import masks
from .errors import FormatError, ProtocolError
from .fields import Fields
from .records import Frame, Hello

_BYTES_OF_SAMPLE = 2
_LARGEST_FLOAT32 = 3.4028234663852886e38


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of the frame with the same `seq`."""

    #: The frame's number, and when it was taken, nanoseconds on CLOCK_MONOTONIC.
    seq: int
    t_ns: int
    #: (height, width) of the picture in pixels, which is the frame's.
    size: tuple[int, int]
    #: `jpeg`, or a word of a later version.
    format: str
    #: The picture.
    data: bytes = field(repr=False)

    @classmethod
    def read(cls, fields: Fields) -> Picture:
        """Reads the record."""
        picture = cls(fields.integer("seq"), fields.nanoseconds("t_ns"), fields.size(), fields.text("format"), fields.base64("data"))
        if not picture.data:
            raise ProtocolError("picture.data is empty")
        return picture

    def save(self, path: Union[str, os.PathLike[str]]) -> None:
        """Writes the picture to a file, as it came."""
        Path(path).write_bytes(self.data)


@dataclass(frozen=True, slots=True)
class Sound:
    """What was heard since the frame before, as it came from the microphone or the clip, up to a second a record."""

    #: The frame with which it is sent.
    seq: int
    #: When its first sample was taken, nanoseconds on CLOCK_MONOTONIC.
    t_ns: int
    #: That sample's number, counted for each channel. Where it is not `first` + `frames` of the record before, sound was lost on the way.
    first: int
    #: Samples a second of each channel, and channels.
    rate: int
    channels: int
    #: `s16le`, 16-bit signed little-endian samples with their channels interleaved, or a word of a later version.
    format: str
    #: The samples.
    data: bytes = field(repr=False)

    @classmethod
    def read(cls, fields: Fields) -> Sound:
        """Reads the record."""
        sound = cls(
            fields.integer("seq"), fields.nanoseconds("t_ns"), fields.integer("first"), fields.integer("rate", 1),
            fields.integer("channels", 1), fields.text("format"), fields.base64("data"),
        )
        if sound.format == "s16le" and len(sound.data) % (_BYTES_OF_SAMPLE * sound.channels):
            raise ProtocolError(f"sound.data has {len(sound.data)} bytes, which are no whole samples of {sound.channels} channels")
        return sound

    @property
    def frames(self) -> int:
        """How many samples each channel has. Raises `FormatError` where `format` is another one."""
        self._check()
        return len(self.data) // (_BYTES_OF_SAMPLE * self.channels)

    def samples(self) -> Any:
        """The samples: a numpy array of int16, [frames, channels]; where there is no numpy, an `array.array("h")`, channels interleaved.

        Raises `FormatError` where `format` is another one.
        """
        self._check()
        if masks.numpy is not None:
            return masks.numpy.frombuffer(self.data, "<i2").astype(masks.numpy.int16).reshape(self.frames, self.channels)
        samples = array.array("h", self.data)
        if sys.byteorder == "big":
            samples.byteswap()
        return samples

    def _check(self) -> None:
        if self.format != "s16le":
            raise FormatError(f"the sound's format is {self.format}; this version knows s16le")


@dataclass(frozen=True, slots=True)
class Spectrogram:
    """The second of sound that the networks were given for a frame."""

    #: The frame's number.
    seq: int
    #: When the sound ends, nanoseconds on CLOCK_MONOTONIC.
    t_ns: int
    #: Moments of 10 ms, and mel bands from 125 to 7500 Hz.
    columns: int
    bands: int
    #: `floor` + `step` times a byte is the logarithm of the energy; `floor` is digital silence.
    floor: float
    step: float
    #: A byte for each band, lowest first, of each column, oldest first.
    data: bytes = field(repr=False)

    @classmethod
    def read(cls, fields: Fields) -> Spectrogram:
        """Reads the record."""
        spectrogram = cls(
            fields.integer("seq"), fields.nanoseconds("t_ns"), fields.integer("columns", 1), fields.integer("bands", 1),
            fields.number("floor"), fields.number("step"), fields.base64("data"),
        )
        columns, bands, size = spectrogram.columns, spectrogram.bands, len(spectrogram.data)
        if size != columns * bands:
            raise ProtocolError(f"spectrogram.data has {size} bytes, which do not fill {columns} columns of {bands} bands")
        if abs(spectrogram.floor) + 255 * abs(spectrogram.step) > _LARGEST_FLOAT32:
            raise ProtocolError("spectrogram.floor and spectrogram.step must be numbers that 32 bits hold")
        return spectrogram

    def values(self) -> Any:
        """Logarithms of the energy: a numpy array of float32, [columns, bands]; where there is no numpy, a list of columns."""
        table = [self.floor + self.step * byte for byte in range(256)]
        if masks.numpy is not None:
            places = masks.numpy.frombuffer(self.data, masks.numpy.uint8)
            return masks.numpy.array(table, masks.numpy.float32)[places].reshape(self.columns, self.bands)
        return [[table[byte] for byte in self.data[start : start + self.bands]] for start in range(0, len(self.data), self.bands)]


class Views:
    """Puts frames and their pictures together again."""

    def __init__(self) -> None:
        self._frame: Union[Frame, None] = None

    def take(self, record: object) -> Union[tuple[Frame, Picture], None]:
        """The frame and the picture that a record completes. A frame whose picture does not come is forgotten with the next one."""
        if isinstance(record, Frame):
            self._frame = record
        elif isinstance(record, Hello):
            # Another connection: numbers may have begun anew.
            self._frame = None
        elif isinstance(record, Picture) and self._frame is not None and self._frame.seq == record.seq:
            frame, self._frame = self._frame, None
            return frame, record
        return None
