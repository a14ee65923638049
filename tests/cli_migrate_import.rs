//! `migrate import`, `explain` and `rewrite` as a user runs them.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use cli_support::{
    file, folder,
    grants::{Place, YOUTUBE},
    key, place, run, run_with_input, secret_file,
};
use serde_json::{Value, json};

fn fixtures() -> String {
    format!("{}/fixtures/tokens", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn an_inventory_is_printed_without_a_secret() {
    let (code, out, err) = run(&["migrate", "import", "--json", &fixtures()]);
    assert_eq!(code, 0, "{err}");
    let inventory: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(inventory["version"], 1);
    assert_eq!(inventory["summary"]["files"], 24);
    assert_eq!(inventory["problems"], json!([]));
    for secret in [
        "1//blobrefresh",
        "insecure-not-a-key",
        "fake-password",
        "GOCSPX-ini",
        "zend-token-secret",
    ] {
        assert!(!out.contains(secret) && !err.contains(secret), "{secret}");
    }
    assert!(err.contains("ALARM: "), "{err}");
    assert!(
        err.contains("gdata-blobs.txt: a private key lies in this store"),
        "{err}"
    );

    let (code, out, _) = run(&["migrate", "import", &fixtures()]);
    assert_eq!(code, 0);
    assert!(out.contains("the same user twice: "), "{out}");
    assert!(
        out.contains("next: ask the user for consent again"),
        "{out}"
    );
}

#[test]
fn secrets_go_into_a_file_of_the_owners_and_nothing_is_overwritten() {
    let target = place("migrate-secrets.json");
    let store = format!("{}/gdata-blobs.txt", fixtures());
    let before = std::fs::read(&store).unwrap();
    let (code, out, err) = run(&["migrate", "import", &store, "--with-secrets", &target]);
    assert_eq!(code, 0, "{err}");
    assert!(!out.contains("1//blobrefresh"));
    let text = std::fs::read_to_string(&target).unwrap();
    let inventory: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        inventory["credentials"][8]["clear"]["refresh_token"],
        "1//blobrefresh"
    );
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(
            &std::fs::metadata(&target).unwrap().permissions(),
        );
        assert_eq!(mode & 0o777, 0o600);
    }
    let (code, _, err) = run(&["migrate", "import", &store, "--with-secrets", &target]);
    assert_eq!(code, 2);
    assert!(err.contains("--force"), "{err}");
    assert_eq!(std::fs::read(&store).unwrap(), before);
}

#[test]
fn a_refresh_token_of_an_old_store_serves_as_an_account() {
    let old = Place::new("migrate-old", &["--consent", "allow"]);
    old.logged_in(&["--scope", YOUTUBE]);
    let refresh = old.kept()["refresh_token"].as_str().unwrap().to_owned();
    let origin = old.google.origin();
    let credential = |user: &str, refresh: &str| {
        json!({"_class": "OAuth2Credentials", "client_id": "app", "client_secret": "s", "refresh_token": refresh,
               "token_uri": format!("{origin}/token"), "token_expiry": "2020-01-01T00:00:00Z", "scopes": [YOUTUBE],
               "id_token": {"email": user}})
        .to_string()
    };
    let store = file(
        "migrate-storage.json",
        &credential("ann@example.com", &refresh),
    );
    let new = folder("migrate-new");
    let keep = |path: &str| run(&["migrate", "import", "--into-store", path, "--store", &new]);
    let (code, _, err) = keep(&store);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("accounts kept: 1, there already: 0"), "{err}");
    let (code, out, err) = run(&["token", "--account", "ann@example.com", "--store", &new]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.starts_with("ya29."));

    // An import that was broken off is repeated, and what is kept is not replaced.
    assert!(
        keep(&store)
            .2
            .contains("accounts kept: 0, there already: 1")
    );
    let other = file(
        "migrate-other.json",
        &credential("ann@example.com", "1//other"),
    );
    let (code, _, err) = keep(&other);
    assert_eq!(code, 1, "nothing of it was kept");
    assert!(
        err.contains("is kept already with another token; --replace"),
        "{err}"
    );
    assert!(!err.contains("1//other"));

    // A file may not send the token to whom it likes.
    let evil = file(
        "migrate-evil.json",
        &credential("eve@example.com", "1//evil").replace(&origin, "https://evil.example.org"),
    );
    let (_, _, err) = keep(&evil);
    assert!(
        err.contains("was not kept") && err.contains("evil.example.org"),
        "{err}"
    );
    assert!(
        err.contains("If that is right: --token-uri https://evil.example.org/token"),
        "{err}"
    );

    // Without its client it is told what is missing.
    let go = file("migrate-go.json", &json!({"access_token": "ya29.x", "refresh_token": "1//go", "expiry": "2020-01-01T00:00:00Z"}).to_string());
    assert!(keep(&go).2.contains("give --client-secrets"));
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_imported() {
    let bad = file("migrate-bad.json", "{\"refresh_token\":\"1//r\",");
    let good = file("migrate-good.txt", "1c|DQAAAgood");
    let (code, out, err) = run(&["migrate", "import", &bad, &good, &place("migrate-missing")]);
    assert_eq!(code, 1);
    assert!(out.contains("client-login"), "{out}");
    assert!(
        err.contains("cut off") && err.contains("migrate-missing"),
        "{err}"
    );
    let (code, out, _) = run_with_input(&["migrate", "import", "-"], "1a|1%2Fabc|http%3A%2F%2Fx\n");
    assert_eq!(code, 0);
    assert!(out.contains("in stdin, line 1, record 1"), "{out}");
}

