//! One call: the request out, the reply in, within its limits.
//!
//! The time limits are ours and not reqwest's: its read timeout runs while the body is still being
//! sent, and would end every upload that takes longer.

use std::{
    convert::Infallible,
    future::Future,
    io::{self, Read},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use ::reqwest::{Body, Client, Request, Response};
use bytes::{Bytes, BytesMut};
use futures_util::stream;
use http::{HeaderMap, HeaderValue, header, request::Parts};
use tokio::time::timeout;
use url::Url;

use super::{address, failure};
use crate::transport::{Mishap, TransportError};

/// What a call may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// The time of the whole call.
    pub(super) whole: Option<Duration>,
    /// The time in which no byte moves.
    pub(super) idle: Option<Duration>,
    /// Bytes of the reply's body.
    pub(super) max_body: usize,
    /// Bytes of the reply's header names and values.
    pub(super) max_head: usize,
}

/// Where the bytes of a request come from.
pub(super) enum Outgoing {
    Whole(Bytes),
    /// So many of them, read as they go.
    Read(u64, Box<dyn Read + Send>),
}

/// Takes the body of a success: a piece, and how many bytes are announced in all.
pub(super) type Sink<'s> = dyn FnMut(&[u8], Option<u64>) -> io::Result<()> + Send + 's;

/// Sends a request and reads the reply, whole but for what `sink` takes.
pub(super) async fn carry(
    client: &Client,
    limits: Limits,
    parts: Parts,
    body: Outgoing,
    sink: Option<&mut Sink<'_>>,
) -> Result<http::Response<Bytes>, TransportError> {
    let url = address::unchanged(&parts.uri)?;
    let call = Call {
        limits,
        origin: url.origin().ascii_serialization(),
        sent: Arc::default(),
    };
    let outgoing = match body {
        Outgoing::Whole(body) => call.outgoing(parts, url, body)?,
        Outgoing::Read(length, body) => call.outgoing_from(parts, url, length, body)?,
    };
    match limits.whole {
        Some(limit) => timeout(limit, call.exchange(client, outgoing, sink))
            .await
            .unwrap_or_else(|_| Err(call.late(limit, "a reply"))),
        None => call.exchange(client, outgoing, sink).await,
    }
}

struct Call {
    limits: Limits,
    origin: String,
    /// Pieces of the body that the connection has taken.
    sent: Arc<AtomicUsize>,
}

impl Call {
    fn outgoing(&self, parts: Parts, url: Url, body: Bytes) -> Result<Request, TransportError> {
        check_length(&parts.headers, body.len() as u64)?;
        let mut request = Request::new(parts.method, url);
        *request.headers_mut() = parts.headers;
        if body.is_empty() {
            return Ok(request);
        }
        if self.limits.idle.is_some() && body.len() > PIECE {
            let headers = request.headers_mut();
            if !headers.contains_key(header::TRANSFER_ENCODING) {
                headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
            }
            *request.body_mut() = Some(self.in_pieces(body));
        } else {
            *request.body_mut() = Some(Body::from(body));
        }
        Ok(request)
    }

    fn outgoing_from(
        &self,
        parts: Parts,
        url: Url,
        length: u64,
        body: Box<dyn Read + Send>,
    ) -> Result<Request, TransportError> {
        check_length(&parts.headers, length)?;
        let mut request = Request::new(parts.method, url);
        *request.headers_mut() = parts.headers;
        let headers = request.headers_mut();
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        let mut left = length;
        let mut body = body.take(length);
        let sent = Arc::clone(&self.sent);
        let pieces = std::iter::from_fn(move || {
            if left == 0 {
                return None;
            }
            let mut piece = vec![0; left.min(PIECE as u64) as usize];
            if let Err(cause) = body.read_exact(&mut piece) {
                left = 0;
                return Some(Err(cause));
            }
            left -= piece.len() as u64;
            sent.fetch_add(1, Ordering::Relaxed);
            Some(Ok(Bytes::from(piece)))
        });
        *request.body_mut() = Some(Body::wrap_stream(stream::iter(pieces)));
        Ok(request)
    }

