//! The new credential first, the old by rule: who answers, what is counted, and how it is rolled back.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use gdata_auth::{
    Kind, Transport,
    client::AuthorizedClient,
    migrate::dual::{Counters, DualRun, FallBack, Override, Rule, Rules, Side, Snapshot},
    oauth2::AccessToken,
    transport::{Mishap, TransportError},
};
use support::{
    tokens::{Script, ok},
    world::{UPLOADS, World, YOUTUBE, get},
};

const FEED: &str = "https://gdata.youtube.com/feeds/";

fn refused(status: u16) -> Script {
    Script::new(move |_| {
        http::Response::builder()
            .status(status)
            .body(Bytes::new())
            .unwrap()
    })
}

fn fine() -> Script {
    Script::new(|_| ok())
}

fn run(rule: Rule) -> DualRun {
    DualRun::new(Rules::new(vec![rule.of_feed(FEED)]).unwrap())
}

fn counts(run: &DualRun) -> (u64, u64, u64, u64) {
    let total = run.counters().snapshot().total();
    (total.new, total.old, total.fallback, total.failed)
}

#[tokio::test]
async fn a_revoked_new_credential_falls_back_once_on_the_emulator() {
    let world = World::new();
    let old = AuthorizedClient::new(world.google.clone(), world.plain_session().await)
        .with_stamps(world.stamps());
    let token = world
        .google
        .issue_access_token("ann@example.com", YOUTUBE, 60)
        .unwrap();
    let new = AuthorizedClient::new(world.google.clone(), AccessToken::new(token).unwrap());
    let run =
        run(Rule::new(Side::New).falling_back(FallBack::WhenRefused)).with_clock(world.clock());
    let client = run.client("ann@example.com", new, old);
    assert_eq!(client.send(get(UPLOADS)).await.unwrap().status(), 200);
    assert_eq!(counts(&run), (1, 0, 0, 0));
    assert_eq!(run.counters().snapshot().total().legacy_at, None);
    world.pass(3_600);
    assert_eq!(client.send(get(UPLOADS)).await.unwrap().status(), 200);
    assert_eq!(counts(&run), (1, 0, 1, 0));
    let snapshot = run.counters().snapshot();
    assert_eq!(snapshot.feeds[FEED].legacy_at, Some(world.now()));
}

#[tokio::test]
async fn who_is_asked_after_what() {
    // Rule, what the new side answers, method: what was returned, and how often each side was asked.
    let cases = [
        (FallBack::Never, 401, "GET", 401, (1, 0)),
        (FallBack::WhenRefused, 401, "GET", 200, (1, 1)),
        (FallBack::WhenRefused, 403, "POST", 200, (1, 1)),
        (FallBack::WhenRefused, 500, "GET", 500, (1, 0)),
        (FallBack::WhenRefused, 404, "GET", 404, (1, 0)),
        (FallBack::WhenRefused, 200, "GET", 200, (1, 0)),
    ];
    for (fall_back, status, method, returned, asked) in cases {
        let (new, old) = (refused(status), fine());
        let run = run(Rule::new(Side::New).falling_back(fall_back));
        let client = run.client("ann", new.clone(), old.clone());
        let request = http::Request::builder()
            .method(method)
            .uri(UPLOADS)
            .body(Bytes::from("x"))
            .unwrap();
        let answer = client.send(request).await.unwrap();
        let name = format!("{fall_back:?} {status} {method}");
        assert_eq!(answer.status(), returned, "{name}");
        assert_eq!((new.sent().len(), old.sent().len()), asked, "{name}");
    }
}

#[tokio::test]
async fn an_answer_that_never_came_falls_back_for_reading_only() {
    for (mishap, method, rule, falls) in [
        (
            Mishap::Timeout,
            "GET",
            FallBack::WhenRefusedOrUnreachable,
            true,
        ),
        (
            Mishap::Timeout,
            "POST",
            FallBack::WhenRefusedOrUnreachable,
            false,
        ),
        (Mishap::Timeout, "GET", FallBack::WhenRefused, false),
        // Nothing was sent: the credential could not be put onto it.
        (Mishap::Request, "POST", FallBack::WhenRefused, true),
    ] {
        let down = move |_: http::Request<Bytes>| {
            std::future::ready(Err(TransportError::new(mishap, "no")))
        };
        let old = fine();
        let run = run(Rule::new(Side::New).falling_back(rule));
        let client = run.client("ann", down, old.clone());
        let request = http::Request::builder()
            .method(method)
            .uri(UPLOADS)
            .body(Bytes::new())
            .unwrap();
        assert_eq!(
            client.send(request).await.is_ok(),
            falls,
            "{mishap:?} {method}"
        );
        assert_eq!(old.sent().len(), usize::from(falls));
        let expected = if falls { (0, 0, 1, 0) } else { (0, 0, 0, 1) };
        assert_eq!(counts(&run), expected);
    }
}

