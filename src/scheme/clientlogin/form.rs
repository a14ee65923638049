//! The form that carries a login: printed by the client, read by a server.
//!
//! ```text
//! accountType=…&Email=…&Passwd=…&service=…&source=…[&logintoken=…&logincaptcha=…][&extra=…]
//! ```
//!
//! Clients differ in order and in escapes, down to `HOSTED%5FOR%5FGOOGLE` (legacy-protocol.md 3.1), and a
//! server takes them all. Reader's clients also put the form into the query.

use std::fmt;

use bytes::Bytes;
use http::{Method, header::CONTENT_TYPE};
use zeroize::Zeroizing;

use super::{AccountType, Endpoint, LoginExchange, LoginRequest, request::check};
use crate::{
    error::{Error, Kind},
    secret::Secret,
    wire::{percent, query::Pairs},
};

/// A login with its password: what goes over the wire, once.
///
/// It is no `Clone`. A server reads one with [`parse`](Self::parse) or [`of`](Self::of).
///
/// # Examples
/// ```
/// use gdata_auth::clientlogin::LoginForm;
///
/// let form = LoginForm::parse(b"Passwd=p%26ss+w%3Drd&service=youtube&Email=user%40example%2Ecom")?;
/// assert_eq!(form.request().email(), "user@example.com");
/// assert_eq!(form.password().expose(), "p&ss w=rd");
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct LoginForm {
    request: LoginRequest,
    password: Secret,
}

/// A mistake that a client is known for, and that no server forgives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientBug {
    /// `loginanswer` in place of `logincaptcha`: libgdata's, whose CAPTCHA round never works
    /// (legacy-protocol.md 9, quirk 20).
    LoginAnswer,
}

impl fmt::Display for ClientBug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LoginAnswer => f.write_str(
                "loginanswer: the client sends the CAPTCHA answer under a name that no server reads, as \
                 libgdata does; the parameter is logincaptcha",
            ),
        }
    }
}

impl LoginForm {
    /// The most bytes of a form that are read.
    pub const MAX: usize = 64 * 1024;
    /// The most extra parameters that a form may have.
    pub const MAX_EXTRA: usize = 100;

    /// Joins a login and its password.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `Passwd`, when it is empty, too long, or holds a
    /// control character, such as the line break of the file that it was read from.
    pub fn new(request: LoginRequest, password: impl Into<Secret>) -> Result<Self, Error> {
        let password = password.into();
        check("Passwd", password.expose())?;
        Ok(Self { request, password })
    }

    /// Reads the body of a form, its parameters in any order and any escapes.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) naming the parameter that is missing, doubled or malformed, or
    /// `body` when it is no form at all.
    pub fn parse(body: &[u8]) -> Result<Self, Error> {
        if body.len() > Self::MAX {
            return Err(Error::reply(
                "body",
                format_args!("expected at most {} bytes, got {}", Self::MAX, body.len()),
            ));
        }
        let text = std::str::from_utf8(body)
            .map_err(|_| Error::reply("body", "expected a form in ASCII, got other bytes"))?;
        Self::read(&Pairs::parse_knowing(
            &LoginRequest::NAMED,
            text.trim_end(),
        )?)
    }

    /// Reads the form of a request, from its query and its body together, as Reader's servers do.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), and naming `method` when it is neither GET nor POST.
    pub fn of(request: &http::Request<Bytes>) -> Result<Self, Error> {
        if request.method() != Method::GET && request.method() != Method::POST {
            return Err(Error::reply(
                "method",
                "expected GET or POST, got another one",
            ));
        }
        match request.uri().query() {
            None => Self::parse(request.body()),
            Some(query) => {
                let both = [query.as_bytes(), request.body()].join(&b'&');
                Self::parse(&Zeroizing::new(both))
            }
        }
    }

