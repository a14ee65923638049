//! `login`: every old protocol against an emulator in a process of its own, with a browser made of a socket.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write;

use cli_support::{Running, Waiting, browse, file, get, key, location, place, run, run_with_input};

mod cli_support;

const SCOPE: &str = "http://gdata.youtube.com/feeds/";

fn uploads(google: &Running) -> String {
    format!("{}/feeds/api/users/default/uploads", google.origin())
}

#[test]
fn clientlogin_prints_a_token_that_works() {
    let google = Running::start(&[]);
    let login = [
        "login",
        "--clientlogin",
        "--server",
        &google.origin(),
        "--email",
        "ann@example.com",
        "--service",
        "youtube",
        "--source",
        "acme-app-1",
    ];
    let (code, token, err) = run_with_input(&login, "secret\n");
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(
        token.starts_with("DQAAA") && token.lines().count() == 1,
        "{token}"
    );
    let sign = [
        "sign",
        "clientlogin",
        "--token-file",
        "-",
        "GET",
        &uploads(&google),
    ];
    let (_, header, _) = run_with_input(&sign, &token);
    assert_eq!(header, format!("Authorization: GoogleLogin auth={token}"));

    let wrong = file("login-wrong-password", "CANARY-password\n");
    let (code, out, err) = run(&[&login[..], &["--password-file", &wrong]].concat());
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(
        err.contains("does not accept this name with this password"),
        "{err}"
    );
    assert!(!err.contains("CANARY"), "{err}");
}

#[test]
fn a_captcha_is_shown_with_the_command_that_answers_it() {
    let config = file(
        "login-captcha.toml",
        "[[user]]\nemail = \"ben@example.org\"\npassword = \"CANARY-password\"\nlogin_refusal = \"CaptchaRequired\"\n",
    );
    let google = Running::start(&["--config", &config]);
    let password = file("login-captcha-password", "CANARY-password\n");
    let saved = place("login-captcha.json");
    let origin = google.origin();
    let login = [
        "login",
        "--clientlogin",
        "--server",
        &origin,
        "--email",
        "ben@example.org",
        "--password-file",
        &password,
        "--save",
        &saved,
    ];
    let (code, out, err) = run(&login);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(!err.contains("CANARY"), "{err}");
    let lines: Vec<&str> = err.lines().collect();
    assert_eq!(lines[0], "look at this picture:");
    assert!(
        lines[1].starts_with(&format!("{origin}/accounts/Captcha?ctoken=")),
        "{err}"
    );
    assert_eq!(lines[2], "and send what it says:");
    let (command, rest) = lines[3].split_once(" --captcha-token ").unwrap();
    assert_eq!(command, format!("gdata-auth {}", login.join(" ")));
    assert!(get(lines[1]).contains(">brinmar</text>"));
    let token = rest.strip_suffix(" --captcha-answer WORD").unwrap();
    let answer = ["--captcha-token", token, "--captcha-answer", "brinmar"];
    let (code, out, err) = run(&[&login[..], &answer].concat());
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert_eq!(
        err,
        format!("saved: gdata-auth request --credential {saved}\n")
    );
}

