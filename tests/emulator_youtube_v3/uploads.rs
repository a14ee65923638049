//! Uploads in one request.

use bytes::Bytes;
use gdata_auth::emulator::User;
use serde_json::json;

use crate::{
    support::{
        v3::{ANN, is_channel, read, token, token_of, with_body, without_etags},
        world::{UPLOADS, World, get, text},
    },
    title_in_the_feed,
};

const MULTIPART: &str =
    "/upload/youtube/v3/videos?part=snippet%2Cstatus&alt=json&uploadType=multipart";

/// JSON and media as google-api-python-client writes them: line feeds alone, and a quoted boundary.
fn related(json: &str, content_type: &str, media: &str) -> (&'static str, String) {
    let body = format!(
        "--===============7330845974216740156==\nContent-Type: application/json\nMIME-Version: 1.0\n\n\
         {json}\n--===============7330845974216740156==\nContent-Type: {content_type}\n\
         MIME-Version: 1.0\nContent-Transfer-Encoding: binary\n\n\
         {media}\n--===============7330845974216740156==--"
    );
    let content_type = "multipart/related; boundary=\"===============7330845974216740156==\"";
    (content_type, body)
}

#[tokio::test]
async fn a_multipart_upload_is_a_video_here_and_in_the_feed() {
    let world = World::new();
    let described = r#"{"snippet": {"title": "Tides", "description": "Twice a day.", "categoryId": "22"}, "status": {"privacyStatus": "unlisted"}}"#;
    let (content_type, body) = related(described, "video/mp4", "0123456789");
    let asked = with_body(
        "POST",
        MULTIPART,
        &token(&world, "youtube.upload"),
        content_type,
        body,
    );
    let (status, video) = read(&world.send(asked).await);
    assert_eq!(status, 200);
    assert_eq!(world.reason(), "received 10 bytes of video/mp4");
    let id = video["id"].as_str().unwrap().to_owned();
    let channel = video["snippet"]["channelId"].as_str().unwrap().to_owned();
    assert!(is_channel(&channel), "{channel}");
    let picture = |name: &str| format!("https://i.ytimg.com/vi/{id}/{name}.jpg");
    assert_eq!(
        without_etags(video),
        json!({
            "kind": "youtube#video",
            "id": id,
            "snippet": {
                "publishedAt": "2011-03-13T07:06:40Z",
                "channelId": channel,
                "title": "Tides",
                "description": "Twice a day.",
                "thumbnails": {
                    "default": { "url": picture("default"), "width": 120, "height": 90 },
                    "medium": { "url": picture("mqdefault"), "width": 320, "height": 180 },
                    "high": { "url": picture("hqdefault"), "width": 480, "height": 360 },
                },
                "channelTitle": "Ann Example",
                "categoryId": "22",
                "liveBroadcastContent": "none",
                "localized": { "title": "Tides", "description": "Twice a day." },
            },
            "status": {
                "uploadStatus": "processed",
                "privacyStatus": "unlisted",
                "license": "youtube",
                "embeddable": true,
                "publicStatsViewable": true,
            },
        })
    );
    assert_eq!(title_in_the_feed(&world, &id).await, "Tides");
}

#[tokio::test]
async fn a_video_that_came_by_the_feed_is_found_here() {
    let world = World::new();
    let uploads = "http://uploads.gdata.youtube.com/feeds/api/users/default/uploads";
    let posted = http::Request::post(uploads)
        .header(
            "authorization",
            format!("Bearer {}", token(&world, "youtube")),
        )
        .header("x-gdata-key", "key=AI39")
        .header("content-type", "video/mp4")
        .header("slug", "ebb.mp4")
        .body(Bytes::from_static(b"0123456789"))
        .unwrap();
    assert_eq!(world.send(posted).await.status(), 201);
    let found = world.found("q=ebb.mp4", &token(&world, "youtube")).await;
    assert_eq!(found.len(), 1);
}

#[tokio::test]
async fn a_private_upload_is_in_the_owner_s_feed_alone() {
    let world = World::new();
    let described = r#"{"snippet": {"title": "Tides"}, "status": {"privacyStatus": "private"}}"#;
    let (content_type, body) = related(described, "video/mp4", "0123456789");
    let ann = token(&world, "youtube");
    let asked = with_body("POST", MULTIPART, &ann, content_type, body);
    assert_eq!(world.send(asked).await.status(), 200);
    let ben = token_of(&world, "ben@example.org", "youtube");
    for (token, user, shown) in [(&ann, "default", true), (&ben, "ann", false)] {
        let address = UPLOADS.replace("default", user);
        let mut feed = get(&address);
        let bearer = format!("Bearer {token}").parse().unwrap();
        feed.headers_mut().insert("authorization", bearer);
        let feed = world.send(feed).await;
        assert_eq!(feed.status(), 200);
        assert_eq!(text(&feed).contains("Tides"), shown, "{user}");
    }
}

