# -*- coding: utf-8 -*-
"""Google's own Python library, both of its generations, with ClientLogin: passwords, refusals, CAPTCHAs, feeds.

gdata 2.0.18 on Python 2.7 (or Jython) as it was shipped; gdata-python3 3.0.1 on Python 3 with py3_shim.
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
import gdata.client
import gdata.service
import gdata.youtube.service

from browser import captcha_word
from checks import GOOGLE, equal, like, logged, mark, refuses, run, skip

URL = GOOGLE + "/accounts/ClientLogin"
UPLOADS = GOOGLE + "/feeds/api/users/default/uploads"
CALENDARS = GOOGLE + "/calendar/feeds/default/allcalendars/full"
# Bytes on Python 2, text on Python 3: what either library escapes.
PASSWORD = os.environ["PASSWORD"]
AUTH = "^DQAAA[A-Za-z0-9_-]{100,}$"


def text(value):
    """gdata-python3 keeps the token as bytes."""
    return value if isinstance(value, str) else value.decode("ascii")


def login(client, email, password, service="youtube", **captcha):
    return client.client_login(email, password, "interop", service=service,
                               auth_url=atom.http_core.Uri.parse_uri(URL), **captcha)


def v2_client():
    client = gdata.client.GDClient(source="interop")
    client.api_version = "2"
    return client


def v2_life():
    name, client = "v2", v2_client()
    mark()
    token = login(client, "odd@example.com", PASSWORD)
    like(name + ": a password of odd characters gives a token", AUTH, text(token.token_string))
    logged(name + ": the log has the login", "POST www.google.com/accounts/ClientLogin 200")
    mark()
    equal(name + ": the feed's title", "Uploads by odd", client.get_feed(UPLOADS).title.text)
    logged(name + ": the log has the feed", "GET gdata.youtube.com/feeds/api/users/default/uploads 200")
    page = client.get_feed(UPLOADS + "?v=2&max-results=1")
    equal(name + ": max-results=1 gives one of two", (1, "2"), (len(page.entry), page.total_results.text))

    request = atom.http_core.HttpRequest(uri=UPLOADS, method="GET")
    token.modify_request(request)
    like(name + ": the header is unquoted", "^GoogleLogin auth=DQAAA[A-Za-z0-9_-]+$",
         request.headers["Authorization"])
    mark()
    refuses(name + ": Calendar does not take YouTube's token", gdata.client.Unauthorized, "401",
            lambda: client.get_feed(CALENDARS))
    logged(name + ": the log says why", "401: service: the token is for youtube")
    # ClientLogin's tokens are not revoked so: the user has to change the password.
    refuses(name + ": it cannot be revoked", gdata.client.RequestError,
            "(?=.*401)(?=.*Unknown authorization header)", lambda: client.revoke_token(
        url=atom.http_core.Uri.parse_uri(GOOGLE + "/accounts/AuthSubRevokeToken")))
    equal(name + ": and lives on", "Uploads by odd", client.get_feed(UPLOADS).title.text)


def v2_calendar():
    name, client = "v2 calendar", v2_client()
    login(client, "odd@example.com", PASSWORD, service="cl")
    mark()
    equal(name + ": the feed's title, behind the redirect", "Calendars of odd@example.com",
          client.get_feed(CALENDARS).title.text)
    logged(name + ": the log has the redirect", "allcalendars/full 302: sent to an address with a gsessionid")


def v2_refusals():
    name, client = "v2 refusals", v2_client()
    mark()
    # A bug of gdata-python3: it compares bytes with text, and so raises the general error, with the body.
    words = "Incorrect username or password" if sys.version_info[0] == 2 else "403.*Error=BadAuthentication"
    refuses(name + ": a wrong password", gdata.client.RequestError, words,
            lambda: login(client, "odd@example.com", "wrong"))
    logged(name + ": the log says so", "POST www.google.com/accounts/ClientLogin 403: Passwd: not this account")
    mark()
    refuses(name + ": an unknown account looks the same", gdata.client.RequestError, words,
            lambda: login(client, "nobody@example.com", "secret"))
    logged(name + ": only the log tells", "403: Email: no such account here")
    for code in ("NotVerified", "AccountDisabled", "ServiceDisabled"):
        refuses("%s: %s" % (name, code), gdata.client.RequestError, "(?=.*403)(?=.*Error=%s)(?=.*Url=http)" % code,
                lambda: login(client, code.lower() + "@example.com", "secret"))
    equal(name + ": no token is kept", None, client.auth_token)


def v2_captcha():
    name, client = "v2 captcha", v2_client()

    def challenge(**answer):
        try:
            login(client, "captcha@example.com", "secret", **answer)
        except gdata.client.CaptchaChallenge as problem:
            return problem
        return None

    asked = challenge()
    like(name + ": a puzzle is asked", "^DQAAA[A-Za-z0-9_-]+$", asked.captcha_token)
    again = challenge(captcha_token=asked.captcha_token, captcha_response="wrong")
    equal(name + ": a wrong answer is another puzzle", True, again.captcha_token != asked.captcha_token)
    word = captcha_word(name, again.captcha_url)
    mark()
    token = login(client, "captcha@example.com", "secret",
                  captcha_token=again.captcha_token, captcha_response=word)
    like(name + ": the right answer gives a token", AUTH, text(token.token_string))
    logged(name + ": the log has the login", "POST www.google.com/accounts/ClientLogin 200")
    equal(name + ": the feed's title", "Uploads by captcha", client.get_feed(UPLOADS).title.text)
    mark()
    spent = challenge(captcha_token=again.captcha_token, captcha_response=word)
    equal(name + ": an answer counts once", True, spent is not None)
    logged(name + ": the log has the next word", "403: logincaptcha: the word on the picture is ")


def v1():
    name = "v1"
    if sys.version_info[0] == 3:
        return skip(name, "a library that can log in (gdata-python3 3.0.1 sends no Content-Length there)")
    service = gdata.youtube.service.YouTubeService(client_id="interop", developer_key="AI39si-interop")
    service.ssl = False

    def enter(email, password, token=None, answer=None):
        service.ClientLogin(email, password, service="youtube", source="interop", auth_service_url=URL,
                            captcha_token=token, captcha_response=answer)

    refuses(name + ": a wrong password", gdata.service.BadAuthentication, "Incorrect username or password",
            lambda: enter("odd@example.com", "wrong"))
    mark()
    enter("odd@example.com", PASSWORD)
    like(name + ": a password of odd characters gives a token", AUTH, service.GetClientLoginToken())
    logged(name + ": the log has the login", "POST www.google.com/accounts/ClientLogin 200")
    # The library sends a token only where its scopes say, which a loopback address is not.
    service.current_token.scopes = [GOOGLE + "/", "http://gdata.youtube.com/feeds/api/"]
    equal(name + ": the feed's title", "Uploads by odd", service.GetYouTubeVideoFeed(UPLOADS).title.text)

    gdata.service.AUTH_SERVER_HOST = "http://www.google.com"
    refuses(name + ": a puzzle is asked", gdata.service.CaptchaRequired, "Captcha Required",
            lambda: enter("captcha@example.com", "secret"))
    token = service.captcha_token
    enter("captcha@example.com", "secret", token, captcha_word(name, service.captcha_url))
    like(name + ": its answer gives a token", AUTH, service.GetClientLoginToken())
    equal(name + ": and the puzzle is gone", None, service.captcha_token)


def main():
    warnings.simplefilter("ignore")
    run(v2_life, v2_calendar, v2_refusals, v2_captcha, v1)


main()
