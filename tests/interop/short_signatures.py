"""The tlslite inside gdata 2.0.18 loses the zeros at the front of a signature: 1 in 256 is a byte short.

Such a signature is invalid (RFC 8017, 8.2.2, step 1), and openssl and Java refuse it too. A client that saw
a 401 now and then, and none when it tried again, may have had this.
"""

import base64
import os
import re
import subprocess

from checks import KEYS, equal, like

# With the 2048-bit key of the fixtures, the signature over this data begins with a zero.
URL = "http://127.0.0.1/"
DATA = "GET http://127.0.0.1/ 1300000000 545"


def avoid(gdata):
    """Lets the library sign again, with another nonce, until nothing is lost."""
    v1 = gdata.auth.SecureAuthSubToken
    v2 = gdata.gauth.SecureAuthSubToken
    header_of, modify_of = v1.GetAuthHeader, v2.modify_request

    def header(token, method, url):
        while True:
            made = header_of(token, method, url)
            if _is_whole(made):
                return made

    def modify(token, request):
        modify_of(token, request)
        while not _is_whole(request.headers):
            modify_of(token, request)

    v1.GetAuthHeader, v2.modify_request = header, modify


def avoid_oauth(gdata):
    """OAuth 1.0 signs below the nonce, so there the zeros are put back."""
    from gdata.oauth import rsa

    def mend(owner, name):
        sign = getattr(owner, name)
        setattr(owner, name, lambda *given, **named: _padded(sign(*given, **named)))

    mend(gdata.gauth, "generate_rsa_signature")
    mend(rsa.OAuthSignatureMethod_RSA_SHA1, "build_signature")


def _padded(signature):
    raw = base64.b64decode(signature)
    return base64.b64encode(raw.rjust(128 if len(raw) <= 128 else 256, b"\0"))


def _is_whole(headers):
    signature = re.search(' sig="([^"]*)"', headers["Authorization"]).group(1)
    return len(base64.b64decode(signature)) in (128, 256)


def check(pem):
    from gdata.tlslite.utils import cryptomath, keyfactory

    short = base64.b64decode(cryptomath.bytesToBase64(keyfactory.parsePEMKey(pem).hashAndSign(DATA)))
    equal("a signature that begins with a zero is a byte short", 255, len(short))
    like("gdata-auth refuses it, and says so", "^1 not verified: .*expected 256 bytes, got 255", _verify(short))
    like("with the zero it is verified", "^0 verified: ", _verify(b"\0" + short))


def _verify(signature):
    header = 'AuthSub token="1/x" data="%s" sig="%s" sigalg="rsa-sha1"' % (DATA, base64.b64encode(signature))
    command = [os.environ["GDATA_AUTH_BIN"], "verify", "authsub", "--header", header, "--certificate",
               os.path.join(KEYS, "insecure-rsa2048-cert.pem"), "GET", URL]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    words = process.communicate()[0].decode("utf-8")
    return "%d %s" % (process.returncode, words)
