//! Resumable uploads, whichever API they came by: sessions, chunks, and what has arrived.
//!
//! ```text
//! open ─▶ Session ─▶ go_on(chunk) ─▶ Incomplete ─▶ go_on(chunk) ─▶ Done(video) ─▶ go_on(…) ─▶ Before(video)
//! ```
//!
//! A chunk that overlaps is taken from where the media stands; one behind a gap is not taken, and the answer
//! says where to go on. A session that is done is answered again, because the first answer may have been
//! lost. Of the media only its length and a running SHA-1 are kept, which the journal tells at the end.
//! This file refuses to know statuses and bodies: gdata and the Data API v3 each have their own.
//!
//! # Source
//! legacy-protocol.md 2.7; overlaps, gaps and lost answers are UNVERIFIED, and as Google documents it for its
//! later APIs.

use std::{collections::BTreeMap, fmt::Write, time::Duration};

use http::{HeaderMap, header};
use sha1::{Digest, Sha1};

use super::{
    answer::Answer,
    seen::Seen,
    state::State,
    videos::Video,
    youtube::{Draft, Media, publish},
};
use crate::{gdata::upload::ContentRange, time::Timestamp};

/// Uploads that have begun, by `upload_id`.
#[derive(Debug, Default)]
pub(super) struct Sessions(BTreeMap<String, Session>);

/// An upload that has begun.
#[derive(Clone, Debug)]
pub(super) struct Session {
    owner: String,
    draft: Draft,
    content_type: String,
    /// How many bytes the media has, as soon as that is known.
    total: Option<u64>,
    /// What the journal says behind the media: the file name.
    note: String,
    received: u64,
    hash: Sha1,
    /// Whether it was broken off, as the configuration wants it once.
    broken: bool,
    ends_at: Timestamp,
    /// The id of the video that came of it.
    video: Option<String>,
}

/// What became of a chunk or a probe.
pub(super) enum Step {
    /// More is to come.
    Incomplete { received: u64, reason: String },
    /// The connection is to break, as the configuration wants it.
    BrokenOff { reason: String },
    /// All is here, and is a video now.
    Done { video: Video, reason: String },
    /// It was one before.
    Before { video: Video },
}

/// Why a chunk is not taken.
pub(super) enum Refusal {
    Gone(&'static str),
    /// Somebody else's.
    Foreign,
    Bad(String),
    /// No room for a video: as gdata told.
    Full(Answer),
}

/// Which bytes a request brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Asked {
    first: u64,
    length: u64,
    /// Of how many; a client that does not know yet writes `*`.
    total: Option<u64>,
}

impl Sessions {
    /// The most sessions; when a further one is asked for, those that are done or over go.
    pub(super) const MAX: usize = 1_000;

    /// Keeps a session; false when there is no room.
    pub(super) fn open(&mut self, id: String, session: Session, now: Timestamp) -> bool {
        if self.0.len() >= Self::MAX {
            self.0
                .retain(|_, session| session.video.is_none() && session.ends_at > now);
        }
        let room = self.0.len() < Self::MAX;
        if room {
            self.0.insert(id, session);
        }
        room
    }
}

/// A chunk or a probe. `user` is who sends it; none: the session's address alone authorises.
pub(super) fn go_on(
    state: &mut State,
    seen: &Seen<'_>,
    now: Timestamp,
    id: &str,
    user: Option<&str>,
) -> Result<Step, Refusal> {
    let break_after = state.config.break_uploads_after_bytes;
    let session = state.sessions.0.get_mut(id);
    let session = session.ok_or(Refusal::Gone("no such session was made here"))?;
    if user.is_some_and(|user| session.owner != user) {
        return Err(Refusal::Foreign);
    }
    if session.video.is_none() && session.ends_at <= now {
        return Err(Refusal::Gone("the session has expired"));
    }
    let body = seen.request.body();
    let length = body.len() as u64;
    let asked = Asked::read(seen.request.headers(), length, session.total).map_err(Refusal::Bad)?;
    let total = match (session.total, asked.total) {
        (Some(total), Some(got)) if total != got => {
            return Err(Refusal::Bad(format!(
                "content-range: expected the {total} bytes that the session was made for, got {got}"
            )));
        }
        (known, told) => known.or(told),
    };
    if total.is_some_and(|total| total < session.received) {
        return Err(Refusal::Bad(format!(
            "content-range: expected at least the {} bytes that are here, got fewer",
            session.received
        )));
    }
    if length != asked.length {
        return Err(Refusal::Bad(format!(
            "content-range: expected a body of {} bytes, got {length}",
            asked.length
        )));
    }
    if let Some(video) = &session.video {
        let video = state.videos.iter().find(|one| one.id == *video);
        return video
            .map(|video| Step::Before {
                video: video.clone(),
            })
            .ok_or(Refusal::Gone(
                "the upload was done, and its video is deleted",
            ));
    }
    session.total = total;
    if total.is_none_or(|total| session.received < total)
        && let Some(step) = session.grow(asked.first, body, break_after)
    {
        return Ok(step);
    }
    // Also asked for again, when there was no room for a video before.
    let session = session.clone();
    let media = session.media();
    let reason = session.summary(&media);
    let video = publish(state, now, session.owner, session.draft, media).map_err(Refusal::Full)?;
    if let Some(kept) = state.sessions.0.get_mut(id) {
        kept.video = Some(video.id.clone());
    }
    Ok(Step::Done { video, reason })
}

