//! Changes of what is there: PUT and DELETE on an entry.
//!
//! ```text
//! PUT  application/atom+xml            another title and description
//! PUT  multipart/related, or media     other media. UNVERIFIED: YouTube's videos could not be replaced
//! ```

use http::{StatusCode, header};

use super::{
    bad_request,
    draft::{Draft, Fault},
    entry_base, feed, owner,
    upload::Media,
    writes::{check_developer_key, check_match, check_no_etag, own_video},
};
use crate::{
    emulator::{answer::Answer, gate::Visitor, seen::Seen, state::State, videos::Video},
    gdata::{Entry, upload::DirectUpload},
    time::Timestamp,
};

/// What a PUT brings; parts that are absent stay as they are.
struct Change {
    draft: Option<Draft>,
    media: Option<Media>,
}

impl Change {
    fn read(seen: &Seen<'_>) -> Result<Self, Answer> {
        let content_type = seen.request.headers().get(header::CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok());
        let kind = content_type.unwrap_or_default().split(';').next();
        let kind = kind.unwrap_or_default().trim();
        if kind.eq_ignore_ascii_case("application/atom+xml") {
            let entry = Entry::parse(seen.request.body()).map_err(bad_request)?;
            return Ok(Self {
                draft: Some(Draft::of(&entry).map_err(Fault::answer)?),
                media: None,
            });
        }
        let upload = DirectUpload::read(seen.request).map_err(bad_request)?;
        let entry = upload.entry();
        let draft = entry.as_ref().map(Draft::of).transpose();
        Ok(Self {
            draft: draft.map_err(Fault::answer)?,
            media: Some(Media::of(&upload)),
        })
    }
}

pub(super) fn replace(
    state: &mut State,
    seen: &Seen<'_>,
    now: Timestamp,
    place: (&str, &str),
    visitor: &Visitor,
) -> Answer {
    let taken = || {
        let at = target(state, seen, place, visitor)?;
        Ok((at, Change::read(seen)?))
    };
    let (at, change) = match taken() {
        Ok(taken) => taken,
        Err(answer) => return answer,
    };
    let video = &mut state.videos[at];
    if let Some(media) = change.media {
        video.media_type = media.content_type;
        video.size = media.size;
    }
    match change.draft {
        Some(draft) => revise(video, draft, now),
        None => video.updated = now,
    }
    feed::entry_answer(
        StatusCode::OK,
        video,
        &entry_base(seen),
        feed::Version::of(seen),
    )
}

/// Gives a video another title and description; what an entry does not say is gone.
pub(super) fn revise(video: &mut Video, draft: Draft, now: Timestamp) {
    video.title = draft.title;
    video.description = draft.description;
    video.updated = now;
}

pub(super) fn delete(
    state: &mut State,
    seen: &Seen<'_>,
    place: (&str, &str),
    visitor: &Visitor,
) -> Answer {
    match target(state, seen, place, visitor) {
        Ok(at) => {
            state.videos.remove(at);
            Answer::empty()
        }
        Err(answer) => answer,
    }
}

/// The video that a write is about, everything checked that is asked of the request.
fn target(
    state: &State,
    seen: &Seen<'_>,
    (user, id): (&str, &str),
    visitor: &Visitor,
) -> Result<usize, Answer> {
    check_developer_key(state, seen)?;
    check_no_etag(state, seen)?;
    let owner = owner(state, user, visitor);
    let at = own_video(state, (&owner, id), visitor)?;
    check_match(seen, &state.videos[at])?;
    Ok(at)
}
