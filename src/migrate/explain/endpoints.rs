//! Endpoints and feeds that are gone, by their addresses and what stood there.
//!
//! Source: migration.md 1.5 and 2.1; legacy-protocol.md 1.8, 2.5 and 9.

use super::{
    signature::{
        Signature,
        Sure::{Certain, Likely},
    },
    table::{
        AUTHSUB_ENDED, CLIENTLOGIN_ENDED, CONSENT, DIRECTORY, OAUTH1_ENDED, TO_OAUTH2,
        YOUTUBE_DOCS, YOUTUBE_ENDED, row,
    },
};

/// Dead endpoints and feeds.
pub(super) const ENDPOINTS: &[Signature] = &[
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
];
