//! `verify authsub`: does the signature hold, and if not, why.

use std::process::ExitCode;

use super::{
    args::{Verify, VerifyAuthsub},
    files, paint, put,
};
use crate::{crypto::PublicKey, error::Error, scheme::authsub::Header};

pub(super) fn run(command: &Verify) -> Result<ExitCode, Error> {
    let Verify::Authsub(options) = command;
    let key = key(options)?;
    let header = match (&options.header, &options.header_file) {
        (Some(header), _) => header.clone(),
        (None, Some(path)) => files::read_text("header-file", path)?,
        (None, None) => return Err(Error::input("header", "expected a value or a file")),
    };
    let value = match header.split_once(':') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("authorization") => value.trim(),
        _ => header.trim(),
    };
    let outcome =
        Header::parse(value).and_then(|header| header.verify(&key, &options.method, &options.url));
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
        Err(refusal) => {
            paint::talk(format_args!(
                "{} {refusal}",
                paint::styled(paint::WRONG, "not verified:")
            ));
            Ok(ExitCode::FAILURE)
        }
    }
}

fn key(options: &VerifyAuthsub) -> Result<PublicKey, Error> {
    match (&options.public_key, &options.certificate) {
        (Some(path), _) => PublicKey::read(&files::read("public-key", path)?),
        (None, Some(path)) => PublicKey::read(&files::read("certificate", path)?),
        (None, None) => Err(Error::input(
            "public-key",
            "expected a public key or a certificate",
        )),
    }
}
