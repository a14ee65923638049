//! How far a migration is, by evidence of every sort.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use gdata_auth::{
    Timestamp,
    migrate::{
        dual::Snapshot,
        import::Inventory,
        plan::Code,
        report::{Ended, KeptGrants, Moved, Progress, UserOutcome},
        retire::RetireBook,
    },
    scope::ScopeNames,
    store::{GrantKey, MemoryStore, StoredGrant, update},
};
use support::campaign::{campaign, invitees};

const NOW: i64 = 1_300_000_000;
const DAY: i64 = 86_400;

fn at(days: i64) -> Timestamp {
    Timestamp::from_unix_seconds(NOW + days * DAY)
}

fn code(verdict: &str) -> Code {
    let finding = match verdict {
        "" => String::new(),
        verdict => format!(
            r#"{{"file":"a.py","line":1,"rule":"P4","kind":"auth","verdict":"{verdict}","language":"Python","excerpt":""}}"#
        ),
    };
    let text = format!(r#"{{"version":1,"findings":[{finding}],"summary":{{"files":3}}}}"#);
    Code::from_json(text.as_bytes()).unwrap()
}

fn book(name: &str, days: i64) -> RetireBook {
    let path = support::campaign::place(name);
    let mut book = RetireBook::create(&path).unwrap();
    book.watch("tides", 30, at(0)).unwrap();
    book.observe("tides", Some(at(0)), 4, at(days)).unwrap();
    book
}

fn moved() -> Vec<Moved> {
    Moved::read(b"email,outcome,why\r\nann@example.com,moved,\r\nben@example.org,not_moved,\"AuthSub, which\r\nnothing exchanges\"\r\n")
        .unwrap()
}

#[test]
fn what_nobody_looked_at_is_no_proof() {
    let nothing = Progress::at(at(0)).drawn();
    assert!(!nothing.complete && nothing.left.is_empty());
    assert_eq!(nothing.unknown.len(), 3);
    assert!(
        nothing
            .to_text()
            .contains("what was looked at is done, and not all was")
    );

    let progress = Progress::at(at(0))
        .with_code(&code(""))
        .with_retirement(&book("report-end", 30));
    let progress = progress.drawn();
    assert_eq!(
        progress.unknown,
        ["the users: give the inventory of import, the list of upgrade grant, or the campaign"]
    );
    assert!(!progress.complete);
}

#[test]
fn a_user_counts_once_by_the_best_that_became_of_it() {
    let mut asked = campaign("report-users");
    asked
        .add(
            invitees(&["ann@example.com", "ben@example.org", "cleo@example.net"]),
            at(0),
        )
        .unwrap();
    let progress = Progress::at(at(1))
        .with_grants(&moved())
        .with_campaign(&asked)
        .unwrap()
        .drawn();
    let users: Vec<(&str, UserOutcome)> = progress
        .users
        .iter()
        .map(|one| (one.user.as_str(), one.outcome))
        .collect();
    assert_eq!(
        users,
        [
            ("ann@example.com", UserOutcome::Moved),
            ("ben@example.org", UserOutcome::Waiting),
            ("cleo@example.net", UserOutcome::Waiting),
        ]
    );
    assert_eq!(
        progress.left,
        [format!(
            "2 users undecided: gdata-auth migrate upgrade remind {} --eml DIR --from ADDRESS",
            asked.path().display()
        )]
    );
    // Links of this campaign end, and then a reminder is of no use.
    let late = Progress::at(at(100)).with_campaign(&asked).unwrap().drawn();
    assert_eq!(late.totals.get("expired"), Some(&3));

    // Who had a grant before is told so, and by the campaign where that knows better.
    let before = [
        Moved::new("ann@example.com", "kept"),
        Moved::new("dee@example.com", "kept"),
    ];
    let progress = Progress::at(at(1))
        .with_grants(&before)
        .with_campaign(&asked)
        .unwrap()
        .drawn();
    assert_eq!(
        (
            progress.count(UserOutcome::Kept),
            progress.count(UserOutcome::Waiting)
        ),
        (1, 3)
    );
    let moved_before = [Moved::new("ann@example.com", "already")];
    let progress = Progress::at(at(1))
        .with_grants(&moved_before)
        .with_campaign(&asked)
        .unwrap()
        .drawn();
    assert_eq!(
        (
            progress.count(UserOutcome::Moved),
            progress.count(UserOutcome::Waiting)
        ),
        (1, 2)
    );

    // Two credentials of one user: one moved is enough, and a later run that moved it counts.
    let before = [
        Moved::new("ann@example.com", "unreachable"),
        Moved::new("ann@example.com", "not_moved"),
    ];
    let progress = Progress::at(at(0)).with_grants(&before).drawn();
    assert_eq!(
        progress.count(UserOutcome::ToTryAgain) + progress.count(UserOutcome::ToInvite),
        1
    );
    let progress = Progress::at(at(0))
        .with_grants(&before)
        .with_grants(&moved())
        .drawn();
    assert_eq!(
        (
            progress.count(UserOutcome::Moved),
            progress.count(UserOutcome::ToInvite)
        ),
        (1, 1)
    );
}

#[test]
fn who_has_no_address_is_nobody_to_invite() {
    let list = [
        Moved::new("ann@example.com", "not_moved"),
        Moved::new("imported-4f2a", "not_moved"),
        Moved::new("moodle user 5", "refused"),
        // A name that is an account of a grant or of a campaign's user is known well enough.
        Moved::new("cleo", "moved"),
        Moved::new("dora", "not_moved"),
    ];
    let mut asked = campaign("report-nameless");
    let dora = invitees(&["dora@example.com"]).remove(0);
    asked
        .add(vec![dora.with_account("dora").unwrap()], at(0))
        .unwrap();
    let progress = Progress::at(at(1))
        .with_grants(&list)
        .with_campaign(&asked)
        .unwrap()
        .drawn();
    let path = asked.path().display();
    assert_eq!(
        progress.left,
        [
            format!("1 user to be invited: gdata-auth migrate upgrade add {path} USERS"),
            format!(
                "1 user undecided: gdata-auth migrate upgrade remind {path} --eml DIR --from ADDRESS"
            ),
            format!(
                "2 accounts of which no store gives an address: find out whose they are, then gdata-auth migrate upgrade add {path} USERS"
            ),
        ]
    );
    assert_eq!(progress.users.len(), 3);
    assert!(
        progress.to_text().contains("3 users: "),
        "{}",
        progress.to_text()
    );
    assert!(
        progress
            .to_json()
            .unwrap()
            .contains("\"without_address\": 2")
    );
}

#[test]
fn each_open_thing_is_left_to_do_and_nothing_else() {
    let counters = Snapshot::from_json(
        r#"{"feeds":{"other":{"new":2,"old":4,"fallback":0,"failed":0,"same":3,"different":1}}}"#,
    )
    .unwrap();
    let ended = Ended::read(
        b"account,protocol,outcome,place\r\nann,OAuth 1.0,revoked,x\r\nben,AuthSub,failed,x\r\ncleo,ClientLogin,by_hand,x\r\n",
    )
    .unwrap();
    let progress = Progress::at(at(12))
        .named("Tide Videos")
        .with_code(&code("port"))
        .with_grants(&moved())
        .with_calls(&counters)
        .with_ended(&ended)
        .with_retirement(&book("report-open", 12))
        .drawn();
    assert_eq!(
        progress.left,
        [
            "1 place in the code: port to another API",
            "1 user to be invited: gdata-auth migrate upgrade add CAMPAIGN USERS",
            "1 call compared: the new answer differs from the old one",
            "1 legacy credential could not be ended: gdata-auth migrate retire revoke PATH",
            "tides: 12 of 30 days without a legacy call have been seen since `watch` on 2011-03-13T07:06:40Z",
        ]
    );
    let hand = progress.by_hand.join("\n");
    for words in [
        "change the password",
        "entry of the website",
        "entry of the consumer",
    ] {
        assert!(hand.contains(words), "{words}: {hand}");
    }
    assert!(!hand.contains("two-legged"), "{hand}");
    let json: serde_json::Value = serde_json::from_str(&progress.to_json().unwrap()).unwrap();
    assert_eq!(json["complete"], false);
    assert_eq!(json["calls"]["different"], 1);
    assert_eq!(json["integrations"]["tides"]["stage"], "running");
    assert!(progress.to_markdown().contains("## Left to do"));
    assert!(progress.to_html().starts_with("<!doctype html>"));
}

#[test]
fn a_migration_is_complete_when_all_was_looked_at_and_nothing_is_left() {
    let ended = [Ended::new("ann@example.com", "OAuth 1.0", "revoked")];
    let progress = Progress::at(at(31))
        .with_code(&code("already-oauth2"))
        .with_grants(&[Moved::new("ann@example.com", "moved")])
        .with_ended(&ended)
        .with_retirement(&book("report-complete", 31))
        .drawn();
    assert_eq!(progress.left, Vec::<String>::new());
    assert!(progress.complete && progress.unknown.is_empty());
    assert!(
        progress
            .to_text()
            .contains("Complete: nothing is left to do.")
    );
}

#[test]
fn a_list_of_another_sort_is_refused_in_words() {
    for (list, words) in [
        (
            &b"email,state\r\nann@example.com,invited\r\n"[..],
            "column outcome",
        ),
        (
            b"email,outcome\r\nann@example.com\r\n",
            "line 2: expected 2 fields",
        ),
        (
            b"email,outcome\r\n\"ann@example.com,moved\r\n",
            "quoted field",
        ),
        (b"\xff\xfe", "UTF-8"),
        (b"", "column email"),
    ] {
        let error = Moved::read(list).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn a_scan_passes_over_reports_with_a_name_and_without() {
    use gdata_auth::migrate::scan::Scan;

    let folder = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("report-scanned");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    // A note of a user may quote the very words that a scan looks for.
    let quoted = "https://www.google.com/accounts/ClientLogin";
    let unnamed = Progress::at(at(0)).with_grants(&[Moved::new(quoted, "moved")]);
    let named = unnamed.clone().named("Tide Videos");
    for (name, progress) in [("unnamed.json", unnamed), ("named.json", named)] {
        let text = progress.drawn().to_json().unwrap();
        assert!(text.contains(quoted));
        std::fs::write(folder.join(name), text).unwrap();
    }
    // The same words in a settings file are a finding, so that this test can fail.
    std::fs::write(
        folder.join("app.json"),
        format!("{{\"login\": \"{quoted}\"}}\n"),
    )
    .unwrap();
    let report = Scan::new().run(&[folder], |_, _| {}).unwrap();
    let files: Vec<&str> = report
        .findings
        .iter()
        .filter_map(|one| one.file.rsplit('/').next())
        .collect();
    assert_eq!(files, ["app.json"]);
}

/// A store of old: two users of OAuth 2.0, and three of older protocols.
const STORES: &str = r#"{"version":1,"credentials":[
{"number":1,"protocol":"oauth2","form":"google-auth-json","user":"ann@example.com","scopes":["https://www.googleapis.com/auth/youtube"],"client":"app",
 "found":{"file":"a","at":"document"},"use":"as-it-is","secrets":[{"name":"refresh_token","mask":"1//… (9 characters)","fingerprint":"00000001"}]},
{"number":2,"protocol":"oauth2","form":"google-auth-json","user":"ben@example.org","scopes":[],"client":"app",
 "found":{"file":"b","at":"document"},"use":"as-it-is","secrets":[{"name":"refresh_token","mask":"1//… (9 characters)","fingerprint":"00000002"}]},
{"number":3,"protocol":"auth-sub","form":"gdata-python-blob","user":"cleo@example.net","scopes":["http://gdata.youtube.com/feeds/"],
 "found":{"file":"c","at":"record 1"},"use":"consent-again","secrets":[{"name":"token","mask":"1/… (9 characters)","fingerprint":"00000003"}]},
{"number":4,"protocol":"auth-sub","form":"gdata-python-blob","user":"dee@example.com","scopes":["http://gdata.youtube.com/feeds/"],
 "found":{"file":"c","at":"record 2"},"use":"consent-again","secrets":[{"name":"token","mask":"1/… (9 characters)","fingerprint":"00000004"}]},
{"number":5,"protocol":"client-login","form":"gdata-python-blob","user":"Ann@Example.com","service":"cl",
 "found":{"file":"c","at":"record 3"},"use":"consent-again","secrets":[{"name":"token","mask":"DQ… (9 characters)","fingerprint":"00000005"}]},
{"number":6,"protocol":"oauth2-client","form":"client-secrets","client":"app",
 "found":{"file":"d","at":"document"},"use":"client","secrets":[]}
],"doubles":[],"problems":[]}"#;

const YOUTUBE: &str = "https://www.googleapis.com/auth/youtube";

fn keep(store: &MemoryStore, account: &str, scopes: &[&str], flow: &str) {
    let key = GrantKey::new("https://accounts.google.com", "app", account).unwrap();
    let grant = StoredGrant::new(at(0))
        .with_refresh_token("1//r")
        .with_granted(ScopeNames::new(scopes).unwrap())
        .with_flow(flow);
    update(store, &key, |_| grant.clone()).unwrap();
}

fn people(store: &MemoryStore) -> Progress {
    let inventory = Inventory::from_json(STORES.as_bytes()).unwrap();
    let kept = KeptGrants::of(store, at(1)).unwrap();
    Progress::at(at(1)).with_inventory(&inventory, &kept)
}

fn outcomes(progress: &Progress) -> Vec<(&str, &str)> {
    let users = progress.users.iter();
    users
        .map(|one| (one.user.as_str(), one.outcome.word()))
        .collect()
}

#[test]
fn who_was_moved_by_import_alone_is_counted_and_who_was_not_is_left() {
    // Nothing is kept yet: everybody is somewhere, and nobody is done.
    let before = people(&MemoryStore::new()).drawn();
    assert_eq!(
        outcomes(&before),
        [
            ("ann@example.com", "to_invite"),
            ("ben@example.org", "to_import"),
            ("cleo@example.net", "to_invite"),
            ("dee@example.com", "to_invite"),
        ]
    );
    assert!(
        before.left.contains(
            &"1 user with a token of OAuth 2.0 that is not kept: gdata-auth migrate import --into-store PATH"
                .to_owned()
        ),
        "{:?}",
        before.left
    );

    let store = MemoryStore::new();
    keep(&store, "ben@example.org", &[], "imported");
    // Her calendar is covered as well, by the successor of ClientLogin's service.
    let both = [YOUTUBE, "https://www.googleapis.com/auth/calendar"];
    keep(&store, "ann@example.com", &both, "imported");
    keep(&store, "cleo@example.net", &[YOUTUBE], "migration-grant");
    let after = people(&store)
        .with_grants(&[Moved::new("dee@example.com", "unreachable")])
        .drawn();
    assert_eq!(
        outcomes(&after),
        [
            ("ann@example.com", "imported"),
            ("ben@example.org", "imported"),
            ("cleo@example.net", "moved"),
            ("dee@example.com", "to_try_again"),
        ]
    );
    assert_eq!(
        after.left,
        [
            "1 user to be tried again: gdata-auth migrate upgrade grant --client-secrets CLIENT_SECRETS PATH"
        ]
    );
    assert_eq!(after.totals.values().sum::<u64>(), 4);
    assert!(after.to_text().contains("kept by import: 2"));
}

#[test]
fn a_grant_that_covers_less_and_one_that_is_dead_move_nobody() {
    let store = MemoryStore::new();
    keep(&store, "ann@example.com", &[YOUTUBE], "imported");
    let key = GrantKey::new("https://accounts.google.com", "app", "ben@example.org").unwrap();
    let dead = StoredGrant::new(at(0)).with_refresh_token("1//r");
    update(&store, &key, |_| {
        dead.clone().with_death("invalid_grant", at(0))
    })
    .unwrap();
    // A run that moved one token of hers knows nothing of the calendar.
    let progress = people(&store)
        .with_grants(&[Moved::new("ann@example.com", "moved")])
        .drawn();
    assert_eq!(
        (outcomes(&progress)[0], outcomes(&progress)[1]),
        (
            ("ann@example.com", "to_invite"),
            ("ben@example.org", "to_import")
        )
    );
    assert_eq!(
        progress.users[0].note,
        "the grant that is kept does not cover what its ClientLogin did"
    );

    // A campaign knows better, whatever the store keeps.
    let mut asked = campaign("report-inventory");
    asked
        .add(invitees(&["ann@example.com", "cleo@example.net"]), at(0))
        .unwrap();
    let progress = people(&store).with_campaign(&asked).unwrap().drawn();
    assert_eq!(
        outcomes(&progress),
        [
            ("ann@example.com", "waiting"),
            ("ben@example.org", "to_import"),
            ("cleo@example.net", "waiting"),
            ("dee@example.com", "to_invite"),
        ]
    );
}

#[test]
fn a_store_that_import_could_not_read_keeps_a_migration_open() {
    let text = r#"{"version":1,"credentials":[],"problems":[{"found":{"file":"a","at":"line 3"},"what":"cut off"}]}"#;
    let inventory = Inventory::from_json(text.as_bytes()).unwrap();
    let progress = Progress::at(at(1)).with_inventory(&inventory, &KeptGrants::default());
    assert_eq!(
        progress.drawn().left,
        ["1 place of token stores could not be read: gdata-auth migrate import PATH"]
    );
}

#[test]
fn a_password_in_a_store_keeps_a_migration_open() {
    let store = |alarm: &str| {
        format!(
            r#"{{"version":1,"credentials":[{{"number":1,"protocol":"oauth2","form":"google-auth-json","user":"ann@example.com","scopes":["{YOUTUBE}"],
"found":{{"file":"a","at":"document"}},"use":"as-it-is"{alarm},"secrets":[{{"name":"refresh_token","mask":"1//… (9 characters)","fingerprint":"00000001"}}]}}]}}"#
        )
    };
    let grants = MemoryStore::new();
    keep(&grants, "ann@example.com", &[YOUTUBE], "imported");
    let kept = KeptGrants::of(&grants, at(1)).unwrap();
    let book = book("report-alarm", 31);
    let told = |alarm: &str| {
        let inventory = Inventory::from_json(store(alarm).as_bytes()).unwrap();
        Progress::at(at(31))
            .with_code(&code("already-oauth2"))
            .with_inventory(&inventory, &kept)
            .with_retirement(&book)
            .drawn()
    };
    let progress = told(r#","alarms":["password"]"#);
    assert_eq!(
        progress.left,
        [
            "1 private key or password in token stores: whoever read it has it; replace it, take it out, and import again"
        ]
    );
    assert!(!progress.complete && progress.alarms == 1);
    // The store was mended, and read again.
    assert!(told("").complete);
}

