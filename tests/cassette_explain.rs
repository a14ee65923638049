//! What is said when nothing matches: pages written out in full.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use bytes::Bytes;
use gdata_auth::cassette::{
    Cassette, Interaction, Player, Reason, RecordedRequest, RecordedResponse, Unmatched,
};

fn post(address: &str, body: &str) -> http::Request<Bytes> {
    http::Request::post(address)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Bytes::from(body.to_owned()))
        .unwrap()
}

fn player(recorded: &[http::Request<Bytes>]) -> Player {
    let pairs = recorded.iter();
    let pairs =
        pairs.map(|one| Interaction::new(RecordedRequest::of(one), RecordedResponse::new(200)));
    Player::new(Cassette::new(pairs.collect())).unwrap()
}

fn refusal(player: &Player, request: &http::Request<Bytes>) -> Unmatched {
    let cause = player.play(request).unwrap_err();
    let source = std::error::Error::source(&cause).unwrap();
    source.downcast_ref::<Unmatched>().unwrap().clone()
}

const LOGIN: &str = "https://www.google.com/accounts/ClientLogin";

#[test]
fn the_nearest_request_is_told_criterion_by_criterion() {
    let recorded = post(
        LOGIN,
        "Email=me%40example.com&Passwd=hunter2&service=youtube&source=a-1",
    );
    let came = post(
        LOGIN,
        "Email=you%40example.com&Passwd=hunter3&service=youtube&source=a-2&logintoken=x",
    );
    let told = refusal(&player(&[recorded]), &came);
    assert_eq!(
        told.to_string(),
        "expected a recorded request, got POST https://www.google.com/accounts/ClientLogin; interaction 1 is \
         nearest, but for form Email, form logintoken"
    );
    assert_eq!(
        told.to_text(),
        "no answer for POST https://www.google.com/accounts/ClientLogin (ClientLogin)\n\
         no recorded request says the same\n\
         \n\
         interaction 1: POST https://www.google.com/accounts/ClientLogin, not played yet\n\
         \x20 ✓ origin           https://www.google.com\n\
         \x20 ✓ scheme           ClientLogin\n\
         \x20 ✓ method           POST\n\
         \x20 ✓ path             /accounts/ClientLogin\n\
         \x20 ✗ form Email       recorded  me@example.com\n\
         \x20                    came      you@example.com\n\
         \x20 ✓ form Passwd      (7 characters)\n\
         \x20 ✓ form service     youtube\n\
         \x20 ✗ form logintoken  recorded  (absent)\n\
         \x20                    came      (1 characters)\n\
         \n\
         1 of 1 interactions not played yet\n"
    );
}

#[test]
fn long_values_go_on_in_the_next_line() {
    let long = "word ".repeat(40);
    let request = |text: &str| {
        let query = text.trim().replace(' ', "+");
        http::Request::get(format!("https://a.test/?q={query}"))
            .body(Bytes::new())
            .unwrap()
    };
    let told = refusal(&player(&[request(&long)]), &request("short"));
    let page = told.to_text();
    assert!(
        page.lines().all(|line| line.chars().count() <= 100),
        "{page}"
    );
    assert_eq!(page.matches("word").count(), 40, "{page}");
}

#[test]
fn a_request_that_was_played_is_told_as_such() {
    let one = post(LOGIN, "Email=a&Passwd=b&service=c");
    let player = player(std::slice::from_ref(&one));
    player.play(&one).unwrap();
    let told = refusal(&player, &one);
    assert_eq!(told.reason, Reason::AlreadyPlayed { times: 1 });
    assert_eq!(told.unused, 0);
    let page = told.to_text();
    assert!(
        page.contains(
            "already played once; allow repeats, or record as many answers as are asked for\n"
        ),
        "{page}"
    );
    assert!(page.contains(
        "interaction 1: POST https://www.google.com/accounts/ClientLogin, played once\n"
    ));
}

#[test]
fn signed_requests_are_told_by_their_base_strings() {
    let signed = |nonce: &str, parameter: &str| {
        http::Request::get(format!("https://a.test/feed?{parameter}"))
            .header(
                "authorization",
                format!(
                    "OAuth oauth_consumer_key=\"anonymous\", oauth_token=\"1%2Fsecret\", \
                     oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"1300000000\", \
                     oauth_nonce=\"{nonce}\", oauth_signature=\"AAAA\""
                ),
            )
            .body(Bytes::new())
            .unwrap()
    };
    let told = refusal(&player(&[signed("one", "v=2")]), &signed("two", "v=3"));
    assert_eq!(
        told.nearest[0].notes,
        [
            "base string, recorded (here) and live (there): oauth_nonce: one here, two there; v: 2 here, 3 there"
        ]
    );
    assert_eq!(
        told.to_string(),
        "expected a recorded request, got GET https://a.test/feed; interaction 1 is nearest, but for parameter v"
    );
}

#[test]
fn no_secret_stands_in_a_page() {
    const SECRET: &str = "ya29.canary-in-a-coal-mine";
    let bearer = |token: &str| {
        http::Request::get("https://a.test/x?key=canary-key")
            .header("authorization", format!("Bearer {token}"))
            .body(Bytes::new())
            .unwrap()
    };
    let told = refusal(&player(&[bearer(SECRET)]), &bearer("ya29.canary-live"));
    let all = format!("{told} {told:?} {} {}", told.to_text(), told.to_json());
    assert!(!all.contains("canary"), "{all}");
}

#[test]
fn control_characters_of_a_request_move_no_cursor() {
    let told = refusal(
        &player(&[post("https://a.test/", "a=1")]),
        &post("https://a.test/", "a=%1B%5B2J%0A"),
    );
    let page = told.to_text();
    assert!(page.contains("came      \\u{1b}[2J\\n"), "{page}");
}

#[test]
fn programs_get_the_same_as_json() {
    let told = refusal(
        &player(&[post("https://a.test/", "a=1")]),
        &post("https://a.test/", "a=2"),
    );
    assert_eq!(
        told.to_json(),
        serde_json::json!({
            "method": "POST",
            "address": "https://a.test/",
            "scheme": "none",
            "reason": { "kind": "nothing-says-the-same" },
            "nearest": [{
                "interaction": 1,
                "request": "POST https://a.test/",
                "played": 0,
                "ticks": [
                    { "name": "origin", "agrees": true, "recorded": "https://a.test", "came": "https://a.test" },
                    { "name": "scheme", "agrees": true, "recorded": "none", "came": "none" },
                    { "name": "method", "agrees": true, "recorded": "POST", "came": "POST" },
                    { "name": "path", "agrees": true, "recorded": "/", "came": "/" },
                    { "name": "form a", "agrees": false, "recorded": "1", "came": "2" },
                ],
                "notes": [],
            }],
            "recorded": 1,
            "unused": 1,
        })
    );
}

#[test]
fn an_empty_cassette_says_so() {
    let told = refusal(&player(&[]), &post("https://a.test/", ""));
    assert_eq!(
        told.to_string(),
        "expected a recorded request, got POST https://a.test/; the cassette is empty"
    );
    assert_eq!(
        told.to_text(),
        "no answer for POST https://a.test/ (none)\nthe cassette is empty\n\n0 of 0 interactions not played yet\n"
    );
}
