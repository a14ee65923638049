//! `login`: by OAuth 2.0, or from a server that still speaks one of the old protocols.

mod authsub;
mod browser;
mod clientlogin;
mod oauth1;
mod oauth2;
mod receiver;
mod save;
mod server;

use std::process::ExitCode;

pub(super) use server::accounts;

use super::{args::Login, paint, put, runtime};
use crate::{error::Error, scheme::AuthScheme};

pub(super) fn run(options: &Login) -> Result<ExitCode, Error> {
    if !(options.clientlogin || options.oauth1 || options.authsub) {
        return oauth2::login(options);
    }
    server::refuse_google(options.server())?;
    if let Some(path) = &options.save {
        // Before the user is asked in vain.
        save::check(path, options.force)?;
    }
    let (scheme, printed) = runtime()?.block_on(async {
        if options.clientlogin {
            clientlogin::login(options).await
        } else if options.oauth1 {
            oauth1::login(options).await
        } else {
            authsub::login(options).await
        }
    })?;
    match &options.save {
        None => put(printed.as_bytes())?,
        Some(path) => {
            save::save(&scheme, path, options.force)?;
            paint::talk(format_args!(
                "saved: gdata-auth request --credential {}",
                path.display()
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A credential, and the text that is printed of it.
type Gained = (AuthScheme, String);

/// Shows the link that the user has to follow.
fn show(link: &str) {
    paint::talk(format_args!("open this in a browser:\n{link}"));
}
