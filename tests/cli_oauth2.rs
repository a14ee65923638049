//! `login` by OAuth 2.0, and what is done with the grant, against an emulator in a process of its own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cli_support::{
    Running, Waiting, browse, file, folder, gdata_auth, get, location, run, run_with_input,
    secret_file, texts,
};
use serde_json::Value;

mod cli_support;

const YOUTUBE: &str = "https://www.googleapis.com/auth/youtube";
const ANN: &str = "ann@example.com";

/// An emulator, and a store for the grants of one test.
struct Place {
    google: Running,
    store: String,
}

impl Place {
    fn new(name: &str, args: &[&str]) -> Self {
        Self {
            google: Running::start(args),
            store: folder(name),
        }
    }

    fn run(&self, args: &[&str]) -> (i32, String, String) {
        run(&[args, &["--store", &self.store]].concat())
    }

    /// Starts a login that shows a link.
    fn login(&self, args: &[&str]) -> Waiting {
        let origin = self.google.origin();
        let common = ["--emulator", &origin, "--client-id", "app", "--store"];
        Waiting::start(&[&common, &[self.store.as_str()][..], args].concat())
    }

    /// A whole login, by loopback.
    fn logged_in(&self, args: &[&str]) -> (String, String) {
        let login = self.login(args);
        browse(&login.link);
        let (code, out, err) = login.end();
        assert_eq!(code, 0, "{err}");
        (out, err)
    }

    fn accounts(&self) -> Value {
        let (code, out, err) = self.run(&["accounts", "--json"]);
        assert_eq!((code, err.as_str()), (0, ""));
        serde_json::from_str(&out).unwrap()
    }

    fn token(&self) -> String {
        let (code, out, err) = self.run(&["token"]);
        assert_eq!((code, err.as_str()), (0, ""));
        out.trim().to_owned()
    }

    /// The text of the only file of a grant.
    fn kept(&self) -> Value {
        let mut files = std::fs::read_dir(&self.store).unwrap();
        let grant = files.find_map(|entry| {
            let path = entry.unwrap().path();
            (path.extension()? == "json").then_some(path)
        });
        let file: Value =
            serde_json::from_str(&std::fs::read_to_string(grant.unwrap()).unwrap()).unwrap();
        file["grant"].clone()
    }

    fn mine(&self) -> String {
        format!(
            "{}/youtube/v3/channels?part=id&mine=true",
            self.google.origin()
        )
    }
}

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
fn requests_are_sent_for_a_kept_account_or_with_googles_files() {
    let place = Place::new("oauth2-request", &["--consent", "allow"]);
    place.logged_in(&["--scope", YOUTUBE, "--account", "home"]);
    let mine = place.mine();
    let (code, out, err) = place.run(&["request", "--account", "home", "GET", &mine]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("youtube#channelListResponse"), "{out}");

    let refresh = place.kept()["refresh_token"].as_str().unwrap().to_owned();
    let origin = place.google.origin();
    let user = secret_file(
        "oauth2-authorized-user.json",
        &format!(
            r#"{{"type":"authorized_user","client_id":"app","client_secret":"s","refresh_token":"{refresh}",
                "token_uri":"{origin}/token"}}"#
        ),
    );
    let (code, out, err) = place.run(&["request", "--credentials", &user, "GET", &mine]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("youtube#channelListResponse"), "{out}");
    let adc = gdata_auth(&["request", "--adc", "GET", &mine])
        .env("GOOGLE_APPLICATION_CREDENTIALS", &user)
        .output()
        .unwrap();
    let (code, again, err) = texts(&adc);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(again, out);

    let saved = cli_support::place("oauth2-output.json");
    let (code, none, err) =
        place.run(&["request", "--account", "home", "-o", &saved, "GET", &mine]);
    assert_eq!((code, none.as_str(), err.as_str()), (0, "", ""));
    assert_eq!(std::fs::read_to_string(saved).unwrap(), out);

    // A grant that does not cover the request: what to do is told.
    place.logged_in(&["--scope", "openid email", "--account", "narrow"]);
    let (code, _, err) = place.run(&["request", "--account", "narrow", "GET", &mine]);
    assert_eq!(code, 1);
    assert!(
        err.contains("verdict: the user has to consent again"),
        "{err}"
    );
}

/// A file that is larger than a chunk's granule, and than what breaks off.
fn film(name: &str) -> String {
    file(name, &"0123456789abcdef".repeat(50_000))
}