#[test]
fn authsub_comes_back_to_loopback_and_is_kept() {
    let google = Running::start(&["--consent", "allow"]);
    let saved = place("login-authsub.json");
    let origin = google.origin();
    let args = [
        "--authsub",
        "--server",
        &origin,
        "--scope",
        SCOPE,
        "--save",
        &saved,
    ];
    let login = Waiting::start(&args);
    assert!(
        login
            .link
            .starts_with(&format!("{origin}/accounts/AuthSubRequest?")),
        "{}",
        login.link
    );
    let back = location(&login.link, &get(&login.link)).unwrap();
    let door = back.split("/back/").next().unwrap().to_owned();
    for stranger in ["/favicon.ico", "/back/guess?token=1%2Fevil", "/", "/back/"] {
        let answer = get(&format!("{door}{stranger}"));
        assert!(answer.starts_with("HTTP/1.1 404 "), "{stranger}: {answer}");
    }
    let (visited, page) = browse(&back);
    assert_eq!(visited, [back.clone(), format!("{door}/done")]);
    assert!(
        page.starts_with("HTTP/1.1 200 ") && page.contains("Close this page"),
        "{page}"
    );
    assert!(!page.contains("token"), "{page}");
    let (code, out, err) = login.end();
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert_eq!(
        err,
        format!("saved: gdata-auth request --credential {saved}\n")
    );

    let kept: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&saved).unwrap()).unwrap();
    assert_eq!(kept["scheme"], "authsub");
    assert_eq!(kept["scopes"], SCOPE);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&saved).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let (code, out, err) = run(&["request", "--credential", &saved, "GET", &uploads(&google)]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("<feed"), "{out}");

    // The file is there: refused before anyone is asked.
    let again = [&["login"], &args[..]].concat();
    let (code, _, err) = run(&again);
    assert_eq!(code, 2);
    assert_eq!(
        err,
        format!("error: save: {saved} is there already; --force overwrites it\n")
    );
    let again = Waiting::start(&[&args[..], &["--force"]].concat());
    browse(&again.link);
    assert_eq!(again.end().0, 0);
    assert_ne!(std::fs::read_to_string(&saved).unwrap(), kept.to_string());
}

#[test]
fn a_secure_authsub_token_needs_its_key_ever_after() {
    let site = format!("127.0.0.1={}", key("insecure-rsa2048-cert.pem"));
    let google = Running::start(&["--consent", "allow", "--site", &site]);
    let saved = place("login-secure.json");
    let private = key("insecure-rsa2048-pkcs8.pem");
    let login = Waiting::start(&[
        "--authsub",
        "--server",
        &google.origin(),
        "--scope",
        SCOPE,
        "--secure",
        "--key",
        &private,
        "--save",
        &saved,
    ]);
    browse(&login.link);
    let (code, _, err) = login.end();
    assert_eq!(code, 0, "{err}");
    assert!(
        !std::fs::read_to_string(&saved)
            .unwrap()
            .contains("PRIVATE KEY")
    );
    let request = ["request", "--credential", &saved, "GET", &uploads(&google)];
    let (code, _, err) = run(&request);
    assert_eq!(code, 2);
    assert!(
        err.contains("signs with a private key, which is kept apart: give it"),
        "{err}"
    );
    let (code, out, err) = run(&[&request[..], &["--key", &private]].concat());
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("<feed"), "{out}");
}

#[test]
fn oauth1_comes_back_with_a_verifier_or_has_it_typed() {
    let google = Running::start(&["--consent", "allow"]);
    let saved = place("login-oauth1.json");
    let origin = google.origin();
    let login = Waiting::start(&[
        "--oauth1", "--server", &origin, "--scope", SCOPE, "--save", &saved,
    ]);
    assert!(
        login.link.starts_with(&format!(
            "{origin}/accounts/OAuthAuthorizeToken?oauth_token=4%2F"
        )),
        "{}",
        login.link
    );
    let (visited, page) = browse(&login.link);
    assert!(
        visited[1].contains("oauth_verifier=") && visited[2].ends_with("/done"),
        "{visited:?}"
    );
    assert!(!page.contains("oauth"), "{page}");
    let (code, _, err) = login.end();
    assert_eq!(code, 0, "{err}");
    let (code, out, err) = run(&["request", "--credential", &saved, "GET", &uploads(&google)]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("<feed"), "{out}");

    let mut login = Waiting::start(&["--oauth1", "--server", &origin, "--scope", SCOPE, "--oob"]);
    let page = get(&login.link);
    let (_, rest) = page.split_once("<code id=\"verifier\">").unwrap();
    let verifier = rest.split('<').next().unwrap().to_owned();
    let mut stdin = login.child.stdin.take().unwrap();
    stdin
        .write_all(format!(" {verifier}\n").as_bytes())
        .unwrap();
    let (code, out, err) = login.end();
    assert_eq!(
        (code, err.as_str()),
        (0, "type the verifier that the page shows:\n")
    );
    let lines: Vec<&str> = out.lines().collect();
    assert!(
        lines.len() == 2 && lines[0].starts_with("oauth_token=1/"),
        "{out}"
    );
    assert!(lines[1].starts_with("oauth_token_secret="), "{out}");
}

