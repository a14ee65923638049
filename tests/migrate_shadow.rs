//! Both sides asked, and how their answers differ.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use gdata_auth::{
    Transport,
    migrate::dual::{Compare, DualRun, FallBack, Rule, Rules, ShadowReport, Side},
};
use support::{
    tokens::Script,
    world::{UPLOADS, get, text},
};

fn answer(status: u16, kind: &str, body: &str) -> http::Response<Bytes> {
    http::Response::builder()
        .status(status)
        .header("content-type", kind)
        .body(Bytes::from(body.to_owned()))
        .unwrap()
}

fn script(status: u16, kind: &'static str, body: &'static str) -> Script {
    Script::new(move |_| answer(status, kind, body))
}

fn shadow(rule: Rule, compare: Compare) -> (DualRun, Arc<Mutex<Vec<ShadowReport>>>) {
    let reports: Arc<Mutex<Vec<ShadowReport>>> = Arc::default();
    let heard = reports.clone();
    let run = DualRun::new(Rules::new(vec![rule.in_shadow()]).unwrap())
        .with_compare(compare)
        .with_report(move |report| heard.lock().unwrap().push(report.clone()));
    (run, reports)
}

fn shown(
    compare: &Compare,
    new: &http::Response<Bytes>,
    old: &http::Response<Bytes>,
) -> Vec<(String, String, String)> {
    let all = compare.differences(new, old).into_iter();
    all.map(|one| (one.field, one.new, one.old)).collect()
}

fn row(field: &str, new: &str, old: &str) -> (String, String, String) {
    (field.to_owned(), new.to_owned(), old.to_owned())
}

const ATOM: &str = "application/atom+xml";

#[test]
fn xml_differs_by_the_path_of_its_elements() {
    let old = answer(
        200,
        ATOM,
        "<feed xmlns='http://www.w3.org/2005/Atom'><updated>1</updated><entry><title>A</title><link href='x'/></entry><entry><title>B</title></entry></feed>",
    );
    // Another prefix, another order of attributes and another moment say the same.
    let same = answer(
        200,
        ATOM,
        "<a:feed xmlns:a='http://www.w3.org/2005/Atom'>\n <a:updated>2</a:updated><a:entry><a:title>A</a:title><a:link href='x'/></a:entry><a:entry><a:title>B</a:title></a:entry></a:feed>",
    );
    assert_eq!(shown(&Compare::new(), &same, &old), []);
    let new = answer(
        203,
        ATOM,
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>A</title><link href='y'/></entry><entry><title>C</title><id>7</id></entry></feed>",
    );
    assert_eq!(
        shown(&Compare::new(), &new, &old),
        [
            row("status", "203", "200"),
            row("/feed/entry[1]/link@href", "y", "x"),
            row("/feed/entry[2]/title", "C", "B"),
            row("/feed/entry[2]/id", "7", ""),
        ]
    );
    let narrowed = Compare::new()
        .ignoring("/feed/entry[*]/link@href")
        .ignoring("id");
    assert_eq!(shown(&narrowed, &new, &old).len(), 2);
}

#[test]
fn json_differs_by_pointer() {
    let old = answer(
        200,
        "application/json",
        r#"{"etag":"a","items":[{"id":1,"a/b":null,"etag":"x"}],"n":[]}"#,
    );
    let new = answer(
        200,
        "application/json; charset=UTF-8",
        r#"{"etag":"b","items":[{"id":"1","a/b":true,"etag":"y"},{"id":2}],"n":[]}"#,
    );
    assert_eq!(
        shown(&Compare::new().with_headers(&[]), &new, &old),
        [
            row("/items/0/a~1b", "true", "null"),
            row("/items/1/id", "2", "")
        ]
    );
    let hidden = shown(
        &Compare::new().without_values().with_headers(&[]),
        &new,
        &old,
    );
    assert_eq!(
        hidden[0],
        row("/items/0/a~1b", "4 characters", "4 characters")
    );
}

