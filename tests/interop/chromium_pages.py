"""A real browser, Chromium by the WebDriver protocol, on the emulator's pages of OAuth 2.0, driven by `gdata-auth
login`: accounts, boxes, cancel, a device's code. What it looks at is what a person has: labels, the address bar, the
keyboard's focus, and whether a page has to be scrolled sideways, on a desk and on a phone.

PICTURES names a folder for a picture of every page.
"""

import base64
import os
import re
import shutil
import subprocess
import tempfile
import time
from urllib.parse import urlsplit

import requests

from checks import GOOGLE, equal, like, run
from command_line import Login, gdata_auth

WORK = os.environ["WORK"]
PICTURES = os.environ.get("PICTURES")
YOUTUBE = "https://www.googleapis.com/auth/youtube"
READONLY = YOUTUBE + ".readonly"
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
  sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
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
        if PICTURES:
            shot = self.call("GET", "/screenshot")
            with open(os.path.join(PICTURES, name.replace(" ", "-") + ".png"), "wb") as file:
                file.write(base64.b64decode(shot))

    def quit(self):
        try:
            self.call("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait(10)
            shutil.rmtree(self.profile, ignore_errors=True)


browser = None


def looks_right(name):
    """The page that is shown, at both sizes."""
    for size in SIZES:
        browser.size(size)
        seen = browser.script(LOOK)
        where = "%s, %s" % (name, size)
        equal(where + ": nothing lies beside the page", 0, seen["sideways"])
        equal(where + ": every control has a name", [], seen["unnamed"])
        equal(where + ": and room for a finger", [], seen["small"])
        equal(where + ": all words can be read", [], seen["faint"])
        equal(where + ": it has a language, one heading and a title", ("en", 1, True),
              (seen["language"], seen["headings"], bool(seen["title"])))
        browser.picture("%s %s" % (name, size))
    browser.size("desk")


def focus_is_seen(name, stops):
    """The keyboard reaches everything, and shows where it is."""
    browser.script("document.activeElement.blur()")
    reached = []
    for _ in range(stops):
        browser.tab()
        reached.append(browser.script(FOCUS))
    equal(name + ": the keyboard's focus is seen", [True] * stops, [seen for _, seen in reached])


def login(*words, store):
    scopes = sum((("--scope", scope) for scope in ("openid", "email", YOUTUBE, READONLY)), ())
    return Login("--emulator", GOOGLE, "--client-id", os.environ["DESKTOP_ID"], "--client-secret-file", secret(),
                 *scopes, *words, store=os.path.join(WORK, store))


def secret():
    path = os.path.join(WORK, "desktop-secret")
    with open(path, "w") as file:
        file.write(os.environ["OAUTH2_SECRET"] + "\n")
    return path


def arrives(host):
    """Waits until the browser has left the emulator."""
    for _ in range(100):
        address = browser.address()
        if not address.startswith(GOOGLE):
            return address
        time.sleep(0.05)
    return browser.address()


def consent_with_boxes():
    waiting = login(store="chromium-boxes")
    browser.open(waiting.link())
    looks_right("accounts")
    focus_is_seen("accounts", 3)
    browser.click("//label[contains(., 'ben@example.org')]")
    browser.press("Next")
    like("the account that was chosen is named", "Ben Example", browser.text())
    looks_right("consent")
    focus_is_seen("consent", 4)
    browser.click("//label[contains(., 'YouTube: see and manage your account')]")
    browser.press("Allow")
    address = arrives("127.0.0.1")
    equal("the last address holds no code", ("", ""), (urlsplit(address).query, urlsplit(address).fragment))
    equal("and is none of the emulator's", False, address.startswith(GOOGLE))
    like("the page says what to do", "(?i)close|back to", browser.text())
    looks_right("arrived")
    browser.call("POST", "/back", {})
    like("going back shows no code either", "^(?!.*code=)", browser.address())
    code, account, told = waiting.end()
    equal("login ended well", (0, "ben@example.org\n"), (code, account))
    like("it tells what was granted", "granted: .*youtube.readonly", told)
    like("and what was not", "not granted: %s;" % re.escape(YOUTUBE), told)
    equal("and no code", False, "code=" in told.replace("code_challenge=", ""))
    code, token, _ = gdata_auth("token", store=os.path.join(WORK, "chromium-boxes"))
    told = requests.get(GOOGLE + "/tokeninfo", params={"access_token": token.strip()}, timeout=10).json()
    equal("the server agrees", (False, True), (YOUTUBE in told["scope"].split(), READONLY in told["scope"].split()))


def cancelling():
    waiting = login(store="chromium-cancel")
    browser.open(waiting.link())
    browser.press("Next")
    browser.press("Cancel")
    address = arrives("127.0.0.1")
    equal("after Cancel the last address is bare", "", urlsplit(address).query)
    like("the page does not say that it worked", "^(?!.*(signed in|success|access))", browser.text().lower())
    browser.picture("cancelled desk")
    code, out, told = waiting.end()
    equal("login says no", (1, ""), (code, out))
    like("in words", "declined", told)


def a_link_twice():
    waiting = login(store="chromium-twice")
    link = waiting.link()
    browser.open(link)
    browser.press("Next")
    browser.press("Allow")
    arrives("127.0.0.1")
    equal("login ended well", 0, waiting.end()[0])
    browser.open(GOOGLE + "/o/oauth2/auth?client_id=nobody&response_type=code")
    like("a link of a client that is not there stays", "Error 401: invalid_client", browser.text())
    looks_right("fault")


def a_device():
    store = os.path.join(WORK, "chromium-device")
    path = secret()
    waiting = Login("--emulator", GOOGLE, "--client-id", os.environ["DEVICE_ID"], "--client-secret-file", path,
                    "--device", "--scope", YOUTUBE, "--scope", READONLY, store=store)
    address = waiting.shows(r"open (http://\S+) and type in")
    code = waiting.shows(r"type in:\n(\S+)\n")
    browser.open(address)
    looks_right("device")
    focus_is_seen("device", 2)
    browser.type("//input[@name='user_code']", "WRNG-CODE")
    browser.press("Next")
    like("a wrong code is told", "did not work", browser.text())
    looks_right("device wrong")
    browser.type("//input[@name='user_code']", code.lower())
    browser.press("Next")
    looks_right("device consent")
    browser.click("//label[contains(., 'ben@example.org')]")
    browser.click("//label[contains(., 'YouTube: see and manage your account')]")
    browser.press("Allow")
    like("the page sends back to the device", "go back to your device", browser.text())
    looks_right("device done")
    ended, _, told = waiting.end()
    equal("the device has what was ticked", (0, True), (ended, "not granted: %s;" % YOUTUBE in told))


def all_of_it():
    global browser
    browser = Browser()
    try:
        run(consent_with_boxes, cancelling, a_link_twice, a_device)
    finally:
        browser.quit()


run(all_of_it)
