//! A replay behind a socket: faults that only a socket can show, and explanations that a client can read.

use std::error::Error as _;

use bytes::Bytes;
use futures_core::future::BoxFuture;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode, header};

use super::{Fault, Unmatched, verify::WrongRequest};
use crate::{
    serve::Misbehaviour,
    transport::{Transport, TransportError},
};

/// A replay behind a [`Server`](crate::serve::Server).
///
/// A request that nothing matches, and one that is signed wrongly, is answered with 502, the header
/// `x-gdata-auth-cassette: unmatched` or `wrong-signature`, and the whole explanation as text.
#[derive(Debug)]
pub struct OnSocket<T>(T);

impl<T> OnSocket<T> {
    /// Of a [`Player`](super::Player) that was built [`on_a_socket`](super::PlayerBuilder::on_a_socket), or of a
    /// [`Session`](super::Session) around one.
    pub fn new(replay: T) -> Self {
        Self(replay)
    }
}

impl<T: Transport> Transport for OnSocket<T> {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let answer = self.0.send(request);
        Box::pin(async move {
            match answer.await {
                Ok(mut answer) => {
                    if let Some(fault) = answer.extensions_mut().remove::<Fault>() {
                        answer.extensions_mut().insert(misbehaviour(&fault));
                    }
                    Ok(answer)
                }
                Err(cause) => explained(cause),
            }
        })
    }
}

fn explained(cause: TransportError) -> Result<Response<Bytes>, TransportError> {
    let source = cause.source();
    let (mark, text) =
        if let Some(unmatched) = source.and_then(|source| source.downcast_ref::<Unmatched>()) {
            ("unmatched", unmatched.to_text())
        } else if source.is_some_and(|source| source.is::<WrongRequest>()) {
            ("wrong-signature", format!("{cause}\n"))
        } else {
            return Err(cause);
        };
    let mut answer = Response::new(Bytes::from(text));
    *answer.status_mut() = StatusCode::BAD_GATEWAY;
    let headers = answer.headers_mut();
    headers.insert(MARK, HeaderValue::from_static(mark));
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    Ok(answer)
}

fn misbehaviour(fault: &Fault) -> Misbehaviour {
    let bytes = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let mut all = Misbehaviour::default();
    if let Some(pace) = fault.bytes_per_second {
        all = all.and(Misbehaviour::slow(u32::try_from(pace).unwrap_or(u32::MAX)));
    }
    if let Some(span) = fault.stall {
        all = all.and(Misbehaviour::stall_after(0, span));
    }
    if let Some(length) = fault.content_length {
        all = all.and(Misbehaviour::content_length(length));
    }
    if let Some(count) = fault.torn_after {
        all = all.and(Misbehaviour::close_after(bytes(count)));
    }
    if let Some(count) = fault.reset_after {
        all = all.and(Misbehaviour::reset_after(bytes(count)));
    }
    if fault.empty {
        all = all.and(Misbehaviour::empty());
    }
    all
}

const MARK: HeaderName = HeaderName::from_static("x-gdata-auth-cassette");
