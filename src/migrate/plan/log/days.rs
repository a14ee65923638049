//! Calls on each day, for as many days as a log can have.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

/// How many calls came on each day, days ending at midnight UTC.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Days {
    days: BTreeMap<i64, u64>,
    undated: u64,
}

impl Days {
    /// The most days that are told apart: eleven years. Calls of further days are counted without one.
    pub const MAX: usize = 4_000;

    pub(super) fn add(&mut self, day: Option<i64>) {
        match day {
            Some(day) if self.days.len() < Self::MAX || self.days.contains_key(&day) => {
                *self.days.entry(day).or_default() += 1;
            }
            _ => self.undated += 1,
        }
    }

    /// Each day since 1970 that had calls, and how many.
    pub fn iter(&self) -> impl Iterator<Item = (i64, u64)> {
        self.days.iter().map(|(day, count)| (*day, *count))
    }

    /// Calls without a day.
    #[must_use]
    pub fn undated(&self) -> u64 {
        self.undated
    }

    /// All calls.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.days.values().sum::<u64>() + self.undated
    }

    /// The most on one day.
    #[must_use]
    pub fn peak(&self) -> u64 {
        self.days.values().copied().max().unwrap_or_default()
    }

    /// The first day and the last.
    #[must_use]
    pub fn span(&self) -> Option<(i64, i64)> {
        Some((
            *self.days.first_key_value()?.0,
            *self.days.last_key_value()?.0,
        ))
    }
}

/// `total`, `peak`, and how many days had calls.
impl Serialize for Days {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([
            ("total", self.total()),
            ("peak", self.peak()),
            ("days", self.days.len() as u64),
            ("undated", self.undated),
        ])
    }
}
