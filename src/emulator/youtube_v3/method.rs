//! The calls that are played, as a table: address, scopes, required parameters, units of quota.
//!
//! # Source
//! The discovery document for all but the units. Those are [MEM], from Google's quota calculator: 1 for a
//! list, 50 for a write, 100 for a search, 1,600 for an upload.

use super::{Call, Played, channels, playlists, ratings, resumable, search, upload, videos};
use crate::emulator::{seen::Seen, state::State};

/// A call.
pub(super) struct Method {
    verb: &'static str,
    path: &'static str,
    /// Google's own name of it, which stands in refusals.
    pub(super) rpc: &'static str,
    pub(super) access: Access,
    /// One of these lets a token in.
    pub(super) scopes: &'static [&'static str],
    pub(super) required: &'static [&'static str],
    /// Units of quota.
    pub(super) cost: u32,
    pub(super) run: fn(&mut State, &Call<'_>) -> Played,
}

/// Who may make a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// A project: an API key is enough.
    Project,
    /// A user: it takes a token.
    User,
    /// Whoever knows the address, which holds an `upload_id`; a token is checked where there is one.
    Address,
}

impl Method {
    /// The call that a request makes.
    pub(super) fn of(seen: &Seen<'_>) -> Option<&'static Self> {
        let verb = seen.meant_method();
        METHODS
            .iter()
            .find(|method| method.path == seen.path() && method.verb == verb.as_str())
    }
}

pub(super) const YOUTUBE: &str = "https://www.googleapis.com/auth/youtube";
const FORCE_SSL: &str = "https://www.googleapis.com/auth/youtube.force-ssl";
const READONLY: &str = "https://www.googleapis.com/auth/youtube.readonly";
const UPLOAD: &str = "https://www.googleapis.com/auth/youtube.upload";
const PARTNER: &str = "https://www.googleapis.com/auth/youtubepartner";
const AUDIT: &str = "https://www.googleapis.com/auth/youtubepartner-channel-audit";

const READS: &[&str] = &[YOUTUBE, FORCE_SSL, READONLY, PARTNER];
const READS_CHANNELS: &[&str] = &[YOUTUBE, FORCE_SSL, READONLY, PARTNER, AUDIT];
const WRITES: &[&str] = &[YOUTUBE, FORCE_SSL, PARTNER];
const UPLOADS: &[&str] = &[YOUTUBE, FORCE_SSL, UPLOAD, PARTNER];

const INSERT: &str = "youtube.api.v3.V3DataVideoService.Insert";

const METHODS: &[Method] = &[
    Method {
        verb: "GET",
        path: "/youtube/v3/search",
        rpc: "youtube.api.v3.V3DataSearchService.List",
        access: Access::Project,
        scopes: READS,
        required: &["part"],
        cost: 100,
        run: search::list,
    },
    Method {
        verb: "GET",
        path: "/youtube/v3/videos",
        rpc: "youtube.api.v3.V3DataVideoService.List",
        access: Access::Project,
        scopes: READS,
        required: &["part"],
        cost: 1,
        run: videos::list,
    },
    Method {
        verb: "PUT",
        path: "/youtube/v3/videos",
        rpc: "youtube.api.v3.V3DataVideoService.Update",
        access: Access::User,
        scopes: WRITES,
        required: &["part"],
        cost: 50,
        run: videos::update,
    },
    Method {
        verb: "DELETE",
        path: "/youtube/v3/videos",
        rpc: "youtube.api.v3.V3DataVideoService.Delete",
        access: Access::User,
        scopes: WRITES,
        required: &["id"],
        cost: 50,
        run: videos::delete,
    },
    Method {
        verb: "POST",
        path: "/youtube/v3/videos/rate",
        rpc: "youtube.api.v3.V3DataVideoService.Rate",
        access: Access::User,
        scopes: WRITES,
        required: &["id", "rating"],
        cost: 50,
        run: ratings::rate,
    },
    Method {
        verb: "GET",
        path: "/youtube/v3/videos/getRating",
        rpc: "youtube.api.v3.V3DataVideoService.GetRating",
        access: Access::User,
        scopes: READS,
        required: &["id"],
        cost: 1,
        run: ratings::get,
    },
    Method {
        verb: "GET",
        path: "/youtube/v3/channels",
        rpc: "youtube.api.v3.V3DataChannelService.List",
        access: Access::Project,
        scopes: READS_CHANNELS,
        required: &["part"],
        cost: 1,
        run: channels::list,
    },
    Method {
        verb: "GET",
        path: "/youtube/v3/playlists",
        rpc: "youtube.api.v3.V3DataPlaylistService.List",
        access: Access::Project,
        scopes: READS,
        required: &["part"],
        cost: 1,
        run: playlists::list,
    },
    Method {
        verb: "POST",
        path: "/youtube/v3/playlists",
        rpc: "youtube.api.v3.V3DataPlaylistService.Insert",
        access: Access::User,
        scopes: WRITES,
        required: &["part"],
        cost: 50,
        run: playlists::insert,
    },
    Method {
        verb: "POST",
        path: "/youtube/v3/videos",
        rpc: INSERT,
        access: Access::User,
        scopes: UPLOADS,
        required: &["part"],
        cost: UPLOAD_COST,
        run: upload::without_media,
    },
    Method {
        verb: "POST",
        path: "/upload/youtube/v3/videos",
        rpc: INSERT,
        access: Access::User,
        scopes: UPLOADS,
        required: &["part"],
        cost: UPLOAD_COST,
        run: upload::insert,
    },
    Method {
        verb: "PUT",
        path: "/upload/youtube/v3/videos",
        rpc: INSERT,
        access: Access::Address,
        scopes: UPLOADS,
        required: &["upload_id"],
        cost: 0,
        run: resumable::go_on,
    },
    // As discovery documents name it for resumable uploads; clients use the one above all the same.
    Method {
        verb: "POST",
        path: "/resumable/upload/youtube/v3/videos",
        rpc: INSERT,
        access: Access::User,
        scopes: UPLOADS,
        required: &["part"],
        cost: UPLOAD_COST,
        run: resumable::create,
    },
    Method {
        verb: "PUT",
        path: "/resumable/upload/youtube/v3/videos",
        rpc: INSERT,
        access: Access::Address,
        scopes: UPLOADS,
        required: &["upload_id"],
        cost: 0,
        run: resumable::go_on,
    },
];

const UPLOAD_COST: u32 = 1_600;
