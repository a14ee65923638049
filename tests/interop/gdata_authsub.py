"""Google's own Python library, both of its generations, through the whole life of an AuthSub token.

gdata 2.0.18 on Python 2.7 (or Jython) as it was shipped; gdata-python3 3.0.1 on Python 3 with py3_shim.
v2 is `gdata.gauth` and `gdata.client`: unquoted tokens, ordinary targets. v1 is `gdata.service`: absolute
targets, and another order of the parameters in a signed header.
"""

from __future__ import print_function

import sys

if sys.platform.startswith("java"):
    import jython_shim  # noqa: F401, mends Jython
if sys.version_info[0] == 3:
    import py3_shim  # noqa: F401, mends the library

import os
import warnings

import atom.http_core
import gdata.auth
import gdata.client
import gdata.gauth
import gdata.service
import gdata.youtube
import gdata.youtube.service

import short_signatures
from browser import NEXT, query_of, send
from checks import GOOGLE, equal, key, like, logged, mark, refuses, run, skip

SCOPE = "http://gdata.youtube.com/feeds/"
CALENDAR = "http://www.google.com/calendar/feeds/"
UPLOADS = GOOGLE + "/feeds/api/users/default/uploads"
CALENDARS = GOOGLE + "/calendar/feeds/default/allcalendars/full"
REVOKED = "Token invalid - Invalid token: Token disabled, revoked, or expired."
TOKEN = "^1/[A-Za-z0-9_-]{43}$"

# Python 2's gdata reads PKCS#1 only; both files hold the same key.
KEY = key("insecure-rsa2048-pkcs1.pem" if sys.version_info[0] == 2 else "insecure-rsa2048-pkcs8.pem")


def wrong_key():
    """The other key, in PKCS#1: the only form that all the libraries read, made by openssl."""
    import subprocess

    pem = os.path.join(os.environ["KEYS"], "insecure-rsa1024-pkcs8.pem")
    return subprocess.check_output(["openssl", "rsa", "-traditional", "-in", pem]).decode("ascii")


def text(value):
    """v1 of gdata-python3 keeps the texts of a feed as bytes."""
    return value if isinstance(value, str) else value.decode("utf-8")


def account(name):
    return atom.http_core.Uri.parse_uri(GOOGLE + "/accounts/" + name)


def browse(name, link):
    """Follows the link of the consent page, as the user's browser does."""
    mark()
    status, location, _ = send(link)
    equal(name + ": the consent page redirects", 302, status)
    like(name + ": next keeps its query, the token comes last and encoded", "^http://127[.]0[.]0[.]1:9/cb[?]"
         ".*lang=en.*&token=1%2F[A-Za-z0-9_-]{43}$", location)
    logged(name + ": the log knows the consent page", "GET www.google.com/accounts/AuthSubRequest 302")
    return location


# v2: gdata.gauth and gdata.client


def v2_link(name, scopes, secure):
    link = gdata.gauth.generate_auth_sub_url(
        NEXT, scopes, secure=secure, request_url=GOOGLE + "/accounts/AuthSubRequest")
    query = query_of(link)
    wanted = {"scope": " ".join(scopes), "session": "1", "secure": str(int(secure)), "hd": "default"}
    equal(name + ": the link asks for what it should", wanted, {k: query.get(k) for k in wanted})
    return link


def v2_client():
    client = gdata.client.GDClient(source="interop")
    client.api_version = "2"
    return client


def v2_session(name, client, secure, scopes=(SCOPE,)):
    back = browse(name, v2_link(name, list(scopes), secure))
    if secure:
        token = gdata.gauth.SecureAuthSubToken.from_url(back, KEY)
    else:
        token = gdata.gauth.AuthSubToken.from_url(back)
    equal(name + ": auth_sub_scopes come back", list(scopes), list(token.scopes))
    like(name + ": the single-use token is decoded", TOKEN, token.token_string)
    single_use = token.token_string
    client.auth_token = client.upgrade_token(token, url=account("AuthSubSessionToken"))
    like(name + ": it becomes a session token", TOKEN, token.token_string)
    equal(name + ": which is another one", True, token.token_string != single_use)
    return single_use, token


