"""google-auth alone: ID tokens, service accounts, impersonation, workload identity and a machine's own account, with
Google's own addresses led to the emulator; PyJWT and google-auth as judges of what this crate signs."""

import base64
import hashlib
import json
import os
import time
import warnings

warnings.simplefilter("ignore")
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
os.environ["OAUTHLIB_RELAX_TOKEN_SCOPE"] = "1"
os.environ["GCE_METADATA_HOST"] = os.environ["GCE_METADATA_IP"] = os.environ["GOOGLE"].split("//")[1]

import jwt  # noqa: E402
import requests  # noqa: E402
from google.auth import compute_engine, exceptions, identity_pool, impersonated_credentials  # noqa: E402
from google.auth import jwt as google_jwt  # noqa: E402
from google.oauth2 import id_token, service_account  # noqa: E402
from google_auth_oauthlib.flow import Flow  # noqa: E402

import google_hosts  # noqa: E402
from browser import query_of  # noqa: E402
from checks import GOOGLE, equal, key, like, refuses, run  # noqa: E402
from consent_pages import Person  # noqa: E402

CLOUD = "https://www.googleapis.com/auth/cloud-platform"
CALENDAR = "https://www.googleapis.com/auth/calendar"
PROFILE = ["openid", "https://www.googleapis.com/auth/userinfo.email"]
WEB = {
    "client_id": os.environ["WEB_ID"],
    "client_secret": os.environ["OAUTH2_SECRET"],
    "auth_uri": GOOGLE + "/o/oauth2/v2/auth",
    "token_uri": GOOGLE + "/token",
}
BACK = "https://www.example.com/back"

call, seen = google_hosts.request()


def who_holds(token):
    """What tokeninfo says of an access token."""
    return requests.get(GOOGLE + "/tokeninfo", params={"access_token": token}, timeout=10).json()


def signed_in(nonce, token_uri):
    flow = Flow.from_client_config({"web": dict(WEB, token_uri=token_uri)}, PROFILE, redirect_uri=BACK)
    link, _ = flow.authorization_url(prompt="consent", access_type="offline", nonce=nonce)
    flow.oauth2session.trust_env = False
    flow.oauth2session.mount("https://", google_hosts.Led([]))
    flow.fetch_token(authorization_response=Person().visit(link))
    return flow


def an_id_token():
    flow = signed_in("n-1", "https://oauth2.googleapis.com/token")
    token = flow.credentials.id_token
    claims = id_token.verify_oauth2_token(token, call, WEB["client_id"])
    equal("google-auth verifies an ID token", ("https://accounts.google.com", WEB["client_id"]),
          (claims["iss"], claims["aud"]))
    equal("by Google's certificates", True, ("GET", "www.googleapis.com", "/oauth2/v1/certs") in seen)
    equal("it says who signed in", ("ann@example.com", True, "n-1"),
          (claims["email"], claims["email_verified"], claims["nonce"]))
    refuses("not for another client", ValueError, "wrong audience",
            lambda: id_token.verify_oauth2_token(token, call, "other"))
    head, body, signature = token.split(".")
    altered = json.loads(base64.urlsafe_b64decode(body + "=="))
    altered["email"] = "eve@example.com"
    forged = base64.urlsafe_b64encode(json.dumps(altered).encode()).decode().rstrip("=")
    refuses("nor a changed one", ValueError, "signature",
            lambda: id_token.verify_oauth2_token(".".join([head, forged, signature]), call, WEB["client_id"]))

    keys = jwt.PyJWKClient(GOOGLE + "/oauth2/v3/certs")
    found = keys.get_signing_key_from_jwt(token)
    claims = jwt.decode(token, found, algorithms=["RS256"], audience=WEB["client_id"],
                        issuer="https://accounts.google.com")
    like("PyJWT verifies it by the JWKS", "^[0-9]{21}$", claims["sub"])
    half = hashlib.sha256(flow.credentials.token.encode()).digest()[:16]
    equal("at_hash is that of the access token", base64.urlsafe_b64encode(half).decode().rstrip("="), claims["at_hash"])
    userinfo = requests.get(GOOGLE + "/v1/userinfo", timeout=10,
                            headers={"Authorization": "Bearer " + flow.credentials.token}).json()
    equal("userinfo says the same", (claims["sub"], "ann@example.com"), (userinfo["sub"], userinfo["email"]))
    told = requests.get(GOOGLE + "/tokeninfo", params={"id_token": token}, timeout=10).json()
    equal("and so does tokeninfo", (claims["sub"], "RS256"), (told["sub"], told["alg"]))
    flow = signed_in("n-2", GOOGLE + "/token")
    claims = google_jwt.decode(flow.credentials.id_token, certs=requests.get(GOOGLE + "/oauth2/v1/certs", timeout=10).json())
    equal("on loopback the issuer is the loopback address", GOOGLE, claims["iss"])


