//! What only a status tells: the table of gdata refusals says the rest.

use bytes::Bytes;

use super::{
    signature::{Explanation, Sure},
    table::{CONSENT, OAUTH2_DOCS},
    text::Text,
};
use crate::{
    error::{Advice, Kind},
    gdata::Refusal,
};

/// An explanation where no signature fits, from the first status that is a refusal.
pub(super) fn fallback(text: &Text) -> Option<Explanation> {
    let status = *text.statuses.iter().find(|status| **status >= 400)?;
    let reply = http::Response::builder()
        .status(status)
        .body(Bytes::copy_from_slice(text.lower.as_bytes()))
        .ok()?;
    let error = Refusal::read(&reply)?.into_error();
    let message = error.to_string();
    let sentence = message.split(" (").next().unwrap_or_default();
    let next = match (error.advice(), error.kind()) {
        (Advice::AskConsent { .. } | Advice::Reauthenticate, _) => CONSENT,
        (Advice::Retry { .. }, _) => "Try again later, less often each time.",
        (Advice::AskAdmin, _) => "The account's owner or administrator has to act.",
        (_, Kind::Retired) => {
            "What was called is switched off: port to the API that took its place."
        }
        _ => "Look at the whole answer: its body says more than its status.",
    };
    Some(Explanation {
        id: format!("status-{status}"),
        sure: Sure::Possible,
        meaning: format!("The server answered {status}: {sentence}."),
        since: None,
        next: next.to_owned(),
        link: Some(OAUTH2_DOCS.to_owned()),
        weight: 5,
    })
}
