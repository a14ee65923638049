//! `login` by OAuth 2.0, and what is done with the grant, against an emulator in a process of its own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cli_support::{
    Waiting, browse, file, get,
    grants::{Place, YOUTUBE},
    location, run, run_with_input, secret_file,
};

mod cli_support;

const ANN: &str = "ann@example.com";
const WHO: [&str; 4] = ["--scope", "openid email", "--scope", YOUTUBE];

#[test]
fn consent_comes_back_to_a_loopback_port_and_the_grant_is_kept() {
    let place = Place::new("oauth2-loopback", &["--consent", "allow"]);
    let (out, err) = place.logged_in(&WHO);
    assert_eq!(out, "ann@example.com\n");
    assert!(
        err.contains("ann@example.com consented; kept as ann@example.com\n"),
        "{err}"
    );
    assert!(err.contains("granted: openid "), "{err}");
    assert!(!err.contains("ya29.") && !err.contains("1//"), "{err}");

    let accounts = place.accounts();
    assert_eq!(accounts.as_array().unwrap().len(), 1);
    assert_eq!(accounts[0]["account"], ANN);
    assert_eq!(accounts[0]["issuer"], place.google.origin());
    assert_eq!(accounts[0]["alive"], true);
    assert_eq!(accounts[0]["flow"], "loopback");
    let (_, table, _) = place.run(&["accounts"]);
    assert!(table.starts_with("ACCOUNT          ISSUER "), "{table}");
    assert!(!table.contains("ya29."), "{table}");

    let token = place.token();
    assert!(
        token.starts_with("ya29.") && !token.contains('\n'),
        "{token}"
    );
    assert_eq!(place.token(), token);
    let (code, out, err) = place.run(&["token", "--min-lifetime", "86400"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(
        err.contains("min-lifetime: expected at most what the server gives"),
        "{err}"
    );
    // It tried, by a refresh, and the new one is kept.
    assert_ne!(place.token(), token);
}

#[cfg(unix)]
#[test]
fn the_kept_files_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;

    let place = Place::new("oauth2-modes", &["--consent", "allow"]);
    place.logged_in(&["--scope", YOUTUBE]);
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(place.store.as_ref()), 0o700);
    for entry in std::fs::read_dir(&place.store).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }
}

#[test]
fn a_pasted_address_is_checked_as_one_that_came_to_the_port() {
    let place = Place::new("oauth2-paste", &["--consent", "allow"]);
    let back = |link: &str| location(link, &get(link)).unwrap();

    let mut login = place.login(&["--paste", "--scope", YOUTUBE, "--account", "work"]);
    let address = back(&login.link);
    login.type_in(&address);
    let (code, out, err) = login.end();
    assert_eq!((code, out.as_str()), (0, "work\n"), "{err}");
    assert!(err.contains("paste the whole address"), "{err}");
    assert_eq!(place.accounts()[0]["flow"], "paste");

    let (_, rest) = address.split_once("state=").unwrap();
    let state = rest.split('&').next().unwrap();
    let code = address.split_once("code=").unwrap().1;
    let cases = [
        (
            address.replace(state, "CANARY-state"),
            1,
            "state: expected the value of the link, got another",
        ),
        (
            address.replacen("state=", "was=", 1),
            1,
            "state: expected the value of the link, got none",
        ),
        (code.to_owned(), 2, "redirect: expected the whole address"),
        (String::new(), 2, "redirect: expected the whole address"),
    ];
    for (typed, expected, piece) in cases {
        let mut login = place.login(&["--paste", "--scope", YOUTUBE, "--account", "forged"]);
        let port = login.link.split("127.0.0.1%3A").nth(1).unwrap();
        let port = port.split("%2F").next().unwrap();
        let own = address.split(['/', ':']).nth(4).unwrap();
        login.type_in(&typed.replace(own, port));
        let (code, out, err) = login.end();
        assert_eq!((code, out.as_str()), (expected, ""), "{typed}: {err}");
        assert!(err.contains(piece), "{typed}: {err}");
        assert!(!err.contains("CANARY"), "{err}");
    }
    assert_eq!(place.accounts().as_array().unwrap().len(), 1);
}

#[test]
fn a_user_who_declines_is_a_no_and_nothing_is_kept() {
    let place = Place::new("oauth2-denied", &["--consent", "deny"]);
    let login = place.login(&["--scope", YOUTUBE]);
    browse(&login.link);
    let (code, out, err) = login.end();
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("access_denied"), "{err}");
    assert_eq!(place.accounts(), serde_json::json!([]));

    let login = place.login(&["--scope", YOUTUBE, "--timeout", "0"]);
    let (code, _, err) = login.end();
    assert_eq!(code, 1);
    assert!(
        err.contains("within 0 s") && err.contains("redirect_uri_mismatch"),
        "{err}"
    );
}

