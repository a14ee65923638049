"""Google's own Python library, both of its generations, with OAuth 1.0: HMAC and RSA, three legs and two.

gdata 2.0.18 on Python 2.7 (or Jython) as it was shipped; gdata-python3 3.0.1 on Python 3 with py3_shim. v2 puts
the parameters into a header, v1 of the token calls into the query; both send absolute targets or not, as ever.
At the end the grant moves to OAuth 2.0, and the library's OAuth2Token refreshes, reads and revokes.
"""

from __future__ import print_function

import sys

if sys.platform.startswith("java"):
    import jython_shim  # noqa: F401, mends Jython
if sys.version_info[0] == 3:
    import py3_shim  # noqa: F401, mends the library
    from urllib.parse import urlencode
else:
    from urllib import urlencode

import json
import os
import warnings

import atom.http_core
import gdata.auth
import gdata.client
import gdata.gauth
import gdata.service
import gdata.youtube.service

import short_signatures
from browser import NEXT, allow_oauth, query_of, send
from checks import GOOGLE, equal, key, like, logged, mark, refuses, run, skip

SCOPE = "http://gdata.youtube.com/feeds/"
CALENDAR = "http://www.google.com/calendar/feeds/"
UPLOADS = GOOGLE + "/feeds/api/users/default/uploads"
CALENDARS = GOOGLE + "/calendar/feeds/default/allcalendars/full"
REQUEST_URL = GOOGLE + "/accounts/OAuthGetRequestToken"
AUTHORIZE_URL = GOOGLE + "/accounts/OAuthAuthorizeToken"
ACCESS_URL = GOOGLE + "/accounts/OAuthGetAccessToken"
REVOKE_URL = GOOGLE + "/accounts/AuthSubRevokeToken"
REVOKED = "Token invalid - Invalid token: Token disabled, revoked, or expired."
SECRET = os.environ["CONSUMER_SECRET"]

# Python 2's gdata reads PKCS#1 only; both files hold the same key.
KEY = key("insecure-rsa2048-pkcs1.pem" if sys.version_info[0] == 2 else "insecure-rsa2048-pkcs8.pem")

HMAC = {"consumer_key": "www.example.com", "consumer_secret": SECRET}
RSA = {"consumer_key": "rsa.example.com", "rsa_private_key": KEY}
ANONYMOUS = {"consumer_key": "anonymous", "consumer_secret": "anonymous"}


def uri(address):
    return atom.http_core.Uri.parse_uri(address)


# v2: gdata.gauth and gdata.client


def v2_client():
    client = gdata.client.GDClient(source="interop")
    client.api_version = "2"
    return client


def v2_access(name, client, consumer, scopes=(SCOPE,)):
    mark()
    token = client.get_oauth_token(list(scopes), NEXT, url=REQUEST_URL, **consumer)
    like(name + ": a request token", "^4/[A-Za-z0-9_-]{28}$", token.token)
    like(name + ": and its secret", "^[A-Za-z0-9_-]{24}$", token.token_secret)
    logged(name + ": the log has it", "POST www.google.com/accounts/OAuthGetRequestToken 200")
    unauthorized = gdata.gauth.token_from_blob(gdata.gauth.token_to_blob(token))
    mark()
    refuses(name + ": it is no use before the user's consent", gdata.client.RequestError,
            "(?=.*400)(?=.*The token is invalid.)", lambda: client.get_access_token(unauthorized, url=ACCESS_URL))
    logged(name + ": the log says why", "OAuthGetAccessToken 400: oauth_token: the user has not allowed it")

    link = token.generate_authorization_url(auth_server=AUTHORIZE_URL, language="en")
    wanted = {"oauth_token": token.token, "hd": "default", "hl": "en"}
    equal(name + ": the link", wanted, query_of(link))
    request = token.token
    back = allow_oauth(name, link)
    equal(name + ": the callback names the token", request, query_of(back)["oauth_token"])
    token = gdata.gauth.authorize_request_token(token, back)

    verifier, token.verifier = token.verifier, "wrong"
    mark()
    refuses(name + ": a wrong verifier is refused", gdata.client.RequestError, "(?=.*400)(?=.*The token is invalid.)",
            lambda: client.get_access_token(token, url=ACCESS_URL))
    logged(name + ": the log says why", "OAuthGetAccessToken 400: oauth_verifier: not the one that the user got")
    token.verifier = verifier
    mark()
    token = client.get_access_token(token, url=ACCESS_URL)
    like(name + ": an access token", "^1/[A-Za-z0-9_-]{43}$", token.token)
    like(name + ": and its secret", "^[A-Za-z0-9_-]{24}$", token.token_secret)
    logged(name + ": the log has it", "POST www.google.com/accounts/OAuthGetAccessToken 200")
    client.auth_token = token
    return token


