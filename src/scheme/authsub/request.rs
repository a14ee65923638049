//! The link to the consent page: `AuthSubRequest` and its parameters, printed and parsed.
//!
//! Source: legacy-protocol.md 1.2, with the order of parameters that most clients send.

use std::fmt;

use super::{Accounts, Redirect};
use crate::{
    error::{Error, Kind},
    scope::ScopeSet,
    wire::{origin::Origin, percent, query::Pairs},
};

/// What a website asks the user's consent for.
///
/// `Display` prints the link. The parameters come in the order `next`, `scope`, `secure`, `session`,
/// `hd`; a space between scopes is `%20`.
///
/// # Examples
/// ```
/// use gdata_auth::authsub::AuthSubRequest;
///
/// let request = AuthSubRequest::new("http://www.example.com/upload.html?lang=en")?
///     .scope("http://gdata.youtube.com")?
///     .session(true);
/// assert_eq!(
///     request.to_string(),
///     "https://www.google.com/accounts/AuthSubRequest\
///      ?next=http%3A%2F%2Fwww.example.com%2Fupload.html%3Flang%3Den\
///      &scope=http%3A%2F%2Fgdata.youtube.com&secure=0&session=1",
/// );
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthSubRequest {
    accounts: Accounts,
    next: String,
    scopes: ScopeSet,
    secure: bool,
    session: bool,
    hd: Option<String>,
}

/// The parameter inside `next` that carries the scopes back to the website, because Google does not
/// return them (legacy-protocol.md 1.2 and 1.3, the Python client's trick).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScopesInNext {
    /// `auth_sub_scopes`, what gdata-python writes and reads.
    AuthSubScopes,
    /// `authsub_token_scope`, the older name.
    AuthsubTokenScope,
}

impl ScopesInNext {
    /// Both names, the newer first.
    pub const ALL: [Self; 2] = [Self::AuthSubScopes, Self::AuthsubTokenScope];

    /// The parameter's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AuthSubScopes => "auth_sub_scopes",
            Self::AuthsubTokenScope => "authsub_token_scope",
        }
    }
}

impl AuthSubRequest {
    /// The most bytes that `next` may have.
    pub const MAX_NEXT: usize = 8 * 1024;
    /// The most bytes that `hd` may have: the longest DNS name.
    pub const MAX_HD: usize = 253;

    /// A request that sends the user back to `next`, which may have a query and a fragment of its own.
    ///
    /// Neither secure nor exchangeable for a session, as the server's own default is. Other scripts than
    /// ASCII are percent-encoded, and in the host put into their `xn--` form, since that is how a browser
    /// brings them back.
    ///
    /// # Errors
    /// [`Kind::Input`] naming `next`, when it is no absolute `http` or `https` address, is longer than
    /// [`MAX_NEXT`](Self::MAX_NEXT) once encoded, or holds a space or a control character.
    pub fn new(next: impl Into<String>) -> Result<Self, Error> {
        Ok(Self {
            accounts: Accounts::google(),
            next: as_ascii(next.into())?,
            scopes: ScopeSet::default(),
            secure: false,
            session: false,
            hd: None,
        })
    }

    /// Adds one scope, or several parted by spaces.
    ///
    /// # Errors
    /// [`Kind::Input`] naming `scope`, when there is none, or one is no absolute `http` or `https`
    /// address.
    pub fn scope(mut self, scope: &str) -> Result<Self, Error> {
        if scope.trim().is_empty() {
            return Err(Error::input(
                "scope",
                "expected at least one scope, got none",
            ));
        }
        let joined = if self.scopes.is_empty() {
            scope.to_owned()
        } else {
            format!("{} {scope}", self.scopes)
        };
        self.scopes = ScopeSet::parse(&joined)?;
        Ok(self)
    }

    /// Whether the token may be used in signed requests only.
    #[must_use]
    pub fn secure(mut self, secure: bool) -> Self {
        self.secure = secure;
        self
    }

    /// Whether the single-use token may be exchanged for a session token.
    #[must_use]
    pub fn session(mut self, session: bool) -> Self {
        self.session = session;
        self
    }

    /// The hosted domain whose accounts may consent; `default` means ordinary accounts.
    ///
    /// # Errors
    /// [`Kind::Input`] naming `hd`, when it is empty, longer than [`MAX_HD`](Self::MAX_HD), or holds
    /// anything but letters, digits, `-`, `.` and `_`.
    pub fn hd(mut self, domain: impl Into<String>) -> Result<Self, Error> {
        let domain = domain.into();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        if domain.is_empty() || domain.len() > Self::MAX_HD || !domain.bytes().all(plain) {
            return Err(Error::input("hd", "expected a domain name or `default`"));
        }
        self.hd = Some(domain);
        Ok(self)
    }

    /// Sends the user to another server than Google.
    #[must_use]
    pub fn at(mut self, accounts: &Accounts) -> Self {
        self.accounts = accounts.clone();
        self
    }

    /// Writes the scopes into the query of `next` as well, so that the website reads them from the
    /// redirect. Call it after the last [`scope`](Self::scope).
    #[must_use]
    pub fn carry_scopes(mut self, parameter: ScopesInNext) -> Self {
        let scopes = self.scopes.to_string();
        self.next = append_parameter(&self.next, parameter.as_str(), &scopes);
        self
    }

    /// Reads the query of a link, or of a form that was posted to the consent page.
    ///
    /// # Errors
    /// [`Kind::Input`] naming the parameter that is missing or wrong; [`Kind::Reply`] on broken
    /// percent-encoding and on a parameter that stands twice.
    pub fn parse(query: &str) -> Result<Self, Error> {
        let pairs = Pairs::parse_knowing(&["next", "scope", "secure", "session", "hd"], query)?;
        let next = pairs
            .only("next")?
            .ok_or_else(|| Error::input("next", "expected the address to return to, got none"))?;
        let request = Self::new(next)?
            .scope(pairs.only("scope")?.unwrap_or_default())?
            .secure(flag(&pairs, "secure")?)
            .session(flag(&pairs, "session")?);
        match pairs.only("hd")? {
            Some(domain) => request.hd(domain),
            None => Ok(request),
        }
    }

