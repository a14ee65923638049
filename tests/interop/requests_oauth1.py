"""OAuth 1.0 by clients of today: requests-oauthlib with HMAC and RSA, in header, query and form; authlib.

Both sign with the same oauthlib or their own code, neither of it ours: what the emulator takes, it has verified.
"""

import os
import sys
from urllib.parse import parse_qsl, urlencode

import requests
from authlib.integrations.requests_client import OAuth1Session as AuthlibSession
from oauthlib.oauth1 import SIGNATURE_TYPE_BODY, SIGNATURE_TYPE_QUERY
from requests_oauthlib import OAuth1, OAuth1Session

from browser import NEXT, allow_oauth, query_of
from checks import GOOGLE, equal, key, like, logged, mark, run

SCOPE = "http://gdata.youtube.com/feeds/"
UPLOADS = GOOGLE + "/feeds/api/users/default/uploads"
REQUEST_URL = GOOGLE + "/accounts/OAuthGetRequestToken"
AUTHORIZE_URL = GOOGLE + "/accounts/OAuthAuthorizeToken"
ACCESS_URL = GOOGLE + "/accounts/OAuthGetAccessToken"
REVOKE_URL = GOOGLE + "/accounts/AuthSubRevokeToken"
INFO_URL = GOOGLE + "/accounts/AuthSubTokenInfo"
TOKEN_URL = GOOGLE + "/o/oauth2/token"
SECRET = os.environ["CONSUMER_SECRET"]
REVOKED = "Token invalid - Invalid token: Token disabled, revoked, or expired."
KEY = key("insecure-rsa2048-pkcs8.pem")
HMAC = {"client_key": "www.example.com", "client_secret": SECRET}
RSA = {"client_key": "rsa.example.com", "rsa_key": KEY, "signature_method": "RSA-SHA1"}
KEYED = {"X-GData-Key": "key=AI39si-interop"}

ENTRY = ('<entry xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><media:group>'
         "<media:title>Signed</media:title></media:group></entry>").encode("ascii")


def three_legs(name, consumer, **more):
    """The way to an access token, as requests-oauthlib's manual walks it."""
    session = OAuth1Session(callback_uri=NEXT, **consumer, **more)
    mark()
    reply = session.fetch_request_token(REQUEST_URL + "?" + urlencode({"scope": SCOPE}))
    equal(name + ": the callback is confirmed", "true", reply["oauth_callback_confirmed"])
    logged(name + ": the log has the request token", "POST www.google.com/accounts/OAuthGetRequestToken 200")
    back = allow_oauth(name, session.authorization_url(AUTHORIZE_URL))
    session.parse_authorization_response(back)
    mark()
    token = session.fetch_access_token(ACCESS_URL)
    like(name + ": an access token", "^1/[A-Za-z0-9_-]{43}$", token["oauth_token"])
    logged(name + ": the log has it", "POST www.google.com/accounts/OAuthGetAccessToken 200")
    return session, token


def read(name, session):
    mark()
    answer = session.get(UPLOADS + "?v=2&max-results=1")
    equal(name + ": the feed is answered", 200, answer.status_code)
    like(name + ": with its title", ">Uploads by ann</title>", answer.text)
    equal(name + ": and one entry", 1, answer.text.count("<entry"))
    logged(name + ": the log has it", "GET gdata.youtube.com/feeds/api/users/default/uploads 200")
    # A blank as `+`, an escaped slash, a repeated and an empty parameter: all are signed, none is in the way.
    answer = session.get(UPLOADS + "?q=a+b%2Fc&q=A&category=&v=2")
    equal(name + ": an odd query is answered", 200, answer.status_code)
    like(name + ": a feed of ann's", ">Uploads by ann</title>", answer.text)


