//! An inventory written while it is found, so that it never has to be held.

use std::io::{self, Write};

use serde::Serialize;

use super::{
    inventory::{Credential, Double, Inventory, Problem, Secrets},
    run::{Event, Summary},
};
use crate::error::{Error, Kind};

/// Writes an [`Inventory`] as JSON, one line for each credential.
///
/// # Examples
/// ```
/// use gdata_auth::migrate::import::{Import, Inventory, InventoryWriter, Source};
///
/// let mut writer = InventoryWriter::new(Vec::new())?;
/// let mut import = Import::new();
/// import.read(&Source::new("tokens"), &mut &b"1c|DQAAAtoken"[..], &mut |event: gdata_auth::migrate::import::Event<'_>| {
///     writer.write(event)
/// })?;
/// let text = writer.finish(import.summary())?;
/// assert!(!String::from_utf8_lossy(&text).contains("DQAAAtoken"));
/// assert_eq!(Inventory::from_json(&text)?.credentials.len(), 1);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Debug)]
pub struct InventoryWriter<W: Write> {
    out: W,
    secrets: bool,
    any: bool,
    doubles: Vec<Double>,
    problems: Vec<Problem>,
}

/// The most problems that are written; the summary counts them all.
const MAX_PROBLEMS: usize = 10_000;

impl<W: Write> InventoryWriter<W> {
    /// Without secrets.
    ///
    /// # Errors
    /// [`Kind::Transport`] when it cannot be written.
    pub fn new(out: W) -> Result<Self, Error> {
        Self::begun(out, false)
    }

    /// With every secret in the clear, beside its mask. Whoever reads the file can act as the users do.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_secrets(out: W) -> Result<Self, Error> {
        Self::begun(out, true)
    }

    fn begun(mut out: W, secrets: bool) -> Result<Self, Error> {
        write!(
            out,
            "{{\"version\":{},\"credentials\":[",
            Inventory::VERSION
        )
        .map_err(failed)?;
        Ok(Self {
            out,
            secrets,
            any: false,
            doubles: Vec::new(),
            problems: Vec::new(),
        })
    }

    /// Writes an event; doubles and problems come at the end.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn write(&mut self, event: Event<'_>) -> Result<(), Error> {
        match event {
            Event::Found(credential) => self.credential(credential).map_err(failed),
            Event::Double(double) => {
                self.doubles.push(double);
                Ok(())
            }
            Event::Problem(problem) => {
                if self.problems.len() < MAX_PROBLEMS {
                    self.problems.push(problem.clone());
                }
                Ok(())
            }
        }
    }

    fn credential(&mut self, credential: &Credential) -> io::Result<()> {
        self.out.write_all(if self.any { b",\n" } else { b"\n" })?;
        self.any = true;
        match self.secrets {
            false => serde_json::to_writer(&mut self.out, credential)?,
            true => serde_json::to_writer(
                &mut self.out,
                &Full {
                    credential,
                    clear: Clear::of(&credential.secrets),
                },
            )?,
        }
        Ok(())
    }

    /// Writes the rest, and gives back what it wrote to.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn finish(mut self, summary: &Summary) -> Result<W, Error> {
        self.end(summary).map_err(failed)?;
        Ok(self.out)
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        self.out.write_all(b"\n],\n\"doubles\":")?;
        serde_json::to_writer(&mut self.out, &self.doubles)?;
        self.out.write_all(b",\n\"problems\":")?;
        serde_json::to_writer(&mut self.out, &self.problems)?;
        self.out.write_all(b",\n\"summary\":")?;
        serde_json::to_writer(&mut self.out, summary)?;
        self.out.write_all(b"}\n")?;
        self.out.flush()
    }
}

#[derive(Serialize)]
struct Full<'c> {
    #[serde(flatten)]
    credential: &'c Credential,
    clear: Clear<'c>,
}

/// The secrets in the clear, which only this file writes.
#[derive(Serialize)]
struct Clear<'s> {
    #[serde(flatten)]
    secrets: std::collections::BTreeMap<&'static str, &'s str>,
}

impl<'s> Clear<'s> {
    fn of(secrets: &'s Secrets) -> Self {
        let secrets = secrets.iter().map(|(name, secret)| (name, secret.expose()));
        Self {
            secrets: secrets.collect(),
        }
    }
}

fn failed(cause: io::Error) -> Error {
    Error::new(Kind::Transport, "inventory: cannot write").caused_by(cause)
}
