//! An import: sources go in, events come out, and at the end there are figures.

use std::{
    collections::BTreeMap,
    io::{self, BufReader, Cursor, Read},
};

use serde::{Deserialize, Serialize};

use super::{
    doubles::Doubles,
    draft::{Draft, clean},
    form, input,
    input::Limits,
    inventory::{Credential, Double, Form, Inventory, Place, Problem, Protocol, Use},
};
use crate::{error::Error, time::Timestamp};

/// What an import says while it goes on.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'e> {
    /// A credential.
    Found(&'e Credential),
    /// The credential that comes next, or an earlier one, is an older one of the same user, or the same token.
    Double(Double),
    /// Something that could not be read.
    Problem(&'e Problem),
}

/// Takes what an import finds, as it finds it. Implemented for closures.
pub trait Sink {
    /// Takes one event.
    ///
    /// # Errors
    /// Whatever it fails with ends the import.
    fn take(&mut self, event: Event<'_>) -> Result<(), Error>;
}

impl<F: FnMut(Event<'_>) -> Result<(), Error>> Sink for F {
    fn take(&mut self, event: Event<'_>) -> Result<(), Error> {
        self(event)
    }
}

/// What is known of a source before it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Source {
    /// How it is called in what is told.
    pub name: String,
    /// When it was last written, which tells the newer of two.
    pub modified: Option<Timestamp>,
    /// Whose it is, where its place says so, as gcloud's folders do.
    pub user: Option<String>,
}

impl Source {
    /// A source of this name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// Says when it was last written.
    #[must_use]
    pub fn modified_at(mut self, at: Timestamp) -> Self {
        self.modified = Some(at);
        self
    }

    /// Says whose it is.
    #[must_use]
    pub fn of_user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }
}

/// Figures of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Summary {
    /// Sources that were looked at.
    pub files: u64,
    /// Sources in which nothing that is known here stood.
    pub skipped: u64,
    /// Credentials that were found, doubles counted.
    pub credentials: u64,
    /// How many of them are an older or the same one.
    pub doubles: u64,
    /// What could not be read, told or not.
    pub problems: u64,
    /// Credentials with a private key or a password beside them.
    pub alarms: u64,
    /// How many there are of each protocol.
    pub protocols: BTreeMap<Protocol, u64>,
    /// How many there are of each use.
    pub uses: BTreeMap<Use, u64>,
}

/// Reads token stores.
///
/// # Examples
/// ```
/// use gdata_auth::migrate::import::{Event, Import, Source, Use};
///
/// let blobs = "1c|DQAAAtoken,2o|id|secret|scope|agent|||ya29.a|1%2F%2Frefresh";
/// let mut uses = Vec::new();
/// let mut import = Import::new();
/// import.read(&Source::new("tokens"), &mut blobs.as_bytes(), &mut |event: Event<'_>| {
///     if let Event::Found(credential) = event {
///         uses.push(credential.usable);
///     }
///     Ok(())
/// })?;
/// assert_eq!(uses, [Use::ConsentAgain, Use::AsItIs]);
/// assert_eq!(import.finish().credentials, 2);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Import {
    limits: Limits,
    doubles: Doubles,
    summary: Summary,
}

impl Import {
    /// With the usual limits.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With others.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Reads one source to its end.
    ///
    /// What is wrong with the source is an event and no failure: damage, an unknown form, a medium that breaks off.
    ///
    /// # Errors
    /// What the sink fails with.
    pub fn read(
        &mut self,
        source: &Source,
        reader: &mut dyn Read,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        self.summary.files += 1;
        let before = (self.summary.credentials, self.summary.problems);
        let limits = self.limits;
        let mut out = Out {
            import: self,
            source,
            sink,
            told: 0,
            rest: 0,
        };
        let mut reader = BufReader::with_capacity(256 << 10, reader);
        let outcome = match input::head(&mut reader) {
            Ok(head) => {
                let kind = form::sniff(&head);
                let mut whole = Cursor::new(head).chain(reader);
                form::read(kind, &mut whole, &limits, &mut out)
            }
            Err(cause) => Err(Broken::Medium(cause)),
        };
        match outcome {
            Ok(()) => {}
            Err(Broken::Sink(error)) => return Err(error),
            Err(Broken::Medium(cause)) => {
                out.problem("here on", format_args!("cannot read on: {cause}"))?;
            }
        }
        out.tell_rest()?;
        if before == (self.summary.credentials, self.summary.problems) {
            self.summary.skipped += 1;
        }
        Ok(())
    }

