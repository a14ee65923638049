//! A cassette as a log: strict HAR 1.2, in an order that never changes, a header a line, each entry from a new line.
//!
//! What HAR derives (`cookies`, `queryString`, `timings`) is derived here, so that a browser shows it. A body under
//! a coding is shown without it, as HAR asks, and kept as it came beside that, in `_gdataAuth`.

use std::{borrow::Cow, io::Write as _, time::SystemTime};

use bytes::Bytes;
use serde_json::Value;
use url::{Url, form_urlencoded};

use super::{
    super::{Written, json::to_base64},
    VERSION, marks,
};
use crate::{
    cassette::{
        Cassette, Headers, Interaction, Limits, Outcome, RecordedRequest, RecordedResponse,
        StandIn, coding,
    },
    error::Error,
};

/// How a log of ours begins.
pub(super) const OPENING: &[u8] =
    b"{\n  \"log\": {\n    \"version\": \"1.2\",\n    \"creator\": {\"name\": \"gdata-auth\",";

/// How it ends, after the bracket that opens its entries or the one that closes the last.
pub(super) const CLOSING: &[u8] = b"\n    ]\n  }\n}\n";

#[expect(clippy::unnecessary_wraps, reason = "the signature of every writer")]
pub(in crate::cassette::format) fn write(cassette: &Cassette) -> Result<Written, Error> {
    Ok(Written {
        bytes: print(cassette),
        losses: Vec::new(),
    })
}

pub(super) fn print(cassette: &Cassette) -> Vec<u8> {
    let mut out = Page(OPENING.to_vec());
    out.push(" \"version\": ");
    out.text(env!("CARGO_PKG_VERSION"));
    out.push("},\n    \"_gdataAuth\": {\n      \"version\": ");
    out.push(&VERSION.to_string());
    if let Some(tool) = &cassette.recorded_with {
        out.push(",\n      \"recordedWith\": ");
        out.text(tool);
    }
    out.push(",\n      \"standIns\": [");
    out.lines(cassette.stand_ins.iter(), 8, |out, stand_in| {
        out.value(&marks::print_stand_in(stand_in));
    });
    out.push("]\n    },\n    \"entries\": [");
    out.0
        .extend(print_entries(&cassette.interactions, true, &[]));
    out.0
}

/// Entries and the end of the log. `new` are stand-ins that the log does not name.
pub(super) fn print_entries(
    interactions: &[Interaction],
    is_first: bool,
    new: &[StandIn],
) -> Vec<u8> {
    let mut out = Page(Vec::new());
    for (index, interaction) in interactions.iter().enumerate() {
        out.push(if is_first && index == 0 { "\n" } else { ",\n" });
        entry(&mut out, interaction, if index == 0 { new } else { &[] });
    }
    out.0.extend_from_slice(CLOSING);
    out.0
}

/// The url of an entry, which has to be absolute.
pub(super) fn address(request: &RecordedRequest) -> Cow<'_, str> {
    let url = request.url();
    if url.starts_with('/') {
        return format!("{NOWHERE}{url}").into();
    }
    if url.contains("://") && Url::parse(&url).is_ok() {
        return if url == request.target {
            Cow::Borrowed(&request.target)
        } else {
            url.into()
        };
    }
    format!("{NOWHERE}/").into()
}

/// A moment as HAR writes it; `None` where there is none, or none that it can write.
pub(super) fn moment(moment: Option<SystemTime>) -> Option<String> {
    let moment = jiff::Timestamp::try_from(moment?).ok()?;
    let printed = if moment.subsec_nanosecond() % 1_000_000 == 0 {
        format!("{moment:.3}")
    } else {
        format!("{moment:.9}")
    };
    // Years of more than four digits are beyond HAR.
    (printed.as_bytes().get(4) == Some(&b'-') && !printed.starts_with(['-', '+']))
        .then_some(printed)
}

/// The body without its coding, where there is one to undo.
fn plain(response: &RecordedResponse) -> Option<Vec<u8>> {
    let body = &response.body;
    let is_coded = !body.bytes.is_empty() && !coding::told(&response.headers).is_empty();
    let plain = is_coded.then(|| body.plain(&response.headers, &Limits::default()).ok())??;
    match plain {
        Cow::Owned(plain) => Some(plain),
        Cow::Borrowed(_) => None,
    }
}

