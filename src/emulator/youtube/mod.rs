//! YouTube v2: own uploads, single entries, uploads of all three kinds, batches (legacy-protocol.md 2).
//!
//! ```text
//! request ─▶ Resource (which address) ─▶ gate (who) ─▶ writes (developer key, owner, ETag)
//!                 │                                        ├─▶ upload, change, batch
//!                 │                                        └─▶ resumable ─▶ … ─▶ upload::publish
//!                 ├─ public video ─▶ feed
//!                 └─ browser's form, whose token authorises ─▶ browser ─▶ upload::publish
//! ```

mod batch;
pub(super) mod browser;
mod change;
mod draft;
mod feed;
mod resumable;
mod upload;
mod writes;

use http::{StatusCode, header};

use super::{
    answer::Answer,
    gate::{self, Visitor},
    seen::Seen,
    state::State,
    videos::{Video, channel},
};
use crate::{gdata::Errors, time::Timestamp};

pub(super) use self::{
    draft::{Draft, Fault},
    resumable::incomplete,
    upload::{Media, publish},
};

/// What a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Resource<'a> {
    Uploads {
        user: &'a str,
    },
    Upload {
        user: &'a str,
        id: &'a str,
    },
    Video {
        id: &'a str,
    },
    /// Many operations at once; with a user, on that user's uploads only.
    Batch {
        user: Option<&'a str>,
    },
    Resumable {
        user: &'a str,
    },
    UploadToken,
    /// What a browser's form is sent to.
    Form {
        id: &'a str,
    },
}

impl<'a> Resource<'a> {
    fn of(path: &'a str) -> Option<Self> {
        let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        match segments.as_slice() {
            ["feeds", "api", "videos", "batch"] => Some(Self::Batch { user: None }),
            ["feeds", "api", "users", user, "uploads", "batch"] => {
                Some(Self::Batch { user: Some(user) })
            }
            ["feeds", "api", "users", user, "uploads"] => Some(Self::Uploads { user }),
            ["feeds", "api", "users", user, "uploads", id] => Some(Self::Upload { user, id }),
            ["feeds", "api", "videos", id] => Some(Self::Video { id }),
            ["resumable", "feeds", "api", "users", user, "uploads"] => {
                Some(Self::Resumable { user })
            }
            ["action", "GetUploadToken"] => Some(Self::UploadToken),
            ["action", "FormDataUpload", id] => Some(Self::Form { id }),
            _ => None,
        }
    }

    /// The methods that are played here.
    fn methods(self) -> &'static str {
        match self {
            Self::Uploads { .. } => "GET, HEAD, POST",
            Self::Upload { .. } => "GET, HEAD, PUT, DELETE",
            Self::Video { .. } => "GET, HEAD",
            Self::Batch { .. } | Self::UploadToken | Self::Form { .. } => "POST",
            Self::Resumable { .. } => "POST, PUT",
        }
    }
}

pub(super) fn answer(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    let Some(resource) = Resource::of(seen.path()) else {
        return Answer::refusal(StatusCode::NOT_FOUND, "Not Found")
            .because("this feed is not played here");
    };
    let method = seen.meant_method();
    let method = method.as_str();
    match (resource, method) {
        // Single videos are public; everything of a user needs one.
        (Resource::Video { id }, "GET" | "HEAD")
            if !seen.request.headers().contains_key(header::AUTHORIZATION) =>
        {
            return feed::read(state, seen, id, None, None);
        }
        // The token inside authorises.
        (Resource::Form { id }, "POST") => return browser::receive(state, seen, now, id),
        _ => {}
    }
    let visitor = match gate::feed(state, seen, now) {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let visitor = &visitor;
    match (resource, method) {
        (Resource::Uploads { user }, "GET" | "HEAD") => feed::list(state, seen, user, visitor),
        (Resource::Uploads { user }, "POST") => upload::direct(state, seen, now, user, visitor),
        (Resource::Upload { user, id }, "GET" | "HEAD") => {
            let owner = owner(state, user, visitor);
            feed::read(state, seen, id, Some(&owner), Some(visitor))
        }
        (Resource::Upload { user, id }, "PUT") => {
            change::replace(state, seen, now, (user, id), visitor)
        }
        (Resource::Upload { user, id }, "DELETE") => {
            change::delete(state, seen, (user, id), visitor)
        }
        (Resource::Video { id }, "GET" | "HEAD") => {
            feed::read(state, seen, id, None, Some(visitor))
        }
        (Resource::Batch { user }, "POST") => batch::answer(state, seen, now, user, visitor),
        (Resource::Resumable { user }, "POST" | "PUT") => {
            resumable::answer(state, seen, now, user, visitor)
        }
        (Resource::UploadToken, "POST") => browser::issue(state, seen, now, visitor),
        _ => Answer::refusal(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
            .with(header::ALLOW, resource.methods())
            .because("this method is not played on this feed"),
    }
}

/// The account that a path names: `default` is the one who consented.
fn owner(state: &State, user: &str, visitor: &Visitor) -> String {
    if user == "default" {
        return visitor.user.clone();
    }
    let named =
        |candidate: &&super::User| candidate.email == user || channel(&candidate.email) == user;
    state
        .config
        .user
        .iter()
        .find(named)
        .map_or_else(|| user.to_owned(), |user| user.email.clone())
}

/// Entries live at gdata.youtube.com, also those that came in at uploads.gdata.youtube.com.
fn entry_base(seen: &Seen<'_>) -> String {
    seen.base()
        .replacen("://uploads.gdata.youtube.com", "://gdata.youtube.com", 1)
}

/// Where media comes in.
fn upload_base(seen: &Seen<'_>) -> String {
    seen.base()
        .replacen("://gdata.youtube.com", "://uploads.gdata.youtube.com", 1)
}

/// 201 with the entry and its address, as a direct upload was answered (legacy-protocol.md 2.3).
fn created(seen: &Seen<'_>, video: &Video) -> Answer {
    let base = entry_base(seen);
    let address = video.address(&base);
    feed::entry_answer(StatusCode::CREATED, video, &base, feed::Version::of(seen))
        .with(header::LOCATION, &address)
        .with(header::CONTENT_LOCATION, &address)
}

fn bad_request(problem: impl std::fmt::Display) -> Answer {
    let problem = problem.to_string();
    Answer::text(StatusCode::BAD_REQUEST, &problem).because(problem)
}

fn errors(status: StatusCode, document: &Errors) -> Answer {
    match document.to_xml() {
        Ok(xml) => Answer::errors(status, xml),
        Err(cause) => broken(&cause),
    }
}

fn broken(cause: &crate::error::Error) -> Answer {
    Answer::refusal(StatusCode::INTERNAL_SERVER_ERROR, "Internal Error").because(cause.to_string())
}
