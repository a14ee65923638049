//! Client type against flow, redirect addresses, and scopes (oauth2.md 5.2 and 5.3).

use super::finding::Findings;
use crate::{
    cli::args::{Doctor, FlowArg},
    scheme::oauth2::{
        ClientFile, ClientKind, is_out_of_band, redirect_faults, refused_by_google_device,
    },
    scope::ScopeNames,
};

/// What a loopback redirect has to begin with, to be one.
const LOOPBACKS: [&str; 3] = ["http://127.0.0.1", "http://[::1]", "http://localhost"];
/// Beginnings of the scopes of gdata, which OAuth 2.0 still knew for some years, and today only for contacts.
const GDATA: [&str; 2] = ["http://", "https://www.google.com/calendar/feeds"];

pub(super) fn look(
    options: &Doctor,
    file: Option<&ClientFile>,
    scopes: &ScopeNames,
    findings: &mut Findings,
) {
    let kind = file.map(|file| file.client.kind());
    let google = file.is_none_or(|file| file.client.provider().is_google());
    if let (Some(flow), Some(file)) = (options.flow, file) {
        types(flow, file, &options.redirect_uri, findings);
    }
    let kind = kind.unwrap_or(match options.flow {
        Some(FlowArg::Web) => ClientKind::Web,
        _ => ClientKind::Installed,
    });
    for address in &options.redirect_uri {
        redirect(address, kind, google, file, findings);
    }
    if options.flow == Some(FlowArg::Device) && google {
        let refused = refused_by_google_device(scopes);
        if !refused.is_empty() {
            findings.wrong(
                "device-scope",
                format!("Google's device flow does not take {refused}"),
                "use --loopback or --paste for it; the device flow takes openid, email, profile, drive.appdata, \
                 drive.file, youtube and youtube.readonly",
            );
        }
    }
    for name in scopes.iter().filter(|name| is_gdata(name)) {
        findings.wrong(
            "gdata-scope",
            format!("{name} is a scope of gdata, which was switched off"),
            "ask for the scope of the API that took its place, such as https://www.googleapis.com/auth/youtube",
        );
    }
}

fn types(flow: FlowArg, file: &ClientFile, given: &[String], findings: &mut Findings) {
    let loopback = |address: &String| LOOPBACKS.iter().any(|start| address.starts_with(start));
    match (flow, file.client.kind()) {
        (FlowArg::Device, ClientKind::Web) => findings.wrong(
            "client-type",
            "the client is a web application, and Google's device flow takes none",
            "create a client of the type \"TVs and Limited Input devices\"",
        ),
        (FlowArg::Device, ClientKind::Installed) => findings.notice(
            "client-type",
            "Google's device flow takes clients of the type \"TVs and Limited Input devices\" alone, and their file \
             looks like a desktop application's",
            "look into the console, of which type it is",
        ),
        (FlowArg::Web, ClientKind::Installed) => findings.wrong(
            "client-type",
            "the client is a desktop application, and Google sends those to loopback addresses alone",
            "create a client of the type \"Web application\"",
        ),
        (FlowArg::Loopback, ClientKind::Web)
            if !file.redirect_uris.iter().chain(given).any(loopback) =>
        {
            findings.wrong(
                "client-type",
                "the client is a web application, and no loopback address is registered for it",
                "create a client of the type \"Desktop app\", which may use any port of loopback",
            );
        }
        (FlowArg::Loopback, ClientKind::Web) => findings.notice(
            "client-type",
            "the client is a web application: its loopback address is compared letter by letter, port and all",
            "use that very port (login --port), or a client of the type \"Desktop app\"",
        ),
        _ => {}
    }
}

fn redirect(
    address: &str,
    kind: ClientKind,
    google: bool,
    file: Option<&ClientFile>,
    findings: &mut Findings,
) {
    if is_out_of_band(address) {
        findings.wrong(
            "out-of-band",
            format!("{address} is out-of-band, which Google blocked in October 2022"),
            "use login --loopback, or --paste where the browser is elsewhere",
        );
        return;
    }
    for fault in redirect_faults(kind, google, address) {
        findings.wrong(
            "redirect-uri",
            format!("{address}: {fault}"),
            "use an address that keeps Google's rules",
        );
    }
    let registered = file.is_none_or(|file| {
        file.client.kind() != ClientKind::Web || file.redirect_uris.iter().any(|own| own == address)
    });
    if !registered {
        findings.wrong(
            "redirect-unregistered",
            format!("{address} is not among the addresses that the file lists, which are compared letter by letter"),
            "register it in Google's console, and download the file again",
        );
    }
}

fn is_gdata(name: &str) -> bool {
    GDATA.iter().any(|start| name.starts_with(start)) || name.contains("/feeds/api/")
}
