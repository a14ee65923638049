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
    escape::{self, Broken, ONCE, TWICE},
    parameters::{Parameters, split},
    text::Text,
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

/// The OAuth parameters as they are written.
pub(super) enum Ours<'own, 'a> {
    /// Ready but for nonce and timestamp, the second piece and the fourth. In a base string right only when the
    /// request has no parameter of its own that begins with `oauth_`.
    Block([&'a [u8]; 5]),
    /// One by one.
    List(&'own Owns<'a>),
}

/// The parameters of query and form, escaped twice and sorted by name and value.
///
/// Escaping twice keeps the order of escaping once: `%` becomes `%25`, and what follows it stays.
pub(super) struct Others {
    text: Text<512>,
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
            text: Text::new(),
            pieces: SmallVec::new(),
        };
        for (field, source) in [("address", query), ("form", form)] {
            if !source.is_empty() {
                others.text.reserve(2 * source.len());
                others.add(field, source)?;
            }
        }
        if others.pieces.len() > 1 {
            let text: &[u8] = &others.text;
            others.pieces.sort_unstable_by(|a, b| {
                a.key
                    .cmp(&b.key)
                    .then_with(|| a.name(text).cmp(b.name(text)))
                    .then_with(|| a.value(text).cmp(b.value(text)))
            });
        }
        Ok(others)
    }

    /// Whether one of them may sort between the OAuth parameters.
    pub(super) fn interfere(&self) -> bool {
        let text = &self.text;
        self.pieces
            .iter()
            .any(|piece| piece.name(text).starts_with(PREFIX))
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
        self.text.extend(EQUALS);
        escape::reescape::<TWICE, _>(value, &mut self.text)?;
        self.text.extend(AMPERSAND);
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
        if name.starts_with(PREFIX) && PROTOCOL.iter().any(|own| own.as_bytes() == name) {
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
        &text[self.equals + EQUALS.len()..self.end - AMPERSAND.len()]
    }

    /// Name and value as they stand in the base string, and the ampersand behind them.
    fn pair<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        &text[self.start..self.end]
    }
}

/// Writes `METHOD&ADDRESS&PARAMETERS`.
pub(super) fn write_base_string(
    method: &http::Method,
    uri: &Uri,
    own: &Ours<'_, '_>,
    others: &Others,
    out: &mut Text,
) -> Result<(), Error> {
    out.reserve(others.text.len() + 512);
    let name = method.as_str();
    if name.bytes().any(|byte| byte.is_ascii_lowercase()) {
        out.extend(name.to_ascii_uppercase().as_bytes());
    } else {
        out.extend(name.as_bytes());
    }
    out.extend(b"&");
    address::write(uri, out)?;
    out.extend(b"&");
    match own {
        Ours::Block(block) => write_around(block, others, out),
        Ours::List(own) => write_merged(own, others, out),
    }
    // Every pair ends with an ampersand, and the last one has none.
    out.shorten(AMPERSAND.len());
    Ok(())
}

/// Nothing sorts between the parameters of the block.
fn write_around(block: &[&[u8]; 5], others: &Others, out: &mut Text) {
    let text: &[u8] = &others.text;
    let before = others
        .pieces
        .partition_point(|piece| piece.name(text) < PREFIX);
    let (before, after) = others.pieces.split_at(before);
    for piece in before {
        out.extend(piece.pair(text));
    }
    for piece in block {
        out.extend(piece);
    }
    for piece in after {
        out.extend(piece.pair(text));
    }
}

fn write_merged(own: &Owns<'_>, others: &Others, out: &mut Text) {
    let text: &[u8] = &others.text;
    let mut waiting = others.pieces.iter().peekable();
    for own in own {
        while let Some(piece) = waiting.next_if(|piece| piece.name(text) < own.name.as_bytes()) {
            out.extend(piece.pair(text));
        }
        for text in [own.name.as_bytes(), EQUALS, own.twice, AMPERSAND] {
            out.extend(text);
        }
    }
    for piece in waiting {
        out.extend(piece.pair(text));
    }
}

/// Writes `OAuth realm="…", name="value", …, oauth_signature="…"`. A block has the realm in it.
pub(super) fn write_header(
    realm: Option<&str>,
    own: &Ours<'_, '_>,
    signature: &[u8],
    out: &mut Text,
) {
    match own {
        Ours::Block(block) => {
            for piece in block {
                out.extend(piece);
            }
        }
        Ours::List(own) => {
            out.extend(b"OAuth ");
            if let Some(realm) = realm {
                out.extend(b"realm=\"");
                out.extend(realm.as_bytes());
                out.extend(b"\", ");
            }
            for own in *own {
                out.extend(own.name.as_bytes());
                out.extend(b"=\"");
                out.extend(own.once);
                out.extend(b"\", ");
            }
            out.extend(b"oauth_signature=\"");
        }
    }
    escape::escape::<ONCE, _>(signature, out);
    out.extend(b"\"");
}

/// Writes `…&name=value&oauth_signature=…` behind what is there.
pub(super) fn write_form(own: &Owns<'_>, signature: &[u8], out: &mut Text) {
    if !out.is_empty() && !out.ends_with(b"&") {
        out.extend(b"&");
    }
    for own in own {
        out.extend(own.name.as_bytes());
        out.extend(b"=");
        out.extend(own.once);
        out.extend(b"&");
    }
    out.extend(b"oauth_signature=");
    escape::escape::<ONCE, _>(signature, out);
}

/// `query` without the parameters of an earlier signature.
pub(super) fn unsigned(query: &str) -> String {
    let kept: Vec<&str> = query
        .split('&')
        .filter(|piece| {
            let mut name = Text::<64>::new();
            let (raw, _) = split(piece.as_bytes());
            let read = escape::reescape::<ONCE, _>(raw, &mut name);
            read.is_err() || !PROTOCOL.iter().any(|own| own.as_bytes() == &*name)
        })
        .collect();
    kept.join("&")
}

/// `=` and `&` between parameters, as a base string has them.
const EQUALS: &[u8] = b"%3D";
const AMPERSAND: &[u8] = b"%26";

/// What the names of the protocol begin with.
const PREFIX: &[u8] = b"oauth_";

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
