//! Who signed in: an ID token, verified before it is believed (OpenID Connect Core, 3.1.3.7).

use std::time::Duration;

use serde_json::Value;
use subtle::ConstantTimeEq;

use super::{Client, Jwks, Jwt, jwt::Claims};
use crate::{
    error::{Advice, Error, Kind},
    secret::Secret,
    time::Timestamp,
};

/// The claims of an ID token that was verified.
#[derive(Clone, Debug, PartialEq)]
pub struct IdToken {
    claims: Claims,
}

/// What an ID token is verified against.
///
/// # Examples
/// ```
/// use gdata_auth::{Timestamp, oauth2::{Client, IdTokenVerifier, Jwks}};
///
/// let app = Client::installed("1234.apps.googleusercontent.com")?;
/// let verifier = IdTokenVerifier::new(&app);
/// let refused = verifier.verify("e30.e30.", &Jwks::new(), Timestamp::default()).unwrap_err();
/// assert_eq!(refused.to_string(), "kid: expected one of the server's keys, got another; fetch them anew");
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct IdTokenVerifier<'c> {
    client: &'c Client,
    nonce: Option<Secret>,
    skew: Duration,
    hosted_domain: Option<String>,
}

impl<'c> IdTokenVerifier<'c> {
    /// How far two clocks may be apart unless another span is given.
    pub const SKEW: Duration = Duration::from_secs(10);
    /// How old a token may be at the most: its `iat` is not older.
    const MAX_AGE: Duration = Duration::from_secs(86_400);

    /// For tokens that are issued to `client` by its provider.
    #[must_use]
    pub fn new(client: &'c Client) -> Self {
        Self {
            client,
            nonce: None,
            skew: Self::SKEW,
            hosted_domain: None,
        }
    }

    /// The `nonce` of the consent, see [`Authorized::nonce`](super::Authorized::nonce).
    #[must_use]
    pub fn with_nonce(mut self, nonce: Secret) -> Self {
        self.nonce = Some(nonce);
        self
    }

    /// How far two clocks may be apart.
    #[must_use]
    pub fn with_skew(mut self, skew: Duration) -> Self {
        self.skew = skew;
        self
    }

    /// Accounts of this domain only: the claim `hd`, since the parameter of the link is the browser's to change.
    #[must_use]
    pub fn hosted_domain(mut self, domain: impl Into<String>) -> Self {
        self.hosted_domain = Some(domain.into());
        self
    }

    /// Verifies a token as of `now`.
    ///
    /// # Errors
    /// [`Kind::Reply`] when it is no token or misses a claim; [`Kind::Signature`] when no key of the set signed it, or
    /// another did; [`Kind::Unsupported`] for another `alg` than `RS256`; [`Kind::Refused`] naming the claim that is
    /// not as it must be: `iss` (for Google in either spelling), `aud`, `azp`, `nonce`, `hd`, `sub`; [`Kind::Expired`]
    /// when it has ended; [`Kind::Refused`] with [`Advice::FixClock`] when it is of the future.
    pub fn verify(&self, token: &str, keys: &Jwks, now: Timestamp) -> Result<IdToken, Error> {
        let token = Jwt::parse(token)?;
        let key = keys.key(token.key_id()).ok_or_else(|| {
            Error::new(
                Kind::Signature,
                "kid: expected one of the server's keys, got another; fetch them anew",
            )
            .advising(Advice::Retry { after: None })
        })?;
        let claims = token.verify(key)?;
        self.check_issuer(claims)?;
        self.check_audience(claims)?;
        self.check_time(claims, now)?;
        self.check_nonce(claims)?;
        if let Some(domain) = &self.hosted_domain
            && text(claims, "hd") != Some(domain)
        {
            return Err(refused(
                "hd",
                "expected an account of the domain that was asked for",
            ));
        }
        if text(claims, "sub").is_none_or(|sub| sub.is_empty() || sub.len() > 255) {
            return Err(refused("sub", "expected a name of 1 to 255 characters"));
        }
        Ok(IdToken {
            claims: claims.clone(),
        })
    }

    fn check_issuer(&self, claims: &Claims) -> Result<(), Error> {
        match text(claims, "iss") {
            Some(iss) if self.client.provider().is_issuer(iss) => Ok(()),
            _ => Err(refused(
                "iss",
                "expected the client's provider, got another issuer",
            )),
        }
    }

    fn check_audience(&self, claims: &Claims) -> Result<(), Error> {
        let id = self.client.id();
        let audiences: Vec<&str> = match claims.get("aud") {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        if !audiences.contains(&id) {
            return Err(refused(
                "aud",
                "expected this client, got a token for another",
            ));
        }
        match text(claims, "azp") {
            Some(party) if party != id => Err(refused(
                "azp",
                "expected this client, got a token given to another",
            )),
            None if audiences.len() > 1 => Err(refused(
                "azp",
                "expected it beside more than one aud, got none",
            )),
            _ => Ok(()),
        }
    }

    fn check_time(&self, claims: &Claims, now: Timestamp) -> Result<(), Error> {
        let moment = |name: &str| -> Result<Timestamp, Error> {
            let seconds = claims.get(name).and_then(Value::as_f64);
            let seconds = seconds.filter(|seconds| seconds.is_finite());
            seconds
                .map(|seconds| Timestamp::from_unix_seconds(seconds as i64))
                .ok_or_else(|| Error::reply(name, "expected a moment in seconds, got none"))
        };
        let (expires_at, issued_at) = (moment("exp")?, moment("iat")?);
        if now >= expires_at.after(self.skew) {
            return Err(Error::new(
                Kind::Expired,
                format!("exp: the ID token ended at {expires_at}"),
            ));
        }
        let future = |name: &str| {
            refused(name, "expected a moment in the past, got one in the future")
                .advising(Advice::FixClock)
        };
        if issued_at > now.after(self.skew) {
            return Err(future("iat"));
        }
        if now > issued_at.after(Self::MAX_AGE + self.skew) {
            return Err(refused(
                "iat",
                "expected a token of the last 24 hours, got an older one",
            ));
        }
        if claims.contains_key("nbf") && moment("nbf")? > now.after(self.skew) {
            return Err(future("nbf"));
        }
        Ok(())
    }

    fn check_nonce(&self, claims: &Claims) -> Result<(), Error> {
        let Some(expected) = &self.nonce else {
            return Ok(());
        };
        let got = text(claims, "nonce").unwrap_or_default();
        match bool::from(got.as_bytes().ct_eq(expected.expose().as_bytes())) {
            true => Ok(()),
            false => Err(refused(
                "nonce",
                "expected the one of the link: the token may be replayed",
            )),
        }
    }
}

impl IdToken {
    /// The account's name at the server, which never changes: the key to store a user by.
    #[must_use]
    pub fn subject(&self) -> &str {
        text(&self.claims, "sub").unwrap_or_default()
    }

    /// The account's address, which may change.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        text(&self.claims, "email")
    }

    /// Whether the server has verified the address.
    #[must_use]
    pub fn email_verified(&self) -> bool {
        match self.claims.get("email_verified") {
            Some(Value::Bool(verified)) => *verified,
            Some(Value::String(text)) => text == "true",
            _ => false,
        }
    }

    /// All claims.
    #[must_use]
    pub fn claims(&self) -> &Claims {
        &self.claims
    }
}

fn text<'a>(claims: &'a Claims, name: &str) -> Option<&'a str> {
    claims.get(name).and_then(Value::as_str)
}

fn refused(claim: &str, problem: &str) -> Error {
    Error::new(Kind::Refused, format!("{claim}: {problem}"))
}
