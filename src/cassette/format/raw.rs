//! HTTP as text: an answer by itself, or requests and answers in turn, with LF or CRLF; and a bare body.
//!
//! A body lasts for its `Content-Length`, through its chunks, or to the end of the file. Files that were made by hand
//! often lack the last line feed that the length counts (cassettes.md 3.4): the body is then what is there.

use bytes::Bytes;

use super::{Format, Source, is_version};
use crate::{
    cassette::{
        Body, BodyForm, Cassette, Headers, Interaction, Outcome, Pattern, Problem, Reading,
        RecordedRequest, RecordedResponse, Severity,
    },
    error::{Error, Kind},
};

/// Whether the file begins with a status line, a request line, or is a body of a kind that gdata answered with.
pub(super) fn is(source: &Source<'_>) -> bool {
    let line = source
        .bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    start_of(line.strip_suffix(b"\r").unwrap_or(line)).is_some() || is_bare(&source.bytes)
}

/// Reads the text.
pub(super) fn read(source: &Source<'_>) -> Result<Reading, Error> {
    let mut reader = Reader {
        source,
        rest: source.bytes.clone(),
        reading: Reading::new(Format::RawHttp, Cassette::default()),
        request: None,
        count: 0,
    };
    if is_bare(&source.bytes) {
        reader.note(
            "",
            "no status line: read as the body of an answer to any request",
            Severity::Note,
        );
        let mut response = RecordedResponse::new(200);
        response.body = Body {
            form: BodyForm::Decoded,
            ..Body::unknown(source.bytes.clone())
        };
        reader.push(Outcome::Answered(response));
        return Ok(reader.reading);
    }
    while !reader.rest.is_empty() {
        if !reader.message()? {
            break;
        }
    }
    reader.unanswered();
    if reader.reading.cassette.interactions.is_empty() {
        return Err(Error::new(
            Kind::Reply,
            format!(
                "{}: expected a request or an answer of HTTP, got another text",
                source.name
            ),
        ));
    }
    Ok(reader.reading)
}

enum Start {
    Request(RecordedRequest),
    Answer(RecordedResponse),
}

struct Reader<'s> {
    source: &'s Source<'s>,
    rest: Bytes,
    reading: Reading,
    request: Option<RecordedRequest>,
    count: usize,
}

impl Reader<'_> {
    /// Reads one message; `false` when the rest is none.
    fn message(&mut self) -> Result<bool, Error> {
        // Blank lines between messages (RFC 9112, 2.2).
        while let Some(after) = blank(&self.rest) {
            self.rest = self.rest.slice(after..);
        }
        let line = self.line();
        if line.is_empty() && self.rest.is_empty() {
            return Ok(false);
        }
        let Some(start) = start_of(&line) else {
            self.note(
                "",
                "expected a request line or a status line, got another",
                Severity::Torn,
            );
            return Ok(false);
        };
        let headers = self.headers()?;
        match start {
            Start::Request(mut request) => {
                self.unanswered();
                request.body = self.body(&headers, true);
                request.base = headers.text("host").map(|host| format!("https://{host}"));
                request.headers = headers;
                self.request = Some(request);
            }
            Start::Answer(mut response) => {
                let to_head = self
                    .request
                    .as_ref()
                    .is_some_and(|request| request.method == "HEAD");
                let bare = to_head || matches!(response.status, 204 | 304);
                if !bare {
                    response.body = self.body(&headers, false);
                }
                response.headers = headers;
                if response.body.is_decoded(&response.headers) {
                    response.body.form = BodyForm::Decoded;
                    self.note(
                        "response.body",
                        "told as compressed, kept in the clear",
                        Severity::Note,
                    );
                }
                self.push(Outcome::Answered(response));
            }
        }
        Ok(true)
    }

    fn headers(&mut self) -> Result<Headers, Error> {
        let mut headers = Headers::default();
        while !self.rest.is_empty() {
            let line = self.line();
            if line.is_empty() {
                break;
            }
            if headers.len() == self.source.limits.headers {
                return Err(Error::input(
                    self.source.name,
                    format_args!(
                        "expected at most {} headers, got more",
                        self.source.limits.headers
                    ),
                ));
            }
            match memchr::memchr(b':', &line) {
                Some(colon) => headers.push(
                    line.slice(..colon),
                    line.slice_ref(line[colon + 1..].trim_ascii()),
                ),
                None => self.note(
                    "headers",
                    "expected name: value, got another line",
                    Severity::Note,
                ),
            }
        }
        Ok(headers)
    }

    fn body(&mut self, headers: &Headers, of_request: bool) -> Body {
        let side = if of_request {
            "request.body"
        } else {
            "response.body"
        };
        let chunked = headers
            .text("transfer-encoding")
            .is_some_and(|coding| coding.to_ascii_lowercase().contains("chunked"));
        if chunked {
            if let Some((body, used)) = unchunk(&self.rest) {
                self.rest = self.rest.slice(used..);
                return Body::wire(body);
            }
            self.note(
                side,
                "told as chunked, kept without its chunks",
                Severity::Note,
            );
            return Body::unknown(self.rest.split_off(0));
        }
        let announced: Option<u64> = headers
            .text("content-length")
            .and_then(|text| text.trim().parse().ok());
        match announced {
            Some(length) if length <= self.rest.len() as u64 => {
                let length = usize::try_from(length).unwrap_or(self.rest.len());
                Body::unknown(self.rest.split_to(length))
            }
            Some(length) => {
                let body = self.rest.split_off(0);
                self.note(side, "shorter than its Content-Length", Severity::Note);
                Body {
                    truncated_from: Some(length),
                    ..Body::unknown(body)
                }
            }
            None if of_request => Body::default(),
            None => Body::unknown(self.rest.split_off(0)),
        }
    }

    fn line(&mut self) -> Bytes {
        let end = memchr::memchr(b'\n', &self.rest);
        let mut line = self.rest.split_to(end.map_or(self.rest.len(), |at| at + 1));
        if line.ends_with(b"\n") {
            line.truncate(line.len() - 1);
        }
        if line.ends_with(b"\r") {
            line.truncate(line.len() - 1);
        }
        line
    }

    fn unanswered(&mut self) {
        if self.request.is_some() {
            self.push(Outcome::Failed("no answer".to_owned()));
        }
    }

    /// An answer without a request is one to any: a pattern without criteria.
    fn push(&mut self, outcome: Outcome) {
        let mut interaction = match self.request.take() {
            Some(request) => Interaction::of(request, outcome),
            None => {
                let mut stub = Interaction::of(RecordedRequest::new("GET", "/"), outcome);
                stub.pattern = Some(Pattern::default());
                stub
            }
        };
        interaction.provenance.format = Some(Format::RawHttp);
        interaction.provenance.index = self.count;
        self.count += 1;
        self.reading.cassette.interactions.push(interaction);
    }

    fn note(&mut self, field: &str, message: &str, severity: Severity) {
        self.reading.problems.push(Problem {
            file: self.source.name.to_owned(),
            interaction: Some(self.count + 1),
            field: field.to_owned(),
            message: message.to_owned(),
            severity,
        });
    }
}

