//! AuthSub scopes: address prefixes that say what a token may be used for.
//!
//! ```text
//! http://gdata.youtube.com                     every path of that host
//! https://www.google.com/calendar/feeds/       every path that begins so
//! ```
//!
//! One rule serves the client, which picks a token, and the server, which checks one. It refuses to know
//! which scopes exist. OAuth 2.0 scopes may look like these but are names, not prefixes: [`ScopeNames`].
//!
//! # Source
//! legacy-protocol.md 1.11, and 9, quirks 3 and 4.

mod names;

pub use names::{ALIASES, ScopeNames, WIDER, canonical};

use std::{fmt, str::FromStr};

use crate::{
    error::{Advice, Error, Kind},
    wire::origin::Origin,
};

/// One scope: an absolute `http` or `https` address prefix, kept exactly as written.
///
/// # Shape
/// The host is compared whole and without case, so `http://gdata.youtube.com` does not reach
/// `http://gdata.youtube.com.evil.test/`. A default port is as good as none. Path and query are compared as
/// text, as Google did: `…/feeds` covers `…/feeds/x` and `…/feedsX` too, and only `…/feeds/` keeps to the
/// folder. An address with `.` or `..` among its path segments is outside, since it need not end up where it
/// begins.
///
/// # Examples
/// ```
/// use gdata_auth::scope::{Coverage, Scope};
///
/// let scope = Scope::new("http://www.google.com/calendar/feeds/")?;
/// assert_eq!(scope.covers("http://WWW.google.com:80/calendar/feeds/default"), Coverage::Inside);
/// assert_eq!(scope.covers("https://www.google.com/calendar/feeds/"), Coverage::SchemeDiffers);
/// assert_eq!(scope.covers("http://www.google.com/m8/feeds/"), Coverage::Outside);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    text: String,
    place: Place,
}

/// How an address stands to a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Coverage {
    /// Not covered.
    Outside,
    /// Covered but for `http` against `https`: the trap of legacy-protocol.md 9, quirk 3.
    SchemeDiffers,
    /// Covered.
    Inside,
}

impl Scope {
    /// The most bytes of one scope.
    pub const MAX_BYTES: usize = 2_048;

    /// Checks and keeps a scope.
    ///
    /// # Errors
    /// [`Kind::Input`] when it is not an absolute `http` or `https` address of printable ASCII without a
    /// user name or fragment, or longer than [`MAX_BYTES`](Self::MAX_BYTES).
    pub fn new(text: impl Into<String>) -> Result<Self, Error> {
        let text = text.into();
        if text.len() > Self::MAX_BYTES {
            let (most, got) = (Self::MAX_BYTES, text.len());
            return Err(Error::input(
                "scope",
                format_args!("expected at most {most} bytes, got {got}"),
            ));
        }
        if !text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'#')
        {
            return Err(Error::input(
                "scope",
                "expected printable ASCII without spaces and #, got other characters",
            ));
        }
        let place = Place::of(&text).map_err(|cause| {
            let problem = "expected an absolute http or https address prefix, got another text";
            Error::input("scope", problem).caused_by(cause)
        })?;
        Ok(Self { text, place })
    }

    /// The scope as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the scope covers an absolute address. One that cannot be read is outside.
    #[must_use]
    pub fn covers(&self, url: &str) -> Coverage {
        Place::of(url).map_or(Coverage::Outside, |place| self.place.covers(&place))
    }

    /// Whether the scope covers an address but perhaps for its scheme: what a server asks that stands
    /// behind something that ended TLS. The default port of either scheme is as good as none.
    #[must_use]
    pub fn covers_ignoring_scheme(&self, url: &str) -> bool {
        Place::of(url).is_ok_and(|place| self.place.covers_ignoring_scheme(&place))
    }

    /// The same prefix under the other scheme, to be asked for together with this one.
    #[must_use]
    pub fn other_scheme(&self) -> String {
        let behind = self.text.find("://").map_or("", |at| &self.text[at..]);
        let scheme = if self.place.origin.is_secure() {
            "http"
        } else {
            "https"
        };
        format!("{scheme}{behind}")
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Scope {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::new(text)
    }
}

/// The scopes of one token, in order.
///
/// # Shape
/// On the wire one space stands between two scopes; any white space is read. Law:
/// `ScopeSet::parse(&set.to_string()) == set`.
///
/// # Examples
/// ```
/// use gdata_auth::{Advice, scope::ScopeSet};
///
/// let scopes = ScopeSet::parse("http://gdata.youtube.com http://www.google.com/m8/feeds/")?;
/// assert!(scopes.check("http://gdata.youtube.com/feeds/api/videos").is_ok());
///
/// let error = scopes.check("https://www.google.com/m8/feeds/contacts/default/full").unwrap_err();
/// let needed = "https://www.google.com/m8/feeds/".to_owned();
/// assert_eq!(error.advice(), Advice::FixScope { needed });
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ScopeSet(Vec<Scope>);

impl ScopeSet {
    /// The most scopes of one set.
    pub const MAX: usize = 100;

    /// Takes scopes in their order.
    ///
    /// # Errors
    /// [`Kind::Input`] on more than [`MAX`](Self::MAX) scopes.
    pub fn new(scopes: impl IntoIterator<Item = Scope>) -> Result<Self, Error> {
        let scopes: Vec<Scope> = scopes.into_iter().take(Self::MAX + 1).collect();
        if scopes.len() > Self::MAX {
            let most = Self::MAX;
            return Err(Error::input(
                "scope",
                format_args!("expected at most {most} scopes, got more"),
            ));
        }
        Ok(Self(scopes))
    }

