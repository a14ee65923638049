//! What the server copies from the request into its answer is copied anew.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Read as _, Write as _};

use bytes::Bytes;
use gdata_auth::cassette::{
    Body, Cassette, EchoRule, EchoRules, Interaction, Player, RecordedRequest, RecordedResponse,
};
use gdata_auth::{
    crypto::{PrivateKey, PublicKey},
    oauth2::Jwt,
};

const AUTH: &str =
    "https://accounts.google.com/o/oauth2/v2/auth?client_id=me&response_type=code&scope=openid";

fn get(address: &str) -> http::Request<Bytes> {
    http::Request::get(address).body(Bytes::new()).unwrap()
}

fn pair(
    request: &http::Request<Bytes>,
    headers: &[(&str, &str)],
    body: impl Into<Bytes>,
) -> Interaction {
    let mut answer = RecordedResponse::new(200);
    for (name, value) in headers {
        answer.headers.push((*name).to_owned(), (*value).to_owned());
    }
    answer.body = Body::wire(body);
    Interaction::new(RecordedRequest::of(request), answer)
}

fn played(
    pair: Interaction,
    live: &http::Request<Bytes>,
    echo: EchoRules,
) -> http::Response<Bytes> {
    let player = Player::builder(Cassette::new(vec![pair]))
        .echo(echo)
        .build()
        .unwrap();
    player.play(live).unwrap()
}

#[test]
fn state_goes_back_in_every_spelling() {
    let recorded = get(&format!("{AUTH}&state=recorded%2Fstate"));
    let live = get(&format!("{AUTH}&state=li%22ve%26"));
    let pair = pair(
        &recorded,
        &[
            (
                "location",
                "http://a.test/?code=4%2F0A&state=recorded%2Fstate",
            ),
            ("content-type", "application/json"),
            ("content-length", "60"),
        ],
        r#"{"link":"?state=recorded%2Fstate","state":"recorded/state"}"#,
    );
    let answer = played(pair, &live, EchoRules::default());
    assert_eq!(
        answer.headers()["location"],
        "http://a.test/?code=4%2F0A&state=li%22ve%26"
    );
    assert_eq!(
        answer.body(),
        r#"{"link":"?state=li%22ve%26","state":"li\"ve&"}"#
    );
    assert_eq!(
        answer.headers()["content-length"],
        answer.body().len().to_string().as_str()
    );
}

#[test]
fn a_text_that_is_the_same_in_all_spellings_goes_out_as_its_place_asks() {
    for (kind, body, expected) in [
        (
            "application/json",
            r#"{"s":"recorded-state"}"#,
            r#"{"s":"a\"&<"}"#,
        ),
        (
            "text/html; charset=utf-8",
            "<p>recorded-state",
            "<p>a&quot;&amp;&lt;",
        ),
        ("text/plain", "recorded-state", "a\"&<"),
    ] {
        let recorded = get(&format!("{AUTH}&state=recorded-state"));
        let location = ("location", "http://a.test/?state=recorded-state&x=1");
        let pair = pair(&recorded, &[("content-type", kind), location], body);
        let live = get(&format!("{AUTH}&state=a%22%26%3C"));
        let answer = played(pair, &live, EchoRules::default());
        assert_eq!(
            answer.headers()["location"],
            "http://a.test/?state=a%22%26%3C&x=1"
        );
        assert_eq!(answer.body(), expected, "{kind}");
    }
}

#[test]
fn a_short_state_is_found_behind_its_name_only() {
    let recorded = get(&format!("{AUTH}&state=x"));
    let pair = pair(
        &recorded,
        &[("location", "http://ax.test/?code=xyz&state=x")],
        "xxx",
    );
    let answer = played(
        pair,
        &get(&format!("{AUTH}&state=live")),
        EchoRules::default(),
    );
    assert_eq!(
        answer.headers()["location"],
        "http://ax.test/?code=xyz&state=live"
    );
    assert_eq!(answer.body(), "xxx");
}

#[test]
fn nothing_is_copied_where_that_is_switched_off() {
    let recorded = get(&format!("{AUTH}&state=recorded-state"));
    let pair = pair(
        &recorded,
        &[("location", "http://a.test/?state=recorded-state")],
        "",
    );
    let mut echo = EchoRules::default();
    echo.automatic = false;
    let answer = played(pair, &get(&format!("{AUTH}&state=live")), echo);
    assert_eq!(
        answer.headers()["location"],
        "http://a.test/?state=recorded-state"
    );
}

