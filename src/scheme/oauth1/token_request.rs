//! The first call: what the consumer asks the user's consent for.

use bytes::Bytes;
use http::{Method, header::CONTENT_TYPE};

use super::{
    Accounts, Callback, Consumer, RequestTokenExchange,
    accounts::Endpoint,
    consumer::{Placement, check_text},
    escape::{Twins, escaped},
    signer::{Extra, FORM, Signer},
};
use crate::{error::Error, scope::ScopeSet, time::Stamp};

/// What to ask for at `OAuthGetRequestToken`.
///
/// Sent as POST, the OAuth parameters in the header and the others in a form, which Google took
/// (legacy-protocol.md 4); under [`Placement::Query`] as GET with all in the query, which it took too.
///
/// # Examples
/// ```
/// use gdata_auth::{Exchange, Stamp, Timestamp, oauth1::{Accounts, Consumer, TokenRequest}};
///
/// let stamp = Stamp::new(Timestamp::from_unix_seconds(1_375_114_466), "JKLrpVu2KW9WiZwsbko1MHtRh")?;
/// let request = TokenRequest::new(Consumer::anonymous())
///     .scope("https://www.google.com/m8/feeds/")?
///     .display_name("Application name")?
///     .exchange(&Accounts::google(), &stamp)?
///     .request();
/// // Google accepted this signature in 2013.
/// assert!(request.headers()["authorization"].to_str()?.contains("N7FRU%2BJKa4kkjlUpzlGAHSxPUqg%3D"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct TokenRequest {
    consumer: Consumer,
    callback: Callback,
    scopes: ScopeSet,
    display_name: Option<String>,
}

impl TokenRequest {
    /// A request without scopes, whose verifier the user will type (`oob`).
    #[must_use]
    pub fn new(consumer: Consumer) -> Self {
        Self {
            consumer,
            callback: Callback::oob(),
            scopes: ScopeSet::default(),
            display_name: None,
        }
    }

    /// Adds one scope, or several parted by spaces.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `scope`, when there is none, or one is no absolute `http` or
    /// `https` address.
    pub fn scope(mut self, scope: &str) -> Result<Self, Error> {
        if scope.trim().is_empty() {
            return Err(Error::input(
                "scope",
                "expected at least one scope, got none",
            ));
        }
        let joined = if self.scopes.is_empty() {
            scope.to_owned()
        } else {
            format!("{} {scope}", self.scopes)
        };
        self.scopes = ScopeSet::parse(&joined)?;
        Ok(self)
    }

    /// Where the user goes afterwards.
    #[must_use]
    pub fn callback(mut self, callback: Callback) -> Self {
        self.callback = callback;
        self
    }

    /// The name that the consent page shows for an anonymous consumer: `xoauth_displayname`.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `xoauth_displayname`, when it is longer than
    /// [`Consumer::MAX`] bytes or holds a control character.
    pub fn display_name(mut self, name: impl Into<String>) -> Result<Self, Error> {
        let name = name.into();
        check_text("xoauth_displayname", &name)?;
        self.display_name = Some(name);
        Ok(self)
    }

    /// The call.
    ///
    /// # Errors
    /// What the [`Sign`](crate::crypto::Sign) implementation reports.
    pub fn exchange(
        self,
        accounts: &Accounts,
        stamp: &Stamp,
    ) -> Result<RequestTokenExchange, Error> {
        let form = self.form();
        let address = accounts.endpoint(Endpoint::RequestToken);
        let signer = Signer::new(self.consumer.clone());
        let extra = Extra {
            callback: Some(Twins::of(&self.callback.to_string())),
            verifier: None,
        };
        let request = token_call(&signer, &address, &form, stamp, &extra)?;
        Ok(RequestTokenExchange::new(
            request,
            self.consumer,
            self.callback,
            self.scopes,
        ))
    }

    fn form(&self) -> String {
        let mut form = Vec::new();
        if !self.scopes.is_empty() {
            form.push(format!("scope={}", escaped(&self.scopes.to_string())));
        }
        if let Some(name) = &self.display_name {
            form.push(format!("xoauth_displayname={}", escaped(name)));
        }
        form.join("&")
    }
}

/// A call of a token endpoint: POST with a form, or GET with all in the query.
pub(super) fn token_call(
    signer: &Signer,
    address: &str,
    form: &str,
    stamp: &Stamp,
    extra: &Extra,
) -> Result<http::Request<Bytes>, Error> {
    let in_query = signer.consumer().placement == Placement::Query;
    let (method, address, body) = match (in_query, form) {
        (true, "") => (Method::GET, address.to_owned(), ""),
        (true, form) => (Method::GET, format!("{address}?{form}"), ""),
        (false, form) => (Method::POST, address.to_owned(), form),
    };
    let (mut parts, ()) = http::Request::builder()
        .method(method)
        .uri(address)
        .body(())
        .map_err(|cause| Error::input("accounts", "expected an address").caused_by(cause))?
        .into_parts();
    if !in_query {
        parts.headers.insert(CONTENT_TYPE, FORM);
    }
    signer.sign(&mut parts, body.as_bytes(), stamp, extra)?;
    let body = Bytes::copy_from_slice(body.as_bytes());
    Ok(http::Request::from_parts(parts, body))
}
