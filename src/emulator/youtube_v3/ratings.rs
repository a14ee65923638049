//! `videos.rate` and `videos.getRating`: who likes what.

use std::collections::BTreeMap;

use http::StatusCode;
use serde_json::json;

use super::{Call, Played, problem, resource::tagged};
use crate::emulator::{answer::Answer, state::State};

/// Ratings that were given, by account and id of the video.
#[derive(Debug, Default)]
pub(in crate::emulator) struct Ratings(BTreeMap<(String, String), Rating>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rating {
    Like,
    Dislike,
}

impl Rating {
    pub(super) fn read(text: &str) -> Option<Self> {
        match text {
            "like" => Some(Self::Like),
            "dislike" => Some(Self::Dislike),
            _ => None,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Like => "like",
            Self::Dislike => "dislike",
        }
    }
}

impl Ratings {
    /// Ratings beyond this many are refused.
    const MAX: usize = 100_000;

    pub(super) fn of(&self, user: &str, id: &str) -> Option<Rating> {
        self.0.get(&(user.to_owned(), id.to_owned())).copied()
    }

    pub(super) fn count(&self, id: &str, wanted: Rating) -> usize {
        let of_video =
            |((_, video), rating): &(&(String, String), &Rating)| video == id && **rating == wanted;
        self.0.iter().filter(of_video).count()
    }

    /// Forgets what was said about a video that is gone.
    pub(super) fn forget(&mut self, id: &str) {
        self.0.retain(|(_, video), _| video != id);
    }

    fn set(&mut self, user: &str, id: &str, rating: Option<Rating>) -> bool {
        let key = (user.to_owned(), id.to_owned());
        match rating {
            None => {
                self.0.remove(&key);
                true
            }
            Some(_) if self.0.len() >= Self::MAX && !self.0.contains_key(&key) => false,
            Some(rating) => {
                self.0.insert(key, rating);
                true
            }
        }
    }
}

pub(super) fn rate(state: &mut State, call: &Call<'_>) -> Played {
    let user = call.channel_owner(state, "id")?.email.clone();
    let id = call.params.text("id").unwrap_or_default();
    let rating = match call.params.text("rating").unwrap_or_default() {
        "none" => None,
        text => Some(Rating::read(text).ok_or_else(problem::invalid_rating)?),
    };
    let here =
        |video: &&super::super::videos::Video| video.id == id && video.is_open_to(Some(&user));
    if !state.videos.iter().any(|video| here(&video)) {
        return Err(problem::video_not_found("rate"));
    }
    if !state.ratings.set(&user, id, rating) {
        return Err(problem::backend_error(format!(
            "this emulator keeps {} ratings, and has them",
            Ratings::MAX
        )));
    }
    Ok(Answer::no_content())
}

/// UNVERIFIED: that a video which is not here is left out.
pub(super) fn get(state: &mut State, call: &Call<'_>) -> Played {
    let user = call.channel_owner(state, "id")?.email.as_str();
    let open = |id: &str| {
        let mut videos = state.videos.iter();
        videos.any(|video| video.id == id && video.is_open_to(Some(user)))
    };
    let ids = call.params.list("id");
    let items: Vec<_> = ids
        .into_iter()
        .filter(|id| open(id))
        .map(|id| {
            let rating = state.ratings.of(user, id).map_or("none", Rating::as_str);
            json!({ "videoId": id, "rating": rating })
        })
        .collect();
    let list = json!({ "kind": "youtube#videoGetRatingResponse", "items": items });
    Ok(Answer::json(StatusCode::OK, &tagged(list)))
}