#[test]
fn a_code_is_typed_in_on_another_device() {
    let place = Place::new("oauth2-device", &["--consent", "allow"]);
    let origin = place.google.origin();
    let login = [
        "login",
        "--device",
        "--emulator",
        &origin,
        "--client-id",
        "tv",
        "--scope",
    ];
    let (code, out, err) = place.run(&[&login[..], &[YOUTUBE]].concat());
    assert_eq!((code, out.as_str()), (0, "default\n"), "{err}");
    assert!(
        err.contains(&format!("open {origin}/device and type in:")),
        "{err}"
    );
    assert_eq!(place.accounts()[0]["flow"], "device");

    let upload = "https://www.googleapis.com/auth/youtube.upload";
    let (code, _, err) = place.run(&[&login[..], &[upload]].concat());
    assert_eq!(code, 1, "{err}");
    assert!(
        err.contains("device flow does not take https://www.googleapis.com/auth/youtube.upload"),
        "{err}"
    );
}

#[test]
fn a_project_in_testing_is_told_at_once() {
    let config = file(
        "oauth2-testing.toml",
        "consent = \"allow\"\ntesting = true\n",
    );
    let place = Place::new("oauth2-testing", &["--config", &config]);
    let (_, err) = place.logged_in(&["--scope", YOUTUBE]);
    assert!(
        err.contains("notice: the project's consent screen is in testing"),
        "{err}"
    );
}

#[test]
fn a_client_comes_from_googles_file_and_is_found_again() {
    let place = Place::new("oauth2-client-file", &["--consent", "allow"]);
    let origin = place.google.origin();
    let secrets = secret_file(
        "oauth2-client-secret.json",
        &format!(
            r#"{{"web":{{"client_id":"web-app","client_secret":"CANARY-secret","auth_uri":"{origin}/o/oauth2/v2/auth",
                "token_uri":"{origin}/token","redirect_uris":["https://www.example.com/back"]}}}}"#
        ),
    );
    let store = place.store.as_str();
    let login = [
        "--client-secrets",
        &secrets,
        "--scope",
        YOUTUBE,
        "--store",
        store,
        "--paste",
    ];
    let mut login = Waiting::start(&login);
    assert!(
        login
            .link
            .contains("redirect_uri=https%3A%2F%2Fwww.example.com%2Fback"),
        "{}",
        login.link
    );
    let back = location(&login.link, &get(&login.link)).unwrap();
    login.type_in(&back);
    let (code, out, err) = login.end();
    assert_eq!((code, out.as_str()), (0, "default\n"), "{err}");
    assert!(!err.contains("CANARY"), "{err}");
    let kept = place.kept();
    assert_eq!(kept["cli_client"]["kind"], "web");
    assert_eq!(kept["cli_client"]["secret"], "CANARY-secret");
    let (code, _, err) = place.run(&["token", "--min-lifetime", "86400"]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("min-lifetime"), "{err}");
}

