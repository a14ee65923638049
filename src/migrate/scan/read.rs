//! Bytes to text, whatever they are: UTF-8, UTF-16, UTF-32, Latin-1; and what is no text.

use std::borrow::Cow;

/// In what a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// UTF-8 or anything that agrees with it in ASCII.
    Bytes,
    Utf16Little,
    Utf16Big,
    Utf32Little,
    Utf32Big,
    /// No text at all.
    Binary,
}

/// How much of a file tells.
const HEAD: usize = 8_192;

impl Encoding {
    /// Judges by the beginning of a file.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let head = &bytes[..bytes.len().min(HEAD)];
        match head {
            // Before the mark of UTF-16, which begins it.
            [0xFF, 0xFE, 0, 0, ..] => return Self::Utf32Little,
            [0, 0, 0xFE, 0xFF, ..] => return Self::Utf32Big,
            [0xFF, 0xFE, ..] => return Self::Utf16Little,
            [0xFE, 0xFF, ..] => return Self::Utf16Big,
            _ => {}
        }
        if memchr::memchr(0, head).is_none() {
            return Self::Bytes;
        }
        // Without a mark, UTF-16 of Latin letters has a zero in every second byte.
        let zeros = |start: usize| {
            head.iter()
                .skip(start)
                .step_by(2)
                .filter(|byte| **byte == 0)
                .count()
        };
        let (even, odd, pairs) = (zeros(0), zeros(1), head.len() / 2);
        match pairs >= 8 {
            true if odd * 10 >= pairs * 9 && even * 10 <= pairs => Self::Utf16Little,
            true if even * 10 >= pairs * 9 && odd * 10 <= pairs => Self::Utf16Big,
            _ => Self::Binary,
        }
    }
}

/// The text of a file, and whether it had to be read as Latin-1.
pub(super) fn text(encoding: Encoding, bytes: &[u8]) -> (Cow<'_, str>, bool) {
    match encoding {
        Encoding::Utf16Little => (Cow::Owned(wide(bytes, u16::from_le_bytes)), false),
        Encoding::Utf16Big => (Cow::Owned(wide(bytes, u16::from_be_bytes)), false),
        Encoding::Utf32Little => (Cow::Owned(wider(bytes, u32::from_le_bytes)), false),
        Encoding::Utf32Big => (Cow::Owned(wider(bytes, u32::from_be_bytes)), false),
        Encoding::Bytes | Encoding::Binary => {
            let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
            match std::str::from_utf8(bytes) {
                Ok(text) => (Cow::Borrowed(text), false),
                Err(_) => (
                    Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect()),
                    true,
                ),
            }
        }
    }
}

fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER));
    text.skip_while(|c| *c == '\u{FEFF}').collect()
}

fn wider(bytes: &[u8], unit: fn([u8; 4]) -> u32) -> String {
    let units = bytes
        .chunks_exact(4)
        .map(|four| unit([four[0], four[1], four[2], four[3]]));
    let text = units.map(|unit| char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER));
    text.skip_while(|c| *c == '\u{FEFF}').collect()
}
