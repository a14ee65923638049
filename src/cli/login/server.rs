//! The server's address, which is never Google's.

use crate::{
    error::{Advice, Error, Kind},
    wire::origin::Origin,
};

/// Google's domains, with every host below them; where it hosts others' servers is not among them.
const GOOGLES: &[&str] = &[
    "google.com",
    "googleapis.com",
    "googlemail.com",
    "gmail.com",
    "youtube.com",
    "blogger.com",
];

/// Refuses Google's own hosts, with the reason and the way out.
///
/// # Errors
/// [`Kind::Unsupported`] for such a host; [`Kind::Input`] naming `server`, when it is no address.
pub(super) fn refuse_google(address: &str) -> Result<(), Error> {
    let origin = Origin::of(address).map_err(|cause| {
        Error::input("server", "expected an absolute http or https address").caused_by(cause)
    })?;
    let host = origin.host().to_ascii_lowercase();
    if !is_googles(host.trim_end_matches('.')) {
        return Ok(());
    }
    Err(Error::new(
        Kind::Unsupported,
        format!(
            "server: {host} is Google's, which switched AuthSub, ClientLogin and OAuth 1.0 off in 2015 \
             (two-legged OAuth in 2016): no login of theirs can succeed there, and a password would be \
             given away for nothing"
        ),
    )
    .advising(Advice::Migrate {
        to: "OAuth 2.0: the user consents anew, and `request --bearer-file` takes the access token",
    }))
}

fn is_googles(host: &str) -> bool {
    let below = |domain: &str| {
        host.strip_suffix(domain)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    GOOGLES.iter().any(|domain| below(domain)) || is_national(host)
}

/// `google.de`, `www.google.co.uk` and their like.
fn is_national(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let Some(at) = labels.iter().rposition(|label| *label == "google") else {
        return false;
    };
    match labels[at + 1..] {
        [country] => country.len() == 2,
        ["co" | "com", country] => country.len() == 2,
        _ => false,
    }
}

/// The base of the accounts service: `/accounts` where the address has no path.
pub(in crate::cli) fn accounts(address: &str) -> String {
    let base = address.trim_end_matches('/');
    let bare = base
        .split_once("://")
        .is_some_and(|(_, rest)| !rest.contains(['/', '?', '#']));
    if bare {
        format!("{base}/accounts")
    } else {
        base.to_owned()
    }
}