#[tokio::test]
async fn when_both_refuse_the_call_failed() {
    let run = run(Rule::new(Side::New).falling_back(FallBack::WhenRefused));
    let client = run.client("ann", refused(401), refused(403));
    assert_eq!(client.send(get(UPLOADS)).await.unwrap().status(), 403);
    assert_eq!(counts(&run), (0, 0, 0, 1));
}

#[tokio::test]
async fn two_answers_that_are_none_are_no_comparison() {
    for (new, old, compared) in [
        (refused(410), refused(410), (0, 0)),
        (refused(500), refused(404), (0, 0)),
        (fine(), refused(410), (0, 1)),
        (fine(), fine(), (1, 0)),
    ] {
        let run = run(Rule::new(Side::Old).in_shadow());
        let client = run.client("ann", new, old);
        client.send(get(UPLOADS)).await.unwrap();
        let total = run.counters().snapshot().total();
        assert_eq!((total.same, total.different), compared);
    }
}

#[tokio::test]
async fn the_new_side_is_asked_in_tls_for_what_old_code_asks_in_the_clear() {
    for (asked, new_side) in [
        (
            "http://gdata.youtube.com/feeds/api/videos?q=a%20b&v=2",
            "https://gdata.youtube.com/feeds/api/videos?q=a%20b&v=2",
        ),
        (
            "https://www.google.com/m8/feeds/",
            "https://www.google.com/m8/feeds/",
        ),
        (
            "http://127.0.0.1:8080/feeds/",
            "http://127.0.0.1:8080/feeds/",
        ),
        (
            "http://feeds.example.com:80/a",
            "http://feeds.example.com:80/a",
        ),
    ] {
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let side = |name: &'static str| {
            let seen = seen.clone();
            move |request: http::Request<Bytes>| {
                seen.lock()
                    .unwrap()
                    .push(format!("{name} {}", request.uri()));
                std::future::ready(Ok(ok()))
            }
        };
        let run = DualRun::new(Rules::new(vec![Rule::new(Side::New).in_shadow()]).unwrap());
        let client = run.client("ann", side("new"), side("old"));
        let client = client.asking_new_at_https();
        client.send(get(asked)).await.unwrap();
        assert_eq!(
            *seen.lock().unwrap(),
            [format!("new {new_side}"), format!("old {asked}")]
        );
    }
}

#[tokio::test]
async fn one_setting_rolls_back_while_calls_go_on() {
    let (new, old) = (fine(), fine());
    let run = run(Rule::new(Side::New));
    let client = run.client("ann", new.clone(), old.clone());
    client.send(get(UPLOADS)).await.unwrap();
    run.set_override(Override::Old);
    client.send(get(UPLOADS)).await.unwrap();
    assert_eq!((new.sent().len(), old.sent().len()), (1, 1));
    run.set_override(Override::None);
    client.send(get(UPLOADS)).await.unwrap();
    assert_eq!((new.sent().len(), old.sent().len()), (2, 1));
    run.set_rules(Rules::new(vec![Rule::new(Side::Old)]).unwrap());
    client.send(get(UPLOADS)).await.unwrap();
    assert_eq!((new.sent().len(), old.sent().len()), (2, 2));
    run.set_override(Override::New);
    client.send(get(UPLOADS)).await.unwrap();
    assert_eq!((new.sent().len(), old.sent().len()), (3, 2));
}

#[test]
fn a_percentage_is_the_same_users_and_grows() {
    let rules = |percent| {
        Rules::new(vec![Rule::new(Side::New).for_percent(percent)])
            .unwrap()
            .otherwise(Rule::new(Side::Old))
    };
    let users: Vec<String> = (0..10_000)
        .map(|number| format!("user{number}@example.com"))
        .collect();
    let chosen = |percent| -> Vec<&String> {
        let rules = rules(percent);
        users
            .iter()
            .filter(|user| rules.choose(user, FEED).side == Side::New)
            .collect()
    };
    let (ten, half) = (chosen(10.0), chosen(50.0));
    assert!((900..1_100).contains(&ten.len()), "{}", ten.len());
    assert!((4_800..5_200).contains(&half.len()), "{}", half.len());
    assert!(ten.iter().all(|user| half.contains(user)));
    assert_eq!((chosen(0.0).len(), chosen(100.0).len()), (0, 10_000));
    // By hand: SHA-256 of the address, its first four bytes as a part of 2^32.
    let upper = rules(50.0).choose("USER0@EXAMPLE.COM", FEED);
    assert_eq!(upper, rules(50.0).choose("user0@example.com", FEED));
}

