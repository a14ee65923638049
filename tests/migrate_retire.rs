//! The end of an integration: revoked where that can be, watched until nothing comes, opened again when one does.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{fs, path::PathBuf};

use bytes::Bytes;
use gdata_auth::{
    AuthScheme, Kind, Timestamp,
    api_key::ApiKey,
    authsub::SessionToken,
    clientlogin::AuthToken,
    emulator::Era,
    migrate::{
        dual::Snapshot,
        retire::{BY_HAND, ObservedLog, RetireBook, Revoked, Stage, Turn, revoke_legacy},
    },
    oauth1::{AccessToken, Consumer, Credential},
    oauth2,
    transport::TransportError,
};
use support::world::{UPLOADS, World};

const HERE: &str = "http://127.0.0.1:8080/accounts";

fn day(number: i64) -> Timestamp {
    Timestamp::from_unix_seconds(1_300_000_000 + number * 86_400)
}

fn place(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    for ending in ["", ".lock", ".new"] {
        let _ = fs::remove_file(format!("{}{ending}", path.display()));
    }
    path
}

#[tokio::test]
async fn a_server_that_still_knows_a_token_ends_it() {
    let world = World::new();
    for secure in [false, true] {
        let session = match secure {
            true => world.secure_session().await,
            false => world.plain_session().await,
        };
        let scheme = AuthScheme::from(session.clone());
        let revoked = revoke_legacy(&scheme, HERE, &world.stamp(), &world.google)
            .await
            .unwrap();
        assert!(matches!(revoked, Revoked::Done), "{revoked:?}");
        assert_ne!(world.get(&session, UPLOADS).await.status(), 200);
        let again = revoke_legacy(&scheme, HERE, &world.stamp(), &world.google)
            .await
            .unwrap();
        assert!(matches!(again, Revoked::Gone), "{again:?}");
    }
}

#[tokio::test]
async fn nothing_is_sent_to_google_nor_for_what_no_call_revokes() {
    let silent = |_: http::Request<Bytes>| -> std::future::Ready<Result<http::Response<Bytes>, TransportError>> {
        panic!("a request was sent")
    };
    let world = World::new();
    let stamp = world.stamp();
    let consumer = || Consumer::hmac("example.com", "s").unwrap();
    let oauth1 = Credential::from(AccessToken::new(consumer(), "1/t", "s").unwrap());
    let google = "https://www.google.com/accounts";
    for scheme in [
        AuthScheme::from(SessionToken::new("1/session").unwrap()),
        AuthScheme::from(oauth1),
    ] {
        let revoked = revoke_legacy(&scheme, google, &stamp, &silent)
            .await
            .unwrap();
        let Revoked::SwitchedOff(why) = revoked else {
            panic!("{revoked:?}")
        };
        assert_eq!(why.kind(), Kind::Retired);
        assert!(why.to_string().contains("nothing was sent"), "{why}");
    }
    for (scheme, word) in [
        (
            AuthScheme::from(AuthToken::new("DQAAAGgA").unwrap()),
            "change the password",
        ),
        (
            AuthScheme::from(Credential::two_legged(consumer())),
            "two-legged",
        ),
        (
            AuthScheme::from(ApiKey::new("AI39si").unwrap()),
            "developer key",
        ),
    ] {
        let revoked = revoke_legacy(&scheme, HERE, &stamp, &silent).await.unwrap();
        let Revoked::ByHand(row) = revoked else {
            panic!("{revoked:?}")
        };
        assert_eq!(row.scheme, scheme.name());
        assert!(row.what.contains(word), "{}", row.what);
    }
    let today = AuthScheme::from(oauth2::AccessToken::new("ya29.a").unwrap());
    assert_eq!(
        revoke_legacy(&today, HERE, &stamp, &silent)
            .await
            .unwrap_err()
            .kind(),
        Kind::Input
    );
    assert!(BY_HAND.iter().all(|row| row.place.starts_with("https://")));
}

