//! Uploads in many requests.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::{
    support::{
        v3::{HOST, read, request, token, token_of, with_body},
        world::{World, text},
    },
    title_in_the_feed,
};

const RESUMABLE: &str = "/upload/youtube/v3/videos?part=snippet&uploadType=resumable";

/// Asks for a session and yields the path of its address.
async fn session(world: &World, token: &str, total: Option<u64>) -> String {
    let body = json!({ "snippet": { "title": "Tides" } }).to_string();
    let mut asked = with_body(
        "POST",
        RESUMABLE,
        token,
        "application/json; charset=UTF-8",
        body,
    );
    let headers = asked.headers_mut();
    headers.insert("x-upload-content-type", "video/mp4".parse().unwrap());
    if let Some(total) = total {
        headers.insert("x-upload-content-length", total.into());
    }
    let answer = world.send(asked).await;
    assert_eq!(answer.status(), 200, "{}", text(&answer));
    assert!(answer.body().is_empty());
    let location = answer.headers()["location"].to_str().unwrap();
    location.strip_prefix(HOST).unwrap().to_owned()
}

async fn put(
    world: &World,
    path: &str,
    token: &str,
    range: &str,
    bytes: &'static str,
) -> http::Response<Bytes> {
    let mut chunk = with_body("PUT", path, token, "video/mp4", bytes);
    if !range.is_empty() {
        chunk
            .headers_mut()
            .insert("content-range", range.parse().unwrap());
    }
    world.send(chunk).await
}

/// The status of an answer, and its `Range`.
fn arrived(answer: &http::Response<Bytes>) -> (u16, Option<&str>) {
    let range = answer.headers().get("range");
    (
        answer.status().as_u16(),
        range.map(|range| range.to_str().unwrap()),
    )
}

#[tokio::test]
async fn an_upload_costs_1600_units_and_its_chunks_none() {
    let world = World::with(|mut config| {
        config.youtube_quota = Some(1_600);
        config
    });
    let token = token(&world, "youtube");
    let path = session(&world, &token, Some(10)).await;
    assert_eq!(
        put(&world, &path, &token, "bytes 0-9/10", "0123456789")
            .await
            .status(),
        200
    );
    let (status, refusal) = read(&world.send(request("POST", RESUMABLE, &token)).await);
    assert_eq!(status, 403);
    assert_eq!(refusal["error"]["errors"][0]["reason"], "quotaExceeded");
}

#[tokio::test]
async fn a_resumable_upload_goes_chunk_by_chunk() {
    let world = World::new();
    let token = token(&world, "youtube.upload");
    let path = session(&world, &token, Some(10)).await;
    assert!(
        path.starts_with("/upload/youtube/v3/videos?part=snippet&uploadType=resumable&upload_id="),
        "{path}"
    );
    let answer = put(&world, &path, &token, "bytes */10", "").await;
    assert_eq!(arrived(&answer), (308, None));
    let answer = put(&world, &path, &token, "bytes 0-3/10", "0123").await;
    assert_eq!(arrived(&answer), (308, Some("bytes=0-3")));
    assert!(!answer.headers().contains_key("location"));
    let answer = put(&world, &path, &token, "bytes */10", "").await;
    assert_eq!(arrived(&answer), (308, Some("bytes=0-3")));
    let answer = put(&world, &path, &token, "bytes 4-9/10", "456789").await;
    let (status, video) = read(&answer);
    assert_eq!((status, &video["snippet"]["title"]), (200, &json!("Tides")));
    assert_eq!(
        world.reason(),
        // printf 0123456789 | sha1sum
        "received 10 bytes of video/mp4, sha1 87acec17cd9dcd20a716cc2cf67417b71c8a7016"
    );
    assert_eq!(
        title_in_the_feed(&world, video["id"].as_str().unwrap()).await,
        "Tides"
    );
    let (status, again) = read(&put(&world, &path, &token, "bytes */10", "").await);
    assert_eq!((status, again), (200, video));
}

#[tokio::test]
async fn all_bytes_at_once_need_no_content_range() {
    let world = World::new();
    let token = token(&world, "youtube");
    for total in [Some(10), None] {
        let path = session(&world, &token, total).await;
        let (status, video) = read(&put(&world, &path, &token, "", "0123456789").await);
        assert_eq!((status, &video["kind"]), (200, &json!("youtube#video")));
    }
}