def v2_feeds(name, client, token):
    mark()
    feed = client.get_feed(UPLOADS)
    equal(name + ": the feed's title", "Uploads by ann", feed.title.text)
    logged(name + ": the log has it", "GET gdata.youtube.com/feeds/api/users/default/uploads 200")
    page = client.get_feed(UPLOADS + "?v=2&max-results=1")
    equal(name + ": max-results=1 gives one of two", (1, "2"), (len(page.entry), page.total_results.text))
    entry = client.get_entry(feed.entry[0].find_edit_link())
    equal(name + ": an entry is read at its edit link", "First light", entry.title.text)

    request = atom.http_core.HttpRequest(uri=UPLOADS + "?v=2&max-results=1", method="GET")
    token.modify_request(request)
    equal(name + ": a signed request is answered", 200, send(request.uri, request.headers)[0])
    mark()
    status, _, body = send(request.uri, request.headers)
    equal(name + ": and refused when it is replayed", 401, status)
    like(name + ": in Google's words", "<TITLE>Token invalid - Invalid AuthSub token.</TITLE>", body)
    logged(name + ": the log names the nonce", "401: nonce: this timestamp and nonce were used before")

    request = atom.http_core.HttpRequest(uri=UPLOADS, method="GET")
    token.modify_request(request)
    equal(name + ": a signature for another query is refused", 401,
          send(UPLOADS + "?max-results=1", request.headers)[0])
    equal(name + ": and for another path", 401, send(UPLOADS + "/x", request.headers)[0])


def v2_info(name, token, consumer, scopes):
    request = atom.http_core.HttpRequest(uri=GOOGLE + "/accounts/AuthSubTokenInfo", method="GET")
    token.modify_request(request)
    wanted = "Target=%s\nSecure=true\nScope=%s\n" % (consumer["consumer_key"], " ".join(scopes))
    equal(name + ": AuthSubTokenInfo", (200, wanted.strip()), (lambda a: (a[0], a[2].strip()))(
        send(request.uri, request.headers)))


def v2_end(name, client):
    equal(name + ": revoke succeeds", True, client.revoke_token(url=uri(REVOKE_URL)))
    mark()
    refuses(name + ": the token no longer works", gdata.client.Unauthorized, "(?=.*401)(?=.*" + REVOKED + ")",
            lambda: client.get_feed(UPLOADS))
    logged(name + ": the log says why", "GET gdata.youtube.com/feeds/api/users/default/uploads 401: "
           "the token was revoked")


def v2(name, consumer, forger):
    client = v2_client()
    token = v2_access(name, client, consumer)
    v2_feeds(name, client, token)
    v2_info(name, token, consumer, (SCOPE,))
    mark()
    refuses(name + ": the calendar is out of scope", gdata.client.Unauthorized,
            "Token invalid - AuthSub token has wrong scope", lambda: client.get_feed(CALENDARS))
    mark()
    forged = forger(token)
    refuses(name + ": another key is refused", gdata.client.Unauthorized, "401",
            lambda: client.get_feed(UPLOADS, auth_token=forged))
    logged(name + ": the log names the signature", "401: oauth_signature: ")
    v2_end(name, client)


def v2_hmac():
    v2("v2 HMAC", HMAC, lambda token: gdata.gauth.OAuthHmacToken(
        token.consumer_key, token.consumer_secret, token.token, "wrong", gdata.gauth.ACCESS_TOKEN))


def v2_rsa():
    v2("v2 RSA", RSA, lambda token: gdata.gauth.OAuthRsaToken(
        token.consumer_key, wrong_key(), token.token, token.token_secret, gdata.gauth.ACCESS_TOKEN))


def wrong_key():
    """The other key, in PKCS#1: the only form that all the libraries read, made by openssl."""
    import subprocess

    pem = os.path.join(os.environ["KEYS"], "insecure-rsa1024-pkcs8.pem")
    return subprocess.check_output(["openssl", "rsa", "-traditional", "-in", pem]).decode("ascii")


def v2_anonymous():
    """Two scopes, an application that did not register, and Calendar's redirect signed anew."""
    name, client = "v2 anonymous", v2_client()
    token = v2_access(name, client, ANONYMOUS, (SCOPE, CALENDAR))
    v2_info(name, token, ANONYMOUS, (SCOPE, CALENDAR))
    equal(name + ": YouTube answers", "Uploads by ann", client.get_feed(UPLOADS).title.text)
    mark()
    equal(name + ": Calendar answers behind its redirect, signed anew", "Calendars of ann@example.com",
          client.get_feed(CALENDARS).title.text)
    logged(name + ": the log has the redirect", "allcalendars/full 302: sent to an address with a gsessionid")
    v2_end(name, client)