#[test]
fn a_failure_is_explained_from_a_file_stdin_or_the_words_themselves() {
    let words = "Token invalid - AuthSub token has wrong scope token=1/SECRETsecretSECRET";
    let path = file("migrate-error.log", words);
    for (code, out, _) in [
        run(&["migrate", "explain", words]),
        run(&["migrate", "explain", &path]),
        run_with_input(&["migrate", "explain", "-"], words),
        run_with_input(&["migrate", "explain"], words),
    ] {
        assert_eq!(code, 0);
        assert!(
            out.starts_with("1. The token is good, but not for this address"),
            "{out}"
        );
        assert!(out.contains("next: ") && !out.contains("SECRET"), "{out}");
    }
    let (code, out, _) = run(&[
        "migrate",
        "explain",
        "--json",
        "HTTP/1.1 410 Gone gdata.youtube.com",
    ]);
    let told: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (code, &told["explanations"][0]["id"]),
        (0, &json!("youtube-v2-gone"))
    );
    let (code, out, err) = run(&["migrate", "explain", "all is well"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("nothing in this text is known"), "{err}");
}

#[test]
fn a_rewrite_is_a_diff_until_it_is_written() {
    let source = "import gdata.apps.audit.service\ns = gdata.apps.audit.service.AuditService()\ns.ClientLogin('a', 'b')\n";
    let path = file("migrate_rewrite.py", source);
    let (code, out, err) = run(&["migrate", "rewrite", &path]);
    assert_eq!(code, 0, "{err}");
    assert!(
        out.contains("-s.ClientLogin('a', 'b')\n+s.additional_headers"),
        "{out}"
    );
    assert!(
        err.contains("gdata-auth migrate export ACCOUNT oauth2.json --form oauth2client makes"),
        "{err}"
    );
    let nothing = cli_support::place("migrate_nothing.py");
    let (code, out, err) = run(&["migrate", "rewrite", &nothing]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(
        err.contains("path: expected a file or a folder at"),
        "{err}"
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), source);
    let (code, _, err) = run(&[
        "migrate",
        "rewrite",
        "--write",
        "--credentials",
        "secrets/me.json",
        &path,
    ]);
    assert_eq!(code, 0, "{err}");
    assert!(
        std::fs::read_to_string(&path)
            .unwrap()
            .contains("Storage('secrets/me.json')")
    );
    let (code, out, _) = run(&["migrate", "rewrite", &path]);
    assert_eq!((code, out.as_str()), (0, ""));

    let dead = file(
        "migrate_dead.py",
        &source.replace(
            "apps.audit.service.AuditService",
            "calendar.service.CalendarService",
        ),
    );
    let (code, out, err) = run(&["migrate", "rewrite", &dead]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(
        err.contains("migrate_dead.py:3: Calendar v2 is switched off"),
        "{err}"
    );
    let (code, out, _) = run(&["migrate", "rewrite", "--json", &dead]);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (code, &report["files"][0]["refusals"][0]["line"]),
        (1, &json!(3))
    );
}

