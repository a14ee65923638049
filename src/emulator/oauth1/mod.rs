//! OAuth 1.0(a): request token, consent, access token, and signed requests (legacy-protocol.md 4).
//!
//! ```text
//! OAuthGetRequestToken ─▶ 4/… ─▶ OAuthAuthorizeToken ─▶ verifier ─▶ OAuthGetAccessToken ─▶ 1/…
//! ```
//!
//! Every call is verified: consumer, signature over the base string, age, nonce. Texts of refusals that no
//! trace shows are UNVERIFIED; the reason is in the journal, and the base string in the answer.

mod problem;
mod verification;

use http::{StatusCode, header};
use serde::{Deserialize, Serialize};

use self::{
    problem::{Problem, invalid},
    verification::check,
};
use super::{
    answer::Answer,
    asking::{self, Asker, Pending},
    consent, gate,
    seen::Seen,
    state::State,
};
use crate::{
    crypto::PublicKey,
    error::Error,
    scheme::oauth1::{AuthorizeLink, Callback, Keys, TokenInfo, TokenReply},
    scope::ScopeSet,
    secret::Secret,
    time::Timestamp,
    wire::{html::escape, origin::Origin},
};

pub(in crate::emulator) use self::verification::{access, pass};

/// The key of applications that did not register.
const ANONYMOUS: &str = "anonymous";

/// An application and the keys that its signatures are checked with.
#[derive(Clone)]
pub(in crate::emulator) struct Consumer {
    secret: Option<Secret>,
    certificate: Option<PublicKey>,
}

/// A request token on its way.
#[derive(Clone)]
pub(in crate::emulator) struct RequestToken {
    consumer: String,
    secret: Secret,
    scopes: ScopeSet,
    /// Absent in OAuth 1.0 before revision A.
    callback: Option<Callback>,
    display_name: Option<String>,
    /// Who allowed it, and the verifier that proves it.
    allowed: Option<(String, Secret)>,
}

/// An access token.
#[derive(Clone, Serialize, Deserialize)]
pub(in crate::emulator) struct AccessToken {
    consumer: String,
    #[serde(with = "super::snapshot::secret")]
    secret: Secret,
    #[serde(with = "super::snapshot::scopes")]
    scopes: ScopeSet,
    pub(in crate::emulator) user: String,
    revoked: bool,
}

impl Consumer {
    /// `anonymous`, which signs with `anonymous`, and only with HMAC.
    pub(in crate::emulator) fn anonymous() -> (String, Self) {
        let keys = Self {
            secret: Some(Secret::new(ANONYMOUS)),
            certificate: None,
        };
        (ANONYMOUS.to_owned(), keys)
    }

    /// A configured application.
    pub(in crate::emulator) fn of(configured: &super::Consumer) -> Result<Self, Error> {
        let certificate = configured
            .certificate
            .as_ref()
            .map(|pem| PublicKey::read(pem.as_bytes()))
            .transpose()
            .map_err(|cause| {
                Error::new(
                    cause.kind(),
                    format!("consumer {}: {cause}", configured.key),
                )
                .caused_by(cause)
            })?;
        if configured.secret.is_none() && certificate.is_none() {
            return Err(Error::input(
                "consumer",
                format_args!("expected a secret or a certificate for {}", configured.key),
            ));
        }
        Ok(Self {
            secret: configured.secret.clone(),
            certificate,
        })
    }

    fn keys(&self) -> Option<Keys<'_>> {
        match (&self.secret, &self.certificate) {
            (Some(secret), Some(key)) => Some(Keys::shared(secret).and_certificate(key)),
            (Some(secret), None) => Some(Keys::shared(secret)),
            (None, Some(key)) => Some(Keys::certificate(key)),
            (None, None) => None,
        }
    }
}

/// Whether a request claims to be signed under OAuth 1.0, in its header, address or form.
pub(in crate::emulator) fn claims(seen: &Seen<'_>) -> bool {
    gate::scheme(seen).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"OAuth"))
        || seen.query().contains("oauth_signature=")
}

