//! What a signer writes: the base string in one pass, and the OAuth parameters in their place.
//!
//! Everything is written into buffers on the stack; a request of usual size costs no allocation before the
//! header itself. [`SignedRequest`](super::SignedRequest) computes base strings by another path, and
//! `tests/oauth1_laws.rs` holds both against each other.
//!
//! Source: RFC 5849, 3.4.1.

use http::Uri;
use smallvec::SmallVec;

use super::{
    address,
    base_string::lossy,
    escape::{self, Broken, ONCE, TWICE, Text},
    parameters::{Parameters, split},
};
use crate::error::Error;

/// One OAuth parameter, its value at both depths.
#[derive(Clone, Copy)]
pub(super) struct Own<'a> {
    pub(super) name: &'static str,
    pub(super) once: &'a [u8],
    pub(super) twice: &'a [u8],
}

impl<'a> Own<'a> {
    /// A value of unreserved characters, which no depth changes.
    pub(super) fn plain(name: &'static str, value: &'a [u8]) -> Self {
        Self {
            name,
            once: value,
            twice: value,
        }
    }
}

/// The OAuth parameters of one request but the signature, sorted by name.
pub(super) type Owns<'a> = SmallVec<[Own<'a>; 8]>;

/// The parameters of query and form, escaped twice and sorted by name and value.
///
/// Escaping twice keeps the order of escaping once: `%` becomes `%25`, and what follows it stays.
pub(super) struct Others {
    text: SmallVec<[u8; 512]>,
    pieces: SmallVec<[Piece; 12]>,
}

#[derive(Clone, Copy)]
struct Piece {
    /// The first bytes of the name, to compare most pairs at once.
    key: u64,
    start: usize,
    equals: usize,
    end: usize,
}

impl Others {
    /// Reads query and form as they stand.
    pub(super) fn read(query: &[u8], form: &[u8]) -> Result<Self, Error> {
        let mut others = Self {
            text: SmallVec::new(),
            pieces: SmallVec::new(),
        };
        for (field, source) in [("address", query), ("form", form)] {
            if !source.is_empty() {
                others.add(field, source)?;
            }
        }
        if others.pieces.len() > 1 {
            let text = &others.text;
            others.pieces.sort_unstable_by(|a, b| {
                a.key
                    .cmp(&b.key)
                    .then_with(|| a.name(text).cmp(b.name(text)))
                    .then_with(|| a.value(text).cmp(b.value(text)))
            });
        }
        Ok(others)
    }

    fn add(&mut self, field: &'static str, source: &[u8]) -> Result<(), Error> {
        let mut rest = source;
        while !rest.is_empty() {
            let end = memchr::memchr(b'&', rest).unwrap_or(rest.len());
            let piece = &rest[..end];
            rest = rest.get(end + 1..).unwrap_or_default();
            if piece.is_empty() {
                continue;
            }
            if self.pieces.len() == Parameters::MAX {
                let most = Parameters::MAX;
                return Err(Error::input(
                    field,
                    format_args!("expected at most {most} parameters, got more"),
                ));
            }
            self.push(piece).map_err(|Broken| {
                Error::input(
                    field,
                    "expected two hex digits after every %, got something else",
                )
            })?;
            self.refuse_protocol(field)?;
        }
        Ok(())
    }

    fn push(&mut self, piece: &[u8]) -> Result<(), Broken> {
        let (name, value) = split(piece);
        let start = self.text.len();
        escape::reescape::<TWICE, _>(name, &mut self.text)?;
        let equals = self.text.len();
        escape::reescape::<TWICE, _>(value, &mut self.text)?;
        let end = self.text.len();
        let mut first = [0; 8];
        let length = (equals - start).min(first.len());
        first[..length].copy_from_slice(&self.text[start..start + length]);
        self.pieces.push(Piece {
            key: u64::from_be_bytes(first),
            start,
            equals,
            end,
        });
        Ok(())
    }

