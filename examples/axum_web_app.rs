//! A web application that lets people sign in with Google: `cargo run --features emulator,reqwest --example
//! axum_web_app`, then open the address that it prints.
//!
//! ```text
//! browser            this application                      Google, played in this process
//!   GET /login   ──▶ link and PendingAuthorization
//!                    into a session; cookie  ──▶ browser ──▶ consent
//!   GET /oauth2/callback?state&code  ◀──────────────────────────┘
//!                ──▶ the session's PendingAuthorization, taken out of it, finishes the code
//!                    tokens into a store, for later; who it was, into the session
//!   GET /        ──▶ "ann@example.com"
//! ```
//!
//! With `Provider::google()` in place of the emulator, and the client of your own project, this is the real thing. What
//! a program adds then: sessions that end and survive a restart, and `Secure` on the cookie.

#![expect(clippy::print_stdout, reason = "an example shows what happens")]

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, Html, IntoResponse, Redirect, Response},
    routing::get,
};
use gdata_auth::{
    Error,
    client::{grant_key, keep_consent},
    emulator::{Config, Consent, Emulator},
    oauth2::{self, Client, PendingAuthorization, Provider},
    run,
    scope::ScopeNames,
    serve::Server,
    store::MemoryStore,
    system::{self, Clock, SystemClock, SystemRandomness},
    transport::Reqwest,
};

const COOKIE: &str = "session";
const SCOPES: &str = "openid email https://www.googleapis.com/auth/youtube.readonly";

/// What the application has; everything that it knows of a browser is behind the id in its cookie.
struct App {
    client: Client,
    redirect_uri: String,
    google: Reqwest,
    store: MemoryStore,
    sessions: Mutex<HashMap<String, Session>>,
}

enum Session {
    /// On the way to Google and back.
    Asked(Box<PendingAuthorization>),
    /// Signed in, with this address.
    Known(String),
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let emulator = Emulator::with(Config::new().with_consent(Consent::Ask))?;
    let google = Server::bind(([127, 0, 0, 1], 0), emulator)?.spawn()?;

    let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let app = App {
        client: Client::web("1234.apps.googleusercontent.com", "GOCSPX-example")?
            .at(Provider::google_at(&google.origin())?),
        redirect_uri: format!("{origin}/oauth2/callback"),
        google: Reqwest::new()?,
        store: MemoryStore::new(),
        sessions: Mutex::default(),
    };
    let router = Router::new()
        .route("/", get(home))
        .route("/login", get(login))
        .route("/oauth2/callback", get(callback))
        .with_state(Arc::new(app));
    println!("open {origin}/");
    Ok(axum::serve(listener, router).await?)
}

async fn home(State(app): State<Arc<App>>, headers: HeaderMap) -> Html<String> {
    let known = session_id(&headers).and_then(|id| match app.sessions().get(&id)? {
        Session::Known(who) => Some(who.clone()),
        Session::Asked(_) => None,
    });
    Html(match known {
        Some(who) => format!("<p>You are {}.</p>", escaped(&who)),
        None => "<p><a href=\"/login\">Sign in with Google</a></p>".to_owned(),
    })
}

/// Each visit has a link and a session of its own: two tabs do not mix, and nobody can hand a session to another.
async fn login(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    let pending = app
        .client
        .authorize(&app.redirect_uri)
        .scopes(ScopeNames::parse(SCOPES)?)
        .begin(&system::random(&SystemRandomness), SystemClock.now())?;
    let link = pending.link().to_owned();
    let cookie = app.begin_session(Session::Asked(Box::new(pending)));
    Ok((cookie, Redirect::to(&link)).into_response())
}

async fn callback(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    // Taken out: a redirect is answered once.
    let session = session_id(&headers).and_then(|id| app.sessions().remove(&id));
    let Some(Session::Asked(pending)) = session else {
        return Ok(Redirect::to("/login").into_response());
    };
    let now = SystemClock.now();
    let redirect = oauth2::Redirect::from_query(&query.unwrap_or_default())?;
    let exchange = pending.finish(&app.client, &redirect, now)?;
    let authorized = run(&exchange, &app.google).await?;

    let token = authorized.reply().received_at(now);
    let user = run(&app.client.provider().userinfo(&token)?, &app.google).await?;
    // The account's name at Google never changes; its address may.
    let key = grant_key(&app.client, &user.subject)?;
    keep_consent(&app.store, &key, &authorized, now)?;

    // Signed in, so under a new id.
    let who = user.email.unwrap_or(user.subject);
    let cookie = app.begin_session(Session::Known(who));
    Ok((cookie, Redirect::to("/")).into_response())
}

impl App {
    fn sessions(&self) -> std::sync::MutexGuard<'_, HashMap<String, Session>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A session with an id that nobody can guess. Its cookie is for HTTP alone, and `Lax` because the browser comes back
    /// from another site.
    fn begin_session(&self, session: Session) -> AppendHeaders<[(header::HeaderName, String); 1]> {
        let id = format!(
            "{:032x}",
            u128::from_be_bytes(system::random(&SystemRandomness))
        );
        let cookie = format!("{COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax");
        self.sessions().insert(id, session);
        AppendHeaders([(header::SET_COOKIE, cookie)])
    }
}

fn session_id(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    cookies
        .split("; ")
        .find_map(|pair| pair.strip_prefix(COOKIE)?.strip_prefix('='))
        .map(str::to_owned)
}

/// What went wrong, for the person in front of the browser. Messages hold no secret.
struct Problem(Error);

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = match self.0.needs_user() {
            true => StatusCode::FORBIDDEN,
            false => StatusCode::BAD_GATEWAY,
        };
        let page = format!(
            "<p>{}.</p><p><a href=\"/login\">Try again</a></p>",
            escaped(&self.0.to_string())
        );
        (status, Html(page)).into_response()
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
