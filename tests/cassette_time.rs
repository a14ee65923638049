//! A cassette's clock: kept, shifted to now, and strict about what has ended.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use gdata_auth::{
    Timestamp,
    cassette::{
        Body, Cassette, Interaction, MatchRules, Player, RecordedRequest, RecordedResponse,
        TimeRule, TimeRules,
    },
    crypto::{PrivateKey, PublicKey},
    oauth2::Jwt,
};
use serde_json::Value;

const KEY: &str = include_str!("../fixtures/keys/insecure-rsa2048-pkcs8.pem");
const CERTIFICATE: &str = include_str!("../fixtures/keys/insecure-rsa2048-cert.pem");

/// Sun, 13 Mar 2011 07:06:40 GMT.
const RECORDED: u64 = 1_300_000_000;
/// 1,000,000 seconds later: Thu, 24 Mar 2011 20:53:20 GMT.
const NOW: i64 = 1_301_000_000;

fn get(path: &str) -> http::Request<Bytes> {
    http::Request::get(format!("https://a.test{path}"))
        .body(Bytes::new())
        .unwrap()
}

fn bearer(path: &str, token: &str) -> http::Request<Bytes> {
    let mut request = get(path);
    let value = format!("Bearer {token}").parse().unwrap();
    request.headers_mut().insert("authorization", value);
    request
}

fn pair(request: &http::Request<Bytes>, headers: &[(&str, &str)], body: &str) -> Interaction {
    let mut answer = RecordedResponse::new(200);
    for (name, value) in headers {
        answer.headers.push((*name).to_owned(), (*value).to_owned());
    }
    answer.body = Body::wire(body.to_owned());
    let mut pair = Interaction::new(RecordedRequest::of(request), answer);
    pair.started_at = Some(SystemTime::UNIX_EPOCH + Duration::from_secs(RECORDED));
    pair
}

/// A player and its clock.
fn player(rule: TimeRule, pairs: Vec<Interaction>, signs: bool) -> (Player, Arc<AtomicI64>) {
    let now = Arc::new(AtomicI64::new(NOW));
    let clock = now.clone();
    let mut rules = MatchRules::default();
    rules.repeat = true;
    let builder = Player::builder(Cassette::new(pairs))
        .rules(rules)
        .time(TimeRules::new(rule))
        .clock(Arc::new(move || {
            Timestamp::from_unix_seconds(clock.load(Ordering::Relaxed))
        }));
    let builder = match signs {
        true => builder.sign_id_tokens("test", PrivateKey::from_pem(KEY).unwrap().signer()),
        false => builder,
    };
    (builder.build().unwrap(), now)
}

const HEADERS: &[(&str, &str)] = &[
    ("date", "Sun, 13 Mar 2011 07:06:40 GMT"),
    ("expires", "Sun, 13 Mar 2011 08:06:40 GMT"),
    ("last-modified", "Sun, 13 Mar 2011 07:06:30 GMT"),
    (
        "set-cookie",
        "S=1; Expires=Mon, 14-Mar-2011 07:06:40 GMT; Path=/",
    ),
    ("set-cookie", "T=2; expires=Mon, 14 Mar 2011 07:06:40 GMT"),
    ("set-cookie", "U=3; Path=/"),
    ("x-other", "Sun, 13 Mar 2011 07:06:40 GMT"),
];

fn values(answer: &http::Response<Bytes>, name: &str) -> Vec<String> {
    let values = answer.headers().get_all(name).iter();
    values
        .map(|value| value.to_str().unwrap().to_owned())
        .collect()
}

#[test]
fn what_is_kept_stays_as_it_was_recorded() {
    let (player, _) = player(
        TimeRule::Keep,
        vec![pair(&get("/"), HEADERS, "Expiration=20110313T080640Z\n")],
        false,
    );
    let answer = player.play(&get("/")).unwrap();
    assert_eq!(values(&answer, "date"), ["Sun, 13 Mar 2011 07:06:40 GMT"]);
    assert_eq!(answer.body(), "Expiration=20110313T080640Z\n");
}

#[test]
fn headers_move_to_now() {
    let (player, _) = player(TimeRule::Shift, vec![pair(&get("/"), HEADERS, "")], false);
    let answer = player.play(&get("/")).unwrap();
    assert_eq!(values(&answer, "date"), ["Thu, 24 Mar 2011 20:53:20 GMT"]);
    assert_eq!(
        values(&answer, "expires"),
        ["Thu, 24 Mar 2011 21:53:20 GMT"]
    );
    assert_eq!(
        values(&answer, "last-modified"),
        ["Thu, 24 Mar 2011 20:53:10 GMT"]
    );
    assert_eq!(
        values(&answer, "set-cookie"),
        [
            "S=1; Expires=Fri, 25-Mar-2011 20:53:20 GMT; Path=/",
            "T=2; expires=Fri, 25 Mar 2011 20:53:20 GMT",
            "U=3; Path=/",
        ]
    );
    assert_eq!(
        values(&answer, "x-other"),
        ["Sun, 13 Mar 2011 07:06:40 GMT"]
    );
}

#[test]
fn a_date_that_means_never_stays() {
    let headers = [("expires", "Mon, 01-Jan-1990 00:00:00 GMT"), ("date", "0")];
    let (player, _) = player(TimeRule::Shift, vec![pair(&get("/"), &headers, "")], false);
    let answer = player.play(&get("/")).unwrap();
    assert_eq!(
        values(&answer, "expires"),
        ["Mon, 01-Jan-1990 00:00:00 GMT"]
    );
    assert_eq!(values(&answer, "date"), ["0"]);
}

