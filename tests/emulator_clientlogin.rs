//! ClientLogin on the emulator, in both dialects.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use bytes::Bytes;
use gdata_auth::{
    Error, Exchange, Kind, Secret,
    clientlogin::{AuthToken, Endpoint, ErrorCode, Header, LoginRequest, Refusal},
    emulator::User,
    run,
};
use support::world::{CALENDARS, UPLOADS, World, get, text};

const PASSWORD: &str = "p&ss w=rd";

fn world() -> World {
    World::with(|mut config| {
        config.user = vec![
            User::new("user@gmail.com", "User").with_password(PASSWORD),
            User::new("captcha@gmail.com", "Captcha")
                .with_password(PASSWORD)
                .refusing_logins("CaptchaRequired"),
        ];
        for code in [
            "NotVerified",
            "TermsNotAgreed",
            "Unknown",
            "AccountDeleted",
            "AccountDisabled",
            "ServiceDisabled",
            "ServiceUnavailable",
            "AccountMigrated",
            "InvalidSecondFactor",
            "BadAuthentication",
        ] {
            let email = format!("{}@gmail.com", code.to_lowercase());
            let user = User::new(email, code).with_password(PASSWORD);
            config.user.push(user.refusing_logins(code));
        }
        config
    })
}

fn request(email: &str, service: &str) -> LoginRequest {
    LoginRequest::new(email)
        .unwrap()
        .service(service)
        .unwrap()
        .source("acme-app-1")
        .unwrap()
}

async fn login(
    world: &World,
    email: &str,
    password: &str,
    service: &str,
) -> Result<AuthToken, Error> {
    let exchange = request(email, service).exchange(password, &Endpoint::google())?;
    Ok(run(&exchange, &world.google).await?.into_token())
}

async fn send(world: &World, token: &AuthToken, address: &str) -> http::Response<Bytes> {
    let (mut parts, body) = get(address).into_parts();
    token.authorize(&mut parts, &world.stamp()).unwrap();
    world.send(http::Request::from_parts(parts, body)).await
}

#[tokio::test]
async fn a_login_is_answered_in_the_form_of_the_trace_and_opens_its_service() {
    let world = world();
    let exchange = request("user@gmail.com", "youtube")
        .exchange(PASSWORD, &Endpoint::google())
        .unwrap();
    let answer = world.send(exchange.request()).await;
    assert_eq!(answer.status(), 200, "{}", world.reason());
    assert_eq!(answer.headers()["content-type"], "text/plain");
    assert_eq!(answer.headers()["cache-control"], "no-cache, no-store");
    let body = text(&answer);
    let lines: Vec<&str> = body.lines().collect();
    assert!(lines[0].starts_with("SID=DQAAA"), "{body}");
    assert!(lines[1].starts_with("LSID=DQAAA"), "{body}");
    assert!(lines[2].starts_with("Auth=DQAAA"), "{body}");
    assert_eq!(lines[3], "YouTubeUser=user");
    assert!(body.ends_with('\n'));

    let token = exchange.parse(&answer).unwrap().into_token();
    assert_eq!(token.secret().expose().len(), 299);
    assert_eq!(send(&world, &token, UPLOADS).await.status(), 200);
    let other = send(&world, &token, CALENDARS).await;
    assert_eq!(other.status(), 401);
    assert_eq!(world.reason(), "service: the token is for youtube");
}

#[tokio::test]
async fn every_spelling_of_the_header_is_taken() {
    let world = world();
    let token = login(&world, "user", PASSWORD, "youtube").await.unwrap();
    let text = token.secret().expose();
    for value in [
        format!("GoogleLogin auth={text}"),
        format!("GoogleLogin auth=\"{text}\""),
        format!("GoogleLogin Auth={text}"),
    ] {
        let request = http::Request::get(UPLOADS)
            .header("authorization", value.as_str())
            .body(Bytes::new())
            .unwrap();
        assert_eq!(world.send(request).await.status(), 200, "{value:.24}");
    }
    assert_eq!(Header::new(text).unwrap().token(), &Secret::new(text));
}

#[tokio::test]
async fn a_wrong_password_is_the_403_of_24_bytes() {
    let world = world();
    for (email, password) in [("user@gmail.com", "wrong"), ("nobody@gmail.com", PASSWORD)] {
        let exchange = request(email, "cl")
            .exchange(password, &Endpoint::google())
            .unwrap();
        let answer = world.send(exchange.request()).await;
        assert_eq!(answer.status(), 403);
        assert_eq!(text(&answer), "Error=BadAuthentication\n");
        let error = exchange.parse(&answer).unwrap_err();
        assert_eq!(
            Refusal::of(&error).unwrap().code(),
            &ErrorCode::BadAuthentication
        );
    }
}

#[tokio::test]
async fn every_code_can_be_had_on_request() {
    let world = world();
    for (name, code) in [
        ("notverified", ErrorCode::NotVerified),
        ("termsnotagreed", ErrorCode::TermsNotAgreed),
        ("unknown", ErrorCode::Unknown),
        ("accountdeleted", ErrorCode::AccountDeleted),
        ("accountdisabled", ErrorCode::AccountDisabled),
        ("servicedisabled", ErrorCode::ServiceDisabled),
        ("serviceunavailable", ErrorCode::ServiceUnavailable),
        ("accountmigrated", ErrorCode::AccountMigrated),
        ("badauthentication", ErrorCode::BadAuthentication),
    ] {
        let email = format!("{name}@gmail.com");
        let error = login(&world, &email, PASSWORD, "cl").await.unwrap_err();
        let refusal = Refusal::of(&error).unwrap();
        assert_eq!(refusal.code(), &code);
        assert_eq!(
            refusal.url().is_some(),
            code != ErrorCode::BadAuthentication,
            "{name}"
        );
    }
    let error = login(&world, "invalidsecondfactor@gmail.com", PASSWORD, "cl")
        .await
        .unwrap_err();
    assert!(Refusal::of(&error).unwrap().needs_app_password());
}

