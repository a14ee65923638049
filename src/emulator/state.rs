//! Everything that an emulator remembers between requests, as data.

use std::collections::{BTreeMap, HashMap, HashSet};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use super::{
    asking::Pending,
    clientlogin::LoginToken,
    config::Config,
    oauth1::{AccessToken, Consumer, RequestToken},
    oauth2::{self, Bearer, Grant},
    sessions::Sessions,
    videos::Video,
    youtube::browser::Forms,
    youtube_v3::{Playlists, Quota, Ratings},
};
use crate::{
    crypto::PublicKey, error::Error, scope::ScopeSet, system::Randomness, time::Timestamp,
};

pub(super) struct State {
    pub(super) config: Config,
    /// The keys of registered sites, by host in lower case.
    pub(super) sites: HashMap<String, PublicKey>,
    /// By token text. Look-ups hash with a random key, so their timing tells nothing of a token.
    pub(super) tokens: HashMap<String, Token>,
    /// What ClientLogin issued, by token text.
    pub(super) logins: HashMap<String, LoginToken>,
    /// The applications of OAuth 1.0, by consumer key.
    pub(super) consumers: HashMap<String, Consumer>,
    pub(super) oauth_requests: HashMap<String, RequestToken>,
    pub(super) oauth_access: HashMap<String, AccessToken>,
    /// What OAuth 2.0 issued.
    pub(super) refresh_tokens: HashMap<String, Grant>,
    pub(super) bearers: HashMap<String, Bearer>,
    pub(super) oauth2: oauth2::Memory,
    /// The words of CAPTCHAs that wait for an answer, by their token.
    pub(super) captchas: HashMap<String, String>,
    /// Consent pages that wait for an answer, by their random id.
    pub(super) pending: BTreeMap<String, Pending>,
    pub(super) nonces: Nonces,
    pub(super) videos: Vec<Video>,
    /// Resumable uploads.
    pub(super) sessions: Sessions,
    /// Forms for uploads from a browser.
    pub(super) forms: Forms,
    /// What the Data API v3 keeps beside videos.
    pub(super) ratings: Ratings,
    pub(super) playlists: Playlists,
    pub(super) quota: Quota,
    /// Calendar's session ids that were handed out.
    pub(super) calendar_sessions: HashSet<String>,
    pub(super) randomness: Box<dyn Randomness>,
}

/// A token that was issued.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Token {
    pub(super) life: Life,
    /// Single-use: whether it may be exchanged.
    pub(super) session_allowed: bool,
    pub(super) secure: bool,
    #[serde(with = "super::snapshot::scopes")]
    pub(super) scopes: ScopeSet,
    /// The bare host of `next`.
    pub(super) target: String,
    pub(super) user: String,
    pub(super) expires_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Life {
    SingleUse,
    Spent,
    Session,
    Revoked,
}

impl State {
    /// Consent pages beyond this many push the oldest out.
    const MAX_PENDING: usize = 1_000;
    /// Issued tokens beyond this many push out those that are spent or revoked; when all live, no more are
    /// issued.
    const MAX_TOKENS: usize = 100_000;

    /// The state before the first request, with no site registered yet.
    pub(super) fn new(config: Config, randomness: Box<dyn Randomness>) -> Self {
        let mut videos: Vec<Video> = config
            .user
            .iter()
            .filter(|user| user.channel)
            .flat_map(Video::samples)
            .collect();
        videos.push(Video::of_the_story());
        Self {
            config,
            sites: HashMap::new(),
            tokens: HashMap::new(),
            logins: HashMap::new(),
            consumers: HashMap::from([Consumer::anonymous()]),
            oauth_requests: HashMap::new(),
            oauth_access: HashMap::new(),
            refresh_tokens: HashMap::new(),
            bearers: HashMap::new(),
            oauth2: oauth2::Memory::default(),
            captchas: HashMap::new(),
            pending: BTreeMap::new(),
            nonces: Nonces::default(),
            videos,
            sessions: Sessions::default(),
            forms: Forms::default(),
            ratings: Ratings::default(),
            playlists: Playlists::default(),
            quota: Quota::default(),
            calendar_sessions: HashSet::new(),
            randomness,
        }
    }

