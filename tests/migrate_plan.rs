//! A plan from findings, an inventory and a log: small inputs written out, and the whole plan beside them.

mod support;

use gdata_auth::{
    Kind,
    migrate::{
        catalogue::Catalogue,
        plan::{CallLog, Code, Inputs, Login, Plan, Wishes, report},
    },
};
use serde_json::{Value, json};
use support::plan::{INVENTORY, draw, read};

const SCAN: &str = r#"{"version":1,"findings":[
 {"file":"site/tides.php","line":4,"column":1,"rule":"H3","kind":"auth","verdict":"port","language":"PHP",
  "service":{"id":"youtube","name":"YouTube"},"excerpt":"$u = Zend_Gdata_AuthSub::getAuthSubTokenUri($n, $s);"},
 {"file":"site/tides.php","line":9,"column":1,"rule":"W26","kind":"inventory","verdict":"port","language":"PHP",
  "service":{"id":"calendar"},"excerpt":"$s->insertEvent($e);"},
 {"file":"site/old.php","line":2,"column":1,"rule":"W26","kind":"inventory","verdict":"no-successor","language":"PHP",
  "service":{"id":"health"},"excerpt":"https://www.google.com/health/feeds/"},
 {"file":"site/old.php","line":7,"column":1,"rule":"L1","kind":"leak","verdict":"port","language":"PHP","excerpt":"log('****')"},
 {"file":"site/rss.php","line":1,"column":1,"rule":"W8","kind":"auth","verdict":"look-alike","language":"PHP","excerpt":""}],
 "summary":{"files":3,"leftOut":0},"skipped":[]}"#;

const LOG: &str = r#"10.0.0.7 - - [20/Nov/2026:05:00:00 +0000] "GET http://gdata.youtube.com/feeds/api/videos?q=tide&key=AI39siCanary HTTP/1.1" 410 9
10.0.0.7 - ann [20/Nov/2026:05:00:01 +0000] "GET http://gdata.youtube.com/feeds/api/videos/x1/related HTTP/1.1" 410 9 "-" "Zend_Gdata"
gdata.youtube.com:80 10.0.0.7 - - [20/Nov/2026:23:30:00 -0100] "POST /feeds/api/users/default/uploads HTTP/1.1" 410 9 "-" "Zend_Gdata"
{"time":"2026-11-21T06:00:00Z","method":"GET","url":"http://gdata.youtube.com/feeds/api/users/default/uploads"}
{"ts":1795240800.5,"request":{"method":"GET","host":"www.google.com","uri":"/calendar/feeds/ann%40example.com/private-canary/full"},"status":404}
{"time_local":"21/Nov/2026:06:00:00 +0000","host":"www.google.com","request":"GET /accounts/AuthSubSessionToken HTTP/1.1"}

not a line of a log
10.0.0.7 - - [21/Nov/2026:06:00:00 +0000] "CONNECT www.google.com:443 HTTP/1.1" 200 0
10.0.0.7 - - [21/Nov/2026:06:00:00 +0000] "GET https://example.com/ HTTP/1.1" 200 0
"#;

const PLAN: &str = include_str!("migrate_plan/tide_videos.txt");

fn whole() -> Plan {
    let mut wishes = Wishes::default();
    wishes.name = Some("Tide Videos".to_owned());
    wishes.origin = Some("https://upgrade.example.com".to_owned());
    draw(Some(SCAN), Some(INVENTORY), Some(LOG), &wishes)
}

fn scopes(plan: &Plan) -> Vec<&str> {
    plan.scopes
        .iter()
        .map(|ask| {
            ask.scope
                .trim_start_matches("https://www.googleapis.com/auth/")
        })
        .collect()
}

// The text was held against its sources line by line, and is not printed by the code. Counts: of the inputs above, by
// hand (days are days of UTC: 23:30 an hour behind is the next one; 1795240800 is 2026-11-21T06:00:00Z). Services, dates
// and scopes: migration.md 2.4, legacy-protocol.md 6 (Health ended 2013-01-01). Calls: migration.md 2.5. Quota: 20 November
// is one search, whose own call is of a bucket, and one videos.list (1 unit); 21 November an upload, of a bucket, and two
// calls of one unit each; 3 units in 2 days are 2 a day, rounded up; buckets of 100, a pool of 10,000. Verification: the
// page that it names. Users: Ann, Ben and one without a name consent; Cleo's grant covers what is asked for.
#[test]
fn tells_the_whole_plan_of_a_small_integration() {
    let text = report::text(&whole());
    assert_eq!(text, PLAN, "{text}");
}

