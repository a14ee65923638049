//! client_secret.json by itself: can it be read, what of it is left over from earlier years.

use std::path::Path;

use super::{finding::Findings, modes};
use crate::{
    cli::files,
    scheme::oauth2::{
        AllowedHosts, ClientFile, ClientKind, CredentialFile, GOOGLE_ISSUER, current_endpoint,
        is_out_of_band, redirect_faults,
    },
};

/// The end of every client id of Google's.
const GOOGLES_IDS: &str = ".apps.googleusercontent.com";

/// The client, where the file can be read.
pub(super) fn look(path: &Path, findings: &mut Findings) -> Option<ClientFile> {
    modes::look(path, findings);
    let hosts = AllowedHosts::google().and_loopback();
    let read =
        files::read("client-secrets", path).and_then(|bytes| CredentialFile::read(&bytes, &hosts));
    let file = match read {
        Ok(CredentialFile::Client(file)) => file,
        Ok(_) => {
            findings.wrong(
                "client-file",
                format!(
                    "{} is no client_secret.json but credentials of a user or a machine",
                    path.display()
                ),
                "give it as --credentials",
            );
            return None;
        }
        Err(error) => {
            findings.wrong(
                "client-file",
                format!("{} cannot be used: {error}", path.display()),
                "download it again from https://console.cloud.google.com/apis/credentials",
            );
            return None;
        }
    };
    for address in &file.legacy_endpoints {
        findings.notice(
            "legacy-endpoint",
            format!("{} names {address}, which Google has moved", path.display()),
            format!(
                "download the file again, or write {}; this program uses that one by itself",
                current_endpoint(address)
            ),
        );
    }
    let client = &file.client;
    let google = client.provider().issuer() == GOOGLE_ISSUER;
    if google && !client.id().ends_with(GOOGLES_IDS) {
        findings.notice(
            "client-id",
            format!(
                "{} is no id as Google gives them: they end in {GOOGLES_IDS}",
                client.id()
            ),
            "compare it with the console's",
        );
    }
    if client.kind() == ClientKind::Web && client.secret().is_none() {
        findings.wrong(
            "client-secret",
            format!(
                "{} is of a web client and has no client_secret",
                path.display()
            ),
            "add a secret in Google's console, which shows it once, and download the file then",
        );
    }
    redirects(&file, findings);
    Some(file)
}

fn redirects(file: &ClientFile, findings: &mut Findings) {
    let kind = file.client.kind();
    for address in &file.redirect_uris {
        if is_out_of_band(address) {
            findings.notice(
                "out-of-band",
                format!("the file lists {address}, which Google blocked in October 2022"),
                "take it out of the file, and look for programs that still use it: loopback, or pasting the whole \
                 address, takes its place",
            );
            continue;
        }
        for fault in redirect_faults(kind, file.client.provider().is_google(), address) {
            findings.wrong(
                "redirect-uri",
                format!("the file lists {address}: {fault}"),
                "register another address in Google's console",
            );
        }
    }
}
