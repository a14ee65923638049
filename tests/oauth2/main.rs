//! OAuth 2.0 as exchanges: what is sent, letter by letter, and how what comes back is read.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "a skipped test says what it lacks")]

mod assertion;
mod device;
mod diagnosis;
mod files;
mod identity;
mod link;
mod redirect;
mod refusal;
mod reply;
mod token_request;

use bytes::Bytes;
use gdata_auth::{Timestamp, oauth2::Client, scope::ScopeNames};

pub(crate) const YOUTUBE: &str = "https://www.googleapis.com/auth/youtube";

/// 2023-11-14T22:13:20Z.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_unix_seconds(1_700_000_000)
}

pub(crate) fn later(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(1_700_000_000 + seconds)
}

pub(crate) fn scopes(text: &str) -> ScopeNames {
    ScopeNames::parse(text).unwrap()
}

pub(crate) fn app() -> Client {
    Client::installed("1234.apps.googleusercontent.com").unwrap()
}

pub(crate) fn answer(status: u16, body: &str) -> http::Response<Bytes> {
    http::Response::builder()
        .status(status)
        .header("content-type", "application/json; charset=utf-8")
        .body(Bytes::from(body.to_owned()))
        .unwrap()
}

pub(crate) fn body(request: &http::Request<Bytes>) -> &str {
    std::str::from_utf8(request.body()).unwrap()
}
