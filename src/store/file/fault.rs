//! What can be wrong with a file, told by its name and never by its content.

use std::{
    fmt,
    io::{self, ErrorKind},
    path::Path,
};

use crate::error::{Advice, Error, Kind};

/// The system refused: what cannot be done to `path`.
pub(super) fn failed(verb: &str, path: &Path, cause: io::Error) -> Error {
    if let ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem = cause.kind() {
        let message = format!(
            "cannot {verb} {}: {cause}; whoever runs this has to own the store and be able to write there (chown, chmod), or \
             use another",
            path.display()
        );
        return Error::new(Kind::Transport, message)
            .advising(Advice::FixClient)
            .caused_by(cause);
    }
    let kind = match cause.kind() {
        ErrorKind::NotFound
        | ErrorKind::NotADirectory
        | ErrorKind::AlreadyExists
        | ErrorKind::InvalidInput => Kind::Input,
        ErrorKind::Unsupported => Kind::Unsupported,
        _ => Kind::Transport,
    };
    let message = format!("cannot {verb} {}: {cause}", path.display());
    Error::new(kind, message).caused_by(cause)
}

/// The file is not what it should be.
pub(super) fn unusable(path: &Path, problem: impl fmt::Display) -> Error {
    Error::new(Kind::Input, format!("{}: {problem}", path.display()))
}

/// Its content is no grant: nothing but a new consent brings the tokens back.
pub(super) fn torn(path: &Path, problem: impl fmt::Display) -> Error {
    let advice = "move it away and sign in again";
    unusable(path, format_args!("{problem}; {advice}"))
        .advising(Advice::AskConsent { scopes: Vec::new() })
}

/// It belongs to another user than whoever runs this.
pub(super) fn foreign(path: &Path) -> Error {
    unusable(
        path,
        "expected it to belong to the user who runs this, got another's; use a folder of your own",
    )
}