#[tokio::test]
async fn a_server_without_the_protocol_says_so() {
    let world = World::with(|config| config.in_era(Era::AfterShutdown));
    let consumer = Consumer::hmac("example.com", "s").unwrap();
    let oauth1 = AccessToken::new(consumer, "1/t", "s").unwrap();
    for (scheme, name) in [
        (
            AuthScheme::from(SessionToken::new("1/session").unwrap()),
            "AuthSub",
        ),
        (AuthScheme::from(Credential::from(oauth1)), "OAuth 1.0"),
    ] {
        let revoked = revoke_legacy(&scheme, HERE, &world.stamp(), &world.google)
            .await
            .unwrap();
        let Revoked::SwitchedOff(why) = revoked else {
            panic!("{name}: {revoked:?}")
        };
        assert!(
            why.to_string()
                .contains(&format!("the server has no {name} at this address")),
            "{why}"
        );
    }
}

#[test]
fn an_integration_is_done_after_days_of_seen_silence_and_opens_again() {
    let mut book = RetireBook::create(&place("retire-days")).unwrap();
    book.watch("tides", 30, day(0)).unwrap();
    assert_eq!(
        book.observe("tides", Some(day(2)), 5, day(3)).unwrap(),
        Turn::Stays
    );
    assert_eq!(book.due_at("tides"), Some(day(32)));
    // Nobody looked for a month: the calendar alone proves nothing.
    assert_eq!(book.find("tides").unwrap().quiet_days(), 1);
    assert_eq!(
        book.observe("tides", None, 0, day(31)).unwrap(),
        Turn::Stays
    );
    assert_eq!(book.observe("tides", None, 0, day(32)).unwrap(), Turn::Done);
    assert_eq!(book.find("tides").unwrap().stage, Stage::Done);
    assert_eq!(
        book.observe("tides", None, 0, day(60)).unwrap(),
        Turn::Stays
    );
    assert_eq!(
        book.observe("tides", Some(day(61)), 1, day(61)).unwrap(),
        Turn::Reopened
    );
    let tides = book.find("tides").unwrap();
    assert_eq!(
        (tides.stage, tides.reopened, tides.legacy_calls),
        (Stage::Running, 1, 6)
    );
    assert_eq!(book.observe("tides", None, 0, day(91)).unwrap(), Turn::Done);
    assert_eq!(
        book.observe("tides ", None, 0, day(91)).unwrap_err().kind(),
        Kind::Input
    );
    assert!(book.watch("", 30, day(0)).is_err() && book.watch("x", 0, day(0)).is_err());
}

#[test]
fn a_done_integration_is_opened_by_calls_that_leave_too_few_days_alone() {
    let rows = [
        // Before it was watched, and among its quiet days with enough of them left.
        (-30, 40, Turn::Stays),
        (5, 40, Turn::Stays),
        (20, 40, Turn::Reopened),
        // After all that was seen, however long that is ago.
        (41, 41, Turn::Reopened),
        (41, 90, Turn::Reopened),
    ];
    for (number, (called, seen, turn)) in rows.into_iter().enumerate() {
        let mut book = RetireBook::create(&place(&format!("retire-among-{number}"))).unwrap();
        book.watch("tides", 30, day(0)).unwrap();
        assert_eq!(book.observe("tides", None, 0, day(40)).unwrap(), Turn::Done);
        let told = book
            .observe("tides", Some(day(called)), 1, day(seen))
            .unwrap();
        assert_eq!(told, turn, "{called} {seen}");
        assert_eq!(book.find("tides").unwrap().legacy_calls, 1);
    }
}