#[test]
fn every_line_of_both_forms_is_counted_as_something() {
    let log = read(LOG, None);
    assert_eq!(
        (log.lines, log.unknown, log.unknown_at.as_slice()),
        (9, 1, &[8][..])
    );
    assert_eq!(
        (log.others, log.tunnels, log.without_host, log.unlisted),
        (1, 1, 0, 0)
    );
    assert_eq!(log.logins[&Login::AuthSub], 1);
    let tube = &log.services["youtube"];
    assert_eq!((tube.reads, tube.writes), (3, 1));
    // 23:30 an hour behind UTC is the next day.
    assert_eq!(
        tube.days.iter().collect::<Vec<_>>(),
        [(20_777, 2), (20_778, 2)]
    );
    assert_eq!(
        log.services["calendar"].days.iter().collect::<Vec<_>>(),
        [(20_778, 1)]
    );
}

#[test]
fn a_path_without_a_host_counts_only_for_the_host_that_is_given() {
    let line = "h - - [20/Nov/2026:05:00:00 +0000] \"PUT /feeds/api/users/default/uploads/x HTTP/1.1\" 200 1\n";
    assert_eq!(read(line, None).without_host, 1);
    let log = read(line, Some("GDATA.youtube.com:80"));
    assert_eq!((log.without_host, log.services["youtube"].writes), (0, 1));
}

#[test]
fn scopes_follow_the_calls_that_were_seen() {
    let call = |method: &str, url: &str| json!({ "method": method, "url": url }).to_string();
    let tube = "http://gdata.youtube.com/feeds/api";
    let apps = "https://apps-apis.google.com/a/feeds";
    for (method, url, expected) in [
        ("GET", format!("{tube}/videos/x"), "youtube.readonly"),
        (
            "POST",
            format!("{tube}/users/default/uploads"),
            "youtube.upload",
        ),
        ("POST", format!("{tube}/users/default/playlists"), "youtube"),
        (
            "POST",
            format!("{tube}/videos/x/comments"),
            "youtube.force-ssl",
        ),
        (
            "GET",
            "http://www.google.com/calendar/feeds/default/owncalendars/full".to_owned(),
            "calendar.calendarlist.readonly",
        ),
        (
            "DELETE",
            "http://www.google.com/calendar/feeds/default/private/full/x".to_owned(),
            "calendar.events",
        ),
        (
            "GET",
            format!("{apps}/user/2.0/example.com"),
            "admin.directory.user.readonly",
        ),
        (
            "POST",
            format!("{apps}/group/2.0/example.com"),
            "admin.directory.group.member",
        ),
        (
            "GET",
            format!("{apps}/emailsettings/2.0/example.com/ann/label"),
            "gmail.settings.basic",
        ),
        (
            "POST",
            format!("{apps}/emailsettings/2.0/example.com/ann/delegation"),
            "gmail.settings.sharing",
        ),
    ] {
        let plan = draw(None, None, Some(&call(method, &url)), &Wishes::default());
        assert_eq!(scopes(&plan), [expected], "{method} {url}");
    }
    let two = [
        call("GET", &format!("{tube}/videos/x")),
        call("POST", &format!("{tube}/users/default/playlists")),
    ];
    let plan = draw(None, None, Some(&two.join("\n")), &Wishes::default());
    assert_eq!(scopes(&plan), ["youtube"], "writing covers reading");
    let none = call("GET", &format!("{tube}/videos/x/related"));
    let plan = draw(None, None, Some(&none), &Wishes::default());
    assert_eq!(
        scopes(&plan),
        [""; 0],
        "what has no successor wants no scope"
    );
}

#[test]
fn quota_is_that_of_the_busiest_day_and_says_when_it_is_too_much() {
    let line = |method: &str, day: u32, path: &str| {
        format!(
            "h - - [{day:02}/Nov/2026:05:00:00 +0000] \"{method} http://gdata.youtube.com/feeds/api/{path} HTTP/1.1\" 410 1\n"
        )
    };
    let mut log = line("GET", 1, "videos?q=x").repeat(101);
    log += &line("DELETE", 2, "users/default/uploads/x").repeat(200);
    log += &line("GET", 4, "users/default/uploads");
    let quota = draw(None, None, Some(&log), &Wishes::default())
        .quota
        .unwrap();
    // 101 x 1, 200 x 50, 1 x (1 + 1), over four days.
    assert_eq!((quota.units_peak, quota.units_average), (10_000, 2_526));
    assert_eq!(
        (quota.buckets[0].call.as_str(), quota.buckets[0].peak),
        ("search.list", 101)
    );
    assert!(quota.more);
    let quota = draw(
        None,
        None,
        Some(&line("GET", 1, "videos/x")),
        &Wishes::default(),
    )
    .quota
    .unwrap();
    assert_eq!((quota.units_peak, quota.more), (1, false));
}

