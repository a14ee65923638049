//! Rows 8, 9, 14, 15, 17, 18, 20, 21, 25: what tokens and secrets are kept from.

use std::fmt::Debug;

use bytes::Bytes;
use gdata_auth::{
    Exchange, Kind, Secret, Timestamp,
    client::{AuthorizedClient, Cached, StoredToken, grant_key},
    crypto::PrivateKey,
    oauth2::{
        AccessToken, AllowedHosts, Client, CredentialFile, Grant, IdTokenVerifier, Jwt, Provider,
        Redirect, ServiceAccount, TokenReply,
    },
    run,
    scope::ScopeNames,
    store::{FileStore, MemoryStore, StoredGrant, TokenStore, update},
    wire::query::Pairs,
};

use super::{
    YOUTUBE, app, ask, get,
    support::{
        oauth2::{json, tokens, world},
        world::{KEY, World},
    },
};

#[test]
fn row_08_a_sender_constrained_token_is_not_sent_as_a_bearer_token() {
    let dpop = r#"{"access_token":"a","token_type":"DPoP"}"#;
    let error = TokenReply::parse(&http::Response::new(dpop.into())).unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported);
}

#[tokio::test]
async fn row_09_a_token_goes_to_named_hosts_alone_and_may_be_asked_for_less() {
    let world = world();
    let token = AccessToken::new("ya29.a").unwrap();
    let client = AuthorizedClient::new(world.google.clone(), token).only_to(AllowedHosts::google());
    let calls = world.google.journal().len();
    assert_eq!(
        client
            .request(get("https://evil.test/"))
            .await
            .unwrap_err()
            .kind(),
        Kind::Refused
    );
    assert_eq!(world.google.journal().len(), calls);
    let granted = tokens(&world, "openid https://www.googleapis.com/auth/youtube").await;
    let refresh = granted["refresh_token"].as_str().unwrap();
    let less = ScopeNames::parse("openid").unwrap();
    let reply = run(&app().refresh(refresh, Some(&less)), &world.google)
        .await
        .unwrap();
    assert!(!reply.scope().unwrap().cover(YOUTUBE));
}

#[test]
fn row_14_an_installed_client_needs_no_secret() {
    let bare = Client::installed("c").unwrap();
    let request = bare.refresh("1//r", None).request();
    let form = Pairs::parse(std::str::from_utf8(request.body()).unwrap()).unwrap();
    assert_eq!(form.first("client_secret"), None);
    let file = br#"{"installed":{"client_id":"c"}}"#;
    assert!(CredentialFile::read(file, &AllowedHosts::google()).is_ok());
}

#[test]
fn row_15_a_service_account_proves_itself_by_its_key_and_sends_no_secret() {
    let key = PrivateKey::from_pem(KEY).unwrap();
    let account = ServiceAccount::new("a@p.iam.gserviceaccount.com", &key).unwrap();
    let scope = ScopeNames::parse("https://www.googleapis.com/auth/calendar").unwrap();
    let request = account
        .exchange(&scope, Timestamp::default())
        .unwrap()
        .request();
    let form = Pairs::parse(std::str::from_utf8(request.body()).unwrap()).unwrap();
    let Some(Grant::JwtBearer { assertion }) = Grant::read(&form).unwrap() else {
        panic!("another grant");
    };
    assert!(
        Jwt::parse(assertion.expose())
            .unwrap()
            .verify(key.public_key())
            .is_ok()
    );
    assert_eq!(form.len(), 2);
}

