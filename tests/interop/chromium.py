"""A real browser, Chromium by the WebDriver protocol, and what it looks at: names of controls, contrast, the keyboard's
focus, and whether a page has to be scrolled sideways, on a desk and on a phone.

PICTURES names a folder for a picture of every page.
"""

import base64
import os
import re
import shutil
import subprocess
import tempfile
import time

import requests

from checks import equal

WORK = os.environ["WORK"]
PICTURES = os.environ.get("PICTURES")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-dev-shm-usage", "--no-proxy-server"]
SIZES = {"desk": (1280, 800), "phone": (390, 844)}

# What a page may not have, and what each thing on it is called and looks like.
LOOK = r"""
const channel = (c) => { c /= 255; return c <= 0.03928 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4); };
const light = (rgb) => 0.2126 * channel(rgb[0]) + 0.7152 * channel(rgb[1]) + 0.0722 * channel(rgb[2]);
const numbers = (color) => (color.match(/[\d.]+/g) || []).map(Number);
const behind = (node) => {
  for (; node; node = node.parentElement) {
    const color = numbers(getComputedStyle(node).backgroundColor);
    if (color.length === 3 || color[3] > 0) return color;
  }
  return [255, 255, 255];
};
const texts = [...document.querySelectorAll("body *")].filter((node) =>
  [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()));
const contrast = texts.map((node) => {
  const [a, b] = [light(numbers(getComputedStyle(node).color)), light(behind(node))];
  return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), node.textContent.trim().slice(0, 40)];
});
const controls = [...document.querySelectorAll("input:not([type=hidden]), button")];
const named = (node) => node.tagName === "BUTTON" ? node.textContent.trim()
  : [...node.labels].map((label) => label.textContent.trim()).join(" ");
return {
  sideways: Math.max(document.documentElement.scrollWidth - document.documentElement.clientWidth,
                     document.documentElement.scrollWidth - innerWidth, 0),
  // Words that stand out of their box, where that does not scroll.
  // Words of a picture have no box of their own: the picture is theirs.
  cut: texts.filter((node) => node.ownerSVGElement
    ? node.getBoundingClientRect().right > node.ownerSVGElement.getBoundingClientRect().right + 1
    : node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== "inline" &&
      !["auto", "scroll"].includes(getComputedStyle(node).overflowX)).map((node) => node.textContent.trim().slice(0, 40)),
  unnamed: controls.filter((node) => !named(node)).map((node) => node.outerHTML),
  small: controls.filter((node) => {
    const box = (node.labels && node.labels[0] || node).getBoundingClientRect();
    return box.height < 24 || box.width < 24;
  }).map((node) => node.outerHTML),
  faint: contrast.filter(([ratio]) => ratio < 4.5),
  title: document.title,
  language: document.documentElement.lang,
  headings: document.querySelectorAll("h1").length,
};
"""

FOCUS = r"""
const style = getComputedStyle(document.activeElement);
return [document.activeElement.tagName,
        style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1];
"""


class Browser:
    """One session of ChromeDriver with a profile of its own."""

    def __init__(self):
        self.profile = tempfile.mkdtemp(dir=WORK)
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                       text=True)
        for line in self.driver.stdout:
            port = re.search(r"started successfully on port (\d+)", line)
            if port:
                break
        else:
            raise AssertionError("expected ChromeDriver to start, it did not")
        self.http = requests.Session()
        self.http.trust_env = False
        self.base = "http://127.0.0.1:%s/session" % port.group(1)
        options = {"binary": shutil.which("chromium"), "args": FLAGS + ["--user-data-dir=" + self.profile]}
        made = self.call("POST", "", {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}})
        self.base += "/" + made["sessionId"]
        self.call("POST", "/timeouts", {"implicit": 5_000})

    def call(self, method, path, body=None):
        answer = self.http.request(method, self.base + path, json=body, timeout=60).json()["value"]
        if isinstance(answer, dict) and answer.get("error"):
            raise AssertionError("%s %s: %s" % (method, path, answer["message"].splitlines()[0]))
        return answer

    def size(self, name):
        width, height = SIZES[name]
        self.call("POST", "/goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": name == "phone"}})

    def open(self, address):
        self.call("POST", "/url", {"url": address})

    def address(self):
        return self.call("GET", "/url")

    def script(self, text):
        return self.call("POST", "/execute/sync", {"script": text, "args": []})

    def find(self, xpath):
        found = self.call("POST", "/element", {"using": "xpath", "value": xpath})
        return "/element/" + next(iter(found.values()))

    def click(self, xpath):
        self.call("POST", self.find(xpath) + "/click", {})

    def press(self, button):
        """Presses a button, and waits for the page that it leads to."""
        self.script("window.before = true")
        self.click("//button[normalize-space()='%s']" % button)
        for _ in range(200):
            try:
                if self.script("return !window.before && document.readyState === 'complete'"):
                    return
            except AssertionError:
                pass  # the page went away under the question
            time.sleep(0.05)
        raise AssertionError("%s: expected another page, got none" % button)

    def type(self, xpath, text):
        self.call("POST", self.find(xpath) + "/value", {"text": text})

    def tab(self):
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": [
            {"type": "keyDown", "value": "\ue004"}, {"type": "keyUp", "value": "\ue004"}]}]})

    def text(self):
        return self.script("return document.body.innerText")

    def picture(self, name):
        """The whole page, down to its end."""
        if PICTURES:
            box = self.call("POST", "/goog/cdp/execute", {"cmd": "Page.getLayoutMetrics", "params": {}})["cssContentSize"]
            shot = self.call("POST", "/goog/cdp/execute", {"cmd": "Page.captureScreenshot", "params": {
                "format": "png", "captureBeyondViewport": True, "clip": dict(box, scale=1)}})["data"]
            with open(os.path.join(PICTURES, name.replace(" ", "-") + ".png"), "wb") as file:
                file.write(base64.b64decode(shot))

    def quit(self):
        try:
            self.call("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait(10)
            shutil.rmtree(self.profile, ignore_errors=True)

    def dark(self, on):
        """By night, as the system tells it."""
        scheme = "dark" if on else "light"
        self.call("POST", "/goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia", "params": {
            "features": [{"name": "prefers-color-scheme", "value": scheme}]}})

    def looks_right(self, name):
        """The page that is shown, at both sizes."""
        for size in SIZES:
            self.size(size)
            seen = self.script(LOOK)
            where = "%s, %s" % (name, size)
            equal(where + ": nothing lies beside the page", 0, seen["sideways"])
            equal(where + ": no words stand out of their box", [], seen["cut"])
            equal(where + ": every control has a name", [], seen["unnamed"])
            equal(where + ": and room for a finger", [], seen["small"])
            equal(where + ": all words can be read", [], seen["faint"])
            equal(where + ": it has a language, one heading and a title", ("en", 1, True),
                  (seen["language"], seen["headings"], bool(seen["title"])))
            self.picture("%s %s" % (name, size))
        self.size("desk")

    def focus_is_seen(self, name, stops):
        """The keyboard reaches everything, and shows where it is."""
        self.script("document.activeElement.blur()")
        reached = []
        for _ in range(stops):
            self.tab()
            reached.append(self.script(FOCUS))
        equal(name + ": the keyboard's focus is seen", [True] * stops, [seen for _, seen in reached])
