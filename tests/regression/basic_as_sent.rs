//! The emulator read `Authorization: Basic` as RFC 6749 writes it alone, so a secret with `+` or `%` in it was a wrong
//! one from google-auth-oauthlib, which sends both parts as they stand.

use base64::{Engine, engine::general_purpose::STANDARD};
use gdata_auth::{
    Timestamp,
    emulator::{Config, Emulator, OauthClient},
    oauth2::ClientKind,
};

#[test]
fn a_secret_of_odd_characters_is_the_same_in_both_spellings() {
    let client = OauthClient::new(ClientKind::Installed, "1234-a").with_secret("s+%41~");
    let google = Emulator::with(Config::new().with_oauth_client(client)).unwrap();
    let ask = |pair: &str| {
        let request = http::Request::post("https://oauth2.googleapis.com/token")
            .header("authorization", format!("Basic {}", STANDARD.encode(pair)))
            .body("grant_type=refresh_token&refresh_token=x".into())
            .unwrap();
        let answer = google.handle(Timestamp::from_unix_seconds(1_700_000_000), &request);
        String::from_utf8(answer.body().to_vec()).unwrap()
    };
    for pair in [
        "1234-a:s+%41~",
        "1234-a:s%2B%2541~",
        "1234%2Da:s%2B%2541%7E",
    ] {
        assert!(ask(pair).contains("\"invalid_grant\""), "{pair}");
    }
    for pair in ["1234-a:s A~", "1234-a:s+A~", "1234-a:", "1234-b:s+%41~"] {
        assert!(ask(pair).contains("\"invalid_client\""), "{pair}");
    }
}
