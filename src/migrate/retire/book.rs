//! How far each integration is from its end, in a file that survives a crash.

use std::{collections::BTreeMap, path::Path, time::Duration};

use serde::{Deserialize, Serialize};

use super::observed::{Observed, ObservedLog};
use crate::{
    error::Error,
    migrate::{
        dual::Snapshot,
        journal::{FileKind, Journal, Opened, damaged},
    },
    time::Timestamp,
};

/// All integrations that are watched.
///
/// # Shape
/// One file, and a lock beside it; a change is on the disk before it counts. It holds no credential.
///
/// # Examples
/// ```
/// use gdata_auth::{Timestamp, migrate::retire::{RetireBook, Stage, Turn}};
///
/// # let folder = std::env::temp_dir().join(format!("gdata-auth-retire-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let path = folder.join("retire.state");
/// # let _ = std::fs::remove_file(&path);
/// let day = |number: i64| Timestamp::from_unix_seconds(1_700_000_000 + number * 86_400);
/// let mut book = RetireBook::create(&path)?;
/// book.watch("tide-videos", 30, day(0))?;
/// assert_eq!(book.observe("tide-videos", Some(day(3)), 12, day(10))?, Turn::Stays);
/// // Seen until day 40, and the last legacy call was on day 3.
/// assert_eq!(book.observe("tide-videos", Some(day(3)), 0, day(40))?, Turn::Done);
/// assert_eq!(book.observe("tide-videos", Some(day(41)), 1, day(41))?, Turn::Reopened);
/// assert_eq!(book.find("tide-videos").ok_or("gone")?.stage, Stage::Running);
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct RetireBook {
    journal: Journal,
    all: BTreeMap<String, Integration>,
    torn_bytes: u64,
}

/// How far an integration is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Stage {
    /// Legacy calls may still come.
    Running,
    /// None came for as long as was asked.
    Done,
}

/// What an observation changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Turn {
    /// Nothing.
    Stays,
    /// It is done now.
    Done,
    /// It was done, and a legacy call has come.
    Reopened,
}

/// A program that used a legacy credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Integration {
    /// How far it is.
    pub stage: Stage,
    /// Days without a legacy call that make it done.
    pub days: u32,
    /// Since when it is watched.
    pub watched_at: Timestamp,
    /// Until when it was seen: silence that nobody listened to proves nothing.
    pub seen_at: Timestamp,
    /// The last legacy call.
    pub legacy_at: Option<Timestamp>,
    /// Legacy calls that were counted.
    pub legacy_calls: u64,
    /// Where counters stood that were last taken in: they go on, and count once.
    #[serde(default)]
    pub counters_at: u64,
    /// When it was last done.
    pub done_at: Option<Timestamp>,
    /// How often it was done and opened again.
    pub reopened: u32,
}

impl Integration {
    /// How many days without a legacy call have been seen since it is watched: days before that do not count.
    #[must_use]
    pub fn quiet_days(&self) -> u64 {
        let since = self.quiet_since();
        match self.seen_at > since {
            true => self.seen_at.distance(since).as_secs() / DAY,
            false => 0,
        }
    }

    /// Whether it is of a moment that has not come: then a clock was wrong, and its days prove nothing.
    #[must_use]
    pub fn is_ahead(&self, now: Timestamp) -> bool {
        let latest = now.after(ObservedLog::SKEW);
        let moments = [Some(self.watched_at), Some(self.seen_at), self.legacy_at];
        moments.into_iter().flatten().any(|at| at > latest)
    }

    fn quiet_since(&self) -> Timestamp {
        self.legacy_at
            .map_or(self.watched_at, |at| at.max(self.watched_at))
    }
}

#[derive(Serialize, Deserialize)]
struct Change {
    name: String,
    now: Integration,
}

const DAY: u64 = 86_400;

impl RetireBook {
    const KIND: FileKind = FileKind::Retire;
    /// Days that are asked for unless another number is given.
    pub const DAYS: u32 = 30;
    /// The most integrations.
    pub const MAX: usize = 100_000;
    /// The most bytes of a name.
    pub const MAX_NAME: usize = 200;
    /// From how many bytes of changes on they are written as one.
    const COMPACT_BYTES: u64 = 1 << 20;
    const MAX_BASE: u64 = 256 << 20;