    /// Reads scopes parted by white space; of none, the set is empty.
    ///
    /// # Errors
    /// As [`Scope::new`] and [`new`](Self::new).
    pub fn parse(text: &str) -> Result<Self, Error> {
        let words = text.split_ascii_whitespace().take(Self::MAX + 1);
        Self::new(words.map(Scope::new).collect::<Result<Vec<_>, _>>()?)
    }

    /// The scopes, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Scope> {
        self.0.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The best that any of the scopes offers for an address.
    #[must_use]
    pub fn covers(&self, url: &str) -> Coverage {
        let all = self.0.iter().map(|scope| scope.covers(url));
        all.max().unwrap_or(Coverage::Outside)
    }

    /// Whether any scope covers an address but perhaps for its scheme.
    #[must_use]
    pub fn covers_ignoring_scheme(&self, url: &str) -> bool {
        self.0.iter().any(|scope| scope.covers_ignoring_scheme(url))
    }

    /// Passes an address that is covered.
    ///
    /// # Errors
    /// [`Kind::Scope`] with [`Advice::FixScope`] when no scope covers the address; the message tells the
    /// `http` and `https` trap apart and shows no query. [`Kind::Input`] when the address is not absolute.
    pub fn check(&self, url: &str) -> Result<(), Error> {
        let place = Place::of(url)?;
        let near = self
            .0
            .iter()
            .map(|scope| (scope.place.covers(&place), scope))
            .max_by_key(|(coverage, _)| *coverage);
        let (message, needed) = match near {
            Some((Coverage::Inside, _)) => return Ok(()),
            Some((Coverage::SchemeDiffers, scope)) => {
                let (got, asked) = (place.origin.scheme(), scope.place.origin.scheme());
                let message = format!(
                    "the scope {scope} covers this address but for its scheme: it asks for {got}, the \
                     scope for {asked}; ask for both, as Google's own lists do"
                );
                (message, scope.other_scheme())
            }
            Some(_) => {
                let message =
                    format!("expected an address that the scopes {self} cover, got {place}");
                (message, place.prefix())
            }
            None => {
                let message = format!("expected a scope that covers {place}, got none");
                (message, place.prefix())
            }
        };
        Err(Error::new(Kind::Scope, message).advising(Advice::FixScope { needed }))
    }
}

/// The space-separated form.
impl fmt::Display for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, scope) in self.0.iter().enumerate() {
            let separator = if at == 0 { "" } else { " " };
            write!(f, "{separator}{scope}")?;
        }
        Ok(())
    }
}

impl FromStr for ScopeSet {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

/// An address taken apart: where, and what there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Place {
    origin: Origin,
    /// Path and query, the path at least `/`.
    target: String,
}

impl Place {
    fn of(address: &str) -> Result<Self, Error> {
        let uri: http::Uri = address.parse().map_err(|cause: http::uri::InvalidUri| {
            Error::input("address", "expected an absolute http or https address").caused_by(cause)
        })?;
        let origin = Origin::of_uri(&uri)?;
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        let port = &authority[origin.host().len().min(authority.len())..];
        if port.len() > 1 && uri.port_u16().is_none() {
            let problem = "expected a port from 0 to 65535, got another text";
            return Err(Error::input("address", problem));
        }
        let target = uri.path_and_query().map_or("/", |target| target.as_str());
        let target = match target.strip_prefix('/') {
            Some(_) => target.to_owned(),
            None => format!("/{target}"),
        };
        Ok(Self { origin, target })
    }

    fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// As a scope: whether it covers `other`.
    fn covers(&self, other: &Self) -> Coverage {
        let ports = [self, other].map(|place| place.port(&[place.default_port()]));
        if !self.begins(other) || ports[0] != ports[1] {
            return Coverage::Outside;
        }
        match self.origin.is_secure() == other.origin.is_secure() {
            true => Coverage::Inside,
            false => Coverage::SchemeDiffers,
        }
    }

    fn covers_ignoring_scheme(&self, other: &Self) -> bool {
        self.begins(other) && self.port(&[80, 443]) == other.port(&[80, 443])
    }

    fn begins(&self, other: &Self) -> bool {
        self.origin.host() == other.origin.host()
            && other.target.starts_with(&self.target)
            && !has_dot_segment(other.path())
    }

    /// The port, unless it is one of those.
    fn port(&self, unless: &[u16]) -> Option<u16> {
        Some(self.origin.port()).filter(|port| !unless.contains(port))
    }

    fn default_port(&self) -> u16 {
        if self.origin.is_secure() { 443 } else { 80 }
    }

    /// The scope to ask for: up to `feeds/`, which is where Google's scopes end, or else the host.
    fn prefix(&self) -> String {
        let path = self.path();
        let end = path.find("/feeds/").map_or(1, |at| at + "/feeds/".len());
        format!("{}{}", self.origin, &path[..end])
    }
}

/// Without the query, which may hold a secret.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.path())
    }
}

/// Whether a path has a segment `.` or `..`. Dots and slashes count percent-encoded too, and so do
/// backslashes: browsers and some servers take each of them for the plain character.
fn has_dot_segment(path: &str) -> bool {
    path.to_ascii_lowercase()
        .replace("%2e", ".")
        .replace("%2f", "/")
        .replace("%5c", "\\")
        .split(['/', '\\'])
        .any(|segment| matches!(segment, "." | ".."))
}
