//! Why no recorded request matches: the nearest ones, criterion by criterion.
//!
//! Values that are compared are shown decoded, on both sides. Of secrets only lengths are, and whether they
//! stand for each other. What is not compared is not listed.

use std::fmt;

mod near;
mod page;

pub(super) use self::near::{Recorded, nearest};

/// A request that no interaction answers: the source of the error with which the player refuses it.
///
/// `Display` is one line without any value of the request; [`to_text`](Self::to_text) is the page.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unmatched {
    /// The method of the request.
    pub method: String,
    /// Its address without query, which may hold secrets.
    pub address: String,
    /// The protocol it speaks.
    pub scheme: String,
    /// Why there is no answer.
    pub reason: Reason,
    /// The nearest recorded requests, the nearest first.
    pub nearest: Vec<Near>,
    /// How many interactions the cassette has.
    pub recorded: usize,
    /// How many of them were not played yet.
    pub unused: usize,
}

/// Why a request has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// No recorded request says the same.
    NothingSaysTheSame,
    /// Some do, and all of them were played.
    AlreadyPlayed {
        /// How often.
        times: u64,
    },
    /// One does, at another place than where the replay stands.
    OutOfOrder {
        /// The interaction that is due, from 1; `None` at the end of the cassette.
        due: Option<usize>,
    },
}

/// A recorded request beside the one that came.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Near {
    /// The interaction, from 1.
    pub interaction: usize,
    /// Its method and address without query.
    pub request: String,
    /// How often it was played.
    pub played: u64,
    /// Criterion by criterion.
    pub ticks: Vec<Tick>,
    /// What says more than values side by side: the base strings of two signed requests.
    pub notes: Vec<String>,
}

/// One criterion.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tick {
    /// What is compared: `query scope`.
    pub name: String,
    /// Whether both sides agree.
    pub agrees: bool,
    /// As recorded, where it stands there. Of a secret its length.
    pub recorded: Option<String>,
    /// As it came, where it stands there.
    pub came: Option<String>,
}

impl Unmatched {
    /// As one page of text, lines of at most 100 columns; long values go on in the next line, whole.
    #[must_use]
    pub fn to_text(&self) -> String {
        page::text(self)
    }

    /// As JSON, for programs.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        page::json(self)
    }
}

/// One line.
impl fmt::Display for Unmatched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "expected a recorded request, got {} {}",
            self.method, self.address
        )?;
        match &self.reason {
            Reason::AlreadyPlayed { times } => {
                let interaction = self.nearest.first().map_or(0, |near| near.interaction);
                write!(
                    f,
                    ", whose interaction {interaction} was already played {}",
                    often(*times)
                )
            }
            Reason::OutOfOrder { due: Some(due) } => {
                write!(f, ", while interaction {due} is due")
            }
            Reason::OutOfOrder { due: None } => {
                f.write_str(", while the cassette has been played to its end")
            }
            Reason::NothingSaysTheSame => match self.nearest.first() {
                None => f.write_str("; the cassette is empty"),
                Some(near) => {
                    let differing: Vec<&str> = near
                        .ticks
                        .iter()
                        .filter(|tick| !tick.agrees)
                        .map(|tick| tick.name.as_str())
                        .take(SHOWN)
                        .collect();
                    write!(f, "; interaction {} is nearest, but for ", near.interaction)?;
                    match differing.is_empty() {
                        true => f.write_str("what its stub asks"),
                        false => f.write_str(&differing.join(", ")),
                    }
                }
            },
        }
    }
}

impl std::error::Error for Unmatched {}

/// `once`, `2 times`.
fn often(times: u64) -> String {
    match times {
        1 => "once".to_owned(),
        many => format!("{many} times"),
    }
}

/// As many names as one line names.
const SHOWN: usize = 5;
