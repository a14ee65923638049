//! A transport that authorises what it sends, renews tokens, and follows redirects without losing a credential.
//!
//! ```text
//! request ─▶ envelope ─▶ authorize ─▶ inner transport ─▶ answer
//!                 ▲          ▲                             │
//!                 │          └── a new token, once ◀───────┤ 401, with a TokenSource
//!                 └── same origin: anew for the new URL ◀──┤ 301 302 303 307 308
//!                                                          └─▶ another origin: handed back as it is
//! ```
//!
//! What authorises is an [`AuthScheme`] as it stands, or a [`TokenSource`], which keeps an OAuth 2.0 token fresh.
//!
//! Calendar answers a first request with 302 and a `gsessionid`; a signature covers the address, so the
//! request is signed anew for the new one, and the id is kept for later requests
//! (legacy-protocol.md 2.6 and 9, quirk 16).

mod bearer;
mod credential;
mod device;
mod exchange;
#[cfg(feature = "google-apis")]
mod google_apis;
#[cfg(feature = "serve")]
mod loopback;
#[cfg(feature = "reqwest-middleware")]
mod middleware;
mod paging;
mod redirect;
mod source;
mod token;
#[cfg(feature = "tower")]
mod tower;
mod upload;

pub use device::poll_device;
#[cfg(feature = "google-apis")]
pub use google_apis::HubToken;
#[cfg(feature = "serve")]
pub use loopback::{LoopbackReceiver, WITHOUT_REDIRECT};
#[cfg(feature = "reqwest-middleware")]
pub use middleware::AuthorizeMiddleware;
pub use paging::Pages;
pub use source::{Source, Stream};
pub use token::{
    Cached, Credentials, ExternalToken, FetchToken, Generation, ImpersonatedToken, Issued,
    MetadataToken, ReadSubject, ServiceToken, StoredToken, TokenSource, consented,
    default_credentials, grant_key, keep_consent,
};
#[cfg(feature = "tower")]
pub use tower::{AuthorizeLayer, AuthorizeOnceLayer, AuthorizeOnceService, AuthorizeService};
pub use upload::{Backoff, ResumableUpload, Retry};

use std::sync::Mutex;

use bytes::Bytes;
use futures_core::future::BoxFuture;

