//! Whom a plan asks, and by which client: administrators one by one, a domain at once, everybody else by consent.
#![expect(clippy::unwrap_used, reason = "a step that fails here fails the test")]

mod support;

use gdata_auth::migrate::plan::{ClientType, Plan, Wishes, report};
use support::plan::{INVENTORY, draw};

const ROSTER: &str = r#"{"version":1,"findings":[
 {"file":"roster.py","line":4,"column":1,"rule":"P1","kind":"auth","verdict":"header-swap","language":"Python",
  "service":{"id":"domain-contacts"},"excerpt":"c.GetFeed(u)"}],"summary":{"files":1,"leftOut":0},"skipped":[]}"#;

/// Three users of a domain, each with an old credential of another kind for the contacts that the domain shares.
const OWN: &str = r#"{"version":1,"credentials":[
 {"number":1,"protocol":"oauth1","form":"gdata-python-blob","user":"ann@example.com",
  "scopes":["https://www.google.com/m8/feeds"],"found":{"file":"t","at":"1"},"use":"migration-grant","secrets":[]},
 {"number":2,"protocol":"auth-sub","form":"gdata-python-blob","user":"ben@example.com",
  "scopes":["https://www.google.com/m8/feeds"],"found":{"file":"t","at":"2"},"use":"consent-again","secrets":[]},
 {"number":3,"protocol":"client-login","form":"gdata-python-blob","user":"cleo@example.com",
  "scopes":[],"service":"cp","found":{"file":"t","at":"3"},"use":"consent-again","secrets":[]}]}"#;

/// Kinds of client, users (delegated, by grant, by consent), steps, whether there is a campaign.
type Way = (Vec<ClientType>, [u64; 3], Vec<String>, bool);

fn way(inventory: &str, wishes: &Wishes) -> (Way, Plan) {
    let plan = draw(Some(ROSTER), Some(inventory), None, wishes);
    let people = plan.people.clone().unwrap();
    let steps = plan.steps.iter().map(|step| step.id.clone());
    let way = (
        plan.clients.iter().map(|own| own.kind).collect(),
        [people.delegated, people.by_grant, people.by_consent],
        steps.filter(|id| !id.starts_with("swap-")).collect(),
        plan.campaign.is_some(),
    );
    (way, plan)
}

#[test]
fn a_service_account_and_consents_of_administrators_are_never_planned_together() {
    let words = |words: &str| words.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let account = vec![ClientType::ServiceAccount];
    let delegated = (
        account,
        [3, 0, 0],
        words("client delegate dual retire"),
        false,
    );
    let mut wishes = Wishes::default();
    let (told, plan) = way(OWN, &wishes);
    assert_eq!(told, delegated);
    let swap = plan
        .steps
        .iter()
        .find(|step| step.id == "swap-domain-contacts");
    let what = &swap.unwrap().what;
    assert!(what.contains("one administrator's credential"), "{what}");
    let or = plan.clients[0].alternative.as_deref().unwrap();
    assert!(or.contains("--client web"), "{or}");
    let text = report::text(&plan);
    assert!(
        text.contains("Or in place of it: a web client") && !text.contains("client_secret.json"),
        "{text}"
    );

    let web = vec![ClientType::Web];
    wishes.client = Some(ClientType::Web);
    let asked = (
        web.clone(),
        [0, 0, 3],
        words("client consent dual retire"),
        true,
    );
    assert_eq!(way(OWN, &wishes).0, asked);

    wishes = Wishes::default();
    wishes.grant = true;
    let (told, plan) = way(OWN, &wishes);
    let moved = (
        web,
        [0, 1, 2],
        words("client grant consent dual retire"),
        true,
    );
    assert_eq!(told, moved);
    let campaign = plan.campaign.as_ref().unwrap();
    assert_eq!(campaign.scopes, ["https://www.google.com/m8/feeds"]);
    assert_eq!(campaign.users, ["ben@example.com", "cleo@example.com"]);
    let or = plan.clients[0].alternative.as_deref().unwrap();
    assert!(or.contains("--client service-account"), "{or}");

    wishes.client = Some(ClientType::ServiceAccount);
    assert_eq!(way(OWN, &wishes).0, delegated);
}

