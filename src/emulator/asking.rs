//! Consent: who asks, what the configuration or the user answers, and where the browser goes then.
//!
//! ```text
//! AuthSubRequest ──────▶ Pending ──▶ page ──▶ decide ──▶ back to the website
//! OAuthAuthorizeToken ─▶
//! ```

use http::StatusCode;

use super::{
    answer::Answer,
    authsub,
    config::{Consent, User},
    consent, oauth1,
    seen::Seen,
    state::State,
};
use crate::{scheme::authsub::AuthSubRequest, scope::ScopeSet, wire::query::Pairs};

/// Where the consent page posts its answer. The emulator's own address: Google's is not known.
pub(super) const CONSENT_PATH: &str = "/accounts/AuthSubConsent";

/// A question that waits for the user.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    pub(super) asker: Asker,
    /// The website or application, as the page names it.
    pub(super) name: String,
    pub(super) scopes: ScopeSet,
    /// Whether every request will be signed.
    pub(super) signed: bool,
    /// Whether access lasts until it is revoked.
    pub(super) lasting: bool,
    /// The hosted domain whose accounts may answer.
    pub(super) hosted_domain: Option<String>,
}

/// Who asks, with what is needed to go on.
#[derive(Clone, Debug)]
pub(super) enum Asker {
    AuthSub(Box<AuthSubRequest>),
    /// A request token of OAuth 1.0.
    OAuth1(String),
}

/// Shows the page, or answers at once where the configuration does.
pub(super) fn ask(state: &mut State, pending: Pending) -> Answer {
    let users = users_for(state, &pending);
    let Some(first) = users.first() else {
        return refuse("hd: no account here belongs to this domain");
    };
    match state.config.consent {
        Consent::Allow => {
            let email = first.email.clone();
            allow(state, &pending, email)
        }
        Consent::Deny => deny(state, &pending).because("consent: deny"),
        Consent::Ask => {
            let id = state.random_text(18);
            let page = consent::page(&pending, &users, &id);
            state.await_consent(id, pending);
            Answer::page(StatusCode::OK, page)
        }
    }
}

/// What the user chose on the page. Each page is answered once.
pub(super) fn decide(state: &mut State, seen: &Seen<'_>) -> Answer {
    let form = std::str::from_utf8(seen.request.body())
        .ok()
        .and_then(|body| Pairs::parse(body).ok());
    let Some(form) = form else {
        return refuse("the form cannot be read");
    };
    let Some(id) = form.first("consent") else {
        return refuse("consent: expected the page's number, got none");
    };
    let Some(pending) = state.pending.remove(id) else {
        return refuse("consent: this page was answered before, or was never shown");
    };
    match form.first("decision") {
        Some("allow") => {
            let chosen = form.first("user").unwrap_or_default();
            let users = users_for(state, &pending);
            match users.into_iter().find(|user| user.email == chosen) {
                Some(user) => allow(state, &pending, user.email),
                None => refuse("user: expected one of the accounts on the page"),
            }
        }
        Some("deny") => deny(state, &pending).because("the user declined"),
        _ => refuse("decision: expected allow or deny"),
    }
}

/// A page that says what is wrong with a link or a form.
pub(super) fn refuse(problem: &str) -> Answer {
    Answer::page(StatusCode::BAD_REQUEST, consent::refusal_page(problem)).because(problem)
}

fn allow(state: &mut State, pending: &Pending, user: String) -> Answer {
    match &pending.asker {
        Asker::AuthSub(request) => authsub::grant(state, request, &pending.name, user),
        Asker::OAuth1(token) => oauth1::grant(state, token, user),
    }
}

fn deny(state: &mut State, pending: &Pending) -> Answer {
    match &pending.asker {
        // `next` as it was: AuthSub has no error code (legacy-protocol.md 1.3).
        Asker::AuthSub(request) => Answer::moved(request.next()),
        Asker::OAuth1(token) => oauth1::deny(state, token),
    }
}

/// The accounts that the hosted domain lets in: its own, or with `default` and without one all.
fn users_for(state: &State, pending: &Pending) -> Vec<User> {
    let of_domain = |user: &&User| match pending.hosted_domain.as_deref() {
        None | Some("default") => true,
        Some(domain) => user
            .email
            .rsplit_once('@')
            .is_some_and(|(_, own)| own.eq_ignore_ascii_case(domain)),
    };
    state
        .config
        .user
        .iter()
        .filter(of_domain)
        .cloned()
        .collect()
}
