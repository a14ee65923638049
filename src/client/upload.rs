//! The driver of a resumable upload: chunk after chunk, and on after a break.
//!
//! ```text
//!            ┌──────────── 308: go on at what was received ───────────┐
//!            ▼                                                        │
//! send ─▶ Chunk ─▶ 200, 201: the entry                                │
//!            │                                                        │
//!            └─▶ broken line, 5xx ─▶ Backoff ─▶ Probe ── 308 ─────────┘
//!                                    ▲   resume starts here
//! ```
//!
//! Every request is authorised on its own, so secure AuthSub signs each. What the server has is never sent
//! again. There is no clock here: a [`Backoff`] is the caller's, and without one the driver asks at once.

use std::{
    error::Error as StdError,
    fmt,
    future::{Future, ready},
    io,
    time::Duration,
};

use futures_core::future::BoxFuture;

use super::{AuthorizedClient, source::Source};
use crate::{
    error::{Advice, Error, Kind},
    gdata::upload::{Chunk, ChunkSize, Probe, Progress, Session, Uploaded},
    transport::{Mishap, Transport, TransportError},
};

/// Waits before an upload goes on after a break.
///
/// Implemented for closures that return a future:
///
/// ```
/// use std::time::Duration;
///
/// use gdata_auth::client::{Backoff, Retry};
///
/// let backoff = |retry: Retry| {
///     let delay = retry.after.unwrap_or(Duration::from_secs(1 << retry.attempt.min(6)));
///     tokio::time::sleep(delay)
/// };
/// let backoff: &dyn Backoff = &backoff;
/// ```
pub trait Backoff: Send + Sync {
    /// Returns when it is time to try again.
    fn pause(&self, retry: Retry) -> BoxFuture<'_, ()>;
}

impl<F, Pause> Backoff for F
where
    F: Fn(Retry) -> Pause + Send + Sync,
    Pause: Future<Output = ()> + Send + 'static,
{
    fn pause(&self, retry: Retry) -> BoxFuture<'_, ()> {
        Box::pin(self(retry))
    }
}

/// What a [`Backoff`] may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Retry {
    /// Which attempt comes next, counted from 1 since the upload last moved.
    pub attempt: u32,
    /// How long the server asked to wait, where it did.
    pub after: Option<Duration>,
}

/// A resumable upload about to be sent; made by [`AuthorizedClient::upload_resumable`].
#[must_use = "nothing is sent before send or resume"]
pub struct ResumableUpload<'c, T> {
    client: &'c AuthorizedClient<T>,
    session: Session,
    chunk: ChunkSize,
    retries: u32,
    backoff: Box<dyn Backoff + 'c>,
    progress: Box<dyn FnMut(u64, u64) + Send + 'c>,
}

impl<T: Transport> AuthorizedClient<T> {
    /// Uploads the media of a session, which [`run`](Self::run) of a
    /// [`CreateSession`](crate::gdata::upload::CreateSession) has made.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// use bytes::Bytes;
    /// use gdata_auth::{
    ///     authsub::SessionToken, client::AuthorizedClient, gdata::upload::CreateSession,
    /// };
    ///
    /// # let google = |request: http::Request<Bytes>| std::future::ready(Ok::<_, gdata_auth::transport::TransportError>(
    /// #     match request.method().as_str() {
    /// #         "POST" => http::Response::builder().header("location", "?upload_id=1").body(Bytes::new()),
    /// #         _ => http::Response::builder().status(201).body(Bytes::from("<entry><title>Tides</title></entry>")),
    /// #     }.unwrap()));
    /// let client = AuthorizedClient::new(google, SessionToken::new("T")?);
    /// let media = Bytes::from("…");
    ///
    /// let address = "http://uploads.gdata.youtube.com/resumable/feeds/api/users/default/uploads";
    /// let session = client.run(&CreateSession::new(address, "video/mp4", media.len() as u64)?).await?;
    /// // Store the session here: with it the upload goes on, by `resume`, also after a crash.
    /// let uploaded = client
    ///     .upload_resumable(&session)
    ///     .on_progress(|sent, total| println!("{sent} of {total}"))
    ///     .send(media)
    ///     .await?;
    /// assert_eq!(uploaded.entry().title(), Some("Tides"));
    /// # Ok::<(), Box<dyn std::error::Error>>(()) })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn upload_resumable(&self, session: &Session) -> ResumableUpload<'_, T> {
        ResumableUpload {
            client: self,
            session: session.clone(),
            chunk: ChunkSize::default(),
            retries: RETRIES,
            backoff: Box::new(|_: Retry| ready(())),
            progress: Box::new(|_, _| ()),
        }
    }
}

impl<'c, T: Transport> ResumableUpload<'c, T> {
    /// Sends so many bytes a request, and holds as many in memory; 8 MiB by default.
    pub fn chunk_size(mut self, chunk: ChunkSize) -> Self {
        self.chunk = chunk;
        self
    }

