//! Texts that are one token: JSON Web Tokens, JSON in base64, keys in PEM.

use base64::{
    Engine, alphabet,
    engine::{
        DecodePaddingMode,
        general_purpose::{GeneralPurpose, GeneralPurposeConfig},
    },
};

use super::Walk;
use crate::cassette::{
    Place,
    redact::{
        edit::{self, Edit},
        fold,
    },
};

impl Walk<'_> {
    /// `None` when the text is none of them.
    pub(super) fn token(&mut self, text: &[u8]) -> Option<Vec<Edit>> {
        if let Some((_, claims, _)) = jwt_parts(text) {
            self.eyes.text(self.spot, text);
            // The signature covers the claims: a change in them is one of the whole token, which the sweep makes.
            let (start, bytes) = (memchr::memchr(b'.', text)? + 1, decode(claims)?);
            let edits = self.claims(&bytes);
            let unchanged = edits.is_empty();
            return Some(match unchanged {
                true => Vec::new(),
                false => {
                    let new = URL_SAFE.encode(edit::apply(&bytes, edits));
                    vec![Edit::new(start..start + claims.len(), new)]
                }
            });
        }
        let trimmed = text.trim_ascii();
        let marked = FOLDED_JSON.iter().any(|mark| trimmed.starts_with(mark));
        if !marked || self.depth >= super::DEEPEST {
            return None;
        }
        let inside = decode(trimmed).filter(|inside| std::str::from_utf8(inside).is_ok())?;
        self.depth += 1;
        let edits = self.json(&inside);
        self.depth -= 1;
        if edits.is_empty() {
            return Some(Vec::new());
        }
        let padded = trimmed.len().is_multiple_of(4);
        let url = trimmed.iter().any(|byte| matches!(byte, b'-' | b'_'));
        let inside = edit::apply(&inside, edits);
        let new = match (url, padded) {
            (true, true) => base64::engine::general_purpose::URL_SAFE.encode(inside),
            (true, false) => URL_SAFE.encode(inside),
            (false, true) => base64::engine::general_purpose::STANDARD.encode(inside),
            (false, false) => base64::engine::general_purpose::STANDARD_NO_PAD.encode(inside),
        };
        let from = text.len() - text.trim_ascii_start().len();
        Some(vec![Edit::new(from..from + trimmed.len(), new)])
    }

    fn claims(&mut self, bytes: &[u8]) -> Vec<Edit> {
        let Ok(claims) =
            serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(bytes)
        else {
            return Vec::new();
        };
        let mut edits = Vec::new();
        for (name, value) in &claims {
            let Some(value) = value.as_str().filter(|value| value.len() > 1) else {
                continue;
            };
            if self.depth >= super::DEEPEST {
                break;
            }
            self.depth += 1;
            let found = self.field(Place::Claim, name, value.as_bytes());
            self.depth -= 1;
            // Claims are compact: a value without escapes stands in them as it is.
            if let Some(at) = super::find(bytes, value.as_bytes()) {
                edits.extend(super::shifted(found, at));
            }
        }
        edits
    }
}

/// Header, claims and signature of a JSON Web Token, still in base64url; `None` when it is none, or not signed.
pub(in crate::cassette::redact) fn jwt_parts(text: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    if !text.starts_with(b"ey") || text.len() > LONGEST_JWT {
        return None;
    }
    let mut parts = text.split(|byte| *byte == b'.');
    let three = (parts.next()?, parts.next()?, parts.next()?);
    let fits = |part: &[u8]| {
        part.iter()
            .all(|byte| fold::is_base64(*byte) || *byte == b'=')
    };
    let (header, claims, signature) = three;
    let is = parts.next().is_none()
        && claims.len() > 2
        && signature.len() >= SHORTEST_SIGNATURE
        && [header, claims, signature].into_iter().all(fits);
    let object = |part| decode(part).is_some_and(|bytes| bytes.trim_ascii().starts_with(b"{"));
    (is && object(header) && object(claims)).then_some(three)
}

/// What stands before, in and after the base64 of a private key in PEM.
pub(in crate::cassette::redact) fn split_pem(text: &str) -> Option<(&str, &str, &str)> {
    let begin = text.find("-----BEGIN ")?;
    let open = begin + text[begin..].find("PRIVATE KEY-----")? + "PRIVATE KEY-----".len();
    let close = text[open..]
        .find("-----END")
        .map_or(text.len(), |at| open + at);
    Some((&text[..open], &text[open..close], &text[close..]))
}

/// Base64 of either alphabet, padded or not.
fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let url = text.iter().any(|byte| matches!(byte, b'-' | b'_'));
    let engine = if url { &URL_SAFE } else { &STANDARD };
    engine.decode(text).ok()
}

const LIBERAL: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_encode_padding(false)
    .with_decode_allow_trailing_bits(true);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LIBERAL);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LIBERAL);

/// How base64 begins whose text is a JSON object, or an array of some.
const FOLDED_JSON: &[&[u8]] = &[b"eyI", b"eyJ", b"eyA", b"ewo", b"ewk", b"ew0", b"W3s"];
const LONGEST_JWT: usize = 64 << 10;
const SHORTEST_SIGNATURE: usize = 16;
