//! Users whose links have ended: told wherever mail would lead nowhere, and given another link, whatever they did before.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;
mod support;

use cli_support::{folder, run};
use gdata_auth::{
    Timestamp,
    migrate::{
        campaign::{Campaign, Invitee, State},
        report::Progress,
    },
    system::{Clock, SystemClock},
};
use support::{
    campaign::{ANN, READONLY, Stage, campaign},
    oauth2::{YOUTUBE_V3, asking},
};

const BEN: &str = "ben@example.org";
const DORA: &str = "dora@example.com";
const EVE: &str = "eve@example.com";

/// Years ago one gave a part, one used another account, one said no, and one did nothing.
async fn ended(name: &str) -> Stage {
    let world = asking();
    let mut campaign = campaign(name);
    let known = |email: &str| Invitee::new(email).unwrap();
    let users = vec![
        known(ANN),
        known(BEN).with_subject("1").unwrap(),
        known(DORA),
        known(EVE),
    ];
    campaign.add(users, world.now()).unwrap();
    let stage = Stage::on(world, campaign, std::sync::Arc::default());
    let part = stage.link(ANN);
    stage.browser().decide(&part, &[READONLY], "allow").await;
    let other = stage.link(BEN);
    let all = [READONLY, YOUTUBE_V3];
    stage.browser().decide(&other, &all, "allow").await;
    let no = stage.link(DORA);
    stage.browser().decide(&no, &[], "deny").await;
    stage
}

fn states(path: &str) -> Vec<(State, String)> {
    let campaign = Campaign::look(path.as_ref()).unwrap();
    let now = SystemClock.now();
    let one = |email: &&str| {
        let standing = campaign.find(email).unwrap().unwrap().standing;
        (standing.at(now), standing.note)
    };
    [ANN, BEN, DORA, EVE].iter().map(one).collect()
}

#[tokio::test]
async fn nobody_is_stuck_behind_a_link_that_has_ended() {
    let stage = ended("camp-stuck").await;
    let path = stage.path.to_str().unwrap().to_owned();
    drop(stage);
    let missing = format!("missing: {YOUTUBE_V3}");
    let before = [
        (State::Partial, missing.clone()),
        (State::WrongAccount, "used a…@example.com".to_owned()),
        (State::Declined, String::new()),
        (State::Expired, String::new()),
    ];
    assert_eq!(states(&path), before);

    let outbox = folder("camp-stuck-outbox");
    let remind = || {
        run(&[
            &["migrate", "upgrade", "remind", &path, "--eml", &outbox][..],
            &["--from", "team@example.com", "--state", "wrong_account"],
        ]
        .concat())
    };
    let next = format!(
        "the links of 3 users have ended, so that mail would lead nowhere: gdata-auth migrate upgrade renew {path} \
         --expired\n"
    );
    let (code, _, told) = remind();
    assert_eq!(code, 0, "{told}");
    assert!(told.contains(&next), "{told}");
    let (_, _, told) = run(&["migrate", "upgrade", "status", &path]);
    assert!(told.contains(&next), "{told}");
    let (_, status, _) = run(&["migrate", "upgrade", "status", &path, "--json"]);
    let status: serde_json::Value = serde_json::from_str(&status).unwrap();
    assert_eq!(status["links_ended"], 3);
    let (_, report, _) = run(&["migrate", "report", "--campaign", &path]);
    assert!(
        report.contains(&format!("1 user with another account used, whose link ended: gdata-auth migrate upgrade renew {path} --expired")),
        "{report}"
    );
    assert!(!report.contains("--state"), "{report}");

    // Each but the one who said no gets a link, and stays what the next mail has to speak of.
    let (code, _, told) = run(&["migrate", "upgrade", "renew", &path, "--expired"]);
    assert_eq!(
        (code, told.as_str()),
        (0, "new links: 3; who has consented keeps that: 0\n")
    );
    let after = [
        before[0].clone(),
        before[1].clone(),
        before[2].clone(),
        (State::Invited, String::new()),
    ];
    assert_eq!(states(&path), after);
    let (_, _, told) = remind();
    assert!(!told.contains("ended"), "{told}");
    let mail = std::fs::read_dir(&outbox).unwrap().next().unwrap().unwrap();
    let mail = std::fs::read_to_string(mail.path()).unwrap();
    assert!(mail.contains("To: ben@example.org\r\n"), "{mail}");
    assert!(
        mail.contains("Last time another account was used"),
        "{mail}"
    );
    let (_, report, _) = run(&["migrate", "report", "--campaign", &path]);
    assert!(
        report.contains(&format!("gdata-auth migrate upgrade remind {path} --state wrong_account --eml DIR --from ADDRESS")),
        "{report}"
    );
}

#[tokio::test]
async fn a_part_that_is_kept_outlives_a_no_and_another_link() {
    let stage = ended("camp-part-renewed").await;
    let link = stage.link(ANN);
    stage.browser().decide(&link, &[], "deny").await;
    assert_eq!(
        (stage.state(ANN), stage.note(ANN)),
        (
            State::Declined,
            format!("a part is kept; missing: {YOUTUBE_V3}")
        )
    );
    let late = Timestamp::from_unix_seconds(stage.world.now().unix_seconds() + 40 * 86_400);
    let campaign = stage.page.campaign();
    let ann = campaign.find(ANN).unwrap().unwrap();
    // A decision is not undone by all that end; by name it may be.
    assert!(!ann.standing.needs_link(late));
    drop(campaign);
    stage.page.campaign().renew(&[ann.number], late).unwrap();
    assert_eq!(
        (stage.state(ANN), stage.note(ANN)),
        (State::Partial, format!("missing: {YOUTUBE_V3}"))
    );
    let report = Progress::at(late).with_campaign(&stage.page.campaign());
    let left = report.unwrap().drawn().left;
    let path = stage.path.display();
    assert_eq!(
        left,
        [
            format!(
                "1 user with only a part given: gdata-auth migrate upgrade remind {path} --state partial --eml DIR --from ADDRESS"
            ),
            format!(
                "1 user with another account used, whose link ended: gdata-auth migrate upgrade renew {path} --expired"
            ),
            format!("1 user whose link ended: gdata-auth migrate upgrade renew {path} --expired"),
        ]
    );
}