#[test]
fn an_old_feed_is_held_against_new_json_by_pairs() {
    let old = answer(
        200,
        ATOM,
        "<feed><entry><title>A</title></entry><entry><title>B</title></entry></feed>",
    );
    let new = answer(
        200,
        "application/json",
        r#"{"items":[{"snippet":{"title":"A"}},{"snippet":{"title":"X"}},{"snippet":{"title":"C"}}]}"#,
    );
    let compare = Compare::new()
        .pairing("/feed/entry[*]/title", "/items/*/snippet/title")
        .unwrap();
    assert_eq!(
        shown(&compare, &new, &old),
        [
            row("/items/1/snippet/title", "X", "B"),
            row("/items/2/snippet/title", "C", "")
        ]
    );
    assert!(Compare::new().pairing("title", "/title").is_err());
    assert_eq!(
        shown(&Compare::new().with_headers(&[]), &new, &old),
        [row("body", "JSON", "XML")]
    );
    let torn = answer(200, ATOM, "<feed><entry>");
    assert_eq!(shown(&Compare::new(), &torn, &old)[0].0, "body");
}

#[tokio::test]
async fn the_preferred_answer_is_returned_and_the_rest_told() {
    for (side, body) in [(Side::New, "<a>new</a>"), (Side::Old, "<a>old</a>")] {
        let (new, old) = (
            script(200, ATOM, "<a>new</a>"),
            script(200, ATOM, "<a>old</a>"),
        );
        let (run, reports) = shadow(Rule::new(side), Compare::new());
        let client = run.client("ann", new.clone(), old.clone());
        let answer = client
            .send(get(&format!("{UPLOADS}?key=secret")))
            .await
            .unwrap();
        assert_eq!(text(&answer), body);
        assert_eq!((new.sent().len(), old.sent().len()), (1, 1));
        let reports = reports.lock().unwrap();
        assert_eq!((reports.len(), reports[0].returned), (1, side));
        assert_eq!(reports[0].path, "/feeds/api/users/default/uploads");
        assert_eq!(reports[0].differences[0].field, "/a");
        let total = run.counters().snapshot().total();
        assert_eq!(
            (total.same, total.different, total.new + total.old),
            (0, 1, 1)
        );
        // A comparison is no legacy call that anybody depends on.
        assert_eq!(total.legacy_at.is_some(), side == Side::Old);
    }
}

#[tokio::test]
async fn a_writing_call_is_made_once_unless_told_otherwise() {
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        let (new, old) = (script(200, ATOM, "<a/>"), script(200, ATOM, "<a/>"));
        let (run, reports) = shadow(Rule::new(Side::New), Compare::new());
        let request = || {
            http::Request::builder()
                .method(method)
                .uri(UPLOADS)
                .body(Bytes::new())
                .unwrap()
        };
        run.client("ann", new.clone(), old.clone())
            .send(request())
            .await
            .unwrap();
        assert_eq!((new.sent().len(), old.sent().len()), (1, 0), "{method}");
        assert!(reports.lock().unwrap().is_empty());
        let rules = Rules::new(vec![Rule::new(Side::New).in_shadow()]).unwrap();
        let run = DualRun::new(rules).dangerously_shadow_writes();
        run.client("ann", new.clone(), old.clone())
            .send(request())
            .await
            .unwrap();
        assert_eq!((new.sent().len(), old.sent().len()), (2, 1), "{method}");
    }
}

#[tokio::test]
async fn a_refused_new_side_falls_back_to_the_answer_that_is_there() {
    let (new, old) = (script(401, "text/plain", "no"), script(200, ATOM, "<a/>"));
    let (run, reports) = shadow(
        Rule::new(Side::New).falling_back(FallBack::WhenRefused),
        Compare::new(),
    );
    let answer = run
        .client("ann", new.clone(), old.clone())
        .send(get(UPLOADS))
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(
        (new.sent().len(), old.sent().len()),
        (1, 1),
        "the old side is not asked twice"
    );
    assert_eq!(reports.lock().unwrap()[0].returned, Side::Old);
    assert_eq!(run.counters().snapshot().total().fallback, 1);
}

#[tokio::test]
async fn the_successor_is_asked_in_its_own_words() {
    let (new, old) = (
        script(200, "application/json", r#"{"title":"A"}"#),
        script(200, ATOM, "<entry><title>A</title></entry>"),
    );
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = seen.clone();
    let (run, reports) = shadow(
        Rule::new(Side::Old),
        Compare::new().pairing("/entry/title", "/title").unwrap(),
    );
    let client = run.client("ann", new, old).asking_new_by(move |request| {
        kept.lock().unwrap().push(request.uri().to_string());
        get("https://www.googleapis.com/youtube/v3/videos?part=snippet&mine=true")
    });
    client.send(get(UPLOADS)).await.unwrap();
    assert_eq!(*seen.lock().unwrap(), [UPLOADS]);
    assert_eq!(reports.lock().unwrap()[0].differences, []);
    assert_eq!(run.counters().snapshot().total().same, 1);
}
