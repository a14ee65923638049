//! The emulator's device flow: a code to show, a page to type it into, and polls.

mod support;

use gdata_auth::emulator::{Config, Consent};
use support::oauth2::{
    DESKTOP, PAGE, TOKEN, TV, YOUTUBE_V3, asking, field, json, page_number, post, world, world_with,
};
use support::world::{World, get, text};

const START: &str = "https://oauth2.googleapis.com/device/code";
const DEVICE: &str = "https://www.google.com/device";

fn ask(scope: &str) -> String {
    format!("client_id={TV}&scope={}", scope.replace(' ', "%20"))
}

/// Starts a flow: `device_code` and `user_code`.
async fn start(world: &World) -> (String, String) {
    let body = json(&world.send(post(START, &ask(YOUTUBE_V3))).await);
    (field(&body, "device_code"), field(&body, "user_code"))
}

fn poll_form(device_code: &str) -> String {
    format!(
        "client_id={TV}&client_secret=tv&device_code={device_code}\
         &grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code"
    )
}

/// Polls: the status and the whole body.
async fn poll(world: &World, device_code: &str) -> (u16, String) {
    let answer = world.send(post(TOKEN, &poll_form(device_code))).await;
    (answer.status().as_u16(), text(&answer))
}

fn refusal(code: &str, description: &str) -> String {
    format!("{{\n  \"error\": \"{code}\",\n  \"error_description\": \"{description}\"\n}}\n")
}

/// Types the code in, and decides.
async fn decide(world: &World, user_code: &str, decision: &str) -> String {
    let page = world
        .send(post(DEVICE, &format!("user_code={user_code}")))
        .await;
    let page = text(&page);
    let form = format!(
        "page={}&user=ann%40example.com&decision={decision}",
        page_number(&page)
    );
    text(&world.send(post(PAGE, &form)).await)
}

