//! What stops a save, what does not, and what a look at other people's cassettes finds.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and what was seen in recordings is told"
)]

mod support;

use std::{collections::BTreeMap, fs, path::Path};

use gdata_auth::{
    Error, Kind,
    cassette::{
        Body, Cassette, Interaction, SecretKind,
        redact::{Certainty, Leak, Leaks, Reason, Redaction, RedactionRules, Rule, inspect},
    },
};
use support::tape::{answered, asked, request, response};

const JSON: (&str, &str) = ("content-type", "application/json");

/// A body that must not be written, and why.
const STOPS: &[(&str, &str)] = &[
    (
        r#"{"sessionBlob":"q8Zx71Lm20PwYv93KdTs"}"#,
        "the name says that it is secret",
    ),
    (
        r#"{"db_password":"hunter2"}"#,
        "the name says that it is secret",
    ),
    (
        r#"{"note":"ya29.a0AfH6SMBx3kq7PzX_realtoken"}"#,
        "looks like an access token of Google",
    ),
    (
        r#"{"x":"1//0gLkq7PzXrealtokenCgYIARAAGBASNwF-L9Ir"}"#,
        "looks like a refresh token of Google",
    ),
    (
        r#"{"x":["4/P7q7W91a-oMsCeLvIaQm6bTrgtp7"]}"#,
        "looks like an authorization code of Google",
    ),
    (
        r#"{"k":"AIzaSyA1234567890abcdefghijklmnopqrstuv"}"#,
        "looks like an API key of Google",
    ),
    (
        r#"{"k":"GOCSPX-1234567890abcdefghijklmnopqr"}"#,
        "looks like a client secret of Google",
    ),
    (
        r#"{"k":"ghp_1234567890abcdefghijABCDEFGHIJ123456"}"#,
        "looks like a token of GitHub",
    ),
    (r#"{"k":"AKIAIOSFODNN7EXAMPLE"}"#, "looks like a key of AWS"),
    (
        r#"{"k":"xoxb-123456789012-abcdefGHIJKL"}"#,
        "looks like a token of Slack",
    ),
    (
        r#"{"k":"sk-proj-1234567890abcdefghijABCDEFGHIJ"}"#,
        "looks like a secret key",
    ),
    (
        r#"{"k":"-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA1234567890\n-----END RSA PRIVATE KEY-----"}"#,
        "looks like a private key",
    ),
    (
        r#"{"kty":"RSA","n":"x","d":"VFCWOqXr8nvZNyaaJLXdnNPXZKRaWCjkU5Q2egQQpTBMwhprMzWzpR8S"}"#,
        "looks like a private key in JWK",
    ),
    (
        r#"{"k":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"}"#,
        "looks like a JSON Web Token",
    ),
    (
        r#"{"x":"see postgres://me:hunter2pw@db.example/x now"}"#,
        "looks like a password in an address",
    ),
    (
        "<page>DQAAAGgA7Zg8CTN5t2y0q8Zx71Lm20PwYv93KdTsq8Zx71Lm20PwYv93KdTs</page>",
        "looks like a token of ClientLogin",
    ),
];

/// Bodies without a secret.
const PASSES: &[&str] = &[
    r#"{"nextPageToken":"EAAaBlBUOkNBVQ8Zx71Lm20PwYv93KdTs","kind":"youtube#searchListResponse"}"#,
    r#"{"nextSyncToken":"CPDAlvWDx70CEPDAlvWDx70CGAU8Zx71Lm=="}"#,
    r#"{"token_type":"Bearer","token_uri":"https://oauth2.googleapis.com/token","auth_uri":"https://accounts.google.com/o/oauth2/auth"}"#,
    r#"{"token_endpoint_auth_methods_supported":["client_secret_post","client_secret_basic"]}"#,
    r#"{"password":"<PASSWORD>","secret":"[REDACTED]","client_secret":"***"}"#,
    r#"{"author":"q8Zx71Lm20PwYv93KdTs","etag":"\"q8Zx71Lm20PwYv93KdTs\""}"#,
    r#"{"error":{"code":401,"message":"Invalid Credentials","errors":[{"reason":"authError","location":"Authorization"}]}}"#,
    r#"{"error":"invalid_token","error_description":"The access token expired"}"#,
    r#"{"id":"tag:youtube.com,2008:video:dQw4w9WgXcQ","session_state":"0123456789abcdefABCD..9f8e"}"#,
    r#"{"description":"Your password must have eight characters","password_hint":"q8Zx71Lm20PwYv93KdTs"}"#,
    r#"{"authuser":"0","auth_time":1300000000,"sessionCount":12}"#,
    "<feed><id>http://gdata.youtube.com/feeds/api/users/4/q8Zx71Lm20PwYv93KdTs</id></feed>",
    "Error=BadAuthentication\n",
    "The token is invalid.\n",
];

fn stopped(cassette: Cassette) -> Leaks {
    Redaction::default().apply(cassette).unwrap_err()
}

#[test]
fn what_looks_like_a_secret_in_an_unknown_field_stops_the_save() {
    for (body, why) in STOPS {
        let kind = if body.starts_with('<') {
            "text/html"
        } else {
            "application/json"
        };
        let leaks = stopped(answered(&[("content-type", kind)], body));
        let text = leaks.to_string();
        assert!(text.contains(why), "{body}: {text}");
        assert!(text.contains("interaction 1: response.body"), "{text}");
        assert!(text.contains("mask = [{ place = "), "{text}");
    }
}

#[test]
fn nothing_else_does() {
    for body in PASSES {
        let kind = if body.starts_with('{') {
            "application/json"
        } else {
            "text/plain"
        };
        let cassette = answered(&[("content-type", kind)], body);
        let redacted = Redaction::default().apply(cassette.clone());
        let redacted = redacted.unwrap_or_else(|leaks| panic!("{body}: {leaks}"));
        assert_eq!(
            redacted.cassette.interactions, cassette.interactions,
            "{body}"
        );
        assert_eq!(inspect(&cassette), [], "{body}");
    }
}

#[test]
fn a_leak_names_the_field_and_the_rule_and_never_the_value() {
    let mut cassette = answered(&[JSON], r#"{"sessionBlob":"q8Zx71Lm20PwYv93KdTs"}"#);
    cassette.interactions[0].request = request("GET", "https://api.example.com/x", &[], "");
    let leaks = stopped(cassette.clone());
    assert_eq!(
        leaks.to_string(),
        "expected no secret in a field that is not known, got 1\n\
         interaction 1: response.body: field sessionBlob: the name says that it is secret: 20 characters\n  \
         to replace it: mask = [{ place = \"json\", field = \"sessionBlob\", host = \"api.example.com\" }]; \
         to keep it: allow = [{ place = \"json\", field = \"sessionBlob\", host = \"api.example.com\" }]"
    );
    assert!(!format!("{leaks:?}").contains("q8Zx"));
    let error = Error::from(leaks.clone());
    assert_eq!(error.kind(), Kind::Input);
    assert!(!format!("{error:?} {error}").contains("q8Zx"));

    // The rule that it names does what it says, in both lists.
    let rule: Rule =
        toml::from_str("place = \"json\"\nfield = \"sessionBlob\"\nhost = \"api.example.com\"")
            .unwrap();
    let with = |rules: RedactionRules| Redaction::new(&rules).unwrap().apply(cassette.clone());
    let masked = with(RedactionRules {
        mask: vec![rule.clone()],
        ..RedactionRules::default()
    });
    let masked = masked.unwrap().cassette;
    assert_eq!(masked.stand_ins.len(), 1);
    assert_ne!(masked.interactions, cassette.interactions);
    let allowed = with(RedactionRules {
        allow: vec![rule],
        ..RedactionRules::default()
    });
    assert_eq!(
        allowed.unwrap().cassette.interactions,
        cassette.interactions
    );
}

#[test]
fn the_rule_of_a_shape_masks_it() {
    for (body, _) in STOPS.iter().filter(|(body, _)| body.starts_with('{')) {
        let cassette = answered(&[JSON], body);
        let leaks = stopped(cassette.clone());
        let rules = leaks.leaks.iter().map(|leak| leak.rule.clone());
        let text = format!("mask = [{}]", rules.collect::<Vec<_>>().join(", "));
        let rules: RedactionRules = toml::from_str(&text).unwrap();
        let redacted = Redaction::new(&rules).unwrap().apply(cassette);
        let redacted = redacted.unwrap_or_else(|leaks| panic!("{body}: {text}: {leaks}"));
        assert_eq!(
            redacted.cassette.stand_ins.len(),
            leaks.leaks.len(),
            "{body}"
        );
    }
}

#[test]
fn what_is_suspect_is_masked_where_that_is_wanted() {
    let rules = RedactionRules {
        mask_suspects: true,
        ..RedactionRules::default()
    };
    let secret = "q8Zx71Lm20PwYv93KdTs";
    let body = format!(r#"{{"sessionBlob":"{secret}","kept":"as it is"}}"#);
    let cassette = || answered(&[JSON], &body);
    stopped(cassette());
    let redacted = Redaction::new(&rules).unwrap().apply(cassette()).unwrap();
    let answer = redacted.cassette.interactions[0].response().unwrap();
    let text = String::from_utf8(answer.body.bytes.to_vec()).unwrap();
    assert!(
        !text.contains(secret) && text.contains("as it is"),
        "{text}"
    );
    assert_eq!(redacted.notes, ["masked as suspect: field sessionBlob"]);
}

#[test]
fn a_name_that_is_a_token_is_not_shown() {
    let body = r#"{"ya29.a0AfH6SMBx3kq7PzX_realtoken":{"x":1}}"#;
    let leaks = stopped(answered(&[JSON], body)).to_string();
    assert!(leaks.contains("looks like an access token"), "{leaks}");
    assert!(!leaks.contains("kq7PzX"), "{leaks}");
}

#[test]
fn a_body_that_cannot_be_read_stops_the_save_until_it_is_allowed() {
    let mut cassette = answered(&[JSON, ("content-encoding", "br")], "");
    let answer = cassette.interactions[0].response_mut().unwrap();
    answer.body = Body::wire(vec![0x8b, 0x03, 0x80, 0xff, 0xfe, 0x03]);
    let leaks = stopped(cassette.clone());
    assert_eq!(leaks.leaks[0].reason, Reason::Unreadable);
    let rules: RedactionRules =
        toml::from_str(&format!("allow = [{}]", leaks.leaks[0].rule)).unwrap();
    assert!(Redaction::new(&rules).unwrap().apply(cassette).is_ok());
}

#[test]
fn the_field_is_named_wherever_it_stands() {
    for (cassette, place) in [
        (
            asked(
                "https://a.example/?session_blob=q8Zx71Lm20PwYv93KdTs",
                &[],
                "",
            ),
            "request.url: field session_blob",
        ),
        (
            asked(
                "https://a.example/",
                &[("x-session-blob", "q8Zx71Lm20PwYv93KdTs")],
                "",
            ),
            "request.headers: field x-session-blob",
        ),
        (
            asked(
                "https://a.example/",
                &[("content-type", "application/x-www-form-urlencoded")],
                "a=b&mypassword=x&my_password=hunter2",
            ),
            "request.body: field my_password",
        ),
        (
            answered(
                &[("content-type", "text/xml")],
                "<a><sessionKey secret='hunter2hunter2'>x</sessionKey></a>",
            ),
            "response.body: field secret",
        ),
        (
            answered(
                &[("content-type", "text/plain")],
                "SessionBlob=q8Zx71Lm20PwYv93KdTs\nx=y\n",
            ),
            "response.body: field SessionBlob",
        ),
    ] {
        let leaks = stopped(cassette).to_string();
        assert!(leaks.contains(place), "{leaks}");
    }
}

#[test]
fn a_look_finds_known_secrets_and_not_placeholders() {
    let body = r#"{"access_token":"ya29.a0AfH6SMBx3kq7PzX_realtoken","refresh_token":"<REFRESH_TOKEN>","client_secret":"********","id_token":"YOUR_ID_TOKEN"}"#;
    let cassette = answered(&[JSON], body);
    let leaks = inspect(&cassette);
    assert_eq!(leaks.len(), 1, "{leaks:#?}");
    let doubtful = answered(
        &[JSON],
        r#"{"access_token":"xxxxxxxxxxxx","api_key":"DUMMY-key-0123456789"}"#,
    );
    assert_eq!(inspect(&doubtful), []);
    let Leak {
        reason,
        certainty,
        excerpt,
        field,
        ..
    } = &leaks[0];
    assert_eq!(reason, &Reason::Known(SecretKind::AccessToken));
    assert_eq!(*certainty, Certainty::Certain);
    assert_eq!(
        (field.as_str(), excerpt.as_str()),
        ("access_token", "ya29… (32 characters)")
    );
    let redacted = Redaction::default().apply(cassette).unwrap().cassette;
    assert_eq!(inspect(&redacted), []);
    // Formats that keep no table of stand-ins: the mark tells.
    assert_eq!(inspect(&Cassette::new(redacted.interactions)), []);
}

/// The halves of the traces of other people, split by hand, and whole files of other formats as bodies.
fn recordings(folder: &Path, all: &mut BTreeMap<String, Vec<Interaction>>) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|one| one.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            recordings(&path, all);
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let name = path.display().to_string();
        match text.starts_with("> ") {
            true => {
                all.insert(name, trace(&text));
            }
            false => {
                let answer = response(&[], &text);
                let one =
                    Interaction::new(request("GET", "https://www.example.com/", &[], ""), answer);
                all.insert(name, vec![one]);
            }
        }
    }
}

fn trace(text: &str) -> Vec<Interaction> {
    let mut halves: Vec<(char, Vec<&str>)> = Vec::new();
    for line in text.lines() {
        let side = line.chars().next().unwrap_or(' ');
        if !matches!(side, '>' | '<') || line == "  " {
            continue;
        }
        if halves.last().is_none_or(|(open, _)| *open != side) {
            halves.push((side, Vec::new()));
        }
        halves
            .last_mut()
            .unwrap()
            .1
            .push(line.get(2..).unwrap_or_default());
    }
    let split = |lines: &[&str]| {
        let end = lines
            .iter()
            .position(|line| line.is_empty())
            .unwrap_or(lines.len());
        let headers: Vec<(String, String)> = lines[1..end.max(1)]
            .iter()
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        (headers, lines[end..].join("\n").trim_start().to_owned())
    };
    let mut all = Vec::new();
    for pair in halves.chunks(2) {
        let [(_, asked), (_, answered)] = pair else {
            continue;
        };
        let (headers, body) = split(asked);
        let host = headers
            .iter()
            .find(|(name, _)| name == "Host")
            .map_or("a", |(_, host)| host);
        let target = asked[0].split(' ').nth(1).unwrap_or("/");
        let pairs: Vec<(&str, &str)> = headers
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        let one = request("POST", &format!("https://{host}{target}"), &pairs, &body);
        let (headers, body) = split(answered);
        let pairs: Vec<(&str, &str)> = headers
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        let mut answer = response(&pairs, &body);
        answer.body = Body::decoded(body);
        all.push(Interaction::new(one, answer));
    }
    all
}

#[test]
fn recordings_of_other_people_stop_a_save_seldom() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/recordings");
    if !folder.is_dir() {
        println!("skipped: no recordings beside the crate");
        return;
    }
    let mut all = BTreeMap::new();
    recordings(&folder, &mut all);
    let (mut interactions, mut found, mut stops) = (0, 0, 0);
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    for (name, recording) in all {
        let cassette = Cassette::new(recording);
        interactions += cassette.interactions.len();
        let leaks = inspect(&cassette);
        found += leaks.len();
        match Redaction::default().apply(cassette) {
            Ok(redacted) => {
                // What was in known fields is gone for the look as well.
                let left = inspect(&redacted.cassette);
                for leak in &left {
                    println!("left: {name}: {leak}");
                }
            }
            Err(leaks) => {
                stops += 1;
                for leak in leaks.leaks {
                    let line = leak.to_string();
                    let (_, line) = line.split_once(": ").unwrap();
                    *told.entry(line.to_owned()).or_default() += 1;
                }
            }
        }
    }
    for (line, times) in &told {
        println!("{times} x {line}");
    }
    println!("{interactions} interactions: {found} leaks found by the look, {stops} files stop");
    assert!(interactions > 300 && found > 300);
}
