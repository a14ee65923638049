//! A log of observed calls, read as a stream into figures by service and day.
//!
//! ```text
//! lines ─▶ common or combined ─┐
//!      └─▶ JSON ───────────────┴▶ Call ─▶ by the catalogue ─▶ Seen: reads, writes, days, calls of YouTube
//! ```
//!
//! Memory grows with the catalogue and the days, never with the log. Of an address nothing is kept, since paths of
//! calendars and queries hold secrets. Every line is counted as something.

mod call;
mod common;
mod days;
mod json;
mod lines;
mod moment;
mod value;

use std::{collections::BTreeMap, io::BufRead};

use serde::Serialize;

pub(in crate::migrate) use self::call::{Call, Credential};
pub use self::days::Days;
use self::lines::Line;
use super::ask::{self, Act};
use crate::{
    error::{Error, Kind},
    migrate::catalogue::{Catalogue, Service},
    time::Timestamp,
};

/// What was called, in figures.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CallLog {
    /// Lines that are not empty.
    pub lines: u64,
    /// Lines in no form that is known, or too long.
    pub unknown: u64,
    /// The numbers of the first of them.
    pub unknown_at: Vec<u64>,
    /// Calls to hosts that are not Google's.
    pub others: u64,
    /// Calls to Google's APIs of today.
    pub today: u64,
    /// Calls that tell a path and no host: give the host.
    pub without_host: u64,
    /// Tunnels of which only the host is seen, to hosts that served old APIs.
    pub tunnels: u64,
    /// Calls to Google that the catalogue does not know.
    pub unlisted: u64,
    /// Calls without a moment that can be read: they count for no day.
    pub undated: u64,
    /// Old logins.
    pub logins: BTreeMap<Login, u64>,
    /// Calls by service.
    pub services: BTreeMap<String, Seen>,
}

/// What was seen of one service.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Seen {
    /// GET and HEAD.
    pub reads: u64,
    /// POST, PUT, PATCH and DELETE.
    pub writes: u64,
    /// Other methods, or none.
    pub unclear: u64,
    /// Calls on each day.
    pub days: Days,
    /// Scopes that single calls want in place of the service's own.
    #[serde(skip)]
    pub(super) acts: BTreeMap<Act, u64>,
    /// Calls of YouTube v2, as the catalogue writes them, on each day.
    pub calls: BTreeMap<String, Days>,
    /// Calls of YouTube v2 that the catalogue does not have.
    pub unlisted: u64,
}

/// A login of old.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Login {
    /// AuthSub.
    AuthSub,
    /// ClientLogin.
    ClientLogin,
    /// OAuth 1.0.
    #[serde(rename = "oauth1")]
    OAuth1,
}

/// The path of a login, and which it is.
const LOGINS: &[(&str, Login)] = &[
    ("/accounts/AuthSub", Login::AuthSub),
    ("/accounts/ClientLogin", Login::ClientLogin),
    ("/accounts/OAuth", Login::OAuth1),
];

/// Domains of Google's, with every host below them.
const GOOGLE: &[&str] = &[
    "google.com",
    "googleusercontent.com",
    "youtube.com",
    "blogger.com",
];
const TODAY: &str = "googleapis.com";

