//! A credential as a file that its owner alone reads.

use std::path::Path;

use crate::{
    cli::private_file,
    error::{Error, Kind},
    scheme::AuthScheme,
    secret::Secret,
    store::Sealed,
};

/// Refuses a file that is there, unless it may be overwritten.
///
/// # Errors
/// [`Kind::Input`] naming `save`.
pub(super) fn check(path: &Path, force: bool) -> Result<(), Error> {
    private_file::check("save", path, force)
}

/// Writes the credential.
///
/// # Errors
/// As [`check`], and when the file cannot be written.
pub(super) fn save(scheme: &AuthScheme, path: &Path, force: bool) -> Result<(), Error> {
    let text = serde_json::to_string(&Sealed::new(scheme)).map_err(|cause| {
        Error::new(Kind::Input, "save: cannot write the credential as JSON").caused_by(cause)
    })?;
    private_file::save("save", path, &Secret::new(text), force)
}
