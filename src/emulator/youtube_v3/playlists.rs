//! `playlists.list` and `playlists.insert`. A playlist stays empty: its items are not played.

use http::StatusCode;

use super::{Call, Played, body::Body, paging::Page, problem, resource};
use crate::{
    emulator::{answer::Answer, state::State, videos::Privacy},
    time::Timestamp,
};

/// The playlists that were made, oldest first.
#[derive(Debug, Default)]
pub(in crate::emulator) struct Playlists(Vec<Playlist>);

/// A list of one user.
#[derive(Clone, Debug)]
pub(super) struct Playlist {
    pub(super) id: String,
    pub(super) owner: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) privacy: Privacy,
    pub(super) published: Timestamp,
}

impl Playlists {
    /// Playlists beyond this many are refused.
    const MAX: usize = 10_000;

    pub(super) fn iter(&self) -> impl Iterator<Item = &Playlist> {
        self.0.iter()
    }
}

impl Playlist {
    /// YouTube's bounds of a title and a description, in characters [MEM].
    const MAX_TITLE: usize = 150;
    const MAX_DESCRIPTION: usize = 5_000;

    fn is_open_to(&self, user: Option<&str>) -> bool {
        self.privacy != Privacy::Private || user == Some(self.owner.as_str())
    }
}

pub(super) fn list(state: &mut State, call: &Call<'_>) -> Played {
    let state = &*state;
    let params = &call.params;
    let page = Page::of(params)?;
    let user = call.caller.user();
    let ids = params.list("id");
    let channel = params.text("channelId");
    let chosen: Vec<&Playlist> = if params.flag("mine") {
        let owner = call.channel_owner(state, "mine")?;
        let own = |playlist: &&Playlist| playlist.owner == owner.email;
        state.playlists.iter().filter(own).collect()
    } else if !ids.is_empty() || channel.is_some() {
        let wanted = |playlist: &&Playlist| match channel {
            Some(id) => {
                resource::channel_id(&playlist.owner) == id && playlist.privacy == Privacy::Public
            }
            None => ids.contains(&playlist.id.as_str()) && playlist.is_open_to(user),
        };
        state.playlists.iter().filter(wanted).collect()
    } else {
        return Err(problem::no_filter(&["channelId", "id", "mine"]));
    };
    let parts = params.parts();
    let list = page.answer("youtube#playlistListResponse", &chosen, |playlist| {
        resource::playlist(state, playlist, &parts)
    });
    Ok(Answer::json(StatusCode::OK, &list))
}

pub(super) fn insert(state: &mut State, call: &Call<'_>) -> Played {
    let owner = call.channel_owner(state, "part")?.email.clone();
    let body = Body::read(call.seen.request.body())?;
    let title = body.text(&["snippet", "title"])?.unwrap_or_default();
    if !(1..=Playlist::MAX_TITLE).contains(&title.chars().count()) {
        return Err(problem::playlist_title_required());
    }
    let description = body.text(&["snippet", "description"])?.unwrap_or_default();
    if description.chars().count() > Playlist::MAX_DESCRIPTION {
        return Err(problem::bad_request(
            "Request contains an invalid argument.",
            "snippet.description: too long".to_owned(),
        ));
    }
    if state.playlists.0.len() >= Playlists::MAX {
        return Err(problem::backend_error(format!(
            "this emulator keeps {} playlists, and has them",
            Playlists::MAX
        )));
    }
    let playlist = Playlist {
        // `PL` and 32 characters, as YouTube's.
        id: format!("PL{}", state.random_text(24)),
        owner,
        title: title.to_owned(),
        description: description.to_owned(),
        privacy: body.privacy()?.unwrap_or(Privacy::Public),
        published: call.now,
    };
    let shown = resource::playlist(state, &playlist, &call.params.parts());
    state.playlists.0.push(playlist);
    Ok(Answer::json(StatusCode::OK, &shown))
}
