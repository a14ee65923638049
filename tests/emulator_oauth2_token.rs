//! The emulator's token endpoint: codes, refresh tokens, their quirks, and revocation.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use bytes::Bytes;
use gdata_auth::emulator::{Emulator, Rotation, User};
use support::oauth2::{
    DESKTOP, OTHER, TOKEN, TV, YOUTUBE_V3, clients, code, code_form, field, is_alive, json, link,
    location, parameter, post, refresh, refresh_form, tokens, web_tokens, world, world_with,
};
use support::world::{UPLOADS, World, get, text};

const REVOKE: &str = "https://oauth2.googleapis.com/revoke";
/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const S256: &str =
    "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
const PLAIN: &str =
    "&code_challenge=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk&code_challenge_method=plain";

/// Sends a form to the token endpoint: the status, and the whole body.
async fn told(world: &World, form: &str) -> (u16, String) {
    let answer = world.send(post(TOKEN, form)).await;
    (answer.status().as_u16(), text(&answer))
}

fn refusal(code: &str, description: &str) -> String {
    format!("{{\n  \"error\": \"{code}\",\n  \"error_description\": \"{description}\"\n}}\n")
}

async fn reads_a_feed(world: &World, token: &str) -> u16 {
    let (mut parts, body) = get(UPLOADS).into_parts();
    parts
        .headers
        .insert("authorization", format!("Bearer {token}").parse().unwrap());
    let answer = world.send(http::Request::from_parts(parts, body)).await;
    answer.status().as_u16()
}

#[tokio::test]
async fn a_code_yields_tokens_as_google_lays_them_out() {
    let world = world();
    let code = code(&world, &link(YOUTUBE_V3, "")).await;
    let answer = world.send(post(TOKEN, &code_form(&code))).await;
    let body = json(&answer);
    let (access, refresh) = (field(&body, "access_token"), field(&body, "refresh_token"));
    assert!(access.starts_with("ya29.") && refresh.starts_with("1//0"));
    assert_eq!(
        text(&answer)
            .replace(&access, "ya29.A")
            .replace(&refresh, "1//0R"),
        "{\n  \"access_token\": \"ya29.A\",\n  \"expires_in\": 3599,\n  \"refresh_token\": \"1//0R\",\n  \
         \"scope\": \"https://www.googleapis.com/auth/youtube\",\n  \"token_type\": \"Bearer\"\n}\n"
    );
    let headers = answer.headers();
    assert_eq!(headers["content-type"], "application/json; charset=UTF-8");
    assert_eq!(
        headers["cache-control"],
        "no-cache, no-store, max-age=0, must-revalidate"
    );
    assert_eq!(headers["date"], "Sun, 13 Mar 2011 07:06:40 GMT");
}

#[tokio::test]
async fn every_address_of_the_token_endpoint_answers() {
    let world = world();
    let refresh = field(&tokens(&world, YOUTUBE_V3).await, "refresh_token");
    for address in [
        "https://oauth2.googleapis.com/token",
        "https://oauth2.mtls.googleapis.com/token",
        "https://accounts.google.com/o/oauth2/token",
        "https://www.googleapis.com/oauth2/v3/token",
        "https://www.googleapis.com/oauth2/v4/token",
        "http://127.0.0.1:8080/token",
    ] {
        let answer = world.send(post(address, &refresh_form(&refresh))).await;
        assert_eq!(answer.status(), 200, "{address}");
    }
}

