//! The player: orders, repeats, what stands for what, stubs, and many clients at once.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use bytes::Bytes;
use gdata_auth::{
    Transport,
    cassette::{
        Body, Cassette, Criterion, Interaction, MatchRules, Meaning, Order, Outcome, Pattern,
        Player, RecordedRequest, RecordedResponse, Scenario, SecretKind, SecretRule, StandIn,
        Subject, Tape, Test, Unmatched,
    },
    transport::{Mishap, TransportError},
};

fn get(address: &str) -> http::Request<Bytes> {
    http::Request::get(address).body(Bytes::new()).unwrap()
}

fn bearer(address: &str, token: &str) -> http::Request<Bytes> {
    http::Request::get(address)
        .header("authorization", format!("Bearer {token}"))
        .body(Bytes::new())
        .unwrap()
}

fn form(address: &str, body: &str) -> http::Request<Bytes> {
    http::Request::post(address)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Bytes::from(body.to_owned()))
        .unwrap()
}

fn answer(body: &str) -> RecordedResponse {
    let mut answer = RecordedResponse::new(200);
    answer.headers.push("content-type", "application/json");
    answer
        .headers
        .push("content-length", body.len().to_string());
    answer.body = Body::wire(body.to_owned());
    answer
}

fn pair(request: &http::Request<Bytes>, body: &str) -> Interaction {
    Interaction::new(RecordedRequest::of(request), answer(body))
}

/// A cassette of GETs, each answered with its own number.
fn numbered(paths: &[&str]) -> Cassette {
    let pairs = paths.iter().enumerate();
    let pairs = pairs.map(|(at, path)| {
        pair(
            &get(&format!("https://a.test{path}")),
            &format!("{}", at + 1),
        )
    });
    Cassette::new(pairs.collect())
}

fn player(cassette: Cassette, change: impl FnOnce(&mut MatchRules)) -> Player {
    let mut rules = MatchRules::default();
    change(&mut rules);
    Player::builder(cassette).rules(rules).build().unwrap()
}

/// The body of the answer, or the line of the refusal.
fn play(player: &Player, request: &http::Request<Bytes>) -> String {
    match player.play(request) {
        Ok(answer) => String::from_utf8(answer.body().to_vec()).unwrap(),
        Err(cause) => cause.to_string(),
    }
}

fn path(player: &Player, path: &str) -> String {
    play(player, &get(&format!("https://a.test{path}")))
}

fn unmatched(cause: &TransportError) -> &Unmatched {
    let source = std::error::Error::source(cause).unwrap();
    source.downcast_ref().unwrap()
}

#[test]
fn identical_requests_get_their_answers_in_turn() {
    let player = player(numbered(&["/x", "/y", "/x"]), |_| {});
    assert_eq!(path(&player, "/x"), "1");
    assert_eq!(path(&player, "/x"), "3");
    assert_eq!(
        path(&player, "/x"),
        "expected a recorded request, got GET https://a.test/x, whose interaction 1 was already played once"
    );
    assert_eq!(path(&player, "/y"), "2");
    assert_eq!(player.report().played, [1, 1, 1]);
    assert_eq!(player.report().unmatched, 1);
    player.rewind();
    assert_eq!(path(&player, "/x"), "1");
}

#[test]
fn the_last_answer_repeats_where_that_is_allowed() {
    let player = player(numbered(&["/x", "/x"]), |rules| rules.repeat = true);
    let bodies: Vec<String> = (0..4).map(|_| path(&player, "/x")).collect();
    assert_eq!(bodies, ["1", "2", "2", "2"]);
}

#[test]
fn sequential_goes_forward_only() {
    let player = player(numbered(&["/x", "/y", "/x", "/z"]), |rules| {
        rules.order = Order::Sequential;
    });
    assert_eq!(path(&player, "/y"), "2");
    assert_eq!(path(&player, "/x"), "3");
    assert_eq!(
        path(&player, "/y"),
        "expected a recorded request, got GET https://a.test/y, whose interaction 2 was already played once"
    );
    assert_eq!(path(&player, "/z"), "4");
    assert_eq!(player.report().unused(), [1]);
}

#[test]
fn strict_takes_exactly_the_next() {
    let player = player(numbered(&["/x", "/y"]), |rules| rules.order = Order::Strict);
    assert_eq!(
        path(&player, "/y"),
        "expected a recorded request, got GET https://a.test/y, while interaction 1 is due"
    );
    assert_eq!(path(&player, "/x"), "1");
    assert_eq!(path(&player, "/y"), "2");
    assert_eq!(
        path(&player, "/y"),
        "expected a recorded request, got GET https://a.test/y, while the cassette has been played to its end"
    );
}