#[tokio::test]
async fn the_length_may_come_with_the_last_chunk() {
    let world = World::new();
    let token = token(&world, "youtube");
    let path = session(&world, &token, None).await;
    let answer = put(&world, &path, &token, "bytes 0-3/*", "0123").await;
    assert_eq!(arrived(&answer), (308, Some("bytes=0-3")));
    let answer = put(&world, &path, &token, "bytes */*", "").await;
    assert_eq!(arrived(&answer), (308, Some("bytes=0-3")));
    let answer = put(&world, &path, &token, "bytes */3", "").await;
    assert_eq!(answer.status(), 400);
    let answer = put(&world, &path, &token, "bytes 4-9/10", "456789").await;
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn the_address_of_a_session_authorises_and_a_foreign_token_does_not() {
    let world = World::new();
    let path = session(&world, &token(&world, "youtube"), Some(10)).await;
    let ben = token_of(&world, "ben@example.org", "youtube");
    let (status, refusal) = read(&put(&world, &path, &ben, "bytes 0-3/10", "0123").await);
    assert_eq!(
        (status, &refusal["error"]["errors"][0]["reason"]),
        (403, &json!("forbidden"))
    );
    let answer = put(&world, &path, "ya29.unknown", "bytes 0-3/10", "0123").await;
    assert_eq!(answer.status(), 401);
    let answer = put(&world, &path, "", "bytes 0-3/10", "0123").await;
    assert_eq!(arrived(&answer), (308, Some("bytes=0-3")));
}

#[tokio::test]
async fn an_upload_breaks_off_once_and_goes_on_from_there() {
    let world = World::with(|mut config| {
        config.break_uploads_after_bytes = Some(6);
        config
    });
    let token = token(&world, "youtube");
    let path = session(&world, &token, Some(10)).await;
    let (status, refusal) = read(&put(&world, &path, &token, "bytes 0-9/10", "0123456789").await);
    assert_eq!(status, 503);
    assert_eq!(
        refusal,
        json!({ "error": {
            "code": 503,
            "message": "Backend Error",
            "errors": [{
                "message": "Backend Error",
                "domain": "global",
                "reason": "backendError",
            }],
        } })
    );
    let answer = put(&world, &path, &token, "bytes */10", "").await;
    assert_eq!(arrived(&answer), (308, Some("bytes=0-5")));
    let answer = put(&world, &path, &token, "bytes 6-9/10", "6789").await;
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn a_chunk_is_refused_for_what_is_wrong_with_it() {
    let world = World::new();
    let token = token(&world, "youtube");
    let path = session(&world, &token, Some(10)).await;
    for (range, status) in [
        ("bytes 0-3/11", 400),
        ("bytes 0-4/10", 400),
        ("bytes 3-0/10", 400),
        ("lines 0-3/10", 400),
        ("", 400),
    ] {
        let answer = put(&world, &path, &token, range, "0123").await;
        assert_eq!(answer.status(), status, "{range}");
    }
    // Behind a gap: nothing is taken.
    let answer = put(&world, &path, &token, "bytes 4-7/10", "4567").await;
    assert_eq!(arrived(&answer), (308, None));
}

#[tokio::test]
async fn a_session_that_is_unknown_or_over_is_not_found() {
    let world = World::with(|mut config| {
        config.upload_session_seconds = 60;
        config
    });
    let token = token(&world, "youtube");
    let unknown = "/upload/youtube/v3/videos?uploadType=resumable&upload_id=none";
    assert_eq!(
        put(&world, unknown, &token, "bytes */10", "")
            .await
            .status(),
        404
    );
    let path = session(&world, &token, Some(10)).await;
    world.pass(60);
    assert_eq!(
        put(&world, &path, &token, "bytes */10", "").await.status(),
        404
    );
    assert_eq!(world.reason(), "the session has expired");
}

#[tokio::test]
async fn the_address_of_old_discovery_documents_makes_sessions_too() {
    let world = World::new();
    let token = token(&world, "youtube");
    let path = "/resumable/upload/youtube/v3/videos?part=snippet";
    let answer = world.send(request("POST", path, &token)).await;
    assert_eq!(answer.status(), 200);
    let location = answer.headers()["location"].to_str().unwrap();
    let path = location.strip_prefix(HOST).unwrap().to_owned();
    assert!(path.starts_with("/resumable/upload/youtube/v3/videos?part=snippet&upload_id="));
    let (status, video) = read(&put(&world, &path, &token, "bytes 0-3/4", "0123").await);
    assert_eq!((status, &video["kind"]), (200, &json!("youtube#video")));
}

#[tokio::test]
async fn a_session_s_address_repeats_no_credential() {
    let world = World::new();
    let path = format!(
        "{RESUMABLE}&key=AIzaCANARY&access_token={}",
        token(&world, "youtube")
    );
    let answer = world
        .send(with_body("POST", &path, "", "application/json", "{}"))
        .await;
    assert_eq!(answer.status(), 200);
    let location = answer.headers()["location"].to_str().unwrap();
    assert!(
        !location.contains("CANARY") && !location.contains("ya29."),
        "{location}"
    );
}

#[tokio::test]
async fn an_upload_needs_the_part_parameter() {
    let world = World::new();
    let path = "/upload/youtube/v3/videos?uploadType=resumable";
    let (status, refusal): (u16, Value) = world.v3("POST", path, &token(&world, "youtube")).await;
    assert_eq!(status, 400);
    assert_eq!(refusal["error"]["message"], "Required parameter: part");
}
