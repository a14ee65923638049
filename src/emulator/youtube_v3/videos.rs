//! `videos.list`, `videos.update` and `videos.delete`.

use http::StatusCode;

use super::{
    Call, Played,
    body::Body,
    paging::{self, Page},
    problem,
    ratings::Rating,
    resource::{self, tagged},
};
use crate::emulator::{
    answer::Answer,
    state::State,
    videos::{Privacy, Video},
};

const KIND: &str = "youtube#videoListResponse";

pub(super) fn list(state: &mut State, call: &Call<'_>) -> Played {
    let state = &*state;
    let params = &call.params;
    let parts = params.parts();
    let show = |video: &&Video| resource::video(state, video, &parts);
    let ids = params.list("id");
    if !ids.is_empty() {
        // No pages: who names ids gets them all, in the order of the names.
        let user = call.caller.user();
        let named = ids.iter().filter_map(|id| {
            let found = state.videos.iter().find(|video| video.id == *id)?;
            found.is_open_to(user).then_some(found)
        });
        let items: Vec<_> = named.map(|video| show(&video)).collect();
        let list = paging::list(KIND, items.len(), items.len(), &items);
        return Ok(Answer::json(StatusCode::OK, &tagged(list)));
    }
    let mut chosen: Vec<&Video> = Vec::new();
    if let Some(rating) = params.text("myRating") {
        let user = call.channel_owner(state, "myRating")?.email.as_str();
        let wanted = Rating::read(rating).ok_or_else(problem::invalid_rating)?;
        let rated = |video: &&Video| {
            state.ratings.of(user, &video.id) == Some(wanted) && video.is_open_to(Some(user))
        };
        chosen.extend(state.videos.iter().filter(rated));
    } else if params.text("chart") == Some("mostPopular") {
        let public = |video: &&Video| video.privacy == Privacy::Public;
        chosen.extend(state.videos.iter().filter(public));
        chosen.sort_by_key(|video| {
            let likes = state.ratings.count(&video.id, Rating::Like);
            std::cmp::Reverse((likes, video.published))
        });
    } else {
        return Err(problem::no_filter(&["chart", "id", "myRating"]));
    }
    let list = Page::of(params)?.answer(KIND, &chosen, show);
    Ok(Answer::json(StatusCode::OK, &list))
}

/// Title and description are replaced by `part=snippet`, the privacy by `part=status`. UNVERIFIED: that a
/// snippet without a title is refused, and one without a category is not.
pub(super) fn update(state: &mut State, call: &Call<'_>) -> Played {
    let body = Body::read(call.seen.request.body())?;
    let id = body.text(&["id"])?.unwrap_or_default().to_owned();
    let at = own(state, call, &id, "update")?;
    let parts = call.params.parts();
    let draft = match parts.contains(&"snippet") {
        true => {
            let title = body.text(&["snippet", "title"])?.unwrap_or_default();
            Some(body.draft_titled(title)?)
        }
        false => None,
    };
    let privacy = match parts.contains(&"status") {
        true => body.privacy()?,
        false => None,
    };
    let video = &mut state.videos[at];
    if let Some(draft) = draft {
        video.title = draft.title;
        video.description = draft.description;
    }
    if let Some(privacy) = privacy {
        video.privacy = privacy;
    }
    video.updated = call.now;
    let shown = resource::video(state, &state.videos[at], &parts);
    Ok(Answer::json(StatusCode::OK, &shown))
}

pub(super) fn delete(state: &mut State, call: &Call<'_>) -> Played {
    let id = call.params.text("id").unwrap_or_default();
    let at = own(state, call, id, "delete")?;
    let video = state.videos.remove(at);
    state.ratings.forget(&video.id);
    Ok(Answer::no_content())
}

/// Where the caller's own video is.
fn own(state: &State, call: &Call<'_>, id: &str, verb: &str) -> Result<usize, Answer> {
    let user = call.channel_owner(state, "id")?;
    let at = state
        .videos
        .iter()
        .position(|video| video.id == id && video.is_open_to(Some(&user.email)))
        .ok_or_else(|| problem::video_not_found(verb))?;
    match state.videos[at].owner == user.email {
        true => Ok(at),
        false => Err(problem::forbidden(
            "only the owner changes or deletes a video",
        )),
    }
}
