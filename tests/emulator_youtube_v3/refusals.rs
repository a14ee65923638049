//! Who is let in, with what, and how the others are refused.

use gdata_auth::{Kind, Secret};
use serde_json::json;

use crate::support::{
    v3::{ANN, STORY, read, request, scope, token, with_body},
    world::World,
};

const SEARCH: &str = "/youtube/v3/search?part=id";

#[tokio::test]
async fn neither_key_nor_token_is_forbidden() {
    let world = World::new();
    let (status, refusal) = world.v3("GET", SEARCH, "").await;
    assert_eq!(status, 403);
    let message = "Method doesn't allow unregistered callers (callers without established identity). \
                   Please use API Key or other form of API consumer identity to call this API.";
    assert_eq!(
        refusal,
        json!({ "error": {
            "code": 403,
            "message": message,
            "errors": [{ "message": message, "domain": "global", "reason": "forbidden" }],
            "status": "PERMISSION_DENIED",
        } })
    );
    assert_eq!(
        world.reason(),
        "the request has neither an API key nor a bearer token"
    );
}

#[tokio::test]
async fn a_key_is_not_enough_where_a_user_is_needed() {
    let world = World::new();
    let path = format!("/youtube/v3/videos/rate?id={STORY}&rating=like&key=AIzaKEY");
    let (status, refusal) = world.v3("POST", &path, "").await;
    assert_eq!(status, 401);
    assert_eq!(
        refusal,
        json!({ "error": {
            "code": 401,
            "message": "Request is missing required authentication credential. Expected OAuth 2 \
                        access token, login cookie or other valid authentication credential. See \
                        https://developers.google.com/identity/sign-in/web/devconsole-project.",
            "errors": [{
                "message": "Login Required.",
                "domain": "global",
                "reason": "required",
                "locationType": "header",
                "location": "Authorization",
            }],
            "status": "UNAUTHENTICATED",
        } })
    );
}

#[tokio::test]
async fn a_wrong_key_is_a_bad_request() {
    let world = World::with(|mut config| {
        config.api_keys = vec![Secret::new("AIzaRIGHT")];
        config
    });
    assert_eq!(
        world
            .v3("GET", "/youtube/v3/search?part=id&key=AIzaRIGHT", "")
            .await
            .0,
        200
    );
    let (status, refusal) = world
        .v3("GET", "/youtube/v3/search?part=id&key=AIzaWRONG", "")
        .await;
    assert_eq!(status, 400);
    let message = "API key not valid. Please pass a valid API key.";
    assert_eq!(
        refusal,
        json!({ "error": {
            "code": 400,
            "message": message,
            "errors": [{ "message": message, "domain": "global", "reason": "badRequest" }],
            "status": "INVALID_ARGUMENT",
            "details": [{
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "API_KEY_INVALID",
                "domain": "googleapis.com",
                "metadata": { "service": "youtube.googleapis.com" },
            }],
        } })
    );
    assert_eq!(
        world.reason(),
        "this API key is not among the configured ones"
    );
}

#[tokio::test]
async fn a_text_that_is_no_key_is_refused_by_its_form() {
    let world = World::new();
    let (status, _) = world
        .v3("GET", "/youtube/v3/search?part=id&key=a%20b", "")
        .await;
    assert_eq!(status, 400);
    assert_eq!(
        world.reason(),
        "the API key is not letters, digits, - and _"
    );
}

#[tokio::test]
async fn neither_the_journal_nor_a_refusal_shows_a_key_or_a_token() {
    let world = World::with(|mut config| {
        config.youtube_enabled = false;
        config.api_keys = vec![Secret::new("1234CANARY"), Secret::new("5678")];
        config
    });
    for (path, token) in [
        ("/youtube/v3/search?part=id&key=1234CANARY", ""),
        ("/youtube/v3/search?part=id&key=WRONGCANARY", ""),
        ("/youtube/v3/search?part=id&access_token=ya29.CANARY", ""),
        ("/youtube/v3/search?part=id", "ya29.CANARY"),
        ("/youtube/v3/nothing?key=CANARY", ""),
    ] {
        let answer = world.send(request("GET", path, token)).await;
        let shown = format!("{answer:?} {:?}", world.google.journal());
        assert!(!shown.contains("CANARY"), "{shown}");
    }
}

