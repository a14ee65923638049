//! What to make of an answer, whichever scheme authorised the request.

use std::time::Duration;

use super::oauth2;
use crate::{
    error::{Advice, Error, Kind},
    scope::ScopeSet,
};

/// The next step after an answer.
///
/// Made by [`AuthScheme::judge`](super::AuthScheme::judge). Each but [`Fine`](Self::Fine) says why.
#[derive(Debug)]
#[non_exhaustive]
pub enum Verdict {
    /// The answer is no refusal.
    Fine,
    /// The credential is worn out, and a new one can be had without the user at a page: log in again
    /// (ClientLogin), or refresh (OAuth 2.0); then send the request once more.
    Refresh {
        /// What the server said.
        why: Error,
    },
    /// The user has to consent again.
    AskConsent {
        /// The scopes to ask for; empty when the same as before will do.
        scopes: ScopeSet,
        /// What the server said.
        why: Error,
    },
    /// It may pass: send the same request later.
    Retry {
        /// The delay that the server asked for.
        after: Option<Duration>,
        /// What the server said.
        why: Error,
    },
    /// Nothing that a program does will help.
    GiveUp {
        /// What the server said.
        why: Error,
    },
}

/// Whether a scheme can renew a worn-out credential by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Renewal {
    /// A new credential without a consent page.
    Possible,
    /// Only the user's consent yields a new one.
    Consent,
    /// There is nothing to renew.
    None,
}

impl Verdict {
    /// The verdict on a refusal.
    pub(super) fn on(why: Error, renewal: Renewal, scopes: &ScopeSet) -> Self {
        if why.is_transient() {
            let after = match why.advice() {
                Advice::Retry { after } => after,
                _ => None,
            };
            return Self::Retry { after, why };
        }
        match (why.kind(), renewal) {
            (Kind::Expired | Kind::Revoked, Renewal::Possible) => Self::Refresh { why },
            (Kind::Expired | Kind::Revoked, Renewal::Consent) => Self::AskConsent {
                scopes: scopes.clone(),
                why,
            },
            (Kind::Scope, Renewal::Possible | Renewal::Consent) => Self::AskConsent {
                scopes: widened(scopes, &why),
                why,
            },
            _ => Self::GiveUp { why },
        }
    }

    /// The verdict on the answer to a bearer token that can be refreshed.
    pub(crate) fn of_bearer(address: &str, answer: &http::Response<bytes::Bytes>) -> Self {
        match oauth2::explain_refusal(address, answer) {
            None => Self::Fine,
            Some(why) => Self::on(why, Renewal::Possible, &ScopeSet::default()),
        }
    }

    /// Why, when the answer was a refusal.
    #[must_use]
    pub fn why(&self) -> Option<&Error> {
        match self {
            Self::Fine => None,
            Self::Refresh { why }
            | Self::AskConsent { why, .. }
            | Self::Retry { why, .. }
            | Self::GiveUp { why } => Some(why),
        }
    }
}

/// The scopes that were granted, and the one that the refusal asks for.
fn widened(scopes: &ScopeSet, why: &Error) -> ScopeSet {
    let missing = match why.advice() {
        Advice::FixScope { needed } => needed,
        Advice::AskConsent { scopes } => scopes.join(" "),
        _ => String::new(),
    };
    ScopeSet::parse(&format!("{scopes} {missing}")).unwrap_or_else(|_| scopes.clone())
}
