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
    // A fragment never goes on the wire, so it is never signed.
    let url = options.url.split('#').next().unwrap_or_default();
    let outcome = Header::parse(value_of(&header))
        .and_then(|header| header.verify(&key, &options.method, url));
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

/// The value of Authorization: of the one line among header lines that has it, or the text itself, whose
/// signature may have line breaks of its own.
fn value_of(text: &str) -> &str {
    let named = |line: &&str| {
        line.split_once(':')
            .is_some_and(|(name, _)| name.trim().eq_ignore_ascii_case("authorization"))
    };
    match text
        .lines()
        .find(named)
        .and_then(|line| line.split_once(':'))
    {
        Some((_, value)) => value.trim(),
        None => text.trim(),
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
