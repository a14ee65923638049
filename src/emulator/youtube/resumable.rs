//! Resumable upload: sessions, chunks, and what has arrived (legacy-protocol.md 2.7).
//!
//! ```text
//! POST …/resumable/feeds/api/users/default/uploads   entry       200  Location: …?upload_id=…
//! PUT  …?upload_id=…  Content-Range: bytes 0-9/20    ten bytes   308  Range: bytes=0-9
//! PUT  …?upload_id=…  Content-Range: bytes */20                  308  the same
//! PUT  …?upload_id=…  Content-Range: bytes 10-19/20  the rest    201  the entry
//! ```
//!
//! A chunk that overlaps is taken from where the media stands; one behind a gap is not taken, and the 308
//! says where to go on. A session that is done answers 201 again, because the first answer may have been
//! lost. Of the media only its length and a running SHA-1 are kept, which the journal tells at the end.
//!
//! # Source
//! The statuses and headers are of the recorded uploads to Documents in 2013, which spoke the same protocol;
//! overlaps, gaps and lost answers are UNVERIFIED, and as Google documents it for its later APIs.

use std::{collections::BTreeMap, fmt::Write, time::Duration};

use http::{HeaderMap, StatusCode, header};
use sha1::{Digest, Sha1};

use super::{
    bad_request, created,
    draft::{Draft, Fault},
    owner,
    upload::{Media, publish},
    writes::{check_developer_key, check_uploader, forbidden},
};
use crate::{
    emulator::{answer::Answer, gate::Visitor, seen::Seen, state::State},
    gdata::upload::{ContentRange, CreateSession, Received},
    time::Timestamp,
    wire::query::Pairs,
};

/// Uploads that have begun, by `upload_id`.
#[derive(Debug, Default)]
pub(in crate::emulator) struct Sessions(BTreeMap<String, Session>);

#[derive(Clone, Debug)]
struct Session {
    owner: String,
    draft: Draft,
    media: Media,
    slug: String,
    received: u64,
    hash: Sha1,
    /// Whether it was broken off, as the configuration wants it once.
    broken: bool,
    ends_at: Timestamp,
    /// The id of the video that came of it.
    video: Option<String>,
}

impl Sessions {
    /// The most sessions; when a further one is asked for, those that are done or over go.
    const MAX: usize = 1_000;

