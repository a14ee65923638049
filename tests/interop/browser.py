"""What a user's browser does beside the clients in Python, 2.7 and 3: requests without any library's help."""

from __future__ import print_function

import re
import sys

if sys.version_info[0] == 3:
    import urllib.error as urllib_error
    import urllib.parse as urllib_parse
    import urllib.request as urllib_request
else:
    import urllib2 as urllib_error
    import urllib2 as urllib_request
    import urlparse as urllib_parse

from checks import GOOGLE, equal, like, logged, mark

NEXT = "http://127.0.0.1:9/cb?lang=en"


def send(url, headers=(), form=None):
    """One request, with no redirect followed: its status, Location and body."""
    class Stay(urllib_request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    body = None if form is None else form.encode("ascii")
    request = urllib_request.Request(str(url), body, headers=dict(headers))
    try:
        answer = urllib_request.build_opener(Stay).open(request)
    except urllib_error.HTTPError as refusal:
        answer = refusal
    return answer.code, answer.headers.get("Location"), answer.read().decode("utf-8")


def query_of(address):
    return dict(urllib_parse.parse_qsl(urllib_parse.urlsplit(str(address)).query))


def allow_oauth(name, link):
    """Follows the link that asks for consent to a request token; the address of the callback."""
    mark()
    status, location, _ = send(link)
    equal(name + ": the consent page redirects", 302, status)
    like(name + ": to the callback, which keeps its query", "^http://127[.]0[.]0[.]1:9/cb[?]lang=en&", location)
    like(name + ": with the token", "&oauth_token=4%2F[A-Za-z0-9_-]{28}(&|$)", location)
    like(name + ": and a verifier", "&oauth_verifier=[A-Za-z0-9_-]{24}(&|$)", location)
    logged(name + ": the log knows the consent page", "GET www.google.com/accounts/OAuthAuthorizeToken 302")
    return location


def captcha_word(name, address):
    """The word on the picture of a CAPTCHA, which is a text in an SVG."""
    like(name + ": the picture's address is Google's", "^http://www[.]google[.]com/accounts/Captcha[?]ctoken=DQAAA",
         address)
    status, _, picture = send(address.replace("http://www.google.com", GOOGLE))
    equal(name + ": the picture is there", 200, status)
    return re.search(">([a-z]+)</text>", picture).group(1)
