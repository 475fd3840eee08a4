"""What is heard."""

import glob
import os
import subprocess
import tempfile
import unittest

from daemon import Daemon
from support import AURALD, REPOSITORY, PageTest, hearing_bundle
from test_look import COLOUR, OUTLINE

# How many different colours the spectrogram has: one where there is silence.
SHADES = """(() => {
    return new Set(new Uint32Array(pixelsOf("spectrogram").data.buffer)).size
})()"""


class Sound(PageTest):
    def test_sound_comes_and_goes(self):
        """Level, state and spectrogram follow the sound: two seconds of an owl, two of silence."""
        heard = "document.getElementById('sounding').textContent === 'heard'"
        for is_heard, condition in ((True, heard), (False, "!(" + heard + ")")):
            self.page.until(f"{condition} && document.getElementById('decibels').textContent.endsWith('dBFS')")
            if is_heard:
                self.page.until("document.getElementById('level').value > -40")
                self.page.until(SHADES + " > 20")
                self.page.until("!document.getElementById('hearing').hidden")
                self.assertEqual(self.page.get("document.getElementById('sounding').dataset.on"), "true")
            else:
                self.page.until("document.getElementById('level').value === -80")
                self.page.until(SHADES + " === 1")
        self.page.until(self.object(0) + ".querySelector('.score').textContent !== '–'")
        self.page.until(OUTLINE.format(COLOUR.format(0)) + " > 50")
        self.assertEqual(self.page.faults, [])


class Instances(PageTest):
    options = {"sounding__instances": "true"}

    def test_parts_are_marked(self):
        """Each of the things that sound is marked with its number, on the frame to which it belongs."""
        self.page.get("""void (() => {
            window.texts = []
            const real = CanvasRenderingContext2D.prototype.fillText
            CanvasRenderingContext2D.prototype.fillText = function (text, x, y) { texts.push(text); real.call(this, text, x, y) }
        })()""")
        self.page.until("texts.some((text) => /^♪ \\d+$/.test(text))")
        self.assertEqual(self.page.faults, [])


def stamps_clip():
    """A clip with a stamp that sounds; None where the stamps are not on this machine."""
    cache = os.environ.get("STAMPS_CACHE") or os.path.expanduser("~/.cache/aurald/stamps")
    python = os.environ.get("PYTHON", "python3")
    if not glob.glob(os.path.join(cache, "decoded", "*")):
        return None
    if subprocess.run([python, "-c", "import numpy, cv2"], capture_output=True).returncode:
        return None
    folder = tempfile.TemporaryDirectory(prefix="aurald-page-")
    unittest.addModuleCleanup(folder.cleanup)
    command = [os.path.join(REPOSITORY, "tools", "stamps"), "make", "--split", "seen", "--count", "1", "--seed", "3", "--format", "replay",
               "--size", "512", "--rate", "5", "--out", folder.name]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"STAMPS_CACHE": cache, "PYTHON": python}, timeout=60)
    clip = glob.glob(os.path.join(folder.name, "replay", "*"))[0]
    return os.path.join(clip, "clip.avi"), os.path.join(clip, "clip.wav")


class RealNetworks(PageTest):
    """The model that comes with aurald, computed."""

    @classmethod
    def make_daemon(cls):
        clip = stamps_clip()
        if clip is None:
            raise unittest.SkipTest("the stamps, or NumPy and OpenCV, are not here: tools/stamps fetch")
        return Daemon(AURALD, hearing_bundle(), clip, model__engine="openvino")

    def test_what_sounds_is_masked(self):
        """The networks' own mask of what sounds is on the picture, and what they hear beside it; a click makes another one."""
        self.page.until("document.getElementById('sounding').dataset.on === 'true'")
        self.page.until(SHADES + " > 20")
        self.page.until(OUTLINE.format(COLOUR.format(0)) + " > 20")
        self.shoot("stamps")
        self.page.click("#stage", 0.5, 0.5)
        self.page.until(self.object(1) + ".querySelector('[type=radio]').checked")
        self.assertEqual(self.page.faults, [])
