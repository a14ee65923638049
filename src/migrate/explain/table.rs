//! What texts say by themselves: dead endpoints, sentences of servers, exceptions of libraries.
//!
//! Source, where a line has no other: migration.md 1.5 and 2.1; legacy-protocol.md 1.8, 2.5 and 9.

use super::signature::{
    Signature,
    Sure::{self, Certain, Likely, Possible},
};

pub(super) const CLIENTLOGIN_ENDED: &str = "2015-04-20: Google ended ClientLogin (googledevelopers.blogspot.com 2015/04, \"A final farewell\"); the 404 \
     was reported from 2015-05-26 on (nesquena/sheet_mapper #11, amdean/motion-notify #4)";
pub(super) const OAUTH1_ENDED: &str = "2015-04-20: Google ended OAuth 1.0 on three legs (googledevelopers.blogspot.com 2015/04); 2016-10-20: on two legs";
const AUTHSUB_ENDED: &str = "2015-04-20: Google ended AuthSub (googledevelopers.blogspot.com 2015/04, \"A final farewell\")";
const YOUTUBE_ENDED: &str = "2015: the YouTube API version 2 answers 410 (google/google-gdata #718, mps-youtube/yewtube #256)";

pub(super) const OAUTH2_DOCS: &str = "https://developers.google.com/identity/protocols/oauth2";
const YOUTUBE_DOCS: &str = "https://developers.google.com/youtube/v3/docs";
const DIRECTORY: &str = "https://developers.google.com/gdata/docs/directory";

pub(super) const CONSENT: &str = "Ask the user for consent again: gdata-auth login.";
const TO_OAUTH2: &str = "No password and no setting brings it back. Move to OAuth 2.0: gdata-auth migrate scan finds the places, \
     gdata-auth login asks for consent.";
const SCOPES: &str = "Ask for a scope that covers the address as it is called, with its scheme: http and https differ.";
const LIBRARY: &str = "Look for the answer of the server that the exception hides: its body says which of the causes it is.";

const fn row(
    id: &'static str,
    any: &'static [&'static str],
    sure: Sure,
    meaning: &'static str,
    next: &'static str,
) -> Signature {
    Signature {
        id,
        all: &[],
        any,
        statuses: &[],
        sure,
        weight: 50,
        meaning,
        since: "",
        next,
        link: OAUTH2_DOCS,
    }
}