    /// Keeps a session; false when there is no room.
    fn open(&mut self, id: String, session: Session, now: Timestamp) -> bool {
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

pub(super) fn answer(
    state: &mut State,
    seen: &Seen<'_>,
    now: Timestamp,
    user: &str,
    visitor: &Visitor,
) -> Answer {
    let query = match Pairs::parse(seen.query()) {
        Ok(query) => query,
        Err(cause) => return bad_request(cause),
    };
    match query.only("upload_id") {
        Err(cause) => bad_request(cause),
        Ok(None) => create(state, seen, now, user, visitor),
        Ok(Some(id)) => go_on(state, seen, now, id, visitor).unwrap_or_else(std::convert::identity),
    }
}

fn create(
    state: &mut State,
    seen: &Seen<'_>,
    now: Timestamp,
    user: &str,
    visitor: &Visitor,
) -> Answer {
    if seen.meant_method() != http::Method::POST {
        return Answer::refusal(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
            .with(header::ALLOW, "POST")
            .because("a session is made by POST; a chunk needs the upload_id of one");
    }
    let taken = || {
        check_developer_key(state, seen)?;
        let owner = owner(state, user, visitor);
        check_uploader(&owner, visitor)?;
        let asked = CreateSession::read(seen.request).map_err(bad_request)?;
        let draft =
            Draft::of_upload(asked.entry().as_ref(), asked.slug()).map_err(Fault::answer)?;
        Ok(Session {
            owner,
            draft,
            media: Media {
                content_type: asked.content_type().to_owned(),
                size: asked.total(),
            },
            slug: asked
                .slug()
                .map_or_else(String::new, |slug| format!(", {}", slug.as_str())),
            received: 0,
            hash: Sha1::new(),
            broken: false,
            ends_at: now.after(Duration::from_secs(state.config.upload_session_seconds)),
            video: None,
        })
    };
    let session = match taken() {
        Ok(session) => session,
        Err(answer) => return answer,
    };
    let id = state.random_text(24);
    let reason = format!(
        "a session for {} bytes of {}{}",
        session.media.size, session.media.content_type, session.slug
    );
    let location = format!("{}{}?upload_id={id}", seen.base(), seen.path());
    if !state.sessions.open(id, session, now) {
        return Answer::text(StatusCode::SERVICE_UNAVAILABLE, "Too many open uploads").because(
            format!(
                "this emulator keeps {} sessions, and all of them are open",
                Sessions::MAX
            ),
        );
    }
    Answer::plain(StatusCode::OK, "")
        .with(header::LOCATION, &location)
        .because(reason)
}

/// A chunk or a probe; refusals are errors.
fn go_on(
    state: &mut State,
    seen: &Seen<'_>,
    now: Timestamp,
    id: &str,
    visitor: &Visitor,
) -> Result<Answer, Answer> {
    let break_after = state.config.break_uploads_after_bytes;
    let session = state.sessions.0.get_mut(id);
    let gone = |reason: &str| {
        Answer::refusal(StatusCode::NOT_FOUND, "Upload session not found").because(reason)
    };
    let session = session.ok_or_else(|| gone("no such session was made here"))?;
    if session.owner != visitor.user {
        return Err(forbidden("the session belongs to another account"));
    }
    if session.video.is_none() && session.ends_at <= now {
        return Err(gone("the session has expired"));
    }
    let body = seen.request.body();
    let total = session.media.size;
    let range = asked_range(seen.request.headers(), body.len() as u64, total)?;
    if range.total() != total {
        let got = range.total();
        return Err(bad_request(format_args!(
            "content-range: expected the {total} bytes that the session was made for, got {got}"
        )));
    }
    let (first, length) = match range {
        ContentRange::Bytes { first, last, .. } => (first, last - first + 1),
        _ => (0, 0),
    };
    if body.len() as u64 != length {
        return Err(bad_request(format_args!(
            "content-range: expected a body of {length} bytes, got {}",
            body.len()
        )));
    }
    if let Some(video) = session.video.clone() {
        let video = state.videos.iter().find(|one| one.id == video);
        return video
            .map(|video| created(seen, video).because("the upload was done before"))
            .ok_or_else(|| gone("the upload was done, and its video is deleted"));
    }
    if session.received < total
        && let Some(answer) = session.grow(first, body, break_after)
    {
        return Ok(answer);
    }
    // Also asked for again, when there was no room for a video before.
    let session = session.clone();
    let video = publish(
        state,
        now,
        session.owner.clone(),
        session.draft.clone(),
        session.media.clone(),
    )?;
    if let Some(kept) = state.sessions.0.get_mut(id) {
        kept.video = Some(video.id.clone());
    }
    Ok(created(seen, &video).because(session.summary()))
}

/// Without the header, a body of all the bytes is a chunk of all (UNVERIFIED for gdata).
fn asked_range(headers: &HeaderMap, length: u64, total: u64) -> Result<ContentRange, Answer> {
    if !headers.contains_key(header::CONTENT_RANGE) && length == total {
        return ContentRange::bytes(0, length, total).map_err(bad_request);
    }
    ContentRange::read(headers).map_err(bad_request)
}

impl Session {
    /// Takes what is new of a chunk that starts at `first`; an answer, unless the media is whole then.
    fn grow(&mut self, first: u64, chunk: &[u8], break_after: Option<u64>) -> Option<Answer> {
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
            return Some(self.broken_off());
        }
        self.take(fresh);
        (self.received < self.media.size).then(|| self.incomplete("took a chunk"))
    }

    fn take(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.received += bytes.len() as u64;
    }

    fn incomplete(&self, reason: &str) -> Answer {
        let mut answer = Answer::plain(StatusCode::PERMANENT_REDIRECT, "");
        if let Some(range) = Received(self.received).header() {
            answer.response.headers_mut().insert(header::RANGE, range);
        }
        let total = self.media.size;
        answer.because(format!(
            "{reason}; {} of {total} bytes are here",
            self.received
        ))
    }

    fn broken_off(&self) -> Answer {
        let (received, total) = (self.received, self.media.size);
        Answer::refusal(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable").because(format!(
            "broke off as break_uploads_after_bytes says; {received} of {total} bytes are here"
        ))
    }

    /// For the journal.
    fn summary(&self) -> String {
        let mut text = format!("{}{}, sha1 ", self.media.received(None), self.slug);
        for byte in self.hash.clone().finalize() {
            let _always_fits = write!(text, "{byte:02x}");
        }
        text
    }
}
