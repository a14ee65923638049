//! `request` with kept grants and Google's credential files: calls, uploads, downloads.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cli_support::{
    file, gdata_auth,
    grants::{Place, YOUTUBE},
    location, secret_file, texts,
};
use serde_json::Value;

mod cli_support;

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
