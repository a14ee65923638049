//! Properties, INI files and environments: `name = value`, in sections, with what belongs together under one
//! beginning of a name. `rclone.conf` is one of them, with JSON for a value.
//!
//! ```text
//! ann.oauth_token=1/…            [drive]
//! ann.oauth_token_secret=…       type = drive
//! consumer.key=www.example.com   token = {"access_token":…}
//! ```

use std::{collections::BTreeMap, io::BufRead};

use super::{
    super::{
        blob::Blob,
        input::{self, Limits},
        inventory::Form,
        run::{Broken, Out},
        value,
    },
    fields::Fields,
    json,
};
use crate::{error::Error, secret::Secret};

/// What belongs together, and the line on which it began.
#[derive(Default)]
struct Group {
    line: u64,
    fields: Fields,
    /// Names that were set, with their values.
    set: BTreeMap<String, Secret>,
}

#[derive(Default)]
struct Section {
    name: String,
    groups: BTreeMap<String, Group>,
    /// How many bytes are held.
    held: usize,
}

pub(super) fn read(
    reader: &mut dyn BufRead,
    limits: &Limits,
    out: &mut Out<'_>,
) -> Result<(), Broken> {
    let mut bytes = Vec::new();
    let mut line = 0_u64;
    let mut section = Section::default();
    while let Some((_, whole)) = input::record(reader, &mut bytes, (b'\n', b'\n'), limits.record)? {
        line += 1;
        let text = String::from_utf8_lossy(&bytes);
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() || text.starts_with(['#', ';', '!']) {
            continue;
        }
        if !whole {
            out.problem(
                format_args!("line {line}"),
                format_args!(
                    "expected at most {} bytes of a line, got more",
                    limits.record
                ),
            )?;
            continue;
        }
        if let Some(name) = text
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            section.end(out)?;
            section.name = name.trim().to_owned();
            continue;
        }
        let text = text.strip_prefix("export ").unwrap_or(text);
        let Some((name, value)) = parted(text) else {
            continue;
        };
        let value = unquoted(value);
        if Blob::begins(&value) || Fields::prefix_of(name).is_none() {
            loose(&value, line, out)?;
            continue;
        }
        let prefix = Fields::prefix_of(name).unwrap_or_default();
        section.held += 2 * text.len() + 512;
        let group = section.groups.entry(prefix).or_default();
        let before = group.set.get(name).map(Secret::expose);
        if before.is_some_and(|before| before != value) {
            let what = "a name of this record is set again: what follows is read as another one, and whose it is may be lost \
                        (nested forms such as YAML are not read as what they are)";
            out.problem(format_args!("line {line}"), what)?;
            let group = std::mem::take(group);
            for draft in group.fields.into_drafts(Form::Settings) {
                out.found(draft, format_args!("line {}", group.line))?;
            }
        }
        if group.set.is_empty() {
            group.line = line;
        }
        group
            .set
            .insert(name.to_owned(), Secret::new(value.as_str()));
        group.fields.take_by_end(name, &value);
        if section.held > limits.document {
            out.problem(
                format_args!("line {line}"),
                "expected less in one section: it is read in parts, and what belongs together may be parted",
            )?;
            section.end(out)?;
        }
    }
    section.end(out)?;
    Ok(())
}

impl Section {
    fn end(&mut self, out: &mut Out<'_>) -> Result<(), Error> {
        let groups = std::mem::take(&mut self.groups);
        self.held = 0;
        let common = groups
            .get("")
            .map(|group| group.fields.clone())
            .unwrap_or_default();
        for (prefix, group) in groups {
            let (line, mut fields) = (group.line, group.fields);
            let mut at = match self.name.as_str() {
                "" => format!("line {line}"),
                name => format!("[{name}], line {line}"),
            };
            if !prefix.is_empty() {
                at.push_str(&format!(", {prefix}"));
            }
            let text = fields.token().unwrap_or_default().to_owned();
            if text.starts_with('{') {
                fields.forget_token();
                match json::of_text(&text, &fields.with_defaults(&common)) {
                    Some(draft) => out.found(draft, at)?,
                    None => out.problem(
                        at,
                        "token: expected an object of JSON with a token, got another",
                    )?,
                }
                continue;
            }
            for draft in fields.with_defaults(&common).into_drafts(Form::Settings) {
                out.found(draft, at.as_str())?;
            }
        }
        Ok(())
    }
}

/// A value that is a token by itself, whatever its name.
fn loose(text: &str, line: u64, out: &mut Out<'_>) -> Result<(), Error> {
    match value::read(text, Form::Settings) {
        Some(Ok(drafts)) => drafts
            .into_iter()
            .try_for_each(|draft| out.found(draft, format_args!("line {line}"))),
        Some(Err(error)) => out.problem(format_args!("line {line}"), error),
        None => Ok(()),
    }
}

fn parted(text: &str) -> Option<(&str, &str)> {
    let at = text.find(['=', ':'])?;
    let (name, value) = text.split_at(at);
    Some((name.trim(), value[1..].trim()))
}

/// Without quotes around it and escapes in it, as Java writes them.
fn unquoted(text: &str) -> String {
    let text = text.trim_end_matches([';', ',']).trim_end();
    let inner = ['"', '\'']
        .into_iter()
        .find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote));
    let text = inner.unwrap_or(text);
    if !text.contains('\\') || text.starts_with('{') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match characters.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('u') => {
                let digits: String = characters.by_ref().take(4).collect();
                let code = u32::from_str_radix(&digits, 16)
                    .ok()
                    .and_then(char::from_u32);
                out.push(code.unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            Some(other) => out.push(other),
            None => out.push('\\'),
        }
    }
    out
}
