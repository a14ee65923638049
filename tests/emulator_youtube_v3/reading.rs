//! Searches, lists of videos, channels; the eras; the requests of Python's client.

use gdata_auth::emulator::{Era, User};
use serde_json::{Value, json};

use crate::{
    own_videos,
    support::{
        v3::{ANN, STORY, is_channel, token, token_of, without_etags},
        world::{UPLOADS, World, get, text},
    },
};

#[tokio::test]
async fn a_search_needs_no_more_than_an_api_key() {
    let world = World::new();
    let path = "/youtube/v3/search?part=snippet&q=video+to+LIKE&type=video&key=AIzaKEY&alt=json";
    let (status, list) = world.v3("GET", path, "").await;
    assert_eq!(status, 200);
    let channel = list["items"][0]["snippet"]["channelId"].as_str().unwrap();
    assert!(is_channel(channel), "{channel}");
    assert_eq!(
        without_etags(list.clone()),
        json!({
            "kind": "youtube#searchListResponse",
            "regionCode": "US",
            "pageInfo": { "totalResults": 1, "resultsPerPage": 5 },
            "items": [{
                "kind": "youtube#searchResult",
                "id": { "kind": "youtube#video", "videoId": "YbJOTdZBX1g" },
                "snippet": {
                    "publishedAt": "2010-06-03T12:00:00Z",
                    "channelId": channel,
                    "title": "A video to like",
                    "description": "A sample video of nobody here.",
                    "thumbnails": {
                        "default": {
                            "url": "https://i.ytimg.com/vi/YbJOTdZBX1g/default.jpg",
                            "width": 120,
                            "height": 90,
                        },
                        "medium": {
                            "url": "https://i.ytimg.com/vi/YbJOTdZBX1g/mqdefault.jpg",
                            "width": 320,
                            "height": 180,
                        },
                        "high": {
                            "url": "https://i.ytimg.com/vi/YbJOTdZBX1g/hqdefault.jpg",
                            "width": 480,
                            "height": 360,
                        },
                    },
                    "channelTitle": "tutorial",
                    "liveBroadcastContent": "none",
                },
            }],
        })
    );
}

#[tokio::test]
async fn a_search_is_answered_with_etags() {
    let world = World::new();
    let path = "/youtube/v3/search?part=id&key=AIzaKEY";
    let (_, list) = world.v3("GET", path, "").await;
    assert!(!list["etag"].as_str().unwrap().is_empty());
    let etags: Vec<&str> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["etag"].as_str().unwrap())
        .collect();
    assert_eq!(etags.len(), 5);
    assert_ne!(etags[0], etags[1]);
}

#[tokio::test]
async fn an_api_key_comes_in_a_header_too() {
    let world = World::new();
    let request = http::Request::get("https://youtube.googleapis.com/youtube/v3/search?part=id")
        .header("x-goog-api-key", "AIzaKEY")
        .header("content-length", "0")
        .body(bytes::Bytes::new())
        .unwrap();
    assert_eq!(world.send(request).await.status(), 200);
}

#[tokio::test]
async fn the_api_is_played_on_the_loopback_address_too() {
    let world = World::new();
    let path = "http://127.0.0.1:8080/youtube/v3/search?part=id&key=AIzaKEY";
    assert_eq!(world.send(get(path)).await.status(), 200);
    let elsewhere = "http://gdata.youtube.com/youtube/v3/search?part=id&key=AIzaKEY";
    assert_eq!(world.send(get(elsewhere)).await.status(), 404);
}

#[tokio::test]
async fn a_search_takes_all_words_none_of_the_unwanted_and_alternatives() {
    let world = World::new();
    let token = token(&world, "youtube.readonly");
    for (q, count) in [
        ("harbour", 2),
        ("HARBOUR+ann", 1),
        ("harbour+-ann", 1),
        ("harbour%7Clike", 3),
        ("nowhere", 0),
    ] {
        let found = world.found(&format!("q={q}"), &token).await;
        assert_eq!(found.len(), count, "{q}");
    }
}

#[tokio::test]
async fn a_search_finds_channels_unless_only_videos_are_asked_for() {
    let world = World::new();
    let path = "/youtube/v3/search?part=id&q=example&key=K";
    let (_, list) = world.v3("GET", path, "").await;
    let kinds: Vec<&Value> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["id"]["kind"])
        .collect();
    assert_eq!(
        kinds,
        ["youtube#video"; 4]
            .iter()
            .chain(&["youtube#channel"; 1])
            .collect::<Vec<_>>()
    );
    assert_eq!(list["pageInfo"]["totalResults"], 6);
}

