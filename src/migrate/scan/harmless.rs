//! What of a literal may be shown: words, names, addresses; whatever else could be a secret and is blotted out.
//!
//! A literal is taken apart into pieces; a piece is plain if its parts are words or short numbers. Where a literal is one
//! word, one piece that is not plain hides it whole, since a password may have any characters; in sentences, addresses,
//! forms and markup the piece alone is hidden.

use std::ops::Range;

use crate::migrate::catalogue::{Catalogue, Service};

/// Words that are no secret wherever they stand, beside the codes of the catalogue.
const WORDS: &[&str] = &["Zend_Gdata_ClientLogin", "anonymous", "UTF-8"];

/// Names with digits in them, in lower case, which may be parts of longer names.
const NUMBERED: &[&str] = &[
    "oauth1",
    "oauth2",
    "openid2",
    "sha1",
    "sha256",
    "sha512",
    "md5",
    "utf8",
    "utf16",
    "base64",
    "x509",
    "html5",
    "latin1",
    "c2dm",
    "gcal4ruby",
    "iso8859",
    "lh2",
    "i18n",
    "h264",
    "od6",
    "p12",
    "mp4",
    "mp3",
    "python2",
    "python3",
];

/// What parts pieces from one another.
const BETWEEN: &[char] = &[
    '"', '\'', '`', '<', '>', '&', '?', '=', ',', ';', ':', '(', ')', '{', '}', '[', ']', '|',
    '\\', '$', '#', '%', '@', '!', '*', '^',
];

/// The most digits of a number that is shown: years, ports.
const DIGITS: usize = 4;
/// The most letters of a word.
const LETTERS: usize = 32;
/// So many small consonants in a row are no word.
const CONSONANTS: usize = 6;

/// Codes and words that are no secret wherever they stand.
pub(super) fn is_harmless(text: &str) -> bool {
    text.is_empty()
        || text.starts_with("/accounts/")
        || text.contains("://")
        || WORDS.contains(&text)
        || is_code(text)
}

/// Whether it is a code of ClientLogin, such as `cl`.
fn is_code(text: &str) -> bool {
    Catalogue::built_in().is_ok_and(|catalogue| {
        let mut codes = catalogue.services().iter().flat_map(Service::codes);
        codes.any(|code| code == text)
    })
}

/// A password that says that a password belongs there.
pub(super) fn is_placeholder(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "xxx", "***", "your", "changeme", "passw", "none", "null", "true", "false", "self.",
        "getpass", "config", "request", "optparse", "string", "params",
    ];
    const WHOLE: &[&str] = &["anonymous", "secret", "consumersecret", "clientsecret"];
    let lower = text.to_ascii_lowercase();
    WHOLE.contains(&&*lower)
        || [".p12", ".pem", ".json", "_secret"]
            .iter()
            .any(|end| lower.ends_with(end))
        || WORDS.iter().any(|word| lower.starts_with(word))
        || lower.contains("password")
        || lower.contains("passwd")
        // A developer key, which W21 tells.
        || text.starts_with("AI39si")
        || text.starts_with(['$', '{', '<', '%', '[', ')', '+'])
}

/// Whether a literal has another value put in.
pub(super) fn is_template(text: &str) -> bool {
    text.starts_with('$') || ["#{", "${", "{$"].iter().any(|open| text.contains(open))
}

/// The stretches of a literal, or of prose, that could be secrets.
pub(super) fn suspects(text: &str) -> Vec<Range<usize>> {
    let found: Vec<Range<usize>> = pieces(text).flat_map(|piece| within(text, piece)).collect();
    let first = text.trim();
    let one = !first.contains(char::is_whitespace)
        && !first.starts_with(['/', '?', '&', '<'])
        && !first.contains(['=', '<', '{', '$'])
        && !first.contains("://");
    let odd = one && first.len() > 3 && has_odd(first);
    match one && (odd || !found.is_empty()) {
        true => std::iter::once(0..text.len()).collect(),
        false => found,
    }
}

/// Whether there is a mark between letters that no name or address has.
fn has_odd(word: &str) -> bool {
    word.char_indices().any(|(at, c)| {
        "!^~*".contains(c)
            && word[..at].ends_with(char::is_alphanumeric)
            && word[at + 1..].starts_with(char::is_alphanumeric)
    })
}

fn pieces(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    text.split(|c: char| c.is_whitespace() || BETWEEN.contains(&c))
        .map(move |piece| {
            let start = at;
            // Each of them is one byte, but for spaces of other scripts.
            let end = start + piece.len();
            at = end + text[end..].chars().next().map_or(0, char::len_utf8);
            start..end
        })
        .filter(|piece| !piece.is_empty())
}

