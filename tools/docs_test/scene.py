"""The place in which the documents' commands run: a folder for each document, with everything that they name."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import stand_ins

#: Folders of the system that documents name; commands get them below the scene's own folder.
_PLACES = re.compile(r"(?<![\w./$}])/(tmp|run|etc/aurald|var/lib/aurald|usr/share)(?=/|\b)")

#: Commands that talk to a daemon, on its usual socket unless they are told another one.
CLIENTS = ("watch", "prompt", "status", "snapshot", "preview", "record")

_AURALD = """#!/bin/bash
case "$1" in
    {clients}) case " $* " in *" --socket "* | *" --help "*) ;; *) set -- "$@" --socket {root}/run/aurald.sock ;; esac ;;
    run | check) case " $* " in *" --config "* | *" --help "*) ;; *) set -- "$@" --config {root}/etc/aurald/aurald.toml ;; esac ;;
esac
exec {binary} "$@"
"""

#: For `--open`: no window; the tool looks at the page itself.
_OPEN = """#!/bin/bash
echo "$1" > {root}/opened
"""


class Scene:
    """Stand-ins and models are made once; each document gets links to them."""

    def __init__(self, repository: Path, binary: Path) -> None:
        self.repository, self.binary = repository, binary
        # Short, since a socket's path has at most 107 bytes.
        self.root = Path(tempfile.mkdtemp(prefix="aurald-docs-", dir="/tmp"))
        for name in ("bin", "tmp", "run", "etc/aurald", "var/lib/aurald", "home", "things", "made"):
            (self.root / name).mkdir(parents=True)
        self._shim("aurald", _AURALD.format(clients="|".join(CLIENTS), root=self.root, binary=binary))
        self._shim("xdg-open", _OPEN.format(root=self.root))
        (self.root / "etc/aurald/aurald.toml").write_text("")
        self._make_things(self.root / "things")

    def close(self) -> None:
        """Takes everything away."""
        shutil.rmtree(self.root, ignore_errors=True)

    def placed(self, text: str) -> str:
        """A command with the scene's folders in the place of the system's."""
        return _PLACES.sub(lambda match: f"{self.root}/{match[1]}", text)

    def shown(self, text: str) -> str:
        """A command's output with the system's folders again."""
        return text.replace(f"{self.root}/", "/")

    def environment(self) -> dict[str, str]:
        """What commands find set: no networks are computed by daemons, and a clip is their camera and microphone."""
        things = self.root / "things"
        return {
            "PATH": f"{self.root}/bin:{os.environ['PATH']}", "HOME": str(self.root / "home"), "LANG": "C.UTF-8", "TERM": "dumb",
            "TMPDIR": str(self.root / "tmp"), "PYTHONPATH": str(self.repository / "clients/python"), "PYTHONDONTWRITEBYTECODE": "1",
            "AURALD_MODEL_ENGINE": "rehearsal", "AURALD_MODEL_REHEARSAL_MS": "5", "AURALD_SOURCE_KIND": "replay",
            "AURALD_SOURCE_PATH": str(things / "clip.avi"), "AURALD_SOURCE_AUDIO": str(things / "clip.wav"), "AURALD_SOURCE_LOOP": "true",
            "AURALD_SOURCE_RATE": "30",
        }

    def folder(self, name: str) -> Path:
        """A new folder for a document's commands."""
        folder = self.root / name
        self._link(self.root / "things", folder)
        for name in ("tools", "configs", "docs", "Models", "systemd", "clients", "Tests"):
            if (self.repository / name).exists():
                (folder / name).symlink_to(self.repository / name)
        (folder / ".build/release").mkdir(parents=True)
        (folder / ".build/release/aurald").symlink_to(self.root / "bin/aurald")
        self.put_models(folder)
        return folder

    def put_models(self, folder: Path) -> None:
        """The models again as they were: small ones, so that what is shown takes seconds whatever was imported above it."""
        models = folder / "models"
        shutil.rmtree(models, ignore_errors=True)
        kinds = {
            self._stamps: ("stamps", "tiny-512", "small-512", "online"), self._hearing(5): ("avs", "v1m", "v2-5", "hears", "own"),
            self._hearing(10): ("v2-10",), self._reading: ("ref",),
        }
        for source, names in kinds.items():
            for name in names:
                self._link(source, models / name)
        # The service's own.
        shutil.rmtree(self.root / "var/lib/aurald/model", ignore_errors=True)
        self._link(self._stamps, self.root / "var/lib/aurald/model")

    @functools.cached_property
    def _stamps(self) -> Path:
        return self._made("stamps", "--fuser", str(self.repository / "Models/stamps-256/stamps-256.safetensors"))

    @functools.cached_property
    def _reading(self) -> Path:
        fuser, text = self.root / "things/auralsam2_refavs_best.pth", self.root / "things/distilroberta-base"
        return self._made(
            "ref", "--sam2", str(self.root / "things/sam2_hiera_tiny.pt"), "--fuser", str(fuser), "--text", str(text), "--image-size", "256")

    @functools.cache
    def _hearing(self, frames: int) -> Path:
        sam2, fuser = (str(self.root / "things" / name) for name in ("sam2_hiera_tiny.pt", "auralsam2_avs_v1m.pth"))
        return self._made(f"avs-{frames}", "--sam2", sam2, "--fuser", fuser, "--image-size", "256", "--clip-frames", str(frames))

    def reading_model(self) -> Path:
        """A model that hears and takes words."""
        return self._reading

    def _made(self, name: str, *arguments: str) -> Path:
        path = self.root / "made" / name
        subprocess.run([self.binary, "import", *arguments, "--output", path], check=True, capture_output=True)
        return path

    def _make_things(self, things: Path) -> None:
        shapes = json.loads((self.repository / "Tests/Golden/shapes.json").read_text())
        for network in ("tiny", "small", "base_plus", "large"):
            # Of every size the smallest network stands in: what it is, aurald reads from the file.
            for release in ("sam2.1", "sam2"):
                stand_ins.checkpoint(things / f"{release}_hiera_{network}.pt", shapes[f"{release}_hiera_tiny"])
        # Of a fuser's blocks the first of each level: how many there are, aurald reads from the file too.
        fusers = {
            kind: {name: shape for name, shape in shapes[kind].items() if not re.match(r"[fa]_blocks\.\d\.([1-9]|0\d)", name)}
            for kind in ("auralfuser_avs", "auralfuser_refavs")}
        for name in ("v1s", "v1m", "v2"):
            stand_ins.checkpoint(things / f"auralsam2_avs_{name}.pth", fusers["auralfuser_avs"])
        stand_ins.checkpoint(things / "auralsam2_refavs_best.pth", fusers["auralfuser_refavs"])
        # What `aural.finetune` and `aural.export` would have written.
        stand_ins.checkpoint(things / "runs/v1m/best.safetensors", fusers["auralfuser_avs"])
        shutil.copyfile(self.repository / "Models/stamps-256/stamps-256.safetensors", things / "stamps-256.safetensors")
        stand_ins.text_encoder(things / "distilroberta-base", self.repository / "Tests/Golden/text")
        for name in ("clip.avi", "clip.y4m", "clip.mp4"):
            stand_ins.clip(things / name)
        stand_ins.tone(things / "clip.wav")
        stand_ins.avsbench(things / "AVSBench", "UID")
        stand_ins.refavs(things / "REFAVS")
        (things / "aurald.toml").write_text('[model]\npath = "models/tiny-512"\n')
        demo = things / ".demo"
        demo.mkdir()
        (demo / "demo.toml").write_text(
            f'[source]\nkind = "replay"\npath = "{things}/clip.avi"\naudio = "{things}/clip.wav"\nloop = true\n\n'
            '[model]\npath = "models/stamps"\n\n[socket]\npath = ".demo/aurald.sock"\n')

    def _shim(self, name: str, text: str) -> None:
        path = self.root / "bin" / name
        path.write_text(text)
        path.chmod(0o755)

    @staticmethod
    def _link(source: Path, target: Path) -> None:
        """A copy; large files are hard links, since no command writes into a checkpoint or a bundle's file."""

        def copy(one: str, other: str) -> None:
            (os.link if os.path.getsize(one) > 1 << 20 else shutil.copyfile)(one, other)

        shutil.copytree(source, target, copy_function=copy, dirs_exist_ok=True)
