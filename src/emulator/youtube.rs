//! YouTube v2 below `/feeds/api/`: own uploads, single entries, direct upload, deletion
//! (legacy-protocol.md 2.2, 2.3, 2.5).

use http::{StatusCode, header};

use super::{
    answer::Answer,
    gate::{self, Visitor},
    seen::Seen,
    state::State,
    videos::{Video, channel},
};
use crate::{
    gdata::{
        Element, Entry, Envelope, ErrorEntry, Errors, Feed, Location, X_GDATA_KEY, atom,
        namespaces::{MEDIA, OPENSEARCH_1_0},
        upload::Multipart,
    },
    time::Timestamp,
    wire::query::Pairs,
};

const FEED: &str = "application/atom+xml; charset=UTF-8; type=feed";
const ENTRY: &str = "application/atom+xml; charset=UTF-8; type=entry";
/// The dialect of gdata that a client asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    One,
    Two,
}

impl Version {
    /// `GData-Version`, else `v=` in the query, else the first.
    fn of(seen: &Seen<'_>) -> Self {
        let envelope = Envelope::read(seen.request.headers()).ok();
        let query = Pairs::parse(seen.query()).unwrap_or_default();
        let asked = envelope
            .as_ref()
            .and_then(Envelope::version)
            .or_else(|| query.first("v"));
        match asked {
            Some(version) if !version.starts_with('1') => Self::Two,
            _ => Self::One,
        }
    }

    /// What is echoed. YouTube's 2.1 is from a trace (legacy-protocol.md 2.1); 1.0 is UNVERIFIED.
    fn echo(self) -> &'static str {
        match self {
            Self::One => "1.0",
            Self::Two => "2.1",
        }
    }

    /// The counts of a page, in the namespace that clients of this version read.
    fn count(self, feed: Feed<'static>, total: usize, start: usize, page: usize) -> Feed<'static> {
        match self {
            Self::Two => feed.with_page(total as u64, start as u64, page as u64),
            Self::One => [
                ("totalResults", total),
                ("startIndex", start),
                ("itemsPerPage", page),
            ]
            .into_iter()
            .fold(feed, |feed, (name, number)| {
                feed.with(Element::new(OPENSEARCH_1_0, name).with_text(number.to_string()))
            }),
        }
    }
}

/// A page of a feed, when the client does not say.
const DEFAULT_PAGE: usize = 25;
/// Videos beyond this many are refused.
const MAX_VIDEOS: usize = 10_000;
/// YouTube's own upper bound of a page.
const MAX_PAGE: usize = 50;