def v2_two_legs():
    for name, token in (
            ("v2 two-legged HMAC", gdata.gauth.TwoLeggedOAuthHmacToken("example.com", SECRET, "ann@example.com")),
            ("v2 two-legged RSA", gdata.gauth.TwoLeggedOAuthRsaToken("example.com", KEY, "ann@example.com"))):
        client = v2_client()
        client.auth_token = token
        mark()
        equal(name + ": the feed of the user it names", "Uploads by ann", client.get_feed(UPLOADS).title.text)
        logged(name + ": the log has it", "GET gdata.youtube.com/feeds/api/users/default/uploads 200")
        page = client.get_feed(UPLOADS + "?max-results=1")
        equal(name + ": with a query", (1, "2"), (len(page.entry), page.total_results.text))
        for stranger, reason in (("ben@example.org", "acts for users of its own domain only"),
                                 ("nobody@example.com", "no such account here")):
            token.requestor_id = stranger
            mark()
            refuses("%s: not for %s" % (name, stranger), gdata.client.Unauthorized, "401",
                    lambda: client.get_feed(UPLOADS))
            logged("%s: the log says why not for %s" % (name, stranger), "401: xoauth_requestor_id: ")
            logged("%s: in words, for %s" % (name, stranger), reason)


def v2_refusals():
    name, client = "v2 refusals", v2_client()
    mark()
    refuses(name + ": a wrong consumer secret", gdata.client.RequestError, "(?=.*400)(?=.*signature_invalid)"
            "(?=.*base_string:POST&http%3A%2F%2F)", lambda: client.get_oauth_token(
                [SCOPE], NEXT, "www.example.com", consumer_secret="wrong", url=REQUEST_URL))
    logged(name + ": the log names the signature", "OAuthGetRequestToken 400: oauth_signature: ")
    mark()
    refuses(name + ": an unknown consumer", gdata.client.RequestError, "(?=.*400)(?=.*consumer_key_unknown)",
            lambda: client.get_oauth_token([SCOPE], NEXT, "other.example.net", consumer_secret="x", url=REQUEST_URL))
    logged(name + ": the log says so", "400: oauth_consumer_key: not registered here")
    mark()
    refuses(name + ": RSA with a consumer that has no certificate", gdata.client.RequestError, "400",
            lambda: client.get_oauth_token([SCOPE], NEXT, "anonymous", rsa_private_key=KEY, url=REQUEST_URL))
    logged(name + ": the log has it", "OAuthGetRequestToken 400: RSA-SHA1: the consumer has no key for it here")
    mark()
    refuses(name + ": no scope", gdata.client.RequestError, "(?=.*400)(?=.*parameter_absent)",
            lambda: client.get_oauth_token([], NEXT, "www.example.com", consumer_secret=SECRET, url=REQUEST_URL))
    logged(name + ": the log names it", "OAuthGetRequestToken 400: scope: expected the parameter, got none")


def migration():
    """An access token becomes a refresh token (the grant of 2012), and the library's OAuth2Token uses it."""
    name, client = "OAuth2Token", v2_client()
    token = v2_access(name, client, HMAC)
    address = GOOGLE + "/o/oauth2/token"
    form = [("grant_type", "urn:ietf:params:oauth:grant-type:migration:oauth1"),
            ("client_id", "1234.apps.googleusercontent.com"), ("client_secret", "s3cr3t")]
    # The library signs queries, not forms; to the signature both are the same.
    request = atom.http_core.HttpRequest(uri=address, method="POST")
    request.uri.query.update(dict(form))
    token.modify_request(request)
    mark()
    status, _, body = send(address, {"Authorization": request.headers["Authorization"]}, urlencode(form))
    equal(name + ": the migration grant is answered", 200, status)
    logged(name + ": the log has it", "POST accounts.google.com/o/oauth2/token 200")
    reply = json.loads(body)
    equal(name + ": with a refresh token only", ["refresh_token"], list(reply))

    modern = gdata.gauth.OAuth2Token(
        "1234.apps.googleusercontent.com", "s3cr3t", SCOPE, "interop", token_uri=address,
        revoke_uri=GOOGLE + "/o/oauth2/revoke", access_token="stale", refresh_token=str(reply["refresh_token"]))
    client = v2_client()
    modern.authorize(client)
    mark()
    equal(name + ": a 401, a refresh, and the feed", "Uploads by ann", client.get_feed(UPLOADS).title.text)
    for words in ("uploads 401: no such access token was issued here", "/o/oauth2/token 200", "uploads 200"):
        logged("%s: the log has %s" % (name, words), words)
    like(name + ": the access token is a new one", "^ya29[.]", modern.access_token)
    modern.revoke()
    equal(name + ": revoke ends it", True, modern.invalid)
    modern._invalid = False
    mark()
    refuses(name + ": it no longer works", gdata.client.RequestError, "400",
            lambda: client.get_feed(UPLOADS))
    logged(name + ": the log says so", "/o/oauth2/token 400: refresh_token: unknown, revoked")


