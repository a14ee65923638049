//! Imported credentials as the old integration used them: opened, sent, and read again from what was written.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use gdata_auth::{
    AuthScheme, Kind, Transport,
    api_key::ApiKey,
    authsub::SessionToken,
    client::AuthorizedClient,
    clientlogin::AuthToken,
    crypto::PrivateKey,
    emulator::Consumer as Registered,
    migrate::{
        grant::{Candidates, GrantReport},
        import::{Blob, Event, Form, Import, Inventory, InventoryWriter, Source, blob::Proof},
    },
    oauth1::{self, Accounts, Callback, Consumer, TokenRequest},
    oauth2,
    scope::ScopeSet,
    store::Sealed,
};
use support::world::{UPLOADS, World, YOUTUBE, get};

fn key() -> PrivateKey {
    let pem = include_bytes!("../fixtures/keys/insecure-rsa2048-pkcs8.pem");
    PrivateKey::read(pem, None).unwrap()
}

fn read(text: &str) -> Inventory {
    Import::inventory(&Source::new("store"), text.as_bytes()).unwrap()
}

fn sealed(scheme: &AuthScheme) -> String {
    serde_json::to_string(&Sealed::new(scheme)).unwrap()
}

/// Each legacy scheme, as `login --save` keeps it.
fn every_scheme() -> Vec<AuthScheme> {
    let scopes = || ScopeSet::parse(YOUTUBE).unwrap();
    let hmac = || Consumer::hmac("www.example.com", "s3cr+t/ &").unwrap();
    let rsa = || Consumer::rsa("www.example.com", key().signer()).unwrap();
    let access = |consumer| oauth1::AccessToken::new(consumer, "1/token", "a secret").unwrap();
    vec![
        SessionToken::new("1/abc")
            .unwrap()
            .with_scopes(scopes())
            .into(),
        SessionToken::new("1/secure")
            .unwrap()
            .secured_by(key().signer())
            .into(),
        AuthToken::new("DQAAAGgA").unwrap().into(),
        oauth1::Credential::from(access(hmac()).with_scopes(scopes())).into(),
        oauth1::Credential::from(access(rsa())).into(),
        oauth1::Credential::two_legged(hmac()).into(),
        oauth1::Credential::on_behalf_of(rsa(), "ann@example.com")
            .unwrap()
            .into(),
        oauth2::AccessToken::new("ya29.abc").unwrap().into(),
    ]
}

#[test]
fn what_login_saves_is_imported_and_opened_again() {
    for scheme in every_scheme() {
        let kept = sealed(&scheme);
        let inventory = read(&kept);
        assert_eq!(inventory.problems, [], "{kept}");
        let found = &inventory.credentials[0];
        assert_eq!(found.form, Form::GdataAuth);
        let opened = found.to_scheme(Some(&key())).unwrap();
        assert_eq!(sealed(&opened), kept);
    }
    let named = format!(
        "{{\"account\":\"ann@example.com\",\"credential\":{}}}",
        sealed(&every_scheme()[3])
    );
    let lines = format!(
        "{named}\n{}\n",
        named.replace("ann@", "ben@").replace("1/token", "1/other")
    );
    let inventory = read(&lines);
    let users: Vec<String> = inventory
        .credentials
        .iter()
        .map(|one| one.account())
        .collect();
    assert_eq!(users, ["ann@example.com", "ben@example.com"]);

    let developer = read(&sealed(&ApiKey::new("AI39key").unwrap().into()));
    assert_eq!(developer.credentials.len(), 0);
    assert_eq!(
        developer.problems[0].what,
        "an API key, which is no user's credential"
    );
}

#[test]
fn an_inventory_with_its_secrets_is_a_store_like_any_other() {
    let store = std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/tokens/gdata-blobs.txt"
    ))
    .unwrap();
    let written = |secrets: bool| {
        let mut writer = match secrets {
            true => InventoryWriter::with_secrets(Vec::new()).unwrap(),
            false => InventoryWriter::new(Vec::new()).unwrap(),
        };
        let mut import = Import::new();
        let mut sink = |event: Event<'_>| writer.write(event);
        import
            .read(&Source::new("tokens"), &mut &store[..], &mut sink)
            .unwrap();
        String::from_utf8(writer.finish(import.summary()).unwrap()).unwrap()
    };
    let first = read(std::str::from_utf8(&store).unwrap());
    let text = written(true);
    // As it was written, and as another program laid it out again.
    let pretty =
        serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(&text).unwrap())
            .unwrap();
    for text in [&text, &pretty] {
        let again = read(text);
        assert_eq!(again.problems, []);
        assert_eq!(again.credentials.len(), first.credentials.len());
        for (one, other) in first.credentials.iter().zip(&again.credentials) {
            assert_eq!(
                (one.protocol, one.usable, &one.secrets),
                (other.protocol, other.usable, &other.secrets)
            );
            assert_eq!(
                (&one.user, &one.client, &one.scopes),
                (&other.user, &other.client, &other.scopes)
            );
        }
    }

    let masked = read(&written(false));
    assert_eq!(masked.credentials.len(), 0);
    assert_eq!(masked.problems.len(), first.credentials.len());
    assert!(
        masked.problems[0].what.contains("--with-secrets"),
        "{:?}",
        masked.problems[0]
    );

    let torn = read(&text[..text.rfind("\n],").unwrap() - 5]);
    assert_eq!(torn.credentials.len(), first.credentials.len() - 1);
    let told: Vec<&str> = torn
        .problems
        .iter()
        .map(|problem| problem.what.as_str())
        .collect();
    assert_eq!(
        told,
        [
            "expected a credential, got another",
            "expected the rest of the inventory: it was cut off"
        ]
    );
}

