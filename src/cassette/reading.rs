//! What came of reading a file: the cassette, and what was wrong, with its place.

use std::fmt;

use super::{Cassette, format::Format};
use crate::error::{Error, Kind};

/// A cassette as far as it could be read.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Reading {
    /// What could be read.
    pub cassette: Cassette,
    /// The format of the file.
    pub format: Format,
    /// What was wrong or worth knowing, in the order of the file.
    pub problems: Vec<Problem>,
}

/// Something in a file, with its place.
///
/// `Display` is one line, `login.yml: interaction 3: response.body: expected base64, got …`. It shows no value of a
/// file, which could be a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub struct Problem {
    /// The name of the file.
    pub file: String,
    /// The interaction, from 1, where it is one's.
    pub interaction: Option<usize>,
    /// The field, such as `response.status`.
    pub field: String,
    /// What was expected and what came.
    pub message: String,
    /// How bad it is.
    pub severity: Severity,
}

/// How bad something in a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// Worth knowing: the reader understood it, such as a gzip header over a plain body.
    Note,
    /// One interaction could not be read and is left out.
    Lost,
    /// The rest of the file could not be read.
    Torn,
}

impl Reading {
    /// A whole reading, without problems.
    #[must_use]
    pub fn new(format: Format, cassette: Cassette) -> Self {
        Self {
            cassette,
            format,
            problems: Vec::new(),
        }
    }

    /// The cassette, when all of it could be read; notes do not count.
    ///
    /// # Errors
    /// [`Kind::Reply`] with the first problem, and with how many interactions before it are good.
    pub fn into_whole(self) -> Result<Cassette, Error> {
        let good = self.cassette.interactions.len();
        match self
            .problems
            .into_iter()
            .find(|problem| problem.severity > Severity::Note)
        {
            None => Ok(self.cassette),
            Some(problem) => Err(Error::new(
                Kind::Reply,
                format!("{problem} ({good} interactions are good)"),
            )
            .caused_by(problem)),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.file)?;
        if let Some(interaction) = self.interaction {
            write!(f, "interaction {interaction}: ")?;
        }
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.message)
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::new(Kind::Reply, problem.to_string()).caused_by(problem)
    }
}
