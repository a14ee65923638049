//! A rewritten file put in its place: whole or not at all, and only over what was read.

use std::path::Path;

use super::edits::Rewritten;
use crate::{error::Error, migrate::replace::replace};

/// Writes the rewritten text over the file that it was read from, keeping its permissions.
///
/// # Errors
/// [`Kind::Input`](crate::Kind::Input) when the file is another than was read, or a link;
/// [`Kind::Transport`](crate::Kind::Transport) when it cannot be written. The file is then as it was.
pub fn write(path: &Path, rewritten: &Rewritten) -> Result<(), Error> {
    replace(path, &rewritten.before, &rewritten.text)
}
