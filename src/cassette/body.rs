//! A recorded body, and what is known of how it came to be these bytes.

use std::{borrow::Cow, fmt};

use bytes::Bytes;

use super::{Headers, Limits, coding};
use crate::error::Error;

/// A body as it was recorded.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Body {
    /// The bytes that are there.
    pub bytes: Bytes,
    /// Whether they are those of the wire.
    pub form: BodyForm,
    /// The length that the whole body had, where less than that was kept.
    pub truncated_from: Option<u64>,
    /// Whether something in it was replaced.
    pub redacted: bool,
}

/// Whether bytes are those of the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BodyForm {
    /// As they came, under the `Content-Encoding` that the headers tell.
    Wire,
    /// A recorder undid the coding, and left or took away the header that told it.
    Decoded,
    /// The format does not say. The bytes themselves tell: see [`Body::is_decoded`].
    #[default]
    Unknown,
}

impl Body {
    /// A body as it came over the wire.
    #[must_use]
    pub fn wire(bytes: impl Into<Bytes>) -> Self {
        Self {
            bytes: bytes.into(),
            form: BodyForm::Wire,
            ..Self::default()
        }
    }

    /// A body of which the format does not say how it came to be.
    #[must_use]
    pub fn unknown(bytes: impl Into<Bytes>) -> Self {
        Self {
            bytes: bytes.into(),
            ..Self::default()
        }
    }

    /// A body whose coding a recorder undid.
    #[must_use]
    pub fn decoded(bytes: impl Into<Bytes>) -> Self {
        Self {
            bytes: bytes.into(),
            form: BodyForm::Decoded,
            ..Self::default()
        }
    }

    /// Whether `headers` tell a coding that these bytes no longer have.
    #[must_use]
    pub fn is_decoded(&self, headers: &Headers) -> bool {
        match self.form {
            BodyForm::Wire => false,
            BodyForm::Decoded => !coding::told(headers).is_empty(),
            BodyForm::Unknown => coding::is_undone(headers, &self.bytes),
        }
    }

    /// The bytes with `gzip` and `deflate` undone, where they are there.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) when they are damaged, or larger than [`Limits::body`] inside;
    /// [`Kind::Unsupported`](crate::Kind::Unsupported) for another coding.
    pub fn plain(&self, headers: &Headers, limits: &Limits) -> Result<Cow<'_, [u8]>, Error> {
        if self.bytes.is_empty() || self.form == BodyForm::Decoded || self.is_decoded(headers) {
            return Ok(Cow::Borrowed(&self.bytes));
        }
        coding::undo(headers, &self.bytes, limits)
    }
}

/// How long it is, not what it says.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body")
            .field("bytes", &format_args!("{} bytes", self.bytes.len()))
            .field("form", &self.form)
            .field("truncated_from", &self.truncated_from)
            .field("redacted", &self.redacted)
            .finish()
    }
}
