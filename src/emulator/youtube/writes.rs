//! What every write is asked for beside its credential: a developer key, the right account, and no ETag.

use http::{StatusCode, header};

use super::errors;
use crate::{
    emulator::{answer::Answer, gate::Visitor, seen::Seen, state::State, videos::Video},
    gdata::{Envelope, ErrorEntry, Errors, Etag, X_GDATA_KEY},
    secret::Secret,
    wire::query::Pairs,
};

/// UNVERIFIED: that writes needed a developer key, and the texts of these refusals.
pub(super) fn check_developer_key(state: &State, seen: &Seen<'_>) -> Result<(), Answer> {
    let refuse = |message: &str, reason: String| {
        Err(Answer::refusal(StatusCode::FORBIDDEN, message).because(reason))
    };
    let key = match developer_key(seen) {
        Ok(key) => key,
        Err(cause) => return refuse("Invalid developer key", cause.to_string()),
    };
    let known = &state.config.developer_keys;
    match key {
        None if state.config.require_developer_key => refuse(
            "Developer key required for this operation",
            "the request has no X-GData-Key: key=… header, and no key= in its query".to_owned(),
        ),
        Some(key) if !known.is_empty() && !known.contains(&key) => refuse(
            "Invalid developer key",
            "this developer key is not among the configured ones".to_owned(),
        ),
        _ => Ok(()),
    }
}

/// `X-GData-Key`, else `key=` of the query (legacy-protocol.md 2.1, where the latter is UNVERIFIED).
fn developer_key(seen: &Seen<'_>) -> Result<Option<Secret>, crate::error::Error> {
    // The key alone: another header that cannot be read is no reason to refuse it.
    let keys = seen.request.headers().get_all(&X_GDATA_KEY);
    let only_keys = keys.iter().map(|key| (X_GDATA_KEY, key.clone()));
    let envelope = Envelope::read(&only_keys.collect())?;
    if let Some(key) = envelope.developer_key() {
        return Ok(Some(key.clone()));
    }
    match Pairs::parse(seen.query())?.only("key")? {
        None => Ok(None),
        Some(key) => {
            let envelope = Envelope::new().with_developer_key(key)?;
            Ok(envelope.developer_key().cloned())
        }
    }
}

/// Uploads go to the account that consented.
pub(super) fn check_uploader(owner: &str, visitor: &Visitor) -> Result<(), Answer> {
    if owner == visitor.user {
        return Ok(());
    }
    Err(forbidden("uploads go to the account that consented"))
}

/// Where the video of a write is.
pub(super) fn own_video(
    state: &State,
    (owner, id): (&str, &str),
    visitor: &Visitor,
) -> Result<usize, Answer> {
    let found = state
        .videos
        .iter()
        .position(|video| video.id == id && video.owner == owner);
    match found {
        None => Err(Answer::refusal(StatusCode::NOT_FOUND, "Video not found")
            .because("no such video of this user")),
        Some(_) if owner != visitor.user => {
            Err(forbidden("only the owner changes or deletes a video"))
        }
        Some(at) => Ok(at),
    }
}

/// YouTube's videos had no ETags to match (legacy-protocol.md 2.5, a trace of 2013), unless the
/// configuration gives them some.
pub(super) fn check_no_etag(state: &State, seen: &Seen<'_>) -> Result<(), Answer> {
    if state.config.etags || !seen.request.headers().contains_key(header::IF_MATCH) {
        return Ok(());
    }
    let mut entry = ErrorEntry::new("GData", "etagsUnsupported");
    entry.internal_reason = Some("Resource does not support Etags".to_owned());
    Err(
        errors(StatusCode::PRECONDITION_FAILED, &Errors::new([entry]))
            .because("If-Match: leave it out, YouTube answered it with 412"),
    )
}

/// With ETags: whether the video is still the one of `If-Match`.
pub(super) fn check_match(seen: &Seen<'_>, video: &Video) -> Result<(), Answer> {
    let wanted = Etag::of(seen.request.headers(), &header::IF_MATCH).map_err(super::bad_request)?;
    let current = video.etag();
    match wanted {
        Some(wanted) if wanted != Etag::any() && wanted.as_str() != current => {
            // UNVERIFIED: the text.
            let message = format!(
                "Mismatch: etags = [{}], current = {current}",
                wanted.as_str()
            );
            Err(Answer::text(StatusCode::PRECONDITION_FAILED, &message)
                .because("If-Match: the video has changed since"))
        }
        _ => Ok(()),
    }
}

pub(super) fn forbidden(reason: &str) -> Answer {
    Answer::refusal(StatusCode::FORBIDDEN, "Access forbidden").because(reason)
}
