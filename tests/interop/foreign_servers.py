"""The other way: `gdata-auth login`, `token` and `revoke` against servers that others wrote, which say by
introspection what they think of its tokens. OIDC and AUTHLIB name them; either may be absent.

Refresh tokens rotate there. What a client has to get right then: to keep the new one, to use each once, also from
eight processes at a time, and to say what happened when an old one came back.
"""

import glob
import json
import os
import shutil
import subprocess
import sys
from urllib.parse import parse_qsl, urljoin, urlsplit

import requests

from checks import equal, like, run
from command_line import GDATA_AUTH, Login, gdata_auth
from consent_pages import Form

WORK = os.environ["WORK"]
SECRET = os.environ["OAUTH2_SECRET"]
YOUTUBE = "https://www.googleapis.com/auth/youtube"


def written(name, text):
    path = os.path.join(WORK, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def kept(store):
    """The one grant of a store: what a thief of the file would have."""
    [path] = [path for path in glob.glob(store + "/**/*.json", recursive=True) if "refresh_token" in open(path).read()]
    return json.load(open(path))


def refresh_token(value):
    """The refresh token, wherever in the file it stands."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "refresh_token" and isinstance(inner, str):
                return inner
            found = refresh_token(inner)
            if found:
                return found
    return None


class Server:
    """One server, its client, its store, and the user's way through its pages."""

    def __init__(self, issuer, client, client_words, scope):
        self.issuer, self.client, self.scope = issuer, client, scope
        self.words = ("--issuer", issuer, "--client-id", client, *client_words)
        self.store = os.path.join(WORK, "store-" + "".join(c for c in issuer + client if c.isalnum()))
        self.metadata = requests.get(issuer + "/.well-known/openid-configuration", timeout=10).json()

    def login(self, *more):
        words = self.words + sum((("--scope", name) for name in self.scope), ())
        return Login(*words, *more, store=self.store)

    def browse(self, link):
        """Follows the pages by HTTP, logs in as ann, agrees to everything; the last answer."""
        session = requests.Session()
        session.trust_env = False
        answer = session.get(link, timeout=10)
        for _ in range(8):
            form = Form(answer.text)
            if form.action is None:
                break
            fields = dict(pair for pair in form.fields if pair[0])
            for name, value in (("login", "ann"), ("password", "any")):
                if name in fields:
                    fields[name] = value
            answer = session.post(urljoin(answer.url, form.action), data=fields, timeout=10)
        return answer

    def introspect(self, token):
        fields = {"token": token, "client_id": "post", "client_secret": SECRET}
        return requests.post(self.metadata["introspection_endpoint"], data=fields, timeout=10).json()

    def redeem(self, token):
        """Somebody else uses a refresh token, by hand."""
        fields = {"grant_type": "refresh_token", "refresh_token": token, "client_id": self.client,
                  "client_secret": SECRET}
        answer = requests.post(self.metadata["token_endpoint"], data=fields, timeout=10)
        return answer.status_code, answer.json().get("error")

    def token(self, *more, store=None):
        return gdata_auth("token", *more, store=store or self.store)


def sign_in(name, server, more=()):
    login = server.login(*more)
    link = login.link()
    asked = dict(parse_qsl(urlsplit(link).query))
    equal(name + ": the link has a challenge", ("S256", 43),
          (asked.get("code_challenge_method"), len(asked.get("code_challenge", ""))))
    last = server.browse(link)
    equal(name + ": the browser ends at a page of ours", 200, last.status_code)
    equal(name + ": whose address holds no code", "", urlsplit(last.url).query)
    code, account, told = login.end()
    equal(name + ": signed in", (0, True), (code, "granted: " in told))
    if code:
        print(told, file=sys.stderr)
    return account.strip()


def life_of_a_grant(name, server):
    """From a fresh login on: use, rotation, many at once; the refresh token that was there first."""
    code, first, _ = server.token()
    equal(name + ": a token on stdout", 0, code)
    equal(name + ": which the server knows", True, server.introspect(first.strip())["active"])
    old = refresh_token(kept(server.store))
    code, second, _ = server.token()
    equal(name + ": the same, while it is good", first, second)
    expire(server.store)
    code, third, _ = server.token()
    equal(name + ": a refresh", (0, True), (code, third != first))
    new = refresh_token(kept(server.store))
    equal(name + ": keeps the refresh token that came with it", True, new not in (None, old))

    expire(server.store)
    runs = [subprocess.Popen([GDATA_AUTH, "token", "--store", server.store], stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True) for _ in range(8)]
    ends = [(one.communicate(timeout=60), one.returncode) for one in runs]
    equal(name + ": eight processes at once", [0] * 8, [end[1] for end in ends])
    equal(name + ": share one refresh", 1, len({end[0][0] for end in ends}))
    return old


def expire(store):
    """Lets the kept access token be a year old."""
    for path in glob.glob(store + "/**/*.json", recursive=True):
        text = json.load(open(path))
        changed = aged(text)
        if changed:
            with open(path, "w") as file:
                json.dump(text, file)


def aged(value):
    changed = False
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "expires_at" and inner is not None:
                value[name] = 1_600_000_000 if isinstance(inner, int) else "2020-09-13T12:26:40Z"
                changed = True
            changed = aged(inner) or changed
    return changed


def revocation(name, server):
    code, token, _ = server.token()
    token = token.strip()
    equal(name + ": before revoking", True, server.introspect(token)["active"])
    refresh = refresh_token(kept(server.store))
    code, account, _ = gdata_auth("accounts", "--json", store=server.store)
    [line] = json.loads(account)
    code, _, told = gdata_auth("revoke", line["account"], "--yes", store=server.store)
    equal(name + ": revoked", (0, True), (code, "revoked: " in told))
    equal(name + ": the refresh token is dead at the server", False, server.introspect(refresh)["active"])
    equal(name + ": and so is the access token", False, server.introspect(token)["active"])
    equal(name + ": and gone here", 2, server.token()[0])


def device(name, server, decide):
    login = server.login("--device")
    address = login.shows(r"open (http://\S+) and type in")
    code = login.shows(r"type in:\n(\S+)\n")
    decide(address, code)
    ended, _, told = login.end()
    equal(name + ": a device signs in", (0, True), (ended, "granted: " in told))
    status, token, _ = server.token()
    equal(name + ": and has a token", True, server.introspect(token.strip())["active"])


def oidc_provider():
    issuer = os.environ["OIDC"]
    secret = written("oidc-secret", SECRET + "\n")
    scope = ["openid", "email", "offline_access"]
    server = Server(issuer, "post", ("--client-secret-file", secret), scope)
    account = sign_in("code", server, ("--prompt", "consent"))
    equal("code: the account is called by the verified ID token", "ann@example.com", account)
    old = life_of_a_grant("code", server)
    alive = server.token()[1].strip()
    equal("an old refresh token comes back: refused", (400, "invalid_grant"), server.redeem(old))
    equal("and the whole grant has ended", False, server.introspect(alive)["active"])
    expire(server.store)
    code, _, told = server.token()
    equal("which token says", 1, code)
    like("with what to do", "(?i)log ?in|consent|sign in", told)
    code, listed, _ = gdata_auth("accounts", store=server.store)
    like("and accounts", "dead: ", listed)

    sign_in("again", server, ("--prompt", "consent"))
    revocation("again", server)

    # A backup of the store that is put back brings an old refresh token.
    sign_in("backup", server, ("--prompt", "consent"))
    backup = server.store + "-backup"
    shutil.copytree(server.store, backup)
    expire(server.store)
    equal("backup: refreshed meanwhile", 0, server.token()[0])
    expire(backup)
    code, _, told = server.token(store=backup)
    equal("backup: the old one is refused", 1, code)
    expire(server.store)
    equal("backup: and has ended the new one", 1, server.token()[0])

    public = Server(issuer, "public", (), scope)
    sign_in("a public client", public, ("--prompt", "consent"))
    basic = Server(issuer, "a b:c", ("--client-secret-file", secret, "--basic"), scope)
    sign_in("Basic with odd characters", basic, ("--prompt", "consent"))
    expire(basic.store)
    equal("Basic with odd characters: a refresh", 0, basic.token()[0])

    login = server.login("--prompt", "consent", "--timeout", "20")
    link = login.link()
    back = dict(parse_qsl(urlsplit(link).query))
    requests.get(back["redirect_uri"], params={
        "state": back["state"], "code": "stolen", "iss": "https://evil.example.com"}, timeout=10)
    code, _, told = login.end()
    like("a redirect from another issuer is refused", "(?s)[12] .*iss", "%d %s" % (code, told))

    def decide(address, code):
        session = requests.Session()
        answer = session.get(address, timeout=10)
        for _ in range(10):
            form = Form(answer.text)
            if form.action is None:
                break
            fields = dict(pair for pair in form.fields if pair[0])
            fields.update({name: value for name, value in
                           (("user_code", code), ("login", "ann"), ("password", "any")) if name in fields})
            if "confirm" in answer.text:
                fields["confirm"] = "yes"
            answer = session.post(urljoin(answer.url, form.action), data=fields, timeout=10)

    for television in (public, server, basic):
        television.store += "-tv"
        device("device, as %s" % television.client, television, decide)


def authlib():
    issuer = os.environ["AUTHLIB"]
    secret = written("authlib-secret", SECRET + "\n")
    server = Server(issuer, "post", ("--client-secret-file", secret), [YOUTUBE])
    account = sign_in("code", server)
    equal("code: without an ID token the account has no name", "default", account)
    old = life_of_a_grant("code", server)
    equal("an old refresh token is refused", (400, "invalid_grant"), server.redeem(old))
    revocation("code", server)
    plain = written("authlib-plain", "GOCSPX-plain\n")
    basic = Server(issuer, "basic", ("--client-secret-file", plain, "--basic"), [YOUTUBE])
    sign_in("Basic", basic)
    public = Server(issuer, "public", (), [YOUTUBE])
    sign_in("a public client", public)
    wrong = Server(issuer, "post", ("--client-secret-file", written("wrong-secret", "wrong\n")), [YOUTUBE])
    login = wrong.login()
    wrong.browse(login.link())
    code, _, told = login.end()
    like("another secret is refused in words", "(?s)^1 .*invalid_client", "%d %s" % (code, told))

    def deciding(decision):
        return lambda address, code: requests.get(
            address, params={"user_code": code, "decision": decision}, timeout=10)

    server.store += "-tv"
    device("device", server, deciding("allow"))
    login = server.login("--device")
    deciding("deny")(login.shows(r"open (http://\S+) and"), login.shows(r"type in:\n(\S+)\n"))
    code, _, told = login.end()
    like("device: a user who declines", "(?s)^1 .*declined|access_denied", "%d %s" % (code, told))


run({"oidc-provider": oidc_provider, "authlib": authlib}[sys.argv[1]])
