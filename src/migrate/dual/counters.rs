//! How many calls each side answered, feed by feed; as JSON and as Prometheus text.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};

use super::rules::{self, Side};
use crate::{error::Error, time::Timestamp};

/// What was counted of one feed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Counts {
    /// Answered with the new credential.
    pub new: u64,
    /// Answered with the old one, by rule.
    pub old: u64,
    /// Answered with the old one, after the new one had failed.
    pub fallback: u64,
    /// Refused, or not answered, whoever was asked last.
    pub failed: u64,
    /// Compared, and the same.
    pub same: u64,
    /// Compared, and different.
    pub different: u64,
    /// When the old credential last answered a call that mattered, which a comparison does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legacy_at: Option<Timestamp>,
}

impl Counts {
    /// Calls that the old credential answered.
    #[must_use]
    pub fn legacy(&self) -> u64 {
        self.old.saturating_add(self.fallback)
    }
}

/// Counts by feed. Feeds are those that were named at the start, and `other`: an address says nothing in a counter.
#[derive(Debug)]
pub struct Counters {
    feeds: Vec<String>,
    counts: Mutex<BTreeMap<String, Counts>>,
}

/// What was counted at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Snapshot {
    /// By feed.
    pub feeds: BTreeMap<String, Counts>,
}

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Answered(Side),
    FellBack,
    Failed,
}

impl Counters {
    /// The name of all that is none of the feeds.
    pub const OTHER: &'static str = "other";
    /// The most feeds.
    pub const MAX_FEEDS: usize = 1_000;

    /// Counters of these feeds, by the beginnings of their addresses; beyond [`MAX_FEEDS`](Self::MAX_FEEDS) they count
    /// as `other`.
    pub fn of<Feed: Into<String>>(feeds: impl IntoIterator<Item = Feed>) -> Self {
        let mut feeds: Vec<String> = feeds.into_iter().map(Into::into).collect();
        feeds.sort_unstable();
        feeds.dedup();
        feeds.truncate(Self::MAX_FEEDS);
        // The longest that fits counts.
        feeds.sort_by_key(|feed| std::cmp::Reverse(feed.len()));
        Self {
            feeds,
            counts: Mutex::default(),
        }
    }

    /// The feed of an address.
    #[must_use]
    pub fn feed(&self, address: &str) -> &str {
        let found = self.feeds.iter().find(|feed| rules::begins(address, feed));
        found.map_or(Self::OTHER, String::as_str)
    }

    pub(super) fn count(&self, feed: &str, fate: Fate, now: Timestamp) {
        self.change(feed, |counts| match fate {
            Fate::Answered(Side::New) => counts.new += 1,
            Fate::Answered(Side::Old) => {
                counts.old += 1;
                counts.legacy_at = Some(now);
            }
            Fate::FellBack => {
                counts.fallback += 1;
                counts.legacy_at = Some(now);
            }
            Fate::Failed => counts.failed += 1,
        });
    }

    pub(super) fn compared(&self, feed: &str, same: bool) {
        self.change(feed, |counts| match same {
            true => counts.same += 1,
            false => counts.different += 1,
        });
    }

    fn change(&self, feed: &str, change: impl FnOnce(&mut Counts)) {
        let mut counts = self.lock();
        match counts.get_mut(feed) {
            Some(counts) => change(counts),
            None => change(counts.entry(feed.to_owned()).or_default()),
        }
    }

    /// What has been counted.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            feeds: self.lock().clone(),
        }
    }

    /// A poisoned lock still holds whole numbers.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Counts>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Snapshot {
    /// The most bytes of JSON that are read.
    pub const MAX_BYTES: usize = 4 << 20;

    /// All feeds together.
    #[must_use]
    pub fn total(&self) -> Counts {
        let mut total = Counts::default();
        for counts in self.feeds.values() {
            total.new += counts.new;
            total.old += counts.old;
            total.fallback += counts.fallback;
            total.failed += counts.failed;
            total.same += counts.same;
            total.different += counts.different;
            total.legacy_at = total.legacy_at.max(counts.legacy_at);
        }
        total
    }

    /// One document of JSON: `{"feeds":{"http://…":{"new":1,…}}}`. Law: [`from_json`](Self::from_json) reads it.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what [`to_json`](Self::to_json) printed.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `counters`.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let wrong = |problem: &str| Error::input("counters", problem);
        if text.len() > Self::MAX_BYTES {
            return Err(wrong("expected at most 4 MiB, got more"));
        }
        serde_json::from_str(text).map_err(|cause| {
            wrong("expected what a dual run prints, got something else").caused_by(cause)
        })
    }

    /// The text format of Prometheus, version 0.0.4.
    #[must_use]
    pub fn to_prometheus(&self) -> String {
        let mut out = String::new();
        let calls: [Column; 4] = [
            ("new", |counts| counts.new),
            ("old", |counts| counts.old),
            ("fallback", |counts| counts.fallback),
            ("failed", |counts| counts.failed),
        ];
        let compared: [Column; 2] = [
            ("same", |counts| counts.same),
            ("different", |counts| counts.different),
        ];
        self.metric(
            &mut out,
            "gdata_auth_dual_calls_total",
            "Calls by who answered them.",
            "outcome",
            &calls,
        );
        self.metric(
            &mut out,
            "gdata_auth_dual_compared_total",
            "Calls that both sides answered, by whether the answers were the same.",
            "result",
            &compared,
        );
        out.push_str(
            "# HELP gdata_auth_dual_legacy_timestamp_seconds When the old credential last answered.\n\
             # TYPE gdata_auth_dual_legacy_timestamp_seconds gauge\n",
        );
        for (feed, counts) in &self.feeds {
            if let Some(at) = counts.legacy_at {
                out.push_str(&format!(
                    "gdata_auth_dual_legacy_timestamp_seconds{{feed=\"{}\"}} {}\n",
                    label(feed),
                    at.unix_seconds()
                ));
            }
        }
        out
    }

    fn metric(&self, out: &mut String, name: &str, help: &str, by: &str, columns: &[Column]) {
        out.push_str(&format!("# HELP {name} {help}\n# TYPE {name} counter\n"));
        for (feed, counts) in &self.feeds {
            for (value, count) in columns {
                out.push_str(&format!(
                    "{name}{{feed=\"{}\",{by}=\"{value}\"}} {}\n",
                    label(feed),
                    count(counts)
                ));
            }
        }
    }
}

/// The value of a label, and what is counted under it.
type Column = (&'static str, fn(&Counts) -> u64);

fn label(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}