#[tokio::test]
async fn a_list_is_read_page_by_page_to_its_end_and_back() {
    let world = World::new();
    let token = token(&world, "youtube.readonly");
    let page = async |more: &str| {
        let path = format!("/youtube/v3/search?part=id&type=video&maxResults=2{more}");
        let (status, list) = world.v3("GET", &path, &token).await;
        assert_eq!(status, 200);
        let count = list["items"].as_array().unwrap().len();
        let token = |name: &str| list[name].as_str().map(str::to_owned);
        (
            count,
            token("nextPageToken"),
            token("prevPageToken"),
            list["items"].clone(),
        )
    };
    let (count, next, prev, first) = page("").await;
    assert_eq!(
        (count, next.as_deref(), prev.as_deref()),
        (2, Some("CAIQAA"), None)
    );
    let (count, next, prev, _) = page("&pageToken=CAIQAA").await;
    assert_eq!(
        (count, next.as_deref(), prev.as_deref()),
        (2, Some("CAQQAA"), Some("CAIQAQ"))
    );
    let (count, next, prev, _) = page("&pageToken=CAQQAA").await;
    assert_eq!(
        (count, next.as_deref(), prev.as_deref()),
        (1, None, Some("CAQQAQ"))
    );
    let (_, _, _, again) = page("&pageToken=CAIQAQ").await;
    assert_eq!(again, first);
}

#[tokio::test]
async fn one_s_own_videos_are_found_with_a_token_only() {
    let world = World::new();
    assert_eq!(own_videos(&world).await.len(), 2);
    let path = "/youtube/v3/search?part=id&forMine=true&type=video&key=K";
    let (status, refusal) = world.v3("GET", path, "").await;
    assert_eq!(status, 401);
    assert_eq!(
        refusal,
        json!({ "error": {
            "code": 401,
            "message": "The request uses the <code>forMine</code> parameter but is not properly authorized.",
            "errors": [{
                "message": "The request uses the <code>forMine</code> parameter but is not properly authorized.",
                "domain": "youtube.parameter",
                "reason": "authorizationRequired",
                "locationType": "parameter",
                "location": "forMine",
            }],
        } })
    );
}

#[tokio::test]
async fn videos_are_listed_by_their_ids_in_the_parts_that_are_asked_for() {
    let world = World::new();
    let path = format!("/youtube/v3/videos?part=status,statistics&id={STORY},nothing&key=K");
    let (status, list) = world.v3("GET", &path, "").await;
    assert_eq!(status, 200);
    assert_eq!(
        without_etags(list),
        json!({
            "kind": "youtube#videoListResponse",
            "pageInfo": { "totalResults": 1, "resultsPerPage": 1 },
            "items": [{
                "kind": "youtube#video",
                "id": "YbJOTdZBX1g",
                "status": {
                    "uploadStatus": "processed",
                    "privacyStatus": "public",
                    "license": "youtube",
                    "embeddable": true,
                    "publicStatsViewable": true,
                },
                "statistics": {
                    "viewCount": "0",
                    "likeCount": "0",
                    "dislikeCount": "0",
                    "favoriteCount": "0",
                    "commentCount": "0",
                },
            }],
        })
    );
}

#[tokio::test]
async fn a_list_of_videos_needs_a_filter() {
    let world = World::new();
    let (status, refusal) = world
        .v3("GET", "/youtube/v3/videos?part=id&key=K", "")
        .await;
    assert_eq!(status, 400);
    assert_eq!(
        refusal["error"]["errors"],
        json!([{
            "message": "No filter selected. Expected one of: chart, id, myRating",
            "domain": "youtube.parameter",
            "reason": "missingRequiredParameter",
            "locationType": "other",
            "location": "parameters.",
        }])
    );
}

#[tokio::test]
async fn one_s_own_channel_is_told() {
    let world = World::new();
    let path = "/youtube/v3/channels?part=snippet%2CcontentDetails&mine=true&alt=json";
    let (status, list) = world
        .v3("GET", path, &token(&world, "youtube.readonly"))
        .await;
    assert_eq!(status, 200);
    let id = list["items"][0]["id"].as_str().unwrap();
    assert!(is_channel(id), "{id}");
    assert_eq!(
        without_etags(list.clone()),
        json!({
            "kind": "youtube#channelListResponse",
            "pageInfo": { "totalResults": 1, "resultsPerPage": 5 },
            "items": [{
                "kind": "youtube#channel",
                "id": id,
                "snippet": {
                    "title": "Ann Example",
                    "description": "",
                    "publishedAt": "2010-06-01T12:00:00Z",
                    "thumbnails": {},
                    "localized": { "title": "Ann Example", "description": "" },
                },
                "contentDetails": {
                    "relatedPlaylists": {
                        "likes": id.replacen("UC", "LL", 1),
                        "uploads": id.replacen("UC", "UU", 1),
                    },
                },
            }],
        })
    );
}

