//! Credential files: the field that is wrong is named, and its value is not.

use gdata_auth::{
    Kind,
    oauth2::{AdcEnvironment, AdcPlace, AllowedHosts, ClientKind, CredentialFile, Metadata},
};
use serde_json::{Value, json};

const KEY: &str = include_str!("../../fixtures/keys/insecure-rsa2048-pkcs8.pem");

fn read(file: &Value) -> Result<CredentialFile, gdata_auth::Error> {
    CredentialFile::read(file.to_string().as_bytes(), &AllowedHosts::google())
}

fn installed() -> Value {
    json!({"installed": {
        "client_id": "1234.apps.googleusercontent.com", "project_id": "p",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
        "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
        "client_secret": "GOCSPX-CANARY", "redirect_uris": ["http://localhost"],
    }})
}

#[test]
fn client_secret_json_is_read_and_its_old_addresses_are_moved() {
    let CredentialFile::Client(file) = read(&installed()).unwrap() else {
        panic!("another file");
    };
    assert_eq!(file.client.kind(), ClientKind::Installed);
    let provider = file.client.provider();
    assert_eq!(
        provider.authorization_endpoint().unwrap(),
        "https://accounts.google.com/o/oauth2/v2/auth"
    );
    assert_eq!(file.redirect_uris, ["http://localhost"]);
    assert_eq!(file.project.as_deref(), Some("p"));
    assert!(!format!("{file:?}").contains("CANARY"));
    let web = json!({"web": {"client_id": "w", "client_secret": "s"}});
    let CredentialFile::Client(web) = read(&web).unwrap() else {
        panic!("another file");
    };
    assert_eq!(web.client.kind(), ClientKind::Web);
}

#[test]
fn the_seed_walks_with_a_file_like_that_against_an_emulator() {
    let mut file = installed();
    file["installed"]["auth_uri"] = "http://127.0.0.1:8080/o/oauth2/auth".into();
    file["installed"]["token_uri"] = "http://127.0.0.1:8080/token".into();
    let error = read(&file).unwrap_err();
    assert_eq!(error.kind(), Kind::Refused, "loopback has to be allowed");
    let hosts = AllowedHosts::google().and_loopback();
    let file = CredentialFile::read(file.to_string().as_bytes(), &hosts).unwrap();
    let CredentialFile::Client(file) = file else {
        panic!("another file");
    };
    let provider = file.client.provider();
    assert_eq!(provider.token_endpoint(), "http://127.0.0.1:8080/token");
    assert_eq!(
        provider.revocation_endpoint().unwrap(),
        "http://127.0.0.1:8080/revoke"
    );
}

#[test]
fn every_error_names_its_field_and_no_value() {
    let table: &[(Value, &str)] = &[
        (json!([]), "file: expected a JSON object"),
        (json!({}), "file: expected installed, web or type"),
        (json!({"installed": 7}), "installed: expected an object"),
        (
            json!({"installed": {}}),
            "installed.client_id: expected a value, got none",
        ),
        (
            json!({"web": {"client_id": ["CANARY"]}}),
            "web.client_id: expected text, got something else",
        ),
        (
            json!({"web": {"client_id": "w", "redirect_uris": "CANARY"}}),
            "web.redirect_uris: expected a list of texts, got something else",
        ),
        (
            json!({"type": "authorized_user"}),
            "client_id: expected a value, got none",
        ),
        (
            json!({"type": "authorized_user", "client_id": "c"}),
            "refresh_token: expected a value, got none",
        ),
        (
            json!({"type": "service_account"}),
            "private_key: expected a value, got none",
        ),
        (
            json!({"type": "service_account", "private_key": KEY}),
            "client_email: expected a value, got none",
        ),
        (
            json!({"type": "external_account"}),
            "token_url: expected a value, got none",
        ),
        (
            json!({"type": "impersonated_service_account", "service_account_impersonation_url":
                "https://iamcredentials.googleapis.com/v1/x", "source_credentials": {"type": "authorized_user"}}),
            "source_credentials.client_id: expected a value, got none",
        ),
        (json!({"type": "CANARY"}), "type: expected authorized_user"),
    ];
    for (file, message) in table {
        let error = read(file).unwrap_err();
        assert!(error.to_string().starts_with(message), "{error}");
        assert!(!format!("{error:?}").contains("CANARY"), "{error:?}");
    }
    let torn = CredentialFile::read(b"{\"type\": \"CANARY", &AllowedHosts::google()).unwrap_err();
    assert_eq!(
        torn.to_string(),
        "file: expected JSON, got something else at 1:16"
    );
    let huge = vec![b' '; CredentialFile::MAX_BYTES + 1];
    assert!(CredentialFile::read(&huge, &AllowedHosts::google()).is_err());
}

