//! A server over a transport that tells what reached it, and a client that sends bytes as they are.

use std::future::{Ready, ready};

use bytes::Bytes;
use gdata_auth::{
    serve::{Event, Running, Server, ServerBuilder},
    transport::{Transport, TransportError},
};
use http::{Request, Response, header};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
};

pub(crate) type Answer = Result<Response<Bytes>, TransportError>;

/// An answer with a pinned date, so that its wire text can be written in full.
pub(crate) fn reply(body: impl Into<Bytes>) -> Response<Bytes> {
    let mut reply = Response::new(body.into());
    reply.headers_mut().insert(
        header::DATE,
        "Fri, 18 Mar 2011 07:00:00 GMT".parse().unwrap(),
    );
    reply
}

/// Answers with what it was asked: the request line, the headers, an empty line, the body.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a transport takes its request"
)]
pub(crate) fn echo(request: Request<Bytes>) -> Ready<Answer> {
    let mut text = format!("{} {}\n", request.method(), request.uri());
    for (name, value) in request.headers() {
        text += &format!("{name}: {}\n", value.to_str().unwrap());
    }
    text += "\n";
    text += std::str::from_utf8(request.body()).unwrap();
    ready(Ok(reply(text)))
}

/// A server that runs, and what its observer hears.
pub(crate) struct World {
    pub(crate) server: Running,
    pub(crate) events: UnboundedReceiver<Event>,
}

impl World {
    pub(crate) fn echo() -> Self {
        Self::with(Server::builder(), echo)
    }

    pub(crate) fn with(builder: ServerBuilder, transport: impl Transport + 'static) -> Self {
        let (heard, events) = unbounded_channel();
        let server = builder
            .observer(move |event| drop(heard.send(event)))
            .bind(([127, 0, 0, 1], 0), transport)
            .unwrap()
            .spawn()
            .unwrap();
        Self { server, events }
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.server.local_addr()).await.unwrap()
    }

    /// Sends `bytes` on a fresh connection and reads until the server closes it.
    pub(crate) async fn say(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect().await;
        stream.write_all(bytes).await.unwrap();
        until_closed(&mut stream).await
    }

    /// Proves that the server still answers.
    pub(crate) async fn is_alive(&self) {
        let heard = self
            .say(b"GET /alive HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            .await;
        assert!(heard.starts_with("HTTP/1.1 200 OK\r\n"), "{heard}");
    }
}

/// Everything up to the end of the stream; a reset fails the test.
pub(crate) async fn until_closed(stream: &mut TcpStream) -> String {
    let mut heard = Vec::new();
    stream.read_to_end(&mut heard).await.unwrap();
    String::from_utf8(heard).unwrap()
}

/// As many bytes as `expected` has, which must be those.
pub(crate) async fn expect(stream: &mut TcpStream, expected: &str) {
    let mut heard = vec![0; expected.len()];
    stream.read_exact(&mut heard).await.unwrap();
    assert_eq!(String::from_utf8(heard).unwrap(), expected);
}

/// The body of a reply that ends with its connection.
pub(crate) fn body(reply: &str) -> &str {
    reply.split_once("\r\n\r\n").unwrap().1
}

/// The status line of a reply.
pub(crate) fn status(reply: &str) -> &str {
    reply.split_once("\r\n").unwrap().0
}
