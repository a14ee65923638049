//! How a server's answers have changed since they were recorded: in shape, not in what they say.
//!
//! ```text
//! recorded answer ─┐                      status     200 -> 404
//!                  ├─ between ── drifts   headers    names, media type
//! live answer ─────┘                      body       paths and types of JSON, elements of XML, keys of forms
//! ```
//!
//! Values are never compared and never shown: they change with every answer, and any may be a secret. Of JSON and XML it
//! shows names, types and lengths.
//!
//! | level | means | such as |
//! |---|---|---|
//! | breaking | a client of the recorded form may fail | another class of status, a member gone or of another type, another media type |
//! | notable | it may matter | `201` for `200`, a header gone, a member in some elements only, `null` for a value |
//! | harmless | a careful client does not see it | a new member, a new header |

mod body;
mod cassettes;
mod found;
mod head;
mod json;
mod settings;
mod shape;
mod xml;

pub use self::{
    cassettes::{Pair, Report, cassettes},
    found::{Drift, Level},
    head::EVER_CHANGING,
    settings::DriftSettings,
};
use super::RecordedResponse;

/// How `live` differs from `recorded`, in shape: status first, then headers, then the body.
///
/// # Examples
/// ```
/// use gdata_auth::cassette::{Body, RecordedResponse, drift::{DriftSettings, between}};
///
/// let answer = |json: &'static str| {
///     let mut answer = RecordedResponse::new(200);
///     answer.headers.push("Content-Type", "application/json");
///     answer.body = Body::wire(json);
///     answer
/// };
/// let recorded = answer(r#"{"access_token": "ya29.a", "expires_in": 3599}"#);
/// let live = answer(r#"{"access_token": "ya29.b", "expires_in": "3599"}"#);
/// let drifts = between(&recorded, &live, &DriftSettings::default());
/// assert_eq!(drifts.len(), 1);
/// assert_eq!(
///     drifts[0].to_string(),
///     "breaking: body $.expires_in: expected an integer, got a string of 4"
/// );
/// ```
#[must_use]
pub fn between(
    recorded: &RecordedResponse,
    live: &RecordedResponse,
    settings: &DriftSettings,
) -> Vec<Drift> {
    let mut found = head::status(recorded.status, live.status);
    found.extend(head::headers(&recorded.headers, &live.headers, settings));
    // An answer of another class is another kind of document: its members say nothing new.
    if recorded.status / 100 == live.status / 100 {
        found.extend(body::compare(recorded, live));
    }
    found.retain(|drift| settings.wants(drift));
    found
}
