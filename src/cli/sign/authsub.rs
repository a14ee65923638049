//! `sign authsub`.

use std::process::ExitCode;

use super::{lines, parts, stamp};
use crate::{
    cli::{args::SignAuthsub, files, given, put},
    error::Error,
    scheme::authsub::SessionToken,
};

pub(super) fn run(options: &SignAuthsub) -> Result<ExitCode, Error> {
    let token = files::secret(
        "token",
        options.token.as_deref(),
        options.token_file.as_deref(),
    )?;
    let mut token = SessionToken::new(token)?;
    if let Some(key) = given::private_key(&options.key)? {
        token = token.secured_by(key.signer());
    }
    let mut parts = parts(&options.target)?;
    token.authorize(&mut parts, &stamp(&options.stamp)?)?;
    given::envelope(&options.envelope)?.apply(&mut parts);
    put(lines(&parts.headers)?.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
