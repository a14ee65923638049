//! What a message is made of: fields within fields, told by what the text looks like.
//!
//! ```text
//! headers ─ credentials (Authorization), cookies, addresses
//! target  ─ user information, query, fragment ─ values that are addresses again
//! body    ─ form · JSON · XML and pages · lines · multipart · JWT · base64 of JSON ─ any of these inside any other
//! text    ─ whatever is left: addresses, header lines and `name=value` in prose
//! ```
//!
//! One walk serves all who look: it finds the secrets, puts stand-ins in their place, and sees afterwards what was
//! left. It changes only the pieces that it is told to; what stands between stays as it was, byte for byte. Nothing
//! is refused: a torn document is read as far as it goes, and the rest is free text.

use std::borrow::Cow;

use super::{
    edit::Edit,
    field::{Eyes, Field, Sight, Spot},
    fold::{Fold, Unfolded},
    names,
};
use crate::cassette::Place;

mod credentials;
mod json;
mod loose;
mod markup;
mod multipart;
mod pairs;
mod token;

pub(super) use token::{jwt_parts, split_pem};

/// A walk through one piece of an interaction.
pub(super) struct Walk<'e> {
    eyes: &'e mut dyn Eyes,
    spot: Spot,
    depth: u8,
}

impl<'e> Walk<'e> {
    pub(super) fn new(eyes: &'e mut dyn Eyes, spot: Spot) -> Self {
        Self {
            eyes,
            spot,
            depth: 0,
        }
    }

    /// A field, and what stands inside its value. Changes are relative to the value.
    pub(super) fn field(&mut self, place: Place, name: &str, value: &[u8]) -> Vec<Edit> {
        if value.is_empty() {
            return Vec::new();
        }
        if name.eq_ignore_ascii_case("oauth_signature") && value.contains(&b'&') {
            return self.plaintext(value);
        }
        let field = Field {
            spot: self.spot,
            place,
            name,
            value,
        };
        match self.eyes.see(&field) {
            Sight::Done => Vec::new(),
            Sight::Put(new) => vec![Edit::new(0..value.len(), new)],
            Sight::Deeper if self.depth >= DEEPEST => {
                self.eyes.text(self.spot, value);
                Vec::new()
            }
            Sight::Deeper => {
                self.depth += 1;
                let edits = self.inside(place, name, value);
                self.depth -= 1;
                edits
            }
        }
    }

    /// A body of a media type, as a field without a name.
    pub(super) fn body(&mut self, content_type: &str, body: &[u8]) -> Vec<Edit> {
        let field = Field {
            spot: self.spot,
            place: Place::Text,
            name: "",
            value: body,
        };
        if let Sight::Put(new) = self.eyes.see(&field) {
            return vec![Edit::new(0..body.len(), new)];
        }
        let media = content_type.split(';').next().unwrap_or_default().trim();
        let media = media.to_ascii_lowercase();
        if media.starts_with("multipart/")
            && let Some(boundary) = multipart::boundary(content_type)
        {
            return self.multipart(&boundary, body);
        }
        if media == "application/x-www-form-urlencoded" {
            return self.form(body);
        }
        self.text(body)
    }

    /// A text of which nothing is known: what it looks like tells what it is.
    pub(super) fn text(&mut self, text: &[u8]) -> Vec<Edit> {
        let start = text.iter().position(|byte| !byte.is_ascii_whitespace());
        let Some(first) = start.map(|at| &text[at..]) else {
            return Vec::new();
        };
        match first {
            _ if text.len() < SHORTEST => {}
            [b'{' | b'[', ..] => return self.json(text),
            [b')', b']', b'}', ..] => return self.json(text),
            [b'<', ..] | [0xef, 0xbb, 0xbf, b'<', ..] => return self.markup(text),
            _ if !text.iter().any(u8::is_ascii_whitespace) => {
                if let Some(edits) = self.word(text) {
                    return edits;
                }
            }
            _ if first.starts_with(b"HTTP/") || multipart::is_request(first) => {
                return self.message(text);
            }
            _ if pairs::begins_line(first) => return self.lines(text),
            _ => {}
        }
        self.loose(text)
    }

    /// A text without blanks.
    fn word(&mut self, text: &[u8]) -> Option<Vec<Edit>> {
        if let Some(edits) = self.token(text) {
            return Some(edits);
        }
        if is_address(text) {
            return Some(self.address(text));
        }
        if pairs::begins_line(text) {
            return Some(self.form(text));
        }
        // What is still folded: an address inside an address inside an address.
        let unfolded = Unfolded::of(Fold::Percent, text)?;
        self.depth += 1;
        let edits = match self.depth < DEEPEST {
            true => self.text(&unfolded.bytes),
            false => Vec::new(),
        };
        self.depth -= 1;
        Some(unfolded.back(text, edits))
    }

