"""Runs commands: to their end, in the background, or until they have shown that they work."""

from __future__ import annotations

import fnmatch
import os
import pty
import re
import select
import shlex
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import shown, tables
from .blocks import Command
from .scene import CLIENTS, Scene

#: Seconds that a command may take. On a machine that is busy with other things all take longer.
PATIENCE = 180.0

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_CLIENT = re.compile(r"\baurald(?:\"|'|,|\s)+(?:" + "|".join(CLIENTS) + r")\b|--unix-socket|aurald\.(?:Async)?Client")


def matches(name: str, patterns: tuple[str, ...]) -> bool:
    """Whether a command is one of these."""
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


class Process:
    """A running command whose output, a terminal's or a pipe's, is kept. It `is_silent` when nothing more can come."""

    def __init__(self, text: str, folder: Path, environment: dict[str, str], has_terminal: bool = False) -> None:
        self.output = b""
        self.is_silent = False
        if has_terminal:
            self._reader, writer = pty.openpty()
        else:
            self._reader, writer = os.pipe()
        self._child = subprocess.Popen(
            ["bash", "-c", text], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=writer, stderr=writer, start_new_session=True)
        os.close(writer)

    def read(self, until: float) -> bool:
        """Takes what is printed, or waits for it. False when that was all, or the time has come."""
        ready, _, _ = select.select([self._reader], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            return False
        try:
            data = os.read(self._reader, 65536)
        except OSError:  # A terminal whose other end is closed says EIO.
            data = b""
        self.output += data
        self.is_silent = not data
        return bool(data)

    def wait(self, until: float) -> int | None:
        """The exit status; None where it has not ended in time."""
        while self.read(until):
            pass
        try:
            return self._child.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            return None

    def end(self, number: signal.Signals = signal.SIGINT) -> int | None:
        """Ends it and all that it started; the exit status."""
        if self._child.poll() is None:
            os.killpg(self._child.pid, number)
        status = self.wait(time.monotonic() + 20)
        try:
            os.killpg(self._child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        return status

    @property
    def has_ended(self) -> bool:
        return self._child.poll() is not None

    def close(self) -> None:
        os.close(self._reader)

    @property
    def lines(self) -> list[str]:
        """What was printed, as a person sees it."""
        text = _ESCAPES.sub("", self.output.decode("utf-8", "replace")).replace("\r\n", "\n")
        return [line.rsplit("\r", 1)[-1] for line in text.removesuffix("\n").split("\n")]

    @property
    def end_of_output(self) -> str:
        return "\n".join(self.lines[-6:])


class Runner:
    """Runs the commands of one document after the other, as a person would who follows it."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._own: Process | None = None
        self._daemons: list[Process] = []

    def close(self) -> None:
        """Ends the daemons."""
        self.end_block()
        self._end_own()

    def end_block(self) -> str | None:
        """Ends the daemons that a block has started. They have to end as they should."""
        fault = None
        for daemon in self._daemons:
            if daemon.has_ended:
                fault = f"the daemon ended early:\n{daemon.end_of_output}"
            elif (status := daemon.end(signal.SIGTERM)) != 0:
                fault = f"the daemon ended with {status}:\n{daemon.end_of_output}"
            daemon.close()
        self._daemons = []
        return fault

    def begin_document(self, folder: Path) -> None:
        """What commands change for those behind them (folder, exported variables) ends with a block."""
        self._folder = folder

    def begin_block(self) -> None:
        self._where = str(self._folder)
        (self._scene.root / "state").write_text("")

    def run(self, command: Command, python: bool = False) -> str | None:
        """None where the command works, else what is wrong."""
        text, name = self._scene.placed(command.text), command.name
        if python:
            (self._scene.root / "example.py").write_text(text)
            text = f"python3 -u {self._scene.root}/example.py"
        if not python and re.match(r"(\S*/)?aurald run\b", name) and not matches(name, tables.ENDING):
            return self._start(self._scene.placed(name))
        if _CLIENT.search(command.text) and not self._daemons:
            fault = self._start_own()
            if fault:
                return fault
        is_endless = python or (matches(re.sub(r"^\S*/aurald", "aurald", name), tables.ENDLESS) and not matches(name, tables.ENDING))
        process = self._launch(text, command.shown is not None)
        try:
            fault = self._until_shown(process) if is_endless else self._to_end(process)
            if not fault and command.shown is not None:
                lines = self._scene.shown("\n".join(process.lines)).split("\n")
                if is_endless:
                    lines.append(shown.CUT)
                fault = shown.fault(self._cut(command.shown, is_endless), lines, matches(name, tables.VARYING))
        finally:
            process.end(signal.SIGKILL)
            process.close()
        if re.match(r"(sudo )?aurald import\b", name):
            self._scene.put_models(self._folder)
        return fault

    @staticmethod
    def _cut(lines: tuple[str, ...], is_endless: bool) -> tuple[str, ...]:
        """What an endless command prints goes on behind what is shown."""
        return (*lines, shown.CUT) if is_endless else lines

    def _launch(self, text: str, has_terminal: bool) -> Process:
        state = self._scene.root / "state"
        script = (
            f"cd {shlex.quote(self._where)} && . {state}\nset -o pipefail\n{text}\nstatus=$?\n"
            f"{{ export -p | grep -v ' SHLVL='; echo \"cd $(printf %q \"$PWD\")\"; }} > {state}.new && mv {state}.new {state}\nexit $status")
        return Process(script, self._folder, self._scene.environment(), has_terminal)

    def _to_end(self, process: Process) -> str | None:
        status = process.wait(time.monotonic() + PATIENCE)
        if status is None:
            return f"did not end within {PATIENCE:.0f} s:\n{process.end_of_output}"
        return f"ended with {status}:\n{process.end_of_output}" if status else None

    def _until_shown(self, process: Process) -> str | None:
        """Lets an endless command print for a while, looks at the page if it serves one, and ends it."""
        until = time.monotonic() + 30
        while not process.output.count(b"\n") and process.read(until):
            pass
        later = min(until, time.monotonic() + 1.5)
        while process.read(later):
            pass
        if process.is_silent or process.has_ended:
            return self._to_end(process)
        if not process.output.count(b"\n"):
            return "has printed nothing within 30 s"
        page = re.search(r"http://127\.0\.0\.1:\d+/\?token=\w+", process.output.decode("utf-8", "replace"))
        if page:
            fault = self._page(page[0])
            if fault:
                return fault
        status = process.end()
        return None if status in (0, 128 + signal.SIGINT, -signal.SIGINT) else f"ended with {status}:\n{process.end_of_output}"

    @staticmethod
    def _page(address: str) -> str | None:
        """The page is there for who has its address, and for nobody else."""
        root = address.split("?")[0]
        elsewhere = {"Origin": "http://example.org"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "example.org"}
        for url, headers, wanted in [(address, {}, 200), (root, {}, 403), (root + "events", {}, 403), *((address, each, 403) for each in elsewhere)]:
            try:
                with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=20) as answer:
                    status = answer.status if b"<html" in answer.read() else 0
            except urllib.error.HTTPError as error:
                status = error.code
            if status != wanted:
                return f"the page answers {status} in place of {wanted} to {headers or 'a browser'} at {url.partition('?')[0]}"
        return None

    def _start(self, text: str) -> str | None:
        """A daemon in the background, for what follows in the same block."""
        self._end_own()
        fault = self.end_block()
        if fault:
            return fault
        # In the shell's place, so that the signal of the end and the exit status are its own.
        daemon = self._launch("exec " + text.removesuffix("&"), False)
        self._daemons.append(daemon)
        return self._until_ready(daemon)

    def _start_own(self) -> str | None:
        """The tool's own daemon, for commands that ask one and whose block starts none. It hears, and takes words."""
        if self._own:
            return f"the tool's own daemon has ended:\n{self._own.end_of_output}" if self._own.has_ended else None
        root = self._scene.root
        link = root / "tmp/aurald.sock"
        options = {
            "socket.path": root / "run/aurald.sock", "metrics.path": root / "run/aurald-metrics.sock", "model.path": self._scene.reading_model(),
            "sounding.instances": "true"}
        text = "exec aurald run " + " ".join(f"-o {key}={value}" for key, value in options.items())
        self._own = Process(text, root, self._scene.environment())
        link.unlink(missing_ok=True)
        link.symlink_to(root / "run/aurald.sock")
        return self._until_ready(self._own)

    def _end_own(self) -> None:
        if self._own:
            self._own.end(signal.SIGTERM)
            self._own.close()
            self._own = None
        (self._scene.root / "tmp/aurald.sock").unlink(missing_ok=True)

    @staticmethod
    def _until_ready(daemon: Process) -> str | None:
        until = time.monotonic() + PATIENCE
        while b" ready " not in daemon.output and b"<5>ready " not in daemon.output:
            if not daemon.read(until):
                return f"the daemon did not get ready:\n{daemon.end_of_output}"
        return None
