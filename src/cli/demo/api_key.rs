//! Keys that name a program, not a user: YouTube's developer key, without which nothing could be written.

use super::{
    feeds::{DEVELOPER_KEY, SCOPE, upload},
    stage::{Misbehaved, Stage},
};
use crate::{
    emulator::Config,
    error::{Error, Kind},
    scheme::authsub::SessionToken,
};

pub(super) fn config() -> Config {
    let mut config = Config::new();
    config.developer_keys = vec![DEVELOPER_KEY.into()];
    config
}

pub(super) async fn tell(stage: &mut Stage) -> Result<(), Misbehaved> {
    let token = token(stage);
    let token = stage.expect(
        "A website has a session token of a user",
        "--scheme authsub shows how it came by it. A key never stands for a user.",
        token,
        |token| format!("session token {}", token.secret().expose()),
    )?;
    let without = upload(stage, token.clone(), None).await;
    stage.expect_refusal(
        "It uploads a video without a developer key",
        "403, not 401: the user is known, the program is not.",
        without,
        Kind::Refused,
    );
    let wrong = upload(stage, token.clone(), Some("AI39si-another")).await;
    stage.expect_refusal(
        "It uploads with a key that was never issued",
        "",
        wrong,
        Kind::Refused,
    );
    let right = upload(stage, token, Some(DEVELOPER_KEY)).await;
    stage.expect(
        "It uploads with its own key",
        "X-GData-Key: key=…, where key= is part of the value. Today's x-goog-api-key has the key alone.",
        right,
        |address| format!("201 at {address}"),
    )?;
    Ok(())
}

fn token(stage: &Stage) -> Result<SessionToken, Error> {
    SessionToken::new(stage.emulator.issue_session_token(SCOPE)?)
}
