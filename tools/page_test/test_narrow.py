"""On a telephone."""

from support import SPY, ReadingTest

OUTSIDE = """[...document.querySelectorAll("body *")].filter((element) => {
    if (element.closest(".spoken") || element.closest("details div") || element.matches("fieldset input")) return false
    const area = element.getBoundingClientRect()
    return area.width > 0 && (area.left < -0.5 || area.right > innerWidth + 0.5)
}).map((element) => element.outerHTML.slice(0, 80))"""

SMALL = """[...document.querySelectorAll("button, input[type=text], #say, fieldset span, summary, #new-row")].filter((element) => {
    const area = element.getBoundingClientRect()
    return area.height < 24 || area.width < 24
}).map((element) => element.outerHTML.slice(0, 80))"""


class Narrow(ReadingTest):
    size = (360, 640)

    def test_fits(self):
        """At 360 and at 320 pixels nothing is cut off or has to be scrolled to sideways, and what fingers press is large enough."""
        self.follow()
        self.shoot("narrow", whole=True)
        for width in (360, 320):
            self.page.resize(width, 640)
            for details in ("false", "true"):
                self.page.get(f"void (document.querySelector('details').open = {details})")
                self.assertLessEqual(self.page.get("document.documentElement.scrollWidth"), width)
                self.assertEqual(self.page.get(OUTSIDE), [])
            self.assertEqual(self.page.get(SMALL), [])
        self.assertEqual(self.page.faults, [])

    def test_long_words_fit(self):
        """Long names and long errors make nothing wider."""
        self.follow()
        self.page.get(f"""void (() => {{
            const field = {self.object()}.querySelector("[type=text]")
            field.value = "m".repeat(40)
            field.dispatchEvent(new Event("change"))
        }})()""")
        self.page.click("#say")
        self.page.type("o" * 150)
        self.page.key("Enter")
        self.page.until("document.getElementById('hint').textContent === `Meant is: ${'o'.repeat(150)}`")
        self.assertLessEqual(self.page.get("document.documentElement.scrollWidth"), 360)
        self.assertEqual(self.page.get(OUTSIDE), [])

    def test_fingers(self):
        """A finger points, and takes away after that was chosen; everything can be scrolled to and used."""
        self.page.send("Emulation.setTouchEmulationEnabled", enabled=True)
        self.page.get(SPY)
        self.page.tap("#stage", 0.5, 0.4)
        self.page.until(self.object() + ".querySelector('[type=radio]').checked")
        self.page.tap("label:has(#takes) span")
        self.page.tap("#stage", 0.6, 0.5)
        self.page.until("sent.some((request) => request.labels?.[0] === 0)")
        self.page.tap('#objects li[data-id="1"] button')
        self.page.until(self.object() + ".querySelector('button').textContent === 'show'")
        self.page.tap("#reset")
        self.page.until("!" + self.object())
