//! A request as a server sees it: which of Google's services it is for, and which addresses it can have
//! been signed for.
//!
//! One listener plays every host. A client that names a real host (`Host: gdata.youtube.com`, or an
//! absolute target) is taken at its word; one that can only reach a loopback address uses Google's own
//! paths there, which do not collide.

use bytes::Bytes;
use http::{Method, header::HOST};

use super::era::REHEARSAL_HOST;
use crate::{
    gdata::{OVERRIDABLE, X_HTTP_METHOD_OVERRIDE},
    scheme::authsub::SignedData,
    scope::{Scope, ScopeSet},
    wire::origin::is_loopback,
};

/// What the emulator plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    Accounts,
    YouTube,
    Calendar,
    /// The shared contacts of a domain.
    Contacts,
    /// The Data API v3.
    YouTubeV3,
    /// OAuth 2.0: consent, tokens, devices, identity, service accounts.
    OAuth2,
    /// A server of today that speaks ClientLogin for Google Reader's sake.
    Reader,
    /// The front page, which says what this is.
    Front,
    Unknown,
}

/// Hosts, the paths below them, and the service there; the first host is the one that a loopback address
/// stands for. No hosts: any host.
const SERVICES: &[(&[&str], &str, Service)] = &[
    (
        &["www.google.com", "accounts.google.com", "google.com"],
        "/accounts/",
        Service::Accounts,
    ),
    (
        &[
            "gdata.youtube.com",
            "uploads.gdata.youtube.com",
            REHEARSAL_HOST,
        ],
        "/feeds/api/",
        Service::YouTube,
    ),
    (
        &["uploads.gdata.youtube.com", REHEARSAL_HOST],
        "/resumable/feeds/api/",
        Service::YouTube,
    ),
    (
        &["gdata.youtube.com", REHEARSAL_HOST],
        "/action/GetUploadToken",
        Service::YouTube,
    ),
    (
        &["uploads.gdata.youtube.com", REHEARSAL_HOST],
        "/action/FormDataUpload/",
        Service::YouTube,
    ),
    (GOOGLEAPIS, "/youtube/v3/", Service::YouTubeV3),
    (GOOGLEAPIS, "/upload/youtube/v3/", Service::YouTubeV3),
    (
        GOOGLEAPIS,
        "/resumable/upload/youtube/v3/",
        Service::YouTubeV3,
    ),
    (&["www.google.com"], "/calendar/feeds/", Service::Calendar),
    (
        &["www.google.com"],
        "/m8/feeds/contacts/",
        Service::Contacts,
    ),
    (&["www.google.com"], "/youtube/accounts/", Service::Accounts),
    (&["accounts.google.com"], "/o/oauth2/", Service::OAuth2),
    (
        &["accounts.google.com"],
        "/.well-known/openid-configuration",
        Service::OAuth2,
    ),
    (
        &["www.googleapis.com", "oauth2.googleapis.com"],
        "/oauth2/",
        Service::OAuth2,
    ),
    // `/tokeninfo` too.
    (TOKEN_HOSTS, "/token", Service::OAuth2),
    (TOKEN_HOSTS, "/revoke", Service::OAuth2),
    (TOKEN_HOSTS, "/device/code", Service::OAuth2),
    (&["www.google.com"], "/device", Service::OAuth2),
    (
        &["openidconnect.googleapis.com"],
        "/v1/userinfo",
        Service::OAuth2,
    ),
    (
        &["sts.googleapis.com", "sts.mtls.googleapis.com"],
        "/v1/token",
        Service::OAuth2,
    ),
    (
        &["iamcredentials.googleapis.com"],
        "/v1/projects/",
        Service::OAuth2,
    ),
    (
        &["metadata.google.internal", "metadata", "169.254.169.254"],
        "/computeMetadata/",
        Service::OAuth2,
    ),
    (&[], "/api/greader.php/", Service::Reader),
];

/// Hosts of the Data API v3: the one of its first years, and its own.
const GOOGLEAPIS: &[&str] = &["www.googleapis.com", "youtube.googleapis.com"];

/// The hosts of the token endpoint.
const TOKEN_HOSTS: &[&str] = &["oauth2.googleapis.com", "oauth2.mtls.googleapis.com"];

pub(super) struct Seen<'a> {
    pub(super) request: &'a http::Request<Bytes>,
    pub(super) service: Service,
    /// The host that is played, without a port.
    pub(super) host: String,
    /// `http` or `https` where the target tells; an ordinary request line does not.
    scheme: Option<&'static str>,
    /// Host and port as the client wrote them.
    authority: String,
}

