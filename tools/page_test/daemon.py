"""`aurald run` on a clip, and `aurald preview` beside it."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.parse

import scene

PATIENCE_S = 60


class Daemon:
    """`aurald run` on the socket `path`; it can be ended and started again."""

    def __init__(self, binary, bundle, clip=None, scale=1, **options):
        self.folder = tempfile.mkdtemp(prefix="aurald-page-")
        self.path = os.path.join(self.folder, "s")
        if clip is None:
            clip = os.path.join(self.folder, "night.y4m"), os.path.join(self.folder, "night.wav")
            scene.write_clip(clip[0], scale)
            scene.write_sound(clip[1])
        settings = {
            "source.kind": "replay", "source.path": clip[0], "source.audio": clip[1], "source.loop": "true", "model.engine": "rehearsal",
            "model.rehearsal_ms": 5, "model.path": bundle, "socket.path": self.path,
        } | {key.replace("__", "."): value for key, value in options.items()}
        empty = os.path.join(self.folder, "empty.toml")
        open(empty, "w").close()
        self._command = [binary, "run", "--log-level", "warning", "--config", empty]
        for key, value in settings.items():
            self._command += ["-o", f"{key}={value}"]
        self.process = None
        self.start()

    def start(self):
        """Starts it and waits until it tells its service manager that it is ready."""
        told = os.path.join(self.folder, "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager, open(os.path.join(self.folder, "log"), "wb") as log:
            manager.bind(told)
            manager.settimeout(0.2)
            environment = {"PATH": os.environ["PATH"], "HOME": self.folder, "NOTIFY_SOCKET": told}
            self.process = subprocess.Popen(self._command, env=environment, stderr=log)
            end = time.monotonic() + PATIENCE_S
            while not self._is_ready(manager):
                if self.process.poll() is not None or time.monotonic() > end:
                    self.stop()
                    raise AssertionError(f"{self._command} is not ready:\n{self.log()}")
        os.unlink(told)

    @staticmethod
    def _is_ready(manager):
        try:
            return "READY=1" in manager.recv(4096).decode().splitlines()
        except TimeoutError:
            return False

    def log(self):
        with open(os.path.join(self.folder, "log"), encoding="utf-8", errors="replace") as log:
            return log.read()

    def ask(self, **request):
        """A request from another client than the page, and its answer."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(PATIENCE_S)
            client.connect(self.path)
            client.sendall(json.dumps({"id": 1, **request}).encode() + b"\n")
            for line in client.makefile("rb"):
                record = json.loads(line)
                if record.get("id") == 1:
                    return record
        raise AssertionError("the daemon closed the connection")

    def kill(self):
        """As if it had crashed."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def close(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Preview:
    """`aurald preview` of a daemon: `address` is what it prints."""

    def __init__(self, binary, path, *options, environment=None):
        command = [binary, "preview", "--socket", path, *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        self.address = self.process.stdout.readline().strip()
        if not self.address.startswith("http://127.0.0.1:"):
            self.close()
            raise AssertionError(f"aurald preview prints no address: {self.address!r}")
        parts = urllib.parse.urlsplit(self.address)
        self.port, self.token = parts.port, urllib.parse.parse_qs(parts.query)["token"][0]

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)
        self.process.stdout.close()
        self.process.stderr.close()