#[tokio::test]
async fn a_channel_is_found_by_its_id() {
    let world = World::new();
    let token = token(&world, "youtube");
    let (_, own) = world
        .v3("GET", "/youtube/v3/channels?part=id&mine=true", &token)
        .await;
    let id = own["items"][0]["id"].as_str().unwrap();
    let path = format!("/youtube/v3/channels?part=statistics&id={id}&key=K");
    let (_, list) = world.v3("GET", &path, "").await;
    assert_eq!(list["items"][0]["statistics"]["videoCount"], "2");
}

#[tokio::test]
async fn without_a_channel_there_is_nothing_of_one_s_own() {
    let world = World::with(|mut config| {
        config.user = vec![User::new(ANN, "Ann Example").without_channel()];
        config
    });
    let token = token(&world, "youtube");
    let rate = format!("/youtube/v3/videos/rate?id={STORY}&rating=like");
    for (method, path) in [
        ("GET", "/youtube/v3/channels?part=id&mine=true"),
        ("GET", "/youtube/v3/search?part=id&forMine=true"),
        ("POST", &rate),
    ] {
        let (status, refusal) = world.v3(method, path, &token).await;
        assert_eq!(status, 401, "{path}");
        assert_eq!(
            refusal,
            json!({ "error": {
                "code": 401,
                "message": "Unauthorized",
                "errors": [{
                    "message": "Unauthorized",
                    "domain": "youtube.header",
                    "reason": "youtubeSignupRequired",
                    "locationType": "header",
                    "location": "Authorization",
                }],
            } })
        );
        assert_eq!(world.reason(), "this account has no channel");
    }
}

#[tokio::test]
async fn a_service_account_has_no_channel() {
    let world = World::new();
    let robot = "robot@project.iam.gserviceaccount.com";
    let token = token_of(&world, robot, "youtube");
    let path = "/youtube/v3/channels?part=id&mine=true";
    let (status, refusal) = world.v3("GET", path, &token).await;
    assert_eq!(status, 401);
    assert_eq!(
        refusal["error"]["errors"][0]["reason"],
        "youtubeSignupRequired"
    );
    assert_eq!(
        world.reason(),
        "no user has this address: a service account has no channel, and cannot have one"
    );
}

#[tokio::test]
async fn there_is_no_such_api_in_2009_and_there_is_one_after_the_shutdown() {
    for (era, status) in [
        (Era::Y2009, 404),
        (Era::Y2013, 200),
        (Era::AfterShutdown, 200),
    ] {
        let world = World::with(|config| config.in_era(era));
        let path = "https://www.googleapis.com/youtube/v3/search?part=id&key=K";
        assert_eq!(world.send(get(path)).await.status(), status, "{era:?}");
    }
}

#[tokio::test]
async fn the_same_token_opens_the_old_feed() {
    let world = World::new();
    for (scope, method, status) in [
        ("youtube.readonly", "GET", 200),
        ("youtube", "GET", 200),
        ("calendar", "GET", 401),
    ] {
        let request = http::Request::builder()
            .method(method)
            .uri(UPLOADS)
            .header("authorization", format!("Bearer {}", token(&world, scope)))
            .body(bytes::Bytes::new())
            .unwrap();
        assert_eq!(world.send(request).await.status(), status, "{scope}");
    }
}

/// Requests as google-api-python-client 2.202.0 sent them to a loopback address.
#[tokio::test]
async fn the_requests_of_python_s_client_are_answered() {
    let world = World::new();
    let authorization = format!("Bearer {}", token(&world, "youtube"));
    for (method, target, authorized, status) in [
        (
            "POST",
            "/youtube/v3/videos/rate?rating=like&id=YbJOTdZBX1g",
            true,
            204,
        ),
        (
            "GET",
            "/youtube/v3/videos/getRating?id=YbJOTdZBX1g&alt=json",
            true,
            200,
        ),
        (
            "GET",
            "/youtube/v3/channels?part=snippet%2CcontentDetails&mine=true&alt=json",
            true,
            200,
        ),
        (
            "GET",
            "/youtube/v3/search?part=snippet&q=a+b%26c&type=video&key=AIzaKEY&alt=json",
            false,
            200,
        ),
    ] {
        let mut request = http::Request::builder()
            .method(method)
            .uri(target)
            .header("host", "127.0.0.1:43187")
            .header("accept", "application/json")
            .header("accept-encoding", "gzip, deflate")
            .header("user-agent", "(gzip)")
            .header(
                "x-goog-api-client",
                "gdcl/2.202.0 gl-python/3.11.7 cred-type/u",
            )
            .header("content-length", "0");
        if authorized {
            request = request.header("authorization", &authorization);
        }
        let answer = world.send(request.body(bytes::Bytes::new()).unwrap()).await;
        assert_eq!(answer.status(), status, "{target}: {}", text(&answer));
    }
}
