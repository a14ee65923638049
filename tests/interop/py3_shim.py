"""What gdata-python3 3.0.1 needs before AuthSub works with it on Python 3. Import it first.

2to3 made the library, and nobody ran its AuthSub afterwards:

* replies arrive as bytes, and the functions that read tokens from them call `startswith("Token=")`;
* tlslite signs bytes, the library hands it text (v2), or prints `bytearray(b'…')` into the header (v1);
* v1's client looks for a token in `self.__next__`, and feeds are parsed from bytes as if they were text.

Only that is mended: what goes on the wire is the library's own.
"""

import base64

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