    /// Reads the address that the user's browser came back to.
    ///
    /// # Errors
    /// [`Kind::Denied`] when the user declined: `next` came back without a token. [`Kind::Reply`] when
    /// the address is not `next`, or its token is malformed or stands twice.
    ///
    /// # Examples
    /// ```
    /// use gdata_auth::{Kind, authsub::AuthSubRequest};
    ///
    /// let request = AuthSubRequest::new("http://www.example.com/upload.html?lang=en")?
    ///     .scope("http://gdata.youtube.com")?;
    /// let granted = request.read_redirect("http://www.example.com/upload.html?lang=en&token=1%2Fabc")?;
    /// assert_eq!(granted.into_token().secret().expose(), "1/abc");
    ///
    /// let denied = request.read_redirect("http://www.example.com/upload.html?lang=en").unwrap_err();
    /// assert_eq!(denied.kind(), Kind::Denied);
    /// # Ok::<(), gdata_auth::Error>(())
    /// ```
    pub fn read_redirect(&self, address: &str) -> Result<Redirect, Error> {
        Redirect::read(address, Some(&self.next), &self.scopes)
    }

    /// The address of `next` with a token added: last in the query, before the fragment
    /// (legacy-protocol.md 1.3; the fragment's place is that sheet's own suggestion).
    #[must_use]
    pub fn granted_address(&self, token: &str) -> String {
        append_parameter(&self.next, "token", token)
    }

    /// The address that the user returns to.
    #[must_use]
    pub fn next(&self) -> &str {
        &self.next
    }

    /// The scopes asked for.
    #[must_use]
    pub fn scopes(&self) -> &ScopeSet {
        &self.scopes
    }

    /// Whether a secure token is asked for.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// Whether the token may become a session token.
    #[must_use]
    pub fn is_session(&self) -> bool {
        self.session
    }

    /// The hosted domain.
    #[must_use]
    pub fn hosted_domain(&self) -> Option<&str> {
        self.hd.as_deref()
    }

    /// The query of the link, without its `?`.
    #[must_use]
    pub fn query(&self) -> String {
        let mut query = format!(
            "next={}&scope={}&secure={}&session={}",
            percent::encode(&self.next),
            percent::encode(&self.scopes.to_string()),
            u8::from(self.secure),
            u8::from(self.session),
        );
        if let Some(domain) = &self.hd {
            query.push_str("&hd=");
            query.push_str(&percent::encode(domain));
        }
        query
    }
}

/// The whole link.
impl fmt::Display for AuthSubRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}?{}", self.accounts.request(), self.query())
    }
}

/// `next` in ASCII, and checked.
fn as_ascii(next: String) -> Result<String, Error> {
    if next.chars().any(|c| c.is_control() || c == ' ') {
        return Err(Error::input(
            "next",
            "expected no space, line break or other control character",
        ));
    }
    let ascii = if next.is_ascii() {
        next
    } else {
        percent::encode_non_ascii(&with_ascii_host(&next)?).into_owned()
    };
    if ascii.len() > AuthSubRequest::MAX_NEXT {
        return Err(Error::input(
            "next",
            format_args!(
                "expected at most {} bytes, got {}",
                AuthSubRequest::MAX_NEXT,
                ascii.len()
            ),
        ));
    }
    let not_absolute = |cause: Box<dyn std::error::Error + Send + Sync>| {
        let got = if ascii.contains("://") {
            "another"
        } else {
            "one without a scheme"
        };
        Error::input(
            "next",
            format_args!("expected an absolute http or https address, got {got}"),
        )
        .caused_by(cause)
    };
    Origin::of(&ascii).map_err(|cause| not_absolute(cause.into()))?;
    // What no browser can go to, no redirect comes back from.
    url::Url::parse(&ascii).map_err(|cause| not_absolute(cause.into()))?;
    Ok(ascii)
}

/// `next` with its host as DNS has it.
fn with_ascii_host(next: &str) -> Result<String, Error> {
    let start = next.find("://").map_or(0, |at| at + "://".len());
    let (scheme, rest) = next.split_at(start);
    let end = rest.find(['/', '?', '#', ':']).unwrap_or(rest.len());
    let (host, rest) = rest.split_at(end);
    if host.is_ascii() {
        return Ok(next.to_owned());
    }
    let host = url::Host::parse(host).map_err(|cause| {
        Error::input("next", "expected a host, got a name that is none").caused_by(cause)
    })?;
    Ok(format!("{scheme}{host}{rest}"))
}

/// `address` with `name=value` added at the end of its query, before its fragment.
fn append_parameter(address: &str, name: &str, value: &str) -> String {
    let (head, fragment) = match address.split_once('#') {
        Some((head, fragment)) => (head, Some(fragment)),
        None => (address, None),
    };
    let separator = match head.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    let fragment = fragment.map_or_else(String::new, |fragment| format!("#{fragment}"));
    format!(
        "{head}{separator}{name}={}{fragment}",
        percent::encode(value)
    )
}

fn flag(pairs: &Pairs, name: &str) -> Result<bool, Error> {
    match pairs.only(name)? {
        None | Some("" | "0" | "false") => Ok(false),
        Some("1" | "true") => Ok(true),
        Some(_) => Err(Error::new(
            Kind::Input,
            format!("{name}: expected 0 or 1, got something else"),
        )),
    }
}
