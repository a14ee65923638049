"""This library against oauthlib: lines of `gdata-auth sign oauth1` before a provider of oauthlib's, and a hundred
odd requests whose signatures oauthlib makes too.
"""

import os
import random
import re
import subprocess
import sys
from urllib.parse import quote, quote_plus, unquote, urlencode, urlsplit

import requests
from oauthlib.oauth1 import SIGNATURE_HMAC_SHA1, SIGNATURE_RSA_SHA1, Client
from requests_oauthlib import OAuth1Session

from browser import NEXT, query_of
from checks import KEYS, equal, key, not_ok, refuses, run, skip
from oauthlib_provider import Provider, public_key

BINARY = os.environ["GDATA_AUTH_BIN"]
WORK = os.environ["WORK"]
SECRET = os.environ["CONSUMER_SECRET"]
SCOPE = "http://gdata.youtube.com/feeds/"
KEY_FILE = os.path.join(KEYS, "insecure-rsa2048-pkcs8.pem")
KEY = key("insecure-rsa2048-pkcs8.pem")
CASES = 100


def stored(name, text):
    path = os.path.join(WORK, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def sign(method, address, consumer, token=None, form=(), extra=()):
    """The header lines of `sign oauth1`, as a dictionary."""
    command = [BINARY, "sign", "oauth1", "--consumer-key", consumer["key"], *extra]
    if "secret" in consumer:
        command += ["--consumer-secret-file", stored("consumer-secret", consumer["secret"])]
    else:
        command += ["--key", KEY_FILE]
    if token:
        command += ["--token-file", stored("token", token[0])]
        command += ["--token-secret-file", stored("token-secret", token[1])]
    command += ["--form=%s=%s" % field for field in form]
    done = subprocess.run(command + [method, address], capture_output=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        raise RuntimeError("%r: %s" % (command[1:], done.stderr))
    lines = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    lines.pop("Content-Type", None)
    return lines


def parameters(header):
    """What a header of OAuth 1.0 says, decoded."""
    return {name: unquote(value) for name, value in re.findall(r'(\w+)="([^"]*)"', header)}


HMAC = {"key": "www.example.com", "secret": SECRET}
RSA = {"key": "rsa.example.com"}


def provider():
    server = Provider({HMAC["key"]: SECRET}, {RSA["key"]: public_key(key("insecure-rsa2048-cert.pem"))})
    try:
        for name, consumer, own in (
                ("HMAC", HMAC, {"client_secret": SECRET}),
                ("RSA", RSA, {"rsa_key": KEY, "signature_method": SIGNATURE_RSA_SHA1})):
            # The provider first proves that it knows a good client from a bad one.
            session = OAuth1Session(consumer["key"], callback_uri=NEXT, **own)
            session.fetch_request_token(server.origin + "/accounts/OAuthGetRequestToken?" + urlencode({"scope": SCOPE}))
            page = requests.get(session.authorization_url(server.origin + "/accounts/OAuthAuthorizeToken"),
                                allow_redirects=False)
            equal(name + ": oauthlib's provider redirects", 302, page.status_code)
            session.parse_authorization_response(page.headers["Location"])
            equal(name + ": the callback keeps its query", "en", query_of(page.headers["Location"])["lang"])
            reply = session.fetch_access_token(server.origin + "/accounts/OAuthGetAccessToken")
            token = (reply["oauth_token"], reply["oauth_token_secret"])
            with_token(name, server, consumer, token)
    finally:
        server.close()


def dance():
    """This library's own client, from the request token to a signed call, before oauthlib's provider."""
    server = Provider({HMAC["key"]: SECRET}, {RSA["key"]: public_key(key("insecure-rsa2048-cert.pem"))})
    try:
        for name, own in (
                ("HMAC", ["--consumer-key", HMAC["key"], "--consumer-secret-file", stored("consumer-secret", SECRET)]),
                ("RSA", ["--consumer-key", RSA["key"], "--key", KEY_FILE])):
            login = subprocess.Popen(
                [BINARY, "login", "--oauth1", "--server", server.origin, "--scope", SCOPE, "--timeout", "60", *own],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
            link = None
            for line in login.stderr:
                found = re.search(r"http://\S+/accounts/OAuthAuthorizeToken\?\S+", line)
                if found:
                    link = found.group(0)
                    break
            if link is None:
                login.wait()
                not_ok(name + ": login prints the link", "a link", "none")
                continue
            # The browser: to the provider, which consents, and back to the receiver.
            page = requests.get(link)
            equal(name + ": the browser ends on the receiver's page", 200, page.status_code)
            equal(name + ": no verifier stays in the address", {}, query_of(page.url))
            out, _ = login.communicate(timeout=60)
            equal(name + ": login ends well", 0, login.returncode)
            lines = dict(line.split("=", 1) for line in out.splitlines())
            token = (lines["oauth_token"], lines["oauth_token_secret"])
            consumer = HMAC if name == "HMAC" else RSA
            address = server.origin + "/feeds/api/users/default/uploads?v=2"
            answer = requests.get(address, headers=sign("GET", address, consumer, token))
            equal(name + ": oauthlib takes the call that follows", (200, "valid\n"), (answer.status_code, answer.text))
    finally:
        server.close()


def with_token(name, server, consumer, token):
    for what, method, path, form in (
            ("a feed", "GET", "/feeds/api/users/default/uploads", ()),
            ("a query with blanks, repeats and nothing", "GET",
             "/feeds/api/videos?q=a+b%2Fc&q=%E2%82%AC&category=&v=2&q=A", ()),
            ("a path with escapes", "GET", "/feeds/a%20b/%C3%A9;x=1/~z", ()),
            ("a form", "POST", "/form?x=1", (("a", "b c"), ("a", "+&=%"), ("e", ""), ("\u20ac", "\U0001f600"))),
            ("a body that is no form", "PUT", "/feeds/entry", None),
            ("DELETE", "DELETE", "/feeds/entry?a=1", ())):
        address = server.origin + path
        lines = sign(method, address, consumer, token, form or ())
        given = {"data": urlencode(form), "headers": dict(
            lines, **{"Content-Type": "application/x-www-form-urlencoded"})} if form else {"headers": lines}
        if form is None:
            given = {"data": b"<entry/>", "headers": dict(lines, **{"Content-Type": "application/atom+xml"})}
        answer = requests.request(method, address, **given)
        equal("%s: oauthlib takes %s" % (name, what), (200, "valid\n"), (answer.status_code, answer.text))
        equal("%s: once, of %s" % (name, what), 401, requests.request(method, address, **given).status_code)
    address = server.origin + "/feeds/api/videos?v=2"
    lines = sign("GET", address, consumer, token)
    equal(name + ": oauthlib refuses the header at another address", 401,
          requests.get(address + "&x=1", headers=lines).status_code)
    lines = sign("GET", address, dict(consumer, secret="wrong") if "secret" in consumer else consumer,
                 (token[0], token[1]) if "secret" in consumer else ("unknown", "x"))
    equal(name + ": oauthlib refuses a wrong secret or token", 401, requests.get(address, headers=lines).status_code)


def odd_text(chance, longest=8):
    alphabet = "abcXYZ019-._~ !*'()+&=%/?#@:;,\"<>[]{}|\\^`$\u00e9\u00df\u20ac\u4e2d\U0001f600"
    return "".join(chance.choice(alphabet) for _ in range(chance.randrange(longest)))


def odd_request(chance):
    """Method, address and form; each parameter escaped as this client or that would."""
    host = chance.choice(["www.google.com", "WWW.Google.com", "gdata.youtube.com:80", "gdata.youtube.com:8080",
                          "127.0.0.1:1", "www.google.com:443", "[::1]:8080"])
    scheme = chance.choice(["http", "https"])
    # Dot segments go before anything is sent, so none is made.
    parts = [quote(odd_text(chance), safe="").strip(".") for _ in range(chance.randrange(4))]
    path = "/" + "/".join(parts)
    escape = chance.choice([lambda text: quote(text, safe=""), lambda text: quote_plus(text),
                            lambda text: quote(text, safe="!*'()~"), lambda text: quote(text, safe="").lower()])
    names = [odd_text(chance) or "n" for _ in range(3)]
    pairs = [(chance.choice(names), chance.choice(["", odd_text(chance), "A", "a b"]))
             for _ in range(chance.randrange(6))]
    query = "&".join("%s=%s" % (escape(name), escape(value)) for name, value in pairs)
    form = []
    if chance.random() < 0.5:
        form = [(chance.choice(names + ["form"]).replace("=", ""), odd_text(chance)) for _ in range(3)]
        form = [(name or "n", value) for name, value in form]
    address = "%s://%s%s%s" % (scheme, host, path, "?" + query if query else "")
    return "POST" if form else chance.choice(["GET", "PUT", "DELETE"]), address, form


def as_sent(address):
    """Host in small letters, no default port, no bare apostrophe: as the URL Standard writes an address."""
    parts = urlsplit(address)
    host = parts.netloc.lower()
    for scheme, port in (("http", ":80"), ("https", ":443")):
        if parts.scheme == scheme and host.endswith(port):
            host = host[:-len(port)]
    return address.replace(parts.netloc, host, 1).replace("'", "%27")


def signatures():
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    agreed, wrong = 0, []
    for case in range(CASES):
        method, address, form = odd_request(chance)
        rsa = case % 4 == 3
        token = ("1/" + (odd_text(chance) or "t"), odd_text(chance) or "s") if case % 5 else None
        consumer = {"key": "rsa.example.com"} if rsa else {"key": "www.example.com", "secret": odd_text(chance) or "s"}
        try:
            ours = parameters(sign(method, as_sent(address), consumer, token, form)["Authorization"])
        except (RuntimeError, KeyError) as problem:
            wrong.append("%s %s %r: %s" % (method, address, form, problem))
            continue
        client = Client(
            consumer["key"], client_secret=consumer.get("secret"), rsa_key=KEY if rsa else None,
            resource_owner_key=token and token[0], resource_owner_secret=token and token[1],
            signature_method=SIGNATURE_RSA_SHA1 if rsa else SIGNATURE_HMAC_SHA1,
            timestamp=ours["oauth_timestamp"], nonce=ours["oauth_nonce"])
        typed = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        try:
            _, headers, _ = client.sign(address, method, urlencode(form) if form else None, typed)
        except ValueError as problem:  # oauthlib wants every reserved character escaped
            wrong.append("%s %s %r: oauthlib cannot: %s" % (method, address, form, problem))
            continue
        theirs = parameters(headers["Authorization"])
        if ours == theirs:
            agreed += 1
        else:
            wrong.append("%s %s %r with %r: %r, not %r" % (method, address, form, token, ours, theirs))
    if wrong:
        for line in wrong[:5]:
            not_ok("seed %d: the same parameters and signature" % seed, "agreement", line)
    equal("oauthlib makes the same signature for each of %d odd requests" % CASES, CASES, agreed)


def not_as_sent():
    for address, wanted in (("http://WWW.Google.com/a?b=C", "http://www.google.com/a?b=C"),
                            ("https://www.google.com:443/a", "https://www.google.com/a"),
                            ("http://www.google.com:80/a", "http://www.google.com/a")):
        refuses("%s is refused, with the address to sign" % address, RuntimeError,
                "HTTP clients send this as %s: sign that" % re.escape(wanted),
                lambda: sign("GET", address, HMAC, ("1/t", "s")))


def main():
    words = subprocess.run([BINARY, "sign", "--help"], capture_output=True, encoding="utf-8", check=False).stdout
    if "oauth1" not in words:
        return skip("sign oauth1", "a binary with `gdata-auth sign oauth1`")
    run(provider, dance, not_as_sent, signatures)
    sys.stdout.flush()


main()
