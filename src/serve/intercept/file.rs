//! The certificate of an authority as a file that clients trust.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::error::Error;

/// Writes `pem` for everyone to read, in place of nothing or of one certificate; a crash leaves the old or the new.
pub(super) fn save(path: &Path, pem: &str) -> Result<(), Error> {
    let wrong = |problem: &str| {
        Error::input(
            "ca",
            format_args!("{}: expected {problem}, got something else", path.display()),
        )
    };
    match path.symlink_metadata() {
        Ok(there) if !there.is_file() => return Err(wrong("a file")),
        Ok(there) if there.len() > LARGEST || !is_certificate(path) => {
            return Err(wrong("no file, or one with one certificate"));
        }
        _ => {}
    }
    let failed = |cause: io::Error| {
        Error::input(
            "ca",
            format_args!("{}: expected to write it, got: {cause}", path.display()),
        )
        .caused_by(cause)
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
    let written = write(&beside, pem.as_bytes()).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // The first failure is the one to tell.
        let _gone = fs::remove_file(&beside);
    }
    written.map_err(failed)
}

/// RFC 7468.
pub(super) fn pem(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut pem = format!("{BEGIN}\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(64));
        pem.push_str(line);
        pem.push('\n');
        rest = more;
    }
    pem + END + "\n"
}

fn is_certificate(path: &Path) -> bool {
    let Ok(text) = fs::read_to_string(path) else {
        return false;
    };
    let text = text.trim();
    text.starts_with(BEGIN) && text.ends_with(END) && text.matches("-----BEGIN").count() == 1
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    let mut file = options.open(path)?;
    // Whatever the mask of this process: clients of other users have to read it.
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
    file.write_all(bytes)?;
    file.sync_all()
}

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";
/// Of a file that could be one certificate.
const LARGEST: u64 = 64 << 10;
