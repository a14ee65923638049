//! How videos, channels and playlists look in JSON, part by part.
//!
//! A part that is not known is left out, and what this emulator does not know stands as nothing: no view, a
//! duration of `PT0S`, thumbnails that nobody serves.

use serde_json::{Map, Value, json};

use super::{
    playlists::Playlist,
    ratings::{Rating, Ratings},
};
use crate::emulator::{
    config::User,
    state::State,
    videos::{Video, channel, digest},
};

/// The value with the ETag of its content.
pub(super) fn tagged(mut value: Value) -> Value {
    let text = value.to_string();
    value["etag"] = format!("{}{}", digest(&text), digest(&(&text, "etag"))).into();
    value
}

/// `UC` and 22 characters, always the same ones for an account.
pub(super) fn channel_id(email: &str) -> String {
    named("UC", email)
}

/// A list of YouTube's own that belongs to a channel has its id, but for the first two letters.
fn named(prefix: &str, email: &str) -> String {
    let two = (digest(&email), digest(&(email, "channel")));
    format!("{prefix}{}{}", two.0, two.1)
}

fn channel_title(state: &State, email: &str) -> String {
    let user = state.config.user.iter().find(|user| user.email == email);
    user.map_or_else(|| channel(email).to_owned(), |user| user.name().to_owned())
}

fn whole(kind: &str, id: Value, parts: &[&str], of: impl Fn(&str) -> Option<Value>) -> Value {
    let mut resource = Map::new();
    resource.insert("kind".to_owned(), kind.into());
    resource.insert("id".to_owned(), id);
    for part in parts {
        if let Some(value) = of(part) {
            resource.insert((*part).to_owned(), value);
        }
    }
    tagged(Value::Object(resource))
}

pub(super) fn video(state: &State, video: &Video, parts: &[&str]) -> Value {
    let of = |part: &str| match part {
        "snippet" => Some(video_snippet(state, video)),
        "status" => Some(json!({
            "uploadStatus": "processed",
            "privacyStatus": video.privacy.as_str(),
            "license": "youtube",
            "embeddable": true,
            "publicStatsViewable": true,
        })),
        "statistics" => Some(statistics(&state.ratings, &video.id)),
        "contentDetails" => Some(json!({
            "duration": "PT0S",
            "dimension": "2d",
            "definition": "hd",
            "caption": "false",
            "licensedContent": false,
        })),
        _ => None,
    };
    whole("youtube#video", video.id.as_str().into(), parts, of)
}

fn video_snippet(state: &State, video: &Video) -> Value {
    json!({
        "publishedAt": video.published.to_string(),
        "channelId": channel_id(&video.owner),
        "title": video.title,
        "description": video.description,
        "thumbnails": thumbnails(&video.id),
        "channelTitle": channel_title(state, &video.owner),
        "categoryId": "22",
        "liveBroadcastContent": "none",
        "localized": { "title": video.title, "description": video.description },
    })
}

/// Numbers are texts here (the discovery document: `uint64` as `string`).
fn statistics(ratings: &Ratings, id: &str) -> Value {
    json!({
        "viewCount": "0",
        "likeCount": ratings.count(id, Rating::Like).to_string(),
        "dislikeCount": ratings.count(id, Rating::Dislike).to_string(),
        "favoriteCount": "0",
        "commentCount": "0",
    })
}

fn thumbnails(id: &str) -> Value {
    let picture = |name: &str, width: u32, height: u32| {
        json!({
            "url": format!("https://i.ytimg.com/vi/{id}/{name}.jpg"),
            "width": width,
            "height": height,
        })
    };
    json!({
        "default": picture("default", 120, 90),
        "medium": picture("mqdefault", 320, 180),
        "high": picture("hqdefault", 480, 360),
    })
}

pub(super) fn channel_resource(state: &State, user: &User, parts: &[&str]) -> Value {
    let of = |part: &str| match part {
        "snippet" => Some(json!({
            "title": user.name(),
            "description": "",
            "publishedAt": CHANNELS_SINCE,
            "thumbnails": {},
            "localized": { "title": user.name(), "description": "" },
        })),
        "contentDetails" => Some(json!({
            "relatedPlaylists": {
                "likes": named("LL", &user.email),
                "uploads": named("UU", &user.email),
            },
        })),
        "statistics" => {
            let own = |video: &&Video| video.owner == user.email && video.is_open_to(None);
            let videos = state.videos.iter().filter(own).count();
            Some(json!({
                "viewCount": "0",
                "subscriberCount": "0",
                "hiddenSubscriberCount": false,
                "videoCount": videos.to_string(),
            }))
        }
        "status" => Some(json!({
            "privacyStatus": "public",
            "isLinked": true,
            "longUploadsStatus": "allowed",
        })),
        _ => None,
    };
    whole("youtube#channel", channel_id(&user.email).into(), parts, of)
}

pub(super) fn playlist(state: &State, playlist: &Playlist, parts: &[&str]) -> Value {
    let of = |part: &str| match part {
        "snippet" => Some(json!({
            "publishedAt": playlist.published.to_string(),
            "channelId": channel_id(&playlist.owner),
            "title": playlist.title,
            "description": playlist.description,
            "thumbnails": {},
            "channelTitle": channel_title(state, &playlist.owner),
            "localized": { "title": playlist.title, "description": playlist.description },
        })),
        "status" => Some(json!({ "privacyStatus": playlist.privacy.as_str() })),
        "contentDetails" => Some(json!({ "itemCount": 0 })),
        _ => None,
    };
    whole("youtube#playlist", playlist.id.as_str().into(), parts, of)
}

/// One result of a search: the id of what was found, and with `snippet` what it is.
pub(super) fn result(state: &State, found: Found<'_>, parts: &[&str]) -> Value {
    let (kind, name, id) = found.identity();
    let mut snippet = match found {
        Found::Video(video) => video_snippet(state, video),
        Found::Channel(user) => json!({
            "publishedAt": CHANNELS_SINCE,
            "channelId": channel_id(&user.email),
            "title": user.name(),
            "description": "",
            "thumbnails": {},
            "channelTitle": user.name(),
            "liveBroadcastContent": "none",
        }),
        Found::Playlist(playlist) => json!({
            "publishedAt": playlist.published.to_string(),
            "channelId": channel_id(&playlist.owner),
            "title": playlist.title,
            "description": playlist.description,
            "thumbnails": {},
            "channelTitle": channel_title(state, &playlist.owner),
            "liveBroadcastContent": "none",
        }),
    };
    // A result has less than its resource (the discovery document: SearchResultSnippet).
    if let Some(fields) = snippet.as_object_mut() {
        fields.remove("categoryId");
        fields.remove("localized");
    }
    let id = json!({ "kind": kind, name: id });
    whole("youtube#searchResult", id, parts, |part| {
        (part == "snippet").then(|| snippet.clone())
    })
}

/// What a search finds.
#[derive(Clone, Copy)]
pub(super) enum Found<'s> {
    Video(&'s Video),
    Channel(&'s User),
    Playlist(&'s Playlist),
}

impl Found<'_> {
    fn identity(self) -> (&'static str, &'static str, String) {
        match self {
            Self::Video(video) => ("youtube#video", "videoId", video.id.clone()),
            Self::Channel(user) => ("youtube#channel", "channelId", channel_id(&user.email)),
            Self::Playlist(playlist) => ("youtube#playlist", "playlistId", playlist.id.clone()),
        }
    }
}

/// When every channel here was made: the day of its first sample video.
const CHANNELS_SINCE: &str = "2010-06-01T12:00:00Z";
