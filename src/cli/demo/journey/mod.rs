//! `demo --migrate`: an integration of AuthSub and OAuth 1.0 with three users, from the first scan to the report that
//! says it is done. One user is moved by the migration grant, one consents, one declines.

mod after;
mod moving;
mod past;
mod people;
mod survey;
mod workshop;

use self::workshop::Workshop;
use super::{
    super::{args::Demo, stop_signal},
    stage::{self, Misbehaved, Stage, Story},
};
use crate::error::Error;

/// Tells the story on a stage of its own; `None` when it was stopped, and what it had started has ended.
pub(super) async fn story(options: &Demo) -> Result<Option<Story>, Error> {
    people::check(options.browser)?;
    let shop = Workshop::open(options.into.as_deref())?;
    let mut stage = Stage::open(past::config(), options.json)?;
    let finished = tokio::select! {
        finished = tell(&mut stage, &shop, options) => finished,
        () = stop_signal() => return Ok(None),
    };
    if let (Some(folder), false) = (&options.into, options.json) {
        stage::say(&format!("The files are in {}\n", folder.display()));
    }
    stage.close(finished.is_ok()).await.map(Some)
}

async fn tell(stage: &mut Stage, shop: &Workshop, options: &Demo) -> Result<(), Misbehaved> {
    let members = past::made(stage, shop).await;
    stage.pass_over();
    let members = stage.expect(
        "An integration of 2008: three administrators let it read the shared contacts of their domain",
        "Domain Shared Contacts is one of two APIs of gdata that still answer, to OAuth 2.0 alone. Here it is 2013, and \
         the old ways in still work; each of the three feeds was read.",
        members,
        |members| {
            let told = members.iter();
            let told = told.map(|one| format!("{} by {}", one.user, one.credential.name()));
            told.collect::<Vec<_>>().join(", ")
        },
    )?;
    let survey = survey::tell(stage, shop)?;
    let moved = moving::tell(stage, shop, options, &survey).await?;
    after::tell(stage, shop, &members, &moved).await
}
