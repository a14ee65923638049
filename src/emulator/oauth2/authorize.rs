//! The consent link: what is checked before anyone is asked, and what Google shows in place of sending the browser
//! back (RFC 6749, 4.1.2.1; oauth2.md 5.2).
//!
//! ```text
//! user agent ─▶ client ─▶ redirect_uri ─▶ response_type, scope, PKCE, prompt ─▶ asking
//!      └──────────┴─────────────┴── a fault is a page, never a redirect ──┘
//! ```

use http::{StatusCode, header};

use super::{
    asking::{self, Ask},
    code::Challenge,
    form, page,
    page::{Fault, fault_page},
    registration::{Mismatch, Registration, Unknown},
};
use crate::{
    emulator::{answer::Answer, seen::Seen, state::State},
    scheme::oauth2::{AuthorizationQuery, ClientKind, ErrorCode},
    time::Timestamp,
};

pub(super) fn link(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    if is_embedded(seen) {
        return shown(&Fault {
            status: StatusCode::FORBIDDEN,
            code: ErrorCode::DisallowedUseragent,
            reason: "user-agent: a browser embedded in an application",
        });
    }
    match read(state, seen) {
        Ok(ask) => asking::begin(state, &ask, now),
        Err(fault) => shown(&fault),
    }
}

/// A fault that stays on Google's page.
pub(super) fn shown(fault: &Fault) -> Answer {
    page(fault.status, fault_page(fault)).because(fault.reason)
}

fn read(state: &State, seen: &Seen<'_>) -> Result<Ask, Fault> {
    let invalid = |reason| fault(ErrorCode::InvalidRequest, reason);
    let pairs = form(seen).ok_or_else(|| invalid("the query cannot be read"))?;
    let query = AuthorizationQuery::read(&pairs)
        .map_err(|_| invalid("a parameter stands twice, or scope has a name that is none"))?;
    let client = Registration::find(&state.config, &query.client_id).map_err(|unknown| {
        let code = match unknown {
            Unknown::Missing => return invalid("client_id: expected the parameter"),
            Unknown::NotFound => ErrorCode::InvalidClient,
            Unknown::Deleted => ErrorCode::DeletedClient,
        };
        Fault {
            status: StatusCode::UNAUTHORIZED,
            code,
            reason: "client_id: not registered here, or deleted",
        }
    })?;
    if !client.may_be(ClientKind::Installed) && !client.may_be(ClientKind::Web) {
        // UNVERIFIED: what Google shows for a client of this type.
        return Err(fault(
            ErrorCode::InvalidRequest,
            "client_id: a client for TVs and devices has no redirect",
        ));
    }
    if query.redirect_uri.is_empty() {
        return Err(invalid("redirect_uri: expected the parameter"));
    }
    let out_of_band = state.config.out_of_band;
    client
        .check_redirect(&query.redirect_uri, out_of_band)
        .map_err(|mismatch| match mismatch {
            Mismatch::NotRegistered => fault(
                ErrorCode::RedirectUriMismatch,
                "redirect_uri: not one of this client's",
            ),
            Mismatch::OutOfBand => invalid(
                "redirect_uri: out-of-band is blocked since 2022; out_of_band = true allows it",
            ),
        })?;
    match query.response_type.as_str() {
        "code" => {}
        "" => return Err(invalid("response_type: expected the parameter")),
        _ => {
            return Err(fault(
                ErrorCode::UnsupportedResponseType,
                "response_type: expected code; the implicit flow is not played",
            ));
        }
    }
    if query.scope.is_empty() {
        return Err(invalid("scope: expected the parameter"));
    }
    let challenge = Challenge::of(
        query.code_challenge.as_deref(),
        query.code_challenge_method.as_deref(),
    )
    .map_err(invalid)?;
    let ask = Ask {
        query,
        client,
        challenge,
    };
    if ask.prompts("none") && ask.prompt_words().count() > 1 {
        return Err(invalid("prompt: none has to stand alone"));
    }
    if ask.prompt_words().any(|word| !PROMPTS.contains(&word)) {
        return Err(invalid(
            "prompt: expected none, consent, select_account or login",
        ));
    }
    Ok(ask)
}

/// What a link may ask the page to do. `login` is taken and asks for nothing: there are no passwords here.
const PROMPTS: &[&str] = &["none", "consent", "select_account", "login"];

fn fault(code: ErrorCode, reason: &'static str) -> Fault {
    Fault {
        status: StatusCode::BAD_REQUEST,
        code,
        reason,
    }
}

/// Whether the page is shown inside an application: Android's web view says so in its user agent, and Apple's leaves
/// out the browser's name ([MEM]; oauth2.md 4, 12).
fn is_embedded(seen: &Seen<'_>) -> bool {
    let agent = seen.request.headers().get(header::USER_AGENT);
    let agent = agent
        .and_then(|agent| agent.to_str().ok())
        .unwrap_or_default();
    let android = agent.contains("; wv)");
    let apple = ["(iPhone;", "(iPad;"]
        .iter()
        .any(|mark| agent.contains(mark))
        && agent.contains("AppleWebKit/")
        && !agent.contains("Safari/");
    android || apple
}
