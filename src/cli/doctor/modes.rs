//! Whether a file with a secret in it is its owner's alone.

use std::path::Path;

use super::finding::Findings;

/// Others than its owner may read or write the file.
#[cfg(unix)]
pub(super) fn look(path: &Path, findings: &mut Findings) {
    use std::os::unix::fs::PermissionsExt;

    let Ok(found) = path.metadata() else {
        return;
    };
    let mode = found.permissions().mode() & 0o777;
    if found.is_file() && mode & 0o077 != 0 {
        findings.wrong(
            "file-mode",
            format!(
                "{} holds secrets and has mode {mode:03o}: other users of this machine may use it",
                path.display()
            ),
            format!("chmod 600 {}", path.display()),
        );
    }
}

/// The rights of the user's profile are not looked at.
#[cfg(not(unix))]
pub(super) fn look(_: &Path, _: &mut Findings) {}
