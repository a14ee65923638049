//! `verify`: does the signature hold, and if not, why.

mod authsub;
mod oauth1;

use std::{path::PathBuf, process::ExitCode};

use super::{args::Verify, files, paint};
use crate::error::Error;

pub(super) fn run(command: &Verify) -> Result<ExitCode, Error> {
    match command {
        Verify::Authsub(options) => authsub::run(options),
        Verify::OAuth1(options) => oauth1::run(options),
    }
}

/// The value of Authorization as it was given; `None` when it was not.
fn header(given: Option<&String>, file: Option<&PathBuf>) -> Result<Option<String>, Error> {
    let text = match (given, file) {
        (Some(header), _) => header.clone(),
        (None, Some(path)) => files::read_text("header-file", path)?,
        (None, None) => return Ok(None),
    };
    Ok(Some(value_of(&text).to_owned()))
}

/// The value of Authorization: of the one line among header lines that has it, or the text itself, whose
/// signature may have line breaks of its own.
fn value_of(text: &str) -> &str {
    let named = |line: &&str| {
        line.split_once(':')
            .is_some_and(|(name, _)| name.trim().eq_ignore_ascii_case("authorization"))
    };
    match text
        .lines()
        .find(named)
        .and_then(|line| line.split_once(':'))
    {
        Some((_, value)) => value.trim(),
        None => text.trim(),
    }
}

fn refuse(refusal: &Error) -> ExitCode {
    paint::talk(format_args!(
        "{} {refusal}",
        paint::styled(paint::WRONG, "not verified:")
    ));
    ExitCode::FAILURE
}
