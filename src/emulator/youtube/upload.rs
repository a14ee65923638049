//! Direct upload, and how any upload becomes a video (legacy-protocol.md 2.3).

use http::StatusCode;

use super::{
    bad_request, created,
    draft::Draft,
    errors, owner,
    writes::{check_developer_key, check_uploader},
};
use crate::{
    emulator::{answer::Answer, gate::Visitor, seen::Seen, state::State, videos::Video},
    gdata::{
        ErrorEntry, Errors,
        upload::{DirectUpload, Slug},
    },
    time::Timestamp,
};

/// Videos beyond this many are refused.
const MAX_VIDEOS: usize = 10_000;

/// `multipart/related` of an entry and the media behind it, or the media alone.
pub(super) fn direct(
    state: &mut State,
    seen: &Seen<'_>,
    now: Timestamp,
    user: &str,
    visitor: &Visitor,
) -> Answer {
    let taken = || {
        check_developer_key(state, seen)?;
        let owner = owner(state, user, visitor);
        check_uploader(&owner, visitor)?;
        let upload = DirectUpload::read(seen.request).map_err(bad_request)?;
        let draft = Draft::of_upload(upload.entry().as_ref(), upload.slug())
            .map_err(super::draft::Fault::answer)?;
        Ok((owner, upload, draft))
    };
    let (owner, upload, draft) = match taken() {
        Ok(taken) => taken,
        Err(answer) => return answer,
    };
    let media = Media::of(&upload);
    let reason = media.received(upload.slug());
    match publish(state, now, owner, draft, media) {
        Ok(video) => created(seen, &video).because(reason),
        Err(answer) => answer,
    }
}

/// What is kept of media: never the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::emulator) struct Media {
    pub(in crate::emulator) content_type: String,
    pub(in crate::emulator) size: u64,
}

impl Media {
    pub(super) fn of(upload: &DirectUpload) -> Self {
        Self {
            content_type: upload.content_type().to_owned(),
            size: upload.media().len() as u64,
        }
    }

    /// For the journal.
    pub(in crate::emulator) fn received(&self, slug: Option<&Slug>) -> String {
        let name = slug.map_or_else(String::new, |slug| format!(", {}", slug.as_str()));
        format!(
            "received {} bytes of {}{name}",
            self.size, self.content_type
        )
    }
}

/// Makes a video of what was uploaded, while there is room.
pub(in crate::emulator) fn publish(
    state: &mut State,
    now: Timestamp,
    owner: String,
    draft: Draft,
    media: Media,
) -> Result<Video, Answer> {
    if state.videos.len() >= MAX_VIDEOS {
        let entry = ErrorEntry::new("yt:quota", "too_many_entries");
        let document = Errors::new([entry]).without_namespace();
        return Err(errors(StatusCode::FORBIDDEN, &document)
            .because("this emulator holds as many videos as it can; delete some"));
    }
    let video = Video {
        id: state.random_text(8),
        owner,
        title: draft.title,
        description: draft.description,
        media_type: media.content_type,
        size: media.size,
        privacy: draft.privacy,
        published: now,
        updated: now,
    };
    state.videos.push(video.clone());
    Ok(video)
}
