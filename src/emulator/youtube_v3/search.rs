//! `search.list`: videos, channels and playlists by words in their titles and descriptions.
//!
//! All words have to be there, in any case of letters; `-word` keeps away, `|` parts alternatives. The newest
//! comes first. UNVERIFIED: how Google ranks; its other filters are passed over.

use http::StatusCode;

use super::{
    Call, Played,
    paging::Page,
    resource::{self, Found},
};
use crate::{
    emulator::{answer::Answer, state::State, videos::Privacy},
    time::Timestamp,
};

pub(super) fn list(state: &mut State, call: &Call<'_>) -> Played {
    let params = &call.params;
    let page = Page::of(params)?;
    let mine = match params.flag("forMine") {
        true => Some(call.channel_owner(state, "forMine")?.email.as_str()),
        false => None,
    };
    let types = params.list("type");
    let wants = |kind: &str| types.is_empty() || types.contains(&kind);
    let words = params.text("q").unwrap_or_default().to_lowercase();
    let channel = params.text("channelId");
    let mut found: Vec<(Timestamp, Found<'_>)> = Vec::new();
    if wants("video") {
        let videos = state.videos.iter().filter(|video| {
            let listed = match mine {
                Some(owner) => video.owner == owner,
                None => video.privacy == Privacy::Public,
            };
            listed
                && channel.is_none_or(|id| resource::channel_id(&video.owner) == id)
                && matches(&words, &[&video.title, &video.description])
        });
        found.extend(videos.map(|video| (video.published, Found::Video(video))));
    }
    if wants("channel") && mine.is_none() {
        let users = state.config.user.iter().filter(|user| {
            user.channel
                && channel.is_none_or(|id| resource::channel_id(&user.email) == id)
                && matches(&words, &[user.name()])
        });
        found.extend(users.map(|user| (Timestamp::default(), Found::Channel(user))));
    }
    if wants("playlist") && mine.is_none() {
        let playlists = state.playlists.iter().filter(|playlist| {
            playlist.privacy == Privacy::Public
                && channel.is_none_or(|id| resource::channel_id(&playlist.owner) == id)
                && matches(&words, &[&playlist.title, &playlist.description])
        });
        found.extend(playlists.map(|one| (one.published, Found::Playlist(one))));
    }
    // Stable: what is of one moment stays in the order in which it came.
    found.sort_by_key(|(moment, _)| std::cmp::Reverse(*moment));
    let parts = params.parts();
    let mut list = page.answer("youtube#searchListResponse", &found, |(_, found)| {
        resource::result(state, *found, &parts)
    });
    list["regionCode"] = "US".into();
    Ok(Answer::json(StatusCode::OK, &list))
}

fn matches(words: &str, texts: &[&str]) -> bool {
    let text = texts.join("\n").to_lowercase();
    words.split('|').any(|alternative| {
        alternative
            .split_whitespace()
            .all(|word| match word.strip_prefix('-') {
                Some(unwanted) if !unwanted.is_empty() => !text.contains(unwanted),
                _ => text.contains(word),
            })
    })
}
