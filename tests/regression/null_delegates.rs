//! google-auth writes `"delegates": null` where nobody stands in between; the emulator refused that as no JSON of its.

use gdata_auth::{Timestamp, emulator::Emulator};

#[test]
fn no_delegates_may_be_written_as_null() {
    let google = Emulator::new();
    let token = google
        .issue_access_token(
            "ann@example.com",
            "https://www.googleapis.com/auth/cloud-platform",
            3_600,
        )
        .unwrap();
    for delegates in ["null", "[]"] {
        let request = http::Request::post(
            "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/a@b.example:generateAccessToken",
        )
        .header("authorization", format!("Bearer {}", token.expose()))
        .body(format!(r#"{{"delegates":{delegates},"scope":["openid"],"lifetime":"600s"}}"#).into())
        .unwrap();
        let now = Timestamp::from_unix_seconds(0);
        let answer = google.handle(now, &request);
        assert_eq!(answer.status(), 200, "{delegates}: {:?}", answer.body());
    }
}
