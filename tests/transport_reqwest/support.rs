//! Servers written by hand, and a request with a secret wherever one may be.

use std::{error::Error as StdError, net::SocketAddr};

use bytes::Bytes;
use gdata_auth::{
    Transport,
    transport::{Reqwest, TransportError},
};
use http::{Request, header};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

pub(crate) const CANARY: &str = "CANARY-5f3a9c";
pub(crate) const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// A server for one connection: hears one request, says `reply`, closes; tells what it heard.
pub(crate) async fn server(reply: impl Into<Vec<u8>>) -> (SocketAddr, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let reply = reply.into();
    let heard = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let heard = hear(&mut stream).await;
        // The client may have left when it had read enough.
        let _gone = stream.write_all(&reply).await;
        heard
    });
    (address, heard)
}

/// A server that says `start` and then nothing, until the client leaves.
pub(crate) async fn stalling(start: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        hear(&mut stream).await;
        stream.write_all(start.as_bytes()).await.unwrap();
        let _until_it_leaves = stream.read(&mut [0]).await;
    });
    address
}

/// One request: its head, and as much body as its `content-length` says.
pub(crate) async fn hear(stream: &mut TcpStream) -> String {
    let mut heard = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&heard);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                return text.into_owned();
            }
        }
        let mut bytes = [0; 65536];
        let count = stream.read(&mut bytes).await.unwrap();
        assert_ne!(
            count,
            0,
            "the client left: {:?}",
            String::from_utf8_lossy(&heard)
        );
        heard.extend_from_slice(&bytes[..count]);
    }
}

pub(crate) fn get(address: impl AsRef<str>) -> Request<Bytes> {
    Request::get(address.as_ref()).body(Bytes::new()).unwrap()
}

/// A request with a secret wherever one may be.
pub(crate) fn secret(address: SocketAddr) -> Request<Bytes> {
    Request::post(format!("http://{address}/token?access_token={CANARY}"))
        .header(header::AUTHORIZATION, format!("Bearer {CANARY}"))
        .body(Bytes::from_static(CANARY.as_bytes()))
        .unwrap()
}

/// The failure of sending `secret`, after looking for the secret in it.
pub(crate) async fn failure(transport: &Reqwest, address: SocketAddr) -> TransportError {
    let error = transport.send(secret(address)).await.unwrap_err();
    assert_silent(&error);
    error
}

pub(crate) fn assert_silent(error: &(dyn StdError + 'static)) {
    for link in std::iter::successors(Some(error), |&link| link.source()) {
        let shown = format!("{link} {link:?} {link:#?}");
        assert!(!shown.contains(CANARY), "{shown}");
    }
}
