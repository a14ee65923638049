//! A credential file, and whether the scopes are any that it can have.

use std::path::Path;

use super::{finding::Findings, modes};
use crate::{
    cli::files,
    error::Kind,
    scheme::oauth2::{AllowedHosts, CredentialFile, ServiceAccount},
    scope::ScopeNames,
    time::Timestamp,
};

pub(super) fn look(path: &Path, scopes: &ScopeNames, now: Timestamp, findings: &mut Findings) {
    modes::look(path, findings);
    let hosts = AllowedHosts::google().and_loopback();
    let read =
        files::read("credentials", path).and_then(|bytes| CredentialFile::read(&bytes, &hosts));
    match read {
        Ok(CredentialFile::ServiceAccount(account)) => assertion(&account, scopes, now, findings),
        Ok(CredentialFile::Client(_)) => findings.wrong(
            "credentials-file",
            format!("{} is a client_secret.json, which names no user", path.display()),
            "give it as --client-secrets, and ask a user for consent with it: gdata-auth login",
        ),
        Ok(CredentialFile::AuthorizedUser(_)) => findings.notice(
            "user-credentials",
            format!(
                "{} holds a user's refresh token: an organisation's session control ends it within a day",
                path.display()
            ),
            "on a server, use a service account",
        ),
        Ok(_) => {
            if youtube(scopes) {
                say_youtube(findings);
            }
        }
        Err(error) => {
            let next = match error.kind() {
                Kind::Refused => "a file of a stranger is an attack: take only one that you made yourself",
                Kind::Unsupported => "convert it to one of the types that are read",
                _ => "make the file again, in Google's console or by gcloud",
            };
            findings.wrong(
                "credentials-file",
                format!("{} cannot be used: {error}", path.display()),
                next,
            );
        }
    }
}

fn assertion(
    account: &ServiceAccount,
    scopes: &ScopeNames,
    now: Timestamp,
    findings: &mut Findings,
) {
    if scopes.is_empty() {
        return;
    }
    if youtube(scopes) {
        say_youtube(findings);
    } else if let Err(error) = account.exchange(scopes, now) {
        findings.wrong(
            "service-account",
            format!("{} cannot be used: {error}", account.email()),
            "create another key for the account",
        );
    }
}

fn youtube(scopes: &ScopeNames) -> bool {
    scopes
        .iter()
        .any(|name| name.starts_with("https://www.googleapis.com/auth/youtube"))
}

fn say_youtube(findings: &mut Findings) {
    findings.wrong(
        "service-account-youtube",
        "YouTube takes no service accounts: they have no channel",
        "ask the owner of the channel for consent: gdata-auth login",
    );
}