#[test]
fn who_has_a_refresh_token_beside_an_older_one_has_it_to_import() {
    let store = |scopes: &str, old: &str| {
        format!(
            r#"{{"version":1,"credentials":[
{{"number":1,"protocol":"oauth1","form":"gdata-python-blob","user":"Ann@example.com","scopes":["{old}"],
 "found":{{"file":"a","at":"line 1"}},"use":"migration-grant","secrets":[{{"name":"token","mask":"1/… (9 characters)","fingerprint":"00000001"}}]}},
{{"number":2,"protocol":"oauth2","form":"oauth2client-json","user":"ann@example.com","scopes":[{scopes}],"client":"app",
 "found":{{"file":"b","at":"document"}},"use":"as-it-is","secrets":[{{"name":"refresh_token","mask":"1//… (9 characters)","fingerprint":"00000002"}}]}}]}}"#
        )
    };
    let quoted = format!("\"{YOUTUBE}\"");
    let refused = [Moved::new("ann@example.com", "refused")];
    let feeds = "http://gdata.youtube.com/feeds/";
    let calendar = "https://www.google.com/calendar/feeds/";
    for (scopes, old, outcome) in [
        (quoted.as_str(), feeds, UserOutcome::ToImport),
        // A store that names no scopes says nothing against them.
        ("", feeds, UserOutcome::ToImport),
        (quoted.as_str(), calendar, UserOutcome::ToInvite),
    ] {
        let inventory = Inventory::from_json(store(scopes, old).as_bytes()).unwrap();
        let progress = Progress::at(at(1)).with_inventory(&inventory, &KeptGrants::default());
        let told = progress.clone().drawn();
        assert_eq!(told.count(outcome), 1, "{scopes} {old}: {:?}", told.totals);
        let told = progress.with_grants(&refused).drawn();
        assert_eq!(told.count(outcome), 1, "{scopes} {old}: {:?}", told.totals);
    }
    // And it is done when it is kept.
    let kept = MemoryStore::new();
    keep(&kept, "ann@example.com", &[], "imported");
    let inventory = Inventory::from_json(store("", feeds).as_bytes()).unwrap();
    let told = Progress::at(at(1))
        .with_inventory(&inventory, &KeptGrants::of(&kept, at(1)).unwrap())
        .with_grants(&refused)
        .drawn();
    assert_eq!(told.count(UserOutcome::Imported), 1, "{:?}", told.totals);
}

#[test]
fn a_state_that_is_still_to_come_is_not_done() {
    let book = book("report-ahead", 31);
    let told = |days: i64| {
        Progress::at(at(days))
            .with_code(&code("already-oauth2"))
            .with_grants(&[Moved::new("ann@example.com", "moved")])
            .with_retirement(&book)
            .drawn()
    };
    let progress = told(30);
    assert_eq!(
        progress.left,
        [
            "tides: its state is of a moment that has not come, so its days prove nothing: a clock is wrong, or was"
        ]
    );
    assert!(!progress.complete);
    assert!(told(31).complete);
}