fn entry(out: &mut Page, interaction: &Interaction, new: &[StandIn]) {
    let plain = interaction.response().and_then(plain);
    let mut marks = marks::of(interaction, plain.is_some());
    if !new.is_empty() {
        marks.insert(
            "standIns".to_owned(),
            new.iter().map(marks::print_stand_in).collect(),
        );
    }
    let time = interaction.took.map_or_else(
        || "0".to_owned(),
        |took| {
            let millis = u128::from(took.as_secs()) * 1_000 + u128::from(took.subsec_millis());
            match took.subsec_nanos() % 1_000_000 {
                0 => millis.to_string(),
                rest => format!("{millis}.{rest:06}")
                    .trim_end_matches('0')
                    .to_owned(),
            }
        },
    );
    out.push("      {\n        \"startedDateTime\": ");
    out.text(&moment(interaction.started_at).unwrap_or_else(|| EPOCH.to_owned()));
    out.push(",\n        \"time\": ");
    out.push(&time);
    out.push(",\n        \"request\": {");
    request(out, &interaction.request);
    out.push("\n        },\n        \"response\": {");
    match &interaction.outcome {
        Outcome::Answered(answer) => response(out, answer, plain.as_deref()),
        Outcome::Failed(why) => failure(out, why),
    }
    out.push("\n        },\n        \"cache\": {},\n        \"timings\": {\"send\": 0, \"wait\": ");
    out.push(&time);
    out.push(", \"receive\": 0}");
    for (name, value) in &interaction.provenance.extra {
        if marks::is_in_place(&interaction.provenance, name) {
            out.push(",\n        ");
            out.text(name);
            out.push(": ");
            out.value(value);
        }
    }
    if !marks.is_empty() {
        out.push(",\n        \"_gdataAuth\": {");
        for (index, (name, value)) in marks.iter().enumerate() {
            out.push(if index == 0 {
                "\n          "
            } else {
                ",\n          "
            });
            out.text(name);
            out.push(": ");
            out.value(value);
        }
        out.push("\n        }");
    }
    out.push("\n      }");
}

fn request(out: &mut Page, request: &RecordedRequest) {
    let url = address(request);
    out.field("method", &request.method);
    out.push(",");
    out.field("url", &url);
    out.push(",");
    out.field(
        "httpVersion",
        request.version.as_deref().unwrap_or_default(),
    );
    out.push(",\n          \"cookies\": [");
    let sent: Vec<_> = request.headers.all("cookie").collect();
    let sent = sent
        .iter()
        .flat_map(|line| line.split(|byte| *byte == b';'))
        .map(cookie);
    out.lines(
        sent.filter(|(name, _)| !name.is_empty()),
        12,
        |out, (name, value)| out.pair(&name, &value, "}"),
    );
    out.push("],");
    headers(out, &request.headers);
    out.push(",\n          \"queryString\": [");
    let query = url
        .split('#')
        .next()
        .and_then(|url| url.split_once('?'))
        .map_or("", |(_, query)| query);
    out.lines(
        form_urlencoded::parse(query.as_bytes()),
        12,
        |out, (name, value)| out.pair(&name, &value, "}"),
    );
    out.push("]");
    if !request.body.bytes.is_empty() {
        out.push(",\n          \"postData\": {\"mimeType\": ");
        out.text(&request.headers.text("content-type").unwrap_or_default());
        out.push(", \"text\": ");
        out.text(std::str::from_utf8(&request.body.bytes).unwrap_or_default());
        out.push("}");
    }
    sizes(out, request.body.bytes.len());
}

fn response(out: &mut Page, response: &RecordedResponse, plain: Option<&[u8]>) {
    out.push("\n          \"status\": ");
    out.push(&response.status.to_string());
    out.push(",");
    out.field("statusText", response.reason.as_deref().unwrap_or_default());
    out.push(",");
    out.field(
        "httpVersion",
        response.version.as_deref().unwrap_or_default(),
    );
    out.push(",\n          \"cookies\": [");
    let set = response
        .headers
        .all("set-cookie")
        .map(|line| set_cookie(line));
    out.lines(set, 12, |out, (name, value, attributes)| {
        out.pair(&name, &value, &attributes);
    });
    out.push("],");
    headers(out, &response.headers);
    let wire = &response.body.bytes;
    let shown = plain.unwrap_or(wire);
    out.push(",\n          \"content\": {\"size\": ");
    out.push(&shown.len().to_string());
    if plain.is_some_and(|plain| plain.len() >= wire.len()) {
        out.push(", \"compression\": ");
        out.push(&(shown.len() - wire.len()).to_string());
    }
    out.push(", \"mimeType\": ");
    out.text(
        &response
            .headers
            .text("content-type")
            .unwrap_or(Cow::Borrowed("x-unknown")),
    );
    if !shown.is_empty() {
        out.push(", \"text\": ");
        match std::str::from_utf8(shown) {
            Ok(text) => out.text(text),
            Err(_) => {
                out.text(&to_base64(shown));
                out.push(", \"encoding\": \"base64\"");
            }
        }
    }
    out.push("},");
    out.field(
        "redirectURL",
        &response.headers.text("location").unwrap_or_default(),
    );
    sizes(out, wire.len());
}

