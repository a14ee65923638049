//! The login call, and what every answer to it means.
//!
//! ```text
//! 200 Auth=…            a Login                        302             wrong address
//! 4xx Error=…           a Refusal                      404 an address  retired
//! 401                   a Refusal, bad password        404             wrong address
//! ```
//!
//! # Security
//! A server may echo the form, password included, so no message shows what a body says, but for the lines
//! of a [`Refusal`].

use std::fmt;

use bytes::Bytes;
use http::{Response, StatusCode, header::LOCATION};

use super::{
    CaptchaChallenge, Endpoint, ErrorBody, ErrorCode, Login, LoginRequest, Refusal, lines::Lines,
};
use crate::{
    error::{Error, Kind},
    exchange::Exchange,
    gdata,
};

/// A login on its way.
///
/// Made by [`LoginRequest::exchange`]; the password is in the body of its request alone.
pub struct LoginExchange {
    request: http::Request<Bytes>,
    login: LoginRequest,
    endpoint: Endpoint,
}

impl LoginExchange {
    pub(super) fn new(
        request: http::Request<Bytes>,
        login: LoginRequest,
        endpoint: Endpoint,
    ) -> Self {
        Self {
            request,
            login,
            endpoint,
        }
    }

    /// The login without its password.
    #[must_use]
    pub fn login(&self) -> &LoginRequest {
        &self.login
    }

    fn refused(&self, status: StatusCode, body: ErrorBody) -> Error {
        let captcha = match *body.code() {
            ErrorCode::CaptchaRequired => body.captcha().and_then(|(token, url)| {
                CaptchaChallenge::resolve(token, url, &self.login, &self.endpoint)
            }),
            _ => None,
        };
        Refusal::new(status.as_u16(), body, captcha).into_error()
    }

    fn failed(&self, reply: &Response<Bytes>) -> Error {
        let status = reply.status();
        match status {
            StatusCode::UNAUTHORIZED => {
                self.refused(status, ErrorBody::new(ErrorCode::BadAuthentication))
            }
            StatusCode::NOT_FOUND | StatusCode::GONE
                if self.endpoint.is_googles() || is_documentation(reply.body()) =>
            {
                Error::new(
                    Kind::Retired,
                    format!(
                        "ClientLogin has been switched off at this server ({}): the password is not at fault",
                        status.as_u16()
                    ),
                )
            }
            StatusCode::NOT_FOUND => Error::input(
                "endpoint",
                format_args!(
                    "expected the base address of a server with ClientLogin, got 404 from {}",
                    self.endpoint.login()
                ),
            ),
            _ if status.is_redirection() => Error::input(
                "endpoint",
                format_args!(
                    "expected the address of ClientLogin itself, got a redirect ({}{})",
                    status.as_u16(),
                    target(reply)
                ),
            ),
            _ => {
                let bare = Response::builder().status(status).body(Bytes::new());
                let mut bare = bare.unwrap_or_default();
                bare.headers_mut().clone_from(reply.headers());
                gdata::Refusal::read(&bare).map_or_else(
                    || {
                        Error::reply(
                            "status",
                            format_args!("expected 200, got {}", status.as_u16()),
                        )
                    },
                    gdata::Refusal::into_error,
                )
            }
        }
    }
}

impl Exchange for LoginExchange {
    type Output = Login;

    fn request(&self) -> http::Request<Bytes> {
        self.request.clone()
    }

    fn parse(&self, reply: &Response<Bytes>) -> Result<Login, Error> {
        let status = reply.status();
        let read = Lines::of(reply.body());
        if status == StatusCode::OK {
            let lines = read?;
            let login = Login::of_lines(lines);
            return match (login, ErrorBody::of_lines(lines)?) {
                (Ok(login), _) => Ok(login),
                (Err(_), Some(body)) => Err(self.refused(status, body)),
                (Err(error), None) => Err(page_in_place_of_lines(reply, error)),
            };
        }
        if status.as_u16() >= 400
            && let Ok(lines) = read
            && let Some(body) = ErrorBody::of_lines(lines)?
        {
            return Err(self.refused(status, body));
        }
        Err(self.failed(reply))
    }
}

/// Without the request, whose body holds the password.
impl fmt::Debug for LoginExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginExchange")
            .field("login", &self.login)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

/// Whether a body is nothing but the address of Google's documentation: what the endpoint became
/// (legacy-protocol.md 3.3 and 9, quirk 21).
fn is_documentation(body: &[u8]) -> bool {
    let text = std::str::from_utf8(body).unwrap_or_default().trim();
    let page = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    page.is_some_and(|page| {
        page.starts_with("developers.google.com/") && !page.contains(char::is_whitespace)
    })
}

/// A web page that answers 200 is the wrong address of the right server.
fn page_in_place_of_lines(reply: &Response<Bytes>, error: Error) -> Error {
    if reply.body().trim_ascii_start().starts_with(b"<") {
        return Error::input(
            "endpoint",
            "expected the base address of a server with ClientLogin, got a web page",
        );
    }
    error
}

/// `: https://…`, the target of a redirect without its query, which may repeat the form's.
fn target(reply: &Response<Bytes>) -> String {
    let location = reply
        .headers()
        .get(LOCATION)
        .and_then(|value| value.to_str().ok());
    let path = location
        .and_then(|to| to.split(['?', '#']).next())
        .filter(|to| !to.contains('@') && to.len() <= 200);
    path.map_or_else(String::new, |to| format!(" to {to}"))
}
