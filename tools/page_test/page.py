"""A tab: what a person does in it and sees there."""

import base64
import json
import threading
import time

from devtools import PATIENCE_S, DevToolsError

KEYS = {
    "Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, "Backspace": 8,
}
# What a canvas shows, read from a copy: reading from the page's own would make it slower.
PIXELS = """function pixelsOf(id) {
    const { width, height } = document.getElementById(id)
    const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })
    copy.drawImage(document.getElementById(id), 0, 0)
    return copy.getImageData(0, 0, width, height)
}"""
SHIFT, CONTROL = 8, 2


class Page:
    """A tab of its own, in a context of its own: nothing that another test has stored is in it."""

    def __init__(self, chromium, width=1280, height=800, dark=False):
        self.chromium = chromium
        self.context = chromium.send("Target.createBrowserContext")["browserContextId"]
        self.target = chromium.send("Target.createTarget", url="about:blank", browserContextId=self.context)["targetId"]
        self.session = chromium.send("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        self._news = threading.Condition()
        self.faults = []
        chromium.listen(self.session, self._hear)
        for domain in ("Page", "Runtime", "Log", "Accessibility"):
            self.send(f"{domain}.enable")
        self.send("Page.addScriptToEvaluateOnNewDocument", source=PIXELS)
        self.resize(width, height)
        self.send("Emulation.setFocusEmulationEnabled", enabled=True)
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def send(self, method, **parameters):
        return self.chromium.send(method, self.session, **parameters)

    def _hear(self, method, parameters):
        with self._news:
            if method == "Runtime.exceptionThrown":
                details = parameters["exceptionDetails"]
                self.faults.append(details.get("exception", {}).get("description") or details["text"])
            elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
                self.faults.append(f"console: {[argument.get('value') for argument in parameters['args']]}")
            elif method == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
                entry = parameters["entry"]
                self.faults.append(f"{entry['source']}: {entry['text']} {entry.get('url', '')}")
            self._news.notify_all()

    def close(self):
        self.chromium.send("Target.disposeBrowserContext", browserContextId=self.context)

    # What it shows.

    def open(self, address):
        result = self.send("Page.navigate", url=address)
        if "errorText" in result:
            raise DevToolsError(f"{address}: {result['errorText']}")
        self.until("document.readyState === 'complete'")

    def get(self, expression):
        """The value of an expression, which may be a promise."""
        result = self.send("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise DevToolsError(f"{expression}: {details.get('exception', {}).get('description') or details['text']}")
        return result["result"].get("value")

    def until(self, expression, about=None, patience=PATIENCE_S):
        """Waits until an expression is true, and gives its value. The failure tells the value of `about`, also an expression."""
        end = time.monotonic() + patience
        while True:
            look = f"""new Promise(done => {{
                const end = performance.now() + 1000
                const look = () => {{
                    let value
                    try {{ value = {expression} }} catch {{ /* not there yet */ }}
                    if (value || performance.now() > end) done(value instanceof Node ? true : value)
                    else setTimeout(look, 10)
                }}
                look()
            }})"""
            try:
                value = self.get(look)
            except DevToolsError as error:
                value = None  # the page was just loaded anew
                if "gone" in str(error):
                    raise
            if value:
                return value
            if time.monotonic() > end:
                seen = self.get(about) if about else self.get("document.body.innerText")
                raise AssertionError(f"not within {patience} s: {expression}\nseen: {seen}")

    def text(self, identifier):
        return self.get(f"document.getElementById({json.dumps(identifier)}).textContent")

    def nodes(self):
        """What a screen reader is told: dictionaries of role, name and description."""
        nodes = self.send("Accessibility.getFullAXTree")["nodes"]
        return [{key: node.get(key, {}).get("value", "") for key in ("role", "name", "description")} for node in nodes if not node.get("ignored")]

    def screenshot(self, path, whole=False):
        data = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole, **({"clip": self._whole()} if whole else {}))["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def _whole(self):
        size = self.send("Page.getLayoutMetrics")["cssContentSize"]
        return {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}

    # What a person does.

    def resize(self, width, height):
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def place(self, selector, x=0.5, y=0.5):
        """Where a part of an element is in the window; it is scrolled there first."""
        return self.get(f"""(() => {{
            const element = document.querySelector({json.dumps(selector)})
            element.scrollIntoView({{ block: "nearest" }})
            const area = element.getBoundingClientRect()
            return [area.left + {x} * area.width, area.top + {y} * area.height]
        }})()""")

    def mouse(self, kind, x, y, modifiers=0):
        buttons = {"mouseMoved": 1, "mousePressed": 1, "mouseReleased": 0}[kind]
        self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=buttons, clickCount=1, modifiers=modifiers)

    def click(self, selector, x=0.5, y=0.5, modifiers=0):
        place = self.place(selector, x, y)
        self.mouse("mousePressed", *place, modifiers)
        self.mouse("mouseReleased", *place, modifiers)

    def drag(self, selector, start, end, steps=5):
        first, last = self.place(selector, *start), self.place(selector, *end)
        self.mouse("mousePressed", *first)
        for step in range(1, steps + 1):
            self.mouse("mouseMoved", *(a + (b - a) * step / steps for a, b in zip(first, last)))
        self.mouse("mouseReleased", *last)

    def tap(self, selector, x=0.5, y=0.5):
        place = self.place(selector, x, y)
        self.send("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": place[0], "y": place[1]}])
        self.send("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def key(self, key, modifiers=0, times=1):
        code = KEYS.get(key) or ord(key.upper())
        text = "\r" if key == "Enter" else key if len(key) == 1 and not modifiers & CONTROL else ""
        for _ in range(times):
            self.send("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", key=key, windowsVirtualKeyCode=code, modifiers=modifiers, text=text)
            self.send("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code, modifiers=modifiers)

    def type(self, text):
        self.send("Input.insertText", text=text)