#[tokio::test]
async fn a_client_may_prove_itself_by_basic() {
    // As google-auth-oauthlib sends it (real-clients.md 2).
    let world = World::with(|config| {
        config.with_oauth_client(
            gdata_auth::emulator::OauthClient::new(
                gdata_auth::oauth2::ClientKind::Installed,
                "cid.apps.googleusercontent.com",
            )
            .with_secret("csec"),
        )
    });
    let link = link(YOUTUBE_V3, "").replace(DESKTOP, "cid.apps.googleusercontent.com");
    let code = code(&world, &link).await.replace('/', "%2F");
    let body = format!(
        "grant_type=authorization_code&code={code}&redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2F"
    );
    let (mut parts, body) = post(TOKEN, &body).into_parts();
    parts.headers.insert(
        "authorization",
        "Basic Y2lkLmFwcHMuZ29vZ2xldXNlcmNvbnRlbnQuY29tOmNzZWM="
            .parse()
            .unwrap(),
    );
    let answer = world.send(http::Request::from_parts(parts, body)).await;
    assert_eq!(answer.status(), 200, "{}", text(&answer));
}

#[tokio::test]
async fn a_second_redemption_ends_what_came_of_the_first() {
    let world = world();
    let scope = "http://gdata.youtube.com/feeds/";
    let form = code_form(&code(&world, &link(scope, "")).await);
    let first = json(&world.send(post(TOKEN, &form)).await);
    let (access, refresh) = (
        field(&first, "access_token"),
        field(&first, "refresh_token"),
    );
    assert_eq!(reads_a_feed(&world, &access).await, 200);

    assert_eq!(
        told(&world, &form).await,
        (400, refusal("invalid_grant", "Bad Request"))
    );
    assert_eq!(
        world.reason(),
        "code: redeemed before; what came of it has ended"
    );
    assert_eq!(reads_a_feed(&world, &access).await, 401);
    assert!(!is_alive(&world, &refresh).await);
}

#[tokio::test]
async fn a_code_lives_ten_minutes() {
    let world = world();
    let form = code_form(&code(&world, &link(YOUTUBE_V3, "")).await);
    world.pass(600);
    assert_eq!(
        told(&world, &form).await,
        (400, refusal("invalid_grant", "Bad Request"))
    );
    assert_eq!(world.reason(), "code: its ten minutes are over");
}

#[tokio::test]
async fn a_code_belongs_to_its_redirect() {
    let world = world();
    let form = code_form(&code(&world, &link(YOUTUBE_V3, "")).await).replace("49152", "49153");
    assert_eq!(
        told(&world, &form).await,
        (400, refusal("redirect_uri_mismatch", "Bad Request"))
    );
}

#[tokio::test]
async fn a_code_belongs_to_its_client() {
    let world = world();
    let form = code_form(&code(&world, &link(YOUTUBE_V3, "")).await)
        .replace(DESKTOP, OTHER)
        .replace("client_secret=desk", "client_secret=other");
    assert_eq!(
        told(&world, &form).await,
        (400, refusal("invalid_grant", "Bad Request"))
    );
    assert_eq!(world.reason(), "code: was given to another client");
}

#[tokio::test]
async fn an_invented_code_is_malformed() {
    assert_eq!(
        told(&world(), &code_form("4/0AnyThing")).await,
        (400, refusal("invalid_grant", "Malformed auth code."))
    );
}

#[tokio::test]
async fn the_verifier_has_to_answer_the_challenge() {
    let world = world();
    for challenge in [S256, PLAIN] {
        let form = code_form(&code(&world, &link(YOUTUBE_V3, challenge)).await);
        assert_eq!(
            told(&world, &form).await,
            (400, refusal("invalid_grant", "Missing code verifier."))
        );
        let wrong = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXX";
        assert_eq!(
            told(&world, &format!("{form}&code_verifier={wrong}")).await,
            (400, refusal("invalid_grant", "Invalid code verifier."))
        );
        let right = told(&world, &format!("{form}&code_verifier={VERIFIER}")).await;
        assert_eq!(right.0, 200, "{}", right.1);
    }
}

