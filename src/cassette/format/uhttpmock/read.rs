//! A trace read: halves are found by their marks, so that a damaged pair does not end the reading.

use std::time::{Duration, SystemTime};

use bytes::Bytes;

use super::DEBUG;
use crate::{
    cassette::{
        Body, Cassette, Headers, Interaction, Outcome, Problem, Reading, RecordedRequest,
        RecordedResponse, Severity,
        format::{Format, Source, is_version},
    },
    error::Error,
};

/// Whether the first line is that of a request in a trace. A file of nothing is a trace of nothing too, but tells nothing.
pub(in crate::cassette::format) fn is(source: &Source<'_>) -> bool {
    first_line(&source.bytes)
        .strip_prefix(b"> ")
        .is_some_and(|line| request_line(line).is_some())
}

/// Reads a trace.
pub(in crate::cassette::format) fn read(source: &Source<'_>) -> Result<Reading, Error> {
    let mut trace = Trace {
        source,
        reading: Reading::new(Format::Uhttpmock, Cassette::default()),
        request: None,
        count: 0,
    };
    let mut half: Option<Half> = None;
    let mut at = 0;
    while at < source.bytes.len() {
        let end = memchr::memchr(b'\n', &source.bytes[at..]).map_or(source.bytes.len(), |n| at + n);
        let line = source.bytes.slice(at..end);
        at = end + 1;
        if line.as_ref() == END {
            if let Some(half) = half.take() {
                trace.take(&half)?;
            }
        } else if let Some((side, text)) = side(&line) {
            let starts = side == Side::Request && request_line(&text).is_some();
            match &mut half {
                // A half that was never ended: the next request begins anew.
                Some(open) if open.side == side && !(starts && open.in_head()) => {
                    open.lines.push(text);
                }
                _ => {
                    if let Some(open) = half.take() {
                        trace.take(&open)?;
                    }
                    half = Some(Half {
                        side,
                        lines: vec![text],
                        blank: false,
                    });
                }
            }
            if let Some(open) = &mut half
                && open.lines.last().is_some_and(Bytes::is_empty)
            {
                open.blank = true;
            }
        } else if !line.is_empty() {
            trace.note(
                "",
                "expected a line that begins with > or <, got another",
                Severity::Lost,
            );
        }
    }
    if let Some(half) = half.take() {
        trace.take(&half)?;
        trace.unended(half.side);
    }
    trace.unanswered();
    Ok(trace.reading)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Request,
    Answer,
}

struct Half {
    side: Side,
    lines: Vec<Bytes>,
    /// The line between head and body has come.
    blank: bool,
}

impl Half {
    fn in_head(&self) -> bool {
        !self.blank
    }
}

struct Trace<'s> {
    source: &'s Source<'s>,
    reading: Reading,
    /// A request that waits for its answer.
    request: Option<(RecordedRequest, Option<SystemTime>)>,
    count: usize,
}