#[test]
fn counters_that_go_on_count_each_call_once() {
    let mut book = RetireBook::create(&place("retire-counters-go-on")).unwrap();
    book.watch("tides", 10, day(0)).unwrap();
    let counters = |old: u64, at: i64| {
        let at = day(at).unix_seconds();
        Snapshot::from_json(&format!(
            r#"{{"feeds":{{"a":{{"new":9,"old":{old},"fallback":0,"failed":0,"same":0,"different":0,"legacy_at":{at}}}}}}}"#
        ))
        .unwrap()
    };
    // Counted on, taken in again, begun anew.
    for (old, at, all) in [
        (3, 1, 3),
        (5, 2, 5),
        (5, 2, 5),
        (6, 3, 6),
        (2, 4, 8),
        (4, 5, 10),
    ] {
        book.observe_counters("tides", &counters(old, at), day(at))
            .unwrap();
        assert_eq!(
            book.find("tides").unwrap().legacy_calls,
            all,
            "{old} at {at}"
        );
    }
}

#[test]
fn counters_that_tell_no_moment_are_no_silence() {
    let mut book = RetireBook::create(&place("retire-counters-without")).unwrap();
    book.watch("tides", 10, day(0)).unwrap();
    let counters = |old: u64| {
        let text = format!(
            r#"{{"feeds":{{"a":{{"new":9,"old":{old},"fallback":0,"failed":0,"same":0,"different":0}}}}}}"#
        );
        Snapshot::from_json(&text).unwrap()
    };
    // Counted on, the same again, counted on, begun anew: calls so far, and the day of the last.
    for (old, at, all, last) in [
        (1, 1, 1, 1),
        (5, 2, 5, 2),
        (5, 3, 5, 2),
        (17, 9, 17, 9),
        (2, 10, 19, 10),
    ] {
        book.observe_counters("tides", &counters(old), day(at))
            .unwrap();
        let tides = book.find("tides").unwrap();
        assert_eq!(
            (tides.legacy_calls, tides.legacy_at),
            (all, Some(day(last))),
            "{old} at {at}"
        );
    }
    assert_eq!(
        book.observe_counters("tides", &counters(2), day(19))
            .unwrap(),
        Turn::Stays
    );
    assert_eq!(
        book.observe_counters("tides", &counters(2), day(20))
            .unwrap(),
        Turn::Done
    );
    assert_eq!(
        book.observe_counters("tides", &counters(3), day(21))
            .unwrap(),
        Turn::Reopened
    );
}

#[test]
fn counters_and_logs_are_evidence_and_count_once() {
    let mut book = RetireBook::create(&place("retire-evidence")).unwrap();
    book.watch("tides", 10, day(0)).unwrap();
    let counters = |old: u64, at: i64| {
        let at = day(at).unix_seconds();
        Snapshot::from_json(&format!(
            r#"{{"feeds":{{"a":{{"new":9,"old":{old},"fallback":1,"failed":0,"same":0,"different":0,"legacy_at":{at}}}}}}}"#
        ))
        .unwrap()
    };
    book.observe_counters("tides", &counters(2, 4), day(5))
        .unwrap();
    book.observe_counters("tides", &counters(2, 4), day(6))
        .unwrap();
    assert_eq!(book.find("tides").unwrap().legacy_calls, 3);

    let text = format!(
        "{{\"at\":\"{}\",\"scheme\":\"AuthSub\",\"address\":\"http://a/\"}}\n\nnot json\n\
         {{\"at\":{},\"scheme\":\"Bearer\"}}\n{{\"at\":1,\"scheme\":\"Basic\"}}\n",
        day(8),
        day(9).unix_seconds()
    );
    let log = ObservedLog::read(&mut text.as_bytes()).unwrap();
    assert_eq!(log.calls.len(), 2);
    assert_eq!((log.faults.count, log.faults.first), (1, 3));
    assert_eq!((log.untold.count, log.untold.first), (1, 5));
    assert_eq!(
        book.observe_calls("tides", &log.calls, None).unwrap(),
        Turn::Stays
    );
    let tides = book.find("tides").unwrap();
    assert_eq!(
        (tides.legacy_at, tides.seen_at, tides.legacy_calls),
        (Some(day(8)), day(9), 4)
    );
    book.observe_calls("tides", &log.calls, None).unwrap();
    assert_eq!(book.find("tides").unwrap().legacy_calls, 4);
    assert_eq!(
        book.observe_calls("tides", &[], Some(day(18))).unwrap(),
        Turn::Done
    );
}

