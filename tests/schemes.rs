//! One story, told for every scheme: authorise, refuse, expire, recover, revoke.
//!
//! What a scheme does not know is said in its row, not left out: ClientLogin's tokens cannot be revoked, API
//! keys neither expire nor recover.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use bytes::Bytes;
use gdata_auth::{
    AuthScheme, BodyHint, Kind, Secret, Verdict,
    api_key::ApiKey,
    authsub,
    clientlogin::{Endpoint, LoginRequest},
    oauth1::{self, Callback, Credential, MigrationGrant, TokenRequest},
    oauth2, run,
    store::Sealed,
};
use support::world::{CALENDARS, UPLOADS, World, YOUTUBE, get};

/// How long every token of this world lives.
const LIFETIME: i64 = 3_600;

fn world() -> World {
    World::with(|mut config| {
        config.session_seconds = Some(LIFETIME.unsigned_abs());
        config.login_seconds = Some(LIFETIME.unsigned_abs());
        config.developer_keys = vec!["AI39si-known".into()];
        config.calendar_redirects = false;
        config
    })
}

async fn fetch(
    world: &World,
    scheme: &AuthScheme,
    address: &str,
) -> (http::Response<Bytes>, Verdict) {
    let (mut parts, body) = get(address).into_parts();
    scheme
        .authorize(&mut parts, BodyHint::Empty, &world.stamp())
        .unwrap();
    let answer = world.send(http::Request::from_parts(parts, body)).await;
    let verdict = scheme.judge(address, &answer);
    (answer, verdict)
}

/// The part that all schemes of users share; hands back what the verdict on the worn-out credential was.
async fn until_expiry(world: &World, scheme: &AuthScheme, expires: bool) -> Option<Verdict> {
    let name = scheme.name();
    let (answer, verdict) = fetch(world, scheme, UPLOADS).await;
    assert_eq!(answer.status(), 200, "{name}: {}", world.reason());
    assert!(matches!(verdict, Verdict::Fine), "{name}");

    // Another service: out of scope, or of another service code.
    let (answer, verdict) = fetch(world, scheme, CALENDARS).await;
    assert_eq!(answer.status(), 401, "{name}");
    assert!(
        !matches!(verdict, Verdict::Fine | Verdict::Retry { .. }),
        "{name}: {verdict:?}"
    );

    // The same credential after it was kept and read again.
    if !Sealed::new(scheme).needs_key() {
        let kept = serde_json::to_string(&Sealed::new(scheme)).unwrap();
        let again = serde_json::from_str::<Sealed>(&kept)
            .unwrap()
            .open(None)
            .unwrap();
        assert_eq!(again.name(), name);
        assert_eq!(
            fetch(world, &again, UPLOADS).await.0.status(),
            200,
            "{name}"
        );
    }
    if !expires {
        return None;
    }
    world.pass(LIFETIME);
    let (answer, verdict) = fetch(world, scheme, UPLOADS).await;
    assert_eq!(answer.status(), 401, "{name}");
    Some(verdict)
}

async fn gone(world: &World, scheme: &AuthScheme) {
    let (answer, verdict) = fetch(world, scheme, UPLOADS).await;
    assert_eq!(answer.status(), 401, "{}", scheme.name());
    let kind = verdict.why().unwrap().kind();
    assert!(
        matches!(kind, Kind::Revoked | Kind::Expired),
        "{}: {kind:?}",
        scheme.name()
    );
}

#[tokio::test]
async fn authsub() {
    for secure in [false, true] {
        let world = world();
        let link = world.link(YOUTUBE).secure(secure);
        let scheme = AuthScheme::from(world.session(&link).await);
        let worn = until_expiry(&world, &scheme, true).await.unwrap();
        let Verdict::AskConsent { scopes, .. } = worn else {
            panic!("{worn:?}");
        };
        assert_eq!(scopes.to_string(), YOUTUBE);
        // Recovery is a new consent.
        let session = world.session(&link).await;
        let scheme = AuthScheme::from(session.clone());
        assert_eq!(fetch(&world, &scheme, UPLOADS).await.0.status(), 200);
        let accounts = authsub::Accounts::google();
        world
            .run(session.revoke(&accounts, &world.stamp()))
            .await
            .unwrap();
        gone(&world, &scheme).await;
    }
}

