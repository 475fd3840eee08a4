"""aurald's binary, as the trial of a model uses it."""

import json
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .dataset import SUBSET

START_S = 120
"""How long the networks may take to load."""
LAST_S = 3
"""How long after a clip's end its last picture may take."""


class AuraldError(Exception):
    """aurald ended with an error, or does not answer."""


@dataclass(frozen=True)
class Aurald:
    """A binary with a model."""

    binary: Path
    bundle: Path
    precision: str
    folder: Path
    """For records, compiled networks and the socket."""

    def evaluate(self, root: Path, split: str, masks: Path, *options: str) -> dict[str, float]:
        """Mean mJ, F and the like of a folder of clips, as ratios."""
        scores = self.folder / "scores.json"
        self._call("evaluate", "--dataset", "avsbench", "--root", root, "--subset", SUBSET, "--split", split, "--masks", masks,
                   "--json", scores, *options)
        return json.loads(scores.read_text())["splits"][0]["scores"]

    def track(self, clip: Path, records: Path, sound: bool, prompts: list[dict[str, Any]]) -> None:
        """Follows a replay picture by picture."""
        options: list[str | Path] = ["--audio", clip / "clip.wav"] if sound else []
        if prompts:
            options += ["--prompt", json.dumps(prompts)]
        self._call("track", "--video", clip / "clip.avi", "--output", records, *options)

    def live(self, clip: Path, records: Path) -> None:
        """Plays a replay in real time through the daemon and keeps what a client hears."""
        path = self.folder / "aurald.sock"
        configuration = self.folder / "live.toml"
        configuration.write_text(
            f'[source]\nkind = "replay"\npath = "{clip / "clip.avi"}"\naudio = "{clip / "clip.wav"}"\n'
            f'[model]\npath = "{self.bundle}"\nprecision = "{self.precision}"\ncache = "{self.folder / "cache"}"\n'
            f'[socket]\npath = "{path}"\n')
        path.unlink(missing_ok=True)
        log = self.folder / "live.log"
        with log.open("w") as file:
            daemon = subprocess.Popen([self.binary, "run", "--config", configuration], stdin=subprocess.DEVNULL, stdout=file, stderr=file)
        try:
            lines = _listen(daemon, path, log)
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait()
        records.write_bytes(b"".join(lines))

    def _call(self, verb: str, *options: str | Path) -> None:
        done = subprocess.run([self.binary, verb, "--model", self.bundle, "--precision", self.precision, "--cache", self.folder / "cache",
                               *options], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode:
            raise AuraldError(f"aurald {verb}: {done.stderr.strip() or done.returncode}")


def _listen(daemon: subprocess.Popen[bytes], path: Path, log: Path) -> list[bytes]:
    """All lines until the clip has ended and its last picture has come."""
    end = time.monotonic() + START_S
    client = socket.socket(socket.AF_UNIX)
    while client.connect_ex(str(path)):
        if daemon.poll() is not None or time.monotonic() > end:
            raise AuraldError(f"aurald run: {log.read_text().strip() or 'it does not listen'}")
        time.sleep(0.02)
    lines: list[bytes] = []
    with client.makefile("rb") as file:
        try:
            for line in file:
                lines.append(line)
                record = json.loads(line)
                if record["type"] == "source" and record["state"] == "ended":
                    # The pictures that are still being looked at come after it; then there is silence.
                    client.settimeout(LAST_S)
        except TimeoutError:
            return lines
    raise AuraldError(f"aurald run: {log.read_text().strip() or 'it ended early'}")
