//! What libraries raise.
//!
//! Source: migration.md 1.5 and 2.1; legacy-protocol.md 1.8, 2.5 and 9.

use super::{
    signature::{
        Signature,
        Sure::{Certain, Likely, Possible},
    },
    table::{CLIENTLOGIN_ENDED, LIBRARY, TO_OAUTH2, row},
};

/// Exceptions of libraries.
pub(super) const LIBRARIES: &[Signature] = &[
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
            "^google.gdata.client",
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
    Signature {
        all: &["com.google.gdata"],
        since: CLIENTLOGIN_ENDED,
        weight: 65,
        ..row(
            "java-clientlogin",
            &["setusercredentials", "getauthtoken"],
            Likely,
            "Google's Java library was refused in setUserCredentials, which is ClientLogin: at Google it is switched off, and the password is rarely the reason.",
            "Use setOAuth2Credentials where the API is alive (gdata-auth migrate rewrite does it); else port to the API that took its place: gdata-auth migrate scan says which.",
        )
    },
    Signature {
        none: &["setusercredentials", "getauthtoken"],
        ..row(
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
        )
    },
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
                "^gdata.client.unauthorized",
                "^gdata.service.",
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
                "^gdata.service.requesterror",
                "^gdata.client.requesterror",
                "^gdata.client.",
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
