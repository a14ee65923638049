//! What was wrong in a file, as it is found.

use super::{Lost, Torn};
use crate::cassette::{Cassette, Problem, Reading, Severity, format::Format};

/// The problems of one file, in its order.
#[derive(Debug)]
pub(in crate::cassette::format) struct Report<'s> {
    file: &'s str,
    problems: Vec<Problem>,
    more: usize,
}

/// What is told of a file of which each of a million interactions is wrong.
const MOST: usize = 1_000;

impl<'s> Report<'s> {
    pub(in crate::cassette::format) fn new(file: &'s str) -> Self {
        Self {
            file,
            problems: Vec::new(),
            more: 0,
        }
    }

    /// Worth knowing; `interaction` counts from 1.
    pub(in crate::cassette::format) fn note(
        &mut self,
        interaction: Option<usize>,
        field: impl Into<String>,
        message: impl Into<String>,
    ) {
        self.add(interaction, field.into(), message.into(), Severity::Note);
    }

    /// An interaction that is left out.
    pub(in crate::cassette::format) fn lost(&mut self, interaction: usize, lost: Lost) {
        self.add(Some(interaction), lost.field, lost.message, Severity::Lost);
    }

    /// The rest of the file cannot be read.
    pub(in crate::cassette::format) fn torn(&mut self, good: usize, torn: &Torn) {
        let message = match good {
            0 => format!("{torn}; nothing before it is whole"),
            1 => format!("{torn}; 1 interaction before it is good"),
            _ => format!("{torn}; {good} interactions before it are good"),
        };
        // This one is never one too many.
        self.problems
            .push(self.problem(None, String::new(), message, Severity::Torn));
    }

    pub(in crate::cassette::format) fn into_reading(
        mut self,
        format: Format,
        cassette: Cassette,
    ) -> Reading {
        if self.more > 0 {
            let message = format!(
                "expected few problems, got {} more than are told",
                self.more
            );
            self.problems
                .push(self.problem(None, String::new(), message, Severity::Lost));
        }
        let mut reading = Reading::new(format, cassette);
        reading.problems = self.problems;
        reading
    }

    fn add(
        &mut self,
        interaction: Option<usize>,
        field: String,
        message: String,
        severity: Severity,
    ) {
        if self.problems.len() < MOST {
            self.problems
                .push(self.problem(interaction, field, message, severity));
        } else if severity > Severity::Note {
            self.more += 1;
        }
    }

    fn problem(
        &self,
        interaction: Option<usize>,
        field: String,
        message: String,
        severity: Severity,
    ) -> Problem {
        Problem {
            file: self.file.to_owned(),
            interaction,
            field,
            message,
            severity,
        }
    }
}
