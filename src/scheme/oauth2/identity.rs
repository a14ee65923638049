//! What a token is, and whose: tokeninfo and userinfo (oauth2.md 5.1).

use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use serde_json::{Map, Value};

use super::{
    AccessToken, Provider, reply,
    token_call::{form_request, get_request},
};
use crate::{
    error::Error, exchange::Exchange, scope::ScopeNames, secret::Secret, wire::query::Pairs,
};

/// Asks Google what an access token is: an aid for debugging, not RFC 7662; made by [`Provider::tokeninfo`].
#[derive(Clone, Debug)]
pub struct TokenInfoCall {
    endpoint: String,
    form: Secret,
}

/// What Google says of an access token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenInfo {
    /// The client that it was issued to.
    pub audience: String,
    /// What it covers.
    pub scopes: ScopeNames,
    /// How long it still lives.
    pub lifetime: Option<Duration>,
    /// The account, when the token covers `openid`.
    pub subject: Option<String>,
    /// The account's address, when the token covers it.
    pub email: Option<String>,
}

impl Provider {
    /// Asks what a token is. It is posted, since an address with a token in it ends up in logs.
    ///
    /// # Errors
    /// [`Kind::Unsupported`](crate::Kind::Unsupported) when the server is not Google.
    pub fn tokeninfo(&self, token: &AccessToken) -> Result<TokenInfoCall, Error> {
        let mut form = Pairs::new();
        form.push("access_token", token.secret().expose());
        Ok(TokenInfoCall {
            endpoint: self.tokeninfo_endpoint()?.to_owned(),
            form: Secret::new(form.to_string()),
        })
    }

    /// Asks whose a token is (OpenID Connect Core, 5.3).
    ///
    /// # Errors
    /// [`Kind::Unsupported`](crate::Kind::Unsupported) when the server has no such endpoint.
    pub fn userinfo(&self, token: &AccessToken) -> Result<UserInfoCall, Error> {
        Ok(UserInfoCall {
            endpoint: self.userinfo_endpoint()?.to_owned(),
            token: token.clone(),
        })
    }
}

impl Exchange for TokenInfoCall {
    type Output = TokenInfo;

    fn request(&self) -> http::Request<Bytes> {
        form_request(&self.endpoint, &self.form, HeaderMap::new())
    }

    /// # Errors
    /// [`Kind::Revoked`](crate::Kind::Revoked) when Google does not know the token, and
    /// [`Kind::Reply`](crate::Kind::Reply) naming the field that is missing.
    fn parse(&self, answer: &http::Response<Bytes>) -> Result<TokenInfo, Error> {
        reply::expect_success(answer)?;
        let fields = reply::object(answer)?;
        let audience = text(&fields, "aud").or_else(|| text(&fields, "audience"));
        Ok(TokenInfo {
            audience: audience.ok_or_else(|| Error::reply("aud", "expected a client, got none"))?,
            scopes: ScopeNames::parse(&text(&fields, "scope").unwrap_or_default())
                .map_err(|_| Error::reply("scope", "expected names parted by spaces"))?,
            lifetime: reply::seconds(&fields, "expires_in")?,
            subject: text(&fields, "sub").or_else(|| text(&fields, "user_id")),
            email: text(&fields, "email"),
        })
    }
}

/// Asks who the user is; made by [`Provider::userinfo`].
#[derive(Clone, Debug)]
pub struct UserInfoCall {
    endpoint: String,
    token: AccessToken,
}

/// Who the user is.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct UserInfo {
    /// The account's name at the server, which never changes.
    pub subject: String,
    /// The account's address.
    pub email: Option<String>,
    /// The user's name.
    pub name: Option<String>,
    /// All that came.
    pub claims: Map<String, Value>,
}

impl Exchange for UserInfoCall {
    type Output = UserInfo;

    fn request(&self) -> http::Request<Bytes> {
        let (mut parts, body) = get_request(&self.endpoint).into_parts();
        self.token.authorize(&mut parts);
        http::Request::from_parts(parts, body)
    }

    /// # Errors
    /// What [`AccessToken::explain`] makes of a refusal, and [`Kind::Reply`](crate::Kind::Reply) when `sub` is missing.
    fn parse(&self, answer: &http::Response<Bytes>) -> Result<UserInfo, Error> {
        if let Some(error) = self.token.explain(&self.endpoint, answer) {
            return Err(error);
        }
        let claims = reply::object(answer)?;
        Ok(UserInfo {
            subject: text(&claims, "sub")
                .ok_or_else(|| Error::reply("sub", "expected the account's name, got none"))?,
            email: text(&claims, "email"),
            name: text(&claims, "name"),
            claims,
        })
    }
}

fn text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    fields.get(name).and_then(Value::as_str).map(str::to_owned)
}
