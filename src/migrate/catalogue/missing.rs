//! What the catalogue does not know, told with what to do about it.

use std::{error::Error as StdError, fmt};

/// Something that stands in no row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    what: &'static str,
    asked: String,
    advice: &'static str,
}

/// The most characters of a question that are repeated.
const SHOWN: usize = 200;

impl Missing {
    fn new(what: &'static str, asked: &str, advice: &'static str) -> Self {
        // A query may hold a token.
        let asked = asked.split(['?', '#']).next().unwrap_or_default();
        let asked = asked.chars().take(SHOWN).collect();
        Self {
            what,
            asked,
            advice,
        }
    }

    pub(super) fn scope(scope: &str) -> Self {
        Self::new(
            "scope",
            scope,
            "look at which addresses the program asks for, and ask the catalogue for one of those",
        )
    }

    pub(super) fn feed(address: &str) -> Self {
        Self::new(
            "feed",
            address,
            "it may not be Google's; if it is, see whether it answers at all, and look for its API in \
             developers.google.com/gdata/docs/directory",
        )
    }

    pub(super) fn service(code: &str) -> Self {
        Self::new(
            "ClientLogin service",
            code,
            "look at which feeds are asked for with the token: the code itself decides nothing",
        )
    }

    pub(super) fn call(method: &str, address: &str) -> Self {
        Self::new(
            "call of YouTube v2",
            &format!("{method} {address}"),
            "look for its resource in the reference of the YouTube Data API v3; without one there is no successor",
        )
    }

    pub(super) fn word(word: &str) -> Self {
        Self::new(
            "service",
            word,
            "try a ClientLogin code such as cl, a scope or a feed address; `migrate catalogue` alone lists all",
        )
    }

    /// What to do now.
    #[must_use]
    pub fn advice(&self) -> &str {
        self.advice
    }
}

/// One line; the query of an address is left out.
impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            what,
            asked,
            advice,
        } = self;
        write!(f, "the catalogue has no {what} {asked}: {advice}")
    }
}

impl StdError for Missing {}
