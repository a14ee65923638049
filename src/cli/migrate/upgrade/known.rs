//! What Google would refuse, told before anybody is invited to it.

use crate::{
    error::Error,
    migrate::campaign::Settings,
    scheme::oauth2::{Client, ClientKind, redirect_faults},
    scope::ScopeNames,
    wire::origin::Origin,
};

/// Scopes of Google that are no address.
const WORDS: &[&str] = &["openid", "email", "profile"];

/// # Errors
/// [`Kind::Input`](crate::Kind::Input) naming `scope`.
pub(super) fn scopes(scopes: &ScopeNames) -> Result<(), Error> {
    let unknown = |scope: &&str| !WORDS.contains(scope) && Origin::of(scope).is_err();
    match scopes.iter().find(unknown) {
        None => Ok(()),
        Some(scope) => Err(Error::input(
            "scope",
            format_args!(
                "expected an address such as https://www.googleapis.com/auth/youtube, or one of {}, got {scope:?}; \
                 `gdata-auth migrate catalogue` lists the scopes",
                WORDS.join(", ")
            ),
        )),
    }
}

/// Where the server has to send browsers back to: it compares that letter by letter with what a web client registered.
///
/// # Errors
/// [`Kind::Input`](crate::Kind::Input) naming `origin`, where the server would refuse it.
pub(super) fn redirect(
    settings: &Settings,
    client: &Client,
    listed: Option<&[String]>,
) -> Result<(), Error> {
    let address = settings.redirect_uri();
    let google = client.provider().is_google();
    if let Some(fault) = redirect_faults(client.kind(), google, &address).first() {
        return Err(Error::input(
            "origin",
            format_args!("users come back to {address}: {fault}"),
        ));
    }
    let listed = match (client.kind(), listed) {
        (ClientKind::Web, Some(listed)) if !listed.contains(&address) => listed,
        _ => return Ok(()),
    };
    let fitting = match listed.iter().find_map(|own| options_for(own)) {
        Some(options) => format!(", or give {options}"),
        None => String::new(),
    };
    let others = match listed {
        [] => "none".to_owned(),
        listed => listed.join(" "),
    };
    Err(Error::input(
        "origin",
        format_args!(
            "expected {address} among the addresses that the file of the web client lists, got {others}; register it in \
             the console and download the file again{fitting}"
        ),
    ))
}

/// The options of a campaign that comes back to an address.
fn options_for(address: &str) -> Option<String> {
    let origin = Origin::of(address).ok()?.to_string();
    let path = address.strip_prefix(&origin)?;
    path.starts_with('/')
        .then(|| format!("--origin {origin} --redirect-path {path}"))
}
