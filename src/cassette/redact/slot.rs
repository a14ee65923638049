//! The places of an interaction at which text stands: each is read, and written again, in one way.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{
    anatomy::Walk,
    edit::{self, Edit},
    field::{Eyes, Spot},
};
use crate::{
    cassette::{
        Body, BodyForm, Headers, Interaction, Limits, Outcome, Place, RecordedResponse, Subject,
        Test, coding,
    },
    error::{Error, Kind},
};

/// A place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Target,
    Base,
    RequestHeader(usize),
    RequestBody,
    RequestTrailer(usize),
    Criterion(usize),
    Reason,
    ResponseHeader(usize),
    ResponseBody,
    ResponseTrailer(usize),
    Failure,
    Extra,
}

/// What stands at a place.
pub(super) struct Content<'i> {
    pub(super) text: Cow<'i, [u8]>,
    shape: Shape<'i>,
}

/// What it is.
enum Shape<'i> {
    Field(Place, Cow<'i, str>),
    /// A body of this media type.
    Body(Cow<'i, str>),
    Text,
}

impl Slot {
    /// All places of an interaction, those of the request first.
    pub(super) fn all(interaction: &Interaction) -> Vec<Self> {
        let request = &interaction.request;
        let mut all = vec![Self::Target, Self::Base];
        all.extend((0..request.headers.len()).map(Self::RequestHeader));
        all.push(Self::RequestBody);
        all.extend((0..request.trailers.len()).map(Self::RequestTrailer));
        let criteria = interaction
            .pattern
            .as_ref()
            .map_or(0, |pattern| pattern.criteria.len());
        all.extend((0..criteria).map(Self::Criterion));
        match &interaction.outcome {
            Outcome::Answered(response) => {
                all.push(Self::Reason);
                all.extend((0..response.headers.len()).map(Self::ResponseHeader));
                all.push(Self::ResponseBody);
                all.extend((0..response.trailers.len()).map(Self::ResponseTrailer));
            }
            Outcome::Failed(_) => all.push(Self::Failure),
        }
        all.push(Self::Extra);
        all
    }

    pub(super) fn spot(self) -> Spot {
        match self {
            Self::Target | Self::Base => Spot::Target,
            Self::RequestHeader(_) => Spot::RequestHeader,
            Self::RequestBody => Spot::RequestBody,
            Self::RequestTrailer(_) => Spot::RequestTrailer,
            Self::Criterion(_) => Spot::Pattern,
            Self::Reason => Spot::Reason,
            Self::ResponseHeader(_) => Spot::ResponseHeader,
            Self::ResponseBody => Spot::ResponseBody,
            Self::ResponseTrailer(_) => Spot::ResponseTrailer,
            Self::Failure => Spot::Failure,
            Self::Extra => Spot::Extra,
        }
    }

    /// What stands there; `None` when nothing does.
    ///
    /// # Errors
    /// `Kind::Unsupported` and `Kind::Reply` when the coding of a body cannot be undone.
    pub(super) fn read(self, interaction: &Interaction) -> Result<Option<Content<'_>>, Error> {
        let request = &interaction.request;
        let response = interaction.response();
        let content = match self {
            Self::Target => text(request.target.as_bytes()),
            Self::Base => request.base.as_ref().and_then(|base| text(base.as_bytes())),
            Self::RequestHeader(at) => header(&request.headers, at),
            Self::RequestTrailer(at) => header(&request.trailers, at),
            Self::RequestBody => return body(&request.body, &request.headers),
            Self::Criterion(at) => criterion(interaction, at),
            Self::Reason => {
                let reason = response.and_then(|response| response.reason.as_ref());
                reason.and_then(|reason| text(reason.as_bytes()))
            }
            Self::ResponseHeader(at) => response.and_then(|one| header(&one.headers, at)),
            Self::ResponseTrailer(at) => response.and_then(|one| header(&one.trailers, at)),
            Self::ResponseBody => {
                return match response {
                    Some(response) => body(&response.body, &response.headers),
                    None => Ok(None),
                };
            }
            Self::Failure => match &interaction.outcome {
                Outcome::Failed(why) => text(why.as_bytes()),
                Outcome::Answered(_) => None,
            },
            Self::Extra => json(&interaction.provenance.extra),
        };
        Ok(content)
    }

    /// Puts a text there; a body gets its coding and its length.
    ///
    /// # Errors
    /// When a coding cannot be made again.
    pub(super) fn write(self, interaction: &mut Interaction, new: Vec<u8>) -> Result<(), Error> {
        let string = |new: Vec<u8>| String::from_utf8_lossy(&new).into_owned();
        match self {
            Self::Target => interaction.request.target = string(new),
            Self::Base => interaction.request.base = Some(string(new)),
            Self::RequestHeader(at) => set(&mut interaction.request.headers, at, new),
            Self::RequestTrailer(at) => set(&mut interaction.request.trailers, at, new),
            Self::RequestBody => {
                let request = &mut interaction.request;
                put(&mut request.body, &mut request.headers, new)?;
            }
            Self::Criterion(at) => set_criterion(interaction, at, &new),
            Self::Failure => interaction.outcome = Outcome::Failed(string(new)),
            Self::Extra => {
                interaction.provenance.extra = serde_json::from_slice(&new).map_err(|cause| {
                    Error::new(
                        Kind::Input,
                        "extra: expected JSON after redaction, got none",
                    )
                    .caused_by(cause)
                })?;
            }
            Self::Reason
            | Self::ResponseHeader(_)
            | Self::ResponseBody
            | Self::ResponseTrailer(_) => {
                if let Some(response) = interaction.response_mut() {
                    self.write_response(response, new)?;
                }
            }
        }
        Ok(())
    }

    fn write_response(self, response: &mut RecordedResponse, new: Vec<u8>) -> Result<(), Error> {
        match self {
            Self::ResponseHeader(at) => set(&mut response.headers, at, new),
            Self::ResponseTrailer(at) => set(&mut response.trailers, at, new),
            Self::ResponseBody => return put(&mut response.body, &mut response.headers, new),
            _ => response.reason = Some(String::from_utf8_lossy(&new).into_owned()),
        }
        Ok(())
    }
}