#[tokio::test]
async fn clientlogin() {
    let world = world();
    let login = async || {
        let request = LoginRequest::new("ann@example.com")
            .unwrap()
            .service("youtube")
            .unwrap();
        let exchange = request.exchange("secret", &Endpoint::google()).unwrap();
        AuthScheme::from(run(&exchange, &world.google).await.unwrap().into_token())
    };
    let scheme = login().await;
    let worn = until_expiry(&world, &scheme, true).await.unwrap();
    assert!(matches!(worn, Verdict::Refresh { .. }), "{worn:?}");
    // Recovery is another login; there is no revocation but a new password (legacy-protocol.md 3.4).
    let scheme = login().await;
    assert_eq!(fetch(&world, &scheme, UPLOADS).await.0.status(), 200);
}

async fn oauth1_access(world: &World) -> oauth1::AccessToken {
    let accounts = oauth1::Accounts::google();
    let request = TokenRequest::new(oauth1::Consumer::anonymous())
        .scope(YOUTUBE)
        .unwrap()
        .callback(Callback::to("http://www.example.com/cb").unwrap())
        .exchange(&accounts, &world.stamp());
    let token = world.run(request).await.unwrap();
    let back = world
        .google
        .browse(&token.authorize_link(&accounts).to_string())
        .unwrap();
    let authorized = token.read_redirect(&back).unwrap();
    world
        .run(authorized.exchange(&accounts, &world.stamp()))
        .await
        .unwrap()
}

#[tokio::test]
async fn oauth1() {
    let world = world();
    let credential = Credential::from(oauth1_access(&world).await);
    let scheme = AuthScheme::from(credential.clone());
    // Google's access tokens did not expire; revocation is what ends them.
    assert!(until_expiry(&world, &scheme, false).await.is_none());
    let accounts = oauth1::Accounts::google();
    world
        .run(credential.revoke(&accounts, &world.stamp()))
        .await
        .unwrap();
    gone(&world, &scheme).await;
    let (_, verdict) = fetch(&world, &scheme, UPLOADS).await;
    assert!(matches!(verdict, Verdict::AskConsent { .. }), "{verdict:?}");
    let scheme = AuthScheme::from(Credential::from(oauth1_access(&world).await));
    assert_eq!(fetch(&world, &scheme, UPLOADS).await.0.status(), 200);
}

#[tokio::test]
async fn oauth2() {
    let world = world();
    let grant = MigrationGrant::new("1234.apps.googleusercontent.com").unwrap();
    let old = oauth1_access(&world).await;
    let refresh = run(
        &grant.exchange(&old, &world.stamp()).unwrap(),
        &world.google,
    )
    .await
    .unwrap();
    let renew = async || {
        let form = format!(
            "grant_type=refresh_token&client_id=1234.apps.googleusercontent.com&refresh_token={}",
            refresh.expose()
        );
        let request = http::Request::post("https://oauth2.googleapis.com/token")
            .body(Bytes::from(form))
            .unwrap();
        let answer = world.send(request).await;
        let reply: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
        let token = Secret::new(reply["access_token"].as_str().unwrap());
        AuthScheme::from(oauth2::AccessToken::new(token).unwrap())
    };
    let scheme = renew().await;
    let worn = until_expiry(&world, &scheme, true).await.unwrap();
    assert!(matches!(worn, Verdict::Refresh { .. }), "{worn:?}");
    let scheme = renew().await;
    assert_eq!(fetch(&world, &scheme, UPLOADS).await.0.status(), 200);
    let address = format!(
        "https://oauth2.googleapis.com/revoke?token={}",
        refresh.expose()
    );
    let request = http::Request::post(address).body(Bytes::new()).unwrap();
    assert_eq!(world.send(request).await.status(), 200);
    gone(&world, &scheme).await;
}

#[tokio::test]
async fn api_key() {
    let world = world();
    let session = world.plain_session().await;
    // A key names a project, not a user: it rides beside the user's credential on a write.
    let delete = |key: &str| {
        let scheme = AuthScheme::from(ApiKey::new(key).unwrap().as_developer_key());
        let (mut parts, body) = http::Request::delete(format!("{UPLOADS}/unknown"))
            .body(Bytes::new())
            .unwrap()
            .into_parts();
        session.authorize(&mut parts, &world.stamp()).unwrap();
        scheme
            .authorize(&mut parts, BodyHint::Empty, &world.stamp())
            .unwrap();
        (scheme, http::Request::from_parts(parts, body))
    };
    let (_, known) = delete("AI39si-known");
    assert_eq!(
        world.send(known).await.status(),
        404,
        "the key passes, the video is not there"
    );
    let (scheme, unknown) = delete("AI39si-other");
    let answer = world.send(unknown).await;
    assert_eq!(answer.status(), 403);
    let verdict = scheme.judge(UPLOADS, &answer);
    assert!(matches!(verdict, Verdict::GiveUp { .. }), "{verdict:?}");
}

