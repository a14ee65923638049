//! The command that is run beside a port, and what it finds in its environment.

use std::{ffi::OsString, path::Path, process::ExitStatus};

use tokio::process::Command;

use crate::{
    cli::stop_signal,
    error::{Error, Kind},
};

/// Runs `command` to its end; its exit code.
///
/// | variable | says | when |
/// |---|---|---|
/// | `GDATA_AUTH_ORIGIN` | the port, as an origin | always |
/// | `HTTP_PROXY`, `HTTPS_PROXY`, in both cases | the port, as a proxy | with `--host` |
/// | `SSL_CERT_FILE`, `CURL_CA_BUNDLE`, `REQUESTS_CA_BUNDLE`, `NODE_EXTRA_CA_CERTS` | the certificate | with `--ca-file` |
pub(super) async fn run(
    command: &[OsString],
    origin: &str,
    certificate: Option<&Path>,
    proxy: bool,
) -> Result<u8, Error> {
    let [program, arguments @ ..] = command else {
        return Err(Error::input("command", "expected a program, got none"));
    };
    let mut child = Command::new(program);
    child
        .args(arguments)
        .env("GDATA_AUTH_ORIGIN", origin)
        .kill_on_drop(true);
    if proxy {
        for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"] {
            child.env(name, origin);
        }
        for name in ["no_proxy", "NO_PROXY"] {
            child.env_remove(name);
        }
    }
    if let Some(path) = certificate {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        for name in TRUSTED {
            child.env(name, &path);
        }
    }
    let mut child = child.spawn().map_err(|cause| {
        let program = program.to_string_lossy();
        Error::new(
            Kind::Input,
            format!("command: expected to run {program}, got: {cause}"),
        )
        .caused_by(cause)
    })?;
    tokio::select! {
        status = child.wait() => status.map(code).map_err(|cause| {
            Error::new(Kind::Transport, "command: expected its end, got another failure").caused_by(cause)
        }),
        // The terminal sends it to the child as well.
        () = stop_signal() => child.wait().await.map(code).map_err(|cause| {
            Error::new(Kind::Transport, "command: expected its end, got another failure").caused_by(cause)
        }),
    }
}

/// As a shell tells it: 128 and the number of the signal that ended it.
fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return u8::try_from(128 + signal).unwrap_or(u8::MAX);
    }
    u8::try_from(status.code().unwrap_or(1)).unwrap_or(1)
}

const TRUSTED: [&str; 4] = [
    "SSL_CERT_FILE",
    "CURL_CA_BUNDLE",
    "REQUESTS_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
];
