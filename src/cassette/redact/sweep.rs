//! Every further place at which a known secret stands: as it is, percent-encoded, escaped, in base64, in hex.
//!
//! One automaton over all secrets reads a text once, then what is left of it when percent-encoding, the escapes of
//! JSON and XML, and broken lines are undone, each inside each other. Base64 is found at any of its three alignments:
//! the letters that a secret alone decides are looked for, and the quanta around them are decoded and made again.

use std::cell::RefCell;

use aho_corasick::{AhoCorasick, MatchKind};
use base64::{
    Engine, alphabet,
    engine::{
        DecodePaddingMode,
        general_purpose::{GeneralPurpose, GeneralPurposeConfig},
    },
};

use super::{
    edit::{Edit, settled},
    fold::{Fold, Unfolded},
    ledger::Ledger,
};

pub(super) struct Sweep<'l> {
    ledger: &'l Ledger,
    seeker: Option<AhoCorasick>,
    patterns: Vec<(usize, Form)>,
    folds: Vec<Fold>,
    /// Which entries were found somewhere.
    hits: RefCell<Vec<bool>>,
}

/// How a secret stands in a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain,
    HexLower,
    HexUpper,
    /// With so many bytes before it in its first quantum.
    Base64(usize),
    Base64Url(usize),
}

impl<'l> Sweep<'l> {
    pub(super) fn of(ledger: &'l Ledger) -> Self {
        let mut texts: Vec<Vec<u8>> = Vec::new();
        let mut patterns = Vec::new();
        let mut spaces = false;
        for (at, entry) in ledger.entries().iter().enumerate() {
            if entry.is_weak {
                continue;
            }
            let secret = &entry.secret;
            spaces |= secret.contains(&b' ');
            let mut add = |text: Vec<u8>, form: Form| {
                texts.push(text);
                patterns.push((at, form));
            };
            add(secret.clone(), Form::Plain);
            if secret.len() < SHORTEST {
                continue;
            }
            add(hex(secret, b"0123456789abcdef"), Form::HexLower);
            add(hex(secret, b"0123456789ABCDEF"), Form::HexUpper);
            for before in 0..3 {
                let (plain, url) = (core(&STANDARD, secret, before), core(&URL, secret, before));
                if plain.len() < SHORTEST_CORE {
                    continue;
                }
                if url != plain {
                    add(url, Form::Base64Url(before));
                }
                add(plain, Form::Base64(before));
            }
        }
        let seeker = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(&texts)
            .ok()
            .filter(|_| !texts.is_empty());
        let mut folds = vec![Fold::Percent, Fold::Backslash, Fold::Entity, Fold::Wrap];
        if spaces {
            folds.push(Fold::Form);
        }
        Self {
            ledger,
            seeker,
            patterns,
            folds,
            hits: RefCell::new(vec![false; ledger.entries().len()]),
        }
    }

    /// What has to change in a text.
    pub(super) fn edits(&self, text: &[u8]) -> Vec<Edit> {
        settled(self.at_depth(text, 0))
    }

    /// The stand-in of a secret in its field.
    pub(super) fn stand_in(&self, secret: &[u8]) -> Option<&[u8]> {
        let (at, entry) = self.ledger.find(secret)?;
        self.hits.borrow_mut()[at] = true;
        Some(&entry.stand_in)
    }

    /// Whether an entry was met anywhere.
    pub(super) fn was_met(&self, at: usize) -> bool {
        self.hits.borrow().get(at).copied().unwrap_or(false)
    }

    /// The begin of a secret at the end of a text that was cut off there.
    pub(super) fn torn(&self, text: &[u8]) -> Option<Edit> {
        let mut longest: Option<(usize, &[u8])> = None;
        for entry in self.ledger.entries().iter().filter(|entry| !entry.is_weak) {
            let most = entry.secret.len().min(text.len());
            let found = (SHORTEST..most)
                .rev()
                .find(|len| text.ends_with(&entry.secret[..*len]));
            if let Some(len) = found
                && longest.is_none_or(|(other, _)| len > other)
                && entry.stand_in.len() >= len
            {
                longest = Some((len, &entry.stand_in[..len]));
            }
        }
        let (len, new) = longest?;
        Some(Edit::new(text.len() - len..text.len(), new))
    }

