"""A real browser on the pages of `gdata-auth migrate plan --format html` and `migrate scan --format html`, small and large, by day and by night, on a desk and
on a phone.
"""

import json
import os

from checks import equal, like, run
from chromium import WORK, Browser
from command_line import gdata_auth

LINE = '10.0.0.7 - - [%02d/Nov/2026:05:00:00 +0000] "%s http://%s HTTP/1.1" 410 9 "-" "Zend_Gdata"\n'
CALLS = [("GET", "gdata.youtube.com/feeds/api/videos?q=tide"), ("GET", "gdata.youtube.com/feeds/api/videos/x/related"),
         ("POST", "gdata.youtube.com/feeds/api/users/default/uploads"), ("GET", "www.google.com/calendar/feeds/default"),
         ("PUT", "www.google.com/calendar/feeds/default/allcalendars/full/x"), ("GET", "www.google.com/health/feeds/x"),
         ("GET", "apps-apis.google.com/a/feeds/compliance/audit/mail/monitor/example.com/ann"),
         ("POST", "apps-apis.google.com/a/feeds/emailsettings/2.0/example.com/ann/delegation"),
         ("GET", "spreadsheets.google.com/feeds/list/x/1/private/full"), ("POST", "www.google.com/accounts/ClientLogin")]


def place(name):
    return os.path.join(WORK, name)


def write(name, text):
    with open(place(name), "w") as file:
        file.write(text)
    return place(name)


def page(name, *words):
    code, _, err = gdata_auth("migrate", "plan", *words, "--format", "html", "--output", place(name))
    equal(name + " is written", (0, True), (code, os.path.getsize(place(name)) > 1000))
    return "file://" + place(name)


def all_of_it():
    log = write("plan.log", "".join(LINE % (1 + at % 28, *call) for at, call in enumerate(CALLS * 40)))
    _, inventory, _ = gdata_auth("migrate", "import", "--json", os.environ["TOKENS"])
    tokens = write("plan-inventory.json", inventory)
    equal("the inventory has credentials", True, len(json.loads(inventory)["credentials"]) > 10)
    pages = {
        "plan of one call": page("plan-one.html", "--log", write("one.log", LINE % (1, *CALLS[0]))),
        "plan of everything": page("plan-all.html", os.environ["LEGACY"], "--inventory", tokens, "--log", log, "--app",
                                   "Tide Videos", "--origin", "https://upgrade.example.com"),
    }
    code, _, _ = gdata_auth("migrate", "scan", os.environ["LEGACY"], "--format", "html", "--output", place("scan.html"))
    equal("scan.html is written", (1, True), (code, os.path.getsize(place("scan.html")) > 1000))
    browser = Browser()
    try:
        browser.open("file://" + place("scan.html"))
        browser.looks_right("scan of everything")
        like("scan of everything: it tells every place", "Every place", browser.text())
        for name, address in pages.items():
            browser.open(address)
            browser.looks_right(name)
            like(name + ": it tells the order of work", "Order of work", browser.text())
            browser.dark(True)
            browser.looks_right(name + " by night")
            browser.dark(False)
    finally:
        browser.quit()


run(all_of_it)
