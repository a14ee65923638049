//! The four AuthSub endpoints below `/accounts/` (legacy-protocol.md 1.1 to 1.6).

use http::StatusCode;

use super::{
    answer::Answer,
    asking::{self, Asker, CONSENT_PATH, Pending},
    gate::{self, Purpose},
    seen::Seen,
    state::{Life, State, Token},
};
use crate::{
    scheme::authsub::{AuthSubRequest, TokenInfo},
    scope::ScopeSet,
    time::Timestamp,
    wire::{lines::Lines, origin::Origin},
};

pub(super) fn answer(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    let method = seen.request.method().as_str();
    match (method, seen.path()) {
        // SEED-A says POST, every client links (legacy-protocol.md 1.1).
        ("GET" | "HEAD", "/accounts/AuthSubRequest") => request(state, seen.query()),
        ("POST", "/accounts/AuthSubRequest") => match form_or_query(seen) {
            Ok(text) => request(state, &text),
            Err(answer) => answer,
        },
        ("POST", CONSENT_PATH) => asking::decide(state, seen),
        ("GET", "/accounts/AuthSubSessionToken") => session_token(state, seen, now),
        ("GET", "/accounts/AuthSubTokenInfo") => token_info(state, seen, now),
        ("GET", "/accounts/AuthSubRevokeToken") => revoke(state, seen, now),
        (
            _,
            "/accounts/AuthSubSessionToken"
            | "/accounts/AuthSubTokenInfo"
            | "/accounts/AuthSubRevokeToken",
        ) => Answer::refusal(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
            .with(http::header::ALLOW, "GET")
            .because("the token calls are GET (legacy-protocol.md 0.1)"),
        (_, path @ ("/accounts/AuthSubRequest" | CONSENT_PATH)) => {
            let allowed = if path == CONSENT_PATH {
                "POST"
            } else {
                "GET, HEAD, POST"
            };
            Answer::refusal(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
                .with(http::header::ALLOW, allowed)
                .because("the consent page takes GET and POST only")
        }
        _ => Answer::refusal(StatusCode::NOT_FOUND, "Not Found")
            .because("there is no such address below /accounts/ here"),
    }
}

/// A POST may carry its parameters in the body or in the address.
fn form_or_query(seen: &Seen<'_>) -> Result<String, Answer> {
    let body = std::str::from_utf8(seen.request.body()).map_err(|_| {
        Answer::refusal(StatusCode::BAD_REQUEST, "Bad Request").because("the form is not UTF-8")
    })?;
    let both = [seen.query(), body.trim()].join("&");
    Ok(both)
}

/// The consent page, or at once its answer where the configuration gives it.
fn request(state: &mut State, query: &str) -> Answer {
    let request = match AuthSubRequest::parse(query) {
        Ok(request) => request,
        Err(cause) => return asking::refuse(&cause.to_string()),
    };
    let target = match Origin::of(request.next()) {
        Ok(origin) => origin.host().to_owned(),
        Err(cause) => return asking::refuse(&cause.to_string()),
    };
    if request.is_secure() && !state.sites.contains_key(&target) {
        return asking::refuse(&format!(
            "secure: {target} asks for a secure token, but registered no certificate here"
        ));
    }
    let pending = Pending {
        name: target,
        scopes: request.scopes().clone(),
        signed: request.is_secure(),
        lasting: request.is_session(),
        hosted_domain: request.hosted_domain().map(str::to_owned),
        asker: Asker::AuthSub(Box::new(request)),
    };
    asking::ask(state, pending)
}

/// Issues a single-use token and sends the browser back with it.
pub(super) fn grant(
    state: &mut State,
    request: &AuthSubRequest,
    target: &str,
    user: String,
) -> Answer {
    let issued = state.issue(Token {
        life: Life::SingleUse,
        session_allowed: request.is_session(),
        secure: request.is_secure(),
        scopes: request.scopes().clone(),
        target: target.to_owned(),
        user,
        expires_at: None,
    });
    match issued {
        Some(token) => Answer::moved(&request.granted_address(&token)),
        None => full(),
    }
}

fn session_token(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    let granted = match gate::pass(state, seen, now, Purpose::TokenCall) {
        Ok(granted) => granted,
        Err(answer) => return answer,
    };
    // The text of this refusal is not known (legacy-protocol.md 1.4, UNVERIFIED): as 1.5 has it.
    let refuse = |reason: &str| {
        Answer::refusal(
            StatusCode::FORBIDDEN,
            "Token invalid - Invalid AuthSub token.",
        )
        .because(reason)
    };
    if granted.token.life != Life::SingleUse {
        return refuse("only a single-use token can be exchanged; this is a session token");
    }
    if !granted.token.session_allowed {
        return refuse("the link asked for session=0, so the token cannot be exchanged");
    }
    let expires_at = state
        .config
        .session_seconds
        .map(|seconds| now.after(std::time::Duration::from_secs(seconds)));
    let session = Token {
        life: Life::Session,
        expires_at,
        ..granted.token
    };
    let Some(text) = state.issue(session) else {
        return full();
    };
    let mut lines = vec![("Token", text)];
    if let Some(end) = expires_at {
        lines.push(("Expiration", end.iso_basic()));
    }
    Answer::lines(lines.into_iter().collect::<Lines>().to_string())
}

fn token_info(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    match gate::pass(state, seen, now, Purpose::TokenCall) {
        Ok(granted) => {
            let token = granted.token;
            let info = TokenInfo::new(token.target, token.secure, token.scopes);
            let answer = Answer::lines(info.to_string());
            match token.life {
                Life::SingleUse => answer.because("the question spent the single-use token"),
                _ => answer,
            }
        }
        Err(answer) => answer,
    }
}

fn revoke(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    match gate::pass(state, seen, now, Purpose::TokenCall) {
        Ok(granted) => {
            if let Some(token) = state.tokens.get_mut(&granted.text) {
                token.life = Life::Revoked;
            }
            Answer::empty()
        }
        Err(answer) => answer,
    }
}

/// A session token as if a user had consented and the exchange had been made.
pub(super) fn issue_session(
    state: &mut State,
    target: &str,
    scopes: ScopeSet,
    secure: bool,
) -> Option<String> {
    let user = state.config.user.first().map(|user| user.email.clone())?;
    state.issue(Token {
        life: Life::Session,
        session_allowed: true,
        secure,
        scopes,
        target: target.to_ascii_lowercase(),
        user,
        expires_at: None,
    })
}

fn full() -> Answer {
    Answer::refusal(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable")
        .because("this emulator holds as many tokens as it can; start it anew")
}