def v2_feeds(name, client):
    feed = client.get_feed(UPLOADS)
    equal(name + ": the feed's title", "Uploads by ann", feed.title.text)
    equal(name + ": the titles of its entries", ["First light", "Harbour"],
          [entry.title.text for entry in feed.entry])
    page = client.get_feed(UPLOADS + "?v=2&max-results=1")
    equal(name + ": max-results=1 gives one of two", (1, "2"), (len(page.entry), page.total_results.text))
    entry = client.get_entry(feed.entry[0].find_edit_link())
    equal(name + ": an entry is read at its edit link", "First light", entry.title.text)
    refuses(name + ": with its ETag it is not modified", gdata.client.NotModified, "304",
            lambda: client.get_entry(entry.find_edit_link(), etag=entry.etag))


def v2_end(name, client):
    equal(name + ": revoke succeeds", True, client.revoke_token(url=account("AuthSubRevokeToken")))
    mark()
    refuses(name + ": the token no longer works", gdata.client.Unauthorized, "(?=.*401)(?=.*" + REVOKED + ")",
            lambda: client.get_feed(UPLOADS))
    logged(name + ": the log says why", "GET gdata.youtube.com/feeds/api/users/default/uploads 401: "
           "the token was revoked")


def v2_plain():
    name, client = "v2 plain", v2_client()
    single_use, _ = v2_session(name, client, secure=False)
    mark()
    spent = gdata.gauth.AuthSubToken(single_use)
    refuses(name + ": a second exchange is refused", gdata.client.UnableToUpgradeToken,
            "(?=.*403)(?=.*Token invalid)", lambda: client.upgrade_token(spent, account("AuthSubSessionToken")))
    logged(name + ": the log says that it was spent", "AuthSubSessionToken 403: the single-use token was spent")
    v2_feeds(name, client)
    refuses(name + ": the calendar is out of scope", gdata.client.Unauthorized,
            "Token invalid - AuthSub token has wrong scope", lambda: client.get_feed(CALENDARS))
    v2_end(name, client)


def v2_secure():
    name, client = "v2 secure", v2_client()
    _, token = v2_session(name, client, secure=True)
    v2_feeds(name, client)

    request = atom.http_core.HttpRequest(uri=UPLOADS + "?v=2&max-results=1", method="GET")
    token.modify_request(request)
    header = request.headers
    query = "(v=2&max-results=1|max-results=1&v=2)"  # the order of a dict, on Python 2
    like(name + ": the header is the library's own", '^AuthSub token=1/[^" ]+ sigalg="rsa-sha1" data="GET '
         'http://[^" ]+[?]' + query + ' [0-9]+ [0-9]{15}" sig="[A-Za-z0-9+/]{342}=="$', header["Authorization"])
    equal(name + ": a signed request is answered", 200, send(request.uri, header)[0])
    mark()
    status, _, body = send(request.uri, header)
    equal(name + ": and refused when it is replayed", 401, status)
    like(name + ": in Google's words", "<TITLE>Token invalid - Invalid AuthSub token.</TITLE>", body)
    logged(name + ": the log names the nonce", "401: nonce: this timestamp and nonce were used before")

    request = atom.http_core.HttpRequest(uri=UPLOADS, method="GET")
    token.modify_request(request)
    equal(name + ": a signature for another address is refused", 401,
          send(UPLOADS + "?max-results=1", request.headers)[0])

    mark()
    forged = gdata.gauth.SecureAuthSubToken(token.token_string, wrong_key())
    refuses(name + ": the wrong key is refused", gdata.client.Unauthorized, "Invalid AuthSub token",
            lambda: client.get_feed(UPLOADS, auth_token=forged))
    logged(name + ": the log names the signature", "401: sig: not made by the key of 127.0.0.1")
    mark()
    plain = gdata.gauth.AuthSubToken(token.token_string)
    refuses(name + ": a secure token needs a signature", gdata.client.Unauthorized, "Invalid AuthSub token",
            lambda: client.get_feed(UPLOADS, auth_token=plain))
    logged(name + ": the log says so", "401: the token is secure, but the request is not signed")
    v2_end(name, client)


def v2_two_scopes():
    name, client = "v2 two scopes", v2_client()
    v2_session(name, client, secure=True, scopes=(SCOPE, CALENDAR))
    equal(name + ": YouTube answers", "Uploads by ann", client.get_feed(UPLOADS).title.text)
    mark()
    equal(name + ": Calendar answers behind its redirect, signed anew", "Calendars of ann@example.com",
          client.get_feed(CALENDARS).title.text)
    logged(name + ": the log has the redirect", "allcalendars/full 302: sent to an address with a gsessionid")


# v1: gdata.service and gdata.auth


