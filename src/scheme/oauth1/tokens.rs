//! The three tokens of the flow, each consumed by the step that yields the next.

use std::fmt;

use super::{
    AccessTokenExchange, Accounts, AuthorizeLink, Callback, Consumer,
    accounts::Endpoint,
    consumer::check_text,
    escape::Twins,
    signer::{Extra, Signer},
    token_request::token_call,
};
use crate::{
    error::{Error, Kind},
    scope::ScopeSet,
    secret::Secret,
    time::Stamp,
    wire::{origin::Origin, query::Pairs},
};

/// A token that the user has not consented to yet.
///
/// # Examples
/// ```
/// use gdata_auth::oauth1::{Accounts, Callback, Consumer, RequestToken};
///
/// let token = RequestToken::new(Consumer::anonymous(), "4/abc", "s3cr3t", Callback::to("http://a.test/back")?)?;
/// let link = token.authorize_link(&Accounts::google());
/// assert_eq!(link.to_string(), "https://www.google.com/accounts/OAuthAuthorizeToken?oauth_token=4%2Fabc");
///
/// let authorized = token.read_redirect("http://a.test/back?oauth_verifier=v3r&oauth_token=4%2Fabc")?;
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Debug)]
pub struct RequestToken {
    signer: Signer,
    token: Secret,
    secret: Secret,
    callback: Callback,
    scopes: ScopeSet,
}

/// A token that the user has consented to. Works once, in [`exchange`](Self::exchange).
#[derive(Debug)]
pub struct AuthorizedToken {
    signer: Signer,
    verifier: Secret,
    scopes: ScopeSet,
}

/// A token that authorises any number of requests in its scope, until it is revoked.
///
/// [`Credential`](super::Credential) signs with it.
#[derive(Clone)]
pub struct AccessToken {
    signer: Signer,
    token: Secret,
    secret: Secret,
    scopes: ScopeSet,
}

impl RequestToken {
    /// A token that was kept while the user was away.
    ///
    /// # Errors
    /// [`Kind::Input`] naming `oauth_token` or `oauth_token_secret`, when the token is empty, or one of them
    /// is longer than [`Consumer::MAX`] bytes or holds a control character.
    pub fn new(
        consumer: Consumer,
        token: impl Into<Secret>,
        secret: impl Into<Secret>,
        callback: Callback,
    ) -> Result<Self, Error> {
        let (token, secret) = (token.into(), secret.into());
        Ok(Self {
            signer: Signer::with_token(consumer, &token, &secret)?,
            token,
            secret,
            callback,
            scopes: ScopeSet::default(),
        })
    }

    /// Remembers what was asked for.
    #[must_use]
    pub fn with_scopes(mut self, scopes: ScopeSet) -> Self {
        self.scopes = scopes;
        self
    }

    /// The token, to keep it while the user is away.
    #[must_use]
    pub fn token(&self) -> &Secret {
        &self.token
    }

    /// Its secret, to keep it while the user is away.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// Where the user consents.
    #[must_use]
    pub fn authorize_link(&self, accounts: &Accounts) -> AuthorizeLink {
        AuthorizeLink::of(self.token.clone()).at(accounts)
    }

    /// Reads the address that the user's browser came back to.
    ///
    /// # Errors
    /// [`Kind::Denied`] when the user declined: the address has no verifier, or says so. [`Kind::Reply`] when
    /// it is not the callback, is for another token, or a parameter stands twice.
    pub fn read_redirect(self, address: &str) -> Result<AuthorizedToken, Error> {
        check_address(address, &self.callback)?;
        let head = address.split('#').next().unwrap_or_default();
        let query = head.split_once('?').map_or("", |(_, query)| query);
        let pairs = Pairs::parse(query)?;
        let problem = pairs.first("oauth_problem");
        let verifier = pairs
            .only("oauth_verifier")?
            .filter(|text| !text.is_empty());
        let (None, Some(verifier)) = (problem, verifier) else {
            let declined = problem.is_some_and(|problem| DECLINED.contains(&problem));
            // What Google sent on a refusal is not known; AuthSub's page sent the callback unchanged.
            return Err(if declined || pairs.first("oauth_token").is_none() {
                Error::new(
                    Kind::Denied,
                    "the user declined: the redirect carries no verifier",
                )
            } else {
                Error::reply("oauth_verifier", "expected a verifier, got none")
            });
        };
        let token = pairs.only("oauth_token")?.map(Secret::new);
        if token.as_ref() != Some(&self.token) {
            return Err(Error::reply(
                "oauth_token",
                "expected the request token that was sent, got another",
            ));
        }
        self.verified_by(verifier)
    }

