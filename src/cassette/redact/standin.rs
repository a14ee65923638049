//! What stands in place of a secret: its length, its alphabet, its prefix; readable as what it is.
//!
//! ```text
//! ya29.a0AfH6SMBx3…   ya29.StandIn1kQ7…      prefix, length and the places of punctuation stay
//! 1f8b44c0…           93a6e17d…              hex has no letters for the mark
//! hunter2!            fWq81ZpK               of a password only the length
//! eyJh….eyJz….SIG     eyJh….eyJz….StandIn1…  header and claims stay readable
//! ```
//!
//! It is a function of the kind, the number among the secrets of that kind, and the shape: the same recording made
//! again has the same stand-ins. Nothing of the secret goes into it.

use super::anatomy::{jwt_parts, split_pem};
use crate::cassette::SecretKind;

/// The stand-in number `number` (from 1) of its kind; further attempts give others.
pub(super) fn stand_in(kind: SecretKind, secret: &[u8], number: usize, attempt: u32) -> Vec<u8> {
    if let Some((header, claims, signature)) = jwt_parts(secret) {
        let signature = stand_in(SecretKind::Signature, signature, number, attempt);
        return [header, claims, &signature].join(&b'.');
    }
    if let Ok(text) = std::str::from_utf8(secret)
        && let Some((before, body, after)) = split_pem(text)
    {
        let body = filled(kind, body.as_bytes(), number, attempt, Fill::Marker);
        return [before.as_bytes(), &body, after.as_bytes()].concat();
    }
    let prefix = match kind {
        SecretKind::Password => 0,
        _ => prefix(secret),
    };
    let body = filled(kind, &secret[prefix..], number, attempt, Fill::Random);
    [&secret[..prefix], &body].concat()
}

/// Whether a text says itself that it is a stand-in.
pub(super) fn is_marked(text: &[u8]) -> bool {
    let text = match jwt_parts(text) {
        Some((_, _, signature)) => signature,
        None => text,
    };
    if let Ok(pem) = std::str::from_utf8(text)
        && let Some((_, body, _)) = split_pem(pem)
    {
        return holds_mark(body.as_bytes());
    }
    holds_mark(&text[prefix(text)..])
}

/// Whether the mark stands at the begin of a stretch of letters, or, where none had room, over several.
fn holds_mark(text: &[u8]) -> bool {
    let letters: Vec<u8> = text
        .iter()
        .filter(|byte| byte.is_ascii_alphanumeric())
        .take(MARK.len() + 1)
        .copied()
        .collect();
    let mut stretches = text.split(|byte| !byte.is_ascii_alphanumeric());
    begins_marked(&letters) || stretches.any(begins_marked)
}

fn begins_marked(text: &[u8]) -> bool {
    let Some((mark, [next, ..])) = text.split_at_checked(MARK.len()) else {
        return false;
    };
    let case = |mark: &[u8]| {
        mark == MARK || mark == MARK.to_ascii_lowercase() || mark == MARK.to_ascii_uppercase()
    };
    case(mark) && (next.is_ascii_digit() || next.eq_ignore_ascii_case(&NO_DIGITS))
}

