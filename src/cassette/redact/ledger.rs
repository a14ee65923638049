//! Every secret of a recording with its stand-in, in the order of their first appearance.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use aho_corasick::AhoCorasick;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use super::{
    anatomy::{jwt_parts, split_pem},
    names, standin,
};
use crate::cassette::{SecretKind, StandIn};

/// Shows every text of a recording to whoever asks.
pub(super) type Texts<'t> = dyn Fn(&mut dyn FnMut(&[u8])) + 't;

#[derive(Default)]
pub(super) struct Ledger {
    entries: Vec<Entry>,
    places: HashMap<Vec<u8>, usize>,
    /// Challenges of PKCE: they go with their verifier.
    challenges: HashSet<Vec<u8>>,
    /// Stand-ins that the recording already had.
    older: HashSet<Vec<u8>>,
    counts: HashMap<SecretKind, usize>,
}

pub(super) struct Entry {
    pub(super) secret: Vec<u8>,
    pub(super) stand_in: Vec<u8>,
    pub(super) kind: SecretKind,
    pub(super) issued: bool,
    /// Made from another secret: it goes where that goes, and is not told.
    pub(super) derived: bool,
    /// Replaced where it stands in a field, and not in free text.
    pub(super) is_weak: bool,
    number: usize,
}

impl Ledger {
    /// Keeps the stand-ins of a recording that was redacted before; numbers go on after theirs.
    pub(super) fn keep(&mut self, older: &[StandIn]) {
        for one in older {
            if self.older.insert(one.text.clone().into_bytes()) {
                *self.counts.entry(one.kind).or_default() += 1;
            }
        }
    }

    /// Keeps a secret; the first to name it names its kind. Yields whether it is a new one that is weak.
    pub(super) fn learn(
        &mut self,
        secret: &[u8],
        kind: SecretKind,
        issued: bool,
        everywhere: bool,
    ) -> bool {
        if let Some(at) = self.places.get(secret) {
            let entry = &mut self.entries[*at];
            entry.is_weak &= !everywhere;
            return false;
        }
        let jwt = jwt_parts(secret);
        let kind = if jwt.is_some() { SecretKind::Jwt } else { kind };
        let number = self.counts.entry(kind).or_default();
        *number += 1;
        let number = *number;
        let is_weak = !everywhere && is_weak(secret);
        self.put(secret, kind, issued, number, false, is_weak);
        // Pieces of it that would do for the whole.
        if let Some((_, _, signature)) = jwt {
            self.put(
                signature,
                SecretKind::Signature,
                issued,
                number,
                true,
                false,
            );
        } else if let Some(body) = packed_pem(secret) {
            self.put(&body, kind, issued, number, true, false);
        }
        is_weak
    }

    /// Keeps a challenge of PKCE.
    pub(super) fn challenge(&mut self, challenge: &[u8]) {
        self.challenges.insert(challenge.to_vec());
    }

    /// Whether a text is a stand-in, of this recording or by its own word.
    pub(super) fn is_stand_in(&self, text: &[u8]) -> bool {
        self.older.contains(text) || standin::is_marked(text)
    }