impl Trace<'_> {
    fn take(&mut self, half: &Half) -> Result<(), Error> {
        match half.side {
            Side::Request => {
                self.unanswered();
                self.count += 1;
                if self.count > self.source.limits.interactions {
                    return Err(Error::input(
                        self.source.name,
                        format_args!(
                            "expected at most {} interactions, got more",
                            self.source.limits.interactions
                        ),
                    ));
                }
                self.request = self.read_request(&half.lines);
            }
            Side::Answer => match self.request.take() {
                Some((request, at)) => match self.read_answer(&half.lines) {
                    Some(outcome) => self.push(request, at, outcome),
                    None => self.note(
                        "response.status",
                        "expected a status line, got another",
                        Severity::Lost,
                    ),
                },
                None => self.note(
                    "request",
                    "expected a request before the answer, got none",
                    Severity::Lost,
                ),
            },
        }
        Ok(())
    }

    /// The last half lacks its end. Whether anything else is missing, only a length can tell.
    fn unended(&mut self, side: Side) {
        let last = self.reading.cassette.interactions.last();
        let whole = last
            .and_then(Interaction::response)
            .is_some_and(|response| {
                side == Side::Answer
                    && announced(&response.headers) == Some(response.body.bytes.len() as u64)
            });
        let severity = if whole {
            Severity::Note
        } else {
            Severity::Torn
        };
        self.note(
            "",
            "expected two spaces after the last half, got the end of the file",
            severity,
        );
    }

    /// Half a pair, as cancelled calls leave it.
    fn unanswered(&mut self) {
        if let Some((request, at)) = self.request.take() {
            self.note(
                "response",
                "expected an answer, got none: the call did not end",
                Severity::Note,
            );
            self.push(request, at, Outcome::Failed("no answer".to_owned()));
        }
    }

    fn push(&mut self, request: RecordedRequest, at: Option<SystemTime>, outcome: Outcome) {
        let mut interaction = Interaction::of(request, outcome);
        interaction.started_at = at;
        interaction.provenance.format = Some(Format::Uhttpmock);
        interaction.provenance.index = self.count - 1;
        self.reading.cassette.interactions.push(interaction);
    }

    fn read_request(&mut self, lines: &[Bytes]) -> Option<(RecordedRequest, Option<SystemTime>)> {
        let Some((method, target, version)) = lines.first().and_then(|line| request_line(line))
        else {
            self.note(
                "request",
                "expected METHOD path HTTP/1.1, got another line",
                Severity::Lost,
            );
            return None;
        };
        let mut request = RecordedRequest::new(method, target);
        request.version = Some(version.to_owned());
        let (headers, at, body) = self.read_message(&lines[1..])?;
        request.base = headers.text("host").map(|host| base_of(&host));
        request.body = Body::unknown(body);
        request.headers = headers;
        Some((request, at))
    }

    fn read_answer(&mut self, lines: &[Bytes]) -> Option<Outcome> {
        let line = String::from_utf8_lossy(lines.first()?).into_owned();
        let mut words = line.splitn(3, ' ');
        let version = words.next().filter(|word| is_version(word))?;
        let status: u16 = words.next()?.parse().ok()?;
        let reason = words.next().unwrap_or_default();
        // What libsoup makes of a call that was cancelled or found no server (cassettes.md 2.2).
        if status < 100 {
            return Some(Outcome::Failed(
                format!("{status} {reason}").trim_end().to_owned(),
            ));
        }
        let mut response = RecordedResponse::new(status);
        response.version = Some(version.to_owned());
        response.reason = Some(reason.to_owned());
        let (headers, _, body) = self.read_message(&lines[1..])?;
        response.body = Body::unknown(body);
        response.headers = headers;
        if response.body.is_decoded(&response.headers) {
            response.body.form = crate::cassette::BodyForm::Decoded;
            self.note(
                "response.body",
                "told as compressed, kept in the clear",
                Severity::Note,
            );
        } else if let Some(length) = announced(&response.headers)
            && length > response.body.bytes.len() as u64
        {
            self.note(
                "response.body",
                "shorter than its Content-Length",
                Severity::Note,
            );
            response.body.truncated_from = Some(length);
        }
        Some(Outcome::Answered(response))
    }

    /// Headers, the recorder's own time, and the body.
    fn read_message(&mut self, lines: &[Bytes]) -> Option<(Headers, Option<SystemTime>, Bytes)> {
        let head = lines
            .iter()
            .position(Bytes::is_empty)
            .unwrap_or(lines.len());
        if head > self.source.limits.headers {
            self.note(
                "headers",
                "expected fewer headers, got too many",
                Severity::Lost,
            );
            return None;
        }
        let (mut headers, mut at) = (Headers::default(), None);
        for line in &lines[..head] {
            let Some(colon) = memchr::memchr(b':', line) else {
                self.note(
                    "headers",
                    "expected name: value, got another line",
                    Severity::Note,
                );
                continue;
            };
            let name = line.slice(..colon);
            let value = line.slice_ref(line[colon + 1..].trim_ascii());
            let lower = String::from_utf8_lossy(&name).to_ascii_lowercase();
            if lower == "soup-debug-timestamp" {
                at = seconds(&value);
            }
            if !DEBUG.contains(&lower.as_str()) {
                headers.push(name, value);
            }
        }
        let body = lines.get(head + 1..).unwrap_or_default();
        let length = announced(&headers);
        Some((headers, at, join(body, length)))
    }

    fn note(&mut self, field: &str, message: &str, severity: Severity) {
        self.reading.problems.push(Problem {
            file: self.source.name.to_owned(),
            interaction: (self.count > 0).then_some(self.count),
            field: field.to_owned(),
            message: message.to_owned(),
            severity,
        });
    }
}

/// The lines joined by LF, with one at the end where the announced length has room for just that.
fn join(lines: &[Bytes], announced: Option<u64>) -> Bytes {
    let naive = lines.iter().map(|line| line.len() + 1).sum::<usize>();
    let mut body = Vec::with_capacity(naive);
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            body.push(b'\n');
        }
        body.extend_from_slice(line);
    }
    if naive > 0 && announced == Some(naive as u64) {
        body.push(b'\n');
    }
    body.into()
}

fn side(line: &Bytes) -> Option<(Side, Bytes)> {
    let side = match line.first()? {
        b'>' => Side::Request,
        b'<' => Side::Answer,
        _ => return None,
    };
    match line.get(1) {
        Some(b' ') => Some((side, line.slice(2..))),
        // An editor took the space of an empty line away.
        None => Some((side, Bytes::new())),
        Some(_) => None,
    }
}

fn request_line(line: &[u8]) -> Option<(&str, &str, &str)> {
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    let (method, target, version) = (words.next()?, words.next()?, words.next()?);
    let fits = words.next().is_none()
        && !method.is_empty()
        && method.bytes().all(|byte| byte.is_ascii_uppercase())
        && !target.is_empty()
        && is_version(version);
    fits.then_some((method, target, version))
}

fn base_of(host: &str) -> String {
    let scheme = if host.ends_with(":80") {
        "http"
    } else {
        "https"
    };
    format!("{scheme}://{host}")
}

fn announced(headers: &Headers) -> Option<u64> {
    headers.text("content-length")?.trim().parse().ok()
}

fn seconds(text: &[u8]) -> Option<SystemTime> {
    let seconds = std::str::from_utf8(text).ok()?.parse().ok()?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}

fn first_line(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == b'\n').next().unwrap_or(bytes)
}

/// Ends a half.
const END: &[u8] = b"  ";
