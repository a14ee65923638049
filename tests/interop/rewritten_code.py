"""What `gdata-auth migrate rewrite --write` makes of fixtures/rewrite, before the compilers of its languages.

One argument: `java` (javac, Google's own client of OAuth 2.0, and signatures of gdata-java-client) or `csharp` (mcs and
mono, with the real google-gdata 2.2). Each source compiles before and after, a second run finds nothing, and the program
Uploads runs with OAuth 2.0 at the emulator, which refuses it before.
"""

import glob
import http.server
import json
import os
import shutil
import ssl
import subprocess
import sys
import threading
import urllib.parse
import urllib.request

import gdata_java
from browser import query_of, send
from checks import GOOGLE, equal, like, run
from command_line import gdata_auth

LANGUAGE = sys.argv[1]
FIXTURES = os.environ["REWRITE"]
WORK = os.path.join(os.environ["WORK"], "rewritten-" + LANGUAGE)
UPLOADS = GOOGLE + "/feeds/api/users/default/uploads"
CLIENT, SECRET = "interop-app", "GOCSPX-interop"
JARS = ["google-api-client", "google-oauth-client", "google-http-client", "google-http-client-jackson2", "jackson-core",
        "guava", "jsr305", "opencensus-api", "opencensus-contrib-http-util",
        "grpc-context"]


def done(*words, **options):
    told = subprocess.run(words, cwd=WORK, capture_output=True, text=True, timeout=120, **options)
    return told.returncode, told.stdout, told.stderr


def fine(name, result, out=""):
    """The command came to a good end, and said that."""
    code, said, err = result
    equal(name, (0, out, ""), (code, said.strip(), err[:1500] if code else ""))


def place(name):
    os.makedirs(WORK, exist_ok=True)
    return os.path.join(WORK, name)


def consent():
    """Tokens of a consent, as a browser and a client of no library get them."""
    query = urllib.parse.urlencode({"client_id": CLIENT, "redirect_uri": "http://localhost", "response_type": "code",
                                    "scope": "https://www.googleapis.com/auth/youtube", "access_type": "offline",
                                    "prompt": "consent"})
    code = query_of(send(GOOGLE + "/o/oauth2/v2/auth?" + query)[1])["code"]
    form = urllib.parse.urlencode({"grant_type": "authorization_code", "code": code, "client_id": CLIENT,
                                   "client_secret": SECRET, "redirect_uri": "http://localhost"})
    return json.loads(send(GOOGLE + "/token", form=form)[2])


def sources(ending):
    os.makedirs(WORK, exist_ok=True)
    for path in glob.glob(os.path.join(FIXTURES, "*" + ending)):
        shutil.copy(path, WORK)
    return sorted(os.path.basename(path) for path in glob.glob(os.path.join(WORK, "*" + ending)))


def rewritten(names, compiles):
    """Every source compiles, is rewritten, compiles again, and is then left alone."""
    for name in names:
        fine(name + " compiles before", compiles(name, "before"))
        before = open(place(name), "rb").read()
        code, out, err = gdata_auth("migrate", "rewrite", "--json", "--write", place(name))
        equal(name + " is rewritten, nothing left", (0, [[]]), (code, [one["refusals"] for one in json.loads(out)["files"]]))
        after = open(place(name), "rb").read()
        equal(name + " is another now", True, before != after)
        fine(name + " compiles after", compiles(name, "after"))
        equal(name + ": a second run finds nothing", (0, ""), gdata_auth("migrate", "rewrite", "--write", place(name))[:2])
        equal(name + " stays", after, open(place(name), "rb").read())


class Proxy(http.server.BaseHTTPRequestHandler):
    """Ends the TLS of Google's token endpoint, which the client has built in, and hands the form to the emulator."""

    context = None
    asked = []

    def do_CONNECT(self):
        Proxy.asked.append(self.path)
        self.send_response_only(200)
        self.end_headers()
        self.wfile.flush()
        self.connection = Proxy.context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")
        self.close_connection = False

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        request = urllib.request.Request(GOOGLE + self.path, body, {"Content-Type": self.headers["Content-Type"]})
        answer = urllib.request.urlopen(request)
        text = answer.read()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.headers["Content-Type"])
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
        self.wfile.flush()

    def log_message(self, *_):
        pass


def java():
    jars = ["/usr/share/java/%s.jar" % name for name in JARS]
    real = os.environ.get("GDATA_JAVA")
    if real is None:
        stubs = place("stubs")
        fine("the signatures compile",
             done("javac", "-d", stubs, "-cp", ":".join(jars), *gdata_java.write(place("stub-sources"))))
    path = ":".join([real or stubs] + jars)

    def compiles(name, when):
        return done("javac", "-nowarn", "-d", place(when), "-cp", path, name)

    rewritten(sources(".java"), compiles)

    certificate, key, trust = place("proxy.pem"), place("proxy.key"), place("trust")
    done("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
         "-subj", "/CN=oauth2.googleapis.com", "-addext", "subjectAltName=DNS:oauth2.googleapis.com")
    done("keytool", "-importcert", "-noprompt", "-alias", "proxy", "-file", certificate, "-keystore", trust, "-storepass",
         "changeit")
    Proxy.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    Proxy.context.load_cert_chain(certificate, key)
    proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    with open(place("authorized_user.json"), "w") as file:
        json.dump({"type": "authorized_user", "client_id": CLIENT, "client_secret": SECRET,
                   "refresh_token": consent()["refresh_token"]}, file)
    fine("the rewritten program runs",
         done("java", "-Djavax.net.ssl.trustStore=" + trust, "-Djavax.net.ssl.trustStorePassword=changeit",
              "-Dhttps.proxyHost=127.0.0.1", "-Dhttps.proxyPort=%d" % proxy.server_port,
              "-cp", place("after") + ":" + path, "Uploads", env=dict(os.environ, UPLOADS=UPLOADS)), "Uploads by ann")
    equal("it fetched its first token from Google's endpoint", {"oauth2.googleapis.com:443"}, set(Proxy.asked))
    proxy.shutdown()


def csharp():
    references = ["-r:" + path for part in ("Client", "Contacts", "Apps")
                  for path in glob.glob("/usr/lib/cli/Google.GData.%s-2.2/*.dll" % part)]

    def compiles(name, when):
        kind = "exe" if "static void Main" in open(place(name)).read() else "library"
        return done("mcs", "-target:" + kind, "-out:%s-%s.exe" % (name, when), *references, name)

    rewritten(sources(".cs"), compiles)

    tokens = consent()
    environment = dict(os.environ, UPLOADS=UPLOADS, TOKEN_URI=GOOGLE + "/o/oauth2/token",
                       GDATA_OAUTH2_CLIENT_ID=CLIENT, GDATA_OAUTH2_CLIENT_SECRET=SECRET,
                       GDATA_OAUTH2_REFRESH_TOKEN=tokens["refresh_token"])
    for name, token in (("its access token", tokens["access_token"]), ("one that has ended", "ya29.ended")):
        fine("the rewritten program runs with " + name,
             done("mono", "Uploads.cs-after.exe", env=dict(environment, GDATA_OAUTH2_ACCESS_TOKEN=token)), "Uploads by ann")
    code, _, err = done("mono", "Uploads.cs-after.exe", env=environment)
    equal("without a token it ends", False, code == 0)
    like("without a token it says so", "access token must be provided", err)


run({"java": java, "csharp": csharp}[LANGUAGE])
