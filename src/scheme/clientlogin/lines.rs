//! The `key=value` lines of a login's answer, in place.
//!
//! As liberal as [`crate::wire::lines`], whose doc has the rules. It copies nothing, because the values
//! are tokens, and a copy that is not a `Secret` would stay in memory.

use crate::{error::Error, wire::lines::MAX_BODY};

/// The lines of a body; those that are not text are passed over, because a byte of Latin-1 in one line is no
/// reason to lose the token in another.
#[derive(Clone, Copy)]
pub(super) struct Lines<'a>(&'a [u8]);

impl<'a> Lines<'a> {
    /// # Errors
    /// `Kind::Reply` naming `body`, when it is too long or holds a NUL.
    pub(super) fn of(body: &'a [u8]) -> Result<Self, Error> {
        if body.len() > MAX_BODY {
            return Err(Error::reply(
                "body",
                format_args!("expected at most {MAX_BODY} bytes, got {}", body.len()),
            ));
        }
        if memchr::memchr(0, body).is_some() {
            return Err(Error::reply("body", "expected text, got a NUL byte"));
        }
        Ok(Self(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)))
    }

    /// The first value of each key that is not empty, whatever the key's case.
    pub(super) fn first<const N: usize>(self, keys: [&str; N]) -> [Option<&'a str>; N] {
        let mut found = [None; N];
        for (key, value) in self.pairs().filter(|(_, value)| !value.is_empty()) {
            let slot = keys
                .iter()
                .position(|known| known.eq_ignore_ascii_case(key));
            if let Some(slot) = slot {
                found[slot].get_or_insert(value);
            }
        }
        found
    }

    fn pairs(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let mut rest = Some(self.0);
        std::iter::from_fn(move || {
            let bytes = rest?;
            let end = memchr::memchr2(b'\n', b'\r', bytes);
            rest = end.map(|end| &bytes[end + 1..]);
            Some(&bytes[..end.unwrap_or(bytes.len())])
        })
        .filter_map(|line| std::str::from_utf8(line).ok()?.split_once('='))
        .map(|(key, value)| (key.trim(), value.trim()))
    }
}
