//! Secrets in every place and in every form, and none of them left.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use gdata_auth::cassette::{
    Body, Cassette, Criterion, Interaction, Outcome, Pattern, SecretKind, Subject, Test,
    redact::{Redacted, Redaction, RedactionRules, Rule},
};
use proptest::prelude::{Strategy, prop, prop_assert, prop_assert_eq, proptest};
use support::tape::{answered, asked, gunzip, gzip, remains, request, response, texts};

const CANARY: &str = "CaNaRy/9f8e7d6c5b4a_zQ-x0Y1";
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("content-type", "application/json");

fn redact(cassette: Cassette) -> Redacted {
    Redaction::default()
        .apply(cassette)
        .unwrap_or_else(|leaks| panic!("{leaks}"))
}

fn escaped(text: &str) -> String {
    text.replace('/', "%2F")
}

/// Each place in which a known field may hold the canary.
fn places() -> Vec<(&'static str, Cassette)> {
    let c = CANARY;
    let e = escaped(c);
    let ee = e.replace('%', "%25");
    let url = "https://www.google.com/accounts/x";
    let header = |name: &str, value: String| asked(url, &[(name, &value)], "");
    let form = |body: String| asked(url, &[FORM], &body);
    let reply = |kind: &str, body: String| answered(&[("content-type", kind)], &body);
    let claims = URL_SAFE_NO_PAD.encode(format!(r#"{{"iss":"me","access_token":"{c}"}}"#));
    let jwt_head = URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256"}"#);
    let jwt = format!("{jwt_head}.{claims}.{}", "c2lnbmF0dXJlLW9mLXRoZS10b2tlbg");
    let basic = STANDARD.encode(format!("client:{c}"));
    let basic_user = STANDARD.encode(format!("{c}:"));
    vec![
        ("bearer", header("authorization", format!("Bearer {c}"))),
        (
            "bearer, folded case",
            header("AUTHORIZATION", format!("bearer  {c}")),
        ),
        (
            "oauth 2 draft",
            header("authorization", format!("OAuth {c}")),
        ),
        ("basic", header("authorization", format!("Basic {basic}"))),
        (
            "basic user",
            header("authorization", format!("Basic {basic_user}")),
        ),
        (
            "proxy",
            header("proxy-authorization", format!("Basic {basic}")),
        ),
        (
            "authsub quoted",
            header("authorization", format!("AuthSub token=\"{c}\"")),
        ),
        (
            "authsub single",
            header("authorization", format!("AuthSub token='{c}'")),
        ),
        (
            "authsub bare",
            header("authorization", format!("AuthSub token={c}")),
        ),
        (
            "clientlogin",
            header("authorization", format!("GoogleLogin auth={c}")),
        ),
        (
            "clientlogin, no space",
            header("authorization", format!("GoogleLogin auth=\"{c}\"")),
        ),
        (
            "oauth1",
            header(
                "authorization",
                format!("OAuth realm=\"\",oauth_token=\"{e}\",oauth_version=\"1.0\""),
            ),
        ),
        (
            "plaintext",
            header(
                "authorization",
                format!(
                    "OAuth oauth_signature_method=\"PLAINTEXT\", oauth_signature=\"{ee}%26tokensecret42\""
                ),
            ),
        ),
        (
            "plaintext token",
            header(
                "authorization",
                format!(
                    "OAuth oauth_signature_method=\"PLAINTEXT\", oauth_signature=\"consumer42%26{ee}\""
                ),
            ),
        ),
        (
            "unknown scheme",
            header("authorization", format!("Hawk id=\"a\", mac=\"{c}\"")),
        ),
        (
            "unknown scheme, token",
            header("authorization", format!("Negotiate {c}")),
        ),
        ("no scheme", header("authorization", c.to_owned())),
        ("developer key", header("x-gdata-key", format!("key={c}"))),
        ("api key", header("X-Goog-Api-Key", c.to_owned())),
        ("cookie", header("cookie", format!("lang=en; SID={c}; x=y"))),
        (
            "cookie in a cookie",
            header("cookie", format!("S=calendar={c}:x=1")),
        ),
        (
            "set-cookie",
            answered(&[("set-cookie", &format!("S={c}; Path=/; Secure"))], ""),
        ),
        (
            "set-cookie, folded",
            answered(
                &[(
                    "set-cookie",
                    &format!("a=b; Expires=Mon, 01-Jan-2030 00:00:00 GMT; path=/, S={c}; path=/"),
                )],
                "",
            ),
        ),
        (
            "location query",
            answered(
                &[("location", &format!("http://a.example/cb?x=1&code={e}"))],
                "",
            ),
        ),
        (
            "location fragment",
            answered(
                &[(
                    "location",
                    &format!("http://a.example/cb#access_token={e}&token_type=Bearer"),
                )],
                "",
            ),
        ),
        (
            "referer",
            header("referer", format!("http://a.example/cb?token={c}")),
        ),
        (
            "update-client-auth",
            answered(&[("update-client-auth", c)], ""),
        ),
        ("query", asked(&format!("{url}?v=2&key={e}"), &[], "")),
        (
            "query, lower case",
            asked(
                &format!("{url}?access_token={}", c.replace('/', "%2f")),
                &[],
                "",
            ),
        ),
        (
            "nested address",
            asked(
                &format!("{url}?continue=http%3A%2F%2Fa.example%2F%3Ftoken%3D{ee}"),
                &[],
                "",
            ),
        ),
        (
            "address in address in address",
            asked(
                &format!(
                    "{url}?next=http%3A%2F%2Fa%2F%3Fnext%3Dhttp%253A%252F%252Fb%252F%253Ftoken%253D{}",
                    ee.replace('%', "%25")
                ),
                &[],
                "",
            ),
        ),
        (
            "user information",
            asked(&format!("https://me:{e}@a.example/x"), &[], ""),
        ),
        ("form", form(format!("Email=a%40b.c&Passwd={e}&service=cl"))),
        (
            "form, everything escaped",
            form(format!(
                "oauth%5Ftoken={}",
                e.replace('_', "%5F").replace('-', "%2d")
            )),
        ),
        (
            "json in a form",
            form(format!("request=%7B%22refresh_token%22%3A%22{e}%22%7D")),
        ),
        (
            "json",
            reply(
                "application/json",
                format!("{{ \"access_token\" : \"{c}\",\n \"expires_in\" : 3600 }}"),
            ),
        ),
        (
            "json, escaped",
            reply(
                "application/json",
                format!(r#"{{"refresh_token":"{}"}}"#, c.replace('/', "\\/")),
            ),
        ),
        (
            "json, unicode",
            reply(
                "application/json",
                format!(r#"{{"refresh_token":"{}"}}"#, c.replace('/', "\\u002f")),
            ),
        ),
        (
            "json, deep",
            reply(
                "application/json",
                format!(r#"[{{"a":{{"b":[{{"client_secret":"{c}"}}]}}}}]"#),
            ),
        ),
        (
            "json in json",
            reply(
                "application/json",
                format!(r#"{{"body":"{{\"access_token\":\"{c}\"}}"}}"#),
            ),
        ),
        (
            "json in base64 in json",
            reply(
                "application/json",
                format!(
                    r#"{{"payload":"{}"}}"#,
                    STANDARD.encode(format!(r#"{{"access_token":"{c}"}}"#))
                ),
            ),
        ),
        (
            "json, torn",
            reply("application/json", format!(r#"{{"access_token":"{c}"#)),
        ),
        (
            "json, guarded",
            reply(
                "application/json",
                format!(")]}}'\n{{\"access_token\":\"{c}\"}}"),
            ),
        ),
        (
            "json with a header in it",
            reply(
                "application/json",
                format!(r#"{{"headers":{{"Authorization":"Bearer {c}"}}}}"#),
            ),
        ),
        (
            "json, mislabelled",
            reply("text/html", format!(r#"{{"access_token":"{c}"}}"#)),
        ),
        (
            "xml",
            reply(
                "application/atom+xml",
                format!("<a xmlns:yt='u'><yt:token>{c}</yt:token></a>"),
            ),
        ),
        (
            "xml attribute",
            reply(
                "text/xml",
                format!("<a><link href='http://b/?x=1&amp;authkey={e}'/></a>"),
            ),
        ),
        (
            "lines",
            reply(
                "text/plain",
                format!("SID=abcdefgh\nLSID=hgfedcba\nAuth={c}\n"),
            ),
        ),
        (
            "line, crlf",
            reply(
                "text/plain",
                format!("Token={c}\r\nExpiration=20380101T000000Z\r\n"),
            ),
        ),
        (
            "form reply",
            reply(
                "text/plain",
                format!(
                    "oauth_token=4%2Fabcdefghi&oauth_token_secret={e}&oauth_callback_confirmed=true"
                ),
            ),
        ),
        (
            "hidden input",
            reply(
                "text/html",
                format!(
                    "<html><form><input type=hidden name=\"token\" value=\"{c}\"></form></html>"
                ),
            ),
        ),
        (
            "link",
            reply(
                "text/html",
                format!(
                    "<p>Back <a href=\"http://a.example/cb?state=1&amp;code={e}\">there</a></p>"
                ),
            ),
        ),
        (
            "script",
            reply(
                "text/html",
                format!("<script>var t = {{access_token: '{c}'}};</script>"),
            ),
        ),
        (
            "prose",
            reply(
                "text/plain",
                format!("we sent Authorization: Bearer {c} to you"),
            ),
        ),
        (
            "title",
            reply(
                "text/html",
                "<title>Success code=4/CaNaRy/9f8e7d6c5b4a_zQ-x0Y1</title>".to_owned(),
            ),
        ),
        (
            "multipart",
            asked(
                url,
                &[("content-type", "multipart/form-data; boundary=b")],
                &format!(
                    "--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n{c}\r\n--b--\r\n"
                ),
            ),
        ),
        (
            "batch",
            asked(
                url,
                &[("content-type", "multipart/mixed; boundary=\"b\"")],
                &format!(
                    "--b\r\nContent-Type: application/http\r\n\r\nGET /x HTTP/1.1\r\nAuthorization: Bearer {c}\r\n\r\n\r\n--b--"
                ),
            ),
        ),
        ("jwt claim", form(format!("assertion={jwt}"))),
        (
            "jwt signature",
            form(format!(
                "assertion={jwt_head}.{}.{}",
                URL_SAFE_NO_PAD.encode("{\"iss\":\"me\"}"),
                c.replace('/', "_")
            )),
        ),
        (
            "calendar's magic cookie",
            asked(
                "https://www.google.com/calendar/feeds/a/private-0123456789abcdef0123456789abcdef/full",
                &[],
                "",
            ),
        ),
        (
            "data of authsub",
            header(
                "authorization",
                format!(
                    "AuthSub token=\"CK12345678\" sigalg=\"rsa-sha1\" data=\"GET http://a.example/?key={e} 1300000000 7\" sig=\"AAAABBBBCCCC\""
                ),
            ),
        ),
    ]
}

fn canary_of(place: &str) -> String {
    match place {
        "jwt signature" => CANARY.replace('/', "_"),
        "calendar's magic cookie" => "0123456789abcdef0123456789abcdef".to_owned(),
        _ => CANARY.to_owned(),
    }
}

#[test]
fn no_canary_stays_in_any_place() {
    let mut problems = Vec::new();
    for (place, cassette) in places() {
        let canary = canary_of(place);
        assert!(
            place == "basic" || place == "proxy" || !remains(&cassette, &canary).is_empty(),
            "{place}: the search is blind"
        );
        match Redaction::default().apply(cassette) {
            Err(leaks) => problems.push(format!("{place}: {leaks}")),
            Ok(redacted) => {
                let left = remains(&redacted.cassette, &canary);
                if !left.is_empty() || redacted.cassette.stand_ins.is_empty() {
                    problems.push(format!("{place}: {left:#?}"));
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn lengths_stay_and_a_second_redaction_changes_nothing() {
    for (place, cassette) in places() {
        let before: Vec<usize> = texts(&cassette).iter().map(Vec::len).collect();
        let once = redact(cassette).cassette;
        let mut after: Vec<usize> = texts(&once).iter().map(Vec::len).collect();
        after.truncate(before.len());
        // A password keeps its length and nothing else, so escapes of it may go.
        if !matches!(place, "form" | "user information") {
            assert_eq!(before, after, "{place}");
        }
        let twice = redact(once.clone()).cassette;
        assert_eq!(once, twice, "{place}");
    }
}

#[test]
fn a_known_secret_goes_wherever_else_it_stands() {
    let c = CANARY;
    let e = escaped(c);
    let wrapped = STANDARD.encode(format!("{}{c}{}", "x".repeat(40), "y".repeat(40)));
    let wrapped = format!("{}\r\n{}", &wrapped[..60], &wrapped[60..]);
    let hex: String = c.bytes().map(|byte| format!("{byte:02x}")).collect();
    for (name, text) in [
        ("plain", format!("say {c} again")),
        ("percent", format!("say {e} again")),
        (
            "twice percent",
            format!("say {} again", e.replace('%', "%25")),
        ),
        ("escaped", format!("say {} again", c.replace('/', "\\/"))),
        ("entity", format!("say {} again", c.replace('/', "&#x2F;"))),
        ("hex", format!("say {hex} again")),
        ("HEX", format!("say {} again", hex.to_uppercase())),
        ("base64", format!("say {} again", STANDARD.encode(c))),
        (
            "base64, shifted by one",
            format!("say {} again", STANDARD.encode(format!("a{c}b"))),
        ),
        (
            "base64, shifted by two",
            format!("say {} again", STANDARD.encode(format!("ab{c}bc"))),
        ),
        (
            "base64url",
            format!("say {} again", URL_SAFE_NO_PAD.encode(format!("?{c}?"))),
        ),
        ("base64, wrapped", wrapped),
        (
            "base64 in percent",
            format!(
                "say {} again",
                STANDARD.encode(format!("ab{c}")).replace('=', "%3D")
            ),
        ),
    ] {
        let mut cassette = answered(&[JSON], &format!(r#"{{"access_token":"{c}"}}"#));
        let mut other = answered(
            &[
                ("content-type", "text/plain"),
                ("x-note", &text.replace("\r\n", " ")),
            ],
            &text,
        );
        let mut one = other.interactions.remove(0);
        one.response_mut().unwrap().reason = Some(format!("OK {c}"));
        one.response_mut()
            .unwrap()
            .trailers
            .push("x-trace", c.to_owned());
        one.request.base = Some(format!("https://{}.example.com", "a"));
        one.provenance
            .extra
            .insert("note".to_owned(), text.clone().into());
        cassette.interactions.insert(0, one);
        let failed = Outcome::Failed(format!("could not send {c}"));
        let asked = request("GET", "https://www.example.com/b", &[], "");
        cassette.interactions.push(Interaction::of(asked, failed));
        let redacted = redact(cassette).cassette;
        let left = remains(&redacted, c);
        assert!(left.is_empty(), "{name}: {left:#?}");
        // It is replaced, not torn out: the stand-in stands there in the same form.
        let stand_in = redacted.stand_ins[0].text.clone();
        assert!(!remains(&redacted, &stand_in).is_empty(), "{name}");
    }
}

#[test]
fn a_compressed_body_is_redacted_inside_and_compressed_again() {
    let plain = format!(r#"{{"access_token":"{CANARY}","expires_in":3600}}"#);
    let zipped = gzip(plain.as_bytes());
    let mut cassette = answered(&[JSON, ("content-encoding", "gzip")], "");
    let answer = cassette.interactions[0].response_mut().unwrap();
    answer
        .headers
        .push("content-length", zipped.len().to_string());
    answer.body = Body::wire(zipped);
    let redacted = redact(cassette).cassette;
    let answer = redacted.interactions[0].response().unwrap();
    assert!(answer.body.redacted);
    assert_eq!(
        answer.headers.text("content-encoding").as_deref(),
        Some("gzip")
    );
    let length = answer.headers.text("content-length").unwrap().into_owned();
    assert_eq!(length, answer.body.bytes.len().to_string());
    let inside = String::from_utf8(gunzip(&answer.body.bytes)).unwrap();
    assert_eq!(inside.len(), plain.len());
    assert!(inside.contains("/StandIn1"), "{inside}");
    assert!(inside.ends_with(r#"","expires_in":3600}"#), "{inside}");
}

#[test]
fn a_gzip_header_over_a_plain_body_hides_nothing() {
    let body = format!(r#"{{"access_token":"{CANARY}"}}"#);
    let mut cassette = answered(&[JSON, ("content-encoding", "gzip")], "");
    cassette.interactions[0].response_mut().unwrap().body = Body::unknown(body.clone());
    let redacted = redact(cassette).cassette;
    assert!(remains(&redacted, CANARY).is_empty());
    let answer = redacted.interactions[0].response().unwrap();
    assert_eq!(answer.body.bytes.len(), body.len());
}

#[test]
fn the_begin_of_a_secret_at_the_end_of_a_cut_body_goes_too() {
    let mut cassette = answered(&[JSON], &format!(r#"{{"access_token":"{CANARY}"}}"#));
    let mut cut = answered(
        &[("content-type", "text/plain")],
        &format!("you said {}", &CANARY[..20]),
    );
    let answer = cut.interactions[0].response_mut().unwrap();
    answer.body.truncated_from = Some(9_000);
    cassette.interactions.append(&mut cut.interactions);
    let redacted = redact(cassette).cassette;
    assert!(remains(&redacted, &CANARY[..12]).is_empty());
}

#[test]
fn stubs_hold_no_secret_either() {
    let mut cassette = asked("https://www.example.com/a", &[], "");
    let header = Criterion {
        subject: Subject::Header("Authorization".to_owned()),
        test: Test::Equals {
            text: format!("Bearer {CANARY}"),
            ignore_case: false,
        },
    };
    let regex = Criterion {
        subject: Subject::Url,
        test: Test::Matches(format!("/x\\?token={}", CANARY.replace('-', "\\-"))),
    };
    let mut pattern = Pattern::default();
    pattern.criteria = vec![header, regex];
    cassette.interactions[0].pattern = Some(pattern);
    let redacted = redact(cassette).cassette;
    let shown = format!("{:?}", redacted.interactions[0].pattern);
    assert!(shown.contains("/StandIn1"), "{shown}");
    assert!(!shown.contains("9f8e7d6c5b4a"), "{shown}");
}

#[test]
fn stand_ins_keep_prefix_length_and_alphabet() {
    for (field, secret, prefix) in [
        (
            "access_token",
            "ya29.a0AfH6SMBx3kq7PzX-real_token",
            "ya29.a0StandIn1",
        ),
        (
            "refresh_token",
            "1//0gLkq7PzXrealtoken-CgYIARAAGBASNwF",
            "1//0StandIn1",
        ),
        (
            "refresh_token",
            "1/jl9na3GU8YCUk0pHRghrWZBcTnq1EXPztEWGuExbcg",
            "1/StandIn1",
        ),
        (
            "client_secret",
            "GOCSPX-abcdefgh12345678ABCD",
            "GOCSPX-StandIn1",
        ),
        ("private_key_id_token", "", ""),
        (
            "device_code",
            "4/4-GMMhmHCXhWEzkobqIHGG_EnNYYsAkukHspeYUk9E8",
            "4/D-StandIn1",
        ),
        ("user_code", "GQVQ-JKEC", ""),
        ("refresh_token", "0f9e8d7c-6b5a-4321-8765-0123456789ab", ""),
    ] {
        if secret.is_empty() {
            continue;
        }
        let redacted = redact(answered(&[JSON], &format!(r#"{{"{field}":"{secret}"}}"#)));
        let text = &redacted.cassette.stand_ins[0].text;
        assert_eq!(text.len(), secret.len());
        assert_ne!(text, secret);
        assert!(text.starts_with(prefix), "{text}");
        for (new, old) in text.chars().zip(secret.chars()) {
            assert_eq!(
                new.is_ascii_punctuation(),
                old.is_ascii_punctuation(),
                "{text}"
            );
        }
        if secret.contains("-4321-") {
            assert!(
                text.chars()
                    .all(|char| char == '-' || char.is_ascii_hexdigit()),
                "{text}"
            );
        }
    }
}

#[test]
fn of_a_password_only_the_length_is_told() {
    let redacted = redact(asked(
        "https://a.example/",
        &[FORM],
        "Email=a%40b.c&Passwd=S3cr%21t%23%26pass",
    ));
    let body = redacted.cassette.interactions[0].request.body.bytes.clone();
    let (_, password) = std::str::from_utf8(&body)
        .unwrap()
        .split_once("Passwd=")
        .unwrap();
    assert_eq!(password.len(), "S3cr!t#&pass".len());
    assert!(
        password.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        "{password}"
    );
}

#[test]
fn the_same_recording_gives_the_same_text() {
    let make = |token: &str| {
        let mut cassette = answered(&[JSON], &format!(r#"{{"access_token":"{token}"}}"#));
        let mut next = asked(
            "https://a.example/",
            &[("authorization", &format!("Bearer {token}"))],
            "",
        );
        cassette.interactions.append(&mut next.interactions);
        redact(cassette).cassette
    };
    let (one, other) = (
        make("ya29.First_Token0123456789"),
        make("ya29.Other_Value9876543210"),
    );
    assert_eq!(one, other);
    assert!(one.stand_ins[0].issued);
    assert_eq!(one.stand_ins[0].kind, SecretKind::AccessToken);
}

#[test]
fn a_short_secret_goes_from_its_fields_alone_and_is_told() {
    let mut cassette = asked(
        "https://a.example/desk",
        &[FORM],
        "client_secret=desk&grant_type=refresh_token",
    );
    cassette.interactions[0].response_mut().unwrap().body = Body::wire("a desk");
    let redacted = redact(cassette);
    let request = &redacted.cassette.interactions[0].request;
    let body = String::from_utf8(request.body.bytes.to_vec()).unwrap();
    assert!(!body.contains("desk"), "{body}");
    assert_eq!(request.target, "https://a.example/desk");
    assert_eq!(
        redacted.notes,
        [
            "interaction 1: request.body: client_secret: too short or too common to be looked for elsewhere: it is replaced in its fields alone"
        ]
    );
}

#[test]
fn what_is_no_secret_stays() {
    let body =
        r#"{"token_type":"Bearer","nextPageToken":"CAUQAA1234567890abcdef","expires_in":3600}"#;
    let url = "https://www.google.com/a?oauth_callback=oob&state=s1234567890abcdef&max-results=25";
    let mut cassette = asked(
        url,
        &[(
            "authorization",
            "OAuth oauth_consumer_key=\"anonymous\",oauth_timestamp=\"1375114407\",oauth_nonce=\"P1LCHSMETyO0IpQnTCVc\",oauth_signature_method=\"HMAC-SHA1\"",
        )],
        "",
    );
    let answer = response(&[JSON, ("etag", "\"aBcD1234efGH5678\"")], body);
    cassette.interactions[0].outcome = Outcome::Answered(answer);
    let redacted = redact(cassette.clone());
    assert_eq!(redacted.cassette, cassette);
    assert!(redacted.notes.is_empty());
}

#[test]
fn rules_mask_allow_and_know_values() {
    let rules = RedactionRules {
        mask: vec![
            Rule {
                field: Some("session*".to_owned()),
                ..Rule::default()
            },
            Rule {
                pattern: Some("acct-[0-9]{6}".to_owned()),
                ..Rule::default()
            },
        ],
        allow: vec![Rule {
            field: Some("key".to_owned()),
            host: Some("*.example.com".to_owned()),
            ..Rule::default()
        }],
        mask_values: vec!["from the environment".into()],
        mask_identities: true,
        ..RedactionRules::default()
    };
    let redaction = Redaction::new(&rules).unwrap();
    let body = r#"{"sessionBlob":"0123456789abcdefABCD","note":"acct-123456 and from the environment","email":"jane@gmail.com"}"#;
    let mut cassette = answered(&[JSON], body);
    cassette.interactions[0].request.target =
        "https://www.example.com/a?key=not-so-secret-9876".to_owned();
    let redacted = redaction.apply(cassette).unwrap().cassette;
    for gone in [
        "0123456789abcdefABCD",
        "acct-123456",
        "from the environment",
        "jane",
        "gmail",
    ] {
        assert!(remains(&redacted, gone).is_empty(), "{gone}");
    }
    assert!(
        redacted.interactions[0]
            .request
            .target
            .ends_with("key=not-so-secret-9876")
    );
    assert!(
        Redaction::new(&RedactionRules {
            mask: vec![Rule::default()],
            ..RedactionRules::default()
        })
        .is_err()
    );
}

#[test]
fn keeping_secrets_is_loud_and_complete() {
    let rules: RedactionRules =
        serde_json::from_str(r#"{"dangerously-keep-secrets":true}"#).unwrap();
    let cassette = answered(&[JSON], r#"{"access_token":"ya29.abcdefgh12345678"}"#);
    let kept = Redaction::new(&rules)
        .unwrap()
        .apply(cassette.clone())
        .unwrap();
    assert_eq!(kept.cassette, cassette);
    assert_eq!(kept.notes, ["secrets are kept: nothing was redacted"]);
}

#[test]
fn a_hash_of_a_body_goes_with_the_body() {
    let headers = [FORM, ("content-md5", "Q2hlY2sgSW50ZWdyaXR5IQ==")];
    let redacted = redact(asked(
        "https://a.example/",
        &headers,
        "Passwd=hunter2hunter2",
    ));
    let header = redacted.cassette.interactions[0]
        .request
        .headers
        .text("content-md5");
    assert_ne!(header.as_deref(), Some("Q2hlY2sgSW50ZWdyaXR5IQ=="));
}

#[test]
fn nothing_shows_a_secret() {
    let cassette = answered(
        &[JSON],
        &format!(r#"{{"access_token":"{CANARY}","sessionBlob":"{CANARY}99"}}"#),
    );
    let redaction = Redaction::new(&RedactionRules {
        mask_values: vec![CANARY.into()],
        ..RedactionRules::default()
    })
    .unwrap();
    let mut redactor = redaction.redactor();
    redactor.learn(&cassette.interactions[0]);
    let rules = RedactionRules {
        mask_values: vec![CANARY.into()],
        ..RedactionRules::default()
    };
    for text in [
        format!("{redaction:?}"),
        format!("{redactor:#?}"),
        format!("{rules:?}"),
    ] {
        assert!(!text.contains("9f8e7d6c"), "{text}");
    }
}

fn secret() -> impl Strategy<Value = String> {
    prop::string::string_regex(
        "[A-Za-z0-9/_.+=&%\"<' -]{2,5}[a-zA-Z0-9]{10,30}[A-Za-z0-9/_~-]{0,6}",
    )
    .unwrap()
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn nothing_remains_of_any_secret(secret in secret(), place in 0..5_usize, echo in "[a-z ]{0,20}") {
        let form = percent(&secret);
        let json = serde_json::to_string(&secret).unwrap();
        let mut cassette = match place {
            0 => asked("https://a.example/", &[FORM], &format!("a=b&Passwd={form}")),
            1 => answered(&[JSON], &format!(r#"{{"x":[{{"refresh_token":{json}}}]}}"#)),
            2 => asked(&format!("https://a.example/?client_secret={form}"), &[], ""),
            3 => asked("https://a.example/", &[("authorization", &format!("Basic {}", STANDARD.encode(format!("me:{form}"))))], ""),
            _ => answered(&[("content-type", "text/plain")], &format!("Auth={}\nx=y\n", secret.trim())),
        };
        let secret = if place == 4 { secret.trim().to_owned() } else { secret };
        let mut more = answered(&[JSON], &format!(r#"{{"echo":{},"b64":"{}"}}"#, serde_json::to_string(&format!("{echo}{secret}")).unwrap(), STANDARD.encode(format!("{echo}{secret}"))));
        cassette.interactions.append(&mut more.interactions);
        let once = redact(cassette).cassette;
        prop_assert!(remains(&once, &secret).is_empty(), "{:?}", remains(&once, &secret));
        let twice = redact(once.clone()).cassette;
        prop_assert_eq!(once, twice);
    }

    // `-` and `_` are letters of base64url: where they fall, the mark moves on, and stays in one piece.
    #[test]
    fn the_mark_stays_in_one_piece(begin in "[A-Za-z0-9_-]{0,12}", end in "[A-Za-z0-9]{9,30}", field in 0..2_usize) {
        let secret = format!("DQAAA{begin}-aB3{end}");
        let first = match field {
            0 => answered(&[("content-type", "text/plain")], &format!("Auth={secret}\n")),
            _ => answered(&[JSON], &format!(r#"{{"access_token":"{secret}"}}"#)),
        };
        let once = redact(first).cassette;
        let text = &once.stand_ins[0].text;
        prop_assert!(text.starts_with("DQAA") && text.contains("StandIn1"), "{text}");
        prop_assert_eq!(redact(once.clone()).cassette, once);
    }
}

fn percent(text: &str) -> String {
    let one = |byte: u8| match byte.is_ascii_alphanumeric() {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}
