"""Mappings by other hands: WireMock itself loads what we write, and answers by it.

Needs $GDATA_AUTH_BIN, java and npm's wiremock beside this file.
"""

import glob
import json
import os
import subprocess
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
WORK = os.environ["WORK"]
BINARY = os.environ["GDATA_AUTH_BIN"]
FIXTURES = os.path.join(HERE, "..", "..", "fixtures", "cassettes")
JAR = glob.glob(HERE + "/node_modules/wiremock/build/wiremock-standalone-*.jar")[0]


def equal(name, expected, got):
    if expected == got:
        print("ok - %s" % name, flush=True)
    else:
        print("not ok - %s: expected %r, got %r" % (name, expected, str(got)[:500]), flush=True)


def recording():
    """Two logins to one address and a form with signatures, as another tool would have recorded them."""
    def entry(method, url, headers, sent, status, body):
        request = {"method": method, "url": url, "httpVersion": "HTTP/1.1", "cookies": [], "queryString": [],
                   "headers": [{"name": n, "value": v} for n, v in headers], "headersSize": -1, "bodySize": -1}
        if sent:
            request["postData"] = {"mimeType": "text/plain", "text": sent}
        return {"startedDateTime": "2026-01-02T03:04:05.678Z", "time": 1, "request": request,
                "response": {"status": status, "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [],
                             "headers": [{"name": "Set-Cookie", "value": "a=1"}, {"name": "Set-Cookie", "value": "b=2"}],
                             "content": {"size": len(body), "mimeType": "text/plain", "text": body},
                             "redirectURL": "", "headersSize": -1, "bodySize": -1}, "cache": {}, "timings": {}}
    form = [("Content-Type", "application/x-www-form-urlencoded")]
    login = "https://www.google.com/accounts/ClientLogin"
    signed = [("Authorization", "OAuth oauth_nonce=\"1\", oauth_signature=\"x\""), ("Content-Type", "application/json")]
    return [
        entry("POST", login, form, "service=cl&Passwd=recorded", 403, "Error=BadAuthentication\n"),
        entry("POST", login, form, "service=cl&Passwd=recorded", 200, "Auth=stand-in\n"),
        entry("PUT", "https://www.google.com/feeds/1?alt=json&oauth_nonce=9", signed, "{\"a\": [1, 2]}", 200, "made"),
    ]


def main():
    files = os.path.join(WORK, "wiremock")
    os.makedirs(os.path.join(files, "mappings"))
    source = os.path.join(WORK, "recording.har")
    with open(source, "w", encoding="utf-8") as file:
        json.dump({"log": {"version": "1.2", "creator": {"name": "r", "version": "1"}, "entries": recording()}}, file)
    for name, path in [("recorded.json", source), ("stubs.json", FIXTURES + "/wiremock/mappings/login.json")]:
        subprocess.run([BINARY, "cassette", "convert", path, "--to", "wiremock", "-o", os.path.join(files, "mappings", name), "--force"], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(os.path.join(WORK, "wiremock.log"), "w") as log:
        server = subprocess.Popen(["java", "-jar", JAR, "--port", "0", "--bind-address",
                                   "127.0.0.1", "--root-dir", files, "--disable-banner", "--verbose"],
                                  stdout=log, stderr=subprocess.STDOUT)
    try:
        run(server)
    finally:
        server.terminate()
        server.wait()


def run(server):
    port = None
    for _ in range(300):
        with open(os.path.join(WORK, "wiremock.log")) as log:
            found = [line.split()[-1] for line in log if line.startswith("port:")]
        if found:
            port = found[0]
            break
        if server.poll() is not None:
            break
        time.sleep(0.1)
    if not port:
        with open(os.path.join(WORK, "wiremock.log")) as log:
            equal("WireMock starts with our mappings", "a port", log.read()[-400:])
        return

    def ask(method, path, body, headers):
        request = urllib.request.Request("http://127.0.0.1:%s%s" % (port, path), body, dict(headers), method=method)
        try:
            answer = urllib.request.urlopen(request)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        return answer.status, answer.read().decode(), answer.headers.get_all("Set-Cookie")

    _, listed, _ = ask("GET", "/__admin/mappings", None, {})
    equal("WireMock takes every stub", 8, len(json.loads(listed)["mappings"]))
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    login = ("POST", "/accounts/ClientLogin", b"Passwd=live&service=cl", form)
    scenarios = json.loads(ask("GET", "/__admin/scenarios", None, {})[1])["scenarios"]
    equal("and both scenarios", 2, len(scenarios))
    # The stub that was one has a higher priority, and asks that there is no cookie.
    first = ask(*login)
    equal("a stub that was one answers as it did", (403, "Error=CaptchaRequired\n"), first[:2])
    equal("both cookies come", ["S=1; Path=/", "T=2"], first[2])
    cookie = dict(form, Cookie="S=1")
    equal("a recorded login answers with another password", (403, "Error=BadAuthentication\n", ["a=1", "b=2"]),
          ask("POST", "/accounts/ClientLogin", b"Passwd=live&service=cl", cookie))
    equal("and the second time as the second time", (200, "Auth=stand-in\n", ["a=1", "b=2"]),
          ask("POST", "/accounts/ClientLogin", b"Passwd=other&service=cl", cookie))
    signed = {"Authorization": "OAuth oauth_nonce=\"2\", oauth_signature=\"y\"", "Content-Type": "application/json"}
    equal("a signed request matches with another nonce", (200, "made"),
          ask("PUT", "/feeds/1?oauth_nonce=4&alt=json", b"{\"a\":[1,2]}", signed)[:2])
    equal("another body does not", 404, ask("PUT", "/feeds/1?alt=json", b"{\"a\":[2,1]}", signed)[0])
    bearer = {"Authorization": "Bearer x", "Content-Type": "application/json"}
    equal("nor another scheme", 404, ask("PUT", "/feeds/1?alt=json", b"{\"a\":[1,2]}", bearer)[0])


main()
