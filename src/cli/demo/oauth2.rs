//! OAuth 2.0: a refresh token yields access tokens that end by themselves, until the grant is revoked.

use super::{
    browser::post,
    feeds::read_feed,
    oauth1,
    stage::{Misbehaved, Stage},
};
use crate::{
    error::{Error, Kind},
    scheme::oauth2::AccessToken,
    secret::Secret,
    transport::Transport,
    wire::query::Pairs,
};

pub(super) const CLIENT_ID: &str = "1234.apps.googleusercontent.com";
pub(super) const CLIENT_SECRET: &str = "demo-client-secret";
pub(super) const TOKEN: &str = "/o/oauth2/token";
const REVOKE: &str = "/o/oauth2/revoke";

pub(super) async fn tell(stage: &mut Stage) -> Result<(), Misbehaved> {
    let refresh = oauth1::migrated(stage).await;
    let refresh = stage.expect(
        "A program has a refresh token",
        "this one came of the migration grant, which --scheme oauth1 shows.",
        refresh,
        |refresh| format!("refresh token {}", refresh.expose()),
    )?;
    let token = read_with(stage, &refresh).await?;
    stage.clock.forward(3_601);
    let late = read_feed(stage, token.clone()).await;
    stage.expect_refusal(
        "An hour later the access token has ended",
        "gdata answered with AuthSub's words, whatever the protocol was: refresh on any 401.",
        late,
        Kind::Revoked,
    );
    let token = read_with(stage, &refresh).await?;
    let revoked = revoke(stage, &token).await;
    stage.expect(
        "The user takes the grant back",
        "either token names it, and all tokens of the grant end.",
        revoked,
        |()| "revoked".to_owned(),
    )?;
    let after = read_feed(stage, token).await;
    stage.expect_refusal("The access token no longer works", "", after, Kind::Revoked);
    let after = fresh(stage, &refresh).await;
    stage.expect_refusal(
        "Nor does the refresh token",
        "invalid_grant: the user has to consent again.",
        after,
        Kind::Revoked,
    );
    Ok(())
}

/// Refreshes, and reads a feed with the new access token.
pub(super) async fn read_with(
    stage: &mut Stage,
    refresh: &Secret,
) -> Result<AccessToken, Misbehaved> {
    let token = fresh(stage, refresh).await;
    let token = stage.expect(
        "The refresh token yields an access token",
        "expires_in counts seconds; the refresh token stays as it is.",
        token,
        |token| format!("access token {}", token.secret().expose()),
    )?;
    let read = read_feed(stage, token.clone()).await;
    stage.expect(
        "The same feed, with a bearer token",
        "gdata took OAuth 2.0 beside the old ways in. Nothing is signed: TLS has to keep the token.",
        read,
        |count| format!("a feed with {count} entries"),
    )?;
    Ok(token)
}

async fn fresh(stage: &Stage, refresh: &Secret) -> Result<AccessToken, Error> {
    let mut form = Pairs::new();
    form.push("grant_type", "refresh_token");
    form.push("refresh_token", refresh.expose());
    form.push("client_id", CLIENT_ID);
    form.push("client_secret", CLIENT_SECRET);
    let request = post(&format!("{}{TOKEN}", stage.origin), &form)?;
    let answer = stage.wire.send(request).await?;
    let body: serde_json::Value = serde_json::from_slice(answer.body())
        .map_err(|cause| Error::reply("body", "expected a JSON object").caused_by(cause))?;
    let text = |name: &str| body.get(name).and_then(serde_json::Value::as_str);
    match (text("access_token"), text("error")) {
        (Some(token), None) => AccessToken::new(token),
        (_, Some("invalid_grant")) => Err(Error::new(
            Kind::Revoked,
            "the server does not accept the refresh token (invalid_grant)",
        )),
        _ => Err(Error::reply(
            "access_token",
            "expected an access token, got none",
        )),
    }
}

async fn revoke(stage: &Stage, token: &AccessToken) -> Result<(), Error> {
    let mut form = Pairs::new();
    form.push("token", token.secret().expose());
    let request = post(&format!("{}{REVOKE}", stage.origin), &form)?;
    let answer = stage.wire.send(request).await?;
    if answer.status() == http::StatusCode::OK {
        return Ok(());
    }
    let status = answer.status().as_u16();
    Err(Error::reply(
        "status",
        format_args!("expected 200, got {status}"),
    ))
}
