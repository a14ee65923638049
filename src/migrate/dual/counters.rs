//! How many calls each side answered, feed by feed; as JSON and as Prometheus text.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use arc_swap::ArcSwap;
use serde::{Deserialize, Serialize};

use super::rule::{self, Side};
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

    fn add(&mut self, other: &Self) {
        let columns: [(&mut u64, u64); 6] = [
            (&mut self.new, other.new),
            (&mut self.old, other.old),
            (&mut self.fallback, other.fallback),
            (&mut self.failed, other.failed),
            (&mut self.same, other.same),
            (&mut self.different, other.different),
        ];
        for (own, more) in columns {
            *own = own.saturating_add(more);
        }
        self.legacy_at = self.legacy_at.max(other.legacy_at);
    }
}

/// Counts by feed. Feeds are those that were named, and `other`: an address says nothing in a counter.
///
/// # Examples
/// Counted on after a restart:
/// ```
/// use gdata_auth::migrate::dual::{Counters, Snapshot};
///
/// let kept = r#"{"feeds":{"https://www.google.com/m8/feeds/":{"new":7,"old":2,"fallback":0,"failed":0,"same":0,"different":0}}}"#;
/// let counters = Counters::of(["https://www.google.com/m8/feeds/"]);
/// counters.add(&Snapshot::from_json(kept)?);
/// assert_eq!(counters.snapshot().total().new, 7);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Debug)]
pub struct Counters {
    /// The longest first.
    feeds: ArcSwap<Vec<String>>,
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
        Self {
            feeds: ArcSwap::from_pointee(sorted(feeds.into_iter().map(Into::into).collect())),
            counts: Mutex::default(),
        }
    }

    /// Counts more feeds from now on; what was counted before stays where it is.
    pub fn count_feeds<Feed: Into<String>>(&self, feeds: impl IntoIterator<Item = Feed>) {
        let more: Vec<String> = feeds.into_iter().map(Into::into).collect();
        self.feeds.rcu(|known| {
            let mut all = more.clone();
            all.retain(|feed| !known.contains(feed));
            all.truncate(Self::MAX_FEEDS.saturating_sub(known.len()));
            all.extend_from_slice(known);
            sorted(all)
        });
    }

    /// The feed of an address.
    #[must_use]
    pub fn feed(&self, address: &str) -> String {
        let feeds = self.feeds.load();
        let found = feeds.iter().find(|feed| rule::begins(address, feed));
        found.map_or(Self::OTHER, String::as_str).to_owned()
    }

    /// Adds what was counted before, such as by an earlier run of the program. Feeds that are unknown here keep their
    /// names while there is room for them, and are `other` beyond.
    pub fn add(&self, before: &Snapshot) {
        let mut counts = self.lock();
        for (feed, more) in &before.feeds {
            let room = counts.len() <= Self::MAX_FEEDS || counts.contains_key(feed);
            let name = if room { feed } else { Self::OTHER };
            counts.entry(name.to_owned()).or_default().add(more);
        }
    }

    /// Counts a comparison that somebody else made.
    pub fn compared(&self, feed: &str, same: bool) {
        self.change(feed, |counts| match same {
            true => one_more(&mut counts.same),
            false => one_more(&mut counts.different),
        });
    }

    pub(super) fn count(&self, feed: &str, fate: Fate, now: Timestamp) {
        self.change(feed, |counts| match fate {
            Fate::Answered(Side::New) => one_more(&mut counts.new),
            Fate::Answered(Side::Old) => {
                one_more(&mut counts.old);
                counts.legacy_at = Some(now);
            }
            Fate::FellBack => {
                one_more(&mut counts.fallback);
                counts.legacy_at = Some(now);
            }
            Fate::Failed => one_more(&mut counts.failed),
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
            total.add(counts);
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

/// What was read back may stand at the end of all numbers.
fn one_more(count: &mut u64) {
    *count = count.saturating_add(1);
}

/// Without repeats, and the longest first: the longest that fits counts.
fn sorted(mut feeds: Vec<String>) -> Vec<String> {
    feeds.sort_unstable();
    feeds.dedup();
    feeds.truncate(Counters::MAX_FEEDS);
    feeds.sort_by_key(|feed| std::cmp::Reverse(feed.len()));
    feeds
}

/// The value of a label, and what is counted under it.
type Column = (&'static str, fn(&Counts) -> u64);

fn label(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}
