//! Small files that commands read: keys, tokens, configurations.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
};

use serde::de::DeserializeOwned;

use crate::{
    error::{Error, Kind},
    migrate::disk::refused,
    secret::Secret,
};

/// The most bytes that are read from one file.
const MAX: u64 = 1024 * 1024;

/// A whole file; `-` is stdin.
///
/// # Errors
/// [`Kind::Input`] naming `option` and the file; [`Kind::Transport`] with what to do, where this user may not read it.
pub(super) fn read(option: &str, path: &Path) -> Result<Vec<u8>, Error> {
    read_up_to(option, path, MAX)
}

/// A whole file of at most `max` bytes; `-` is stdin.
///
/// # Errors
/// As [`read`].
pub(super) fn read_up_to(option: &str, path: &Path, max: u64) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let outcome = if path == Path::new("-") {
        std::io::stdin()
            .lock()
            .take(max + 1)
            .read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(max + 1).read_to_end(&mut bytes))
    };
    outcome.map_err(|cause| refused(option, "read", path, cause))?;
    if bytes.len() as u64 > max {
        return Err(Error::input(
            option,
            format_args!("expected at most {max} bytes in {}", path.display()),
        ));
    }
    Ok(bytes)
}

/// A file of any size, to be read as it goes; `-` is stdin.
///
/// # Errors
/// As [`read`], when it cannot be opened.
pub(super) fn stream(option: &str, path: &Path) -> Result<Box<dyn BufRead>, Error> {
    if path == Path::new("-") {
        return Ok(Box::new(std::io::stdin().lock()));
    }
    let file = std::fs::File::open(path).map_err(|cause| refused(option, "read", path, cause))?;
    Ok(Box::new(BufReader::with_capacity(256 << 10, file)))
}

/// A configuration in TOML.
///
/// # Errors
/// As [`read_text`], and naming the line that is not what it should be; the text itself is not shown.
pub(super) fn read_toml<T: DeserializeOwned>(option: &str, path: &Path) -> Result<T, Error> {
    let text = read_text(option, path)?;
    toml::from_str(&text).map_err(|cause| {
        let line = cause
            .span()
            .map_or(0, |span| text[..span.start].matches('\n').count() + 1);
        Error::new(
            Kind::Input,
            format!(
                "{option}: {}, line {line}: {}",
                path.display(),
                cause.message()
            ),
        )
    })
}

/// The text of a file, without the line break at its end.
///
/// # Errors
/// As [`read`], and when it is not UTF-8.
pub(super) fn read_text(option: &str, path: &Path) -> Result<String, Error> {
    let mut text = String::from_utf8(read(option, path)?).map_err(|_| {
        Error::input(
            option,
            format_args!("expected text in UTF-8 in {}", path.display()),
        )
    })?;
    while text.ends_with(['\n', '\r']) {
        text.pop();
    }
    Ok(text)
}

/// A secret on the command line or, better, in a file.
///
/// # Errors
/// As [`read_text`], and when there is neither.
pub(super) fn secret(
    option: &str,
    given: Option<&str>,
    file: Option<&Path>,
) -> Result<Secret, Error> {
    match (given, file) {
        (Some(text), _) => Ok(Secret::new(text)),
        (None, Some(path)) => read_text(option, path).map(Secret::new),
        (None, None) => Err(Error::input(option, "expected a value or a file")),
    }
}
