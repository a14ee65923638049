//! The client's `Debug` showed Calendar's session ids.

use gdata_auth::{authsub::SessionToken, client::AuthorizedClient};

use crate::{Script, answer, get};

#[tokio::test]
async fn debug_shows_how_many_there_are_and_none_of_them() {
    let script = Script::new(|hop| match hop {
        1 => answer(
            302,
            &[("location", "/calendar/feeds/?gsessionid=CANARY-4714")],
            "",
        ),
        _ => answer(200, &[], ""),
    });
    let client = AuthorizedClient::new(script.clone(), SessionToken::new("T").unwrap());
    client
        .request(get("http://a.test/calendar/feeds/"))
        .await
        .unwrap();
    assert_eq!(script.last().uri().query(), Some("gsessionid=CANARY-4714"));

    let shown = format!("{client:?}{client:#?}");
    assert!(shown.contains("Sessions(1)"), "{shown}");
    assert!(!shown.contains("CANARY"), "{shown}");
}
