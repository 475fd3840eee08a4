"""The daemon as a test sees it: a process, its socket, and every record with the time at which it came."""

import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time

import faults
from registry import Failure, expect

SOCKET = "/tmp/aurald.sock"
CONFIGURATION = """\
[source]
kind = "live"
[camera]
device = "{camera}"
width = 320
height = 240
rate = 30.0
[microphone]
device = "{microphone}"
rate = 48000
channels = 2
[model]
engine = "{engine}"
{rehearsal}
path = "{bundle}"
[socket]
path = "{socket}"
"""
PROMPT = """\
[[prompt]]
object_id = 1
box = [0.1, 0.1, 0.9, 0.9]
"""


class Client(threading.Thread):
    """A connection that keeps all records, in their order, as (time of arrival in ns of CLOCK_MONOTONIC, record)."""

    def __init__(self, path=SOCKET):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(path)
        self.records = []
        self.is_closed = False
        self.news = threading.Condition()
        self.last_id = 0
        self.start()

    def run(self):
        try:
            for line in self.socket.makefile("rb"):
                record = json.loads(line)
                with self.news:
                    self.records.append((time.monotonic_ns(), record))
                    self.news.notify_all()
        except OSError:
            pass
        with self.news:
            self.is_closed = True
            self.news.notify_all()

    def mark(self):
        """The place of the next record: what comes after a moment is what comes from its mark on."""
        with self.news:
            return len(self.records)

    def since(self, mark, kind=None):
        with self.news:
            return [(t, record) for t, record in self.records[mark:] if kind in (None, record["type"])]

    def wait(self, matches, timeout, what, mark=0):
        """The first record from `mark` on that matches, as (time, record, place). Raises Failure when none comes in time."""
        end = time.monotonic() + timeout
        place = mark
        with self.news:
            while True:
                while place < len(self.records):
                    t, record = self.records[place]
                    if matches(record):
                        return t, record, place
                    place += 1
                rest = end - time.monotonic()
                if self.is_closed:
                    raise Failure(f"the connection was closed while waiting: {what}")
                if rest <= 0:
                    raise Failure(f"not within {timeout} s: {what}")
                self.news.wait(rest)

    def wait_state(self, kind, states, timeout, mark=0):
        """The first record by which the source of a kind (video, audio) has one of the states."""
        states = [states] if isinstance(states, str) else states
        return self.wait(lambda r: r["type"] == "source" and r["kind"] == kind and r["state"] in states, timeout,
                         f"{kind} is {' or '.join(states)}", mark)

    def wait_frame(self, timeout, mark=0, matches=lambda record: True):
        return self.wait(lambda r: r["type"] == "frame" and matches(r), timeout, "a frame", mark)

    def request(self, verb, timeout=5, **fields):
        self.last_id += 1
        wanted = self.last_id
        mark = self.mark()
        self.socket.sendall(json.dumps({"id": wanted, "verb": verb, **fields}).encode() + b"\n")
        _, reply, _ = self.wait(lambda r: r.get("id") == wanted, timeout, f"the answer to {verb}", mark)
        expect(reply["type"] == "reply", f"{verb} failed: {reply}")
        return reply

    def source_status(self, kind):
        """What `status` says about the source of a kind, with `asked_ns`, the time of asking."""
        asked = time.monotonic_ns()
        for each in self.request("status")["status"]["sources"]:
            if each.get("kind") == kind:
                return {**each, "asked_ns": asked}
        raise Failure(f"status has no source of kind {kind}")

    def close(self):
        self.socket.close()


class Fixture:
    """Starts the daemon when a test needs it, and keeps it running for the next test that needs the same one."""

    def __init__(self, aurald, bundle, output):
        self.aurald, self.bundle, self.output = aurald, bundle, output
        self.process = None
        self.client = None
        self.settings = None
        self.starts = 0
        self.log_path = None

    def start(self, camera=faults.CAMERA, microphone=faults.MICROPHONE, engine="rehearsal", prefix=(), fresh=False, timeout=30, bundle=None):
        """A client of a daemon with these settings. `prefix` is a command that runs it; `fresh` asks for one that has just been started.

        It follows a box, but with a bundle of the test's own what sounds alone.
        """
        settings = (camera, microphone, engine, tuple(prefix), bundle)
        if self.process and self.settings == settings and not fresh and self.process.poll() is None:
            return self.client
        self.stop()
        self.starts += 1
        self.settings = settings
        configuration = os.path.join(self.output, f"{self.starts}.toml")
        with open(configuration, "w", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(camera=camera, microphone=microphone, engine=engine, bundle=bundle or self.bundle,
                                            socket=SOCKET, rehearsal="rehearsal_ms = 10" if engine == "rehearsal" else ""))
            file.write("" if bundle else PROMPT)
        self.log_path = os.path.join(self.output, f"{self.starts}.log")
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen([*prefix, self.aurald, "run", "--config", configuration, "--log-level", "debug"],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + timeout
        while self.client is None:
            expect(self.process.poll() is None, f"the daemon ended with {self.process.returncode}")
            expect(time.monotonic() < end, f"the daemon does not listen within {timeout} s")
            try:
                self.client = Client()
            except OSError:
                time.sleep(0.05)
        return self.client

    def streaming(self, **settings):
        """The same, with both sources streaming and a frame seen that has sound. Returns the client and a mark behind all that."""
        client = self.start(**settings)
        for kind in ("video", "audio"):
            faults.wait_until(lambda: self.state(kind) == "streaming", 10, f"{kind} streams")
        place = client.wait_frame(10, client.mark(), lambda record: "audio" in record)[2]
        return client, place + 1

    def state(self, kind):
        """What the client was told last about the source of a kind."""
        states = [record["state"] for _, record in self.client.since(0, "source") if record["kind"] == kind]
        return states[-1] if states else None

    def stop(self):
        """Ends the daemon with SIGTERM and returns the seconds that took."""
        began = time.monotonic()
        if self.client:
            self.client.close()
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = self.client = self.settings = None
        if os.path.exists(SOCKET):
            os.unlink(SOCKET)
        return time.monotonic() - began

    def capture(self, seconds, camera=faults.CAMERA, microphone=faults.MICROPHONE):
        """Starts `aurald capture`; returns its process and the folder that it writes."""
        self.stop()
        folder = os.path.join("/tmp", "capture")
        shutil.rmtree(folder, ignore_errors=True)
        self.log_path = os.path.join(self.output, "capture.log")
        with open(self.log_path, "ab") as log:
            process = subprocess.Popen([self.aurald, "capture", "--camera", camera, "--microphone", microphone, "--seconds", str(seconds),
                                        "--output", folder], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        return process, folder

    def explain_failure(self, name):
        """Lines for the host: the last source records and the end of the log. The records go to a file."""
        lines = []
        if self.client:
            with open(os.path.join(self.output, name.replace("/", "-").replace(" ", "-") + ".ndjson"), "w", encoding="utf-8") as file:
                for t, record in self.client.since(0):
                    file.write(json.dumps({"arrived_ns": t, **record}) + "\n")
            lines += [json.dumps(record) for _, record in self.client.since(0, "source")[-5:]]
        if self.log_path and os.path.exists(self.log_path):
            with open(self.log_path, encoding="utf-8", errors="replace") as file:
                lines += file.read().splitlines()[-8:]
        # The next test gets a daemon that this one has not spoilt.
        self.stop()
        return lines

    def close(self):
        self.stop()
