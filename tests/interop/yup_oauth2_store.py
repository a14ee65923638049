"""yup-oauth2's own file of tokens: its `yup_store` signs two users in, `gdata-auth migrate import` reads what it left,
and the accounts are used.

The link is the one that the crate prints; the user presses by `consent_pages.py`. $GOOGLE asks and has access tokens of
an hour, $BRIEF_GOOGLE has those of a second.
"""

import json
import os
import re
import subprocess
import time

from browser import send
from checks import GOOGLE, equal, like, run
from command_line import gdata_auth
from consent_pages import Person

PROGRAM = os.environ["YUP_STORE"]
WORK = os.path.join(os.environ["WORK"], "yup-oauth2")
BRIEF = os.environ["BRIEF_GOOGLE"]
YOUTUBE = "https://www.googleapis.com/auth/youtube"
EMAIL = "https://www.googleapis.com/auth/userinfo.email"


def place(name):
    os.makedirs(WORK, exist_ok=True)
    return os.path.join(WORK, name)


def client_secrets(google):
    """The file of the Cloud Console, which both sides read."""
    path = place("client_secret-%d.json" % (google == BRIEF))
    with open(path, "w") as file:
        json.dump({"installed": {
            "client_id": os.environ["DESKTOP_ID"], "client_secret": os.environ["OAUTH2_SECRET"],
            "auth_uri": google + "/o/oauth2/auth", "token_uri": google + "/token",
            "redirect_uris": ["http://localhost"]}}, file)
    return path


def sign_in(google, path, scopes, account=None):
    """The program to its end, and beside it the user, if one is expected: the token that it has."""
    program = subprocess.Popen([PROGRAM, client_secrets(google), path, *scopes], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    try:
        if account:
            line = program.stdout.readline()
            link = re.search(r"http://\S+", line)
            if not link:
                raise AssertionError("expected a link, got %r, %r" % (line, program.communicate(timeout=10)[1]))
            back = Person(account).visit(link.group())
            like("%s: yup-oauth2 waits on loopback" % account, "^http://localhost:[0-9]+[/?]", back)
            equal("%s: and takes the code" % account, 200, send(back)[0])
        out, err = program.communicate(timeout=30)
    finally:
        program.kill()
    token = re.search(r"(?m)^access token (\S+)$", out)
    if not token:
        raise AssertionError("expected a token, got %r, %r" % (out, err))
    return token.group(1)


def entries(path):
    with open(path) as file:
        return json.load(file)


def channels(google, token):
    return send(google + "/youtube/v3/channels?part=id&mine=true", {"Authorization": "Bearer " + token})[0]


def imported(name, google, path, store, *options):
    code, out, err = gdata_auth("migrate", "import", "--into-store", "--client-secrets", client_secrets(google), *options,
                                path, store=place(store))
    equal(name + ": it is kept", 0, code)
    secrets = [one["token"]["refresh_token"] for one in entries(path)] + [os.environ["OAUTH2_SECRET"]]
    equal(name + ": no secret is printed", [], [secret for secret in secrets if secret in out or secret in err])
    return err


def accounts(store):
    return sorted(one["account"] for one in json.loads(gdata_auth("accounts", "--json", store=place(store))[1]))


def uses(name, google, account, store, *options):
    """The API as the account, and the token that it had for that."""
    code, token, err = gdata_auth("token", "--account", account, *options, store=place(store))
    equal(name + ": a token comes of it", (0, ""), (code, err))
    url = google + "/youtube/v3/channels?part=id&mine=true"
    code, out, _ = gdata_auth("request", "--account", account, "GET", url, store=place(store))
    equal(name + ": and the API is called", 0, code)
    like(name + ": with an answer", "youtube#channelListResponse", out)
    return token.strip()


def one_user():
    path = place("tokens.json")
    scopes = ["openid", EMAIL, YOUTUBE]
    token = sign_in(GOOGLE, path, scopes, "ann@example.com")
    written = entries(path)
    equal("yup-oauth2 wrote one grant", [scopes], [one["scopes"] for one in written])
    equal("with a moment of nine numbers", (list, 9), (type(written[0]["token"]["expires_at"]),
                                                       len(written[0]["token"]["expires_at"])))
    with open(path, "rb") as file:
        before = file.read()

    code, out, _ = gdata_auth("migrate", "import", "--json", path)
    equal("it is read", 0, code)
    found = json.loads(out)["credentials"]
    equal("it is told for what it is", [("yup-oauth2-json", "oauth2", "needs-client", scopes)],
          [(one["form"], one["protocol"], one["use"], one["scopes"]) for one in found])
    like("one grant", "accounts kept: 1", imported("one grant", GOOGLE, path, "one"))
    like("a second import", "accounts kept: 0, there already: 1", imported("a second import", GOOGLE, path, "one"))
    equal("the user is known by the ID token", ["ann@example.com"], accounts("one"))
    equal("yup-oauth2's token is as good as before", 200, channels(GOOGLE, token))
    equal("while it lives it is used here too", token, uses("one grant", GOOGLE, "ann@example.com", "one"))
    with open(path, "rb") as file:
        equal("yup-oauth2's file is as it was", before, file.read())
    equal("and yup-oauth2 goes on with it", token, sign_in(GOOGLE, path, scopes))


def two_users():
    """One file may hold what different users consented to, since yup-oauth2 tells grants by their scopes alone."""
    path = place("two.json")
    sign_in(GOOGLE, path, ["openid", EMAIL, YOUTUBE], "ann@example.com")
    sign_in(GOOGLE, path, ["openid", EMAIL, YOUTUBE, YOUTUBE + ".upload"], "ben@example.org")
    equal("two grants in one file", 2, len(entries(path)))
    like("two grants", "accounts kept: 2", imported("two grants", GOOGLE, path, "two"))
    equal("each has its user", ["ann@example.com", "ben@example.org"], accounts("two"))
    for account in accounts("two"):
        uses(account, GOOGLE, account, "two")


def after_the_end():
    """The access token has ended before the import, and again after it: the refresh token is what was moved."""
    path = place("brief.json")
    scopes = ["openid", EMAIL, YOUTUBE]
    token = sign_in(BRIEF, path, scopes, "ann@example.com")
    for _ in range(100):
        status = channels(BRIEF, token)
        if status == 401:
            break
        time.sleep(0.05)
    equal("yup-oauth2's token has ended", 401, status)
    imported("an ended grant", BRIEF, path, "brief")
    first = uses("an ended grant", BRIEF, "ann@example.com", "brief")
    for _ in range(100):
        status = channels(BRIEF, first)
        if status == 401:
            break
        time.sleep(0.05)
    equal("the next token has ended too", 401, status)
    second = uses("the next end", BRIEF, "ann@example.com", "brief")
    equal("each token was another", 3, len({token, first, second}))

    again = sign_in(BRIEF, path, scopes)
    equal("yup-oauth2 refreshes its own", True, again not in (token, first, second))
    equal("and writes one grant", 1, len(entries(path)))
    like("what it wrote then", "accounts kept: 0, there already: 1",
         imported("what it wrote then", BRIEF, path, "brief"))


run(one_user, two_users, after_the_end)