#[tokio::test]
async fn a_verifier_without_a_challenge_is_a_downgrade() {
    let world = world();
    let form = code_form(&code(&world, &link(YOUTUBE_V3, "")).await);
    let form = format!("{form}&code_verifier={VERIFIER}");
    assert_eq!(
        told(&world, &form).await,
        (400, refusal("invalid_grant", "Bad Request"))
    );
    assert_eq!(
        world.reason(),
        "code_verifier: the link had no code_challenge"
    );
}

#[tokio::test]
async fn an_unknown_client_is_not_found() {
    let form = refresh_form("1//x").replace("1234-desk", "1234-nobody");
    assert_eq!(
        told(&world(), &form).await,
        (
            401,
            refusal("invalid_client", "The OAuth client was not found.")
        )
    );
}

#[tokio::test]
async fn a_wrong_secret_is_unauthorized() {
    let form = refresh_form("1//x").replace("client_secret=desk", "client_secret=guess");
    assert_eq!(
        told(&world(), &form).await,
        (401, refusal("invalid_client", "Unauthorized"))
    );
}

#[tokio::test]
async fn a_missing_secret_is_told() {
    let form = refresh_form("1//x").replace("&client_secret=desk", "");
    assert_eq!(
        told(&world(), &form).await,
        (400, refusal("invalid_request", "client_secret is missing."))
    );
}

#[tokio::test]
async fn a_deleted_client_is_told() {
    let world = world_with(|config| config.oauth_client[0].deleted = true);
    assert_eq!(
        told(&world, &refresh_form("1//x")).await,
        (
            401,
            refusal("deleted_client", "The OAuth client was deleted.")
        )
    );
}

#[tokio::test]
async fn a_website_gets_a_refresh_token_at_its_first_offline_consent_only() {
    let world = world();
    let offline = "&access_type=offline";
    let first = web_tokens(&world, YOUTUBE_V3, offline).await;
    assert!(field(&first, "refresh_token").starts_with("1//0"));
    let second = web_tokens(&world, YOUTUBE_V3, offline).await;
    assert!(second.get("refresh_token").is_none());
    let asked = web_tokens(&world, YOUTUBE_V3, "&access_type=offline&prompt=consent").await;
    assert!(field(&asked, "refresh_token").starts_with("1//0"));
}

#[tokio::test]
async fn an_online_website_gets_no_refresh_token() {
    let online = web_tokens(&world(), YOUTUBE_V3, "&prompt=consent").await;
    assert!(online.get("refresh_token").is_none());
}

#[tokio::test]
async fn a_website_may_ask_for_what_was_granted_before_too() {
    let world = world();
    web_tokens(&world, "https://www.googleapis.com/auth/calendar", "").await;
    let more = web_tokens(&world, YOUTUBE_V3, "&include_granted_scopes=true").await;
    assert_eq!(
        field(&more, "scope"),
        "https://www.googleapis.com/auth/youtube https://www.googleapis.com/auth/calendar"
    );
}

#[tokio::test]
async fn an_installed_client_always_gets_a_refresh_token() {
    let world = world();
    for _ in 0..2 {
        let body = tokens(&world, YOUTUBE_V3).await;
        assert!(field(&body, "refresh_token").starts_with("1//0"));
    }
}

#[tokio::test]
async fn refreshing_keeps_the_refresh_token_and_says_no_word_of_it() {
    let world = world();
    let first = tokens(&world, YOUTUBE_V3).await;
    let answer = refresh(&world, &field(&first, "refresh_token")).await;
    let access = field(&json(&answer), "access_token");
    assert_ne!(access, field(&first, "access_token"));
    assert_eq!(
        text(&answer).replace(&access, "ya29.A"),
        "{\n  \"access_token\": \"ya29.A\",\n  \"expires_in\": 3599,\n  \
         \"scope\": \"https://www.googleapis.com/auth/youtube\",\n  \"token_type\": \"Bearer\"\n}\n"
    );
}