#[test]
fn an_address_of_a_stranger_is_refused_in_every_kind_of_file() {
    let evil = "https://oauth2.googleapis.com.evil.test/token";
    for file in [
        json!({"installed": {"client_id": "c", "token_uri": evil}}),
        json!({"web": {"client_id": "c", "auth_uri": evil}}),
        json!({"type": "authorized_user", "client_id": "c", "refresh_token": "r", "token_uri": evil}),
        json!({"type": "service_account", "client_email": "a@b", "private_key": KEY, "token_uri": evil}),
        json!({"type": "external_account", "token_url": evil}),
        json!({"type": "impersonated_service_account", "service_account_impersonation_url": evil}),
        json!({"installed": {"client_id": "c", "token_uri": "http://oauth2.googleapis.com/token"}}),
    ] {
        let error = read(&file).unwrap_err();
        assert_eq!(error.kind(), Kind::Refused, "{error}");
        assert!(error.to_string().contains("secrets would be sent there"));
    }
    let other = AllowedHosts::google().in_universe("apis-tpczero.goog");
    assert!(
        other
            .check("x", "https://oauth2.apis-tpczero.goog/token")
            .is_ok()
    );
    assert!(
        other
            .check("x", "https://oauth2.googleapis.com/token")
            .is_err()
    );
    assert!(other.check("x", "https://evilapis-tpczero.goog/").is_err());
}

#[test]
fn gclouds_and_googles_python_files_of_a_user_are_read() {
    for file in [
        json!({"type": "authorized_user", "client_id": "c", "client_secret": "s", "refresh_token": "1//r",
            "quota_project_id": "p", "universe_domain": "googleapis.com", "account": ""}),
        json!({"token": "ya29.x", "refresh_token": "1//r", "token_uri": "https://oauth2.googleapis.com/token",
            "client_id": "c", "client_secret": "s", "scopes": ["a"], "quota_project_id": "p",
            "universe_domain": "googleapis.com", "account": "", "expiry": "2026-01-01T00:00:00Z"}),
    ] {
        let CredentialFile::AuthorizedUser(user) = read(&file).unwrap() else {
            panic!("another file");
        };
        assert_eq!(user.refresh_token.expose(), "1//r");
        assert_eq!(user.quota_project.as_deref(), Some("p"));
        assert_eq!(user.account, None);
    }
}

#[test]
fn application_default_credentials_are_looked_for_in_googles_order() {
    let file = |path: &str, named| AdcPlace::File {
        path: path.into(),
        named,
    };
    let some = |text: &str| Some(text.to_owned());
    let all = AdcEnvironment {
        credentials: some("/k.json"),
        cloudsdk_config: some("/cfg"),
        appdata: None,
        home: some("/home/ann"),
        quota_project: None,
        metadata_host: some("127.0.0.1:9"),
        no_gce_check: false,
    };
    assert_eq!(all.places().unwrap(), [file("/k.json", true)]);
    let config = AdcEnvironment {
        credentials: some(""),
        ..all.clone()
    };
    let metadata = AdcPlace::Metadata(Metadata::at("127.0.0.1:9").unwrap());
    assert_eq!(
        config.places().unwrap(),
        [
            file("/cfg/application_default_credentials.json", false),
            metadata
        ]
    );
    let windows = AdcEnvironment {
        cloudsdk_config: None,
        appdata: some("/Users/ann/AppData/Roaming"),
        no_gce_check: true,
        ..config
    };
    assert_eq!(
        windows.places().unwrap(),
        [file(
            "/Users/ann/AppData/Roaming/gcloud/application_default_credentials.json",
            false
        )]
    );
}
