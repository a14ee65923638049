//! `sign`: the header lines that authorise one request, ready for curl.

mod authsub;
mod clientlogin;
mod oauth1;

use std::process::ExitCode;

use http::{HeaderMap, request::Parts};
use url::Url;

use super::args::{Scheme, StampArgs, Target};
use crate::{
    error::{Error, Kind},
    system::Stamps,
    time::{Stamp, Timestamp},
    wire::origin::Origin,
};

pub(super) fn run(scheme: &Scheme) -> Result<ExitCode, Error> {
    match scheme {
        Scheme::Authsub(options) => authsub::run(options),
        Scheme::ClientLogin(options) => clientlogin::run(options),
        Scheme::OAuth1(options) => oauth1::run(options),
    }
}

/// The request that is signed, without a body.
fn parts(target: &Target) -> Result<Parts, Error> {
    let (parts, ()) = http::Request::builder()
        .method(target.method.as_str())
        .uri(target.url.as_str())
        .body(())
        .map_err(|cause| {
            Error::input("METHOD URL", "expected a method and an absolute address").caused_by(cause)
        })?
        .into_parts();
    check_as_sent(target)?;
    Ok(parts)
}

/// Refuses what HTTP clients put on the wire in another spelling than it would be signed in.
pub(super) fn check_as_sent(target: &Target) -> Result<(), Error> {
    Origin::of(&target.url)?;
    if target.method.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return Err(Error::input(
            "METHOD",
            "expected capitals: methods are compared byte for byte",
        ));
    }
    let given = target.url.split('#').next().unwrap_or_default();
    let sent = Url::parse(given)
        .map_err(|cause| Error::input("URL", "expected an absolute address").caused_by(cause))?;
    // An origin alone gains its slash on both sides; a `'` in a query goes raw or as %27, as the client has it.
    let sent_as_given = |text: &str| sent.as_str().replace("%27", "'") == text.replace("%27", "'");
    if !sent_as_given(given) && !sent_as_given(&format!("{given}/")) {
        return Err(Error::input(
            "URL",
            format_args!("HTTP clients send this as {sent}: sign that"),
        ));
    }
    Ok(())
}

fn stamp(options: &StampArgs) -> Result<Stamp, Error> {
    let fresh = Stamps::system().next();
    let timestamp = options
        .timestamp
        .map_or(fresh.timestamp(), Timestamp::from_unix_seconds);
    match &options.nonce {
        Some(nonce) => Stamp::new(timestamp, nonce.as_str()),
        None => Stamp::new(timestamp, fresh.nonce()),
    }
}

/// `Name: value` lines in the spelling of the documents.
fn lines(headers: &HeaderMap) -> Result<String, Error> {
    let mut out = String::new();
    for (name, value) in headers {
        let value = value.to_str().map_err(|cause| {
            Error::new(Kind::Input, "expected header values in visible ASCII").caused_by(cause)
        })?;
        out.push_str(&format!("{}: {value}\n", spelling(name.as_str())));
    }
    Ok(out)
}

fn spelling(name: &str) -> String {
    const KNOWN: [(&str, &str); 5] = [
        ("authorization", "Authorization"),
        ("content-type", "Content-Type"),
        ("gdata-version", "GData-Version"),
        ("x-gdata-key", "X-GData-Key"),
        ("x-gdata-client", "X-GData-Client"),
    ];
    KNOWN
        .iter()
        .find(|(lower, _)| *lower == name)
        .map_or_else(|| name.to_owned(), |(_, spelled)| (*spelled).to_owned())
}
