//! What went over the wire, to show it: requests as the server received them, with all that the HTTP
//! client added, and answers as the client received them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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

/// The server's side: keeps every request as it came.
#[derive(Debug)]
pub(super) struct Received<T> {
    inner: T,
    requests: Arc<Mutex<Vec<Message>>>,
}

impl<T> Received<T> {
    pub(super) fn new(inner: T) -> Self {
        Self {
            inner,
            requests: Arc::default(),
        }
    }

    /// The client's side of the same wire.
    pub(super) fn tap<C>(&self, client: C) -> Wiretap<C> {
        Wiretap {
            inner: client,
            requests: self.requests.clone(),
            tapped: Arc::default(),
        }
    }
}

impl<T: Transport> Transport for Received<T> {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        // A browser asks for a page's picture by itself, at any moment.
        if request.uri().path() != "/favicon.ico" {
            lock(&self.requests).push(Message::of_request(&request));
        }
        self.inner.send(request)
    }
}

/// Keeps every exchange of `inner`, one at a time.
#[derive(Debug)]
pub(super) struct Wiretap<T> {
    inner: T,
    requests: Arc<Mutex<Vec<Message>>>,
    tapped: Arc<Mutex<Vec<Tapped>>>,
}

impl<T> Wiretap<T> {
    /// What went over since the last call.
    pub(super) fn take(&self) -> Vec<Tapped> {
        std::mem::take(&mut *lock(&self.tapped))
    }
}

impl<T: Transport> Transport for Wiretap<T> {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(async move {
            let answer = self.inner.send(request).await?;
            if let Some(request) = lock(&self.requests).pop() {
                lock(&self.tapped).push(Tapped {
                    request,
                    response: Message::of_response(&answer),
                });
            }
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
        Self {
            start: format!("{} {target} HTTP/1.1", request.method()),
            headers: texts(request.headers()).collect(),
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

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