    /// Reads the keys of the configured sites, applications and service accounts.
    pub(super) fn register(&mut self) -> Result<(), Error> {
        for account in &self.config.service_account {
            let key = account.public_key()?;
            self.oauth2.accounts.insert(account.email.clone(), key);
        }
        let mut ids = HashSet::new();
        let mut clients = self.config.oauth_client.iter();
        if let Some(client) = clients.find(|client| client.id.is_empty() || !ids.insert(&client.id))
        {
            return Err(Error::input(
                "oauth_client",
                format_args!("expected each id once, got {:?} empty or again", client.id),
            ));
        }
        for configured in &self.config.consumer {
            let consumer = Consumer::of(configured)?;
            self.consumers.insert(configured.key.clone(), consumer);
        }
        for site in &self.config.site {
            let host = site.host.to_ascii_lowercase();
            let bare = |c: char| c.is_ascii_alphanumeric() || "-._[:]".contains(c);
            let has_port = !host.starts_with('[') && host.contains(':');
            if host.is_empty() || has_port || !host.chars().all(bare) {
                return Err(Error::input(
                    "site",
                    "expected a bare host such as www.example.com, without scheme, port or path",
                ));
            }
            if self.sites.insert(host, site.key()?).is_some() {
                return Err(Error::input(
                    "site",
                    format_args!("expected {} once, got it more than once", site.host),
                ));
            }
        }
        Ok(())
    }

    /// `bytes` of randomness.
    pub(super) fn random_bytes(&self, bytes: usize) -> Vec<u8> {
        let mut buffer = vec![0; bytes];
        self.randomness.fill(&mut buffer);
        buffer
    }

    /// `bytes` of randomness in the URL-safe alphabet.
    pub(super) fn random_text(&self, bytes: usize) -> String {
        URL_SAFE_NO_PAD.encode(self.random_bytes(bytes))
    }

    /// Keeps a request token; beyond the bound all that wait are forgotten, as by a restart.
    pub(super) fn keep_oauth_request(&mut self, text: String, token: RequestToken) {
        if self.oauth_requests.len() >= Self::MAX_PENDING {
            self.oauth_requests.clear();
        }
        self.oauth_requests.insert(text, token);
    }

    /// Keeps an access token of OAuth 1.0; false when there is no room.
    pub(super) fn keep_oauth_access(&mut self, text: String, token: AccessToken) -> bool {
        let room = self.oauth_access.len() < Self::MAX_TOKENS;
        if room {
            self.oauth_access.insert(text, token);
        }
        room
    }

    /// Keeps a refresh token; false when there is no room.
    pub(super) fn keep_refresh_token(&mut self, text: String, grant: Grant) -> bool {
        let room = self.refresh_tokens.len() < Self::MAX_TOKENS;
        if room {
            self.refresh_tokens.insert(text, grant);
        }
        room
    }

    /// Keeps an access token of OAuth 2.0. Expired ones make room for it, and then the quarter that ends first: a
    /// client that is tested under load refreshes on and on, and goes by its newest token.
    pub(super) fn keep_bearer(&mut self, text: String, bearer: Bearer, now: Timestamp) {
        if self.bearers.len() >= Self::MAX_TOKENS {
            self.bearers.retain(|_, bearer| bearer.is_alive(now));
        }
        if self.bearers.len() >= Self::MAX_TOKENS {
            let mut ends: Vec<Timestamp> = self.bearers.values().map(Bearer::expires_at).collect();
            ends.sort_unstable();
            let mut surplus = Self::MAX_TOKENS / 4;
            let last = ends[surplus];
            self.bearers.retain(|_, bearer| {
                let goes = surplus > 0 && bearer.expires_at() <= last;
                surplus -= usize::from(goes);
                !goes
            });
        }
        self.bearers.insert(text, bearer);
    }

    /// Keeps a login's token; false when there is no room.
    pub(super) fn issue_login(&mut self, text: &str, token: LoginToken) -> bool {
        if self.logins.len() >= Self::MAX_TOKENS {
            return false;
        }
        self.logins.insert(text.to_owned(), token);
        true
    }

    /// Issues a token and yields its text: `1/` and 43 characters, or the form of 2006
    /// (legacy-protocol.md 1.3).
    pub(super) fn issue(&mut self, token: Token) -> Option<String> {
        if self.tokens.len() >= Self::MAX_TOKENS {
            let lives = |token: &Token| matches!(token.life, Life::SingleUse | Life::Session);
            self.tokens.retain(|_, token| lives(token));
            if self.tokens.len() >= Self::MAX_TOKENS {
                return None;
            }
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
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Nonces {
    seen: BTreeMap<i64, HashSet<(String, String)>>,
    #[serde(skip)]
    count: usize,
}

impl Nonces {
    /// Beyond this many in one window no further one is taken: memory stays bounded, and nothing is
    /// replayed.
    const MAX: usize = 1_000_000;

    /// The same after it was read, with its count.
    pub(super) fn counted(mut self) -> Self {
        self.count = self.seen.values().map(HashSet::len).sum();
        self
    }

    /// Takes a timestamp and nonce of `owner`; false when they were there, or there is no room.
    pub(super) fn take(
        &mut self,
        owner: &str,
        timestamp: Timestamp,
        nonce: &str,
        now: Timestamp,
        window: u64,
    ) -> bool {
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
        let used = (owner.to_owned(), nonce.to_owned());
        let fresh = self
            .seen
            .entry(timestamp.unix_seconds())
            .or_default()
            .insert(used);
        self.count += usize::from(fresh);
        fresh
    }
}
