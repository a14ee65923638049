//! `CONNECT`: which tunnels are opened, and the requests inside, whose targets become absolute.

use std::{fmt, io};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use http::{HeaderMap, Uri, header, request::Parts, uri};
use tokio::net::TcpStream;

use super::raw::Wire;

/// Ends the TLS of tunnels.
pub(super) trait Tunnels: Send + Sync {
    /// Whether requests to this place are taken; if not, the words for the client.
    fn admit(&self, place: &Place) -> Result<(), String>;

    /// Speaks TLS as the server of `place`; `read` holds what came behind the head of `CONNECT`.
    fn accept<'a>(
        &'a self,
        place: &'a Place,
        stream: TcpStream,
        read: Bytes,
    ) -> BoxFuture<'a, io::Result<Box<dyn Wire>>>;
}

/// Host and port that a tunnel leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// In lower case; an IPv6 address without its brackets.
    pub(super) host: String,
    pub(super) port: u16,
}

impl Place {
    /// The target of `CONNECT`.
    pub(super) fn of(target: &Uri) -> Option<Self> {
        let authority = target.authority()?;
        if authority.as_str().contains('@') {
            return None;
        }
        Self::of_authority(authority, None)
    }

    fn of_authority(authority: &uri::Authority, default_port: Option<u16>) -> Option<Self> {
        let host = authority.host();
        let host = host
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .unwrap_or(host)
            .trim_end_matches('.')
            .to_ascii_lowercase();
        let port = authority.port_u16().or(default_port)?;
        (!host.is_empty()).then_some(Self { host, port })
    }

    /// Makes the target of a request inside the tunnel absolute.
    ///
    /// A request for another host than the tunnel's is refused: the client would be led astray.
    pub(super) fn complete(&self, parts: &mut Parts) -> Result<(), String> {
        let other = |got: &dyn fmt::Display| {
            format!("expected a request for {self}, where this tunnel leads, got one for {got}\n")
        };
        if let Some(host) = host_of(&parts.headers)
            && Self::of_authority(&host, Some(HTTPS)).as_ref() != Some(self)
        {
            return Err(other(&host));
        }
        if let Some(authority) = parts.uri.authority() {
            return match Self::of_authority(authority, Some(HTTPS)) {
                Some(place) if place == *self && parts.uri.scheme_str() == Some("https") => Ok(()),
                _ => Err(other(authority)),
            };
        }
        // `OPTIONS *` asks about the server as a whole, whose address has an empty path (RFC 9112, 3.2.4).
        let path = match parts.uri.path_and_query() {
            Some(path) if path != "*" => path.clone(),
            _ => uri::PathAndQuery::from_static("/"),
        };
        let wrong = || format!("expected a target of {self}, got one that is none\n");
        let mut whole = uri::Parts::default();
        whole.scheme = Some(uri::Scheme::HTTPS);
        whole.authority = Some(
            self.authority()
                .parse::<uri::Authority>()
                .map_err(|_| wrong())?,
        );
        whole.path_and_query = Some(path);
        parts.uri = Uri::from_parts(whole).map_err(|_| wrong())?;
        Ok(())
    }

    fn authority(&self) -> String {
        let brackets = self.host.contains(':');
        let host = if brackets {
            format!("[{}]", self.host)
        } else {
            self.host.clone()
        };
        match self.port {
            HTTPS => host,
            port => format!("{host}:{port}"),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.authority())
    }
}

fn host_of(headers: &HeaderMap) -> Option<uri::Authority> {
    headers.get(header::HOST)?.to_str().ok()?.parse().ok()
}

pub(super) const HTTPS: u16 = 443;
