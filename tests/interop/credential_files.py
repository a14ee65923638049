"""`gdata-auth request --credentials`: PyJWT and google-auth judge what this crate signs for a service account, and the
same file in the hands of both, google-auth and this crate, brings a token of the same holder from the emulator."""

import http.server
import json
import os
import threading
import time
from urllib.parse import parse_qs

import jwt
import requests
from google.auth import identity_pool
from google.auth import jwt as google_jwt
from google.auth.transport.requests import Request
from google.oauth2 import service_account

import google_hosts
from checks import GOOGLE, equal, key, like, run
from command_line import gdata_auth

WORK = os.environ["WORK"]
CLOUD = "https://www.googleapis.com/auth/cloud-platform"
CALENDAR = "https://www.googleapis.com/auth/calendar"
POOL = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/own"
OTHER = "other@project.iam.gserviceaccount.com"


class Judge(http.server.BaseHTTPRequestHandler):
    """A token endpoint that keeps each form, and an API that keeps each Authorization."""

    forms, seen = [], []
    reply = {"access_token": "ya29.judged", "expires_in": 3599, "token_type": "Bearer"}

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.forms.append({name: values[0] for name, values in parse_qs(body).items()})
        self.answer(json.dumps(self.reply))

    def do_GET(self):
        self.seen.append(self.headers["Authorization"])
        self.answer("{}")

    def answer(self, text):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Judge)
threading.Thread(target=listener.serve_forever, daemon=True).start()
JUDGE = "http://127.0.0.1:%d" % listener.server_port


def written(name, value):
    path = os.path.join(WORK, name)
    with open(path, "w") as file:
        json.dump(value, file)
    return path


def ask(path, scope):
    """This crate reads the file, gets a token, and sends it to the API: its code, and the token."""
    Judge.seen.clear()
    code, _, told = gdata_auth("request", "--credentials", path, "--scope", scope, "GET", JUDGE + "/api")
    return code, (Judge.seen or [told])[-1].replace("Bearer ", "")


def an_assertion():
    path = written("judged.json", dict(google_hosts.robot(), token_uri=JUDGE + "/token"))
    began = int(time.time())
    equal("a service account's file opens an API", (0, "ya29.judged"), ask(path, CLOUD))
    form = Judge.forms[-1]
    equal("by an assertion", "urn:ietf:params:oauth:grant-type:jwt-bearer", form["grant_type"])
    equal("and nothing else", {"grant_type", "assertion"}, set(form))
    public = key("insecure-rsa2048-pub.pem")
    claims = jwt.decode(form["assertion"], public, algorithms=["RS256"], audience=JUDGE + "/token",
                        options={"require": ["iss", "iat", "exp"]})
    equal("PyJWT verifies it: who, for what", ("robot@project.iam.gserviceaccount.com", CLOUD),
          (claims["iss"], claims["scope"]))
    equal("for an hour from now on", (True, 3600), (abs(claims["iat"] - began) <= 5, claims["exp"] - claims["iat"]))
    equal("its header", {"alg": "RS256", "typ": "JWT", "kid": "k1"}, jwt.get_unverified_header(form["assertion"]))
    certificates = {"k1": key("insecure-rsa2048-cert.pem")}
    equal("google-auth verifies it by the certificate", claims,
          google_jwt.decode(form["assertion"], certs=certificates, audience=JUDGE + "/token"))
    head, body, signature = form["assertion"].split(".")
    try:
        google_jwt.decode(".".join([head, body, signature[:-8] + "AAAAAAAA"]), certs=certificates)
        equal("and no other signature", "ValueError", "none")
    except ValueError as problem:
        like("and no other signature", "(?i)signature", problem)


def the_same_as_google_auth():
    files = {
        "a service account": dict(google_hosts.robot(), token_uri=GOOGLE + "/token"),
        "a workload's identity": {
            "type": "external_account", "audience": POOL, "token_url": GOOGLE + "/v1/token",
            "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
            "credential_source": {"file": written("subject", {"token": "a.b.c"}),
                                  "format": {"type": "json", "subject_token_field_name": "token"}},
        },
        "an impersonated account": {
            "type": "impersonated_service_account", "delegates": [],
            "source_credentials": dict(google_hosts.robot(), token_uri=GOOGLE + "/token"),
            "service_account_impersonation_url":
                GOOGLE + "/v1/projects/-/serviceAccounts/%s:generateAccessToken" % OTHER,
        },
    }
    files["a workload that acts for an account"] = dict(
        files["a workload's identity"],
        service_account_impersonation_url=files["an impersonated account"]["service_account_impersonation_url"])
    holders = {"a service account": "robot@project.iam.gserviceaccount.com", "a workload's identity": POOL}
    for name, content in files.items():
        path = written("both.json", content)
        _, token = ask(path, CALENDAR if OTHER in json.dumps(content) else CLOUD)
        ours = holder(token)
        equal(name + ": this crate's token", holders.get(name, OTHER), ours)
        if name == "an impersonated account":
            # google-auth finds the address of IAM credentials by itself: google_identity.py leads it here.
            continue
        read = {"service_account": service_account.Credentials.from_service_account_file,
                "external_account": identity_pool.Credentials.from_file}[content["type"]]
        theirs = read(path, scopes=[CLOUD])
        theirs.refresh(Request())
        equal(name + ": google-auth's is of the same holder", ours, holder(theirs.token))


def holder(token):
    told = requests.get(GOOGLE + "/tokeninfo", params={"access_token": token}, timeout=10).json()
    return told.get("azp", str(told) + token)


def a_user():
    path = written("user.json", {"type": "authorized_user", "client_id": os.environ["DESKTOP_ID"],
                                 "client_secret": os.environ["OAUTH2_SECRET"], "refresh_token": "1//0nobody",
                                 "token_uri": GOOGLE + "/token"})
    code, _, told = gdata_auth("request", "--credentials", path, "--scope", CLOUD, "GET", JUDGE + "/api")
    equal("a user's file with a dead refresh token is a no", 1, code)
    like("in words", "(?i)invalid_grant|no longer|revoked", told)
    equal("without a secret in them", False, "1//0nobody" in told or os.environ["OAUTH2_SECRET"] in told)


run(an_assertion, the_same_as_google_auth, a_user)
