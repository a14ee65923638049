"""A real browser on the emulator's pages of OAuth 2.0, driven by `gdata-auth login`: accounts, boxes, cancel, a
device's code. What it looks at is what a person has: labels, the address bar, the keyboard's focus, and whether a page
has to be scrolled sideways, on a desk and on a phone.
"""

import os
import re
import time
from urllib.parse import urlsplit

import requests

from checks import GOOGLE, equal, like, run
from chromium import WORK, Browser
from command_line import Login, gdata_auth

YOUTUBE = "https://www.googleapis.com/auth/youtube"
READONLY = YOUTUBE + ".readonly"

browser = None


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
    browser.looks_right("accounts")
    browser.focus_is_seen("accounts", 3)
    browser.click("//label[contains(., 'ben@example.org')]")
    browser.press("Next")
    like("the account that was chosen is named", "Ben Example", browser.text())
    browser.looks_right("consent")
    browser.focus_is_seen("consent", 4)
    browser.click("//label[contains(., 'YouTube: see and manage your account')]")
    browser.press("Allow")
    address = arrives("127.0.0.1")
    equal("the last address holds no code", ("", ""), (urlsplit(address).query, urlsplit(address).fragment))
    equal("and is none of the emulator's", False, address.startswith(GOOGLE))
    like("the page says what to do", "(?i)close|back to", browser.text())
    browser.looks_right("arrived")
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
    browser.looks_right("fault")


def a_device():
    store = os.path.join(WORK, "chromium-device")
    path = secret()
    waiting = Login("--emulator", GOOGLE, "--client-id", os.environ["DEVICE_ID"], "--client-secret-file", path,
                    "--device", "--scope", YOUTUBE, "--scope", READONLY, store=store)
    address = waiting.shows(r"open (http://\S+) and type in")
    code = waiting.shows(r"type in:\n(\S+)\n")
    browser.open(address)
    browser.looks_right("device")
    browser.focus_is_seen("device", 2)
    browser.type("//input[@name='user_code']", "WRNG-CODE")
    browser.press("Next")
    like("a wrong code is told", "did not work", browser.text())
    browser.looks_right("device wrong")
    browser.type("//input[@name='user_code']", code.lower())
    browser.press("Next")
    browser.looks_right("device consent")
    browser.click("//label[contains(., 'ben@example.org')]")
    browser.click("//label[contains(., 'YouTube: see and manage your account')]")
    browser.press("Allow")
    like("the page sends back to the device", "go back to your device", browser.text())
    browser.looks_right("device done")
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
