//! One request: its body within the cap, the transport's answer, and the refusals of our own.

use std::{error::Error as StdError, io, net::SocketAddr, sync::atomic::Ordering};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, Version, header};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use tokio::time::timeout;

use super::{
    connection::{Handed, Trace},
    event::{Event, Trouble},
    misbehaviour::Misbehaviour,
    raw::Raw,
    settings::Shared,
    tunnel::Place,
};
use crate::transport::TransportError;

/// The answer is written by hand, from [`Handed::Raw`]: hyper has no more to do here.
#[derive(Debug, thiserror::Error)]
#[error("the answer misbehaves")]
pub(super) struct TakenOver;

/// Answers `request`, whatever becomes of it. `within` is where the tunnel leads that it came through.
pub(super) async fn answer(
    shared: &Shared,
    trace: &Trace,
    peer: SocketAddr,
    within: Option<&Place>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, TakenOver> {
    trace.answered.store(true, Ordering::Relaxed);
    let (mut parts, incoming) = request.into_parts();
    if parts.method == Method::CONNECT {
        return Ok(connect(shared, trace, peer, within, &parts.uri));
    }
    if let Some(place) = within
        && let Err(words) = place.complete(&mut parts)
    {
        shared.observe(|| Event::new(Trouble::Tunnel, peer, words.trim_end()));
        trace.unread.store(true, Ordering::Relaxed);
        return Ok(closing(plain(StatusCode::MISDIRECTED_REQUEST, words)));
    }
    let body = if incoming.is_end_stream() {
        Bytes::new()
    } else {
        match collect(incoming, shared).await {
            Ok(body) => body,
            Err(refusal) => {
                shared.observe(|| Event::new(refusal.trouble, peer, refusal.message.trim_end()));
                trace.unread.store(true, Ordering::Relaxed);
                return Ok(refusal.into_reply());
            }
        }
    };
    let to_head = parts.method == Method::HEAD;
    let reply = match shared
        .transport
        .send(Request::from_parts(parts, body))
        .await
    {
        Ok(reply) if !reply.status().is_informational() => {
            if let Some(misbehaviour) = reply.extensions().get::<Misbehaviour>().copied() {
                let raw = Raw {
                    misbehaviour,
                    reply,
                    to_head,
                };
                trace.hand_over(Handed::Raw(raw));
                // hyper gets a turn to flush earlier answers of a pipeline.
                tokio::task::yield_now().await;
                return Err(TakenOver);
            }
            fit(reply, to_head)
        }
        Ok(reply) => {
            let status = reply.status();
            let message = format!("expected a final status, got {}\n", status.as_str());
            shared.observe(|| Event::new(Trouble::Transport, peer, message.trim_end()));
            plain(StatusCode::BAD_GATEWAY, message)
        }
        Err(cause) => {
            let message = one_line(&cause);
            shared.observe(|| Event::new(Trouble::Transport, peer, message.trim_end()));
            plain(StatusCode::BAD_GATEWAY, message)
        }
    };
    Ok(reply)
}

/// Opens a tunnel to a place that is listed, which the connection then takes over.
fn connect(
    shared: &Shared,
    trace: &Trace,
    peer: SocketAddr,
    within: Option<&Place>,
    target: &Uri,
) -> Response<Full<Bytes>> {
    let refuse = |status, words: String| {
        shared.observe(|| Event::new(Trouble::Tunnel, peer, words.trim_end()));
        // hyper leaves the connection after any CONNECT, and the client may not have waited.
        trace.unread.store(true, Ordering::Relaxed);
        closing(plain(status, words))
    };
    let (Some(tunnels), None) = (&shared.tunnels, within) else {
        return refuse(
            StatusCode::NOT_IMPLEMENTED,
            "expected a request to answer, got CONNECT: there is no tunnel here\n".to_owned(),
        );
    };
    let Some(place) = Place::of(target) else {
        return refuse(
            StatusCode::BAD_REQUEST,
            "expected CONNECT with a host and a port\n".to_owned(),
        );
    };
    match tunnels.admit(&place) {
        Err(words) => refuse(StatusCode::FORBIDDEN, words),
        Ok(()) => {
            trace.hand_over(Handed::Tunnel(place));
            Response::new(Full::default())
        }
    }
}

/// Makes the framing fit the body that is there, as an answer from a recording need not.
fn fit(mut reply: Response<Bytes>, to_head: bool) -> Response<Full<Bytes>> {
    *reply.version_mut() = Version::HTTP_11;
    let length = reply.body().len();
    let headers = reply.headers_mut();
    headers.remove(header::TRANSFER_ENCODING);
    // The length in an answer to HEAD is that of the body which a GET would get (RFC 9110, 9.3.2); a
    // transport that leaves the body out says the length itself.
    if to_head {
        if length > 0 {
            fit_length(headers, length);
        }
        *reply.body_mut() = Bytes::new();
    } else if headers.contains_key(header::CONTENT_LENGTH) {
        fit_length(headers, length);
    }
    reply.map(Full::new)
}

fn fit_length(headers: &mut HeaderMap, length: usize) {
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
}

/// Why a body was not read.
struct Refusal {
    status: StatusCode,
    trouble: Trouble,
    message: String,
}

impl Refusal {
    fn too_large(cap: usize) -> Self {
        Self {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            trouble: Trouble::TooLarge,
            message: format!("expected a body of at most {cap} bytes, got more\n"),
        }
    }

    fn broken(cause: &hyper::Error) -> Self {
        let malformed = cause
            .source()
            .and_then(|source| source.downcast_ref::<io::Error>())
            .is_some_and(|source| {
                matches!(
                    source.kind(),
                    io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData
                )
            });
        Self {
            status: StatusCode::BAD_REQUEST,
            trouble: if malformed {
                Trouble::Malformed
            } else {
                Trouble::Torn
            },
            message: format!("expected a whole body, got: {cause}\n"),
        }
    }

    /// Closes the connection: where the next request begins is not known.
    fn into_reply(self) -> Response<Full<Bytes>> {
        closing(plain(self.status, self.message))
    }
}

async fn collect(mut incoming: Incoming, shared: &Shared) -> Result<Bytes, Refusal> {
    let cap = shared.max_body;
    // The announced length, or 0 for a chunked body.
    let announced = incoming.size_hint().lower();
    if announced > cap as u64 {
        return Err(Refusal::too_large(cap));
    }
    let mut body = BytesMut::new();
    loop {
        let frame = match timeout(shared.read_timeout, incoming.frame()).await {
            Ok(Some(Ok(frame))) => frame,
            Ok(Some(Err(cause))) => return Err(Refusal::broken(&cause)),
            Ok(None) => return Ok(body.freeze()),
            Err(_) => {
                return Err(Refusal {
                    status: StatusCode::REQUEST_TIMEOUT,
                    trouble: Trouble::Slow,
                    message: format!(
                        "expected more of the body within {:?}, got none\n",
                        shared.read_timeout
                    ),
                });
            }
        };
        // Trailers say nothing that a transport could use.
        if let Ok(piece) = frame.into_data() {
            if piece.len() > cap - body.len() {
                return Err(Refusal::too_large(cap));
            }
            body.extend_from_slice(&piece);
        }
    }
}

fn one_line(cause: &TransportError) -> String {
    let text = cause.to_string();
    format!(
        "expected an answer, got: {}\n",
        text.lines().next().unwrap_or_default()
    )
}

fn closing(mut reply: Response<Full<Bytes>>) -> Response<Full<Bytes>> {
    reply
        .headers_mut()
        .insert(header::CONNECTION, HeaderValue::from_static("close"));
    reply
}

fn plain(status: StatusCode, text: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut reply = Response::new(Full::new(text.into()));
    *reply.status_mut() = status;
    reply.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    reply
}
