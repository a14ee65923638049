//! A field that was found, and who looks at it.

use std::fmt;

use crate::cassette::Place;

/// Which half of an interaction, and which piece of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Spot {
    /// The address of the request.
    Target,
    /// A header of the request.
    RequestHeader,
    /// The body of the request.
    RequestBody,
    /// A trailer of the request.
    RequestTrailer,
    /// The pattern of a stub.
    Pattern,
    /// The text beside the status.
    Reason,
    /// A header of the answer.
    ResponseHeader,
    /// The body of the answer.
    ResponseBody,
    /// A trailer of the answer.
    ResponseTrailer,
    /// What was noted of a request without an answer.
    Failure,
    /// What the file's own format keeps beside.
    Extra,
}

impl Spot {
    /// Whether the server wrote it.
    pub(super) fn is_answer(self) -> bool {
        self >= Self::Reason && self <= Self::ResponseTrailer
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Target => "request.url",
            Self::RequestHeader => "request.headers",
            Self::RequestBody => "request.body",
            Self::RequestTrailer => "request.trailers",
            Self::Pattern => "request.pattern",
            Self::Reason => "response.reason",
            Self::ResponseHeader => "response.headers",
            Self::ResponseBody => "response.body",
            Self::ResponseTrailer => "response.trailers",
            Self::Failure => "failure",
            Self::Extra => "extra",
        })
    }
}

/// A name with a value, as it stands once its folds are undone.
#[derive(Clone, Copy)]
pub(super) struct Field<'f> {
    pub(super) spot: Spot,
    pub(super) place: Place,
    pub(super) name: &'f str,
    pub(super) value: &'f [u8],
}

/// What to do with a field.
pub(super) enum Sight {
    /// Look into the value for fields of its own.
    Deeper,
    /// It is what it is.
    Done,
    /// This goes in place of the value.
    Put(Vec<u8>),
}

/// Who looks at fields.
pub(super) trait Eyes {
    /// A field.
    fn see(&mut self, field: &Field<'_>) -> Sight;

    /// A text in which no field was found.
    fn text(&mut self, spot: Spot, text: &[u8]) {
        let _ = (spot, text);
    }
}