    fn at_depth(&self, text: &[u8], depth: u8) -> Vec<Edit> {
        let Some(seeker) = &self.seeker else {
            return Vec::new();
        };
        let mut edits = Vec::new();
        for found in seeker.find_iter(text) {
            let (at, form) = self.patterns[found.pattern().as_usize()];
            let entry = &self.ledger.entries()[at];
            let edit = match form {
                Form::Plain => Some(Edit::new(found.range(), entry.stand_in.clone())),
                Form::HexLower => Some(Edit::new(found.range(), hex(&entry.stand_in, LOWER))),
                Form::HexUpper => Some(Edit::new(found.range(), hex(&entry.stand_in, UPPER))),
                Form::Base64(before) => recoded(
                    &STANDARD,
                    text,
                    found.start(),
                    before,
                    &entry.secret,
                    &entry.stand_in,
                ),
                Form::Base64Url(before) => recoded(
                    &URL,
                    text,
                    found.start(),
                    before,
                    &entry.secret,
                    &entry.stand_in,
                ),
            };
            if let Some(edit) = edit {
                self.hits.borrow_mut()[at] = true;
                edits.push(edit);
            }
        }
        if depth < DEEPEST {
            for fold in &self.folds {
                if let Some(unfolded) = Unfolded::of(*fold, text) {
                    let inside = self.at_depth(&unfolded.bytes, depth + 1);
                    edits.extend(unfolded.back(text, inside));
                }
            }
        }
        edits
    }
}

/// The letters of base64 that `secret` alone decides, with `before` other bytes in its first quantum.
fn core(engine: &GeneralPurpose, secret: &[u8], before: usize) -> Vec<u8> {
    let padded = [&[0; 2][..before], secret].concat();
    let text = engine.encode(&padded).into_bytes();
    // The last letter also has bits of what follows, unless the secret ends with a quantum.
    let whole = padded.len() * 8 / 6;
    text.get(skipped(before)..whole)
        .unwrap_or_default()
        .to_vec()
}

/// Letters of the first quantum in which bits of other bytes are.
fn skipped(before: usize) -> usize {
    [0, 2, 3][before]
}

/// The quanta around a secret that was found at `core`, with the stand-in in them.
fn recoded(
    engine: &GeneralPurpose,
    text: &[u8],
    core: usize,
    before: usize,
    secret: &[u8],
    stand_in: &[u8],
) -> Option<Edit> {
    let start = core.checked_sub(skipped(before));
    // Cut off in front: what the core has is replaced alone.
    let Some(start) = start else {
        let new = self::core(engine, stand_in, before);
        return Some(Edit::new(core..(core + new.len()).min(text.len()), new));
    };
    let most = (before + secret.len()).div_ceil(3) * 4;
    let there = text[start..]
        .iter()
        .take(most)
        .take_while(|byte| super::fold::is_base64(**byte))
        .count();
    let raw = &text[start..start + there];
    let Ok(mut bytes) = engine.decode(raw) else {
        let new = self::core(engine, stand_in, before);
        return Some(Edit::new(core..(core + new.len()).min(text.len()), new));
    };
    let room = bytes.get_mut(before..)?;
    let len = room.len().min(secret.len());
    // A signature made anew may have another length; here the room is what it was.
    let fitted = stand_in.iter().copied().chain(std::iter::repeat(b'A'));
    for (byte, new) in room[..len].iter_mut().zip(fitted) {
        *byte = new;
    }
    Some(Edit::new(start..start + there, engine.encode(bytes)))
}

fn hex(bytes: &[u8], digits: &[u8; 16]) -> Vec<u8> {
    let two = |byte: &u8| {
        [
            digits[usize::from(byte >> 4)],
            digits[usize::from(byte & 15)],
        ]
    };
    bytes.iter().flat_map(two).collect()
}

const LOWER: &[u8; 16] = b"0123456789abcdef";
const UPPER: &[u8; 16] = b"0123456789ABCDEF";
const LIBERAL: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_encode_padding(false)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LIBERAL);
const URL: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LIBERAL);

/// Escapes within escapes within escapes.
const DEEPEST: u8 = 3;
/// A shorter secret is not looked for in base64 and hex, where three letters stand for two.
const SHORTEST: usize = 6;
const SHORTEST_CORE: usize = 6;
