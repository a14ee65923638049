//! What a replay came to: what was played, how often, and what was not.

use serde::Serialize;

use crate::error::{Error, Kind};

/// What a replay came to.
///
/// # Examples
/// ```
/// use gdata_auth::cassette::{Cassette, Player};
///
/// let player = Player::new(Cassette::default())?;
/// assert!(player.report().unused().is_empty());
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// How often each interaction was played, in the order of the cassette.
    pub played: Vec<u64>,
    /// How many requests had no answer.
    pub unmatched: u64,
    /// How many requests were refused because what they signed is wrong.
    pub refused: u64,
    /// What could not be done, one line each, such as an ID token without a key to make it anew.
    pub notes: Vec<String>,
}

impl Report {
    /// The interactions that were not played, from 1.
    #[must_use]
    pub fn unused(&self) -> Vec<usize> {
        let played = self.played.iter().enumerate();
        played
            .filter(|(_, times)| **times == 0)
            .map(|(at, _)| at + 1)
            .collect()
    }

    pub(super) fn all_played(self) -> Result<Self, Error> {
        let unused = self.unused();
        if unused.is_empty() {
            return Ok(self);
        }
        let mut names: Vec<String> = unused.iter().take(SHOWN).map(usize::to_string).collect();
        if unused.len() > SHOWN {
            names.push("…".to_owned());
        }
        Err(Error::new(
            Kind::Refused,
            format!(
                "cassette: expected all {} interactions to be played, got none of {}",
                self.played.len(),
                names.join(", ")
            ),
        ))
    }
}

const SHOWN: usize = 20;
