//! Where requests may go live, and what a proxy does to the two messages on the way.
//!
//! ```text
//! forward   GET https://www.google.com/x   listed?           -> as it is, without hop headers
//! reverse   GET /x, Host: 127.0.0.1:8080   pinned upstream   -> https://www.google.com/x, Host: www.google.com
//!           Location: https://www.google.com/y               <- http://127.0.0.1:8080/y
//! ```
//!
//! A cassette keeps both messages as they were: the request as the client sent it, the answer as the upstream did.

use crate::{
    cassette::{Cassette, LISTENER},
    error::Error,
    transport::{Mishap, TransportError},
    wire::origin::Origin,
};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, Uri, header};

/// Where requests may go.
///
/// Without any (the default), requests go as they are, wherever they say: right for a client in the same process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upstreams {
    upstream: Option<Origin>,
    hosts: Vec<Allowed>,
    keep_host: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Allowed {
    /// Of an entry that names one, all of it counts.
    origin: Option<Origin>,
    /// In lower case, without a `*`.
    host: String,
    below: bool,
}

/// The way of one request.
#[derive(Debug, Default)]
pub(super) struct Way {
    /// Whether it goes as it is, hop headers and all.
    open: bool,
    /// For a client of a reverse proxy.
    pub(super) turned: Option<Turned>,
}

/// The two names of one server.
#[derive(Clone, Debug)]
pub(super) struct Turned {
    pub(super) listener: String,
    upstream: Origin,
    keep_host: bool,
}

