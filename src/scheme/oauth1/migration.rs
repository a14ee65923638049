//! The way out: an access token of OAuth 1.0 becomes a refresh token of OAuth 2.0.
//!
//! One POST presents both credentials: the old grant by its signature, the new client by its form fields,
//! which are part of the base string. The answer holds a refresh token and nothing to use at once. Google
//! took the grant until 2015 at least, at two addresses (legacy-protocol.md 5.1).

use std::fmt;

use bytes::Bytes;
use http::{StatusCode, header::CONTENT_TYPE};

use super::{
    AccessToken,
    consumer::check_text,
    escape::escaped,
    problem,
    signer::{Extra, FORM},
};
use crate::{
    error::{Advice, Error, Kind},
    exchange::Exchange,
    scope::ScopeSet,
    secret::Secret,
    time::Stamp,
    wire::origin::Origin,
};

/// The grant `urn:ietf:params:oauth:grant-type:migration:oauth1`.
///
/// # Examples
/// ```
/// use gdata_auth::{Exchange, Stamp, Timestamp, oauth1::{AccessToken, Consumer, MigrationGrant}};
///
/// let consumer = Consumer::hmac("www.example.com", "consumersecret")?.sends_version(false);
/// let token = AccessToken::new(consumer, "1/oauth1-access", "tokensecret")?;
/// let stamp = Stamp::new(Timestamp::from_unix_seconds(1_400_000_000), "n0nce")?;
///
/// let exchange = MigrationGrant::new("1234.apps.googleusercontent.com")?
///     .client_secret("s3cr3t")?
///     .exchange(&token, &stamp)?;
/// let reply = http::Response::new(r#"{"refresh_token":"1/abc"}"#.into());
/// assert_eq!(exchange.parse(&reply)?.expose(), "1/abc");
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone)]
pub struct MigrationGrant {
    endpoint: String,
    client_id: String,
    client_secret: Option<Secret>,
    scope: Option<String>,
}

impl MigrationGrant {
    /// The value of `grant_type`.
    pub const GRANT_TYPE: &'static str = "urn:ietf:params:oauth:grant-type:migration:oauth1";
    /// Where Google took it first.
    pub const ENDPOINT: &'static str = "https://accounts.google.com/o/oauth2/token";
    /// Where Google took it later: the address that an e-mail client used in June 2015.
    pub const ENDPOINT_V3: &'static str = "https://www.googleapis.com/oauth2/v3/token";

    /// A grant for the OAuth 2.0 client `client_id`, at [`ENDPOINT`](Self::ENDPOINT).
    ///
    /// # Errors
    /// [`Kind::Input`] naming `client_id`, when it is empty, longer than
    /// [`Consumer::MAX`](super::Consumer::MAX) bytes, or holds a control character.
    pub fn new(client_id: impl Into<String>) -> Result<Self, Error> {
        let client_id = client_id.into();
        if client_id.is_empty() {
            return Err(Error::input("client_id", "expected a client, got none"));
        }
        check_text("client_id", &client_id)?;
        Ok(Self {
            endpoint: Self::ENDPOINT.to_owned(),
            client_id,
            client_secret: None,
            scope: None,
        })
    }

    /// The client's secret; web applications sent it, installed ones did not.
    ///
    /// # Errors
    /// As [`new`](Self::new), naming `client_secret`.
    pub fn client_secret(mut self, secret: impl Into<Secret>) -> Result<Self, Error> {
        let secret = secret.into();
        check_text("client_secret", secret.expose())?;
        self.client_secret = Some(secret);
        Ok(self)
    }

    /// Scopes of OAuth 2.0, parted by spaces; without them the server goes by the old grant.
    ///
    /// # Errors
    /// As [`new`](Self::new), naming `scope`.
    pub fn scope(mut self, scope: impl Into<String>) -> Result<Self, Error> {
        let scope = scope.into();
        check_text("scope", &scope)?;
        self.scope = Some(scope);
        Ok(self)
    }

    /// Another token endpoint: an absolute `https` address, or `http` on loopback, without a query.
    ///
    /// # Errors
    /// [`Kind::Input`] naming `token endpoint`, when it is another.
    pub fn at(mut self, endpoint: impl Into<String>) -> Result<Self, Error> {
        let endpoint = endpoint.into();
        let safe = Origin::of(&endpoint)
            .is_ok_and(|origin| origin.is_secure() || origin.is_loopback())
            && !endpoint.contains(['?', '#']);
        if !safe {
            return Err(Error::input(
                "token endpoint",
                "expected an absolute address without query, https or http on loopback",
            ));
        }
        self.endpoint = endpoint;
        Ok(self)
    }

