//! Where a redirect leads, and Calendar's session ids.

use std::{collections::BTreeMap, fmt};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header::LOCATION, request::Parts};
use url::Url;

use crate::{error::Error, wire::origin::Origin};

/// What to do with an answer.
#[derive(Debug)]
pub(super) enum Step {
    /// Hand it to the caller: it is no redirect, or one that leads to another origin.
    Done,
    /// Send the request again to this address of the same origin.
    Follow {
        uri: Uri,
        /// 303 asks for another thing than was sent to, see [`see_other`]; the others keep method and
        /// body, as gdata clients do for their POSTs.
        see_other: bool,
    },
}

/// Where an answer redirects to. 308 is also `Resume Incomplete` in gdata uploads (legacy-protocol.md 2.7):
/// without `Location` nothing is a redirect.
pub(super) fn location(answer: &http::Response<Bytes>) -> Option<&HeaderValue> {
    match answer.status().as_u16() {
        301 | 302 | 303 | 307 | 308 => answer.headers().get(LOCATION),
        _ => None,
    }
}

/// # Errors
/// [`Kind::Reply`](crate::Kind::Reply) naming `location` when it is no address.
pub(super) fn step(
    origin: &Origin,
    uri: &Uri,
    answer: &http::Response<Bytes>,
) -> Result<Step, Error> {
    let Some(location) = location(answer) else {
        return Ok(Step::Done);
    };
    let wrong = || Error::reply("location", "expected an absolute or relative address");
    let location = location.to_str().map_err(|_| wrong())?;
    let target = Url::parse(&uri.to_string())
        .and_then(|base| base.join(location))
        .map_err(|cause| wrong().caused_by(cause))?;
    let target: Uri = target[..url::Position::AfterQuery]
        .parse()
        .map_err(|cause: http::uri::InvalidUri| wrong().caused_by(cause))?;
    if Origin::of_uri(&target).ok().as_ref() != Some(origin) {
        return Ok(Step::Done);
    }
    Ok(Step::Follow {
        uri: target,
        see_other: answer.status() == StatusCode::SEE_OTHER,
    })
}

/// Makes of a request the GET that 303 asks for, HEAD staying HEAD: without what describes a body, asks for a
/// condition of the first address, or turns the method into another (RFC 9110, 15.4 and 15.4.4).
pub(super) fn see_other(parts: &mut Parts) {
    if parts.method != Method::HEAD {
        parts.method = Method::GET;
    }
    let gone: Vec<_> = parts
        .headers
        .keys()
        .filter(|it| is_of_the_first(it))
        .cloned()
        .collect();
    for name in gone {
        parts.headers.remove(name);
    }
}

fn is_of_the_first(name: &HeaderName) -> bool {
    OF_THE_FIRST.contains(&name.as_str())
        || OF_THE_FIRST_BY_START
            .iter()
            .any(|start| name.as_str().starts_with(start))
}

const OF_THE_FIRST: &[&str] = &[
    "expect",
    "slug",
    "transfer-encoding",
    "x-http-method-override",
];
const OF_THE_FIRST_BY_START: &[&str] = &["content-", "if-", "x-upload-"];

/// The newest `gsessionid` of each service: an origin and the first segment of the path.
#[derive(Default)]
pub(super) struct Sessions(BTreeMap<(String, String), String>);

impl Sessions {
    /// The address with the session id that its service last gave; `None` when there is none, or the
    /// address has one.
    pub(super) fn address(&self, origin: &Origin, uri: &Uri) -> Option<Uri> {
        let id = self.0.get(&key(origin, uri))?;
        if session_of(uri).is_some() {
            return None;
        }
        let separator = if uri.query().is_some() { '&' } else { '?' };
        format!("{uri}{separator}gsessionid={id}").parse().ok()
    }

    /// Keeps the session id of an address that a redirect led to.
    pub(super) fn remember(&mut self, origin: &Origin, uri: &Uri) {
        if let Some(id) = session_of(uri) {
            self.0.insert(key(origin, uri), id.to_owned());
        }
    }
}

/// How many there are: an id is as good as a cookie.
impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sessions({})", self.0.len())
    }
}

fn key(origin: &Origin, uri: &Uri) -> (String, String) {
    let service = uri.path().split('/').nth(1).unwrap_or_default();
    (origin.to_string(), service.to_owned())
}

/// The id as it stands in the query, still percent-encoded: whole, unlike the Python client's, which cut
/// it at the first `-` (legacy-protocol.md 2.6).
fn session_of(uri: &Uri) -> Option<&str> {
    uri.query()?
        .split('&')
        .find_map(|pair| pair.strip_prefix("gsessionid="))
}
