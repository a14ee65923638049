//! The same user twice, or the same token twice: the newest counts, and both are told.
//!
//! Of each credential a digest is kept, so that a million of them need some fifty megabytes and no token stays in
//! memory.

use std::collections::{HashMap, hash_map::Entry};

use super::{
    draft::Draft,
    fingerprint,
    inventory::{Double, Protocol},
};
use crate::time::Timestamp;

#[derive(Debug, Default)]
pub(super) struct Doubles(HashMap<u128, Seen>);

#[derive(Clone, Copy, Debug)]
struct Seen {
    number: u64,
    whole: bool,
    moment: i64,
    secret: u64,
}

impl Doubles {
    /// What the credential that comes is a double of. `modified` is when its file was written, for those that carry
    /// no moment of their own.
    pub(super) fn see(
        &mut self,
        draft: &Draft,
        number: u64,
        modified: Option<Timestamp>,
    ) -> Option<Double> {
        let secret = draft.main_secret().map(|secret| secret.expose());
        let digest = fingerprint::joined(secret);
        let family = match draft.protocol {
            Protocol::SecureAuthSub => Protocol::AuthSub,
            other => other,
        };
        let family = format!("{family:?}");
        let mut parts = vec![family.as_str()];
        match &draft.user {
            Some(user) => {
                parts.push(user);
                parts.push(draft.client.as_deref().unwrap_or_default());
                parts.push(draft.service.as_deref().unwrap_or_default());
                // One user's grant of OAuth 2.0 is one, whatever it covers; older tokens were one for each scope.
                if draft.protocol != Protocol::OAuth2 {
                    let mut scopes: Vec<&str> = draft.scopes.iter().map(String::as_str).collect();
                    scopes.sort_unstable();
                    parts.extend(scopes);
                }
            }
            None => parts.push(secret?),
        }
        let moment = draft.issued_at.or(draft.expires_at).or(modified);
        let now = Seen {
            number,
            whole: draft.lacks().is_none(),
            moment: moment.map_or(i64::MIN, Timestamp::unix_seconds),
            secret: low(digest),
        };
        match self.0.entry(fingerprint::joined(parts)) {
            Entry::Vacant(entry) => {
                entry.insert(now);
                None
            }
            Entry::Occupied(mut entry) => {
                let before = *entry.get();
                let same_token = before.secret == now.secret;
                // What is whole counts before what was cut off; of equals the later one: lists were appended to.
                let newer = (now.whole, now.moment) >= (before.whole, before.moment);
                let (old, new) = match newer {
                    true => (before, now),
                    false => (now, before),
                };
                entry.insert(new);
                Some(Double {
                    number: old.number,
                    by: new.number,
                    same_token,
                })
            }
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "half of a digest tells tokens apart"
)]
fn low(digest: u128) -> u64 {
    digest as u64
}
