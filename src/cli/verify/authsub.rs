//! `verify authsub`.

use std::process::ExitCode;

use super::{header, refuse};
use crate::{
    cli::{args::VerifyAuthsub, given, put},
    error::Error,
    scheme::authsub::Header,
};

pub(super) fn run(options: &VerifyAuthsub) -> Result<ExitCode, Error> {
    let key = given::public_key(&options.public)?
        .ok_or_else(|| Error::input("public-key", "expected a public key or a certificate"))?;
    let header = header(options.header.as_ref(), options.header_file.as_ref())?
        .ok_or_else(|| Error::input("header", "expected a value or a file"))?;
    // A fragment never goes on the wire, so it is never signed.
    let target = &options.target;
    let url = target.url.split('#').next().unwrap_or_default();
    let outcome =
        Header::parse(&header).and_then(|header| header.verify(&key, &target.method, url));
    match outcome {
        Ok(data) => {
            let line = format!(
                "verified: signed by this key for this request at {} ({}), nonce {}\n",
                data.stamp().timestamp(),
                data.stamp().timestamp().unix_seconds(),
                data.stamp().nonce()
            );
            put(line.as_bytes())?;
            Ok(ExitCode::SUCCESS)
        }
        Err(refusal) => Ok(refuse(&refusal)),
    }
}
