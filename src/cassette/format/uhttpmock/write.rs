//! A trace written, and what it cannot hold.

use std::time::SystemTime;

use crate::{
    cassette::{
        Body, Cassette, Headers, Interaction, Outcome, RecordedRequest, coding, format::Written,
    },
    error::Error,
};

/// Writes a trace.
pub(in crate::cassette::format) fn write(cassette: &Cassette) -> Result<Written, Error> {
    let mut page = Page {
        bytes: Vec::new(),
        losses: Vec::new(),
        number: 0,
    };
    for interaction in &cassette.interactions {
        page.number += 1;
        page.interaction(interaction);
    }
    if !cassette.stand_ins.is_empty() {
        page.losses
            .push("the table of stand-ins: a trace has no place for it".to_owned());
    }
    Ok(Written {
        bytes: page.bytes,
        losses: page.losses,
    })
}

struct Page {
    bytes: Vec<u8>,
    losses: Vec<String>,
    number: usize,
}

impl Page {
    fn interaction(&mut self, interaction: &Interaction) {
        if interaction.pattern.is_some() {
            self.lose("a pattern; a trace holds requests, so the example of it was written");
        }
        if interaction.took.is_some() {
            self.lose("how long the answer took");
        }
        self.request(&interaction.request, interaction.started_at);
        match &interaction.outcome {
            Outcome::Answered(response) => {
                let version = response.version.as_deref().unwrap_or("HTTP/1.1");
                let reason = match &response.reason {
                    Some(reason) => reason.as_str(),
                    None => http::StatusCode::from_u16(response.status)
                        .ok()
                        .and_then(|status| status.canonical_reason())
                        .unwrap_or_default(),
                };
                self.line(
                    b'<',
                    format!("{version} {} {reason}", response.status).as_bytes(),
                );
                self.stamp(b'<', interaction.started_at);
                self.headers(b'<', &response.headers, "response");
                self.body(b'<', &response.body, &response.headers, "response");
                if !response.trailers.is_empty() {
                    self.lose("the trailers of the answer");
                }
            }
            Outcome::Failed(why) => {
                let words = why.split_once(' ');
                let status = words
                    .and_then(|(number, _)| number.parse::<u8>().ok())
                    .filter(|number| (1..=9).contains(number));
                match (status, words) {
                    (Some(_), Some(_)) => self.line(b'<', format!("HTTP/1.1 {why}").as_bytes()),
                    _ => {
                        self.lose("why the call failed");
                        self.line(b'<', b"HTTP/1.1 1 Cancelled");
                    }
                }
            }
        }
        self.end();
    }

    fn request(&mut self, request: &RecordedRequest, at: Option<SystemTime>) {
        let (path, query) = request.path_and_query();
        let target = match query {
            Some(query) => format!("{path}?{query}"),
            None => path.to_owned(),
        };
        let version = request.version.as_deref().unwrap_or("HTTP/1.1");
        self.line(
            b'>',
            format!("{} {target} {version}", request.method).as_bytes(),
        );
        self.stamp(b'>', at);
        match request.origin() {
            Some(origin) => {
                if !request.headers.all("host").any(|_| true) {
                    self.line(b'>', format!("Host: {}", origin.host_header()).as_bytes());
                }
                if !origin.is_secure() && origin.port() != 80 {
                    self.lose("the scheme http: a trace is read as https");
                }
            }
            None => self.lose("the host: the request does not tell it"),
        }
        self.headers(b'>', &request.headers, "request");
        self.body(b'>', &request.body, &request.headers, "request");
        if !request.trailers.is_empty() {
            self.lose("the trailers of the request");
        }
        self.end();
    }

    /// The moment, to the second, in the line that the recorder itself adds.
    fn stamp(&mut self, mark: u8, at: Option<SystemTime>) {
        let since = at.and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok());
        if let Some(since) = since {
            if mark == b'>' && since.subsec_nanos() != 0 {
                self.lose("fractions of a second of the time");
            }
            self.line(
                mark,
                format!("Soup-Debug-Timestamp: {}", since.as_secs()).as_bytes(),
            );
        }
    }

    fn headers(&mut self, mark: u8, headers: &Headers, half: &str) {
        for (name, value) in headers.iter() {
            if value.contains(&b'\n') || name.is_empty() || name.starts_with(b":") {
                self.lose(&format!("a header of the {half} that no line can hold"));
                continue;
            }
            self.line(mark, &[name, b": ".as_slice(), value].concat());
        }
    }

    /// The body, decoded: a trace keeps it so.
    fn body(&mut self, mark: u8, body: &Body, headers: &Headers, half: &str) {
        if body.bytes.is_empty() {
            return;
        }
        let plain = match body.plain(headers, &crate::cassette::Limits::default()) {
            Ok(plain) => plain,
            Err(_) => {
                self.lose(&format!(
                    "the body of the {half}: its coding cannot be undone"
                ));
                return;
            }
        };
        if plain.len() != body.bytes.len() || (plain.as_ref() != body.bytes.as_ref()) {
            self.lose(&format!(
                "the compressed bytes of the {half}; they were written decoded"
            ));
        }
        let kept = memchr::memchr(0, &plain).map_or(plain.as_ref(), |nul| &plain[..nul]);
        if kept.len() < plain.len() {
            self.lose(&format!("the body of the {half} after a NUL"));
        }
        let announced = headers
            .text("content-length")
            .and_then(|text| text.trim().parse().ok());
        let kept = match kept.strip_suffix(b"\n") {
            Some(before) => {
                if announced != Some(kept.len()) || !coding::told(headers).is_empty() {
                    self.lose(&format!("the last line feed of the body of the {half}"));
                }
                before
            }
            None => kept,
        };
        self.line(mark, b"");
        for line in kept.split(|byte| *byte == b'\n') {
            self.line(mark, line);
        }
    }

    fn line(&mut self, mark: u8, text: &[u8]) {
        self.bytes.push(mark);
        self.bytes.push(b' ');
        self.bytes.extend_from_slice(text);
        self.bytes.push(b'\n');
    }

    fn end(&mut self) {
        self.bytes.extend_from_slice(b"  \n");
    }

    fn lose(&mut self, what: &str) {
        self.losses
            .push(format!("interaction {}: {what}", self.number));
    }
}