#[test]
fn a_user_who_declines_is_a_no_and_one_who_does_not_come_is_waited_for_no_longer() {
    let google = Running::start(&["--consent", "deny"]);
    let origin = google.origin();
    for protocol in ["--authsub", "--oauth1"] {
        let login = Waiting::start(&[protocol, "--server", &origin, "--scope", SCOPE]);
        browse(&login.link);
        let (code, out, err) = login.end();
        assert_eq!((code, out.as_str()), (1, ""));
        assert!(err.contains("the user declined"), "{err}");
    }
    let login = Waiting::start(&[
        "--authsub",
        "--server",
        &origin,
        "--scope",
        SCOPE,
        "--timeout",
        "0",
    ]);
    let (code, out, err) = login.end();
    assert_eq!((code, out.as_str()), (3, ""));
    assert!(err.contains("within 0 s"), "{err}");
}

#[test]
fn googles_own_hosts_are_refused_with_the_way_out() {
    for server in [
        "https://www.google.com",
        "https://google.com/accounts",
        "https://WWW.GOOGLE.COM.",
        "https://accounts.youtube.com",
        "https://www.googleapis.com:8443/x",
        "https://www.google.co.uk",
        "https://google.de",
    ] {
        for protocol in ["--authsub", "--oauth1"] {
            let (code, out, err) = run(&["login", protocol, "--server", server, "--scope", SCOPE]);
            assert_eq!((code, out.as_str()), (2, ""), "{server}: {err}");
            assert!(
                err.contains("in 2015 (two-legged OAuth in 2016)"),
                "{server}: {err}"
            );
            assert!(
                err.contains("next: move to OAuth 2.0: the user consents anew"),
                "{err}"
            );
        }
        let (code, _, err) = run(&["login", "--clientlogin", "--server", server, "--email", "a"]);
        assert_eq!(code, 2, "{server}: {err}");
        assert!(err.contains("is Google's"), "{server}: {err}");
    }
    // Names that only look so go on, and are not there.
    for server in [
        "http://google.com.127.0.0.1.invalid",
        "https://notgoogle.invalid",
    ] {
        let (_, _, err) = run(&["login", "--clientlogin", "--server", server, "--email", "a"]);
        assert!(!err.contains("is Google's"), "{server}: {err}");
    }
}

#[test]
fn says_what_is_wrong_with_a_command() {
    let server = "http://127.0.0.1:9";
    let cases: [(&[&str], i32, &str); 7] = [
        (&["--server", server], 2, "--clientlogin"),
        (
            &[
                "--clientlogin",
                "--authsub",
                "--server",
                server,
                "--email",
                "a",
            ],
            2,
            "cannot be used with",
        ),
        (&["--clientlogin", "--server", server], 2, "--email"),
        (&["--authsub", "--server", server], 2, "--scope"),
        (
            &[
                "--authsub",
                "--server",
                server,
                "--scope",
                SCOPE,
                "--secure",
            ],
            2,
            "--key",
        ),
        (
            &["--authsub", "--server", "nowhere", "--scope", SCOPE],
            2,
            "server: expected an absolute",
        ),
        (
            &["--oauth1", "--server", "http://a.test", "--scope", SCOPE],
            2,
            "plain http to another machine",
        ),
    ];
    for (args, expected, piece) in cases {
        let (code, out, err) = run(&[&["login"], args].concat());
        assert_eq!((code, out.as_str()), (expected, ""), "{args:?}: {err}");
        assert!(err.contains(piece), "{args:?}: {err}");
    }
    let (code, out, _) = run(&["login", "--help"]);
    assert_eq!(code, 0);
    assert!(out.contains("gdata-auth login --oauth1 --server"), "{out}");
}
