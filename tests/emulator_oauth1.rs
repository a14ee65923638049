//! OAuth 1.0 on the emulator, and the way from there to OAuth 2.0.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use bytes::Bytes;
use gdata_auth::{
    BodyHint, Kind, Secret, Stamp, Timestamp,
    crypto::PrivateKey,
    emulator::{Consent, Consumer as Registered, Era},
    oauth1::{
        AccessToken, Accounts, Callback, Consumer, Credential, Header, MigrationGrant, Placement,
        TokenRequest,
    },
    oauth2, run,
};
use support::world::{CALENDARS, CERTIFICATE, KEY, UPLOADS, World, YOUTUBE, get, text};

const CALLBACK: &str = "http://www.example.com/oauth?lang=en";

fn world() -> World {
    World::with(|mut config| {
        config.consumer = vec![
            Registered::with_secret("www.example.com", "s3cr+t/").and_certificate(CERTIFICATE),
            Registered::with_secret("example.com", "two-legged"),
        ];
        config
    })
}

fn hmac() -> Consumer {
    Consumer::hmac("www.example.com", "s3cr+t/").unwrap()
}

async fn access(world: &World, consumer: Consumer, scope: &str) -> AccessToken {
    let accounts = Accounts::google();
    let request = TokenRequest::new(consumer)
        .scope(scope)
        .unwrap()
        .callback(Callback::to(CALLBACK).unwrap())
        .exchange(&accounts, &world.stamp());
    let token = world.run(request).await.unwrap();
    let link = token.authorize_link(&accounts).to_string();
    let back = world.google.browse(&link).unwrap();
    assert!(back.starts_with(CALLBACK), "{back}");
    let authorized = token.read_redirect(&back).unwrap();
    world
        .run(authorized.exchange(&accounts, &world.stamp()))
        .await
        .unwrap()
}

fn signed(
    credential: &Credential,
    request: http::Request<Bytes>,
    stamp: &Stamp,
) -> http::Request<Bytes> {
    let (mut parts, body) = request.into_parts();
    credential
        .authorize(&mut parts, BodyHint::Empty, stamp)
        .unwrap();
    http::Request::from_parts(parts, body)
}

async fn fetch(world: &World, credential: &Credential, address: &str) -> http::Response<Bytes> {
    world
        .send(signed(credential, get(address), &world.stamp()))
        .await
}

#[tokio::test]
async fn the_whole_dance_under_every_method_and_placement() {
    let rsa = || {
        Consumer::rsa(
            "www.example.com",
            PrivateKey::from_pem(KEY).unwrap().signer(),
        )
        .unwrap()
    };
    let plaintext = || Consumer::plaintext("www.example.com", "s3cr+t/").unwrap();
    let consumers = [
        hmac(),
        hmac().placed_in(Placement::Query),
        hmac().sends_version(false),
        hmac().realm("").unwrap(),
        rsa(),
        plaintext(),
        Consumer::anonymous(),
    ];
    for consumer in consumers {
        let world = world();
        let name = format!("{} {}", consumer.key(), consumer.method());
        let token = access(&world, consumer, YOUTUBE).await;
        assert!(token.token().expose().starts_with("1/"), "{name}");
        assert_eq!(token.token().expose().len(), 45, "{name}");
        assert_eq!(token.secret().expose().len(), 24, "{name}");
        let credential = Credential::from(token);
        let address = format!("{UPLOADS}?v=2&q=a+b%2Fc&empty=&q=again");
        let answer = fetch(&world, &credential, &address).await;
        assert_eq!(answer.status(), 200, "{name}: {}", world.reason());

        let accounts = Accounts::google();
        let info = world
            .run(credential.token_info(&accounts, &world.stamp()))
            .await
            .unwrap();
        assert!(info.is_secure(), "{name}");
        assert_eq!(info.scopes().to_string(), YOUTUBE, "{name}");
        world
            .run(credential.revoke(&accounts, &world.stamp()))
            .await
            .unwrap();
        let answer = fetch(&world, &credential, UPLOADS).await;
        assert_eq!(answer.status(), 401, "{name}");
        assert_eq!(
            credential.explain(UPLOADS, &answer).unwrap().kind(),
            Kind::Revoked,
            "{name}"
        );
    }
}

