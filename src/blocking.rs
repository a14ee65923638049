//! The flows for a program without async: the very same futures, driven here until they are done.
//!
//! ```text
//! blocking::run(&exchange, &transport)     one step of a flow
//! blocking::Client::new(authorized)        requests with a credential, tokens renewed
//! blocking::wait(future)                   anything else of this crate
//! ```
//!
//! It knows no protocol and no transport: a runtime of tokio on the caller's thread, and nothing that is spawned. Where
//! a runtime is already running, waiting would stop everything else on its thread, so it is refused.

use std::{fmt, future::Future};

use bytes::Bytes;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::{
    client::AuthorizedClient,
    error::{Error, Kind},
    exchange::Exchange,
    transport::{self, Transport},
};

/// Drives one exchange, as [`transport::run`], and waits for it.
///
/// # Errors
/// As [`wait`], and as [`transport::run`].
///
/// # Examples
/// ```
/// # #[cfg(feature = "emulator")] {
/// use gdata_auth::{
///     Stamp, Timestamp, authsub::{Accounts, SessionToken}, blocking, emulator::Emulator,
/// };
///
/// let google = Emulator::new();
/// let token = SessionToken::new(google.issue_session_token("http://gdata.youtube.com/feeds/")?)?;
/// let stamp = Stamp::numbered(Timestamp::from_unix_seconds(1_300_000_000), 1);
/// let info = blocking::run(&token.token_info(&Accounts::google(), &stamp)?, &google)?;
/// assert_eq!(info.target(), "www.example.com");
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn run<E, T>(exchange: &E, transport: &T) -> Result<E::Output, Error>
where
    E: Exchange + ?Sized,
    T: Transport + ?Sized,
{
    wait(transport::run(exchange, transport))?
}

/// Drives any future of this crate, such as [`default_credentials`](crate::client::default_credentials), and waits for
/// what comes of it. Each call has a runtime of its own.
///
/// # Errors
/// [`Kind::Input`] inside of an async runtime, before anything is done; [`Kind::Transport`] when the system gives no
/// runtime.
pub fn wait<F: Future>(future: F) -> Result<F::Output, Error> {
    Driver::new()?.wait(future)
}

/// An [`AuthorizedClient`] whose calls wait. Connections are kept from one call to the next.
///
/// # Examples
/// ```
/// # #[cfg(feature = "emulator")] {
/// use bytes::Bytes;
/// use gdata_auth::{authsub::SessionToken, blocking, client::AuthorizedClient, emulator::Emulator};
///
/// let google = Emulator::new();
/// let token = SessionToken::new(google.issue_session_token("http://gdata.youtube.com/feeds/")?)?;
/// let client = blocking::Client::new(AuthorizedClient::new(google, token))?;
///
/// let uploads = http::Request::get("http://gdata.youtube.com/feeds/api/users/default/uploads")
///     .body(Bytes::new())?;
/// assert_eq!(client.request(uploads)?.status(), 200);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Client<T> {
    client: AuthorizedClient<T>,
    driver: Driver,
}

impl<T: Transport> Client<T> {
    /// A client that waits.
    ///
    /// # Errors
    /// As [`wait`].
    pub fn new(client: AuthorizedClient<T>) -> Result<Self, Error> {
        let driver = Driver::new()?;
        Ok(Self { client, driver })
    }

    /// As [`AuthorizedClient::request`].
    ///
    /// # Errors
    /// As [`wait`], and as [`AuthorizedClient::request`].
    pub fn request(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, Error> {
        self.wait(self.client.request(request))?
    }

    /// As [`AuthorizedClient::run`].
    ///
    /// # Errors
    /// As [`wait`], and as [`AuthorizedClient::run`].
    pub fn run<E>(&self, exchange: &E) -> Result<E::Output, Error>
    where
        E: Exchange + ?Sized,
    {
        self.wait(self.client.run(exchange))?
    }

    /// Waits for another future of [`inner`](Self::inner), such as a resumable upload.
    ///
    /// # Errors
    /// As [`wait`](wait()).
    pub fn wait<F: Future>(&self, future: F) -> Result<F::Output, Error> {
        self.driver.wait(future)
    }

    /// The client behind it.
    #[must_use]
    pub fn inner(&self) -> &AuthorizedClient<T> {
        &self.client
    }
}

/// A runtime on the caller's thread.
struct Driver(Option<Runtime>);

/// After so many turns of the runtime everything that happened between two calls was seen: one to ask the system, one
/// for whoever was waiting for it.
const TURNS: u32 = 2;

impl Driver {
    fn new() -> Result<Self, Error> {
        check_thread()?;
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|cause| {
            Error::new(
                Kind::Transport,
                format!("blocking: the system gives no runtime: {cause}"),
            )
            .caused_by(cause)
        })?;
        Ok(Self(Some(runtime)))
    }

    fn wait<F: Future>(&self, future: F) -> Result<F::Output, Error> {
        check_thread()?;
        let Some(runtime) = &self.0 else {
            return Err(Error::input("blocking", "expected a runtime, got none"));
        };
        Ok(runtime.block_on(async {
            // Nobody drove the connections since the last call: a server may have closed one, and a request on it
            // would be lost.
            for _ in 0..TURNS {
                tokio::task::yield_now().await;
            }
            future.await
        }))
    }
}

/// A runtime that waits for its threads must not do so inside of another one.
impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Driver")
    }
}

fn check_thread() -> Result<(), Error> {
    match Handle::try_current() {
        Err(_) => Ok(()),
        Ok(_) => Err(Error::input(
            "blocking",
            "expected a thread without an async runtime, got one inside of it: await the async call of the same name \
             here, or wait on a thread of your own (std::thread::spawn)",
        )),
    }
}
