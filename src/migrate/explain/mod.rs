//! Why an old integration stopped, told from whatever it left behind: a log line, a response, a stack trace.
//!
//! ```text
//! text ─▶ statuses and words ─▶ signatures that fit ─▶ ranked explanations
//! ```
//!
//! What is told comes from the tables and never from the text, so no secret in it is repeated.
//!
//! # Source
//! migration.md 1.5 and 2.1; legacy-protocol.md 1.8, 2.5, 3.3 and 9; oauth2.md 5.2 to 5.5.

mod codes;
mod endpoints;
mod libraries;
mod reply;
mod servers;
mod signature;
mod table;
mod text;

use serde::Serialize;

pub use self::signature::{Explanation, Signature, Sure};
use self::text::Text;

/// The signatures that stand in tables; those of codes come from the protocols' own.
pub fn signatures() -> impl Iterator<Item = &'static Signature> {
    [endpoints::ENDPOINTS, servers::SERVERS, libraries::LIBRARIES]
        .into_iter()
        .flatten()
}

/// All that a text tells, the surest and most telling first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Explained {
    /// The version of this form.
    pub version: u32,
    /// The statuses of HTTP that the text names.
    pub statuses: Vec<u16>,
    /// What it tells; empty when nothing in it is known.
    pub explanations: Vec<Explanation>,
}

/// The most bytes of a text that are looked at: its beginning and its end.
pub const MAX_BYTES: usize = 1 << 20;

/// Explains a text.
///
/// # Examples
/// ```
/// use gdata_auth::migrate::explain::{Sure, explain};
///
/// let explained = explain("HTTP/1.1 404 Not Found\r\n\r\nhttps://developers.google.com/accounts/docs/AuthForInstalledApps");
/// let first = &explained.explanations[0];
/// assert_eq!((first.id.as_str(), first.sure), ("clientlogin-gone", Sure::Certain));
/// assert!(explain("the weather is fine").explanations.is_empty());
/// ```
#[must_use]
pub fn explain(text: &str) -> Explained {
    let text = Text::of(text);
    let mut explanations: Vec<Explanation> = signatures()
        .filter(|signature| signature.fits(&text))
        .map(Explanation::of)
        .collect();
    explanations.extend(codes::all(&text));
    if let Some(told) = reply::fallback(&text).filter(|_| explanations.is_empty()) {
        explanations.push(told);
    }
    explanations.sort_by(|one, other| {
        (other.sure, other.weight)
            .cmp(&(one.sure, one.weight))
            .then_with(|| one.id.cmp(&other.id))
    });
    explanations.dedup_by(|one, other| one.id == other.id);
    Explained {
        version: 1,
        statuses: text.statuses,
        explanations,
    }
}
