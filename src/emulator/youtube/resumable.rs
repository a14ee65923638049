//! Resumable upload as gdata speaks it (legacy-protocol.md 2.7); the rest is in
//! [`sessions`](crate::emulator::sessions).
//!
//! ```text
//! POST …/resumable/feeds/api/users/default/uploads   entry       200  Location: …?upload_id=…
//! PUT  …?upload_id=…  Content-Range: bytes 0-9/20    ten bytes   308  Range: bytes=0-9
//! PUT  …?upload_id=…  Content-Range: bytes */20                  308  the same
//! PUT  …?upload_id=…  Content-Range: bytes 10-19/20  the rest    201  the entry
//! ```
//!
//! # Source
//! The statuses and headers are of the recorded uploads to Documents in 2013, which spoke the same protocol.

use http::{StatusCode, header};

use super::{
    bad_request, created,
    draft::{Draft, Fault},
    owner,
    writes::{check_developer_key, check_uploader, forbidden},
};
use crate::{
    emulator::{
        answer::Answer,
        gate::Visitor,
        seen::Seen,
        sessions::{self, Refusal, Session, Sessions, Step},
        state::State,
    },
    gdata::upload::{CreateSession, Received},
    time::Timestamp,
    wire::query::Pairs,
};

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
        Ok(Some(id)) => go_on(state, seen, now, id, visitor),
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
        let note = asked
            .slug()
            .map_or_else(String::new, |slug| format!(", {}", slug.as_str()));
        let ends_at = Session::end(state, now);
        let total = Some(asked.total());
        Ok(Session::new(owner, draft, asked.content_type(), total, ends_at).noting(note))
    };
    let session = match taken() {
        Ok(session) => session,
        Err(answer) => return answer,
    };
    let id = state.random_text(24);
    let reason = session.opening();
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

/// A chunk or a probe.
fn go_on(
    state: &mut State,
    seen: &Seen<'_>,
    now: Timestamp,
    id: &str,
    visitor: &Visitor,
) -> Answer {
    match sessions::go_on(state, seen, now, id, Some(&visitor.user)) {
        Ok(Step::Incomplete { received, reason }) => incomplete(received).because(reason),
        Ok(Step::BrokenOff { reason }) => {
            Answer::refusal(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable").because(reason)
        }
        Ok(Step::Done { video, reason }) => created(seen, &video).because(reason),
        Ok(Step::Before { video }) => created(seen, &video).because("the upload was done before"),
        Err(Refusal::Gone(reason)) => {
            Answer::refusal(StatusCode::NOT_FOUND, "Upload session not found").because(reason)
        }
        Err(Refusal::Foreign) => forbidden("the session belongs to another account"),
        Err(Refusal::Bad(problem)) => bad_request(problem),
        Err(Refusal::Full(answer)) => answer,
    }
}

/// What has arrived: 308, with `Range` unless nothing has.
pub(in crate::emulator) fn incomplete(received: u64) -> Answer {
    let mut answer = Answer::plain(StatusCode::PERMANENT_REDIRECT, "");
    if let Some(range) = Received(received).header() {
        answer.response.headers_mut().insert(header::RANGE, range);
    }
    answer
}
