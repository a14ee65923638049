"""Token stores that real libraries write, imported by `gdata-auth migrate import`, and used against the emulator.

One argument: `gdata` runs where gdata-python3 is, `modern` where oauth2client and google-auth are, and `rewrite` where
all three are. Go's file, and one of yup-oauth2 without an ID token, are written here in their documented form;
`yup_oauth2_store.py` has what that crate itself writes.
"""

import datetime
import json
import os
import pickle
import stat
import subprocess
import sys
import urllib.parse
import urllib.request

from checks import GOOGLE, equal, like, run
from command_line import GDATA_AUTH, gdata_auth

WORK = os.path.join(os.environ["WORK"], "stores-" + sys.argv[1])
CLIENT = "interop-app"
SECRET = "GOCSPX-interop"
SCOPE = "https://www.googleapis.com/auth/youtube"
TOKEN_URI = GOOGLE + "/token"
MINE = GOOGLE + "/youtube/v3/channels?part=id&mine=true"
UPLOADS = GOOGLE + "/feeds/api/users/default/uploads"


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def consent():
    """A grant, as a browser and a client of no library get it: access and refresh token."""
    query = urllib.parse.urlencode({"client_id": CLIENT, "redirect_uri": "http://localhost", "response_type": "code",
                                    "scope": SCOPE, "access_type": "offline", "prompt": "consent"})
    opener = urllib.request.build_opener(_Stay)
    try:
        location = opener.open(GOOGLE + "/o/oauth2/v2/auth?" + query).headers["Location"]
    except urllib.error.HTTPError as redirect:
        location = redirect.headers["Location"]
    code = urllib.parse.parse_qs(urllib.parse.urlparse(location).query)["code"][0]
    form = urllib.parse.urlencode({"grant_type": "authorization_code", "code": code, "client_id": CLIENT,
                                   "client_secret": SECRET, "redirect_uri": "http://localhost"})
    reply = json.load(urllib.request.urlopen(TOKEN_URI, form.encode()))
    return reply["access_token"], reply["refresh_token"]


def place(name):
    os.makedirs(WORK, exist_ok=True)
    return os.path.join(WORK, name)


def write(name, content):
    path = place(name)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return path


def used(name, path, refresh, *options, form):
    """Imports the store, and calls the API with what came of its refresh token."""
    code, out, err = gdata_auth("migrate", "import", "--json", path)
    equal(name + ": it is read", 0, code)
    inventory = json.loads(out)
    found = [one for one in inventory["credentials"] if one["protocol"] == "oauth2"]
    equal(name + ": told for what it is", [form], [one["form"] for one in found])
    equal(name + ": no secret is printed", False, refresh in out or refresh in err)
    store = place(name.replace(" ", "-") + ".store")
    code, out, err = gdata_auth("migrate", "import", "--into-store", path, *options, store=store)
    equal(name + ": it is kept", 0, code)
    like(name + ": and told", "accounts kept: 1", err)
    code, _, err = gdata_auth("migrate", "import", "--into-store", path, *options, store=store)
    like(name + ": a second import changes nothing", "accounts kept: 0, there already: 1", err)
    code, out, err = gdata_auth("token", "--min-lifetime", "60", store=store)
    equal(name + ": a token comes of it", (0, ""), (code, err))
    account = json.loads(gdata_auth("accounts", "--json", store=store)[1])[0]["account"]
    code, out, err = gdata_auth("request", "--account", account, "GET", MINE, store=store)
    equal(name + ": and the API is called", 0, code)
    like(name + ": with an answer", "youtube#channelListResponse", out)


