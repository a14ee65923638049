"""oauth2client 4.1.3, which Google deprecated in 2017 and many programs still hold: code with PKCE, refresh,
tokeninfo, a device in the draft's spelling, revocation by GET."""

import os
import warnings

warnings.simplefilter("ignore")

import httplib2  # noqa: E402
from oauth2client.client import (  # noqa: E402
    FlowExchangeError, HttpAccessTokenRefreshError, OAuth2Credentials, OAuth2WebServerFlow)

from browser import query_of  # noqa: E402
from checks import GOOGLE, equal, like, logged, mark, refuses, run  # noqa: E402
from consent_pages import Person  # noqa: E402

SCOPE = "https://www.googleapis.com/auth/youtube"
BACK = "http://127.0.0.1:9/cb"
ADDRESSES = dict(
    auth_uri=GOOGLE + "/o/oauth2/auth", token_uri=GOOGLE + "/o/oauth2/token",
    revoke_uri=GOOGLE + "/o/oauth2/revoke", device_uri=GOOGLE + "/o/oauth2/device/code",
    token_info_uri=GOOGLE + "/oauth2/v3/tokeninfo")

kept = {}


def flow(client=os.environ["DESKTOP_ID"], **options):
    usual = dict(ADDRESSES, redirect_uri=BACK, user_agent="acme/1", prompt="consent", pkce=True)
    return OAuth2WebServerFlow(client, os.environ["OAUTH2_SECRET"], SCOPE, **dict(usual, **options))


def http():
    return httplib2.Http(proxy_info=None)


def code():
    asked = flow()
    back = Person().visit(asked.step1_get_authorize_url(state="x y"))
    equal("the state comes back", "x y", query_of(back)["state"])
    credentials = asked.step2_exchange(query_of(back)["code"], http=http())
    like("code and verifier become a token", "^ya29[.]", credentials.access_token)
    like("and a refresh token", "^1//0", credentials.refresh_token)
    kept["credentials"] = credentials
    refuses("once", FlowExchangeError, "invalid_grant", lambda: asked.step2_exchange(query_of(back)["code"], http=http()))

    asked = flow()
    back = Person().visit(asked.step1_get_authorize_url())
    other = flow(code_verifier=b"w" * 64)
    refuses("another verifier", FlowExchangeError, "code verifier",
            lambda: other.step2_exchange(query_of(back)["code"], http=http()))
    kept["credentials"] = asked.step2_exchange(query_of(back)["code"], http=http())
    blocked = Person()
    blocked.visit(flow(redirect_uri="urn:ietf:wg:oauth:2.0:oob").step1_get_authorize_url())
    like("its default, out-of-band, is blocked since 2022", "Error 400: invalid_request", blocked.pages[0][1])


def using():
    credentials = kept["credentials"]
    answer, body = credentials.authorize(http()).request(GOOGLE + "/youtube/v3/channels?part=id&mine=true")
    equal("the token opens the API", 200, answer.status)
    like("of the user", "youtube#channelListResponse", body)
    old = credentials.access_token
    credentials.refresh(http())
    equal("a refresh brings another", True, credentials.access_token != old)
    equal("tokeninfo tells the scopes", {SCOPE}, credentials.retrieve_scopes(http()))
    kept["stored"] = OAuth2Credentials.from_json(credentials.to_json())
    stored = kept["stored"]
    stored.access_token = "ya29.unknown"
    answer, _ = stored.authorize(http()).request(GOOGLE + "/youtube/v3/channels?part=id&mine=true")
    equal("a 401 makes it refresh by itself", 200, answer.status)


def device():
    asked = flow(client=os.environ["DEVICE_ID"])
    mark()
    told = asked.step1_get_device_and_user_codes(http=http())
    like("a device shows a code", "^[B-Z]{4}-[B-Z]{4}$", told.user_code)
    equal("and where to type it", GOOGLE + "/device", told.verification_url)
    equal("asking every five seconds", 5, told.interval)
    refuses("nobody typed it yet", FlowExchangeError, "authorization_pending|Precondition",
            lambda: asked.step2_exchange(device_flow_info=told, http=http()))
    logged("which is 428", "/token 428")
    refuses("and that was too soon", FlowExchangeError, "slow_down|Forbidden",
            lambda: asked.step2_exchange(device_flow_info=told, http=http()))
    person = Person("ben@example.org")
    person.type_code(told.verification_url, told.user_code.lower().replace("-", ""))
    like("case and dash do not matter to the user", "has access now", person.pages[-1][1])
    second = asked.step1_get_device_and_user_codes(http=http())
    Person(decision="deny").type_code(second.verification_url, second.user_code)
    refuses("a user who declines", FlowExchangeError, "access_denied|Forbidden",
            lambda: asked.step2_exchange(device_flow_info=second, http=http()))
    third = asked.step1_get_device_and_user_codes(http=http())
    Person().type_code(third.verification_url, third.user_code)
    credentials = asked.step2_exchange(device_flow_info=third, http=http())
    like("code= and the draft's grant type become a token", "^ya29[.]", credentials.access_token)
    like("that can be refreshed", "^1//0", credentials.refresh_token)
    refuses("once", FlowExchangeError, "invalid_grant",
            lambda: asked.step2_exchange(device_flow_info=third, http=http()))


def the_end():
    credentials = kept["credentials"]
    credentials.revoke(http())
    equal("revoked", True, credentials.invalid)
    refuses("the server knows it too", HttpAccessTokenRefreshError, "invalid_grant",
            lambda: kept["stored"].refresh(http()))
    answer, _ = http().request(GOOGLE + "/oauth2/v3/tokeninfo?access_token=" + kept["stored"].access_token)
    equal("and of the access token", 400, answer.status)


run(code, using, device, the_end)