def a_service_account():
    account = service_account.Credentials.from_service_account_info(google_hosts.robot(), scopes=[CLOUD])
    account.refresh(call)
    like("an assertion brings a token", "^ya29[.]", account.token)
    told = who_holds(account.token)
    equal("of the account, for the scope", ("robot@project.iam.gserviceaccount.com", CLOUD),
          (told["azp"], told["scope"]))
    ann = account.with_scopes([CALENDAR]).with_subject("ann@example.com")
    ann.refresh(call)
    equal("in the name of a user, where that is delegated", CALENDAR, who_holds(ann.token)["scope"])
    refuses("and not with other scopes", exceptions.RefreshError, "unauthorized_client",
            lambda: ann.with_scopes([CALENDAR, CLOUD]).refresh(call))
    refuses("nor for other users", exceptions.RefreshError, "unauthorized_client",
            lambda: ann.with_subject("ben@example.org").refresh(call))
    other = dict(google_hosts.robot(), private_key=key("insecure-rsa1024-pkcs8.pem"))
    stranger = service_account.Credentials.from_service_account_info(other, scopes=[CLOUD])
    refuses("another key", exceptions.RefreshError, "Invalid JWT Signature", lambda: stranger.refresh(call))
    nobody = dict(google_hosts.robot(), client_email="nobody@project.iam.gserviceaccount.com")
    nobody = service_account.Credentials.from_service_account_info(nobody, scopes=[CLOUD])
    refuses("an account that is not there", exceptions.RefreshError, "account not found", lambda: nobody.refresh(call))
    for_server = service_account.IDTokenCredentials.from_service_account_info(
        google_hosts.robot(), target_audience="https://run.example.com")
    for_server.refresh(call)
    claims = id_token.verify_oauth2_token(for_server.token, call, "https://run.example.com")
    equal("an ID token for an audience", "robot@project.iam.gserviceaccount.com", claims["email"])


def another_account():
    source = service_account.Credentials.from_service_account_info(google_hosts.robot(), scopes=[CLOUD])
    target = impersonated_credentials.Credentials(
        source_credentials=source, target_principal="other@project.iam.gserviceaccount.com",
        target_scopes=[CALENDAR], lifetime=600)
    target.refresh(call)
    equal("impersonated: the other account's token", ("other@project.iam.gserviceaccount.com", CALENDAR),
          (who_holds(target.token)["azp"], who_holds(target.token)["scope"]))
    left = int(who_holds(target.token)["expires_in"])
    equal("for as long as was asked", True, 590 <= left <= 600)
    like("IAM was asked", "iamcredentials.googleapis.com", seen)
    weak = service_account.Credentials.from_service_account_info(google_hosts.robot(), scopes=[CALENDAR])
    weak.refresh(call)
    answer = requests.post(
        GOOGLE + "/v1/projects/-/serviceAccounts/other@project.iam.gserviceaccount.com:generateAccessToken",
        json={"scope": [CALENDAR]}, timeout=10,
        headers={"Authorization": "Bearer " + weak.token, "Host": "iamcredentials.googleapis.com"})
    equal("a token without the scope may not", (403, "PERMISSION_DENIED"),
          (answer.status_code, answer.json()["error"]["status"]))
    missing = impersonated_credentials.Credentials(
        source_credentials=source, target_principal="nobody@project.iam.gserviceaccount.com", target_scopes=[CALENDAR])
    refuses("an account that is not there", exceptions.RefreshError, "Gaia id not found|NOT_FOUND",
            lambda: missing.refresh(call))


