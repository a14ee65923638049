//! A request as it is read for its meaning, live or recorded: borrowed, its pieces looked up once.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderMap, Request};

use super::rules::Rules;
use crate::{
    cassette::{Headers, Limits, RecordedRequest, coding},
    wire::origin::{self, Origin},
};

/// A request, cut at its joints.
pub(in crate::cassette) struct View<'r> {
    pub(in crate::cassette) method: &'r str,
    pub(in crate::cassette) origin: Place,
    pub(in crate::cassette) path: &'r str,
    pub(in crate::cassette) query: &'r str,
    pub(in crate::cassette) headers: Lines<'r>,
    pub(in crate::cassette) body: Cow<'r, [u8]>,
    /// The headers that say who asks and what the body is.
    pub(super) known: KnownHeaders<'r>,
}

/// Where a request goes, as far as it says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::cassette) enum Place {
    /// It does not say, or what it says is this machine and stands for any.
    Any,
    /// A `Host` header; whether over TLS is not known.
    Host(String),
    /// All of it.
    Origin(Origin),
}

/// Headers, from wherever they are held.
#[derive(Clone, Copy)]
pub(in crate::cassette) enum Lines<'r> {
    Live(&'r HeaderMap),
    Recorded(&'r Headers),
}

#[derive(Default)]
pub(super) struct KnownHeaders<'r> {
    pub(super) authorization: Option<&'r [u8]>,
    pub(super) content_type: Option<&'r [u8]>,
    pub(super) method_override: Option<&'r [u8]>,
    pub(super) host: Option<&'r [u8]>,
    /// Headers that are a secret as a whole.
    pub(super) secrets: Vec<(&'static str, &'r [u8])>,
}

impl<'r> View<'r> {
    pub(in crate::cassette) fn live(request: &'r Request<Bytes>, rules: &Rules) -> Self {
        let headers = Lines::Live(request.headers());
        let known = headers.known();
        let uri = request.uri();
        Self {
            method: request.method().as_str(),
            origin: Place::live(uri, known.host, rules),
            path: uri.path(),
            query: uri.query().unwrap_or_default(),
            body: plain_live(request),
            headers,
            known,
        }
    }

    pub(in crate::cassette) fn recorded(request: &'r RecordedRequest) -> Self {
        let headers = Lines::Recorded(&request.headers);
        let (path, query) = match request.target.as_str() {
            // The target of CONNECT is a host and a port (RFC 9112, 3.2.3).
            target if target != "*" && !target.starts_with('/') && !target.contains("://") => {
                ("", None)
            }
            _ => request.path_and_query(),
        };
        let body = request.body.plain(&request.headers, &Limits::default());
        Self {
            method: &request.method,
            origin: request.origin().map_or(Place::Any, Place::Origin),
            path,
            query: query.unwrap_or_default(),
            body: body.unwrap_or(Cow::Borrowed(&request.body.bytes)),
            known: headers.known(),
            headers,
        }
    }

    /// The absolute address, as far as it is known; plain `http` where only a host is told.
    pub(in crate::cassette) fn url(&self) -> String {
        let query = match self.query {
            "" => String::new(),
            query => format!("?{query}"),
        };
        format!("{}{}{query}", self.origin, self.path)
    }
}

impl Place {
    fn live(uri: &http::Uri, host: Option<&[u8]>, rules: &Rules) -> Self {
        if uri.scheme().is_some() {
            let Ok(origin) = Origin::of_uri(uri) else {
                return Self::Any;
            };
            return match rules.hosts.iter().find(|(live, _)| *live == origin) {
                Some((_, recorded)) => Self::Origin(recorded.clone()),
                None if origin.is_loopback() => Self::Any,
                None => Self::Origin(origin),
            };
        }
        let Some(host) = host.and_then(|host| std::str::from_utf8(host).ok()) else {
            return Self::Any;
        };
        let same = |origin: &Origin| origin.host_header().eq_ignore_ascii_case(host);
        if let Some((_, recorded)) = rules.hosts.iter().find(|(live, _)| same(live)) {
            return Self::Origin(recorded.clone());
        }
        let bare = match host.rsplit_once(':') {
            Some((bare, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => bare,
            _ => host,
        };
        if bare.is_empty() || origin::is_loopback(bare) {
            return Self::Any;
        }
        Self::Host(host.to_ascii_lowercase())
    }

    /// Whether a request to this place may be the recorded one.
    pub(in crate::cassette) fn may_be(&self, recorded: &Self) -> bool {
        match (self, recorded) {
            (Self::Any, _) | (_, Self::Any) => true,
            (Self::Host(host), Self::Origin(origin)) => {
                *host == origin.host_header()
                    || host
                        .strip_suffix(":80")
                        .or_else(|| host.strip_suffix(":443"))
                        .is_some_and(|bare| bare == origin.host())
            }
            (one, other) => one == other,
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Any => Ok(()),
            Self::Host(host) => write!(f, "http://{host}"),
            Self::Origin(origin) => write!(f, "{origin}"),
        }
    }
}

impl<'r> Lines<'r> {
    /// Every value of `name`, which is in lower case.
    pub(in crate::cassette) fn all(self, name: &str) -> Vec<&'r [u8]> {
        match self {
            Self::Live(map) => map.get_all(name).iter().map(|v| v.as_bytes()).collect(),
            Self::Recorded(list) => list
                .iter()
                .filter(|(candidate, _)| candidate.eq_ignore_ascii_case(name.as_bytes()))
                .map(|(_, value)| &value[..])
                .collect(),
        }
    }

    fn known(self) -> KnownHeaders<'r> {
        let mut known = KnownHeaders::default();
        match self {
            Self::Live(map) => {
                for (name, value) in map {
                    known.take(name.as_str(), value.as_bytes());
                }
            }
            Self::Recorded(list) => {
                for (name, value) in list.iter() {
                    let name = String::from_utf8_lossy(name).to_ascii_lowercase();
                    known.take(&name, value);
                }
            }
        }
        known
    }
}

impl<'r> KnownHeaders<'r> {
    fn take(&mut self, name: &str, value: &'r [u8]) {
        let slot = match name {
            "authorization" => &mut self.authorization,
            "content-type" => &mut self.content_type,
            "x-http-method-override" => &mut self.method_override,
            "host" => &mut self.host,
            _ if name.starts_with("x-g") => {
                if let Some(secret) = SECRET_HEADERS.iter().find(|known| **known == name) {
                    self.secrets.push((secret, value));
                }
                return;
            }
            _ => return,
        };
        slot.get_or_insert(value);
    }
}

/// The body of a live request without its coding; one that is damaged stays as it is.
fn plain_live(request: &Request<Bytes>) -> Cow<'_, [u8]> {
    let body = request.body();
    if body.is_empty()
        || !request
            .headers()
            .contains_key(http::header::CONTENT_ENCODING)
    {
        return Cow::Borrowed(body);
    }
    let headers = Headers::of(request.headers());
    coding::undo(&headers, body, &Limits::default()).unwrap_or(Cow::Borrowed(body))
}

/// Headers whose value lets its sender in, beside `Authorization` (KNOWN); keys are [`API_KEYS`].
const SECRET_HEADERS: &[&str] = &[
    "x-goog-api-key",
    "x-gdata-key",
    "x-gdata-client-login-token",
    "x-google-token",
];

/// Those that name an application.
pub(super) const API_KEYS: &[&str] = &["x-goog-api-key", "x-gdata-key"];