/// Hears each line of a log that is not empty, by its number, with the call that it tells if it tells one. `field` names
/// the log in errors.
pub(in crate::migrate) fn each_call(
    log: &mut dyn BufRead,
    field: &str,
    heard: &mut dyn FnMut(u64, Option<&Call<'_>>),
) -> Result<(), Error> {
    let mut buffer = Vec::new();
    let mut number = 0;
    loop {
        let line = lines::next(log, &mut buffer, CallLog::MAX_LINE).map_err(|cause| {
            Error::new(Kind::Transport, format!("{field}: cannot read on")).caused_by(cause)
        })?;
        number += 1;
        match line {
            Line::End => return Ok(()),
            Line::TooLong => heard(number, None),
            Line::Whole => {
                let text = String::from_utf8_lossy(&buffer);
                let text = text.trim();
                if text.is_empty() {
                    continue;
                }
                if text.starts_with('{') {
                    let value = json::value(text);
                    heard(number, value.as_ref().and_then(json::call).as_ref());
                } else {
                    heard(number, common::call(text).as_ref());
                }
            }
        }
    }
}

impl CallLog {
    /// The longest line that is read.
    pub const MAX_LINE: usize = 64 << 10;
    /// How many numbers of unknown lines are kept.
    pub const MAX_UNKNOWN: usize = 20;

    /// Reads a log and adds it to what was read before.
    ///
    /// # Shape
    /// Lines of the common or combined log format, with the virtual host in front or not, or JSON objects, in any
    /// mixture. `host` is where calls went whose lines tell only a path.
    ///
    /// # Errors
    /// [`Kind::Transport`](crate::Kind::Transport) when it cannot be read on.
    ///
    /// # Examples
    /// ```
    /// use gdata_auth::migrate::{catalogue::Catalogue, plan::CallLog};
    ///
    /// let log = "10.0.0.7 - - [20/Nov/2026:05:00:00 +0000] \"GET http://gdata.youtube.com/feeds/api/videos/x HTTP/1.1\" 410 9\n";
    /// let mut calls = CallLog::default();
    /// calls.read(&mut log.as_bytes(), None, Catalogue::built_in()?)?;
    /// assert_eq!(calls.services["youtube"].reads, 1);
    /// # Ok::<(), gdata_auth::Error>(())
    /// ```
    pub fn read(
        &mut self,
        log: &mut dyn BufRead,
        host: Option<&str>,
        catalogue: &Catalogue,
    ) -> Result<(), Error> {
        let mut lower = String::new();
        each_call(log, "log", &mut |number, call| {
            self.lines += 1;
            match call.filter(|call| !call.path.is_empty() || call.host.is_some()) {
                Some(call) => self.count(call, host, catalogue, &mut lower),
                None => {
                    self.unknown += 1;
                    if self.unknown_at.len() < Self::MAX_UNKNOWN {
                        self.unknown_at.push(number);
                    }
                }
            }
        })
    }

    /// The first and the last day, in days since 1970.
    #[must_use]
    pub fn span(&self) -> Option<(i64, i64)> {
        let spans = self.services.values().filter_map(|seen| seen.days.span());
        spans.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
    }

    /// How many days lie between the first call and the last, both counted.
    #[must_use]
    pub fn length_days(&self) -> u64 {
        self.span()
            .map_or(0, |(first, last)| first.abs_diff(last) + 1)
    }

    /// All calls of old APIs.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.services.values().map(Seen::calls).sum()
    }

    /// Counts a call; `lower` is room for its host.
    fn count(
        &mut self,
        call: &Call<'_>,
        given: Option<&str>,
        catalogue: &Catalogue,
        lower: &mut String,
    ) {
        let Some(host) = call.host.or(given) else {
            self.without_host += 1;
            return;
        };
        let host = host.split(':').next().unwrap_or_default();
        lower.clear();
        lower.push_str(host.trim_end_matches('.'));
        lower.make_ascii_lowercase();
        let (host, path) = (lower.as_str(), call.path);
        if below(host, TODAY) {
            // C2DM lived there.
            if catalogue.below(host, path).is_none() {
                self.today += 1;
                return;
            }
        } else if !GOOGLE.iter().any(|domain| below(host, domain)) {
            self.others += 1;
            return;
        }
        if call.method.as_deref() == Some("CONNECT") {
            self.tunnels += 1;
            return;
        }
        if let Some((_, login)) = LOGINS.iter().find(|(begin, _)| path.starts_with(begin)) {
            *self.logins.entry(*login).or_default() += 1;
            return;
        }
        let Some(service) = catalogue.below(host, path) else {
            self.unlisted += 1;
            return;
        };
        self.undated += u64::from(call.at.is_none());
        // Not `entry`: it wants a name of its own for every line.
        if let Some(seen) = self.services.get_mut(service.id()) {
            seen.count(call, service, catalogue);
        } else {
            let seen = self.services.entry(service.id().to_owned()).or_default();
            seen.count(call, service, catalogue);
        }
    }
}

impl Seen {
    /// All of them.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.reads + self.writes + self.unclear
    }

    fn count(&mut self, call: &Call<'_>, service: &Service, catalogue: &Catalogue) {
        let day = call.at.map(day);
        let method = call.method.as_deref().unwrap_or_default();
        let writes = match method {
            "GET" | "HEAD" => false,
            "POST" | "PUT" | "PATCH" | "DELETE" => true,
            _ => {
                self.unclear += 1;
                self.days.add(day);
                return;
            }
        };
        match writes {
            true => self.writes += 1,
            false => self.reads += 1,
        }
        self.days.add(day);
        let path = call.path;
        let v2 = (service.id() == "youtube").then(|| {
            let method = if method == "HEAD" { "GET" } else { method };
            catalogue.youtube_path(method, path.strip_prefix('/').unwrap_or(path))
        });
        if let Some(v2) = v2 {
            match v2 {
                None => self.unlisted += 1,
                Some(v2) => match self.calls.get_mut(v2.title()) {
                    Some(days) => days.add(day),
                    None => self
                        .calls
                        .entry(v2.title().to_owned())
                        .or_default()
                        .add(day),
                },
            }
        }
        let act = ask::act(service.id(), writes, path, v2.flatten());
        *self.acts.entry(act).or_default() += 1;
    }
}

fn below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn day(at: Timestamp) -> i64 {
    at.unix_seconds().div_euclid(86_400)
}
