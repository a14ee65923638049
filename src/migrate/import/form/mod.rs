//! The forms of token stores: each is told by its content, and read by a file of its own.

mod cookies;
mod document;
mod fields;
mod json;
mod moodle;
mod ours;
mod php;
mod php_session;
mod pickles;
mod records;
mod settings;
mod sniff;

use std::io::{BufRead, Cursor};

use self::sniff::Kind;
pub(super) use self::sniff::sniff;
use super::{
    input::{self, Limits},
    run::{Broken, Out},
};

/// Reads a source of a kind to its end.
pub(super) fn read(
    kind: Kind,
    reader: &mut dyn BufRead,
    limits: &Limits,
    out: &mut Out<'_>,
) -> Result<(), Broken> {
    match kind {
        Kind::Nothing => Ok(()),
        Kind::Unsupported(what) => Ok(out.problem("the file", what)?),
        Kind::Utf16 { big_endian } => utf16(reader, big_endian, limits, out),
        Kind::Pickle => pickles::read(reader, limits, out),
        Kind::Json => json::document(reader, limits, out),
        Kind::JsonLines => json::lines(reader, limits, out),
        Kind::Inventory => ours::inventory(reader, limits, out),
        Kind::Php => php_session::read(reader, limits, out),
        Kind::Cookies => cookies::read(reader, limits, out),
        Kind::Moodle => moodle::read(reader, limits, out),
        Kind::Records => records::read(reader, limits, out),
        Kind::Settings => settings::read(reader, limits, out),
    }
}

/// What Windows programs write, read as what it is in UTF-8.
fn utf16(
    reader: &mut dyn BufRead,
    big_endian: bool,
    limits: &Limits,
    out: &mut Out<'_>,
) -> Result<(), Broken> {
    let Some(bytes) = document::whole(reader, limits, out)? else {
        return Ok(());
    };
    let units = bytes.chunks_exact(2).map(|pair| match big_endian {
        true => u16::from_be_bytes([pair[0], pair[1]]),
        false => u16::from_le_bytes([pair[0], pair[1]]),
    });
    let text: String = char::decode_utf16(units)
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    let text = text.trim_start_matches('\u{feff}');
    let head = &text.as_bytes()[..text.len().min(input::HEAD)];
    match sniff(head) {
        Kind::Utf16 { .. } | Kind::Pickle => Ok(()),
        kind => read(kind, &mut Cursor::new(text.as_bytes()), limits, out),
    }
}
