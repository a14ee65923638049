//! A refresh token at work: what the stories of two protocols end in.

use super::{
    feeds::read_feed,
    stage::{Misbehaved, Stage},
};
use crate::{
    error::Error,
    scheme::oauth2::{AccessToken, Client, ClientKind, Provider},
    secret::Secret,
    system::Clock,
    transport::run,
};

pub(super) const CLIENT_ID: &str = "1234.apps.googleusercontent.com";
pub(super) const CLIENT_SECRET: &str = "demo-client-secret";
pub(super) const TOKEN: &str = "/o/oauth2/token";

/// The program of the stories, registered at the emulator.
pub(super) fn client(stage: &Stage) -> Result<Client, Error> {
    let google = Provider::google_at(&stage.origin)?;
    Client::new(google, ClientKind::Installed, CLIENT_ID)?.with_secret(CLIENT_SECRET)
}

/// Refreshes, and reads a feed with the new access token.
pub(super) async fn read_with(stage: &mut Stage, refresh: &Secret) -> Result<(), Misbehaved> {
    let token = fresh(stage, refresh).await;
    let token = stage.expect(
        "The refresh token yields an access token",
        "expires_in counts seconds; the refresh token stays as it is.",
        token,
        |token| format!("access token {}", token.secret().expose()),
    )?;
    let read = read_feed(stage, token).await;
    stage.expect(
        "The same feed, with a bearer token",
        "gdata took OAuth 2.0 beside the old ways in. Nothing is signed: TLS has to keep the token.",
        read,
        |count| format!("a feed with {count} entries"),
    )?;
    Ok(())
}

async fn fresh(stage: &Stage, refresh: &Secret) -> Result<AccessToken, Error> {
    let call = client(stage)?.refresh(refresh.clone(), None);
    Ok(run(&call, &stage.wire)
        .await?
        .received_at(stage.clock.now()))
}
