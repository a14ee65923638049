//! Recordings made by hand, and a search for what must not stand in them.

use std::{
    io::{Read, Write},
    sync::{Arc, Mutex},
};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use bytes::Bytes;
use gdata_auth::{
    Transport,
    cassette::{Body, Cassette, Headers, Interaction, Outcome, RecordedRequest, RecordedResponse},
    transport::TransportError,
};

pub fn request(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> RecordedRequest {
    let mut request = RecordedRequest::new(method, url);
    for (name, value) in headers {
        request.headers.push(name.to_string(), value.to_string());
    }
    request.body = Body::wire(body.to_owned());
    request
}

pub fn response(headers: &[(&str, &str)], body: &str) -> RecordedResponse {
    let mut response = RecordedResponse::new(200);
    for (name, value) in headers {
        response.headers.push(name.to_string(), value.to_string());
    }
    response.body = Body::wire(body.to_owned());
    response
}

/// One answer to a plain request.
pub fn answered(headers: &[(&str, &str)], body: &str) -> Cassette {
    let request = request("GET", "https://www.example.com/a", &[], "");
    Cassette::new(vec![Interaction::new(request, response(headers, body))])
}

/// One request with an empty answer.
pub fn asked(url: &str, headers: &[(&str, &str)], body: &str) -> Cassette {
    let request = request("POST", url, headers, body);
    Cassette::new(vec![Interaction::new(request, response(&[], ""))])
}

pub fn gzip(plain: &[u8]) -> Vec<u8> {
    // A stored block (RFC 1951, 3.2.4) in a gzip member: no compressor of the code under test.
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let len = u16::try_from(plain.len()).unwrap();
    out.push(1);
    out.extend(len.to_le_bytes());
    out.extend((!len).to_le_bytes());
    out.write_all(plain).unwrap();
    out.extend(crc32(plain).to_le_bytes());
    out.extend((plain.len() as u32).to_le_bytes());
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |mut crc: u32, byte| {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            };
        }
        crc
    })
}

pub fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut child = std::process::Command::new("gzip")
        .arg("-dc")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    let mut plain = Vec::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_end(&mut plain)
        .unwrap();
    child.wait().unwrap();
    plain
}

/// Every byte that a writer could write.
pub fn texts(cassette: &Cassette) -> Vec<Vec<u8>> {
    fn headers(all: &mut Vec<Vec<u8>>, headers: &Headers) {
        for (name, value) in headers.iter() {
            all.push(name.to_vec());
            all.push(value.to_vec());
        }
    }
    let mut all = Vec::new();
    for interaction in &cassette.interactions {
        let request = &interaction.request;
        all.push(request.url().into_bytes());
        all.push(request.target.clone().into_bytes());
        headers(&mut all, &request.headers);
        headers(&mut all, &request.trailers);
        all.push(request.body.bytes.to_vec());
        match &interaction.outcome {
            Outcome::Answered(response) => {
                headers(&mut all, &response.headers);
                headers(&mut all, &response.trailers);
                all.extend(response.reason.clone().map(String::into_bytes));
                all.push(response.body.bytes.to_vec());
            }
            Outcome::Failed(why) => all.push(why.clone().into_bytes()),
            _ => {}
        }
        all.push(format!("{:?}", interaction.pattern).into_bytes());
        all.push(serde_json::to_vec(&interaction.provenance.extra).unwrap());
    }
    for one in &cassette.stand_ins {
        all.push(one.text.clone().into_bytes());
    }
    let zipped = all.iter().filter(|text| text.starts_with(&[0x1f, 0x8b]));
    let inflated: Vec<Vec<u8>> = zipped.map(|text| gunzip(text)).collect();
    all.extend(inflated);
    all
}

/// In which forms a secret is still there.
pub fn remains(cassette: &Cassette, secret: &str) -> Vec<String> {
    let mut forms: Vec<(String, Vec<u8>)> = vec![
        ("plain".to_owned(), secret.as_bytes().to_vec()),
        ("hex".to_owned(), hex(secret, false).into_bytes()),
        ("HEX".to_owned(), hex(secret, true).into_bytes()),
    ];
    for before in 0..3 {
        let padded = [&[b'?'; 2][..before], secret.as_bytes()].concat();
        let letters = padded.len() * 8 / 6;
        let from = [0, 2, 3][before];
        for text in [
            STANDARD_NO_PAD.encode(&padded),
            URL_SAFE_NO_PAD.encode(&padded),
        ] {
            forms.push((
                format!("base64+{before}"),
                text.as_bytes()[from..letters].to_vec(),
            ));
        }
    }
    let mut found = Vec::new();
    for text in texts(cassette) {
        let once = unpercent(&text);
        let twice = unpercent(&once);
        let thrice = unpercent(&twice);
        let unescaped = unescape(&text);
        for (name, form) in &forms {
            for (layer, text) in [
                ("", &text),
                ("%", &once),
                ("%%", &twice),
                ("%%%", &thrice),
                ("\\", &unescaped),
            ] {
                if text.windows(form.len()).any(|window| window == &form[..]) {
                    found.push(format!("{name}{layer}: {}", String::from_utf8_lossy(text)));
                }
            }
        }
    }
    found
}

fn hex(text: &str, upper: bool) -> String {
    let one = |byte: u8| match upper {
        true => format!("{byte:02X}"),
        false => format!("{byte:02x}"),
    };
    text.bytes().map(one).collect()
}

fn unpercent(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let digits = text
            .get(at + 1..at + 3)
            .and_then(|two| std::str::from_utf8(two).ok());
        match digits.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) if text[at] == b'%' => {
                out.push(byte);
                at += 3;
            }
            _ => {
                out.push(if text[at] == b'+' { b' ' } else { text[at] });
                at += 1;
            }
        }
    }
    out
}

fn unescape(text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    let text = text
        .replace("\\/", "/")
        .replace("\\u002f", "/")
        .replace("\\u002F", "/");
    let text = text
        .replace("&#47;", "/")
        .replace("&#x2F;", "/")
        .replace("&amp;", "&");
    text.into_bytes()
}

/// Keeps what goes through it.
pub struct Taping<T> {
    pub inner: T,
    pub tape: Arc<Mutex<Vec<Interaction>>>,
}

impl<T> Taping<T> {
    pub fn new(inner: T) -> Self {
        Self {
            inner,
            tape: Arc::default(),
        }
    }

    pub fn cassette(&self) -> Cassette {
        Cassette::new(self.tape.lock().unwrap().clone())
    }
}

impl<T: Transport> Transport for Taping<T> {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> futures_core::future::BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(async move {
            let asked = RecordedRequest::of(&request);
            let answer = self.inner.send(request).await?;
            let answered = RecordedResponse::of(&answer);
            let interaction = Interaction::new(asked, answered);
            self.tape.lock().unwrap().push(interaction);
            Ok(answer)
        })
    }
}
