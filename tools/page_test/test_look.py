"""What is to be seen."""

import http.client
import unittest

from daemon import Daemon
from page import Page
from scene import HEIGHT, WIDTH
from support import AURALD, PageTest, browser, hearing_bundle

# How many pixels are wrong: bright ones that no mask covers, and dark ones that are not the picture's own. The picture is fetched by the
# number that the page says it shows. JPEG and the coarse mask blur the edge; a picture's owl under another one's mask is far off.
WRONG_PIXELS = """(async () => {
    const seq = document.getElementById("picture").dataset.seq, { data: seen, width, height } = pixelsOf("picture")
    const token = new URLSearchParams(location.search).get("token")
    const response = await fetch(`picture?token=${token}&seq=${seq}`)
    if (response.status !== 200) return null
    const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })
    copy.drawImage(await createImageBitmap(await response.blob()), 0, 0)
    const own = copy.getImageData(0, 0, width, height).data
    let bright = 0, uncovered = 0, foreign = 0
    for (let at = 0; at < own.length; at += 4) {
        const luma = 0.299 * own[at] + 0.587 * own[at + 1] + 0.114 * own[at + 2]
        const differs = Math.max(...[0, 1, 2].map((part) => Math.abs(own[at + part] - seen[at + part]))) > 8
        if (luma > 160) { bright += 1; if (!differs) uncovered += 1 } else if (luma < 90 && differs) foreign += 1
    }
    return { seq: Number(seq), bright, uncovered, foreign }
})()"""

COLOUR = "getComputedStyle(document.querySelector('#objects li[data-id=\"{}\"] .swatch')).backgroundColor"
OUTLINE = """(() => {{
    const {{ data }} = pixelsOf("picture")
    const [red, green, blue] = {}.match(/\\d+/g).map(Number)
    let count = 0
    for (let at = 0; at < data.length; at += 4) if (data[at] === red && data[at + 1] === green && data[at + 2] === blue) count += 1
    return count
}})()"""


