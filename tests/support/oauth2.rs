//! What the tests of the OAuth 2.0 server share: raw requests, and the parts of raw answers.

use bytes::Bytes;
use gdata_auth::emulator::{Config, Consent, OauthClient};
use gdata_auth::oauth2::ClientKind;
use gdata_auth::wire::query::Pairs;
use serde_json::Value;

use super::world::{World, get, text};

pub const AUTH: &str = "https://accounts.google.com/o/oauth2/v2/auth";
pub const TOKEN: &str = "https://oauth2.googleapis.com/token";
pub const PAGE: &str = "https://accounts.google.com/o/oauth2/consent";
pub const DESKTOP: &str = "1234-desk.apps.googleusercontent.com";
pub const WEB: &str = "1234-web.apps.googleusercontent.com";
pub const TV: &str = "1234-tv.apps.googleusercontent.com";
pub const OTHER: &str = "9999-other.apps.googleusercontent.com";
pub const BACK: &str = "http://127.0.0.1:49152/";
pub const WEB_BACK: &str = "https://www.example.com/oauth2callback";
pub const YOUTUBE_V3: &str = "https://www.googleapis.com/auth/youtube";

/// Four clients: a desktop program, a website and a television of project 1234, and one of another project.
pub fn clients(config: Config) -> Config {
    config
        .with_oauth_client(OauthClient::new(ClientKind::Installed, DESKTOP).with_secret("desk"))
        .with_oauth_client(
            OauthClient::new(ClientKind::Web, WEB)
                .with_secret("web")
                .with_redirect(WEB_BACK),
        )
        .with_oauth_client(OauthClient::new(ClientKind::LimitedInput, TV).with_secret("tv"))
        .with_oauth_client(OauthClient::new(ClientKind::Installed, OTHER).with_secret("other"))
}

pub fn world() -> World {
    World::with(clients)
}

pub fn world_with(change: impl FnOnce(&mut Config)) -> World {
    World::with(|config| {
        let mut config = clients(config);
        change(&mut config);
        config
    })
}

/// A world whose pages ask.
pub fn asking() -> World {
    world_with(|config| config.consent = Consent::Ask)
}

pub fn post(address: &str, body: &str) -> http::Request<Bytes> {
    http::Request::post(address)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Bytes::from(body.to_owned()))
        .unwrap()
}

/// Where an answer sends the browser.
pub fn location(answer: &http::Response<Bytes>) -> String {
    assert_eq!(answer.status(), 302, "{}", text(answer));
    answer.headers()["location"].to_str().unwrap().to_owned()
}

/// One parameter of an address.
pub fn parameter(address: &str, name: &str) -> String {
    let (_, query) = address.split_once('?').unwrap();
    let pairs = Pairs::parse(query).unwrap();
    pairs.first(name).unwrap_or_default().to_owned()
}

pub fn json(answer: &http::Response<Bytes>) -> Value {
    serde_json::from_str(&text(answer)).unwrap()
}

pub fn field(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

/// The number of a page, as its form carries it.
pub fn page_number(html: &str) -> String {
    let (_, rest) = html.split_once("name=\"page\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// The link of the desktop program, with more parameters behind.
pub fn link(scope: &str, more: &str) -> String {
    format!(
        "{AUTH}?client_id={DESKTOP}&redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2F&response_type=code\
         &scope={}&state=xyz{more}",
        scope.replace(' ', "%20")
    )
}

/// The link of the website.
pub fn web_link(scope: &str, more: &str) -> String {
    format!(
        "{AUTH}?client_id={WEB}&redirect_uri=https%3A%2F%2Fwww.example.com%2Foauth2callback\
         &response_type=code&scope={}{more}",
        scope.replace(' ', "%20")
    )
}

/// Follows a link, and yields the code.
pub async fn code(world: &World, link: &str) -> String {
    let answer = world.send(get(link)).await;
    parameter(&location(&answer), "code")
}

/// What the desktop program posts for a code.
pub fn code_form(code: &str) -> String {
    format!(
        "grant_type=authorization_code&code={}&redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2F\
         &client_id={DESKTOP}&client_secret=desk",
        code.replace('/', "%2F")
    )
}

/// What the website posts for a code.
pub fn web_code_form(code: &str) -> String {
    format!(
        "grant_type=authorization_code&code={}&redirect_uri=https%3A%2F%2Fwww.example.com%2Foauth2callback\
         &client_id={WEB}&client_secret=web",
        code.replace('/', "%2F")
    )
}

/// What the desktop program posts to refresh.
pub fn refresh_form(token: &str) -> String {
    format!(
        "grant_type=refresh_token&refresh_token={}&client_id={DESKTOP}&client_secret=desk",
        token.replace('/', "%2F")
    )
}

/// The whole way of the desktop program: consent, and the tokens that come of it.
pub async fn tokens(world: &World, scope: &str) -> Value {
    let code = code(world, &link(scope, "")).await;
    let answer = world.send(post(TOKEN, &code_form(&code))).await;
    assert_eq!(answer.status(), 200, "{}", text(&answer));
    json(&answer)
}

/// The whole way of the website.
pub async fn web_tokens(world: &World, scope: &str, more: &str) -> Value {
    let code = code(world, &web_link(scope, more)).await;
    let answer = world.send(post(TOKEN, &web_code_form(&code))).await;
    assert_eq!(answer.status(), 200, "{}", text(&answer));
    json(&answer)
}

/// Refreshes as the desktop program.
pub async fn refresh(world: &World, token: &str) -> http::Response<Bytes> {
    world.send(post(TOKEN, &refresh_form(token))).await
}

/// Whether the token endpoint still takes a refresh token.
pub async fn is_alive(world: &World, token: &str) -> bool {
    refresh(world, token).await.status() == 200
}
