//! What clients do to a server, meant or not. After each of it a fresh connection is answered.

use std::time::Duration;

use bytes::Bytes;
use gdata_auth::serve::{Server, Trouble};
use http::Request;
use tokio::{io::AsyncWriteExt, task::yield_now};

use crate::support::{World, body, echo, expect, status, until_closed};

#[tokio::test]
async fn an_illegal_header_line() {
    let mut world = World::echo();
    let heard = world
        .say(b"GET /x HTTP/1.1\r\nHost: www.google.com\r\nARRAY(0x55c8): \r\n\r\n")
        .await;
    assert_eq!(status(&heard), "HTTP/1.1 400 Bad Request");
    let event = world.events.recv().await.unwrap();
    assert_eq!(event.trouble(), Trouble::Malformed);
    assert!(
        event.to_string().ends_with("invalid HTTP header parsed"),
        "{event}"
    );
    world.is_alive().await;
}

#[tokio::test]
async fn binary_garbage() {
    let mut world = World::echo();
    let heard = world
        .say(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\0\0\0")
        .await;
    assert_eq!(status(&heard), "HTTP/1.1 400 Bad Request");
    assert_eq!(
        world.events.recv().await.unwrap().trouble(),
        Trouble::Malformed
    );
    world.is_alive().await;
}

#[tokio::test]
async fn an_endless_header() {
    let mut world = World::echo();
    let mut stream = world.connect().await;
    stream.write_all(b"GET /x HTTP/1.1\r\nX: ").await.unwrap();
    stream.write_all(&vec![b'x'; 1 << 20]).await.unwrap();
    let heard = until_closed(&mut stream).await;
    assert_eq!(
        status(&heard),
        "HTTP/1.1 431 Request Header Fields Too Large"
    );
    assert_eq!(
        world.events.recv().await.unwrap().trouble(),
        Trouble::TooLarge
    );
    world.is_alive().await;
}

#[tokio::test]
async fn more_headers_than_anyone_needs() {
    let world = World::echo();
    let heard = world
        .say(format!("GET /x HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(200)).as_bytes())
        .await;
    assert_eq!(
        status(&heard),
        "HTTP/1.1 431 Request Header Fields Too Large"
    );
    world.is_alive().await;
}

#[tokio::test]
async fn a_slow_head() {
    let builder = Server::builder().read_timeout(Duration::from_millis(30));
    let mut world = World::with(builder, echo);
    let heard = world.say(b"GET /x HTTP/1.1\r\nHo").await;
    assert_eq!(heard, "");
    assert_eq!(world.events.recv().await.unwrap().trouble(), Trouble::Slow);
    world.is_alive().await;
}

#[tokio::test]
async fn a_body_that_stands_still() {
    let builder = Server::builder().read_timeout(Duration::from_millis(30));
    let mut world = World::with(builder, echo);
    let heard = world
        .say(b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab")
        .await;
    assert_eq!(status(&heard), "HTTP/1.1 408 Request Timeout");
    assert_eq!(
        body(&heard),
        "expected more of the body within 30ms, got none\n"
    );
    assert_eq!(world.events.recv().await.unwrap().trouble(), Trouble::Slow);
    world.is_alive().await;
}

#[tokio::test]
async fn a_body_over_the_cap() {
    let mut world = World::with(Server::builder().max_body(10), echo);
    for (headers, sent) in [
        ("Content-Length: 11\r\n", "0123456789a"),
        (
            "Transfer-Encoding: chunked\r\n",
            "6\r\n012345\r\n6\r\n678901\r\n0\r\n\r\n",
        ),
        ("Content-Length: 11\r\nExpect: 100-continue\r\n", ""),
    ] {
        let heard = world
            .say(format!("POST /x HTTP/1.1\r\nHost: a\r\n{headers}\r\n{sent}").as_bytes())
            .await;
        assert_eq!(status(&heard), "HTTP/1.1 413 Payload Too Large");
        assert!(heard.contains("\r\nconnection: close\r\n"), "{heard}");
        assert_eq!(
            body(&heard),
            "expected a body of at most 10 bytes, got more\n"
        );
        assert_eq!(
            world.events.recv().await.unwrap().trouble(),
            Trouble::TooLarge
        );
    }
    let heard = world
        .say(b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\nConnection: close\r\n\r\n0123456789")
        .await;
    assert!(heard.ends_with("\n\n0123456789"), "{heard}");
}

#[tokio::test]
async fn a_client_that_sends_all_before_it_reads_the_413() {
    let world = World::with(Server::builder().max_body(10), echo);
    let mut stream = world.connect().await;
    let length = 16 << 20;
    let head = format!("PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&vec![0; length]).await.unwrap();
    stream.shutdown().await.unwrap();
    let heard = until_closed(&mut stream).await;
    assert_eq!(status(&heard), "HTTP/1.1 413 Payload Too Large");
}

#[tokio::test]
async fn an_empty_form_on_a_get() {
    let world = World::echo();
    let heard = world
        .say(b"GET /x HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        .await;
    assert_eq!(
        body(&heard),
        "GET /x\nhost: a\ncontent-type: application/x-www-form-urlencoded\ncontent-length: 0\nconnection: close\n\n"
    );
}

#[tokio::test]
async fn the_te_of_libwww_perl() {
    let world = World::echo();
    let heard = world
        .say(b"GET /x HTTP/1.1\r\nTE: deflate,gzip;q=0.3\r\nConnection: TE, close\r\nHost: a\r\nUser-Agent: libwww-perl/6.05\r\n\r\n")
        .await;
    assert_eq!(status(&heard), "HTTP/1.1 200 OK");
    assert_eq!(
        body(&heard),
        "GET /x\nte: deflate,gzip;q=0.3\nconnection: TE, close\nhost: a\nuser-agent: libwww-perl/6.05\n\n"
    );
}

#[tokio::test]
async fn a_client_that_waits_for_100_continue() {
    let world = World::echo();
    let mut stream = world.connect().await;
    stream
        .write_all(b"POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    expect(&mut stream, "HTTP/1.1 100 Continue\r\n\r\n").await;
    stream.write_all(b"ok").await.unwrap();
    let heard = until_closed(&mut stream).await;
    assert_eq!(status(&heard), "HTTP/1.1 200 OK");
    assert!(heard.ends_with("\n\nok"), "{heard}");
}

#[tokio::test]
async fn a_chunked_body_with_trailers() {
    let world = World::echo();
    let heard = world
        .say(b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nX-Sum: 1\r\n\r\n")
        .await;
    assert!(heard.ends_with("\n\nabcde"), "{heard}");
}

#[tokio::test]
async fn a_chunk_without_a_size() {
    let mut world = World::echo();
    let heard = world
        .say(b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n")
        .await;
    assert_eq!(status(&heard), "HTTP/1.1 400 Bad Request");
    assert_eq!(
        world.events.recv().await.unwrap().trouble(),
        Trouble::Malformed
    );
    world.is_alive().await;
}

#[tokio::test]
async fn requests_in_a_pipeline() {
    let world = World::echo();
    let heard = world
        .say(b"GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nxGET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .await;
    let asked: Vec<_> = heard
        .lines()
        .filter(|line| line.starts_with("GET ") || line.starts_with("POST "))
        .collect();
    assert_eq!(asked, ["GET /1", "POST /2", "GET /3"]);
    assert_eq!(heard.matches("HTTP/1.1 200 OK\r\n").count(), 3);
}

#[tokio::test]
async fn http_1_0() {
    let world = World::echo();
    let heard = world.say(b"GET /x HTTP/1.0\r\n\r\n").await;
    assert_eq!(
        heard,
        "HTTP/1.0 200 OK\r\n\
         date: Fri, 18 Mar 2011 07:00:00 GMT\r\n\
         content-length: 8\r\n\
         \r\n\
         GET /x\n\
         \n"
    );
}

#[tokio::test]
async fn a_client_that_ends_its_half_first() {
    // Slow enough that the end has been seen before the answer is there.
    let slow = |request: Request<Bytes>| async {
        for _ in 0..1000 {
            yield_now().await;
        }
        echo(request).await
    };
    let world = World::with(Server::builder(), slow);
    let mut stream = world.connect().await;
    stream
        .write_all(b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
        .await
        .unwrap();
    stream.shutdown().await.unwrap();
    let heard = until_closed(&mut stream).await;
    assert!(heard.ends_with("GET /x\nhost: a\n\n"), "{heard}");
}

#[tokio::test]
async fn a_client_that_leaves_early() {
    let mut world = World::echo();
    for part in [
        "GET /x HT",
        "GET /x HTTP/1.1\r\nHost: a\r\n",
        "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab",
        "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ] {
        let mut stream = world.connect().await;
        stream.write_all(part.as_bytes()).await.unwrap();
        drop(stream);
        let event = world.events.recv().await.unwrap();
        assert_eq!(event.trouble(), Trouble::Torn, "{part:?}: {event}");
        world.is_alive().await;
    }
    // One that connects and says nothing is no trouble.
    drop(world.connect().await);
    world.is_alive().await;
    assert!(world.events.is_empty(), "{:?}", world.events.try_recv());
}

#[tokio::test]
async fn a_transport_that_panics() {
    let broken = |request: Request<Bytes>| {
        assert!(request.uri() != "/panic", "as asked for");
        echo(request)
    };
    let mut world = World::with(Server::builder(), broken);
    let mut stream = world.connect().await;
    stream
        .write_all(b"GET /panic HTTP/1.1\r\nHost: a\r\n\r\n")
        .await
        .unwrap();
    assert_eq!(world.events.recv().await.unwrap().trouble(), Trouble::Panic);
    world.is_alive().await;
}
