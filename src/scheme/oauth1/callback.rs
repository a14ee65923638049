//! Where the user goes after consent: an address, or nowhere (`oob`: the user types the verifier).

use std::fmt;

use crate::{
    error::Error,
    wire::{origin::Origin, percent},
};

/// The value of `oauth_callback`: `Display` and [`parse`](Self::parse) are the wire form.
///
/// # Examples
/// ```
/// use gdata_auth::oauth1::Callback;
///
/// let callback = Callback::to("http://www.example.com/back?lang=en")?;
/// assert_eq!(
///     callback.granted("4/abc", "v3r").as_deref(),
///     Some("http://www.example.com/back?lang=en&oauth_verifier=v3r&oauth_token=4%2Fabc"),
/// );
/// assert_eq!(Callback::parse("oob")?, Callback::oob());
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback(Option<String>);

impl Callback {
    /// The most bytes of an address.
    pub const MAX: usize = 8 * 1024;

    /// Out of band: the server shows the verifier, and the user brings it.
    #[must_use]
    pub fn oob() -> Self {
        Self(None)
    }

    /// Back to `address`, which may have a query of its own.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `oauth_callback`, when it is no absolute `http` or `https`
    /// address, is longer than [`MAX`](Self::MAX) bytes, or holds a space or a control character.
    pub fn to(address: impl Into<String>) -> Result<Self, Error> {
        let address = address.into();
        if address.len() > Self::MAX {
            let (most, got) = (Self::MAX, address.len());
            return Err(Error::input(
                "oauth_callback",
                format_args!("expected at most {most} bytes, got {got}"),
            ));
        }
        if address.chars().any(|c| c.is_control() || c == ' ') {
            return Err(Error::input(
                "oauth_callback",
                "expected no space, line break or other control character",
            ));
        }
        // http::Uri refuses other scripts than ASCII, which browsers do not.
        let ascii: String = address.chars().filter(char::is_ascii).collect();
        Origin::of(&ascii).map_err(|cause| {
            Error::input(
                "oauth_callback",
                "expected `oob` or an absolute http or https address, got another text",
            )
            .caused_by(cause)
        })?;
        Ok(Self(Some(address)))
    }

    /// Reads the parameter.
    ///
    /// # Errors
    /// As [`to`](Self::to).
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text == "oob" {
            Ok(Self::oob())
        } else {
            Self::to(text)
        }
    }

    /// The address; `None` for `oob`.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// The address with verifier and token added at the end of its query, before its fragment; `None` for
    /// `oob`.
    #[must_use]
    pub fn granted(&self, token: &str, verifier: &str) -> Option<String> {
        let address = self.address()?;
        let (head, fragment) = match address.split_once('#') {
            Some((head, fragment)) => (head, format!("#{fragment}")),
            None => (address, String::new()),
        };
        let separator = match head.split_once('?') {
            None => "?",
            Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
            Some(_) => "&",
        };
        let (verifier, token) = (percent::encode(verifier), percent::encode(token));
        Some(format!(
            "{head}{separator}oauth_verifier={verifier}&oauth_token={token}{fragment}"
        ))
    }
}

/// `oob`, or the address.
impl fmt::Display for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.address().unwrap_or("oob"))
    }
}
