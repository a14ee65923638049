"""A server by other hands for our client: Authlib's, under Flask, on a free loopback port. It consents by itself,
rotates refresh tokens, wants PKCE, and knows devices, revocation and introspection.

    python authlib_server.py        prints: listening on http://127.0.0.1:PORT

A device's user decides at /device?user_code=…&decision=allow.
"""

import os
import secrets
import time

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

from authlib.integrations.flask_oauth2 import AuthorizationServer  # noqa: E402
from authlib.oauth2.rfc6749 import ClientMixin, TokenMixin, grants  # noqa: E402
from authlib.oauth2.rfc7009 import RevocationEndpoint  # noqa: E402
from authlib.oauth2.rfc7636 import CodeChallenge  # noqa: E402
from authlib.oauth2.rfc7662 import IntrospectionEndpoint  # noqa: E402
from authlib.oauth2.rfc8628 import (  # noqa: E402
    DeviceAuthorizationEndpoint, DeviceCodeGrant, DeviceCredentialDict)
from flask import Flask, jsonify, request  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402

METHODS = ["client_secret_basic", "client_secret_post", "none"]
USER = "ann"


class Client(ClientMixin):
    def __init__(self, name, secret, methods):
        self.name, self.secret, self.methods = name, secret, methods

    def get_client_id(self):
        return self.name

    def get_default_redirect_uri(self):
        return None

    def get_allowed_scope(self, scope):
        return scope or ""

    def check_redirect_uri(self, redirect_uri):
        return redirect_uri.startswith("http://127.0.0.1:")

    def check_client_secret(self, client_secret):
        return secrets.compare_digest(client_secret, self.secret)

    def check_endpoint_auth_method(self, method, endpoint):
        return method in self.methods

    def check_response_type(self, response_type):
        return response_type == "code"

    def check_grant_type(self, grant_type):
        return True


class Code(dict):
    code_challenge = property(lambda self: self["code_challenge"])
    code_challenge_method = property(lambda self: self["code_challenge_method"])

    def get_redirect_uri(self):
        return self["redirect_uri"]

    def get_scope(self):
        return self["scope"]


class Token(dict, TokenMixin):
    def check_client(self, client):
        return self["client_id"] == client.get_client_id()

    def get_scope(self):
        return self["scope"]

    def get_expires_in(self):
        return self["expires_in"]

    def is_expired(self):
        return self["issued_at"] + self["expires_in"] < time.time()

    def is_revoked(self):
        return self["revoked"]


CLIENTS = {client.name: client for client in [
    Client("public", "", ["none"]),
    Client("post", os.environ["OAUTH2_SECRET"], ["client_secret_post"]),
    Client("basic", "GOCSPX-plain", ["client_secret_basic"]),
]}
codes, tokens, devices = {}, [], {}


def found(text):
    return next((token for token in tokens if text in (token["access_token"], token.get("refresh_token"))), None)


class AuthorizationCode(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def save_authorization_code(self, code, asked):
        said = asked.payload.data
        codes[code] = Code(
            code=code, client_id=asked.client.get_client_id(), redirect_uri=asked.payload.redirect_uri,
            scope=asked.payload.scope, code_challenge=said.get("code_challenge"),
            code_challenge_method=said.get("code_challenge_method"))

    def query_authorization_code(self, code, client):
        kept = codes.get(code)
        return kept if kept and kept["client_id"] == client.get_client_id() else None

    def delete_authorization_code(self, authorization_code):
        codes.pop(authorization_code["code"], None)

    def authenticate_user(self, authorization_code):
        return USER


class Refresh(grants.RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token):
        return next((token for token in tokens if token.get("refresh_token") == refresh_token
                     and not token["revoked"]), None)

    def authenticate_user(self, refresh_token):
        return USER

    def revoke_old_credential(self, refresh_token):
        refresh_token["revoked"] = True


class Device(DeviceCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def query_device_credential(self, device_code):
        return DeviceCredentialDict(devices[device_code]) if device_code in devices else None

    def query_user_grant(self, user_code):
        decided = next(device["allowed"] for device in devices.values() if device["user_code"] == user_code)
        return None if decided is None else (USER, decided)

    def should_slow_down(self, credential):
        device, now = devices[credential["device_code"]], time.time()
        hurried = now - device.get("polled_at", 0) < 1
        device["polled_at"] = now
        return hurried


class DeviceStart(DeviceAuthorizationEndpoint):
    CLIENT_AUTH_METHODS = METHODS
    INTERVAL = 1

    def get_verification_uri(self):
        return request.host_url + "device"

    def save_device_credential(self, client_id, scope, data):
        devices[data["device_code"]] = dict(
            data, client_id=client_id, scope=scope, expires_at=time.time() + 1800, allowed=None)


class Revocation(RevocationEndpoint):
    CLIENT_AUTH_METHODS = METHODS

    def query_token(self, token_string, token_type_hint):
        return found(token_string)

    def revoke_token(self, token, request):
        token["revoked"] = True


class Introspection(IntrospectionEndpoint):
    CLIENT_AUTH_METHODS = METHODS

    def check_permission(self, token, client, request):
        return True

    def query_token(self, token_string, token_type_hint):
        return found(token_string)

    def introspect_token(self, token):
        return {"active": not token["revoked"], "client_id": token["client_id"], "scope": token["scope"]}


def keep(token, asked):
    tokens.append(Token(token, client_id=asked.client.get_client_id(), issued_at=time.time(), revoked=False))


app = Flask(__name__)
app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = True
server = AuthorizationServer(app, query_client=CLIENTS.get, save_token=keep)
server.register_grant(AuthorizationCode, [CodeChallenge(required=True)])
for grant in (Refresh, Device):
    server.register_grant(grant)
for endpoint in (DeviceStart, Revocation, Introspection):
    server.register_endpoint(endpoint)


@app.get("/.well-known/openid-configuration")
def metadata():
    base = request.host_url.rstrip("/")
    return jsonify(
        issuer=base, authorization_endpoint=base + "/authorize", token_endpoint=base + "/token",
        device_authorization_endpoint=base + "/device/code", revocation_endpoint=base + "/revoke",
        introspection_endpoint=base + "/introspect")


@app.get("/authorize")
def authorize():
    return server.create_authorization_response(grant=server.get_consent_grant(end_user=USER), grant_user=USER)


@app.post("/token")
def token():
    return server.create_token_response()


@app.post("/revoke")
def revoke():
    return server.create_endpoint_response("revocation")


@app.post("/introspect")
def introspect():
    return server.create_endpoint_response("introspection")


@app.post("/device/code")
def device_code():
    return server.create_endpoint_response("device_authorization")


@app.get("/device")
def device():
    for waiting in devices.values():
        if waiting["user_code"] == request.args["user_code"]:
            waiting["allowed"] = request.args["decision"] == "allow"
    return "decided"


if __name__ == "__main__":
    listener = make_server("127.0.0.1", 0, app, threaded=True)
    print("listening on http://127.0.0.1:%d" % listener.server_port, flush=True)
    listener.serve_forever()
