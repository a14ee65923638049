"""gdata-python3 3.0.1 reads one feed under a secure AuthSub token and one under OAuth 1.0: nothing but requests that are
signed as they should be, for a replay that verifies them."""

import py3_shim  # noqa: F401, mends the library

import os

import atom.http_core
import gdata.client
import gdata.gauth

from browser import NEXT, allow_oauth, send
from checks import GOOGLE, equal, key, run

SCOPE = "http://gdata.youtube.com/feeds/"
UPLOADS = GOOGLE + "/feeds/api/users/default/uploads"


def client():
    made = gdata.client.GDClient(source="interop")
    made.api_version = "2"
    return made


def secure_authsub():
    reader = client()
    link = gdata.gauth.generate_auth_sub_url(NEXT, [SCOPE], secure=True,
                                             request_url=GOOGLE + "/accounts/AuthSubRequest")
    token = gdata.gauth.SecureAuthSubToken.from_url(send(link)[1], key("insecure-rsa2048-pkcs8.pem"))
    upgrade = atom.http_core.Uri.parse_uri(GOOGLE + "/accounts/AuthSubSessionToken")
    reader.auth_token = reader.upgrade_token(token, url=upgrade)
    equal("secure AuthSub reads a feed", "Uploads by ann", reader.get_feed(UPLOADS).title.text)


def oauth():
    reader = client()
    token = reader.get_oauth_token([SCOPE], NEXT, "www.example.com", consumer_secret=os.environ["CONSUMER_SECRET"],
                                   url=GOOGLE + "/accounts/OAuthGetRequestToken")
    back = allow_oauth("OAuth 1.0", token.generate_authorization_url(
        auth_server=GOOGLE + "/accounts/OAuthAuthorizeToken"))
    token = gdata.gauth.authorize_request_token(token, back)
    reader.auth_token = reader.get_access_token(token, url=GOOGLE + "/accounts/OAuthGetAccessToken")
    equal("OAuth 1.0 reads a feed", "Uploads by ann", reader.get_feed(UPLOADS).title.text)


run(secure_authsub, oauth)
