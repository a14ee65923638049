//! Waits on loopback for the browser that comes back from a consent page (RFC 8252, 7.3).
//!
//! ```text
//! GET /?state=…&code=…   path, Host, state, in this order: 303 to /done, and the redirect is handed over
//! GET /done              a page to close, whose address holds nothing
//! anything else          404: a favicon, a stranger, a guess
//! ```
//!
//! The port is bound before the link is made, so nobody can take it in between, and it is open only while a consent
//! is under way. A stranger who calls with a wrong `state` ends nothing.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, timeout_at},
};

use crate::{
    error::{Advice, Error, Kind},
    scheme::oauth2::{PendingAuthorization, Redirect},
    serve::{Running, Server},
    transport::TransportError,
    wire::origin::is_loopback,
};

/// A door on loopback for one consent. Dropping it closes the door, which is how a wait is cancelled.
///
/// # Examples
/// ```
/// # #[cfg(feature = "emulator")] {
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// use std::time::Duration;
///
/// use gdata_auth::{
///     client::LoopbackReceiver, emulator::{Config, Consent, Emulator}, oauth2::Client, run, scope::ScopeNames,
///     system::{self, Clock, SystemClock, SystemRandomness},
/// };
///
/// # let google = Emulator::with(Config::new().with_consent(Consent::Allow))?;
/// let app = Client::installed("1234.apps.googleusercontent.com")?;
/// let receiver = LoopbackReceiver::open(0)?;
/// let pending = app
///     .authorize(receiver.redirect_uri())
///     .scopes(ScopeNames::parse("https://www.googleapis.com/auth/youtube")?)
///     .begin(&system::random(&SystemRandomness), SystemClock.now())?;
/// println!("open {}", pending.link());
/// # let back = google.browse(pending.link())?;
/// # tokio::spawn(async move { get(&back).await });
///
/// let redirect = receiver.receive(&pending, Duration::from_secs(300)).await?;
/// let authorized = run(&pending.finish(&app, &redirect, SystemClock.now())?, &google).await?;
/// assert!(authorized.consent().missing.is_empty());
/// # async fn get(address: &str) {
/// #     use tokio::io::{AsyncReadExt, AsyncWriteExt};
/// #     let uri: http::Uri = address.parse().unwrap();
/// #     for target in [uri.path_and_query().unwrap().as_str(), "/done"] {
/// #         let mut socket = tokio::net::TcpStream::connect(uri.authority().unwrap().as_str()).await.unwrap();
/// #         let host = uri.authority().unwrap();
/// #         let head = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
/// #         socket.write_all(head.as_bytes()).await.unwrap();
/// #         let _ = socket.read_to_end(&mut Vec::new()).await;
/// #     }
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(()) })?; }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "receive waits for the browser"]
pub struct LoopbackReceiver {
    /// On 127.0.0.1, and on ::1 where the machine has it.
    servers: Vec<Running>,
    port: u16,
    calls: mpsc::Receiver<Call>,
}

/// Someone called at one of the two pages.
#[derive(Debug)]
enum Call {
    /// With a redirect. Saying so accepts it; dropping the sender is a no.
    Back(Redirect, oneshot::Sender<()>),
    /// For the page behind it.
    Done,
}

/// How long the browser has to ask for the page behind the redirect.
const LAST_PAGE: Duration = Duration::from_secs(3);
const DONE: &str = "/done";