class Looking(PageTest):
    def outline(self, identifier):
        """How many pixels on the screen have an object's full colour."""
        return OUTLINE.format(COLOUR.format(identifier))

    def test_loads(self):
        """The page loads with its token, shows frames that go on, and neither its console nor its policy complains."""
        self.page.until("document.getElementById('link').textContent === 'connected'")
        first = int(self.page.get("document.getElementById('picture').dataset.seq"))
        self.page.until(f"Number(document.getElementById('picture').dataset.seq) >= {first} + 10")
        self.page.until("/^[0-9.]+.s$/.test(document.getElementById('rate').textContent)")
        self.assertRegex(self.page.text("latency"), r"^\d+ ms$")
        self.assertEqual(self.page.get("[document.getElementById('picture').width, document.getElementById('picture').height]"), [WIDTH, HEIGHT])
        self.assertIn("night.y4m – streaming", self.page.text("sources"))
        self.assertIn("stamps-256", self.page.text("model"))
        self.assertEqual(self.page.faults, [])

    def test_mask_fits_its_picture(self):
        """The masks that are drawn are those of the very picture that is shown, frame after frame."""
        self.follow()
        self.page.until(self.outline(1) + " > 50")
        seen = set()
        for _ in range(8):
            self.page.until(f"![{','.join(map(str, seen))}].includes(Number(document.getElementById('picture').dataset.seq))")
            wrong = self.page.get(WRONG_PIXELS)
            self.assertIsNotNone(wrong, "the picture that is shown is kept no longer")
            seen.add(wrong["seq"])
            self.assertGreater(wrong["bright"], 1500)
            self.assertLess(wrong["uncovered"], 0.1 * wrong["bright"], wrong)
            self.assertLess(wrong["foreign"], 0.1 * wrong["bright"], wrong)
        self.assertEqual(len(seen), 8)

    def test_colours_stay(self):
        """An object keeps its colour, in list and picture, while others come and go and after the page was loaded anew; all have others."""
        self.follow(2)
        colour = self.page.get(COLOUR.format(2))
        self.page.until(self.outline(2) + " > 50")
        self.follow(1)
        self.assertEqual(self.page.get(COLOUR.format(2)), colour)
        three = [self.page.get(COLOUR.format(identifier)) for identifier in (0, 1, 2)]
        self.assertEqual(len(set(three)), 3, "the sounding object has a colour of its own")
        self.daemon.ask(verb="remove_object", object_id=1)
        self.page.until("!" + self.object(1))
        self.page.send("Page.reload")
        self.page.until(self.object(2))
        self.page.until(self.outline(2) + " > 50")
        self.assertEqual(self.page.get(COLOUR.format(2)), colour)
        self.assertEqual(self.page.faults, [])

    def test_names_are_told_apart(self):
        """Names over the picture do not cover each other where two objects have the same place."""
        self.page.get("""void (() => {
            window.texts = []
            const real = CanvasRenderingContext2D.prototype.fillText
            CanvasRenderingContext2D.prototype.fillText = function (text, x, y) { texts.push({ text, x, y }); real.call(this, text, x, y) }
        })()""")
        self.follow(1)
        self.follow(2)
        places = "texts.slice(-2).sort((a, b) => a.y - b.y)"
        self.page.until(f"new Set({places}.map((each) => each.text)).size === 2 && {places}[1].y - {places}[0].y >= 17", about=f"JSON.stringify({places})")

    def test_stream(self):
        """The pictures can also be had as Motion-JPEG, each with its frame's number."""
        connection = http.client.HTTPConnection("127.0.0.1", self.preview.port, timeout=20)
        self.addCleanup(connection.close)
        connection.request("GET", f"/stream.mjpeg?token={self.preview.token}")
        response = connection.getresponse()
        self.assertEqual(response.headers["Content-Type"], "multipart/x-mixed-replace; boundary=aurald")
        self.assertEqual(response.readline(), b"--aurald\r\n")
        numbers = []
        for _ in range(3):
            head = {}
            while (line := response.readline().strip()):
                key, value = line.decode().split(": ")
                head[key] = value
            self.assertEqual(head["Content-Type"], "image/jpeg")
            picture = response.read(int(head["Content-Length"]))
            self.assertTrue(picture.startswith(b"\xff\xd8") and picture.rstrip(b"\0").endswith(b"\xff\xd9"))
            self.assertEqual((response.readline(), response.readline()), (b"\r\n", b"--aurald\r\n"))
            numbers.append(int(head["X-Sequence"]))
        self.assertEqual(numbers, sorted(set(numbers)))

    def test_light_and_dark(self):
        """The page is light or dark, as the person's system is, and what it says of the connection can be read on either (WCAG: 4.5 to 1)."""
        contrast = """(() => {
            const luminance = (text) => text.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
                .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
                .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0)
            const of = (id) => luminance(getComputedStyle(document.getElementById(id)).color)
            const back = luminance(getComputedStyle(document.querySelector("header")).backgroundColor)
            const ratio = (id) => (Math.max(of(id), back) + 0.05) / (Math.min(of(id), back) + 0.05)
            return { back, ratios: ["link", "rate", "model", "hint"].map(ratio) }
        })()"""
        light = self.page.get(contrast)
        self.page.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        dark = self.page.get(contrast)
        self.shoot("dark")
        self.assertGreater(light["back"], 0.8)
        self.assertLess(dark["back"], 0.1)
        self.assertGreaterEqual(min(light["ratios"] + dark["ratios"]), 4.5)

    def test_two_tabs(self):
        """Two tabs show the same and do not disturb each other."""
        other = Page(browser())
        self.addCleanup(other.close)
        other.open(self.preview.address)
        self.page.click("#stage", 0.5, 0.4)
        other.until(self.object(1))
        other.until("document.getElementById('picture').dataset.seq")


class Portrait(PageTest):
    """A larger picture, as the documentation shows it (`--shots`)."""

    @classmethod
    def make_daemon(cls):
        return Daemon(AURALD, hearing_bundle(), scale=2)

    def test_portrait(self):
        """A person names what sounds; the name is over its mask from then on, whenever it sounds."""
        self.page.click('#objects li[data-id="0"] [type=text]')
        self.page.get("document.activeElement.select()")
        self.page.type("owl")
        self.page.key("Enter")
        self.page.click('#objects li[data-id="0"] [type=radio]')
        self.page.until("document.getElementById('hint').textContent === 'Clicks correct owl.'")
        # A whole second of calls, with the rate known.
        self.page.until("document.getElementById('rate').textContent.endsWith('/s') && Number(document.getElementById('picture').dataset.seq) > 20")
        self.page.until("document.getElementById('decibels').textContent.startsWith('-20')")
        self.page.until(OUTLINE.format(COLOUR.format(0)) + " > 100")
        self.shoot("preview")
        self.assertEqual(self.page.faults, [])


class NativeMasks(PageTest):
    """With `socket.mask_size = "native"`."""

    options = {"socket__mask_size": "native"}

    def test_stretched(self):
        """Masks of the network's own size are stretched over the whole picture."""
        self.follow()
        self.page.until(OUTLINE.format("'rgb(1, 2, 3)'") + " === 0")
        self.page.until("document.getElementById('picture').dataset.seq")

        def fits():
            wrong = self.page.get(WRONG_PIXELS)
            return wrong and wrong["uncovered"] < 0.1 * wrong["bright"] and wrong["foreign"] < 0.25 * wrong["bright"]

        self.assertTrue(any(fits() for _ in range(20)))


if __name__ == "__main__":
    unittest.main()
