//! `videos.insert` in many requests; the protocol is that of [`sessions`](crate::emulator::sessions).
//!
//! ```text
//! POST …&uploadType=resumable   JSON, X-Upload-Content-Type and -Length   200  Location: …&upload_id=…
//! PUT  …&upload_id=…  Content-Range: bytes 0-9/20    ten bytes            308  Range: bytes=0-9
//! PUT  …&upload_id=…  Content-Range: bytes */20                           308  the same
//! PUT  …&upload_id=…  Content-Range: bytes 10-19/20  the rest             200  the video
//! ```
//!
//! The address of a session authorises, as Google documents it for the same server in front of Cloud Storage;
//! a token that comes along has to be the owner's. The length may be left out, and comes with the chunks:
//! `bytes 0-9/*`, and at last `bytes 10-19/20`.

use http::{StatusCode, header};

use super::{Call, Played, body::Body, problem, upload};
use crate::{
    emulator::{
        answer::Answer,
        sessions::{self, Refusal, Session, Sessions, Step},
        state::State,
        youtube::incomplete,
    },
    gdata::upload::{X_UPLOAD_CONTENT_LENGTH, X_UPLOAD_CONTENT_TYPE},
};

pub(super) fn create(state: &mut State, call: &Call<'_>) -> Played {
    let owner = call.channel_owner(state, "part")?.email.clone();
    let draft = Body::read(call.seen.request.body())?.draft()?;
    let headers = call.seen.request.headers();
    let text = |name: http::HeaderName| {
        let value = headers.get(name)?;
        Some(value.to_str().unwrap_or_default())
    };
    let content_type = upload::media_type(text(X_UPLOAD_CONTENT_TYPE).unwrap_or_default())?;
    let total = match text(X_UPLOAD_CONTENT_LENGTH).map(|length| length.trim().parse()) {
        None => None,
        Some(Ok(total)) if total > 0 => Some(total),
        Some(_) => {
            return Err(problem::bad_request(
                "Bad Request",
                "x-upload-content-length: expected a number of bytes from 1 on".to_owned(),
            ));
        }
    };
    let ends_at = Session::end(state, call.now);
    let session = Session::new(owner, draft, content_type, total, ends_at);
    let reason = session.opening();
    let id = state.random_text(24);
    let location = location(call, &id);
    if !state.sessions.open(id, session, call.now) {
        return Err(problem::backend_error(format!(
            "this emulator keeps {} sessions, and all of them are open",
            Sessions::MAX
        )));
    }
    Ok(Answer::plain(StatusCode::OK, "")
        .with(header::LOCATION, &location)
        .because(reason))
}

/// The address of a session: what was asked for, without what authorised it.
fn location(call: &Call<'_>, id: &str) -> String {
    let asked = call.seen.query().split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        ["part", "uploadType"].contains(&name)
    });
    let mut query: Vec<&str> = asked.collect();
    let id = format!("upload_id={id}");
    query.push(&id);
    format!(
        "{}{}?{}",
        call.seen.base(),
        call.seen.path(),
        query.join("&")
    )
}

pub(super) fn go_on(state: &mut State, call: &Call<'_>) -> Played {
    let id = call.params.text("upload_id").unwrap_or_default();
    match sessions::go_on(state, call.seen, call.now, id, call.caller.user()) {
        Ok(Step::Incomplete { received, reason }) => Ok(incomplete(received).because(reason)),
        Ok(Step::BrokenOff { reason }) => Err(problem::backend_error(reason)),
        Ok(Step::Done { video, reason }) => Ok(upload::shown(state, call, &video).because(reason)),
        Ok(Step::Before { video }) => {
            Ok(upload::shown(state, call, &video).because("the upload was done before"))
        }
        Err(Refusal::Gone(reason)) => Err(problem::session_gone(reason)),
        Err(Refusal::Foreign) => Err(problem::forbidden("the session belongs to another account")),
        Err(Refusal::Bad(reason)) => Err(problem::bad_request("Bad Request", reason)),
        Err(Refusal::Full(told)) => Err(upload::full(&told)),
    }
}
