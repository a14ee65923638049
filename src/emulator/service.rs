//! The emulator as an axum service, for suites that run their own server.

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::StatusCode;

use super::Emulator;

/// The most bytes of a request's body that are read: the largest upload of a test.
const MAX_BODY: usize = 128 * 1024 * 1024;

impl Emulator {
    /// A router that answers every path, to serve or to nest into another.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn serve() -> std::io::Result<()> {
    /// use gdata_auth::emulator::Emulator;
    ///
    /// let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    /// axum::serve(listener, Emulator::new().router()).await
    /// # }
    /// ```
    pub fn router(&self) -> Router {
        Router::new().fallback(answer).with_state(self.clone())
    }
}

async fn answer(State(emulator): State<Emulator>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let request = http::Request::from_parts(parts, body);
    let now = emulator.shared.clock.now();
    emulator.handle(now, &request).map(Body::from)
}
