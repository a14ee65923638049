//! What a server does wrong on purpose: answers that end, stall or lie as a network does.
//!
//! A transport puts a [`Misbehaviour`] into the extensions of its answer; without a socket it has no effect.
//! An answer without one goes the usual way and pays nothing for this.

use std::time::Duration;

/// How one answer misbehaves on its socket. Positions are bytes of the body, and 0 is behind the head.
///
/// Such an answer is the last of its connection.
///
/// # Examples
/// ```
/// use std::time::Duration;
///
/// use bytes::Bytes;
/// use gdata_auth::serve::Misbehaviour;
///
/// let mut answer = http::Response::new(Bytes::from_static(b"Token=1/session\n"));
/// let torn = Misbehaviour::stall_after(4, Duration::from_secs(2)).and(Misbehaviour::reset_after(8));
/// answer.extensions_mut().insert(torn);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Misbehaviour {
    pub(super) length: Option<u64>,
    pub(super) bytes_per_second: Option<u32>,
    pub(super) pause: Option<Pause>,
    pub(super) end: Option<End>,
}

/// A stop in the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pause {
    pub(super) after: usize,
    pub(super) span: Duration,
}

/// How the connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Closed without any answer.
    Silent,
    /// Closed in an orderly way (FIN) after so much of the body.
    Closed(usize),
    /// Reset (RST) after so much of the body.
    Reset(usize),
}

impl Misbehaviour {
    /// The connection is reset after so many bytes of the body, or after all of a shorter one.
    ///
    /// The system may throw away what the client has not read yet; on loopback it has arrived.
    #[must_use]
    pub fn reset_after(bytes: usize) -> Self {
        Self::ending(End::Reset(bytes))
    }

    /// The connection is closed after so many bytes of the body, as if that were all.
    #[must_use]
    pub fn close_after(bytes: usize) -> Self {
        Self::ending(End::Closed(bytes))
    }

    /// Nothing comes for so long after so many bytes of the body; then the answer goes on.
    #[must_use]
    pub fn stall_after(bytes: usize, span: Duration) -> Self {
        Self {
            pause: Some(Pause { after: bytes, span }),
            ..Self::default()
        }
    }

    /// `Content-Length` says this, whatever the body has.
    #[must_use]
    pub fn content_length(length: u64) -> Self {
        Self {
            length: Some(length),
            ..Self::default()
        }
    }

    /// The connection is closed without any answer.
    #[must_use]
    pub fn empty() -> Self {
        Self::ending(End::Silent)
    }

    /// The body comes at this pace; 0 counts as 1.
    #[must_use]
    pub fn slow(bytes_per_second: u32) -> Self {
        Self {
            bytes_per_second: Some(bytes_per_second.max(1)),
            ..Self::default()
        }
    }

    /// Both; where both say the same thing, `other` wins.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            length: other.length.or(self.length),
            bytes_per_second: other.bytes_per_second.or(self.bytes_per_second),
            pause: other.pause.or(self.pause),
            end: other.end.or(self.end),
        }
    }

    fn ending(end: End) -> Self {
        Self {
            end: Some(end),
            ..Self::default()
        }
    }
}