    /// The exchange: the header carries the OAuth 1.0 parameters, whatever the consumer's placement.
    ///
    /// # Errors
    /// What the [`Sign`](crate::crypto::Sign) implementation reports.
    pub fn exchange(&self, token: &AccessToken, stamp: &Stamp) -> Result<MigrationExchange, Error> {
        let form = self.form();
        let (mut parts, ()) = http::Request::post(&self.endpoint)
            .body(())
            .map_err(|cause| {
                Error::input("token endpoint", "expected an address").caused_by(cause)
            })?
            .into_parts();
        parts.headers.insert(CONTENT_TYPE, FORM);
        let mut signer = token.signer().clone();
        signer.respell(|consumer| consumer.placement = super::Placement::Header);
        signer.sign(&mut parts, form.as_bytes(), stamp, &Extra::default())?;
        Ok(MigrationExchange {
            request: http::Request::from_parts(parts, Bytes::from(form)),
        })
    }

    fn form(&self) -> String {
        let mut form = format!(
            "grant_type={}&client_id={}",
            escaped(Self::GRANT_TYPE),
            escaped(&self.client_id)
        );
        if let Some(secret) = &self.client_secret {
            form.push_str("&client_secret=");
            form.push_str(&escaped(secret.expose()));
        }
        if let Some(scope) = &self.scope {
            form.push_str("&scope=");
            form.push_str(&escaped(scope));
        }
        form
    }
}

impl fmt::Debug for MigrationGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MigrationGrant")
            .field("endpoint", &self.endpoint)
            .field("client_id", &self.client_id)
            .field("client_secret", &self.client_secret)
            .field("scope", &self.scope)
            .finish()
    }
}

/// The call; yields the refresh token.
pub struct MigrationExchange {
    request: http::Request<Bytes>,
}

impl Exchange for MigrationExchange {
    type Output = Secret;

    fn request(&self) -> http::Request<Bytes> {
        self.request.clone()
    }

    fn parse(&self, reply: &http::Response<Bytes>) -> Result<Secret, Error> {
        if reply.status() != StatusCode::OK {
            return Err(self.refusal(reply));
        }
        if reply.body().len() > MOST {
            let got = reply.body().len();
            return Err(Error::reply(
                "body",
                format_args!("expected at most {MOST} bytes, got {got}"),
            ));
        }
        let body: serde_json::Value = serde_json::from_slice(reply.body())
            .map_err(|_| Error::reply("body", "expected a JSON object, got something else"))?;
        body.get("refresh_token")
            .and_then(serde_json::Value::as_str)
            .filter(|token| !token.is_empty())
            .map(Secret::new)
            .ok_or_else(|| Error::reply("refresh_token", "expected a refresh token, got none"))
    }
}

impl MigrationExchange {
    fn refusal(&self, reply: &http::Response<Bytes>) -> Error {
        let status = reply.status().as_u16();
        let body = Some(reply.body()).filter(|body| status >= 400 && body.len() <= MOST);
        let code = body
            .and_then(|body| serde_json::from_slice::<serde_json::Value>(body).ok())
            .and_then(|body| Some(body.get("error")?.as_str()?.to_owned()));
        let known = CODES
            .iter()
            .find(|(known, ..)| Some(*known) == code.as_deref());
        if let Some((code, kind, sentence)) = known {
            let error = Error::new(*kind, format!("{sentence} ({status}: {code})"));
            return if *kind == Kind::Revoked {
                error.advising(Advice::AskConsent { scopes: Vec::new() })
            } else {
                error
            };
        }
        let address = self.request.uri().to_string();
        problem::explain(&ScopeSet::default(), &address, reply)
            .unwrap_or_else(|| Error::reply("status", format_args!("expected 200, got {status}")))
    }
}

impl fmt::Debug for MigrationExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MigrationExchange({})", self.request.uri())
    }
}

/// What `error` may say: RFC 6749, 5.2. The page of the grant had a table of its own, which is not known.
const CODES: &[(&str, Kind, &str)] = &[
    (
        "invalid_request",
        Kind::Refused,
        "the server does not take this request",
    ),
    (
        "invalid_client",
        Kind::Refused,
        "the server does not know the OAuth 2.0 client or its secret",
    ),
    (
        "invalid_grant",
        Kind::Revoked,
        "the server does not accept the OAuth 1.0 token or signature",
    ),
    (
        "unauthorized_client",
        Kind::Refused,
        "this OAuth 2.0 client may not migrate tokens",
    ),
    (
        "unsupported_grant_type",
        Kind::Retired,
        "the server does not migrate tokens of OAuth 1.0",
    ),
    (
        "invalid_scope",
        Kind::Scope,
        "the old token does not cover the scope",
    ),
];

/// The most bytes of an answer that are read.
const MOST: usize = 64 * 1024;
