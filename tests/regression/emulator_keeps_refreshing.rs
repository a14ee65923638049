//! A client that refreshed on and on was refused after 100,000 access tokens, until the first of them ended.

use gdata_auth::{
    Timestamp,
    emulator::{Config, Emulator},
    oauth2::{AccessToken, Provider},
};

use gdata_auth::Exchange;

#[test]
fn the_newest_access_token_is_always_good() {
    let google = Emulator::pinned(
        Config::new(),
        std::sync::Arc::new(|| Timestamp::from_unix_seconds(1_700_000_000)),
        Box::new(gdata_auth::system::SystemRandomness),
    )
    .unwrap();
    let mut newest = None;
    for _ in 0..100_001 {
        newest = google
            .issue_access_token("ann@example.com", "openid", 3_600)
            .ok();
    }
    let token = AccessToken::new(newest.unwrap()).unwrap();
    let question = Provider::google().tokeninfo(&token).unwrap().request();
    let answer = google.handle(Timestamp::from_unix_seconds(1_700_000_000), &question);
    assert_eq!(answer.status(), 200);
}