#[test]
fn an_upload_in_the_code_writes() {
    for (line, writes) in [
        (
            "curl_init('http://uploads.gdata.youtube.com/feeds/api/users/default/uploads');",
            true,
        ),
        (
            "$f = $yt->getFormUploadToken($entry, 'http://gdata.youtube.com/action/GetUploadToken');",
            true,
        ),
        ("new FormDataUpload(url)", true),
        ("$yt->getUserUploads('default');", false),
        (
            "curl_init('http://gdata.youtube.com/feeds/api/users/default/uploads');",
            false,
        ),
    ] {
        let mut scan: Value = serde_json::from_str(SCAN).unwrap();
        scan["findings"][0]["excerpt"] = json!(line);
        let plan = draw(Some(&scan.to_string()), None, None, &Wishes::default());
        let asked = plan
            .scopes
            .iter()
            .find(|ask| ask.service == "youtube")
            .unwrap();
        let expected = match writes {
            true => "https://www.googleapis.com/auth/youtube",
            false => "https://www.googleapis.com/auth/youtube.readonly",
        };
        assert_eq!(asked.scope, expected, "{line}");
    }
}

#[test]
fn an_origin_is_one_that_a_campaign_takes() {
    for origin in [
        "nonsense",
        "http://example.com",
        "https://example.com/page",
        "",
    ] {
        let mut wishes = Wishes::default();
        wishes.origin = Some(origin.to_owned());
        let code = Code::from_json(SCAN.as_bytes()).unwrap();
        let inputs = Inputs::new(Catalogue::built_in().unwrap());
        let error = Plan::draw(&inputs.with_code(&code), &wishes).unwrap_err();
        assert_eq!(error.kind(), Kind::Input);
        let told = error.to_string();
        assert!(told.starts_with("origin: expected https"), "{told}");
    }
}

#[test]
fn json_is_what_the_next_step_needs() {
    let plan: Value = serde_json::from_str(&whole().to_json().unwrap()).unwrap();
    assert_eq!(plan["version"], 1);
    assert_eq!(
        plan["campaign"],
        json!({
            "client": "web",
            "scopes": [
                "https://www.googleapis.com/auth/youtube.readonly",
                "https://www.googleapis.com/auth/youtube.upload",
                "https://www.googleapis.com/auth/calendar.events"
            ],
            "origin": "https://upgrade.example.com",
            "redirectUri": "https://upgrade.example.com/",
            "users": ["ann@example.com", "ben@example.com"],
            "usersWithoutAddress": 1,
            "command": ["gdata-auth", "migrate", "upgrade", "new", "upgrade.campaign", "--app", "Tide Videos",
                "--client-secrets", "client_secret.json", "--origin", "https://upgrade.example.com", "--redirect-path", "/",
                "--scope", "https://www.googleapis.com/auth/youtube.readonly",
                "--scope", "https://www.googleapis.com/auth/youtube.upload",
                "--scope", "https://www.googleapis.com/auth/calendar.events"]
        })
    );
}

#[test]
fn nothing_of_an_address_is_kept_and_nothing_is_markup() {
    let scan = SCAN.replace("site/old.php", "<b>|`x`*[a](b)\\u001b[31m");
    let mut wishes = Wishes::default();
    wishes.name = Some("</title><script>alert(1)</script>".to_owned());
    let plan = draw(Some(&scan), Some(INVENTORY), Some(LOG), &wishes);
    let (text, markdown, page) = (
        report::text(&plan),
        report::markdown(&plan),
        report::html(&plan),
    );
    let json = plan.to_json().unwrap();
    for (out, what) in [
        (&text, "text"),
        (&markdown, "markdown"),
        (&page, "html"),
        (&json, "json"),
    ] {
        assert!(
            !out.to_lowercase().contains("canary") && !out.contains('\u{1b}'),
            "{what}: {out}"
        );
    }
    for out in [&text, &markdown, &page] {
        assert!(
            !out.contains("@example"),
            "users are counted, not named: {out}"
        );
    }
    for bad in ["<script", "<b>", "src=", "href=", "url("] {
        assert!(!page.contains(bad), "{bad}");
    }
    assert!(markdown.contains(r"&lt;b>\|\`x\`\*\[a\](b)"), "{markdown}");
}

