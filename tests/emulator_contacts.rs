//! Domain Shared Contacts as the emulator plays them: one of two APIs of gdata that still answer.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use bytes::Bytes;
use gdata_auth::{
    Transport, authsub::SessionToken, client::AuthorizedClient, emulator::Era, gdata::Feed,
    oauth2::AccessToken,
};
use support::world::{World, text};

const SCOPE: &str = "https://www.google.com/m8/feeds/";
const FEED: &str = "https://www.google.com/m8/feeds/contacts/example.com/full";

fn asked(method: &str, address: &str, version: &str) -> http::Request<Bytes> {
    http::Request::builder()
        .method(method)
        .uri(address)
        .header("gdata-version", version)
        .body(Bytes::new())
        .unwrap()
}

fn old(world: &World) -> AuthorizedClient<gdata_auth::emulator::Emulator> {
    let token = world.google.issue_session_token(SCOPE).unwrap();
    AuthorizedClient::new(world.google.clone(), SessionToken::new(token).unwrap())
}

fn new(world: &World, scope: &str) -> AuthorizedClient<gdata_auth::emulator::Emulator> {
    let token = world
        .google
        .issue_access_token("ann@example.com", scope, 3_600)
        .unwrap();
    AuthorizedClient::new(world.google.clone(), AccessToken::new(token).unwrap())
}

#[tokio::test]
async fn the_same_feed_answers_to_the_old_credential_and_to_the_new_one() {
    let world = World::new();
    let before = old(&world).send(asked("GET", FEED, "3.0")).await.unwrap();
    assert_eq!(
        (before.status().as_u16(), &before.headers()["gdata-version"]),
        (200, &"3.0".parse().unwrap())
    );
    let feed = Feed::parse(before.body()).unwrap();
    let titles: Vec<&str> = feed
        .entries()
        .iter()
        .filter_map(|entry| entry.title())
        .collect();
    assert_eq!(titles, ["Boat house", "Front desk", "Lifeguard tower"]);
    assert!(text(&before).contains("desk@example.com"));
    for scope in [SCOPE, "https://www.google.com/m8/feeds"] {
        let after = new(&world, scope)
            .send(asked("GET", FEED, "3.0"))
            .await
            .unwrap();
        assert_eq!(text(&after), text(&before), "{scope}");
    }
}

#[tokio::test]
async fn who_may_not_is_refused_and_the_journal_says_why() {
    let world = World::new();
    let other = FEED.replace("example.com", "example.org");
    for (request, status, why) in [
        (
            asked("GET", &other, "3.0"),
            403,
            "ann@example.com is of another domain than example.org",
        ),
        (asked("GET", FEED, "2"), 400, "GData-Version: expected 3.0"),
        (
            asked("GET", &FEED.replace("example.com", "default"), "3.0"),
            404,
            "only the shared contacts",
        ),
        (asked("POST", FEED, "3.0"), 405, "read only here"),
    ] {
        let answer = old(&world).send(request).await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{why}");
        assert!(world.reason().contains(why), "{}", world.reason());
    }
    let narrow = new(&world, "https://www.googleapis.com/auth/calendar");
    assert_eq!(
        narrow
            .send(asked("GET", FEED, "3.0"))
            .await
            .unwrap()
            .status(),
        401
    );
}

#[tokio::test]
async fn after_the_shutdown_it_lives_on_for_oauth_2_alone() {
    let world = World::with(|config| config.in_era(Era::AfterShutdown));
    assert_eq!(
        old(&world)
            .send(asked("GET", FEED, "3.0"))
            .await
            .unwrap()
            .status(),
        401
    );
    assert!(
        world.reason().contains("takes OAuth 2.0"),
        "{}",
        world.reason()
    );
    assert_eq!(
        new(&world, SCOPE)
            .send(asked("GET", FEED, "3.0"))
            .await
            .unwrap()
            .status(),
        200
    );
}