#[tokio::test]
async fn an_application_without_a_callback_shows_the_verifier() {
    let world = world();
    let accounts = Accounts::google();
    let request = TokenRequest::new(Consumer::anonymous())
        .scope(YOUTUBE)
        .unwrap()
        .callback(Callback::oob())
        .display_name("Video <Uploader>")
        .unwrap()
        .exchange(&accounts, &world.stamp());
    let token = world.run(request).await.unwrap();
    let page = world
        .send(get(&token.authorize_link(&accounts).to_string()))
        .await;
    assert_eq!(page.status(), 200);
    let html = text(&page);
    let (_, rest) = html.split_once("<code id=\"verifier\">").unwrap();
    let (verifier, _) = rest.split_once('<').unwrap();
    let authorized = token.verified_by(verifier).unwrap();
    world
        .run(authorized.exchange(&accounts, &world.stamp()))
        .await
        .unwrap();
}

#[tokio::test]
async fn the_page_names_an_unregistered_application_by_its_own_words() {
    let world = World::with(|config| config.with_consent(Consent::Ask));
    let accounts = Accounts::google();
    let request = TokenRequest::new(Consumer::anonymous())
        .scope(YOUTUBE)
        .unwrap()
        .callback(Callback::oob())
        .display_name("Video <Uploader>")
        .unwrap()
        .exchange(&accounts, &world.stamp());
    let token = world.run(request).await.unwrap();
    let page = text(
        &world
            .send(get(&token.authorize_link(&accounts).to_string()))
            .await,
    );
    assert!(
        page.contains("Video &lt;Uploader&gt; asks for access"),
        "{page}"
    );
    assert!(page.contains("YouTube: see and manage"), "{page}");
}

#[tokio::test]
async fn a_wrong_verifier_gets_the_23_bytes_of_the_trace() {
    let world = world();
    let accounts = Accounts::google();
    let request = TokenRequest::new(hmac())
        .scope(YOUTUBE)
        .unwrap()
        .callback(Callback::to(CALLBACK).unwrap())
        .exchange(&accounts, &world.stamp());
    let token = world.run(request).await.unwrap();
    world
        .google
        .browse(&token.authorize_link(&accounts).to_string())
        .unwrap();
    let wrong = token
        .verified_by("test")
        .unwrap()
        .exchange(&accounts, &world.stamp())
        .unwrap();
    let answer = world.send(gdata_auth::Exchange::request(&wrong)).await;
    assert_eq!(answer.status(), 400);
    assert_eq!(answer.headers()["content-type"], "text/plain");
    assert_eq!(text(&answer), "The token is invalid.\n\n");
    assert_eq!(
        world.reason(),
        "oauth_verifier: not the one that the user got"
    );
}

#[tokio::test]
async fn a_request_token_is_answered_in_the_form_of_the_trace() {
    let world = world();
    let exchange = TokenRequest::new(Consumer::anonymous())
        .scope(YOUTUBE)
        .unwrap()
        .callback(Callback::oob())
        .exchange(&Accounts::google(), &world.stamp())
        .unwrap();
    let answer = world.send(gdata_auth::Exchange::request(&exchange)).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(
        answer.headers()["content-type"],
        "text/plain; charset=UTF-8"
    );
    let body = text(&answer);
    assert_eq!(body.len(), 118, "{body}");
    assert!(body.starts_with("oauth_token=4%2F"), "{body}");
    assert!(body.ends_with("&oauth_callback_confirmed=true"), "{body}");
}

#[tokio::test]
async fn a_refusal_tells_which_known_mistake_it_was() {
    let world = world();
    let token = access(&world, hmac(), YOUTUBE).await;
    let credential = Credential::from(token);
    // Zend_Oauth leaves the query out of what it signs.
    let mut zend = signed(&credential, get(UPLOADS), &world.stamp());
    *zend.uri_mut() = format!("{UPLOADS}?v=2&max-results=1").parse().unwrap();
    let answer = world.send(zend).await;
    assert_eq!(answer.status(), 401);
    assert!(world.reason().contains("query"), "{}", world.reason());

    // A signature without the token's secret.
    let forgetful = AccessToken::new(
        hmac(),
        credential.access_token().unwrap().token().clone(),
        "",
    )
    .unwrap();
    let answer = fetch(&world, &Credential::from(forgetful), UPLOADS).await;
    assert_eq!(answer.status(), 401);
    assert!(world.reason().contains("secret"), "{}", world.reason());
}