    /// User information, query and fragment of an address.
    pub(super) fn address(&mut self, text: &[u8]) -> Vec<Edit> {
        let mut edits = Vec::new();
        let end = memchr::memchr2(b'?', b'#', text).unwrap_or(text.len());
        let scheme = find(&text[..end], b"://").map_or(0, |at| at + 3);
        let authority = scheme + memchr::memchr(b'/', &text[scheme..end]).unwrap_or(end - scheme);
        if scheme > 0
            && let Some(at) = memchr::memrchr(b'@', &text[scheme..authority])
            && let Some(colon) = memchr::memchr(b':', &text[scheme..scheme + at])
        {
            let password = scheme + colon + 1..scheme + at;
            self.folded(
                Fold::Percent,
                Place::Param,
                "password",
                text,
                password,
                &mut edits,
            );
        }
        edits.extend(self.patterns(&text[..end]));
        self.eyes.text(self.spot, &text[..end]);
        if end < text.len() {
            let hash = memchr::memchr(b'#', text).unwrap_or(text.len());
            let query = end.min(hash)..hash;
            for part in [query, hash..text.len()] {
                if part.len() > 1 {
                    let from = part.start + 1;
                    edits.extend(shifted(self.form(&text[from..part.end]), from));
                }
            }
        }
        edits
    }

    /// What may stand in the value of a field.
    fn inside(&mut self, place: Place, name: &str, value: &[u8]) -> Vec<Edit> {
        let lower = name.to_ascii_lowercase();
        if lower.ends_with("authorization") && (place == Place::Header || value.contains(&b' ')) {
            return self.credentials(value);
        }
        match lower.as_str() {
            "cookie" | "set-cookie" | "set-cookie2" => self.cookies(value),
            _ => self.text(value),
        }
    }

    /// The value of a field that is folded into a text, at its place there.
    fn folded(
        &mut self,
        fold: Fold,
        place: Place,
        name: &str,
        text: &[u8],
        at: std::ops::Range<usize>,
        edits: &mut Vec<Edit>,
    ) {
        let (start, raw) = (at.start, &text[at]);
        let found = match Unfolded::of(fold, raw) {
            None => self.field(place, name, raw),
            Some(unfolded) => {
                let found = self.field(place, name, &unfolded.bytes);
                unfolded.back(raw, found)
            }
        };
        edits.extend(shifted(found, start));
    }

    /// A `PLAINTEXT` signature of OAuth 1.0: both secrets, escaped, with `&` between them.
    fn plaintext(&mut self, value: &[u8]) -> Vec<Edit> {
        let mut edits = Vec::new();
        let mid = memchr::memchr(b'&', value).unwrap_or(value.len());
        let (consumer, token) = (names::CONSUMER_SECRET, "oauth_token_secret");
        self.folded(
            Fold::Percent,
            Place::AuthParam,
            consumer,
            value,
            0..mid,
            &mut edits,
        );
        let rest = (mid + 1).min(value.len())..value.len();
        self.folded(Fold::Percent, Place::Param, token, value, rest, &mut edits);
        edits
    }
}

fn is_address(text: &[u8]) -> bool {
    let end = memchr::memchr2(b'?', b'#', text).unwrap_or(text.len());
    let absolute = find(&text[..end], b"://")
        .is_some_and(|at| at > 0 && at < 12 && text[..at].iter().all(u8::is_ascii_alphanumeric));
    absolute || (end < text.len() && matches!(text[0], b'/' | b'?' | b'#'))
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    memchr::memmem::find(text, what)
}

fn shifted(edits: Vec<Edit>, by: usize) -> impl Iterator<Item = Edit> {
    edits.into_iter().map(move |edit| edit.shifted(by))
}

/// A name, unfolded, as text.
fn named(fold: Fold, raw: &[u8]) -> Cow<'_, str> {
    match Unfolded::of(fold, raw) {
        None => String::from_utf8_lossy(raw),
        Some(unfolded) => Cow::Owned(String::from_utf8_lossy(&unfolded.bytes).into_owned()),
    }
}

/// Addresses in addresses, JSON in forms in JSON: deeper than this, a text is free text.
const DEEPEST: u8 = 10;
/// Nothing shorter holds a name and a secret.
const SHORTEST: usize = 5;