# v1: gdata.service and gdata.auth


def v1_service():
    service = gdata.youtube.service.YouTubeService(client_id="interop", developer_key="AI39si-interop")
    service.ssl = False
    return service


def v1(name, consumer, **parameters):
    if sys.version_info[0] == 3:
        return skip(name, "a library that can (gdata-python3 3.0.1 ends with StopIteration there)")
    service = v1_service()
    method = gdata.auth.OAuthSignatureMethod.RSA_SHA1 if "rsa_key" in parameters \
        else gdata.auth.OAuthSignatureMethod.HMAC_SHA1
    service.SetOAuthInputParameters(method, consumer, **parameters)
    mark()
    request = service.FetchOAuthRequestToken(scopes=[SCOPE], request_url=REQUEST_URL, oauth_callback=NEXT)
    like(name + ": a request token", "^4/[A-Za-z0-9_-]{28}$", request.key)
    logged(name + ": the log has it, as a GET", "GET www.google.com/accounts/OAuthGetRequestToken 200")
    link = service.GenerateOAuthAuthorizationURL(request_token=request, request_url=AUTHORIZE_URL)
    verifier = query_of(allow_oauth(name, link))["oauth_verifier"]
    mark()
    access = service.UpgradeToOAuthAccessToken(request, request_url=ACCESS_URL, oauth_verifier=verifier)
    like(name + ": an access token", "^1/[A-Za-z0-9_-]{43}$", access.key)
    logged(name + ": the log has it, as a GET", "GET www.google.com/accounts/OAuthGetAccessToken 200")
    # The library sends a token only where its scopes say, which a loopback address is not.
    access.scopes = [GOOGLE + "/", SCOPE + "api/", "http://gdata.youtube.com/feeds/"]
    service.SetOAuthToken(access)
    mark()
    equal(name + ": the feed's title", "Uploads by ann", service.GetYouTubeVideoFeed(UPLOADS).title.text)
    logged(name + ": the log has it", "GET gdata.youtube.com/feeds/api/users/default/uploads 200")
    page = service.GetYouTubeVideoFeed(UPLOADS + "?v=2&max-results=1")
    equal(name + ": max-results=1 gives one entry", ["First light"], [entry.title.text for entry in page.entry])
    mark()
    service.RevokeOAuthToken(request_url=REVOKE_URL)
    logged(name + ": RevokeOAuthToken succeeds", "GET www.google.com/accounts/AuthSubRevokeToken 200")
    service.SetOAuthToken(access)
    mark()
    refuses(name + ": the token no longer works", gdata.service.RequestError, "(?=.*401)(?=.*" + REVOKED + ")",
            lambda: service.GetYouTubeVideoFeed(UPLOADS))
    logged(name + ": the log says why", "401: the token was revoked")


def v1_hmac():
    v1("v1 HMAC", "www.example.com", consumer_secret=SECRET)


def v1_rsa():
    v1("v1 RSA", "rsa.example.com", rsa_key=KEY)


def v1_two_legs():
    name = "v1 two-legged"
    if sys.version_info[0] == 3:
        return skip(name, "a library that can (gdata-python3 3.0.1 ends with StopIteration there)")
    service = v1_service()
    service.SetOAuthInputParameters(gdata.auth.OAuthSignatureMethod.HMAC_SHA1, "example.com", consumer_secret=SECRET,
                                    two_legged_oauth=True, requestor_id="ann@example.com")
    service.current_token.scopes = [GOOGLE + "/"]
    mark()
    equal(name + ": the feed's title", "Uploads by ann", service.GetYouTubeVideoFeed(UPLOADS).title.text)
    logged(name + ": the log has it", "GET gdata.youtube.com/feeds/api/users/default/uploads 200")


def main():
    warnings.simplefilter("ignore")
    if sys.version_info[0] == 2:
        short_signatures.avoid_oauth(gdata)
    run(v2_hmac, v2_rsa, v2_anonymous, v2_two_legs, v2_refusals, migration, v1_hmac, v1_rsa, v1_two_legs)


main()