def v1_session(name, secure):
    gdata.service.AUTH_SERVER_HOST = GOOGLE
    service = gdata.youtube.service.YouTubeService(client_id="interop", developer_key="AI39si-interop")
    service.ssl = False
    link = gdata.auth.generate_auth_sub_url(
        NEXT, [SCOPE], secure=secure, request_url=GOOGLE + "/accounts/AuthSubRequest")
    back = browse(name, link)
    token = gdata.auth.extract_auth_sub_token_from_url(back, rsa_key=KEY if secure else None)
    equal(name + ": auth_sub_scopes come back", [SCOPE], token.scopes)
    like(name + ": the single-use token is decoded", TOKEN, token.get_token_string())
    # The library sends a token only where its scopes say, which a loopback address is not.
    token.scopes = [GOOGLE + "/", "http://gdata.youtube.com/feeds/api/"]
    if not secure:
        raw = gdata.auth.AuthSubToken(scopes=token.scopes)
        raw.set_token_string(gdata.auth.TokenFromUrl(back))
        mark()
        refuses(name + ": TokenFromUrl leaves %2F, and Google refuses it", gdata.service.TokenUpgradeFailed,
                "(?=.*403)(?=.*Cannot parse AuthSub token: 1%2F)", lambda: service.upgrade_to_session_token(raw))
        logged(name + ": the log does not know that token", "AuthSubSessionToken 403: no such token was issued")
    service.SetAuthSubToken(token)
    service.UpgradeToSessionToken()
    like(name + ": it becomes a session token", TOKEN, token.get_token_string())
    info = service.AuthSubTokenInfo()
    wanted = "Target=127.0.0.1\nSecure=%s\nScope=%s\n" % (str(secure).lower(), SCOPE)
    equal(name + ": AuthSubTokenInfo", wanted, text(info))
    return service, token


def v1_feeds(name, service):
    feed = service.GetYouTubeVideoFeed(UPLOADS)
    equal(name + ": the feed's title", "Uploads by ann", text(feed.title.text))
    page = service.GetYouTubeVideoFeed(UPLOADS + "?v=2&max-results=1")
    equal(name + ": max-results=1 gives one entry", ["First light"],
          [text(entry.title.text) for entry in page.entry])


def v1_upload(name, service):
    """The library's own multipart, and the id that it reads from the reply."""
    if sys.version_info[0] == 3:
        return skip(name + " upload", "a library that can (gdata-python3 3.0.1 hands text to the socket)")
    gdata.youtube.service.YOUTUBE_UPLOAD_URI = GOOGLE + "/feeds/api/users"
    group = gdata.media.Group(title=gdata.media.Title(text="Test card"),
                              description=gdata.media.Description(text="By the old library"))
    entry = gdata.youtube.YouTubeVideoEntry(media=group)
    mark()
    uploaded = service.InsertVideoEntry(entry, os.environ["MEDIA"], content_type="video/mp4")
    equal(name + ": an upload gives the new entry", "Test card", uploaded.media.title.text)
    size = os.path.getsize(os.environ["MEDIA"])
    logged(name + ": the log has its size", "201: received %d bytes of video/mp4, test-card.mp4" % size)
    equal(name + ": the feed has it", 3, len(service.GetYouTubeVideoFeed(UPLOADS).entry))
    equal(name + ": it is deleted", True, service.DeleteVideoEntry(uploaded))
    equal(name + ": and gone", 2, len(service.GetYouTubeVideoFeed(UPLOADS).entry))


def v1(name, secure):
    service, token = v1_session(name, secure)
    v1_feeds(name, service)
    v1_upload(name, service)
    mark()
    service.RevokeAuthSubToken()
    logged(name + ": RevokeAuthSubToken succeeds", "GET www.google.com/accounts/AuthSubRevokeToken 200")
    mark()
    service.SetAuthSubToken(token)
    refuses(name + ": the token no longer works", gdata.service.RequestError, "(?=.*401)(?=.*" + REVOKED + ")",
            lambda: service.GetYouTubeVideoFeed(UPLOADS))
    logged(name + ": the log says why", "401: the token was revoked")


def v1_plain():
    v1("v1 plain", secure=False)


def v1_secure():
    v1("v1 secure", secure=True)


def main():
    warnings.simplefilter("ignore")
    if sys.version_info[0] == 2:
        short_signatures.check(KEY)
        short_signatures.avoid(gdata)
    run(v2_plain, v2_secure, v2_two_scopes, v1_plain, v1_secure)

main()
