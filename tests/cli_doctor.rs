//! `doctor`: each finding by its code, without any network.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cli_support::{file, folder, key, run, secret_file};
use gdata_auth::{
    Timestamp,
    store::{FileStore, GrantKey, StoredGrant, update},
    system::{Clock, SystemClock},
};
use serde_json::Value;

mod cli_support;

const DESKTOP: &str = r#"{"installed":{"client_id":"1234-a.apps.googleusercontent.com","client_secret":"GOCSPX-CANARY",
    "auth_uri":"https://accounts.google.com/o/oauth2/v2/auth","token_uri":"https://oauth2.googleapis.com/token",
    "redirect_uris":["http://localhost"]}}"#;
const WEB: &str = r#"{"web":{"client_id":"1234-b.apps.googleusercontent.com","client_secret":"GOCSPX-CANARY",
    "auth_uri":"https://accounts.google.com/o/oauth2/v2/auth","token_uri":"https://oauth2.googleapis.com/token",
    "redirect_uris":["https://www.example.com/back"]}}"#;
const UPLOAD: &str = "https://www.googleapis.com/auth/youtube.upload";

/// Exit code, and the codes that were found, each with whether it is wrong.
fn doctor(args: &[&str]) -> (i32, Vec<(String, bool)>) {
    let none = folder("doctor-no-store");
    let store = ["--store", none.as_str()];
    let store = if args.contains(&"--store") {
        &[][..]
    } else {
        &store[..]
    };
    let (code, out, err) = run(&[&["doctor", "--json"], args, store].concat());
    assert_eq!(err, "");
    assert!(!out.contains("CANARY"), "{out}");
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["ok"], code == 0);
    let found = report["findings"].as_array().unwrap();
    let found = found.iter().map(|finding| {
        assert!(!finding["what"].as_str().unwrap().is_empty());
        assert!(!finding["next"].as_str().unwrap().is_empty());
        let code = finding["code"].as_str().unwrap().to_owned();
        (code, finding["severity"] == "wrong")
    });
    (code, found.collect())
}

#[test]
fn finds_nothing_where_nothing_is_wrong() {
    let desktop = secret_file("doctor-desktop.json", DESKTOP);
    let web = secret_file("doctor-web.json", WEB);
    for args in [
        &[][..],
        &[
            "--client-secrets",
            &desktop,
            "--flow",
            "loopback",
            "--scope",
            UPLOAD,
        ],
        &[
            "--client-secrets",
            &desktop,
            "--flow",
            "paste",
            "--redirect-uri",
            "http://127.0.0.1:8080/",
        ],
        &[
            "--client-secrets",
            &web,
            "--flow",
            "web",
            "--redirect-uri",
            "https://www.example.com/back",
        ],
    ] {
        assert_eq!(doctor(args), (0, vec![]), "{args:?}");
    }
    let (code, out, err) = run(&["doctor", "--client-secrets", &desktop]);
    assert_eq!(
        (code, out.as_str(), err.as_str()),
        (0, "", "nothing to complain about\n")
    );
}

#[test]
fn each_thing_that_will_not_work_has_a_code() {
    let desktop = secret_file("doctor-desktop-2.json", DESKTOP);
    let web = secret_file("doctor-web-2.json", WEB);
    let secretless = secret_file(
        "doctor-secretless.json",
        &WEB.replace("\"client_secret\":\"GOCSPX-CANARY\",", ""),
    );
    let stranger = secret_file(
        "doctor-stranger.json",
        &DESKTOP.replace("oauth2.googleapis.com/token", "evil.test/token"),
    );
    let service = service_account();
    let cases: [(&[&str], &str); 14] = [
        (
            &["--client-secrets", &web, "--flow", "device"],
            "client-type",
        ),
        (
            &["--client-secrets", &web, "--flow", "loopback"],
            "client-type",
        ),
        (
            &["--client-secrets", &desktop, "--flow", "web"],
            "client-type",
        ),
        (&["--client-secrets", &secretless], "client-secret"),
        (&["--client-secrets", &stranger], "client-file"),
        (&["--client-secrets", &service], "client-file"),
        (&["--client-secrets", "/nowhere/at/all"], "client-file"),
        (&["--flow", "device", "--scope", UPLOAD], "device-scope"),
        (
            &["--redirect-uri", "urn:ietf:wg:oauth:2.0:oob"],
            "out-of-band",
        ),
        (
            &[
                "--flow",
                "web",
                "--redirect-uri",
                "http://www.example.com/back",
            ],
            "redirect-uri",
        ),
        (
            &[
                "--client-secrets",
                &web,
                "--redirect-uri",
                "https://www.example.com/Back",
            ],
            "redirect-unregistered",
        ),
        (
            &["--scope", "http://gdata.youtube.com/feeds/"],
            "gdata-scope",
        ),
        (
            &["--credentials", &service, "--scope", UPLOAD],
            "service-account-youtube",
        ),
        (&["--credentials", &desktop], "credentials-file"),
    ];
    for (args, code) in cases {
        assert_eq!(doctor(args), (1, vec![(code.to_owned(), true)]), "{args:?}");
    }
}

