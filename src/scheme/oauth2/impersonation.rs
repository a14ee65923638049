//! Acting for a service account with someone else's token (IAM credentials, `generateAccessToken`; oauth2.md 5.1).

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, header::CONTENT_TYPE};
use serde_json::{Value, json};

use super::{
    AccessToken, AllowedHosts, CredentialFile, file::Fields, provider, reply,
    service_account::check_youtube, token_call::get_request,
};
use crate::{
    error::{Error, Kind},
    exchange::Exchange,
    scope::ScopeNames,
    time::Timestamp,
    wire::percent,
};

/// Which service account, for how long, and by way of whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impersonation {
    address: String,
    delegates: Vec<String>,
    lifetime: Duration,
}

impl Impersonation {
    /// The address of an account at Google, but for the account.
    const ACCOUNTS: &'static str =
        "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/";

    /// For an account at Google.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when the address cannot be made.
    pub fn of(email: &str) -> Result<Self, Error> {
        Self::at(format!(
            "{}{}:generateAccessToken",
            Self::ACCOUNTS,
            percent::encode(email).replace("%40", "@")
        ))
    }

    /// At an address as a credential file names it.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `service_account_impersonation_url`, when it is neither `https` nor
    /// loopback.
    pub fn at(address: impl Into<String>) -> Result<Self, Error> {
        Ok(Self {
            address: provider::endpoint("service_account_impersonation_url", address)?,
            delegates: Vec::new(),
            lifetime: Duration::from_secs(3_600),
        })
    }

    /// By way of these accounts, each of which may act for the next.
    #[must_use]
    pub fn through(mut self, delegates: Vec<String>) -> Self {
        self.delegates = delegates;
        self
    }

    /// How long the token shall live; Google gives an hour at the most unless the organisation allows more.
    #[must_use]
    pub fn lasting(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// Asks for a token of the account, with the token of whoever may act for it.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `scope` when none is asked for, and
    /// [`Kind::Scope`](crate::Kind::Scope) for YouTube's, which has no channel for service accounts.
    pub fn exchange(
        &self,
        own: &AccessToken,
        scopes: &ScopeNames,
    ) -> Result<GenerateAccessToken, Error> {
        if scopes.is_empty() {
            return Err(Error::input("scope", "expected at least one, got none"));
        }
        check_youtube(scopes)?;
        Ok(GenerateAccessToken {
            address: self.address.clone(),
            own: own.clone(),
            body: json!({
                "delegates": self.delegates,
                "scope": scopes.iter().collect::<Vec<_>>(),
                "lifetime": format!("{}s", self.lifetime.as_secs()),
            })
            .to_string(),
        })
    }
}

/// Asks for a token of a service account; made by [`Impersonation::exchange`].
#[derive(Clone, Debug)]
pub struct GenerateAccessToken {
    address: String,
    own: AccessToken,
    body: String,
}

impl Exchange for GenerateAccessToken {
    type Output = AccessToken;

    fn request(&self) -> http::Request<Bytes> {
        let body = Bytes::from(self.body.clone());
        let (mut parts, ()) = get_request(&self.address).map(|_| ()).into_parts();
        parts.method = Method::POST;
        let json = HeaderValue::from_static("application/json");
        parts.headers.insert(CONTENT_TYPE, json);
        self.own.authorize(&mut parts);
        http::Request::from_parts(parts, body)
    }

    /// # Errors
    /// What [`AccessToken::explain`] makes of a refusal; [`Kind::Reply`](crate::Kind::Reply) naming `accessToken` or
    /// `expireTime`.
    fn parse(&self, answer: &http::Response<Bytes>) -> Result<AccessToken, Error> {
        if let Some(error) = self.own.explain(&self.address, answer) {
            return Err(error);
        }
        let fields = reply::object(answer)?;
        let token = reply::secret(&fields, "accessToken")?
            .ok_or_else(|| Error::reply("accessToken", "expected a token, got none"))?;
        let wrong = || Error::reply("expireTime", "expected a form like 2026-01-01T00:00:00Z");
        let end: Timestamp = fields
            .get("expireTime")
            .and_then(Value::as_str)
            .ok_or_else(wrong)?
            .parse()
            .map_err(|_| wrong())?;
        Ok(AccessToken::new(token)?.expiring_at(end))
    }
}

/// An `impersonated_service_account` file: credentials, and the account that they act for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Impersonated {
    /// Whose token is used.
    pub source: CredentialFile,
    /// For whom.
    pub impersonation: Impersonation,
    /// The project that calls are billed to.
    pub quota_project: Option<String>,
}

impl Impersonated {
    pub(super) fn of(fields: &Fields<'_>, hosts: &AllowedHosts) -> Result<Self, Error> {
        let address = fields.needed("service_account_impersonation_url")?;
        hosts.check(&fields.path("service_account_impersonation_url"), address)?;
        let inner = fields
            .object("source_credentials")?
            .ok_or_else(|| fields.wrong("source_credentials", "expected an object, got none"))?;
        if inner.text("type")? == Some("impersonated_service_account") {
            return Err(Error::new(
                Kind::Unsupported,
                "source_credentials.type: expected other credentials; name a chain of accounts in delegates",
            ));
        }
        Ok(Self {
            source: CredentialFile::of(&inner, hosts)?,
            impersonation: Impersonation::at(address)?.through(fields.texts("delegates")?),
            quota_project: fields.text("quota_project_id")?.map(str::to_owned),
        })
    }
}
