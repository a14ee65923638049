//! Laws of a plan, whatever the code, the tokens and the log say.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashSet;

use gdata_auth::{
    migrate::{
        catalogue::{Catalogue, State},
        import::Inventory,
        plan::{CallLog, Code, Inputs, Plan, Wishes, report},
    },
    scope::ScopeNames,
};
use proptest::prelude::*;
use serde_json::json;

const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];
const VERDICTS: &[&str] = &["port", "header-swap", "no-successor", "check-by-hand"];
const EXCERPTS: &[&str] = &["$s->insertEntry($e);", "$s->getFeed($u);", ""];
/// Pieces of addresses that want scopes of their own.
const PIECES: &[&str] = &[
    "",
    "/default",
    "/default/allcalendars/full",
    "/default/owncalendars/full",
    "/default/acl/full",
    "/user/2.0/example.com",
    "/group/2.0/example.com",
    "/orgunit/2.0/C1",
    "/customer/2.0/C1",
    "/2.0/example.com/ann/delegation",
    "/2.0/example.com/ann/label",
    "/api/videos/x",
    "/api/videos/x/comments",
    "/api/videos/x/captions",
    "/api/users/default/uploads",
    "/api/users/default/playlists",
    "/example.com/full",
];

fn catalogue() -> &'static Catalogue {
    Catalogue::built_in().unwrap()
}

/// A call to a prefix of the table, or to one of YouTube's rows.
fn call() -> impl Strategy<Value = String> {
    let feeds: Vec<String> = catalogue()
        .services()
        .iter()
        .flat_map(|service| service.feeds())
        .map(|feed| feed.replace("{domain}", "example.com"))
        .collect();
    let rows: Vec<String> = catalogue()
        .youtube_calls()
        .iter()
        .map(|call| format!("gdata.youtube.com/{}", call.path().replace(['{', '}'], "")))
        .collect();
    let below = (prop::sample::select(feeds), prop::sample::select(PIECES))
        .prop_map(|(feed, piece)| format!("{feed}{piece}"));
    let address = prop_oneof![below, prop::sample::select(rows)];
    (prop::sample::select(METHODS), address, 1..29_u32).prop_map(|(method, address, day)| {
        format!("h - - [{day:02}/Nov/2026:05:00:00 +0000] \"{method} http://{address} HTTP/1.1\" 410 9\n")
    })
}

fn log() -> impl Strategy<Value = String> {
    prop::collection::vec(call(), 0..12).prop_map(|lines| lines.concat())
}

/// Ids of services that the code names, and what `migrate scan` would print of them.
fn scan() -> impl Strategy<Value = (Vec<String>, String)> {
    let ids: Vec<String> = catalogue()
        .services()
        .iter()
        .map(|own| own.id().to_owned())
        .collect();
    let spot = (
        prop::sample::select(ids),
        prop::sample::select(VERDICTS),
        prop::sample::select(EXCERPTS),
    );
    prop::collection::vec(spot, 0..6).prop_map(|spots| {
        let findings: Vec<_> = spots
            .iter()
            .map(|(id, verdict, excerpt)| {
                json!({ "file": "x.php", "line": 1, "column": 1, "rule": "H3", "kind": "auth", "verdict": verdict,
                    "language": "PHP", "service": { "id": id }, "excerpt": excerpt })
            })
            .collect();
        let ids = spots.into_iter().map(|(id, ..)| id).collect();
        let text = json!({ "version": 1, "findings": findings, "summary": { "files": 1, "leftOut": 0 }, "skipped": [] });
        (ids, text.to_string())
    })
}

/// Scopes of stored tokens, and what `migrate import --json` would print of them.
fn inventory() -> impl Strategy<Value = (Vec<String>, String)> {
    let scopes: Vec<String> = catalogue()
        .services()
        .iter()
        .flat_map(|service| service.scopes())
        .map(str::to_owned)
        .collect();
    prop::collection::vec((prop::sample::select(scopes), 0..4_u32), 0..6).prop_map(|tokens| {
        let credentials: Vec<_> = (1..)
            .zip(&tokens)
            .map(|(number, (scope, user))| {
                json!({ "number": number, "protocol": "auth-sub", "form": "php-session", "user": format!("u{user}@example.com"),
                    "scopes": [scope], "found": { "file": format!("sess_{number}"), "at": "sessionToken" },
                    "use": "consent-again", "secrets": [] })
            })
            .collect();
        let text = json!({ "version": 1, "credentials": credentials }).to_string();
        (tokens.into_iter().map(|(scope, _)| scope).collect(), text)
    })
}

fn read(log: &str) -> CallLog {
    let mut calls = CallLog::default();
    calls.read(&mut log.as_bytes(), None, catalogue()).unwrap();
    calls
}

fn draw(scan: &str, inventory: &str, log: &CallLog, wishes: &Wishes) -> Plan {
    let code = Code::from_json(scan.as_bytes()).unwrap();
    let inventory = Inventory::from_json(inventory.as_bytes()).unwrap();
    let inputs = Inputs::new(catalogue());
    let inputs = inputs
        .with_code(&code)
        .with_inventory(&inventory)
        .with_log(log);
    Plan::draw(&inputs, wishes).unwrap()
}

