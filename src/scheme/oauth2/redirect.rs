//! What the browser brings back: `?code=…&state=…&iss=…`, or `?error=…&state=…` (RFC 6749, 4.1.2).

use std::fmt;

use super::{ErrorCode, Refusal};
use crate::{
    error::Error,
    secret::Secret,
    wire::{origin::Origin, query::Pairs},
};

/// A redirect as it came; nothing of it is checked yet.
///
/// # Examples
/// ```
/// use gdata_auth::oauth2::Redirect;
///
/// let back = Redirect::parse("http://127.0.0.1:49152/?code=4/0Abc&state=xyz")?;
/// assert!(back.comes_to("http://127.0.0.1:49152/"));
/// assert!(Redirect::parse("4/0Abc").unwrap_err().to_string().contains("whole address"));
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone)]
pub struct Redirect {
    /// Where it came to, without its query; `None` where a framework has checked that.
    address: Option<String>,
    pairs: Pairs,
}

impl Redirect {
    /// The most bytes of an address.
    pub const MAX_BYTES: usize = 16 << 10;

    /// Reads the whole address that the browser is at: from a request line, or pasted by the user.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when it is not an absolute address: a bare code is not taken, because
    /// nothing would tell whose it is; [`Kind::Reply`](crate::Kind::Reply) on broken percent-encoding.
    pub fn parse(address: &str) -> Result<Self, Error> {
        let address = address.trim();
        if address.len() > Self::MAX_BYTES {
            return Err(Error::input(
                "redirect",
                format_args!("expected at most {} bytes, got more", Self::MAX_BYTES),
            ));
        }
        let (address, _) = address.split_once('#').unwrap_or((address, ""));
        let (place, query) = address.split_once('?').unwrap_or((address, ""));
        if !place.contains("://") {
            return Err(Error::input(
                "redirect",
                "expected the whole address from the browser's address bar, such as \
                 http://127.0.0.1:PORT/?state=…&code=…, got something else",
            ));
        }
        Ok(Self {
            address: Some(place.to_owned()),
            pairs: read(query)?,
        })
    }

    /// Reads a query alone, for a web application whose framework has routed the request.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) on broken percent-encoding.
    pub fn from_query(query: &str) -> Result<Self, Error> {
        Ok(Self {
            address: None,
            pairs: read(query.get(..Self::MAX_BYTES).unwrap_or(query))?,
        })
    }

    /// Whether it came to `redirect_uri`: same scheme, host, port and path.
    #[must_use]
    pub fn comes_to(&self, redirect_uri: &str) -> bool {
        let Some(address) = &self.address else {
            return true;
        };
        let (expected, _) = redirect_uri.split_once('?').unwrap_or((redirect_uri, ""));
        match (Origin::of(address), Origin::of(expected)) {
            (Ok(one), Ok(other)) => one == other && path(address) == path(expected),
            _ => address == expected,
        }
    }

    /// The `state`.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) when it stands twice, here and below.
    pub fn state(&self) -> Result<Option<Secret>, Error> {
        Ok(self.pairs.only("state")?.map(Secret::new))
    }

    /// The `code`.
    ///
    /// # Errors
    /// As [`state`](Self::state).
    pub fn code(&self) -> Result<Option<Secret>, Error> {
        let code = self.pairs.only("code")?.filter(|code| !code.is_empty());
        Ok(code.map(Secret::new))
    }

    /// The `iss` of RFC 9207.
    ///
    /// # Errors
    /// As [`state`](Self::state).
    pub fn issuer(&self) -> Result<Option<&str>, Error> {
        self.pairs.only("iss")
    }

    /// The `error`, with its description.
    ///
    /// # Errors
    /// As [`state`](Self::state).
    pub fn refusal(&self) -> Result<Option<Refusal>, Error> {
        let Some(code) = self.pairs.only("error")? else {
            return Ok(None);
        };
        let description = self.pairs.first("error_description").unwrap_or_default();
        let refusal = Refusal::new(ErrorCode::read(code), description);
        Ok(Some(match self.pairs.first("error_subtype") {
            Some(subtype) => refusal.with_subtype(subtype),
            None => refusal,
        }))
    }
}

fn read(query: &str) -> Result<Pairs, Error> {
    Pairs::parse_knowing(&["code", "state", "error", "iss", "scope"], query)
}

fn path(address: &str) -> &str {
    let behind = address.split_once("://").map_or(address, |(_, rest)| rest);
    match behind.find('/') {
        Some(at) => &behind[at..],
        None => "/",
    }
}

impl fmt::Debug for Redirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.pairs.iter().map(|(name, _)| name).take(20).collect();
        f.debug_struct("Redirect")
            .field("parameters", &names.len())
            .finish_non_exhaustive()
    }
}
