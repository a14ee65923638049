//! What a source is, told by its first bytes and never by its name.

use super::{
    super::{blob::Blob, value},
    ours, php_session,
};
use crate::migrate::import::inventory::Form;

/// What a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::migrate::import) enum Kind {
    /// Nothing that is known here.
    Nothing,
    /// Known, and not read here: why, and what to do.
    Unsupported(&'static str),
    Utf16 {
        big_endian: bool,
    },
    Pickle,
    Json,
    JsonLines,
    /// An inventory, as this crate writes it.
    Inventory,
    Php,
    Cookies,
    Moodle,
    /// Blobs, headers and forms, parted by commas or lines.
    Records,
    Settings,
}

/// Beginnings of what is known and not read.
const UNSUPPORTED: &[(&[u8], &str)] = &[
    (
        b"SQLite format 3\0",
        "a database of SQLite, such as gcloud's credentials.db: legacy_credentials/ beside it has the same grants",
    ),
    (
        b"\xac\xed\x00\x05",
        "objects serialised by Java, such as a StoredCredential: print them by the program that wrote them",
    ),
    (
        b"RCLONE_ENCRYPT_V0:",
        "an encrypted configuration of rclone: `rclone config show` prints it",
    ),
    (
        b"\xfe\xed\xfe\xed",
        "a key store of Java: `keytool -importkeystore` makes a PKCS#12 file of it",
    ),
    (
        b"\xff\xfe\0\0",
        "text in UTF-32: `iconv -f UTF-32 -t UTF-8` makes one of it that is read",
    ),
    (
        b"\0\0\xfe\xff",
        "text in UTF-32: `iconv -f UTF-32 -t UTF-8` makes one of it that is read",
    ),
    (b"\x1f\x8b", "compressed by gzip: unpack it first"),
    (b"PK\x03\x04", "a ZIP archive: unpack it first"),
];

/// How texts begin that are pickles of protocol 0 or 1.
const PICKLES: &[&[u8]] = &[
    b"(dp", b"(lp", b"(i", b"(tp", b"}q", b"]q", b"(dq", b"(lq", b"}(", b"(c",
];

pub(in crate::migrate::import) fn sniff(head: &[u8]) -> Kind {
    if let Some((_, what)) = UNSUPPORTED
        .iter()
        .find(|(start, _)| head.starts_with(start))
    {
        return Kind::Unsupported(what);
    }
    if memchr::memmem::find(&head[..head.len().min(4096)], b"RCLONE_ENCRYPT_V0:").is_some() {
        return Kind::Unsupported(UNSUPPORTED[2].1);
    }
    match head {
        [0xff, 0xfe, ..] => return Kind::Utf16 { big_endian: false },
        [0xfe, 0xff, ..] => return Kind::Utf16 { big_endian: true },
        [0x80, 0..=5, ..] => return Kind::Pickle,
        _ => {}
    }
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if is_pickle(head) {
        return Kind::Pickle;
    }
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start();
    // A session of PHP has NUL in the names of what is protected.
    if php_session::looks(text) {
        return Kind::Php;
    }
    if memchr::memchr(0, head).is_some() {
        return Kind::Nothing;
    }
    if text.starts_with(ours::INVENTORY) {
        return Kind::Inventory;
    }
    if let Some(kind) = json(text) {
        return kind;
    }
    let line = text.lines().next().unwrap_or_default().trim_end();
    if is_cookies(text) {
        return Kind::Cookies;
    }
    if is_dump(text) {
        return Kind::Moodle;
    }
    if is_record(line) {
        return Kind::Records;
    }
    if is_settings(text) {
        return Kind::Settings;
    }
    match value::by_shape(line, Form::BareToken) {
        Some(_) => Kind::Records,
        None => Kind::Nothing,
    }
}

fn is_pickle(head: &[u8]) -> bool {
    if PICKLES.iter().any(|start| head.starts_with(start)) {
        return true;
    }
    // A class by its module and name, each on a line.
    let Some(rest) = head.strip_prefix(b"c") else {
        return false;
    };
    let word = |line: Option<&[u8]>| {
        line.is_some_and(|line| {
            let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
            !line.is_empty() && line.iter().all(part)
        })
    };
    let mut lines = rest.splitn(3, |byte| *byte == b'\n');
    word(lines.next()) && word(lines.next()) && lines.next().is_some()
}

/// One document, or one on each line.
fn json(text: &str) -> Option<Kind> {
    let inner = match text.as_bytes().first()? {
        b'{' => return Some(lines_or_document(text)),
        b'[' => text[1..].trim_start(),
        _ => return None,
    };
    // `[section]` is no JSON.
    let starts = inner.is_empty() || inner.starts_with(['{', '[', '"', ']']);
    starts.then(|| lines_or_document(text))
}

fn lines_or_document(text: &str) -> Kind {
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    let more = lines.any(|line| line.trim_start().starts_with('{'));
    match more && serde_json::from_str::<serde::de::IgnoredAny>(first).is_ok() {
        true => Kind::JsonLines,
        false => Kind::Json,
    }
}

fn is_cookies(text: &str) -> bool {
    if ["# Netscape HTTP Cookie File", "# HTTP Cookie File"]
        .iter()
        .any(|start| text.starts_with(start))
    {
        return true;
    }
    text.lines()
        .find(|line| !line.is_empty() && !line.starts_with("# "))
        .is_some_and(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            fields.len() == 7 && matches!(fields[1], "TRUE" | "FALSE")
        })
}

/// A dump of a database, or columns with Moodle's preference.
fn is_dump(text: &str) -> bool {
    text.contains("google_authsub_sesskey")
        || [
            "INSERT INTO ",
            "CREATE TABLE ",
            "-- MySQL dump",
            "-- PostgreSQL database dump",
        ]
        .iter()
        .any(|mark| text.contains(mark))
}

/// A blob, a header, or a form; a name may stand before a blob.
fn is_record(line: &str) -> bool {
    let first = line.split(',').next().unwrap_or_default();
    let begins = line
        .split([',', '\t', ' '])
        .take(3)
        .any(|word| Blob::begins(word.trim_matches('"')));
    begins || first.starts_with("~~") || value::read(first, Form::BareToken).is_some()
}

/// Whether one of the first lines sets something.
fn is_settings(text: &str) -> bool {
    let mut lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with(['#', ';', '!']));
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | ' ' | '@');
    lines.by_ref().take(50).any(|line| {
        line.starts_with('[')
            || line.split_once(['=', ':']).is_some_and(|(name, _)| {
                !name.is_empty() && name.len() < 128 && name.chars().all(plain)
            })
    })
}
