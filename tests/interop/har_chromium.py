"""HAR by other hands: the published schema judges what we write, Chromium replays it, and records for our reader.

Needs $GDATA_AUTH_BIN, Playwright for Python, a Chromium and, for the schema, npm's
har-validator beside this file.
"""

import base64
import gzip
import http.server
import json
import os
import re
import shutil
import subprocess
import threading
import traceback

from playwright.sync_api import sync_playwright

HERE = os.path.dirname(os.path.abspath(__file__))
WORK = os.environ["WORK"]
BINARY = os.environ["GDATA_AUTH_BIN"]
FIXTURES = os.path.join(HERE, "..", "..", "fixtures", "cassettes")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
PICTURE = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


def equal(name, expected, got):
    if expected == got:
        print("ok - %s" % name, flush=True)
    else:
        line = "%s: expected %r, got %r" % (name, expected, got)
        print("not ok - %s" % line.replace("\n", "\\n")[:700], flush=True)


def convert(source, name, form="har"):
    """What our converter makes of a file: the new file, and what it said."""
    to = os.path.join(WORK, name)
    done = subprocess.run([BINARY, "cassette", "convert", source, "--to", form, "-o", to, "--force"], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-500:])
    return to, done.stdout + done.stderr


def entries(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)["log"]["entries"]


def judged(path):
    """What the schema of HAR 1.2 says of a file: nothing when it is strict."""
    script = ("const v=require('har-validator');v.har(JSON.parse(require('fs').readFileSync(process.argv[1])))"
              ".then(()=>{},e=>{console.log(JSON.stringify(e.errors));process.exit(1)})")
    done = subprocess.run(["node", "-e", script, path], capture_output=True, text=True, cwd=HERE)
    return (done.stdout + done.stderr).strip()[:400]


def schema():
    if not os.path.isdir(os.path.join(HERE, "node_modules", "har-validator")):
        print("skip - the schema of HAR 1.2: npm's har-validator in tests/interop/node_modules")
        return
    files = ["har/plain.har", "har/chrome.har", "har/firefox.har", "har/polly.har", "har/mitmproxy.har",
             "har/playwright-attach/login.har", "wiremock/mappings/login.json", "hoverfly/simulation.json",
             "nock/definitions.json", "go-replayers/log.replay"]
    for file in files:
        written, _ = convert(os.path.join(FIXTURES, file), "judged.har")
        equal("what we write of %s is strict HAR 1.2" % file, "", judged(written))
    # The judge has to be awake.
    broken = entries(written)
    del broken[0]["response"]["content"]
    path = os.path.join(WORK, "broken.har")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"log": {"version": "1.2", "creator": {"name": "a", "version": "1"}, "entries": broken}}, file)
    equal("the schema refuses an entry without content", True, "content" in judged(path))


def pages():
    """A recording as another tool would have made it: a page with a script's request, a redirect, a picture."""
    def entry(method, path, status, kind, body, headers=(), sent=None):
        text = {"text": body} if isinstance(body, str) else {
            "text": base64.b64encode(body).decode(), "encoding": "base64"}
        request = {"method": method, "url": "https://www.example.com" + path, "httpVersion": "HTTP/1.1",
                   "cookies": [], "headers": [], "queryString": [], "headersSize": -1, "bodySize": -1}
        if sent:
            request["postData"] = {"mimeType": "application/x-www-form-urlencoded", "text": sent}
            request["headers"] = [{"name": "content-type", "value": "application/x-www-form-urlencoded"}]
        listed = [{"name": "content-type", "value": kind}] + [{"name": n, "value": v} for n, v in headers]
        return {"startedDateTime": "2026-01-02T03:04:05.678Z", "time": 1, "request": request,
                "response": {"status": status, "statusText": "OK", "httpVersion": "HTTP/1.1", "cookies": [],
                             "headers": listed, "content": dict(text, size=len(body), mimeType=kind),
                             "redirectURL": dict(headers).get("location", ""), "headersSize": -1, "bodySize": -1},
                "cache": {}, "timings": {"send": 0, "wait": 1, "receive": 0}}
    page = ("<!DOCTYPE html><meta charset=utf-8><title>\u20ac \"quoted\"</title><img id=i src=/picture>"
            "<script>fetch('/token',{method:'POST',headers:{'content-type':'application/x-www-form-urlencoded'},"
            "body:'grant_type=refresh_token'}).then(r=>r.json()).then(j=>document.body.append(j.token_type))</script>")
    zipped = gzip.compress(json.dumps({"token_type": "Bearer \u20ac"}).encode(), mtime=0)
    return [
        entry("GET", "/", 302, "text/plain", "", [("location", "https://www.example.com/page")]),
        entry("GET", "/page", 200, "text/html; charset=utf-8", page, [("set-cookie", "a=1"), ("set-cookie", "b=2")]),
        entry("GET", "/picture", 200, "image/png", PICTURE),
        # As it came over the wire, under its coding.
        entry("POST", "/token", 200, "application/json", zipped, [("content-encoding", "gzip")],
              "grant_type=refresh_token"),
    ]


