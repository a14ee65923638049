//! A campaign of consent against the emulator: every state, every wrong turn, every byte of a crash.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{fs, sync::Arc, time::Duration};

use bytes::Bytes;
use gdata_auth::{
    Exchange, Kind, Timestamp,
    client::grant_key,
    emulator::Consent,
    migrate::campaign::{
        Admission, Campaign, Invitee, MailText, ReminderHook, Settings, State, csv,
    },
    oauth2::Client,
    scope::ScopeNames,
    store::{MemoryStore, TokenStore},
};
use support::{
    campaign::{ANN, READONLY, Stage, app, campaign, invitees, place, settings, to},
    oauth2::{
        BACK, DESKTOP, PAGE, YOUTUBE_V3, asking, location, page_number, post, world, world_with,
    },
    world::{Counted, get, text},
};

const START: Timestamp = Timestamp::from_unix_seconds(1_300_000_000);

#[tokio::test]
async fn a_user_who_consents_is_kept_under_the_address() {
    let stage = Stage::new("camp-consent", world(), &[ANN]);
    assert_eq!(stage.state(ANN), State::Invited);
    let link = stage.link(ANN);
    let mut browser = stage.browser();
    let shown = browser.get(&link).await;
    let page = text(&shown);
    assert!(
        page.contains("Tide &lt;Videos&gt; asks for your permission once more"),
        "{page}"
    );
    assert!(page.contains("ann@example.com"));
    assert!(page.contains("see your YouTube account"));
    assert_eq!(stage.state(ANN), State::Opened);

    let asked = to(&browser.press("/start").await);
    assert!(
        asked.starts_with("https://accounts.google.com/o/oauth2/v2/auth?"),
        "{asked}"
    );
    for part in [
        "code_challenge_method=S256",
        "login_hint=ann%40example.com",
        "access_type=offline",
        "prompt=consent",
        "redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2F&",
        "nonce=",
        "state=",
    ] {
        assert!(asked.contains(part), "{part} in {asked}");
    }
    let back = stage.world.google.browse(&asked).unwrap();
    let said = browser.back(&back).await;
    assert!(said.contains("Thank you, that is all"), "{said}");
    assert_eq!(stage.state(ANN), State::Consented);

    let key = grant_key(&app(), ANN).unwrap();
    let (grant, _) = stage.store.load(&key).unwrap().unwrap();
    assert_eq!((grant.email(), grant.flow()), (Some(ANN), Some("campaign")));
    assert!(grant.refresh_token().is_some());
    assert!(grant.granted().cover(YOUTUBE_V3));
    // Nothing of it is in what is told, and the last address holds nothing.
    let told = stage.events();
    assert!(told.contains("ann@example.com: consented"), "{told}");
    let id = link.rsplit('/').next().unwrap();
    let code = back
        .split("code=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap();
    assert!(!told.contains(id) && !told.contains(code), "{told}");

    // The link is spent in words, and a second consent is not asked for.
    let again = text(&browser.get(&link).await);
    assert!(again.contains("Thank you, that is all"), "{again}");
}

#[tokio::test]
async fn another_account_is_refused_and_nothing_of_it_is_kept() {
    // The emulator has no such user, so that somebody else signs in.
    let who = "carla@example.net";
    let stage = Stage::new("camp-wrong", world(), &[who]);
    let said = stage.browser().consent(&stage.link(who)).await;
    assert!(said.contains("That was another account"), "{said}");
    assert!(said.contains("a…@example.com"), "{said}");
    assert!(!said.contains(ANN), "{said}");
    assert_eq!(stage.state(who), State::WrongAccount);
    assert_eq!(stage.note(who), "used a…@example.com");
    assert_eq!(stage.store.list().unwrap(), []);
    // The other account keeps what it had granted elsewhere: nothing was revoked.
    let revoked = stage.world.google.journal();
    assert!(!revoked.iter().any(|entry| entry.path().contains("revoke")));
    // The next time the account is asked for.
    let asked = stage.browser().go(&stage.link(who)).await;
    assert!(asked.contains("prompt=consent%20select_account"), "{asked}");
}

#[tokio::test]
async fn a_known_subject_decides_and_not_the_address() {
    let world = world();
    let subject = gdata_auth::emulator::User::new(ANN, "Ann").subject();
    let mut campaign = campaign("camp-subject");
    let right = Invitee::new("old-name@example.com")
        .unwrap()
        .with_subject(subject)
        .unwrap();
    let wrong = Invitee::new(ANN).unwrap().with_subject("1").unwrap();
    campaign.add(vec![right, wrong], world.now()).unwrap();
    let stage = Stage::on(world, campaign, Arc::default());
    stage
        .browser()
        .consent(&stage.link("old-name@example.com"))
        .await;
    assert_eq!(stage.state("old-name@example.com"), State::Consented);
    stage.browser().consent(&stage.link(ANN)).await;
    assert_eq!(stage.state(ANN), State::WrongAccount);
}

#[tokio::test]
async fn a_part_is_kept_as_a_part_and_the_rest_can_follow() {
    let stage = Stage::new("camp-partial", asking(), &[ANN]);
    let link = stage.link(ANN);
    let mut browser = stage.browser();
    let said = browser.decide(&link, &[READONLY], "allow").await;
    assert!(said.contains("A part is missing"), "{said}");
    assert!(
        said.contains("see and manage your YouTube account"),
        "{said}"
    );
    assert_eq!(stage.state(ANN), State::Partial);
    assert_eq!(stage.note(ANN), format!("missing: {YOUTUBE_V3}"));
    let key = grant_key(&app(), ANN).unwrap();
    let (grant, _) = stage.store.load(&key).unwrap().unwrap();
    assert!(grant.granted().contains(READONLY) && !grant.granted().contains(YOUTUBE_V3));
    let said = browser
        .decide(&link, &[READONLY, YOUTUBE_V3], "allow")
        .await;
    assert!(said.contains("Thank you"), "{said}");
    assert_eq!(stage.state(ANN), State::Consented);
}

#[tokio::test]
async fn a_part_that_is_kept_outlives_what_comes_after() {
    let stage = Stage::new("camp-partial-then", asking(), &[ANN]);
    let link = stage.link(ANN);
    let mut browser = stage.browser();
    browser.decide(&link, &[READONLY], "allow").await;
    // The hint is the browser's to change, and so is the account.
    let asked = browser.go(&link).await;
    let other = asked.replace("ann%40example.com", "ben%40example.org");
    let shown = stage.world.send(get(&other)).await;
    let form = format!(
        "page={}&decision=allow&scope={}",
        page_number(&text(&shown)),
        READONLY.replace(':', "%3A").replace('/', "%2F")
    );
    let back = location(&stage.world.send(post(PAGE, &form)).await);
    assert!(
        browser
            .back(&back)
            .await
            .contains("That was another account")
    );
    assert_eq!(stage.state(ANN), State::Partial);
    assert_eq!(
        stage.note(ANN),
        format!("missing: {YOUTUBE_V3}; then used b…@example.org")
    );
    browser.decide(&link, &[], "deny").await;
    assert_eq!(stage.state(ANN), State::Declined);
    assert!(stage.note(ANN).starts_with("a part is kept; missing: "));
    let key = grant_key(&app(), ANN).unwrap();
    let (grant, _) = stage.store.load(&key).unwrap().unwrap();
    assert_eq!((grant.email(), grant.consents()), (Some(ANN), 1));
    assert_eq!(stage.store.list().unwrap().len(), 1);
}

#[tokio::test]
async fn who_signs_in_and_ticks_nothing_has_given_no_part() {
    let stage = Stage::new("camp-nothing", asking(), &[ANN]);
    let link = stage.link(ANN);
    let mut browser = stage.browser();
    let said = browser.decide(&link, &[], "allow").await;
    assert!(said.contains("<h1>Nothing was allowed</h1>"), "{said}");
    assert!(said.contains("please tick every one"), "{said}");
    assert!(!said.contains("works already"), "{said}");
    assert_eq!(
        (stage.state(ANN), stage.note(ANN)),
        (State::Nothing, String::new())
    );
    assert_eq!(stage.store.list().unwrap(), []);
    assert!(stage.events().contains("signed in and allowed nothing"));
    let again = text(&browser.get(&link).await);
    assert!(
        again.contains("Last time you signed in and allowed nothing"),
        "{again}"
    );

    // It is in the file, and may be a slip, so that a reminder helps, and says what to do.
    let kept = Campaign::look(&stage.path).unwrap();
    let now = stage.world.now();
    assert_eq!(kept.tally(now).unwrap().of(State::Nothing), 1);
    let ann = kept.to_remind(now, now, &[State::Nothing]).unwrap();
    let member = kept.member(ann[0]).unwrap();
    let mail = MailText::new("team@example.com").unwrap();
    let mail = mail.message(&kept, &member, now).unwrap();
    assert!(mail.contains("Please tick every box this time"), "{mail}");
    assert!(!mail.contains("you connected"), "{mail}");

    // A part that was given before stays.
    let said = browser.decide(&link, &[READONLY], "allow").await;
    assert!(said.contains("A part is missing"), "{said}");
    let said = browser.decide(&link, &[], "allow").await;
    assert!(
        said.contains("What you allowed before still works"),
        "{said}"
    );
    assert_eq!(
        (stage.state(ANN), stage.note(ANN)),
        (
            State::Partial,
            format!("missing: {YOUTUBE_V3}; then allowed nothing")
        )
    );
    let (grant, _) = stage
        .store
        .load(&grant_key(&app(), ANN).unwrap())
        .unwrap()
        .unwrap();
    assert!(grant.granted().contains(READONLY));
}

#[tokio::test]
async fn a_campaign_that_asks_who_somebody_is_alone_is_content_with_that() {
    let world = asking();
    let scopes = ScopeNames::parse("profile").unwrap();
    let settings = Settings::new("Tides", &app(), &scopes, BACK.trim_end_matches('/')).unwrap();
    let mut campaign =
        Campaign::create(&place("camp-identity"), &settings, &Counted::default()).unwrap();
    campaign.add(invitees(&[ANN]), world.now()).unwrap();
    let stage = Stage::on(world, campaign, Arc::default());
    let link = stage.link(ANN);
    let said = stage.browser().decide(&link, &["profile"], "allow").await;
    assert!(said.contains("Thank you, that is all"), "{said}");
    assert_eq!(stage.state(ANN), State::Consented);
}

#[test]
fn nothing_that_is_shown_holds_the_key_of_links() {
    let mut campaign = campaign("camp-canary");
    campaign.add(invitees(&[ANN]), START).unwrap();
    let file = fs::read(campaign.path()).unwrap();
    let file = String::from_utf8_lossy(&file);
    let key = file.split("\"key\":\"").nth(1).unwrap();
    let key = key.split('"').next().unwrap().to_owned();
    assert_eq!(key.len(), 43);
    let member = campaign.find(ANN).unwrap().unwrap();
    let id = id_of(&campaign, &member).unwrap();
    let shown = format!("{campaign:?} {member:?} {:?}", campaign.settings());
    assert!(!shown.contains(&key) && !shown.contains(&id), "{shown}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(campaign.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[tokio::test]
async fn a_no_is_a_no_here_and_there_and_may_be_taken_back() {
    let stage = Stage::new("camp-no", asking(), &[ANN, "ben@example.org"]);
    let said = stage.browser().decide(&stage.link(ANN), &[], "deny").await;
    assert!(said.contains("You said no"), "{said}");
    assert_eq!(stage.state(ANN), State::Declined);

    let ben = "ben@example.org";
    let mut browser = stage.browser();
    browser.get(&stage.link(ben)).await;
    let result = to(&browser.press("/decline").await);
    assert!(text(&browser.get(&result).await).contains("You said no"));
    assert_eq!(stage.state(ben), State::Declined);
    assert!(
        stage
            .page
            .campaign()
            .to_remind(stage.world.now(), stage.world.now(), &[])
            .unwrap()
            .is_empty()
    );

    browser
        .decide(&stage.link(ben), &[READONLY, YOUTUBE_V3], "allow")
        .await;
    assert_eq!(stage.state(ben), State::Consented);
}

#[tokio::test]
async fn a_link_ends_and_a_new_one_replaces_it() {
    let stage = Stage::new("camp-ends", world(), &[ANN]);
    let old = stage.link(ANN);
    stage.world.pass(30 * 86_400);
    let answer = stage.browser().get(&old).await;
    assert_eq!(answer.status(), 410);
    assert!(text(&answer).contains("This link has ended"));
    assert_eq!(stage.state(ANN), State::Expired);

    let now = stage.world.now();
    let member = stage.page.campaign().find(ANN).unwrap().unwrap();
    assert_eq!(
        stage.page.campaign().renew(&[member.number], now).unwrap(),
        1
    );
    let fresh = stage.link(ANN);
    assert_ne!(fresh, old);
    let answer = stage.browser().get(&old).await;
    assert_eq!(answer.status(), 410);
    assert!(text(&answer).contains("There is a newer link for you"));
    stage.browser().consent(&fresh).await;
    assert_eq!(stage.state(ANN), State::Consented);
    assert_eq!(
        stage.page.campaign().renew(&[member.number], now).unwrap(),
        0
    );
}

#[tokio::test]
async fn a_link_that_ends_under_way_ends_the_way() {
    let stage = Stage::new("camp-under-way", world(), &[ANN]);
    stage.world.pass(30 * 86_400 - 60);
    let mut browser = stage.browser();
    let asked = browser.go(&stage.link(ANN)).await;
    stage.world.pass(120);
    let back = stage.world.google.browse(&asked).unwrap();
    assert_eq!(browser.get(&back).await.status(), 410);
    assert_eq!(stage.store.list().unwrap(), []);
}

#[tokio::test]
async fn guesses_strangers_and_other_sites_get_nothing() {
    let stage = Stage::new("camp-strangers", world(), &[ANN]);
    let link = stage.link(ANN);
    let (front, id) = link.rsplit_once('/').unwrap();
    for letter in ['A', 'B'] {
        for at in [0, 8, 20, 34] {
            let mut guess = id.to_owned();
            guess.replace_range(at..=at, &letter.to_string());
            let known = guess == id;
            let answer = stage.browser().get(&format!("{front}/{guess}")).await;
            assert_eq!(answer.status() == 200, known, "{guess}");
        }
    }
    assert_eq!(
        stage.browser().get(&format!("{front}/")).await.status(),
        404
    );

    // Another host that leads here.
    let mut request = get(&link);
    request
        .headers_mut()
        .insert("host", "evil.example.com".parse().unwrap());
    assert_eq!(stage.browser().send(request).await.status(), 404);

    // A form of another site, and one without the cookie.
    let mut browser = stage.browser();
    browser.get(&link).await;
    for (name, value) in [
        ("origin", "https://evil.example.com"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let request = http::Request::post(format!("{BACK}decline"))
            .header(name, value)
            .body(Bytes::new())
            .unwrap();
        assert_eq!(browser.send(request).await.status(), 403, "{value}");
    }
    assert_eq!(stage.state(ANN), State::Opened);
    assert_eq!(stage.browser().press("/start").await.status(), 400);
}

#[tokio::test]
async fn the_end_of_somebody_elses_consent_is_refused() {
    let stage = Stage::new("camp-forged", world(), &[ANN, "ben@example.org"]);
    let asked = stage.browser().go(&stage.link("ben@example.org")).await;
    let back = stage.world.google.browse(&asked).unwrap();
    // Another browser, without a cookie and then with one of its own.
    let mut ann = stage.browser();
    assert_eq!(ann.get(&back).await.status(), 400);
    ann.go(&stage.link(ANN)).await;
    assert_eq!(ann.get(&back).await.status(), 400);
    assert_eq!(stage.store.list().unwrap(), []);
    assert_eq!(stage.state("ben@example.org"), State::Opened);
}

#[tokio::test]
async fn a_redirect_counts_once() {
    let stage = Stage::new("camp-once", world(), &[ANN]);
    let mut browser = stage.browser();
    let asked = browser.go(&stage.link(ANN)).await;
    let back = stage.world.google.browse(&asked).unwrap();
    browser.back(&back).await;
    let calls = stage.world.google.journal().len();
    assert!(to(&browser.get(&back).await).ends_with("/result"));
    assert_eq!(
        stage.world.google.journal().len(),
        calls,
        "the code is not sent again"
    );
}

#[tokio::test]
async fn looking_is_not_opening() {
    let stage = Stage::new("camp-look", world(), &[ANN]);
    let link = stage.link(ANN);
    let head = http::Request::head(&link).body(Bytes::new()).unwrap();
    assert_eq!(stage.browser().send(head).await.status(), 200);
    let mut ahead = get(&link);
    ahead
        .headers_mut()
        .insert("sec-purpose", "prefetch;prerender".parse().unwrap());
    assert_eq!(stage.browser().send(ahead).await.status(), 200);
    assert_eq!(stage.state(ANN), State::Invited);
}

#[tokio::test]
async fn every_page_is_strict_and_from_nowhere_else() {
    let stage = Stage::new("camp-strict", world(), &[ANN]);
    let mut browser = stage.browser();
    for address in [stage.link(ANN), format!("{BACK}i/guess"), BACK.to_owned()] {
        let answer = browser.get(&address).await;
        let policy = answer.headers()["content-security-policy"]
            .to_str()
            .unwrap();
        assert!(
            policy.starts_with("default-src 'none'; style-src 'sha256-"),
            "{policy}"
        );
        assert!(
            policy.contains("form-action 'self' https://accounts.google.com;"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let page = text(&answer);
        for no in ["<script", "src=", "<link", "style=\"", "@import", "url("] {
            assert!(!page.contains(no), "{no} in {page}");
        }
    }
    let cookie = stage.browser().get(&stage.link(ANN)).await;
    let cookie = cookie.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("; HttpOnly; SameSite=Lax; "), "{cookie}");
}

#[tokio::test]
async fn too_many_requests_are_told_so() {
    let mut made = campaign("camp-limit");
    let world = world();
    made.add(invitees(&[ANN]), world.now()).unwrap();
    let store = Arc::new(MemoryStore::new());
    let page = gdata_auth::migrate::campaign::InvitationPage::new(
        made,
        app(),
        store,
        world.google.clone(),
    )
    .unwrap()
    .pinned(world.clock(), Arc::new(Counted::default()))
    .limited_to(3, 1_000);
    let ask = || gdata_auth::Transport::send(&page, get(BACK));
    for _ in 0..3 {
        assert_eq!(ask().await.unwrap().status(), 200);
    }
    let busy = ask().await.unwrap();
    assert_eq!(
        (busy.status().as_u16(), &busy.headers()["retry-after"]),
        (429, &"60".parse().unwrap())
    );
    world.pass(1);
    assert_eq!(ask().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_server_that_fails_leaves_the_user_where_they_were() {
    let stage = Stage::new("camp-fails", world(), &[ANN]);
    let mut browser = stage.browser();
    let asked = browser.go(&stage.link(ANN)).await;
    let back = stage.world.google.browse(&asked).unwrap();
    let spoilt = back.replace("code=4", "code=5");
    let said = browser.back(&spoilt).await;
    assert!(said.contains("That did not work"), "{said}");
    assert_eq!(stage.state(ANN), State::Opened);
    assert!(
        stage.note(ANN).contains("invalid_grant"),
        "{}",
        stage.note(ANN)
    );
    browser.consent(&stage.link(ANN)).await;
    assert_eq!(stage.state(ANN), State::Consented);
    assert_eq!(stage.note(ANN), "");
}

#[tokio::test]
async fn a_grant_that_was_kept_before_a_crash_is_written_down_after_it() {
    let stage = Stage::new("camp-recover", world(), &[ANN]);
    let link = stage.link(ANN);
    let mut browser = stage.browser();
    browser.get(&link).await;
    // The file as it was before the consent, and the store as it was after it.
    let before = fs::read(&stage.path).unwrap();
    browser.consent(&link).await;
    assert_eq!(stage.state(ANN), State::Consented);
    let (store, world) = (stage.store.clone(), stage.world);
    let path = stage.path.clone();
    drop(stage.page);
    fs::write(&path, before).unwrap();

    let campaign = Campaign::open(&path).unwrap();
    assert_eq!(
        campaign.find(ANN).unwrap().unwrap().standing.state,
        State::Opened
    );
    let stage = Stage::on(world, campaign, store);
    assert_eq!(stage.state(ANN), State::Consented);
}

#[cfg(unix)]
#[test]
fn a_campaign_that_others_may_read_is_not_used() {
    use std::os::unix::fs::PermissionsExt;
    let mut campaign = campaign("camp-modes");
    campaign.add(invitees(&[ANN]), START).unwrap();
    let path = campaign.path().to_owned();
    drop(campaign);
    let set = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    for (mode, shown) in [(0o644, "0644"), (0o640, "0640"), (0o602, "0602")] {
        set(mode);
        for opened in [Campaign::open(&path), Campaign::look(&path)] {
            let error = opened.unwrap_err();
            assert_eq!(error.kind(), Kind::Input);
            assert!(
                error.to_string().ends_with(&format!(
                    "expected mode 0600, since who reads a campaign can make every link of it, got {shown}; run chmod 600 on it"
                )),
                "{error}"
            );
        }
    }
    for mode in [0o600, 0o400] {
        set(mode);
        assert_eq!(Campaign::look(&path).unwrap().len(), 1);
    }
    // Another file is told to be another one first.
    let text = place("camp-modes-text");
    fs::write(
        &text,
        "a text that is long enough to be read as a preamble\n",
    )
    .unwrap();
    let error = Campaign::look(&text).unwrap_err().to_string();
    assert!(!error.contains("chmod"), "{error}");
}

#[test]
fn a_crash_at_every_byte_loses_the_last_change_alone() {
    let path = place("camp-crash");
    let mut campaign = Campaign::create(&path, &settings(), &Counted::default()).unwrap();
    let emails = ["ann@example.com", "ben@example.org", "carla@example.net"];
    campaign.add(invitees(&emails), START).unwrap();
    // What stands after each change, and how long the file is then.
    let mut after = vec![(fs::metadata(&path).unwrap().len(), states(&campaign))];
    for (number, days) in [(0, 1), (2, 2), (1, 3), (0, 4)] {
        let now = START.after(Duration::from_secs(days * 86_400));
        campaign.note_reminders(&[number], now).unwrap();
        after.push((fs::metadata(&path).unwrap().len(), states(&campaign)));
    }
    let whole = fs::read(&path).unwrap();
    drop(campaign);
    let first = usize::try_from(after[0].0).unwrap();
    // A copy with the mode of the file.
    let crashed = place("camp-crashed");
    fs::copy(&path, &crashed).unwrap();
    for cut in first..=whole.len() {
        fs::write(&crashed, &whole[..cut]).unwrap();
        let (good, expected) = after
            .iter()
            .rev()
            .find(|(length, _)| *length <= cut as u64)
            .unwrap();
        assert_eq!(
            states(&Campaign::look(&crashed).unwrap()),
            *expected,
            "cut at {cut}"
        );
        let mut campaign = Campaign::open(&crashed).unwrap();
        assert_eq!(campaign.torn_bytes(), cut as u64 - good, "cut at {cut}");
        assert_eq!(states(&campaign), *expected, "cut at {cut}");
        // And it goes on.
        campaign.note_reminders(&[1], START).unwrap();
        let expected = states(&campaign);
        drop(campaign);
        let campaign = Campaign::open(&crashed).unwrap();
        assert_eq!((campaign.torn_bytes(), states(&campaign)), (0, expected));
    }
    // Zeros that a file system left behind are torn too; a damaged change in the middle is not.
    let mut zeros = whole.clone();
    zeros.extend_from_slice(&[0; 64]);
    fs::write(&crashed, &zeros).unwrap();
    assert_eq!(Campaign::look(&crashed).unwrap().torn_bytes(), 64);
    let mut damaged = whole.clone();
    damaged[first + 20] ^= 1;
    fs::write(&crashed, &damaged).unwrap();
    let error = Campaign::open(&crashed).unwrap_err();
    assert_eq!(error.kind(), Kind::Input);
    assert!(
        error
            .to_string()
            .contains(&format!("expected a whole change at byte {first}")),
        "{error}"
    );
    // And so is every byte of what stands before.
    for at in 0..first {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x40;
        fs::write(&crashed, &damaged).unwrap();
        let seen = Campaign::look(&crashed).ok().and_then(|campaign| {
            let members = states_of(&campaign).ok()?;
            for email in emails {
                let member = campaign.find(email).ok()??;
                let id = id_of(&campaign, &member).ok()?;
                campaign.admit(&id).ok()??;
            }
            Some(members)
        });
        match seen {
            None => {}
            // The settings are text, in which a damaged letter is another letter.
            Some(members) => assert!(members == after.last().unwrap().1 && at < 600, "byte {at}"),
        }
    }
}

fn id_of(
    campaign: &Campaign,
    member: &gdata_auth::migrate::campaign::Member,
) -> Result<String, gdata_auth::Error> {
    let link = campaign.link(member)?;
    Ok(link.rsplit('/').next().unwrap_or_default().to_owned())
}

fn states_of(
    campaign: &Campaign,
) -> Result<Vec<(String, u16, Option<Timestamp>)>, gdata_auth::Error> {
    let mut all = Vec::new();
    campaign.each(|member| {
        let standing = &member.standing;
        all.push((
            member.invitee.email().to_owned(),
            standing.mails,
            standing.mailed_at,
        ));
        Ok(())
    })?;
    Ok(all)
}

fn states(campaign: &Campaign) -> Vec<(String, u16, Option<Timestamp>)> {
    states_of(campaign).unwrap()
}

#[test]
fn one_at_a_time_goes_on_with_a_campaign_and_anybody_may_look() {
    let mut one = campaign("camp-lock");
    one.add(invitees(&[ANN]), START).unwrap();
    let error = Campaign::open(one.path()).unwrap_err();
    assert_eq!(error.kind(), Kind::Refused);
    assert!(
        error
            .to_string()
            .contains("expected nobody else at work with it"),
        "{error}"
    );
    let mut other = Campaign::look(one.path()).unwrap();
    assert_eq!(other.len(), 1);
    let error = other.note_reminders(&[0], START).unwrap_err();
    assert_eq!(error.kind(), Kind::Input);
    assert_eq!(
        other
            .add(invitees(&["ben@example.org"]), START)
            .unwrap_err()
            .kind(),
        Kind::Input
    );
    let path = one.path().to_owned();
    drop(one);
    assert!(Campaign::open(&path).is_ok());
    assert_eq!(
        Campaign::create(&path, &settings(), &Counted::default())
            .unwrap_err()
            .kind(),
        Kind::Input
    );
}

#[test]
fn who_stands_in_a_list_twice_or_was_invited_before_is_told() {
    let mut campaign = campaign("camp-twice");
    let added = campaign
        .add(invitees(&["b@x.org", "a@x.org", "B@X.org"]), START)
        .unwrap();
    assert_eq!(
        (added.added, added.twice, added.already),
        (2, vec!["B@X.org".to_owned()], Vec::new())
    );
    let link = campaign
        .link(&campaign.find("b@x.org").unwrap().unwrap())
        .unwrap();
    let added = campaign
        .add(invitees(&["A@x.org", "c@x.org", "0@x.org"]), START)
        .unwrap();
    assert_eq!(
        (added.added, added.already),
        (2, vec!["A@x.org".to_owned()])
    );
    // Whoever comes later moves nobody's link.
    assert_eq!(
        campaign
            .link(&campaign.find("B@x.ORG").unwrap().unwrap())
            .unwrap(),
        link
    );
    assert_eq!(campaign.len(), 4);
    let same = |account: &str| {
        Invitee::new(format!("{account}@y.org"))
            .unwrap()
            .with_account("shared")
            .unwrap()
    };
    let error = campaign.add(vec![same("d"), same("e")], START).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("account: expected a name for each user"),
        "{error}"
    );
}

#[test]
fn many_changes_are_written_as_one_and_nothing_is_lost() {
    let path = place("camp-compact");
    let mut campaign = Campaign::create(&path, &settings(), &Counted::default()).unwrap();
    let emails: Vec<String> = (0..3_000)
        .map(|number| format!("user{number}@example.com"))
        .collect();
    let users = emails
        .iter()
        .map(|email| Invitee::new(email.as_str()).unwrap())
        .collect();
    campaign.add(users, START).unwrap();
    let numbers: Vec<u32> = (0..3_000).collect();
    let base = fs::metadata(&path).unwrap().len();
    let mut longest = base;
    for round in 1..=12 {
        campaign
            .note_reminders(&numbers, START.after(Duration::from_secs(round)))
            .unwrap();
        longest = longest.max(fs::metadata(&path).unwrap().len());
    }
    assert!(
        fs::metadata(&path).unwrap().len() < longest,
        "it was written anew"
    );
    drop(campaign);
    let campaign = Campaign::open(&path).unwrap();
    for email in &emails {
        let member = campaign.find(email).unwrap().unwrap();
        assert_eq!(member.standing.mails, 12);
        assert_eq!(
            member.standing.mailed_at,
            Some(START.after(Duration::from_secs(12)))
        );
        let id = id_of(&campaign, &member).unwrap();
        assert_eq!(
            campaign.admit(&id).unwrap(),
            Some(Admission::Present(member))
        );
    }
    assert_eq!(campaign.tally(START).unwrap().of(State::Invited), 3_000);
}

#[test]
fn lists_come_in_as_spreadsheets_write_them_and_go_out_so() {
    let list = csv::read(
        "\u{feff}Name,E-Mail,Account,sub\r\n\"A, \"\"nn\"\"\",ann@example.com,,1144\r\n,,,\r\nBen,'+ben@example.org,\"be\nn\"\r\n\
         Cy, cy@example.net ,cy,\nnobody\n"
            .as_bytes(),
    )
    .unwrap();
    let shown: Vec<_> = list
        .invitees
        .iter()
        .map(|user| (user.email(), user.account(), user.subject()))
        .collect();
    assert_eq!(
        shown,
        [
            ("ann@example.com", "ann@example.com", Some("1144")),
            ("cy@example.net", "cy", None)
        ]
    );
    // Lines are counted as an editor counts them.
    assert_eq!(
        list.faults.iter().map(|fault| fault.0).collect::<Vec<_>>(),
        [4, 7]
    );
    for (text, problem) in [
        ("", "expected a first line with a column email"),
        ("name\nann", "expected a first line with a column email"),
        ("email\n\"ann", "expected the end of a quoted field"),
    ] {
        let error = csv::read(text.as_bytes()).unwrap_err();
        assert!(error.to_string().contains(problem), "{error}");
    }
    assert!(
        csv::read(b"email\n\xff")
            .unwrap_err()
            .to_string()
            .contains("line 2")
    );

    let mut campaign = campaign("camp-csv");
    campaign.add(list.invitees, START).unwrap();
    campaign
        .add(invitees(&["=cmd@example.com"]), START)
        .unwrap();
    let mut out = String::new();
    let put = |line: &str| {
        out.push_str(line);
        Ok(())
    };
    campaign.print_csv(false, START, put).unwrap();
    assert_eq!(
        out,
        "email,account,sub,state,since,invited,ends,openings,mails,note\r\n\
         '=cmd@example.com,,,invited,2011-03-13T07:06:40Z,2011-03-13T07:06:40Z,2011-04-12T07:06:40Z,0,0,\r\n\
         ann@example.com,,1144,invited,2011-03-13T07:06:40Z,2011-03-13T07:06:40Z,2011-04-12T07:06:40Z,0,0,\r\n\
         cy@example.net,cy,,invited,2011-03-13T07:06:40Z,2011-03-13T07:06:40Z,2011-04-12T07:06:40Z,0,0,\r\n"
    );
    assert_eq!(
        csv::read(out.as_bytes()).unwrap().invitees[0].email(),
        "=cmd@example.com"
    );
}

#[test]
fn mail_is_whole_and_holds_no_more_than_it_must() {
    let mut campaign = campaign("camp-mail");
    campaign.add(invitees(&[ANN]), START).unwrap();
    let member = campaign.find(ANN).unwrap().unwrap();
    let link = campaign.link(&member).unwrap();
    let text = MailText::new("Gezeiten für alle <team@example.com>").unwrap();
    let message = text.message(&campaign, &member, START).unwrap();
    let (head, body) = message.split_once("\r\n\r\n").unwrap();
    assert_eq!(
        head,
        "From: =?utf-8?B?R2V6ZWl0ZW4gZsO8ciBhbGxl?= <team@example.com>\r\n\
         To: ann@example.com\r\n\
         Subject: Tide <Videos> needs your permission once more\r\n\
         Date: Sun, 13 Mar 2011 07:06:40 +0000\r\n\
         Message-ID: <gdata-auth.0.1.0.1300000000@example.com>\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: quoted-printable\r\n\
         Auto-Submitted: auto-generated"
    );
    assert!(body.replace("=\r\n", "").contains(&link), "{body}");
    assert!(body.contains("good until 2011-04-12"), "{body}");
    assert!(message.lines().all(|line| line.len() <= 78), "{message}");

    let template = "Hi {email}\n\nFrom here: {link}\n{ 1, 2 } ünïcode = {app}";
    let text = text.with_template(template).unwrap();
    let message = text.message(&campaign, &member, START).unwrap();
    assert!(message.contains("\r\n\r\n=46rom here: "), "{message}");
    assert!(
        message.contains("{ 1, 2 } =C3=BCn=C3=AFcode =3D Tide <Videos>"),
        "{message}"
    );
    assert!(
        text.in_mbox(&message, START)
            .starts_with("From team@example.com Sun Mar 13 07:06:40 2011\nFrom: ")
    );
    for broken in ["no body", "Subject\n\nno link", "A\nB\n\n{link}"] {
        assert_eq!(
            MailText::new("a@b.org")
                .unwrap()
                .with_template(broken)
                .unwrap_err()
                .kind(),
            Kind::Input
        );
    }
    // What nothing takes the place of would go out to everybody as it stands.
    for (strange, named) in [
        ("Hi {name}\n\n{link}", "{name}"),
        ("Hi\n\n{link} {Email}", "{Email}"),
        ("Hi\n\n{link} {{ app }}", "{ app }"),
        ("Hi\n\n{link} {user.name}", "{user.name}"),
    ] {
        let text = MailText::new("a@b.org").unwrap();
        let error = text.with_template(strange).unwrap_err();
        assert_eq!(error.kind(), Kind::Input);
        assert!(
            error.to_string().ends_with(&format!(
                "expected one of {{link}}, {{email}}, {{app}}, {{ends}}, {{reason}}, {{contact}}, {{again}}, got {named}, \
                 which would go out as it stands"
            )),
            "{error}"
        );
    }
    for from in [
        "",
        "team",
        "x\r\nBcc: a@b.org <a@b.org>",
        "a@b.org, c@d.org",
    ] {
        assert_eq!(
            MailText::new(from).unwrap_err().kind(),
            Kind::Input,
            "{from}"
        );
    }
}

#[test]
fn a_hook_is_told_who_and_never_a_link() {
    let mut campaign = campaign("camp-hook");
    campaign.add(invitees(&[ANN]), START).unwrap();
    let member = campaign.find(ANN).unwrap().unwrap();
    let hook = ReminderHook::new(
        "http://127.0.0.1:9/x",
        campaign.settings(),
        std::slice::from_ref(&member),
        START,
    )
    .unwrap();
    let request = hook.request();
    let body = text_of(request.body());
    let value: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(value["users"][0]["email"], ANN);
    assert_eq!(value["users"][0]["state"], "invited");
    assert_eq!(value["users"][0]["mails"], 0);
    let id = id_of(&campaign, &member).unwrap();
    assert!(!body.contains(&id) && !body.contains("/i/"), "{body}");
    for address in [
        "http://hooks.example.com/",
        "ftp://127.0.0.1/",
        "https://u:p@hooks.example.com/",
    ] {
        assert!(
            ReminderHook::new(address, campaign.settings(), &[], START).is_err(),
            "{address}"
        );
    }
}

fn text_of(bytes: &Bytes) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn reminders_go_to_those_of_whom_nothing_has_come() {
    let mut campaign = campaign("camp-remind");
    campaign
        .add(invitees(&["a@x.org", "b@x.org"]), START)
        .unwrap();
    let day = |number: u64| START.after(Duration::from_secs(number * 86_400));
    assert_eq!(campaign.to_remind(day(0), START, &[]).unwrap(), [0, 1]);
    campaign.note_reminders(&[0], day(1)).unwrap();
    assert_eq!(campaign.to_remind(day(2), day(0), &[]).unwrap(), [1]);
    assert_eq!(
        campaign
            .to_remind(day(9), day(2), &[State::Invited])
            .unwrap(),
        [0, 1]
    );
    assert_eq!(
        campaign
            .to_remind(day(9), day(2), &[State::Partial])
            .unwrap(),
        [0_u32; 0]
    );
    assert_eq!(
        campaign.to_remind(day(30), day(29), &[]).unwrap(),
        [0_u32; 0],
        "links have ended"
    );
    assert_eq!(campaign.expire(day(30)).unwrap(), 2);
    assert_eq!(campaign.expire(day(31)).unwrap(), 0);
    assert_eq!(
        campaign.find("a@x.org").unwrap().unwrap().standing.state,
        State::Expired
    );
}

#[test]
fn settings_say_what_is_wrong_with_them() {
    let scopes = || ScopeNames::parse(YOUTUBE_V3).unwrap();
    for (origin, problem) in [
        (
            "http://upgrade.example.com",
            "expected https, or http on loopback",
        ),
        (
            "https://upgrade.example.com/page",
            "expected scheme, host and port alone",
        ),
        ("upgrade", "origin: "),
    ] {
        let error = Settings::new("App", &app(), &scopes(), origin).unwrap_err();
        assert!(error.to_string().contains(problem), "{error}");
    }
    assert!(Settings::new("App\nX", &app(), &scopes(), BACK).is_err());
    assert!(Settings::new("App", &app(), &ScopeNames::default(), BACK).is_err());
    let other = Client::installed("other").unwrap();
    let error = gdata_auth::migrate::campaign::InvitationPage::new(
        campaign("camp-other-client"),
        other,
        Arc::new(MemoryStore::new()),
        world().google,
    )
    .unwrap_err();
    assert!(error.to_string().contains(DESKTOP), "{error}");
}

#[tokio::test]
async fn a_server_that_denies_at_once_is_a_no() {
    let world = world_with(|config| config.consent = Consent::Deny);
    let stage = Stage::new("camp-deny", world, &[ANN]);
    stage.browser().consent(&stage.link(ANN)).await;
    assert_eq!(stage.state(ANN), State::Declined);
}

/// Prints how long a campaign of a million users takes; minutes without optimisation, so it is asked for.
#[test]
#[ignore = "writes a file of a million users"]
#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "it measures"
)]
fn a_campaign_of_a_million_users_opens_at_once() {
    let path = place("camp-million");
    let mut campaign = Campaign::create(&path, &settings(), &Counted::default()).unwrap();
    let users = (0..1_000_000)
        .map(|number| Invitee::new(format!("user{number}@example.com")).unwrap())
        .collect();
    let clock = std::time::Instant::now;
    let start = clock();
    campaign.add(users, START).unwrap();
    println!(
        "add: {:?}, {} bytes",
        start.elapsed(),
        fs::metadata(&path).unwrap().len()
    );
    let numbers: Vec<u32> = (0..80_000).collect();
    campaign.note_reminders(&numbers, START).unwrap();
    drop(campaign);
    let start = clock();
    let campaign = Campaign::open(&path).unwrap();
    let member = campaign.find("user777777@example.com").unwrap().unwrap();
    let opened = start.elapsed();
    println!("open and find, 80,000 changes behind the base: {opened:?}");
    let start = clock();
    let id = id_of(&campaign, &member).unwrap();
    assert!(campaign.admit(&id).unwrap().is_some());
    println!("a link: {:?}", start.elapsed());
    let start = clock();
    assert_eq!(campaign.tally(START).unwrap().total(), 1_000_000);
    println!("count: {:?}", start.elapsed());
    assert!(opened < Duration::from_millis(100), "{opened:?}");
    fs::remove_file(&path).unwrap();
}