#[test]
fn what_must_be_played_is_told_at_the_end() {
    let player = player(numbered(&["/x", "/y", "/z"]), |rules| {
        rules.must_play_all = true;
    });
    path(&player, "/y");
    let refusal = player.finish().unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "cassette: expected all 3 interactions to be played, got none of 1, 3"
    );
}

#[test]
fn a_session_is_told_what_was_not_asked_for() {
    let player = player(numbered(&["/a", "/b", "/c"]), |_| {});
    assert_eq!(path(&player, "/b"), "2");
    let told = ["interaction 1: GET /a", "interaction 3: GET /c"];
    assert_eq!(Tape::unused(&player), told);
}

#[test]
fn a_stand_in_is_what_the_client_sends_and_the_same_throughout() {
    let address = "https://a.test/token";
    let refresh = |token: &str| {
        form(
            address,
            &format!("grant_type=refresh_token&client_id=me&refresh_token={token}"),
        )
    };
    let mut cassette = Cassette::new(vec![
        pair(
            &refresh("1//stand-in-one"),
            r#"{"access_token":"ya29.stand-in"}"#,
        ),
        pair(
            &refresh("1//stand-in-one"),
            r#"{"was":"1//stand-in-one","form":"1%2F%2Fstand-in-one"}"#,
        ),
        pair(&refresh("1//stand-in-two"), "other"),
        pair(&bearer("https://a.test/x", "ya29.stand-in"), "feed"),
    ]);
    cassette.stand_ins = vec![
        StandIn::new("1//stand-in-one", SecretKind::RefreshToken, false),
        StandIn::new("1//stand-in-two", SecretKind::RefreshToken, false),
        StandIn::new("ya29.stand-in", SecretKind::AccessToken, true),
    ];
    let player = player(cassette, |_| {});
    assert_eq!(
        play(&player, &refresh("1//live")),
        r#"{"access_token":"ya29.stand-in"}"#
    );
    // What the client brought along goes out as its own.
    let echo = player.play(&refresh("1//live")).unwrap();
    assert_eq!(
        &echo.body()[..],
        br#"{"was":"1//live","form":"1%2F%2Flive"}"#
    );
    assert_eq!(
        echo.headers()["content-length"],
        echo.body().len().to_string().as_str()
    );
    // A second secret is the second stand-in, in both directions one to one.
    assert_eq!(play(&player, &refresh("1//another")), "other");
    let cause = player.play(&refresh("1//third")).unwrap_err();
    assert!(unmatched(&cause).nearest.iter().any(|near| {
        near.ticks
            .iter()
            .any(|tick| tick.name == "form refresh_token" && !tick.agrees)
    }));
    // What an answer of the cassette handed out has to come back.
    assert!(
        player
            .play(&bearer("https://a.test/x", "ya29.other"))
            .is_err()
    );
    assert_eq!(
        play(&player, &bearer("https://a.test/x", "ya29.stand-in")),
        "feed"
    );
}

#[test]
fn a_secret_without_a_stand_in_has_to_be_the_same() {
    let cassette = || {
        Cassette::new(vec![pair(
            &bearer("https://a.test/x", "ya29.recorded"),
            "feed",
        )])
    };
    let strict = player(cassette(), |_| {});
    assert!(
        strict
            .play(&bearer("https://a.test/x", "ya29.live"))
            .is_err()
    );
    let bound = player(cassette(), |rules| {
        rules.secrets = SecretRule::Bind;
        rules.repeat = true;
    });
    assert_eq!(
        play(&bound, &bearer("https://a.test/x", "ya29.live")),
        "feed"
    );
    assert!(
        bound
            .play(&bearer("https://a.test/x", "ya29.other"))
            .is_err()
    );
    let blind = player(cassette(), |rules| {
        rules.secrets = SecretRule::Ignore;
        rules.repeat = true;
    });
    for token in ["one", "two"] {
        assert_eq!(play(&blind, &bearer("https://a.test/x", token)), "feed");
    }
}

#[test]
fn a_placeholder_of_another_tool_stands_for_anything() {
    for placeholder in ["<TOKEN>", "[FILTERED]", "REDACTED", "xxxxxxxx", "{{token}}"] {
        let recorded = Interaction::new(
            RecordedRequest::of(&bearer("https://a.test/x", placeholder)),
            answer("feed"),
        );
        let player = player(Cassette::new(vec![recorded]), |_| {});
        assert_eq!(
            play(&player, &bearer("https://a.test/x", "ya29.live")),
            "feed",
            "{placeholder}"
        );
    }
}

