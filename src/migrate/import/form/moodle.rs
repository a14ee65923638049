//! Moodle's preference `google_authsub_sesskey`, in a dump of its table or in columns.
//!
//! ```text
//! INSERT INTO mdl_user_preferences VALUES (1,5,'google_authsub_sesskey','1/abc'),…
//! 1,5,google_authsub_sesskey,1/abc
//! ```
//!
//! Only what stands around the name is looked at, so the rest of a dump may be anything.

use std::io::BufRead;

use super::super::{
    draft::Draft,
    input::{self, Limits},
    inventory::{Form, Protocol},
    run::{Broken, Out},
};

const NAME: &str = "google_authsub_sesskey";

/// Rows that are inserted at once stand on one line, which the server bounds by its packet.
const MAX_LINE: usize = 32 << 20;

pub(super) fn read(
    reader: &mut dyn BufRead,
    limits: &Limits,
    out: &mut Out<'_>,
) -> Result<(), Broken> {
    let finder = memchr::memmem::Finder::new(NAME);
    let mut bytes = Vec::new();
    let mut line = 0_u64;
    let most = MAX_LINE.min(limits.document);
    while let Some((_, whole)) = input::record(reader, &mut bytes, (b'\n', b'\n'), most)? {
        line += 1;
        for at in finder.find_iter(&bytes) {
            let place = format!("line {line}, column {}", at + 1);
            match value(&bytes[at + NAME.len()..]) {
                Some(token) if !token.is_empty() => {
                    let mut draft =
                        Draft::new(Protocol::AuthSub, Form::MoodlePreferences).with_token(token);
                    draft.user = user(&bytes[..at]).map(|id| format!("moodle user {id}"));
                    out.found(draft, place)?;
                }
                Some(_) => {}
                None => out.problem(
                    place,
                    "expected the preference's value, got the end of the line",
                )?,
            }
        }
        if !whole {
            out.problem(
                format_args!("line {line}"),
                format_args!(
                    "expected at most {most} bytes of a line, got more: the rest is left out"
                ),
            )?;
        }
    }
    Ok(())
}

/// The column behind the name.
fn value(behind: &[u8]) -> Option<String> {
    let quote = |byte: &u8| matches!(byte, b'\'' | b'"');
    let behind = behind.strip_prefix(b"\\").unwrap_or(behind);
    let behind = match behind.first() {
        Some(first) if quote(first) => &behind[1..],
        _ => behind,
    };
    let behind = behind.trim_ascii_start();
    let rest = match behind.first() {
        Some(b',' | b';') => behind[1..].trim_ascii_start(),
        // A tab was trimmed away.
        Some(_) => behind,
        None => return None,
    };
    if rest.starts_with(b"NULL") || rest.starts_with(b"\\N") {
        return Some(String::new());
    }
    let (rest, ends): (&[u8], &[u8]) = match rest.first() {
        Some(first) if quote(first) => (&rest[1..], &rest[..1]),
        _ => (rest, b",;\t\r)"),
    };
    let end = rest.iter().position(|byte| ends.contains(byte));
    // A quote that never ends was cut off.
    let end = match (end, ends.len()) {
        (None, 1) => return None,
        (end, _) => end.unwrap_or(rest.len()),
    };
    Some(String::from_utf8_lossy(&rest[..end]).trim().to_owned())
}

/// The number in the column before the name.
fn user(before: &[u8]) -> Option<String> {
    let before = before.trim_ascii_end();
    let skipped = before
        .iter()
        .rposition(|byte| !matches!(byte, b'\'' | b'"' | b',' | b';' | b'\t' | b' '))?;
    let before = &before[..=skipped];
    let digits = before
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let id = &before[before.len() - digits..];
    (1..=19)
        .contains(&digits)
        .then(|| String::from_utf8_lossy(id).into_owned())
}
