//! An imported credential as the old integration used it: ready to be sent, exchanged or ended.

use super::inventory::{Credential, Protocol, TokenState};
use crate::{
    crypto::PrivateKey,
    error::{Error, Kind},
    scheme::{AuthScheme, authsub, clientlogin, oauth1, oauth2},
    scope::ScopeSet,
    secret::Secret,
};

impl Credential {
    /// The credential itself. `key` is for those that sign with a private key which their store does not hold.
    ///
    /// # Errors
    /// [`Kind::Key`] when a private key is needed and there is none, or none that can be read;
    /// [`Kind::Unsupported`] for a client or a service account, which are no user's; [`Kind::Input`] naming the part
    /// that is missing: the token of a ClientLogin that kept only the password, the secret of a token of OAuth 1.0, an
    /// access token where the dance had not come so far.
    ///
    /// # Examples
    /// ```
    /// use gdata_auth::migrate::import::{Import, Source};
    ///
    /// let store = b"ann@example.com\t1h|www.example.com|s3cret|1%2Ftoken|secret|3||";
    /// let inventory = Import::inventory(&Source::new("tokens"), store)?;
    /// let found = &inventory.credentials[0];
    /// assert_eq!((found.account().as_str(), found.to_scheme(None)?.name()), ("ann@example.com", "OAuth 1.0"));
    /// # Ok::<(), gdata_auth::Error>(())
    /// ```
    pub fn to_scheme(&self, key: Option<&PrivateKey>) -> Result<AuthScheme, Error> {
        match self.protocol {
            Protocol::AuthSub => Ok(self.session()?.into()),
            Protocol::SecureAuthSub => {
                let key = self.key(key)?;
                Ok(self.session()?.secured_by(key.signer()).into())
            }
            Protocol::ClientLogin => {
                Ok(clientlogin::AuthToken::new(needed("token", &self.secrets.token)?)?.into())
            }
            Protocol::OAuth1 => self.access_token(key),
            Protocol::OAuth1TwoLegged => {
                let consumer = self.consumer(key)?;
                let credential = match &self.user {
                    Some(email) => oauth1::Credential::on_behalf_of(consumer, email.as_str())?,
                    None => oauth1::Credential::two_legged(consumer),
                };
                Ok(credential.with_scopes(self.scope_set()?).into())
            }
            Protocol::OAuth2 => {
                let token = needed("access_token", &self.secrets.access_token)?;
                let token = oauth2::AccessToken::new(token)?;
                Ok(match self.expires_at {
                    Some(end) => token.expiring_at(end).into(),
                    None => token.into(),
                })
            }
            Protocol::OAuth2Client | Protocol::ServiceAccount => Err(Error::new(
                Kind::Unsupported,
                "expected a user's credential, got a client or a service account",
            )),
        }
    }

    /// The name that a grant for it is kept under: its user, or `imported-` and the fingerprint of its token where the
    /// store does not say whose it is.
    #[must_use]
    pub fn account(&self) -> String {
        match &self.user {
            Some(user) => user.clone(),
            None => {
                let named = |name: &str| self.masks.iter().find(|mask| mask.name == name);
                let mask = named("refresh_token").or_else(|| self.masks.first());
                let fingerprint = mask.map_or("unknown", |mask| &mask.fingerprint);
                format!("imported-{fingerprint}")
            }
        }
    }

    fn session(&self) -> Result<authsub::SessionToken, Error> {
        let token = authsub::SessionToken::new(needed("token", &self.secrets.token)?)?;
        let token = token.with_scopes(self.scope_set()?);
        Ok(match self.expires_at {
            Some(end) => token.expiring_at(end),
            None => token,
        })
    }

    fn access_token(&self, key: Option<&PrivateKey>) -> Result<AuthScheme, Error> {
        if matches!(
            self.state,
            Some(TokenState::Request | TokenState::AuthorizedRequest)
        ) {
            return Err(Error::input(
                "token",
                "expected an access token, got a request token, which was never exchanged",
            ));
        }
        let token = oauth1::AccessToken::new(
            self.consumer(key)?,
            needed("token", &self.secrets.token)?,
            needed("token_secret", &self.secrets.token_secret)?,
        )?;
        let token = token.with_scopes(self.scope_set()?);
        Ok(oauth1::Credential::from(token).into())
    }

    fn consumer(&self, key: Option<&PrivateKey>) -> Result<oauth1::Consumer, Error> {
        let name = self.client.as_deref().ok_or_else(|| missing("client"))?;
        match &self.secrets.client_secret {
            Some(secret) => oauth1::Consumer::hmac(name, secret.clone()),
            None => oauth1::Consumer::rsa(name, self.key(key)?.signer()),
        }
    }

    /// The key of the store, or else the one that was given.
    fn key(&self, given: Option<&PrivateKey>) -> Result<PrivateKey, Error> {
        match (&self.secrets.private_key, given) {
            (Some(own), _) => PrivateKey::read(own.expose().as_bytes(), None),
            (None, Some(given)) => Ok(given.clone()),
            (None, None) => Err(Error::new(
                Kind::Key,
                "the credential signs with a private key, which is kept apart: give it",
            )),
        }
    }

    fn scope_set(&self) -> Result<ScopeSet, Error> {
        ScopeSet::parse(&self.scopes.join(" "))
    }
}

fn needed(name: &str, secret: &Option<Secret>) -> Result<Secret, Error> {
    secret.clone().ok_or_else(|| missing(name))
}

fn missing(name: &str) -> Error {
    Error::input(name, "expected a value, got none")
}
