//! Tokens for the generated clients of google-apis-rs: `google-youtube3`, and its some two hundred sisters.
//!
//! Their hubs ask for a token before each call and name the scopes that it needs. A source has the scopes that the user
//! consented to and cannot narrow them, so the names only serve to refuse early: [`HubToken::granted`].
//!
//! A hub never says that a token was refused, so a token that was revoked before its end is sent until it ends; the
//! error of the call tells of it.

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use google_apis_common::GetToken;

use super::token::{Cached, FetchToken, TokenSource};
use crate::{
    error::{Advice, Error, Kind},
    scope::ScopeNames,
};

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Asked<'a> = Pin<Box<dyn Future<Output = Result<Option<String>, BoxError>> + Send + 'a>>;

/// Any source of tokens, as what a hub of google-apis-rs takes. A [`Cached`] source is taken as it is, too.
///
/// # Examples
/// ```
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// use gdata_auth::{client::{Cached, HubToken}, scope::ScopeNames};
/// use google_apis_common::GetToken;
/// # use gdata_auth::{Error, client::FetchToken, oauth2::AccessToken};
/// # #[derive(Debug)]
/// # struct Vault;
/// # impl FetchToken for Vault {
/// #     fn fetch<'a>(&'a self, _: Option<&'a AccessToken>) -> futures_core::future::BoxFuture<'a, Result<AccessToken, Error>> {
/// #         Box::pin(std::future::ready(AccessToken::new("ya29.from-the-vault")))
/// #     }
/// # }
///
/// let youtube = ScopeNames::parse("https://www.googleapis.com/auth/youtube")?;
/// let auth = HubToken::new(Cached::new(Vault)).granted(youtube);
/// // … google_youtube3::YouTube::new(hyper_client, auth) …
///
/// // A wider scope covers a narrower one.
/// let token = auth.get_token(&["https://www.googleapis.com/auth/youtube.readonly"]).await?;
/// assert_eq!(token.as_deref(), Some("ya29.from-the-vault"));
/// assert!(auth.get_token(&["https://www.googleapis.com/auth/drive"]).await.is_err());
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// ```
///
/// # Security
/// A hub gets the token as a plain `String`, and sends it wherever its `base_url` points.
#[derive(Clone)]
pub struct HubToken {
    source: Arc<dyn TokenSource>,
    granted: Option<ScopeNames>,
}

impl HubToken {
    /// The tokens of `source`.
    pub fn new(source: impl TokenSource + 'static) -> Self {
        Self {
            source: Arc::new(source),
            granted: None,
        }
    }

    /// Refuses a call whose scopes these do not cover, with [`Kind::Scope`] and the scopes to ask consent for, before
    /// anything is sent.
    #[must_use]
    pub fn granted(mut self, scopes: ScopeNames) -> Self {
        self.granted = Some(scopes);
        self
    }

    fn check(&self, asked: &[&str]) -> Result<(), Error> {
        let Some(granted) = &self.granted else {
            return Ok(());
        };
        let missing = ScopeNames::new(asked)?.missing_from(granted);
        if missing.is_empty() {
            return Ok(());
        }
        let scopes = missing.iter().map(str::to_owned).collect();
        Err(Error::new(
            Kind::Scope,
            format!("expected {missing} among the granted scopes, got {granted}"),
        )
        .advising(Advice::AskConsent { scopes }))
    }
}

impl GetToken for HubToken {
    fn get_token<'a>(&'a self, scopes: &'a [&str]) -> Asked<'a> {
        Box::pin(async move {
            self.check(scopes)?;
            text(&*self.source).await
        })
    }
}

impl<F: FetchToken> GetToken for Cached<F> {
    fn get_token<'a>(&'a self, _: &'a [&str]) -> Asked<'a> {
        Box::pin(text(self))
    }
}

async fn text(source: &dyn TokenSource) -> Result<Option<String>, BoxError> {
    let issued = source.token().await?;
    Ok(Some(issued.token.secret().expose().to_owned()))
}

impl fmt::Debug for HubToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HubToken")
            .field("source", &self.source)
            .field("granted", &self.granted)
            .finish()
    }
}
