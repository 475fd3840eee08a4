"""The README's examples, as they stand there, and the installation."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

from support import CLIENT, OBJECT, PATIENCE_S, SOURCE, STATUS, FakeDaemon, Peer, frame, picture, request, sound
import aurald
from aurald import masks

TEXT = (CLIENT / "README.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"\n## ([^\n]+)\n(?:(?!\n## ).)*?```python\n(.*?)```", TEXT, re.DOTALL))


def answer(peer: Peer) -> dict[str, Any]:
    """Does what one request asks, and gives the request."""
    request = peer.request()
    if request["verb"] == "remove_object":
        peer.send({"type": "error", "code": "no_such_object", "message": "object_id 3 is not tracked", "id": request["id"]})
    elif request["verb"] == "status":
        peer.reply(request, status={**STATUS, "objects": [1, 2]})
    elif request["verb"] == "subscribe":
        peer.reply(request)
    else:
        peer.reply(request, seq=58, object=OBJECT)
    return request


class Examples(unittest.TestCase):
    def run_example(self, name: str, *scripts: Any, ends: bool = True) -> str:
        """What the example prints."""
        with FakeDaemon(*scripts) as daemon, contextlib.redirect_stdout(io.StringIO()) as output:
            source = EXAMPLES[name]
            self.assertEqual(source.count(aurald.DEFAULT_PATH), 1)
            code = compile(source.replace(aurald.DEFAULT_PATH, daemon.path), name, "exec")
            if ends:
                exec(code, {})
            else:
                with self.assertRaises(aurald.ConnectionClosed):
                    exec(code, {})
        return output.getvalue()

    def test_there_are_seven(self) -> None:
        self.assertEqual(list(EXAMPLES), ["Watch", "Click", "Pixels", "Pictures and sound", "What others do", "asyncio", "Run for weeks"])
        self.assertEqual(TEXT.count("```python"), 7)

    def test_watch(self) -> None:
        def script(peer: Peer) -> None:
            peer.greet()
            peer.send(SOURCE, frame(1), frame(2))

        self.assertEqual(
            self.run_example("Watch", script, ends=False),
            "aurald 0.1.0 sees camera\n1 1 prompt 0.9975 (2, 1, 3, 3)\n2 1 prompt 0.9975 (2, 1, 3, 3)\n",
        )

    def test_click(self) -> None:
        def script(peer: Peer) -> None:
            peer.greet()
            peer.send(frame(57))
            asked = [answer(peer) for _ in range(4)]
            self.assertEqual([each["verb"] for each in asked], ["add_points", "add_box", "status", "remove_object"])
            self.assertEqual((asked[0]["points"], asked[0]["labels"]), ([[0.5, 0.4], [0.1, 0.1]], [1, 0]))
            peer.wait_closed()

        self.assertEqual(
            self.run_example("Click", script),
            "object 1 has 9 pixels on frame 58\nfollowed: (1, 2)\nno_such_object - object_id 3 is not tracked\n",
        )

    @unittest.skipIf(masks.numpy is None, "numpy is not installed")
    def test_pixels(self) -> None:
        def script(peer: Peer) -> None:
            peer.greet()
            peer.send(frame(57))
            self.assertEqual(answer(peer)["mask"], {"size": [6, 8], "counts": "=33000a0"})
            peer.wait_closed()

        self.assertEqual(self.run_example("Pixels", script), "(6, 8) 9 9\n")

    def test_pictures_and_sound(self) -> None:
        def script(peer: Peer) -> None:
            peer.greet()
            self.assertEqual(answer(peer)["want"], ["frame", "picture", "sound"])
            peer.send(frame(1), sound(1), frame(2), picture(2, b"a picture"), frame(3), picture(3), sound(3))
            peer.wait_closed()

        with tempfile.TemporaryDirectory() as folder:
            self.addCleanup(os.chdir, os.getcwd())
            os.chdir(folder)
            printed = self.run_example("Pictures and sound", script)
            self.assertEqual(Path("frame.jpg").read_bytes(), b"a picture")
        self.assertEqual(printed, "frame 2 has 1 objects\n3 samples of 2 channels at 48000 Hz\n")

    def test_what_others_do(self) -> None:
        def script(peer: Peer) -> None:
            peer.greet()
            self.assertEqual(answer(peer)["want"], ["request"])
            peer.send(request(57), {"type": "request", "seq": 58, "request": {"verb": "reset"}})

        self.assertEqual(
            self.run_example("What others do", script, ends=False), "frame 57 add_box 1 (0.3, 0.2, 0.7, 0.8)\nframe 58 reset None None\n")

    def test_asyncio(self) -> None:
        def script(peer: Peer) -> None:
            peer.greet()
            peer.send(frame(1, objects=[]))
            self.assertEqual(answer(peer)["verb"], "add_box")
            peer.send(frame(2))
            peer.wait_closed()

        self.assertEqual(self.run_example("asyncio", script), "frame 2 has 1 objects\n")

    def test_run_for_weeks(self) -> None:
        def script(peer: Peer) -> None:
            peer.greet()
            self.assertEqual([answer(peer)["verb"] for _ in range(2)], ["subscribe", "add_box"])
            peer.send(SOURCE, {"type": "dropped", "from": 1, "to": 4, "n": 3, "reason": "slow_reader"})

        # The last one speaks another protocol: with `reconnect` only that ends the example.
        with self.assertRaisesRegex(aurald.ProtocolError, "version 2"):
            with mock.patch("sys.stdout", io.StringIO()) as output, FakeDaemon(script, script, lambda peer: peer.greet(proto=2)) as daemon:
                exec(EXAMPLES["Run for weeks"].replace(aurald.DEFAULT_PATH, daemon.path), {})
        self.assertEqual(output.getvalue(), "camera is streaming\n3 frames missed\nconnected again\ncamera is streaming\n3 frames missed\n")


class Installation(unittest.TestCase):
    # Without a network pip cannot fetch what builds; before its version 70.1 setuptools needed wheel for that.
    @unittest.skipUnless(all(importlib.util.find_spec(name) for name in ("pip", "setuptools", "wheel")), "pip, setuptools or wheel is not installed")
    def test_pip_installs_the_package_alone(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            # A copy: building leaves files beside the source.
            source, target = Path(folder) / "source", Path(folder) / "target"
            shutil.copytree(CLIENT, source, ignore=shutil.ignore_patterns("__pycache__"))
            subprocess.run(
                [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-build-isolation", "--no-cache-dir",
                 "--disable-pip-version-check", "--root-user-action=ignore", "--target", str(target), str(source)],
                check=True, timeout=10 * PATIENCE_S, cwd=folder)
            self.assertTrue((target / "aurald" / "py.typed").exists())
            self.assertEqual(
                sorted(path.name for path in (target / "aurald").glob("*.py")), sorted(path.name for path in (CLIENT / "aurald").glob("*.py")))
            version = subprocess.run(
                [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(target)!r}); import aurald; print(aurald.__version__)"],
                check=True, timeout=PATIENCE_S, capture_output=True, text=True).stdout
            self.assertEqual(version.strip(), aurald.__version__)


if __name__ == "__main__":
    unittest.main()
