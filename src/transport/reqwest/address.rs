//! The address on the wire, byte for byte, or a refusal.
//!
//! reqwest sends a `url::Url`, which the WHATWG URL Standard normalises: it percent-encodes, resolves
//! dot segments, lowers the host and drops a default port. AuthSub and OAuth 1.0 sign the address
//! that they were given, so a normalised one is another one.

use url::Url;

use crate::transport::{Mishap, TransportError};

/// The address of `uri`, when reqwest would send it as it is.
///
/// # Errors
/// [`Mishap::Request`], naming the part that would change and what to write instead. Of path and
/// query it shows no more than the one character.
pub(super) fn unchanged(uri: &http::Uri) -> Result<Url, TransportError> {
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err(refusal("expected an absolute http or https address"));
    }
    if uri
        .authority()
        .is_some_and(|all| all.as_str().contains('@'))
    {
        return Err(refusal("host: expected no user name before it, got one"));
    }
    let given = uri.to_string();
    let url = Url::parse(&given)
        .map_err(|cause| refusal(&format!("host: expected a valid one, got: {cause}")))?;
    if url.as_str() == given {
        return Ok(url);
    }
    Err(refusal(&format!(
        "{}; write the address in its normalised form and sign that",
        change(uri, &url)
    )))
}

/// What normalising changed, in a few words.
fn change(uri: &http::Uri, url: &Url) -> String {
    let (given, sent) = (uri.host().unwrap_or_default(), url.host_str().unwrap_or(""));
    if given != sent {
        return format!("host: expected {sent}, got {given}");
    }
    if uri.port().is_some() && url.port().is_none() {
        return "port: expected none, got the scheme's default".to_owned();
    }
    if uri.path() != url.path() {
        return part("path", uri.path(), url.path());
    }
    let (given, sent) = (uri.query().unwrap_or(""), url.query().unwrap_or(""));
    if given != sent {
        return part("query", given, sent);
    }
    "port: expected a plain number".to_owned()
}

/// The first place where `given` differs from what is sent.
fn part(name: &str, given: &str, sent: &str) -> String {
    let same = given
        .bytes()
        .zip(sent.bytes())
        .take_while(|(ours, theirs)| ours == theirs)
        .count();
    let got = given.get(same..).and_then(|rest| rest.chars().next());
    match (got, sent.get(same..same + 3)) {
        (Some(got), Some(code)) if code.starts_with('%') && !got.is_ascii_alphanumeric() => {
            format!("{name}: expected {code} at byte {same}, got {got}")
        }
        (Some('\\'), _) => format!("{name}: expected / at byte {same}, got \\"),
        _ if name == "path" => "path: expected no . or .. between slashes, got one".to_owned(),
        _ => format!("{name}: expected another character at byte {same}"),
    }
}

fn refusal(message: &str) -> TransportError {
    TransportError::new(Mishap::Request, message)
}