#[test]
fn passwords_are_not_compared_unless_told() {
    let login = |password: &str| {
        form(
            "https://www.google.com/accounts/ClientLogin",
            &format!("Email=a%40b.c&service=cl&Passwd={password}"),
        )
    };
    let cassette = || Cassette::new(vec![pair(&login("recorded"), "Auth=x")]);
    assert_eq!(play(&player(cassette(), |_| {}), &login("live")), "Auth=x");
    let strict = player(cassette(), |rules| rules.passwords = true);
    assert!(strict.play(&login("live")).is_err());
    assert_eq!(play(&strict, &login("recorded")), "Auth=x");
}

#[test]
fn a_local_server_stands_for_the_recorded_host() {
    let two = || {
        Cassette::new(vec![
            pair(&get("https://one.test/x"), "one"),
            pair(&get("https://two.test/x"), "two"),
        ])
    };
    let to = |target: &str, host: &str| {
        let request = http::Request::get(target).header("host", host);
        request.body(Bytes::new()).unwrap()
    };
    // Loopback without a map is any host, in the order of the cassette.
    let any = player(two(), |_| {});
    assert_eq!(play(&any, &to("/x", "127.0.0.1:8080")), "one");
    assert_eq!(play(&any, &get("http://localhost:8080/x")), "two");
    // A host that is told counts.
    assert_eq!(play(&player(two(), |_| {}), &to("/x", "two.test")), "two");
    assert_eq!(
        play(&player(two(), |_| {}), &to("/x", "three.test")),
        "expected a recorded request, got GET http://three.test/x; interaction 1 is nearest, but for origin"
    );
    // And so does a map.
    let mapped = player(two(), |rules| {
        rules.hosts.insert(
            "http://127.0.0.1:8080".to_owned(),
            "https://two.test".to_owned(),
        );
        rules.repeat = true;
    });
    for request in [to("/x", "127.0.0.1:8080"), get("http://127.0.0.1:8080/x")] {
        assert_eq!(play(&mapped, &request), "two");
    }
}

#[test]
fn a_closure_may_decide() {
    let by_last_letter = |recorded: &Interaction, live: &http::Request<Bytes>| {
        recorded.request.target.chars().last() == live.uri().path().chars().last()
    };
    let player = Player::builder(numbered(&["/ax", "/bx", "/y"]))
        .matcher(by_last_letter)
        .build()
        .unwrap();
    assert_eq!(path(&player, "/zzx"), "1");
    assert_eq!(path(&player, "/x"), "2");
    assert_eq!(path(&player, "/y"), "3");
    assert!(path(&player, "/y").contains("already played once"));
    assert!(path(&player, "/none").contains("expected a recorded request"));
}

#[test]
fn a_recorded_failure_fails_again() {
    let failed = |text: &str| {
        let request = RecordedRequest::of(&get("https://a.test/x"));
        let interaction = Interaction::of(request, Outcome::Failed(text.to_owned()));
        player(Cassette::new(vec![interaction]), |_| {})
            .play(&get("https://a.test/x"))
            .unwrap_err()
    };
    assert_eq!(failed("connection timed out").mishap(), Mishap::Timeout);
    assert_eq!(failed("Connection refused").mishap(), Mishap::Connect);
    let cancelled = failed("1 Cancelled");
    assert_eq!(cancelled.mishap(), Mishap::Torn);
    assert_eq!(
        cancelled.to_string(),
        "expected an answer, got what was recorded: 1 Cancelled"
    );
}

fn stub(criteria: Vec<Criterion>, body: &str, change: impl FnOnce(&mut Pattern)) -> Interaction {
    let mut interaction = Interaction::new(RecordedRequest::new("POST", "/"), answer(body));
    let mut pattern = Pattern::default();
    pattern.criteria = criteria;
    change(&mut pattern);
    interaction.pattern = Some(pattern);
    interaction
}

fn criterion(subject: Subject, test: Test) -> Criterion {
    Criterion { subject, test }
}

fn equals(text: &str) -> Test {
    Test::Equals {
        text: text.to_owned(),
        ignore_case: false,
    }
}

