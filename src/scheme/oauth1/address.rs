//! The address as it is signed: scheme, host and port in one spelling, the path as it stands, no query
//! (RFC 5849, 3.4.1.2).

use http::Uri;

use super::{
    escape::{self, ONCE},
    text::Text,
};
use crate::error::Error;

/// Writes the address of a request, escaped.
pub(super) fn write(uri: &Uri, out: &mut Text) -> Result<(), Error> {
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(Error::input(
            "address",
            "expected an absolute http or https address to sign, got a path",
        ));
    };
    let default = match scheme {
        "https" => {
            out.extend(b"https%3A%2F%2F");
            ":443"
        }
        "http" => {
            out.extend(b"http%3A%2F%2F");
            ":80"
        }
        _ => {
            return Err(Error::input(
                "address",
                "expected http or https, got another scheme",
            ));
        }
    };
    let authority = authority.as_str();
    if memchr::memchr(b'@', authority.as_bytes()).is_some() {
        return Err(Error::input(
            "address",
            "expected no user name before the host, got one",
        ));
    }
    let host = authority.strip_suffix(default).unwrap_or(authority);
    let host = host.strip_suffix(':').unwrap_or(host);
    if host.bytes().any(|byte| byte.is_ascii_uppercase()) {
        escape::escape::<ONCE, _>(host.to_ascii_lowercase().as_bytes(), out);
    } else {
        escape::escape::<ONCE, _>(host.as_bytes(), out);
    }
    let path = match uri.path() {
        "" => "/",
        path => path,
    };
    escape::escape::<ONCE, _>(path.as_bytes(), out);
    Ok(())
}

/// An address that a server saw, cut at its joints and not yet normalised.
#[derive(Clone, Debug)]
pub(super) struct Address {
    pub(super) secure: bool,
    /// As it was sent, without a user name.
    pub(super) host: String,
    pub(super) port: Option<String>,
    pub(super) path: String,
}

impl Address {
    /// The most bytes that are read.
    pub(super) const MAX: usize = 16 * 1024;

    pub(super) fn parse(url: &str) -> Result<Self, Error> {
        let wrong = || Error::reply("address", "expected an absolute http or https address");
        if url.len() > Self::MAX {
            let (most, got) = (Self::MAX, url.len());
            return Err(Error::reply(
                "address",
                format_args!("expected at most {most} bytes, got {got}"),
            ));
        }
        let (scheme, rest) = url.split_once("://").ok_or_else(wrong)?;
        let secure = match scheme {
            _ if scheme.eq_ignore_ascii_case("https") => true,
            _ if scheme.eq_ignore_ascii_case("http") => false,
            _ => return Err(wrong()),
        };
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let authority = authority.rsplit('@').next().unwrap_or_default();
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
                (host, Some(port).filter(|port| !port.is_empty()))
            }
            _ => (authority, None),
        };
        if host.is_empty() {
            return Err(wrong());
        }
        Ok(Self {
            secure,
            host: host.to_owned(),
            port: port.map(str::to_owned),
            path: path.to_owned(),
        })
    }

    /// The address in its one spelling.
    pub(super) fn signed(&self) -> String {
        let default = Some(self.default_port()) == self.port.as_deref();
        let port = self.port.as_deref().filter(|_| !default);
        self.spelt(&self.host.to_ascii_lowercase(), port, self.path())
    }

    pub(super) fn default_port(&self) -> &'static str {
        if self.secure { "443" } else { "80" }
    }

    pub(super) fn path(&self) -> &str {
        if self.path.is_empty() {
            "/"
        } else {
            &self.path
        }
    }

    /// The address out of these pieces, whatever the rules say.
    pub(super) fn spelt(&self, host: &str, port: Option<&str>, path: &str) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        match port {
            Some(port) => format!("{scheme}://{host}:{port}{path}"),
            None => format!("{scheme}://{host}{path}"),
        }
    }
}