#[test]
fn hostile_lines_are_unknown_and_never_more() {
    let deep = format!("{{\"a\":{}", "[".repeat(100_000));
    let long = "x".repeat(CallLog::MAX_LINE + 1);
    let log = format!(
        "{deep}\n{long}\n{{}}\n[]\nnull\n\u{0}\u{0}\n[[[]]]\"\"\na b c [x] \"\"\na b c [x] \"GET\"\n\
        a b c [x] \"GET gopher://h/ HTTP/1.1\"\n{{\"url\":7}}\na b c [x] \"G\u{e9}T / HTTP/1.1\"\n{long}"
    );
    let calls = read(&log, Some("www.google.com"));
    assert_eq!(
        (calls.lines, calls.unknown, calls.calls()),
        (13, 13, 0),
        "{calls:?}"
    );
    let many = "?\n".repeat(1_000);
    let calls = read(&many, None);
    assert_eq!(
        (calls.unknown, calls.unknown_at.len()),
        (1_000, CallLog::MAX_UNKNOWN)
    );
    let odd = "a b c [never] \"GET http://www.google.com/calendar/feeds/x HTTP/1.1\" 1 1\n\
        {\"time\":-1e300,\"method\":\"BREW\",\"url\":\"http://www.google.com/calendar/feeds/x\"}";
    let calls = read(odd, None);
    let seen = &calls.services["calendar"];
    assert_eq!((calls.undated, seen.reads, seen.unclear), (2, 1, 1));
}

#[test]
fn inputs_that_are_none_are_refused_and_missing_rows_are_told() {
    let nothing = Inputs::new(Catalogue::built_in().unwrap());
    let error = Plan::draw(&nothing, &Wishes::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "plan: expected findings, an inventory or a log, got none of them"
    );
    for (text, expected) in [
        (
            "{\"version\":2,\"findings\":[]}",
            "scan: expected version 1, got 2",
        ),
        (
            "{\"secret-canary\"",
            "scan: expected what migrate scan --format json prints, got something else at 1:16",
        ),
    ] {
        let error = Code::from_json(text.as_bytes()).unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string().as_str()),
            (Kind::Input, expected)
        );
    }
    let scan = SCAN.replace("\"health\"", "\"wave\"");
    let plan = draw(Some(&scan), None, None, &Wishes::default());
    let told = "the catalogue has no row wave: nothing is planned for it, look by hand";
    assert!(
        plan.notes.iter().any(|note| note == told),
        "{:?}",
        plan.notes
    );
}

#[test]
fn calls_in_the_code_tell_what_an_api_is_used_for() {
    let plan = |access: &str| {
        let scan = format!(
            r#"{{"version":1,"findings":[{{"file":"a.py","line":1,"rule":"P19","kind":"dependency","verdict":"port",
            "service":{{"id":"provisioning"}},{access}"language":"Python","excerpt":"import gdata.apps.client"}}]}}"#
        );
        draw(Some(&scan), None, None, &Wishes::default())
    };
    for (access, words, scope) in [
        (
            r#""access":"write","#,
            "written, from the code",
            "admin.directory.user",
        ),
        (
            r#""access":"read","#,
            "read, from the code",
            "admin.directory.user.readonly",
        ),
        (
            "",
            "read, assumed: no call was seen",
            "admin.directory.user.readonly",
        ),
    ] {
        let plan = plan(access);
        assert_eq!(scopes(&plan), [scope]);
        let text = report::text(&plan);
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn a_scope_without_a_row_is_named_and_nothing_of_a_user_in_it() {
    let inventory = r#"{"version":1,"credentials":[{"number":1,"protocol":"auth-sub","form":"gdata-python-blob",
        "scopes":["http://www.google.com/nosuch/feeds/","https://me:canary@feeds.example.com/a/b/private-canary/full?key=canary"],
        "found":{"file":"a","at":"1"},"use":"consent-again","secrets":[]}]}"#;
    let plan = draw(None, Some(inventory), None, &Wishes::default());
    let told = "scopes of stored credentials that are in no row of the catalogue: 2 \
                (http://www.google.com/nosuch/feeds, https://feeds.example.com/a/b/…)";
    assert!(
        plan.notes.iter().any(|note| note == told),
        "{:?}",
        plan.notes
    );
}