#[tokio::test]
async fn replays_old_and_future_requests_are_refused() {
    let world = world();
    let credential = Credential::from(access(&world, hmac(), YOUTUBE).await);
    let stamp = Stamp::new(world.now(), "-123abc").unwrap();
    assert_eq!(
        world
            .send(signed(&credential, get(UPLOADS), &stamp))
            .await
            .status(),
        200
    );
    assert_eq!(
        world
            .send(signed(&credential, get(UPLOADS), &stamp))
            .await
            .status(),
        401
    );
    assert_eq!(
        world.reason(),
        "nonce: this timestamp and nonce were used before"
    );
    for (offset, status) in [(-600, 200), (600, 200), (-601, 401), (601, 401)] {
        let moment = Timestamp::from_unix_seconds(world.now().unix_seconds() + offset);
        let request = signed(&credential, get(UPLOADS), &Stamp::numbered(moment, 9));
        assert_eq!(
            world.send(request).await.status(),
            status,
            "{offset}: {}",
            world.reason()
        );
    }
    assert!(
        world.reason().starts_with("timestamp: 601 s"),
        "{}",
        world.reason()
    );
}

#[tokio::test]
async fn parameters_in_two_places_are_one_too_many() {
    let world = world();
    let credential = Credential::from(access(&world, hmac(), YOUTUBE).await);
    let mut twice = signed(&credential, get(UPLOADS), &world.stamp());
    let header = Header::of(twice.headers()).unwrap().unwrap();
    let (_, nonce) = header
        .parameters()
        .iter()
        .find(|(name, _)| *name == "oauth_nonce")
        .unwrap();
    *twice.uri_mut() = format!("{UPLOADS}?oauth_nonce={nonce}").parse().unwrap();
    assert_eq!(world.send(twice).await.status(), 401);
    assert!(
        world.reason().starts_with("oauth_nonce"),
        "{}",
        world.reason()
    );
}

#[tokio::test]
async fn oauth_1_0a_of_npm_and_no_version_of_java_are_taken() {
    let world = world();
    let token = access(&world, hmac(), YOUTUBE).await;
    let credential = Credential::from(token).sends_version(false);
    assert_eq!(fetch(&world, &credential, UPLOADS).await.status(), 200);
    // npm's oauth signs oauth_version=1.0A: made here with Python's rules by hand in tests/interop.
}

#[tokio::test]
async fn a_token_serves_the_consumer_that_it_was_issued_to_and_no_other() {
    let world = World::with(|mut config| {
        config.consumer = vec![
            Registered::with_secret("www.example.com", "s3cr+t/"),
            Registered::with_secret("rsa.example.com", "unused").and_certificate(CERTIFICATE),
        ];
        config
    });
    let token = access(&world, hmac(), YOUTUBE).await;
    let signer = PrivateKey::from_pem(KEY).unwrap().signer();
    let other = Consumer::rsa("rsa.example.com", signer).unwrap();
    // Under RSA the token's secret is not signed with: whoever saw the token could try.
    let stolen = AccessToken::new(other, token.token().clone(), "").unwrap();
    let stolen = Credential::from(stolen);
    assert_eq!(fetch(&world, &stolen, UPLOADS).await.status(), 401);
    assert_eq!(world.reason(), "oauth_token: issued to another consumer");
    let accounts = Accounts::google();
    let info = stolen.token_info(&accounts, &world.stamp());
    assert!(world.run(info).await.is_err());
    let revoke = stolen.revoke(&accounts, &world.stamp());
    assert!(world.run(revoke).await.is_err());
    let own = Credential::from(token);
    assert_eq!(fetch(&world, &own, UPLOADS).await.status(), 200);
}

#[tokio::test]
async fn a_domain_acts_for_its_own_users_without_a_token() {
    let world = world();
    let consumer = || Consumer::hmac("example.com", "two-legged").unwrap();
    let ann = Credential::on_behalf_of(consumer(), "ann@example.com").unwrap();
    assert_eq!(
        fetch(&world, &ann, UPLOADS).await.status(),
        200,
        "{}",
        world.reason()
    );

    let ben = Credential::on_behalf_of(consumer(), "ben@example.org").unwrap();
    assert_eq!(fetch(&world, &ben, UPLOADS).await.status(), 401);
    assert!(
        world.reason().contains("its own domain"),
        "{}",
        world.reason()
    );

    let nobody = Credential::on_behalf_of(consumer(), "nobody@example.com").unwrap();
    assert_eq!(fetch(&world, &nobody, UPLOADS).await.status(), 401);
    let anonymous = Credential::on_behalf_of(Consumer::anonymous(), "ann@example.com").unwrap();
    assert_eq!(fetch(&world, &anonymous, UPLOADS).await.status(), 401);
}