#[tokio::test]
async fn an_unknown_token_is_told_in_the_challenge() {
    let world = World::new();
    let answer = world.send(request("GET", SEARCH, "ya29.unknown")).await;
    assert_eq!(
        answer.headers()["www-authenticate"],
        "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\""
    );
    let (status, refusal) = read(&answer);
    assert_eq!(status, 401);
    assert_eq!(
        refusal["error"]["errors"],
        json!([{
            "message": "Invalid Credentials",
            "domain": "global",
            "reason": "authError",
            "locationType": "header",
            "location": "Authorization",
        }])
    );
    assert_eq!(refusal["error"]["status"], "UNAUTHENTICATED");
    assert_eq!(world.reason(), "no such access token was issued here");
}

#[tokio::test]
async fn a_token_ends_with_its_lifetime() {
    let world = World::new();
    let token = token(&world, "youtube");
    world.pass(3_599);
    assert_eq!(world.v3("GET", SEARCH, &token).await.0, 200);
    world.pass(1);
    assert_eq!(world.v3("GET", SEARCH, &token).await.0, 401);
    assert_eq!(world.reason(), "the access token has expired");
}

#[tokio::test]
async fn an_old_scheme_opens_nothing_here() {
    let world = World::new();
    let request = http::Request::get("https://www.googleapis.com/youtube/v3/search?part=id&key=K")
        .header("authorization", "GoogleLogin auth=DQAAAGgA")
        .body(bytes::Bytes::new())
        .unwrap();
    let (status, refusal) = read(&world.send(request).await);
    assert_eq!(status, 401);
    assert_eq!(refusal["error"]["errors"][0]["reason"], "authError");
}

#[tokio::test]
async fn a_token_without_the_scope_is_told_which_ones_would_do() {
    let world = World::new();
    let path = format!("/youtube/v3/videos/rate?id={STORY}&rating=like");
    let answer = world
        .send(request("POST", &path, &token(&world, "youtube.readonly")))
        .await;
    assert_eq!(
        answer.headers()["www-authenticate"],
        "Bearer realm=\"https://accounts.google.com/\", error=\"insufficient_scope\", \
         scope=\"https://www.googleapis.com/auth/youtube \
         https://www.googleapis.com/auth/youtube.force-ssl \
         https://www.googleapis.com/auth/youtubepartner\""
    );
    let (status, refusal) = read(&answer);
    assert_eq!(status, 403);
    assert_eq!(
        refusal,
        json!({ "error": {
            "code": 403,
            "message": "Request had insufficient authentication scopes.",
            "errors": [{
                "message": "Insufficient Permission",
                "domain": "global",
                "reason": "insufficientPermissions",
            }],
            "status": "PERMISSION_DENIED",
            "details": [{
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
                "domain": "googleapis.com",
                "metadata": {
                    "service": "youtube.googleapis.com",
                    "method": "youtube.api.v3.V3DataVideoService.Rate",
                },
            }],
        } })
    );
}

#[tokio::test]
async fn each_call_takes_the_scopes_of_the_discovery_document() {
    let world = World::new();
    let rate = format!("/youtube/v3/videos/rate?id={STORY}&rating=like");
    for (method, path, scopes) in [
        (
            "GET",
            SEARCH,
            "youtube youtube.force-ssl youtube.readonly youtubepartner",
        ),
        (
            "POST",
            rate.as_str(),
            "youtube youtube.force-ssl youtubepartner",
        ),
        (
            "GET",
            "/youtube/v3/channels?part=id&mine=true",
            "youtube youtube.force-ssl youtube.readonly youtubepartner youtubepartner-channel-audit",
        ),
    ] {
        for name in [
            "youtube",
            "youtube.force-ssl",
            "youtube.readonly",
            "youtube.upload",
            "youtubepartner",
            "youtubepartner-channel-audit",
            "calendar",
        ] {
            let (status, _) = world.v3(method, path, &token(&world, name)).await;
            let taken = scopes.split(' ').any(|taken| taken == name);
            assert_eq!(
                status != 403,
                taken,
                "{method} {path} with {name}: {status}"
            );
        }
    }
}

