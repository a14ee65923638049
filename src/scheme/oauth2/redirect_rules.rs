//! Which redirect addresses a server takes, told before it is asked (RFC 8252, 7.3 and 8.3; oauth2.md 5.2).

use super::ClientKind;
use crate::wire::{origin::Origin, percent};

/// Hosts that only shorten addresses; Google takes none of them as a redirect address. [MEM]
const SHORTENERS: &[&str] = &["goo.gl", "bit.ly", "tinyurl.com", "t.co"];

/// The out-of-band addresses, which Google blocked on 3 October 2022 (oauth2.md 5.2).
const OUT_OF_BAND: &[&str] = &[
    "urn:ietf:wg:oauth:2.0:oob",
    "urn:ietf:wg:oauth:2.0:oob:auto",
    "oob",
];

/// Whether an address is one of the out-of-band ones.
#[must_use]
pub fn is_out_of_band(redirect_uri: &str) -> bool {
    OUT_OF_BAND.contains(&redirect_uri)
}

/// What is wrong with a redirect address, in words; nothing, when the server should take it.
///
/// With `google` its own rules count too.
///
/// # Examples
/// ```
/// use gdata_auth::oauth2::{ClientKind, redirect_faults};
///
/// assert!(redirect_faults(ClientKind::Installed, true, "http://127.0.0.1:8080/").is_empty());
/// let faults = redirect_faults(ClientKind::Web, true, "http://www.example.com/back");
/// assert_eq!(faults, ["expected https, since only loopback may be http, got http"]);
/// ```
#[must_use]
pub fn faults(kind: ClientKind, google: bool, redirect_uri: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut say = |text: &str| faults.push(text.to_owned());
    if is_out_of_band(redirect_uri) {
        say(
            "expected an address, got out-of-band, which Google blocked in October 2022; listen on \
             http://127.0.0.1, or let the user paste the whole address they end up at",
        );
        return faults;
    }
    if redirect_uri.contains('#') {
        say("expected no fragment, got one");
    }
    if redirect_uri.contains('*') {
        say("expected no *, got one: addresses are compared letter by letter");
    }
    if !redirect_uri.bytes().all(|byte| byte.is_ascii_graphic()) {
        say("expected printable ASCII, got something else");
    }
    if percent::decode("redirect_uri", redirect_uri).is_err() || redirect_uri.contains("%00") {
        say("expected whole percent-encoding without nulls, got something else");
    }
    let Ok(origin) = Origin::of(redirect_uri) else {
        if !is_private_use_scheme(redirect_uri) || kind == ClientKind::Web {
            say("expected an absolute http or https address without a user name");
        }
        return faults;
    };
    let path = redirect_uri
        .splitn(4, '/')
        .nth(3)
        .unwrap_or_default()
        .split('?')
        .next()
        .unwrap_or_default();
    if path.split(['/', '\\']).any(|segment| segment == "..") {
        say("expected no /.. in the path, got one");
    }
    let loopback = origin.is_loopback();
    if !loopback && !origin.is_secure() {
        say("expected https, since only loopback may be http, got http");
    }
    if !google {
        return faults;
    }
    if kind != ClientKind::Web && !loopback {
        say("expected http://127.0.0.1 or http://[::1] with any port for an installed client");
    }
    let bare = origin.host().trim_matches(['[', ']']);
    if !loopback && bare.parse::<std::net::IpAddr>().is_ok() {
        say("expected the name of a host, got a number");
    }
    if !loopback && !origin.host().contains('.') {
        say("expected a host under a public suffix, got a single name");
    }
    if origin.host().ends_with("googleusercontent.com") {
        say("expected a host of your own, got googleusercontent.com");
    }
    if SHORTENERS.contains(&origin.host()) {
        say("expected no shortener of addresses, got one");
    }
    let query = redirect_uri.split_once('?').map_or("", |(_, query)| query);
    if query.contains("://") || query.to_ascii_lowercase().contains("%3a%2f%2f") {
        say("expected no address inside the query, got one: it may make an open redirector");
    }
    faults
}

/// `com.example.app:/…` (RFC 8252, 7.1).
fn is_private_use_scheme(address: &str) -> bool {
    address
        .split_once(':')
        .is_some_and(|(scheme, _)| scheme.contains('.') && !scheme.contains('/'))
}
