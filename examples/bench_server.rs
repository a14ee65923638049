//! Servers for `benches/http.sh`, `benches/token.sh` and `benches/replay.sh`: hyper alone, `serve::Server` with the same answer, and the emulator.
//!
//! `bench_server bare`, `serve` or `token-info` prints the address to ask and the header to ask with, and `token` the
//! address and the form to post; `replay N` replays N calls of an API. All serve until their input ends.

use std::{convert::Infallible, io::Read, num::NonZeroUsize, thread::JoinHandle};

use bytes::Bytes;
use gdata_auth::{
    Exchange,
    cassette::{
        Body, Cassette, Headers, Interaction, OnSocket, RecordedRequest, RecordedResponse, Session,
        Settings,
        format::{self, Format},
    },
    emulator::{Config, Consent, Emulator},
    oauth2::{Client, Redirect},
    scope::ScopeNames,
    serve::Server,
    system::{self, Clock, SystemClock, SystemRandomness},
    transport::TransportError,
};
use http::{HeaderValue, Request, Response, header};
use http_body_util::Full;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpListener, sync::oneshot};

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[expect(
    clippy::disallowed_methods,
    reason = "a program reads its arguments; the library does not"
)]
fn main() -> Result<(), Failure> {
    let target = std::env::args().nth(1).unwrap_or_default();
    match target.as_str() {
        "bare" => bare(),
        "serve" => serve(),
        "token-info" => token_info(),
        "token" => token(),
        "replay" => replay(std::env::args().nth(2).unwrap_or_default().parse()?),
        other => {
            Err(format!("expected bare, serve, token-info, token or replay, got {other:?}").into())
        }
    }
}

/// The transport: a fixed answer of 60 bytes.
fn serve() -> Result<(), Failure> {
    let fixed = |_: Request<Bytes>| std::future::ready(Ok::<_, TransportError>(answer()));
    let server = Server::bind(([127, 0, 0, 1], 0), fixed)?;
    announce(&format!("{}/", server.origin()), NO_HEADER);
    let (ended, _waiter) = end_of_input();
    server.run_on_cores(CORES, async {
        let _ended = ended.await;
    })?;
    Ok(())
}

/// The emulator, asked for the same plain session token again and again.
fn token_info() -> Result<(), Failure> {
    let emulator = Emulator::new();
    let token = emulator.issue_session_token("http://gdata.youtube.com/feeds/")?;
    let server = Server::bind(([127, 0, 0, 1], 0), emulator)?;
    announce(
        &format!("{}/accounts/AuthSubTokenInfo", server.origin()),
        &format!("Authorization: AuthSub token=\"{}\"", token.expose()),
    );
    let (ended, _waiter) = end_of_input();
    server.run_on_cores(CORES, async {
        let _ended = ended.await;
    })?;
    Ok(())
}

/// As `cassette replay --repeat` does: a session over a cassette of so many calls of an API, each with a bearer token.
fn replay(count: usize) -> Result<(), Failure> {
    let folder = std::env::temp_dir().join(format!("gdata-auth-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let path = folder.join("feeds.har");
    let interactions = (0..count).map(|number| {
        let mut request = RecordedRequest::new(
            "GET",
            format!("https://www.googleapis.com/feeds/{number}?alt=json"),
        );
        request.headers = Headers::from_iter([("authorization", TOKEN)]);
        let mut response = RecordedResponse::new(200);
        response.headers = Headers::from_iter([("content-type", "application/json")]);
        response.body = Body::wire(FEED);
        Interaction::new(request, response)
    });
    let written = format::write(Format::Har, &Cassette::new(interactions.collect()))?;
    std::fs::write(&path, written.bytes)?;
    let mut settings = Settings::default();
    settings.matching.repeat = true;
    let join = settings.join(&folder, |player| player.on_a_socket(), |_| {})?;
    let session = Session::builder(&path, join).open()?;
    std::fs::remove_dir_all(&folder)?;
    let server = Server::bind(([127, 0, 0, 1], 0), OnSocket::new(session))?;
    announce(&server.origin(), TOKEN);
    let (ended, _waiter) = end_of_input();
    server.run_on_cores(CORES, async {
        let _ended = ended.await;
    })?;
    Ok(())
}

/// What `benches/replay.sh` sends.
const TOKEN: &str = "Bearer ya29.stand-in-of-a-bench";
const FEED: &str = "{\"kind\":\"youtube#videoListResponse\",\"items\":[],\"etag\":\"e\"}";

/// The emulator's token endpoint, with the form of a refresh that it grants again and again.
fn token() -> Result<(), Failure> {
    let google = Emulator::with(Config::new().with_consent(Consent::Allow))?;
    let now = SystemClock.now();
    let app = Client::installed("bench")?;
    let pending = app
        .authorize("http://127.0.0.1:9/")
        .scopes(ScopeNames::parse(
            "https://www.googleapis.com/auth/youtube",
        )?)
        .begin(&system::random(&SystemRandomness), now)?;
    let back = google.browse(pending.link())?;
    let exchange = pending.finish(&app, &Redirect::parse(&back)?, now)?;
    let answer = google.handle(now, &exchange.request());
    let authorized = exchange.parse(&answer)?;
    let refresh = authorized
        .reply()
        .refresh_token()
        .ok_or("no refresh token")?;
    let form = app.refresh(refresh.clone(), None).request();
    let server = Server::bind(([127, 0, 0, 1], 0), google)?;
    announce(
        &format!("{}/token", server.origin()),
        std::str::from_utf8(form.body())?,
    );
    let (ended, _waiter) = end_of_input();
    server.run_on_cores(CORES, async {
        let _ended = ended.await;
    })?;
    Ok(())
}

/// What hyper's own examples do, on one runtime with as many threads.
fn bare() -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(CORES.get())
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        announce(&format!("http://{}/", listener.local_addr()?), NO_HEADER);
        let (mut ended, _waiter) = end_of_input();
        loop {
            let (stream, _) = tokio::select! {
                _ = &mut ended => return Ok(()),
                accepted = listener.accept() => accepted?,
            };
            stream.set_nodelay(true)?;
            tokio::spawn(async move {
                let fixed = |_: Request<Incoming>| {
                    std::future::ready(Ok::<_, Infallible>(answer().map(Full::new)))
                };
                http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service_fn(fixed))
                    .await
            });
        }
    })
}

fn answer() -> Response<Bytes> {
    let mut reply = Response::new(Bytes::from_static(BODY));
    reply
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    reply
}

#[expect(
    clippy::print_stdout,
    reason = "the script reads the address and the header"
)]
fn announce(address: &str, header: &str) {
    println!("{address}\n{header}");
}

/// Resolves when standard input ends, which is how the script stops a server.
fn end_of_input() -> (oneshot::Receiver<()>, JoinHandle<()>) {
    let (ended, waiting) = oneshot::channel();
    let waiter = std::thread::spawn(move || {
        let mut rest = Vec::new();
        let _unreadable = std::io::stdin().read_to_end(&mut rest);
        drop(ended);
    });
    (waiting, waiter)
}

const CORES: NonZeroUsize = NonZeroUsize::new(2).unwrap();
/// wrk wants one.
const NO_HEADER: &str = "Accept: */*";
const BODY: &[u8; 60] = b"the quick brown fox jumps over the lazy dog, twelve times...";
