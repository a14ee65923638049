//! One text of a document: a slice of it, or what its escapes stand for.

use std::borrow::Cow;

use bytes::Bytes;

/// A text; bytes, because a recorder may have put there what is not UTF-8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cassette::format) enum Text<'f> {
    /// As it stands in the file.
    Plain(&'f [u8]),
    /// It had escapes.
    Unescaped(Vec<u8>),
}

impl<'f> Text<'f> {
    pub(in crate::cassette::format) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Plain(bytes) => bytes,
            Self::Unescaped(bytes) => bytes,
        }
    }

    /// As UTF-8; other bytes are replaced.
    pub(in crate::cassette::format) fn into_string(self) -> String {
        match self {
            Self::Plain(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Self::Unescaped(bytes) => match String::from_utf8(bytes) {
                Ok(text) => text,
                Err(other) => String::from_utf8_lossy(other.as_bytes()).into_owned(),
            },
        }
    }

    /// As UTF-8, to look at.
    pub(in crate::cassette::format) fn to_str(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.as_bytes())
    }

    /// As bytes that hold on to the file instead of copying from it.
    pub(in crate::cassette::format) fn into_bytes(self, file: &Bytes) -> Bytes {
        match self {
            Self::Plain(bytes) => file.slice_ref(bytes),
            Self::Unescaped(bytes) => bytes.into(),
        }
    }
}