#[tokio::test]
async fn a_parameter_that_is_required_is_named() {
    let world = World::new();
    let token = token(&world, "youtube");
    for (method, path, name) in [
        ("GET", "/youtube/v3/search?q=x", "part"),
        ("GET", "/youtube/v3/videos?id=x&part=", "part"),
        ("POST", "/youtube/v3/videos/rate?rating=like", "id"),
        ("POST", "/youtube/v3/videos/rate?id=x", "rating"),
        ("DELETE", "/youtube/v3/videos", "id"),
    ] {
        let (status, refusal) = world.v3(method, path, &token).await;
        assert_eq!(status, 400, "{path}");
        assert_eq!(
            refusal,
            json!({ "error": {
                "code": 400,
                "message": format!("Required parameter: {name}"),
                "errors": [{
                    "message": format!("Required parameter: {name}"),
                    "domain": "global",
                    "reason": "required",
                    "locationType": "parameter",
                    "location": name,
                }],
            } })
        );
    }
}

#[tokio::test]
async fn a_page_is_at_most_50_long_and_its_token_is_one_of_ours() {
    let world = World::new();
    for (more, reason) in [
        ("&maxResults=51", "invalidParameter"),
        ("&maxResults=-1", "invalidParameter"),
        ("&maxResults=many", "invalidParameter"),
        ("&pageToken=CAUQ", "invalidPageToken"),
    ] {
        let path = format!("{SEARCH}&key=K{more}");
        let (status, refusal) = world.v3("GET", &path, "").await;
        assert_eq!(status, 400, "{more}");
        assert_eq!(refusal["error"]["errors"][0]["reason"], reason, "{more}");
    }
    let path = format!("{SEARCH}&key=K&maxResults=0");
    let (status, list) = world.v3("GET", &path, "").await;
    assert_eq!((status, &list["items"]), (200, &json!([])));
}

#[tokio::test]
async fn broken_json_is_a_parse_error_that_repeats_nothing_of_it() {
    let world = World::new();
    let token = token(&world, "youtube");
    let large = format!("{{\"snippet\":{{\"title\":\"{}\"}}}}", "x".repeat(70_000));
    for body in [
        "{\"secret\": CANARY",
        "[]",
        "{\"snippet\":{\"title\":7}}",
        &large,
    ] {
        let path = "/youtube/v3/playlists?part=snippet";
        let request = with_body("POST", path, &token, "application/json", body.to_owned());
        let (status, refusal) = read(&world.send(request).await);
        assert_eq!(status, 400);
        assert_eq!(refusal["error"]["errors"][0]["reason"], "parseError");
        assert!(!world.reason().contains("CANARY"));
    }
}

#[tokio::test]
async fn a_call_that_is_not_played_is_not_found_in_json() {
    let world = World::new();
    for (method, path) in [
        ("GET", "/youtube/v3/captions?part=id&key=K"),
        ("PATCH", "/youtube/v3/videos?part=id&key=K"),
    ] {
        let (status, refusal) = world.v3(method, path, "").await;
        assert_eq!(status, 404);
        assert_eq!(refusal["error"]["errors"][0]["reason"], "notFound");
    }
}

#[test]
fn a_token_is_issued_for_somebody_and_for_something() {
    let world = World::new();
    for (email, scopes) in [
        ("", scope("youtube")),
        (ANN, String::new()),
        (ANN, "a\"b".to_owned()),
    ] {
        let refused = world
            .google
            .issue_access_token(email, &scopes, 60)
            .unwrap_err();
        assert_eq!(refused.kind(), Kind::Input);
    }
}
