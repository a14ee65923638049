//! YouTube Data API v3, the successor of the gdata feeds, over the same videos.
//!
//! ```text
//! request ─▶ Method (which call) ─▶ Caller (key or token, scope) ─▶ Params (required) ─▶ Quota ─▶ run
//!                                                                                  │
//!     search, videos, channels, playlists ◀──────────────────────────────────────┤
//!     upload (multipart, media, resumable) ─▶ sessions ─▶ the same State::videos ◀┘
//! ```
//!
//! `alt`, `prettyPrint` and `fields` are taken and change nothing: an answer is pretty-printed JSON, whole.
//! Parameters and parts that are not known are passed over; `part` has to be there where Google wants it.
//!
//! # Source
//! Paths, required parameters, scopes and shapes: Google's discovery document of the API, as
//! google-api-python-client 2.202.0 carries it. Errors: reports of users, named in
//! [`problem`](self::problem). Requests: real-clients.md 2.

mod body;
mod caller;
mod channels;
mod method;
mod paging;
mod params;
mod playlists;
mod problem;
mod quota;
mod ratings;
mod resource;
mod resumable;
mod search;
mod upload;
mod videos;

use http::StatusCode;

use self::{caller::Caller, method::Method, params::Params};
use super::{answer::Answer, config::User, era::Era, seen::Seen, state::State};
use crate::time::Timestamp;

pub(super) use self::{playlists::Playlists, quota::Quota, ratings::Ratings};

/// A call that may be made, and everything that it was made with.
struct Call<'c> {
    seen: &'c Seen<'c>,
    now: Timestamp,
    params: Params,
    caller: Caller,
}

/// What a call comes to; a refusal is an answer too.
type Played = Result<Answer, Answer>;

pub(super) fn answer(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    if state.config.era == Era::Y2009 {
        return Answer::refusal(StatusCode::NOT_FOUND, "Not Found")
            .because("there is no Data API v3 in 2009");
    }
    play(state, seen, now).unwrap_or_else(std::convert::identity)
}

fn play(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Played {
    let method = Method::of(seen).ok_or_else(problem::no_method)?;
    let params = Params::read(seen)?;
    let caller = Caller::identify(state, seen, &params, now, method)?;
    if !state.config.youtube_enabled {
        return Err(problem::not_enabled(caller.project()));
    }
    params.require(method.required)?;
    let project = caller.project().to_owned();
    let limit = state.config.youtube_quota;
    if !state.quota.has_room(&project, method.cost, limit, now) {
        return Err(problem::quota_exceeded(method.cost));
    }
    let call = Call {
        seen,
        now,
        params,
        caller,
    };
    let played = (method.run)(state, &call);
    // A call that is refused costs one unit too (Google's page on quota [MEM]).
    let cost = if played.is_ok() {
        method.cost
    } else {
        method.cost.min(1)
    };
    state.quota.spend(project, cost, now);
    played
}

impl Call<'_> {
    /// Whose token it is; `param` is what asks for a user.
    fn user(&self, param: &str) -> Result<&str, Answer> {
        let user = self.caller.user();
        user.ok_or_else(|| problem::authorization_required(param))
    }

    /// As [`user`](Self::user), who has to have a channel.
    fn channel_owner<'s>(&self, state: &'s State, param: &str) -> Result<&'s User, Answer> {
        let email = self.user(param)?;
        let user = state.config.user.iter().find(|user| user.email == email);
        match user {
            Some(user) if user.channel => Ok(user),
            Some(_) => Err(problem::signup_required("this account has no channel")),
            None => Err(problem::signup_required(
                "no user has this address: a service account has no channel, and cannot have one",
            )),
        }
    }
}
