"""The Debian packages that the clips are made of: fetched, checked, unpacked into a cache folder, never installed."""

import hashlib
import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Package:
    """A package of Debian 12 and the file that the published figures were made with."""

    name: str
    version: str
    sha256: str
    what: str

    @property
    def file_pattern(self) -> str:
        """What `apt-get download` calls the file, of any version; a colon in the version is written %3a."""
        return f"{self.name}_*.deb"


PACKAGES = (
    Package("tuxpaint-stamps-default", "2022.06.04-1", "6db6c1bfc870a47f1499d6203b083522eacb57c5f9c87d468f2e92eb6d9d5f34",
            "pictures and recordings, GPL-2, 161 MB"),
    Package("gnome-backgrounds", "43.1-1", "a670dea21572652127d6e55f9cdb3a226d0037854fdbfd037003c7d00ee0dc4e",
            "backgrounds, CC-BY-SA, 33 MB"),
    Package("mate-backgrounds", "1.26.0-1", "7bf4c2209f34b4f61ba6d24c8b58c28b361e82e4b943aae6d42c030169af9e04",
            "backgrounds, most of them photographs, GPL-2 and CC-BY-SA, 47 MB"),
)


class PackageError(Exception):
    """A package that could not be had."""


def cache_folder(named: str | None = None) -> Path:
    """Where packages and decoded data lie: as named, else $STAMPS_CACHE, else ~/.cache/aurald/stamps."""
    chosen = named or os.environ.get("STAMPS_CACHE")
    return Path(chosen).expanduser() if chosen else Path.home() / ".cache" / "aurald" / "stamps"


def fetch(cache: Path, say: Callable[[str], None]) -> Path:
    """Downloads and unpacks what is missing; returns the folder that has `usr/share`.

    A package that is not the expected file is used all the same, and that is said: clips of the same seed will then differ.
    """
    cache.mkdir(parents=True, exist_ok=True)
    root = cache / "unpacked"
    for package in PACKAGES:
        file = _downloaded(package, cache) or _download(package, cache, say)
        version = re.sub("%3a", ":", file.name.split("_")[1], flags=re.IGNORECASE)
        digest = _sha256(file)
        if digest == package.sha256:
            say(f"{package.name} {version}: sha256 as expected")
        else:
            say(f"{package.name} {version}: sha256 {digest} is not that of {package.version}; clips will differ from the published ones")
        mark = cache / f"{package.name}.unpacked"
        if not mark.exists() or mark.read_text() != digest:
            _run(["dpkg-deb", "-x", str(file), str(root)], cache)
            mark.write_text(digest)
    return root


def _downloaded(package: Package, cache: Path) -> Path | None:
    """The file in the cache: the expected version if there are several."""
    files = sorted(cache.glob(package.file_pattern), key=lambda file: (package.version.split(":")[-1] in file.name, file.name))
    return files[-1] if files else None


def _download(package: Package, cache: Path, say: Callable[[str], None]) -> Path:
    say(f"{package.name}: fetching ({package.what})")
    try:
        _run(["apt-get", "download", f"{package.name}={package.version}"], cache)
    except PackageError as error:
        say(f"{package.name} {package.version} is not to be had ({error}); taking whatever version there is")
        _run(["apt-get", "download", package.name], cache)
    file = _downloaded(package, cache)
    if file is None:
        raise PackageError(f"{package.name}: apt-get left no file in {cache}")
    return file


def _run(command: list[str], folder: Path) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    except FileNotFoundError:
        raise PackageError(f"{command[0]}: not found; this needs a Debian system") from None
    except subprocess.CalledProcessError as error:
        lines = error.stderr.strip().splitlines() or [f"exit status {error.returncode}"]
        raise PackageError(f"{' '.join(command[:2])}: {lines[-1]}") from None


def _sha256(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
