//! Who may pass: reads the credential of a request and checks all that it claims.
//!
//! ```text
//! header ─▶ token known? ─▶ alive? ─▶ signed? data = this request? fresh? new nonce? ─▶ scope ─▶ grant
//! ```
//!
//! Feeds ask [`feed`], which takes any scheme and yields the visitor; the token calls ask for the scheme
//! that is theirs. A client learns what Google told; the reason goes to the journal.

use http::{StatusCode, header};

use super::{
    answer::Answer,
    bearer, clientlogin, oauth1,
    seen::Seen,
    state::{Life, State, Token},
};
use crate::{error::Kind, scheme::authsub::Header, time::Timestamp};

/// What the token is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// One of the token calls below `/accounts/`: no scope is needed, and refusals are 403.
    TokenCall,
    /// A feed: the scope must cover it, and refusals are 401 with a challenge.
    Feed,
}

/// A credential that passed.
pub(super) struct Grant {
    /// The token's text.
    pub(super) text: String,
    /// The token as it was before this request spent it.
    pub(super) token: Token,
}

/// Who consented to a request that passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Visitor {
    /// The account's address.
    pub(super) user: String,
    /// The service code of a ClientLogin token.
    pub(super) login_service: Option<String>,
}

/// The texts of legacy-protocol.md 1.8.
pub(super) const INVALID: &str = "Token invalid - Invalid AuthSub token.";
pub(super) const WRONG_SCOPE: &str = "Token invalid - AuthSub token has wrong scope";
pub(super) const REVOKED: &str =
    "Token invalid - Invalid token: Token disabled, revoked, or expired.";
const EXPIRED: &str = "Token expired";
const UNKNOWN_HEADER: &str = "Unknown authorization header";
/// UNVERIFIED: the text for a feed that needs a user, asked for without one.
const NO_HEADER: &str = "User authentication required.";

/// Lets a request for a feed pass, under whichever scheme it comes.
pub(super) fn feed(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Result<Visitor, Answer> {
    if scheme(seen).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"GoogleLogin")) {
        return clientlogin::pass(state, seen, now);
    }
    if oauth1::claims(seen) {
        return oauth1::pass(state, seen, now);
    }
    if scheme(seen).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"Bearer")) {
        return bearer::pass(state, seen, now);
    }
    let granted = pass(state, seen, now, Purpose::Feed)?;
    Ok(Visitor {
        user: granted.token.user,
        login_service: None,
    })
}

/// Lets a request with an AuthSub token pass, spending a single-use token on the way, or says what to answer.
pub(super) fn pass(
    state: &mut State,
    seen: &Seen<'_>,
    now: Timestamp,
    purpose: Purpose,
) -> Result<Grant, Answer> {
    let refuse = |message: &str, reason: &str| Err(refused(purpose, message, reason));
    match scheme(seen) {
        None => return refuse(NO_HEADER, "the request has no Authorization header"),
        Some(scheme) if scheme.eq_ignore_ascii_case(b"AuthSub") => {}
        Some(_) => {
            return refuse(
                UNKNOWN_HEADER,
                "the scheme in Authorization is not known here",
            );
        }
    }
    let header = match Header::of(seen.request.headers()) {
        Ok(Some(header)) => header,
        Ok(None) => return refuse(NO_HEADER, "the request has no Authorization header"),
        Err(cause) => return refuse(INVALID, &cause.to_string()),
    };
    let text = header.token().expose();
    let Some(token) = state.tokens.get(text).cloned() else {
        let message = match purpose {
            Purpose::TokenCall => format!("Invalid token: Cannot parse AuthSub token: {text}"),
            Purpose::Feed => INVALID.to_owned(),
        };
        return refuse(&message, "no such token was issued here");
    };
    match token.life {
        Life::Spent => return refuse(INVALID, "the single-use token was spent before"),
        Life::Revoked => return refuse(REVOKED, "the token was revoked"),
        Life::SingleUse | Life::Session => {}
    }
    if token.expires_at.is_some_and(|end| end <= now) {
        return refuse(EXPIRED, "the session token has expired");
    }
    // Any call burns a single-use token, whatever comes of it (legacy-protocol.md 1.6).
    if let Some(stored) = state.tokens.get_mut(text)
        && stored.life == Life::SingleUse
    {
        stored.life = Life::Spent;
    }
    if token.secure
        && let Err(reason) = check_signature(state, seen, now, &header, &token)
    {
        return refuse(INVALID, &reason);
    }
    if purpose == Purpose::Feed
        && let Err(reason) = seen.check_scope(&token.scopes, state.config.scope_scheme_matters)
    {
        return refuse(WRONG_SCOPE, &reason);
    }
    Ok(Grant {
        text: text.to_owned(),
        token,
    })
}

/// The first word of `Authorization`.
pub(super) fn scheme<'a>(seen: &Seen<'a>) -> Option<&'a [u8]> {
    let value = seen.request.headers().get(header::AUTHORIZATION)?;
    value
        .as_bytes()
        .split(|byte| byte.is_ascii_whitespace())
        .next()
}

/// A secure token: the key of its site signed this very request, lately, and for the first time.
fn check_signature(
    state: &mut State,
    seen: &Seen<'_>,
    now: Timestamp,
    header: &Header,
    token: &Token,
) -> Result<(), String> {
    let Some(signature) = header.signature() else {
        return Err("the token is secure, but the request is not signed".to_owned());
    };
    let Some(key) = state.sites.get(&token.target) else {
        return Err(format!("{} has no certificate here", token.target));
    };
    signature.verify(key).map_err(|cause| match cause.kind() {
        Kind::Unsupported => cause.to_string(),
        _ => format!(
            "sig: not made by the key of {} over data ({cause})",
            token.target
        ),
    })?;
    let data = signature.data().map_err(|cause| cause.to_string())?;
    seen.check_data(&data)?;
    let skew = data.stamp().timestamp().distance(now).as_secs();
    let window = state.config.max_skew_seconds;
    if skew > window {
        return Err(format!(
            "timestamp: {skew} s from this clock, at most {window} s are allowed"
        ));
    }
    let stamp = data.stamp();
    let fresh = state
        .nonces
        .take(&token.target, stamp.timestamp(), stamp.nonce(), now, window);
    if !fresh {
        return Err("nonce: this timestamp and nonce were used before".to_owned());
    }
    Ok(())
}

/// 403 for the token calls (legacy-protocol.md 1.5), but for a header that is absent or of another
/// scheme; else [`refusal`].
fn refused(purpose: Purpose, message: &str, reason: &str) -> Answer {
    let forbidden =
        purpose == Purpose::TokenCall && message != NO_HEADER && message != UNKNOWN_HEADER;
    if forbidden {
        Answer::refusal(StatusCode::FORBIDDEN, message).because(reason)
    } else {
        refusal(message, reason)
    }
}

/// 401 with a challenge, whose realm is that of 2011; later ones had https (legacy-protocol.md 1.8).
pub(super) fn refusal(message: &str, reason: &str) -> Answer {
    Answer::refusal(StatusCode::UNAUTHORIZED, message)
        .with(
            header::WWW_AUTHENTICATE,
            "AuthSub realm=\"http://www.google.com/accounts/AuthSubRequest\"",
        )
        .because(reason)
}
