"""What the tests share: the package's path, records to send, and a daemon that does as it is told."""

from __future__ import annotations

import base64
import json
import os
import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

CLIENT = Path(__file__).resolve().parent.parent
REPOSITORY = CLIENT.parent.parent
sys.path.insert(0, str(CLIENT))

#: The longest that a test waits for anything, in seconds.
PATIENCE_S = 20.0

HELLO: dict[str, Any] = {
    "type": "hello", "proto": 1, "version": "0.1.0", "boot_id": "7c2b6f0e", "mono_ns": 81234567890, "wall_ns": 1790000000000000000,
    "policy": "latest", "want": ["frame", "instance", "source"], "source": "camera",
}
OBJECT: dict[str, Any] = {
    "object_id": 1, "kind": "prompt", "score": 0.9975, "iou": 1, "bbox": [2, 1, 3, 3], "area": 9, "counts": "=33000a0", "size": [6, 8],
}
SOURCE: dict[str, Any] = {"type": "source", "source": "camera", "kind": "video", "state": "streaming", "mode": "640x480 YUYV"}
STATUS: dict[str, Any] = {
    "version": "0.1.0", "uptime_s": 12.5, "sources": [{"source": "camera", "kind": "video", "state": "streaming", "frames": 7, "corrupt": 0,
    "lost": 1}], "model": "sam2.1_hiera_tiny@512", "engine": "OpenVINO", "hears": True, "takes_words": False,
    "seq": 3, "t_ns": 5, "frames": 4, "frames_dropped": 1, "fps": 29.97,
    "latency_p50_ms": 31.5, "latency_p99_ms": 40, "objects": [1], "clients": 1,
}


def frame(seq: int, **fields: Any) -> dict[str, Any]:
    """A frame record with one object."""
    return {"type": "frame", "seq": seq, "t_ns": 1000 + seq, "latency_ms": 31.25, "size": [6, 8], "objects": [OBJECT], **fields}


def instance(seq: int, event: str = "update") -> dict[str, Any]:
    """An instance record."""
    fields = {"type": "instance", "event": event, "instance_id": 3, "object_id": 0, "seq": seq, "t_ns": 1000 + seq}
    if event == "end":
        return {**fields, "reason": "lost"}
    return {**fields, "bbox": [2, 1, 3, 3], "area": 9, "counts": "=33000a0", "size": [6, 8]}


def picture(seq: int, data: bytes = b"\xff\xd8 a picture \xff\xd9") -> dict[str, Any]:
    """A picture record."""
    return {"type": "picture", "seq": seq, "t_ns": 1000 + seq, "size": [6, 8], "format": "jpeg", "data": base64.b64encode(data).decode()}


def sound(seq: int, data: bytes = bytes(range(12)), **fields: Any) -> dict[str, Any]:
    """A sound record, of three samples of two channels."""
    return {
        "type": "sound", "seq": seq, "t_ns": 900 + seq, "first": 3 * seq, "rate": 48000, "channels": 2, "format": "s16le",
        "data": base64.b64encode(data).decode(), **fields,
    }


def spectrogram(seq: int, data: bytes = bytes(range(250, 256)), **fields: Any) -> dict[str, Any]:
    """A spectrogram record, smaller than they are."""
    return {
        "type": "spectrogram", "seq": seq, "t_ns": 1000 + seq, "columns": 2, "bands": 3, "floor": -4.6052, "step": 0.04,
        "data": base64.b64encode(data).decode(), **fields,
    }


def request(seq: int, **fields: Any) -> dict[str, Any]:
    """A request record: a box."""
    return {"type": "request", "seq": seq, "request": {"verb": "add_box", "object_id": 1, "box": [0.3, 0.2, 0.7, 0.8], "clear_old": True, **fields}}


def line(record: Any) -> bytes:
    """A record as it is on the wire."""
    return json.dumps(record).encode() + b"\n"


class Peer:
    """The daemon's end of one connection."""

    def __init__(self, stream: socket.socket) -> None:
        stream.settimeout(PATIENCE_S)
        self._stream = stream
        self._requests = stream.makefile("rb")

    def greet(self, **fields: Any) -> None:
        """Says hello."""
        self.send({**HELLO, **fields})

    def send(self, *records: Any) -> None:
        """Sends records, in one piece."""
        self.send_bytes(b"".join(line(record) for record in records))

    def send_bytes(self, data: bytes) -> None:
        """Sends bytes as they are."""
        self._stream.sendall(data)

    def request(self) -> dict[str, Any]:
        """The client's next request."""
        request = json.loads(self._requests.readline())
        assert isinstance(request, dict)
        return request

    def reply(self, request: dict[str, Any], **fields: Any) -> None:
        """Answers a request."""
        self.send({"type": "reply", "id": request["id"], "verb": request["verb"], "ok": True, **fields})

    def wait_closed(self) -> None:
        """Waits until the client has gone."""
        try:
            rest = self._requests.read()
        except ConnectionResetError:
            return
        assert rest == b"", f"the client sent {rest!r}"


class FakeDaemon:
    """Listens on `path`; the first connection runs the first script, and so on.

    Leaving the context waits for all scripts, and raises what one of them raised.
    """

    def __init__(self, *scripts: Callable[[Peer], None]) -> None:
        self.folder = tempfile.mkdtemp(prefix="aurald-client-")
        self.path = os.path.join(self.folder, "s")
        self._scripts = scripts
        self._failures: list[BaseException] = []
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(self.path)
        self._listener.listen(8)
        self._listener.settimeout(PATIENCE_S)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> FakeDaemon:
        self._thread.start()
        return self

    def __exit__(self, kind: Any, *_: Any) -> None:
        self._thread.join(None if kind is None else 0.5)
        self._listener.close()
        shutil.rmtree(self.folder)
        if kind is None and self._failures:
            raise self._failures[0]

    def _run(self) -> None:
        try:
            for script in self._scripts:
                stream, _ = self._listener.accept()
                with stream:
                    script(Peer(stream))
        except BaseException as failure:
            self._failures.append(failure)