#[test]
fn the_first_rule_that_fits_decides() {
    let rules = Rules::new(vec![
        Rule::new(Side::Old).of_user("Boss@example.com"),
        Rule::new(Side::New).of_feed("https://www.google.com/m8/feeds/"),
        Rule::new(Side::Old).of_feed("https://www.google.com/m8"),
    ])
    .unwrap();
    for (user, address, side) in [
        (
            "boss@example.com",
            "https://www.google.com/m8/feeds/contacts",
            Side::Old,
        ),
        (
            "ann",
            "http://www.google.com/m8/feeds/contacts?x=1",
            Side::New,
        ),
        ("ann", "https://WWW.google.com/m8/other", Side::Old),
        ("ann", "https://www.google.com/m80", Side::New),
        ("ann", "https://elsewhere.example.com/m8/feeds/", Side::New),
    ] {
        assert_eq!(rules.choose(user, address).side, side, "{user} {address}");
    }
    for rule in [
        Rule::new(Side::New).of_feed("m8/feeds"),
        Rule::new(Side::New).for_percent(101.0),
        Rule::new(Side::New).for_percent(f64::NAN),
    ] {
        assert_eq!(Rules::new(vec![rule]).unwrap_err().kind(), Kind::Input);
    }
    let text = r#"{"rules":[{"prefer":"new","feed":"https://a.example/f","percent":5,"fall_back":"when-refused","shadow":true}],"otherwise":{"prefer":"old"}}"#;
    let rules: Rules = serde_json::from_str(text).unwrap();
    assert_eq!(
        serde_json::from_str::<Rules>(&serde_json::to_string(&rules).unwrap()).unwrap(),
        rules
    );
    for broken in [
        r#"{"otherwise":{"prefer":"both"}}"#,
        r#"{"otherwise":{"prefer":"new","percent":500}}"#,
        r#"{"otherwise":{"prefer":"new","color":1}}"#,
    ] {
        assert!(serde_json::from_str::<Rules>(broken).is_err(), "{broken}");
    }
}

#[tokio::test]
async fn counters_are_json_and_prometheus_text() {
    let run = DualRun::new(
        Rules::new(vec![
            Rule::new(Side::Old).of_feed("https://a.example/\"f\"/x"),
        ])
        .unwrap_or_else(|_| Rules::new(Vec::new()).unwrap()),
    );
    let run = run.with_counters(Counters::of([
        "https://a.example/feeds",
        "https://a.example/feeds/api",
    ]));
    let run = run.with_clock(Arc::new(|| {
        gdata_auth::Timestamp::from_unix_seconds(1_300_000_000)
    }));
    let client = run.client("ann", fine(), fine());
    for address in [
        "https://a.example/feeds/api/x?secret=1",
        "https://a.example/feeds/y",
        "https://b.example/token-in-path",
    ] {
        client.send(get(address)).await.unwrap();
    }
    run.set_override(Override::Old);
    client.send(get("https://a.example/feeds")).await.unwrap();
    let snapshot = run.counters().snapshot();
    let json = snapshot.to_json();
    assert_eq!(
        json,
        r#"{"feeds":{"https://a.example/feeds":{"new":1,"old":1,"fallback":0,"failed":0,"same":0,"different":0,"legacy_at":1300000000},"https://a.example/feeds/api":{"new":1,"old":0,"fallback":0,"failed":0,"same":0,"different":0},"other":{"new":1,"old":0,"fallback":0,"failed":0,"same":0,"different":0}}}"#
    );
    assert_eq!(Snapshot::from_json(&json).unwrap(), snapshot);
    let text = snapshot.to_prometheus();
    for line in [
        "# TYPE gdata_auth_dual_calls_total counter\n",
        "gdata_auth_dual_calls_total{feed=\"https://a.example/feeds\",outcome=\"old\"} 1\n",
        "gdata_auth_dual_calls_total{feed=\"other\",outcome=\"new\"} 1\n",
        "gdata_auth_dual_compared_total{feed=\"other\",result=\"different\"} 0\n",
        "gdata_auth_dual_legacy_timestamp_seconds{feed=\"https://a.example/feeds\"} 1300000000\n",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    assert!(
        !text.contains("secret") && !text.contains("token-in-path"),
        "{text}"
    );
    assert_eq!(Snapshot::from_json("{").unwrap_err().kind(), Kind::Input);
}
