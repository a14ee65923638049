//! The percent rules of signatures: one spelling for every text (RFC 5849, 3.6).
//!
//! Unreserved characters stand as they are, every other byte is `%XX` in capitals. A base string holds its
//! parameters escaped twice; both depths are written in one pass over the source. Works on bytes, so that
//! text in other encodings than UTF-8 is signed as it stands.

use super::text::Text;
use crate::secret::Secret;

/// A `%` that no two hex digits follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken;

/// How often a text is escaped.
pub(super) const ONCE: bool = false;
/// See [`ONCE`].
pub(super) const TWICE: bool = true;

/// Escapes `raw` onto `out`.
pub(super) fn escape<const DEPTH: bool, const ROOM: usize>(raw: &[u8], out: &mut Text<ROOM>) {
    let mut rest = raw;
    while let Some((byte, after)) = run(rest, out) {
        put::<DEPTH, ROOM>(byte, out);
        rest = after;
    }
}

/// Decodes `form` as a query or form has it (`+` is a space), and escapes it onto `out`.
pub(super) fn reescape<const DEPTH: bool, const ROOM: usize>(
    form: &[u8],
    out: &mut Text<ROOM>,
) -> Result<(), Broken> {
    let mut rest = form;
    while let Some((byte, after)) = run(rest, out) {
        (_, rest) = match byte {
            b'+' => (put::<DEPTH, ROOM>(b' ', out), after),
            b'%' => {
                let (byte, after) = decoded(after).ok_or(Broken)?;
                (put::<DEPTH, ROOM>(byte, out), after)
            }
            _ => (put::<DEPTH, ROOM>(byte, out), after),
        };
    }
    Ok(())
}

/// `raw`, escaped once.
pub(super) fn escaped(raw: &str) -> String {
    let mut out = <Text>::new();
    escape::<ONCE, _>(raw.as_bytes(), &mut out);
    into_string(&out)
}

/// Text out of bytes that are ASCII by construction.
pub(super) fn into_string(ascii: &[u8]) -> String {
    String::from_utf8_lossy(ascii).into_owned()
}

/// A value at both depths, so that signing only copies.
#[derive(Clone)]
pub(super) struct Twins {
    once: Secret,
    twice: Secret,
}

impl Twins {
    pub(super) fn of(raw: &str) -> Self {
        let once = escaped(raw);
        Self {
            twice: Secret::new(escaped(&once)),
            once: Secret::new(once),
        }
    }

    pub(super) fn once(&self) -> &[u8] {
        self.once.expose().as_bytes()
    }

    pub(super) fn twice(&self) -> &[u8] {
        self.twice.expose().as_bytes()
    }
}

/// Copies unreserved bytes onto `out` up to the first other one; yields that one and what follows.
fn run<'a, const ROOM: usize>(text: &'a [u8], out: &mut Text<ROOM>) -> Option<(u8, &'a [u8])> {
    let length = text
        .iter()
        .position(|&byte| !UNRESERVED[usize::from(byte)])
        .unwrap_or(text.len());
    let (plain, rest) = text.split_at(length);
    out.extend(plain);
    rest.split_first().map(|(&byte, after)| (byte, after))
}

fn put<const DEPTH: bool, const ROOM: usize>(byte: u8, out: &mut Text<ROOM>) {
    if UNRESERVED[usize::from(byte)] {
        out.extend(&[byte]);
        return;
    }
    let (high, low) = (HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 0b1111)]);
    if DEPTH {
        out.extend(&[b'%', b'2', b'5', high, low]);
    } else {
        out.extend(&[b'%', high, low]);
    }
}

/// The byte that two hex digits at the beginning spell, and what follows them.
fn decoded(text: &[u8]) -> Option<(u8, &[u8])> {
    let digit = |at: usize| char::from(*text.get(at)?).to_digit(16);
    let byte = u8::try_from(digit(0)? * 16 + digit(1)?).ok()?;
    Some((byte, &text[2..]))
}

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// RFC 3986, 2.3: `A-Z a-z 0-9 - . _ ~`.
const UNRESERVED: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "below 256")]
        let byte = at as u8;
        table[at] = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        at += 1;
    }
    table
};