impl Upstreams {
    /// `upstream` is the origin for requests to the listener itself, such as `https://www.google.com`; `hosts` are those that
    /// a proxy's client may ask for: `www.google.com`, `*.googleapis.com`, `http://127.0.0.1:8080`. Without a scheme, both
    /// schemes on their own ports.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `upstream` or `host`.
    pub fn new(
        upstream: Option<&str>,
        hosts: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<Self, Error> {
        let origin = |upstream: &str| {
            let wrong = "expected an origin such as https://www.google.com";
            Origin::of(upstream).map_err(|cause| Error::input("upstream", wrong).caused_by(cause))
        };
        let hosts = hosts.into_iter().map(|host| Allowed::of(host.as_ref()));
        Ok(Self {
            upstream: upstream.map(origin).transpose()?,
            hosts: hosts.collect::<Result<_, _>>()?,
            keep_host: false,
        })
    }

    /// Lets the upstream hear the listener's own name as `Host`: right for an emulator on loopback, for which clients sign
    /// the address that they see.
    #[must_use]
    pub fn keeping_host(mut self) -> Self {
        self.keep_host = true;
        self
    }

    fn is_open(&self) -> bool {
        self.upstream.is_none() && self.hosts.is_empty()
    }

    /// Where cassettes of a reverse proxy were recorded, when nothing else is said: for replay.
    pub(super) fn or_of(self, cassette: &Cassette) -> Self {
        if !self.is_open() {
            return self;
        }
        let mut bases = cassette
            .interactions
            .iter()
            .filter(|interaction| interaction.provenance.extra.contains_key(LISTENER))
            .filter_map(|interaction| interaction.request.base.as_deref());
        let first = bases.next();
        let upstream = first
            .filter(|first| bases.all(|base| base == *first))
            .and_then(|base| Origin::of(base).ok());
        Self { upstream, ..self }
    }

    /// The way of `request`, if it may go.
    pub(super) fn way(&self, request: &Request<Bytes>) -> Result<Way, TransportError> {
        if self.is_open() {
            return Ok(Way {
                open: true,
                turned: None,
            });
        }
        let refused = |words: String| TransportError::new(Mishap::Request, words);
        if request.uri().scheme().is_some() {
            let origin = Origin::of_uri(request.uri()).map_err(|cause| {
                refused("target: expected http or https".into()).caused_by(cause)
            })?;
            // Old clients name the listener itself in an absolute target, as if it were their proxy.
            if let Some(upstream) = &self.upstream
                && !self.allows(&origin)
                && origin.is_loopback()
                && is_named(request, &origin)
            {
                return Ok(self.turned(origin.to_string(), upstream.clone()));
            }
            if !self.allows(&origin) {
                return Err(refused(format!(
                    "{origin}: expected a listed host, got another: add --host {}",
                    origin.host()
                )));
            }
            return Ok(Way::default());
        }
        let host = request
            .headers()
            .get(header::HOST)
            .and_then(|host| host.to_str().ok())
            .unwrap_or_default();
        let listener = format!("http://{host}");
        let upstream = self.behind(&listener).ok_or_else(|| {
            refused(format!(
                "{listener}: expected a listed host or an upstream for it, got neither: add --upstream ORIGIN"
            ))
        })?;
        Ok(self.turned(listener, upstream))
    }

    fn turned(&self, listener: String, upstream: Origin) -> Way {
        Way {
            open: false,
            turned: Some(Turned {
                listener,
                upstream,
                keep_host: self.keep_host,
            }),
        }
    }

    fn allows(&self, origin: &Origin) -> bool {
        // The listed upstream is listed, whichever way it is asked for.
        self.upstream.as_ref() == Some(origin)
            || self.hosts.iter().any(|allowed| allowed.covers(origin))
    }

    /// The upstream of a request that names only a path.
    fn behind(&self, listener: &str) -> Option<Origin> {
        // Clients may be led here by name, as by a hosts file; Google's own servers are behind TLS.
        if let Ok(asked) = Origin::of(listener) {
            let secure = Origin::of(&format!("https://{}", asked.host())).ok();
            let named = [secure, Some(asked)].into_iter().flatten();
            for origin in named {
                if self.hosts.iter().any(|allowed| allowed.covers(&origin)) {
                    return Some(origin);
                }
            }
        }
        self.upstream.clone()
    }
}

impl Allowed {
    fn of(text: &str) -> Result<Self, Error> {
        let wrong = || {
            Error::input(
                "host",
                format_args!(
                    "expected a form like www.google.com, *.googleapis.com or http://127.0.0.1:8080, got {text:?}"
                ),
            )
        };
        let (bare, below) = match text.strip_prefix("*.") {
            Some(suffix) => (suffix, true),
            None => (text, false),
        };
        if bare.contains("://") {
            let origin = Origin::of(bare).map_err(|_| wrong())?;
            return Ok(Self {
                host: origin.host().to_owned(),
                origin: Some(origin),
                below,
            });
        }
        let host = Origin::of(&format!("http://{bare}")).map_err(|_| wrong())?;
        let whole = bare.eq_ignore_ascii_case(host.host());
        if !whole || below && !bare.contains('.') {
            return Err(wrong());
        }
        Ok(Self {
            origin: None,
            host: host.host().to_owned(),
            below,
        })
    }

    fn covers(&self, origin: &Origin) -> bool {
        match &self.origin {
            Some(exactly) => exactly == origin,
            None => {
                let own_port = origin.port() == if origin.is_secure() { 443 } else { 80 };
                let host = origin.host();
                let named = if self.below {
                    host.strip_suffix(self.host.as_str())
                        .is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
                } else {
                    host == self.host
                };
                own_port && named
            }
        }
    }
}

/// Whether `Host` names the origin too.
fn is_named(request: &Request<Bytes>, origin: &Origin) -> bool {
    let host = request.headers().get(header::HOST);
    host.is_none_or(|host| host.as_bytes() == origin.host_header().as_bytes())
}

impl Way {
    /// The request as the listener takes it: one that names the listener in its target names a path after this.
    pub(super) fn taken(&self, mut request: Request<Bytes>) -> Request<Bytes> {
        let path = request.uri().path_and_query().cloned();
        if let (Some(turned), true, Some(path)) =
            (&self.turned, request.uri().scheme().is_some(), path)
        {
            if let Some((_, host)) = turned.listener.split_once("://")
                && let Ok(host) = HeaderValue::from_str(host)
            {
                request.headers_mut().insert(header::HOST, host);
            }
            *request.uri_mut() = Uri::from(path);
        }
        request
    }

