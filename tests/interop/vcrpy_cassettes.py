"""vcrpy loads and replays cassettes that were written here, and records what is read here.

It records from a server of its own on the loopback address, and plays written cassettes without a network.
GDATA_AUTH_BIN is the program that converts, CASSETTES the folder of the fixtures.
"""

import gzip
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading

import requests
import urllib3
import vcr
import yaml

from checks import equal, run

PROGRAM = os.environ["GDATA_AUTH_BIN"]
FIXTURES = os.environ["CASSETTES"]

BINARY = bytes(range(256))


class Server(http.server.BaseHTTPRequestHandler):
    def answer(self):
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body, extra = {
            "/text": ("Grüße\r\nzwei\n".encode(), []),
            "/binary": (BINARY, []),
            "/gzip": (gzip.compress(b"packed body\n" * 20), [("Content-Encoding", "gzip")]),
            "/echo": (sent, []),
            "/empty": (b"", []),
        }[self.path.split("?")[0]]
        self.send_response(200)
        for name, value in extra:
            self.send_header(name, value)
        self.send_header("Set-Cookie", "A=1; Path=/")
        self.send_header("Set-Cookie", "B=2; Path=/")
        self.send_header("X-Number", "017")
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


ASKED = [
    ("GET", "/text", None),
    ("GET", "/binary?a=1&b=%2F", None),
    ("GET", "/gzip", None),
    ("POST", "/echo", b"form=a%20b&c=d"),
    ("POST", "/echo", BINARY),
    ("GET", "/empty", None),
]


def is_text(one):
    _, path, body = one
    return body != BINARY and path.split("?")[0] not in ("/binary", "/gzip")


def record(folder):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = "http://127.0.0.1:%d" % server.server_port
    answers = []
    for serializer in ("yaml", "json"):
        # JSON holds no bytes.
        asked = ASKED if serializer == "yaml" else [one for one in ASKED if is_text(one)]
        file = os.path.join(folder, "recorded." + serializer)
        with vcr.VCR(serializer=serializer).use_cassette(file):
            for method, path, body in asked:
                reply = requests.request(method, base + path, data=body)
                answers.append(reply.content)
    server.shutdown()
    server.server_close()
    return base, answers


def convert(to, source, into):
    return subprocess.run([PROGRAM, "cassette", "convert", source, "--to", to, "-o", into, "--force", "--good-part"],
                          capture_output=True, text=True)


def replayed(name, file, wanted):
    """Each of `wanted` (method, uri, body, status, content, cookies) comes back from `file` alone."""
    with vcr.use_cassette(file, record_mode="none", match_on=["method", "uri", "body"]) as cassette:
        for index, (method, uri, body, status, content, cookies) in enumerate(wanted):
            pool = urllib3.PoolManager(retries=False)
            reply = pool.request(method, uri, body=body, redirect=False, decode_content=False)
            label = "%s, %d" % (name, index + 1)
            equal(label + ": status", status, reply.status)
            equal(label + ": body", content, reply.data)
            equal(label + ": cookies", cookies, reply.headers.getlist("Set-Cookie"))
        equal(name + ": all played", True, cassette.all_played)


def what_vcrpy_records_is_read_and_written_again():
    with tempfile.TemporaryDirectory() as folder:
        base, answers = record(folder)
        equal("the server answered", 9, len(answers))
        for serializer in ("yaml", "json"):
            file = os.path.join(folder, "recorded." + serializer)
            into = os.path.join(folder, "again.yaml")
            done = convert("vcrpy", file, into)
            # On urllib3 2, vcrpy records what gzip held, under the header that tells gzip: a note, no loss.
            notes = done.stderr.splitlines()
            undone = ["note: response.body: expected the coding that content-encoding tells, got a body without it "
                      "(%s, interaction 3)" % file]
            equal("recorded as %s: read" % serializer, (0, undone if serializer == "yaml" else []), (done.returncode, notes))
            with open(file) as one, open(into) as two:
                load = json.load if serializer == "json" else yaml.safe_load
                equal("recorded as %s: the same data" % serializer, load(one), yaml.safe_load(two))
            with vcr.use_cassette(into, record_mode="none", match_on=["method", "uri", "body"]):
                for method, path, body in [("GET", "/text", None), ("POST", "/echo", b"form=a%20b&c=d")]:
                    reply = requests.request(method, base + path, data=body)
                    equal("recorded as %s: %s by requests" % (serializer, path), body or "Grüße\r\nzwei\n".encode(), reply.content)
                    cookies = reply.raw.headers.getlist("Set-Cookie")
                    equal("recorded as %s: two cookies" % serializer, ["A=1; Path=/", "B=2; Path=/"], cookies)
            # There and back through Ruby VCR.
            ruby = os.path.join(folder, "ruby.yml")
            convert("ruby-vcr", file, ruby)
            done = convert("vcrpy", ruby, into)
            equal("recorded as %s, through VCR: written" % serializer, 0, done.returncode)
            with open(file) as one, open(into) as two:
                load = json.load if serializer == "json" else yaml.safe_load
                bodies = lambda data: [one["response"]["body"] for one in data["interactions"]]
                equal("recorded as %s, through VCR: the same bodies" % serializer, bodies(load(one)), bodies(yaml.safe_load(two)))


def foreign_cassettes_are_replayed():
    with tempfile.TemporaryDirectory() as folder:
        into = os.path.join(folder, "written.yaml")
        done = convert("vcrpy", os.path.join(FIXTURES, "ruby-vcr/v6.yml"), into)
        equal("Ruby VCR: written", 0, done.returncode)
        form = b"accountType=HOSTED_OR_GOOGLE&Email=ann%40example.com&Passwd=%3CPASSWORD%3E&service=youtube"
        replayed("Ruby VCR", into, [
            ("POST", "https://www.google.com/accounts/ClientLogin", form, 200,
             b"SID=DQAAA-one\nLSID=DQAAA-two\nAuth=DQAAA-three\n", ["S=calendar=one; Path=/", "T=two; Path=/"]),
            ("GET", "https://picasaweb.google.com/data/feed/api/user/ann?alt=json", None, 404,
             b"No such user: J\xfcrg\r\n", []),
        ])
        convert("vcrpy", os.path.join(FIXTURES, "go-vcr/v4.yaml"), into)
        replayed("go-vcr", into, [
            ("GET", "https://www.googleapis.com/storage/v1/b", None, 200, b'{\n  "kind": "storage#buckets"\n}\n', []),
            ("GET", "https://www.googleapis.com/upload", b"\xff\0bytes", 204, b"", []),
        ])
        convert("vcrpy", os.path.join(FIXTURES, "betamax/v0.9.json"), into)
        with vcr.use_cassette(into, record_mode="none"):
            reply = requests.get("https://www.googleapis.com/drive/v3/files")
            # vcrpy hands out what is in the file, and on urllib3 2 nobody undoes gzip behind it.
            equal("Betamax: the bytes of the wire", b"abc", gzip.decompress(reply.content))
        convert("vcrpy", os.path.join(FIXTURES, "vcrpy/before-1.0.yaml"), into)
        replayed("vcrpy before 1.0", into, [
            ("POST", "https://www.google.com/accounts/ClientLogin", b"Email=ann%40example.com", 200,
             b"Auth=DQAAA-one\n", ["A=1", "B=2"]),
            ("PUT", "https://www.google.com:8443/upload", b"streamed", 204, b"", []),
        ])


run(what_vcrpy_records_is_read_and_written_again, foreign_cassettes_are_replayed)
