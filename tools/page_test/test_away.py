"""When the daemon or the preview goes."""

import unittest

from daemon import Preview
from page import Page
from support import AURALD, PageTest, browser


class Away(PageTest):
    def test_daemon_restarts(self):
        """A daemon that was killed is told of as away, with no stale object or figure; when it is there again all goes on by itself."""
        self.follow()
        self.daemon.kill()
        self.page.until("document.getElementById('link').dataset.state === 'away'")
        self.assertIn("aurald is away, trying again", self.page.text("link"))
        self.assertEqual(self.page.text("notice"), "aurald is away")
        self.assertFalse(self.page.get("document.getElementById('notice').hidden"))
        self.assertEqual(self.page.get("document.title"), "aurald – away")
        self.assertEqual([self.page.text(each) for each in ("objects", "sources", "rate", "decibels")], ["", "", "–", "–"])
        self.shoot("away")
        self.page.click("#stage", 0.5, 0.4)
        self.page.until("document.getElementById('hint').dataset.bad === 'true'")
        self.assertEqual((self.page.text("frame"), self.page.get("document.getElementById('notice').hidden")), ("–", False))
        self.page.get("delete document.getElementById('picture').dataset.seq")
        self.daemon.start()
        self.page.until("document.getElementById('link').textContent === 'connected'")
        self.wait_for_picture()
        self.page.click("#stage", 0.5, 0.4)
        self.page.until(self.object() + ".querySelector('[type=radio]').checked")
        self.assertEqual(self.page.faults, [])

    def test_daemon_comes_later(self):
        """The page may be there before the daemon."""
        self.daemon.stop()
        preview = Preview(AURALD, self.daemon.path)
        self.addCleanup(preview.close)
        page = Page(browser())
        self.addCleanup(page.close)
        page.open(preview.address)
        page.until("document.getElementById('link').textContent.includes('no aurald listens on')")
        self.daemon.start()
        page.until("document.getElementById('picture').dataset.seq")
        self.assertEqual(page.faults, [])

    def test_preview_ends(self):
        """When the preview ends, the page says so."""
        preview = Preview(AURALD, self.daemon.path)
        self.addCleanup(preview.close)
        page = Page(browser())
        self.addCleanup(page.close)
        page.open(preview.address)
        page.until("document.getElementById('picture').dataset.seq")
        preview.close()
        page.until("document.getElementById('link').textContent === 'the preview has ended; start aurald preview again'")
        page.click("#stage", 0.5, 0.4)
        page.until("document.getElementById('hint').textContent.includes('aurald preview has ended')")


if __name__ == "__main__":
    unittest.main()