impl Content<'_> {
    /// Lets eyes see it, field by field.
    pub(super) fn walk(&self, spot: Spot, eyes: &mut dyn Eyes) -> Vec<Edit> {
        let mut walk = Walk::new(eyes, spot);
        let edits = match &self.shape {
            Shape::Field(place, name) => walk.field(*place, name, &self.text),
            Shape::Body(content_type) => walk.body(content_type, &self.text),
            Shape::Text => walk.field(Place::Text, "", &self.text),
        };
        edit::settled(edits)
    }
}

fn text(text: &[u8]) -> Option<Content<'_>> {
    (!text.is_empty()).then_some(Content {
        text: Cow::Borrowed(text),
        shape: Shape::Text,
    })
}

fn header(headers: &Headers, at: usize) -> Option<Content<'_>> {
    let (name, value) = headers.iter().nth(at)?;
    Some(Content {
        text: Cow::Borrowed(value),
        shape: Shape::Field(Place::Header, String::from_utf8_lossy(name)),
    })
}

fn set(headers: &mut Headers, at: usize, new: Vec<u8>) {
    if let Some((_, value)) = headers.iter_mut().nth(at) {
        *value = new.into();
    }
}

fn body<'i>(body: &'i Body, headers: &'i Headers) -> Result<Option<Content<'i>>, Error> {
    if body.bytes.is_empty() {
        return Ok(None);
    }
    let content_type = headers.text("content-type").unwrap_or_default();
    Ok(Some(Content {
        text: body.plain(headers, &LIMITS)?,
        shape: Shape::Body(content_type),
    }))
}

/// A new body, under the coding that the old one had. Its length is said anew where the old one was true.
fn put(body: &mut Body, headers: &mut Headers, new: Vec<u8>) -> Result<(), Error> {
    let coded = body.form != BodyForm::Decoded && !body.is_decoded(headers);
    let bytes = match coded {
        true => coding::redo(headers, &new)?,
        false => new,
    };
    let said = headers
        .text("content-length")
        .and_then(|length| length.trim().parse().ok());
    if said == Some(body.bytes.len()) && bytes.len() != body.bytes.len() {
        headers.set("content-length", bytes.len().to_string());
    }
    body.bytes = bytes.into();
    body.redacted = true;
    Ok(())
}

fn criterion(interaction: &Interaction, at: usize) -> Option<Content<'_>> {
    let criterion = interaction.pattern.as_ref()?.criteria.get(at)?;
    let text = match &criterion.test {
        Test::Equals { text, .. }
        | Test::Contains(text)
        | Test::Lacks(text)
        | Test::Matches(text)
        | Test::DoesNotMatch(text)
        | Test::Glob(text)
        | Test::Xml(text) => Cow::Borrowed(text.as_bytes()),
        Test::Json { value, .. } => Cow::Owned(value.to_string().into_bytes()),
        Test::Present | Test::Absent | Test::Foreign(_) => return None,
    };
    let shape = match &criterion.subject {
        Subject::Header(name) => Shape::Field(Place::Header, name.into()),
        Subject::Query(name) | Subject::Form(name) => Shape::Field(Place::Param, name.into()),
        Subject::Cookie(name) => Shape::Field(Place::Cookie, name.into()),
        Subject::Body => Shape::Body("".into()),
        _ => Shape::Text,
    };
    Some(Content { text, shape })
}

fn set_criterion(interaction: &mut Interaction, at: usize, new: &[u8]) {
    let criteria = interaction
        .pattern
        .as_mut()
        .map(|pattern| &mut pattern.criteria);
    let Some(criterion) = criteria.and_then(|criteria| criteria.get_mut(at)) else {
        return;
    };
    let new = String::from_utf8_lossy(new).into_owned();
    match &mut criterion.test {
        Test::Equals { text, .. }
        | Test::Contains(text)
        | Test::Lacks(text)
        | Test::Matches(text)
        | Test::DoesNotMatch(text)
        | Test::Glob(text)
        | Test::Xml(text) => *text = new,
        Test::Json { value, .. } => *value = serde_json::from_str(&new).unwrap_or(Value::Null),
        Test::Present | Test::Absent | Test::Foreign(_) => {}
    }
}

fn json(extra: &Map<String, Value>) -> Option<Content<'static>> {
    if extra.is_empty() {
        return None;
    }
    Some(Content {
        text: Cow::Owned(serde_json::to_vec(extra).ok()?),
        shape: Shape::Text,
    })
}

/// What was recorded was read within bounds already.
const LIMITS: Limits = Limits {
    file: 1 << 30,
    interactions: 1_000_000,
    body: 256 << 20,
    headers: 1_000,
    depth: 64,
};