#[tokio::test]
async fn refreshing_may_narrow_the_scopes() {
    let world = world();
    let scopes = format!("{YOUTUBE_V3} https://www.googleapis.com/auth/calendar");
    let token = field(&tokens(&world, &scopes).await, "refresh_token");
    let form = format!("{}&scope={YOUTUBE_V3}", refresh_form(&token));
    let narrow = json(&world.send(post(TOKEN, &form)).await);
    assert_eq!(field(&narrow, "scope"), YOUTUBE_V3);
}

#[tokio::test]
async fn refreshing_may_not_widen_the_scopes() {
    let world = world();
    let token = field(&tokens(&world, YOUTUBE_V3).await, "refresh_token");
    let wide = "https://www.googleapis.com/auth/calendar";
    let form = format!("{}&scope={wide}", refresh_form(&token));
    assert_eq!(
        told(&world, &form).await,
        (400, refusal("invalid_scope", "Bad Request"))
    );
}

#[tokio::test]
async fn another_clients_refresh_token_is_of_no_use() {
    let world = world();
    let token = field(&tokens(&world, YOUTUBE_V3).await, "refresh_token");
    let form = refresh_form(&token)
        .replace(DESKTOP, OTHER)
        .replace("client_secret=desk", "client_secret=other");
    assert_eq!(
        told(&world, &form).await,
        (401, refusal("unauthorized_client", "Unauthorized"))
    );
}

#[tokio::test]
async fn an_unknown_refresh_token_is_expired_or_revoked() {
    assert_eq!(
        told(&world(), &refresh_form("1//never")).await,
        (
            400,
            refusal("invalid_grant", "Token has been expired or revoked.")
        )
    );
}

#[tokio::test]
async fn the_oldest_refresh_token_dies_when_there_are_too_many() {
    let world = world_with(|config| config.refresh_token_cap = 2);
    let mut issued = Vec::new();
    for _ in 0..3 {
        issued.push(field(&tokens(&world, YOUTUBE_V3).await, "refresh_token"));
    }
    assert!(!is_alive(&world, &issued[0]).await);
    assert!(is_alive(&world, &issued[1]).await);
    assert!(is_alive(&world, &issued[2]).await);
}

#[tokio::test]
async fn a_hundred_refresh_tokens_are_the_cap_when_nothing_is_said() {
    let world = world();
    let oldest = field(&tokens(&world, YOUTUBE_V3).await, "refresh_token");
    for _ in 0..99 {
        tokens(&world, YOUTUBE_V3).await;
    }
    assert!(is_alive(&world, &oldest).await);
    tokens(&world, YOUTUBE_V3).await;
    assert!(!is_alive(&world, &oldest).await);
}

#[tokio::test]
async fn in_testing_a_refresh_token_lives_seven_days() {
    let world = world_with(|config| config.testing = true);
    let body = tokens(&world, YOUTUBE_V3).await;
    assert_eq!(body["refresh_token_expires_in"], 604_799);
    let token = field(&body, "refresh_token");
    world.pass(604_798);
    assert!(is_alive(&world, &token).await);
    world.pass(1);
    assert!(!is_alive(&world, &token).await);
    assert_eq!(
        world.reason(),
        "refresh_token: its seven days are over, as the project is in testing"
    );
}

#[tokio::test]
async fn in_testing_signing_in_alone_is_not_limited() {
    let world = world_with(|config| config.testing = true);
    let body = tokens(&world, "openid email profile").await;
    assert!(body.get("refresh_token_expires_in").is_none());
    world.pass(604_800);
    assert!(is_alive(&world, &field(&body, "refresh_token")).await);
}

#[tokio::test]
async fn a_refresh_token_dies_of_six_months_without_use() {
    let world = world();
    let token = field(&tokens(&world, YOUTUBE_V3).await, "refresh_token");
    world.pass(180 * 86_400);
    assert!(is_alive(&world, &token).await);
    world.pass(183 * 86_400);
    assert!(!is_alive(&world, &token).await);
    assert_eq!(world.reason(), "refresh_token: not used for six months");
}

