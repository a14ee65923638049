//! The emulated YouTube Data API v3.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod own;
mod quota;
mod reading;
mod refusals;
mod resumable;
#[path = "../support/mod.rs"]
mod support;
mod uploads;

use support::{
    v3::token,
    world::{World, get, text},
};

/// The ids of Ann's own sample videos, newest first.
async fn own_videos(world: &World) -> Vec<String> {
    world.found("forMine=true", &token(world, "youtube")).await
}

async fn title_in_the_feed(world: &World, id: &str) -> String {
    let entry = get(&format!("http://gdata.youtube.com/feeds/api/videos/{id}"));
    let entry = text(&world.send(entry).await);
    let (_, behind) = entry.split_once("<title>").unwrap();
    behind.split_once("</title>").unwrap().0.to_owned()
}
