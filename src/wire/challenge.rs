//! `WWW-Authenticate`: what a server asks for when it answers 401 (RFC 9110, 11.6.1).

use crate::{
    error::Error,
    wire::params::{Item, Items},
};

/// The most bytes of one header value that are read.
pub const MAX_HEADER: usize = 16 * 1024;

/// One challenge: a scheme and its parameters.
///
/// # Examples
/// ```
/// use gdata_auth::wire::challenge::Challenge;
///
/// let all = Challenge::parse(r#"AuthSub realm="http://www.google.com/accounts/AuthSubRequest""#)?;
/// assert_eq!(all[0].scheme(), "AuthSub");
/// assert_eq!(all[0].param("realm"), Some("http://www.google.com/accounts/AuthSubRequest"));
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    scheme: String,
    params: Vec<(String, String)>,
}

impl Challenge {
    /// A challenge of `scheme` without parameters.
    #[must_use]
    pub fn new(scheme: impl Into<String>) -> Self {
        Self {
            scheme: scheme.into(),
            params: Vec::new(),
        }
    }

    /// Adds a parameter; `"` and `\` in it are escaped when printed.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.params.push((name.into(), value.into()));
        self
    }

    /// Reads every challenge of one header value.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) on an unterminated quote, a parameter before any scheme,
    /// or more than [`MAX_HEADER`] bytes.
    pub fn parse(value: &str) -> Result<Vec<Self>, Error> {
        if value.len() > MAX_HEADER {
            return Err(Error::reply(
                "www-authenticate",
                format_args!("expected at most {MAX_HEADER} bytes, got {}", value.len()),
            ));
        }
        let mut challenges: Vec<Self> = Vec::new();
        for item in Items::of(value).knowing(&["realm", "service"]) {
            match (item?, challenges.last_mut()) {
                (Item::Word(scheme), _) => challenges.push(Self::new(scheme)),
                (Item::Param(name, value), Some(challenge)) => challenge.params.push((name, value)),
                (Item::Param(..), None) => {
                    return Err(Error::reply(
                        "www-authenticate",
                        "expected a scheme before the parameters, got none",
                    ));
                }
            }
        }
        Ok(challenges)
    }

    /// The scheme, as sent; compare without case (RFC 9110, 11.1).
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// The first parameter of that name, whatever its case.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params
            .iter()
            .find(|(candidate, _)| candidate.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// `Scheme name="value", …`.
impl std::fmt::Display for Challenge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.scheme)?;
        for (at, (name, value)) in self.params.iter().enumerate() {
            let separator = if at == 0 { " " } else { ", " };
            let escaped = value.replace('\\', r"\\").replace('"', "\\\"");
            write!(f, "{separator}{name}=\"{escaped}\"")?;
        }
        Ok(())
    }
}
