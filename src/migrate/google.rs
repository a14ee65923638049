//! Google's own hosts, where hardly anything of the old protocols answers any more.

use crate::{
    error::{Advice, Error, Kind},
    wire::origin::Origin,
};

/// Domains with every host below them.
const DOMAINS: &[&str] = &[
    "google.com",
    "googleapis.com",
    "googleusercontent.com",
    "youtube.com",
    "blogger.com",
];

/// Whether an origin is Google's.
pub(crate) fn is_google(origin: &Origin) -> bool {
    let host = origin.host().trim_end_matches('.');
    let below = |domain: &&str| {
        host.strip_suffix(*domain)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    DOMAINS.iter().any(below)
}

/// Refuses an address at Google, before anything is sent there.
///
/// # Errors
/// [`Kind::Retired`] for Google's, saying that `what` has ended; [`Kind::Input`] when it is no address.
pub(super) fn refuse(address: &str, what: &str, to: &'static str) -> Result<(), Error> {
    let origin = Origin::of(address)?;
    let host = origin.host().trim_end_matches('.');
    match is_google(&origin) {
        false => Ok(()),
        true => Err(Error::new(
            Kind::Retired,
            format!("{host} is Google's: {what}; nothing was sent"),
        )
        .advising(Advice::Migrate { to })),
    }
}
