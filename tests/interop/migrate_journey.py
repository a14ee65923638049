"""A whole migration by the commands of gdata-auth, around programs of real gdata-python3.

Three administrators let an old integration read the shared contacts of their domain: one by OAuth 1.0, two by AuthSub.
It is scanned, imported and planned; one is moved by the grant, one consents in Chromium, one declines; answers are
compared, code is rewritten and run, old tokens end, and the report says exactly that.
"""

import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.parse

import py3_shim  # noqa: F401, mends the library

import gdata.client
import gdata.gauth

from browser import query_of, send
from checks import equal, like, run
from chromium import WORK, Browser
from command_line import GDATA_AUTH, gdata_auth

HERE = os.path.dirname(os.path.abspath(__file__))
JOURNEY = os.path.join(WORK, "journey")
ANN, BEN, CLEO = "ann@example.com", "ben@example.com", "cleo@example.com"
SCOPE = "https://www.google.com/m8/feeds/"
FEED = "/m8/feeds/contacts/example.com/full?v=3.0"
NAMES = "Boat house\nFront desk\nLifeguard tower\n"
CLIENT = ("--client-id", "roster")


def short(told):
    """What a command said, on one line."""
    return told.strip()[-200:].replace("\n", " | ")


def a_month_later(*words):
    """A command as it will be in 31 days, by libfaketime."""
    done = subprocess.run(["faketime", "+31 days", GDATA_AUTH, *words], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def place(name):
    return os.path.join(JOURNEY, name)


def write(name, text):
    path = place(name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    return path


def read(name):
    with open(place(name)) as file:
        return file.read()


def served(words):
    """A process of gdata-auth that says where it listens."""
    process = subprocess.Popen([GDATA_AUTH, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    return process, process.stdout.readline().strip().replace("listening on ", "")


def allowed(page, user):
    """The consent page, with Allow pressed by this user; where the browser is sent to."""
    _, _, shown = send(page)
    number = re.search('name="consent" value="([^"]+)"', shown).group(1)
    form = urllib.parse.urlencode({"consent": number, "user": user, "decision": "allow"})
    return send(os.environ["GOOGLE"] + "/accounts/AuthSubConsent", form=form)[1]


class Past:
    """What the integration has kept since 2008, by the library that it was written with."""

    def __init__(self, google):
        self.google = google
        self.secret = "roster-secret"
        client = gdata.client.GDClient(source="roster")
        back = "http://www.example.com/back"
        token = client.get_oauth_token([SCOPE], back, "www.example.com", self.secret,
                                       url=google + "/accounts/OAuthGetRequestToken")
        link = token.generate_authorization_url(auth_server=google + "/accounts/OAuthAuthorizeToken")
        token = gdata.gauth.authorize_request_token(token, allowed(str(link), ANN))
        self.tokens = {ANN: client.get_access_token(token, url=google + "/accounts/OAuthGetAccessToken")}
        for user in (BEN, CLEO):
            link = gdata.gauth.generate_auth_sub_url(back, [SCOPE], secure=False, session=True,
                                                     request_url=google + "/accounts/AuthSubRequest")
            single = gdata.gauth.AuthSubToken(query_of(allowed(str(link), user))["token"], [SCOPE])
            upgraded = client.upgrade_token(single, url=google + "/accounts/AuthSubSessionToken")
            self.tokens[user] = gdata.gauth.AuthSubToken(upgraded.token_string, [SCOPE])
        write("old/tokens", "".join("%s\t%s\n" % (user, gdata.gauth.token_to_blob(token))
                                    for user, token in self.tokens.items()))

    def environment(self, user):
        token = self.tokens[user]
        if user == ANN:
            return {"ROSTER_SECRET": self.secret, "ROSTER_TOKEN": token.token, "ROSTER_TOKEN_SECRET": token.token_secret}
        return {"ROSTER_TOKEN": token.token_string}

    def run(self, user, folder="old-src", cwd=None):
        """The program of this user, as it stands in a folder."""
        program = "roster_by_oauth.py" if user == ANN else "roster.py"
        environment = dict(os.environ, GOOGLE=self.google, **self.environment(user))
        environment["PYTHONPATH"] = os.pathsep.join([HERE] + sys.path[1:])
        done = subprocess.run([sys.executable, os.path.join(HERE, "journey_program.py"), place(folder + "/" + program)],
                              env=environment, cwd=cwd or JOURNEY, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout, done.stderr

    def kept(self, user):
        """The old credential, as `login --save` keeps one."""
        token = self.tokens[user]
        if user == ANN:
            kept = {"version": 1, "scheme": "oauth1", "consumer_key": "www.example.com", "method": "HMAC-SHA1",
                    "consumer_secret": self.secret, "token": token.token, "token_secret": token.token_secret,
                    "requestor": None, "scopes": SCOPE}
        else:
            kept = {"version": 1, "scheme": "authsub", "token": token.token_string, "secure": False, "scopes": SCOPE,
                    "expires_at": None}
        return write("kept/%s.json" % user, json.dumps(kept))


def survey():
    """What is there, before anything is changed."""
    code, out, _ = gdata_auth("migrate", "scan", "--format", "json", place("src"))
    equal("scan: there is something to do", 1, code)
    write("scan.json", out)
    found = json.loads(out)["findings"]
    equal("scan: every place is one of an API that still answers", {"header-swap"}, {one["verdict"] for one in found})
    code, out, _ = gdata_auth("migrate", "import", "--json", place("old"))
    write("inventory.json", out)
    uses = {one["user"]: one["use"] for one in json.loads(out)["credentials"]}
    equal("import: three credentials", {ANN: "migration-grant", BEN: "consent-again", CLEO: "consent-again"}, uses)
    log = [{"time": "2013-03-01T10:0%d:00Z" % at, "method": "GET", "host": "www.google.com", "path": FEED.split("?")[0],
            "status": 200} for at in range(3)]
    write("access.log", "".join(json.dumps(line) + "\n" for line in log))
    code, out, err = gdata_auth("migrate", "plan", "--scan", place("scan.json"), "--inventory", place("inventory.json"),
                                "--log", place("access.log"), "--grant", "--app", "Tide Rescue Roster", "--format", "json",
                                "--output", place("plan.json"))
    equal("plan: it is drawn: " + short(err), 0, code)
    plan = json.loads(read("plan.json"))
    equal("plan: one scope", ["https://www.google.com/m8/feeds"], [ask["scope"] for ask in plan["scopes"]])
    equal("plan: in this order", ["grant", "consent", "dual", "retire"],
          [step["id"] for step in plan["steps"] if step["id"] in ("grant", "consent", "dual", "retire")])


def moved(google, store):
    code, out, err = gdata_auth("migrate", "upgrade", "grant", place("old"), "--emulator", google, *CLIENT, "--invite",
                                place("invited.csv"), store=store)
    write("grants.csv", out)
    rows = [line.split(",")[:2] for line in out.splitlines()[1:]]
    equal("grant: ann's token is moved, no other", [[ANN, "moved"], [BEN, "not_moved"], [CLEO, "not_moved"]], rows)
    equal("grant: so somebody has to be asked", (1, ["email", BEN, CLEO]), (code, read("invited.csv").split()))
    no_token = [token for token in re.findall(r"1%2F[\w-]+", read("old/tokens")) if token in out or token in err]
    equal("grant: no token is told", [], no_token)


def asked(google, store):
    campaign = place("upgrade.campaign")
    code, _, err = gdata_auth("migrate", "upgrade", "new", campaign, "--app", "Tide Rescue Roster", "--scope",
                              "https://www.google.com/m8/feeds", "--origin", "http://127.0.0.1:0", "--emulator", google,
                              *CLIENT)
    equal("campaign: made: " + err.splitlines()[0].split(":")[0], 0, code)
    equal("campaign: the list of grant is taken", 0, gdata_auth("migrate", "upgrade", "add", campaign,
                                                                 place("invited.csv"))[0])
    page, origin = served(["migrate", "upgrade", "serve", campaign, "--store", store, "--emulator", google, *CLIENT])
    browser = Browser()
    try:
        rows = gdata_auth("migrate", "upgrade", "list", campaign, "--links")[1].splitlines()[1:]
        links = {row.split(",")[0]: row.rsplit(",", 1)[1] for row in rows}
        browser.open(links[BEN])
        browser.press("Continue to " + urllib.parse.urlsplit(google).netloc)
        browser.press("Allow")
        for _ in range(100):
            if browser.address() == origin + "/result":
                break
            time.sleep(0.05)
        like("campaign: Ben consents in Chromium", "Thank you, that is all", browser.text())
        browser.open(links[CLEO])
        browser.press("No, thank you")
        like("campaign: Cleo says no", "You said no", browser.text())
    finally:
        browser.quit()
        page.terminate()
        page.wait(30)
    states = {row.split(",")[0]: row.split(",")[3] for row in
              gdata_auth("migrate", "upgrade", "list", campaign)[1].splitlines()[1:]}
    equal("campaign: both are written down", {BEN: "consented", CLEO: "declined"}, states)


def both(past, store):
    """In shadow, from the command line; and the settings that a program follows."""
    for user in (ANN, BEN):
        code, out, err = gdata_auth("migrate", "dual", "compare", "--new", user, "--old", past.kept(user), "--counters",
                                    place("counters.json"), past.google + FEED, store=store)
        like("shadow: %s is answered the same by both: %s" % (user, short(err)), "^same +200 200", out)
        equal("shadow: and %s's comparison ends well" % user, 0, code)
    counts = json.loads(read("counters.json"))["feeds"]
    equal("shadow: two were compared", (2, 0), (sum(feed["same"] for feed in counts.values()),
                                                sum(feed["different"] for feed in counts.values())))
    settings = place("dual.toml")
    equal("dual: settings out of the plan", 0, gdata_auth("migrate", "dual", "init", settings, "--plan",
                                                          place("plan.json"))[0])
    before = read("dual.toml")
    for word, override in (("switch", "new"), ("roll-back", "old"), ("rules", "none")):
        equal("dual: " + word, 0, gdata_auth("migrate", "dual", word, settings)[0])
        like("dual: %s sets one setting" % word, '(?m)^override = "%s"' % override, read("dual.toml"))
    equal("dual: and nothing else", before, read("dual.toml"))


def rewritten(past, store):
    """The programs get the new credential, and run."""
    shutil.copytree(place("src"), place("old-src"))
    for user in (ANN, BEN, CLEO):
        code, out, err = past.run(user)
        equal("before: %s's program prints the roster: %s" % (user, short(err)), (0, NAMES), (code, out))
    done = subprocess.run([GDATA_AUTH, "migrate", "rewrite", "--write", place("src")], capture_output=True, text=True)
    equal("rewrite: something is left to us: " + short(done.stderr), 1, done.returncode)
    like("rewrite: it is the way to AuthSub's consent", r"(?s)left as it is: \S*sign_up\.py:11: .*files changed: 2, places left as "
         r"they are: 1", done.stderr)
    os.remove(place("src/sign_up.py"))
    code, out, _ = gdata_auth("migrate", "scan", place("src"))
    equal("rewrite: a scan finds nothing to do", 0, code)

    for user in (ANN, BEN):
        home = place("home-" + user)
        os.makedirs(home)
        path = os.path.join(home, "oauth2.json")
        code, _, err = gdata_auth("migrate", "export", user, path, "--form", "oauth2client", store=store)
        equal("after: %s's grant goes from the store to oauth2client: %s" % (user, short(err)), 0, code)
        code, out, err = past.run(user, "src", home)
        equal("after: %s's program prints the same roster: %s" % (user, short(err)), (0, NAMES), (code, out))


def ended(past):
    code, out, err = gdata_auth("migrate", "retire", "revoke", "--server", past.google, place("old"))
    write("revoked.csv", out)
    rows = [line.split(",")[:3] for line in out.splitlines()[1:]]
    equal("retire: all three end: " + short(err), (0, [[ANN, "OAuth 1.0", "revoked"], [BEN, "AuthSub", "revoked"],
                                                [CLEO, "AuthSub", "revoked"]]), (code, rows))
    for user in (ANN, CLEO):
        code, _, err = past.run(user)
        like("retire: %s's old program is refused" % user, "401", err)
    state = place("retire.state")
    equal("retire: watched", 0, gdata_auth("migrate", "retire", "watch", state, "roster", "--days", "30")[0])
    now = datetime.datetime.utcnow().strftime("%Y-%m-%dT%H:%M:%SZ")
    write("calls.jsonl", json.dumps({"at": now, "scheme": "AuthSub"}) + "\n")
    observe = ["migrate", "retire", "observe", state, "roster", "--calls", place("calls.jsonl"), "--until-now"]
    code, _, err = gdata_auth(*observe)
    like("retire: not done yet", "^roster will be done on ", err)
    equal("retire: a report says what is left", 1, gdata_auth("migrate", "report", "--retire", state)[0])
    code, _, err = a_month_later(*observe)
    equal("retire: done after 30 days", (0, "roster is done\n"), (code, err))


def told():
    evidence = ["--scan", place("now.json"), "--grants", place("grants.csv"), "--campaign", place("upgrade.campaign"),
                "--counters", place("counters.json"), "--revoked", place("revoked.csv"), "--retire", place("retire.state")]
    write("now.json", gdata_auth("migrate", "scan", "--format", "json", place("src"))[1])
    code, out, err = a_month_later("migrate", "report", *evidence, "--app", "Tide Rescue Roster", "--format", "json")
    report = json.loads(out)
    equal("report: complete, and nothing left: " + short(err), (0, True, []), (code, report["complete"], report["left"]))
    equal("report: what became of whom", {ANN: "moved", BEN: "consented", CLEO: "declined"},
          {one["user"]: one["outcome"] for one in report["users"]})
    equal("report: what ended", [(ANN, "revoked"), (BEN, "revoked"), (CLEO, "revoked")],
          [(one["account"], one["outcome"]) for one in report["legacy"]])
    equal("report: the end", "done", report["integrations"]["roster"]["stage"])
    equal("report: the comparison", (2, 0), (report["calls"]["same"], report["calls"]["different"]))
    code, out, _ = a_month_later("migrate", "report", *evidence, "--format", "html")
    browser = Browser()
    try:
        page = write("report.html", out)
        browser.open("file://" + page)
        browser.looks_right("report")
        like("report: the page says it", "(?s)Complete: nothing is left to do.*%s: moved.*%s: consented.*%s: declined"
             % (ANN, BEN, CLEO), browser.text())
    finally:
        browser.quit()


def all_of_it():
    os.makedirs(JOURNEY)
    users = "".join('[[user]]\nemail = "%s"\n' % user for user in (ANN, BEN, CLEO))
    config = write("emulator.toml", users + '[[consumer]]\nkey = "www.example.com"\nsecret = "roster-secret"\n')
    emulator, google = served(["emulator", "--port", "0", "--config", config, "--consent", "ask", "--quiet"])
    os.environ["GOOGLE"] = google
    try:
        shutil.copytree(os.path.join(HERE, "../../fixtures/journey"), place("src"))
        store = place("grants")
        past = Past(google)
        survey()
        moved(google, store)
        asked(google, store)
        both(past, store)
        rewritten(past, store)
        ended(past)
        told()
    finally:
        emulator.terminate()
        emulator.wait(30)


run(all_of_it)