use self::{
    bearer::Bearer,
    credential::Credential,
    redirect::{Sessions, Step},
};
use crate::{
    error::{Error, Kind},
    gdata::Envelope,
    scheme::{AuthScheme, Verdict, oauth2::AllowedHosts},
    system::Stamps,
    time::Stamp,
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
///
/// # Security
/// The credential goes to whatever address the caller names, plain `http` included: AuthSub's own scopes were
/// `http`. Where addresses come from outside, from a feed or a user, say
/// [`within_scopes`](Self::within_scopes).
#[derive(Debug)]
pub struct AuthorizedClient<T> {
    transport: T,
    credential: Credential,
    hosts: Option<AllowedHosts>,
    within_scopes: bool,
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
        Self::assemble(transport, Credential::Scheme(Box::new(scheme.into())))
    }

    fn assemble(transport: T, credential: Credential) -> Self {
        Self {
            transport,
            credential,
            hosts: None,
            within_scopes: false,
            envelope: Envelope::new(),
            stamps: Stamps::system(),
            sessions: Mutex::default(),
        }
    }

    /// A client whose tokens come from a source, and are renewed by it: OAuth 2.0.
    ///
    /// After a 401 the token that was sent is not used again, and the request is sent once more with a new one.
    ///
    /// # Security
    /// Such a token goes to `https` addresses only, or to loopback; [`only_to`](Self::only_to) narrows that to named
    /// hosts, which is wise where addresses come from answers.
    pub fn with_source(transport: T, source: impl TokenSource + 'static) -> Self {
        Self::assemble(transport, Credential::Source(Bearer::new(source)))
    }

    /// Sends the credential to these hosts alone; a request to another is refused before anything is sent.
    #[must_use]
    pub fn only_to(mut self, hosts: AllowedHosts) -> Self {
        self.hosts = Some(hosts);
        self
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

    /// Refuses every address that the scopes of the credential do not cover, redirects included, before
    /// anything is sent there. A credential whose scopes are not known is sent as without it.
    #[must_use]
    pub fn within_scopes(mut self) -> Self {
        self.within_scopes = true;
        self
    }

    /// The credential; `None` when its tokens come from a source.
    #[must_use]
    pub fn scheme(&self) -> Option<&AuthScheme> {
        match &self.credential {
            Credential::Scheme(scheme) => Some(scheme),
            Credential::Source(_) => None,
        }
    }

    /// What to do after an answer to a request that was [`send`](Transport::send): as [`AuthScheme::judge`], for a
    /// source of tokens too.
    #[must_use]
    pub fn judge(&self, address: &str, answer: &http::Response<Bytes>) -> Verdict {
        match &self.credential {
            Credential::Scheme(scheme) => scheme.judge(address, answer),
            Credential::Source(_) => Verdict::of_bearer(address, answer),
        }
    }

    /// Sends a request to an absolute address, authorised.
    ///
    /// # Errors
    /// [`Kind::Input`] when the request cannot be authorised, [`Kind::Transport`] when the medium
    /// failed, [`Kind::Refused`] on a redirect that leads to another origin or in circles,
    /// [`Kind::Scope`] where [`within_scopes`](Self::within_scopes) holds an address back, and for a
    /// refusal what [`AuthScheme::explain`] says of it, with
    /// [`Advice::FixClock`](crate::Advice::FixClock) when a signature was refused and the server's clock is
    /// too far away from the one here.
    pub async fn request(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, Error> {
        let address = request.uri().to_string();
        let (answer, stamp) = self.deliver(request).await?;
        if let Some(error) = self.explain(&address, &answer, &stamp) {
            return Err(error);
        }
        if redirect::location(&answer).is_some() {
            return Err(Error::new(
                Kind::Refused,
                "redirect: expected one within the same origin, got one that leads elsewhere; \
                 the credential does not follow",
            ));
        }
        Ok(answer)
    }

    fn explain(
        &self,
        address: &str,
        answer: &http::Response<Bytes>,
        stamp: &Stamp,
    ) -> Option<Error> {
        self.credential.explain(address, answer, stamp)
    }

    /// The last answer, and the stamp of the request that got it.
    async fn deliver(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<(http::Response<Bytes>, Stamp), Failure> {
        let (mut parts, mut body) = request.into_parts();
        let origin = Origin::of_uri(&parts.uri)?;
        if let Some(known) = lock(&self.sessions).address(&origin, &parts.uri) {
            parts.uri = known;
        }
        self.envelope.apply(&mut parts);
        let mut renewed = false;
        for _ in 0..=Self::MAX_REDIRECTS {
            self.check_scope(&parts.uri)?;
            self.check_host(&parts.uri)?;
            let stamp = self.stamps.next();
            let attached = self.credential.attach(&mut parts, &body, &stamp).await?;
            let sent = http::Request::from_parts(parts.clone(), body.clone());
            let mut answer = self.transport.send(sent).await?;
            // Once: a server that refuses a new token too has another reason.
            if !renewed && self.credential.is_rejected(&answer, attached) {
                renewed = true;
                self.credential.attach(&mut parts, &body, &stamp).await?;
                let sent = http::Request::from_parts(parts.clone(), body.clone());
                answer = self.transport.send(sent).await?;
            }
            match redirect::step(&origin, &parts.uri, &answer)? {
                Step::Done => return Ok((answer, stamp)),
                Step::Follow { uri, see_other } => {
                    lock(&self.sessions).remember(&origin, &uri);
                    parts.uri = uri;
                    if see_other {
                        redirect::see_other(&mut parts);
                        body = Bytes::new();
                    }
                }
            }
        }
        Err(Failure::Own(Error::new(
            Kind::Refused,
            format!(
                "redirect: expected an answer after at most {} hops, got another redirect",
                Self::MAX_REDIRECTS
            ),
        )))
    }

    fn check_scope(&self, uri: &http::Uri) -> Result<(), Error> {
        match self.scheme().and_then(AuthScheme::scopes) {
            Some(scopes) if self.within_scopes => scopes.check(&uri.to_string()),
            _ => Ok(()),
        }
    }

    fn check_host(&self, uri: &http::Uri) -> Result<(), Error> {
        if let Some(hosts) = &self.hosts {
            return hosts.check("address", &uri.to_string());
        }
        self.credential.check_place(uri)
    }
}

impl<T: Transport> Transport for AuthorizedClient<T> {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(async move {
            match self.deliver(request).await {
                Ok((answer, _)) => Ok(answer),
                Err(Failure::Medium(cause)) => Err(cause),
                Err(Failure::Own(cause)) => {
                    let mishap = match cause.kind() {
                        Kind::Reply | Kind::Refused => Mishap::Redirect,
                        _ => Mishap::Request,
                    };
                    Err(TransportError::new(mishap, cause.to_string()).caused_by(cause))
                }
            }
        })
    }
}

/// Why there is no answer to hand on.
enum Failure {
    /// What the inner transport said, for the next one to say it too.
    Medium(TransportError),
    Own(Error),
}

impl From<TransportError> for Failure {
    fn from(cause: TransportError) -> Self {
        Self::Medium(cause)
    }
}

impl From<Error> for Failure {
    fn from(cause: Error) -> Self {
        Self::Own(cause)
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Medium(cause) => cause.into(),
            Failure::Own(cause) => cause,
        }
    }
}

/// A poisoned lock still holds whole session ids: each is written in one step.
fn lock(sessions: &Mutex<Sessions>) -> std::sync::MutexGuard<'_, Sessions> {
    sessions
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