#[tokio::test]
async fn a_captcha_is_asked_shown_and_answered() {
    let world = world();
    let error = login(&world, "captcha@gmail.com", PASSWORD, "cl")
        .await
        .unwrap_err();
    let captcha = Refusal::of(&error).unwrap().captcha().unwrap().clone();
    assert!(
        captcha.url().contains("/accounts/Captcha?ctoken="),
        "{}",
        captcha.url()
    );

    let picture = world.send(get(captcha.url())).await;
    assert_eq!(picture.headers()["content-type"], "image/svg+xml");
    assert!(text(&picture).contains(">brinmar<"), "{}", text(&picture));

    let wrong = captcha
        .answer("other")
        .unwrap()
        .exchange(PASSWORD, &Endpoint::google())
        .unwrap();
    let error = run(&wrong, &world.google).await.unwrap_err();
    let again = Refusal::of(&error).unwrap().captcha().unwrap().clone();
    assert_ne!(
        again.token(),
        captcha.token(),
        "a wrong answer spends the picture"
    );

    let word = text(&world.send(get(again.url())).await);
    let word = word
        .rsplit_once("</text>")
        .unwrap()
        .0
        .rsplit_once('>')
        .unwrap()
        .1
        .to_owned();
    let right = again
        .answer(&word)
        .unwrap()
        .exchange(PASSWORD, &Endpoint::google())
        .unwrap();
    run(&right, &world.google).await.unwrap();
}

#[tokio::test]
async fn an_expired_token_is_told_in_youtubes_document_and_calendars_page() {
    let world = World::with(|mut config| {
        config.login_seconds = Some(60);
        config
    });
    let youtube = login(&world, "ann@example.com", "secret", "youtube")
        .await
        .unwrap();
    let calendar = login(&world, "ann@example.com", "secret", "cl")
        .await
        .unwrap();
    world.pass(60);
    let answer = send(&world, &youtube, UPLOADS).await;
    assert_eq!(answer.status(), 401);
    assert!(
        text(&answer).contains("<code>TokenExpired</code>"),
        "{}",
        text(&answer)
    );
    assert!(
        text(&answer).contains("<location type='header'>Authorization: GoogleLogin</location>")
    );
    assert_eq!(
        youtube.explain(UPLOADS, &answer).unwrap().kind(),
        Kind::Expired
    );

    let answer = send(&world, &calendar, CALENDARS).await;
    assert!(text(&answer).contains("<H1>Token expired</H1>"));
    assert_eq!(
        answer.headers()["www-authenticate"],
        "GoogleLogin realm=\"http://www.google.com\", service=\"cl\""
    );
}

#[tokio::test]
async fn calendar_hands_out_a_new_token_that_may_be_adopted() {
    let world = World::new();
    let token = login(&world, "ann@example.com", "secret", "cl")
        .await
        .unwrap();
    let answer = send(&world, &token, CALENDARS).await;
    let renewed = token.adopt(&answer).unwrap();
    assert_ne!(renewed, token);
    assert_eq!(send(&world, &renewed, CALENDARS).await.status(), 302);
    assert_eq!(
        send(&world, &token, CALENDARS).await.status(),
        302,
        "the old one lives on"
    );

    let quiet = World::with(|mut config| {
        config.update_client_auth = false;
        config
    });
    let token = login(&quiet, "ann@example.com", "secret", "cl")
        .await
        .unwrap();
    assert!(
        token
            .adopt(&send(&quiet, &token, CALENDARS).await)
            .is_none()
    );
}

#[tokio::test]
async fn a_reader_server_has_its_own_manners() {
    let world = World::new();
    let endpoint = Endpoint::at("https://rss.example.org/api/greader.php").unwrap();
    let wrong = request("ann@example.com", "reader")
        .exchange("wrong", &endpoint)
        .unwrap();
    let answer = world.send(wrong.request()).await;
    assert_eq!(answer.status(), 401);
    let error = wrong.parse(&answer).unwrap_err();
    assert_eq!(
        Refusal::of(&error).unwrap().code(),
        &ErrorCode::BadAuthentication
    );

    let right = request("ann", "reader")
        .exchange("secret", &endpoint)
        .unwrap();
    let token = run(&right, &world.google).await.unwrap().into_token();
    let (user, hex) = token.secret().expose().split_once('/').unwrap();
    assert_eq!((user, hex.len()), ("ann", 40));

    let info = "https://rss.example.org/api/greader.php/reader/api/0/user-info";
    let answer = send(&world, &token, info).await;
    assert_eq!(answer.status(), 200);
    assert!(
        text(&answer).contains("\"userEmail\": \"ann@example.com\""),
        "{}",
        text(&answer)
    );
    let action = run(&token.action_token(&endpoint).unwrap(), &world.google)
        .await
        .unwrap();
    assert_eq!(action.secret().expose().len(), 56);
    assert_eq!(world.send(get(info)).await.status(), 401);
}

#[tokio::test]
async fn logins_that_cannot_be_read_are_refused_as_unknown() {
    let world = World::new();
    for body in [
        "",
        "Email=a",
        "Passwd=b",
        "Email=a&Email=b&Passwd=c",
        "Email=%zz&Passwd=c",
    ] {
        let request = http::Request::post("https://www.google.com/accounts/ClientLogin")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Bytes::from_static(body.as_bytes()))
            .unwrap();
        let answer = world.send(request).await;
        assert_eq!(answer.status(), 403, "{body}");
        assert_eq!(text(&answer), "Error=Unknown\n", "{body}");
    }
}
