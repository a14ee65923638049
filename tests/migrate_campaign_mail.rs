//! What mail says to who gave a part or used another account: what is missing, and which account is meant.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use gdata_auth::{
    emulator::User,
    migrate::campaign::{Invitee, MailText, State},
};
use support::{
    campaign::{ANN, READONLY, Stage, campaign},
    oauth2::{YOUTUBE_V3, asking, world},
};

/// The body of the mail for a user, unwrapped.
fn body(stage: &Stage, text: &MailText, email: &str) -> String {
    let campaign = stage.page.campaign();
    let member = campaign.find(email).unwrap().unwrap();
    let message = text.message(&campaign, &member, stage.world.now()).unwrap();
    let (_, body) = message.split_once("\r\n\r\n").unwrap();
    body.replace("=\r\n", "").replace("\r\n", "\n")
}

fn shipped() -> MailText {
    MailText::new("Tides <team@example.com>").unwrap()
}

fn templated() -> MailText {
    let text = "Hi {email}\n\n{again}|{link}";
    shipped().with_template(text).unwrap()
}

#[tokio::test]
async fn who_gave_a_part_is_told_what_is_missing() {
    let stage = Stage::new("mail-partial", asking(), &[ANN]);
    let link = stage.link(ANN);
    let first = body(&stage, &shipped(), ANN);
    assert!(
        first.contains("you connected Tide <Videos> to your account"),
        "{first}"
    );
    assert_eq!(body(&stage, &templated(), ANN), format!("|{link}\n"));

    stage.browser().decide(&link, &[READONLY], "allow").await;
    assert_eq!(stage.state(ANN), State::Partial);
    let second = body(&stage, &shipped(), ANN);
    assert!(!second.contains("you connected"), "{second}");
    assert!(
        second.contains(
            "Last time you gave a part of what Tide <Videos> needs. It cannot do its\nwork without the rest:\n\n  see and \
             manage your YouTube account\n\nPlease tick every box this time, with the account ann@example.com."
        ),
        "{second}"
    );
    assert!(second.contains(&link), "{second}");
    let own = body(&stage, &templated(), ANN);
    assert!(own.starts_with("Last time you gave a part"), "{own}");
    let member = stage.page.campaign().find(ANN).unwrap().unwrap();
    assert_eq!(member.standing.missing(), [YOUTUBE_V3]);
}

#[tokio::test]
async fn who_used_another_account_is_told_which_is_meant() {
    let world = world();
    assert_ne!(User::new(ANN, "Ann").subject(), "1");
    let mut campaign = campaign("mail-wrong");
    let ann = Invitee::new(ANN).unwrap().with_subject("1").unwrap();
    campaign.add(vec![ann], world.now()).unwrap();
    let stage = Stage::on(world, campaign, std::sync::Arc::default());
    stage.browser().consent(&stage.link(ANN)).await;
    assert_eq!(stage.state(ANN), State::WrongAccount);
    let text = body(&stage, &shipped(), ANN);
    assert!(!text.contains("you connected"), "{text}");
    assert!(
        text.contains("Last time another account was used. Please sign in with ann@example.com:\n"),
        "{text}"
    );
    let member = stage.page.campaign().find(ANN).unwrap().unwrap();
    assert!(member.standing.missing().is_empty());
}
