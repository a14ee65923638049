//! `logout` forgets here, `revoke` ends at the server: two things that users take for one (oauth2.md 5.6).

use std::{
    io::{BufRead, IsTerminal},
    process::ExitCode,
};

use super::Picked;
use crate::{
    cli::{
        args::{Logout, Revoke},
        paint, runtime,
    },
    error::{Error, Kind},
    scheme::oauth2::{ErrorCode, Refusal},
    store::{Removal, TokenStore},
    transport::{Reqwest, run},
};

pub(in crate::cli) fn logout(options: &Logout) -> Result<ExitCode, Error> {
    let picked = Picked::find(Some(&options.account), &options.narrow)?;
    forget(&picked)?;
    paint::talk(format_args!("forgotten here: {}", picked.key));
    let google = picked
        .registered()
        .is_ok_and(|it| it.client.provider().is_google());
    paint::talk(match google {
        true => {
            "Google still knows the grant; to end it, log in again and `gdata-auth revoke`, or go to \
             https://myaccount.google.com/permissions"
        }
        false => {
            "the server still knows the grant; to end it, log in again and `gdata-auth revoke`"
        }
    });
    Ok(ExitCode::SUCCESS)
}

pub(in crate::cli) fn revoke(options: &Revoke) -> Result<ExitCode, Error> {
    let picked = Picked::find(Some(&options.account), &options.narrow)?;
    let client = picked.registered()?.client;
    let token = match (picked.grant.refresh_token(), picked.grant.access_token()) {
        (Some(token), _) => token.clone(),
        (None, Some(access)) => access.token().clone(),
        (None, None) => {
            return Err(Error::input(
                "account",
                "expected a grant with a token, got one without; gdata-auth logout forgets it",
            ));
        }
    };
    let call = client.revoke_everywhere(token)?;
    if client.provider().is_google() {
        paint::talk(format_args!(
            "{} this takes back every scope that {} ever granted to the project of {}: all of its clients, on \
             all machines, lose their tokens",
            paint::styled(paint::NOTICE, "notice:"),
            picked.key.account(),
            picked.key.client_id(),
        ));
    }
    if !options.yes && !confirmed(picked.key.account())? {
        paint::talk("nothing was revoked");
        return Ok(ExitCode::FAILURE);
    }
    match runtime()?.block_on(async { run(&call, &Reqwest::new()?).await }) {
        Ok(()) => paint::talk(format_args!("revoked: {}", picked.key)),
        Err(error) if is_gone(&error) => paint::talk(format_args!(
            "the server knew the grant no more: {}",
            picked.key
        )),
        Err(error) => return Err(error),
    }
    forget(&picked)?;
    paint::talk("forgotten here too");
    Ok(ExitCode::SUCCESS)
}

/// Whatever is kept goes, also what another process has written meanwhile.
fn forget(picked: &Picked) -> Result<(), Error> {
    match picked.store.remove(&picked.key, None)? {
        Removal::Removed | Removal::Absent => Ok(()),
        Removal::Conflict => Err(Error::new(
            Kind::Transport,
            "another process wrote at the same moment",
        )),
    }
}

fn confirmed(account: &str) -> Result<bool, Error> {
    if !std::io::stdin().is_terminal() {
        return Err(Error::input(
            "yes",
            "expected --yes, or a terminal to ask at",
        ));
    }
    paint::talk(format_args!("type {account} to go on:"));
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|cause| Error::new(Kind::Input, "stdin: cannot read").caused_by(cause))?;
    Ok(line.trim() == account)
}

/// Whether the server says that the token is none of its own, or was.
fn is_gone(error: &Error) -> bool {
    let refusal =
        std::error::Error::source(error).and_then(|source| source.downcast_ref::<Refusal>());
    matches!(
        refusal.and_then(Refusal::code),
        Some(ErrorCode::InvalidToken | ErrorCode::InvalidGrant)
    )
}