/// As browsers write a request that was never answered.
fn failure(out: &mut Page, why: &str) {
    out.push(concat!(
        "\n          \"status\": 0,",
        "\n          \"statusText\": \"\",",
        "\n          \"httpVersion\": \"\",",
        "\n          \"cookies\": [],",
        "\n          \"headers\": [],",
        "\n          \"content\": {\"size\": 0, \"mimeType\": \"x-unknown\"},",
        "\n          \"redirectURL\": \"\",",
    ));
    out.field("_error", why);
    sizes(out, 0);
}

fn headers(out: &mut Page, headers: &Headers) {
    out.push("\n          \"headers\": [");
    out.lines(
        headers.iter(),
        12,
        |out, (name, value): (&Bytes, &Bytes)| {
            out.pair(
                &String::from_utf8_lossy(name),
                &String::from_utf8_lossy(value),
                "}",
            );
        },
    );
    out.push("]");
}

fn sizes(out: &mut Page, body: usize) {
    out.push(",\n          \"headersSize\": -1,\n          \"bodySize\": ");
    out.push(&body.to_string());
}

fn cookie(pair: &[u8]) -> (String, String) {
    let pair = String::from_utf8_lossy(pair);
    let (name, value) = pair.split_once('=').unwrap_or((&pair, ""));
    (name.trim().to_owned(), value.trim().to_owned())
}

/// Name, value, and the attributes that HAR has, as the end of an object.
fn set_cookie(line: &[u8]) -> (String, String, String) {
    let mut parts = line.split(|byte| *byte == b';');
    let (name, value) = cookie(parts.next().unwrap_or_default());
    let mut end = String::new();
    for part in parts {
        let (attribute, value) = cookie(part);
        match attribute.to_ascii_lowercase().as_str() {
            "path" => end.push_str(&format!(", \"path\": {}", Value::from(value))),
            "domain" => end.push_str(&format!(", \"domain\": {}", Value::from(value))),
            "httponly" => end.push_str(", \"httpOnly\": true"),
            "secure" => end.push_str(", \"secure\": true"),
            _ => {}
        }
    }
    end.push('}');
    (name, value, end)
}

/// What is being written.
struct Page(Vec<u8>);

impl Page {
    fn push(&mut self, raw: &str) {
        self.0.extend_from_slice(raw.as_bytes());
    }

    fn text(&mut self, text: &str) {
        // Memory takes all that is written to it.
        let _written = serde_json::to_writer(&mut self.0, text);
    }

    fn value(&mut self, value: &Value) {
        let _written = write!(self.0, "{value}");
    }

    /// A member of a request or an answer.
    fn field(&mut self, name: &str, text: &str) {
        self.push("\n          ");
        self.text(name);
        self.push(": ");
        self.text(text);
    }

    fn pair(&mut self, name: &str, value: &str, end: &str) {
        self.push("{\"name\": ");
        self.text(name);
        self.push(", \"value\": ");
        self.text(value);
        self.push(end);
    }

    /// Items, each on a line of its own, that stand `indent` deep; none leave the brackets as they are.
    fn lines<T>(
        &mut self,
        items: impl Iterator<Item = T>,
        indent: usize,
        mut print: impl FnMut(&mut Self, T),
    ) {
        let mut any = false;
        for item in items {
            self.push(if any { ",\n" } else { "\n" });
            self.push(&" ".repeat(indent));
            print(self, item);
            any = true;
        }
        if any {
            self.push("\n");
            self.push(&" ".repeat(indent - 2));
        }
    }
}

const EPOCH: &str = "1970-01-01T00:00:00.000Z";

/// Where a target leads whose host nobody knows (RFC 2606, 2).
const NOWHERE: &str = "http://host.invalid";
