//! A service account: a key in place of a user (RFC 7523, 2.1; oauth2.md 5.8).
//!
//! ```text
//! exchange   {iss, scope, aud: token endpoint, iat, exp, sub?}  RS256 ─▶ POST /token ─▶ access token
//! no call    {iss, sub, aud: https://SERVICE.googleapis.com/}   RS256 ─▶ is the access token
//! ```

use std::{fmt, sync::Arc, time::Duration};

use serde_json::Map;

use super::{
    AccessToken, Grant, TokenCall,
    jwt::{Claims, sign_jwt},
};
use crate::{
    crypto::{PrivateKey, Sign},
    error::{Error, Kind},
    scope::ScopeNames,
    secret::Secret,
    time::Timestamp,
};

/// A service account and its key.
///
/// # Examples
/// ```
/// use gdata_auth::{Exchange, Timestamp, crypto::PrivateKey, oauth2::ServiceAccount, scope::ScopeNames};
///
/// # let file = include_bytes!("../../../fixtures/keys/insecure-rsa2048-pkcs8.pem");
/// let key = PrivateKey::read(file, None)?;
/// let account = ServiceAccount::new("sync@project.iam.gserviceaccount.com", &key)?.with_key_id("k1");
/// let scopes = ScopeNames::parse("https://www.googleapis.com/auth/calendar")?;
/// let call = account.exchange(&scopes, Timestamp::from_unix_seconds(1_700_000_000))?;
/// assert_eq!(call.request().uri(), "https://oauth2.googleapis.com/token");
///
/// let youtube = ScopeNames::parse("https://www.googleapis.com/auth/youtube")?;
/// assert!(account.exchange(&youtube, Timestamp::default()).is_err());
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone)]
pub struct ServiceAccount {
    email: String,
    key_id: Option<String>,
    signer: Arc<dyn Sign>,
    token_endpoint: String,
    subject: Option<String>,
    project: Option<String>,
}

impl ServiceAccount {
    /// How long an assertion is good: the most that Google takes.
    pub const LIFETIME: Duration = Duration::from_secs(3_600);

    /// An account that signs with a key in this process.
    ///
    /// # Errors
    /// As [`signed_by`](Self::signed_by).
    pub fn new(email: impl Into<String>, key: &PrivateKey) -> Result<Self, Error> {
        Self::signed_by(email, key.signer())
    }

    /// An account whose key is elsewhere.
    ///
    /// # Errors
    /// [`Kind::Input`] naming `client_email`, when it is no address.
    pub fn signed_by(email: impl Into<String>, signer: Arc<dyn Sign>) -> Result<Self, Error> {
        let email = email.into();
        let plain = email.bytes().all(|byte| byte.is_ascii_graphic());
        if !plain || !email.contains('@') || email.len() > 512 {
            return Err(Error::input(
                "client_email",
                "expected an address like name@project.iam.gserviceaccount.com, got something else",
            ));
        }
        Ok(Self {
            email,
            key_id: None,
            signer,
            token_endpoint: "https://oauth2.googleapis.com/token".to_owned(),
            subject: None,
            project: None,
        })
    }

    /// Which of the account's keys it is.
    #[must_use]
    pub fn with_key_id(mut self, key_id: impl Into<String>) -> Self {
        self.key_id = Some(key_id.into());
        self
    }

    /// Where assertions are exchanged; it is their `aud`, too.
    ///
    /// # Errors
    /// [`Kind::Input`] naming `token_uri`, when it is neither `https` nor loopback.
    pub fn with_token_endpoint(mut self, at: impl Into<String>) -> Result<Self, Error> {
        self.token_endpoint = super::provider::endpoint("token_uri", at)?;
        Ok(self)
    }

    /// Acts for a user of a domain that delegated to this account: `sub`.
    #[must_use]
    pub fn acting_for(mut self, user: impl Into<String>) -> Self {
        self.subject = Some(user.into());
        self
    }

    /// The project that the account belongs to.
    #[must_use]
    pub fn with_project(mut self, project: impl Into<String>) -> Self {
        self.project = Some(project.into());
        self
    }

    /// Its address.
    #[must_use]
    pub fn email(&self) -> &str {
        &self.email
    }

    /// The user that it acts for.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// The project that it belongs to.
    #[must_use]
    pub fn project(&self) -> Option<&str> {
        self.project.as_deref()
    }

    /// Exchanges an assertion for an access token with these scopes.
    ///
    /// # Errors
    /// [`Kind::Scope`] for a scope of YouTube's without a delegating user: YouTube has no channel for a service account
    /// and answers `youtubeSignupRequired` (oauth2.md 5.5); [`Kind::Input`] without a scope; [`Kind::Key`] when
    /// the signer fails.
    pub fn exchange(&self, scopes: &ScopeNames, now: Timestamp) -> Result<TokenCall, Error> {
        if scopes.is_empty() {
            return Err(Error::input("scope", "expected at least one, got none"));
        }
        if self.subject.is_none() {
            check_youtube(scopes)?;
        }
        let mut claims = self.claims(now);
        claims.insert("aud".to_owned(), self.token_endpoint.as_str().into());
        claims.insert("scope".to_owned(), scopes.to_string().into());
        if let Some(subject) = &self.subject {
            claims.insert("sub".to_owned(), subject.as_str().into());
        }
        let grant = Grant::JwtBearer {
            assertion: self.sign(&claims)?,
        };
        Ok(TokenCall::anonymous(&self.token_endpoint, &grant))
    }

    /// A token that the account signs itself, without a call: for Google's APIs, by the service's address, such as
    /// `https://pubsub.googleapis.com/`.
    ///
    /// # Errors
    /// [`Kind::Input`] naming `audience` when it is no `https` address; [`Kind::Key`] when the signer fails.
    pub fn self_signed(&self, audience: &str, now: Timestamp) -> Result<AccessToken, Error> {
        let audience = super::provider::endpoint("audience", audience)?;
        let mut claims = self.claims(now);
        claims.insert("aud".to_owned(), audience.into());
        claims.insert("sub".to_owned(), self.email.as_str().into());
        Ok(AccessToken::new(self.sign(&claims)?)?.expiring_at(now.after(Self::LIFETIME)))
    }

    fn claims(&self, now: Timestamp) -> Claims {
        let mut claims = Map::new();
        claims.insert("iss".to_owned(), self.email.as_str().into());
        claims.insert("iat".to_owned(), now.unix_seconds().into());
        let end = now.after(Self::LIFETIME).unix_seconds();
        claims.insert("exp".to_owned(), end.into());
        claims
    }

    fn sign(&self, claims: &Claims) -> Result<Secret, Error> {
        sign_jwt(claims, self.key_id.as_deref(), &*self.signer)
    }
}

/// Refuses scopes of YouTube, which has no channel for an account without a user.
pub(super) fn check_youtube(scopes: &ScopeNames) -> Result<(), Error> {
    let youtube = scopes
        .iter()
        .find(|name| name.starts_with("https://www.googleapis.com/auth/youtube"));
    match youtube {
        None => Ok(()),
        Some(name) => Err(Error::new(
            Kind::Scope,
            format!(
                "{name}: YouTube does not take service accounts, since they have no channel; ask a user for consent"
            ),
        )),
    }
}

impl fmt::Debug for ServiceAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceAccount")
            .field("email", &self.email)
            .field("key_id", &self.key_id)
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}