#[test]
fn a_rewrite_names_other_languages_secrets_and_the_file_of_each_language() {
    let folder = cli_support::place("rewritten-tree");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir(&folder).unwrap();
    let within = |name: &str, text: &str| std::fs::write(format!("{folder}/{name}"), text).unwrap();
    within(
        "audit.py",
        "import gdata.apps.audit.service\ns = gdata.apps.audit.service.AuditService()\n\
         s.ClientLogin('admin@example.com', 'Tr0ub4dor&3')\n",
    );
    within(
        "Shared.java",
        include_str!("../fixtures/rewrite/Shared.java"),
    );
    within(
        "index.php",
        "<?php\nrequire_once 'Zend/Gdata/ClientLogin.php';\n\
         $client = Zend_Gdata_ClientLogin::getHttpClient($user, $word, 'cl');\n",
    );
    let (code, out, err) = run(&["migrate", "rewrite", &folder]);
    assert_eq!(code, 0, "{err}");
    assert!(
        out.contains("Storage('oauth2.json')") && out.contains("(\"authorized_user.json\")"),
        "{out}"
    );
    for told in [
        "files to change: 2",
        "not looked at: old logins in other languages (PHP): ",
        "secrets that the diff shows: 1",
        "export ACCOUNT oauth2.json --form oauth2client",
        "export ACCOUNT authorized_user.json --form authorized-user",
    ] {
        assert!(err.contains(told), "{told}: {err}");
    }
    assert!(!err.contains("one file has one"), "{err}");
    let (_, _, err) = run(&["migrate", "rewrite", &folder, "--credentials", "one.json"]);
    assert!(err.contains("one file has one"), "{err}");
    let (code, out, err) = run(&["migrate", "rewrite", &folder, "--language", "java"]);
    assert_eq!(code, 0, "{err}");
    assert!(
        !out.contains("audit.py") && out.contains("Shared.java"),
        "{out}"
    );
}

#[test]
fn an_empty_folder_is_not_read() {
    let folder = cli_support::place("import-empty");
    std::fs::create_dir_all(&folder).unwrap();
    let (code, out, err) = run(&["migrate", "import", &folder]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("nothing was read"), "{err}");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    for json in [&["--json"][..], &[]] {
        let stores = fixtures();
        let mut child =
            cli_support::gdata_auth(&[&["migrate", "import"], json, &[&stores]].concat())
                .stdout(std::process::Stdio::piped())
                .stderr(std::process::Stdio::piped())
                .spawn()
                .unwrap();
        drop(child.stdout.take());
        let done = child.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&done.stderr);
        assert!(
            told.contains("credentials: ") && !told.contains("cannot write"),
            "{told}"
        );
        assert_ne!(done.status.code(), Some(3), "{told}");
    }
}

#[test]
fn a_foreign_server_is_told_before_it_is_refused() {
    let store = file(
        "import-foreign.json",
        r#"{"token":"a","refresh_token":"1//0CANARY","client_id":"app","client_secret":"s","token_uri":"https://login.example.net/token","scopes":["email"]}"#,
    );
    let (_, out, _) = run(&["migrate", "import", &store]);
    assert!(
        out.contains("its server is not Google: https://login.example.net/token"),
        "{out}"
    );
}

#[test]
fn a_key_file_that_is_named_is_no_token_store() {
    let pem = key("insecure-rsa2048-pkcs8.pem");
    let copy = secret_file("migrate-key.pem", &std::fs::read_to_string(pem).unwrap());
    let (code, out, _) = run(&["migrate", "import", &copy]);
    assert_eq!((code, out.as_str()), (0, ""));
}

