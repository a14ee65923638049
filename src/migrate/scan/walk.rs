//! The walk over a tree: in parallel, past what the ignore files name, never in a circle.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use ignore::{DirEntry, WalkBuilder, WalkState};

use super::{
    file::Reader,
    roots::{Named, Roots},
    settle::settle,
    tally::{Report, Why},
};
use crate::error::Error;

/// What is scanned, and how.
///
/// # Examples
/// ```no_run
/// use gdata_auth::migrate::scan::Scan;
///
/// let report = Scan::new().run(&["src".into()], |_, _| {})?;
/// println!("{} findings", report.findings.len());
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Scan {
    hidden: bool,
    no_ignore: bool,
    threads: usize,
    output: Option<PathBuf>,
}

impl Scan {
    /// As many threads as there are processors; hidden files but `.env` are left out, and ignored ones.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks into hidden files and folders too; never into `.git`.
    #[must_use]
    pub fn hidden(mut self, hidden: bool) -> Self {
        self.hidden = hidden;
        self
    }

    /// Takes no notice of `.gitignore`, `.ignore` and their kin.
    #[must_use]
    pub fn no_ignore(mut self, no_ignore: bool) -> Self {
        self.no_ignore = no_ignore;
        self
    }

    /// How many threads; 0 for one a processor.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }

    /// Leaves out the file that the report goes to: what it holds is of the scan before.
    #[must_use]
    pub fn output(mut self, output: Option<&Path>) -> Self {
        // One that is not there yet is in no walk.
        self.output = output.and_then(|path| path.canonicalize().ok());
        self
    }

    /// Looks through files and everything below folders. `progress` is told of every file, by its bytes.
    ///
    /// A file that cannot be read is no failure: it is named in the report.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when there is no path, or nothing at one.
    pub fn run(
        &self,
        paths: &[PathBuf],
        progress: impl Fn(&Path, u64) + Sync,
    ) -> Result<Report, Error> {
        let roots = Roots::of(paths);
        let Some((first, others)) = roots.paths.split_first() else {
            return Err(Error::input(
                "path",
                "expected a file or a folder, got none",
            ));
        };
        for path in paths {
            if let Err(cause) = path.symlink_metadata() {
                let problem =
                    format_args!("expected a file or a folder at {}: {cause}", path.display());
                return Err(Error::input("path", problem).caused_by(cause));
            }
        }
        let mut builder = WalkBuilder::new(first);
        for path in others {
            builder.add(path);
        }
        builder
            .hidden(false)
            .threads(self.threads)
            .follow_links(false);
        if self.no_ignore {
            builder
                .ignore(false)
                .git_ignore(false)
                .git_global(false)
                .git_exclude(false)
                .parents(false);
        }
        let (hidden, apart) = (self.hidden, roots.apart);
        builder.filter_entry(move |entry| {
            let own = entry.depth() > 0 && apart.iter().any(|path| path == entry.path());
            is_entered(entry, hidden) && !own
        });
        let report = Mutex::new(Report::default());
        let keep = |change: &dyn Fn(&mut Report)| {
            change(&mut report.lock().unwrap_or_else(PoisonError::into_inner));
        };
        builder.build_parallel().run(|| {
            let mut reader = Reader::new();
            let (keep, progress, output) = (&keep, &progress, self.output.as_deref());
            let named = &roots.named;
            Box::new(move |entry| {
                match entry {
                    Ok(entry) => visit(&entry, named, &mut reader, output, keep, progress),
                    Err(cause) => keep(&|report| skip_error(report, &cause)),
                }
                WalkState::Continue
            })
        });
        let mut report = report.into_inner().unwrap_or_else(PoisonError::into_inner);
        report.sort();
        // What there was no room for may be for an API that is gone.
        if report.left_out == 0 {
            settle(&mut report.findings);
        }
        Ok(report)
    }
}

/// Whether an entry is looked at. Of what is hidden, files of settings are: they are where passwords stand.
fn is_entered(entry: &DirEntry, hidden: bool) -> bool {
    let name = entry.file_name().as_encoded_bytes();
    if name == b".git" {
        return false;
    }
    let settings = name == b".env" || name.starts_with(b".env.");
    hidden
        || entry.depth() == 0
        || !name.starts_with(b".")
        || settings && entry.file_type().is_some_and(|kind| kind.is_file())
}

/// Changes the report that all threads share.
type Keep<'k> = dyn Fn(&dyn Fn(&mut Report)) + Sync + 'k;

fn visit(
    entry: &DirEntry,
    named: &Named,
    reader: &mut Reader,
    output: Option<&Path>,
    keep: &Keep<'_>,
    progress: &(impl Fn(&Path, u64) + Sync),
) {
    let (path, shown) = (entry.path(), shown(entry.path()));
    if let Some(cause) = entry.error() {
        // An ignore file with a line that cannot be read.
        keep(&|report| report.skip(&shown, Why::Unreadable, Some(cause.to_string())));
    }
    match entry.file_type() {
        Some(kind) if kind.is_dir() => return,
        Some(kind) if kind.is_symlink() && entry.depth() > 0 => {
            keep(&|report| report.skip(&shown, Why::Link, None));
            return;
        }
        Some(kind) if !kind.is_file() && !kind.is_symlink() => {
            keep(&|report| report.skip(&shown, Why::Special, None));
            return;
        }
        _ => {}
    }
    if output.is_some_and(|output| is_same(path, output)) {
        keep(&|report| report.skip(&shown, Why::Output, None));
        return;
    }
    let known = named.known(&shown);
    match reader.look(path, &known) {
        Ok(outcome) => {
            progress(path, outcome.bytes);
            keep(&|report| {
                let unread = outcome.notes.iter().any(|why| why.is_unread());
                report.files += u64::from(!unread);
                report.bytes += outcome.bytes;
                report.only_comments +=
                    u64::from(outcome.in_comments && outcome.findings.is_empty());
                report.left_out += outcome.left_out as u64;
                for why in &outcome.notes {
                    report.skip(&shown, *why, None);
                }
                for finding in &outcome.findings {
                    let mut finding = finding.clone();
                    finding.file.clone_from(&shown);
                    report.add(finding);
                }
            });
        }
        Err(cause) => keep(&|report| report.skip(&shown, Why::Unreadable, Some(cause.to_string()))),
    }
}

/// The name is compared first: asking the system for every file would cost more than reading it.
fn is_same(path: &Path, output: &Path) -> bool {
    path.file_name() == output.file_name() && path.canonicalize().is_ok_and(|path| path == output)
}

/// A folder that cannot be listed.
fn skip_error(report: &mut Report, cause: &ignore::Error) {
    let file = place(cause).map_or_else(|| "(unknown)".to_owned(), shown);
    report.skip(&file, Why::Unreadable, Some(cause.to_string()));
}

fn place(cause: &ignore::Error) -> Option<&Path> {
    match cause {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            place(err)
        }
        ignore::Error::Loop { child, .. } => Some(child),
        _ => None,
    }
}

/// A path as it is told: with `/`, without `./` before it; bytes that are no characters become U+FFFD.
pub(super) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = if cfg!(windows) {
        text.replace('\\', "/")
    } else {
        text.into_owned()
    };
    match text.strip_prefix("./") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => text,
    }
}
