//! Two cassettes, interaction by interaction.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
};

use serde::Serialize;

use super::{
    between,
    found::{Drift, Level},
    settings::DriftSettings,
};
use crate::cassette::{Cassette, Interaction, Outcome};

/// How two cassettes differ, in the order of the first; what only the second has stands at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// Every pair, also those without a difference.
    pub pairs: Vec<Pair>,
}

/// Two interactions that ask the same thing, by method and address without query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Pair {
    /// Method and address, without query.
    pub request: String,
    /// Its place in the first cassette, from 1.
    pub recorded: Option<usize>,
    /// Its place in the second, from 1.
    pub live: Option<usize>,
    /// How the answers differ.
    pub drifts: Vec<Drift>,
}

/// Pairs what asks the same thing, in order, and compares the answers.
#[must_use]
pub fn cassettes(recorded: &Cassette, live: &Cassette, settings: &DriftSettings) -> Report {
    let mut waiting: HashMap<String, VecDeque<usize>> = HashMap::new();
    for (at, interaction) in live.interactions.iter().enumerate() {
        waiting.entry(key(interaction)).or_default().push_back(at);
    }
    let mut pairs = Vec::new();
    for (at, before) in recorded.interactions.iter().enumerate() {
        let request = key(before);
        let other = waiting.get_mut(&request).and_then(VecDeque::pop_front);
        let drifts = match other.and_then(|other| live.interactions.get(other)) {
            Some(now) => outcomes(&before.outcome, &now.outcome, settings),
            None => vec![Drift::new(
                Level::Breaking,
                "interaction",
                "expected it, got none",
            )],
        };
        pairs.push(Pair {
            request,
            recorded: Some(at + 1),
            live: other.map(|other| other + 1),
            drifts,
        });
    }
    let mut rest: Vec<usize> = waiting.into_values().flatten().collect();
    rest.sort_unstable();
    for at in rest {
        let Some(interaction) = live.interactions.get(at) else {
            continue;
        };
        pairs.push(Pair {
            request: key(interaction),
            recorded: None,
            live: Some(at + 1),
            drifts: vec![Drift::new(
                Level::Notable,
                "interaction",
                "expected none, got one",
            )],
        });
    }
    for pair in &mut pairs {
        pair.drifts.retain(|drift| settings.wants(drift));
    }
    Report { pairs }
}

fn outcomes(before: &Outcome, now: &Outcome, settings: &DriftSettings) -> Vec<Drift> {
    match (before, now) {
        (Outcome::Answered(before), Outcome::Answered(now)) => between(before, now, settings),
        (Outcome::Answered(_), Outcome::Failed(_)) => vec![Drift::new(
            Level::Breaking,
            "answer",
            "expected one, got a failure",
        )],
        (Outcome::Failed(_), Outcome::Answered(_)) => vec![Drift::new(
            Level::Notable,
            "answer",
            "expected a failure, got one",
        )],
        (Outcome::Failed(_), Outcome::Failed(_)) => Vec::new(),
    }
}

fn key(interaction: &Interaction) -> String {
    let request = &interaction.request;
    let url = request.url();
    let url = url.split(['?', '#']).next().unwrap_or_default();
    format!("{} {url}", request.method)
}

impl Report {
    /// The worst that was found; `None` when nothing was.
    #[must_use]
    pub fn worst(&self) -> Option<Level> {
        self.pairs
            .iter()
            .flat_map(|pair| &pair.drifts)
            .map(|drift| drift.level)
            .max()
    }
}

/// A line for each interaction that differs, and its drifts below it.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for pair in self.pairs.iter().filter(|pair| !pair.drifts.is_empty()) {
            let place = |place: Option<usize>| place.map_or("-".to_owned(), |at| at.to_string());
            writeln!(
                f,
                "{} ({} and {})",
                pair.request,
                place(pair.recorded),
                place(pair.live)
            )?;
            for drift in &pair.drifts {
                writeln!(f, "  {drift}")?;
            }
        }
        Ok(())
    }
}
