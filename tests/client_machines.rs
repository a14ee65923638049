//! Sources without a user, each against the emulator: a service account, workload identity, impersonation, the
//! metadata server, and Application Default Credentials in their order.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::sync::Arc;

use gdata_auth::{
    Kind, Transport,
    client::{
        Cached, Credentials, ExternalToken, ImpersonatedToken, MetadataToken, ServiceToken,
        TokenSource, default_credentials,
    },
    crypto::PrivateKey,
    emulator::ServiceAccount as Registered,
    oauth2::{
        AdcEnvironment, AllowedHosts, CLOUD_PLATFORM, CredentialFile, Impersonation, Metadata,
        Provider, ServiceAccount,
    },
    run,
    scope::ScopeNames,
    transport::{Mishap, TransportError},
};
use serde_json::json;
use support::world::{CERTIFICATE, KEY, World};

const ACCOUNT: &str = "sync@project.iam.gserviceaccount.com";
const OTHER: &str = "target@project.iam.gserviceaccount.com";
const CALENDAR: &str = "https://www.googleapis.com/auth/calendar";

fn world() -> World {
    World::with(|config| {
        config
            .with_service_account(Registered::new(ACCOUNT, CERTIFICATE))
            .with_service_account(Registered::new(OTHER, CERTIFICATE))
    })
}

fn scopes(text: &str) -> ScopeNames {
    ScopeNames::parse(text).unwrap()
}

fn account() -> ServiceAccount {
    ServiceAccount::new(ACCOUNT, &PrivateKey::from_pem(KEY).unwrap()).unwrap()
}

fn service(world: &World, scope: &str) -> Cached<ServiceToken> {
    let clock = world.clock();
    Cached::new(ServiceToken::new(account(), scopes(scope), world.google.clone()).with_clock(clock))
}

/// What the emulator says of the token that a source gives.
async fn covers(world: &World, source: &dyn TokenSource) -> ScopeNames {
    let issued = source.token().await.unwrap();
    let call = Provider::google().tokeninfo(&issued.token).unwrap();
    run(&call, &world.google).await.unwrap().scopes
}

#[tokio::test]
async fn a_service_account_gets_a_token_that_the_server_knows() {
    let world = world();
    assert_eq!(
        covers(&world, &service(&world, CALENDAR)).await,
        scopes(CALENDAR)
    );
    let stranger = ServiceAccount::new("no@one.test", &PrivateKey::from_pem(KEY).unwrap());
    let source = Cached::new(
        ServiceToken::new(stranger.unwrap(), scopes(CALENDAR), world.google.clone())
            .with_clock(world.clock()),
    );
    let error = source.token().await.unwrap_err();
    assert_eq!(error.kind(), Kind::Refused);
    assert!(error.to_string().contains("is its key still valid"));
}

#[tokio::test]
async fn a_service_account_with_a_wrong_clock_is_told_so() {
    let world = world();
    let source = service(&world, CALENDAR);
    // The server's own clock stands in the Date of its refusal.
    let late =
        Arc::new(move || gdata_auth::Timestamp::from_unix_seconds(support::world::START + 7_200));
    let behind =
        ServiceToken::new(account(), scopes(CALENDAR), world.google.clone()).with_clock(late);
    let error = Cached::new(behind).token().await.unwrap_err();
    assert_eq!(error.advice(), gdata_auth::Advice::FixClock);
    assert!(source.token().await.is_ok());
}

#[tokio::test]
async fn one_account_acts_for_another() {
    let world = world();
    let impersonation = Impersonation::of(OTHER).unwrap();
    let source = Cached::new(ImpersonatedToken::new(
        service(&world, CLOUD_PLATFORM),
        impersonation.clone(),
        scopes(CALENDAR),
        world.google.clone(),
    ));
    assert_eq!(covers(&world, &source).await, scopes(CALENDAR));
    let narrow = Cached::new(ImpersonatedToken::new(
        service(&world, CALENDAR),
        impersonation,
        scopes(CALENDAR),
        world.google.clone(),
    ));
    assert!(narrow.token().await.is_err(), "it takes cloud-platform");
}