#[tokio::test]
async fn a_scope_covers_its_prefix_only() {
    let world = world();
    let token = access(&world, hmac(), YOUTUBE).await;
    let scopes = gdata_auth::scope::ScopeSet::parse(YOUTUBE).unwrap();
    let credential = Credential::from(token.with_scopes(scopes));
    let answer = fetch(&world, &credential, CALENDARS).await;
    assert_eq!(answer.status(), 401);
    assert_eq!(
        credential.explain(CALENDARS, &answer).unwrap().kind(),
        Kind::Scope
    );
}

#[tokio::test]
async fn an_access_token_becomes_a_refresh_token_and_opens_the_same_feeds() {
    let world = world();
    let token = access(&world, hmac(), YOUTUBE).await;
    let grant = MigrationGrant::new("1234.apps.googleusercontent.com").unwrap();
    let refresh = run(
        &grant.exchange(&token, &world.stamp()).unwrap(),
        &world.google,
    )
    .await
    .unwrap();
    assert!(refresh.expose().starts_with("1/"));

    let bearer = renew(&world, &refresh).await;
    let (mut parts, body) = get(UPLOADS).into_parts();
    bearer.authorize(&mut parts);
    let request = http::Request::from_parts(parts, body);
    assert_eq!(
        world.send(request.clone()).await.status(),
        200,
        "{}",
        world.reason()
    );

    world.pass(3600);
    let answer = world.send(request).await;
    assert_eq!(answer.status(), 401);
    assert!(
        text(&answer).contains("Invalid AuthSub token"),
        "{}",
        text(&answer)
    );
    assert!(
        answer.headers()["www-authenticate"]
            .to_str()
            .unwrap()
            .starts_with("Bearer ")
    );
    renew(&world, &refresh).await;

    let revoke = get(&format!(
        "https://accounts.google.com/o/oauth2/revoke?token={}",
        refresh.expose()
    ));
    assert_eq!(world.send(revoke.clone()).await.status(), 200);
    assert_eq!(world.send(revoke).await.status(), 400);
}

async fn renew(world: &World, refresh: &Secret) -> oauth2::AccessToken {
    let form = format!(
        "grant_type=refresh_token&client_id=1234.apps.googleusercontent.com&refresh_token={}",
        refresh.expose()
    );
    let request = http::Request::post("https://oauth2.googleapis.com/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Bytes::from(form))
        .unwrap();
    let answer = world.send(request).await;
    let reply: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
    oauth2::AccessToken::new(reply["access_token"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn the_migration_grant_is_refused_without_a_good_signature_and_after_the_shutdown() {
    let world = world();
    let token = access(&world, hmac(), YOUTUBE).await;
    let grant = MigrationGrant::new("1234.apps.googleusercontent.com").unwrap();
    let forged = AccessToken::new(hmac(), token.token().clone(), "wrong").unwrap();
    let error = run(
        &grant.exchange(&forged, &world.stamp()).unwrap(),
        &world.google,
    )
    .await
    .unwrap_err();
    assert_eq!(error.kind(), Kind::Revoked, "{error}");

    let wide = grant
        .clone()
        .scope("https://www.google.com/calendar/feeds/")
        .unwrap();
    let refused = run(
        &wide.exchange(&token, &world.stamp()).unwrap(),
        &world.google,
    )
    .await;
    assert!(refused.is_err());
    assert!(world.reason().starts_with("scope: "), "{}", world.reason());

    let later = World::with(|config| config.in_era(Era::AfterShutdown));
    let error = run(
        &grant.exchange(&token, &later.stamp()).unwrap(),
        &later.google,
    )
    .await
    .unwrap_err();
    assert_eq!(error.kind(), Kind::Retired, "{error}");
}

#[tokio::test]
async fn secrets_of_oauth_are_in_no_journal() {
    let world = world();
    let token = access(&world, hmac(), YOUTUBE).await;
    let (text, secret) = (
        token.token().expose().to_owned(),
        token.secret().expose().to_owned(),
    );
    let credential = Credential::from(token).placed_in(Placement::Query);
    let mut request = signed(&credential, get(UPLOADS), &world.stamp());
    *request.method_mut() = http::Method::POST;
    world.send(request).await;
    fetch(&world, &credential, CALENDARS).await;
    for entry in world.google.journal() {
        let line = format!("{entry} {entry:?}");
        assert!(!line.contains(&text) && !line.contains(&secret), "{line}");
    }
}
