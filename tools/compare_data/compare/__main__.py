"""The command line of `tools/compare`."""

import argparse
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from . import checkpoint, graphs, official, peer, report, scene
from .records import masks_and_times

#: What aurald is told: int8 is a bundle of its own, whose other arithmetic is bfloat16.
_OURS = {
    "aurald-f32": ("--precision", "f32"),
    "aurald-bf16": ("--precision", "bf16"),
    "aurald-int8": ("--precision", "bf16"),
    "aurald-int8-pooled": ("--precision", "bf16", "--pool-memories"),
}
#: From here on the memory bank is full: six memories and the prompted one, and sixteen pointers.
_WARM_UP = 17


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="compare", description="aurald beside the official SAM 2 on this machine.")
    parser.add_argument("--network", default="sam2.1_hiera_tiny", help="sam2.1_hiera_tiny (the default), …_small, …_base_plus, …_large")
    parser.add_argument("--size", type=int, default=512, help="side of the model's square in pixels; 512 if not said")
    parser.add_argument("--rounds", type=int, default=5, help="each peer's turns; 5 if not said")
    parser.add_argument("--frames", type=int, default=12, help="frames that count in each turn; 12 if not said")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="threads of each peer; all cores if not said")
    parser.add_argument("--peers", default=",".join((*peer.NAMES, *_OURS)), help="which, with commas between")
    parser.add_argument("--reference", help="whose time is 1; openvino-bf16 if it is there")
    parser.add_argument("--checkpoint", type=Path, help="an official checkpoint; without it weights that follow from their names")
    parser.add_argument("--aurald", type=Path, default=Path(".build/release/aurald"), help="the binary")
    parser.add_argument("--cache", type=Path, default=Path(".compare"), help="where the graphs and bundles are kept")
    parser.add_argument("--json", type=Path, help="also write all times here")
    given = parser.parse_args()
    given.peers = [name for name in given.peers.split(",") if name]
    unknown = set(given.peers) - {*peer.NAMES, *_OURS}
    if unknown or not given.peers:
        parser.error(f"--peers: there is no {', '.join(sorted(unknown)) or 'peer'}; known are {', '.join((*peer.NAMES, *_OURS))}")
    given.reference = given.reference or ("openvino-bf16" if "openvino-bf16" in given.peers else given.peers[0])
    if given.reference not in given.peers:
        parser.error(f"--reference: {given.reference} is not among the peers")
    return given


class Comparison:
    """Makes what all need, and runs the peers in turns."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.given = given
        self.folder = given.cache / f"{given.network}-{given.size}"
        self.frames = given.cache / f"clip-{_WARM_UP + given.frames}"
        self.checkpoint = given.checkpoint or given.cache / f"{given.network}.pt"
        # What was made of another checkpoint lies beside it.
        self.bundle, self.graphs = (self.folder / f"{what}-{self.checkpoint.stem}" for what in ("bundle", "graphs"))

    def prepare(self) -> None:
        """Clip, checkpoint, graphs and bundle, where they are not there yet."""
        self.folder.mkdir(parents=True, exist_ok=True)
        scene.write(self.frames, _WARM_UP + self.given.frames)
        if self.given.checkpoint is None:
            checkpoint.write(self.given.network, self.checkpoint)
        if any(name.startswith(("ort", "openvino")) for name in self.given.peers):
            graphs.export(official.build(self.given.network, self.given.size, self.checkpoint), self.graphs)
        for bundle in {self._bundle(name) for name in self.given.peers if name in _OURS}:
            self._import(bundle)

    def _bundle(self, name: str) -> Path:
        return self.bundle.with_name(f"{self.bundle.name}-int8") if "int8" in name else self.bundle

    def _import(self, bundle: Path) -> None:
        """Makes a bundle that is not there, or that an older binary made."""
        description = bundle / "bundle.json"
        if description.exists() and description.stat().st_mtime > self.given.aurald.stat().st_mtime:
            return
        options = ("--precision", "int8", "--calibrate", self.frames) if bundle != self.bundle else ()
        self._call([
            self.given.aurald, "import", "--sam2", self.checkpoint, "--image-size", self.given.size, "--output", bundle, *options])

    def run(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """One turn: milliseconds and masks of the frames that count."""
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "out"
            if name in _OURS:
                left, top, right, bottom = scene.BOX
                prompt = json.dumps([{"frame": 0, "object_id": 1, "box": [left, top, right, bottom]}])
                self._call([
                    self.given.aurald, "track", "--model", self._bundle(name), "--video", self.frames, "--prompt", prompt, "--output", out,
                    *_OURS[name], "--threads", self.given.threads, "--cache", self.folder / "compiled"])
                times, masks = masks_and_times(out)
            else:
                self._call([
                    sys.executable, "-m", "compare.peer", name, "--network", self.given.network, "--size", self.given.size, "--checkpoint",
                    self.checkpoint, "--graphs", self.graphs, "--frames", self.frames, "--threads", self.given.threads, "--out", f"{out}.npz"])
                with np.load(f"{out}.npz") as file:
                    times, masks = file["times"], np.unpackbits(file["masks"], axis=-1)[..., :scene.WIDTH].astype(bool)
        return times[_WARM_UP:], masks[_WARM_UP:]

    @staticmethod
    def _call(command: list) -> None:
        result = subprocess.run([str(word) for word in command], capture_output=True, text=True)
        if result.returncode:
            raise SystemExit(f"compare: {' '.join(map(str, command[:3]))} failed ({result.returncode}):\n{result.stderr[-2000:]}")


def main() -> None:
    """Prepares, runs the rounds, prints the table."""
    given = _arguments()
    comparison = Comparison(given)
    print(f"compare: {given.network} at {given.size} px, {given.threads} threads, {given.rounds} rounds of {given.frames} frames", file=sys.stderr)
    comparison.prepare()
    times, masks = {name: [] for name in given.peers}, {}
    for turn in range(given.rounds):
        # Every other round backwards, so that nobody always comes after the same one.
        for name in given.peers if turn % 2 == 0 else reversed(given.peers):
            run, masks[name] = comparison.run(name)
            times[name].append(run)
            print(f"compare: round {turn + 1}, {name}: {np.median(run):.1f} ms", file=sys.stderr, flush=True)
    agreed = "torch-f32" if "torch-f32" in given.peers else given.reference
    rows = report.rows(times, masks, given.reference, agreed)
    print(report.table(rows, given.reference, agreed), end="")
    if given.json:
        given.json.write_text(json.dumps({
            "network": given.network, "size": given.size, "threads": given.threads, "reference": given.reference, "agreed": agreed,
            "rows": {name: dataclasses.asdict(row) for name, row in rows.items()},
            "times_ms": {name: [list(map(float, run)) for run in runs] for name, runs in times.items()},
        }, indent=1) + "\n")


if __name__ == "__main__":
    main()