#[test]
fn who_has_something_else_beside_is_asked_for_that_alone() {
    let both = ROSTER.replace(
        "\"findings\":[",
        r#""findings":[{"file":"v.py","line":1,"column":1,"rule":"P1","kind":"auth","verdict":"port","language":"Python","service":{"id":"youtube"},"excerpt":"c.GetFeed(u)"},"#,
    );
    let inventory = OWN.replacen(
        "\"scopes\":[\"https://www.google.com/m8/feeds\"]",
        "\"scopes\":[\"http://gdata.youtube.com\"]",
        1,
    );
    let mut wishes = Wishes::default();
    wishes.grant = true;
    let plan = draw(Some(&both), Some(&inventory), None, &wishes);
    let kinds: Vec<ClientType> = plan.clients.iter().map(|own| own.kind).collect();
    assert_eq!(kinds[0], ClientType::ServiceAccount);
    let people = plan.people.as_ref().unwrap();
    assert_eq!(
        (people.delegated, people.by_grant, people.by_consent),
        (2, 1, 0)
    );
    let scopes: Vec<_> = plan.scopes.iter().map(|ask| ask.service.as_str()).collect();
    assert!(scopes.contains(&"youtube") && plan.campaign.is_none());
}

#[test]
fn rules_for_the_client_tell_their_reasons() {
    let kinds = |plan: &Plan| plan.clients.iter().map(|own| own.kind).collect::<Vec<_>>();
    let tube = r#"{"method":"GET","url":"http://gdata.youtube.com/feeds/api/videos/x"}"#;
    let cal = r#"{"method":"GET","url":"http://www.google.com/calendar/feeds/x"}"#;
    let audit =
        r#"{"method":"GET","url":"https://apps-apis.google.com/a/feeds/compliance/audit/x"}"#;
    let login = r#"{"method":"POST","url":"https://www.google.com/accounts/ClientLogin"}"#;
    let mut headless = Wishes::default();
    headless.headless = true;
    let plain = Wishes::default();
    for (log, wishes, expected) in [
        (tube.to_owned(), &headless, &[ClientType::Device][..]),
        (cal.to_owned(), &headless, &[ClientType::Installed]),
        (format!("{cal}\n{login}"), &plain, &[ClientType::Installed]),
        (
            format!("{audit}\n{cal}"),
            &plain,
            &[ClientType::ServiceAccount, ClientType::Installed],
        ),
    ] {
        let plan = draw(None, None, Some(&log), wishes);
        assert_eq!(kinds(&plan), expected, "{log}");
        assert!(plan.clients.iter().all(|own| !own.reason.is_empty()));
    }
    let two_legged = INVENTORY.replace("\"oauth1\"", "\"oauth1-two-legged\"");
    let plan = draw(None, Some(&two_legged), None, &plain);
    assert_eq!(
        kinds(&plan),
        [ClientType::ServiceAccount, ClientType::Web],
        "YouTube takes no service account"
    );
    let mut forced = Wishes::default();
    forced.client = Some(ClientType::ServiceAccount);
    assert_eq!(
        kinds(&draw(None, None, Some(tube), &forced)),
        [ClientType::Installed]
    );
}

#[test]
fn the_grant_moves_users_only_where_a_server_offers_it() {
    let plan = draw(None, Some(INVENTORY), None, &Wishes::default());
    let people = plan.people.unwrap();
    assert_eq!(
        (people.by_grant, people.exchangeable, people.by_consent),
        (0, 1, 3)
    );
    let mut wishes = Wishes::default();
    wishes.grant = true;
    let plan = draw(None, Some(INVENTORY), None, &wishes);
    let people = plan.people.as_ref().unwrap();
    assert_eq!(
        (
            people.users,
            people.kept,
            people.by_grant,
            people.by_consent
        ),
        (4, 1, 1, 2)
    );
    assert_eq!(plan.to_csv(), "email\r\nann@example.com\r\n");
}