#[test]
fn an_account_may_be_left_out_where_there_is_only_one() {
    let place = Place::new("oauth2-several", &["--consent", "allow"]);
    let (code, out, err) = place.run(&["token"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("there is none in"), "{err}");
    place.logged_in(&["--scope", YOUTUBE, "--account", "home"]);
    place.token();
    place.logged_in(&["--scope", YOUTUBE, "--account", "work"]);
    let (code, out, err) = place.run(&["token"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(
        err.contains("home at ") && err.contains("work at "),
        "{err}"
    );
    let (code, _, _) = place.run(&["token", "--account", "work"]);
    assert_eq!(code, 0);
    let (code, _, err) = place.run(&["token", "--account", "nobody"]);
    assert_eq!(code, 2);
    assert!(err.contains("expected one that `accounts` lists"), "{err}");
}

#[test]
fn logout_forgets_here_and_revoke_ends_it_everywhere() {
    let place = Place::new("oauth2-ends", &["--consent", "allow"]);
    place.logged_in(&["--scope", YOUTUBE, "--account", "home"]);
    let token = place.token();
    let read = |token: &str| {
        run_with_input(
            &["request", "--bearer-file", "-", "GET", &place.mine()],
            token,
        )
        .0
    };
    let (code, out, err) = place.run(&["logout", "home"]);
    assert_eq!((code, out.as_str()), (0, ""));
    assert!(
        err.contains("forgotten here: home at ") && err.contains("Google still knows the grant"),
        "{err}"
    );
    assert_eq!(place.accounts(), serde_json::json!([]));
    assert_eq!(read(&token), 0);

    place.logged_in(&["--scope", YOUTUBE, "--account", "home"]);
    place.logged_in(&["--scope", YOUTUBE, "--account", "work"]);
    let (code, out, err) = place.run(&["revoke", "home"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("all of its clients, on all machines"), "{err}");
    assert!(err.contains("yes: expected --yes"), "{err}");
    assert_eq!(place.accounts().as_array().unwrap().len(), 2);

    let (code, out, err) = place.run(&["revoke", "--yes", "home"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(
        err.contains("revoked: home at ") && err.ends_with("forgotten here too\n"),
        "{err}"
    );
    assert_eq!(read(&token), 1);

    // The other grant of the same user went with it, and the next use says so.
    let (code, out, err) = place.run(&["token", "--account", "work", "--min-lifetime", "86400"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(
        err.contains("invalid_grant") && err.contains("next: send the user through consent"),
        "{err}"
    );
    let dead = place.accounts();
    assert_eq!(dead[0]["alive"], false);
    assert!(
        dead[0]["reason"]
            .as_str()
            .unwrap()
            .contains("it was revoked"),
        "{dead}"
    );
    let (_, table, _) = place.run(&["accounts"]);
    assert!(table.contains("dead: it was revoked"), "{table}");
    let (code, _, err) = place.run(&["revoke", "--yes", "work"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("the server knew the grant no more"), "{err}");
}

#[test]
fn another_server_is_found_by_its_issuer() {
    let place = Place::new("oauth2-issuer", &["--consent", "allow"]);
    let origin = place.google.origin();
    let store = place.store.as_str();
    let login = Waiting::start(&[
        "--issuer",
        &origin,
        "--client-id",
        "app",
        "--scope",
        "openid email",
        "--store",
        store,
        "--basic",
    ]);
    assert!(!login.link.contains("access_type"), "{}", login.link);
    browse(&login.link);
    let (code, out, err) = login.end();
    assert_eq!((code, out.as_str()), (0, "ann@example.com\n"), "{err}");
    assert_eq!(place.kept()["cli_client"]["provider"]["google"], false);

    let (code, _, err) = place.run(&[
        "login",
        "--issuer",
        "http://id.example.com",
        "--client-id",
        "a",
        "--scope",
        "b",
    ]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("issuer: expected https"), "{err}");
}

#[test]
fn says_what_is_wrong_with_a_command() {
    let place = Place::new("oauth2-wrong", &[]);
    let origin = place.google.origin();
    let app = ["login", "--emulator", &origin, "--client-id", "app"];
    let cases: [(&[&str], i32, &str); 9] = [
        (&["login", "--scope", "a"], 2, "--client-secrets"),
        (&[&app[..], &[]].concat(), 2, "scope: expected at least one"),
        (
            &[&app[..], &["--scope", "a", "--paste", "--device"]].concat(),
            2,
            "cannot be used with",
        ),
        (
            &[&app[..], &["--scope", "a", "--authsub"]].concat(),
            2,
            "cannot be used with",
        ),
        (
            &["login", "--client-id", "a", "--scope", "b", "--save", "x"],
            2,
            "--clientlogin",
        ),
        (&["logout", "nobody"], 2, "there is none in"),
        (
            &[
                "request",
                "--account",
                "nobody",
                "GET",
                "http://127.0.0.1:9/",
            ],
            2,
            "there is none in",
        ),
        (
            &[
                "request",
                "--account",
                "a",
                "--adc",
                "GET",
                "http://127.0.0.1:9/",
            ],
            2,
            "cannot be used with",
        ),
        (
            &[
                "request",
                "--api-key-file",
                "-",
                "--content-type",
                "a/b",
                "GET",
                "http://127.0.0.1:9/",
            ],
            2,
            "content-type: expected --data or --upload",
        ),
    ];
    for (args, expected, piece) in cases {
        let (code, out, err) = place.run(args);
        assert_eq!((code, out.as_str()), (expected, ""), "{args:?}: {err}");
        assert!(err.contains(piece), "{args:?}: {err}");
    }
    for command in [
        "login", "accounts", "logout", "revoke", "token", "doctor", "request",
    ] {
        let (code, out, _) = run(&[command, "--help"]);
        assert_eq!(code, 0);
        assert!(out.contains(&format!("gdata-auth {command}")), "{out}");
    }
}
