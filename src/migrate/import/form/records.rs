//! Tokens one after another, parted by commas or line breaks; a name may stand before each.
//!
//! ```text
//! 1a|token|scope,2o|id|…                 dump_tokens
//! ann@example.com<TAB>1a|token|scope     a name on the same line
//! AuthSub token="…"                      a header
//! ```

use std::io::BufRead;

use super::super::{
    blob::Blob,
    draft::Draft,
    input::{self, End, Limits},
    inventory::Form,
    run::{Broken, Out},
    value,
};

pub(super) fn read(
    reader: &mut dyn BufRead,
    limits: &Limits,
    out: &mut Out<'_>,
) -> Result<(), Broken> {
    let mut bytes = Vec::new();
    let mut user: Option<String> = None;
    let (mut line, mut number) = (1_u64, 0_u64);
    while let Some((end, whole)) = input::record(reader, &mut bytes, (b',', b'\n'), limits.record)?
    {
        let text = String::from_utf8_lossy(&bytes);
        let text = text.trim_start_matches('\u{feff}').trim();
        if !text.is_empty() && !text.starts_with('#') {
            number += 1;
            let at = format_args!("line {line}, record {number}");
            if !whole {
                out.problem(
                    at,
                    format_args!(
                        "expected at most {} bytes of a record, got more",
                        limits.record
                    ),
                )?;
            } else if text.contains('@') && !text.contains(['|', '=', ' ']) && end == End::At(b',')
            {
                user = Some(text.trim_matches('"').to_owned());
            } else {
                match token(text, user.take()) {
                    Ok(drafts) => {
                        for draft in drafts {
                            out.found(draft, at)?;
                        }
                    }
                    Err(what) => out.problem(at, what)?,
                }
            }
        }
        if end == End::At(b'\n') {
            line += 1;
            user = None;
        }
    }
    Ok(())
}

fn token(text: &str, user: Option<String>) -> Result<Vec<Draft>, String> {
    let text = text.trim_matches('"');
    // A name before the blob.
    let (name, text) = match text.split_once(['\t', ' ', ':', '=']) {
        Some((name, rest)) if Blob::begins(rest.trim()) => (Some(name), rest.trim()),
        _ => (None, text),
    };
    let user = name
        .filter(|name| name.contains('@'))
        .map(str::to_owned)
        .or(user);
    let mut drafts = match value::read(text, Form::BareToken) {
        Some(read) => read.map_err(|error| error.to_string())?,
        None => match value::by_shape(text, Form::BareToken) {
            Some(draft) => vec![draft],
            None => {
                return Err(
                    "expected a token of a kind that is known, got something else".to_owned(),
                );
            }
        },
    };
    for draft in &mut drafts {
        draft.user = draft.user.take().or_else(|| user.clone());
    }
    Ok(drafts)
}