    /// The request as it goes live.
    pub(super) fn live(&self, request: Request<Bytes>) -> Result<Request<Bytes>, TransportError> {
        if self.open {
            return Ok(request);
        }
        let (mut parts, body) = request.into_parts();
        if let Some(turned) = &self.turned {
            let wrong = || TransportError::new(Mishap::Request, "target: expected a path");
            parts.uri = absolute(&turned.upstream, &parts.uri).ok_or_else(wrong)?;
            if !turned.keep_host {
                let host = HeaderValue::from_str(&turned.upstream.host_header());
                parts.headers.insert(
                    header::HOST,
                    host.map_err(|cause| wrong().caused_by(cause))?,
                );
            }
        }
        strip_hops(&mut parts.headers);
        // The body is here already, so nobody waits for leave to send it.
        parts.headers.remove(header::EXPECT);
        Ok(Request::from_parts(parts, body))
    }

    /// The answer as the client has to see it.
    pub(super) fn back(&self, mut answer: Response<Bytes>) -> Response<Bytes> {
        if !self.open {
            strip_hops(answer.headers_mut());
        }
        if let Some(turned) = &self.turned {
            turned.back(&mut answer);
        }
        answer
    }
}

impl Turned {
    /// The origin behind.
    pub(super) fn upstream(&self) -> String {
        self.upstream.to_string()
    }

    /// The upstream's answer, as the client of the listener has to see it: it stays at the listener, and so do cookies.
    fn back(&self, answer: &mut Response<Bytes>) {
        let headers = answer.headers_mut();
        for name in [header::LOCATION, header::CONTENT_LOCATION] {
            if let Some(value) = headers.get(&name)
                && let Some(turned) = self.turn(value)
            {
                headers.insert(name, turned);
            }
        }
        let cookies: Vec<HeaderValue> = headers
            .get_all(header::SET_COOKIE)
            .iter()
            .map(|cookie| self.keep_cookie(cookie))
            .collect();
        if !cookies.is_empty() {
            headers.remove(header::SET_COOKIE);
            for cookie in cookies {
                headers.append(header::SET_COOKIE, cookie);
            }
        }
    }

    fn turn(&self, value: &HeaderValue) -> Option<HeaderValue> {
        let address = value.to_str().ok()?;
        if Origin::of(address).ok()? != self.upstream {
            return None;
        }
        let (_, rest) = address.split_once("://")?;
        let rest = rest.find(['/', '?', '#']).map_or("", |at| &rest[at..]);
        HeaderValue::from_str(&format!("{}{rest}", self.listener)).ok()
    }

    /// `Domain` would lead the cookie away from the listener, and `Secure` would keep it from plain HTTP.
    fn keep_cookie(&self, cookie: &HeaderValue) -> HeaderValue {
        let Ok(text) = cookie.to_str() else {
            return cookie.clone();
        };
        let kept: Vec<&str> = text
            .split(';')
            .enumerate()
            .filter(|(at, attribute)| {
                let name = attribute.split('=').next().unwrap_or_default().trim();
                *at == 0
                    || !(name.eq_ignore_ascii_case("domain") || name.eq_ignore_ascii_case("secure"))
            })
            .map(|(_, attribute)| attribute)
            .collect();
        HeaderValue::from_str(&kept.join(";")).unwrap_or_else(|_| cookie.clone())
    }
}

/// Takes out what describes one hop, and what `Connection` names beside (RFC 9110, 7.6.1).
fn strip_hops(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named {
        headers.remove(name);
    }
    for name in HOP {
        headers.remove(*name);
    }
}

fn absolute(upstream: &Origin, path: &Uri) -> Option<Uri> {
    let mut parts = path.clone().into_parts();
    parts.scheme = Some(upstream.scheme().parse().ok()?);
    parts.authority = Some(upstream.host_header().parse().ok()?);
    parts.path_and_query.as_ref()?;
    Uri::from_parts(parts).ok()
}

/// What describes one hop and is not passed on.
const HOP: &[&str] = &[
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];
