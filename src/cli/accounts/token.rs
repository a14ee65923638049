//! `token`: a fresh access token on stdout, and the source that gives it.

use std::{process::ExitCode, sync::Arc, time::Duration};

use super::Picked;
use crate::{
    cli::{args::Token, put, runtime},
    client::{Backoff, Cached, Retry, StoredToken, TokenSource},
    error::Error,
    secret::Secret,
    system::{Clock, SystemClock},
    time::Timestamp,
    transport::Reqwest,
};

pub(in crate::cli) fn token(options: &Token) -> Result<ExitCode, Error> {
    let picked = Picked::find(options.account.as_deref(), &options.narrow)?;
    let least = Duration::from_secs(options.min_lifetime);
    let token = runtime()?.block_on(fresh(&picked, least))?;
    put(format!("{}\n", token.expose()).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// A token that is good for `least` at the least.
async fn fresh(picked: &Picked, least: Duration) -> Result<Secret, Error> {
    let source = source(picked)?;
    let mut issued = source.token().await?;
    let lasts =
        |end: Option<Timestamp>| end.is_none_or(|end| end >= SystemClock.now().after(least));
    if !lasts(issued.token.expires_at()) {
        source.reject(issued.generation);
        issued = source.token().await?;
    }
    if !lasts(issued.token.expires_at()) {
        return Err(Error::input(
            "min-lifetime",
            format_args!(
                "expected at most what the server gives, got {} s",
                least.as_secs()
            ),
        ));
    }
    Ok(issued.token.secret().clone())
}

/// Tokens of a kept grant, refreshed and written back.
///
/// # Errors
/// As [`Registered::of`](super::Registered::of).
pub(in crate::cli) fn source(picked: &Picked) -> Result<Arc<dyn TokenSource>, Error> {
    let stored = StoredToken::new(
        picked.registered()?.client,
        Arc::clone(&picked.store),
        picked.key.clone(),
        Reqwest::new()?,
    );
    Ok(Arc::new(Cached::new(stored.with_backoff(waiting()))))
}

/// Waits as long as the server says, else longer each time, up to two seconds.
pub(in crate::cli) fn waiting() -> impl Backoff + 'static {
    |retry: Retry| {
        let own = Duration::from_millis(250 << retry.attempt.min(3));
        tokio::time::sleep(retry.after.unwrap_or(own))
    }
}
