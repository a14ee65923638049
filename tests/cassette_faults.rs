//! What goes wrong on purpose, in-process and for a socket.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use bytes::Bytes;
use gdata_auth::{
    cassette::{
        Body, Cassette, Fault, FaultRule, FaultRules, Interaction, MatchRules, Player,
        RecordedRequest, RecordedResponse,
    },
    transport::{Mishap, TransportError},
};

fn get(path: &str) -> http::Request<Bytes> {
    http::Request::get(format!("https://a.test{path}"))
        .body(Bytes::new())
        .unwrap()
}

fn player(rules: Vec<FaultRule>, socket: bool) -> Player {
    let pair = |path: &str| {
        let mut answer = RecordedResponse::new(200);
        answer.headers.push("content-type", "text/plain");
        answer.headers.push("content-length", "10");
        answer.body = Body::wire("0123456789");
        Interaction::new(RecordedRequest::of(&get(path)), answer)
    };
    let mut repeat = MatchRules::default();
    repeat.repeat = true;
    let mut faults = FaultRules::default();
    faults.rules = rules;
    let builder = Player::builder(Cassette::new(vec![pair("/a"), pair("/b")]))
        .rules(repeat)
        .faults(faults);
    let builder = if socket {
        builder.on_a_socket()
    } else {
        builder
    };
    builder.build().unwrap()
}

fn rule(change: impl FnOnce(&mut FaultRule)) -> FaultRule {
    let mut rule = FaultRule::default();
    change(&mut rule);
    rule
}

fn failure(result: Result<http::Response<Bytes>, TransportError>) -> (Mishap, String) {
    let cause = result.unwrap_err();
    (cause.mishap(), cause.to_string())
}

#[test]
fn what_breaks_off_is_a_failure_of_the_medium() {
    for (rule, mishap, text) in [
        (
            rule(|rule| rule.reset_after = Some(4)),
            Mishap::Torn,
            "expected 10 bytes, got 4 and a reset of the connection",
        ),
        (
            rule(|rule| rule.torn_after = Some(4)),
            Mishap::Torn,
            "expected 10 bytes, got 4 and the end of the connection",
        ),
        (
            rule(|rule| rule.content_length = Some(20)),
            Mishap::Torn,
            "expected 20 bytes, got 10 and the end of the connection",
        ),
        (
            rule(|rule| rule.empty = true),
            Mishap::Torn,
            "expected an answer, got the end of the connection",
        ),
        (
            rule(|rule| rule.stall_seconds = Some(2.5)),
            Mishap::Timeout,
            "expected an answer in time, got none within 2.5 s",
        ),
    ] {
        let player = player(vec![rule], false);
        assert_eq!(failure(player.play(&get("/a"))), (mishap, text.to_owned()));
    }
}

#[test]
fn a_length_that_is_too_short_cuts_the_body() {
    let player = player(vec![rule(|rule| rule.content_length = Some(3))], false);
    assert_eq!(player.play(&get("/a")).unwrap().body(), "012");
}

#[test]
fn a_status_comes_with_the_time_to_wait() {
    let player = player(
        vec![rule(|rule| {
            rule.status = Some(503);
            rule.retry_after = Some(30);
            rule.path = Some("/a".to_owned());
            rule.occurrence = Some(2);
        })],
        false,
    );
    let statuses: Vec<u16> = ["/a", "/b", "/a", "/a", "/b"]
        .iter()
        .map(|path| player.play(&get(path)).unwrap().status().as_u16())
        .collect();
    assert_eq!(statuses, [200, 200, 503, 200, 200]);
    player.rewind();
    player.play(&get("/a")).unwrap();
    let busy = player.play(&get("/a")).unwrap();
    assert_eq!(busy.headers()["retry-after"], "30");
    assert_eq!(
        (
            busy.headers()["content-length"].as_bytes(),
            busy.body().len()
        ),
        (&b"0"[..], 0)
    );
}

#[test]
fn a_fault_is_met_at_its_interaction_method_and_path() {
    let torn = |change: &dyn Fn(&mut FaultRule)| {
        let rule = rule(|rule| {
            rule.empty = true;
            change(rule);
        });
        let player = player(vec![rule], false);
        (
            player.play(&get("/a")).is_err(),
            player.play(&get("/b")).is_err(),
        )
    };
    assert_eq!(torn(&|rule| rule.interaction = Some(2)), (false, true));
    assert_eq!(
        torn(&|rule| rule.path = Some("/a".to_owned())),
        (true, false)
    );
    assert_eq!(
        torn(&|rule| rule.path = Some("/*".to_owned())),
        (true, true)
    );
    assert_eq!(
        torn(&|rule| rule.method = Some("POST".to_owned())),
        (false, false)
    );
}

#[test]
fn on_a_socket_the_answer_carries_its_fault() {
    let player = player(
        vec![rule(|rule| {
            rule.reset_after = Some(4);
            rule.stall_seconds = Some(0.5);
            rule.bytes_per_second = Some(100);
        })],
        true,
    );
    let answer = player.play(&get("/a")).unwrap();
    assert_eq!(answer.body(), "0123456789");
    let fault = answer.extensions().get::<Fault>().unwrap();
    assert_eq!(fault.reset_after, Some(4));
    assert_eq!(fault.stall, Some(Duration::from_millis(500)));
    assert_eq!(fault.bytes_per_second, Some(100));
}

#[test]
fn a_configuration_names_faults_by_their_words() {
    let rules: FaultRules = serde_json::from_value(serde_json::json!({
        "rules": [{ "path": "/token", "occurrence": 1, "status": 503, "retry-after": 5 }]
    }))
    .unwrap();
    assert_eq!(rules.rules[0].retry_after, Some(5));
    let unknown = serde_json::json!({ "rules": [{ "reset": 1 }] });
    assert!(serde_json::from_value::<FaultRules>(unknown).is_err());
    let refusal = |rule: FaultRule| {
        let mut faults = FaultRules::default();
        faults.rules = vec![rule];
        Player::builder(Cassette::default())
            .faults(faults)
            .build()
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        refusal(rule(|rule| rule.status = Some(99))),
        "status: expected 200 to 999, got another"
    );
    assert_eq!(
        refusal(rule(|rule| rule.stall_seconds = Some(-1.0))),
        "stall-seconds: expected a span, got none"
    );
    assert_eq!(
        refusal(rule(|rule| rule.occurrence = Some(0))),
        "occurrence: expected a number from 1, got 0"
    );
}
