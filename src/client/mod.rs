//! A transport that authorises what it sends, and follows redirects without losing a credential.
//!
//! ```text
//! request ─▶ envelope ─▶ scheme.authorize ─▶ inner transport ─▶ answer
//!                 ▲                                               │
//!                 └──── same origin: sign anew for the new URL ◀──┤ 301 302 303 307 308
//!                                                                 └─▶ another origin: handed back as it is
//! ```
//!
//! Calendar answers a first request with 302 and a `gsessionid`; a signature covers the address, so the
//! request is signed anew for the new one, and the id is kept for later requests
//! (legacy-protocol.md 2.6 and 9, quirk 16).

mod exchange;
mod paging;
mod redirect;
mod source;
mod upload;

pub use paging::Pages;
pub use source::{Source, Stream};
pub use upload::{Backoff, ResumableUpload, Retry};

use std::sync::Mutex;

use bytes::Bytes;
use futures_core::future::BoxFuture;

use self::redirect::{Sessions, Step};
use crate::{
    error::{Error, Kind},
    exchange::BodyHint,
    gdata::Envelope,
    scheme::AuthScheme,
    system::Stamps,
    transport::{Mishap, Transport, TransportError},
    wire::origin::Origin,
};

/// A [`Transport`] with a credential.
///
/// [`request`](Self::request) turns a refusal into an [`Error`] that says what to do; as a plain
/// [`Transport`] it hands every answer through.
///
/// # Examples
/// ```
/// # #[cfg(feature = "emulator")] {
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// use bytes::Bytes;
/// use gdata_auth::{AuthScheme, authsub::SessionToken, client::AuthorizedClient, emulator::Emulator};
///
/// let google = Emulator::new();
/// let token = google.issue_session_token("http://gdata.youtube.com/feeds/")?;
/// let client = AuthorizedClient::new(google, AuthScheme::from(SessionToken::new(token)?));
///
/// let uploads = http::Request::get("http://gdata.youtube.com/feeds/api/users/default/uploads")
///     .body(Bytes::new())?;
/// assert_eq!(client.request(uploads).await?.status(), 200);
/// # Ok::<(), Box<dyn std::error::Error>>(()) })?; }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct AuthorizedClient<T> {
    transport: T,
    scheme: AuthScheme,
    envelope: Envelope,
    stamps: Stamps,
    sessions: Mutex<Sessions>,
}

impl<T: Transport> AuthorizedClient<T> {
    /// The most redirects that are followed for one request.
    pub const MAX_REDIRECTS: usize = 5;

    /// A client that sends over `transport` with `scheme`, stamped by the machine's clock and random
    /// source, without a gdata envelope.
    pub fn new(transport: T, scheme: impl Into<AuthScheme>) -> Self {
        Self {
            transport,
            scheme: scheme.into(),
            envelope: Envelope::new(),
            stamps: Stamps::system(),
            sessions: Mutex::default(),
        }
    }

    /// Puts the headers of `envelope` onto every request: version, developer key, client.
    #[must_use]
    pub fn with_envelope(mut self, envelope: Envelope) -> Self {
        self.envelope = envelope;
        self
    }

    /// Takes timestamps and nonces from `stamps`.
    #[must_use]
    pub fn with_stamps(mut self, stamps: Stamps) -> Self {
        self.stamps = stamps;
        self
    }

    /// The credential.
    #[must_use]
    pub fn scheme(&self) -> &AuthScheme {
        &self.scheme
    }

    /// Sends a request to an absolute address, authorised.
    ///
    /// # Errors
    /// [`Kind::Input`] when the request cannot be authorised, [`Kind::Transport`] when the medium
    /// failed, [`Kind::Refused`] on a redirect that leads to another origin or in circles, and for a
    /// refusal what [`AuthScheme::explain`] says of it.
    pub async fn request(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, Error> {
        let address = request.uri().to_string();
        let answer = self.deliver(request).await?;
        if let Some(error) = self.scheme.explain(&address, &answer) {
            return Err(error);
        }
        if redirect::is_redirect(answer.status()) {
            return Err(Error::new(
                Kind::Refused,
                "redirect: expected one within the same origin, got one that leads elsewhere; \
                 the credential does not follow",
            ));
        }
        Ok(answer)
    }

    async fn deliver(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, Error> {
        let (mut parts, body) = request.into_parts();
        let origin = Origin::of_uri(&parts.uri)?;
        if let Some(known) = lock(&self.sessions).address(&origin, &parts.uri) {
            parts.uri = known;
        }
        self.envelope.apply(&mut parts);
        for _ in 0..=Self::MAX_REDIRECTS {
            let hint = hint(&parts, &body);
            self.scheme
                .authorize(&mut parts, hint, &self.stamps.next())?;
            let sent = http::Request::from_parts(parts.clone(), body.clone());
            let answer = self.transport.send(sent).await?;
            match redirect::step(&origin, &parts.uri, &answer)? {
                Step::Done => return Ok(answer),
                Step::Follow { uri, as_get } => {
                    lock(&self.sessions).remember(&origin, &uri);
                    parts.uri = uri;
                    if as_get {
                        parts.method = http::Method::GET;
                        return self.finish_as_get(parts).await;
                    }
                }
            }
        }
        Err(Error::new(
            Kind::Refused,
            format!(
                "redirect: expected an answer after at most {} hops, got another redirect",
                Self::MAX_REDIRECTS
            ),
        ))
    }

    /// The GET that 303 asks for (RFC 9110, 15.4.4): without the body and what describes it.
    async fn finish_as_get(
        &self,
        mut parts: http::request::Parts,
    ) -> Result<http::Response<Bytes>, Error> {
        for name in [
            http::header::CONTENT_TYPE,
            http::header::CONTENT_LENGTH,
            http::header::TRANSFER_ENCODING,
        ] {
            parts.headers.remove(name);
        }
        self.scheme
            .authorize(&mut parts, BodyHint::Empty, &self.stamps.next())?;
        let sent = http::Request::from_parts(parts, Bytes::new());
        Ok(self.transport.send(sent).await?)
    }
}

impl<T: Transport> Transport for AuthorizedClient<T> {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(async move {
            self.deliver(request).await.map_err(|cause| {
                let mishap = match cause.kind() {
                    Kind::Transport => Mishap::Other,
                    _ => Mishap::Request,
                };
                TransportError::new(mishap, cause.to_string()).caused_by(cause)
            })
        })
    }
}

fn hint<'a>(parts: &http::request::Parts, body: &'a Bytes) -> BodyHint<'a> {
    let form = parts
        .headers
        .get(http::header::CONTENT_TYPE)
        .is_some_and(|kind| {
            kind.as_bytes()
                .starts_with(b"application/x-www-form-urlencoded")
        });
    match (body.is_empty(), form) {
        (true, _) => BodyHint::Empty,
        (false, true) => BodyHint::Form(body),
        (false, false) => BodyHint::Opaque,
    }
}

/// A poisoned lock still holds whole session ids: each is written in one step.
fn lock(sessions: &Mutex<Sessions>) -> std::sync::MutexGuard<'_, Sessions> {
    sessions
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