#[tokio::test]
async fn a_device_is_told_what_to_show_and_how_often_to_ask() {
    let world = asking();
    let answer = world.send(post(START, &ask(YOUTUBE_V3))).await;
    let body = json(&answer);
    let (device, user) = (field(&body, "device_code"), field(&body, "user_code"));
    let halves: Vec<&str> = user.split('-').collect();
    assert!(
        halves.len() == 2
            && halves
                .iter()
                .all(|half| half.len() == 4 && half.bytes().all(|b| b.is_ascii_uppercase())),
        "{user}"
    );
    assert_eq!(
        text(&answer)
            .replace(&device, "DEVICE")
            .replace(&user, "ABCD-EFGH"),
        "{\n  \"device_code\": \"DEVICE\",\n  \"expires_in\": 1800,\n  \"interval\": 5,\n  \
         \"user_code\": \"ABCD-EFGH\",\n  \"verification_uri\": \"https://www.google.com/device\",\n  \
         \"verification_url\": \"https://www.google.com/device\"\n}\n"
    );
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn on_loopback_the_page_is_there_too() {
    let world = asking();
    let start = post(
        "http://127.0.0.1:8080/o/oauth2/device/code",
        &ask(YOUTUBE_V3),
    );
    let body = json(&world.send(start).await);
    assert_eq!(
        field(&body, "verification_url"),
        "http://127.0.0.1:8080/device"
    );
    let page = world.send(get("http://127.0.0.1:8080/device")).await;
    assert!(
        text(&page)
            .contains("<label for=\"user_code\">Enter the code displayed on your device</label>")
    );
}

#[tokio::test]
async fn while_the_user_has_not_decided_the_answer_is_428() {
    let world = asking();
    let (device, _) = start(&world).await;
    assert_eq!(
        poll(&world, &device).await,
        (
            428,
            refusal("authorization_pending", "Precondition Required")
        )
    );
}

#[tokio::test]
async fn a_device_that_asks_too_fast_is_slowed_down() {
    let world = asking();
    let (device, _) = start(&world).await;
    poll(&world, &device).await;
    world.pass(4);
    assert_eq!(
        poll(&world, &device).await,
        (403, refusal("slow_down", "Forbidden"))
    );
    world.pass(9);
    assert_eq!(
        poll(&world, &device).await.0,
        403,
        "ten seconds from now on"
    );
    world.pass(15);
    assert_eq!(poll(&world, &device).await.0, 428);
}

#[tokio::test]
async fn once_the_user_allows_the_device_gets_its_tokens() {
    let world = asking();
    let (device, user) = start(&world).await;
    let typed = world.send(post(DEVICE, &format!("user_code={user}"))).await;
    let page = text(&typed);
    assert!(
        page.contains(TV) && page.contains("<legend>Account</legend>"),
        "{page}"
    );
    assert!(page.contains("YouTube: see and manage your account"));
    let form = format!(
        "page={}&user=ben%40example.org&decision=allow",
        page_number(&page)
    );
    let done = text(&world.send(post(PAGE, &form)).await);
    assert!(done.contains("You can go back to your device"), "{done}");

    let (status, body) = poll(&world, &device).await;
    assert_eq!(status, 200, "{body}");
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert!(field(&body, "refresh_token").starts_with("1//0"));
    assert_eq!(field(&body, "scope"), YOUTUBE_V3);
}

#[tokio::test]
async fn a_code_may_be_typed_in_small_letters_and_without_the_dash() {
    let world = asking();
    let (device, user) = start(&world).await;
    decide(&world, &user.to_lowercase().replace('-', ""), "allow").await;
    assert_eq!(poll(&world, &device).await.0, 200);
}

#[tokio::test]
async fn tokens_come_once() {
    let world = world();
    let (device, _) = start(&world).await;
    assert_eq!(poll(&world, &device).await.0, 200, "consent: allow");
    world.pass(5);
    assert_eq!(
        poll(&world, &device).await,
        (400, refusal("invalid_grant", "Bad Request"))
    );
}

#[tokio::test]
async fn the_drafts_spelling_is_taken_too() {
    // As oauth2client sends it (real-clients.md 2), with what it adds.
    let world = world();
    let (device, _) = start(&world).await;
    let form = format!(
        "client_id={TV}&code={device}&scope={YOUTUBE_V3}&client_secret=tv\
         &grant_type=http%3A%2F%2Foauth.net%2Fgrant_type%2Fdevice%2F1.0"
    );
    let address = "https://accounts.google.com/o/oauth2/token";
    assert_eq!(world.send(post(address, &form)).await.status(), 200);
}

#[tokio::test]
async fn a_denial_is_told_to_the_device() {
    let world = asking();
    let (device, user) = start(&world).await;
    let page = decide(&world, &user, "deny").await;
    assert!(page.contains("Your device was given no access."), "{page}");
    assert_eq!(
        poll(&world, &device).await,
        (403, refusal("access_denied", "Forbidden"))
    );
}

#[tokio::test]
async fn a_device_code_ends_after_half_an_hour() {
    let world = asking();
    let (device, user) = start(&world).await;
    world.pass(1_800);
    assert_eq!(
        poll(&world, &device).await,
        (400, "{\n  \"error\": \"expired_token\"\n}\n".to_owned())
    );
    let page = world.send(post(DEVICE, &format!("user_code={user}"))).await;
    assert_eq!(page.status(), 400);
}

#[tokio::test]
async fn an_invented_device_code_is_malformed() {
    assert_eq!(
        poll(&asking(), "AH-1Never").await,
        (400, refusal("invalid_grant", "Malformed device code."))
    );
}

#[tokio::test]
async fn another_clients_device_code_is_of_no_use() {
    let world = World::with(|config: Config| config.with_consent(Consent::Allow));
    let (device, _) = start(&world).await;
    let form = poll_form(&device).replace(TV, "1234-radio.apps.googleusercontent.com");
    assert_eq!(world.send(post(TOKEN, &form)).await.status(), 400);
    assert_eq!(world.reason(), "device_code: was given to another client");
}

#[tokio::test]
async fn a_client_of_another_type_is_refused() {
    let answer = world()
        .send(post(START, &ask(YOUTUBE_V3).replace(TV, DESKTOP)))
        .await;
    assert_eq!(answer.status(), 401);
    assert_eq!(
        text(&answer),
        refusal("invalid_client", "Invalid client type.")
    );
}

#[tokio::test]
async fn few_scopes_are_open_to_devices() {
    let world = world();
    for scope in [
        "openid email profile",
        "https://www.googleapis.com/auth/userinfo.email",
        "https://www.googleapis.com/auth/drive.file https://www.googleapis.com/auth/drive.appdata",
        "https://www.googleapis.com/auth/youtube.readonly",
    ] {
        assert_eq!(world.send(post(START, &ask(scope))).await.status(), 200);
    }
    let upload = ask("https://www.googleapis.com/auth/youtube.upload");
    let answer = world.send(post(START, &upload)).await;
    assert_eq!(answer.status(), 400);
    assert_eq!(
        text(&answer),
        refusal(
            "invalid_scope",
            "Invalid device flow scope: https://www.googleapis.com/auth/youtube.upload"
        )
    );
}

#[tokio::test]
async fn a_full_quota_is_told_in_a_field_of_its_own() {
    let world = world_with(|config| config.device_rate_limit = true);
    let answer = world.send(post(START, &ask(YOUTUBE_V3))).await;
    assert_eq!(answer.status(), 403);
    assert_eq!(
        text(&answer),
        "{\n  \"error_code\": \"rate_limit_exceeded\"\n}\n"
    );
}

#[tokio::test]
async fn a_code_that_no_device_shows_is_asked_for_again() {
    let world = asking();
    let page = world.send(post(DEVICE, "user_code=AAAA-AAAA")).await;
    assert_eq!(page.status(), 400);
    assert!(text(&page).contains("role=\"alert\">That code did not work."));
}

#[tokio::test]
async fn a_link_may_bring_the_code_along() {
    let page = asking()
        .send(get("https://www.google.com/device?user_code=ABCD-EFGH"))
        .await;
    assert!(text(&page).contains("value=\"ABCD-EFGH\""));
}
