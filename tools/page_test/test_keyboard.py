"""Without a mouse, and without eyes."""

from page import CONTROL, SHIFT
from support import ReadingTest

FOCUS = """(() => {
    const element = document.activeElement, looks = element.closest("fieldset") ? element.nextElementSibling : element
    const style = getComputedStyle(looks), area = looks.getBoundingClientRect()
    return {
        what: element === document.body ? "BODY" : element.id || [element.closest("li")?.dataset.id, element.type, element.textContent].filter(Boolean).join(" ") || element.tagName,
        isSeen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && area.top >= 0 && area.bottom <= innerHeight + 1,
    }
})()"""


class Keyboard(ReadingTest):
    def tab_to(self, what):
        for _ in range(40):
            if self.page.get(FOCUS)["what"] == what:
                return
            self.page.key("Tab")
        self.fail(f"Tab does not lead to {what}")

    def test_everything_is_reached(self):
        """Tab leads to everything that can be used, in the order in which it is seen, and it is seen where one is."""
        self.follow()
        seen = []
        for _ in range(40):
            self.page.key("Tab")
            focus = self.page.get(FOCUS)
            if focus["what"] in seen or focus["what"] == "BODY":
                break
            self.assertTrue(focus["isSeen"], f"the focus on {focus['what']} is not seen")
            seen.append(focus["what"])
        rows = [f"{row} {part}" for row in (0, 1) for part in ("text", "button hide", "button remove")]
        self.assertEqual(seen, ["stage", "adds", "Mouse and keys", *rows, "new", "reset", "say", "submit say"])

    def test_pointing(self):
        """Arrow keys move a cross, Enter points there, Shift and Enter takes away."""
        self.tab_to("stage")
        self.page.key("ArrowRight", times=5)
        self.page.key("ArrowUp", CONTROL)
        self.assertEqual(self.page.text("hint"), "Cross at 60 % from the left, 40 % from the top.")
        self.page.key("Enter")
        request = self.sent("add_points")
        self.assertEqual([round(value, 6) for value in request["points"][0]], [0.6, 0.4])
        self.assertEqual(request["labels"], [1])
        self.page.until(self.object() + ".querySelector('[type=radio]').checked")
        self.page.key("ArrowDown")
        self.page.key("Enter", SHIFT)
        self.page.until("sent.some((request) => request.labels?.[0] === 0)")

    def test_edges(self):
        """The cross stays in the picture."""
        self.tab_to("stage")
        self.page.key("ArrowLeft", CONTROL, times=8)
        self.page.key("ArrowDown", CONTROL, times=8)
        self.assertEqual(self.page.text("hint"), "Cross at 0 % from the left, 100 % from the top.")

    def test_box(self):
        """B begins a box and ends it; Escape gives it up."""
        self.tab_to("stage")
        self.page.key("b")
        self.page.key("ArrowRight", CONTROL)
        self.page.key("Escape")
        self.page.key("ArrowLeft", CONTROL, times=4)
        self.page.key("ArrowUp", CONTROL, times=4)
        self.page.key("b")
        self.page.key("ArrowRight", CONTROL, times=5)
        self.page.key("ArrowDown", CONTROL, times=6)
        self.page.key("b")
        box = self.sent("add_box")["box"]
        self.assertEqual([round(value, 6) for value in box], [0.2, 0.1, 0.7, 0.7])
        # A frame that has gone meanwhile is not at hand any more: then the page asks again, for the next one.
        boxes = "new Set(sent.filter((request) => request.verb === 'add_box').map((request) => JSON.stringify(request.box)))"
        self.assertEqual(self.page.get(f"{boxes}.size"), 1)

    def test_choosing(self):
        """A digit chooses the object of that number, N a new one; other keys stay the browser's."""
        self.follow(1)
        self.follow(2)
        self.tab_to("stage")
        self.page.key("2")
        self.page.until(self.object(2) + ".querySelector('[type=radio]').checked")
        self.page.key("n")
        self.page.until("document.getElementById('new').checked")
        self.page.key("7")
        self.page.until("document.getElementById('hint').textContent === 'Not done: there is no object 7'")
        self.page.get("void addEventListener('keydown', (event) => { window.isTaken = event.defaultPrevented })")
        self.page.key("f")
        self.assertFalse(self.page.get("isTaken"))

    def test_list(self):
        """Objects are chosen, renamed, hidden and removed with keys, and who removes one is not thrown out of the list."""
        self.follow(1)
        self.follow(2)
        self.tab_to("1 text")
        self.page.get("document.activeElement.select()")
        self.page.type("moon")
        self.page.key("Tab")
        self.page.key(" ")
        self.page.until(self.object(1) + ".querySelector('button').getAttribute('aria-label') === 'show moon'")
        self.page.key("Tab")
        self.page.key("Enter")
        self.page.until("!" + self.object(1))
        self.page.until("document.activeElement.getAttribute('aria-label') === 'correct object 2'")

    def test_screen_reader(self):
        """Everything that can be used has a name that says what it does, and what happens is announced."""
        self.follow()
        nodes = self.page.nodes()
        controls = [node for node in nodes if node["role"] in ("application", "button", "radio", "textbox", "meter", "link", "DisclosureTriangle")]
        self.assertEqual([node for node in controls if not node["name"].strip()], [])
        names = {(node["role"], node["name"]) for node in controls}
        for wanted in [
            ("application", "Live picture"), ("radio", "correct object 1"), ("textbox", "name of object 1"), ("button", "hide object 1"),
            ("button", "remove object 1"), ("button", "forget all"), ("radio", "new object"), ("radio", "takes away"), ("textbox", "Words"),
            ("meter", "sound level"),
        ]:
            self.assertIn(wanted, names)
        self.assertTrue(next(node for node in nodes if node["role"] == "application")["description"].startswith("Arrow keys move a cross."))
        self.assertEqual(self.page.get("[...document.querySelectorAll('[role=status]')].map((each) => each.id)"), ["link", "hint"])
        headings = [node["name"] for node in nodes if node["role"] == "heading"]
        self.assertEqual([heading.split(" ")[0] for heading in headings], ["aurald", "Objects", "Words", "Sound", "Sources"])