def end(name, session):
    equal(name + ": revoke succeeds", 200, session.get(REVOKE_URL).status_code)
    mark()
    answer = session.get(UPLOADS)
    equal(name + ": the token no longer works", 401, answer.status_code)
    like(name + ": in Google's words", REVOKED, answer.text)
    logged(name + ": the log says why", "uploads 401: the token was revoked")


def write(name, session):
    """Bodies that are no form are not signed; a form is, and so may not be changed."""
    mark()
    with open(os.environ["MEDIA"], "rb") as media:
        parts = (b"--cut\r\nContent-Type: application/atom+xml\r\n\r\n" + ENTRY +
                 b"\r\n--cut\r\nContent-Type: video/mp4\r\n\r\n" + media.read() + b"\r\n--cut--\r\n")
    video = dict(KEYED, **{"Content-Type": "multipart/related; boundary=cut", "Slug": "oauth.mp4"})
    answer = session.post(UPLOADS, data=parts, headers=video)
    equal(name + ": a video is uploaded", 201, answer.status_code)
    logged(name + ": the log has it", "POST gdata.youtube.com/feeds/api/users/default/uploads 201")
    equal(name + ": and deleted", 200, session.delete(answer.headers["Location"], headers=KEYED).status_code)
    mark()
    form = session.post(UPLOADS, data={"a": "b c", "d": "\u20ac&=", "e": ""}, headers=KEYED)
    equal(name + ": a signed form passes the gate, and is no video", 400, form.status_code)
    logged(name + ": the log has it", "POST gdata.youtube.com/feeds/api/users/default/uploads 400")
    prepared = session.prepare_request(requests.Request("POST", UPLOADS, data={"a": "b c"}, headers=KEYED))
    prepared.prepare_auth(session.auth, "")
    prepared.prepare_body({"a": "b d"}, None)
    mark()
    equal(name + ": a form that was changed on its way is refused", 401, requests.Session().send(prepared).status_code)
    logged(name + ": the log names the signature", "uploads 401: oauth_signature: ")


def hmac_header():
    name = "HMAC, header"
    session, token = three_legs(name, HMAC)
    read(name, session)
    write(name, session)
    replay(name, session)
    stale(name, token)
    end(name, session)


def rsa_header():
    name = "RSA, header"
    session, _ = three_legs(name, RSA)
    read(name, session)
    write(name, session)
    replay(name, session)
    end(name, session)


def replay(name, session):
    prepared = session.prepare_request(requests.Request("GET", UPLOADS))
    prepared.prepare_auth(session.auth, "")
    wire = requests.Session()
    equal(name + ": a signed request is answered", 200, wire.send(prepared).status_code)
    mark()
    equal(name + ": and refused when it is replayed", 401, wire.send(prepared).status_code)
    logged(name + ": the log names the nonce", "401: nonce: this timestamp and nonce were used before")


def stale(name, token):
    mine = {"resource_owner_key": token["oauth_token"], "resource_owner_secret": token["oauth_token_secret"]}
    for years, stamp in (("1970", "1"), ("2099", "4070908800")):
        mark()
        auth = OAuth1(**HMAC, **mine, timestamp=stamp)
        equal("%s: a timestamp of %s is refused" % (name, years), 401, requests.get(UPLOADS, auth=auth).status_code)
        logged("%s: the log names it, of %s" % (name, years), "401: timestamp: ")
    mark()
    auth = OAuth1("rsa.example.com", **mine, rsa_key=KEY, signature_method="RSA-SHA1")
    equal(name + ": another consumer's token is refused", 401, requests.get(UPLOADS, auth=auth).status_code)
    logged(name + ": the log has it", "uploads 401: ")
    equal(name + ": there is no AuthSubTokenInfo for it either", 403, requests.get(INFO_URL, auth=auth).status_code)
    mark()
    auth = OAuth1(**HMAC, **mine, realm="")
    equal(name + ": an empty realm is not signed", 200, requests.get(UPLOADS, auth=auth).status_code)
    auth = OAuth1(**HMAC, **mine, signature_method="PLAINTEXT")
    equal(name + ": PLAINTEXT", 200, requests.get(UPLOADS, auth=auth).status_code)
    mark()
    auth = OAuth1(**HMAC, **mine, signature_method="HMAC-SHA256")
    equal(name + ": HMAC-SHA256 was not known then", 401, requests.get(UPLOADS, auth=auth).status_code)
    logged(name + ": the log says so", "401: ")