fn start_of(line: &[u8]) -> Option<Start> {
    let line = std::str::from_utf8(line).ok()?;
    let mut words = line.splitn(3, ' ');
    let first = words.next()?;
    let second = words.next()?;
    if is_version(first) {
        let status = second.parse().ok().filter(|status| *status >= 100)?;
        let mut response = RecordedResponse::new(status);
        response.version = Some(first.to_owned());
        response.reason = words.next().map(str::to_owned);
        return Some(Start::Answer(response));
    }
    let version = words.next().filter(|word| is_version(word))?;
    let is_method = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_uppercase());
    is_method.then(|| {
        let mut request = RecordedRequest::new(first, second);
        request.version = Some(version.to_owned());
        Start::Request(request)
    })
}

/// XML, JSON of an answer about tokens, or the lines of ClientLogin.
fn is_bare(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii_start();
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let lines = [b"SID=".as_slice(), b"Auth=", b"Token=", b"Error="];
    text.starts_with(b"<?xml")
        || text.starts_with(b"<feed")
        || text.starts_with(b"<entry")
        || lines.iter().any(|line| text.starts_with(line))
        || serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(text).is_ok()
}

fn blank(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [b'\n', ..] => Some(1),
        [b'\r', b'\n', ..] => Some(2),
        _ => None,
    }
}

/// The body inside its chunks, and how many bytes they take (RFC 9112, 7.1).
fn unchunk(bytes: &[u8]) -> Option<(Bytes, usize)> {
    let (mut body, mut at) = (Vec::new(), 0);
    loop {
        let end = at + memchr::memchr(b'\n', bytes.get(at..)?)?;
        let line = std::str::from_utf8(&bytes[at..end]).ok()?;
        let size = line.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        at = end + 1;
        if size == 0 {
            // Trailers, if any, to the blank line.
            loop {
                match memchr::memchr(b'\n', bytes.get(at..)?) {
                    None => return Some((body.into(), bytes.len())),
                    Some(length) => {
                        let empty = bytes[at..at + length].trim_ascii().is_empty();
                        at += length + 1;
                        if empty {
                            return Some((body.into(), at));
                        }
                    }
                }
            }
        }
        body.extend_from_slice(bytes.get(at..at.checked_add(size)?)?);
        at += size;
        at += blank(bytes.get(at..)?)?;
    }
}
