//! A transport that keeps what went over it, to show it as it is on the wire.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use serde::Serialize;

use crate::transport::{Transport, TransportError};

/// One exchange as text.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Tapped {
    pub(super) request: Message,
    pub(super) response: Message,
}

/// A start line, headers, and as much of the body as is worth showing.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Message {
    pub(super) start: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

/// Keeps every exchange of `inner`.
#[derive(Debug)]
pub(super) struct Wiretap<T> {
    inner: T,
    tapped: Arc<Mutex<Vec<Tapped>>>,
}

impl<T> Wiretap<T> {
    pub(super) fn new(inner: T) -> Self {
        Self {
            inner,
            tapped: Arc::default(),
        }
    }

    /// What went over since the last call.
    pub(super) fn take(&self) -> Vec<Tapped> {
        std::mem::take(&mut *self.tapped.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<T: Transport> Transport for Wiretap<T> {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(async move {
            let sent = Message::of_request(&request);
            let answer = self.inner.send(request).await?;
            let received = Message::of_response(&answer);
            self.tapped
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(Tapped {
                    request: sent,
                    response: received,
                });
            Ok(answer)
        })
    }
}

impl Message {
    fn of_request(request: &http::Request<Bytes>) -> Self {
        let target = request
            .uri()
            .path_and_query()
            .map_or("/", http::uri::PathAndQuery::as_str);
        let mut headers = Vec::new();
        if let Some(authority) = request.uri().authority() {
            headers.push(("host".to_owned(), authority.to_string()));
        }
        headers.extend(texts(request.headers()));
        if !request.body().is_empty() {
            headers.push((
                "content-length".to_owned(),
                request.body().len().to_string(),
            ));
        }
        Self {
            start: format!("{} {target} HTTP/1.1", request.method()),
            headers,
            body: excerpt(request.body()),
        }
    }

    fn of_response(response: &http::Response<Bytes>) -> Self {
        Self {
            start: format!("HTTP/1.1 {}", response.status()),
            headers: texts(response.headers()).collect(),
            body: excerpt(response.body()),
        }
    }
}

fn texts(headers: &http::HeaderMap) -> impl Iterator<Item = (String, String)> + '_ {
    headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.to_string(), value)
    })
}

/// The start of a body, without the style of a page; what is not text is counted.
fn excerpt(body: &Bytes) -> String {
    const SHOWN: usize = 700;
    if let Ok(text) = std::str::from_utf8(body)
        && let Some((before, rest)) = text.split_once("<style>")
        && let Some((_, after)) = rest.split_once("</style>")
    {
        return excerpt(&Bytes::from([before, after].concat()));
    }
    let mut out = String::new();
    for chunk in body.utf8_chunks() {
        for c in chunk.valid().chars() {
            if out.len() >= SHOWN {
                break;
            }
            match c {
                '\n' | '\t' => out.push(c),
                '\r' => {}
                c if c.is_control() => {
                    return format!("{out}… ({} bytes, not all of them text)", body.len());
                }
                c => out.push(c),
            }
        }
        if out.len() >= SHOWN {
            return format!("{out}… ({} bytes)", body.len());
        }
        if !chunk.invalid().is_empty() {
            return format!("{out}… ({} bytes, not all of them text)", body.len());
        }
    }
    out
}