def gdata_stores():
    import py3_shim  # noqa: F401, mends the library
    import gdata.auth
    import gdata.gauth

    access, refresh = consent()
    with open(os.path.join(os.environ["KEYS"], "insecure-rsa2048-pkcs8.pem")) as file:
        key = file.read()
    token = gdata.gauth.OAuth2Token(CLIENT, SECRET, SCOPE, "interop", token_uri=TOKEN_URI, access_token=access,
                                    refresh_token=refresh)
    tokens = [
        gdata.gauth.ClientLoginToken("DQAAAGgA-interop"),
        gdata.gauth.AuthSubToken("1/interop, with|odd%signs", ["http://www.google.com/m8/feeds/"]),
        gdata.gauth.SecureAuthSubToken("1/secure", key, ["http://www.google.com/calendar/feeds/"]),
        gdata.gauth.OAuthHmacToken("www.example.com", "s3cr+t/ &=%41~", "1/hmac", "secret", gdata.gauth.ACCESS_TOKEN),
        gdata.gauth.OAuthRsaToken("www.example.com", key, "1/rsa", "secret", gdata.gauth.ACCESS_TOKEN),
        gdata.gauth.TwoLeggedOAuthHmacToken("example.com", "secret", "ann@example.com"),
        gdata.gauth.TwoLeggedOAuthRsaToken("example.com", key, "ben@example.com"),
        token,
    ]
    path = write("dump_tokens", gdata.gauth.dump_tokens(tokens))
    used("dump_tokens", path, refresh, form="gdata-python-blob")

    secrets = place("secrets.json")
    code, _, err = gdata_auth("migrate", "import", path, "--with-secrets", secrets)
    equal("dump_tokens: the secrets are written where asked", 0, code)
    equal("dump_tokens: for their owner alone", 0o600, stat.S_IMODE(os.stat(secrets).st_mode))
    like("dump_tokens: the private keys are told loudly", "ALARM: .*private key.*3 times", err)
    with open(secrets) as file:
        found = json.load(file)["credentials"]
    equal("dump_tokens: the protocols", ["client-login", "auth-sub", "secure-auth-sub", "oauth1", "oauth1",
                                         "oauth1-two-legged", "oauth1-two-legged", "oauth2"],
          [one["protocol"] for one in found])
    clear = [one["clear"] for one in found]
    equal("dump_tokens: a token of odd signs", tokens[1].token_string, clear[1]["token"])
    equal("dump_tokens: a key", key, clear[2]["private_key"])
    equal("dump_tokens: a consumer's secret", "s3cr+t/ &=%41~", clear[3]["client_secret"])

    first = gdata.auth.AuthSubToken()
    first.set_token_string("1/first-generation")
    first.scopes = ["http://www.google.com/calendar/feeds/"]
    login = gdata.auth.ClientLoginToken()
    login.set_token_string("DQAAAfirst")
    login.scopes = ["http://www.google.com/m8/feeds/"]
    collection = {"http://www.google.com/calendar/feeds/": first, "http://www.google.com/m8/feeds/": login}
    for protocol in range(5):
        path = write("collection.pickle", pickle.dumps(collection, protocol))
        code, out, _ = gdata_auth("migrate", "import", "--json", path)
        found = sorted((one["protocol"], one["scopes"]) for one in json.loads(out)["credentials"])
        equal("TokenCollection, protocol %d" % protocol,
              [("auth-sub", first.scopes), ("client-login", login.scopes)], found)


def oauth2client_stores():
    from oauth2client.client import OAuth2Credentials
    from oauth2client.contrib.multiprocess_file_storage import MultiprocessFileStorage
    from oauth2client.file import Storage

    def credentials():
        access, refresh = consent()
        past = datetime.datetime(2020, 1, 1)
        return OAuth2Credentials(access, CLIENT, SECRET, refresh, past, TOKEN_URI, "interop", scopes=[SCOPE]), refresh

    made, refresh = credentials()
    path = place("storage.json")
    open(path, "w").close()
    Storage(path).put(made)
    used("oauth2client Storage", path, refresh, form="oauth2client-json")
    made, refresh = credentials()
    path = place("multiprocess.json")
    MultiprocessFileStorage(path, "ann@example.com").put(made)
    used("oauth2client MultiprocessFileStorage", path, refresh, form="oauth2client-json")
    made, refresh = credentials()
    used("oauth2client pickle", write("oauth2client.pickle", pickle.dumps(made)), refresh, form="pickle")


def google_auth_stores():
    import google.oauth2.credentials

    def credentials():
        access, refresh = consent()
        past = datetime.datetime(2020, 1, 1)
        return google.oauth2.credentials.Credentials(access, refresh_token=refresh, token_uri=TOKEN_URI, client_id=CLIENT,
                                                     client_secret=SECRET, scopes=[SCOPE], expiry=past), refresh

    made, refresh = credentials()
    used("google-auth to_json", write("token.json", made.to_json()), refresh, form="google-auth-json")
    for protocol in (2, 4, 5):
        made, refresh = credentials()
        name = "google-auth pickle, protocol %d" % protocol
        used(name, write("token%d.pickle" % protocol, pickle.dumps(made, protocol)), refresh, form="pickle")