/// Everything that is known by its words or its address.
pub const SIGNATURES: &[Signature] = &[
    // Endpoints that are gone.
    Signature {
        since: CLIENTLOGIN_ENDED,
        weight: 90,
        ..row(
            "clientlogin-gone",
            &["accounts/docs/authforinstalledapps"],
            Certain,
            "ClientLogin is switched off: Google answers 404 with the address of its old documentation. The password is not wrong.",
            TO_OAUTH2,
        )
    },
    Signature {
        all: &["accounts/clientlogin"],
        statuses: &[404, 410],
        since: CLIENTLOGIN_ENDED,
        weight: 85,
        ..row(
            "clientlogin-gone",
            &[],
            Certain,
            "ClientLogin is switched off: its endpoint is no longer there. The password is not wrong.",
            TO_OAUTH2,
        )
    },
    Signature {
        since: OAUTH1_ENDED,
        weight: 90,
        all: &["oauthgetrequesttoken"],
        statuses: &[301, 302, 303, 307, 308],
        ..row(
            "oauth1-gone",
            &[],
            Certain,
            "OAuth 1.0 is switched off: the call for a request token is redirected to an address that is not there (googlecl #258, 2018).",
            TO_OAUTH2,
        )
    },
    Signature {
        since: OAUTH1_ENDED,
        weight: 80,
        statuses: &[400, 401, 404, 410],
        ..row(
            "oauth1-gone",
            &[
                "oauthgetrequesttoken",
                "oauthgetaccesstoken",
                "oauthauthorizetoken",
            ],
            Likely,
            "OAuth 1.0 is switched off at Google: its endpoints no longer answer as they did.",
            TO_OAUTH2,
        )
    },
    Signature {
        since: AUTHSUB_ENDED,
        weight: 85,
        statuses: &[404, 410],
        ..row(
            "authsub-gone",
            &[
                "accounts/authsubrequest",
                "accounts/authsubsessiontoken",
                "accounts/authsubtokeninfo",
                "accounts/authsubrevoketoken",
            ],
            Certain,
            "AuthSub is switched off: its endpoints are no longer there.",
            TO_OAUTH2,
        )
    },
    Signature {
        since: YOUTUBE_ENDED,
        weight: 92,
        link: YOUTUBE_DOCS,
        ..row(
            "youtube-rehearsal",
            &["eol.gdata.youtube.com"],
            Certain,
            "This is the host on which YouTube let clients rehearse the end of version 2: it answered 410 before the rest did.",
            "Port to the YouTube Data API v3; version 2 is gone on every host.",
        )
    },
    Signature {
        since: YOUTUBE_ENDED,
        weight: 88,
        statuses: &[404, 410],
        link: YOUTUBE_DOCS,
        ..row(
            "youtube-v2-gone",
            &["gdata.youtube.com", "feeds/api/"],
            Certain,
            "The YouTube API version 2 is switched off. No credential brings it back.",
            "Port to the YouTube Data API v3 with OAuth 2.0; read-only lists of a channel's videos are also at youtube.com/feeds/videos.xml.",
        )
    },
    Signature {
        since: YOUTUBE_ENDED,
        weight: 80,
        link: DIRECTORY,
        ..row(
            "service-gone",
            &["no longer available", "410 gone", "(410) gone"],
            Likely,
            "What was called is switched off: Google answered 410 for its old feeds, the YouTube API version 2 first among them.",
            "Port to the API that took its place; the directory of the old APIs names each.",
        )
    },
    Signature {
        weight: 75,
        statuses: &[301, 302, 400, 403, 404, 410, 503],
        link: DIRECTORY,
        since: "2013 to 2022, each API at its own time (developers.google.com/gdata/docs/directory)",
        ..row(
            "feed-gone",
            &[
                "/calendar/feeds",
                "/m8/feeds",
                "spreadsheets.google.com/feeds",
                "docs.google.com/feeds",
                "picasaweb.google.com/data",
                "/analytics/feeds",
                "/base/feeds",
                "/health/feeds",
                "/finance/feeds",
                "/webmasters/tools/feeds",
                "/books/feeds",
                "sites.google.com/feeds",
                "www.blogger.com/feeds",
                "apps-apis.google.com/a/feeds",
                "google.com/reader/api",
            ],
            Likely,
            "The feed's API is switched off, or about to be: of Google's XML APIs, Email Audit, Domain Shared Contacts and some read-only feeds of Blogger still answer.",
            "Port to the API that took its place, with OAuth 2.0; for the two that are alive, swap the credential: gdata-auth migrate rewrite.",
        )
    },
    Signature {
        since: "2015-04-20: Google ended OpenID 2.0 (developers.google.com/identity/sign-in/auth-migration)",
        weight: 70,
        ..row(
            "openid2-gone",
            &["accounts/o8/", "openid.ns", "openid.mode"],
            Likely,
            "OpenID 2.0 is switched off at Google.",
            "Sign users in by OpenID Connect, and link them by a verified address or by signing in twice.",
        )
    },
    Signature {
        since: "2023-01-31: blocked for all clients (developers.google.com/identity/protocols/oauth2/resources/oob-migration)",
        weight: 85,
        ..row(
            "out-of-band-blocked",
            &[
                "urn:ietf:wg:oauth:2.0:oob",
                "out-of-band (oob)",
                "oob flow has been blocked",
            ],
            Likely,
            "The out-of-band flow, in which a user copied a code, is blocked.",
            "Use the loopback of a desktop client, or the device flow: gdata-auth login, or gdata-auth login --device.",
        )
    },
    Signature {
        since: OAUTH1_ENDED,
        weight: 85,
        ..row(
            "migration-grant-gone",
            &["grant-type:migration:oauth1"],
            Likely,
            "This is the exchange of an OAuth 1.0 token for one of OAuth 2.0, which Google no longer offers.",
            CONSENT,
        )
    },
    // What servers said of tokens.
    Signature {
        weight: 82,
        ..row(
            "wrong-scope",
            &[
                "token has wrong scope",
                "insufficientpermissions",
                "insufficient_scope",
                "access_token_scope_insufficient",
            ],
            Certain,
            "The token is good, but not for this address: its scopes do not cover it. The words are AuthSub's, and met OAuth tokens as well.",
            SCOPES,
        )
    },
    Signature {
        weight: 81,
        ..row(
            "stateless-token-expired",
            &["stateless token expired"],
            Certain,
            "The access token has expired: it was one of the short-lived kind that a server checks without keeping.",
            "Refresh it, and refresh before each use; where there is no refresh token, ask for consent again.",
        )
    },
    Signature {
        weight: 81,
        link: "https://developers.google.com/youtube/v3/guides/moving_to_oauth",
        ..row(
            "no-channel",
            &[
                "nolinkedyoutubeaccount",
                "youtube_signup_required",
                "youtubesignuprequired",
            ],
            Certain,
            "The sign-in worked, but the account has no YouTube channel.",
            "Its owner creates a channel at youtube.com, then it works; service accounts never have one.",
        )
    },
    Signature {
        weight: 74,
        ..row(
            "token-expired",
            &[
                "token expired",
                "tokenexpired",
                "sessionexpiredexception",
                "token has expired",
            ],
            Likely,
            "The token has expired.",
            "Refresh it; a token of an old protocol is not refreshed, and needs consent to OAuth 2.0.",
        )
    },
    Signature {
        weight: 74,
        ..row(
            "token-revoked",
            &[
                "token disabled, revoked, or expired",
                "token revoked",
                "token has been expired or revoked",
            ],
            Certain,
            "The user or Google took the token back.",
            CONSENT,
        )
    },
    Signature {
        weight: 72,
        since: AUTHSUB_ENDED,
        ..row(
            "invalid-token",
            &[
                "invalid authsub token",
                "the token is invalid",
                "yt:authentication",
                "authenticated user required",
                "user authentication required",
            ],
            Likely,
            "The server does not know the token, or no longer. The words `Invalid AuthSub token` met OAuth 2.0 tokens too, once they had expired.",
            "If the token is of OAuth 2.0, refresh it; if it is older, ask for consent to OAuth 2.0.",
        )
    },
    row(
        "token-invalid",
        &["token invalid", "invalid token", "invalid credentials"],
        Possible,
        "The server does not accept the token: it has expired, was revoked, is of another protocol than its header says, or its signature does not verify.",
        "Compare the header with the token's kind: `GoogleLogin auth=` is ClientLogin's, `AuthSub token=` is AuthSub's, `Bearer` is OAuth 2.0's. Then refresh, or ask for consent again.",
    ),
    Signature {
        weight: 73,
        ..row(
            "unreadable-token",
            &["cannot parse authsub token"],
            Certain,
            "The server cannot read the token in the header: it was cut, decoded once too little, or is another thing altogether.",
            "Split the answer that brought it at the first `=` only, and decode it once.",
        )
    },
    Signature {
        weight: 73,
        ..row(
            "unknown-header",
            &["unknown authorization header"],
            Certain,
            "The server does not know this kind of `Authorization` header here: the token was sent under another protocol's name, or to an endpoint of another protocol.",
            "Send each kind of token under its own name: AuthSub, GoogleLogin, OAuth, Bearer.",
        )
    },
    Signature {
        weight: 72,
        ..row(
            "signature-refused",
            &[
                "signature_invalid",
                "signature is invalid",
                "invalid signature",
            ],
            Likely,
            "The server computes another signature.",
            "gdata-auth verify says what the signature was made of: key, address, parameters, clock.",
        )
    },
    Signature {
        weight: 71,
        link: "https://developers.google.com/youtube/v3/determine_quota_cost",
        ..row(
            "quota",
            &[
                "too_many_recent_calls",
                "too_many_entries",
                "quotaexceeded",
                "ratelimitexceeded",
                "dailylimitexceeded",
                "yt:quota",
            ],
            Certain,
            "A quota is used up; the credential is fine.",
            "Wait some minutes, call less often, and look at the project's quota.",
        )
    },
    Signature {
        weight: 71,
        ..row(
            "maintenance",
            &["disabled_in_maintenance_mode"],
            Certain,
            "The service was read-only for maintenance; the credential is fine.",
            "Try again later.",
        )
    },
    Signature {
        weight: 71,
        ..row(
            "etags-unsupported",
            &["etagsunsupported"],
            Certain,
            "The resource has no ETags, and the request had If-Match; the credential is fine.",
            "Send the request again without If-Match.",
        )
    },
    Signature {
        weight: 72,
        link: "https://console.cloud.google.com/apis/library",
        ..row(
            "api-not-enabled",
            &[
                "accessnotconfigured",
                "has not been used in project",
                "service_disabled",
            ],
            Certain,
            "The new API is not enabled in the client's project.",
            "Enable it in the console, and wait some minutes.",
        )
    },
    Signature {
        weight: 71,
        ..row(
            "developer-key",
            &[
                "invalid developer key",
                "developer key required",
                "keyinvalid",
                "api key not valid",
                "x-gdata-key",
            ],
            Likely,
            "The key of the application is missing or not accepted; keys that begin with AI39 are dead with the YouTube API version 2.",
            "Create an API key in the console; beside a user's token none is needed any more.",
        )
    },
    // What libraries raise.
    Signature {
        weight: 64,
        since: CLIENTLOGIN_ENDED,
        ..row(
            "login-refused",
            &[
                "incorrect username or password",
                "badauthentication",
                "invalidcredentialsexception",
                "username and password not accepted",
            ],
            Likely,
            "A login with name and password was refused. Since ClientLogin is off, the password is rarely the reason.",
            TO_OAUTH2,
        )
    },
    Signature {
        weight: 63,
        since: CLIENTLOGIN_ENDED,
        ..row(
            "captcha-required",
            &[
                "captcharequired",
                "captcha required",
                "captchachallenge",
                "logincaptcha",
            ],
            Likely,
            "ClientLogin wanted a CAPTCHA to be answered.",
            TO_OAUTH2,
        )
    },
    Signature {
        weight: 62,
        since: CLIENTLOGIN_ENDED,
        ..row(
            "login-unreachable",
            &[
                "error connecting with login uri",
                "execution of authentication request returned unexpected result",
                "unable to get googlelogin",
                "loginservice",
            ],
            Likely,
            "The library's login found no ClientLogin: the endpoint is switched off.",
            TO_OAUTH2,
        )
    },
    Signature {
        weight: 44,
        ..row(
            "zend-hidden-error",
            &["domdocument cannot parse xml", "empty string supplied"],
            Likely,
            "Zend_Gdata got an answer that is no XML, and reports the parsing instead of the refusal behind it: a dead endpoint, or a token that is not accepted (farinspace/google-spreadsheet #4).",
            "Print the raw answer of the HTTP client; it is explained as any other.",
        )
    },
    row(
        "zend-auth",
        &[
            "zend_gdata_app_authexception",
            "zend_gdata_app_captcharequiredexception",
            "zendgdata\\app\\authexception",
        ],
        Likely,
        "Zend_Gdata was refused by ClientLogin or AuthSub, both of which are switched off.",
        TO_OAUTH2,
    ),
    row(
        "zend-http",
        &[
            "zend_gdata_app_httpexception",
            "zendgdata\\app\\httpexception",
            "zend_gdata_app_exception",
            "expected response code 200, got",
        ],
        Possible,
        "Zend_Gdata got another answer than it expected.",
        LIBRARY,
    ),
    row(
        "dotnet-request",
        &[
            "gdatarequestexception",
            "execution of request failed",
            "google.gdata.client.",
            "google.gdata.client",
        ],
        Possible,
        "Google's .NET library was refused, or found nothing at the address.",
        LIBRARY,
    ),
    Signature {
        weight: 56,
        ..row(
            "java-null-challenge",
            &["initfromauthheader"],
            Certain,
            "Google's Java library met a 401 without WWW-Authenticate and failed over it: the NullPointerException hides a refused token.",
            "Read it as a token that is not accepted: refresh it, or move to OAuth 2.0.",
        )
    },
    row(
        "java-authentication",
        &[
            "com.google.gdata.util.authenticationexception",
            "authenticationexception",
            "accountdeletedexception",
            "accountdisabledexception",
            "notverifiedexception",
            "termsnotagreedexception",
            "serviceunavailableexception",
        ],
        Likely,
        "Google's Java library was refused when it signed in or called a feed.",
        "If it signed in with setUserCredentials, ClientLogin is off: use setOAuth2Credentials. If it had a token, refresh it.",
    ),
    row(
        "java-service",
        &[
            "com.google.gdata.util.serviceexception",
            "com.google.gdata.util.resourcenotfoundexception",
            "com.google.gdata.util.serviceforbiddenexception",
            "com.google.gdata.util.invalidentryexception",
            "com.google.gdata.util",
        ],
        Possible,
        "Google's Java library got a refusal from a feed; most of its feeds are switched off.",
        LIBRARY,
    ),
    row(
        "python-not-logged-in",
        &[
            "notloggedin",
            "notauthenticated",
            "not logged in",
            "nonauthsubtoken",
            "nonoauthtoken",
        ],
        Likely,
        "The library has no token when it needs one: the sign-in before it failed, or was left out, or its failure was swallowed.",
        "Look for the sign-in before this line; if it is ClientLogin, it no longer works at Google.",
    ),
    Signature {
        statuses: &[401],
        weight: 48,
        ..row(
            "python-request",
            &[
                "requesterror",
                "gdata.client.unauthorized",
                "gdata.service.",
            ],
            Likely,
            "gdata-python got 401: the token is not accepted.",
            "Refresh it where it is of OAuth 2.0; else move to OAuth 2.0, with gdata.gauth.OAuth2TokenFromCredentials where the API is alive.",
        )
    },
    Signature {
        weight: 40,
        ..row(
            "python-request-other",
            &[
                "gdata.service.requesterror",
                "gdata.client.requesterror",
                "gdata.client.",
                "gdata/service.py",
                "gdata/client.py",
            ],
            Possible,
            "gdata-python got a refusal.",
            LIBRARY,
        )
    },
    Signature {
        weight: 52,
        ..row(
            "oauth2client-refresh",
            &[
                "accesstokenrefresherror",
                "httpaccesstokenrefresherror",
                "refresherror",
                "tokenresponseexception",
            ],
            Likely,
            "An OAuth 2.0 library could not refresh its token.",
            "Look for the code beside it, such as invalid_grant; then ask for consent again: gdata-auth login.",
        )
    },
];