#[tokio::test]
async fn with_overlap_the_old_token_is_good_until_the_new_one_is_used() {
    let world = world_with(|config| config.rotate_refresh_tokens = Rotation::Overlap);
    let old = field(&tokens(&world, YOUTUBE_V3).await, "refresh_token");
    let lost = field(&json(&refresh(&world, &old).await), "refresh_token");
    assert_ne!(lost, old);
    let new = field(&json(&refresh(&world, &old).await), "refresh_token");
    assert!(!is_alive(&world, &lost).await, "its answer was lost");

    assert!(is_alive(&world, &new).await);
    assert!(!is_alive(&world, &old).await);
}

#[tokio::test]
async fn with_strict_rotation_a_second_use_ends_the_grant() {
    let world = world_with(|config| config.rotate_refresh_tokens = Rotation::Strict);
    let old = field(
        &tokens(&world, "http://gdata.youtube.com/feeds/").await,
        "refresh_token",
    );
    let body = json(&refresh(&world, &old).await);
    let (new, access) = (field(&body, "refresh_token"), field(&body, "access_token"));
    assert_eq!(reads_a_feed(&world, &access).await, 200);

    assert!(!is_alive(&world, &old).await);
    assert_eq!(
        world.reason(),
        "refresh_token: used after a newer one took its place, so the grant has ended"
    );
    assert!(!is_alive(&world, &new).await);
    assert_eq!(reads_a_feed(&world, &access).await, 401);
}

#[tokio::test]
async fn session_control_asks_for_a_new_sign_in() {
    let world = world();
    let token = field(&tokens(&world, YOUTUBE_V3).await, "refresh_token");
    let kept = world.google.snapshot().unwrap();
    let strict = world_with(|config| config.rapt = true);
    strict.google.restore(&kept).unwrap();
    assert_eq!(
        told(&strict, &refresh_form(&token)).await,
        (
            400,
            "{\n  \"error\": \"invalid_grant\",\n  \
             \"error_description\": \"reauth related error (invalid_rapt)\",\n  \
             \"error_subtype\": \"invalid_rapt\"\n}\n"
                .to_owned()
        )
    );
}

#[tokio::test]
async fn an_admins_policy_ends_refreshing() {
    let world = world();
    let token = field(&tokens(&world, YOUTUBE_V3).await, "refresh_token");
    let kept = world.google.snapshot().unwrap();
    let barred = world_with(|config| {
        config.user = vec![User::new("ann@example.com", "Ann").under_admin_policy()];
    });
    barred.google.restore(&kept).unwrap();
    assert_eq!(
        told(&barred, &refresh_form(&token)).await,
        (
            400,
            "{\n  \"error\": \"admin_policy_enforced\"\n}\n".to_owned()
        )
    );
}

#[tokio::test]
async fn an_access_token_lives_as_long_as_it_says() {
    let world = world_with(|config| config.access_token_seconds = 60);
    let body = tokens(&world, "http://gdata.youtube.com/feeds/").await;
    assert_eq!(body["expires_in"], 60);
    let access = field(&body, "access_token");
    world.pass(59);
    assert_eq!(reads_a_feed(&world, &access).await, 200);
    world.pass(1);
    assert_eq!(reads_a_feed(&world, &access).await, 401);
}

#[tokio::test]
async fn a_scope_that_is_no_address_of_feeds_opens_none() {
    let world = world();
    let access = field(&tokens(&world, "openid").await, "access_token");
    assert_eq!(reads_a_feed(&world, &access).await, 401);
}

