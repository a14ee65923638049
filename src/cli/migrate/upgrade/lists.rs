//! The lists that `upgrade grant` leaves, in the place of those of the run before.
//!
//! The same command is run again where a server was away, so a list that is there may go, whole or not at all, where
//! the new one tells of everybody in it. Anything else stays: a file that is no such list, and a list with users whom
//! this run knows nothing of.

use std::{collections::BTreeSet, path::Path};

use crate::{
    cli::{files, private_file},
    error::Error,
    migrate::campaign::csv,
};

/// A list, by its first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct List {
    option: &'static str,
    head: &'static str,
}

/// What became of each token.
pub(super) const OUTCOMES: List = List {
    option: "output",
    head: "email,outcome,why",
};
/// Whom a campaign has to ask.
pub(super) const INVITED: List = List {
    option: "invite",
    head: "email",
};

impl List {
    /// The first line, as it is written.
    pub(super) fn first_line(self) -> String {
        format!("{}\r\n", self.head)
    }

    /// Refuses a place where a list of `known` users would lose something that stands there, unless that is wanted; and
    /// one where nothing can be written.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming the option; [`Kind::Transport`](crate::Kind::Transport) with what to do.
    pub(super) fn check(
        self,
        path: &Path,
        known: &BTreeSet<&str>,
        force: bool,
    ) -> Result<(), Error> {
        private_file::try_out(self.option, path)?;
        if force || path.symlink_metadata().is_err() {
            return Ok(());
        }
        let place = path.display();
        let taken = |what: &str| {
            let problem =
                format_args!("{place} is there already, and {what}; --force overwrites it");
            Error::input(self.option, problem)
        };
        if !path.is_file() {
            return Err(taken("is no file"));
        }
        let bytes = files::read_up_to(self.option, path, csv::MAX_BYTES as u64)?;
        let first = bytes
            .split(|byte| *byte == b'\n')
            .next()
            .unwrap_or_default();
        if bytes.is_empty() {
            return Ok(());
        }
        if first.trim_ascii_end() != self.head.as_bytes() {
            return Err(taken("is no list that this command wrote"));
        }
        let rows = csv::columns(self.option, &bytes, ["email"])?;
        let strange = rows.iter().filter(|[user]| !known.contains(user.as_str()));
        match strange.count() {
            0 => Ok(()),
            count => Err(taken(&format!(
                "holds {count} {} of whom the stores of this run know nothing",
                if count == 1 { "user" } else { "users" }
            ))),
        }
    }

    /// Puts the list there. What stood there before stays until all of it is on the disk.
    ///
    /// # Errors
    /// As [`check`](Self::check), when it cannot be written.
    pub(super) fn save(self, path: &Path, text: &str) -> Result<(), Error> {
        private_file::save_with(self.option, path, true, &mut |file| {
            file.write_all(text.as_bytes())
        })
    }
}
