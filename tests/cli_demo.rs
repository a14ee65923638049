//! `demo --scheme`: the stories of every way in.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cli_support::run;

mod cli_support;

/// Each scheme, the steps of its story, and what has to be seen in it.
const STORIES: [(&str, usize, &[&str]); 5] = [
    (
        "authsub",
        16,
        &["> GET /accounts/AuthSubSessionToken HTTP/1.1"],
    ),
    (
        "clientlogin",
        10,
        &[
            "< Error=BadAuthentication",
            "< CaptchaUrl=Captcha?ctoken=",
            "&logincaptcha=brinmar",
            "authorization: GoogleLogin auth=DQAAA",
            "service: the token is for youtube",
            "Expired: ",
        ],
    ),
    (
        "oauth1",
        13,
        &[
            "> POST /accounts/OAuthGetRequestToken HTTP/1.1",
            "oauth_callback_confirmed=true",
            "the query was left out, as Zend_Oauth does (max-results: 5 here, missing there)",
            "this timestamp and nonce were used before",
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Amigration%3Aoauth1",
            "authorization: Bearer ya29.",
            "the token was revoked",
        ],
    ),
    (
        "oauth2",
        18,
        &[
            "x-goog-api-key: AIzaSy-demo",
            "found: A video to like",
            "an API key names no user, and this call needs one",
            "&code_challenge_method=S256&",
            "ok  404 Not Found",
            "&code_verifier=",
            "ok  YbJOTdZBX1g: like",
            "the access token has expired",
            "grant_type=refresh_token",
            "\"error\": \"invalid_grant\"",
            "ok  dead: it was revoked",
        ],
    ),
    (
        "api-key",
        4,
        &[
            "the request has no X-GData-Key: key=… header",
            "this developer key is not among the configured ones",
            "x-gdata-key: key=AI39si-demo",
        ],
    ),
];

#[test]
fn every_scheme_has_a_story_in_which_every_step_behaves() {
    for (scheme, steps, pieces) in STORIES {
        let (code, out, err) = run(&["demo", "--scheme", scheme]);
        assert_eq!((code, err.as_str()), (0, ""), "{out}");
        let end = format!("{steps} steps, all as they should be\n");
        assert!(out.ends_with(&end), "{scheme}: {out}");
        for piece in pieces {
            assert!(out.contains(piece), "{scheme}: {piece}\n{out}");
        }
    }
}

#[test]
fn all_of_them_are_told_in_turn() {
    let (code, out, err) = run(&["demo", "--scheme", "all"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let heads: Vec<&str> = out
        .lines()
        .filter_map(|line| line.strip_prefix("== "))
        .collect();
    assert_eq!(heads, STORIES.map(|(scheme, ..)| scheme));
}

#[test]
fn json_holds_one_story_or_all_of_them() {
    let (code, out, _) = run(&["demo", "--scheme", "oauth2", "--json"]);
    assert_eq!(code, 0);
    let story: serde_json::Value = serde_json::from_str(&out).unwrap();
    let names: Vec<&String> = story.as_object().unwrap().keys().collect();
    assert_eq!(names, ["ok", "origin", "steps"]);
    assert_eq!(story["steps"].as_array().unwrap().len(), 18);

    let (code, out, err) = run(&["demo", "--scheme", "all", "--json"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let all: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(all["ok"], true);
    let stories = all["stories"].as_array().unwrap();
    assert_eq!(stories.len(), STORIES.len());
    for (story, (scheme, steps, _)) in stories.iter().zip(STORIES) {
        assert_eq!(story["scheme"], scheme);
        assert_eq!(story["ok"], true);
        assert_eq!(story["steps"].as_array().unwrap().len(), steps);
    }
}

#[test]
fn only_authsub_has_two_sorts_of_tokens() {
    let (code, out, err) = run(&["demo", "--scheme", "oauth1", "--plain"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("scheme: expected authsub"), "{err}");
    let (code, out, _) = run(&["demo", "--scheme", "authsub", "--plain"]);
    assert_eq!(code, 0);
    assert!(out.ends_with("14 steps, all as they should be\n"), "{out}");
}
