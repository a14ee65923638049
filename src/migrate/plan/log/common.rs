//! Lines of the common and combined log formats.
//!
//! ```text
//! 10.0.0.7 - ann [20/Nov/2026:05:00:00 +0000] "GET http://gdata.youtube.com/feeds/api/videos/x HTTP/1.1" 410 9 "-" "agent"
//! www.google.com:80 10.0.0.7 - - [20/Nov/2026:05:00:00 +0000] "POST /calendar/feeds/default HTTP/1.1" 404 9
//! ```
//!
//! The second has the virtual host in front. Only the request line is looked at, and the moment before it.

use super::call::{Call, is_host, method};

/// The call of a line, if it is one.
pub(super) fn call(line: &str) -> Option<Call<'_>> {
    let (before, rest) = split(line, b'[')?;
    let (at, rest) = split(rest, b']')?;
    let request = rest.trim_start().strip_prefix('"')?;
    let request = split(request, b'"').map_or(request, |(request, _)| request);
    let mut call = Call::default();
    let mut words = request.split(' ');
    call.method = Some(method(words.next()?)?);
    call.target(words.next()?)?;
    match words.next() {
        None => {}
        Some(version) if version.starts_with("HTTP/") => {}
        Some(_) => return None,
    }
    // host ident user, with the virtual host before them.
    let mut fields = before.split_ascii_whitespace();
    let first = fields.next()?;
    match 1 + fields.take(4).count() {
        3 => {}
        4 if call.host.is_none() => call.host = Some(first).filter(|first| is_host(first)),
        4 => {}
        _ => return None,
    }
    Some(call.at(at))
}

fn split(text: &str, mark: u8) -> Option<(&str, &str)> {
    let place = memchr::memchr(mark, text.as_bytes())?;
    Some((&text[..place], &text[place + 1..]))
}
