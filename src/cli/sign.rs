//! `sign authsub`: the header lines of one request.

use std::process::ExitCode;

use url::Url;

use super::{args::SignAuthsub, files, put};
use crate::{
    crypto::PrivateKey,
    error::{Error, Kind},
    gdata::Envelope,
    scheme::authsub::SessionToken,
    system::Stamps,
    time::{Stamp, Timestamp},
    wire::origin::Origin,
};

pub(super) fn run(options: &SignAuthsub) -> Result<ExitCode, Error> {
    let token = files::secret(
        "token",
        options.token.as_deref(),
        options.token_file.as_deref(),
    )?;
    let mut token = SessionToken::new(token)?;
    if let Some(path) = &options.key {
        let passphrase = match &options.passphrase_file {
            Some(path) => Some(files::secret("passphrase-file", None, Some(path))?),
            None => None,
        };
        let key = PrivateKey::read(&files::read("key", path)?, passphrase.as_ref())?;
        token = token.secured_by(key.signer());
    }
    let (mut parts, ()) = http::Request::builder()
        .method(options.method.as_str())
        .uri(options.url.as_str())
        .body(())
        .map_err(|cause| {
            Error::input("METHOD URL", "expected a method and an absolute address").caused_by(cause)
        })?
        .into_parts();
    check_as_sent(options)?;
    token.authorize(&mut parts, &stamp(options)?)?;
    envelope(options)?.apply(&mut parts);
    put(lines(&parts.headers)?.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Refuses what HTTP clients put on the wire in another spelling than it would be signed in.
fn check_as_sent(options: &SignAuthsub) -> Result<(), Error> {
    Origin::of(&options.url)?;
    if options.method.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return Err(Error::input(
            "METHOD",
            "expected capitals: methods are compared byte for byte",
        ));
    }
    let given = options.url.split('#').next().unwrap_or_default();
    let sent = Url::parse(given)
        .map_err(|cause| Error::input("URL", "expected an absolute address").caused_by(cause))?;
    // An origin alone gains its slash on both sides.
    if sent.as_str() != given && sent.as_str() != format!("{given}/") {
        return Err(Error::input(
            "URL",
            format_args!("HTTP clients send this as {sent}: sign that"),
        ));
    }
    Ok(())
}

fn stamp(options: &SignAuthsub) -> Result<Stamp, Error> {
    let fresh = Stamps::system().next();
    let timestamp = options
        .timestamp
        .map_or(fresh.timestamp(), Timestamp::from_unix_seconds);
    match &options.nonce {
        Some(nonce) => Stamp::new(timestamp, nonce.as_str()),
        None => Stamp::new(timestamp, fresh.nonce()),
    }
}

fn envelope(options: &SignAuthsub) -> Result<Envelope, Error> {
    let mut envelope = Envelope::new();
    if let Some(version) = &options.gdata_version {
        envelope = envelope.with_version(version.as_str())?;
    }
    if options.developer_key.is_some() || options.developer_key_file.is_some() {
        let key = files::secret(
            "developer-key",
            options.developer_key.as_deref(),
            options.developer_key_file.as_deref(),
        )?;
        envelope = envelope.with_developer_key(key)?;
    }
    if let Some(client) = &options.client {
        envelope = envelope.with_client(client.as_str())?;
    }
    Ok(envelope)
}

/// `Name: value` lines in the spelling of the documents.
fn lines(headers: &http::HeaderMap) -> Result<String, Error> {
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
    const KNOWN: [(&str, &str); 4] = [
        ("authorization", "Authorization"),
        ("gdata-version", "GData-Version"),
        ("x-gdata-key", "X-GData-Key"),
        ("x-gdata-client", "X-GData-Client"),
    ];
    KNOWN
        .iter()
        .find(|(lower, _)| *lower == name)
        .map_or_else(|| name.to_owned(), |(_, spelled)| (*spelled).to_owned())
}
