//! Lines of JSON, as servers, proxies and clouds write them.
//!
//! Fields are looked for by the names that are in use: nginx' own words, Caddy, Traefik, Envoy, Google's load balancers, the
//! Elastic Common Schema (dotted or nested), and the log that `migrate retire observe` reads.

use super::{
    call::{Call, Credential, is_host, method},
    moment::moment,
    value::Value,
};
use crate::time::Timestamp;

const METHOD: &[&str] = &[
    "method",
    "request_method",
    "http_method",
    "requestMethod",
    "RequestMethod",
    "verb",
    "httpRequest.requestMethod",
    "http.request.method",
    "request.method",
];
/// Whole addresses, or paths.
const TARGET: &[&str] = &[
    "address",
    "url",
    "request_url",
    "requestUrl",
    "httpRequest.requestUrl",
    "url.full",
    "url.original",
    "uri",
    "request_uri",
    "request.uri",
    "request.url",
    "RequestPath",
    "request_path",
    "x-envoy-original-path",
    "url.path",
    "path",
];
const HOST: &[&str] = &[
    "host",
    "http_host",
    "server_name",
    "vhost",
    "authority",
    "RequestHost",
    "url.domain",
    "request.host",
    "http.request.host",
];
const AT: &[&str] = &[
    "at",
    "time",
    "timestamp",
    "@timestamp",
    "ts",
    "time_iso8601",
    "time_local",
    "start_time",
    "StartUTC",
    "msec",
];
/// The `Authorization` header, whole or its first word. Names of fields are read without regard to capitals here, since
/// servers spell headers as they like.
const CREDENTIAL: &[&str] = &[
    "authorization",
    "http_authorization",
    "request_authorization",
    "request.headers.authorization",
    "req.headers.authorization",
    "headers.authorization",
    "http.request.headers.authorization",
];
/// The word of it, in the log that `migrate retire observe` reads; elsewhere that of an address.
const SCHEME: &str = "scheme";
/// A whole request line: `GET /path HTTP/1.1`.
const LINE: &str = "request";

/// The value of a line, of which [`call`] borrows.
pub(super) fn value(line: &str) -> Option<Value<'_>> {
    serde_json::from_str(line).ok()
}

/// The call of a line, if it is one.
pub(super) fn call<'v>(line: &'v Value<'_>) -> Option<Call<'v>> {
    let mut call = Call {
        at: AT
            .iter()
            .find_map(|name| field(line, name))
            .and_then(instant),
        method: text(line, METHOD).and_then(method),
        ..Call::default()
    };
    call.credential = credential(line);
    let target = match (text(line, TARGET), line.get(LINE).and_then(Value::as_str)) {
        (Some(target), _) => target,
        (None, Some(request)) => {
            let mut words = request.split(' ');
            call.method = Some(method(words.next()?)?);
            words.next()?
        }
        // Of the log that `retire observe` reads a target is not asked.
        (None, None) => return (call.credential != Credential::Untold).then_some(call),
    };
    call.target(target)?;
    if call.host.is_none() {
        call.host = text(line, HOST).filter(|host| is_host(host));
    }
    Some(call)
}

fn credential<'v>(line: &'v Value<'_>) -> Credential<'v> {
    let header = CREDENTIAL.iter().find_map(|name| line.get_plainly(name));
    match header.map(Value::first) {
        Some(Value::Text(text)) if matches!(text.trim(), "" | "-") => Credential::None,
        Some(Value::Text(text)) => Credential::Header(text),
        Some(Value::Null) => Credential::None,
        Some(_) => Credential::Untold,
        None => match line.get(SCHEME).and_then(Value::as_str) {
            None | Some("http" | "https" | "ws" | "wss") => Credential::Untold,
            Some(word) => Credential::Header(word),
        },
    }
}

fn text<'v>(line: &'v Value<'_>, names: &[&str]) -> Option<&'v str> {
    names
        .iter()
        .find_map(|name| field(line, name).and_then(Value::as_str))
}

/// By its name as it stands, or step by step.
fn field<'v, 'l>(line: &'v Value<'l>, name: &str) -> Option<&'v Value<'l>> {
    let nested = || {
        name.contains('.').then(|| {
            name.split('.')
                .try_fold(line, |value, part| value.get(part))
        })?
    };
    line.get(name).or_else(nested)
}

/// RFC 3339, the common log format, or seconds since 1970, which milliseconds and their smaller kin are told from by their size.
fn instant(value: &Value<'_>) -> Option<Timestamp> {
    let number = match value {
        Value::Number(number) => *number,
        Value::Text(text) => match text.parse::<f64>() {
            Ok(number) => number,
            Err(_) => return text.parse().ok().or_else(|| moment(text)),
        },
        _ => return None,
    };
    let seconds = [1.0, 1e3, 1e6, 1e9]
        .into_iter()
        .map(|unit| number / unit)
        .find(|seconds| (0.0..1e11).contains(seconds))?;
    #[expect(clippy::cast_possible_truncation, reason = "bounded a line above")]
    Some(Timestamp::from_unix_seconds(seconds as i64))
}