    /// A second set of OAuth parameters would make the request ambiguous (RFC 5849, 3.1).
    fn refuse_protocol(&self, field: &'static str) -> Result<(), Error> {
        let Some(piece) = self.pieces.last() else {
            return Ok(());
        };
        let name = piece.name(&self.text);
        if name.starts_with(b"oauth_") && PROTOCOL.iter().any(|own| own.as_bytes() == name) {
            return Err(Error::input(
                field,
                format_args!(
                    "expected no OAuth parameter before signing, got {}",
                    lossy(&String::from_utf8_lossy(name))
                ),
            ));
        }
        Ok(())
    }
}

impl Piece {
    fn name<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        &text[self.start..self.equals]
    }

    fn value<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        &text[self.equals..self.end]
    }
}

/// Writes `METHOD&ADDRESS&PARAMETERS`.
pub(super) fn write_base_string(
    method: &http::Method,
    uri: &Uri,
    own: &Owns<'_>,
    others: &Others,
    out: &mut Text,
) -> Result<(), Error> {
    out.extend_from_slice(method.as_str().as_bytes());
    out.make_ascii_uppercase();
    out.push(b'&');
    address::write(uri, out)?;
    out.push(b'&');
    let start = out.len();
    let text = &others.text;
    let mut waiting = others.pieces.iter().peekable();
    for own in own {
        while let Some(piece) = waiting.next_if(|piece| piece.name(text) < own.name.as_bytes()) {
            write_pair(piece.name(text), piece.value(text), out);
        }
        write_pair(own.name.as_bytes(), own.twice, out);
    }
    for piece in waiting {
        write_pair(piece.name(text), piece.value(text), out);
    }
    // Every pair ends with an ampersand, and the last one has none.
    out.truncate(out.len().saturating_sub(3).max(start));
    Ok(())
}

fn write_pair(name: &[u8], value: &[u8], out: &mut Text) {
    out.extend_from_slice(name);
    out.extend_from_slice(b"%3D");
    out.extend_from_slice(value);
    out.extend_from_slice(b"%26");
}

/// Writes `OAuth realm="…", name="value", …, oauth_signature="…"`.
pub(super) fn write_header(realm: Option<&str>, own: &Owns<'_>, signature: &[u8], out: &mut Text) {
    out.extend_from_slice(b"OAuth ");
    if let Some(realm) = realm {
        out.extend_from_slice(b"realm=\"");
        out.extend_from_slice(realm.as_bytes());
        out.extend_from_slice(b"\", ");
    }
    for own in own {
        out.extend_from_slice(own.name.as_bytes());
        out.extend_from_slice(b"=\"");
        out.extend_from_slice(own.once);
        out.extend_from_slice(b"\", ");
    }
    out.extend_from_slice(b"oauth_signature=\"");
    escape::escape::<ONCE, _>(signature, out);
    out.push(b'"');
}

/// Writes `…&name=value&oauth_signature=…` behind what is there.
pub(super) fn write_form(own: &Owns<'_>, signature: &[u8], out: &mut Text) {
    if !out.is_empty() && !out.ends_with(b"&") {
        out.push(b'&');
    }
    for own in own {
        out.extend_from_slice(own.name.as_bytes());
        out.push(b'=');
        out.extend_from_slice(own.once);
        out.push(b'&');
    }
    out.extend_from_slice(b"oauth_signature=");
    escape::escape::<ONCE, _>(signature, out);
}

/// `query` without the parameters of an earlier signature.
pub(super) fn unsigned(query: &str) -> String {
    let kept: Vec<&str> = query
        .split('&')
        .filter(|piece| {
            let mut name = Text::new();
            let (raw, _) = split(piece.as_bytes());
            let read = escape::reescape::<ONCE, _>(raw, &mut name);
            read.is_err() || !PROTOCOL.iter().any(|own| own.as_bytes() == name.as_slice())
        })
        .collect();
    kept.join("&")
}

/// What every signed request has, each at most once. `oauth_callback` and `oauth_verifier` may stand among the
/// request's own parameters: Google took them in the form (legacy-protocol.md 4).
pub(super) const PROTOCOL: &[&str] = &[
    "oauth_consumer_key",
    "oauth_nonce",
    "oauth_signature",
    "oauth_signature_method",
    "oauth_timestamp",
    "oauth_token",
    "oauth_version",
];
