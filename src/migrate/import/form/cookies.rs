//! `cookies.txt` of Netscape, as browsers and curl keep it: seven columns, the last two the name and the value.
//!
//! The sample of Google Base kept `AuthSubSessionToken` for a year (legacy-protocol.md 7).

use std::io::BufRead;

use super::{
    super::{
        input::{self, Limits},
        inventory::Form,
        run::{Broken, Out},
    },
    fields::Fields,
};

pub(super) fn read(
    reader: &mut dyn BufRead,
    limits: &Limits,
    out: &mut Out<'_>,
) -> Result<(), Broken> {
    let mut bytes = Vec::new();
    let mut line = 0_u64;
    while let Some((_, whole)) = input::record(reader, &mut bytes, (b'\n', b'\n'), limits.record)? {
        line += 1;
        let text = String::from_utf8_lossy(&bytes);
        let text = text.trim_end_matches('\r');
        let text = text.strip_prefix("#HttpOnly_").unwrap_or(text);
        if text.trim().is_empty() || text.starts_with('#') {
            continue;
        }
        let columns: Vec<&str> = text.splitn(8, '\t').collect();
        let [_, _, _, _, _, name, value] = columns[..] else {
            out.problem(
                format_args!("line {line}"),
                format_args!("expected 7 columns of a cookie, got {}", columns.len()),
            )?;
            continue;
        };
        if !whole {
            out.problem(format_args!("line {line}"), "expected a shorter line")?;
            continue;
        }
        let mut fields = Fields::default();
        if fields.take(name, value.trim_matches('"')) {
            for draft in fields.into_drafts(Form::Cookies) {
                out.found(draft, format_args!("line {line}"))?;
            }
        }
    }
    Ok(())
}
