"""Who is let in."""

import http.client
import http.server
import json
import os
import stat
import tempfile
import threading
import time

from daemon import Preview
from page import Page
from support import AURALD, PageTest, browser

TRIAL = """<!doctype html><title>elsewhere</title><a id="link" href="{address}">look</a><script>
const trials = {{
    picture: (done) => {{ const image = new Image(); image.onload = () => done("in"); image.onerror = () => done("out"); image.src = "{origin}/stream.mjpeg?token={token}" }},
    script: (done) => {{ const script = document.createElement("script"); script.onload = () => done("in"); script.onerror = () => done("out"); script.src = "{origin}/page.js"; document.head.append(script) }},
    read: (done) => fetch("{origin}/picture?seq=1&token={token}").then(() => done("in"), () => done("out")),
    blind: (done) => fetch("{origin}/request?token={token}", {{ method: "POST", mode: "no-cors", body: '{{"verb":"reset"}}' }}).then((response) => done(response.type), () => done("out")),
    events: (done) => {{ const events = new EventSource("{origin}/events?token={token}"); events.onopen = () => done("in"); events.onerror = () => done("out") }},
}}
window.outcome = {{}}
for (const [name, trial] of Object.entries(trials)) trial((result) => {{ outcome[name] = result }})
</script>"""


class Elsewhere:
    """A web server of another origin, whose page knows even the token."""

    def __init__(self, preview):
        text = TRIAL.format(address=preview.address, origin=f"http://127.0.0.1:{preview.port}", token=preview.token).encode()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Guard(PageTest):
    def ask(self, path, method="GET", token=None, body=None, **headers):
        """The status and the body of an answer to a program that sends what it likes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.preview.port, timeout=20)
        self.addCleanup(connection.close)
        query = f"?token={self.preview.token if token is None else token}"
        connection.putrequest(method, path + query, skip_host=True)
        for key, value in ({"Host": f"127.0.0.1:{self.preview.port}"} | {key.replace("_", "-"): value for key, value in headers.items()}).items():
            if value is not None:
                connection.putheader(key, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        return response.status, response.read().decode(errors="replace"), response.headers

    def test_token(self):
        """Without the token, or with another, nothing is told and nothing done; the answer says what to open."""
        for path, method in (("/", "GET"), ("/events", "GET"), ("/stream.mjpeg", "GET"), ("/picture", "GET"), ("/request", "POST")):
            for token in ("", "0" * 32, self.preview.token[:-1], self.preview.token.upper() + "x"):
                status, text, _ = self.ask(path, method, token, body=b'{"verb":"reset"}' if method == "POST" else None)
                self.assertEqual((path, token, status), (path, token, 403))
                self.assertIn("the address lacks its token; open the one that aurald preview prints", text)

    def test_foreign(self):
        """Another host's name, which may lead here all the same, another origin and another site are refused with the right token too."""
        own = f"127.0.0.1:{self.preview.port}"
        for headers in (
            {"Host": "evil.example"}, {"Host": f"evil.example:{self.preview.port}"}, {"Host": "127.0.0.1"}, {"Host": None},
            {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": f"https://{own}"}, {"Origin": "http://127.0.0.1:1"},
            {"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"},
        ):
            for path, method in (("/", "GET"), ("/page.js", "GET"), ("/events", "GET"), ("/request", "POST")):
                with self.subTest(path=path, **{key: str(value) for key, value in headers.items()}):
                    status, text, _ = self.ask(path, method, body=b'{"verb":"reset"}' if method == "POST" else None, **headers)
                    self.assertEqual(status, 403)
                    self.assertNotIn(self.preview.token, text)
        self.assertEqual(self.ask("/", Origin=f"http://{own}")[0], 200)
        self.assertEqual(self.ask("/", Host=f"localhost:{self.preview.port}")[0], 200)

    def test_headers(self):
        """Every answer forbids to be kept, framed or read by others, and the page may load nothing from elsewhere."""
        for path in ("/", "/page.js", "/page.css", "/icon.svg", "/picture"):
            headers = self.ask(path)[2]
            self.assertEqual(headers["Cache-Control"], "no-store")
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(headers["Referrer-Policy"], "no-referrer")
            self.assertEqual(headers["Cross-Origin-Resource-Policy"], "same-origin")
            for rule in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"):
                self.assertIn(rule, headers["Content-Security-Policy"])

    def test_requests(self):
        """What is no request of the protocol is refused as the socket refuses it; the page's own connection is not changed by others."""
        for body, code in (
            (b"", "bad_request"), (b"{", "bad_request"), (b'{"verb":"dance"}', "unknown_verb"), (b'{"verb":"subscribe","want":[]}', "bad_request"),
            (b'{"verb":"remove_object","object_id":9}', "no_such_object"), (b" " * 1_100_000, "bad_request"),
        ):
            status, text, _ = self.ask("/request", "POST", body=body)
            self.assertEqual((status, json.loads(text)["code"]), (200, code), body[:40])
        self.assertEqual(self.ask("/picture")[0], 204)
        self.assertEqual(self.ask("/elsewhere")[0], 404)

    def test_another_page(self):
        """A page of another origin, even one that knows the token, gets no picture, no event and no request done in a real browser; but a link
        from it leads to the page."""
        elsewhere = Elsewhere(self.preview)
        self.addCleanup(elsewhere.close)
        self.follow()
        page = Page(browser())
        self.addCleanup(page.close)
        page.open(elsewhere.address)
        page.until("Object.keys(outcome).length === 5", about="JSON.stringify(outcome)")
        self.assertEqual(page.get("outcome"), dict.fromkeys(("picture", "script", "read", "blind", "events"), "out"))
        self.assertIn(1, self.daemon.ask(verb="status")["status"]["objects"])
        page.click("#link")
        page.until("document.getElementById('picture').dataset.seq")


class Opening(PageTest):
    """`aurald preview --open`, with an xdg-open that only writes down what it is given."""

    def opened(self, status):
        folder = tempfile.TemporaryDirectory(prefix="aurald-page-")
        self.addCleanup(folder.cleanup)
        told = os.path.join(folder.name, "told")
        with open(os.path.join(folder.name, "xdg-open"), "w", encoding="utf-8") as script:
            script.write(f'#!/bin/sh\necho "$*" >"{told}.part"\nmv "{told}.part" "{told}"\nexit {status}\n')
        os.chmod(script.name, 0o755)
        environment = os.environ | {"PATH": f"{folder.name}:{os.environ['PATH']}", "XDG_RUNTIME_DIR": folder.name}
        preview = Preview(AURALD, self.daemon.path, "--open", environment=environment)
        self.addCleanup(preview.close)
        end = time.monotonic() + 20
        while not os.path.exists(told):
            self.assertLess(time.monotonic(), end, "xdg-open was not started")
            time.sleep(0.01)
        with open(told, encoding="utf-8") as file:
            return preview, file.read().strip()

    def test_secret_stays_secret(self):
        """What the list of processes shows to everybody is a file that only this user can read; a browser comes by it to the page."""
        preview, path = self.opened(0)
        self.assertNotIn(preview.token, path)
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        self.page.open("about:blank")
        self.page.open(f"file://{path}")
        self.page.until(f"location.port === '{preview.port}' && document.getElementById('picture').dataset.seq")
        self.assertEqual(self.page.faults, [])

    def test_no_browser(self):
        """Where there is no browser the address is printed all the same, and the person is told to open it."""
        preview, _ = self.opened(3)
        self.assertIn("no browser could be opened; open the address by hand", preview.process.stderr.readline())
