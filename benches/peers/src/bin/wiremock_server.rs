//! wiremock-rs with many mocks, for `benches/replay.sh`: prints an address, and serves until its input ends.
//!
//! `wiremock_server 1000` answers `GET /feeds/N?alt=json` for N below 1000, each with the same header asked for.

use std::io::{Read, Write};

use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, method, path, query_param},
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count: usize = std::env::args().nth(1).unwrap_or_default().parse()?;
    // Without its record of requests, which grows with each: a bench asks for millions.
    let server = MockServer::builder()
        .disable_request_recording()
        .start()
        .await;
    for number in 0..count {
        Mock::given(method("GET"))
            .and(path(format!("/feeds/{number}")))
            .and(query_param("alt", "json"))
            .and(header("authorization", "Bearer ya29.stand-in-of-a-bench"))
            .respond_with(ResponseTemplate::new(200).set_body_raw(
                "{\"kind\":\"youtube#videoListResponse\",\"items\":[],\"etag\":\"e\"}",
                "application/json",
            ))
            .mount(&server)
            .await;
    }
    println!("{}", server.uri());
    std::io::stdout().flush()?;
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    Ok(())
}
