//! `channels.list`: whose channel it is, and where its uploads are.

use http::StatusCode;

use super::{Call, Played, paging::Page, problem, resource};
use crate::emulator::{answer::Answer, config::User, state::State, videos};

/// Google answers `mine` without a channel by an empty list in some years; here it is youtubeSignupRequired,
/// as users report it.
pub(super) fn list(state: &mut State, call: &Call<'_>) -> Played {
    let state = &*state;
    let params = &call.params;
    let page = Page::of(params)?;
    let ids = params.list("id");
    let named = params.text("forUsername");
    let chosen: Vec<&User> = if params.flag("mine") {
        vec![call.channel_owner(state, "mine")?]
    } else if !ids.is_empty() || named.is_some() {
        let wanted = |user: &&User| match named {
            Some(name) => videos::channel(&user.email) == name,
            None => ids.contains(&resource::channel_id(&user.email).as_str()),
        };
        let with_channel = state.config.user.iter().filter(|user| user.channel);
        with_channel.filter(wanted).collect()
    } else {
        return Err(problem::no_filter(&["forUsername", "id", "mine"]));
    };
    let parts = params.parts();
    let list = page.answer("youtube#channelListResponse", &chosen, |user| {
        resource::channel_resource(state, user, &parts)
    });
    Ok(Answer::json(StatusCode::OK, &list))
}
