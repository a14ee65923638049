//! The ways in which one text is folded into another: percent-encoding, the escapes of JSON and of XML, base64 over
//! several lines. A text is unfolded with its places kept, so that a change inside is made outside in the same style.
//!
//! ```text
//! raw        oauth%5Ftoken%3D4%2Fabc        the client's own way to write it
//! unfolded   oauth_token=4/abc              here a secret is found, and gets its stand-in 4/xyz
//! raw        oauth%5Ftoken%3D4%2Fxyz        length and style are what they were
//! ```
//!
//! Nothing is strict here: what is no escape stays as it is.

use std::ops::Range;

use super::edit::Edit;

/// How a text is folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    /// `%2F`.
    Percent,
    /// `%2F`, and `+` for a space.
    Form,
    /// `\/`, `\u003d`.
    Backslash,
    /// `&amp;`, `&#x2F;`.
    Entity,
    /// Base64 whose lines are broken.
    Wrap,
}

/// A text without its folds.
pub(super) struct Unfolded {
    pub(super) bytes: Vec<u8>,
    /// For each byte where its unit begins in the raw text, and the end of that at last.
    starts: Vec<usize>,
    fold: Fold,
}

impl Unfolded {
    /// `None` when nothing is folded in this way.
    pub(super) fn of(fold: Fold, raw: &[u8]) -> Option<Self> {
        if !fold.may_be_in(raw) {
            return None;
        }
        let mut out = Self {
            bytes: Vec::with_capacity(raw.len()),
            starts: Vec::with_capacity(raw.len() + 1),
            fold,
        };
        let (mut at, mut changed) = (0, false);
        while at < raw.len() {
            match fold.unit(raw, at) {
                Some((len, bytes)) => {
                    for byte in bytes.as_slice() {
                        out.bytes.push(*byte);
                        out.starts.push(at);
                    }
                    at += len;
                    changed = true;
                }
                None => {
                    out.bytes.push(raw[at]);
                    out.starts.push(at);
                    at += 1;
                }
            }
        }
        out.starts.push(raw.len());
        changed.then_some(out)
    }

    /// Changes of the unfolded text as changes of the raw one.
    pub(super) fn back(&self, raw: &[u8], edits: Vec<Edit>) -> Vec<Edit> {
        edits
            .into_iter()
            .map(|edit| self.back_one(raw, edit))
            .collect()
    }

    fn back_one(&self, raw: &[u8], edit: Edit) -> Edit {
        let Range { mut start, mut end } = edit.at;
        let mut put = edit.put;
        // A unit of several bytes is changed as a whole.
        while start > 0 && self.starts[start] == self.starts[start - 1] {
            start -= 1;
            put.insert(0, self.bytes[start]);
        }
        while end > start && end < self.bytes.len() && self.starts[end] == self.starts[end - 1] {
            put.push(self.bytes[end]);
            end += 1;
        }
        let at = self.starts[start]..self.starts[end];
        let units = || (start..end).map(|one| &raw[self.starts[one]..self.starts[one + 1]]);
        if put.len() == end - start && units().all(|unit| !unit.is_empty()) {
            let mut out = Vec::with_capacity(at.len());
            for (unit, (new, old)) in units().zip(put.iter().zip(&self.bytes[start..end])) {
                match unit {
                    _ if new == old => out.extend_from_slice(unit),
                    [_] if new.is_ascii_alphanumeric() => out.push(*new),
                    // An escaped letter would tell that punctuation stood there.
                    _ if new.is_ascii_alphanumeric() && !old.is_ascii_alphanumeric() => {
                        out.push(*new);
                    }
                    _ => self.fold.write(*new, unit, &mut out),
                }
            }
            return Edit::new(at, out);
        }
        let mut out = Vec::with_capacity(put.len());
        for byte in put {
            match byte {
                byte if byte.is_ascii_alphanumeric() => out.push(byte),
                byte => self.fold.write(byte, b"", &mut out),
            }
        }
        Edit::new(at, out)
    }
}

impl Fold {
    fn may_be_in(self, raw: &[u8]) -> bool {
        match self {
            Self::Percent => memchr::memchr(b'%', raw).is_some(),
            Self::Form => memchr::memchr2(b'%', b'+', raw).is_some(),
            Self::Backslash => memchr::memchr(b'\\', raw).is_some(),
            Self::Entity => memchr::memchr(b'&', raw).is_some(),
            Self::Wrap => memchr::memchr(b'\n', raw).is_some(),
        }
    }

    /// The unit at `at`: its length, and the bytes that it stands for. `None` for a byte that is itself.
    fn unit(self, raw: &[u8], at: usize) -> Option<(usize, Few)> {
        match (self, raw[at]) {
            (Self::Percent | Self::Form, b'%') => {
                let byte = hex(raw.get(at + 1..at + 3)?)?;
                Some((3, Few::one(u8::try_from(byte).ok()?)))
            }
            (Self::Form, b'+') => Some((1, Few::one(b' '))),
            (Self::Backslash, b'\\') => backslash(raw, at),
            (Self::Entity, b'&') => entity(raw, at),
            (Self::Wrap, b'\r' | b'\n') => wrap(raw, at),
            _ => None,
        }
    }