fn wishes() -> impl Strategy<Value = Wishes> {
    (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(headless, grant, origin)| {
        let mut wishes = Wishes::default();
        (wishes.headless, wishes.grant) = (headless, grant);
        wishes.origin = origin.then(|| "https://upgrade.example.com".to_owned());
        wishes
    })
}

/// By Google's own rules alone: the same name, or the one that also writes.
fn is_part_of(scope: &str, other: &str) -> bool {
    let whole = scope.strip_suffix(".readonly");
    let names = ScopeNames::parse(other).unwrap();
    names.cover(scope) || whole.is_some_and(|whole| names.cover(whole))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_scope_of_a_plan_is_covered_by_another((_, scan) in scan(), (_, inventory) in inventory(), log in log(), wishes in wishes()) {
        let plan = draw(&scan, &inventory, &read(&log), &wishes);
        for (at, ask) in plan.scopes.iter().enumerate() {
            for (place, other) in plan.scopes.iter().enumerate() {
                let together = plan.clients.iter().any(|own| own.services.contains(&ask.service) && own.services.contains(&other.service));
                if at == place || !together {
                    continue;
                }
                // Two names of one scope, such as those of Contacts, stay where two APIs document one each.
                let narrower = is_part_of(&ask.scope, &other.scope) && !is_part_of(&other.scope, &ask.scope);
                prop_assert!(
                    !narrower && (&ask.scope, &ask.service) != (&other.scope, &other.service),
                    "{} of {} within {} of {}", ask.scope, ask.service, other.scope, other.service
                );
            }
        }
        let names: HashSet<&str> = plan.scopes.iter().map(|ask| ask.scope.as_str()).collect();
        let count = format!("Scopes of OAuth 2.0 to ask for: {}.", names.len());
        prop_assert!(report::text(&plan).contains(&count), "one that two services want is one");
        let told: HashSet<&String> = plan.unverified.iter().collect();
        prop_assert_eq!(told.len(), plan.unverified.len());
        if let Some(campaign) = &plan.campaign {
            let asked: HashSet<&str> = plan.scopes.iter().map(|ask| ask.scope.as_str()).collect();
            prop_assert!(campaign.scopes.iter().all(|scope| asked.contains(scope.as_str())));
        }
    }

    #[test]
    fn every_service_of_the_inputs_is_in_the_plan((ids, scan) in scan(), (scopes, inventory) in inventory(), log in log()) {
        let log = read(&log);
        let plan = draw(&scan, &inventory, &log, &Wishes::default());
        let planned: HashSet<&str> = plan.services.iter().map(|need| need.id.as_str()).collect();
        let of_scopes = scopes.iter().map(|scope| catalogue().by_scope(scope).unwrap().id());
        for id in ids.iter().map(String::as_str).chain(log.services.keys().map(String::as_str)).chain(of_scopes) {
            let stands_for_none = catalogue().service(id).unwrap().state() == State::None;
            // A scope that two APIs share is for the one that lives, where that one is seen and the other is not.
            let shared = id == "contacts" && planned.contains("domain-contacts");
            prop_assert!(planned.contains(id) || stands_for_none || shared, "{id} is lost");
        }
        // And nothing is made up; each has a way to go, or is said to have none.
        for need in &plan.services {
            let given = ids.contains(&need.id) || log.services.contains_key(&need.id);
            prop_assert!(given || scopes.iter().any(|scope| catalogue().by_scope(scope).unwrap().id() == need.id));
            let step = plan.steps.iter().any(|step| step.id.ends_with(&format!("-{}", need.id)));
            prop_assert!(step, "{} has no step", need.id);
            let ended = plan.cannot.iter().any(|one| one.what == need.name);
            prop_assert_eq!(ended, need.successor.is_none() && need.state != State::Alive);
        }
    }

    #[test]
    fn no_step_comes_before_what_it_waits_for((_, scan) in scan(), (_, inventory) in inventory(), log in log(), wishes in wishes()) {
        let plan = draw(&scan, &inventory, &read(&log), &wishes);
        let mut done = HashSet::new();
        for step in &plan.steps {
            for before in &step.after {
                prop_assert!(done.contains(before.as_str()), "{} waits for {before}", step.id);
            }
            prop_assert!(done.insert(step.id.as_str()), "{} comes twice", step.id);
        }
    }

    #[test]
    fn the_order_of_a_log_makes_no_difference(lines in prop::collection::vec(call(), 0..12), at in 0..12_usize) {
        let mut turned = lines.clone();
        turned.rotate_left(at.min(lines.len()));
        let plan = |lines: &[String]| draw(&scan_of_nothing(), r#"{"version":1,"credentials":[]}"#, &read(&lines.concat()), &Wishes::default());
        prop_assert_eq!(plan(&lines).to_json().unwrap(), plan(&turned).to_json().unwrap());
    }
}

fn scan_of_nothing() -> String {
    r#"{"version":1,"findings":[],"summary":{"files":1,"leftOut":0},"skipped":[]}"#.to_owned()
}