    /// A body whose progress can be seen.
    fn in_pieces(&self, mut rest: Bytes) -> Body {
        let sent = Arc::clone(&self.sent);
        Body::wrap_stream(stream::iter(std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            sent.fetch_add(1, Ordering::Relaxed);
            Some(Ok::<_, Infallible>(rest.split_to(PIECE.min(rest.len()))))
        })))
    }

    async fn exchange(
        &self,
        client: &Client,
        outgoing: Request,
        sink: Option<&mut Sink<'_>>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let response = self
            .while_moving(client.execute(outgoing))
            .await?
            .map_err(|cause| failure::of(&self.origin, &cause))?;
        let head: usize = response
            .headers()
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len())
            .sum();
        if head > self.limits.max_head {
            return Err(self.too_large("headers", self.limits.max_head));
        }
        self.collect(response, sink).await
    }

    async fn collect(
        &self,
        mut response: Response,
        sink: Option<&mut Sink<'_>>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let cap = self.limits.max_body;
        let announced = response.content_length();
        let mut sink = sink.filter(|_| response.status().is_success());
        if sink.is_none() && announced.unwrap_or(0) > cap as u64 {
            return Err(self.too_large("a body", cap));
        }
        let mut body = BytesMut::new();
        while let Some(piece) = self
            .while_moving(response.chunk())
            .await?
            .map_err(|cause| failure::of(&self.origin, &cause))?
        {
            if let Some(sink) = &mut sink {
                sink(&piece, announced).map_err(|cause| {
                    let problem = "cannot put the body where it was to go";
                    TransportError::new(
                        Mishap::Other,
                        format!("{}: {problem}: {cause}", self.origin),
                    )
                    .caused_by(cause)
                })?;
                continue;
            }
            if piece.len() > cap - body.len() {
                return Err(self.too_large("a body", cap));
            }
            body.extend_from_slice(&piece);
        }
        let mut reply = http::Response::new(body.freeze());
        *reply.status_mut() = response.status();
        *reply.version_mut() = response.version();
        *reply.headers_mut() = std::mem::take(response.headers_mut());
        if let Some(reason) = response.extensions().get::<hyper::ext::ReasonPhrase>() {
            reply.extensions_mut().insert(reason.clone());
        }
        Ok(reply)
    }

    /// Waits for `work` as long as the upload moves.
    async fn while_moving<F: Future>(&self, work: F) -> Result<F::Output, TransportError> {
        let Some(limit) = self.limits.idle else {
            return Ok(work.await);
        };
        let mut work = pin!(work);
        let mut before = self.sent.load(Ordering::Relaxed);
        loop {
            if let Ok(done) = timeout(limit, work.as_mut()).await {
                return Ok(done);
            }
            let now = self.sent.load(Ordering::Relaxed);
            if now == before {
                return Err(self.late(limit, "the next byte"));
            }
            before = now;
        }
    }

    fn late(&self, limit: Duration, what: &str) -> TransportError {
        TransportError::new(
            Mishap::Timeout,
            format!(
                "{}: expected {what} within {limit:?}, got none",
                self.origin
            ),
        )
    }

    fn too_large(&self, what: &str, cap: usize) -> TransportError {
        TransportError::new(
            Mishap::TooLarge,
            format!(
                "{}: expected {what} of at most {cap} bytes, got more",
                self.origin
            ),
        )
    }
}

/// A `Content-Length` that lies would let the body run into the next request.
fn check_length(headers: &HeaderMap, length: u64) -> Result<(), TransportError> {
    let lies = headers
        .get_all(header::CONTENT_LENGTH)
        .iter()
        .any(|value| value.as_bytes() != length.to_string().as_bytes());
    if lies {
        return Err(TransportError::new(
            Mishap::Request,
            format!("content-length: expected {length}, the length of the body, got another"),
        ));
    }
    Ok(())
}

const PIECE: usize = 64 << 10;