#[test]
fn a_crash_at_every_byte_loses_the_last_change_alone() {
    let path = place("retire-crash");
    let mut book = RetireBook::create(&path).unwrap();
    let mut after = vec![(fs::metadata(&path).unwrap().len(), shown(&book))];
    for number in 0..4 {
        book.watch(&format!("integration {number}"), 30, day(number))
            .unwrap();
        after.push((fs::metadata(&path).unwrap().len(), shown(&book)));
    }
    let whole = fs::read(&path).unwrap();
    drop(book);
    let crashed = place("retire-crashed");
    for cut in usize::try_from(after[0].0).unwrap()..=whole.len() {
        fs::write(&crashed, &whole[..cut]).unwrap();
        let (good, expected) = after
            .iter()
            .rev()
            .find(|(length, _)| *length <= cut as u64)
            .unwrap();
        let mut book = RetireBook::open(&crashed).unwrap();
        assert_eq!(
            (book.torn_bytes(), shown(&book)),
            (cut as u64 - good, expected.clone())
        );
        book.watch("another", 1, day(0)).unwrap();
        let expected = shown(&book);
        drop(book);
        assert_eq!(shown(&RetireBook::open(&crashed).unwrap()), expected);
    }
}

#[test]
fn a_file_of_another_kind_is_told_and_one_at_a_time_writes() {
    let path = place("retire-kind");
    let book = RetireBook::create(&path).unwrap();
    assert_eq!(RetireBook::open(&path).unwrap_err().kind(), Kind::Refused);
    assert!(RetireBook::look(&path).is_ok());
    drop(book);
    let error = gdata_auth::migrate::campaign::Campaign::open(&path).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("expected a campaign, got a state file of `migrate retire`"),
        "{error}"
    );
    fs::write(&path, "hello, this is a text of no use to anybody").unwrap();
    let error = RetireBook::open(&path).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("got a file that this program did not make"),
        "{error}"
    );
    assert_eq!(
        RetireBook::open(&place("retire-none")).unwrap_err().kind(),
        Kind::Input
    );
}

fn shown(book: &RetireBook) -> Vec<String> {
    book.iter()
        .map(|(name, it)| format!("{name} {it:?}"))
        .collect()
}

