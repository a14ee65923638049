//! What the emulator was asked, what it answered, and why.
//!
//! A refusal tells a client no more than Google told; the reason stands here, for the test or the person
//! at the terminal.

use std::{collections::VecDeque, fmt, sync::Arc};

use http::StatusCode;

/// One answered request. It holds no token, signature, key or query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    method: String,
    host: String,
    path: String,
    status: StatusCode,
    reason: Option<String>,
}

impl Entry {
    pub(super) fn new(
        method: &str,
        host: &str,
        path: &str,
        status: StatusCode,
        reason: Option<&str>,
    ) -> Self {
        Self {
            method: plain(method),
            host: plain(host),
            path: plain(path),
            status,
            reason: reason.map(plain),
        }
    }

    /// The method on the wire.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The host that the emulator played.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The path, without its query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The answer's status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Why it was refused, or what is worth noticing.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }
}

/// `GET www.google.com/accounts/AuthSubTokenInfo 401: the token was revoked`.
impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}{} {}",
            self.method,
            self.host,
            self.path,
            self.status.as_u16()
        )?;
        match &self.reason {
            Some(reason) => write!(f, ": {reason}"),
            None => Ok(()),
        }
    }
}

/// Sees each entry as it is written.
pub(super) type Observer = Arc<dyn Fn(&Entry) + Send + Sync>;

/// Text from outside, fit for a terminal and for one line of a log: bounded, without control characters
/// and without those that turn or hide the text around them.
fn plain(text: &str) -> String {
    const MAX: usize = 500;
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    text.chars()
        .take(MAX)
        .map(|c| if hidden(c) { '\u{fffd}' } else { c })
        .collect()
}

/// The last entries, and whoever wants to see each as it comes.
#[derive(Default)]
pub(super) struct Journal {
    entries: VecDeque<Entry>,
    observer: Option<Observer>,
}

impl Journal {
    /// Older entries fall off.
    const KEPT: usize = 1_000;

    pub(super) fn observe(&mut self, observer: Observer) {
        self.observer = Some(observer);
    }

    /// Keeps an entry, and yields whoever is to see it: called once the journal is free again, because
    /// an observer may be slow, or ask the emulator something.
    pub(super) fn write(&mut self, entry: Entry) -> Option<Observer> {
        if self.entries.len() == Self::KEPT {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
        self.observer.clone()
    }

    pub(super) fn entries(&self) -> Vec<Entry> {
        self.entries.iter().cloned().collect()
    }
}
