//! Whose browser it is: a cookie that is worth something only here, and only for a while.
//!
//! A consent is bound to the browser that began it, so that nobody is sent to the end of somebody else's
//! (RFC 6749, 10.12). Cookies are kept as digests: what is in memory opens nothing.

use std::collections::{HashMap, VecDeque};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use super::limit::Bucket;
use crate::{
    migrate::campaign::consent::Outcome,
    scheme::oauth2::PendingAuthorization,
    system::{Randomness, random},
    time::Timestamp,
};

/// What is known of one browser.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) serial: u32,
    pub(super) round: u16,
    pub(super) pending: Option<PendingAuthorization>,
    pub(super) outcome: Option<Outcome>,
    /// How often it may begin a consent.
    pub(super) begins: Bucket,
    ends: Timestamp,
}

/// All browsers that are under way.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    known: HashMap<Digested, Session>,
    order: VecDeque<(Timestamp, Digested)>,
}

type Digested = [u8; 32];

impl Sessions {
    /// How long a browser is known.
    pub(super) const SECONDS: u64 = 3_600;
    /// The most browsers; the oldest goes for a new one.
    pub(super) const MAX: usize = 20_000;

    /// Begins with a browser, and yields its cookie.
    pub(super) fn begin(
        &mut self,
        serial: u32,
        round: u16,
        randomness: &dyn Randomness,
        now: Timestamp,
    ) -> String {
        let bytes: [u8; 32] = random(randomness);
        let cookie = URL_SAFE_NO_PAD.encode(bytes);
        let ends = now.after(std::time::Duration::from_secs(Self::SECONDS));
        while let Some((end, oldest)) = self.order.front().copied()
            && (end <= now || self.order.len() >= Self::MAX)
        {
            self.order.pop_front();
            self.known.remove(&oldest);
        }
        let digest = digest(&cookie);
        self.order.push_back((ends, digest));
        let session = Session {
            serial,
            round,
            pending: None,
            outcome: None,
            begins: Bucket::new(10, 6_000),
            ends,
        };
        self.known.insert(digest, session);
        cookie
    }

    /// The browser with that cookie.
    pub(super) fn find(&mut self, cookie: &str, now: Timestamp) -> Option<&mut Session> {
        self.known
            .get_mut(&digest(cookie))
            .filter(|session| now < session.ends)
    }
}

fn digest(cookie: &str) -> Digested {
    Sha256::digest(cookie).into()
}
