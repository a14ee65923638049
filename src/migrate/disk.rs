//! What a file system refuses, and what to do about it: waiting helps in few of the cases.

use std::{
    io::{self, ErrorKind},
    path::Path,
};

use crate::error::{Advice, Error, Kind};

/// What somebody has to do.
const STEPS: &[(ErrorKind, &str)] = &[
    (
        ErrorKind::PermissionDenied,
        "whoever runs this has to own it and its folder (chown), or be given the right to read and write them (chmod)",
    ),
    (
        ErrorKind::ReadOnlyFilesystem,
        "put it where files can be written",
    ),
    (ErrorKind::StorageFull, "make room on the disk"),
    (ErrorKind::QuotaExceeded, "make room on the disk"),
    (ErrorKind::NotFound, "make its folder first"),
    (ErrorKind::NotADirectory, "make its folder first"),
];

/// A file that could not be read, written or locked.
pub(crate) fn failed(verb: &str, path: &Path, cause: io::Error) -> Error {
    let what = format!("cannot {verb} {}: {cause}", path.display());
    let step = STEPS.iter().find(|(kind, _)| *kind == cause.kind());
    let error = match step {
        Some((_, step)) => {
            Error::new(Kind::Transport, format!("{what}; {step}")).advising(Advice::FixClient)
        }
        None => Error::new(Kind::Transport, what),
    };
    error.caused_by(cause)
}

/// Mistakes in what was given: another path helps, and nothing else does.
const GIVEN: &[ErrorKind] = &[
    ErrorKind::NotFound,
    ErrorKind::NotADirectory,
    ErrorKind::IsADirectory,
    ErrorKind::AlreadyExists,
    ErrorKind::InvalidInput,
    ErrorKind::InvalidFilename,
];

/// A file that was given by `option`: a path that cannot be right is the caller's, and all else is as
/// [`failed`] tells it.
pub(crate) fn refused(option: &str, verb: &str, path: &Path, cause: io::Error) -> Error {
    if GIVEN.contains(&cause.kind()) {
        let problem = format_args!("cannot {verb} {}: {cause}", path.display());
        return Error::input(option, problem).caused_by(cause);
    }
    let error = failed(verb, path, cause);
    let advice = error.advice();
    Error::new(error.kind(), format!("{option}: {error}"))
        .advising(advice)
        .caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_is_no_advice_where_a_person_has_to_act() {
        let of = |kind: ErrorKind| failed("read", Path::new("a/b"), kind.into());
        for (kind, step) in STEPS {
            let error = of(*kind);
            assert_eq!(error.kind(), Kind::Transport);
            assert_eq!(error.advice(), Advice::FixClient);
            assert!(error.to_string().starts_with("cannot read a/b: "));
            assert!(error.to_string().ends_with(step));
        }
        let given = |kind: ErrorKind| refused("output", "write", Path::new("a/b"), kind.into());
        for kind in GIVEN {
            assert_eq!(given(*kind).kind(), Kind::Input);
        }
        let denied = given(ErrorKind::PermissionDenied);
        assert_eq!(denied.kind(), Kind::Transport);
        assert_eq!(denied.advice(), Advice::FixClient);
        assert!(denied.to_string().starts_with("output: cannot write a/b: "));
        let error = of(ErrorKind::TimedOut);
        assert_eq!(error.advice(), Advice::Retry { after: None });
    }
}
