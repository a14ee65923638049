//! What is on the wire, to the byte, and what of the reply comes back.

use std::process::Command;

use bytes::Bytes;
use gdata_auth::{
    Transport,
    transport::{Mishap, Reqwest},
};
use http::{Method, Request, StatusCode, header};

use crate::support::{CANARY, OK, get, server};

#[tokio::test]
async fn sends_the_request_as_it_is() {
    let (address, heard) = server(OK).await;
    let transport = Reqwest::builder()
        .resolve("www.google.com", address)
        .build()
        .unwrap();
    let request = Request::post("http://www.google.com/accounts/ClientLogin")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("GData-Version", "2")
        .body(Bytes::from_static(b"Email=a%40example.com&Passwd=x"))
        .unwrap();
    let reply = transport.send(request).await.unwrap();
    assert_eq!(reply.status(), StatusCode::OK);
    assert_eq!(reply.body(), "ok");
    let agent = concat!("user-agent: gdata-auth/", env!("CARGO_PKG_VERSION"), "\r\n");
    assert_eq!(
        heard.await.unwrap(),
        format!(
            "POST /accounts/ClientLogin HTTP/1.1\r\n\
             content-type: application/x-www-form-urlencoded\r\n\
             gdata-version: 2\r\n\
             accept: */*\r\n\
             {agent}\
             host: www.google.com\r\n\
             content-length: 30\r\n\
             \r\n\
             Email=a%40example.com&Passwd=x"
        )
    );
}

#[test]
fn reads_no_proxy_from_the_environment() {
    let mut again = Command::new(std::env::current_exe().unwrap());
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        again.env(name, "http://127.0.0.1:9");
    }
    let output = again
        .args(["--exact", "wire::sends_the_request_as_it_is"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("1 passed"), "{said}");
}

#[tokio::test]
async fn sends_through_the_proxy_that_was_named() {
    let (address, heard) = server(OK).await;
    let builder = Reqwest::builder().proxy(format!("http://user:{CANARY}@{address}"));
    assert!(!format!("{builder:?}").contains(CANARY));
    let transport = builder.build().unwrap();
    assert!(!format!("{transport:?}").contains(CANARY));
    transport
        .send(get("http://www.google.com/feeds?a=b"))
        .await
        .unwrap();
    let heard = heard.await.unwrap();
    assert!(
        heard.starts_with("GET http://www.google.com/feeds?a=b HTTP/1.1\r\n"),
        "{heard}"
    );
    assert!(heard.contains("\r\nhost: www.google.com\r\n"), "{heard}");
}

#[tokio::test]
async fn keeps_the_target_byte_for_byte() {
    let transport = Reqwest::new().unwrap();
    for target in [
        "/",
        "//feeds//api",
        "/feeds?",
        "/%7euser/%7E~/%2f%2F/%2",
        "/a;b=c,d/e!$&()*+:@'-._|",
        "/?q=a%27b&next=http%3A%2F%2Fwww.example.com%3a8080&x=1+2;~!$()*,:@/?[]",
        "/?a=b&&c&=d",
    ] {
        let (address, heard) = server(OK).await;
        transport
            .send(get(format!("http://{address}{target}")))
            .await
            .unwrap();
        let heard = heard.await.unwrap();
        assert_eq!(
            heard.lines().next().unwrap(),
            format!("GET {target} HTTP/1.1")
        );
        assert!(
            heard.contains(&format!("\r\nhost: {address}\r\n")),
            "{heard}"
        );
    }
}

#[tokio::test]
async fn refuses_an_address_that_would_be_rewritten() {
    let transport = Reqwest::new().unwrap();
    for (address, problem) in [
        (
            "http://WWW.google.com/x",
            "host: expected www.google.com, got WWW.google.com",
        ),
        ("http://127.1/x", "host: expected 127.0.0.1, got 127.1"),
        (
            "http://www.google.com:80/x",
            "port: expected none, got the scheme's default",
        ),
        (
            "https://www.google.com:443/x",
            "port: expected none, got the scheme's default",
        ),
        (
            "http://www.google.com:0800/x",
            "port: expected a plain number",
        ),
        ("http://a.com/{x}", "path: expected %7B at byte 1, got {"),
        ("http://a.com/x\"y", "path: expected %22 at byte 2, got \""),
        (
            "http://a.com/a/../b",
            "path: expected no . or .. between slashes, got one",
        ),
        (
            "http://a.com/a/%2e%2E/b",
            "path: expected no . or .. between slashes, got one",
        ),
        (
            "http://a.com/./b",
            "path: expected no . or .. between slashes, got one",
        ),
        ("http://a.com/a\\b", "path: expected / at byte 2, got \\"),
        (
            "http://a.com/?q='x'",
            "query: expected %27 at byte 2, got '",
        ),
    ] {
        let error = transport.send(get(address)).await.unwrap_err();
        assert_eq!(error.mishap(), Mishap::Request);
        assert_eq!(
            error.to_string(),
            format!("{problem}; write the address in its normalised form and sign that"),
            "{address}"
        );
    }
    for (address, problem) in [
        ("/x", "expected an absolute http or https address"),
        (
            "ftp://a.com/x",
            "expected an absolute http or https address",
        ),
        (
            "http://user:CANARY@a.com/",
            "host: expected no user name before it, got one",
        ),
    ] {
        let error = transport.send(get(address)).await.unwrap_err();
        assert_eq!(error.mishap(), Mishap::Request);
        assert_eq!(error.to_string(), problem);
    }
}