#[test]
fn a_gzip_body_is_changed_beneath_its_coding() {
    let mut coder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    coder.write_all(b"state: recorded-state").unwrap();
    let recorded = get(&format!("{AUTH}&state=recorded-state"));
    let pair = pair(
        &recorded,
        &[("content-encoding", "gzip")],
        coder.finish().unwrap(),
    );
    let answer = played(
        pair,
        &get(&format!("{AUTH}&state=live")),
        EchoRules::default(),
    );
    let mut text = String::new();
    flate2::read::GzDecoder::new(&answer.body()[..])
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, "state: live");
}

#[test]
fn rules_copy_to_a_header_a_body_and_a_member() {
    let request = |id: &str| {
        http::Request::get("https://a.test/x")
            .header("x-correlation-id", id)
            .header("accept", "*/*")
            .body(Bytes::new())
            .unwrap()
    };
    let rule = |to: &str| {
        let mut echo = EchoRules::default();
        echo.rules = vec![EchoRule::new("header:x-correlation-id", to)];
        echo
    };
    let recorded = || {
        pair(
            &request("a-1"),
            &[("x-id", "id=a-1")],
            r#"{"meta":{"id":"other"},"of":"a-1"}"#,
        )
    };
    let play = |to: &str| {
        // A header is a facet where the rules compare it; here it differs, so it is left out again.
        let mut rules = gdata_auth::cassette::MatchRules::default();
        rules.headers.push("x-correlation-id".to_owned());
        rules.ignore.push("header:x-correlation-id".to_owned());
        let builder = Player::builder(Cassette::new(vec![recorded()]))
            .rules(rules)
            .echo(rule(to));
        builder.build().unwrap().play(&request("b-22")).unwrap()
    };
    assert_eq!(play("header:x-id").headers()["x-id"], "id=b-22");
    assert_eq!(play("header:x-new").headers()["x-new"], "b-22");
    assert_eq!(
        play("body").body(),
        r#"{"meta":{"id":"other"},"of":"b-22"}"#
    );
    assert_eq!(
        play("body:/meta/id").body(),
        r#"{"meta":{"id":"b-22"},"of":"a-1"}"#
    );
    assert_eq!(
        play("body:/none").body(),
        r#"{"meta":{"id":"other"},"of":"a-1"}"#
    );
}

#[test]
fn a_rule_to_nowhere_is_refused() {
    let mut echo = EchoRules::default();
    echo.rules = vec![EchoRule::new("query:x", "cookie:x")];
    let refusal = Player::builder(Cassette::default())
        .echo(echo)
        .build()
        .unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "to: expected header:NAME, body or body:/json/pointer, got something else"
    );
}

#[test]
fn the_nonce_of_a_consent_comes_back_in_the_id_token() {
    // {"iss":"https://accounts.google.com","sub":"1","nonce":"recorded-nonce"}
    const TOKEN: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6Im9sZCJ9.eyJpc3MiOiJodHRwczovL2FjY291bnRzLmdvb2dsZS5jb20iLCJzdWIiOiIxIiwibm9uY2UiOiJyZWNvcmRlZC1ub25jZSJ9.AAAA";
    let code = http::Request::post("https://oauth2.googleapis.com/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Bytes::from(
            "grant_type=authorization_code&code=4%2F0A&client_id=me",
        ))
        .unwrap();
    let cassette = Cassette::new(vec![
        pair(
            &get(&format!("{AUTH}&nonce=recorded-nonce")),
            &[("location", "http://a.test/?code=4%2F0A")],
            "",
        ),
        pair(
            &code,
            &[("content-type", "application/json")],
            format!(r#"{{"id_token":"{TOKEN}"}}"#),
        ),
    ]);
    let key = include_str!("../fixtures/keys/insecure-rsa2048-pkcs8.pem");
    let player = Player::builder(cassette)
        .sign_id_tokens("test", PrivateKey::from_pem(key).unwrap().signer())
        .build()
        .unwrap();
    player
        .play(&get(&format!("{AUTH}&nonce=live-nonce")))
        .unwrap();
    let answer = player.play(&code).unwrap();
    let answer: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
    let token = Jwt::parse(answer["id_token"].as_str().unwrap()).unwrap();
    let certificate = include_str!("../fixtures/keys/insecure-rsa2048-cert.pem");
    let claims = token
        .verify(&PublicKey::from_pem(certificate).unwrap())
        .unwrap();
    assert_eq!(claims["nonce"], "live-nonce");
    assert_eq!(claims["sub"], "1");
}