fn external(source: &serde_json::Value) -> CredentialFile {
    let file = json!({
        "type": "external_account",
        "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": "https://sts.googleapis.com/v1/token",
        "service_account_impersonation_url": format!(
            "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{OTHER}:generateAccessToken"
        ),
        "credential_source": source,
    });
    CredentialFile::read(file.to_string().as_bytes(), &AllowedHosts::google()).unwrap()
}

#[tokio::test]
async fn a_token_of_another_system_becomes_one_of_an_account() {
    let world = world();
    let CredentialFile::ExternalAccount(account) = external(&json!({"file": "/var/run/token"}))
    else {
        panic!("another file");
    };
    let token = |content: &'static str| {
        ExternalToken::new(account.clone(), scopes(CALENDAR), world.google.clone())
            .with_clock(world.clock())
            .reading_by(move |path: &str| match path {
                "/var/run/token" => Ok(content.as_bytes().to_vec()),
                _ => Err(std::io::ErrorKind::NotFound.into()),
            })
    };
    assert_eq!(
        covers(&world, &Cached::new(token("eyJhbGciOiJSUzI1NiJ9.e30.AA\n"))).await,
        scopes(CALENDAR)
    );
    assert_eq!(
        Cached::new(token("")).token().await.unwrap_err().kind(),
        Kind::Reply
    );
}

#[tokio::test]
async fn a_machine_of_the_cloud_asks_its_metadata_server() {
    let world = world();
    let source = Cached::new(
        MetadataToken::new(Metadata::google(), scopes(CALENDAR), world.google.clone())
            .with_clock(world.clock()),
    );
    assert_eq!(covers(&world, &source).await, scopes(CALENDAR));
}

#[tokio::test]
async fn default_credentials_come_from_the_first_place_that_has_some() {
    let world = world();
    let credentials = Credentials::new(scopes(CALENDAR), world.google.clone());
    let hosts = AllowedHosts::google();
    // No file, but a metadata server.
    let empty = std::env::temp_dir().join(format!("gdata-auth-adc-{}", std::process::id()));
    let home = AdcEnvironment {
        home: Some(empty.display().to_string()),
        ..AdcEnvironment::default()
    };
    let source = default_credentials(&home, &hosts, &credentials)
        .await
        .unwrap();
    assert_eq!(covers(&world, &*source).await, scopes(CALENDAR));
    // A file that is named has to be there.
    let named = AdcEnvironment {
        credentials: Some(empty.join("no.json").display().to_string()),
        ..home.clone()
    };
    let error = default_credentials(&named, &hosts, &credentials)
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("GOOGLE_APPLICATION_CREDENTIALS: cannot read")
    );
    // gcloud's file goes before the metadata server.
    let folder = empty.join(".config/gcloud");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("application_default_credentials.json");
    std::fs::write(
        &file,
        r#"{"type":"authorized_user","client_id":"c","refresh_token":"1//no"}"#,
    )
    .unwrap();
    let source = default_credentials(&home, &hosts, &credentials)
        .await
        .unwrap();
    assert_eq!(source.token().await.unwrap_err().kind(), Kind::Revoked);
    std::fs::remove_dir_all(&empty).unwrap();
    // Nothing anywhere: where was looked, and what to do.
    let offline = |_: http::Request<bytes::Bytes>| {
        std::future::ready(Err::<http::Response<bytes::Bytes>, _>(TransportError::new(
            Mishap::Connect,
            "no connection",
        )))
    };
    let offline: Arc<dyn Transport> = Arc::new(offline);
    let error = default_credentials(&home, &hosts, &Credentials::new(scopes(CALENDAR), offline))
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("and the metadata server"),
        "{error}"
    );
    assert!(
        error
            .to_string()
            .contains("gcloud auth application-default login")
    );
}
