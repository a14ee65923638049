//! What a request carries, and of which type it is.

use std::path::Path;

use bytes::Bytes;

use crate::{
    cli::{args::SendRequest, files},
    error::Error,
};

/// The most bytes of a body that are read into memory.
const MAX_BODY: u64 = 512 * 1024 * 1024;
const ATOM: &str = "application/atom+xml; charset=UTF-8";
const JSON: &str = "application/json; charset=UTF-8";
const UNKNOWN: &str = "application/octet-stream";

/// Types by the ends of names; what is not here is said with --content-type.
const KINDS: &[(&str, &str)] = &[
    ("3gp", "video/3gpp"),
    ("avi", "video/x-msvideo"),
    ("csv", "text/csv"),
    ("flv", "video/x-flv"),
    ("gif", "image/gif"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("json", "application/json"),
    ("m4v", "video/mp4"),
    ("mkv", "video/x-matroska"),
    ("mov", "video/quicktime"),
    ("mp4", "video/mp4"),
    ("mpeg", "video/mpeg"),
    ("mpg", "video/mpeg"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("srt", "application/x-subrip"),
    ("txt", "text/plain"),
    ("vtt", "text/vtt"),
    ("webm", "video/webm"),
    ("wmv", "video/x-ms-wmv"),
    ("xml", "application/xml"),
    ("zip", "application/zip"),
];

/// What describes something: today's APIs say it in JSON, gdata in Atom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Described {
    Json,
    Other,
}

/// The text of `--data`.
pub(super) fn data(options: &SendRequest) -> Result<Option<Bytes>, Error> {
    let Some(data) = &options.data else {
        return Ok(None);
    };
    Ok(Some(Bytes::from(match data.split_at_checked(1) {
        Some(("@", path)) => files::read_up_to("data", path.as_ref(), MAX_BODY)?,
        _ => data.clone().into_bytes(),
    })))
}

/// The body of a plain request, with its type.
pub(super) fn body(options: &SendRequest) -> Result<Option<(Bytes, String)>, Error> {
    let (body, kind) = match (&options.upload, data(options)?) {
        (Some(_), Some(_)) => {
            return Err(Error::input(
                "data",
                "expected --data beside --upload only where the address has /upload/ in it",
            ));
        }
        // The transport reads it as it goes.
        (Some(path), None) => (Bytes::new(), kind_of_file(path)),
        (None, Some(body)) => {
            let kind = match described(&body) {
                Described::Json => JSON,
                Described::Other => ATOM,
            };
            (body, kind)
        }
        (None, None) => return Ok(None),
    };
    let kind = options.content_type.as_deref().unwrap_or(kind);
    Ok(Some((body, kind.to_owned())))
}

/// Told by its first character.
pub(super) fn described(text: &[u8]) -> Described {
    match text.trim_ascii_start().first() {
        Some(b'{' | b'[') => Described::Json,
        _ => Described::Other,
    }
}

/// Told by its name.
pub(super) fn kind_of_file(path: &Path) -> &'static str {
    let end = path.extension().and_then(|end| end.to_str());
    let end = end.unwrap_or_default().to_ascii_lowercase();
    KINDS
        .iter()
        .find(|(known, _)| *known == end)
        .map_or(UNKNOWN, |(_, kind)| kind)
}