    /// One byte that cannot stand for itself for sure, in the style of the unit that it replaces.
    fn write(self, byte: u8, unit: &[u8], out: &mut Vec<u8>) {
        let digits = |upper: bool| if upper { HEX_UPPER } else { HEX_LOWER };
        match self {
            Self::Percent | Self::Form => {
                let upper = !unit.iter().any(|byte| matches!(byte, b'a'..=b'f'));
                if self == Self::Percent && unit.len() == 1 && byte.is_ascii_graphic() {
                    out.push(byte);
                    return;
                }
                let digits = digits(upper);
                out.extend([
                    b'%',
                    digits[usize::from(byte >> 4)],
                    digits[usize::from(byte & 15)],
                ]);
            }
            Self::Backslash => match byte {
                b'"' | b'\\' => out.extend([b'\\', byte]),
                b'\n' => out.extend_from_slice(b"\\n"),
                b'\r' => out.extend_from_slice(b"\\r"),
                b'\t' => out.extend_from_slice(b"\\t"),
                0x20..=0x7e if unit.len() == 6 => {
                    out.extend_from_slice(format!("\\u{byte:04x}").as_bytes());
                }
                0..=0x1f => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
                byte => out.push(byte),
            },
            Self::Entity => match byte {
                b'&' => out.extend_from_slice(b"&amp;"),
                b'<' => out.extend_from_slice(b"&lt;"),
                b'>' => out.extend_from_slice(b"&gt;"),
                b'"' => out.extend_from_slice(b"&quot;"),
                b'\'' => out.extend_from_slice(b"&#39;"),
                byte => out.push(byte),
            },
            Self::Wrap => {
                out.push(byte);
                out.extend_from_slice(unit.get(1..).unwrap_or_default());
            }
        }
    }
}

/// Up to four bytes.
#[derive(Clone, Copy)]
struct Few([u8; 4], usize);

impl Few {
    fn one(byte: u8) -> Self {
        Self([byte, 0, 0, 0], 1)
    }

    fn of(char: char) -> Self {
        let mut bytes = [0; 4];
        let len = char.encode_utf8(&mut bytes).len();
        Self(bytes, len)
    }

    fn as_slice(&self) -> &[u8] {
        &self.0[..self.1]
    }
}

fn backslash(raw: &[u8], at: usize) -> Option<(usize, Few)> {
    let byte = match raw.get(at + 1)? {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 8,
        b'f' => 12,
        b'x' => u8::try_from(hex(raw.get(at + 2..at + 4)?)?).ok()?,
        b'u' => return unicode(raw, at),
        // Regular expressions escape more than JSON does.
        byte if byte.is_ascii_punctuation() => *byte,
        _ => return None,
    };
    let len = if raw[at + 1] == b'x' { 4 } else { 2 };
    Some((len, Few::one(byte)))
}

fn unicode(raw: &[u8], at: usize) -> Option<(usize, Few)> {
    let unit = hex(raw.get(at + 2..at + 6)?)?;
    if let Some(char) = char::from_u32(unit) {
        return Some((6, Few::of(char)));
    }
    if raw.get(at + 6..at + 8)? != b"\\u" {
        return None;
    }
    let low = hex(raw.get(at + 8..at + 12)?)?;
    let pair = (0xd800..0xdc00).contains(&unit) && (0xdc00..0xe000).contains(&low);
    let char = pair.then(|| 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00))?;
    Some((12, Few::of(char::from_u32(char)?)))
}

fn entity(raw: &[u8], at: usize) -> Option<(usize, Few)> {
    let room = &raw[at + 1..raw.len().min(at + 12)];
    let end = memchr::memchr(b';', room)?;
    let name = &room[..end];
    let char = match name {
        [b'#', b'x' | b'X', digits @ ..] => char::from_u32(hex(digits)?)?,
        [b'#', digits @ ..] => {
            let text = std::str::from_utf8(digits).ok()?;
            char::from_u32(text.parse().ok()?)?
        }
        name => {
            let (_, char) = ENTITIES
                .iter()
                .find(|(known, _)| known.as_bytes() == name)?;
            *char
        }
    };
    Some((end + 2, Few::of(char)))
}

/// A line break inside base64 stands for nothing: between two letters of it, after a line long enough.
fn wrap(raw: &[u8], at: usize) -> Option<(usize, Few)> {
    let len = if raw[at..].starts_with(b"\r\n") { 2 } else { 1 };
    let before = raw[..at]
        .iter()
        .rev()
        .take(WRAPPED)
        .take_while(|byte| is_base64(**byte));
    let after = raw.get(at + len).is_some_and(|byte| is_base64(*byte));
    (after && before.count() == WRAPPED).then_some((len, Few([0; 4], 0)))
}

pub(super) fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// The number of these hex digits; `None` for none, for other characters, and for more than fit.
fn hex(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || digits.len() > 8 {
        return None;
    }
    digits.iter().try_fold(0, |number: u32, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        number.checked_mul(16)?.checked_add(digit)
    })
}

const HEX_UPPER: &[u8; 16] = b"0123456789ABCDEF";
const HEX_LOWER: &[u8; 16] = b"0123456789abcdef";
const ENTITIES: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
];

/// The shortest line that counts as one of wrapped base64; mail breaks at 76, PEM at 64, Ruby at 60.
const WRAPPED: usize = 56;
