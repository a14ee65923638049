//! A file put in the place of what was read: whole or not at all, and only over what was read.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::Path,
};

use crate::{error::Error, migrate::disk::failed};

/// Writes a text over the file that it was made from, keeping its permissions.
///
/// # Errors
/// [`Kind::Input`](crate::Kind::Input) when the file is another than was read, or a link;
/// [`Kind::Transport`](crate::Kind::Transport) when it cannot be written.
/// The file is then as it was.
pub(crate) fn replace(path: &Path, before: &[u8], text: &[u8]) -> Result<(), Error> {
    let failed = |cause: io::Error| failed("write", path, cause);
    let about = fs::symlink_metadata(path).map_err(failed)?;
    if !about.is_file() {
        return Err(Error::input(
            "path",
            format_args!(
                "expected a file at {}, got a link or something else",
                path.display()
            ),
        ));
    }
    let beside = path.with_file_name(format!(
        ".{}.{}.new",
        path.file_name().unwrap_or_default().to_string_lossy(),
        std::process::id()
    ));
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&beside);
    let mut file = made.map_err(failed)?;
    let outcome = (|| {
        file.write_all(text)?;
        file.set_permissions(about.permissions())?;
        file.sync_all()?;
        // As late as it can be: whoever writes after this moment is lost, and nobody else.
        match fs::read(path)? == before {
            true => fs::rename(&beside, path).map(|()| true),
            false => Ok(false),
        }
    })();
    if !matches!(outcome, Ok(true)) {
        let _ = fs::remove_file(&beside);
    }
    match outcome {
        Ok(true) => Ok(()),
        Ok(false) => Err(Error::input(
            "path",
            format_args!(
                "expected {} as it was read, it has changed meanwhile",
                path.display()
            ),
        )),
        Err(cause) => Err(failed(cause)),
    }
}