#[test]
fn stubs_answer_by_their_criteria() {
    let login = || form("https://a.test/login?v=2", "user=me&n=17");
    for (subject, test, holds) in [
        (Subject::Method, equals("post"), true),
        (Subject::Scheme, equals("https"), true),
        (Subject::Host, equals("a.test"), true),
        (Subject::Url, equals("/login?v=2"), true),
        (Subject::Path, Test::Glob("/lo*in".to_owned()), true),
        (Subject::Path, Test::Glob("/lo*".to_owned()), true),
        (Subject::Path, Test::Glob("/log".to_owned()), false),
        (Subject::Query("v".to_owned()), equals("2"), true),
        (Subject::Query("w".to_owned()), Test::Absent, true),
        (Subject::Query("v".to_owned()), Test::Absent, false),
        (Subject::Form("user".to_owned()), Test::Present, true),
        (
            Subject::Form("n".to_owned()),
            Test::Matches("[0-9]+".to_owned()),
            true,
        ),
        (
            Subject::Form("n".to_owned()),
            Test::Matches("[0-9]".to_owned()),
            false,
        ),
        (
            Subject::Form("n".to_owned()),
            Test::DoesNotMatch("[a-z]+".to_owned()),
            true,
        ),
        (
            Subject::Form("n".to_owned()),
            Test::Matches("(".to_owned()),
            false,
        ),
        (Subject::Body, Test::Contains("user=".to_owned()), true),
        (Subject::Body, Test::Lacks("user=".to_owned()), false),
        (
            Subject::Header("Content-Type".to_owned()),
            Test::Contains("urlencoded".to_owned()),
            true,
        ),
        (
            Subject::Body,
            Test::Foreign("matchesJsonSchema".to_owned()),
            false,
        ),
    ] {
        let cassette = Cassette::new(vec![stub(
            vec![criterion(subject.clone(), test.clone())],
            "yes",
            |_| {},
        )]);
        let player = player(cassette, |_| {});
        assert_eq!(
            play(&player, &login()) == "yes",
            holds,
            "{subject:?} {test:?}"
        );
    }
}

