//! Lines of the common and combined log formats.
//!
//! ```text
//! 10.0.0.7 - ann [20/Nov/2026:05:00:00 +0000] "GET http://gdata.youtube.com/feeds/api/videos/x HTTP/1.1" 410 9 "-" "agent"
//! www.google.com:80 10.0.0.7 - - [20/Nov/2026:05:00:00 +0000] "POST /calendar/feeds/default HTTP/1.1" 404 9
//! ```
//!
//! The second has the virtual host in front. Only the request line is looked at, and the moment before it.

use super::call::{Call, is_host, method, moment};

/// The call of a line, if it is one.
pub(super) fn call(line: &str) -> Option<Call> {
    let (before, rest) = line.split_once('[')?;
    let (at, rest) = rest.split_once(']')?;
    let request = rest.trim_start().strip_prefix('"')?;
    let request = request.split('"').next()?;
    let mut call = Call {
        at: moment(at),
        ..Call::default()
    };
    let mut words = request.split(' ');
    call.method = Some(method(words.next()?)?);
    call.target(words.next()?)?;
    match words.next() {
        None => {}
        Some(version) if version.starts_with("HTTP/") => {}
        Some(_) => return None,
    }
    let fields: Vec<&str> = before.split_ascii_whitespace().take(5).collect();
    // host ident user, with the virtual host before them.
    if call.host.is_none()
        && let [first, _, _, _] = fields[..]
        && is_host(first)
    {
        call.host = Some(first.to_owned());
    }
    (3..=4).contains(&fields.len()).then_some(call)
}