#[test]
fn a_token_endpoint_of_another_server_is_taken_when_it_is_named_whole() {
    let endpoint = "https://id.example.com/oauth/token";
    let google_auth = |user: &str, endpoint: &str| {
        json!({"token": "ya29.x", "refresh_token": "1//other-server", "token_uri": endpoint, "client_id": "app",
               "client_secret": "s", "scopes": [], "account": user, "expiry": "2020-01-01T00:00:00Z"})
        .to_string()
    };
    let store = folder("migrate-elsewhere");
    let keep = |name: &str, text: &str, more: &[&str]| {
        let path = file(name, text);
        let words = [
            "migrate",
            "import",
            "--into-store",
            &path,
            "--store",
            &store,
        ];
        run(&[&words[..], more].concat())
    };
    let ann = google_auth("ann@example.com", endpoint);
    for near in [
        "https://id.example.com/oauth/token/",
        "https://id.example.com/oauth",
        "https://id.example.com:8443/oauth/token",
        "https://ID.example.com/oauth/token",
    ] {
        let (code, _, err) = keep("migrate-elsewhere.json", &ann, &["--token-uri", near]);
        assert_eq!(code, 1, "{near}");
        assert!(
            err.contains("If that is right: --token-uri https://id.example.com/oauth/token\n"),
            "{err}"
        );
    }
    for (wrong, shown) in [
        (
            "http://id.example.com/token",
            "got http://id.example.com/token",
        ),
        ("id.example.com/token", "got id.example.com/token"),
        (
            "https://me:secret@id.example.com/",
            "got one with a user name",
        ),
        (
            "https://id.example.com/t?key=secret#x",
            "got https://id.example.com/t",
        ),
    ] {
        let (code, _, err) = keep("migrate-elsewhere.json", &ann, &["--token-uri", wrong]);
        assert_eq!(code, 2, "{err}");
        assert!(
            err.contains("token-uri: expected an absolute https address"),
            "{err}"
        );
        assert!(err.contains(shown) && !err.contains("secret"), "{err}");
    }
    let named = ["--token-uri", "https://x.example/", "--token-uri", endpoint];
    let (code, _, err) = keep("migrate-elsewhere.json", &ann, &named);
    assert_eq!(code, 0, "{err}");

    // The client of the option is no reason to send the token of another server to Google.
    let secrets = secret_file(
        "migrate-elsewhere-client.json",
        &json!({"installed": {"client_id": "app", "client_secret": "s", "token_uri": "https://oauth2.googleapis.com/token"}})
            .to_string(),
    );
    let ben = google_auth("ben@example.org", endpoint);
    let given = [&named[..], &["--client-secrets", &secrets]].concat();
    let (code, _, err) = keep("migrate-elsewhere-ben.json", &ben, &given);
    assert_eq!(code, 0, "{err}");
    let (code, out, err) = run(&["accounts", "--json", "--store", &store]);
    assert_eq!(code, 0, "{err}");
    let accounts: Value = serde_json::from_str(&out).unwrap();
    for (index, user) in ["ann@example.com", "ben@example.org"]
        .into_iter()
        .enumerate()
    {
        let account = &accounts[index];
        assert_eq!(
            (
                &account["account"],
                &account["issuer"],
                &account["client_id"]
            ),
            (
                &json!(user),
                &json!("https://id.example.com"),
                &json!("app")
            )
        );
    }
    // What is kept goes to that server and to no other: what it hands on says so.
    let handed = place("migrate-elsewhere-out.json");
    let (code, _, err) = run(&[
        "migrate",
        "export",
        "ben@example.org",
        &handed,
        "--form",
        "oauth2client",
        "--store",
        &store,
    ]);
    assert_eq!(code, 0, "{err}");
    let handed: Value = serde_json::from_str(&std::fs::read_to_string(&handed).unwrap()).unwrap();
    assert_eq!(handed["token_uri"], json!(endpoint));
}