/// What a line tells: `legacy`, `today`, `untold`, `undated` or `none`.
fn told(line: &str) -> &'static str {
    let log = ObservedLog::read(&mut line.as_bytes()).unwrap();
    let counts = [log.faults.count, log.untold.count, log.undated.count];
    match (log.calls.as_slice(), counts) {
        ([call], [0, 0, 0]) if call.legacy => "legacy",
        ([_], [0, 0, 0]) => "today",
        ([], [1, 0, 0]) => "none",
        ([], [0, 1, 0]) => "untold",
        ([], [0, 0, 1]) => "undated",
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn an_access_log_tells_legacy_calls_by_logins_and_signatures() {
    let line = |request: &str| {
        format!(
            "10.0.0.7 - ann [20/Nov/2026:05:00:00 +0000] \"{request} HTTP/1.1\" 200 9 \"-\" \"agent\""
        )
    };
    for (request, expected) in [
        ("POST /accounts/ClientLogin", "legacy"),
        (
            "GET https://www.google.com/accounts/AuthSubRequest?next=x",
            "legacy",
        ),
        ("GET /accounts/AuthSubSessionToken", "legacy"),
        ("GET /accounts/AuthSubRevokeToken", "legacy"),
        ("GET /accounts/OAuthGetRequestToken?scope=x", "legacy"),
        ("GET /accounts/OAuthAuthorizeToken", "legacy"),
        ("POST /accounts/OAuthGetAccessToken", "legacy"),
        (
            "GET /m8/feeds/contacts/default/full?xoauth_requestor_id=ann%40example.com",
            "legacy",
        ),
        (
            "GET /feeds/?alt=json&oauth_signature=x%3D&oauth_token=y",
            "legacy",
        ),
        (
            "GET /feeds/?access_token=ya29.x&oauth_consumer_key=k",
            "legacy",
        ),
        ("GET /youtube/v3/videos?access_token=ya29.x", "today"),
        // The same letters at another place say nothing.
        ("GET /feeds/api/videos/x", "untold"),
        ("GET /help/ClientLogin.html", "untold"),
        ("GET /accounts/ClientLoginFoo", "untold"),
        ("GET /feeds/?q=oauth_signature", "untold"),
        (
            "GET /feeds/?my_oauth_signature=x#?oauth_signature=y",
            "untold",
        ),
        ("not a request line at all", "none"),
    ] {
        assert_eq!(told(&line(request)), expected, "{request}");
    }
    let undated = line("POST /accounts/ClientLogin").replace("20/Nov", "99/Nov");
    assert_eq!(told(&undated), "undated");
}

#[test]
fn an_access_log_as_json_tells_the_credential_by_its_header() {
    let line = |fields: &str| {
        format!(
            r#"{{"time":"2026-11-20T05:00:00Z","request":"GET /feeds/ HTTP/1.1","scheme":"https",{fields}}}"#
        )
    };
    for (fields, expected) in [
        (
            r#""http_authorization":"AuthSub token=\"1/secret\"""#,
            "legacy",
        ),
        (r#""Authorization":"GoogleLogin auth=DQAAsecret""#, "legacy"),
        (r#""authorization":"googlelogin""#, "legacy"),
        (
            r#""authorization":"OAuth oauth_consumer_key=\"k\", oauth_signature=\"s\"""#,
            "legacy",
        ),
        (
            r#""authorization":"OAuth realm=\"\", oauth_version=\"1.0\"""#,
            "legacy",
        ),
        (r#""authorization":"OAuth ya29.secret""#, "today"),
        (r#""authorization":"Bearer ya29.secret""#, "today"),
        (r#""http.request.headers.authorization":"Bearer""#, "today"),
        (
            r#""http":{"request":{"headers":{"Authorization":["AuthSub token=x","y"]}}}"#,
            "legacy",
        ),
        (r#""headers":{"Authorization":["Bearer x"]}"#, "today"),
        (r#""request_Authorization":"Bearer x""#, "today"),
        // A call without a credential is none of old, unless its address says so.
        (r#""http_authorization":"-""#, "today"),
        (r#""http_authorization":null"#, "today"),
        (
            r#""http_authorization":"","request_uri":"/accounts/ClientLogin""#,
            "legacy",
        ),
        // What was blotted out, or is of another kind, tells nothing.
        (r#""authorization":"OAuth ****""#, "untold"),
        (r#""authorization":"REDACTED""#, "untold"),
        (r#""authorization":"Basic eDp5""#, "untold"),
        (r#""authorization":7"#, "untold"),
        (r#""authorization":["#, "none"),
        (r#""status":200"#, "untold"),
    ] {
        assert_eq!(told(&line(fields)), expected, "{fields}");
    }
    // Caddy's own shape: the request is an object, and headers are lists.
    let caddy = r#"{"ts":1795000000.5,"request":{"method":"GET","host":"www.google.com","uri":"/m8/feeds/","headers":{"Authorization":["AuthSub token=\"x\""]}},"status":200}"#;
    assert_eq!(told(caddy), "legacy");
    // The log of our own: the scheme alone, and neither method nor target.
    assert_eq!(told(r#"{"at":1795000000,"scheme":"OAuth 1.0"}"#), "legacy");
    assert_eq!(told(r#"{"at":1795000000,"scheme":"OAuth 2.0"}"#), "today");
    assert_eq!(told(r#"{"scheme":"AuthSub"}"#), "undated");
    assert_eq!(told(r#"{"at":1795000000,"scheme":"http"}"#), "none");
}
