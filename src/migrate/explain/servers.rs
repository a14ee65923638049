//! What servers said of tokens and requests.
//!
//! Source: migration.md 1.5 and 2.1; legacy-protocol.md 1.8, 2.5 and 9.

use super::{
    signature::{
        Signature,
        Sure::{Certain, Likely, Possible},
    },
    table::{AUTHSUB_ENDED, CONSENT, SCOPES, row},
};

/// Sentences and codes of servers.
pub(super) const SERVERS: &[Signature] = &[
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
            "Its owner creates a channel at youtube.com, then it works before version 3; service accounts never have one. The older versions are switched off: move to version 3 with OAuth 2.0.",
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
];