def hmac_query():
    name = "HMAC, query"
    session, _ = three_legs(name, HMAC, signature_type=SIGNATURE_TYPE_QUERY)
    read(name, session)
    end(name, session)


def rsa_query():
    name = "RSA, query"
    session, _ = three_legs(name, RSA, signature_type=SIGNATURE_TYPE_QUERY)
    read(name, session)
    end(name, session)


def body():
    """Everything in the form, oauth_callback and scope with it; then the whole life with what it gave."""
    for name, consumer in (("HMAC, form", HMAC), ("RSA, form", RSA)):
        mark()
        auth = OAuth1(**consumer, callback_uri=NEXT, signature_type=SIGNATURE_TYPE_BODY)
        answer = requests.post(REQUEST_URL, data={"scope": SCOPE, "xoauth_displayname": "Caf\u00e9 & co"}, auth=auth)
        equal(name + ": no header is needed", None, answer.request.headers.get("Authorization"))
        equal(name + ": a request token", 200, answer.status_code)
        logged(name + ": the log has it", "POST www.google.com/accounts/OAuthGetRequestToken 200")
        first = dict(parse_qsl(answer.text))
        link = AUTHORIZE_URL + "?" + urlencode({"oauth_token": first["oauth_token"], "hd": "default"})
        verifier = query_of(allow_oauth(name, link))["oauth_verifier"]
        mark()
        auth = OAuth1(**consumer, resource_owner_key=first["oauth_token"], verifier=verifier,
                      resource_owner_secret=first["oauth_token_secret"], signature_type=SIGNATURE_TYPE_BODY)
        answer = requests.post(ACCESS_URL, data={"x": "1"}, auth=auth)
        equal(name + ": an access token", 200, answer.status_code)
        like(name + ": two fields, the slash escaped", "^oauth_token=1%2F[A-Za-z0-9_-]{43}&oauth_token_secret="
             "[A-Za-z0-9_-]{24}$", answer.text)
        logged(name + ": the log has it", "POST www.google.com/accounts/OAuthGetAccessToken 200")
        mark()
        equal(name + ": a second exchange is refused", (400, "The token is invalid.\n\n"), (lambda again: (
            again.status_code, again.text))(requests.post(ACCESS_URL, data={"x": "1"}, auth=auth)))
        second = dict(parse_qsl(answer.text))
        session = OAuth1Session(**consumer, resource_owner_key=second["oauth_token"],
                                resource_owner_secret=second["oauth_token_secret"])
        read(name, session)
        end(name, session)


def display_page():
    """Out of band: the verifier is on the page, as for a program without an address."""
    name = "oob"
    session = OAuth1Session("anonymous", "anonymous", callback_uri="oob")
    session.fetch_request_token(REQUEST_URL + "?" + urlencode({"scope": SCOPE, "xoauth_displayname": "A&B"}))
    mark()
    page = requests.get(session.authorization_url(AUTHORIZE_URL), allow_redirects=False)
    equal(name + ": a page, and no redirect", 200, page.status_code)
    found = [word for word in page.text.replace("<", " ").replace(">", " ").split() if len(word) == 24
             and word.replace("-", "").replace("_", "").isalnum()]
    equal(name + ": with one verifier", 1, len(set(found)))
    session._client.client.verifier = found[0]
    session.fetch_access_token(ACCESS_URL)
    read(name, session)
    end(name, session)