    /// Takes the verifier that the user typed (`oob`); blanks around it are passed over.
    ///
    /// # Errors
    /// [`Kind::Input`] naming `oauth_verifier`, when it is empty, longer than [`Consumer::MAX`] bytes, or
    /// holds a control character.
    pub fn verified_by(self, verifier: impl Into<Secret>) -> Result<AuthorizedToken, Error> {
        let verifier = verifier.into();
        let text = verifier.expose().trim();
        if text.is_empty() {
            return Err(Error::input(
                "oauth_verifier",
                "expected a verifier, got none",
            ));
        }
        check_text("oauth_verifier", text)?;
        Ok(AuthorizedToken {
            verifier: Secret::new(text),
            signer: self.signer,
            scopes: self.scopes,
        })
    }
}

impl AuthorizedToken {
    /// The exchange for an access token.
    ///
    /// # Errors
    /// What the [`Sign`](crate::crypto::Sign) implementation reports.
    pub fn exchange(
        self,
        accounts: &Accounts,
        stamp: &Stamp,
    ) -> Result<AccessTokenExchange, Error> {
        let extra = Extra {
            callback: None,
            verifier: Some(Twins::of(self.verifier.expose())),
        };
        let address = accounts.endpoint(Endpoint::AccessToken);
        let request = token_call(&self.signer, &address, "", stamp, &extra)?;
        let consumer = self.signer.consumer().clone();
        Ok(AccessTokenExchange::new(request, consumer, self.scopes))
    }
}

impl AccessToken {
    /// A token that was kept from an earlier exchange.
    ///
    /// # Errors
    /// As [`RequestToken::new`].
    pub fn new(
        consumer: Consumer,
        token: impl Into<Secret>,
        secret: impl Into<Secret>,
    ) -> Result<Self, Error> {
        let (token, secret) = (token.into(), secret.into());
        Ok(Self {
            signer: Signer::with_token(consumer, &token, &secret)?,
            token,
            secret,
            scopes: ScopeSet::default(),
        })
    }

    /// Remembers what the token is for, so that refusals can name it.
    #[must_use]
    pub fn with_scopes(mut self, scopes: ScopeSet) -> Self {
        self.scopes = scopes;
        self
    }

    /// What the token is for, as far as it is known.
    #[must_use]
    pub fn scopes(&self) -> &ScopeSet {
        &self.scopes
    }

    /// The token, to store it.
    #[must_use]
    pub fn token(&self) -> &Secret {
        &self.token
    }

    /// Its secret, to store it.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// The consumer that the token was issued to.
    #[must_use]
    pub fn consumer(&self) -> &Consumer {
        self.signer.consumer()
    }

    pub(super) fn signer(&self) -> &Signer {
        &self.signer
    }

    pub(super) fn signer_mut(&mut self) -> &mut Signer {
        &mut self.signer
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken")
            .field("consumer", self.consumer())
            .field("token", &self.token)
            .field("secret", &self.secret)
            .field("scopes", &self.scopes)
            .finish()
    }
}

/// Refuses an address whose origin or path is not the callback's. A framework that hands over the path alone
/// is taken at its word for the origin.
fn check_address(address: &str, callback: &Callback) -> Result<(), Error> {
    if address.len() > Callback::MAX * 2 {
        return Err(Error::reply("redirect", "expected a shorter address"));
    }
    let Some(callback) = callback.address() else {
        return Ok(());
    };
    let parts = |text: &str| -> Result<http::Uri, Error> {
        let head = text.split('#').next().unwrap_or_default();
        let ascii: String = head.chars().filter(char::is_ascii).collect();
        ascii.parse().map_err(|cause: http::uri::InvalidUri| {
            Error::reply("redirect", "expected an address").caused_by(cause)
        })
    };
    let (address, callback) = (parts(address)?, parts(callback)?);
    if address.scheme().is_some() && Origin::of_uri(&address)? != Origin::of_uri(&callback)? {
        return Err(Error::reply(
            "redirect",
            "expected the origin of the callback, got another host, scheme or port",
        ));
    }
    if address.path() != callback.path() {
        return Err(Error::reply(
            "redirect",
            "expected the path of the callback, got another one",
        ));
    }
    Ok(())
}

/// What `oauth_problem` says when the user declined.
const DECLINED: &[&str] = &["user_refused", "permission_denied"];
