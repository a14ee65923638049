//! A cassette: interactions in the order in which they happened, and what was put in place of their secrets.

use std::time::SystemTime;

use super::{Interaction, SecretKind};

/// An ordered recording.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Cassette {
    /// What happened, in order.
    pub interactions: Vec<Interaction>,
    /// What stands in place of secrets, each once, in the order of their first appearance.
    pub stand_ins: Vec<StandIn>,
    /// The tool that made the recording, such as `VCR 6.3.1`, where the file says it.
    pub recorded_with: Option<String>,
}

/// A text that stands in place of one secret, everywhere in a cassette.
///
/// It has the length, the alphabet and the prefix of the secret, and is none itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StandIn {
    /// The text as it stands in the cassette.
    pub text: String,
    /// What it stands for.
    pub kind: SecretKind,
    /// Whether an answer of this cassette hands it out. If not, the client brought the secret along, and
    /// at replay any value that is the same throughout may stand there.
    pub issued: bool,
}

impl Cassette {
    /// A cassette of these interactions, without stand-ins.
    #[must_use]
    pub fn new(interactions: Vec<Interaction>) -> Self {
        Self {
            interactions,
            ..Self::default()
        }
    }

    /// The moment at which the recording began: the cassette's own clock. `None` where the format keeps no times.
    #[must_use]
    pub fn began_at(&self) -> Option<SystemTime> {
        self.interactions
            .iter()
            .filter_map(|interaction| interaction.started_at)
            .min()
    }
}

impl StandIn {
    /// A stand-in.
    #[must_use]
    pub fn new(text: impl Into<String>, kind: SecretKind, issued: bool) -> Self {
        Self {
            text: text.into(),
            kind,
            issued,
        }
    }
}