#[cfg(unix)]
#[test]
fn row_17_tokens_at_rest_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = std::env::temp_dir().join(format!("gdata-auth-row17-{}", std::process::id()));
    let store = FileStore::open(&folder).unwrap();
    let key = grant_key(&app(), "ann").unwrap();
    update(&store, &key, |_| StoredGrant::new(Timestamp::default())).unwrap();
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert!(!files.is_empty() && files.iter().all(|file| mode(file) == 0o600));
    for file in &files {
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    assert!(
        store.load(&key).is_err(),
        "a file that others read is refused"
    );
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn row_18_no_debug_display_or_error_shows_a_secret() {
    const CANARY: &str = "CANARY";
    let world = world();
    let mut shown: Vec<String> = Vec::new();
    let mut debug = |value: &dyn Debug| {
        shown.push(format!("{value:?}"));
        shown.push(format!("{value:#?}"));
    };
    let secret = format!("{CANARY}-4711");
    let app = Client::installed("c")
        .unwrap()
        .with_secret(secret.as_str())
        .unwrap();
    let pending = ask(&app, world.now());
    debug(&app);
    debug(&app.provider());
    debug(&app.refresh(secret.as_str(), None));
    debug(&app.revoke_everywhere(secret.as_str()).unwrap());
    debug(&AccessToken::new(secret.as_str()).unwrap());
    debug(
        &Redirect::from_query(&format!("code={secret}&state={secret}&{secret}={secret}")).unwrap(),
    );
    debug(&Grant::RefreshToken {
        token: Secret::new(secret.as_str()),
        scope: None,
    });
    let reply = format!(
        r#"{{"access_token":"{secret}","refresh_token":"{secret}","id_token":"{secret}","token_type":"Bearer"}}"#
    );
    debug(&TokenReply::parse(&http::Response::new(reply.into())).unwrap());
    debug(
        &Provider::google()
            .tokeninfo(&AccessToken::new(secret.as_str()).unwrap())
            .unwrap(),
    );
    debug(
        &Provider::google()
            .userinfo(&AccessToken::new(secret.as_str()).unwrap())
            .unwrap(),
    );
    let store = MemoryStore::new();
    let key = grant_key(&app, "ann").unwrap();
    update(&store, &key, |_| {
        StoredGrant::new(Timestamp::default()).with_refresh_token(secret.as_str())
    })
    .unwrap();
    debug(&store.load(&key).unwrap());
    let source = Cached::new(StoredToken::new(
        app.clone(),
        store,
        key,
        world.google.clone(),
    ));
    debug(&source);
    let client = AuthorizedClient::with_source(world.google.clone(), source);
    debug(&client);
    let mut errors = vec![
        client
            .request(get("https://www.googleapis.com/youtube/v3/videos"))
            .await
            .unwrap_err(),
        AccessToken::new(format!("{secret} ")).unwrap_err(),
        Redirect::parse(&secret).unwrap_err(),
        Redirect::from_query(&format!("{secret}=%zz")).unwrap_err(),
        pending
            .finish(
                &app,
                &Redirect::parse(&format!(
                    "http://127.0.0.1:49152/?state={secret}&code={secret}"
                ))
                .unwrap(),
                world.now(),
            )
            .unwrap_err(),
        CredentialFile::read(
            format!(r#"{{"type":"{secret}"}}"#).as_bytes(),
            &AllowedHosts::google(),
        )
        .unwrap_err(),
        CredentialFile::read(secret.as_bytes(), &AllowedHosts::google()).unwrap_err(),
        Jwt::parse(&secret).unwrap_err(),
    ];
    for (status, body) in [
        (
            400,
            format!(r#"{{"error":"invalid_grant","error_description":"Bad token={secret}"}}"#),
        ),
        (
            400,
            format!(
                r#"{{"error":"invalid_client","error_description":"Authorization: Bearer {secret}-and-more"}}"#
            ),
        ),
        (
            200,
            format!(r#"{{"access_token":"{secret}","expires_in":"{secret}"}}"#),
        ),
        (200, secret.clone()),
    ] {
        let answer = http::Response::builder()
            .status(status)
            .body(Bytes::from(body))
            .unwrap();
        errors.push(TokenReply::parse(&answer).unwrap_err());
    }
    for error in &errors {
        let mut cause: Option<&dyn std::error::Error> = Some(error);
        while let Some(error) = cause {
            shown.push(error.to_string());
            shown.push(format!("{error:?}"));
            cause = error.source();
        }
    }
    for entry in world.google.journal() {
        shown.push(entry.to_string());
    }
    assert!(shown.len() > 50, "{} texts only", shown.len());
    for text in &shown {
        assert!(!text.contains(CANARY), "{text}");
    }
}

#[tokio::test]
async fn row_20_an_id_token_is_verified_before_it_is_believed() {
    let world = world();
    let granted = tokens(&world, "openid email").await;
    let token = granted["id_token"].as_str().unwrap();
    let keys = run(&Provider::google().fetch_jwks().unwrap(), &world.google)
        .await
        .unwrap()
        .keys;
    let app = app();
    let verifier = IdTokenVerifier::new(&app);
    let id = verifier.verify(token, &keys, world.now()).unwrap();
    assert_eq!(id.email(), Some("ann@example.com"));
    let other = Client::installed("another").unwrap();
    let refused = IdTokenVerifier::new(&other)
        .verify(token, &keys, world.now())
        .unwrap_err();
    assert!(refused.to_string().starts_with("aud:"));
    let nonce = verifier.clone().with_nonce(Secret::new("n"));
    assert!(nonce.verify(token, &keys, world.now()).is_err());
    let forged = format!("{}A", token.strip_suffix(|_: char| true).unwrap());
    let forged = if forged == token {
        token.replace(".ey", ".eY")
    } else {
        forged
    };
    assert!(verifier.verify(&forged, &keys, world.now()).is_err());
    // tests/oauth2/identity.rs: each claim on its own, and both spellings of the issuer.
}

#[test]
fn row_21_a_credential_file_of_a_stranger_sends_nothing_to_the_stranger() {
    for file in [
        r#"{"installed":{"client_id":"c","token_uri":"https://evil.test/token"}}"#,
        r#"{"type":"external_account","token_url":"https://sts.googleapis.com/v1/token","audience":"a",
            "subject_token_type":"t","credential_source":{"executable":{"command":"touch /tmp/x"}}}"#,
        r#"{"type":"external_account","token_url":"https://sts.googleapis.com/v1/token","audience":"a",
            "subject_token_type":"t","credential_source":{"url":"http://169.254.169.254/latest"}}"#,
    ] {
        let error = CredentialFile::read(file.as_bytes(), &AllowedHosts::google()).unwrap_err();
        assert!(
            matches!(error.kind(), Kind::Refused | Kind::Unsupported),
            "{error}"
        );
    }
}

#[tokio::test]
async fn row_25_revoking_ends_all_and_signing_out_here_ends_nothing_elsewhere() {
    let world = world();
    let granted = tokens(&world, YOUTUBE).await;
    let refresh = granted["refresh_token"].as_str().unwrap().to_owned();
    let store = MemoryStore::new();
    let key = grant_key(&app(), "ann").unwrap();
    update(&store, &key, |_| {
        StoredGrant::new(world.now()).with_refresh_token(refresh.as_str())
    })
    .unwrap();
    let _gone = store.remove(&key, None).unwrap();
    assert!(
        alive(&world, &refresh).await,
        "deleting what is stored is local"
    );
    run(
        &app().revoke_everywhere(refresh.as_str()).unwrap(),
        &world.google,
    )
    .await
    .unwrap();
    assert!(!alive(&world, &refresh).await);
    let access = json(
        &world
            .send(info(granted["access_token"].as_str().unwrap()))
            .await,
    );
    assert_eq!(access["error"], "invalid_token");
}

async fn alive(world: &World, refresh: &str) -> bool {
    run(&app().refresh(refresh, None), &world.google)
        .await
        .is_ok()
}

fn info(token: &str) -> http::Request<Bytes> {
    Provider::google()
        .tokeninfo(&AccessToken::new(token).unwrap())
        .unwrap()
        .request()
}
