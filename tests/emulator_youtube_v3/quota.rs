//! Units of quota, and projects that have not enabled the API.

use serde_json::json;

use crate::support::{
    v3::{STORY, token},
    world::World,
};

#[tokio::test]
async fn the_day_s_units_come_to_an_end_and_come_back_at_midnight() {
    let world = World::with(|mut config| {
        config.youtube_quota = Some(250);
        config
    });
    let search = "/youtube/v3/search?part=id&key=K";
    let list = "/youtube/v3/videos?part=id&chart=mostPopular&key=K";
    for path in [search, search, list] {
        assert_eq!(world.v3("GET", path, "").await.0, 200);
    }
    let (status, refusal) = world.v3("GET", search, "").await;
    assert_eq!(status, 403);
    let message = "The request cannot be completed because you have exceeded your \
                   <a href=\"/youtube/v3/getting-started#quota\">quota</a>.";
    assert_eq!(
        refusal,
        json!({ "error": {
            "code": 403,
            "message": message,
            "errors": [{
                "message": message,
                "domain": "youtube.quota",
                "reason": "quotaExceeded",
            }],
        } })
    );
    assert_eq!(
        world.reason(),
        "the project has fewer than 100 units left until midnight UTC"
    );
    // What is cheaper goes on, and so does another project.
    assert_eq!(world.v3("GET", list, "").await.0, 200);
    assert_eq!(
        world
            .v3("GET", "/youtube/v3/search?part=id&key=OTHER", "")
            .await
            .0,
        200
    );
    // From 07:06:40 to 23:59:59, and a second more.
    world.pass(16 * 3_600 + 53 * 60 + 19);
    assert_eq!(world.v3("GET", search, "").await.0, 403);
    world.pass(1);
    assert_eq!(world.v3("GET", search, "").await.0, 200);
}

#[tokio::test]
async fn a_refused_call_costs_a_unit_and_a_write_fifty() {
    let world = World::with(|mut config| {
        config.youtube_quota = Some(102);
        config
    });
    let token = token(&world, "youtube");
    let wrong = "/youtube/v3/videos/rate?id=nothing&rating=like";
    let right = format!("/youtube/v3/videos/rate?id={STORY}&rating=like");
    for (path, status) in [
        (wrong, 404),
        (wrong, 404),
        (&right, 204),
        (&right, 204),
        (&right, 403),
    ] {
        assert_eq!(world.v3("POST", path, &token).await.0, status, "{path}");
    }
}

#[tokio::test]
async fn without_a_limit_the_units_never_end() {
    let world = World::with(|mut config| {
        config.youtube_quota = None;
        config
    });
    for _ in 0..101 {
        assert_eq!(
            world
                .v3("GET", "/youtube/v3/search?part=id&key=K", "")
                .await
                .0,
            200
        );
    }
}

#[tokio::test]
async fn a_project_that_has_not_enabled_the_api_is_told_where_to() {
    let world = World::with(|mut config| {
        config.youtube_enabled = false;
        config
    });
    let (status, refusal) = world
        .v3("GET", "/youtube/v3/search?part=id&key=K", "")
        .await;
    assert_eq!(status, 403);
    let page =
        "https://console.developers.google.com/apis/api/youtube.googleapis.com/overview?project=0";
    let message = format!(
        "Access Not Configured. YouTube Data API has not been used in project 0 before or it is \
         disabled. Enable it by visiting {page} then retry. If you enabled this API recently, wait \
         a few minutes for the action to propagate to our systems and retry."
    );
    assert_eq!(
        refusal,
        json!({ "error": {
            "code": 403,
            "message": message,
            "errors": [{
                "message": message,
                "domain": "usageLimits",
                "reason": "accessNotConfigured",
                "extendedHelp": page,
            }],
        } })
    );
}
