//! Answers that end, stall or lie on purpose, as a client sees them.

use std::{future::ready, io::ErrorKind, time::Duration};

use bytes::Bytes;
use gdata_auth::serve::{Misbehaviour, Server};
use http::Request;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::Instant,
};

use crate::support::{World, reply};

const GET: &[u8] = b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n";
const HEAD: &str = "HTTP/1.1 200 OK\r\n\
    date: Fri, 18 Mar 2011 07:00:00 GMT\r\n\
    content-length: 8\r\n\
    connection: close\r\n\
    \r\n";

/// Answers `/x` with `misbehaviour`, and anything else as it should be.
fn world(misbehaviour: Misbehaviour) -> World {
    World::with(Server::builder(), move |request: Request<Bytes>| {
        let mut answer = reply("Token=x\n");
        if request.uri() == "/x" {
            answer.extensions_mut().insert(misbehaviour);
        }
        ready(Ok(answer))
    })
}

/// What came, and how it ended.
async fn ask(world: &World, request: &[u8]) -> (String, Option<ErrorKind>) {
    let mut stream = world.connect().await;
    stream.write_all(request).await.unwrap();
    let mut heard = Vec::new();
    let end = stream.read_to_end(&mut heard).await;
    (
        String::from_utf8(heard).unwrap(),
        end.err().map(|cause| cause.kind()),
    )
}

#[tokio::test]
async fn ends_as_it_is_told() {
    let with_length = |length: &str| HEAD.replace("length: 8", &format!("length: {length}"));
    for (misbehaviour, heard, end) in [
        (
            Misbehaviour::reset_after(5),
            format!("{HEAD}Token"),
            Some(ErrorKind::ConnectionReset),
        ),
        (
            Misbehaviour::reset_after(0),
            HEAD.to_owned(),
            Some(ErrorKind::ConnectionReset),
        ),
        (
            Misbehaviour::reset_after(99),
            format!("{HEAD}Token=x\n"),
            Some(ErrorKind::ConnectionReset),
        ),
        (Misbehaviour::close_after(5), format!("{HEAD}Token"), None),
        (
            Misbehaviour::close_after(99),
            format!("{HEAD}Token=x\n"),
            None,
        ),
        (Misbehaviour::empty(), String::new(), None),
        (
            Misbehaviour::content_length(99),
            with_length("99") + "Token=x\n",
            None,
        ),
        (
            Misbehaviour::content_length(2),
            with_length("2") + "Token=x\n",
            None,
        ),
        (
            Misbehaviour::content_length(3).and(Misbehaviour::reset_after(1)),
            with_length("3") + "T",
            Some(ErrorKind::ConnectionReset),
        ),
    ] {
        let world = world(misbehaviour);
        assert_eq!(ask(&world, GET).await, (heard, end), "{misbehaviour:?}");
        let (heard, end) = ask(&world, b"GET /y HTTP/1.0\r\n\r\n").await;
        assert!(
            heard.ends_with("\r\n\r\nToken=x\n") && end.is_none(),
            "{heard}"
        );
    }
}

#[tokio::test]
async fn answers_what_came_before_in_a_pipeline() {
    let world = world(Misbehaviour::empty());
    let pipeline = b"GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n";
    let (heard, end) = ask(&world, pipeline).await;
    assert!(
        heard.ends_with("\r\n\r\nToken=x\n") && end.is_none(),
        "{heard}"
    );
    assert_eq!(heard.matches("HTTP/1.1 200 OK").count(), 1);
}

#[tokio::test]
async fn gives_head_no_body() {
    let world = world(Misbehaviour::content_length(7));
    let (heard, _) = ask(&world, b"HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert_eq!(heard, HEAD.replace("length: 8", "length: 7"));
}

#[tokio::test(start_paused = true)]
async fn stalls_as_long_as_it_is_told() {
    let hour = Duration::from_secs(3_600);
    for (misbehaviour, body) in [
        (Misbehaviour::stall_after(0, hour), "Token=x\n"),
        (Misbehaviour::stall_after(5, hour), "Token=x\n"),
        (Misbehaviour::stall_after(99, hour), "Token=x\n"),
        (
            Misbehaviour::stall_after(5, hour).and(Misbehaviour::close_after(6)),
            "Token=",
        ),
    ] {
        let world = world(misbehaviour);
        let began = Instant::now();
        let (heard, end) = ask(&world, GET).await;
        assert_eq!((heard, end), (format!("{HEAD}{body}"), None));
        let took = began.elapsed();
        assert!(
            hour <= took && took < hour + Duration::from_secs(60),
            "{took:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn comes_at_the_pace_that_it_is_told() {
    let world = world(Misbehaviour::slow(2));
    let began = Instant::now();
    let (heard, end) = ask(&world, GET).await;
    assert_eq!((heard, end), (format!("{HEAD}Token=x\n"), None));
    let took = began.elapsed();
    assert!((4..8).contains(&took.as_secs()), "{took:?}");
}

#[tokio::test]
async fn ends_a_stall_when_the_server_stops() {
    let world = world(Misbehaviour::stall_after(5, Duration::from_secs(3_600)));
    let mut stream = world.connect().await;
    stream.write_all(GET).await.unwrap();
    let mut begun = vec![0; HEAD.len() + 5];
    stream.read_exact(&mut begun).await.unwrap();
    let stopping = tokio::spawn(world.server.stop());
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
    assert_eq!(rest, b"");
    // Only then the server no longer waits for what this client might still send.
    drop(stream);
    stopping.await.unwrap().unwrap();
}
