//! Grants handed to programs with files of their own, and read again from there.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use gdata_auth::{
    Kind, Timestamp,
    migrate::{
        export::{ExportForm, export},
        import::{Form, Import, Source, Use},
    },
    oauth2::{Client, Provider},
    scope::ScopeNames,
    store::{StoredAccess, StoredGrant},
};

const REFRESH: &str = "1//refresh-token";
const SCOPE: &str = "https://www.google.com/m8/feeds";

fn client() -> Client {
    let here = Provider::google_at("http://127.0.0.1:8080").unwrap();
    let client = Client::installed("1234.apps.googleusercontent.com").unwrap();
    client.with_secret("GOCSPX-secret").unwrap().at(here)
}

fn grant() -> StoredGrant {
    let scopes = ScopeNames::parse(SCOPE).unwrap();
    StoredGrant::new(Timestamp::from_unix_seconds(1_300_000_000))
        .with_refresh_token(REFRESH)
        .with_granted(scopes)
        .with_access_token(StoredAccess::new(
            "ya29.now",
            Timestamp::from_unix_seconds(1_300_003_600),
        ))
}

#[test]
fn what_is_exported_is_imported_as_the_same_grant() {
    for (form, as_what) in [
        (ExportForm::Oauth2client, Form::Oauth2clientJson),
        (ExportForm::AuthorizedUser, Form::Gcloud),
        (ExportForm::Environment, Form::Settings),
    ] {
        let text = export(form, &client(), &grant()).unwrap();
        let inventory = Import::inventory(&Source::new("file"), text.expose().as_bytes()).unwrap();
        assert_eq!(
            (inventory.credentials.len(), inventory.problems.len()),
            (1, 0),
            "{form:?}"
        );
        let found = &inventory.credentials[0];
        assert_eq!((found.form, found.usable), (as_what, Use::AsItIs));
        assert_eq!(
            found.client.as_deref(),
            Some("1234.apps.googleusercontent.com")
        );
        let clear =
            |secret: &Option<gdata_auth::Secret>| secret.as_ref().unwrap().expose().to_owned();
        assert_eq!(clear(&found.secrets.refresh_token), REFRESH);
        assert_eq!(clear(&found.secrets.client_secret), "GOCSPX-secret");
        if form != ExportForm::Environment {
            assert_eq!(
                found.token_uri.as_deref(),
                Some("http://127.0.0.1:8080/token")
            );
        }
        if form == ExportForm::Oauth2client {
            assert_eq!(found.scopes, [SCOPE]);
        }
    }
    let text = export(ExportForm::Environment, &client(), &grant()).unwrap();
    assert!(
        text.expose()
            .ends_with("GDATA_OAUTH2_ACCESS_TOKEN=ya29.now\n")
    );
    let text = export(ExportForm::Oauth2client, &client(), &grant()).unwrap();
    assert!(
        !text.expose().contains("ya29."),
        "the library fetches its own"
    );
}

#[test]
fn what_cannot_be_used_is_not_handed_on() {
    let dead = grant().with_death(
        "it was revoked",
        Timestamp::from_unix_seconds(1_300_000_001),
    );
    let error = export(ExportForm::Oauth2client, &client(), &dead).unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().contains("it was revoked")),
        (Kind::Revoked, true)
    );

    let error = export(
        ExportForm::AuthorizedUser,
        &client(),
        &grant().without_refresh_token(),
    )
    .unwrap_err();
    assert!(
        error.to_string().contains("expected a refresh token"),
        "{error}"
    );

    let error = export(
        ExportForm::Environment,
        &client(),
        &grant().without_access_token(),
    )
    .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("`gdata-auth token --account` fetches one"),
        "{error}"
    );

    for odd in ["with space", "with'quote", "with$(command)", "with\nline"] {
        let odd = grant().with_refresh_token(odd);
        let error = export(ExportForm::Environment, &client(), &odd).unwrap_err();
        assert_eq!(error.kind(), Kind::Input);
        assert!(!error.to_string().contains("with"), "{error}");
    }
}
