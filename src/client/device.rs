//! Waits for the user to type in a device's code (RFC 8628, 3.4 and 3.5).

use super::upload::{Backoff, Retry};
use crate::{
    error::Error,
    exchange::Exchange,
    scheme::oauth2::{Authorized, Client, DeviceCode, Poll},
    system::Clock,
    transport::Transport,
};

/// Asks at the server's pace until the user has decided; `backoff` waits between two questions.
///
/// A question that the medium lost is asked again, at a slower pace, until the code ends.
///
/// # Errors
/// [`Kind::Denied`](crate::Kind::Denied) when the user declined, [`Kind::Expired`](crate::Kind::Expired) when the code
/// ended, and any refusal that does not pass.
///
/// # Examples
/// ```
/// # #[cfg(feature = "emulator")] {
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// use gdata_auth::{
///     client::{Retry, poll_device}, oauth2::Client, run, scope::ScopeNames, system::SystemClock,
/// };
///
/// # let google = gdata_auth::emulator::Emulator::new();
/// let tv = Client::limited_input("1234.apps.googleusercontent.com", "GOCSPX-example")?;
/// let scopes = ScopeNames::parse("https://www.googleapis.com/auth/youtube.readonly")?;
/// let code = run(&tv.device(&scopes)?, &google).await?;
/// println!("open {} and type {}", code.verification_url(), code.user_code());
///
/// let backoff = |retry: Retry| tokio::time::sleep(retry.after.unwrap_or_default());
/// # let backoff = |_: Retry| std::future::pending::<()>();
/// let waiting = poll_device(&code, &tv, &google, &SystemClock, &backoff);
/// # drop(waiting);
/// # Ok::<(), Box<dyn std::error::Error>>(()) })?; }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub async fn poll_device<T: Transport + ?Sized>(
    code: &DeviceCode,
    client: &Client,
    transport: &T,
    clock: &dyn Clock,
    backoff: &dyn Backoff,
) -> Result<Authorized, Error> {
    let mut schedule = code.schedule(clock.now());
    let mut attempt = 0;
    loop {
        attempt += 1;
        let after = Some(schedule.wait(clock.now())?);
        backoff.pause(Retry { attempt, after }).await;
        let poll = code.poll(client);
        let outcome = match transport.send(poll.request()).await {
            Ok(answer) => poll.parse(&answer),
            Err(cause) => Err(cause.into()),
        };
        match outcome {
            Ok(Poll::Granted(authorized)) => return Ok(*authorized),
            Ok(Poll::Pending) => {}
            Ok(Poll::SlowDown) => schedule.slow_down(),
            Err(error) if error.is_transient() => schedule.slow_down(),
            Err(error) => return Err(error),
        }
    }
}
