"""Chromium, headless, over the pipe of the Chrome DevTools Protocol: JSON with a zero byte behind it, in on descriptor 3, out on 4. No port is
open to others, and no library is needed."""

import fcntl
import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading

PATIENCE_S = 30


class DevToolsError(Exception):
    """What the browser says against a command, or that it is gone."""


def _above(descriptor):
    """The same descriptor with a number that neither 3 nor 4 can be."""
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(descriptor)
    return moved


class Chromium:
    """A browser with a profile of its own that is gone with it."""

    def __init__(self, binary):
        self.profile = tempfile.mkdtemp(prefix="aurald-page-")
        into, self._out = map(_above, os.pipe())
        self._in, out_of = map(_above, os.pipe())
        command = [
            binary, "--headless=new", "--remote-debugging-pipe", f"--user-data-dir={self.profile}", "--no-first-run", "--disable-gpu",
            "--disable-extensions", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
            "--disable-background-timer-throttling", "--disable-renderer-backgrounding", "--disable-dev-shm-usage", "--lang=en",
            "--force-color-profile=srgb", "about:blank",
        ]
        if os.getuid() == 0:
            command.insert(1, "--no-sandbox")  # Chromium's sandbox refuses root; only the page under test is loaded
        # bash, as 3 and 4 are taken here.
        launch = ["bash", "-c", f'exec "$@" 3<&{into} 4>&{out_of} {into}<&- {out_of}>&-', "bash", *command]
        environment = {**os.environ, "HOME": self.profile, "LANG": "C.UTF-8"}
        self._log = open(os.path.join(self.profile, "log"), "wb")
        self.process = subprocess.Popen(launch, pass_fds=(into, out_of), stdout=self._log, stderr=self._log, env=environment, start_new_session=True)
        os.close(into)
        os.close(out_of)
        self._lock = threading.Lock()
        self._last = 0
        self._answers = {}
        self._listeners = {}
        self._is_gone = False
        threading.Thread(target=self._read, daemon=True).start()
        try:
            self.send("Browser.getVersion")
        except DevToolsError as error:
            with open(os.path.join(self.profile, "log"), encoding="utf-8", errors="replace") as log:
                said = log.read()[-2000:]
            self.close()
            raise DevToolsError(f"{binary} does not start: {error}\n{said}") from None

    def listen(self, session, listener):
        """Calls listener(method, parameters), on another thread, for each event of a session."""
        with self._lock:
            self._listeners[session] = listener

    def send(self, method, session=None, **parameters):
        """Has a command done and gives its result."""
        answer = queue.SimpleQueue()
        with self._lock:
            if self._is_gone:
                raise DevToolsError("the browser is gone")
            self._last += 1
            number = self._last
            self._answers[number] = answer
        message = {"id": number, "method": method, "params": parameters} | ({"sessionId": session} if session else {})
        try:
            os.write(self._out, json.dumps(message).encode() + b"\0")
            reply = answer.get(timeout=PATIENCE_S)
        except (OSError, queue.Empty) as error:
            raise DevToolsError(f"{method}: no answer: {error!r}") from None
        finally:
            with self._lock:
                self._answers.pop(number, None)
        if "error" in reply:
            raise DevToolsError(f"{method}: {reply['error'].get('message')}")
        return reply["result"]

    def _read(self):
        rest = b""
        while part := self._chunk():
            *messages, rest = (rest + part).split(b"\0")
            for message in map(json.loads, messages):
                with self._lock:
                    answer = self._answers.get(message.get("id"))
                    listener = self._listeners.get(message.get("sessionId"))
                if answer:
                    answer.put(message)
                elif listener and "method" in message:
                    listener(message["method"], message["params"])
        with self._lock:
            self._is_gone = True
            for answer in self._answers.values():
                answer.put({"error": {"message": "the browser is gone"}})

    def _chunk(self):
        try:
            return os.read(self._in, 1 << 20)
        except OSError:
            return b""

    def close(self):
        """Ends the browser and all that it started."""
        if self.process.poll() is None:
            try:
                self.send("Browser.close")
            except DevToolsError:
                pass
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, 9)
                self.process.wait()
        os.close(self._out)
        self._log.close()
        shutil.rmtree(self.profile, ignore_errors=True)
