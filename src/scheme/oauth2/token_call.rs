//! One call of a token endpoint: any [`Grant`] of a [`Client`].

use std::fmt;

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Request,
    header::{ACCEPT, CONTENT_TYPE},
};

use super::{Client, Grant, TokenReply};
use crate::{
    error::Error, exchange::Exchange, scope::ScopeNames, secret::Secret, wire::query::Pairs,
};

/// A grant on its way to the token endpoint.
///
/// # Examples
/// ```
/// use gdata_auth::{Exchange, oauth2::Client};
///
/// let app = Client::installed("1234.apps.googleusercontent.com")?;
/// let call = app.refresh("1//refresh", None);
/// let request = call.request();
/// assert_eq!(request.uri(), "https://oauth2.googleapis.com/token");
/// assert_eq!(
///     request.body(),
///     "grant_type=refresh_token&refresh_token=1%2F%2Frefresh&client_id=1234.apps.googleusercontent.com"
/// );
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone)]
pub struct TokenCall {
    endpoint: String,
    form: Secret,
    headers: HeaderMap,
    grant_type: &'static str,
}

impl TokenCall {
    /// A grant at an endpoint, for which no client proves itself, such as an assertion.
    pub(super) fn anonymous(endpoint: &str, grant: &Grant) -> Self {
        Self::assemble(endpoint, grant, &grant.to_pairs(), HeaderMap::new())
    }

    pub(super) fn of(client: &Client, grant: &Grant) -> Self {
        let (mut form, mut headers) = (grant.to_pairs(), HeaderMap::new());
        client.authenticate(&mut form, &mut headers);
        Self::assemble(client.provider().token_endpoint(), grant, &form, headers)
    }

    fn assemble(endpoint: &str, grant: &Grant, form: &Pairs, headers: HeaderMap) -> Self {
        Self {
            endpoint: endpoint.to_owned(),
            form: Secret::new(form.to_string()),
            headers,
            grant_type: grant.grant_type(),
        }
    }

    /// Where it goes.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }
}

impl Exchange for TokenCall {
    type Output = TokenReply;

    fn request(&self) -> Request<Bytes> {
        form_request(&self.endpoint, &self.form, self.headers.clone())
    }

    /// # Errors
    /// As [`TokenReply::parse`].
    fn parse(&self, answer: &http::Response<Bytes>) -> Result<TokenReply, Error> {
        TokenReply::parse(answer)
    }
}

impl fmt::Debug for TokenCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCall")
            .field("endpoint", &self.endpoint)
            .field("grant_type", &self.grant_type)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Redeems a refresh token, for fewer scopes where some are named.
    #[must_use]
    pub fn refresh(
        &self,
        refresh_token: impl Into<Secret>,
        scope: Option<&ScopeNames>,
    ) -> TokenCall {
        let grant = Grant::RefreshToken {
            token: refresh_token.into(),
            scope: scope.cloned(),
        };
        TokenCall::of(self, &grant)
    }

    /// Asks for a token of the client's own (RFC 6749, 4.4). Google has service accounts in place of this.
    #[must_use]
    pub fn client_credentials(&self, scope: Option<&ScopeNames>) -> TokenCall {
        let grant = Grant::ClientCredentials {
            scope: scope.cloned(),
        };
        TokenCall::of(self, &grant)
    }

    /// Redeems any grant as this client.
    #[must_use]
    pub fn redeem(&self, grant: &Grant) -> TokenCall {
        TokenCall::of(self, grant)
    }
}

/// A form on its way; secrets in it are not shown by `Debug` of the parts.
pub(super) fn form_request(endpoint: &str, form: &Secret, headers: HeaderMap) -> Request<Bytes> {
    let mut request = get_request(endpoint).map(|_| Bytes::from(form.expose().to_owned()));
    *request.method_mut() = http::Method::POST;
    *request.headers_mut() = headers;
    let headers = request.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/x-www-form-urlencoded"),
    );
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    request
}

/// A GET on its way.
pub(super) fn get_request(address: &str) -> Request<Bytes> {
    let mut request = Request::new(Bytes::new());
    if let Ok(uri) = address.parse() {
        *request.uri_mut() = uri;
    }
    request
}
