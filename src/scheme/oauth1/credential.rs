//! What authorises requests: an access token with its consumer, or a consumer that acts for a user.

use std::borrow::Cow;

use bytes::Bytes;
use http::request::Parts;

use super::{
    AccessToken, Accounts, BaseString, Consumer, Placement, RevokeTokenExchange, TokenInfoExchange,
    accounts::Endpoint,
    consumer::check_text,
    escape::escaped,
    problem,
    signer::{Extra, Signer, with_query},
};
use crate::{error::Error, exchange::BodyHint, scope::ScopeSet, time::Stamp, wire::query::Pairs};

/// A credential that signs one outgoing request after another.
///
/// # Examples
/// ```
/// use gdata_auth::{BodyHint, Stamp, Timestamp, oauth1::{AccessToken, Consumer, Credential}};
///
/// // The example of OAuth Core 1.0, appendix A.5.
/// let consumer = Consumer::hmac("dpf43f3p2l4k3l03", "kd94hf93k423kf44")?;
/// let token = AccessToken::new(consumer, "nnch734d00sl2jdk", "pfkkdhi9sl3r4s00")?;
/// let credential = Credential::from(token);
///
/// let (mut parts, _) = http::Request::get("http://photos.example.net/photos?file=vacation.jpg&size=original")
///     .body(())?
///     .into_parts();
/// let stamp = Stamp::new(Timestamp::from_unix_seconds(1_191_242_096), "kllo9940pd9333jh")?;
/// credential.authorize(&mut parts, BodyHint::Empty, &stamp)?;
/// assert_eq!(
///     parts.headers["authorization"],
///     "OAuth oauth_consumer_key=\"dpf43f3p2l4k3l03\", oauth_nonce=\"kllo9940pd9333jh\", \
///      oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"1191242096\", oauth_token=\"nnch734d00sl2jdk\", \
///      oauth_version=\"1.0\", oauth_signature=\"tR3%2BTy81lMeYAr%2FFid0kMTYa%2FWM%3D\"",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Credential(Legs);

#[derive(Clone, Debug)]
enum Legs {
    Three(AccessToken),
    Two {
        signer: Signer,
        requestor: Option<String>,
        scopes: ScopeSet,
    },
}

impl Credential {
    /// A consumer without a token, for services that know it by itself.
    #[must_use]
    pub fn two_legged(consumer: Consumer) -> Self {
        Self(Legs::Two {
            signer: Signer::new(consumer),
            requestor: None,
            scopes: ScopeSet::default(),
        })
    }

    /// A consumer that acts for the user `email` of its own domain: `xoauth_requestor_id` goes into the query
    /// of every request, and is signed (legacy-protocol.md 4).
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `xoauth_requestor_id`, when it is empty, longer than
    /// [`Consumer::MAX`] bytes, or holds a control character.
    pub fn on_behalf_of(consumer: Consumer, email: impl Into<String>) -> Result<Self, Error> {
        let email = email.into();
        if email.is_empty() {
            return Err(Error::input(
                REQUESTOR,
                "expected the user's address, got none",
            ));
        }
        check_text(REQUESTOR, &email)?;
        Ok(Self(Legs::Two {
            signer: Signer::new(consumer),
            requestor: Some(email),
            scopes: ScopeSet::default(),
        }))
    }

    /// Remembers what it is for, so that refusals can name it.
    #[must_use]
    pub fn with_scopes(mut self, scopes: ScopeSet) -> Self {
        self.0 = match self.0 {
            Legs::Three(token) => Legs::Three(token.with_scopes(scopes)),
            Legs::Two {
                signer, requestor, ..
            } => Legs::Two {
                signer,
                requestor,
                scopes,
            },
        };
        self
    }

    /// Where the OAuth parameters go.
    #[must_use]
    pub fn placed_in(self, placement: Placement) -> Self {
        self.respelt(|consumer| consumer.placement = placement)
    }

    /// Whether `oauth_version=1.0` is sent.
    #[must_use]
    pub fn sends_version(self, version: bool) -> Self {
        self.respelt(|consumer| consumer.version = version)
    }

    /// The realm of the header.
    ///
    /// # Errors
    /// As [`Consumer::realm`].
    pub fn realm(self, realm: impl Into<String>) -> Result<Self, Error> {
        let checked = self.consumer().clone().realm(realm)?.realm;
        Ok(self.respelt(|consumer| consumer.realm = checked))
    }

    /// What it is for, as far as it is known.
    #[must_use]
    pub fn scopes(&self) -> &ScopeSet {
        match &self.0 {
            Legs::Three(token) => token.scopes(),
            Legs::Two { scopes, .. } => scopes,
        }
    }

    /// The consumer.
    #[must_use]
    pub fn consumer(&self) -> &Consumer {
        self.signer().consumer()
    }

    /// The access token; `None` when two-legged.
    #[must_use]
    pub fn access_token(&self) -> Option<&AccessToken> {
        match &self.0 {
            Legs::Three(token) => Some(token),
            Legs::Two { .. } => None,
        }
    }

    /// The user that a two-legged consumer acts for.
    #[must_use]
    pub fn requestor(&self) -> Option<&str> {
        match &self.0 {
            Legs::Three(_) => None,
            Legs::Two { requestor, .. } => requestor.as_deref(),
        }
    }

    /// Signs a request: its method, its address with the query, and the fields of a form.
    ///
    /// Replaces an `Authorization` that is there, and under [`Placement::Query`] the parameters of an earlier
    /// signature. Sign last, and anew for every address.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `address` or `form`, when one of them cannot be signed, and
    /// what the [`Sign`](crate::crypto::Sign) implementation reports.
    pub fn authorize(
        &self,
        parts: &mut Parts,
        body: BodyHint<'_>,
        stamp: &Stamp,
    ) -> Result<(), Error> {
        self.name_requestor(parts)?;
        self.signer()
            .sign(parts, form_of(body), stamp, &Extra::default())
    }

