//! What is alive in which year, and how the rest answers.

mod support;

use gdata_auth::{
    Kind,
    authsub::{Accounts, SessionToken},
    emulator::Era,
};
use support::world::{UPLOADS, World, get, text};

#[tokio::test]
async fn after_the_shutdown_every_old_way_in_is_closed_as_google_closed_it() {
    let world = World::with(|config| config.in_era(Era::AfterShutdown));

    let login = http::Request::post("https://www.google.com/accounts/ClientLogin")
        .body(bytes::Bytes::from_static(b"Email=a&Passwd=b&service=cl"))
        .unwrap();
    let answer = world.send(login).await;
    assert_eq!(answer.status(), 404);
    assert_eq!(
        text(&answer),
        "https://developers.google.com/accounts/docs/AuthForInstalledApps\n"
    );

    let answer = world
        .send(get("https://www.google.com/accounts/OAuthGetRequestToken"))
        .await;
    assert_eq!(answer.status(), 307);
    assert_eq!(
        answer.headers()["location"],
        "https://accounts.google.com/OAuthGetRequestToken"
    );

    let link = world.link("http://gdata.youtube.com/feeds/");
    let answer = world.send(get(&link.to_string())).await;
    assert_eq!(answer.status(), 404);

    let token = SessionToken::new("1/from-2012").unwrap();
    let answer = world.get(&token, UPLOADS).await;
    assert_eq!(answer.status(), 410);
    assert_eq!(
        token.explain(UPLOADS, &answer).unwrap().kind(),
        Kind::Retired
    );
    let info = token.token_info(&Accounts::google(), &world.stamp());
    assert!(world.run(info).await.is_err());
}

#[tokio::test]
async fn the_rehearsal_host_was_gone_before_the_rest() {
    let world = World::new();
    let session = world.plain_session().await;
    assert_eq!(world.get(&session, UPLOADS).await.status(), 200);
    let rehearsal = UPLOADS.replace("gdata.", "eol.gdata.");
    assert_eq!(world.get(&session, &rehearsal).await.status(), 410);
}
