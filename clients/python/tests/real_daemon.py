"""The real daemon, with the engine that computes no networks, playing a clip that is made here."""

from __future__ import annotations

import atexit
import functools
import math
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import time
import unittest
import wave
from pathlib import Path
from typing import Any

#: The binary; its tests are skipped where there is none.
BINARY = os.environ.get("AURALD", "")
needed = unittest.skipUnless(BINARY, "set AURALD to the daemon's binary, for example AURALD=.build/release/aurald")

WIDTH, HEIGHT, FRAMES, RATE = 64, 48, 20, 10
SOUND_RATE = 16000
_START_S = 120.0


def bright_box(index: int) -> tuple[int, int, int, int]:
    """Where frame `index` of the clip is bright: x, y, width and height in pixels."""
    # There and back: where it jumped, it would be another instance to the daemon.
    return 8 + 2 * abs(8 - index % 16), 12, 20, 24


def write_clip(path: Path) -> None:
    """A dark Y4M of two seconds in which a bright box moves."""
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{RATE}:1 Ip A1:1 C420jpeg\n".encode())
        for index in range(FRAMES):
            x, y, width, height = bright_box(index)
            luma = bytearray([16]) * (WIDTH * HEIGHT)
            for row in range(y, y + height):
                luma[row * WIDTH + x : row * WIDTH + x + width] = bytes([235]) * width
            file.write(b"FRAME\n" + luma + bytes([128]) * (WIDTH * HEIGHT // 2))


def sample_at(place: int) -> int:
    """A sample of the clip's sound, counted over all passes: a second of a tone, then one of silence."""
    index = place % (2 * SOUND_RATE)
    return int(16000 * math.sin(index * 2 * math.pi * 440 / SOUND_RATE)) if index < SOUND_RATE else 0


def write_sound(path: Path) -> None:
    """A WAV of two seconds."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SOUND_RATE)
        file.writeframes(struct.pack(f"<{2 * SOUND_RATE}h", *map(sample_at, range(2 * SOUND_RATE))))


@functools.cache
def bundle(hears: bool) -> Path:
    """A model bundle whose weights nobody trained, made once; gone with the process."""
    folder = Path(tempfile.mkdtemp(prefix="aurald-client-bundle-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    network = ["--untrained", "sam2_hiera_tiny", "--untrained-fuser", "avs"] if hears else ["--untrained", "sam2.1_hiera_tiny"]
    command = [BINARY, "import", *network, "--image-size", "256", "--output", str(folder / "model")]
    subprocess.run(command, check=True, capture_output=True, timeout=_START_S)
    return folder / "model"


class RealDaemon:
    """`aurald run` on a socket of its own, `path`. It has told its service manager that it is ready when the context begins."""

    def __init__(self, hears: bool = False, path: str | None = None, **options: Any) -> None:
        model = bundle(hears)
        self.folder = Path(tempfile.mkdtemp(prefix="aurald-client-"))
        self.path = path or str(self.folder / "s")
        write_clip(self.folder / "clip.y4m")
        write_sound(self.folder / "clip.wav")
        settings = {
            "source.kind": "replay", "source.path": self.folder / "clip.y4m", "source.audio": self.folder / "clip.wav", "source.loop": "true",
            "model.engine": "rehearsal", "model.rehearsal_ms": 2, "model.path": model, "socket.path": self.path, **options,
        }
        self._command = [BINARY, "run", "--log-level", "warning", "--config", str(self.folder / "empty.toml")]
        (self.folder / "empty.toml").write_text("")
        for key, value in settings.items():
            self._command += ["-o", f"{key}={value}"]

    def __enter__(self) -> RealDaemon:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(str(self.folder / "notify"))
            manager.settimeout(0.5)
            environment = {"PATH": os.environ["PATH"], "NOTIFY_SOCKET": str(self.folder / "notify")}
            with (self.folder / "log").open("wb") as log:
                self.process = subprocess.Popen(self._command, env=environment, stderr=log)
            end = time.monotonic() + _START_S
            while not self._is_ready(manager):
                if self.process.poll() is not None or time.monotonic() > end:
                    log_text = (self.folder / "log").read_text()
                    self.__exit__()
                    raise AssertionError(f"{self._command} did not get ready: {self.process.returncode}\n{log_text}")
        return self

    @staticmethod
    def _is_ready(manager: socket.socket) -> bool:
        try:
            return "READY=1" in manager.recv(4096).decode().splitlines()
        except TimeoutError:
            return False

    def stop(self) -> int:
        """Ends it and gives its exit status."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def __exit__(self, *_: Any) -> None:
        self.stop()
        shutil.rmtree(self.folder)