/// How long the prefix is that tells what a token is.
fn prefix(secret: &[u8]) -> usize {
    let found = PREFIXES
        .iter()
        .filter(|prefix| secret.starts_with(prefix.as_bytes()))
        .map(|prefix| prefix.len())
        .max()
        .unwrap_or(0);
    let rest = secret[found..]
        .iter()
        .filter(|byte| byte.is_ascii_alphanumeric());
    if rest.count() >= SHORTEST_REST {
        found
    } else {
        0
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fill {
    Random,
    /// Readable from end to end.
    Marker,
}

fn filled(kind: SecretKind, body: &[u8], number: usize, attempt: u32, fill: Fill) -> Vec<u8> {
    // Where a password has its punctuation is half of it.
    let all = kind == SecretKind::Password;
    let is_open = |byte: &u8| all || byte.is_ascii_alphanumeric() || !byte.is_ascii();
    let places: Vec<usize> = (0..body.len()).filter(|at| is_open(&body[*at])).collect();
    if places.is_empty() && !body.is_empty() {
        // Punctuation alone: nothing of it can stay.
        return filled(SecretKind::Password, body, number, attempt, fill);
    }
    let alphabet = match all {
        true => Alphabet::MIXED,
        false => Alphabet::of(body),
    };
    let mut mark: Vec<u8> = alphabet.mark(number);
    if mark.len() + 2 > places.len() || attempt > 3 {
        mark.clear();
    }
    let begin = stretch(&places, mark.len()).unwrap_or(0);
    let mut new = Vec::with_capacity(places.len());
    let mut random = Random::of(kind, number, attempt);
    let letters = alphabet.letters();
    while new.len() < places.len() {
        if new.len() == begin && !mark.is_empty() {
            new.append(&mut mark);
            continue;
        }
        let next = match fill {
            Fill::Marker if !letters.is_empty() => MARKER[new.len() % MARKER.len()],
            _ => letters[random.below(letters.len())],
        };
        // No number begins with 0.
        let leading = new.is_empty() && next == b'0' && alphabet == Alphabet::DIGITS;
        new.push(if leading { b'1' } else { next });
    }
    // The last letter of base64 may carry bits that belong to nothing; `A` carries none.
    let base64 = kind == SecretKind::Signature || kind == SecretKind::Jwt || body.ends_with(b"=");
    if base64
        && alphabet.upper
        && let Some(last) = new.last_mut()
    {
        *last = b'A';
    }
    let mut out = body.to_vec();
    for (place, byte) in places.into_iter().zip(new) {
        out[place] = byte;
    }
    out
}

/// Where the first stretch of letters begins that has room for the mark and is not the end: `-` and `_` are letters of
/// base64url, and may fall anywhere.
fn stretch(places: &[usize], room: usize) -> Option<usize> {
    let last = room.checked_sub(1)?;
    (0..places.len().saturating_sub(room)).find(|&at| {
        let begins = at == 0 || places[at] - places[at - 1] > 1;
        begins && places[at + last] - places[at] == last
    })
}

/// Which letters a secret is written in.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Alphabet {
    digits: bool,
    lower: bool,
    upper: bool,
    hex: bool,
}

impl Alphabet {
    const MIXED: Self = Self {
        digits: true,
        lower: true,
        upper: true,
        hex: false,
    };
    const DIGITS: Self = Self {
        digits: true,
        lower: false,
        upper: false,
        hex: false,
    };

    fn of(body: &[u8]) -> Self {
        let any = |is: fn(&u8) -> bool| body.iter().any(is);
        let digits = any(u8::is_ascii_digit);
        let upper = any(u8::is_ascii_uppercase);
        let lower = any(u8::is_ascii_lowercase) || any(|byte| !byte.is_ascii());
        let mut letters = body.iter().filter(|byte| byte.is_ascii_alphanumeric());
        let hex = digits
            && upper != lower
            && body.len() >= SHORTEST_HEX
            && letters.all(u8::is_ascii_hexdigit);
        Self {
            digits,
            lower,
            upper,
            hex,
        }
    }

    fn letters(self) -> Vec<u8> {
        let last = if self.hex { 5 } else { 25 };
        let mut letters = Vec::new();
        if self.digits {
            letters.extend(b'0'..=b'9');
        }
        if self.lower {
            letters.extend(b'a'..=b'a' + last);
        }
        if self.upper {
            letters.extend(b'A'..=b'A' + last);
        }
        letters
    }

    /// The mark and the number; empty where the alphabet has no room for it.
    fn mark(self, number: usize) -> Vec<u8> {
        if self.hex {
            return Vec::new();
        }
        let mut mark = match (self.lower, self.upper) {
            (true, true) => MARK.to_vec(),
            (true, false) => MARK.to_ascii_lowercase(),
            (false, true) => MARK.to_ascii_uppercase(),
            (false, false) => return Vec::new(),
        };
        if self.digits {
            mark.extend_from_slice(number.to_string().as_bytes());
            return mark;
        }
        let case = |letter: u8| match self.lower {
            true => letter,
            false => letter.to_ascii_uppercase(),
        };
        mark.push(case(NO_DIGITS));
        let digits = number.to_string();
        mark.extend(digits.bytes().map(|digit| case(b'a' + (digit - b'0'))));
        mark
    }
}

/// SplitMix64: reproducible, and no secret goes in.
struct Random(u64);

impl Random {
    fn of(kind: SecretKind, number: usize, attempt: u32) -> Self {
        let mut seed = 0xcbf2_9ce4_8422_2325_u64;
        for byte in format!("{kind:?} {number} {attempt}").bytes() {
            seed = (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Self(seed)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % bound.max(1) as u64).unwrap_or(0)
    }
}

const MARK: &[u8] = b"StandIn";
const MARKER: &[u8] = b"ThisIsNoPrivateKey";
/// What follows the mark where the alphabet has no digits, so that `standing` is no stand-in.
const NO_DIGITS: u8 = b'x';

/// What tokens begin with (legacy-protocol.md, oauth2.md, cassettes.md 2.2), and those of other services.
const PREFIXES: &[&str] = &[
    "ya29.",
    "ya29.c.",
    "ya29.a0",
    "1/",
    "1//0",
    "1//",
    "4/",
    "4/0A",
    "DQAA",
    "DQAAA",
    "AIza",
    "AI39si",
    "GOCSPX-",
    "CK",
    "CI",
    "CL",
    "CM",
    "CN",
    "CO",
    "AEnB2U",
    "AH/",
    "ghp_",
    "gho_",
    "ghs_",
    "ghu_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "sk-",
    "sk_live_",
    "sk_test_",
    "pk_live_",
    "xoxb-",
    "xoxp-",
    "xoxa-",
    "AKIA",
    "ASIA",
    "npm_",
    "hf_",
];
/// A prefix that is nearly all of the text is part of the secret.
const SHORTEST_REST: usize = 8;
const SHORTEST_HEX: usize = 8;