impl LoopbackReceiver {
    /// Opens the door; port 0 takes a free one.
    ///
    /// # Errors
    /// [`Kind::Transport`] when the port is taken.
    pub fn open(port: u16) -> Result<Self, Error> {
        let (sender, calls) = mpsc::channel(16);
        let bound = Arc::new(AtomicU16::new(port));
        let bind = |address: SocketAddr| -> Result<Server, Error> {
            let desk = Desk {
                sender: sender.clone(),
                port: Arc::clone(&bound),
            };
            let transport = move |request: Request<Bytes>| {
                let desk = desk.clone();
                async move { Ok::<_, TransportError>(desk.answer(request).await) }
            };
            Server::builder().max_body(1024).bind(address, transport)
        };
        let first = bind(SocketAddr::from(([127, 0, 0, 1], port)))?;
        let port = first.local_addr().port();
        bound.store(port, Ordering::Relaxed);
        let mut servers = vec![first.spawn()?];
        // A browser may take ::1 for this machine; without IPv6 there is none to listen on.
        if let Ok(second) = bind(SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], port))) {
            servers.push(second.spawn()?);
        }
        Ok(Self {
            servers,
            port,
            calls,
        })
    }

    /// Where the browser has to come back to. It has no path: whether Google takes one for desktop clients is not
    /// documented (oauth2.md 5.2).
    #[must_use]
    pub fn redirect_uri(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// What to run on the machine with the browser, when this program runs on `host`.
    #[must_use]
    pub fn ssh_forward(&self, host: &str) -> String {
        let port = self.port;
        format!("ssh -L {port}:127.0.0.1:{port} {host}")
    }

    /// Waits for the browser that answers `pending`; whoever else calls gets a 404.
    ///
    /// # Errors
    /// [`Kind::Expired`] when nobody came within `limit`, listing what Google shows on its own page without coming
    /// back.
    pub async fn receive(
        mut self,
        pending: &PendingAuthorization,
        limit: Duration,
    ) -> Result<Redirect, Error> {
        let deadline = Instant::now() + limit;
        let late = || {
            Error::new(
                Kind::Expired,
                format!(
                    "expected the browser back within {} s, got nobody; if the page showed an error, that is all there \
                     is: {}",
                    limit.as_secs(),
                    WITHOUT_REDIRECT.join(", "),
                ),
            )
            .advising(Advice::AskConsent { scopes: Vec::new() })
        };
        loop {
            match timeout_at(deadline, self.calls.recv()).await {
                Ok(Some(Call::Back(redirect, accept))) if pending.is_answered_by(&redirect) => {
                    let _gone = accept.send(());
                    self.show_last_page(pending).await;
                    return Ok(redirect);
                }
                Ok(Some(_)) => {}
                Ok(None) | Err(_) => return Err(late()),
            }
        }
    }

    /// Stays until the browser has the page behind the redirect.
    async fn show_last_page(&mut self, pending: &PendingAuthorization) {
        let deadline = Instant::now() + LAST_PAGE;
        while let Ok(Some(call)) = timeout_at(deadline, self.calls.recv()).await {
            match call {
                Call::Done => break,
                // Browsers ask twice now and then; the second answer is as good as the first.
                Call::Back(redirect, accept) if pending.is_answered_by(&redirect) => {
                    let _gone = accept.send(());
                }
                Call::Back(..) => {}
            }
        }
        for server in self.servers.drain(..) {
            let _stopped = timeout_at(deadline, server.stop()).await;
        }
    }
}

/// What Google shows on its own page, and does not come back with (oauth2.md 5.2).
pub const WITHOUT_REDIRECT: &[&str] = &[
    "redirect_uri_mismatch (the address is not registered for this client)",
    "invalid_request (also for out-of-band addresses)",
    "admin_policy_enforced (the organisation forbids the scopes)",
    "org_internal (the application is for its own organisation)",
    "disallowed_useragent (an embedded browser)",
    "deleted_client",
    "origin_mismatch",
];

/// What answers requests.
#[derive(Clone)]
struct Desk {
    sender: mpsc::Sender<Call>,
    port: Arc<AtomicU16>,
}

impl Desk {
    async fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        self.admit(&request)
            .await
            .unwrap_or_else(|| page(StatusCode::NOT_FOUND, NOTHING))
    }

    /// Path, then Host, then whatever the waiting side says of `state`; `None` for a stranger.
    async fn admit(&self, request: &Request<Bytes>) -> Option<Response<Bytes>> {
        let path = request.uri().path();
        if request.method() != Method::GET || !matches!(path, "/" | DONE) {
            return None;
        }
        let host = request.headers().get(header::HOST)?.to_str().ok()?;
        // A page of another site may have a name that leads here (DNS rebinding).
        let (name, port) = host.rsplit_once(':')?;
        let own = self.port.load(Ordering::Relaxed);
        if !is_loopback(name) || port.parse() != Ok(own) {
            return None;
        }
        if path == DONE {
            self.sender.try_send(Call::Done).ok()?;
            return Some(page(StatusCode::OK, CLOSE));
        }
        let target = request.uri().path_and_query()?.as_str();
        let address = format!("http://127.0.0.1:{own}{target}");
        let redirect = Redirect::parse(&address).ok()?;
        let (accept, accepted) = oneshot::channel();
        self.sender.try_send(Call::Back(redirect, accept)).ok()?;
        accepted.await.ok()?;
        let mut answer = page(StatusCode::SEE_OTHER, "");
        let done = HeaderValue::from_static(DONE);
        answer.headers_mut().insert(header::LOCATION, done);
        Some(answer)
    }
}

fn page(status: StatusCode, text: &'static str) -> Response<Bytes> {
    let mut answer = Response::new(Bytes::from_static(text.as_bytes()));
    *answer.status_mut() = status;
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ),
    ] {
        let value = HeaderValue::from_static(value);
        answer.headers_mut().insert(name, value);
    }
    answer
}

const NOTHING: &str = "<!DOCTYPE html><title>Nothing here</title><p>There is nothing here.</p>\n";
const CLOSE: &str = "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\">\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>You can close this page</title>\
    <style>body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f1f3f4;color:#202124}\
    main{max-width:30rem;margin:12vh auto;padding:2rem;background:#fff;border:1px solid #dadce0;border-radius:.5rem}\
    h1{font-size:1.4rem;font-weight:500;margin:0 0 .5rem}p{margin:0}</style>\
    <main><h1>The answer has arrived</h1>\
    <p>Close this page, and go back to the program that sent you.</p></main></html>\n";