/// The endpoints of the accounts service; `None` for a path that is none of them.
pub(in crate::emulator) fn answer(
    state: &mut State,
    seen: &Seen<'_>,
    now: Timestamp,
) -> Option<Answer> {
    let method = seen.request.method().as_str();
    Some(match (method, seen.path()) {
        ("GET" | "POST", "/accounts/OAuthGetRequestToken") => request_token(state, seen, now),
        ("GET" | "POST", "/accounts/OAuthGetAccessToken") => access_token(state, seen, now),
        ("GET" | "HEAD", "/accounts/OAuthAuthorizeToken") => authorize(state, seen),
        // Revocation and information go through AuthSub's endpoints (legacy-protocol.md 1.5, 1.6); a client
        // in OCaml posted.
        ("GET" | "POST", "/accounts/AuthSubTokenInfo") if claims(seen) => {
            token_info(state, seen, now)
        }
        ("GET" | "POST", "/accounts/AuthSubRevokeToken") if claims(seen) => {
            revoke(state, seen, now)
        }
        (
            _,
            "/accounts/OAuthGetRequestToken"
            | "/accounts/OAuthGetAccessToken"
            | "/accounts/OAuthAuthorizeToken",
        ) => Answer::refusal(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
            .with(header::ALLOW, "GET, POST")
            .because("the OAuth calls are GET or POST"),
        _ => return None,
    })
}

fn request_token(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    let signed = match check(state, seen, now, |_, _| Some(None)) {
        Ok(signed) => signed,
        Err(problem) => return problem.answer(),
    };
    let scope = signed.parameters().first("scope").unwrap_or_default();
    let scopes = match ScopeSet::parse(&scope) {
        Ok(scopes) if !scopes.is_empty() => scopes,
        Ok(_) => return Problem::absent("scope").answer(),
        Err(cause) => return Problem::new("parameter_rejected", cause.to_string()).answer(),
    };
    let callback = match signed
        .callback()
        .map(|text| Callback::parse(&text))
        .transpose()
    {
        Ok(callback) => callback,
        Err(cause) => return Problem::new("parameter_rejected", cause.to_string()).answer(),
    };
    let revision_a = callback.is_some();
    let token = format!("4/{}", state.random_text(21));
    let secret = Secret::new(state.random_text(18));
    let name = signed.parameters().first("xoauth_displayname");
    let issued = RequestToken {
        consumer: signed.consumer_key().to_owned(),
        secret: secret.clone(),
        scopes,
        callback,
        display_name: name.map(|name| name.into_owned()),
        allowed: None,
    };
    state.keep_oauth_request(token.clone(), issued);
    let mut reply = TokenReply::new(token, secret);
    if revision_a {
        reply = reply.confirming_the_callback();
    }
    Answer::form(reply.to_body())
}

/// The consent page, shared with AuthSub.
fn authorize(state: &mut State, seen: &Seen<'_>) -> Answer {
    let link = match AuthorizeLink::parse(seen.query()) {
        Ok(link) => link,
        Err(cause) => return asking::refuse(&cause.to_string()),
    };
    let token = link.token().expose().to_owned();
    let Some(request) = state.oauth_requests.get_mut(&token) else {
        return asking::refuse("oauth_token: no such request token was issued here");
    };
    // Before revision A the callback came with the link.
    if request.callback.is_none() {
        request.callback = link.callback_in_link().cloned();
    }
    let from = request.callback.as_ref().and_then(Callback::address);
    let host = from
        .and_then(|address| Origin::of(address).ok())
        .map(|origin| origin.host().to_owned());
    let name = match (&request.display_name, request.consumer.as_str()) {
        (Some(name), ANONYMOUS) => name.clone(),
        (None, ANONYMOUS) => host.unwrap_or_else(|| "An application".to_owned()),
        (_, domain) => domain.to_owned(),
    };
    let pending = Pending {
        name,
        scopes: request.scopes.clone(),
        signed: true,
        lasting: true,
        hosted_domain: link.hosted_domain().map(str::to_owned),
        asker: Asker::OAuth1(token),
    };
    asking::ask(state, pending)
}

/// The user allowed it: back to the callback with a verifier, or shows it.
pub(in crate::emulator) fn grant(state: &mut State, token: &str, user: String) -> Answer {
    let verifier = state.random_text(18);
    let Some(request) = state.oauth_requests.get_mut(token) else {
        return asking::refuse("oauth_token: the request token is gone");
    };
    request.allowed = Some((user, Secret::new(verifier.as_str())));
    let back = request
        .callback
        .as_ref()
        .and_then(|callback| callback.granted(token, &verifier));
    match back {
        Some(address) => Answer::moved(&address),
        None => Answer::page(StatusCode::OK, consent::verifier_page(&escape(&verifier))),
    }
}

/// The user declined: the callback as it was, like AuthSub's (UNVERIFIED).
pub(in crate::emulator) fn deny(state: &mut State, token: &str) -> Answer {
    let request = state.oauth_requests.remove(token);
    let callback = request.and_then(|request| request.callback);
    match callback.as_ref().and_then(Callback::address) {
        Some(address) => Answer::moved(address),
        None => Answer::page(StatusCode::OK, consent::refusal_page("access was declined")),
    }
}

fn access_token(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    let secret_of = |state: &State, token: &str| {
        let request = state.oauth_requests.get(token)?;
        Some(Some(request.secret.clone()))
    };
    let signed = match check(state, seen, now, secret_of) {
        Ok(signed) => signed,
        Err(problem) => return problem.answer(),
    };
    let token = signed.token().map(|token| token.expose().to_owned());
    let Some(token) = token else {
        return Problem::absent("oauth_token").answer();
    };
    let Some(request) = state.oauth_requests.get(&token).cloned() else {
        return invalid("oauth_token: no such request token");
    };
    if request.consumer != signed.consumer_key() {
        return invalid("oauth_token: issued to another consumer");
    }
    let Some((user, verifier)) = request.allowed else {
        return invalid("oauth_token: the user has not allowed it");
    };
    if request.callback.is_some() && signed.verifier().as_ref() != Some(&verifier) {
        return invalid("oauth_verifier: not the one that the user got");
    }
    state.oauth_requests.remove(&token);
    let token = format!("1/{}", state.random_text(32));
    let secret = Secret::new(state.random_text(18));
    let issued = AccessToken {
        consumer: request.consumer,
        secret: secret.clone(),
        scopes: request.scopes,
        user,
        revoked: false,
    };
    if !state.keep_oauth_access(token.clone(), issued) {
        return Answer::refusal(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable")
            .because("this emulator holds as many tokens as it can; start it anew");
    }
    Answer::form(TokenReply::new(token, secret).to_body())
}

/// `Secure` is true for OAuth tokens, as a live test found (legacy-protocol.md 1.6).
fn token_info(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    match access(state, seen, now) {
        Ok((_, token)) => Answer::lines(TokenInfo::new(token.consumer, token.scopes).to_string()),
        Err(problem) => problem.forbidden(),
    }
}

fn revoke(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    match access(state, seen, now) {
        Ok((text, _)) => {
            if let Some(token) = state.oauth_access.get_mut(&text) {
                token.revoked = true;
            }
            Answer::empty()
        }
        Err(problem) => problem.forbidden(),
    }
}

impl AccessToken {
    pub(in crate::emulator) fn scopes(&self) -> &ScopeSet {
        &self.scopes
    }
}
