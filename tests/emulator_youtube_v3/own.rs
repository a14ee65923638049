//! What a user rates, makes, changes and deletes.

use serde_json::{Value, json};

use crate::{
    own_videos,
    support::{
        v3::{STORY, token, token_of},
        world::{World, get, text},
    },
};

const BEN: &str = "ben@example.org";

#[tokio::test]
async fn a_like_is_an_empty_answer_and_is_remembered() {
    let world = World::new();
    let token = token(&world, "youtube");
    let rate = format!("/youtube/v3/videos/rate?rating=like&id={STORY}");
    let (status, body) = world.v3("POST", &rate, &token).await;
    assert_eq!((status, body), (204, Value::Null));

    let path = format!(
        "/youtube/v3/videos/getRating?id={STORY},{}&alt=json",
        own_videos(&world).await[0]
    );
    let (status, ratings) = world.v3("GET", &path, &token).await;
    assert_eq!(status, 200);
    assert_eq!(ratings["kind"], "youtube#videoGetRatingResponse");
    assert_eq!(
        ratings["items"][0],
        json!({ "videoId": "YbJOTdZBX1g", "rating": "like" })
    );
    assert_eq!(ratings["items"][1]["rating"], "none");

    let (_, liked) = world
        .v3(
            "GET",
            "/youtube/v3/videos?part=statistics&myRating=like",
            &token,
        )
        .await;
    assert_eq!(liked["items"][0]["id"], "YbJOTdZBX1g");
    assert_eq!(liked["items"][0]["statistics"]["likeCount"], "1");
    let (_, popular) = world
        .v3(
            "GET",
            "/youtube/v3/videos?part=id&chart=mostPopular&key=K",
            "",
        )
        .await;
    assert_eq!(popular["items"][0]["id"], "YbJOTdZBX1g");
}

#[tokio::test]
async fn a_rating_is_one_person_s_and_can_be_taken_back() {
    let world = World::new();
    let ann = token(&world, "youtube.force-ssl");
    let ben = token_of(&world, BEN, "youtube");
    let ask = format!("/youtube/v3/videos/getRating?id={STORY}");
    for rating in ["like", "dislike", "none"] {
        let rate = format!("/youtube/v3/videos/rate?id={STORY}&rating={rating}");
        assert_eq!(world.v3("POST", &rate, &ann).await.0, 204);
        let (_, own) = world.v3("GET", &ask, &ann).await;
        assert_eq!(own["items"][0]["rating"], rating);
        let (_, other) = world.v3("GET", &ask, &ben).await;
        assert_eq!(other["items"][0]["rating"], "none");
    }
}

#[tokio::test]
async fn a_video_that_is_not_there_cannot_be_rated() {
    let world = World::new();
    let token = token(&world, "youtube");
    let (status, refusal) = world
        .v3(
            "POST",
            "/youtube/v3/videos/rate?id=nothing&rating=like",
            &token,
        )
        .await;
    assert_eq!(status, 404);
    let message = "The video that you are trying to rate cannot be found. Check the value of the \
                   request's <code>id</code> parameter to ensure that it is correct.";
    assert_eq!(
        refusal,
        json!({ "error": {
            "code": 404,
            "message": message,
            "errors": [{
                "message": message,
                "domain": "youtube.video",
                "reason": "videoNotFound",
                "locationType": "parameter",
                "location": "id",
            }],
        } })
    );
    assert_eq!(
        world.reason(),
        "no such video is here, or it is somebody else's private one"
    );
}

#[tokio::test]
async fn another_rating_than_the_three_is_refused() {
    let world = World::new();
    let path = format!("/youtube/v3/videos/rate?id={STORY}&rating=love");
    let (status, refusal) = world.v3("POST", &path, &token(&world, "youtube")).await;
    assert_eq!(status, 400);
    assert_eq!(refusal["error"]["errors"][0]["reason"], "invalidRating");
    assert_eq!(world.reason(), "rating: expected like, dislike or none");
}

