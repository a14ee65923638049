//! Whether a signed request holds: consumer, signature, age, nonce, and the token's life and scope.

use super::{AccessToken, problem::Problem};
use crate::{
    emulator::{
        answer::Answer,
        gate::{self, Visitor},
        seen::Seen,
        state::State,
    },
    error::Kind,
    scheme::oauth1::{Keys, SignedRequest},
    secret::Secret,
    time::Timestamp,
};

/// Lets a signed request for a feed pass, three-legged or two-legged.
pub(in crate::emulator) fn pass(
    state: &mut State,
    seen: &Seen<'_>,
    now: Timestamp,
) -> Result<Visitor, Answer> {
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
pub(in crate::emulator) fn access(
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

/// An address book's answer: not there, there without a secret, or the secret.
pub(super) fn secret_of_access(state: &State, token: &str) -> Option<Option<Secret>> {
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
pub(super) fn check(
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