/// What a path below `/feeds/api/` names.
enum Resource<'a> {
    Uploads { user: &'a str },
    Upload { user: &'a str, id: &'a str },
    Video { id: &'a str },
}

impl<'a> Resource<'a> {
    fn of(path: &'a str) -> Option<Self> {
        let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        match segments.as_slice() {
            ["feeds", "api", "users", user, "uploads"] => Some(Self::Uploads { user }),
            ["feeds", "api", "users", user, "uploads", id] => Some(Self::Upload { user, id }),
            ["feeds", "api", "videos", id] => Some(Self::Video { id }),
            _ => None,
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
    // Single videos are public; everything of a user needs one.
    if let (Resource::Video { id }, "GET" | "HEAD") = (&resource, method)
        && !seen.request.headers().contains_key(header::AUTHORIZATION)
    {
        return read(state, seen, id, None);
    }
    let visitor = match gate::feed(state, seen, now) {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    match (resource, method) {
        (Resource::Uploads { user }, "GET" | "HEAD") => list(state, seen, user, &visitor),
        (Resource::Uploads { user }, "POST") => upload(state, seen, now, user, &visitor),
        (Resource::Upload { user, id }, "GET" | "HEAD") => {
            let owner = owner(state, user, &visitor);
            read(state, seen, id, Some(&owner))
        }
        (Resource::Video { id }, "GET" | "HEAD") => read(state, seen, id, None),
        (Resource::Upload { user, id }, "DELETE") => delete(state, seen, user, id, &visitor),
        _ => Answer::refusal(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
            .with(header::ALLOW, "GET, HEAD, POST, DELETE")
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

fn list(state: &State, seen: &Seen<'_>, user: &str, visitor: &Visitor) -> Answer {
    let owner = owner(state, user, visitor);
    let own: Vec<&Video> = state
        .videos
        .iter()
        .filter(|video| video.owner == owner)
        .collect();
    let (start, page) = match page_of(seen.query()) {
        Ok(page) => page,
        Err(problem) => return Answer::text(StatusCode::BAD_REQUEST, &problem).because(problem),
    };
    let (base, version) = (seen.base(), Version::of(seen));
    let mut feed = Feed::new()
        .with(atom::id(format!(
            "tag:youtube.com,2008:user:{}:uploads",
            channel(&owner)
        )))
        .with(atom::title(format!("Uploads by {}", channel(&owner))));
    let newest = own.iter().map(|video| video.published).max();
    feed = feed
        .with(atom::updated(newest.unwrap_or_default().to_string()))
        .with(atom::link(
            "self",
            "application/atom+xml",
            format!("{base}{}", seen.path()),
        ));
    feed = version.count(feed, own.len(), start, page);
    let shown = own.iter().skip(start - 1).take(page);
    for video in shown {
        feed = feed.with_entry(video.entry(&base));
    }
    match feed.to_xml() {
        Ok(xml) => Answer::atom(StatusCode::OK, FEED, xml).with("gdata-version", version.echo()),
        Err(cause) => broken(&cause),
    }
}

/// `start-index` (from 1) and `max-results` of a query.
fn page_of(query: &str) -> Result<(usize, usize), String> {
    let pairs = Pairs::parse(query).map_err(|cause| cause.to_string())?;
    if pairs.first("alt").is_some_and(|alt| alt != "atom") {
        return Err("alt: only atom is played here".to_owned());
    }
    let number = |name: &str, default: usize, range: std::ops::RangeInclusive<usize>| {
        let Some(text) = pairs.first(name) else {
            return Ok(default);
        };
        let value = text.parse().ok().filter(|value| range.contains(value));
        value.ok_or_else(|| {
            format!(
                "{name}: expected a number from {} to {}",
                range.start(),
                range.end()
            )
        })
    };
    Ok((
        number("start-index", 1, 1..=1_000_000)?,
        number("max-results", DEFAULT_PAGE, 0..=MAX_PAGE)?,
    ))
}

fn read(state: &State, seen: &Seen<'_>, id: &str, owner: Option<&str>) -> Answer {
    let found = state
        .videos
        .iter()
        .find(|video| video.id == id && owner.is_none_or(|owner| video.owner == owner));
    let Some(video) = found else {
        return Answer::refusal(StatusCode::NOT_FOUND, "Video not found")
            .because("no such video of this user");
    };
    let etag = video.etag();
    let known = seen.request.headers().get(header::IF_NONE_MATCH);
    if known.is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return Answer::atom(StatusCode::NOT_MODIFIED, ENTRY, String::new())
            .with(header::ETAG, &etag);
    }
    entry_answer(StatusCode::OK, video, &seen.base(), Version::of(seen))
}

fn entry_answer(status: StatusCode, video: &Video, base: &str, version: Version) -> Answer {
    match video.entry(base).to_xml() {
        Ok(xml) => Answer::atom(status, ENTRY, xml)
            .with(header::ETAG, &video.etag())
            .with("gdata-version", version.echo()),
        Err(cause) => broken(&cause),
    }
}

/// Direct upload: `multipart/related` of an entry and the media behind it.
fn upload(
    state: &mut State,
    seen: &Seen<'_>,
    now: Timestamp,
    user: &str,
    visitor: &Visitor,
) -> Answer {
    if let Err(answer) = check_developer_key(state, seen) {
        return answer;
    }
    let owner = owner(state, user, visitor);
    if owner != visitor.user {
        return Answer::refusal(StatusCode::FORBIDDEN, "Access forbidden")
            .because("uploads go to the account that consented");
    }
    let bad =
        |problem: String| Answer::text(StatusCode::BAD_REQUEST, &problem).because(problem.clone());
    let headers = seen.request.headers();
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let content_type = text("content-type").unwrap_or_default();
    let body = match Multipart::parse(content_type, seen.request.body()) {
        Ok(body) => body,
        Err(cause) => return bad(cause.to_string()),
    };
    let [metadata, media] = body.parts() else {
        return bad(format!(
            "expected two parts, an entry and the media, got {}",
            body.parts().len()
        ));
    };
    let entry = match Entry::parse(metadata.body()) {
        Ok(entry) => entry,
        Err(cause) => return bad(format!("the first part is no entry: {cause}")),
    };
    let group = entry.element().child(MEDIA, "group");
    let field = |name: &str| {
        group
            .and_then(|group| group.child(MEDIA, name))
            .map(|field| field.text().to_owned())
    };
    let title = field("title")
        .or_else(|| entry.title().map(str::to_owned))
        .unwrap_or_default();
    if title.is_empty() {
        return validation("required", "media:group/media:title/text()");
    }
    // YouTube's bound of a title, in characters.
    if title.chars().count() > 100 {
        return validation("too_long", "media:group/media:title/text()");
    }
    if title.contains(['<', '>']) {
        return validation("invalid_character", "media:group/media:title/text()");
    }
    let video = Video {
        id: state.random_text(8),
        owner,
        title,
        description: field("description").unwrap_or_default(),
        media_type: media.content_type().to_owned(),
        size: media.body().len(),
        published: now,
    };
    if state.videos.len() >= MAX_VIDEOS {
        let entry = ErrorEntry::new("yt:quota", "too_many_entries");
        let document = Errors::new([entry]).without_namespace();
        return errors(StatusCode::FORBIDDEN, &document)
            .because("this emulator holds as many videos as it can; delete some");
    }
    let base = upload_base(seen);
    let address = video.address(&base);
    let answer = entry_answer(StatusCode::CREATED, &video, &base, Version::of(seen))
        .with(header::LOCATION, &address)
        .with(header::CONTENT_LOCATION, &address)
        .because(format!(
            "received {} bytes of {}{}",
            video.size,
            video.media_type,
            text("slug").map_or_else(String::new, |name| format!(", {name}")),
        ));
    state.videos.push(video);
    answer
}

/// Entries live at gdata.youtube.com, also those that came in at uploads.gdata.youtube.com.
fn upload_base(seen: &Seen<'_>) -> String {
    seen.base()
        .replacen("://uploads.gdata.youtube.com", "://gdata.youtube.com", 1)
}

fn delete(state: &mut State, seen: &Seen<'_>, user: &str, id: &str, visitor: &Visitor) -> Answer {
    if let Err(answer) = check_developer_key(state, seen) {
        return answer;
    }
    // YouTube's videos have no ETags to match (legacy-protocol.md 2.5, a trace of 2013).
    if seen.request.headers().contains_key(header::IF_MATCH) {
        let mut entry = ErrorEntry::new("GData", "etagsUnsupported");
        entry.internal_reason = Some("Resource does not support Etags".to_owned());
        return errors(StatusCode::PRECONDITION_FAILED, &Errors::new([entry]))
            .because("If-Match: leave it out, YouTube answered it with 412");
    }
    let owner = owner(state, user, visitor);
    let found = state
        .videos
        .iter()
        .position(|video| video.id == id && video.owner == owner);
    match found {
        None => Answer::refusal(StatusCode::NOT_FOUND, "Video not found")
            .because("no such video of this user"),
        Some(_) if owner != visitor.user => {
            Answer::refusal(StatusCode::FORBIDDEN, "Access forbidden")
                .because("only the owner deletes a video")
        }
        Some(at) => {
            state.videos.remove(at);
            Answer::empty()
        }
    }
}

/// UNVERIFIED: that writes needed a developer key, and the texts of these refusals.
fn check_developer_key(state: &State, seen: &Seen<'_>) -> Result<(), Answer> {
    let refuse = |message: &str, reason: String| {
        Err(Answer::refusal(StatusCode::FORBIDDEN, message).because(reason))
    };
    // The key alone: another header that cannot be read is no reason to refuse it.
    let keys = seen.request.headers().get_all(&X_GDATA_KEY);
    let only_keys = keys.iter().map(|key| (X_GDATA_KEY, key.clone()));
    let envelope = match Envelope::read(&only_keys.collect()) {
        Ok(envelope) => envelope,
        Err(cause) => return refuse("Invalid developer key", cause.to_string()),
    };
    match envelope.developer_key() {
        None if state.config.require_developer_key => refuse(
            "Developer key required for this operation",
            "the request has no X-GData-Key: key=… header".to_owned(),
        ),
        Some(key)
            if !state.config.developer_keys.is_empty()
                && !state.config.developer_keys.iter().any(|known| key == known) =>
        {
            refuse(
                "Invalid developer key",
                "this developer key is not among the configured ones".to_owned(),
            )
        }
        _ => Ok(()),
    }
}

fn validation(code: &str, location: &str) -> Answer {
    let mut entry = ErrorEntry::new("yt:validation", code);
    entry.location = Some(Location::XPath(location.to_owned()));
    let document = Errors::new([entry]).without_namespace();
    errors(StatusCode::BAD_REQUEST, &document).because(format!("{location}: {code}"))
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