impl<'a> Seen<'a> {
    /// Refuses a request that names no host, or two, in the words of the answer.
    pub(super) fn of(request: &'a http::Request<Bytes>) -> Result<Self, &'static str> {
        let uri = request.uri();
        let mut hosts = request.headers().get_all(HOST).iter();
        let header = hosts.next();
        if hosts.next().is_some() {
            return Err("Host: expected the header once");
        }
        // RFC 9112, 3.2.2: an absolute target outranks the header.
        let authority = match (uri.authority(), header) {
            (Some(authority), _) => authority.as_str().to_ascii_lowercase(),
            (None, Some(host)) => match host.to_str() {
                Ok(host) if !host.is_empty() => host.to_ascii_lowercase(),
                _ => return Err("Host: expected a host"),
            },
            (None, None) => return Err("Host: expected the header"),
        };
        if authority.contains('@') {
            return Err("Host: expected no user name");
        }
        let scheme = match uri.scheme_str() {
            Some("https") => Some("https"),
            Some("http") => Some("http"),
            _ => None,
        };
        let name = host_of(&authority);
        let path = uri.path();
        let loopback = is_loopback(name);
        let found = SERVICES.iter().find(|(hosts, prefix, _)| {
            path.starts_with(prefix) && (loopback || hosts.is_empty() || hosts.contains(&name))
        });
        let (host, service) = match found {
            Some((hosts, _, service)) if loopback => {
                ((*hosts.first().unwrap_or(&name)).to_owned(), *service)
            }
            Some((_, _, service)) => (name.to_owned(), *service),
            None if path == "/" => (name.to_owned(), Service::Front),
            None => (name.to_owned(), Service::Unknown),
        };
        Ok(Self {
            request,
            service,
            host,
            scheme,
            authority,
        })
    }

    pub(super) fn path(&self) -> &str {
        self.request.uri().path()
    }

    pub(super) fn query(&self) -> &str {
        self.request.uri().query().unwrap_or_default()
    }

    /// The method that counts: `X-HTTP-Method-Override` turns a POST into another (legacy-protocol.md
    /// 2.1). Signatures cover the method on the wire all the same.
    pub(super) fn meant_method(&self) -> Method {
        let sent = self.request.method();
        let meant = self
            .request
            .headers()
            .get(X_HTTP_METHOD_OVERRIDE)
            .and_then(|value| Method::from_bytes(value.as_bytes()).ok())
            .filter(|method| OVERRIDABLE.contains(method));
        match meant {
            Some(method) if sent == Method::POST => method,
            _ => sent.clone(),
        }
    }

    /// Whether the client asks at a loopback address, in place of a host of Google's.
    pub(super) fn is_loopback(&self) -> bool {
        is_loopback(host_of(&self.authority))
    }

    /// The base of addresses that this server hands out, so that the client can reach them: the
    /// authority it used itself.
    pub(super) fn base(&self) -> String {
        let scheme = self
            .scheme
            .unwrap_or(if is_loopback(host_of(&self.authority)) {
                "http"
            } else {
                "https"
            });
        format!("{scheme}://{}", self.authority)
    }

    /// Whether signed data was made for this request; else which piece differs.
    pub(super) fn check_data(&self, data: &SignedData) -> Result<(), String> {
        let method = self.request.method().as_str();
        let mut reason = None;
        for address in self.own_addresses() {
            match data.check(method, &address) {
                Ok(()) => return Ok(()),
                Err(cause) => {
                    reason.get_or_insert_with(|| cause.to_string());
                }
            }
        }
        Err(reason.unwrap_or_default())
    }

    /// Whether a token with these scopes may be used here; else why not.
    ///
    /// A `Host` with its default port was answered as a wrong scope (legacy-protocol.md 9, quirk 4). The
    /// port of this listener is no part of the host that is played.
    pub(super) fn check_scope(
        &self,
        scopes: &ScopeSet,
        scheme_matters: bool,
    ) -> Result<(), String> {
        let loopback = is_loopback(host_of(&self.authority));
        let port = self.authority.strip_prefix(&self.host);
        if !loopback && matches!(port, Some(":80" | ":443")) {
            return Err("Host: carries the default port; send it without".to_owned());
        }
        let scheme = match self.scheme {
            Some(scheme) if !loopback => scheme,
            _ => self.connection_scheme(),
        };
        let played = format!("{scheme}://{}{}", self.host, self.target());
        // A loopback address stands for hosts of either scheme.
        let knows_scheme = scheme_matters && !loopback;
        let covered = |address: &str| {
            let loosely = |scope: &Scope| scope.covers_ignoring_scheme(address);
            if !knows_scheme && scopes.iter().any(loosely) {
                return Ok(());
            }
            scopes.check(address).map_err(|cause| cause.to_string())
        };
        let reason = match covered(&played) {
            Ok(()) => return Ok(()),
            Err(reason) => reason,
        };
        let meant = |address: &&String| !knows_scheme || address.starts_with(&format!("{scheme}:"));
        let own = self.own_addresses();
        if own
            .iter()
            .filter(meant)
            .any(|address| covered(address).is_ok())
        {
            return Ok(());
        }
        Err(reason)
    }

    /// The scheme of a request whose target does not tell: this listener is plain http, unless what
    /// stands before it says that it ended TLS.
    fn connection_scheme(&self) -> &'static str {
        let forwarded = self.request.headers().get("x-forwarded-proto");
        match forwarded.map(http::HeaderValue::as_bytes) {
            Some(b"https") => "https",
            _ => "http",
        }
    }

    /// The addresses that the client can have meant by what it sent.
    pub(super) fn own_addresses(&self) -> Vec<String> {
        let schemes: &[&str] = match self.scheme {
            Some("https") => &["https"],
            Some(_) => &["http"],
            None if is_loopback(host_of(&self.authority)) => &["http", "https"],
            None => &["https", "http"],
        };
        schemes
            .iter()
            .map(|scheme| format!("{scheme}://{}{}", self.authority, self.target()))
            .collect()
    }

    fn target(&self) -> &str {
        self.request
            .uri()
            .path_and_query()
            .map_or("/", http::uri::PathAndQuery::as_str)
    }
}

/// The host of an authority, without its port.
fn host_of(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}
