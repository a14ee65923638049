"""A real browser on the page of a consent campaign, `gdata-auth migrate upgrade serve`, and from there to the emulator
and back: nothing ticked, a part, a consent, another account, two ways to say no, a link that is none; by day and by night.
"""

import os
import subprocess
import time
from urllib.parse import urlsplit

from checks import GOOGLE, equal, like, run
from chromium import WORK, Browser
from command_line import GDATA_AUTH, gdata_auth

YOUTUBE = "https://www.googleapis.com/auth/youtube"
READONLY = YOUTUBE + ".readonly"
APP = "Tide Videos"

browser = None


def upgrade(*words):
    return gdata_auth("migrate", "upgrade", *words)


class Page:
    """A campaign of two users whom the emulator knows and one whom it does not, and its page."""

    def __init__(self, name):
        self.file = os.path.join(WORK, name + ".campaign")
        self.store = os.path.join(WORK, name + "-grants")
        secret = os.path.join(WORK, "desktop-secret")
        with open(secret, "w") as file:
            file.write(os.environ["OAUTH2_SECRET"] + "\n")
        server = ["--emulator", GOOGLE, "--client-id", os.environ["DESKTOP_ID"], "--client-secret-file", secret]
        code, _, told = upgrade("new", self.file, "--app", APP, "--scope", YOUTUBE, "--scope", READONLY,
                                "--origin", "http://127.0.0.1:0", "--contact", "team@example.com",
                                "--reason", "It shows your uploads beside the tide tables.", *server)
        equal("a campaign is made: " + told.splitlines()[0].split(":")[0], 0, code)
        users = os.path.join(WORK, name + ".csv")
        with open(users, "w") as file:
            file.write("email\nann@example.com\nben@example.org\ncarla.with.a.long.address@department.example.net\n")
        equal("its users are invited", 0, upgrade("add", self.file, users)[0])
        self.process = subprocess.Popen([GDATA_AUTH, "migrate", "upgrade", "serve", self.file, "--store", self.store,
                                         *server], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.origin = self.process.stdout.readline().strip().replace("listening on ", "")
        rows = upgrade("list", self.file, "--links")[1].splitlines()
        self.links = {row.split(",")[0]: row.rsplit(",", 1)[1] for row in rows[1:]}

    def state(self, email):
        rows = upgrade("list", self.file)[1].splitlines()
        return next(row.split(",")[3] for row in rows if row.startswith(email))

    def end(self):
        self.process.terminate()
        return self.process.communicate(timeout=30)[1]


def arrives(place):
    for _ in range(200):
        if browser.address().startswith(place) and "/o/oauth2" not in browser.address().replace(place, "", 1):
            return browser.address()
        time.sleep(0.05)
    raise AssertionError("expected %s, got another place" % place)


def night(name):
    browser.dark(True)
    browser.looks_right(name + " by night")
    browser.dark(False)


def all_of_it():
    global browser
    browser = Browser()
    page = Page("pages")
    host = urlsplit(GOOGLE).netloc
    try:
        browser.open(page.links["ann@example.com"])
        browser.looks_right("invitation")
        night("invitation")
        browser.focus_is_seen("invitation", 2)
        like("it says who, for whom and what", "(?s)%s asks.*ann@example.com.*see and manage" % APP, browser.text())
        browser.press("Continue to " + host)
        like("the server knows whom it is about", "ann@example.com", browser.text())
        for box in ["YouTube: see and manage your account", "YouTube: see your account"]:
            browser.click("//label[contains(., '%s')]" % box)
        browser.press("Allow")
        arrives(page.origin)
        like("nothing is told as nothing", "(?s)Nothing was allowed.*tick every one", browser.text())
        browser.looks_right("nothing")
        night("nothing")
        equal("and written down", "nothing", page.state("ann@example.com"))
        browser.press("Try again")
        browser.click("//label[contains(., 'YouTube: see and manage your account')]")
        browser.press("Allow")
        arrives(page.origin)
        equal("the last address holds nothing", (page.origin + "/result"), browser.address())
        like("a part is told as a part", "A part is missing", browser.text())
        browser.looks_right("partial")
        night("partial")
        equal("and written down", "partial", page.state("ann@example.com"))
        browser.press("Allow the rest")
        browser.press("Allow")
        arrives(page.origin)
        like("then all is there", "Thank you, that is all", browser.text())
        browser.looks_right("consented")
        night("consented")
        equal("and written down", "consented", page.state("ann@example.com"))
        browser.call("POST", "/back", {})
        like("going back shows no code", "^(?!.*code=)", browser.address())

        carla = "carla.with.a.long.address@department.example.net"
        browser.open(page.links[carla])
        browser.looks_right("invitation of a long address")
        browser.press("Continue to " + host)
        browser.press("Next")
        browser.press("Allow")
        arrives(page.origin)
        like("another account is told", "(?s)That was another account.*" + carla, browser.text())
        browser.looks_right("wrong account")
        night("wrong account")
        equal("and nothing is kept of it", (0, 1), (
            gdata_auth("token", "--account", "ann@example.com", store=page.store)[0],
            len(gdata_auth("accounts", store=page.store)[1].strip().splitlines()[1:])))
        browser.press("Try again")
        browser.press("Cancel")
        arrives(page.origin)
        like("a no at the server is a no", "You said no", browser.text())
        browser.looks_right("declined")
        equal("and written down", "declined", page.state(carla))

        browser.open(page.links["ben@example.org"])
        browser.press("No, thank you")
        like("so is a no on the page", "You said no", browser.text())
        equal("and written down", "declined", page.state("ben@example.org"))
        browser.open(page.links["ben@example.org"])
        like("which may be taken back", "You may change your mind here", browser.text())
        browser.looks_right("once more")

        browser.open(page.origin + "/i/" + "A" * 35)
        like("a guess is told nothing", "This link is not known", browser.text())
        browser.looks_right("unknown link")
        browser.open(page.origin + "/")
        browser.looks_right("front")
    finally:
        told = page.end()
        browser.quit()
    like("the log tells who did what", "ann@example.com: consented\n", told)
    equal("and no link, no code", [], [word for link in page.links.values() for word in [link.rsplit("/", 1)[1]]
                                       if word in told or "code=" in told])


run(all_of_it)
