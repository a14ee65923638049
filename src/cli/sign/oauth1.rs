//! `sign oauth1`.

use std::process::ExitCode;

use http::{HeaderValue, header::CONTENT_TYPE};

use super::{lines, parts, stamp};
use crate::{
    cli::{args::SignOAuth1, files, given, paint, put},
    error::Error,
    exchange::BodyHint,
    scheme::oauth1::{AccessToken, Consumer, Credential},
};

pub(super) fn run(options: &SignOAuth1) -> Result<ExitCode, Error> {
    let consumer = given::consumer(&options.consumer, &options.key)?;
    let credential = credential(options, consumer)?;
    let form = given::form(&options.form)?;
    let body = match form.as_bytes() {
        [] => BodyHint::Empty,
        form => BodyHint::Form(form),
    };
    let mut parts = parts(&options.target)?;
    if !form.is_empty() {
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        parts.headers.insert(CONTENT_TYPE, kind);
    }
    let stamp = stamp(&options.stamp)?;
    if options.show_base_string {
        paint::talk(credential.base_string(&parts, body, &stamp)?.as_str());
    }
    let before = parts.uri.clone();
    credential.authorize(&mut parts, body, &stamp)?;
    if parts.uri != before {
        paint::talk(format_args!("call it at {}", parts.uri));
    }
    given::envelope(&options.envelope)?.apply(&mut parts);
    put(lines(&parts.headers)?.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn credential(options: &SignOAuth1, consumer: Consumer) -> Result<Credential, Error> {
    let (token, file) = (&options.token, &options.token_file);
    let (secret, secret_file) = (&options.token_secret, &options.token_secret_file);
    if token.is_none() && file.is_none() {
        if secret.is_some() || secret_file.is_some() {
            return Err(Error::input(
                "token-secret",
                "expected its token too, in --token-file",
            ));
        }
        return match &options.requestor {
            Some(email) => Credential::on_behalf_of(consumer, email.as_str()),
            None => Ok(Credential::two_legged(consumer)),
        };
    }
    let token = files::secret("token", token.as_deref(), file.as_deref())?;
    // RSA-SHA1 leaves the token's secret out of the signature.
    let secret = match (secret, secret_file, consumer.secret()) {
        (None, None, None) => crate::secret::Secret::new(""),
        _ => files::secret("token-secret", secret.as_deref(), secret_file.as_deref())?,
    };
    Ok(Credential::from(AccessToken::new(consumer, token, secret)?))
}
