//! The emulated YouTube and Calendar feeds.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use bytes::Bytes;
use gdata_auth::{
    Kind,
    authsub::SessionToken,
    gdata::{Entry, Feed},
};
use support::world::{CALENDARS, UPLOADS, World, authorized, get, text};

const UPLOAD: &str = "http://uploads.gdata.youtube.com/feeds/api/users/default/uploads";
const SCOPES: &str = "http://gdata.youtube.com/feeds/ http://uploads.gdata.youtube.com/feeds/";
const VIDEO: &[u8] = include_bytes!("../fixtures/media/test-card.mp4");

fn upload(title: &str) -> http::Request<Bytes> {
    let mut body = format!(
        "--b\r\nContent-Type: application/atom+xml; charset=UTF-8\r\n\r\n\
         <?xml version='1.0'?><entry xmlns='http://www.w3.org/2005/Atom' \
         xmlns:media='http://search.yahoo.com/mrss/'><media:group>\
         <media:title type='plain'>{title}</media:title></media:group></entry>\r\n\
         --b\r\nContent-Type: video/mp4\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(VIDEO);
    body.extend_from_slice(b"\r\n--b--\r\n");
    http::Request::post(UPLOAD)
        .header("content-type", "multipart/related; boundary=\"b\"")
        .header("slug", "test-card.mp4")
        .header("x-gdata-key", "key=AI39si-dev")
        .header("gdata-version", "2")
        .body(Bytes::from(body))
        .unwrap()
}

async fn send(
    world: &World,
    token: &SessionToken,
    request: http::Request<Bytes>,
) -> http::Response<Bytes> {
    world.send(authorized(token, request, &world.stamp())).await
}

#[tokio::test]
async fn an_upload_is_answered_as_in_the_trace_of_2013_and_can_be_read_and_deleted() {
    let world = World::new();
    let session = world.session(&world.link(SCOPES).secure(true)).await;
    let answer = send(&world, &session, upload("Test card")).await;
    assert_eq!(answer.status(), 201, "{}", world.reason());
    assert_eq!(
        world.reason(),
        format!("received {} bytes of video/mp4, test-card.mp4", VIDEO.len())
    );
    let headers = answer.headers();
    assert_eq!(
        headers["content-type"],
        "application/atom+xml; charset=UTF-8; type=entry"
    );
    assert_eq!(headers["gdata-version"], "2.1");
    assert!(headers["etag"].to_str().unwrap().starts_with("W/\""));
    assert_eq!(headers["content-location"], headers["location"]);
    let home = headers["location"].to_str().unwrap().to_owned();
    assert!(
        home.starts_with("http://gdata.youtube.com/feeds/api/users/ann/uploads/"),
        "{home}"
    );
    let entry = Entry::parse(answer.body()).unwrap();
    assert_eq!(entry.title(), Some("Test card"));
    assert_eq!(entry.edit_url(), Some(home.as_str()));

    let list = world.get(&session, UPLOADS).await;
    assert_eq!(Feed::parse(list.body()).unwrap().entries().len(), 3);
    assert_eq!(world.get(&session, &home).await.status(), 200);

    let delete = |match_etag: bool| {
        let mut request = http::Request::delete(&home).header("x-gdata-key", "key=AI39si-dev");
        if match_etag {
            request = request.header("if-match", headers["etag"].clone());
        }
        request.body(Bytes::new()).unwrap()
    };
    let refused = send(&world, &session, delete(true)).await;
    assert_eq!(refused.status(), 412);
    assert_eq!(
        refused.headers()["content-type"],
        "application/vnd.google.gdata.error+xml"
    );
    assert!(
        text(&refused).contains("<code>etagsUnsupported</code>"),
        "{}",
        text(&refused)
    );
    assert_eq!(send(&world, &session, delete(false)).await.status(), 200);
    assert_eq!(world.get(&session, &home).await.status(), 404);
}

#[tokio::test]
async fn delete_by_override_is_a_post_that_is_signed_as_one() {
    let world = World::new();
    let session = world.session(&world.link(SCOPES).secure(true)).await;
    let answer = send(&world, &session, upload("Gone soon")).await;
    let home = answer.headers()["location"].to_str().unwrap().to_owned();
    let request = http::Request::post(&home)
        .header("x-http-method-override", "DELETE")
        // A header that cannot be read cancels no other.
        .header("gdata-version", "\u{fc}")
        .header("x-gdata-key", "key=AI39si-dev")
        .header("content-length", "0")
        .body(Bytes::new())
        .unwrap();
    assert_eq!(send(&world, &session, request).await.status(), 200);
    assert_eq!(world.get(&session, &home).await.status(), 404);
}

#[tokio::test]
async fn writes_need_a_developer_key_that_is_known() {
    let world = World::with(|mut config| {
        config.developer_keys = vec!["AI39si-dev".into()];
        config
    });
    let session = world.session(&world.link(SCOPES)).await;
    let with_key = |key: Option<&str>| {
        let mut request = upload("Test card");
        request.headers_mut().remove("x-gdata-key");
        if let Some(key) = key {
            request
                .headers_mut()
                .insert("x-gdata-key", key.parse().unwrap());
        }
        request
    };
    for (key, status) in [
        (Some("key=AI39si-dev"), 201),
        (Some("key=AI39si-other"), 403),
        (Some("AI39si-dev"), 403),
        (Some("key="), 403),
        (None, 403),
    ] {
        let answer = send(&world, &session, with_key(key)).await;
        assert_eq!(answer.status(), status, "{key:?}: {}", world.reason());
    }
    // Reading needs none.
    assert_eq!(world.get(&session, UPLOADS).await.status(), 200);
}

#[tokio::test]
async fn a_title_that_youtube_refuses_is_named_by_its_place() {
    let world = World::new();
    let session = world.session(&world.link(SCOPES)).await;
    for (title, code) in [
        ("", "required"),
        (&"x".repeat(101), "too_long"),
        ("a &lt;b", "invalid_character"),
    ] {
        let answer = send(&world, &session, upload(title)).await;
        assert_eq!(answer.status(), 400, "{title}");
        let body = text(&answer);
        assert!(body.contains(&format!("<code>{code}</code>")), "{body}");
        assert!(body.contains("media:group/media:title/text()"), "{body}");
        let error = session.explain(UPLOAD, &answer).unwrap();
        assert_eq!(error.kind(), Kind::Refused, "{error}");
    }
}

#[tokio::test]
async fn a_torn_upload_leaves_nothing_behind() {
    let world = World::new();
    let session = world.session(&world.link(SCOPES)).await;
    let whole = upload("Torn");
    let body = whole.body().clone();
    for length in [0, 1, 60, 200, body.len() / 2, body.len() - 6] {
        let (parts, _) = whole.clone().into_parts();
        let torn = http::Request::from_parts(parts, body.slice(..length));
        let answer = send(&world, &session, torn).await;
        assert_eq!(answer.status(), 400, "{length}: {}", world.reason());
    }
    let list = world.get(&session, UPLOADS).await;
    assert_eq!(Feed::parse(list.body()).unwrap().entries().len(), 2);
}

#[tokio::test]
async fn pages_of_a_feed_are_counted_from_one() {
    let world = World::new();
    let session = world.plain_session().await;
    let page = |query: &str| format!("{UPLOADS}?{query}");
    let answer = world
        .get(&session, &page("start-index=2&max-results=1"))
        .await;
    let feed = Feed::parse(answer.body()).unwrap();
    assert_eq!(feed.total_results(), Some(2));
    assert_eq!(feed.start_index(), Some(2));
    assert_eq!(feed.items_per_page(), Some(1));
    assert_eq!(feed.entries().len(), 1);
    for query in [
        "start-index=0",
        "max-results=51",
        "max-results=x",
        "alt=json",
    ] {
        assert_eq!(
            world.get(&session, &page(query)).await.status(),
            400,
            "{query}"
        );
    }
}

#[tokio::test]
async fn a_feed_speaks_the_version_that_was_asked_for() {
    let world = World::new();
    let session = world.plain_session().await;
    let asked = |query: &str, version: Option<&str>| {
        let mut request = http::Request::get(format!("{UPLOADS}{query}"));
        if let Some(version) = version {
            request = request.header("gdata-version", version);
        }
        request.body(Bytes::new()).unwrap()
    };
    let first = "http://a9.com/-/spec/opensearchrss/1.0/";
    let second = "http://a9.com/-/spec/opensearch/1.1/";
    for (query, version, echo, namespace) in [
        ("", None, "1.0", first),
        ("", Some("1"), "1.0", first),
        ("?v=1", None, "1.0", first),
        ("?v=2", None, "2.1", second),
        ("", Some("2"), "2.1", second),
        ("?v=1", Some("2.0"), "2.1", second),
    ] {
        let answer = send(&world, &session, asked(query, version)).await;
        assert_eq!(
            answer.headers()["gdata-version"],
            echo,
            "{query} {version:?}"
        );
        let body = text(&answer);
        assert!(
            body.contains(&format!("'{namespace}'")),
            "{query} {version:?}: {body}"
        );
        assert_eq!(
            Feed::parse(body.as_bytes()).unwrap().total_results(),
            Some(2)
        );
    }
}

#[tokio::test]
async fn an_entry_that_did_not_change_is_not_sent_again() {
    let world = World::new();
    let session = world.plain_session().await;
    let list = world.get(&session, UPLOADS).await;
    let feed = Feed::parse(list.body()).unwrap();
    let home = feed.entries()[0].self_url().unwrap().to_owned();
    let first = world.get(&session, &home).await;
    let again = http::Request::get(&home)
        .header("if-none-match", first.headers()["etag"].clone())
        .body(Bytes::new())
        .unwrap();
    assert_eq!(send(&world, &session, again).await.status(), 304);
}

#[tokio::test]
async fn a_single_video_is_public() {
    let world = World::new();
    let session = world.plain_session().await;
    let list = world.get(&session, UPLOADS).await;
    let feed = Feed::parse(list.body()).unwrap();
    let home = feed.entries()[0].self_url().unwrap().to_owned();
    let id = home.rsplit('/').next().unwrap();
    let answer = world
        .send(get(&format!(
            "http://gdata.youtube.com/feeds/api/videos/{id}"
        )))
        .await;
    assert_eq!(answer.status(), 200);
    assert_eq!(
        Entry::parse(answer.body()).unwrap().title(),
        Some("First light")
    );
}

#[tokio::test]
async fn calendar_sends_a_first_request_to_an_address_with_a_session_id() {
    let world = World::new();
    let session = world
        .session(&world.link("https://www.google.com/calendar/feeds/"))
        .await;
    let answer = world.get(&session, CALENDARS).await;
    assert_eq!(answer.status(), 302);
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    assert!(
        location.starts_with(&format!("{CALENDARS}?gsessionid=")),
        "{location}"
    );
    let cookies: Vec<_> = answer.headers().get_all("set-cookie").iter().collect();
    assert_eq!(cookies.len(), 2);
    let body = text(&answer);
    assert!(
        body.contains(&format!("<A HREF=\"{location}\">here</A>.")),
        "{body}"
    );
    assert_eq!(world.get(&session, &location).await.status(), 200);

    let at_once = World::with(|mut config| {
        config.calendar_redirects = false;
        config
    });
    let session = at_once
        .session(&at_once.link("https://www.google.com/calendar/feeds/"))
        .await;
    assert_eq!(at_once.get(&session, CALENDARS).await.status(), 200);
}