impl Asked {
    /// Without the header, a body of all the bytes is a chunk of all (UNVERIFIED for gdata).
    fn read(headers: &HeaderMap, length: u64, total: Option<u64>) -> Result<Self, String> {
        let told = headers.get(header::CONTENT_RANGE);
        let whole = total.is_none_or(|total| total == length);
        if told.is_none() && whole && length > 0 {
            return Ok(Self {
                first: 0,
                length,
                total: Some(length),
            });
        }
        let told = told.and_then(|value| value.to_str().ok());
        // RFC 9110, 14.4: a star for a length that is not known yet; else it is refused.
        let open = told
            .filter(|_| total.is_none())
            .and_then(|text| text.trim().strip_suffix("/*"));
        let range = match open {
            Some(bytes) => format!("{bytes}/{}", u64::MAX).parse(),
            None => ContentRange::read(headers),
        };
        let range = range.map_err(|cause| cause.to_string())?;
        let (first, length) = match range {
            ContentRange::Bytes { first, last, .. } => (first, last - first + 1),
            _ => (0, 0),
        };
        Ok(Self {
            first,
            length,
            total: open.is_none().then(|| range.total()),
        })
    }
}

impl Session {
    /// An upload by `owner` of media of that type.
    pub(super) fn new(
        owner: String,
        draft: Draft,
        content_type: impl Into<String>,
        total: Option<u64>,
        ends_at: Timestamp,
    ) -> Self {
        Self {
            owner,
            draft,
            content_type: content_type.into(),
            total,
            note: String::new(),
            received: 0,
            hash: Sha1::new(),
            broken: false,
            ends_at,
            video: None,
        }
    }

    /// When a session that is made now ends.
    pub(super) fn end(state: &State, now: Timestamp) -> Timestamp {
        now.after(Duration::from_secs(state.config.upload_session_seconds))
    }

    /// Adds a file name for the journal.
    pub(super) fn noting(mut self, note: String) -> Self {
        self.note = note;
        self
    }

    /// For the journal, when it is made.
    pub(super) fn opening(&self) -> String {
        let total = self
            .total
            .map_or_else(|| "some".to_owned(), |total| total.to_string());
        format!(
            "a session for {total} bytes of {}{}",
            self.content_type, self.note
        )
    }

    fn media(&self) -> Media {
        Media {
            content_type: self.content_type.clone(),
            size: self.received,
        }
    }

    /// Takes what is new of a chunk that starts at `first`; a step, unless the media is whole then.
    fn grow(&mut self, first: u64, chunk: &[u8], break_after: Option<u64>) -> Option<Step> {
        if chunk.is_empty() {
            return Some(self.incomplete("told what has arrived"));
        }
        if first > self.received {
            return Some(self.incomplete("took nothing: bytes before this chunk are missing"));
        }
        // What is here already is not taken again.
        let known = usize::try_from(self.received - first).unwrap_or(usize::MAX);
        let fresh = chunk.get(known..).unwrap_or_default();
        if fresh.is_empty() {
            return Some(self.incomplete("took nothing: all of this chunk had arrived before"));
        }
        let until_break = break_after
            .filter(|_| !self.broken)
            .map(|bytes| bytes.saturating_sub(self.received))
            .and_then(|left| usize::try_from(left).ok())
            .and_then(|left| fresh.get(..left))
            .filter(|taken| taken.len() < fresh.len());
        if let Some(taken) = until_break {
            self.broken = true;
            self.take(taken);
            return Some(Step::BrokenOff {
                reason: format!(
                    "broke off as break_uploads_after_bytes says; {} bytes are here",
                    self.standing()
                ),
            });
        }
        self.take(fresh);
        let whole = self.total.is_some_and(|total| self.received >= total);
        (!whole).then(|| self.incomplete("took a chunk"))
    }

    fn take(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.received += bytes.len() as u64;
    }

    fn incomplete(&self, reason: &str) -> Step {
        Step::Incomplete {
            received: self.received,
            reason: format!("{reason}; {} bytes are here", self.standing()),
        }
    }

    fn standing(&self) -> String {
        match self.total {
            Some(total) => format!("{} of {total}", self.received),
            None => self.received.to_string(),
        }
    }

    /// For the journal.
    fn summary(&self, media: &Media) -> String {
        let mut text = format!("{}{}, sha1 ", media.received(None), self.note);
        for byte in self.hash.clone().finalize() {
            let _always_fits = write!(text, "{byte:02x}");
        }
        text
    }
}