    /// Goes on after so many failures in a row, between which the server has not taken another 256 KiB; 5 by
    /// default.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// Waits after a failure; by default not at all.
    pub fn backoff(mut self, backoff: impl Backoff + 'c) -> Self {
        self.backoff = Box::new(backoff);
        self
    }

    /// Calls `progress` with the bytes that the server has and the bytes in all, whenever the server tells
    /// the former.
    pub fn on_progress(mut self, progress: impl FnMut(u64, u64) + Send + 'c) -> Self {
        self.progress = Box::new(progress);
        self
    }

    /// Sends the media of a new session, from its first byte on.
    ///
    /// # Errors
    /// What the exchanges [`Chunk`] and [`Probe`] say. Those that may pass by themselves, and failures of the
    /// medium, come only after the retries are used up; the session is still good then. With
    /// [`SessionGone`](crate::gdata::upload::SessionGone) as the source, a new session is needed.
    /// [`Kind::Input`] when the source cannot be read.
    pub async fn send(self, source: impl Source) -> Result<Uploaded, Error> {
        self.drive(source, Some(0)).await
    }

    /// Goes on with a session that was stored: asks first what has arrived.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn resume(self, source: impl Source) -> Result<Uploaded, Error> {
        self.drive(source, None).await
    }

    /// `known` is what the server has, as long as that is certain.
    async fn drive(
        mut self,
        mut source: impl Source,
        mut known: Option<u64>,
    ) -> Result<Uploaded, Error> {
        let total = self.session.total();
        let mut mark = Mark::default();
        loop {
            let answer = match known {
                Some(offset) => {
                    let chunk = self.chunk_at(&mut source, offset)?;
                    self.client.run(&chunk).await
                }
                None => self.client.run(&Probe::new(&self.session)).await,
            };
            let failure = match answer {
                Ok(Progress::Complete(uploaded)) => {
                    (self.progress)(total, total);
                    return Ok(uploaded);
                }
                Ok(Progress::Incomplete { received }) => {
                    (self.progress)(received, total);
                    let moved = mark.reach(received);
                    let asked = known.is_none();
                    // Everything is there, but for the answer that says so: ask for it.
                    known = Some(received).filter(|received| *received < total);
                    match moved || (asked && known.is_some()) {
                        true => continue,
                        false => stuck(received, total),
                    }
                }
                Err(error) if may_pass(&error) => {
                    known = None;
                    error
                }
                Err(error) => return Err(error),
            };
            mark.failures += 1;
            if mark.failures > self.retries {
                return Err(failure);
            }
            let after = match failure.advice() {
                Advice::Retry { after } => after,
                _ => None,
            };
            let attempt = mark.failures;
            self.backoff.pause(Retry { attempt, after }).await;
        }
    }

    fn chunk_at(&self, source: &mut impl Source, offset: u64) -> Result<Chunk, Error> {
        let left = self.session.total() - offset;
        let length =
            usize::try_from(left).map_or(self.chunk.bytes(), |left| left.min(self.chunk.bytes()));
        let bytes = source
            .read_at(offset, length)
            .and_then(|bytes| match bytes.len() == length {
                true => Ok(bytes),
                false => Err(io::ErrorKind::UnexpectedEof.into()),
            })
            .map_err(|cause| {
                Error::input(
                    "media",
                    format_args!("expected {length} bytes from {offset} on, got: {cause}"),
                )
                .caused_by(cause)
            })?;
        Chunk::new(&self.session, offset, bytes)
    }
}

impl<T> fmt::Debug for ResumableUpload<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResumableUpload")
            .field("session", &self.session)
            .field("chunk", &self.chunk)
            .field("retries", &self.retries)
            .finish_non_exhaustive()
    }
}

/// The most that the server ever had, and the failures since that last grew by a chunk's least size. So a
/// server that takes a byte at a time does not keep an upload going for ever.
#[derive(Default)]
struct Mark {
    received: u64,
    failures: u32,
}

impl Mark {
    fn reach(&mut self, received: u64) -> bool {
        let moved = received >= self.received.saturating_add(ChunkSize::GRANULE as u64);
        if moved {
            self.received = received;
            self.failures = 0;
        }
        moved
    }
}

fn stuck(received: u64, total: u64) -> Error {
    Error::reply(
        "range",
        format_args!("expected the server to take more, got {received} of {total} bytes again"),
    )
    .transient(true)
}

/// Whether asking again makes sense. Unlike a plain request, an upload can be asked what arrived, so a medium
/// that failed in an unknown way is worth it too.
fn may_pass(error: &Error) -> bool {
    let mishap = || {
        let source = StdError::source(error)?;
        Some(source.downcast_ref::<TransportError>()?.mishap())
    };
    match error.kind() {
        Kind::Transport => !matches!(mishap(), Some(Mishap::Request | Mishap::TooLarge)),
        _ => error.is_transient(),
    }
}

const RETRIES: u32 = 5;