/// A token of OAuth 1.0 by its three steps.
async fn access(world: &World) -> oauth1::AccessToken {
    let accounts = Accounts::google();
    let consumer = Consumer::hmac("www.example.com", "s3cret").unwrap();
    let request = TokenRequest::new(consumer)
        .scope(YOUTUBE)
        .unwrap()
        .callback(Callback::to("http://www.example.com/oauth").unwrap())
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
async fn an_opened_token_opens_what_it_opened_before() {
    let world = World::with(|mut config| {
        config.consumer = vec![Registered::with_secret("www.example.com", "s3cret")];
        config
    });
    let session = world.google.issue_session_token(YOUTUBE).unwrap();
    let access = access(&world).await;
    let blobs = [
        Blob::AuthSub {
            token: Some(session),
            scopes: vec![YOUTUBE.to_owned()],
        },
        Blob::OAuth1 {
            consumer_key: Some("www.example.com".to_owned()),
            proof: Proof::Secret(Some("s3cret".into())),
            token: Some(access.token().clone()),
            token_secret: Some(access.secret().clone()),
            auth_state: 3,
            next: None,
            verifier: None,
        },
    ];
    let list: Vec<String> = blobs
        .iter()
        .map(|blob| blob.to_text().expose().to_owned())
        .collect();
    for found in &read(&list.join(",")).credentials {
        let scheme = found.to_scheme(None).unwrap();
        let client =
            AuthorizedClient::new(world.google.clone(), scheme).with_stamps(world.stamps());
        assert_eq!(
            client.send(get(UPLOADS)).await.unwrap().status(),
            200,
            "{:?}",
            found.protocol
        );
    }
}

#[test]
fn what_is_missing_is_named() {
    for (store, kind, words) in [
        (
            "1h|www.example.com|s3cret|1%2Ftoken|secret|1||",
            Kind::Input,
            "got a request token",
        ),
        (
            "1h|www.example.com|s3cret|1%2Ftoken||3||",
            Kind::Input,
            "token_secret: expected a value",
        ),
        (
            "1h||s3cret|1%2Ftoken|secret|3||",
            Kind::Input,
            "client: expected a value",
        ),
        (
            "1r|www.example.com||1%2Ftoken|secret|3||",
            Kind::Key,
            "kept apart",
        ),
        ("1s|1%2Ftoken||", Kind::Key, "kept apart"),
        ("1s|1%2Ftoken|canary", Kind::Key, ""),
        (
            "2o|id|s||||||1%2F%2Frefresh",
            Kind::Input,
            "access_token: expected a value",
        ),
    ] {
        let inventory = read(store);
        let error = inventory.credentials[0].to_scheme(None).unwrap_err();
        assert_eq!(error.kind(), kind, "{store}: {error}");
        let told = error.to_string();
        assert!(
            told.contains(words) && !told.contains("canary"),
            "{store}: {told}"
        );
    }
    let unnamed = &read("1a|1%2Fabc").credentials[0];
    assert_eq!(
        unnamed.account(),
        format!("imported-{}", unnamed.masks[0].fingerprint)
    );
}

#[test]
fn whom_no_grant_moves_is_asked_once() {
    let store = "ann@example.com\t1h|www.example.com|s3cret|1%2Fann|secret|3||\n\
                 ben@example.org\t1a|1%2Fben|http%3A%2F%2Fgdata.youtube.com%2Ffeeds%2F\n\
                 ben@example.org\t1c|DQAAAben\n\
                 cleo@example.net\t1h|www.example.com|s3cret|1%2Fcleo|secret|2||v\n\
                 two@example.com\t1htl|www.example.com|s3cret|two%40example.com\n\
                 new@example.com\t2o|id|s|scope|||ya29.new|1%2F%2Fnew\n";
    let inventory = read(store);
    let candidates = Candidates::of(inventory.current(), None);
    let movable: Vec<&str> = candidates
        .tokens
        .iter()
        .map(|token| token.account())
        .collect();
    assert_eq!(movable, ["ann@example.com"]);
    let others: Vec<(&str, Kind)> = candidates
        .others
        .iter()
        .map(|other| (other.account.as_str(), other.why.kind()))
        .collect();
    assert_eq!(
        others,
        [
            ("ben@example.org", Kind::Unsupported),
            ("ben@example.org", Kind::Unsupported),
            ("cleo@example.net", Kind::Input),
            ("two@example.com", Kind::Unsupported),
        ]
    );
    let asked = candidates.to_invite(&GrantReport::default());
    assert_eq!(
        asked,
        ["ben@example.org", "cleo@example.net", "two@example.com"]
    );
}
