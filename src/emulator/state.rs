//! Everything that an emulator remembers between requests, as data.

use std::collections::{BTreeMap, HashMap, HashSet};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{asking::Pending, config::Config, videos::Video};
use crate::{
    crypto::PublicKey,
    error::Error,
    scope::ScopeSet,
    system::Randomness,
    time::{Stamp, Timestamp},
};

pub(super) struct State {
    pub(super) config: Config,
    /// The keys of registered sites, by host in lower case.
    pub(super) sites: HashMap<String, PublicKey>,
    /// By token text. Look-ups hash with a random key, so their timing tells nothing of a token.
    pub(super) tokens: HashMap<String, Token>,
    /// Consent pages that wait for an answer, by their random id.
    pub(super) pending: BTreeMap<String, Pending>,
    pub(super) nonces: Nonces,
    pub(super) videos: Vec<Video>,
    /// Calendar's session ids that were handed out.
    pub(super) calendar_sessions: HashSet<String>,
    pub(super) randomness: Box<dyn Randomness>,
}

/// A token that was issued.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) life: Life,
    /// Single-use: whether it may be exchanged.
    pub(super) session_allowed: bool,
    pub(super) secure: bool,
    pub(super) scopes: ScopeSet,
    /// The bare host of `next`.
    pub(super) target: String,
    pub(super) user: String,
    pub(super) expires_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    SingleUse,
    Spent,
    Session,
    Revoked,
}

impl State {
    /// Consent pages beyond this many push the oldest out.
    const MAX_PENDING: usize = 10_000;
    /// Issued tokens beyond this many are refused.
    const MAX_TOKENS: usize = 1_000_000;

    pub(super) fn new(config: Config, randomness: Box<dyn Randomness>) -> Result<Self, Error> {
        let mut sites = HashMap::new();
        for site in &config.site {
            sites.insert(site.host.to_ascii_lowercase(), site.key()?);
        }
        let videos = config.user.iter().flat_map(Video::samples).collect();
        Ok(Self {
            config,
            sites,
            tokens: HashMap::new(),
            pending: BTreeMap::new(),
            nonces: Nonces::default(),
            videos,
            calendar_sessions: HashSet::new(),
            randomness,
        })
    }

    /// `bytes` of randomness in the URL-safe alphabet.
    pub(super) fn random_text(&self, bytes: usize) -> String {
        let mut buffer = vec![0; bytes];
        self.randomness.fill(&mut buffer);
        URL_SAFE_NO_PAD.encode(buffer)
    }

    /// Issues a token and yields its text: `1/` and 43 characters, or the form of 2006
    /// (legacy-protocol.md 1.3).
    pub(super) fn issue(&mut self, token: Token) -> Option<String> {
        if self.tokens.len() >= Self::MAX_TOKENS {
            return None;
        }
        let text = if self.config.classic_tokens {
            format!("C{}", self.random_text(12))
        } else {
            format!("1/{}", self.random_text(32))
        };
        self.tokens.insert(text.clone(), token);
        Some(text)
    }

    /// Keeps a consent page, by its number, until it is answered.
    pub(super) fn await_consent(&mut self, id: String, pending: Pending) {
        if self.pending.len() >= Self::MAX_PENDING {
            self.pending.pop_first();
        }
        self.pending.insert(id, pending);
    }
}

/// Timestamps and nonces that were used, as far back as the window of timestamps reaches.
#[derive(Debug, Default)]
pub(super) struct Nonces {
    seen: BTreeMap<i64, HashSet<(String, String)>>,
    count: usize,
}

impl Nonces {
    /// Beyond this many in one window no further one is taken: memory stays bounded, and nothing is
    /// replayed.
    const MAX: usize = 1_000_000;

    /// Takes a stamp of `owner`; false when it was there, or there is no room.
    pub(super) fn take(&mut self, owner: &str, stamp: &Stamp, now: Timestamp, window: u64) -> bool {
        let window = i64::try_from(window).unwrap_or(i64::MAX);
        let oldest = now.unix_seconds().saturating_sub(window);
        while let Some(entry) = self.seen.first_entry() {
            if *entry.key() >= oldest {
                break;
            }
            self.count -= entry.remove().len();
        }
        if self.count >= Self::MAX {
            return false;
        }
        let used = (owner.to_owned(), stamp.nonce().to_owned());
        let fresh = self
            .seen
            .entry(stamp.timestamp().unix_seconds())
            .or_default()
            .insert(used);
        self.count += usize::from(fresh);
        fresh
    }
}
