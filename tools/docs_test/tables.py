"""What is not run as it stands, and what is run otherwise than to its end. Patterns are those of a shell, for a command on one line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Elsewhere:
    """A command that is not run here: why, and the files of the tests that stand for it."""

    pattern: str
    why: str
    tested: tuple[str, ...]


_UNITS = ("Tests/EndToEndTests/UnitFileTests.swift",)
_PACKAGE = ("tools/package-test", "tools/package_data/checks.sh")
_STAMPS = ("tools/stamps_data/tests",)
_TRAIN = ("tools/train/tests",)

#: Everything that is shown and not run. An entry that no document shows any more is a failure.
ELSEWHERE = (
    Elsewhere("tools/package", "builds; is run by tools/package-test", _PACKAGE),
    Elsewhere("sudo apt *", "installs the package; tools/package-test does it in a container", _PACKAGE),
    Elsewhere("sudo aurald import *", "writes where the service reads; tools/package-test does it in a container", _PACKAGE),
    Elsewhere("sudo systemctl *", "needs systemd; tools/package-test does it in a container", _PACKAGE),
    Elsewhere("sudo usermod *", "changes who may; tools/package-test does it in a container", _PACKAGE),
    Elsewhere("install *", "changes the machine", _UNITS),
    Elsewhere("systemctl *", "needs systemd; tools/package-test does it in a container", (*_UNITS, *_PACKAGE)),
    Elsewhere("journalctl *", "needs systemd", ("Tests/AuralServiceTests/LogTests.swift",)),
    Elsewhere("aurald devices*", "tells what this machine has", ("Tests/EndToEndTests/DevicesTests.swift", "Tests/AuralCaptureTests")),
    Elsewhere(
        "aurald doctor*", "tells what this machine has", ("Tests/EndToEndTests/DoctorTests.swift", "Tests/AuralServiceTests/DoctorTests.swift")),
    Elsewhere("aurald capture *", "needs a camera and a microphone", ("Tests/AuralServiceTests/DeviceRecorderTests.swift", "tools/vm")),
    Elsewhere("tools/demo*", "builds, and fetches 240 MB", ("Tests/EndToEndTests/ShippedModelTests.swift",)),
    Elsewhere("tools/test", "runs this tool", (".ci/run",)),
    Elsewhere("python3 -m venv *", "may need a network, for setuptools", ("clients/python/tests/test_readme.py",)),
    Elsewhere("*python3 -m unittest discover *", "tests of their own", ("clients/python/tests",)),
    Elsewhere("tools/bench-check*", "builds; is run beside this tool", ("tools/bench-check",)),
    Elsewhere("tools/client-test*", "is run beside this tool", ("clients/python/tests",)),
    Elsewhere("tools/vm-test*", "boots a guest; is run beside this tool", ("tools/vm/guest_test.py",)),
    Elsewhere("tools/stamps *", "works on 240 MB that are fetched", _STAMPS),
    Elsewhere("aurald watch --json > records && tools/stamps *", "works on 240 MB that are fetched", _STAMPS),
    Elsewhere("aurald evaluate --model MODEL *", "works on 240 MB that are fetched", _STAMPS),
    Elsewhere("aurald run -o source.kind=replay -o source.path=test/replay/*", "works on 240 MB that are fetched", _STAMPS),
    Elsewhere("from stamps.sampler *", "works on 240 MB that are fetched", _STAMPS),
    Elsewhere("*.venv/bin/python *", "needs PyTorch; trains", _TRAIN),
    Elsewhere("cd tools/train", "PyTorch's commands follow", _TRAIN),
)

#: Commands that end when somebody ends them. They have to print something first.
ENDLESS = ("aurald watch", "aurald watch *", "aurald preview*")

#: What makes one of them end by itself.
ENDING = ("* --count *", "* --help*")

#: Commands whose numbers are others each time.
VARYING = (
    "aurald watch*", "aurald status*", "aurald prompt*", "aurald bench*", "aurald track*", "aurald preview*", "aurald run*", "aurald snapshot*")
