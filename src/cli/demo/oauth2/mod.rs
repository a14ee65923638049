//! OAuth 2.0: the tutorial "Authorization process of YouTube Data API", played through: a search with an API key, a
//! user's consent, a like, a token that ends, its refresh, and the end of the grant.

mod calls;
mod consent;

use self::calls::Grant;
use super::{
    feeds::read_feed,
    refresh,
    stage::{Misbehaved, Stage},
};
use crate::{
    emulator::Config,
    error::{Error, Kind},
    scheme::api_key::ApiKey,
    transport::run,
};

const API_KEY: &str = "AIzaSy-demo";

pub(super) fn config() -> Config {
    let mut config = Config::new();
    config.api_keys = vec![API_KEY.into()];
    config
}

pub(super) async fn tell(stage: &mut Stage) -> Result<(), Misbehaved> {
    public(stage).await?;
    let authorized = consent::ask(stage).await?;
    let grant = Grant::kept(stage, &authorized);
    let grant = stage.expect(
        "The program keeps the grant, without a word to the user ever after",
        "under issuer, client and account; scopes are no part of the key, so asking for more later changes this grant.",
        grant,
        |grant| grant.key.to_string(),
    )?;
    like(stage, &grant).await?;
    let token = authorized.reply().received_at(grant.obtained_at);
    stage.clock.forward(3_601);
    let late = calls::rating(stage, token).await;
    stage.expect_refusal(
        "An hour later the access token has ended",
        "a program that has this token alone is at its end here.",
        late,
        Kind::Expired,
    );
    refreshed(stage, &grant).await?;
    end(stage, &grant).await
}

/// What needs no user.
async fn public(stage: &mut Stage) -> Result<(), Misbehaved> {
    let key = ApiKey::new(API_KEY).map_err(|_| Misbehaved)?;
    let found = calls::search(stage, key.clone()).await;
    stage.expect(
        "A program searches with an API key",
        "the key names the program's project, for its quota; it opens what everybody may see. In a header, since \
         addresses end up in logs.",
        found,
        |titles| format!("found: {titles}"),
    )?;
    let liked = calls::like(stage, key).await;
    stage.expect_refusal(
        "It likes a video with that key alone",
        "whose like would it be? This takes a user's consent.",
        liked,
        Kind::Refused,
    );
    Ok(())
}

async fn like(stage: &mut Stage, grant: &Grant) -> Result<(), Misbehaved> {
    let liked = calls::like(stage, grant).await;
    stage.expect(
        "It likes the video, for its user",
        "204: there is nothing to say.",
        liked,
        |()| "liked".to_owned(),
    )?;
    let rating = calls::rating(stage, grant).await;
    stage.expect("It asks how the user rated it", "", rating, Clone::clone)?;
    Ok(())
}

async fn refreshed(stage: &mut Stage, grant: &Grant) -> Result<(), Misbehaved> {
    let rating = calls::rating(stage, grant).await;
    stage.expect(
        "With the grant, the program notices, refreshes, and asks",
        "one refresh for all threads and processes that share the store; the answer has no refresh token, so the one \
         that is kept stays.",
        rating,
        Clone::clone,
    )?;
    let token = grant.token().await;
    let read = match token {
        Ok(token) => read_feed(stage, token).await,
        Err(error) => Err(error),
    };
    stage.expect(
        "The same token reads a feed of gdata",
        "Google took tokens of OAuth 2.0 there until it switched gdata off.",
        read,
        |count| format!("a feed with {count} entries"),
    )?;
    Ok(())
}

async fn end(stage: &mut Stage, grant: &Grant) -> Result<(), Misbehaved> {
    let revoked = async {
        let client = refresh::client(stage)?;
        let call = client.revoke_everywhere(grant.refresh_token()?)?;
        run(&call, &stage.wire).await
    };
    let revoked = revoked.await;
    stage.expect(
        "The user takes the grant back",
        "at Google that ends all tokens of this user for all clients of the project, on all machines. To sign out \
         here alone, a program deletes what it keeps.",
        revoked,
        |()| "revoked".to_owned(),
    )?;
    let after = calls::rating(stage, grant).await;
    stage.expect_refusal(
        "The program asks once more",
        "401, so it refreshes; invalid_grant, for any of fifteen reasons, of which the evidence picks the likeliest.",
        after,
        Kind::Revoked,
    );
    let death = grant.death();
    stage.expect(
        "What is kept of the grant says so",
        "it is not deleted, so that the next run knows why it has to ask the user again.",
        death,
        |reason| format!("dead: {reason}"),
    )?;
    Ok(())
}

/// A story's own failure, where the library has none.
fn missing(what: &'static str) -> Error {
    Error::new(Kind::Reply, what)
}
