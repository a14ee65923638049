//! What reaches the transport, and what of its answer reaches the client.

use std::{
    future::ready,
    process::{Command, Stdio},
};

use bytes::Bytes;
use gdata_auth::{
    serve::{Server, Trouble},
    transport::{Mishap, TransportError},
};
use http::{Request, Response, StatusCode, Version, header};

use crate::support::{Answer, World, body, echo, reply, status};

const CLOSE: &str = "Host: www.google.com\r\nConnection: close\r\n\r\n";

fn answering(make: impl Fn() -> Answer + Send + Sync + 'static) -> World {
    World::with(Server::builder(), move |_: Request<Bytes>| ready(make()))
}

#[tokio::test]
async fn answers_in_full() {
    let world = World::echo();
    let heard = world
        .say(b"GET /accounts/AuthSubTokenInfo HTTP/1.1\r\nhost: www.google.com\r\nauthorization: AuthSub token=\"x\"\r\nConnection: close\r\n\r\n")
        .await;
    assert_eq!(
        heard,
        "HTTP/1.1 200 OK\r\n\
         date: Fri, 18 Mar 2011 07:00:00 GMT\r\n\
         connection: close\r\n\
         content-length: 104\r\n\
         \r\n\
         GET /accounts/AuthSubTokenInfo\n\
         host: www.google.com\n\
         authorization: AuthSub token=\"x\"\n\
         connection: close\n\
         \n"
    );
}

#[tokio::test]
async fn keeps_the_target_as_given() {
    let world = World::echo();
    for target in [
        "/",
        "/feeds/api?q='x'|y&z",
        "/feeds//videos/../x?",
        "/%7euser/%7Euser?a=%2f%2F",
        "http://www.google.com/accounts/AuthSubRequest?next=http%3A%2F%2Fwww.example.com",
        "http://WWW.google.com:80/feeds",
        "//double",
    ] {
        let heard = world
            .say(format!("GET {target} HTTP/1.1\r\n{CLOSE}").as_bytes())
            .await;
        let asked = body(&heard).lines().next().unwrap();
        assert_eq!(asked, format!("GET {target}"));
    }
}

#[tokio::test]
async fn answers_head_without_a_body() {
    let world = World::echo();
    let heard = world
        .say(format!("HEAD /x HTTP/1.1\r\n{CLOSE}").as_bytes())
        .await;
    assert_eq!(status(&heard), "HTTP/1.1 200 OK");
    assert_eq!(body(&heard), "");
}

#[tokio::test]
async fn turns_a_failed_transport_into_a_502_of_one_line() {
    let mut world = answering(|| {
        Err(TransportError::new(
            Mishap::Connect,
            "http://gdata.youtube.com: expected a connection, got: refused\nsecond line",
        ))
    });
    let heard = world
        .say(format!("GET /x HTTP/1.1\r\n{CLOSE}").as_bytes())
        .await;
    assert_eq!(status(&heard), "HTTP/1.1 502 Bad Gateway");
    assert!(heard.contains("\r\ncontent-type: text/plain; charset=utf-8\r\n"));
    assert_eq!(
        body(&heard),
        "expected an answer, got: http://gdata.youtube.com: expected a connection, got: refused\n"
    );
    let event = world.events.recv().await.unwrap();
    assert_eq!(event.trouble(), Trouble::Transport);
}

#[tokio::test]
async fn turns_an_answer_that_is_not_final_into_a_502() {
    let world = answering(|| {
        let mut early = reply("");
        *early.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        Ok(early)
    });
    let heard = world
        .say(format!("GET /x HTTP/1.1\r\n{CLOSE}").as_bytes())
        .await;
    assert_eq!(status(&heard), "HTTP/1.1 502 Bad Gateway");
    assert_eq!(body(&heard), "expected a final status, got 101\n");
}

#[tokio::test]
async fn writes_the_reason_phrase_of_the_answer() {
    let world = answering(|| {
        let mut refused = reply("Token invalid");
        *refused.status_mut() = StatusCode::FORBIDDEN;
        refused
            .extensions_mut()
            .insert(hyper::ext::ReasonPhrase::from_static(b"Token revoked"));
        Ok(refused)
    });
    let heard = world
        .say(format!("GET /x HTTP/1.1\r\n{CLOSE}").as_bytes())
        .await;
    assert_eq!(status(&heard), "HTTP/1.1 403 Token revoked");
}

#[tokio::test]
async fn makes_the_framing_fit_the_body() {
    let wrong: [fn(&mut Response<Bytes>); 4] = [
        |reply| drop(reply.headers_mut().insert(header::CONTENT_LENGTH, 9.into())),
        |reply| drop(reply.headers_mut().insert(header::CONTENT_LENGTH, 2.into())),
        |reply| {
            reply
                .headers_mut()
                .insert(header::TRANSFER_ENCODING, "chunked".parse().unwrap());
        },
        |reply| *reply.version_mut() = Version::HTTP_3,
    ];
    for spoil in wrong {
        let world = answering(move || {
            let mut reply = reply("Token=x\n");
            spoil(&mut reply);
            Ok(reply)
        });
        let heard = world
            .say(format!("GET /x HTTP/1.1\r\n{CLOSE}").as_bytes())
            .await;
        assert_eq!(status(&heard), "HTTP/1.1 200 OK");
        assert!(heard.contains("\r\ncontent-length: 8\r\n"), "{heard}");
        assert!(!heard.contains("transfer-encoding"), "{heard}");
        assert_eq!(body(&heard), "Token=x\n");
    }
}

#[tokio::test]
async fn opens_no_tunnel() {
    let world = World::echo();
    let heard = world
        .say(format!("CONNECT www.google.com:443 HTTP/1.1\r\n{CLOSE}").as_bytes())
        .await;
    assert_eq!(status(&heard), "HTTP/1.1 501 Not Implemented");
}

#[tokio::test]
#[expect(clippy::print_stderr, reason = "a skipped test says what it lacks")]
async fn talks_to_curl() {
    let curl = Command::new("curl")
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    if curl.is_err() {
        eprintln!("skipped: there is no curl here");
        return;
    }
    let world = World::with(Server::builder(), echo);
    let address = world.server.local_addr();
    let output = tokio::task::spawn_blocking(move || {
        Command::new("curl")
            .args(["--silent", "--show-error", "--noproxy", "*"])
            .args(["--user-agent", "curl", "--header", "Expect: 100-continue"])
            .args(["--data", "Email=a%40example.com"])
            .args(["--connect-to", &format!("www.google.com:80:{address}")])
            .arg("http://www.google.com/accounts/ClientLogin?x='y'")
            .output()
            .unwrap()
    })
    .await
    .unwrap();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "POST /accounts/ClientLogin?x='y'\n\
         host: www.google.com\n\
         user-agent: curl\n\
         accept: */*\n\
         expect: 100-continue\n\
         content-length: 21\n\
         content-type: application/x-www-form-urlencoded\n\
         \n\
         Email=a%40example.com"
    );
}