    pub(super) fn find(&self, secret: &[u8]) -> Option<(usize, &Entry)> {
        let at = *self.places.get(secret)?;
        Some((at, &self.entries[at]))
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(super) fn entries_mut(&mut self) -> &mut [Entry] {
        &mut self.entries
    }

    pub(super) fn older(&self) -> impl Iterator<Item = &Vec<u8>> {
        self.older.iter()
    }

    /// Makes the stand-ins. None is a secret itself, none is made twice, and none occurs in a text of the recording.
    pub(super) fn seal(&mut self, texts: &Texts<'_>) {
        let mut taken: HashSet<Vec<u8>> = self.older.clone();
        for at in 0..self.entries.len() {
            self.name(at, 0, &mut taken);
        }
        for round in 1..ROUNDS {
            let met = self.met_by_chance(texts);
            if met.is_empty() {
                break;
            }
            for at in met {
                self.name(at, round * ATTEMPTS, &mut taken);
            }
        }
        self.derive();
    }

    fn name(&mut self, at: usize, from: u32, taken: &mut HashSet<Vec<u8>>) {
        let entry = &self.entries[at];
        let make = |attempt| standin::stand_in(entry.kind, &entry.secret, entry.number, attempt);
        let free = (from..from + ATTEMPTS)
            .map(make)
            .find(|text| !taken.contains(text) && !self.places.contains_key(text));
        // One or two letters have few others: then another secret's stand-in has to do, but never the secret.
        let any = || {
            (from..from + ATTEMPTS)
                .map(make)
                .find(|text| *text != entry.secret)
        };
        let text = free
            .or_else(any)
            .unwrap_or_else(|| vec![b'x'; entry.secret.len()]);
        taken.insert(text.clone());
        self.entries[at].stand_in = text;
    }

    /// The entries whose stand-in, bearing no mark, stands in the recording already.
    fn met_by_chance(&self, texts: &Texts<'_>) -> Vec<usize> {
        let candidates: Vec<usize> = (0..self.entries.len())
            .filter(|at| {
                let text = &self.entries[*at].stand_in;
                text.len() >= SHORTEST && !standin::is_marked(text)
            })
            .collect();
        let made = candidates.iter().map(|at| &self.entries[*at].stand_in);
        let Ok(seeker) = AhoCorasick::new(made) else {
            return Vec::new();
        };
        let mut met = HashSet::new();
        if !candidates.is_empty() {
            texts(&mut |text| {
                for found in seeker.find_overlapping_iter(text) {
                    met.insert(candidates[found.pattern().as_usize()]);
                }
            });
        }
        let mut met: Vec<usize> = met.into_iter().collect();
        met.sort_unstable();
        met
    }

    /// What belongs to another secret gets what belongs to that one's stand-in.
    fn derive(&mut self) {
        let mut more = Vec::new();
        for at in 0..self.entries.len() {
            let entry = &self.entries[at];
            if let Some((_, _, signature)) = jwt_parts(&entry.secret)
                && let Some((_, _, new)) = jwt_parts(&entry.stand_in)
                && let Some(of) = self.places.get(signature)
            {
                more.push((*of, new.to_vec()));
            }
            if let Some(body) = packed_pem(&entry.secret)
                && let Some(new) = packed_pem(&entry.stand_in)
                && let Some(of) = self.places.get(&body)
            {
                more.push((*of, new));
            }
        }
        for (at, text) in more {
            self.entries[at].stand_in = text;
        }
        for at in 0..self.entries.len() {
            let entry = &self.entries[at];
            if entry.kind != SecretKind::CodeVerifier {
                continue;
            }
            let (old, new) = (s256(&entry.secret), s256(&entry.stand_in));
            let issued = entry.issued;
            if self.challenges.contains(&old) && !self.places.contains_key(&old) {
                self.put(&old, SecretKind::Nonce, issued, 0, true, false);
                if let Some(entry) = self.entries.last_mut() {
                    entry.stand_in = new;
                }
            }
        }
    }

    fn put(
        &mut self,
        secret: &[u8],
        kind: SecretKind,
        issued: bool,
        number: usize,
        derived: bool,
        is_weak: bool,
    ) {
        if self.places.contains_key(secret) || secret.is_empty() {
            return;
        }
        self.places.insert(secret.to_vec(), self.entries.len());
        self.entries.push(Entry {
            secret: secret.to_vec(),
            stand_in: Vec::new(),
            kind,
            issued,
            derived,
            is_weak,
            number,
        });
    }
}

/// Never a secret.
impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ledger({} secrets)", self.entries.len())
    }
}

/// `BASE64URL(SHA256(verifier))` (RFC 7636, 4.2).
fn s256(verifier: &[u8]) -> Vec<u8> {
    URL_SAFE_NO_PAD
        .encode(Sha256::digest(verifier))
        .into_bytes()
}

fn packed_pem(secret: &[u8]) -> Option<Vec<u8>> {
    let (_, body, _) = split_pem(std::str::from_utf8(secret).ok()?)?;
    Some(
        body.bytes()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect(),
    )
}

/// Whether a text is found in places where nobody meant it.
fn is_weak(secret: &[u8]) -> bool {
    let digits = secret.iter().all(|byte| !byte.is_ascii_alphabetic());
    let text = String::from_utf8_lossy(secret);
    secret.len() < SHORTEST || (digits && secret.len() < SHORTEST_NUMBER) || names::is_common(&text)
}

/// A shorter secret is weak.
const SHORTEST: usize = 6;
/// A number with fewer digits is a date, an id or a length somewhere.
const SHORTEST_NUMBER: usize = 12;
const ATTEMPTS: u32 = 64;
const ROUNDS: u32 = 4;
