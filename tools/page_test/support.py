"""What the tests share: one browser, one daemon on the drawn night, one preview; a tab for each test."""

import atexit
import functools
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from daemon import Daemon, Preview
from devtools import Chromium
from page import Page

AURALD = os.environ["AURALD"]
REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SHOTS = os.environ.get("PAGE_TEST_SHOTS")

sys.path.append(os.path.join(REPOSITORY, "tools"))
from docs_test import stand_ins  # noqa: E402

#: Keeps what the page asks of the daemon.
SPY = """void (() => {
    window.sent = []
    const real = window.fetch
    window.fetch = (address, options) => {
        if (options?.body) sent.push(JSON.parse(options.body))
        return real(address, options)
    }
})()"""


@functools.cache
def browser():
    chromium = Chromium(os.environ.get("CHROMIUM", "chromium"))
    atexit.register(chromium.close)
    return chromium


@functools.cache
def hearing_bundle():
    """The model that comes with aurald, which hears."""
    folder = tempfile.mkdtemp(prefix="aurald-page-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    bundle = os.path.join(folder, "model")
    weights = os.path.join(REPOSITORY, "Models", "stamps-256", "stamps-256.safetensors")
    subprocess.run([AURALD, "import", "--fuser", weights, "--output", bundle], check=True, capture_output=True, timeout=120)
    return bundle


@functools.cache
def reading_bundle():
    """A model that nobody trained, which takes words."""
    folder = Path(tempfile.mkdtemp(prefix="aurald-page-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "text").mkdir()
    stand_ins.text_encoder(folder / "text", Path(REPOSITORY, "Tests/Golden/text"))
    words = ["--untrained-fuser", "ref-avs", "--text", folder / "text"]
    command = [AURALD, "import", "--untrained", "sam2_hiera_tiny", *words, "--image-size", "256", "--output", folder / "model"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return str(folder / "model")


class PageTest(unittest.TestCase):
    """A tab on the page of a daemon that plays the night; the daemon follows nothing at first."""

    options = {}
    size = (1280, 800)
    dark = False

    @classmethod
    def setUpClass(cls):
        cls.daemon = cls.make_daemon()
        cls.addClassCleanup(cls.daemon.close)
        cls.preview = Preview(AURALD, cls.daemon.path)
        cls.addClassCleanup(cls.preview.close)

    @classmethod
    def make_daemon(cls):
        return Daemon(AURALD, hearing_bundle(), **cls.options)

    def setUp(self):
        self.page = Page(browser(), *self.size, dark=self.dark)
        self.addCleanup(self.page.close)
        if self.daemon.process.poll() is not None:
            self.daemon.start()
        self.daemon.ask(verb="reset")
        self.page.open(self.preview.address)
        self.wait_for_picture()

    def wait_for_picture(self):
        self.page.until("document.getElementById('picture').dataset.seq && document.getElementById('notice').hidden")

    def object(self, identifier=1):
        """An expression: the object's row in the list."""
        return f"document.querySelector('#objects li[data-id=\"{identifier}\"]')"

    def follow(self, identifier=1):
        """Has another client point at the owl, and waits until the page lists it."""
        self.daemon.ask(verb="add_box", object_id=identifier, box=[0, 0, 1, 1])
        self.page.until(self.object(identifier))

    def shoot(self, name, whole=False):
        """Keeps a picture of the page for people, where they want one."""
        if SHOTS:
            os.makedirs(SHOTS, exist_ok=True)
            self.page.screenshot(os.path.join(SHOTS, f"{name}.png"), whole)


class SpiedTest(PageTest):
    """One that sees what the page asks of the daemon."""

    def setUp(self):
        super().setUp()
        self.page.get(SPY)

    def sent(self, verb):
        """The last request with that verb, once there is one."""
        self.page.until(f"sent.some((request) => request.verb === '{verb}')")
        return self.page.get(f"sent.filter((request) => request.verb === '{verb}').pop()")


class ReadingTest(SpiedTest):
    """One of a daemon whose model takes words: the page has everything that it can have."""

    @classmethod
    def make_daemon(cls):
        return Daemon(AURALD, reading_bundle(), **cls.options)

    def setUp(self):
        super().setUp()
        self.page.until("!document.getElementById('words').hidden")
