//! OAuth 1.0(a): request token, consent, access token, and signed requests (legacy-protocol.md 4).
//!
//! ```text
//! OAuthGetRequestToken ─▶ 4/… ─▶ OAuthAuthorizeToken ─▶ verifier ─▶ OAuthGetAccessToken ─▶ 1/…
//! ```
//!
//! Every call is verified: consumer, signature over the base string, age, nonce. Texts of refusals that no
//! trace shows are UNVERIFIED; the reason is in the journal, and the base string in the answer.

use http::{StatusCode, header};
use serde::{Deserialize, Serialize};

use super::{
    answer::{Answer, escape},
    asking::{self, Asker, Pending},
    consent,
    gate::{self, Visitor},
    seen::Seen,
    state::State,
};
use crate::{
    crypto::PublicKey,
    error::{Error, Kind},
    scheme::oauth1::{AuthorizeLink, Callback, Keys, SignedRequest, TokenInfo, TokenReply},
    scope::ScopeSet,
    secret::Secret,
    time::Timestamp,
    wire::origin::Origin,
};

/// The key of applications that did not register.
const ANONYMOUS: &str = "anonymous";

/// An application and the keys that its signatures are checked with.
#[derive(Clone)]
pub(super) struct Consumer {
    secret: Option<Secret>,
    certificate: Option<PublicKey>,
}

/// A request token on its way.
#[derive(Clone)]
pub(super) struct RequestToken {
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
pub(super) struct AccessToken {
    consumer: String,
    #[serde(with = "super::snapshot::secret")]
    secret: Secret,
    #[serde(with = "super::snapshot::scopes")]
    scopes: ScopeSet,
    pub(super) user: String,
    revoked: bool,
}

impl Consumer {
    /// `anonymous`, which signs with `anonymous`, and only with HMAC.
    pub(super) fn anonymous() -> (String, Self) {
        let keys = Self {
            secret: Some(Secret::new(ANONYMOUS)),
            certificate: None,
        };
        (ANONYMOUS.to_owned(), keys)
    }

