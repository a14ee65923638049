//! Where a request goes: scheme, host and port (RFC 6454, 4).

use std::fmt;

use crate::error::Error;

/// Scheme, host and port of an absolute `http` or `https` address.
///
/// Two addresses of one origin may share a credential; two origins never do. Hosts compare in lower
/// case; the port is the scheme's default when the address names none.
///
/// # Examples
/// ```
/// use gdata_auth::wire::origin::Origin;
///
/// let plain = Origin::of("https://WWW.google.com/calendar/feeds/")?;
/// assert_eq!(plain, Origin::of("https://www.google.com:443/")?);
/// assert_ne!(plain, Origin::of("http://www.google.com/")?);
/// assert_eq!(plain.to_string(), "https://www.google.com");
/// assert_eq!(plain.host_header(), "www.google.com");
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    secure: bool,
    host: String,
    port: u16,
}

impl Origin {
    /// The origin of an absolute address.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when the address is not absolute `http` or `https`, names
    /// no host, a port that is none, or carries a user name.
    pub fn of(address: &str) -> Result<Self, Error> {
        let uri: http::Uri = address.parse().map_err(|cause: http::uri::InvalidUri| {
            Error::input("address", "expected an absolute http or https address").caused_by(cause)
        })?;
        Self::of_uri(&uri)
    }

    /// The origin of a request's target.
    ///
    /// # Errors
    /// As [`of`](Self::of).
    pub fn of_uri(uri: &http::Uri) -> Result<Self, Error> {
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            Some(_) => {
                return Err(Error::input(
                    "address",
                    "expected http or https, got another scheme",
                ));
            }
            None => {
                return Err(Error::input(
                    "address",
                    "expected an absolute http or https address, got one without a scheme",
                ));
            }
        };
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        if authority.contains('@') {
            return Err(Error::input(
                "address",
                "expected no user name before the host, got one",
            ));
        }
        let host = uri.host().unwrap_or_default().to_ascii_lowercase();
        if host.is_empty() {
            return Err(Error::input("address", "expected a host, got none"));
        }
        let default = if secure { 443 } else { 80 };
        let port = match authority[uri.host().map_or(0, str::len)..].strip_prefix(':') {
            None | Some("") => default,
            Some(digits) => digits.parse().map_err(|_| {
                Error::input("address", "expected a port from 0 to 65535, got another")
            })?,
        };
        Ok(Self { secure, host, port })
    }

    /// Whether the scheme is `https`.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// The host, in lower case; an IPv6 address in its brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// `http` or `https`.
    #[must_use]
    pub fn scheme(&self) -> &'static str {
        if self.secure { "https" } else { "http" }
    }

    /// Whether the host is this machine: `localhost`, `127.0.0.0/8` or `[::1]`.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }

    /// The value of `Host`: never a default port, which Google answered with a wrong-scope error
    /// (legacy-protocol.md 9, quirk 4).
    #[must_use]
    pub fn host_header(&self) -> String {
        let default = if self.secure { 443 } else { 80 };
        if self.port == default {
            self.host.clone()
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

/// The origin as RFC 6454 prints it.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme(), self.host_header())
    }
}

/// Whether a host, without its port, names this machine.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost")
        || bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