#[tokio::test]
async fn a_key_that_was_kept_apart_has_to_come_back() {
    let world = world();
    let scheme = AuthScheme::from(world.secure_session().await);
    let kept = serde_json::to_string(&Sealed::new(&scheme)).unwrap();
    assert!(!kept.contains("PRIVATE"), "{kept}");
    let sealed = || serde_json::from_str::<Sealed>(&kept).unwrap();
    assert!(sealed().needs_key());
    assert_eq!(sealed().open(None).unwrap_err().kind(), Kind::Key);
    let again = sealed().open(Some(world.signer())).unwrap();
    assert_eq!(fetch(&world, &again, UPLOADS).await.0.status(), 200);
}

#[test]
fn what_was_kept_is_checked_when_it_is_read() {
    for (text, field) in [
        (
            r#"{"version":2,"scheme":"clientlogin","token":"x"}"#,
            "version",
        ),
        (
            r#"{"version":1,"scheme":"clientlogin","token":"a b"}"#,
            "auth",
        ),
        (
            r#"{"version":1,"scheme":"authsub","token":"x","secure":false,"scopes":"y","expires_at":null}"#,
            "scope",
        ),
        (
            r#"{"version":1,"scheme":"oauth1","consumer_key":"k","method":"MD5","consumer_secret":null,"token":null,"token_secret":null,"requestor":null,"scopes":""}"#,
            "method",
        ),
        (
            r#"{"version":1,"scheme":"oauth1","consumer_key":"k","method":"HMAC-SHA1","consumer_secret":"s","token":"t","token_secret":null,"requestor":null,"scopes":""}"#,
            "token",
        ),
        (
            r#"{"version":1,"scheme":"api-key","key":"k","place":"body"}"#,
            "place",
        ),
    ] {
        let sealed: Sealed = serde_json::from_str(text).unwrap();
        assert!(!format!("{sealed:?}").contains("\"x\""));
        let error = sealed.open(None).unwrap_err();
        assert_eq!(error.kind(), Kind::Input, "{text}");
        assert!(error.to_string().starts_with(field), "{text}: {error}");
    }
    assert!(serde_json::from_str::<Sealed>(r#"{"version":1,"scheme":"kerberos"}"#).is_err());
}

#[tokio::test]
async fn a_replay_is_refused_after_a_restart_with_the_kept_state() {
    let before = world();
    let session = before.secure_session().await;
    let (mut parts, body) = get(UPLOADS).into_parts();
    session.authorize(&mut parts, &before.stamp()).unwrap();
    let request = http::Request::from_parts(parts, body);
    assert_eq!(before.send(request.clone()).await.status(), 200);

    let credential = Credential::from(oauth1_access(&before).await);
    let (mut parts, body) = get(UPLOADS).into_parts();
    credential
        .authorize(&mut parts, BodyHint::Empty, &before.stamp())
        .unwrap();
    let signed = http::Request::from_parts(parts, body);
    assert_eq!(before.send(signed.clone()).await.status(), 200);

    let after = world();
    after
        .google
        .restore(&before.google.snapshot().unwrap())
        .unwrap();
    for replayed in [request, signed] {
        assert_eq!(after.send(replayed).await.status(), 401);
        assert_eq!(
            after.reason(),
            "nonce: this timestamp and nonce were used before"
        );
    }
    assert_eq!(
        after.get(&session, UPLOADS).await.status(),
        401,
        "this world counts nonces anew"
    );
    after.pass(1);
    assert_eq!(
        after.get(&session, UPLOADS).await.status(),
        200,
        "{}",
        after.reason()
    );

    for text in ["", "{}", "[]", "{\"version\":9}"] {
        assert_eq!(
            after.google.restore(text).unwrap_err().kind(),
            Kind::Input,
            "{text}"
        );
    }
}
