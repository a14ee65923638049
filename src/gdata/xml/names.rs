//! Names and the namespaces that their prefixes stand for (Namespaces in XML 1.0, 3 and 5).

use std::borrow::Cow;

use crate::gdata::namespaces::XML;

/// The most declarations in force at one place; every name is looked up among them.
pub(super) const MAX_BINDINGS: usize = 128;

/// What is wrong with a repeated attribute.
pub(super) const TWICE: &str = "expected every attribute once, got one twice";

/// The declarations in force at one place of a document, innermost last.
pub(super) struct Bindings<'a> {
    all: Vec<Binding<'a>>,
}

struct Binding<'a> {
    prefix: &'a str,
    uri: Cow<'a, str>,
    depth: usize,
}

impl<'a> Bindings<'a> {
    pub(super) fn new() -> Self {
        let xml = Binding {
            prefix: "xml",
            uri: Cow::Borrowed(XML),
            depth: 0,
        };
        Self { all: vec![xml] }
    }

    /// Declares `prefix` (empty for the default namespace) for an element at `depth`.
    pub(super) fn declare(
        &mut self,
        prefix: &'a str,
        uri: Cow<'a, str>,
        depth: usize,
    ) -> Result<(), &'static str> {
        let mut own = self.all.iter().rev().take_while(|one| one.depth == depth);
        if own.any(|one| one.prefix == prefix) {
            return Err(TWICE);
        }
        if self.all.len() > MAX_BINDINGS {
            return Err("expected at most 128 namespaces at one place, got more");
        }
        self.all.push(Binding { prefix, uri, depth });
        Ok(())
    }

    /// Forgets what elements below `depth` declared.
    pub(super) fn leave(&mut self, depth: usize) {
        while self.all.last().is_some_and(|last| last.depth > depth) {
            self.all.pop();
        }
    }

    /// The namespace of `prefix`: `None` when it is not declared, `Some(None)` when it is no namespace.
    pub(super) fn resolve(&self, prefix: &str) -> Option<Option<Cow<'a, str>>> {
        let found = self.all.iter().rev().find(|one| same(one.prefix, prefix));
        match found {
            Some(one) if one.uri.is_empty() => Some(None),
            Some(one) => Some(Some(one.uri.clone())),
            None if prefix.is_empty() => Some(None),
            None => None,
        }
    }
}

/// `prefix:local` in two, the prefix empty where there is none; `None` when either is no name.
pub(super) fn split(name: &str) -> Option<(&str, &str)> {
    let (prefix, local, end) = leading(name)?;
    (end == name.len()).then_some((prefix, local))
}

/// The name that `text` begins with, in two, and its length; `None` when it begins with none.
pub(super) fn leading(text: &str) -> Option<(&str, &str, usize)> {
    let bytes = text.as_bytes();
    let name_at = |from: usize| {
        let rest = &bytes[from..];
        let other = |byte: &u8| !NAME_BYTES[usize::from(*byte)];
        let length = rest.iter().position(other).unwrap_or(rest.len());
        let starts = rest
            .first()
            .is_some_and(|byte| !matches!(byte, b'0'..=b'9' | b'-' | b'.'));
        (length > 0 && starts).then_some(from + length)
    };
    let end = name_at(0)?;
    if bytes.get(end) != Some(&b':') {
        return Some(("", &text[..end], end));
    }
    let all = name_at(end + 1)?;
    Some((&text[..end], &text[end + 1..all], all))
}

/// Equality of short names, most of which differ in their first byte.
pub(super) fn same(left: &str, right: &str) -> bool {
    left.len() == right.len()
        && left.as_bytes().first() == right.as_bytes().first()
        && left == right
}

/// Whether `text` is a name without a colon.
pub(super) fn is_name(text: &str) -> bool {
    split(text).is_some_and(|(prefix, _)| prefix.is_empty())
}

/// Which bytes a name may hold after its first. All characters beyond ASCII pass.
const NAME_BYTES: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        table[at] =
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') || byte >= 0x80;
        at += 1;
    }
    table
};