def replays(browser):
    source = os.path.join(WORK, "source.har")
    with open(source, "w", encoding="utf-8") as file:
        log = {"version": "1.2", "creator": {"name": "pages", "version": "1"}, "entries": pages()}
        json.dump({"log": log}, file)
    ours, _ = convert(source, "ours.har")
    equal("the coded body is kept as it came, beside the one that is shown", True,
          "wire" in entries(ours)[3]["_gdataAuth"]["response"])
    context = browser.new_context()
    context.route_from_har(ours, not_found="abort")
    page = context.new_page()
    page.goto("https://www.example.com/")
    equal("Chromium follows the recorded redirect", "https://www.example.com/page", page.url)
    equal("Chromium shows the recorded page", "\u20ac \"quoted\"", page.title())
    page.wait_for_function("document.body.textContent.includes('Bearer')", timeout=10000)
    equal("a script reads the body that was under gzip", "Bearer \u20ac", page.inner_text("body").strip())
    page.wait_for_function("document.getElementById('i').naturalWidth == 1", timeout=10000)
    equal("Chromium paints the recorded picture", 1, page.evaluate("document.getElementById('i').naturalWidth"))
    refused = page.evaluate("fetch('/other').then(() => 'answered', () => 'refused')")
    equal("what is not in the recording is refused", "refused", refused)
    context.close()


def imports(browser):
    """What the network panel does with a HAR that is dropped on it: DevTools' own importer, from the browser."""
    page = browser.new_page()
    page.goto("devtools://devtools/bundled/devtools_app.html")
    script = """async (text) => {
        const har = await import('./models/har/har.js');
        const log = new har.HARFormat.HARRoot(JSON.parse(text)).log;
        const shown = [];
        for (const request of har.Importer.Importer.requestsFromHARLog(log)) {
            const content = await request.requestContentData();
            shown.push([request.requestMethod, request.url(), request.statusCode, request.responseHeaders.length,
                        content.isTextContent ? content.text : content.base64]);
        }
        return shown;
    }"""
    for name, expected in [
        ("plain", [["POST", "https://www.google.com/accounts/ClientLogin", 200, 3, "SID=a\nLSID=b\nAuth=c\n\u20ac"],
                   ["POST", "https://www.example.com/form", 200, 1, "iVBORw0KGgo="]]),
        ("polly", [["GET", "https://www.example.com/events/1", 200, 3, '{"id":1,"title":"wire"}'],
                   ["GET", "https://www.example.com/events/1", 200, 1, '{"id":1,"title":"wire"}'],
                   ["GET", "https://www.example.com/names", 200, 1, '["cafe","12"]']]),
    ]:
        ours, _ = convert(os.path.join(FIXTURES, "har", name + ".har"), "imported.har")
        with open(ours, encoding="utf-8") as file:
            equal("DevTools imports what we write of %s.har" % name, expected, page.evaluate(script, file.read()))
    page.close()


class Site(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, kind, body, headers=()):
        self.send_response(status)
        for name, value in [("Content-Type", kind), ("Content-Length", str(len(body)))] + list(headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/":
            self.answer(302, "text/plain", b"", [("Location", "/page")])
        elif self.path == "/page":
            body = b"<!DOCTYPE html><img src=/picture><script>fetch('/form',{method:'POST',body:'a=1&b=%E2%82%AC'})" \
                   b".then(r=>r.text()).then(t=>document.title=t)</script>"
            self.answer(200, "text/html; charset=utf-8", gzip.compress(body),
                        [("Content-Encoding", "gzip"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        elif self.path == "/picture":
            self.answer(200, "image/png", PICTURE)
        else:
            self.answer(404, "text/plain", b"none")

    def do_POST(self):
        self.answer(200, "text/plain", b"took " + self.rfile.read(int(self.headers["Content-Length"])))

    def log_message(self, *_):
        pass


def records(browser):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = "http://127.0.0.1:%d" % server.server_port
    for name, mode in [("embed.har", "embed"), ("attach/attach.har", "attach"), ("packed.har.zip", "attach")]:
        path = os.path.join(WORK, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        context = browser.new_context(record_har_path=path, record_har_content=mode)
        page = context.new_page()
        page.goto(address + "/")
        page.wait_for_function("document.title.startsWith('took')", timeout=10000)
        context.close()
        ours, said = convert(path, "read.har")
        equal("%s of Chromium is read without a problem" % name, "", said.strip())
        read = {re.sub(".*:[0-9]+", "", each["request"]["url"]): each for each in entries(ours)}
        equal("%s: the redirect" % name, 302, read["/"]["response"]["status"])
        equal("%s: the page, decoded" % name, True,
              read["/page"]["response"]["content"]["text"].startswith("<!DOCTYPE html>"))
        equal("%s: that it is decoded" % name, "decoded", read["/page"]["_gdataAuth"]["response"]["form"])
        cookies = [each["value"] for each in read["/page"]["response"]["headers"]
                   if each["name"].lower() == "set-cookie"]
        equal("%s: both cookies" % name, ["a=1", "b=2"], cookies)
        picture = read["/picture"]["response"]["content"]
        equal("%s: the picture, byte for byte" % name, PICTURE, base64.b64decode(picture.get("text", "")))
        equal("%s: the form that was posted" % name, "a=1&b=%E2%82%AC", read["/form"]["request"]["postData"]["text"])
        equal("%s: its answer" % name, "took a=1&b=%E2%82%AC", read["/form"]["response"]["content"]["text"])
    server.shutdown()


def main():
    schema()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for check in (replays, records, imports):
            try:
                check(browser)
            except Exception:
                equal(check.__name__, "an end", traceback.format_exc()[-600:])
        browser.close()


main()