    fn read(pairs: &Pairs) -> Result<Self, Error> {
        let field = |name| -> Result<Option<String>, Error> {
            let Some(value) = pairs.only(name)?.filter(|value| !value.is_empty()) else {
                return Ok(None);
            };
            check(name, value).map_err(|error| as_reply(&error))?;
            Ok(Some(value.to_owned()))
        };
        let needed = |name| {
            field(name)?.ok_or_else(|| Error::reply(name, "expected the parameter, got none"))
        };
        let account_type = match field("accountType")? {
            None => None,
            Some(name) => Some(
                AccountType::ALL
                    .into_iter()
                    .find(|known| known.as_str() == name)
                    .ok_or_else(|| {
                        Error::reply(
                            "accountType",
                            "expected HOSTED_OR_GOOGLE, GOOGLE or HOSTED, got something else",
                        )
                    })?,
            ),
        };
        let captcha = field("logintoken")?.zip(field("logincaptcha")?);
        // One half of a CAPTCHA's answer is no answer, and is kept like any other parameter.
        let known = match captcha {
            Some(_) => &LoginRequest::NAMED[..],
            None => &LoginRequest::NAMED[..5],
        };
        let extra: Pairs = pairs
            .iter()
            .filter(|(name, _)| !known.contains(name))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        if extra.len() > Self::MAX_EXTRA {
            return Err(Error::reply(
                "body",
                format_args!("expected at most {} other parameters", Self::MAX_EXTRA),
            ));
        }
        let request = LoginRequest {
            account_type,
            email: needed("Email")?,
            service: field("service")?,
            source: field("source")?,
            captcha,
            extra,
        };
        Self::new(request, needed("Passwd")?).map_err(|error| as_reply(&error))
    }

    /// The login without its password.
    #[must_use]
    pub fn request(&self) -> &LoginRequest {
        &self.request
    }

    /// `Passwd`.
    #[must_use]
    pub fn password(&self) -> &Secret {
        &self.password
    }

    /// The mistake that the client made, if it is a known one.
    #[must_use]
    pub fn bug(&self) -> Option<ClientBug> {
        let misnamed = self.request.extra.first("loginanswer").is_some();
        (misnamed && self.request.captcha.is_none()).then_some(ClientBug::LoginAnswer)
    }

    /// The body, a space as `%20`. It is wiped from memory with its last copy.
    #[must_use]
    pub fn body(&self) -> Bytes {
        let request = &self.request;
        let fields = [
            ("accountType", request.account_type.map(AccountType::as_str)),
            ("Email", Some(request.email.as_str())),
            ("Passwd", Some(self.password.expose())),
            ("service", request.service.as_deref()),
            ("source", request.source.as_deref()),
            (
                "logintoken",
                request.captcha.as_ref().map(|pair| pair.0.as_str()),
            ),
            (
                "logincaptcha",
                request.captcha.as_ref().map(|pair| pair.1.as_str()),
            ),
        ];
        let fields: Vec<(&str, &str)> = fields
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .chain(request.extra.iter())
            .collect();
        // Room for the longest escapes, so that no half-written copy is left behind.
        let room = fields
            .iter()
            .map(|(name, value)| 3 * (name.len() + value.len()) + 2);
        let mut body = Zeroizing::new(Vec::with_capacity(room.sum()));
        for (name, value) in fields {
            if !body.is_empty() {
                body.push(b'&');
            }
            body.extend_from_slice(percent::encode(name).as_bytes());
            body.push(b'=');
            let value = Zeroizing::new(percent::encode(value).into_owned());
            body.extend_from_slice(value.as_bytes());
        }
        Bytes::from_owner(body)
    }

    /// The login call: always a POST, because a query would stand in every log on the way.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `endpoint`, when its address cannot be called.
    pub fn exchange(self, endpoint: &Endpoint) -> Result<LoginExchange, Error> {
        let request = http::Request::post(endpoint.login())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(self.body())
            .map_err(|cause| Error::input("endpoint", "expected an address").caused_by(cause))?;
        Ok(LoginExchange::new(request, self.request, endpoint.clone()))
    }
}

/// The same words, but the peer's fault.
fn as_reply(error: &Error) -> Error {
    Error::new(Kind::Reply, error.to_string())
}
