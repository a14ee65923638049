//! Feeds over many pages: the links lead, and neither in circles nor elsewhere.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    collections::VecDeque,
    future::ready,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use gdata_auth::{
    Kind, Transport,
    authsub::SessionToken,
    client::AuthorizedClient,
    gdata::{Feed, Paging, atom},
    transport::{Mishap, TransportError},
};

const FEED: &str = "http://gdata.youtube.com/feeds/api/users/default/uploads";

fn page(next: Option<&str>) -> Feed<'static> {
    let feed = Feed::new().with(atom::title("page"));
    match next {
        Some(next) => feed.with(atom::link("next", "application/atom+xml", next.to_owned())),
        None => feed,
    }
}

fn address(paging: &Paging) -> Option<String> {
    paging.address().map(ToString::to_string)
}

#[test]
fn sets_the_parameters_of_the_first_page_and_leaves_the_others() {
    for (start, expected) in [
        (
            FEED.to_owned(),
            format!("{FEED}?start-index=3&max-results=2"),
        ),
        (
            format!("{FEED}?max-results=50&v=2&q=a%20b+c"),
            format!("{FEED}?v=2&q=a%20b+c&start-index=3&max-results=2"),
        ),
    ] {
        let paging = Paging::new(&start)
            .unwrap()
            .with_start_index(3)
            .and_then(|paging| paging.with_max_results(2))
            .unwrap();
        assert_eq!(address(&paging), Some(expected));
    }
    assert!(Paging::new(FEED).unwrap().with_start_index(0).is_err());
    assert!(Paging::new(FEED).unwrap().with_max_results(0).is_err());
    assert_eq!(Paging::new("/feeds").unwrap_err().kind(), Kind::Input);
}

#[test]
fn goes_where_the_link_leads_and_no_further() {
    for (link, expected) in [
        ("?start-index=26", Ok(format!("{FEED}?start-index=26"))),
        (
            "/feeds/b?q='x'",
            Ok("http://gdata.youtube.com/feeds/b?q=%27x%27".to_owned()),
        ),
        (
            "http://gdata.youtube.com/feeds/c?q='x'",
            Ok("http://gdata.youtube.com/feeds/c?q='x'".to_owned()),
        ),
        (
            "https://gdata.youtube.com/feeds/d",
            Ok("https://gdata.youtube.com/feeds/d".to_owned()),
        ),
        ("http://evil.test/", Err(Kind::Reply)),
        ("//evil.test/", Err(Kind::Reply)),
        ("https://gdata.youtube.com:8443/", Err(Kind::Reply)),
        ("http://gdata.youtube.com@evil.test/", Err(Kind::Reply)),
        ("javascript:alert(1)", Err(Kind::Reply)),
        ("http://", Err(Kind::Reply)),
        (FEED, Err(Kind::Reply)),
    ] {
        let mut paging = Paging::new(FEED).unwrap();
        let advanced = paging.advance(&page(Some(link)));
        let found = advanced
            .map(|()| address(&paging).unwrap())
            .map_err(|error| error.kind());
        assert_eq!(found, expected, "{link}");
        assert_eq!(paging.address().is_none(), expected.is_err());
    }
    // Never back from https to http.
    let mut paging = Paging::new("https://gdata.youtube.com/a").unwrap();
    assert!(
        paging
            .advance(&page(Some("http://gdata.youtube.com/b")))
            .is_err()
    );
}

#[test]
fn refuses_loops_and_endless_feeds() {
    let mut paging = Paging::new(FEED).unwrap();
    paging.advance(&page(Some("?start-index=2"))).unwrap();
    paging.advance(&page(Some("?start-index=3"))).unwrap();
    let error = paging.advance(&page(Some("?start-index=2"))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "next: expected a page that was not read yet, got one that was"
    );
    assert_eq!(paging.address(), None);
    paging.advance(&page(Some("?start-index=4"))).unwrap();
    assert_eq!(paging.address(), None, "the end is the end");

    let mut paging = Paging::new(FEED).unwrap().with_max_pages(3);
    let ended = (2..9).find_map(|at| {
        paging
            .advance(&page(Some(&format!("?start-index={at}"))))
            .err()
    });
    assert_eq!(
        ended.unwrap().to_string(),
        "next: expected at most 3 pages, got more"
    );
}

/// Answers in order, and keeps the addresses.
#[derive(Clone)]
struct Script {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

type Answer = Result<http::Response<Bytes>, TransportError>;

impl Script {
    fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self {
            answers: Arc::new(Mutex::new(answers.into_iter().collect())),
            asked: Arc::default(),
        }
    }
}

impl Transport for Script {
    fn send(&self, request: http::Request<Bytes>) -> futures_core::future::BoxFuture<'_, Answer> {
        assert_eq!(request.headers()["authorization"], "AuthSub token=\"T\"");
        let address = request.uri().to_string();
        self.asked.lock().unwrap().push(address);
        let answer = self.answers.lock().unwrap().pop_front();
        Box::pin(ready(answer.unwrap()))
    }
}

fn answer(next: Option<&str>) -> Answer {
    let body = Bytes::from(page(next).to_xml().unwrap());
    Ok(http::Response::new(body))
}

#[tokio::test]
async fn reads_page_after_page_and_asks_again_after_a_break() {
    let script = Script::new([
        answer(Some("?start-index=2")),
        Err(TransportError::new(Mishap::Torn, "the line broke")),
        answer(Some("?start-index=3")),
        answer(None),
    ]);
    let client = AuthorizedClient::new(script.clone(), SessionToken::new("T").unwrap());
    let mut pages = client.pages(Paging::new(FEED).unwrap());
    assert_eq!(
        pages.next_page().await.unwrap().unwrap().title(),
        Some("page")
    );
    assert_eq!(pages.next_page().await.unwrap_err().kind(), Kind::Transport);
    assert!(pages.next_page().await.unwrap().is_some());
    assert!(pages.next_page().await.unwrap().is_some());
    assert!(pages.next_page().await.unwrap().is_none());
    assert!(pages.next_page().await.unwrap().is_none());
    let second = format!("{FEED}?start-index=2");
    assert_eq!(
        *script.asked.lock().unwrap(),
        [FEED, &second, &second, &format!("{FEED}?start-index=3")]
    );
}

#[tokio::test]
async fn the_last_good_page_is_given_before_its_broken_link_is_told() {
    let script = Script::new([answer(Some("https://evil.test/"))]);
    let client = AuthorizedClient::new(script.clone(), SessionToken::new("T").unwrap());
    let mut pages = client.pages(Paging::new(FEED).unwrap());
    assert!(pages.next_page().await.unwrap().is_some());
    assert_eq!(pages.next_page().await.unwrap_err().kind(), Kind::Reply);
    assert!(pages.next_page().await.unwrap().is_none());
    assert_eq!(script.asked.lock().unwrap().len(), 1);
}