    /// A configured application.
    pub(super) fn of(configured: &super::Consumer) -> Result<Self, Error> {
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
pub(super) fn claims(seen: &Seen<'_>) -> bool {
    gate::scheme(seen).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"OAuth"))
        || seen.query().contains("oauth_signature=")
}

/// The endpoints of the accounts service; `None` for a path that is none of them.
pub(super) fn answer(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Option<Answer> {
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
pub(super) fn grant(state: &mut State, token: &str, user: String) -> Answer {
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
pub(super) fn deny(state: &mut State, token: &str) -> Answer {
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

/// Lets a signed request for a feed pass, three-legged or two-legged.
pub(super) fn pass(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Result<Visitor, Answer> {
    let signed = check(state, seen, now, secret_of_access).map_err(|problem| problem.feed())?;
    let user = match signed.token().map(Secret::expose) {
        Some(text) => {
            let token = alive(state, text, &signed).map_err(|problem| problem.feed())?;
            seen.check_scope(&token.scopes, state.config.scope_scheme_matters)
                .map_err(|reason| gate::refusal(gate::WRONG_SCOPE, &reason))?;
            token.user
        }
        None => requestor(state, &signed).map_err(|problem| problem.feed())?,
    };
    Ok(Visitor {
        user,
        login_service: None,
    })
}

/// The access token that signed a request, for the token endpoint's migration grant.
pub(super) fn access(
    state: &mut State,
    seen: &Seen<'_>,
    now: Timestamp,
) -> Result<(String, AccessToken), Problem> {
    let signed = check(state, seen, now, secret_of_access)?;
    let text = signed
        .token()
        .map(|token| token.expose().to_owned())
        .ok_or_else(|| Problem::absent("oauth_token"))?;
    let token = alive(state, &text, &signed)?;
    Ok((text, token))
}

impl AccessToken {
    pub(super) fn scopes(&self) -> &ScopeSet {
        &self.scopes
    }
}

/// An address book's answer: not there, there without a secret, or the secret.
fn secret_of_access(state: &State, token: &str) -> Option<Option<Secret>> {
    let access = state.oauth_access.get(token)?;
    Some(Some(access.secret.clone()))
}

/// The token, if it lives and was issued to the consumer that signed: with RSA no secret of the token takes
/// part in the signature, so another consumer could use one that it has seen.
fn alive(state: &State, text: &str, signed: &SignedRequest) -> Result<AccessToken, Problem> {
    let token = state.oauth_access.get(text);
    match token {
        None => Err(Problem::new(
            "token_rejected",
            "oauth_token: never issued here",
        )),
        Some(token) if token.consumer != signed.consumer_key() => Err(Problem::new(
            "token_rejected",
            "oauth_token: issued to another consumer",
        )),
        Some(token) if token.revoked => Err(Problem::new("token_revoked", "the token was revoked")),
        Some(token) => Ok(token.clone()),
    }
}

/// The user that a two-legged consumer acts for: one of its own domain.
fn requestor(state: &State, signed: &SignedRequest) -> Result<String, Problem> {
    let email = signed
        .requestor()
        .ok_or_else(|| Problem::absent("xoauth_requestor_id"))?;
    let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
    if !domain.eq_ignore_ascii_case(signed.consumer_key()) {
        return Err(Problem::new(
            "permission_denied",
            "xoauth_requestor_id: the consumer acts for users of its own domain only",
        ));
    }
    let known = state.config.user.iter().any(|user| user.email == email);
    known
        .then_some(email)
        .ok_or_else(|| Problem::new("user_refused", "xoauth_requestor_id: no such account here"))
}

/// Reads a signed request and checks consumer, signature, age and nonce. `secret_of` knows the token's
/// secret: `None` when there is no such token.
fn check(
    state: &mut State,
    seen: &Seen<'_>,
    now: Timestamp,
    secret_of: impl Fn(&State, &str) -> Option<Option<Secret>>,
) -> Result<SignedRequest, Problem> {
    let signed = SignedRequest::of(seen.request)
        .map_err(|cause| Problem::new("parameter_rejected", cause.to_string()))?
        .ok_or_else(|| Problem::new("parameter_absent", "the request is not signed"))?;
    let Some(consumer) = state.consumers.get(signed.consumer_key()) else {
        return Err(Problem::new(
            "consumer_key_unknown",
            "oauth_consumer_key: not registered here",
        ));
    };
    let token_secret = match signed.token() {
        Some(token) => secret_of(state, token.expose())
            .ok_or_else(|| Problem::new("token_rejected", "oauth_token: never issued here"))?,
        None => None,
    };
    let mut keys = consumer
        .keys()
        .ok_or_else(|| Problem::new("consumer_key_refused", "the consumer has no key"))?;
    if let Some(secret) = &token_secret {
        keys = keys.and_token(secret);
    }
    verify(seen, &signed, &keys)?;
    fresh(state, &signed, now)?;
    Ok(signed)
}

/// The signature, for one of the addresses that the client can have meant.
fn verify(seen: &Seen<'_>, signed: &SignedRequest, keys: &Keys<'_>) -> Result<(), Problem> {
    let method = seen.request.method().as_str();
    let mut first = None;
    for address in seen.own_addresses() {
        match signed.verify(method, &address, keys) {
            Ok(()) => return Ok(()),
            Err(cause) => {
                let base = signed.base_string(method, &address).ok();
                first.get_or_insert((cause, base));
            }
        }
    }
    let (cause, base) = first.ok_or_else(|| Problem::new("parameter_rejected", "no address"))?;
    let name = match cause.kind() {
        Kind::Unsupported => "signature_method_rejected",
        _ => "signature_invalid",
    };
    let mut problem = Problem::new(name, cause.to_string());
    problem.base_string = base.map(|base| base.as_str().to_owned());
    Err(problem)
}

/// Age and nonce; `PLAINTEXT` may do without both (RFC 5849, 3.1).
fn fresh(state: &mut State, signed: &SignedRequest, now: Timestamp) -> Result<(), Problem> {
    let (Some(timestamp), Some(nonce)) = (signed.timestamp(), signed.nonce()) else {
        return Ok(());
    };
    let window = state.config.max_skew_seconds;
    let skew = timestamp.distance(now).as_secs();
    if skew > window {
        let reason = format!("timestamp: {skew} s from this clock, at most {window} s are allowed");
        return Err(Problem::new("timestamp_refused", reason));
    }
    let token = signed.token().map_or("", Secret::expose);
    let owner = format!("oauth {} {token}", signed.consumer_key());
    // Java's nonces may be negative; whatever the text is, it counts once.
    if !state.nonces.take(&owner, timestamp, nonce, now, window) {
        return Err(Problem::new(
            "nonce_used",
            "nonce: this timestamp and nonce were used before",
        ));
    }
    Ok(())
}

/// The one text that a trace of Google's shows, with its two line feeds (legacy-protocol.md 4).
fn invalid(reason: &str) -> Answer {
    Answer::plain(StatusCode::BAD_REQUEST, "The token is invalid.\n\n").because(reason)
}

/// Why a signed request was refused, by the names of OAuth's problem reporting extension.
pub(super) struct Problem {
    name: &'static str,
    reason: String,
    base_string: Option<String>,
}

impl Problem {
    fn new(name: &'static str, reason: impl Into<String>) -> Self {
        Self {
            name,
            reason: reason.into(),
            base_string: None,
        }
    }

    fn absent(parameter: &str) -> Self {
        Self::new(
            "parameter_absent",
            format!("{parameter}: expected the parameter, got none"),
        )
    }

    /// For the token calls: 400 with the problem, and the base string of a wrong signature (UNVERIFIED).
    fn answer(self) -> Answer {
        if matches!(self.name, "token_rejected" | "token_revoked") {
            return invalid(&self.reason);
        }
        let body = match self.base_string {
            Some(base) => format!("{}\nbase_string:{base}\n", self.name),
            None => format!("{}\n", self.name),
        };
        Answer::plain(StatusCode::BAD_REQUEST, &body).because(self.reason)
    }

    /// For AuthSub's endpoints: 403 in HTML.
    fn forbidden(self) -> Answer {
        Answer::refusal(StatusCode::FORBIDDEN, gate::INVALID).because(self.reason)
    }

    /// For feeds: the text that AuthSub's tokens got, which clients took as the sign to renew
    /// (legacy-protocol.md 1.8).
    fn feed(self) -> Answer {
        let message = match self.name {
            "token_revoked" => gate::REVOKED,
            _ => gate::INVALID,
        };
        gate::refusal(message, &self.reason)
    }

    /// For the token endpoint of OAuth 2.0.
    pub(super) fn reason(self) -> String {
        self.reason
    }
}
