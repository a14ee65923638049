//! `verify oauth1`.

use std::process::ExitCode;

use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};

use super::{header, refuse};
use crate::{
    cli::{args::VerifyOAuth1, files, given, put},
    error::{Error, Kind},
    exchange::BodyHint,
    scheme::oauth1::{Keys, SignedRequest},
    wire::origin::Origin,
};

pub(super) fn run(options: &VerifyOAuth1) -> Result<ExitCode, Error> {
    let secret = match &options.consumer_secret_file {
        Some(path) => Some(files::secret("consumer-secret-file", None, Some(path))?),
        None => None,
    };
    let public = given::public_key(&options.public)?;
    let token_secret = match &options.token_secret_file {
        Some(path) => Some(files::secret("token-secret-file", None, Some(path))?),
        None => None,
    };
    let mut keys = match (&secret, &public) {
        (Some(secret), _) => Keys::shared(secret),
        (None, Some(key)) => Keys::certificate(key),
        (None, None) => {
            return Err(Error::input(
                "consumer-secret-file",
                "expected a secret, a public key or a certificate",
            ));
        }
    };
    if let Some(secret) = &token_secret {
        keys = keys.and_token(secret);
    }
    let url = options.target.url.split('#').next().unwrap_or_default();
    Origin::of(url)?;
    let signed = match read(options, url) {
        Ok(signed) => signed,
        Err(refusal) if refusal.kind() == Kind::Input => return Err(refusal),
        Err(refusal) => return Ok(refuse(&refusal)),
    };
    match signed.verify(&options.target.method, url, &keys) {
        Ok(()) => {
            put(told(&signed).as_bytes())?;
            Ok(ExitCode::SUCCESS)
        }
        // The wrong sort of key was given.
        Err(cause) if cause.kind() == Kind::Unsupported => Err(cause),
        Err(refusal) => Ok(refuse(&refusal)),
    }
}

fn read(options: &VerifyOAuth1, url: &str) -> Result<SignedRequest, Error> {
    let mut headers = HeaderMap::new();
    if let Some(value) = header(options.header.as_ref(), options.header_file.as_ref())? {
        let value = HeaderValue::try_from(value)
            .map_err(|_| Error::input("header", "expected a value that a header can carry"))?;
        headers.insert(AUTHORIZATION, value);
    }
    let form = given::form(&options.form)?;
    let body = match form.as_bytes() {
        [] => BodyHint::Empty,
        form => BodyHint::Form(form),
    };
    let query = url.split_once('?').map_or("", |(_, query)| query);
    SignedRequest::read(&headers, query, body)?.ok_or_else(|| {
        Error::reply(
            "oauth_signature",
            "expected OAuth parameters in header, address or form, got none",
        )
    })
}

fn told(signed: &SignedRequest) -> String {
    let mut line = format!(
        "verified: signed by {} with {} for this request",
        signed.consumer_key().escape_debug(),
        signed.method()
    );
    if let Some(moment) = signed.timestamp() {
        line.push_str(&format!(" at {moment} ({})", moment.unix_seconds()));
    }
    if let Some(nonce) = signed.nonce() {
        line.push_str(&format!(", nonce {}", nonce.escape_debug()));
    }
    line.push('\n');
    line
}
