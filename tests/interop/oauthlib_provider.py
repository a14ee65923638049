"""An OAuth 1.0 provider that nobody here wrote: oauthlib's, on Google's paths, with tables in memory.

What it takes was verified by oauthlib alone. `Provider()` listens on a free loopback port; by itself it prints
`listening on http://127.0.0.1:PORT` and serves until it is stopped. Consent is given at once.
"""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from oauthlib.oauth1 import (
    SIGNATURE_HMAC_SHA1, SIGNATURE_PLAINTEXT, SIGNATURE_RSA_SHA1, OAuth1Error, RequestValidator,
    WebApplicationServer)

NOBODY = "nobody"


class Tables(RequestValidator):
    """Who is known, and what was issued. The names of the methods are oauthlib's."""

    enforce_ssl = False  # loopback
    allowed_signature_methods = (SIGNATURE_HMAC_SHA1, SIGNATURE_RSA_SHA1, SIGNATURE_PLAINTEXT)
    timestamp_lifetime = 600
    dummy_client = dummy_request_token = dummy_access_token = NOBODY

    def __init__(self, secrets, public_keys):
        super().__init__()
        self.secrets, self.public_keys = secrets, public_keys
        self.request_tokens, self.access_tokens, self.seen = {}, {}, set()

    # What may stand in a request. Google's keys are domains, its tokens hold a slash, its nonces are numbers.
    def check_client_key(self, client_key):
        return 0 < len(client_key) < 256

    check_nonce = check_request_token = check_access_token = check_verifier = check_client_key

    # Applications.
    def validate_client_key(self, client_key, request):
        return client_key in self.secrets or client_key in self.public_keys

    def get_client_secret(self, client_key, request):
        return self.secrets.get(client_key, NOBODY)

    def get_rsa_key(self, client_key, request):
        return self.public_keys.get(client_key) or next(iter(self.public_keys.values()))

    def validate_timestamp_and_nonce(self, client_key, timestamp, nonce, request, request_token=None,
                                     access_token=None):
        stamp = (client_key, timestamp, nonce, request_token, access_token)
        fresh = stamp not in self.seen
        self.seen.add(stamp)
        return fresh

    # Realms: Google had scopes instead.
    def get_default_realms(self, client_key, request):
        return []

    def get_realms(self, token, request):
        return []

    def validate_requested_realms(self, client_key, realms, request):
        return True

    def validate_realms(self, client_key, token, request, uri=None, realms=None):
        return True

    def validate_redirect_uri(self, client_key, redirect_uri, request):
        return redirect_uri == "oob" or urlsplit(redirect_uri).scheme in ("http", "https")

    # Request tokens.
    def save_request_token(self, token, request):
        self.request_tokens[token["oauth_token"]] = {
            "secret": token["oauth_token_secret"], "client": request.client_key, "callback": request.redirect_uri}

    def validate_request_token(self, client_key, token, request):
        return self.request_tokens.get(token, {}).get("client") == client_key

    def verify_request_token(self, token, request):
        return token in self.request_tokens

    def get_request_token_secret(self, client_key, token, request):
        return self.request_tokens.get(token, {}).get("secret", NOBODY)

    def get_redirect_uri(self, token, request):
        return self.request_tokens[token]["callback"]

    def save_verifier(self, token, verifier, request):
        self.request_tokens[token]["verifier"] = verifier["oauth_verifier"]

    def validate_verifier(self, client_key, token, verifier, request):
        return bool(verifier) and self.request_tokens.get(token, {}).get("verifier") == verifier

    def invalidate_request_token(self, client_key, request_token, request):
        self.request_tokens.pop(request_token, None)

    # Access tokens.
    def save_access_token(self, token, request):
        self.access_tokens[token["oauth_token"]] = {
            "secret": token["oauth_token_secret"], "client": request.client_key}

    def validate_access_token(self, client_key, token, request):
        return self.access_tokens.get(token, {}).get("client") == client_key

    def get_access_token_secret(self, client_key, token, request):
        return self.access_tokens.get(token, {}).get("secret", NOBODY)


class Provider:
    """The server, in a thread."""

    def __init__(self, secrets, public_keys):
        self.tables = Tables(secrets, public_keys)
        self.oauth = WebApplicationServer(self.tables)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.origin = "http://127.0.0.1:%d" % self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, method, address, body, headers):
        """Status, headers and body."""
        path = urlsplit(address).path
        request = (address, method, body, headers)
        try:
            if path == "/accounts/OAuthGetRequestToken":
                fields, text, status = self.oauth.create_request_token_response(*request)
            elif path == "/accounts/OAuthAuthorizeToken":
                fields, text, status = self.oauth.create_authorization_response(*request, realms=[])
            elif path == "/accounts/OAuthGetAccessToken":
                fields, text, status = self.oauth.create_access_token_response(*request)
            else:
                valid, _ = self.oauth.validate_protected_resource_request(*request, realms=[])
                fields, text, status = {}, "valid\n" if valid else "not valid\n", 200 if valid else 401
        except OAuth1Error as problem:
            fields, text, status = {}, "%s: %s\n" % (problem.error, problem.description), 400
        return status, fields or {}, (text or "").encode("utf-8")

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def _handler(provider):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _do(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8")
                address = self.path if "://" in self.path else "http://%s%s" % (self.headers["Host"], self.path)
                status, fields, answer = provider.answer(self.command, address, body, dict(self.headers))
                self.send_response(status)
                for name, value in fields.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(answer)

            do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _do

            def log_message(self, *_):
                pass

        return Handler


def public_key(certificate):
    """The public key of a certificate, both in PEM."""
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization

    known = x509.load_pem_x509_certificate(certificate.encode("ascii")).public_key()
    return known.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


if __name__ == "__main__":
    import os

    from checks import key

    running = Provider({"www.example.com": os.environ["CONSUMER_SECRET"]},
                       {"rsa.example.com": public_key(key("insecure-rsa2048-cert.pem"))})
    print("listening on " + running.origin, flush=True)
    threading.Event().wait()
