//! Where a session meets the formats, the player and the redaction.

use std::{fmt, path::Path};

use bytes::Bytes;
use http::{Request, Response};

use super::mode::Mode;
use crate::{
    cassette::{Cassette, RecordedRequest},
    error::Error,
    transport::TransportError,
};

/// Answers from a recording.
pub trait Tape: Send + Sync {
    /// The recorded answer to a request.
    ///
    /// # Errors
    /// [`Miss::Unmatched`] when nothing recorded matches, and [`Miss::Refused`] when something matches and is wrong all the
    /// same, such as a signature that does not verify, or was recorded without an answer.
    fn answer(&self, asked: &Asked<'_>) -> Result<Response<Bytes>, Miss>;

    /// What was recorded and not asked for, a line each.
    fn unused(&self) -> Vec<String> {
        Vec::new()
    }

    /// What is worth knowing of the replay, a line each, without secrets.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Why a tape did not answer.
#[derive(Debug)]
#[non_exhaustive]
pub enum Miss {
    /// Nothing recorded matches: modes that may go live do.
    Unmatched(TransportError),
    /// Something matches, and this is what comes of it.
    Refused(TransportError),
}

impl Miss {
    pub(super) fn into_error(self) -> TransportError {
        match self {
            Self::Unmatched(cause) | Self::Refused(cause) => cause,
        }
    }
}

/// A request that a tape is to answer.
#[derive(Debug)]
#[non_exhaustive]
pub struct Asked<'r> {
    /// As the client sent it.
    pub request: &'r Request<Bytes>,
    /// The origin behind a listener, where the target is a path: what was recorded has the same base.
    pub base: Option<String>,
    /// The listener's own origin then: what the client signed, it signed for this one.
    pub listener: Option<String>,
}

impl Asked<'_> {
    /// The request as a recorder would keep it.
    #[must_use]
    pub fn recorded(&self) -> RecordedRequest {
        let mut recorded = RecordedRequest::of(self.request);
        recorded.base.clone_from(&self.base);
        recorded
    }
}

/// What a session leaves to others.
pub struct Join {
    pub(super) read: Read,
    pub(super) play: Play,
    pub(super) keep: Keep,
}

type Read = Box<dyn Fn(&Path) -> Result<Cassette, Error> + Send + Sync>;
type Play = Box<dyn Fn(Cassette, Mode) -> Result<Box<dyn Tape>, Error> + Send + Sync>;
pub(super) type Keep = Box<dyn Fn(Cassette) -> Result<Vec<u8>, Error> + Send + Sync>;

impl Join {
    /// Of three functions: `read` loads a cassette, `play` makes a tape of it for a mode, and `keep` makes the bytes of a file of what
    /// was recorded, without its secrets. In mode [`New`](super::Mode::New) `keep` gets the old interactions and their stand-ins
    /// before the new ones.
    #[must_use]
    pub fn new(
        read: impl Fn(&Path) -> Result<Cassette, Error> + Send + Sync + 'static,
        play: impl Fn(Cassette, Mode) -> Result<Box<dyn Tape>, Error> + Send + Sync + 'static,
        keep: impl Fn(Cassette) -> Result<Vec<u8>, Error> + Send + Sync + 'static,
    ) -> Self {
        Self {
            read: Box::new(read),
            play: Box::new(play),
            keep: Box::new(keep),
        }
    }
}

impl fmt::Debug for Join {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Join")
    }
}