#[tokio::test]
async fn revoking_works_in_every_form_that_clients_send() {
    let world = world();
    for (method, query, body) in [
        ("GET", "?token=TOKEN", ""),
        ("POST", "", "token=TOKEN"),
        ("POST", "?token=TOKEN", ""),
    ] {
        for address in [REVOKE, "https://accounts.google.com/o/oauth2/revoke"] {
            let token = field(&tokens(&world, YOUTUBE_V3).await, "refresh_token");
            let escaped = token.replace('/', "%2F");
            let request = http::Request::builder()
                .method(method)
                .uri(format!("{address}{}", query.replace("TOKEN", &escaped)))
                .body(Bytes::from(body.replace("TOKEN", &escaped)))
                .unwrap();
            let answer = world.send(request).await;
            assert_eq!(answer.status(), 200);
            assert_eq!(text(&answer), "{}\n");
            assert!(!is_alive(&world, &token).await, "{method} {address}{query}");
        }
    }
}

#[tokio::test]
async fn an_access_token_revokes_the_refresh_token_behind_it() {
    let world = world();
    let body = tokens(&world, YOUTUBE_V3).await;
    let form = format!("token={}", field(&body, "access_token"));
    assert_eq!(world.send(post(REVOKE, &form)).await.status(), 200);
    assert!(!is_alive(&world, &field(&body, "refresh_token")).await);
}

#[tokio::test]
async fn an_unknown_token_cannot_be_revoked() {
    let answer = world().send(post(REVOKE, "token=ya29.never")).await;
    assert_eq!(answer.status(), 400);
    assert_eq!(
        text(&answer),
        refusal("invalid_token", "Token expired or revoked")
    );
}

#[tokio::test]
async fn revoking_reaches_all_clients_of_the_project() {
    let world = world();
    let desk = field(&tokens(&world, YOUTUBE_V3).await, "refresh_token");
    let web = web_tokens(&world, YOUTUBE_V3, "&access_type=offline").await;
    let form = format!("token={}", field(&web, "access_token"));
    world.send(post(REVOKE, &form)).await;
    assert!(!is_alive(&world, &desk).await);
}

#[tokio::test]
async fn revoking_reaches_no_other_project() {
    let world = world();
    let desk = field(&tokens(&world, YOUTUBE_V3).await, "refresh_token");
    let other = link(YOUTUBE_V3, "").replace(DESKTOP, OTHER);
    let code = code(&world, &other).await;
    let form = code_form(&code)
        .replace(DESKTOP, OTHER)
        .replace("client_secret=desk", "client_secret=other");
    let body = json(&world.send(post(TOKEN, &form)).await);
    let form = format!("token={}", field(&body, "access_token"));
    assert_eq!(world.send(post(REVOKE, &form)).await.status(), 200);
    assert!(is_alive(&world, &desk).await);
}

#[tokio::test]
async fn revoking_reaches_no_other_user() {
    let world = world();
    let ann = field(&tokens(&world, YOUTUBE_V3).await, "refresh_token");
    let code = code(&world, &link(YOUTUBE_V3, "&login_hint=ben%40example.org")).await;
    let ben = json(&world.send(post(TOKEN, &code_form(&code))).await);
    let form = format!("token={}", field(&ben, "access_token"));
    world.send(post(REVOKE, &form)).await;
    assert!(is_alive(&world, &ann).await);
}

#[tokio::test]
async fn a_switch_keeps_revoking_to_one_consent() {
    let world = world_with(|config| config.project_wide_revoke = false);
    let one = tokens(&world, YOUTUBE_V3).await;
    let other = tokens(&world, YOUTUBE_V3).await;
    let form = format!("token={}", field(&one, "access_token"));
    world.send(post(REVOKE, &form)).await;
    assert!(!is_alive(&world, &field(&one, "refresh_token")).await);
    assert!(is_alive(&world, &field(&other, "refresh_token")).await);
}

#[tokio::test]
async fn after_revoking_a_website_is_a_stranger_again() {
    let world = world();
    let body = web_tokens(&world, YOUTUBE_V3, "&access_type=offline").await;
    let form = format!("token={}", field(&body, "access_token"));
    world.send(post(REVOKE, &form)).await;
    let again = web_tokens(&world, YOUTUBE_V3, "&access_type=offline").await;
    assert!(field(&again, "refresh_token").starts_with("1//0"));
}

