//! Ending a grant (RFC 7009), which at Google reaches further than it looks (oauth2.md 5.6).

use bytes::Bytes;
use http::HeaderMap;

use super::{Client, reply, token_call::form_request};
use crate::{error::Error, exchange::Exchange, secret::Secret, wire::query::Pairs};

/// Ends a grant; made by [`Client::revoke_everywhere`].
#[derive(Clone, Debug)]
pub struct Revocation {
    endpoint: String,
    form: Secret,
    headers: HeaderMap,
}

impl Client {
    /// Ends the grant behind an access or refresh token, everywhere.
    ///
    /// # Security
    /// At Google this takes back every scope that the user ever granted to the *project*: all tokens of all its
    /// clients on all machines end. To sign out on this machine alone, delete what is stored, and do not call this.
    ///
    /// # Errors
    /// [`Kind::Unsupported`](crate::Kind::Unsupported) when the server has no such endpoint.
    ///
    /// # Examples
    /// ```
    /// use gdata_auth::{Exchange, oauth2::Client};
    ///
    /// let app = Client::installed("1234.apps.googleusercontent.com")?;
    /// let request = app.revoke_everywhere("1//refresh")?.request();
    /// assert_eq!(request.uri(), "https://oauth2.googleapis.com/revoke");
    /// assert_eq!(request.body(), "token=1%2F%2Frefresh");
    /// # Ok::<(), gdata_auth::Error>(())
    /// ```
    pub fn revoke_everywhere(&self, token: impl Into<Secret>) -> Result<Revocation, Error> {
        let endpoint = self.provider().revocation_endpoint()?.to_owned();
        let (mut form, mut headers) = (Pairs::new(), HeaderMap::new());
        form.push("token", token.into().expose());
        // Google asks for no proof of the client here, RFC 7009 does.
        if !self.provider().is_google() {
            self.authenticate(&mut form, &mut headers);
        }
        Ok(Revocation {
            endpoint,
            form: Secret::new(form.to_string()),
            headers,
        })
    }
}

impl Exchange for Revocation {
    type Output = ();

    fn request(&self) -> http::Request<Bytes> {
        form_request(&self.endpoint, &self.form, self.headers.clone())
    }

    /// # Errors
    /// What [`Refusal`](super::Refusal) makes of a refusal; a token that the server no longer knows is one at Google
    /// (`invalid_token`), and none elsewhere (RFC 7009, 2.2).
    fn parse(&self, answer: &http::Response<Bytes>) -> Result<(), Error> {
        reply::expect_success(answer)
    }
}
