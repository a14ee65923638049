//! A proxy that answers for the hosts it is told, TLS included, and says what it was asked.
//!
//! ```sh
//! cargo run --features intercept --example intercepting_proxy -- ca.pem rsa www.google.com '*.googleapis.com'
//! curl -x http://127.0.0.1:PORT --cacert ca.pem https://www.google.com/feeds
//! ```
//!
//! `/reset`, `/close`, `/empty`, `/stall`, `/long` and `/short` misbehave. It ends with its input.

use std::{error::Error, future::ready, io::Read, time::Duration};

use bytes::Bytes;
use gdata_auth::{
    serve::{CertificateAuthority, Hosts, Interception, KeyType, Misbehaviour, Server},
    system::{Clock, SystemClock, SystemRandomness},
    transport::TransportError,
};
use http::{Request, Response};

#[tokio::main]
#[expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "an example is a program of its own"
)]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments
        .next()
        .ok_or("expected the file of the certificate")?;
    let key = match arguments.next().as_deref() {
        Some("ecdsa") => KeyType::EcdsaP256,
        Some("rsa") => KeyType::Rsa2048,
        _ => return Err("expected ecdsa or rsa".into()),
    };
    let hosts = Hosts::new(arguments)?;
    let authority = CertificateAuthority::new(hosts, key, SystemClock.now(), &SystemRandomness)?;
    authority.save(&path)?;
    let running = Server::builder()
        .intercept(Interception::new(authority))
        .observer(|event| println!("{event}"))
        .bind(([127, 0, 0, 1], 0), |request| ready(answer(&request)))?
        .spawn()?;
    println!("listening on {}", running.origin());
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    running.stop().await?;
    Ok(())
}

fn answer(request: &Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
    let text = format!(
        "{} {}\n{}",
        request.method(),
        request.uri(),
        String::from_utf8_lossy(request.body())
    );
    let mut answer = Response::new(Bytes::from(text));
    let misbehaviour = match request.uri().path() {
        "/reset" => Misbehaviour::reset_after(4),
        "/close" => Misbehaviour::close_after(4),
        "/empty" => Misbehaviour::empty(),
        "/stall" => Misbehaviour::stall_after(4, Duration::from_secs(30)),
        "/long" => Misbehaviour::content_length(1_000),
        "/short" => Misbehaviour::content_length(3),
        _ => return Ok(answer),
    };
    answer.extensions_mut().insert(misbehaviour);
    Ok(answer)
}