#[test]
fn the_expiration_of_authsub_moves() {
    let body = "Token=1/abc\r\nExpiration=20110313T080640Z\nOther=20110313T080640Z\n";
    let (player, _) = player(
        TimeRule::Shift,
        vec![pair(&get("/"), &[("content-length", "65")], body)],
        false,
    );
    let answer = player.play(&get("/")).unwrap();
    assert_eq!(
        answer.body(),
        "Token=1/abc\r\nExpiration=20110324T215320Z\nOther=20110313T080640Z\n"
    );
}

#[test]
fn moments_of_json_move_and_spans_do_not() {
    let body = r#"{"expires_in":3599,"exp":"1300003600","iat":1300000000,"expireTime":"2011-03-13T08:06:40Z","list":[{"expires_at":1300003600}],"created":1300000000}"#;
    let json = [("content-type", "application/json")];
    let (player, _) = player(TimeRule::Shift, vec![pair(&get("/"), &json, body)], false);
    let answer = player.play(&get("/")).unwrap();
    let told: Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(
        told,
        serde_json::json!({
            "expires_in": 3599,
            "exp": "1301003600",
            "iat": 1_301_000_000,
            "expireTime": "2011-03-24T21:53:20Z",
            "list": [{ "expires_at": 1_301_003_600 }],
            "created": 1_300_000_000,
        })
    );
}

#[test]
fn the_date_of_an_answer_tells_when_it_was_recorded() {
    let mut recorded = pair(&get("/"), &HEADERS[..1], "Expiration=20110313T080640Z");
    recorded.started_at = None;
    let (player, _) = player(TimeRule::Shift, vec![recorded], false);
    assert_eq!(
        player.play(&get("/")).unwrap().body(),
        "Expiration=20110324T215320Z"
    );
}

/// `{"iss":"https://accounts.google.com","sub":"1","aud":"me","iat":1300000000,"exp":1300003600}`, of a key that is
/// not here.
const ID_TOKEN: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6Im9sZCJ9.eyJpc3MiOiJodHRwczovL2FjY291bnRzLmdvb2dsZS5jb20iLCJzdWIiOiIxIiwiYXVkIjoibWUiLCJpYXQiOjEzMDAwMDAwMDAsImV4cCI6MTMwMDAwMzYwMH0.AAAA";

#[test]
fn an_id_token_is_made_anew_with_the_test_key() {
    let body = format!(r#"{{"id_token":"{ID_TOKEN}"}}"#);
    let json = [("content-type", "application/json; charset=utf-8")];
    let (signing, _) = player(TimeRule::Shift, vec![pair(&get("/"), &json, &body)], true);
    let answer: Value = serde_json::from_slice(signing.play(&get("/")).unwrap().body()).unwrap();
    let token = Jwt::parse(answer["id_token"].as_str().unwrap()).unwrap();
    let claims = token
        .verify(&PublicKey::from_pem(CERTIFICATE).unwrap())
        .unwrap();
    assert_eq!(
        (&claims["iat"], &claims["exp"]),
        (&1_301_000_000.into(), &1_301_003_600.into())
    );
    assert_eq!(
        (&claims["sub"], &claims["aud"]),
        (&"1".into(), &"me".into())
    );
    assert_eq!(token.key_id(), Some("test"));

    // Without a key it stays, and the report says so.
    let (without, _) = player(TimeRule::Shift, vec![pair(&get("/"), &json, &body)], false);
    let answer: Value = serde_json::from_slice(without.play(&get("/")).unwrap().body()).unwrap();
    assert_eq!(answer["id_token"], ID_TOKEN);
    assert_eq!(
        without.report().notes,
        ["interaction 1: id_token: expected a test key to make the ID token anew, got none"]
    );
}

#[test]
fn strict_refuses_a_token_whose_lifetime_has_passed() {
    let pairs = || {
        vec![
            pair(
                &get("/token"),
                &[("content-type", "application/json")],
                r#"{"access_token":"ya29.short","expires_in":3600}"#,
            ),
            pair(&bearer("/feed", "ya29.short"), &[], "feed"),
        ]
    };
    let (player, now) = player(TimeRule::Strict, pairs(), false);
    player.play(&get("/token")).unwrap();
    now.store(NOW + 3_599, Ordering::Relaxed);
    assert_eq!(
        player.play(&bearer("/feed", "ya29.short")).unwrap().body(),
        "feed"
    );
    now.store(NOW + 3_600, Ordering::Relaxed);
    let refusal = player.play(&bearer("/feed", "ya29.short")).unwrap();
    assert_eq!(refusal.status(), 401);
    assert_eq!(
        refusal.headers()["www-authenticate"],
        "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\""
    );
    // A token that is handed out again lives again.
    player.play(&get("/token")).unwrap();
    assert_eq!(
        player
            .play(&bearer("/feed", "ya29.short"))
            .unwrap()
            .status(),
        200
    );
}

#[test]
fn strict_reads_the_expiration_of_authsub() {
    let authsub = || {
        let mut request = get("/feed");
        let value = "AuthSub token=\"1/abc\"".parse().unwrap();
        request.headers_mut().insert("authorization", value);
        request
    };
    let pairs = vec![
        pair(
            &get("/token"),
            &[],
            "Token=1/abc\nExpiration=20110313T080640Z\n",
        ),
        pair(&authsub(), &[], "feed"),
    ];
    let (player, now) = player(TimeRule::Strict, pairs, false);
    player.play(&get("/token")).unwrap();
    assert_eq!(player.play(&authsub()).unwrap().status(), 200);
    now.store(NOW + 3_600, Ordering::Relaxed);
    assert_eq!(player.play(&authsub()).unwrap().status(), 401);
}
