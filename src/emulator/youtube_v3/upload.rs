//! `videos.insert` in one request: `multipart/related` of JSON and media, or the media alone.
//!
//! ```text
//! POST /upload/youtube/v3/videos?part=snippet&uploadType=multipart   JSON, media   200  the video
//! POST /upload/youtube/v3/videos?part=snippet&uploadType=media       media         200  the video
//! POST /upload/youtube/v3/videos?part=snippet&uploadType=resumable   JSON          200  Location: a session
//! ```
//!
//! Without `uploadType` the content type tells, as clients left it out (ShareX 4477).

use http::{StatusCode, header};

use super::{Call, Played, body::Body, problem, resource, resumable};
use crate::emulator::answer::Answer;
use crate::{
    emulator::{
        state::State,
        videos::Video,
        youtube::{Media, publish},
    },
    gdata::upload::{Form, Multipart},
};

/// A video without media is none.
pub(super) fn without_media(_: &mut State, _: &Call<'_>) -> Played {
    Err(problem::media_required(
        "the media goes to /upload/youtube/v3/videos",
    ))
}

pub(super) fn insert(state: &mut State, call: &Call<'_>) -> Played {
    let content_type = call.seen.request.headers().get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or("application/octet-stream");
    let of_parts = content_type
        .get(..Form::Related.media_type().len())
        .is_some_and(|kind| kind.eq_ignore_ascii_case(Form::Related.media_type()));
    match call.params.text("uploadType") {
        Some("resumable") => resumable::create(state, call),
        Some("multipart") => multipart(state, call, content_type),
        Some("media") => media(state, call, content_type),
        None if of_parts => multipart(state, call, content_type),
        None => media(state, call, content_type),
        Some(_) => Err(problem::bad_request(
            "Bad Request",
            "uploadType: expected media, multipart or resumable".to_owned(),
        )),
    }
}

fn multipart(state: &mut State, call: &Call<'_>, content_type: &str) -> Played {
    let bad = |reason: String| problem::bad_request("Bad Request", reason);
    let body = Multipart::parse(content_type, call.seen.request.body())
        .map_err(|cause| bad(cause.to_string()))?;
    let [described, media] = body.parts() else {
        return Err(bad(format!(
            "multipart: expected the JSON and the media, got {} parts",
            body.parts().len()
        )));
    };
    let draft = Body::read(described.body())?;
    store(
        state,
        call,
        &draft,
        media.content_type(),
        media.body().len(),
    )
}

fn media(state: &mut State, call: &Call<'_>, content_type: &str) -> Played {
    let nothing = Body::read(&[])?;
    store(
        state,
        call,
        &nothing,
        content_type,
        call.seen.request.body().len(),
    )
}

fn store(
    state: &mut State,
    call: &Call<'_>,
    body: &Body,
    content_type: &str,
    size: usize,
) -> Played {
    let owner = call.channel_owner(state, "part")?.email.clone();
    if size == 0 {
        return Err(problem::media_required("the media has no byte"));
    }
    let media = Media {
        content_type: media_type(content_type)?,
        size: size as u64,
    };
    let reason = media.received(None);
    let video =
        publish(state, call.now, owner, body.draft()?, media).map_err(|told| full(&told))?;
    Ok(shown(state, call, &video).because(reason))
}

/// What uploads are answered with, once they are whole.
pub(super) fn shown(state: &State, call: &Call<'_>, video: &Video) -> Answer {
    let mut parts = call.params.parts();
    if parts.is_empty() {
        parts = vec!["snippet", "status"];
    }
    Answer::json(StatusCode::OK, &resource::video(state, video, &parts))
}

/// In this API's words, what gdata was told.
pub(super) fn full(told: &Answer) -> Answer {
    problem::upload_limit(told.reason.as_deref().unwrap_or_default())
}

/// `video/*` and `application/octet-stream` (the discovery document).
pub(super) fn media_type(text: &str) -> Result<String, Answer> {
    let kind = text.split(';').next().unwrap_or_default().trim();
    let kind = if kind.is_empty() {
        "application/octet-stream"
    } else {
        kind
    };
    let lower = kind.to_ascii_lowercase();
    let fits = lower == "application/octet-stream" || lower.starts_with("video/");
    if fits && lower.len() <= 256 {
        return Ok(lower);
    }
    // UNVERIFIED: the whole answer, but for the words that clients quote.
    Err(problem::bad_request(
        "Media type is not supported. Valid media types: [video/*, application/octet-stream]",
        "content-type: expected video/* or application/octet-stream, got another".to_owned(),
    ))
}
