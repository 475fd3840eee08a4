"""Pointing, and the list of objects."""

from page import SHIFT
from support import PageTest, SpiedTest
from test_look import COLOUR, OUTLINE


class Pointing(SpiedTest):
    def test_click(self):
        """A click becomes a point where it was, the object stands in the list, is chosen, and its mask is on the picture."""
        self.page.click("#stage", 0.25, 0.4)
        request = self.sent("add_points")
        self.assertEqual((request["object_id"], request["labels"], request["clear_old"]), (1, [1], False))
        self.assertAlmostEqual(request["points"][0][0], 0.25, delta=0.003)
        self.assertAlmostEqual(request["points"][0][1], 0.4, delta=0.003)
        self.page.until(self.object() + ".querySelector('[type=radio]').checked")
        self.page.until(OUTLINE.format(COLOUR.format(1)) + " > 50")
        self.page.until("/^object 1: \\d+ pixels on frame \\d+\\.$/.test(document.getElementById('hint').textContent)")
        self.assertIn(1, self.daemon.ask(verb="status")["status"]["objects"])
        self.assertEqual(self.page.faults, [])

    def test_shift_click(self):
        """Shift and click takes away from the chosen object, and says so where there is none yet."""
        self.page.click("#stage", 0.5, 0.4, SHIFT)
        self.page.until("document.getElementById('hint').textContent.startsWith('Not done: there is nothing to take away')")
        self.assertEqual(self.page.get("sent.length"), 0)
        self.page.click("#stage", 0.5, 0.4)
        self.page.until(self.object() + ".querySelector('[type=radio]').checked")
        self.page.click("#stage", 0.6, 0.5, SHIFT)
        self.page.until("sent.some((request) => request.labels?.[0] === 0)")
        request = self.sent("add_points")
        self.assertEqual((request["object_id"], request["labels"]), (1, [0]))

    def test_taking_away_without_shift(self):
        """Who has no Shift key says beforehand that clicks take away."""
        self.page.click("#stage", 0.5, 0.4)
        self.page.until(self.object() + ".querySelector('[type=radio]').checked")
        self.page.click("label:has(#takes) span")
        self.page.click("#stage", 0.6, 0.5)
        self.page.until("sent.some((request) => request.labels?.[0] === 0)")

    def test_drag(self):
        """A drag is a box, in whichever direction; a hand that trembles is a click."""
        self.page.drag("#stage", (0.7, 0.6), (0.2, 0.1))
        request = self.sent("add_box")
        self.assertEqual(request["object_id"], 1)
        for value, expected in zip(request["box"], [0.2, 0.1, 0.7, 0.6]):
            self.assertAlmostEqual(value, expected, delta=0.003)
        self.page.until(self.object() + ".querySelector('[type=radio]').checked")
        self.assertFalse(self.page.get("sent.some((request) => request.verb === 'add_points')"))
        self.page.drag("#stage", (0.5, 0.4), (0.503, 0.403))
        self.sent("add_points")

    def test_no_words(self):
        """The field for words is not shown with a model that takes none, though it hears."""
        self.page.until("document.getElementById('model').textContent.includes('hears')")
        self.assertTrue(self.page.get("document.getElementById('words').hidden"))

    def test_new_object_and_correction(self):
        """Clicks are for the chosen object: first that one, then a new one, then the first again."""
        self.page.click("#stage", 0.5, 0.4)
        self.page.until(self.object() + ".querySelector('[type=radio]').checked")
        self.page.click("#new-row")
        self.page.click("#stage", 0.5, 0.4)
        self.page.until(self.object(2) + ".querySelector('[type=radio]').checked")
        self.assertEqual(self.sent("add_points")["object_id"], 2)
        self.page.click('#objects li[data-id="1"] [type=radio]')
        self.page.click("#stage", 0.4, 0.4)
        self.page.until("sent.length === 3 || sent.filter((request) => request.object_id === 1).length > 1")
        self.assertEqual(self.sent("add_points")["object_id"], 1)

    def test_rename(self):
        """A name that a person gives stays over the picture's loading anew; an empty one gives the old name back; a new object has none."""
        self.follow()
        self.page.click('#objects li[data-id="1"] [type=text]')
        self.page.get("document.activeElement.select()")
        self.page.type("moon")
        self.page.key("Enter")
        self.page.until(self.object() + ".querySelector('[type=radio]').getAttribute('aria-label') === 'correct moon'")
        self.page.send("Page.reload")
        self.page.until(self.object() + ".querySelector('[type=text]').value === 'moon'")
        self.page.click('#objects li[data-id="1"] button[aria-label="remove moon"]')
        self.page.until("!" + self.object())
        self.page.until("document.getElementById('hint').textContent === 'moon is forgotten.'")
        self.page.click("#stage", 0.5, 0.4)
        self.page.until(self.object() + ".querySelector('[type=text]').value === 'object 1'")
        self.page.click('#objects li[data-id="1"] [type=text]')
        self.page.get("document.activeElement.select()")
        self.page.type("  ")
        self.page.key("Enter")
        self.page.until(self.object() + ".querySelector('[type=text]').value === 'object 1'")

    def test_hide(self):
        """A hidden object's mask is not drawn until it is shown again; the daemon goes on following it."""
        self.follow()
        outline = OUTLINE.format(COLOUR.format(1))
        self.page.until(outline + " > 50")
        self.page.click('#objects li[data-id="1"] button')
        self.page.until(outline + " === 0")
        self.page.until(self.object() + ".querySelector('button').textContent === 'show'")
        self.assertIn(1, self.daemon.ask(verb="status")["status"]["objects"])
        self.page.click('#objects li[data-id="1"] button')
        self.page.until(outline + " > 50")

    def test_remove(self):
        """A removed object is gone from the daemon; what another client removes goes from the list; all can be forgotten."""
        for identifier in (1, 2, 3, 4):
            self.follow(identifier)
        self.page.click('#objects li[data-id="2"] button:last-child')
        self.page.until("!" + self.object(2))
        self.assertNotIn(2, self.daemon.ask(verb="status")["status"]["objects"])
        self.daemon.ask(verb="remove_object", object_id=3)
        self.page.until("!" + self.object(3))
        self.page.click("#reset")
        self.page.until(f"!{self.object(1)} && !{self.object(4)} && document.getElementById('hint').textContent === 'All objects are forgotten.'")
        self.assertEqual([each for each in self.daemon.ask(verb="status")["status"]["objects"] if each], [])

    def test_broken_memory(self):
        """What another version or program has left in the browser's memory does not keep the page from working."""
        for left in ("no JSON", "[1]", '{"1":{"a":2}}', "null"):
            self.page.get(f"localStorage.setItem('names', {left!r})")
            self.page.send("Page.reload")
            self.wait_for_picture()
            self.follow()
            self.page.until(self.object() + ".querySelector('[type=text]').value === 'object 1'")
        self.assertEqual(self.page.faults, [])


class Ended(PageTest):
    """A clip that is over."""

    options = {"source__loop": "false", "source__rate": 8}

    def test_pointing_at_the_last_picture(self):
        """At a clip's end the last picture stays, can be pointed at, and shows the mask although no further frame comes."""
        self.page.until("document.getElementById('sources').textContent.includes('ended')")
        self.page.until("document.getElementById('rate').textContent.startsWith('none for')")
        seq = self.page.get("document.getElementById('picture').dataset.seq")
        self.page.click("#stage", 0.5, 0.4)
        self.page.until(self.object() + ".querySelector('[type=radio]').checked")
        self.page.until(OUTLINE.format(COLOUR.format(1)) + " > 50")
        self.assertEqual(self.page.get("document.getElementById('picture').dataset.seq"), seq)
        outline = OUTLINE.format(repr(self.page.get(COLOUR.format(1))))
        self.page.click("#reset")
        self.page.until(outline + " === 0")
        self.page.until("!" + self.object())
        self.assertEqual(self.page.faults, [])
