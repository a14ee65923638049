//! `sign clientlogin`.

use std::process::ExitCode;

use super::{lines, parts};
use crate::{
    cli::{args::SignClientLogin, files, given, put},
    error::Error,
    scheme::clientlogin::AuthToken,
    system::Stamps,
};

pub(super) fn run(options: &SignClientLogin) -> Result<ExitCode, Error> {
    let token = AuthToken::new(files::secret(
        "token",
        options.token.as_deref(),
        options.token_file.as_deref(),
    )?)?;
    let mut parts = parts(&options.target)?;
    token.authorize(&mut parts, &Stamps::system().next())?;
    given::envelope(&options.envelope)?.apply(&mut parts);
    put(lines(&parts.headers)?.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
