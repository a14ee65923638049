//! What is read: the uploads of a user page by page, and single entries
//! (legacy-protocol.md 2.1 and 2.2).

use http::{StatusCode, header};

use super::{bad_request, broken, owner};
use crate::{
    emulator::{
        answer::Answer,
        gate::Visitor,
        seen::Seen,
        state::State,
        videos::{Video, channel},
    },
    gdata::{Element, Envelope, Feed, atom, namespaces::OPENSEARCH_1_0},
    wire::query::Pairs,
};

/// The dialect of gdata that a client asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    One,
    Two,
}

impl Version {
    /// `GData-Version`, else `v=` in the query, else the first.
    pub(super) fn of(seen: &Seen<'_>) -> Self {
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
    pub(super) fn echo(self) -> &'static str {
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

pub(super) fn list(state: &State, seen: &Seen<'_>, user: &str, visitor: &Visitor) -> Answer {
    let owner = owner(state, user, visitor);
    let own: Vec<&Video> = state
        .videos
        .iter()
        .filter(|video| video.owner == owner && video.is_open_to(Some(&visitor.user)))
        .collect();
    let (start, page) = match page_of(seen.query()) {
        Ok(page) => page,
        Err(problem) => return bad_request(problem),
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

pub(super) fn read(
    state: &State,
    seen: &Seen<'_>,
    id: &str,
    owner: Option<&str>,
    visitor: Option<&Visitor>,
) -> Answer {
    let visitor = visitor.map(|visitor| visitor.user.as_str());
    let found = state
        .videos
        .iter()
        .find(|video| video.id == id && owner.is_none_or(|owner| video.owner == owner))
        .filter(|video| video.is_open_to(visitor));
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

pub(super) fn entry_answer(
    status: StatusCode,
    video: &Video,
    base: &str,
    version: Version,
) -> Answer {
    match video.entry(base).to_xml() {
        Ok(xml) => Answer::atom(status, ENTRY, xml)
            .with(header::ETAG, &video.etag())
            .with("gdata-version", version.echo()),
        Err(cause) => broken(&cause),
    }
}

const FEED: &str = "application/atom+xml; charset=UTF-8; type=feed";
const ENTRY: &str = "application/atom+xml; charset=UTF-8; type=entry";
/// A page of a feed, when the client does not say.
const DEFAULT_PAGE: usize = 25;
/// YouTube's own upper bound of a page.
const MAX_PAGE: usize = 50;