/// What of a piece could be a secret.
fn within(text: &str, piece: Range<usize>) -> Vec<Range<usize>> {
    let (before, behind) = (&text[..piece.start], &text[piece.end..]);
    let start = piece.start + escaped(before, &text[piece.clone()]);
    let word = &text[start..piece.end];
    if word.len() <= 2 || is_put_in(before, word) || is_user(word, behind) {
        return Vec::new();
    }
    let is_address = before.ends_with("://") || before.ends_with(':') || word.starts_with('/');
    let is_address =
        is_address || (word.contains('/') && word.split('/').next().is_some_and(is_host));
    if !is_address {
        let plain = !is_token(word) && word.split('/').all(is_plain);
        return match plain {
            true => Vec::new(),
            false => std::iter::once(start..piece.end).collect(),
        };
    }
    let (mut at, mut found) = (start, Vec::new());
    for segment in word.split('/') {
        if !is_plain(segment) && !is_host(segment) {
            found.push(at..at + segment.len());
        }
        at += segment.len() + 1;
    }
    found
}

/// How many bytes of a piece belong to what stands before it: `\n`, `\x3a`, `%2F`.
fn escaped(before: &str, piece: &str) -> usize {
    let hex = |from: usize, many: usize| {
        let digits = piece.get(from..from + many);
        digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    if before.ends_with('%') && hex(0, 2) {
        return 2;
    }
    if !before.ends_with('\\') {
        return 0;
    }
    match piece.bytes().next() {
        Some(b'x') if hex(1, 2) => 3,
        Some(b'u') if hex(1, 4) => 5,
        Some(first) if first.is_ascii() => 1,
        _ => 0,
    }
}

/// Whether the name of a value that is put in stands here: `${name1}`, `%(name1)s`, `$name1`.
fn is_put_in(before: &str, word: &str) -> bool {
    let opened = ["{", "%(", "${", "#{", "{$"]
        .iter()
        .any(|open| before.ends_with(open));
    let dollar = before
        .strip_suffix('$')
        .is_some_and(|rest| !rest.ends_with(char::is_alphanumeric));
    let is_name = word.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && word
            .chars()
            .all(|c| c.is_alphanumeric() || "_.-/".contains(c))
        && word.len() <= LETTERS;
    (opened || dollar) && is_name && word.bytes().filter(u8::is_ascii_digit).count() <= 2
}

/// Whether an e-mail begins with this word.
fn is_user(word: &str, behind: &str) -> bool {
    let host = behind.strip_prefix('@').map(|rest| {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '.' && c != '-');
        &rest[..end.unwrap_or(rest.len())]
    });
    word.len() <= LETTERS && host.is_some_and(is_host)
}

/// `www.example.com`, but no `a.b1c2`.
fn is_host(text: &str) -> bool {
    let Some((_, top)) = text.rsplit_once('.') else {
        return false;
    };
    const TOPS: &[&str] = &[
        "com", "org", "net", "edu", "gov", "example", "test", "invalid", "info", "io", "de", "uk",
    ];
    let plain = |label: &str| label.len() <= LETTERS;
    (TOPS.contains(&top) || text.split('.').all(is_plain)) && text.split('.').all(plain)
}

/// `1/abc`: a token of AuthSub or OAuth.
fn is_token(word: &str) -> bool {
    word.split_once('/').is_some_and(|(number, rest)| {
        number.len() == 1
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && rest.contains(char::is_alphabetic)
    })
}

/// Whether it is of words and short numbers alone.
fn is_plain(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).all(is_word)
}

fn is_word(part: &str) -> bool {
    let digits = part.chars().filter(|c| c.is_numeric()).count();
    let length = part.chars().count();
    if digits == length {
        return digits <= DIGITS;
    }
    if digits == 0 {
        return has_shape(part);
    }
    let lower = part.to_ascii_lowercase();
    let version = lower.strip_prefix('v').is_some_and(|number| {
        number.len() <= 2 && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    let bare = NUMBERED
        .iter()
        .fold(lower, |rest, name| rest.replace(name, ""));
    version || length <= 2 || (bare.chars().all(char::is_alphabetic) && has_shape(&bare))
}

/// Whether letters look like a word, or like words put together as names are.
fn has_shape(word: &str) -> bool {
    let length = word.chars().count();
    if length <= 4 {
        return true;
    }
    let (mut humps, mut capitals, mut consonants, mut small) = (1, 0, 0, String::new());
    let mut lower_before = false;
    for c in word.chars() {
        // Capitals are no measure: names have `HTTP` in them.
        consonants = match "aeiouy".contains(c) || !c.is_ascii_lowercase() {
            true => 0,
            false => consonants + 1,
        };
        if consonants >= CONSONANTS {
            return false;
        }
        if c.is_uppercase() {
            if lower_before {
                humps += 1;
                capitals = 0;
            }
            capitals += 1;
            small.clear();
        } else {
            small.push(c);
        }
        lower_before = !c.is_uppercase();
    }
    // `CANARYpw`: no word goes on like that.
    let broken = capitals > 2 && small.len() > 1 && !small.contains(['a', 'e', 'i', 'o', 'u', 'y']);
    length <= LETTERS && 2 * length >= 5 * humps && !broken
}