    /// Signs a request whose OAuth parameters go into its form: yields the body to send in place of `form`.
    ///
    /// # Errors
    /// As [`authorize`](Self::authorize).
    ///
    /// # Examples
    /// ```
    /// use gdata_auth::{Stamp, Timestamp, oauth1::{Consumer, Credential}};
    ///
    /// let credential = Credential::two_legged(Consumer::plaintext("example.com", "s&t")?);
    /// let (mut parts, _) = http::Request::post("https://example.com/").body(())?.into_parts();
    /// let stamp = Stamp::new(Timestamp::from_unix_seconds(1_300_000_000), "7")?;
    /// let body = credential.sign_form(&mut parts, b"a=b+c", &stamp)?;
    /// assert_eq!(
    ///     body,
    ///     "a=b+c&oauth_consumer_key=example.com&oauth_nonce=7&oauth_signature_method=PLAINTEXT\
    ///      &oauth_timestamp=1300000000&oauth_version=1.0&oauth_signature=s%2526t%26"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sign_form(&self, parts: &mut Parts, form: &[u8], stamp: &Stamp) -> Result<Bytes, Error> {
        self.name_requestor(parts)?;
        self.signer()
            .sign_form(parts, form, stamp, &Extra::default())
    }

    /// The base string that [`authorize`](Self::authorize) would sign.
    ///
    /// # Errors
    /// As [`authorize`](Self::authorize).
    pub fn base_string(
        &self,
        parts: &Parts,
        body: BodyHint<'_>,
        stamp: &Stamp,
    ) -> Result<BaseString, Error> {
        let mut named = Cow::Borrowed(parts);
        if self.requestor().is_some() {
            self.name_requestor(named.to_mut())?;
        }
        self.signer()
            .base_string(&named, form_of(body), stamp, &Extra::default())
    }

    /// Tells in words why a server refused a request to `address`: a [`Problem`](super::Problem) that it names,
    /// or what any gdata server says. `None` when the answer is no refusal.
    #[must_use]
    pub fn explain(&self, address: &str, answer: &http::Response<Bytes>) -> Option<Error> {
        problem::explain(self.scopes(), address, answer)
    }

    /// Asks the server what the token is.
    ///
    /// # Errors
    /// What the [`Sign`](crate::crypto::Sign) implementation reports.
    pub fn token_info(
        &self,
        accounts: &Accounts,
        stamp: &Stamp,
    ) -> Result<TokenInfoExchange, Error> {
        let request = self.call(accounts, Endpoint::TokenInfo, stamp)?;
        Ok(TokenInfoExchange::new(request, self.scopes().clone()))
    }

    /// Ends the token at the server. It is a reference: when the call fails, the token still lives.
    ///
    /// # Errors
    /// What the [`Sign`](crate::crypto::Sign) implementation reports.
    pub fn revoke(&self, accounts: &Accounts, stamp: &Stamp) -> Result<RevokeTokenExchange, Error> {
        let request = self.call(accounts, Endpoint::RevokeToken, stamp)?;
        Ok(RevokeTokenExchange::new(request, self.scopes().clone()))
    }

    /// A GET whose only content is the signature.
    fn call(
        &self,
        accounts: &Accounts,
        endpoint: Endpoint,
        stamp: &Stamp,
    ) -> Result<http::Request<Bytes>, Error> {
        let (mut parts, body) = http::Request::get(accounts.endpoint(endpoint))
            .body(Bytes::new())
            .map_err(|cause| Error::input("accounts", "expected an address").caused_by(cause))?
            .into_parts();
        self.authorize(&mut parts, BodyHint::Empty, stamp)?;
        Ok(http::Request::from_parts(parts, body))
    }

    /// Writes `xoauth_requestor_id` into the query, unless it is there.
    fn name_requestor(&self, parts: &mut Parts) -> Result<(), Error> {
        let Some(email) = self.requestor() else {
            return Ok(());
        };
        let query = parts.uri.query().unwrap_or_default();
        let pairs = Pairs::parse(query).map_err(|cause| {
            Error::input("address", "expected a query in percent-encoded UTF-8").caused_by(cause)
        })?;
        match pairs.only(REQUESTOR)? {
            Some(other) if other == email => return Ok(()),
            Some(_) => {
                return Err(Error::input(
                    REQUESTOR,
                    "expected the user of this credential, got another in the address",
                ));
            }
            None => {}
        }
        let separator = match query {
            "" => "",
            query if query.ends_with('&') => "",
            _ => "&",
        };
        let named = format!("{query}{separator}{REQUESTOR}={}", escaped(email));
        parts.uri = with_query(&parts.uri, named.as_bytes())?;
        Ok(())
    }

    fn signer(&self) -> &Signer {
        match &self.0 {
            Legs::Three(token) => token.signer(),
            Legs::Two { signer, .. } => signer,
        }
    }

    fn respelt(mut self, spell: impl FnOnce(&mut Consumer)) -> Self {
        match &mut self.0 {
            Legs::Three(token) => token.signer_mut().respell(spell),
            Legs::Two { signer, .. } => signer.respell(spell),
        }
        self
    }
}

impl From<AccessToken> for Credential {
    fn from(token: AccessToken) -> Self {
        Self(Legs::Three(token))
    }
}

/// What of a body is signed.
pub(super) fn form_of(body: BodyHint<'_>) -> &[u8] {
    match body {
        BodyHint::Form(form) => form,
        BodyHint::Empty | BodyHint::Opaque => &[],
    }
}

const REQUESTOR: &str = "xoauth_requestor_id";