#[tokio::test]
async fn google_has_no_client_credentials() {
    let form = format!("grant_type=client_credentials&client_id={DESKTOP}&client_secret=desk");
    assert_eq!(
        told(&world(), &form).await,
        (400, refusal("unsupported_grant_type", "Invalid grant_type"))
    );
}

#[tokio::test]
async fn a_switch_turns_client_credentials_on() {
    let world = world_with(|config| config.client_credentials = true);
    let form =
        format!("grant_type=client_credentials&client_id={DESKTOP}&client_secret=desk&scope=a%20b");
    let answer = world.send(post(TOKEN, &form)).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(field(&json(&answer), "scope"), "a b");
}

#[tokio::test]
async fn a_password_grant_is_not_played() {
    let form = format!(
        "grant_type=password&username=ann&password=x&client_id={DESKTOP}&client_secret=desk"
    );
    assert_eq!(told(&world(), &form).await.0, 400);
    assert_eq!(world_reason(&form).await, "grant_type: not played here");
}

async fn world_reason(form: &str) -> String {
    let world = world();
    told(&world, form).await;
    world.reason()
}

#[tokio::test]
async fn a_restart_keeps_tokens_and_consents() {
    let before = world();
    let token = field(
        &web_tokens(&before, YOUTUBE_V3, "&access_type=offline").await,
        "access_token",
    );
    let after = world();
    after
        .google
        .restore(&before.google.snapshot().unwrap())
        .unwrap();
    let info = format!("access_token={token}");
    let info = post("https://oauth2.googleapis.com/tokeninfo", &info);
    assert_eq!(after.send(info).await.status(), 200);
    let again = web_tokens(&after, YOUTUBE_V3, "&access_type=offline").await;
    assert!(again.get("refresh_token").is_none(), "consented before");
}

#[test]
fn the_state_of_an_older_release_is_refused_in_words() {
    let old = r#"{"version":1,"tokens":{},"logins":{},"oauth_access":{},"refresh_tokens":{},
        "bearers":{},"nonces":{"seen":{}}}"#;
    assert_eq!(
        Emulator::new().restore(old).unwrap_err().to_string(),
        "state: expected version 2, got 1: another release wrote it; delete the file to begin anew"
    );
}

#[tokio::test]
async fn the_journal_holds_no_code_token_or_secret() {
    let world = world();
    let answer = world.send(get(&link(YOUTUBE_V3, ""))).await;
    let code = parameter(&location(&answer), "code");
    let body = json(&world.send(post(TOKEN, &code_form(&code))).await);
    world.send(post(TOKEN, &code_form(&code))).await;
    let wrong = refresh_form("1//canary").replace("client_secret=desk", "client_secret=canary");
    world.send(post(TOKEN, &wrong)).await;
    world.send(post(TOKEN, &refresh_form("1//canary"))).await;
    world.send(post(REVOKE, "token=canary")).await;
    let journal: Vec<String> = world
        .google
        .journal()
        .iter()
        .map(ToString::to_string)
        .collect();
    let journal = journal.join("\n");
    for secret in [
        code.as_str(),
        &field(&body, "access_token"),
        &field(&body, "refresh_token"),
        "canary",
        "desk&",
    ] {
        assert!(!journal.contains(secret), "{journal}");
    }
}

#[tokio::test]
async fn there_is_no_oauth_2_in_2009() {
    let world = World::with(|config| clients(config).in_era(gdata_auth::emulator::Era::Y2009));
    assert_eq!(world.send(get(&link(YOUTUBE_V3, ""))).await.status(), 404);
    let form = refresh_form("1//x").replace(DESKTOP, TV);
    assert_eq!(told(&world, &form).await.0, 404);
}