#[tokio::test]
async fn refuses_a_content_length_that_lies() {
    let mut request = get("http://127.0.0.1:9/x");
    request
        .headers_mut()
        .insert(header::CONTENT_LENGTH, 5.into());
    let error = Reqwest::new().unwrap().send(request).await.unwrap_err();
    assert_eq!(error.mishap(), Mishap::Request);
    assert_eq!(
        error.to_string(),
        "content-length: expected 0, the length of the body, got another"
    );
}

#[tokio::test]
async fn returns_a_redirect_and_does_not_follow_it() {
    let elsewhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let location = format!("http://{}/", elsewhere.local_addr().unwrap());
    let (address, _) = server(format!(
        "HTTP/1.1 302 Moved\r\nLocation: {location}\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"
    ))
    .await;
    let reply = Reqwest::new()
        .unwrap()
        .send(get(format!("http://{address}/")))
        .await
        .unwrap();
    assert_eq!(reply.status(), StatusCode::FOUND);
    assert_eq!(reply.headers()[header::LOCATION], location);
    let reason = reply
        .extensions()
        .get::<hyper::ext::ReasonPhrase>()
        .unwrap();
    assert_eq!(reason.as_bytes(), b"Moved");
    let nobody = elsewhere.accept().unwrap_err();
    assert_eq!(nobody.kind(), std::io::ErrorKind::WouldBlock);
}

#[tokio::test]
async fn does_not_unpack_a_body() {
    let (address, heard) =
        server("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x08no")
            .await;
    let reply = Reqwest::new()
        .unwrap()
        .send(get(format!("http://{address}/")))
        .await
        .unwrap();
    assert_eq!(reply.body(), "\x1f\x08no");
    assert_eq!(reply.headers()[header::CONTENT_ENCODING], "gzip");
    assert!(!heard.await.unwrap().contains("accept-encoding"));
}

#[tokio::test]
async fn takes_the_headers_of_a_reply_to_head() {
    let (address, _) = server("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n").await;
    let mut request = get(format!("http://{address}/"));
    *request.method_mut() = Method::HEAD;
    let reply = Reqwest::new().unwrap().send(request).await.unwrap();
    assert_eq!(reply.headers()[header::CONTENT_LENGTH], "99999999");
    assert_eq!(reply.body(), "");
}

#[tokio::test]
async fn uploads_in_pieces_with_the_whole_length() {
    let (address, heard) = server(OK).await;
    let body = "0123456789abcdef".repeat(1 << 16);
    let request = Request::put(format!("http://{address}/feeds/upload"))
        .body(Bytes::from(body.clone()))
        .unwrap();
    Reqwest::for_feeds().unwrap().send(request).await.unwrap();
    let heard = heard.await.unwrap();
    let (head, sent) = heard.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("\r\ncontent-length: 1048576"), "{head}");
    assert!(!head.contains("transfer-encoding"), "{head}");
    assert!(sent == body);
}

#[tokio::test]
async fn a_body_is_read_as_it_goes_and_a_success_taken_as_it_comes() {
    let (address, heard) = server(OK).await;
    let transport = Reqwest::for_feeds().unwrap();
    let (head, ()) = Request::put(format!("http://{address}/film"))
        .body(())
        .unwrap()
        .into_parts();
    let film = "0123456789".repeat(20_000);
    let body = std::io::Cursor::new(film.clone());
    let reply = transport.send_from(head, 200_000, body).await.unwrap();
    assert_eq!(reply.body(), "ok");
    let heard = heard.await.unwrap();
    assert!(heard.contains("\r\ncontent-length: 200000\r\n"), "{heard}");
    assert!(heard.ends_with(&format!("\r\n\r\n{film}")));

    // Beyond the cap, which holds for what is kept in memory.
    let small = Reqwest::feeds_builder().max_body(1).build().unwrap();
    let (address, _) = server(OK).await;
    let mut taken = Vec::new();
    let reply = small
        .send_into(get(format!("http://{address}/")), |piece, announced| {
            assert_eq!(announced, Some(2));
            taken.extend_from_slice(piece);
            Ok(())
        })
        .await
        .unwrap();
    assert_eq!((taken.as_slice(), reply.body().len()), (&b"ok"[..], 0));

    // A refusal is no success, and is kept as ever.
    let (address, _) = server("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno").await;
    let refused = Reqwest::for_feeds()
        .unwrap()
        .send_into(get(format!("http://{address}/")), |_, _| {
            Err(std::io::Error::other("not asked for"))
        })
        .await
        .unwrap();
    assert_eq!(
        (refused.status().as_u16(), refused.body().as_ref()),
        (403, &b"no"[..])
    );
}

#[tokio::test]
async fn a_body_that_ends_early_is_told() {
    let (address, _) = server(OK).await;
    let (head, ()) = Request::put(format!("http://{address}/film"))
        .body(())
        .unwrap()
        .into_parts();
    let body = std::io::Cursor::new("short");
    let transport = Reqwest::for_feeds().unwrap();
    assert!(transport.send_from(head, 10, body).await.is_err());
}