#[test]
fn a_file_goes_up_in_chunks_and_on_after_a_break() {
    let config = file(
        "oauth2-breaks.toml",
        "consent = \"allow\"\nbreak_uploads_after_bytes = 300000\n",
    );
    let place = Place::new("oauth2-upload", &["--config", &config]);
    place.logged_in(&["--scope", YOUTUBE, "--account", "home"]);
    let url = format!(
        "{}/upload/youtube/v3/videos?part=snippet,status",
        place.google.origin()
    );
    let film = film("oauth2-film.mp4");
    let session = cli_support::place("oauth2-session.json");
    let (code, out, err) = place.run(&[
        "request",
        "--account",
        "home",
        "--data",
        r#"{"snippet":{"title":"Tides"}}"#,
        "--upload",
        &film,
        "--session",
        &session,
        "POST",
        &url,
    ]);
    assert_eq!((code, err.as_str()), (0, ""));
    let video: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(video["snippet"]["title"], "Tides");
    assert!(!std::path::Path::new(&session).exists());
}

#[test]
fn a_file_is_the_body_where_there_are_no_sessions() {
    let place = Place::new("oauth2-plain-upload", &["--consent", "allow"]);
    place.logged_in(&["--scope", YOUTUBE, "--account", "home"]);
    let origin = place.google.origin();
    let film = film("oauth2-plain-film.mp4");
    let url =
        format!("{origin}/upload/youtube/v3/videos?part=snippet,fileDetails&uploadType=media");
    let saved = cli_support::place("oauth2-plain-upload.json");
    let (code, out, err) = place.run(&[
        "request",
        "--account",
        "home",
        "--upload",
        &film,
        "-o",
        &saved,
        "POST",
        &url,
    ]);
    assert_eq!((code, out.as_str(), err.as_str()), (0, "", ""));
    let video: Value = serde_json::from_str(&std::fs::read_to_string(&saved).unwrap()).unwrap();
    assert_eq!(video["kind"], "youtube#video");

    // A refusal is told, and leaves no file.
    let none = cli_support::place("oauth2-refused.json");
    let url = format!("{origin}/youtube/v3/videos?id=x");
    let (code, out, err) = place.run(&["request", "--account", "home", "-o", &none, "GET", &url]);
    assert_eq!((code, out.as_str()), (1, ""), "{err}");
    assert!(!std::path::Path::new(&none).exists());
}

#[test]
fn a_kept_session_goes_on_and_no_other_is_asked_for() {
    let place = Place::new("oauth2-session", &["--consent", "allow"]);
    place.logged_in(&["--scope", YOUTUBE, "--account", "home"]);
    let origin = place.google.origin();
    let film = film("oauth2-session-film.mp4");
    let opened = post_json(
        &origin,
        "/upload/youtube/v3/videos?part=snippet&uploadType=resumable",
        &format!(
            "Authorization: Bearer {}\r\nX-Upload-Content-Type: video/mp4\r\nX-Upload-Content-Length: 800000\r\n",
            place.token()
        ),
        r#"{"snippet":{"title":"Begun before"}}"#,
    );
    let address = location(&format!("{origin}/"), &opened).unwrap();
    let session = secret_file(
        "oauth2-begun.json",
        &format!(r#"{{"address":"{address}","content_type":"video/mp4","total":800000}}"#),
    );
    let url = format!("{origin}/upload/youtube/v3/videos?part=snippet");
    let upload = [
        "request",
        "--account",
        "home",
        "--upload",
        &film,
        "--session",
        &session,
        "POST",
        &url,
    ];
    let (code, out, err) = place.run(&upload);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("Begun before"), "{out}");
    assert!(!std::path::Path::new(&session).exists());

    let small = file("oauth2-small.mp4", "small");
    let session = secret_file(
        "oauth2-other.json",
        &format!(r#"{{"address":"{address}","content_type":"video/mp4","total":800000}}"#),
    );
    let (code, _, err) = place.run(&[
        "request",
        "--account",
        "home",
        "--upload",
        &small,
        "--session",
        &session,
        "POST",
        &url,
    ]);
    assert_eq!(code, 2);
    assert!(
        err.contains("expected the session of a file of 5 bytes, got one of 800000"),
        "{err}"
    );
}

fn post_json(origin: &str, path: &str, headers: &str, body: &str) -> String {
    use std::io::Write;

    let host = origin.strip_prefix("http://").unwrap();
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    let length = body.len();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n{headers}\r\n{body}"
    )
    .unwrap();
    std::io::read_to_string(stream).unwrap()
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
