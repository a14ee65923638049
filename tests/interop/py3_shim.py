"""What gdata-python3 3.0.1 needs before it can authorise anything on Python 3. Import it first.

2to3 made the library, and nobody ran its AuthSub, ClientLogin or OAuth 1.0 afterwards:

* replies arrive as bytes, and the functions that read tokens from them call `startswith("Token=")`;
* tlslite signs bytes, the library hands it text (v2), or prints `bytearray(b'…')` into the header (v1);
* v1's client looks for a token in `self.__next__`, and feeds are parsed from bytes as if they were text;
* ClientLogin's token is decoded once more when it is sent, so it has to be bytes;
* OAuth 1.0 hashes and signs text, and looks for the callback in `self.__next__`.

Only that is mended: what goes on the wire is the library's own.
"""

import base64
import hmac
import urllib.parse

import atom.service
import gdata.auth
import gdata.gauth
from tlslite.utils import keyfactory


def _text(body):
    return body.decode("utf-8") if isinstance(body, (bytes, bytearray)) else body


def _reads_text(function):
    return lambda body, *rest, **named: function(_text(body), *rest, **named)


gdata.gauth.auth_sub_string_from_body = _reads_text(gdata.gauth.auth_sub_string_from_body)
gdata.auth.token_from_http_body = _reads_text(gdata.auth.token_from_http_body)


def _signature(data, pem):
    signed = keyfactory.parsePrivateKey(pem).hashAndSign(bytearray(data, "ascii"))
    return base64.b64encode(bytes(signed)).decode("ascii")


gdata.gauth.generate_signature = _signature


class _KeyOfText(object):
    """A key that signs text, and whose signature prints as `base64` of it would."""

    def __init__(self, pem):
        self.pem = pem


def _secure_header(token, method, url):
    import math
    import random
    import time

    stamp = int(math.floor(time.time()))
    nonce = "%d" % random.randrange(1, 2**64)
    data = "%s %s %d %s" % (method, url, stamp, nonce)
    return {
        "Authorization": '%s"%s" data="%s" sig="%s" sigalg="rsa-sha1"'
        % (gdata.auth.AUTHSUB_AUTH_LABEL, token.token_string, data, _signature(data, token.rsa_key.pem))
    }


def _secure_token(token, rsa_key, token_string=None, scopes=None):
    token.rsa_key = _KeyOfText(rsa_key)
    token.token_string = token_string or ""
    token.scopes = scopes or []


gdata.auth.SecureAuthSubToken.__init__ = _secure_token
gdata.auth.SecureAuthSubToken.GetAuthHeader = _secure_header


# ClientLogin: `str(token, "ascii")` goes into the header.
_login_token = gdata.gauth.get_client_login_token_string
gdata.gauth.get_client_login_token_string = lambda body: _login_token(_text(body)).encode("ascii")
gdata.gauth.get_captcha_challenge = _reads_text(gdata.gauth.get_captcha_challenge)

# OAuth 1.0.
gdata.gauth.oauth_token_info_from_body = _reads_text(gdata.gauth.oauth_token_info_from_body)


def _hmac_signature(request, consumer_key, consumer_secret, timestamp, nonce, version, next="oob", token=None,
                    token_secret=None, verifier=None):
    base = gdata.gauth.build_oauth_base_string(
        request, consumer_key, nonce, gdata.gauth.HMAC_SHA1, timestamp, version, next, token, verifier=verifier)
    key = "&".join(urllib.parse.quote(secret or "", safe="~") for secret in (consumer_secret, token_secret))
    return base64.b64encode(hmac.digest(key.encode("ascii"), base.encode("ascii"), "sha1")).decode("ascii")


def _rsa_signature(request, consumer_key, rsa_key, timestamp, nonce, version, next="oob", token=None,
                   token_secret=None, verifier=None):
    base = gdata.gauth.build_oauth_base_string(
        request, consumer_key, nonce, gdata.gauth.RSA_SHA1, timestamp, version, next, token, verifier=verifier)
    return _signature(base, rsa_key)


gdata.gauth.generate_hmac_signature = _hmac_signature
gdata.gauth.generate_rsa_signature = _rsa_signature
gdata.gauth.OAuthHmacToken.__next__ = property(lambda token: token.next)