def workload_identity():
    subject = os.path.join(os.environ["WORK"], "subject-token")
    with open(subject, "w") as file:
        file.write(json.dumps({"token": "header.claims.signature"}))
    audience = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/own"
    info = {
        "type": "external_account",
        "audience": audience,
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": "https://sts.googleapis.com/v1/token",
        "credential_source": {"file": subject, "format": {"type": "json", "subject_token_field_name": "token"}},
    }
    federated = identity_pool.Credentials.from_info(info, scopes=[CLOUD])
    federated.refresh(call)
    told = who_holds(federated.token)
    equal("a token of another system becomes a federated one", (audience, CLOUD), (told["azp"], told["scope"]))
    info["service_account_impersonation_url"] = (
        "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/"
        "other@project.iam.gserviceaccount.com:generateAccessToken")
    acting = identity_pool.Credentials.from_info(info, scopes=[CLOUD])
    acting.refresh(call)
    equal("which may act for an account", "other@project.iam.gserviceaccount.com", who_holds(acting.token)["azp"])
    wrong = identity_pool.Credentials.from_info(
        dict(info, subject_token_type="urn:example:unknown"), scopes=[CLOUD])
    refuses("a type of token that Google does not take", exceptions.OAuthError, "subject_token_type",
            lambda: wrong.refresh(call))


def a_machine():
    plain = google_hosts.Request()
    machine = compute_engine.Credentials(scopes=[CLOUD])
    machine.refresh(plain)
    like("a machine's account has a token", "^ya29[.]", machine.token)
    like("by name", "@", machine.service_account_email)


def assertion(claims, pem="insecure-rsa2048-pkcs8.pem", algorithm="RS256", **headers):
    now = int(time.time())
    usual = {"iss": "robot@project.iam.gserviceaccount.com", "aud": "https://oauth2.googleapis.com/token",
             "iat": now, "exp": now + 3600, "scope": CLOUD}
    signed = jwt.encode(dict(usual, **claims), key(pem) if algorithm == "RS256" else "s" * 32,
                        algorithm=algorithm, headers=headers or None)
    answer = requests.post(GOOGLE + "/token", timeout=10, data={
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": signed})
    return answer.status_code, answer.json().get("error_description", "")


def what_pyjwt_signs():
    now = int(time.time())
    equal("our verifier takes what PyJWT signs", (200, ""), assertion({}))
    equal("with any header", (200, ""), assertion({}, kid="k1", x5t="abc"))
    like("no HMAC", "Invalid JWT Signature", assertion({}, algorithm="HS256"))
    like("no other key", "Invalid JWT Signature", assertion({}, pem="insecure-rsa1024-pkcs8.pem"))
    like("no critical extension", "Invalid JWT Signature", assertion({}, crit=["exp"]))
    like("no other audience", "audience", assertion({"aud": "https://evil.example.com/token"}))
    like("nothing that has ended", "short-lived", assertion({"iat": now - 7200, "exp": now - 3600}))
    like("nothing that lives two hours", "short-lived", assertion({"exp": now + 7200}))
    like("nothing from the future", "short-lived", assertion({"iat": now + 1800, "exp": now + 3600}))


run(an_id_token, a_service_account, another_account, workload_identity, a_machine, what_pyjwt_signs)
