//! What two answers come to, as a line of text or of JSON, without secrets.

use std::fmt::Write;

use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};

use super::address::{Asked, is_secret, shown};
use crate::{
    cassette::Place,
    cli::paint::{NOTICE, RECEIVED, WRONG, styled},
    migrate::dual::{Compare, Difference, is_failure},
    transport::{Mishap, TransportError},
};

/// What became of a call.
pub(super) type Answer = Result<Response<Bytes>, TransportError>;

/// What the answers to one address come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Same,
    Different,
    /// Neither got what it asked for, which proves nothing.
    Refused,
    /// No answer to either.
    Unreachable,
}

/// One address, asked twice.
pub(super) struct Verdict<'a> {
    asked: &'a Asked,
    pub(super) outcome: Outcome,
    new: Option<u16>,
    old: Option<u16>,
    differences: Vec<Difference>,
}

/// How far a side came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reached {
    Answer,
    Refused,
    Nowhere,
}

impl<'a> Verdict<'a> {
    pub(super) fn of(asked: &'a Asked, compare: &Compare, new: &Answer, old: &Answer) -> Self {
        let fine = |answer: &Answer| answer.as_ref().is_ok_and(|it| it.status().is_success());
        // The text of a refusal is the server's, and may repeat what it was sent.
        let quiet = (!fine(new) || !fine(old)).then(|| compare.clone().without_values());
        let mut differences = quiet.as_ref().unwrap_or(compare).outcomes(new, old);
        // Beside another status everything differs, and says no more than that.
        if differences.iter().any(|one| one.field == "status") {
            differences.retain(|one| one.field == "status");
        }
        for one in &mut differences {
            hide(one);
        }
        let outcome = match (reached(new), reached(old)) {
            (Reached::Nowhere, Reached::Nowhere) => Outcome::Unreachable,
            (Reached::Refused, Reached::Refused) => Outcome::Refused,
            _ if differences.is_empty() => Outcome::Same,
            _ => Outcome::Different,
        };
        let status = |answer: &Answer| answer.as_ref().ok().map(|it| it.status().as_u16());
        Self {
            asked,
            outcome,
            new: status(new),
            old: status(old),
            differences,
        }
    }

    /// An object.
    pub(super) fn json(&self) -> Value {
        let differences = self.differences.iter();
        let differences = differences
            .map(|one| json!({"field": one.field, "new": one.new, "old": one.old}))
            .collect::<Vec<_>>();
        let mut line = json!({
            "address": shown(&self.asked.old),
            "outcome": self.outcome.word(),
            "new": self.new,
            "old": self.old,
            "differences": differences,
        });
        if self.asked.new != self.asked.old {
            line["new_address"] = shown(&self.asked.new).into();
        }
        line
    }

    /// A line, and one more for each field that differs.
    pub(super) fn text(&self) -> String {
        let status = |status: Option<u16>| status.map_or("-".to_owned(), |it| it.to_string());
        let style = match self.outcome {
            Outcome::Same => RECEIVED,
            Outcome::Different => WRONG,
            Outcome::Refused | Outcome::Unreachable => NOTICE,
        };
        let mut out = format!(
            "{} {:>3} {:>3}  {}",
            styled(style, format_args!("{:<11}", self.outcome.word())),
            status(self.new),
            status(self.old),
            shown(&self.asked.old)
        );
        if self.asked.new != self.asked.old {
            let _ = write!(out, "  (new: {})", shown(&self.asked.new));
        }
        for Difference { field, new, old } in &self.differences {
            let _ = write!(
                out,
                "\n  {}: new {}, old {}",
                plain(field),
                told(new),
                told(old)
            );
        }
        out
    }
}

impl Outcome {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Different => "different",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
        }
    }
}

fn reached(answer: &Answer) -> Reached {
    match answer {
        Ok(answer) if is_failure(answer.status()) => Reached::Refused,
        Ok(_) => Reached::Answer,
        // Nothing was sent: there was no credential to send it with.
        Err(cause) if cause.mishap() == Mishap::Request => Reached::Refused,
        Err(_) => Reached::Nowhere,
    }
}

/// Takes the values of fields away that hold credentials, such as an upload's token.
fn hide(one: &mut Difference) {
    let name = one.field.rsplit(['/', '@']).next().unwrap_or_default();
    let name = name.split('[').next().unwrap_or_default();
    let places = [Place::Header, Place::Json, Place::Xml];
    if places.iter().any(|place| is_secret(*place, name)) {
        for value in [&mut one.new, &mut one.old] {
            if !value.is_empty() {
                *value = "(hidden)".to_owned();
            }
        }
    }
}

fn told(value: &str) -> String {
    match value.is_empty() {
        true => "nothing".to_owned(),
        false => plain(value),
    }
}

/// What a server sends could move a terminal's cursor.
fn plain(text: &str) -> String {
    let letter = |letter: char| if letter.is_control() { ' ' } else { letter };
    text.chars().map(letter).collect()
}
