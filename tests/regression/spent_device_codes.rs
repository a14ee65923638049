//! A device's code that was redeemed a moment ago was told to slow down, in place of that it is used up.

use gdata_auth::{
    Timestamp,
    emulator::{Config, Consent, Emulator},
};

#[test]
fn a_code_that_is_used_up_is_told_so_at_any_pace() {
    let mut config = Config::new();
    config.consent = Consent::Allow;
    let google = Emulator::with(config).unwrap();
    let now = Timestamp::from_unix_seconds(1_700_000_000);
    let ask = |path: &str, form: String| -> serde_json::Value {
        let request = http::Request::post(format!("https://oauth2.googleapis.com{path}"));
        let answer = google.handle(now, &request.body(form.into()).unwrap());
        serde_json::from_slice(answer.body()).unwrap()
    };
    let code = ask("/device/code", "client_id=tv&scope=email".to_owned());
    let poll = format!(
        "client_id=tv&grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code={}",
        code["device_code"].as_str().unwrap()
    );
    assert!(ask("/token", poll.clone())["access_token"].is_string());
    assert_eq!(ask("/token", poll)["error"], "invalid_grant");
}
