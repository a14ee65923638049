//! A text as signatures look at it: in lower case, on one line, with the statuses that it names.

use super::MAX_BYTES;

pub(super) struct Text {
    pub(super) lower: String,
    pub(super) statuses: Vec<u16>,
}

/// What stands before a number that is a status.
const BEFORE: &[&str] = &[
    "http/1.0",
    "http/1.1",
    "http/2",
    "http",
    "status",
    "status code",
    "status_code",
    "code",
    "error",
    "response",
    "returned",
    "result:",
    "got",
    "answered",
    "reply",
    "response code",
    "error code",
    "http error",
    "returned an error:",
    "status code does not indicate success:",
];

/// What stands behind one.
const BEHIND: &[&str] = &[
    "unauthorized",
    "forbidden",
    "not found",
    "gone",
    "temporary redirect",
    "no longer available",
    "bad request",
    "precondition failed",
    "too many requests",
    "moved",
    "token",
    "unknown authorization header",
    "service unavailable",
];

impl Text {
    pub(super) fn of(text: &str) -> Self {
        let mut shortened = String::new();
        let kept = match text.len() > MAX_BYTES {
            false => text,
            true => {
                let (mut first, mut last) = (MAX_BYTES / 2, text.len() - MAX_BYTES / 2);
                while !text.is_char_boundary(first) {
                    first -= 1;
                }
                while !text.is_char_boundary(last) {
                    last += 1;
                }
                shortened.push_str(&text[..first]);
                shortened.push('\n');
                shortened.push_str(&text[last..]);
                &shortened
            }
        };
        let mut lower = String::with_capacity(kept.len());
        for word in kept.split_whitespace() {
            if !lower.is_empty() {
                lower.push(' ');
            }
            lower.push_str(&word.to_lowercase());
        }
        let statuses = statuses(&lower);
        Self { lower, statuses }
    }

    pub(super) fn has(&self, words: &str) -> bool {
        self.lower.contains(words)
    }

    /// Whether a dotted name begins with these words: `com.google.gdata` does not begin with `gdata`.
    pub(super) fn begins(&self, words: &str) -> bool {
        let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
        self.lower
            .match_indices(words)
            .any(|(at, _)| !self.lower[..at].ends_with(part))
    }

    /// Whether a word stands there by itself, with neither letter nor digit beside it.
    pub(super) fn has_word(&self, word: &str) -> bool {
        let part = |c: char| c.is_alphanumeric() || c == '_';
        self.lower.match_indices(word).any(|(at, _)| {
            let before = self.lower[..at].chars().next_back();
            let behind = self.lower[at + word.len()..].chars().next();
            !before.is_some_and(part) && !behind.is_some_and(part)
        })
    }
}

/// Numbers from 300 to 599 that their surroundings make a status.
fn statuses(lower: &str) -> Vec<u16> {
    let bytes = lower.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() && found.len() < 32 {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let length = bytes[at..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let (from, end) = (at, at + length);
        at = end;
        if length != 3 {
            continue;
        }
        let Ok(number) = lower[from..end].parse::<u16>() else {
            continue;
        };
        let before =
            lower[..from].trim_end_matches([' ', ':', '=', '\'', '"', '(', '[', ',', '>', '<']);
        let behind = lower[end..].trim_start_matches([' ', ':', ')', '\'', '"', ',', ']', '-']);
        let told = BEFORE
            .iter()
            .any(|word| before.ends_with(word.trim_end_matches(':')))
            || BEHIND.iter().any(|word| behind.starts_with(word))
            || (from == 0 && end == bytes.len());
        if told && (300..600).contains(&number) && !found.contains(&number) {
            found.push(number);
        }
    }
    found
}
