//! Sessions of PHP, in which Zend's samples keep `sessionToken`: `name|value` one after another, or one value.
//!
//! Objects are looked through as arrays are: `Zend_Gdata_HttpClient` keeps its token in `_authSubToken`, and
//! `Zend_Oauth_Token_Access` in its parameters.

use std::io::BufRead;

use super::{
    super::{
        draft::Draft,
        input::Limits,
        inventory::Form,
        run::{Broken, Out},
        value,
    },
    document,
    fields::Fields,
    php::{Php, Reader},
};
use crate::error::Error;

/// The longest name of a variable.
const MAX_NAME: usize = 256;

/// How many sessions in sessions are looked into.
const MAX_INNER: usize = 4;

/// Whether a text begins as a session does.
pub(super) fn looks(text: &str) -> bool {
    if begins_value(text) {
        return true;
    }
    let mut end = text.len().min(MAX_NAME + 1);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].split_once('|').is_some_and(|(name, _)| {
        let rest = &text[name.len() + 1..];
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '!' | '/');
        !name.is_empty() && name.chars().all(plain) && begins_value(rest)
    })
}

fn begins_value(text: &str) -> bool {
    let digits = |rest: &str, ends: &str| {
        let end = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        end > 0 && rest[end..].starts_with(ends)
    };
    let Some((mark, rest)) = text.split_at_checked(2) else {
        return false;
    };
    match mark {
        "N;" => true,
        "s:" | "O:" | "C:" | "E:" => digits(rest, ":\""),
        "a:" => digits(rest, ":{"),
        "i:" | "b:" => digits(rest, ";"),
        _ => false,
    }
}

pub(super) fn read(
    reader: &mut dyn BufRead,
    limits: &Limits,
    out: &mut Out<'_>,
) -> Result<(), Broken> {
    let Some(bytes) = document::whole(reader, limits, out)? else {
        return Ok(());
    };
    let trimmed = bytes.trim_ascii();
    let mut values = Reader::new(trimmed, limits.values);
    let mut session = Vec::new();
    if begins_value(&String::from_utf8_lossy(&trimmed[..trimmed.len().min(64)])) {
        match values.value() {
            Ok(value) => look(&value, "$", None, out)?,
            Err(expected) => damaged(expected, values.at, out)?,
        }
        return Ok(());
    }
    while !values.rest().is_empty() {
        let name = match values.up_to(b'|') {
            Some(name) if name.len() <= MAX_NAME => String::from_utf8_lossy(name).into_owned(),
            _ => {
                damaged("the name of a variable", values.at, out)?;
                break;
            }
        };
        // A name that begins so has no value.
        if name.starts_with('!') {
            continue;
        }
        match values.value() {
            Ok(value) => session.push((name, value)),
            Err(expected) => {
                damaged(expected, values.at, out)?;
                break;
            }
        }
    }
    let session = Php::Map {
        class: None,
        pairs: session,
    };
    look(&session, "$", None, out)?;
    Ok(())
}

fn damaged(expected: &str, at: usize, out: &mut Out<'_>) -> Result<(), Error> {
    let what =
        format_args!("expected {expected}, got a damaged session; what stood before it was read");
    out.problem(format_args!("byte {at}"), what)
}

/// Looks through a value; its depth is bounded by the reader. What is within a session is its user's.
fn look(value: &Php, path: &str, user: Option<&str>, out: &mut Out<'_>) -> Result<(), Error> {
    let Php::Map { pairs, .. } = value else {
        if let Php::Text(text) = value {
            return loose(text, path, user, out);
        }
        return Ok(());
    };
    let mut fields = Fields::default();
    let mut others = Vec::new();
    for (name, value) in pairs {
        let known = match value {
            Php::Text(text) => fields.take(name, text),
            _ => false,
        };
        if !known {
            others.push((name.rsplit('\0').next().unwrap_or(name), value));
        }
    }
    let user = fields.user.clone().or_else(|| user.map(str::to_owned));
    for (name, value) in others {
        look(value, &format!("{path}.{name}"), user.as_deref(), out)?;
    }
    found(
        fields.into_drafts(Form::PhpSession),
        path,
        user.as_deref(),
        out,
    )
}

fn found(
    drafts: Vec<Draft>,
    path: &str,
    user: Option<&str>,
    out: &mut Out<'_>,
) -> Result<(), Error> {
    drafts.into_iter().try_for_each(|mut draft| {
        draft.user = draft.user.take().or_else(|| user.map(str::to_owned));
        out.found(draft, path)
    })
}

/// A text whose name says nothing; sessions in sessions are looked into.
fn loose(text: &str, path: &str, user: Option<&str>, out: &mut Out<'_>) -> Result<(), Error> {
    if let Some(Ok(drafts)) = value::read(text, Form::PhpSession) {
        return found(drafts, path, user, out);
    }
    if path.matches('>').count() < MAX_INNER && begins_value(text) && text.contains("oken") {
        let mut inner = Reader::new(text.as_bytes(), text.len());
        if let Ok(value @ Php::Map { .. }) = inner.value() {
            return look(&value, &format!("{path}>"), user, out);
        }
    }
    Ok(())
}
