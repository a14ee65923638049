//! Where grants are kept on this machine.
//!
//! | | |
//! |---|---|
//! | named | `--store`, else `GDATA_AUTH_STORE` |
//! | Windows | `%APPDATA%\gdata-auth` |
//! | macOS | `~/Library/Application Support/gdata-auth` |
//! | elsewhere | `$XDG_DATA_HOME/gdata-auth`, else `~/.local/share/gdata-auth` |

use std::path::PathBuf;

use crate::{cli::args::StoreArgs, error::Error, store::FileStore};

/// The folder, whether or not it is there.
///
/// # Errors
/// [`Kind::Input`](crate::Kind::Input) when nothing tells where the user's data are.
pub(in crate::cli) fn folder(options: &StoreArgs) -> Result<PathBuf, Error> {
    if let Some(folder) = options.store.clone().or_else(|| place("GDATA_AUTH_STORE")) {
        return Ok(folder);
    }
    let data = if cfg!(windows) {
        place("APPDATA")
    } else if cfg!(target_os = "macos") {
        place("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        // The specification of base directories: one that is not absolute does not count.
        place("XDG_DATA_HOME")
            .filter(|data| data.is_absolute())
            .or_else(|| place("HOME").map(|home| home.join(".local/share")))
    };
    data.map(|data| data.join("gdata-auth")).ok_or_else(|| {
        Error::input(
            "store",
            "expected --store, or GDATA_AUTH_STORE: nothing tells where this user's data are",
        )
    })
}

/// The store, where its folder is there: reading makes none.
///
/// # Errors
/// As [`folder`] and [`FileStore::open`].
pub(in crate::cli) fn there(options: &StoreArgs) -> Result<Option<FileStore>, Error> {
    let folder = folder(options)?;
    match folder.symlink_metadata() {
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(None),
        _ => FileStore::open(folder).map(Some),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the command line may read the environment"
)]
fn place(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}
