//! What a request says, whatever its timestamp, nonce and signature: the ground on which live and recorded meet.
//!
//! ```text
//! request ── View ── read ──▶ facets in one order ──▶ Meaning (kept, to explain) or a hash (to find)
//!                      │
//!                      ├ which protocol is it?          scheme.rs, the table SCHEMES
//!                      ├ method, path, query, headers
//!                      ├ who asks: token, claims, key   credentials.rs
//!                      └ what it says: form, JSON, XML, parts, bytes   body.rs
//! ```
//!
//! A facet is compared by value, or by what it stands for (secrets), or left out. Fields are told by name from
//! [`KNOWN`](super::KNOWN). What cannot be parsed is compared as text and never an error: a cassette holds what
//! some client once sent.
//!
//! It refuses to know what was recorded: two meanings are compared by whoever has both.

use bytes::Bytes;

use super::RecordedRequest;

mod body;
mod credentials;
mod facet;
mod fields;
mod read;
mod rules;
mod scheme;
mod view;

pub(in crate::cassette) use self::{
    facet::Sink,
    read::read,
    rules::{Rules, is_lenient},
    view::{Place as Whereto, View},
};
pub use self::{
    facet::{Facet, FacetRole},
    rules::{MatchRules, Order, SecretRule},
    scheme::{SCHEMES, Scheme, SchemeRow},
};
use crate::error::Error;

/// What a request says.
///
/// # Examples
/// ```
/// use gdata_auth::cassette::{MatchRules, Meaning, RecordedRequest, Scheme};
///
/// let mut one = RecordedRequest::new("GET", "https://www.google.com/calendar/feeds/?b=2&a=%31");
/// one.headers.push("Authorization", "AuthSub token=\"1/abc\"");
/// let mut other = RecordedRequest::new("GET", "https://www.google.com/calendar/feeds/?a=1&b=2");
/// other.headers.push("authorization", "authsub token=1/abc");
///
/// let rules = MatchRules::default();
/// let (one, other) = (Meaning::of(&one, &rules)?, Meaning::of(&other, &rules)?);
/// assert_eq!(one.scheme, Scheme::AuthSub);
/// assert!(one.is_same(&other));
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Meaning {
    /// The protocol.
    pub scheme: Scheme,
    /// Scheme, host and port, where they are known.
    pub origin: Option<String>,
    /// Its pieces, in an order that does not depend on the one in the request.
    pub facets: Vec<Facet>,
}

impl Meaning {
    /// The meaning of a recorded request.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) for a rule that cannot be read. Of the request, nothing is refused.
    pub fn of(request: &RecordedRequest, rules: &MatchRules) -> Result<Self, Error> {
        let rules = Rules::read(rules)?;
        Ok(Self::of_view(&View::recorded(request), &rules))
    }

    /// The meaning of a live request.
    ///
    /// # Errors
    /// As [`of`](Self::of).
    pub fn of_live(request: &http::Request<Bytes>, rules: &MatchRules) -> Result<Self, Error> {
        let rules = Rules::read(rules)?;
        Ok(Self::of_view(&View::live(request, &rules), &rules))
    }

    pub(in crate::cassette) fn of_view(view: &View<'_>, rules: &Rules) -> Self {
        let mut sink = facet::Collect::default();
        let scheme = read(view, rules, &mut sink);
        Self {
            scheme,
            origin: Some(view.origin.to_string()).filter(|origin| !origin.is_empty()),
            facets: sink.0,
        }
    }

    /// Whether two requests say the same: everything compared is equal, secrets included. Origins count where
    /// both are known.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let compared = |meaning: &Self| -> Vec<Facet> {
            let facets = meaning.facets.iter();
            facets
                .filter(|facet| facet.role != FacetRole::LeftOut)
                .cloned()
                .collect()
        };
        let origins = match (&self.origin, &other.origin) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        };
        origins && compared(self) == compared(other)
    }

    /// The first facet of that place and name.
    #[must_use]
    pub fn facet(&self, place: &str, name: &str) -> Option<&Facet> {
        self.facets
            .iter()
            .find(|facet| facet.place == place && facet.name == name)
    }
}
