//! The credentials of an old integration, out of any store that `migrate import` reads.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use crate::{
    cli::paint,
    error::Error,
    migrate::{
        disk::refused,
        import::{Credential, Event, Import, Sink, Source, Walk, files},
    },
};

/// Which of a user's credentials are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Of a user's two, the newer.
    Newest,
    /// Each token once.
    All,
}

/// What the stores hold. What cannot be read is told; the number of such places stands beside the credentials.
///
/// # Errors
/// [`Kind::Input`](crate::Kind::Input) naming `path`, where there is no credential at all, and
/// [`Kind::Transport`](crate::Kind::Transport) where that may be because a file could not be opened.
pub(super) fn read(paths: &[PathBuf], wanted: Wanted) -> Result<(Vec<Credential>, usize), Error> {
    let mut found: Vec<Credential> = Vec::new();
    let mut older = Vec::new();
    let mut problems = 0;
    let mut sink = |event: Event<'_>| {
        match event {
            Event::Found(credential) => found.push(credential.clone()),
            Event::Double(double) if wanted == Wanted::Newest || double.same_token => {
                older.push(double.number);
            }
            Event::Double(_) => {}
            Event::Problem(problem) => {
                problems += 1;
                paint::talk(format_args!(
                    "{} {}, {}: {}",
                    paint::styled(paint::NOTICE, "notice:"),
                    problem.found.file,
                    problem.found.at,
                    problem.what
                ));
            }
        }
        Ok(())
    };
    let denied = walk(&mut Import::new(), paths, &mut sink, &mut |_| {})?;
    older.sort_unstable();
    found.retain(|credential| older.binary_search(&credential.number).is_err());
    if found.is_empty() {
        if let Some(denied) = denied {
            return Err(denied);
        }
        return Err(Error::input(
            "path",
            "expected a store with credentials, got none: `gdata-auth migrate import` tells what it sees",
        ));
    }
    Ok((found, problems))
}

/// Reads all paths, `-` as stdin; `without` hears of each file in which nothing is known. Yields what the system said of
/// the first file that this user may not open.
///
/// # Errors
/// What the sink fails with.
pub(super) fn walk(
    import: &mut Import,
    paths: &[PathBuf],
    sink: &mut dyn Sink,
    without: &mut dyn FnMut(&str),
) -> Result<Option<Error>, Error> {
    let mut denied = None;
    let mut links = Links::default();
    let (stdin, named): (Vec<&Path>, Vec<&Path>) = paths
        .iter()
        .map(PathBuf::as_path)
        .partition(|path| *path == Path::new("-"));
    if !stdin.is_empty() {
        import.read(&Source::new("stdin"), &mut io::stdin().lock(), sink)?;
    }
    for walk in files(named) {
        match walk {
            Walk::File(path, source) => match File::open(&path) {
                Ok(mut file) => {
                    let before = import.summary().skipped;
                    import.read(&source, &mut file, sink)?;
                    if import.summary().skipped > before {
                        without(&source.name);
                    }
                }
                Err(cause) => {
                    import.unreadable(&source.name, &format!("cannot open: {cause}"), sink)?;
                    if cause.kind() == io::ErrorKind::PermissionDenied && denied.is_none() {
                        denied = Some(refused("path", "open", &path, cause));
                    }
                }
            },
            Walk::Link(path) => links.see(&path),
            Walk::Problem(path, what) => {
                import.unreadable(&path.display().to_string(), &what, sink)?;
            }
        }
    }
    links.tell();
    Ok(denied)
}

/// Links that were passed over: what they lead to may be a store that somebody counts on.
#[derive(Debug, Default)]
pub(super) struct Links {
    first: Vec<String>,
    count: usize,
}

impl Links {
    /// How many are told by name.
    const NAMED: usize = 10;

    pub(super) fn see(&mut self, path: &Path) {
        if self.first.len() < Self::NAMED {
            self.first.push(path.display().to_string());
        }
        self.count += 1;
    }

    pub(super) fn tell(&self) {
        let notice = paint::styled(paint::NOTICE, "notice:");
        for name in &self.first {
            paint::talk(format_args!(
                "{notice} {name}: a symbolic link, not followed; name it to have it read"
            ));
        }
        if self.count > self.first.len() {
            let more = self.count - self.first.len();
            paint::talk(format_args!("  and more such links: {more}"));
        }
    }
}