#[tokio::test]
async fn media_alone_makes_a_video_without_a_name() {
    let world = World::new();
    let path = "/upload/youtube/v3/videos?part=snippet&uploadType=media";
    let asked = with_body(
        "POST",
        path,
        &token(&world, "youtube"),
        "video/mp4",
        "0123456789",
    );
    let (status, video) = read(&world.send(asked).await);
    assert_eq!(status, 200);
    assert_eq!(video["snippet"]["title"], "unknown");
}

#[tokio::test]
async fn the_content_type_tells_where_the_upload_type_is_left_out() {
    let world = World::new();
    let path = "/upload/youtube/v3/videos?part=id,snippet,status";
    let (content_type, body) = related(
        r#"{"snippet":{"title":"Tides"}}"#,
        "video/mp4",
        "0123456789",
    );
    let asked = with_body("POST", path, &token(&world, "youtube"), content_type, body);
    let (status, video) = read(&world.send(asked).await);
    assert_eq!((status, &video["snippet"]["title"]), (200, &json!("Tides")));
}

#[tokio::test]
async fn an_upload_is_refused_for_what_is_wrong_with_it() {
    let world = World::new();
    let token = token(&world, "youtube");
    let long = json!({ "snippet": { "title": "x".repeat(101) } }).to_string();
    for (described, content_type, media, reason) in [
        (
            r#"{"snippet":{"title":""}}"#,
            "video/mp4",
            "0123",
            "invalidTitle",
        ),
        (long.as_str(), "video/mp4", "0123", "invalidTitle"),
        (
            r#"{"snippet":{"description":"<b>"}}"#,
            "video/mp4",
            "0123",
            "invalidDescription",
        ),
        (
            r#"{"status":{"privacyStatus":"secret"}}"#,
            "video/mp4",
            "0123",
            "invalidVideoMetadata",
        ),
        (r#"{"snippet":"#, "video/mp4", "0123", "parseError"),
        ("{}", "text/plain", "0123", "badRequest"),
        ("{}", "video/mp4", "", "mediaBodyRequired"),
    ] {
        let (kind, body) = related(described, content_type, media);
        let (status, refusal) = read(
            &world
                .send(with_body("POST", MULTIPART, &token, kind, body))
                .await,
        );
        assert_eq!(status, 400, "{described}");
        assert_eq!(
            refusal["error"]["errors"][0]["reason"], reason,
            "{described}"
        );
        assert!(!world.reason().is_empty());
    }
}

#[tokio::test]
async fn a_torn_multipart_body_is_a_bad_request() {
    let world = World::new();
    let (kind, body) = related("{}", "video/mp4", "0123456789");
    let torn = body[..body.len() - 10].to_owned();
    let asked = with_body("POST", MULTIPART, &token(&world, "youtube"), kind, torn);
    let (status, refusal) = read(&world.send(asked).await);
    assert_eq!(status, 400);
    assert_eq!(refusal["error"]["errors"][0]["reason"], "badRequest");
}

#[tokio::test]
async fn a_video_without_media_is_refused() {
    let world = World::new();
    let body = json!({ "snippet": { "title": "Tides" } });
    let path = "/youtube/v3/videos?part=snippet";
    let (status, refusal) = world
        .v3_json("POST", path, &token(&world, "youtube"), &body)
        .await;
    assert_eq!(status, 400);
    assert_eq!(refusal["error"]["errors"][0]["reason"], "mediaBodyRequired");
}

#[tokio::test]
async fn an_account_without_a_channel_cannot_upload() {
    let world = World::with(|mut config| {
        config.user = vec![User::new(ANN, "Ann Example").without_channel()];
        config
    });
    let (kind, body) = related("{}", "video/mp4", "0123456789");
    let asked = with_body("POST", MULTIPART, &token(&world, "youtube"), kind, body);
    let (status, refusal) = read(&world.send(asked).await);
    assert_eq!(status, 401);
    assert_eq!(
        refusal["error"]["errors"][0]["reason"],
        "youtubeSignupRequired"
    );
}