#[tokio::test]
async fn a_playlist_is_made_and_listed() {
    let world = World::new();
    let token = token(&world, "youtube");
    let body =
        json!({ "snippet": { "title": "Harbours" }, "status": { "privacyStatus": "private" } });
    let path = "/youtube/v3/playlists?part=snippet,status";
    let (status, made) = world.v3_json("POST", path, &token, &body).await;
    assert_eq!(status, 200);
    assert_eq!(made["kind"], "youtube#playlist");
    assert_eq!(made["snippet"]["title"], "Harbours");
    assert_eq!(made["status"]["privacyStatus"], "private");

    let (_, mine) = world
        .v3(
            "GET",
            "/youtube/v3/playlists?part=snippet&mine=true",
            &token,
        )
        .await;
    assert_eq!(mine["items"][0]["id"], made["id"]);
    let channel = made["snippet"]["channelId"].as_str().unwrap();
    let path = format!("/youtube/v3/playlists?part=snippet&channelId={channel}&key=K");
    let (_, public) = world.v3("GET", &path, "").await;
    assert_eq!(public["items"], json!([]));
}

#[tokio::test]
async fn a_playlist_needs_a_title() {
    let world = World::new();
    let path = "/youtube/v3/playlists?part=snippet";
    let body = json!({ "snippet": { "title": "" } });
    let (status, refusal) = world
        .v3_json("POST", path, &token(&world, "youtube"), &body)
        .await;
    assert_eq!(status, 400);
    assert_eq!(
        refusal["error"]["errors"][0]["reason"],
        "playlistTitleRequired"
    );
}

#[tokio::test]
async fn a_video_that_is_changed_here_is_changed_in_the_feed() {
    let world = World::new();
    let token = token(&world, "youtube");
    let id = own_videos(&world).await.remove(0);
    let body = json!({
        "id": id,
        "snippet": { "title": "Ebb", "description": "At six.", "categoryId": "22" },
    });
    let (status, video) = world
        .v3_json("PUT", "/youtube/v3/videos?part=snippet", &token, &body)
        .await;
    assert_eq!(status, 200);
    assert_eq!(video["snippet"]["title"], "Ebb");
    let entry = world
        .send(get(&format!(
            "http://gdata.youtube.com/feeds/api/videos/{id}"
        )))
        .await;
    assert!(
        text(&entry).contains("<title>Ebb</title>"),
        "{}",
        text(&entry)
    );
}

#[tokio::test]
async fn a_deleted_video_is_gone_everywhere() {
    let world = World::new();
    let token = token(&world, "youtube");
    let id = own_videos(&world).await.remove(0);
    let path = format!("/youtube/v3/videos?id={id}");
    assert_eq!(world.v3("DELETE", &path, &token).await, (204, Value::Null));
    assert_eq!(world.v3("DELETE", &path, &token).await.0, 404);
    let entry = get(&format!("http://gdata.youtube.com/feeds/api/videos/{id}"));
    assert_eq!(world.send(entry).await.status(), 404);
}

#[tokio::test]
async fn somebody_else_s_video_is_neither_changed_nor_deleted() {
    let world = World::new();
    let token = token(&world, "youtube");
    let body = json!({ "id": STORY, "snippet": { "title": "Mine", "categoryId": "22" } });
    let (status, _) = world
        .v3_json("PUT", "/youtube/v3/videos?part=snippet", &token, &body)
        .await;
    assert_eq!(status, 403);
    let path = format!("/youtube/v3/videos?id={STORY}");
    assert_eq!(world.v3("DELETE", &path, &token).await.0, 403);
    assert_eq!(world.reason(), "only the owner changes or deletes a video");
}

#[tokio::test]
async fn a_private_video_is_its_owner_s_alone() {
    let world = World::new();
    let token = token(&world, "youtube");
    let id = own_videos(&world).await.remove(0);
    let body = json!({ "id": id, "status": { "privacyStatus": "private" } });
    let (status, _) = world
        .v3_json("PUT", "/youtube/v3/videos?part=status", &token, &body)
        .await;
    assert_eq!(status, 200);

    let path = format!("/youtube/v3/videos?part=id&id={id}");
    let (_, own) = world.v3("GET", &path, &token).await;
    assert_eq!(own["items"].as_array().unwrap().len(), 1);
    let ben = token_of(&world, BEN, "youtube");
    let (_, other) = world.v3("GET", &path, &ben).await;
    assert_eq!(other["items"], json!([]));
    assert_eq!(world.found("q=harbour", &ben).await.len(), 1);
    let entry = get(&format!("http://gdata.youtube.com/feeds/api/videos/{id}"));
    assert_eq!(world.send(entry).await.status(), 404);
}
