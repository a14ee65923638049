//! Codes of the protocols: their own tables say what they mean, and nothing is said twice here.

use super::{
    signature::{Explanation, Sure},
    table::{CLIENTLOGIN_ENDED, CONSENT, OAUTH1_ENDED, OAUTH2_DOCS},
    text::Text,
};
use crate::{
    error::{Advice, Error, Kind},
    scheme::{
        clientlogin,
        oauth1::Problem,
        oauth2::{self, DeathCause},
    },
};

pub(super) fn all(text: &Text) -> Vec<Explanation> {
    let mut told = Vec::new();
    told.extend(clientlogin(text));
    told.extend(oauth1(text));
    told.extend(oauth2(text));
    told
}

/// `Error=BadAuthentication` and its nine neighbours (legacy-protocol.md 3.3).
fn clientlogin(text: &Text) -> Vec<Explanation> {
    let second_factor = text.has("invalidsecondfactor");
    clientlogin::ErrorCode::ALL
        .iter()
        .filter(|code| {
            let word = code.as_str().to_ascii_lowercase();
            let hinted = second_factor && **code == clientlogin::ErrorCode::BadAuthentication;
            text.has_word(&format!("error={word}")) || (hinted && text.has_word(&word))
        })
        .map(|code| {
            let meaning = match second_factor {
                true => "the account has a second factor, and needs an app password",
                false => code.sentence(),
            };
            Explanation {
                id: format!("clientlogin-{}", code.as_str()),
                sure: Sure::Certain,
                meaning: format!("ClientLogin refused the login: {meaning}."),
                since: Some(CLIENTLOGIN_ENDED.to_owned()),
                next: match second_factor {
                    true => "A server that still speaks ClientLogin wants an app password here. At Google, move to OAuth 2.0: gdata-auth login.".to_owned(),
                    false => "If the server is Google, do not look for the password: move to OAuth 2.0 (gdata-auth login). If it is another server that speaks ClientLogin, do what it says.".to_owned(),
                },
                link: Some(OAUTH2_DOCS.to_owned()),
                weight: 60,
            }
        })
        .collect()
}

/// Words of the problem reporting extension.
fn oauth1(text: &Text) -> Vec<Explanation> {
    Problem::ALL
        .iter()
        .filter(|problem| {
            let named = text.has(&format!("oauth_problem={}", problem.word))
                || text.has(&format!("oauth_problem=\"{}", problem.word));
            // Some of the words are in use elsewhere too.
            named || (text.has("oauth") && !shared(problem.word) && text.has_word(problem.word))
        })
        .map(|problem| Explanation {
            id: format!("oauth1-{}", problem.word),
            sure: Sure::Certain,
            meaning: format!("OAuth 1.0 refused the request: {}.", problem.sentence),
            since: Some(OAUTH1_ENDED.to_owned()),
            next: match (problem.clock, problem.kind) {
                (true, _) => "Set this machine's clock. At Google OAuth 1.0 is off altogether: move to OAuth 2.0.",
                (_, Kind::Signature) => "`gdata-auth verify oauth1` says what the signature was made of. At Google OAuth 1.0 is off altogether: move to OAuth 2.0.",
                _ => "At Google OAuth 1.0 is off: move to OAuth 2.0 (gdata-auth login). Elsewhere, get a new token.",
            }
            .to_owned(),
            link: Some(OAUTH2_DOCS.to_owned()),
            weight: 55,
        })
        .collect()
}

/// Words that are codes of OAuth 2.0, or plain names, as well.
fn shared(word: &str) -> bool {
    matches!(
        word,
        "permission_denied" | "token_expired" | "token_revoked"
    )
}

/// Codes of OAuth 2.0, with what an expired grant may have died of.
fn oauth2(text: &Text) -> Vec<Explanation> {
    OAUTH2
        .iter()
        .filter(|(code, _)| text.has_word(code))
        // Plain English, unless it stands as a code.
        .filter(|(code, _)| code.contains('_') || text.has(&format!("\"{code}\"")))
        .map(|(code, next)| {
            let error = Error::from(oauth2::Refusal::new(oauth2::ErrorCode::read(code), ""));
            let mut meaning = format!(
                "OAuth 2.0 refused the request ({code}): {}.",
                sentence(&error)
            );
            if *code == "invalid_grant" {
                let causes = [
                    DeathCause::RevokedElsewhere,
                    DeathCause::SixMonthsUnused,
                    DeathCause::TestingMode,
                    DeathCause::TokenCap,
                    DeathCause::PasswordChanged,
                    DeathCause::ClockSkew,
                ];
                let causes: Vec<&str> = causes.iter().map(|cause| cause.sentence()).collect();
                meaning.push_str(&format!(
                    " Of a refresh token it may mean: {}.",
                    causes.join("; ")
                ));
            }
            let next = match (*next, error.advice()) {
                ("", Advice::AskConsent { .. }) => CONSENT,
                ("", Advice::AskAdmin) => "Ask the administrator of the user's organisation.",
                ("", _) => "Correct the client: gdata-auth doctor looks for what is wrong.",
                (own, _) => own,
            };
            Explanation {
                id: format!("oauth2-{code}"),
                sure: Sure::Certain,
                meaning,
                since: None,
                next: next.to_owned(),
                link: Some(OAUTH2_DOCS.to_owned()),
                weight: 58,
            }
        })
        .collect()
}

/// Codes, and the next step where it is more than the code itself says.
const OAUTH2: &[(&str, &str)] = &[
    (
        "invalid_grant",
        "Look at the clock, then ask for consent again: gdata-auth login; `gdata-auth doctor` tells of testing mode and age.",
    ),
    ("invalid_client", ""),
    (
        "deleted_client",
        "Restore the client in the console within 30 days, or register another and ask for consent again.",
    ),
    (
        "unauthorized_client",
        "For a service account, let an administrator delegate exactly these scopes; else use a client of the kind that the flow needs.",
    ),
    (
        "unsupported_grant_type",
        "If it was the migration grant from OAuth 1.0: Google no longer offers it, so ask for consent again.",
    ),
    (
        "invalid_scope",
        "Ask for the scope of the API that took the old feed's place; addresses of feeds are scopes only where the feed is alive.",
    ),
    (
        "redirect_uri_mismatch",
        "Register the very address that is sent, or use the loopback of a desktop client.",
    ),
    ("access_denied", ""),
    ("admin_policy_enforced", ""),
    ("org_internal", ""),
    (
        "disallowed_useragent",
        "Open the consent page in the user's own browser.",
    ),
    (
        "invalid_rapt",
        "The organisation limits sessions: the user signs in again, and the grant lives on.",
    ),
];

/// The message without what the server said.
fn sentence(error: &Error) -> String {
    let message = error.to_string();
    message
        .split(" (")
        .next()
        .unwrap_or_default()
        .trim_end_matches('.')
        .to_owned()
}
