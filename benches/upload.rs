//! A resumable upload of 1 GiB over loopback, beside a plain reqwest PUT of the same bytes.
//!
//! `cargo bench --bench upload`. One process: a hyper server that drops what it is sent, and two clients in
//! turn. Both read the same file, 8 MiB at a time. Told are the times, their medians, and the memory.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program that measures time and tells it"
)]

use std::{
    convert::Infallible,
    fs::File,
    io::{Read, Seek, SeekFrom, Write},
    net::SocketAddr,
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures_util::stream;
use gdata_auth::{
    authsub::SessionToken,
    client::{AuthorizedClient, Stream},
    crypto::PrivateKey,
    gdata::upload::{ChunkSize, ContentRange, Session},
    scheme::AuthScheme,
    transport::Reqwest,
};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    // `cargo test --benches` passes this: then a look at whether it works is enough.
    let quick = std::env::args().any(|argument| argument == "--test");
    let (total, rounds) = if quick {
        (9 << 20, 1)
    } else {
        (1 << 30, ROUNDS)
    };
    let server = start_server()?;
    let mut file = tempfile(total)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let before = memory("VmRSS");
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for round in 0..=rounds {
        for (ways, name) in NAMES.iter().enumerate() {
            let started = Instant::now();
            runtime.block_on(async {
                match ways {
                    0 => plain(server, &mut file, total).await,
                    1 => resumable(server, &mut file, total, token(false)?).await,
                    _ => resumable(server, &mut file, total, token(true)?).await,
                }
            })?;
            let took = started.elapsed();
            // The first round warms up.
            if round > 0 {
                times[ways].push(took);
                println!("{round} {name:<28} {:>7.1} MiB/s", speed(total, took));
            }
        }
    }
    let medians = times.map(median);
    for (name, took) in NAMES.iter().zip(medians) {
        println!(
            "median {name:<28} {:>7.1} MiB/s  {:.2} of plain",
            speed(total, took),
            medians[0].as_secs_f64() / took.as_secs_f64()
        );
    }
    println!(
        "memory: {before} MiB before, {} MiB after, {} MiB at most",
        memory("VmRSS"),
        memory("VmHWM")
    );
    Ok(())
}

async fn plain(server: SocketAddr, file: &mut File, total: u64) -> Result<(), Failure> {
    let mut file = file.try_clone()?;
    file.seek(SeekFrom::Start(0))?;
    let pieces = stream::iter(std::iter::from_fn(move || {
        let mut piece = Vec::with_capacity(CHUNK);
        match Read::by_ref(&mut file)
            .take(CHUNK as u64)
            .read_to_end(&mut piece)
        {
            Ok(0) => None,
            Ok(_) => Some(Ok(Bytes::from(piece))),
            Err(cause) => Some(Err(cause)),
        }
    }));
    let answer = reqwest::Client::new()
        .put(format!("http://{server}/plain"))
        .header("content-length", total)
        .body(reqwest::Body::wrap_stream(pieces))
        .send()
        .await?;
    match answer.status().as_u16() {
        201 => Ok(()),
        other => Err(format!("plain: {other}").into()),
    }
}

async fn resumable(
    server: SocketAddr,
    file: &mut File,
    total: u64,
    token: SessionToken,
) -> Result<(), Failure> {
    let session = Session::new(
        format!("http://{server}/resumable?upload_id=1"),
        "video/mp4",
        total,
    )?;
    let client = AuthorizedClient::new(Reqwest::for_feeds()?, AuthScheme::from(token));
    client
        .upload_resumable(&session)
        .chunk_size(ChunkSize::new(CHUNK)?)
        .send(Stream::new(file.try_clone()?))
        .await?;
    Ok(())
}

fn token(secure: bool) -> Result<SessionToken, Failure> {
    let token = SessionToken::new("1/jl9na3GU8YCUk0pHRghr")?;
    let key = include_str!("../fixtures/keys/insecure-rsa2048-pkcs8.pem");
    Ok(match secure {
        true => token.secured_by(PrivateKey::from_pem(key)?.signer()),
        false => token,
    })
}

/// On a thread of its own, until the process ends.
fn start_server() -> Result<SocketAddr, Failure> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    std::thread::spawn(move || {
        runtime.block_on(async move {
            let listener = TcpListener::from_std(listener)?;
            loop {
                let (connection, _) = listener.accept().await?;
                connection.set_nodelay(true)?;
                let serving = http1::Builder::new()
                    .serve_connection(TokioIo::new(connection), service_fn(swallow));
                tokio::spawn(serving);
            }
            #[expect(unreachable_code, reason = "it names the type of the failure")]
            Ok::<(), std::io::Error>(())
        })
    });
    Ok(address)
}

/// Drops the body and answers as the last or another chunk.
async fn swallow(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let range = ContentRange::read(request.headers());
    let mut body = request.into_body();
    while let Some(Ok(_frame)) = body.frame().await {}
    let reply = match range {
        Ok(ContentRange::Bytes { last, total, .. }) if last + 1 < total => Response::builder()
            .status(308)
            .header("range", format!("bytes=0-{last}"))
            .body(Full::default()),
        _ => Response::builder().status(201).body(Full::from("<entry/>")),
    };
    Ok(reply.unwrap_or_default())
}

/// An unnamed file of so many bytes.
fn tempfile(total: u64) -> Result<File, Failure> {
    let path = std::env::temp_dir().join(format!("gdata-auth-upload-{}", std::process::id()));
    let mut file = File::options()
        .read(true)
        .write(true)
        .create_new(true)
        .open(&path)?;
    std::fs::remove_file(&path)?;
    let piece: Vec<u8> = (0..1 << 20).map(|at: u32| (at % 251) as u8).collect();
    for _ in 0..total >> 20 {
        file.write_all(&piece)?;
    }
    Ok(file)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn speed(total: u64, took: Duration) -> f64 {
    total as f64 / f64::from(1 << 20) / took.as_secs_f64()
}

/// A figure of this process in MiB, where the system tells it.
fn memory(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name));
    let number = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    number.unwrap_or_default() >> 10
}

const NAMES: [&str; 3] = [
    "plain PUT",
    "resumable, AuthSub",
    "resumable, secure AuthSub",
];
const CHUNK: usize = 8 << 20;
const ROUNDS: usize = 5;
