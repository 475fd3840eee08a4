"""WAV and Motion-JPEG AVI files, byte for byte the same for the same contents."""

import struct
import wave
from pathlib import Path

import cv2
import numpy as np

from .recording import SAMPLE_RATE

_HAS_INDEX, _KEYFRAME = 0x10, 0x10


def write_wav(path: Path, samples: np.ndarray) -> None:
    """float [channels, n] in [-1, 1] as 16-bit PCM at 16 kHz."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(samples.shape[0])
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(np.round(np.clip(samples, -1, 1).T * 32767).astype("<i2").tobytes())


def write_png(path: Path, picture: np.ndarray) -> None:
    """uint8 [h, w] or RGB [h, w, 3]."""
    if not cv2.imwrite(str(path), picture if picture.ndim == 2 else picture[:, :, ::-1]):
        raise OSError(f"{path}: cannot be written")


class AVIWriter:
    """Motion-JPEG at a fixed rate. Sources: Microsoft's AVI RIFF file reference; every frame is a `00dc` chunk, `idx1` lists them."""

    def __init__(self, path: Path, width: int, height: int, rate: int, quality: int = 92):
        self._file = path.open("wb")
        self._width, self._height, self._rate, self._quality = width, height, rate, quality
        self._chunks: list[tuple[int, int]] = []
        self._largest = 0
        self._file.write(self._header(0))
        self._movie = self._file.tell() - 4

    def add(self, picture: np.ndarray) -> None:
        """uint8 RGB [height, width, 3]"""
        done, data = cv2.imencode(".jpg", picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, self._quality])
        if not done:
            raise OSError("a picture could not be compressed")
        jpeg = data.tobytes()
        self._chunks.append((self._file.tell() - self._movie, len(jpeg)))
        self._largest = max(self._largest, len(jpeg))
        self._file.write(struct.pack("<4sI", b"00dc", len(jpeg)) + jpeg + b"\0" * (len(jpeg) % 2))

    def close(self) -> None:
        """Writes the index and the sizes."""
        end = self._file.tell()
        entries = b"".join(struct.pack("<4sIII", b"00dc", _KEYFRAME, offset, size) for offset, size in self._chunks)
        self._file.write(struct.pack("<4sI", b"idx1", len(entries)) + entries)
        total = self._file.tell()
        self._file.seek(0)
        self._file.write(self._header(total - 8, end - self._movie))
        self._file.close()

    def __enter__(self) -> "AVIWriter":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def _header(self, size: int, movie: int = 4) -> bytes:
        count, buffer = len(self._chunks), self._largest + 8
        main = struct.pack("<14I", 1_000_000 // self._rate, buffer * self._rate, 0, _HAS_INDEX, count, 0, 1, buffer,
                           self._width, self._height, 0, 0, 0, 0)
        stream = struct.pack("<4s4sIHHIIIIIIII4H", b"vids", b"MJPG", 0, 0, 0, 0, 1, self._rate, 0, count, buffer, 0xFFFFFFFF, 0,
                             0, 0, self._width, self._height)
        format_ = struct.pack("<IiiHH4sIiiII", 40, self._width, self._height, 1, 24, b"MJPG", self._width * self._height * 3, 0, 0, 0, 0)
        streams = b"strl" + _chunk(b"strh", stream) + _chunk(b"strf", format_)
        headers = b"hdrl" + _chunk(b"avih", main) + _chunk(b"LIST", streams)
        return struct.pack("<4sI4s", b"RIFF", size, b"AVI ") + _chunk(b"LIST", headers) + struct.pack("<4sI4s", b"LIST", movie, b"movi")


def _chunk(code: bytes, data: bytes) -> bytes:
    return struct.pack("<4sI", code, len(data)) + data