#[test]
fn stubs_compare_json_and_xml_by_value() {
    let json = |extra_members, ordered| Test::Json {
        value: serde_json::json!({ "a": [1, 2] }),
        extra_members,
        ordered,
    };
    let xml = || Test::Xml("<e a='1'><x/></e>".to_owned());
    for (test, body, holds) in [
        (json(false, true), r#"{ "a": [1.0, 2] }"#, true),
        (json(false, true), r#"{"a":[2,1]}"#, false),
        (json(false, false), r#"{"a":[2,1]}"#, true),
        (json(false, true), r#"{"a":[1,2],"b":3}"#, false),
        (json(true, true), r#"{"a":[1,2],"b":3}"#, true),
        (xml(), "<e a=\"1\">\n<x></x></e>", true),
        (xml(), "<e a=\"2\"><x/></e>", false),
    ] {
        let cassette = Cassette::new(vec![stub(
            vec![criterion(Subject::Body, test)],
            "yes",
            |_| {},
        )]);
        let mut request = form("https://a.test/", body);
        request.headers_mut().remove("content-type");
        assert_eq!(
            play(&player(cassette, |_| {}), &request) == "yes",
            holds,
            "{body}"
        );
    }
}

#[test]
fn stubs_have_priorities_and_states() {
    let any = || vec![criterion(Subject::Method, equals("GET"))];
    let scenario = |required: &str, then: &str| {
        let mut scenario = Scenario::default();
        scenario.name = "login".to_owned();
        scenario.required = Some(required.to_owned());
        scenario.then = Some(then.to_owned());
        Some(scenario)
    };
    let cassette = Cassette::new(vec![
        stub(any(), "last", |pattern| pattern.priority = 9),
        stub(any(), "first", |pattern| {
            pattern.scenario = scenario("Started", "in");
        }),
        stub(any(), "second", |pattern| {
            pattern.scenario = scenario("in", "done");
        }),
    ]);
    let player = player(cassette, |_| {});
    let bodies: Vec<String> = (0..4).map(|_| path(&player, "/")).collect();
    assert_eq!(bodies, ["first", "second", "last", "last"]);
}

#[test]
fn many_clients_at_once_get_each_answer_once() {
    let paths: Vec<&str> = std::iter::repeat_n("/x", 400).collect();
    let player = Arc::new(player(numbered(&paths), |_| {}));
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let player = player.clone();
            std::thread::spawn(move || (0..100).map(|_| path(&player, "/x")).collect::<Vec<_>>())
        })
        .collect();
    let mut all: Vec<usize> = threads
        .into_iter()
        .flat_map(|thread| thread.join().unwrap())
        .map(|body| body.parse().unwrap())
        .collect();
    all.sort_unstable();
    assert_eq!(all, (1..=400).collect::<Vec<_>>());
    assert!(path(&player, "/x").contains("already played once"));
}

#[test]
fn one_of_a_hundred_thousand_is_found_by_its_token() {
    // All of one address: only the secret tells them apart.
    let pairs = (0..20_000).map(|at| {
        pair(
            &bearer("https://a.test/x", &format!("ya29.token-{at:06}")),
            &at.to_string(),
        )
    });
    let player = player(Cassette::new(pairs.collect()), |rules| rules.repeat = true);
    for at in [0, 9_999, 19_999, 7] {
        assert_eq!(
            play(
                &player,
                &bearer("https://a.test/x", &format!("ya29.token-{at:06}"))
            ),
            at.to_string()
        );
    }
    assert!(
        player
            .play(&bearer("https://a.test/x", "ya29.token-020000"))
            .is_err()
    );
}

#[test]
fn a_refusal_may_be_an_answer() {
    let player = player(numbered(&["/x"]), |rules| rules.refuse_with = Some(599));
    let refusal = player.play(&get("https://a.test/y")).unwrap();
    assert_eq!(refusal.status().as_u16(), 599);
    let page = String::from_utf8(refusal.body().to_vec()).unwrap();
    assert!(
        page.starts_with("no answer for GET https://a.test/y (none)\n"),
        "{page}"
    );
    assert!(refusal.extensions().get::<Unmatched>().is_some());
}

#[tokio::test]
async fn a_player_is_a_transport() {
    let player: Arc<dyn Transport> = Arc::new(player(numbered(&["/x"]), |_| {}));
    assert_eq!(
        player.send(get("https://a.test/x")).await.unwrap().body(),
        "1"
    );
    let cause = player.send(get("https://a.test/x")).await.unwrap_err();
    assert!(!cause.is_transient());
}

#[test]
fn rules_that_cannot_be_read_are_refused_by_name() {
    let build = |change: fn(&mut MatchRules)| {
        let mut rules = MatchRules::default();
        change(&mut rules);
        Player::builder(Cassette::default())
            .rules(rules)
            .build()
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        build(|rules| rules.refuse_with = Some(7)),
        "refuse-with: expected 200 to 999, got another"
    );
    assert_eq!(
        build(|rules| rules.headers.push("a b".to_owned())),
        "headers: expected the name of a header"
    );
    assert_eq!(
        build(|rules| {
            rules
                .hosts
                .insert("here".to_owned(), "https://a.test".to_owned());
        }),
        "hosts: expected origins like https://www.google.com"
    );
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(512))]

    /// The law that `fuzz_targets/cassette_meaning.rs` drives further.
    #[test]
    fn whatever_was_recorded_is_answered_and_then_explained(
        target in "(https?://[a-z]{1,4}(:[0-9]{1,4})?)?/[a-z%2F./]{0,8}(\\?[a-z&=%+_0-9]{0,24})?|\\*|[a-z]{1,5}:80",
        authorization in "((AuthSub|OAuth|Bearer|Basic|GoogleLogin) )?[ -~]{0,60}",
        kind in proptest::sample::select(&[
            "application/x-www-form-urlencoded", "application/json", "text/xml", "multipart/related; boundary=x", "", "x",
        ][..]),
        body in "[ -~\r\n]{0,80}|grant_type=authorization_code&code=[a-z]{1,3}&code_verifier=[a-z]{0,50}|--x\r\n\r\n[a-z=&]{0,9}\r\n--x--",
    ) {
        let request = http::Request::post(target)
            .header("authorization", authorization)
            .header("content-type", kind)
            .body(Bytes::from(body));
        if let Ok(request) = request {
            let recorded = RecordedRequest::of(&request);
            let rules = MatchRules::default();
            let (one, live) = (Meaning::of(&recorded, &rules).unwrap(), Meaning::of_live(&request, &rules).unwrap());
            proptest::prop_assert_eq!(&one.facets, &live.facets);
            let player = Player::new(Cassette::new(vec![Interaction::new(recorded, RecordedResponse::new(204))])).unwrap();
            proptest::prop_assert_eq!(player.play(&request).unwrap().status(), 204);
            let again = player.play(&request).unwrap_err();
            if let Some(told) = std::error::Error::source(&again).and_then(|source| source.downcast_ref::<Unmatched>()) {
                proptest::prop_assert!(told.to_text().contains("already played once"));
                proptest::prop_assert!(told.nearest[0].ticks.iter().all(|tick| tick.agrees));
            }
        }
    }
}
