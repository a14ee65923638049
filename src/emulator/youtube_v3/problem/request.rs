//! Refusals for what is asked: parameters, bodies, videos that are not there.

use http::StatusCode;

use super::Problem;
use crate::emulator::{answer::Answer, youtube::Fault};

/// UNVERIFIED: the whole answer.
pub(in crate::emulator::youtube_v3) fn no_method() -> Answer {
    Problem::new(
        StatusCode::NOT_FOUND,
        "global",
        "notFound",
        "Method not found.",
    )
    .canonical("NOT_FOUND")
    .because("no call of the Data API v3 that is played here has this method and path")
}

pub(in crate::emulator::youtube_v3) fn required(name: &str) -> Answer {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "global",
        "required",
        format!("Required parameter: {name}"),
    )
    .at("parameter", name)
    .because(format!("{name}: expected the parameter"))
}

pub(in crate::emulator::youtube_v3) fn no_filter(filters: &[&str]) -> Answer {
    let filters = filters.join(", ");
    Problem::new(
        StatusCode::BAD_REQUEST,
        "youtube.parameter",
        "missingRequiredParameter",
        format!("No filter selected. Expected one of: {filters}"),
    )
    .at("other", "parameters.")
    .because(format!("expected one of {filters}"))
}

/// UNVERIFIED: the text.
pub(in crate::emulator::youtube_v3) fn out_of_range(
    name: &str,
    value: &str,
    least: usize,
    most: usize,
) -> Answer {
    let shown: String = value.chars().take(20).collect();
    Problem::new(
        StatusCode::BAD_REQUEST,
        "global",
        "invalidParameter",
        format!("Invalid value '{shown}'. Values must be within the range: [{least}, {most}]"),
    )
    .at("parameter", name)
    .because(format!("{name}: expected a number from {least} to {most}"))
}

/// UNVERIFIED: the text.
pub(in crate::emulator::youtube_v3) fn invalid_page_token() -> Answer {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "youtube.parameter",
        "invalidPageToken",
        "The request specifies an invalid page token.",
    )
    .at("parameter", "pageToken")
    .because("pageToken: expected one that was given out here")
}

pub(in crate::emulator::youtube_v3) fn bad_request(message: &str, reason: String) -> Answer {
    Problem::new(StatusCode::BAD_REQUEST, "global", "badRequest", message)
        .canonical("INVALID_ARGUMENT")
        .because(reason)
}

/// UNVERIFIED: the text of v3; it is that of Google's JSON APIs of those years.
pub(in crate::emulator::youtube_v3) fn parse_error(reason: String) -> Answer {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "global",
        "parseError",
        "Parse Error",
    )
    .because(reason)
}

/// UNVERIFIED: domain and location; the texts for rating are of Google's page on `videos.rate`, and `verb`
/// stands in the place of "rate" for the other calls.
pub(in crate::emulator::youtube_v3) fn video_not_found(verb: &str) -> Answer {
    Problem::new(
        StatusCode::NOT_FOUND,
        "youtube.video",
        "videoNotFound",
        format!(
            "The video that you are trying to {verb} cannot be found. Check the value of the \
             request's <code>id</code> parameter to ensure that it is correct."
        ),
    )
    .at("parameter", "id")
    .because("no such video is here, or it is somebody else's private one")
}

/// UNVERIFIED: domain and location.
pub(in crate::emulator::youtube_v3) fn invalid_rating() -> Answer {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "youtube.video",
        "invalidRating",
        "The request contains an unexpected value for the <code>rating</code> parameter.",
    )
    .at("parameter", "rating")
    .because("rating: expected like, dislike or none")
}

/// UNVERIFIED: the text.
pub(in crate::emulator::youtube_v3) fn forbidden(reason: &str) -> Answer {
    Problem::new(StatusCode::FORBIDDEN, "global", "forbidden", "Forbidden").because(reason)
}

/// UNVERIFIED: the texts.
pub(in crate::emulator::youtube_v3) fn invalid_draft(fault: Fault) -> Answer {
    let (reason, message, location) = match fault.is_of_title() {
        true => (
            "invalidTitle",
            "The request metadata specifies an invalid or empty video title.",
            "body.snippet.title",
        ),
        false => (
            "invalidDescription",
            "The request metadata specifies an invalid video description.",
            "body.snippet.description",
        ),
    };
    Problem::new(StatusCode::BAD_REQUEST, "youtube.video", reason, message)
        .at("other", location)
        .because(format!("{location}: {}", fault.code))
}

/// UNVERIFIED: the text.
pub(in crate::emulator::youtube_v3) fn invalid_privacy() -> Answer {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "youtube.video",
        "invalidVideoMetadata",
        "The request metadata is invalid.",
    )
    .at("other", "body.status.privacyStatus")
    .because("status.privacyStatus: expected public, unlisted or private")
}

/// UNVERIFIED: the text.
pub(in crate::emulator::youtube_v3) fn playlist_title_required() -> Answer {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "youtube.playlist",
        "playlistTitleRequired",
        "The request must specify a playlist title.",
    )
    .at("other", "body.snippet.title")
    .because("snippet.title: expected a title of 1 to 150 characters")
}

/// UNVERIFIED: the text.
pub(in crate::emulator::youtube_v3) fn media_required(reason: &str) -> Answer {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "youtube.video",
        "mediaBodyRequired",
        "The request does not include the video content.",
    )
    .at("other", "body")
    .because(reason)
}

/// UNVERIFIED: the text.
pub(in crate::emulator::youtube_v3) fn upload_limit(reason: &str) -> Answer {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "youtube.video",
        "uploadLimitExceeded",
        "The user has exceeded the number of videos they may upload.",
    )
    .at("other", "body")
    .because(reason)
}

/// UNVERIFIED: the text.
pub(in crate::emulator::youtube_v3) fn session_gone(reason: &str) -> Answer {
    Problem::new(StatusCode::NOT_FOUND, "global", "notFound", "Not Found").because(reason)
}

/// UNVERIFIED: the text of v3; it is that of Google's JSON APIs of those years.
pub(in crate::emulator::youtube_v3) fn backend_error(reason: impl Into<String>) -> Answer {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "global",
        "backendError",
        "Backend Error",
    )
    .because(reason)
}