def two_legs():
    for name, auth in (("two-legged HMAC", OAuth1("example.com", SECRET)),
                       ("two-legged RSA", OAuth1("example.com", rsa_key=KEY, signature_method="RSA-SHA1"))):
        mark()
        answer = requests.get(UPLOADS, params={"xoauth_requestor_id": "ann@example.com", "v": "2"}, auth=auth)
        equal(name + ": the feed is answered", 200, answer.status_code)
        like(name + ": of the user it names", ">Uploads by ann</title>", answer.text)
        logged(name + ": the log has it", "GET gdata.youtube.com/feeds/api/users/default/uploads 200")
        mark()
        equal(name + ": without a user it is refused", 401, requests.get(UPLOADS, auth=auth).status_code)
        logged(name + ": the log says so", "401: xoauth_requestor_id: ")


def migrate():
    """The grant that led to OAuth 2.0, its refresh token, and bearer tokens on the old feed."""
    name = "migration"
    session, _ = three_legs(name, HMAC)
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:migration:oauth1", "scope": SCOPE,
            "client_id": "1234.apps.googleusercontent.com", "client_secret": "s3cr3t"}
    mark()
    reply = session.post(TOKEN_URL, data=form)
    equal(name + ": the grant is answered", 200, reply.status_code)
    equal(name + ": with a refresh token only", ["refresh_token"], list(reply.json()))
    logged(name + ": the log has it", "/o/oauth2/token 200")
    wider = session.post(TOKEN_URL, data=dict(form, scope="http://www.google.com/calendar/feeds/"))
    equal(name + ": not for a scope it had not", (400, {"error": "invalid_scope"}), (wider.status_code, wider.json()))
    unsigned = requests.post(TOKEN_URL, data=form)
    equal(name + ": not unsigned", (400, {"error": "invalid_grant"}), (unsigned.status_code, unsigned.json()))

    refresh = {"grant_type": "refresh_token", "client_id": form["client_id"], "client_secret": "s3cr3t",
               "refresh_token": reply.json()["refresh_token"]}
    fresh = requests.post(TOKEN_URL, data=refresh).json()
    equal(name + ": refreshing gives a bearer token", ("Bearer", 3599), (fresh["token_type"], fresh["expires_in"]))
    bearer = {"Authorization": "Bearer " + fresh["access_token"]}
    like(name + ": which reads the feed", ">Uploads by ann</title>", requests.get(UPLOADS, headers=bearer).text)
    like(name + ": as the old token still does", ">Uploads by ann</title>", session.get(UPLOADS).text)
    equal(name + ": revoke", 200, requests.post(
        GOOGLE + "/o/oauth2/revoke", data={"token": refresh["refresh_token"]}).status_code)
    equal(name + ": ends both", [401, 400], [requests.get(UPLOADS, headers=bearer).status_code,
                                             requests.post(TOKEN_URL, data=refresh).status_code])


def authlib():
    for name, consumer in (
            ("authlib HMAC", {"client_id": "www.example.com", "client_secret": SECRET}),
            ("authlib RSA", {"client_id": "rsa.example.com", "rsa_key": KEY, "signature_method": "RSA-SHA1"})):
        session = AuthlibSession(redirect_uri=NEXT, **consumer)
        mark()
        session.fetch_request_token(REQUEST_URL + "?" + urlencode({"scope": SCOPE}))
        logged(name + ": the log has the request token", "POST www.google.com/accounts/OAuthGetRequestToken 200")
        back = allow_oauth(name, session.create_authorization_url(AUTHORIZE_URL))
        session.parse_authorization_response(back)
        token = session.fetch_access_token(ACCESS_URL)
        like(name + ": an access token", "^1/[A-Za-z0-9_-]{43}$", token["oauth_token"])
        read(name, session)
        end(name, session)


if __name__ == "__main__":
    run(hmac_header, rsa_header, hmac_query, rsa_query, body, display_page, two_legs, migrate, authlib)
    sys.stdout.flush()