#[test]
fn what_is_left_of_earlier_years_is_a_notice() {
    let old = DESKTOP
        .replace("/o/oauth2/v2/auth", "/o/oauth2/auth")
        .replace(
            "\"http://localhost\"",
            "\"urn:ietf:wg:oauth:2.0:oob\",\"http://localhost\"",
        );
    let old = secret_file("doctor-old.json", &old);
    let (code, found) = doctor(&["--client-secrets", &old]);
    let codes: Vec<(&str, bool)> = found
        .iter()
        .map(|(code, wrong)| (code.as_str(), *wrong))
        .collect();
    assert_eq!(code, 0);
    assert_eq!(codes, [("legacy-endpoint", false), ("out-of-band", false)]);
    let (_, out, err) = run(&["doctor", "--client-secrets", &old]);
    assert!(
        out.starts_with("notice: ") && out.contains("[legacy-endpoint]\n  next: "),
        "{out}"
    );
    assert_eq!(err, "nothing is wrong\n");
}

#[cfg(unix)]
#[test]
fn secrets_that_others_may_read_are_wrong() {
    use std::os::unix::fs::PermissionsExt;

    let open = file("doctor-open.json", DESKTOP);
    std::fs::set_permissions(&open, PermissionsExt::from_mode(0o644)).unwrap();
    let (code, found) = doctor(&["--client-secrets", &open]);
    assert_eq!((code, found), (1, vec![("file-mode".to_owned(), true)]));

    let store = folder("doctor-open-store");
    FileStore::open(&store).unwrap();
    std::fs::set_permissions(&store, PermissionsExt::from_mode(0o755)).unwrap();
    let (code, found) = doctor(&["--store", &store]);
    assert_eq!((code, found), (1, vec![("store".to_owned(), true)]));
}

#[test]
fn kept_grants_are_looked_at_and_compared_with_the_clock() {
    let now = SystemClock.now();
    let day = std::time::Duration::from_secs(86_400);
    let before = |days: i64| Timestamp::from_unix_seconds(now.unix_seconds() - days * 86_400);
    let grant = |at: Timestamp| StoredGrant::new(at).with_refresh_token("1//CANARY");
    let cases = [
        (grant(before(1)), 0, None),
        (grant(before(160)), 0, Some(("grant-unused", false))),
        (
            grant(before(1)).with_consents(95),
            0,
            Some(("grant-cap", false)),
        ),
        (
            grant(before(1)).with_refresh_expires_at(now.after(day)),
            0,
            Some(("grant-ends", false)),
        ),
        (
            grant(before(1)).with_death("it was revoked", before(1)),
            0,
            Some(("grant-dead", false)),
        ),
        (
            grant(before(1)).with_refreshed_at(now.after(day)),
            1,
            Some(("clock", true)),
        ),
    ];
    for (at, (grant, exit, expected)) in cases.into_iter().enumerate() {
        let store = folder(&format!("doctor-store-{at}"));
        let key = GrantKey::new("https://accounts.google.com", "1234", "ann@example.com").unwrap();
        update(&FileStore::open(&store).unwrap(), &key, |_| grant.clone()).unwrap();
        let expected: Vec<(String, bool)> = expected
            .into_iter()
            .map(|(code, wrong)| (code.to_owned(), wrong))
            .collect();
        assert_eq!(doctor(&["--store", &store]), (exit, expected), "{at}");
    }
}

#[test]
fn looking_makes_no_store() {
    let store = folder("doctor-never-made");
    assert_eq!(doctor(&["--store", &store]).0, 0);
    assert!(!std::path::Path::new(&store).exists());
}

/// The key file of a service account.
fn service_account() -> String {
    let pem = std::fs::read_to_string(key("insecure-rsa2048-pkcs8.pem")).unwrap();
    let text = serde_json::json!({
        "type": "service_account",
        "client_email": "sync@project.iam.gserviceaccount.com",
        "private_key": pem,
        "token_uri": "https://oauth2.googleapis.com/token",
    });
    secret_file("doctor-service-account.json", &text.to_string())
}