def files_without_a_client():
    access, refresh = consent()
    secrets = write("client_secret.json", json.dumps({"installed": {
        "client_id": CLIENT, "client_secret": SECRET, "auth_uri": GOOGLE + "/o/oauth2/v2/auth", "token_uri": TOKEN_URI,
        "redirect_uris": ["http://localhost"]}}))
    options = ("--client-secrets", secrets)
    store = [{"scopes": [SCOPE], "token": {"access_token": access, "refresh_token": refresh,
                                           "expires_at": [2020, 1, 0, 0, 0, 0, 0, 0, 0], "id_token": None}}]
    used("yup-oauth2 in its documented form", write("yup.json", json.dumps(store)), refresh, *options,
         form="yup-oauth2-json")
    access, refresh = consent()
    store = {"access_token": access, "token_type": "Bearer", "refresh_token": refresh, "expiry": "2020-01-01T00:00:00Z"}
    used("Go in its documented form", write("go.json", json.dumps(store)), refresh, *options, form="go-json")


PROGRAM = '''import os
import py3_shim
import gdata.contacts.client
import gdata.data

FEED = "https://www.google.com/m8/feeds/contacts/example.com/full"
client = gdata.contacts.client.ContactsClient(source="interop")
client.api_version = "2"
client.ssl = False
client.client_login("admin@example.com", "secret", "interop", service="cp")
print(client.get_feed(os.environ["UPLOADS"], desired_class=gdata.data.GDFeed).title.text)
'''


def rewritten_code():
    """A program of the second generation, rewritten, with the library as it is: its token is refreshed and used."""
    from oauth2client.client import OAuth2Credentials
    from oauth2client.file import Storage

    _, refresh = consent()
    store = place("oauth2.json")
    open(store, "w").close()
    past = datetime.datetime(2020, 1, 1)
    Storage(store).put(OAuth2Credentials("ya29.expired", CLIENT, SECRET, refresh, past, TOKEN_URI, "interop"))
    path = write("program.py", PROGRAM)
    environment = dict(os.environ, UPLOADS=UPLOADS,
                       PYTHONPATH=os.pathsep.join([os.path.dirname(os.path.abspath(__file__))] + sys.path[1:]))

    def runs():
        done = subprocess.run([sys.executable, path], cwd=WORK, env=environment, capture_output=True, text=True,
                              timeout=60)
        return done.stdout.strip(), done.stderr

    code, out, _ = gdata_auth("migrate", "rewrite", path)
    equal("rewrite: a diff", 0, code)
    like("rewrite: of one statement", r"(?m)^-client\.client_login.*^\+gdata\.gauth\.OAuth2TokenFromCredentials", out)
    equal("rewrite: and nothing is written", PROGRAM, open(path).read())
    done = subprocess.run([GDATA_AUTH, "migrate", "rewrite", "--write", path], capture_output=True, text=True)
    equal("rewrite: --write writes", 0, done.returncode)
    out, err = runs()
    equal("rewrite: the program runs on real gdata-python3: %s" % err[-200:], "Uploads by ann", out)
    code, out, err = gdata_auth("migrate", "rewrite", path)
    equal("rewrite: a second run finds nothing", (0, ""), (code, out))

    with open(os.path.join(os.environ["REWRITE"], "audit_uploads.py")) as file:
        path = write("audit_uploads.py", file.read())
    environment["SERVER"] = urllib.parse.urlparse(GOOGLE).netloc
    code, _, err = gdata_auth("migrate", "rewrite", "--write", path)
    equal("rewrite, first generation: --write writes", 0, code)
    out, err = runs()
    # What the port to Python 3 prints of an old text.
    equal("rewrite, first generation: the program runs: %s" % err[-200:], "b'Uploads by ann'", out)
    code, out, _ = gdata_auth("migrate", "rewrite", path)
    equal("rewrite, first generation: a second run finds nothing", (0, ""), (code, out))


STEPS = {
    "gdata": [gdata_stores],
    "modern": [oauth2client_stores, google_auth_stores, files_without_a_client],
    "rewrite": [rewritten_code],
}

run(*STEPS[sys.argv[1]])
