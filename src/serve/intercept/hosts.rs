//! The hosts whose TLS is ended here.

use std::net::IpAddr;

use crate::error::Error;

/// A list of hosts: exact names, `*.suffix` for every name below one, and addresses.
///
/// # Examples
/// ```
/// use gdata_auth::serve::Hosts;
///
/// let hosts = Hosts::new(["www.google.com", "*.googleapis.com"])?;
/// assert!(hosts.lists("oauth2.googleapis.com"));
/// assert!(!hosts.lists("googleapis.com") && !hosts.lists("www.example.com"));
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hosts(Vec<Entry>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    Name(String),
    /// What stands behind the `*.`
    Below(String),
    Address(IpAddr),
}

impl Hosts {
    /// The list.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when it is empty, when one is no name of a host, or when one
    /// lists a whole top-level domain such as `*.com`.
    pub fn new(hosts: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Self, Error> {
        let entries = hosts
            .into_iter()
            .map(|host| entry(host.as_ref()))
            .collect::<Result<Vec<_>, _>>()?;
        if entries.is_empty() {
            return Err(Error::input("host", "expected at least one, got none"));
        }
        Ok(Self(entries))
    }

    /// Whether this host is listed, whatever its case.
    #[must_use]
    pub fn lists(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let address: Option<IpAddr> = host.parse().ok();
        self.0.iter().any(|entry| match entry {
            Entry::Name(name) => *name == host,
            Entry::Below(suffix) => {
                is_name(&host)
                    && host
                        .strip_suffix(suffix.as_str())
                        .is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
            }
            Entry::Address(listed) => address == Some(*listed),
        })
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.0
    }
}

fn entry(text: &str) -> Result<Entry, Error> {
    let lower = text.trim_end_matches('.').to_ascii_lowercase();
    let bare = lower.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = bare.parse() {
        return Ok(Entry::Address(address));
    }
    let (suffix, below) = match lower.strip_prefix("*.") {
        Some(suffix) => (suffix, true),
        None => (lower.as_str(), false),
    };
    if !is_name(suffix) {
        return Err(Error::input(
            "host",
            format_args!(
                "expected a name such as www.google.com or *.googleapis.com, got {text:?}"
            ),
        ));
    }
    if below && !suffix.contains('.') && !RESERVED.contains(&suffix) {
        return Err(Error::input(
            "host",
            format_args!("expected a suffix of two labels at least, got {text:?}"),
        ));
    }
    let suffix = suffix.to_owned();
    Ok(if below {
        Entry::Below(suffix)
    } else {
        Entry::Name(suffix)
    })
}

fn is_name(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    text.len() <= 253 && text.split('.').all(label) && text.parse::<IpAddr>().is_err()
}

/// Top-level domains that nobody owns (RFC 2606, 2).
const RESERVED: [&str; 4] = ["example", "invalid", "localhost", "test"];
