//! What Google answered once a protocol was switched off (migration.md 1.5).

use http::{StatusCode, header};
use serde::Deserialize;

use super::{
    answer::Answer,
    gate,
    seen::{Seen, Service},
};

/// Which year it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub enum Era {
    /// AuthSub, ClientLogin and OAuth 1.0; no OAuth 2.0 yet.
    #[serde(rename = "2009")]
    Y2009,
    /// All of them, and OAuth 2.0 beside them with the way over.
    #[default]
    #[serde(rename = "2013")]
    Y2013,
    /// The old ways are off: 404, 307 and 410, as Google answered since 2015.
    #[serde(rename = "after-shutdown")]
    AfterShutdown,
}

/// The whole body of ClientLogin's 404: an address, which users took for a wrong password.
pub(super) const CLIENTLOGIN_DOCUMENTATION: &str =
    "https://developers.google.com/accounts/docs/AuthForInstalledApps";

/// YouTube's host for rehearsals, which answered 410 before the rest did.
pub(super) const REHEARSAL_HOST: &str = "eol.gdata.youtube.com";

/// The answer where the protocol or service is switched off; `None` where it is alive.
pub(super) fn retired(era: Era, seen: &Seen<'_>) -> Option<Answer> {
    if seen.host == REHEARSAL_HOST {
        return Some(gone());
    }
    if era != Era::AfterShutdown {
        return None;
    }
    let answer = match (seen.service, seen.path()) {
        (Service::Accounts, "/accounts/ClientLogin" | "/youtube/accounts/ClientLogin") => {
            Answer::text(StatusCode::NOT_FOUND, CLIENTLOGIN_DOCUMENTATION)
                .because("ClientLogin is switched off: 404 with the address of its documentation")
        }
        (Service::Accounts, "/accounts/OAuthGetRequestToken") => {
            let location = "https://accounts.google.com/OAuthGetRequestToken";
            Answer::refusal(StatusCode::TEMPORARY_REDIRECT, "Temporary Redirect")
                .with(header::LOCATION, location)
                .because("OAuth 1.0 is switched off: a 307 that leads nowhere")
        }
        // UNVERIFIED: no report of what the other endpoints answered is at hand.
        (Service::Accounts, path) if is_legacy(path) => {
            Answer::refusal(StatusCode::NOT_FOUND, "Not Found")
                .because("this endpoint is switched off")
        }
        (Service::YouTube, _) => gone(),
        // UNVERIFIED: as YouTube.
        (Service::Calendar, _) => gone(),
        // The API lives, and takes OAuth 2.0 alone (migration.md 2.4). UNVERIFIED: what it says to the old ways in.
        (Service::Contacts, _) if !has_bearer(seen) => {
            Answer::refusal(StatusCode::UNAUTHORIZED, "Login Required")
                .with(
                    header::WWW_AUTHENTICATE,
                    "Bearer realm=\"https://accounts.google.com/\"",
                )
                .because("the old ways in are switched off: this API takes OAuth 2.0")
        }
        _ => return None,
    };
    Some(answer)
}

fn has_bearer(seen: &Seen<'_>) -> bool {
    gate::scheme(seen).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"Bearer"))
}

fn is_legacy(path: &str) -> bool {
    ["/accounts/AuthSub", "/accounts/OAuth"]
        .iter()
        .any(|prefix| path.starts_with(prefix))
}

fn gone() -> Answer {
    Answer::refusal(StatusCode::GONE, "No longer available")
        .because("this service is switched off: 410")
}