    /// Tells of a file that could not be opened.
    ///
    /// # Errors
    /// What the sink fails with.
    pub fn unreadable(&mut self, name: &str, what: &str, sink: &mut dyn Sink) -> Result<(), Error> {
        self.summary.files += 1;
        self.summary.problems += 1;
        let problem = Problem {
            found: Place {
                file: clean(name),
                at: "the file".to_owned(),
            },
            what: clean(what),
        };
        sink.take(Event::Problem(&problem))
    }

    /// The figures so far.
    #[must_use]
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// The figures.
    #[must_use]
    pub fn finish(self) -> Summary {
        self.summary
    }

    /// Reads one source into an inventory of its own, all in memory.
    ///
    /// # Errors
    /// None but those of memory; it is a `Result` for `?`.
    ///
    /// # Examples
    /// ```
    /// use gdata_auth::migrate::import::{Import, Source};
    ///
    /// let inventory = Import::inventory(&Source::new("tokens"), b"1c|DQAAAtoken,~~z")?;
    /// assert_eq!((inventory.credentials.len(), inventory.problems.len()), (1, 1));
    /// # Ok::<(), gdata_auth::Error>(())
    /// ```
    pub fn inventory(source: &Source, bytes: &[u8]) -> Result<Inventory, Error> {
        let mut inventory = Inventory {
            version: Inventory::VERSION,
            ..Inventory::default()
        };
        let mut import = Self::new();
        import.read(source, &mut { bytes }, &mut |event: Event<'_>| {
            match event {
                Event::Found(credential) => inventory.credentials.push(credential.clone()),
                Event::Double(double) => inventory.doubles.push(double),
                Event::Problem(problem) => inventory.problems.push(problem.clone()),
            }
            Ok(())
        })?;
        inventory.summary = import.finish();
        Ok(inventory)
    }
}

/// What ends the reading of a source.
#[derive(Debug)]
pub(super) enum Broken {
    /// The source cannot be read on.
    Medium(io::Error),
    /// Whoever takes the findings cannot go on.
    Sink(Error),
}

impl From<io::Error> for Broken {
    fn from(cause: io::Error) -> Self {
        Self::Medium(cause)
    }
}

impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        Self::Sink(error)
    }
}

/// Where readers put what they find.
pub(super) struct Out<'o> {
    import: &'o mut Import,
    source: &'o Source,
    sink: &'o mut dyn Sink,
    told: usize,
    rest: u64,
}

impl Out<'_> {
    /// A credential at a place; one without any content is a problem.
    pub(super) fn found(
        &mut self,
        mut draft: Draft,
        at: impl std::fmt::Display,
    ) -> Result<(), Error> {
        if draft.is_empty() {
            return self.problem(at, format_args!("expected a token, got an empty record"));
        }
        if draft.user.is_none() {
            draft.user.clone_from(&self.source.user);
        }
        let summary = &mut self.import.summary;
        summary.credentials += 1;
        let number = summary.credentials;
        let double = self
            .import
            .doubles
            .see(&draft, number, self.source.modified);
        let found = Place {
            file: clean(&self.source.name),
            at: clean(&at.to_string()),
        };
        let lacks = draft.lacks();
        let credential = draft.into_credential(number, found);
        *summary.protocols.entry(credential.protocol).or_default() += 1;
        *summary.uses.entry(credential.usable).or_default() += 1;
        summary.alarms += u64::from(!credential.alarms.is_empty());
        if let Some(double) = double {
            summary.doubles += 1;
            self.sink.take(Event::Double(double))?;
        }
        self.sink.take(Event::Found(&credential))?;
        match lacks {
            // Other stores keep half of a credential elsewhere; a blob is whole or was cut off.
            Some(what) if credential.form == Form::GdataPythonBlob => self.problem(
                credential.found.at,
                format_args!("expected {what} in the blob, got none: it was cut off"),
            ),
            _ => Ok(()),
        }
    }

    /// Something that cannot be read. `what` holds no piece of the source.
    pub(super) fn problem(
        &mut self,
        at: impl std::fmt::Display,
        what: impl std::fmt::Display,
    ) -> Result<(), Error> {
        self.import.summary.problems += 1;
        if self.told >= self.import.limits.problems {
            self.rest += 1;
            return Ok(());
        }
        self.told += 1;
        self.tell(&at.to_string(), what.to_string())
    }

    fn tell_rest(&mut self) -> Result<(), Error> {
        match self.rest {
            0 => Ok(()),
            rest => self.tell("the file", format!("and {rest} more problems")),
        }
    }

    fn tell(&mut self, at: &str, what: String) -> Result<(), Error> {
        let problem = Problem {
            found: Place {
                file: clean(&self.source.name),
                at: clean(at),
            },
            what,
        };
        self.sink.take(Event::Problem(&problem))
    }
}