    /// Starts a file that is not there yet.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when it is, [`Kind::Transport`](crate::Kind::Transport) when it cannot be
    /// written.
    pub fn create(path: &Path) -> Result<Self, Error> {
        let journal = Journal::create(path, Self::KIND, |out| out.write_all(b"{}"))?;
        Ok(Self {
            journal,
            all: BTreeMap::new(),
            torn_bytes: 0,
        })
    }

    /// Goes on with a file.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when there is none, or it is damaged;
    /// [`Kind::Refused`](crate::Kind::Refused) while another process goes on with it.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::assemble(Journal::open(path, Self::KIND)?)
    }

    /// Looks at a file, also while another process goes on with it.
    ///
    /// # Errors
    /// As [`open`](Self::open), but for the other process.
    pub fn look(path: &Path) -> Result<Self, Error> {
        Self::assemble(Journal::look(path, Self::KIND)?)
    }

    fn assemble(opened: Opened) -> Result<Self, Error> {
        let Opened {
            journal,
            frames,
            torn_bytes,
        } = opened;
        let wrong = || damaged(journal.path(), "expected integrations, got something else");
        if journal.base_bytes() > Self::MAX_BASE {
            return Err(wrong());
        }
        let mut base = vec![0; journal.base_bytes() as usize];
        journal.read_base(0, &mut base)?;
        let mut all: BTreeMap<String, Integration> =
            serde_json::from_slice(&base).map_err(|_| wrong())?;
        for frame in &frames {
            let change: Change = serde_json::from_slice(frame).map_err(|_| wrong())?;
            all.insert(change.name, change.now);
        }
        Ok(Self {
            journal,
            all,
            torn_bytes,
        })
    }

    /// How many bytes of a write were lost in a crash; the change that they were of did not happen.
    #[must_use]
    pub fn torn_bytes(&self) -> u64 {
        self.torn_bytes
    }

    /// The integration of that name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Integration> {
        self.all.get(name)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Integration)> {
        self.all.iter().map(|(name, it)| (name.as_str(), it))
    }

    /// Watches an integration, and yields the days that were asked for before; for one that is watched already only these
    /// are changed.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `name` or `days`, [`Kind::Transport`](crate::Kind::Transport) when it
    /// cannot be written.
    pub fn watch(&mut self, name: &str, days: u32, now: Timestamp) -> Result<Option<u32>, Error> {
        let plain = name.chars().all(|letter| !letter.is_control());
        if name.is_empty() || name.len() > Self::MAX_NAME || !plain {
            return Err(Error::input(
                "name",
                format_args!("expected 1 to {} bytes of plain text", Self::MAX_NAME),
            ));
        }
        if days == 0 || days > 3_660 {
            return Err(Error::input(
                "days",
                format_args!("expected 1 to 3660, got {days}"),
            ));
        }
        if self.all.len() >= Self::MAX && !self.all.contains_key(name) {
            return Err(Error::input(
                "name",
                "expected fewer integrations, got too many",
            ));
        }
        let known = self.all.get(name).cloned();
        let before = known.as_ref().map(|known| known.days);
        let integration = match known {
            Some(known) => Integration { days, ..known },
            None => Integration {
                stage: Stage::Running,
                days,
                watched_at: now,
                seen_at: now,
                legacy_at: None,
                legacy_calls: 0,
                counters_at: 0,
                done_at: None,
                reopened: 0,
            },
        };
        self.put(name, integration)?;
        Ok(before)
    }

    /// Takes in what was seen of an integration until `seen_at`: the last legacy call, if there was one, and how many
    /// there were since the observation before. Calls from before the days that are known to be quiet, such as those from
    /// before [`watch`](Self::watch), are counted and change nothing else.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `name`, when it is not watched;
    /// [`Kind::Transport`](crate::Kind::Transport) when it cannot be written.
    pub fn observe(
        &mut self,
        name: &str,
        legacy_at: Option<Timestamp>,
        legacy_calls: u64,
        seen_at: Timestamp,
    ) -> Result<Turn, Error> {
        self.take_in(name, legacy_at, legacy_calls, seen_at, None)
    }

    fn take_in(
        &mut self,
        name: &str,
        legacy_at: Option<Timestamp>,
        legacy_calls: u64,
        seen_at: Timestamp,
        counters_at: Option<u64>,
    ) -> Result<Turn, Error> {
        let known = self.all.get(name).cloned().ok_or_else(|| {
            Error::input(
                "name",
                format_args!("expected one that is watched, got {name:?}"),
            )
        })?;
        let mut next = Integration {
            legacy_at: known.legacy_at.max(legacy_at),
            legacy_calls: known.legacy_calls.saturating_add(legacy_calls),
            seen_at: known.seen_at.max(seen_at),
            counters_at: counters_at.unwrap_or(known.counters_at),
            ..known.clone()
        };
        let since = next.quiet_since();
        // What was before the days that are known to be quiet leaves them as they are; what is among them leaves enough,
        // or not.
        let came = since > known.quiet_since()
            && (since > known.seen_at || next.quiet_days() < u64::from(next.days));
        let turn = match known.stage {
            Stage::Done if came => {
                next.stage = Stage::Running;
                next.reopened = next.reopened.saturating_add(1);
                Turn::Reopened
            }
            Stage::Running if next.quiet_days() >= u64::from(next.days) => {
                next.stage = Stage::Done;
                next.done_at = Some(next.seen_at);
                Turn::Done
            }
            _ => Turn::Stays,
        };
        if next != known {
            self.put(name, next)?;
        }
        Ok(turn)
    }

    /// Takes in the counters of a dual run, as they are now. They may go on from those that were taken in before, or have
    /// begun anew. Where they rose and tell no later moment, the calls count as of `seen_at`.
    ///
    /// # Errors
    /// As [`observe`](Self::observe).
    pub fn observe_counters(
        &mut self,
        name: &str,
        counters: &Snapshot,
        seen_at: Timestamp,
    ) -> Result<Turn, Error> {
        let total = counters.total();
        let known = self.all.get(name);
        let (last, before) = known.map_or((None, 0), |it| (it.legacy_at, it.counters_at));
        let now = total.legacy();
        let more = now.checked_sub(before).unwrap_or(now);
        // The same counters may be taken in twice: a moment that moved tells new calls, and so do counters that rose.
        let (at, calls) = match total.legacy_at > last {
            true => (total.legacy_at, more),
            false if now > before => (Some(seen_at), more),
            // Begun anew, by a program that tells no moment.
            false if total.legacy_at.is_none() && more > 0 && now != before => {
                (Some(seen_at), more)
            }
            false => (total.legacy_at, 0),
        };
        self.take_in(name, at, calls, seen_at, Some(now))
    }

    /// Takes in calls of a log; it was kept until its last call, or until `seen_at` where that is later.
    ///
    /// # Errors
    /// As [`observe`](Self::observe).
    pub fn observe_calls(
        &mut self,
        name: &str,
        calls: &[Observed],
        seen_at: Option<Timestamp>,
    ) -> Result<Turn, Error> {
        let known = self.all.get(name).and_then(|it| it.legacy_at);
        let legacy = calls.iter().filter(|call| call.legacy);
        let fresh = legacy.clone().filter(|call| Some(call.at) > known).count();
        let last = legacy.map(|call| call.at).max();
        let end = calls.iter().map(|call| call.at).max().max(seen_at);
        match end {
            Some(end) => self.observe(name, last, fresh as u64, end),
            None => self.observe(name, None, 0, Timestamp::from_unix_seconds(i64::MIN)),
        }
    }

    /// When an integration is done at the earliest, if no legacy call comes.
    #[must_use]
    pub fn due_at(&self, name: &str) -> Option<Timestamp> {
        let integration = self.all.get(name)?;
        let since = integration.quiet_since();
        let days = Duration::from_secs(u64::from(integration.days) * DAY);
        (integration.stage == Stage::Running).then(|| since.after(days))
    }

    fn put(&mut self, name: &str, now: Integration) -> Result<(), Error> {
        let unprintable = |_| {
            Error::input(
                "integration",
                "expected what JSON can hold, got something else",
            )
        };
        let change = Change {
            name: name.to_owned(),
            now,
        };
        let payload = serde_json::to_vec(&change).map_err(unprintable)?;
        self.journal.append(&payload)?;
        self.all.insert(change.name, change.now);
        if self.journal.frame_bytes() > Self::COMPACT_BYTES.max(self.journal.base_bytes()) {
            let base = serde_json::to_vec(&self.all).map_err(unprintable)?;
            self.journal.replace(|out| out.write_all(&base))?;
        }
        Ok(())
    }
}
