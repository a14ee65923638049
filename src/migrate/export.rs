//! A grant handed to a program that keeps its credential in a file of its own: what code that `rewrite` changed reads.
//!
//! | form | read by |
//! |---|---|
//! | [`ExportForm::Oauth2client`] | `oauth2client.file.Storage`: rewritten Python |
//! | [`ExportForm::AuthorizedUser`] | Google's libraries of today, and of Java: rewritten Java |
//! | [`ExportForm::Environment`] | lines of `NAME=value`, for a service's environment: rewritten C# |
//!
//! Law: `migrate::import` reads each of them back as the same grant (of the environment, its refresh token and client).
//!
//! # Source
//! oauth2.md 5.8; `OAuth2Credentials.to_json` of oauth2client 4.1.3.

use serde_json::json;

use crate::{
    error::{Error, Kind},
    scheme::oauth2::Client,
    secret::Secret,
    store::StoredGrant,
};

/// How the file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExportForm {
    /// `Storage` of oauth2client.
    Oauth2client,
    /// `{"type":"authorized_user",…}`.
    AuthorizedUser,
    /// `GDATA_OAUTH2_CLIENT_ID=…` and so on, a line each.
    Environment,
}

/// The text of such a file.
///
/// # Security
/// It holds the refresh token and the client's secret in the clear: whoever reads it can act as the user does. From then
/// on two programs hold one grant; a server that replaces refresh tokens ends one of them, which Google does not do.
///
/// # Errors
/// [`Kind::Revoked`] for a grant that is dead; [`Kind::Input`] naming `grant` where there is no refresh token, or for the
/// environment no access token, which may have ended; or naming the value that a line of an environment cannot hold.
///
/// # Examples
/// ```
/// use gdata_auth::{Timestamp, migrate::export::{ExportForm, export}, oauth2::Client, store::StoredGrant};
///
/// let client = Client::installed("1234.apps.googleusercontent.com")?.with_secret("GOCSPX-secret")?;
/// let grant = StoredGrant::new(Timestamp::from_unix_seconds(1_795_000_000)).with_refresh_token("1//refresh");
/// let text = export(ExportForm::AuthorizedUser, &client, &grant)?;
/// assert!(text.expose().contains("\"refresh_token\":\"1//refresh\""));
/// # Ok::<(), gdata_auth::Error>(())
/// ```
pub fn export(form: ExportForm, client: &Client, grant: &StoredGrant) -> Result<Secret, Error> {
    if let Some(death) = grant.dead() {
        let problem = format!(
            "the grant is dead: {}; ask for consent again",
            death.reason()
        );
        return Err(Error::new(Kind::Revoked, problem));
    }
    let refresh = grant.refresh_token().ok_or_else(|| {
        Error::input(
            "grant",
            "expected a refresh token, got none: ask for consent again",
        )
    })?;
    let secret = client.secret().map(|secret| secret.expose());
    let token_uri = client.provider().token_endpoint();
    let text = match form {
        ExportForm::Oauth2client => {
            let scopes: Vec<&str> = grant.granted().iter().collect();
            // Without an access token the library refreshes at the first call.
            json!({
                "_class": "OAuth2Credentials", "_module": "oauth2client.client",
                "access_token": null, "token_expiry": null, "client_id": client.id(), "client_secret": secret,
                "refresh_token": refresh.expose(), "token_uri": token_uri, "scopes": scopes, "user_agent": null,
                "id_token": null, "id_token_jwt": null, "token_response": null, "revoke_uri": null,
                "token_info_uri": null, "invalid": false,
            })
            .to_string()
        }
        ExportForm::AuthorizedUser => json!({
            "type": "authorized_user", "client_id": client.id(), "client_secret": secret.unwrap_or_default(),
            "refresh_token": refresh.expose(), "token_uri": token_uri,
        })
        .to_string(),
        ExportForm::Environment => {
            // google-gdata sends no request without one, and renews one that has ended.
            let access = grant.access_token().ok_or_else(|| {
                let problem = "expected an access token, got none: `gdata-auth token --account` fetches one";
                Error::input("grant", problem)
            })?;
            let mut lines = String::new();
            for (name, value) in [
                ("CLIENT_ID", Some(client.id())),
                ("CLIENT_SECRET", secret),
                ("REFRESH_TOKEN", Some(refresh.expose())),
                ("ACCESS_TOKEN", Some(access.token().expose())),
            ] {
                let Some(value) = value else { continue };
                let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\'' | '\\' | '$' | '`' | '#');
                if !value.chars().all(plain) {
                    let problem = "expected what a line of an environment can hold, got quotes or spaces";
                    return Err(Error::input(name, problem));
                }
                lines.push_str(&format!("GDATA_OAUTH2_{name}={value}\n"));
            }
            lines
        }
    };
    Ok(Secret::new(text))
}
