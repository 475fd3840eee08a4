"""The field for words, with a model that takes them."""

from support import ReadingTest


class Words(ReadingTest):
    def test_words(self):
        """Words are said to the daemon, and taken back with an empty field."""
        self.page.click("#say")
        self.page.type("the owl on the left")
        self.page.key("Enter")
        self.assertEqual(self.sent("set_expression")["expression"], "the owl on the left")
        self.page.until("document.getElementById('hint').textContent === 'Meant is: the owl on the left'")
        self.page.get("sent.length = 0")
        self.page.click("#say")
        self.page.get("document.getElementById('say').value = ''")
        self.page.key("Enter")
        self.assertIsNone(self.sent("set_expression")["expression"])
        self.page.until("document.getElementById('hint').textContent === 'No words any more.'")
        self.assertEqual(self.page.faults, [])

    def test_too_many_words(self):
        """What the daemon does not take is told in its own words."""
        self.page.get("document.getElementById('say').removeAttribute('maxlength')")
        self.page.get("document.getElementById('say').value = 'owl '.repeat(2000)")
        self.page.click("#say")
        self.page.key("Enter")
        self.page.until("document.getElementById('hint').dataset.bad === 'true'")
        self.assertRegex(self.page.text("hint"), "^Not done: .*expression")
        self.assertEqual(self.page.faults, [])
