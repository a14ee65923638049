//! Where a server listens, how it stops, and how many it lets in.

use std::{future::ready, net::SocketAddr, num::NonZeroUsize, sync::Arc, time::Duration};

use bytes::Bytes;
use gdata_auth::{Kind, serve::Server};
use http::Request;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::{Notify, oneshot},
    time::timeout,
};

use crate::support::{World, echo, reply, status, until_closed};

#[test]
fn refuses_an_interface_that_others_reach() {
    for address in ["0.0.0.0:0", "192.0.2.1:0", "[::]:0", "[::ffff:192.0.2.1]:0"] {
        let address: SocketAddr = address.parse().unwrap();
        let error = Server::bind(address, echo).unwrap_err();
        assert_eq!(error.kind(), Kind::Input);
        assert_eq!(
            error.to_string(),
            format!(
                "address: expected a loopback address, got {address}; allow_any_interface() permits it"
            )
        );
    }
}

#[test]
fn tries_any_interface_when_told() {
    // An address of RFC 5737 is never ours, so the system refuses what the server does not.
    let error = Server::builder()
        .allow_any_interface()
        .bind(([192, 0, 2, 1], 0), echo)
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Transport);
}

#[test]
fn refuses_an_address_that_is_taken() {
    let first = Server::bind(([127, 0, 0, 1], 0), echo).unwrap();
    let error = Server::bind(first.local_addr(), echo).unwrap_err();
    assert_eq!(error.kind(), Kind::Transport);
}

#[tokio::test]
async fn finishes_what_is_under_way() {
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (begins, waits) = (Arc::clone(&begun), Arc::clone(&go_on));
    let slow = move |_: Request<Bytes>| {
        let (begins, waits) = (Arc::clone(&begins), Arc::clone(&waits));
        async move {
            begins.notify_one();
            waits.notified().await;
            Ok(reply("done"))
        }
    };
    let World { server, .. } = World::with(Server::builder(), slow);
    let address = server.local_addr();
    let mut idle = TcpStream::connect(address).await.unwrap();
    let mut busy = TcpStream::connect(address).await.unwrap();
    busy.write_all(b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
        .await
        .unwrap();
    begun.notified().await;

    let stopping = tokio::spawn(server.stop());
    assert_eq!(until_closed(&mut idle).await, "");
    assert!(is_gone(address, "done").await);
    assert!(!stopping.is_finished());
    go_on.notify_one();

    let heard = until_closed(&mut busy).await;
    assert_eq!(status(&heard), "HTTP/1.1 200 OK");
    assert!(heard.ends_with("\r\n\r\ndone"));
    stopping.await.unwrap().unwrap();
}

#[tokio::test]
async fn cuts_off_what_outlasts_the_grace() {
    let begun = Arc::new(Notify::new());
    let begins = Arc::clone(&begun);
    let never = move |_: Request<Bytes>| {
        begins.notify_one();
        std::future::pending()
    };
    let builder = Server::builder().grace(Duration::from_millis(20));
    let World { server, .. } = World::with(builder, never);
    let mut stream = TcpStream::connect(server.local_addr()).await.unwrap();
    stream
        .write_all(b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
        .await
        .unwrap();
    begun.notified().await;
    server.stop().await.unwrap();
    let mut rest = Vec::new();
    let _reset_or_end = stream.read_to_end(&mut rest).await;
    assert_eq!(rest, b"");
}

#[tokio::test]
async fn stops_when_its_handle_is_dropped() {
    let World { server, .. } = World::with(Server::builder(), |_: Request<Bytes>| {
        ready(Ok(reply("kept until dropped")))
    });
    let address = server.local_addr();
    let mut idle = TcpStream::connect(address).await.unwrap();
    idle.write_all(b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
        .await
        .unwrap();
    // One byte shows that the connection has left the system's queue.
    idle.read_exact(&mut [0]).await.unwrap();
    drop(server);
    let heard = until_closed(&mut idle).await;
    assert!(heard.ends_with("\r\n\r\nkept until dropped"), "{heard}");
    assert!(is_gone(address, "kept until dropped").await);
}

#[tokio::test]
async fn lets_in_no_more_than_it_may() {
    let world = World::with(Server::builder().max_connections(1), echo);
    let mut first = world.connect().await;
    first
        .write_all(b"GET /1 HTTP/1.1\r\nHost: a\r\n\r\n")
        .await
        .unwrap();
    let mut byte = [0];
    first.read_exact(&mut byte).await.unwrap();

    let mut second = world.connect().await;
    second
        .write_all(b"GET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    let waiting = tokio::spawn(async move { until_closed(&mut second).await });
    first
        .write_all(b"GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    assert!(until_closed(&mut first).await.contains("GET /3\n"));
    assert!(waiting.await.unwrap().contains("GET /2\n"));
}

#[tokio::test]
async fn runs_on_cores_until_told() {
    let on_cores = |_: Request<Bytes>| ready(Ok(reply("from a core")));
    let server = Server::bind(([127, 0, 0, 1], 0), on_cores).unwrap();
    let address = server.local_addr();
    let (stop, stopped) = oneshot::channel::<()>();
    let thread = std::thread::spawn(move || {
        server.run_on_cores(NonZeroUsize::new(2).unwrap(), async {
            let _dropped = stopped.await;
        })
    });
    for _ in 0..5 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET /x HTTP/1.0\r\n\r\n").await.unwrap();
        let heard = until_closed(&mut stream).await;
        assert!(heard.ends_with("\r\n\r\nfrom a core"), "{heard}");
    }
    drop(stop);
    thread.join().unwrap().unwrap();
    assert!(is_gone(address, "from a core").await);
}

/// Whether nobody there says `words` any more; another test may have been given the port since.
async fn is_gone(address: SocketAddr, words: &str) -> bool {
    let Ok(mut stream) = TcpStream::connect(address).await else {
        return true;
    };
    let mut heard = Vec::new();
    let asked = async {
        stream.write_all(b"GET / HTTP/1.0\r\n\r\n").await?;
        stream.read_to_end(&mut heard).await
    };
    let ended = timeout(Duration::from_secs(1), asked).await;
    ended.is_ok() && !String::from_utf8_lossy(&heard).contains(words)
}
