//! What the browser brings back: `next` with a token, or without one.
//!
//! Google adds `token` and nothing else: no error code, no scopes, no state (legacy-protocol.md 1.3). So
//! the absence of a token is the user's refusal.

use url::{Position, Url};

use super::{ScopesInNext, SingleUseToken};
use crate::{
    error::{Error, Kind},
    scope::ScopeSet,
    wire::{
        percent::{decode_form, decode_form_lossy},
        query::{Pairs, pieces},
    },
};

/// A redirect that carries a token.
///
/// # Examples
/// A website that kept nothing of its request reads the address alone:
/// ```
/// use gdata_auth::authsub::Redirect;
///
/// let redirect = Redirect::parse(
///     "http://example.com/?auth_sub_scopes=http%3A%2F%2Fwww.blogger.com%2Ffeeds%2F&token=my_token",
/// )?;
/// assert_eq!(redirect.scopes().to_string(), "http://www.blogger.com/feeds/");
/// assert_eq!(redirect.into_token().secret().expose(), "my_token");
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Debug)]
pub struct Redirect {
    token: SingleUseToken,
    own: Pairs,
}

impl Redirect {
    /// The most bytes of an address that are read.
    pub const MAX_ADDRESS: usize = 16 * 1024;

    /// Reads an address, or the path and query of one, without knowing what `next` was.
    ///
    /// # Errors
    /// [`Kind::Denied`] without a token; [`Kind::Reply`] when the token is empty, malformed or stands
    /// twice, when the percent-encoding of the token or of the scopes is broken, or the address is longer
    /// than [`MAX_ADDRESS`](Self::MAX_ADDRESS).
    pub fn parse(address: &str) -> Result<Self, Error> {
        Self::read(address, None, &ScopeSet::default())
    }

    pub(super) fn read(address: &str, next: Option<&str>, asked: &ScopeSet) -> Result<Self, Error> {
        if address.len() > Self::MAX_ADDRESS {
            return Err(Error::reply(
                "redirect",
                format_args!(
                    "expected at most {} bytes, got {}",
                    Self::MAX_ADDRESS,
                    address.len()
                ),
            ));
        }
        if address.chars().any(char::is_control) {
            return Err(Error::reply(
                "redirect",
                "expected an address, got one with a control character",
            ));
        }
        if let Some(next) = next {
            check_address(address, next)?;
        }
        let (token, own) = Taken::of(query_of(address), next.map_or("", query_of))?.finish()?;
        let scopes = match carried_scopes(&own)? {
            Some(scopes) => scopes,
            None => asked.clone(),
        };
        Ok(Self {
            token: SingleUseToken::new(token)
                .map_err(|cause| {
                    Error::reply(
                        "token",
                        "expected visible ASCII without quotes, got other text",
                    )
                    .caused_by(cause)
                })?
                .with_scopes(scopes),
            own,
        })
    }

    /// The scopes that the token is for, as far as they are known: from `next` itself where it carries
    /// them, else from the request.
    #[must_use]
    pub fn scopes(&self) -> &ScopeSet {
        self.token.scopes()
    }

    /// The query that `next` had of its own, with whatever the browser added, without the token.
    ///
    /// Decoded loosely: a `%` without two hex digits stays, and bytes that are no UTF-8 become U+FFFD.
    #[must_use]
    pub fn own_query(&self) -> &Pairs {
        &self.own
    }

    /// The token.
    #[must_use]
    pub fn into_token(self) -> SingleUseToken {
        self.token
    }
}

fn query_of(address: &str) -> &str {
    let head = address.split('#').next().unwrap_or_default();
    head.split_once('?').map_or("", |(_, query)| query)
}

/// Refuses an address whose origin or path is not that of `next`, both read as the browser read them that
/// went there. A framework that hands over the path alone is taken at its word for the origin.
fn check_address(address: &str, next: &str) -> Result<(), Error> {
    let wrong = |cause| Error::reply("redirect", "expected an address").caused_by(cause);
    let next = Url::parse(next).map_err(wrong)?;
    let address = next.join(address).map_err(wrong)?;
    if address[..Position::BeforePath] != next[..Position::BeforePath] {
        return Err(Error::reply(
            "redirect",
            "expected the origin of next, got another host, scheme or port",
        ));
    }
    if address.path() != next.path() {
        return Err(Error::reply(
            "redirect",
            "expected the path of next, got another one",
        ));
    }
    Ok(())
}

/// The query of a redirect, sorted. Only what Google added is read strictly: the site's own parameters were
/// its own affair before, and are no reason to lose a token.
#[derive(Default)]
struct Taken {
    tokens: Vec<String>,
    own: Vec<(String, String)>,
}

impl Taken {
    /// `next` may have had a `token` of its own, which stays; names compare without case, as Java did
    /// (legacy-protocol.md 1.3).
    fn of(query: &str, next: &str) -> Result<Self, Error> {
        let mut taken = Self::default();
        let mut before: Vec<String> = pieces(next)?
            .into_iter()
            .filter(|(name, _)| is_token(&decode_form_lossy(name)))
            .map(|(_, value)| decode_form_lossy(value))
            .collect();
        for (name, raw) in pieces(query)? {
            let (name, value) = (decode_form_lossy(name), decode_form_lossy(raw));
            if is_token(&name) {
                match before.iter().position(|own| *own == value) {
                    Some(at) => drop(before.remove(at)),
                    None => {
                        taken.tokens.push(decode_form("token", raw)?.into_owned());
                        continue;
                    }
                }
            }
            if let Some(known) = ScopesInNext::ALL.iter().find(|it| it.as_str() == name) {
                decode_form(known.as_str(), raw)?;
            }
            taken.own.push((name, value));
        }
        Ok(taken)
    }

    /// The one token, and the site's own parameters.
    fn finish(mut self) -> Result<(String, Pairs), Error> {
        match (self.tokens.pop(), self.tokens.is_empty()) {
            (None, _) => Err(Error::new(
                Kind::Denied,
                "the user declined: the redirect carries no token",
            )),
            (Some(_), false) => Err(Error::reply(
                "token",
                "expected the parameter once, got it more than once",
            )),
            (Some(token), true) if token.is_empty() => Err(Error::reply(
                "token",
                "expected a single-use token, got an empty one",
            )),
            (Some(token), true) => Ok((token, self.own.into_iter().collect())),
        }
    }
}

fn is_token(name: &str) -> bool {
    name.eq_ignore_ascii_case("token")
}

fn carried_scopes(pairs: &Pairs) -> Result<Option<ScopeSet>, Error> {
    for parameter in ScopesInNext::ALL {
        if let Some(scopes) = pairs.only(parameter.as_str())? {
            let scopes = ScopeSet::parse(scopes).map_err(|cause| {
                Error::reply(parameter.as_str(), "expected scopes parted by spaces")
                    .caused_by(cause)
            })?;
            return Ok(Some(scopes));
        }
    }
    Ok(None)
}
