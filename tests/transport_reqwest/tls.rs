//! TLS, with OpenSSL as the server.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use gdata_auth::{
    Transport,
    transport::{Mishap, Reqwest, ReqwestBuilder},
};
use http::StatusCode;

use crate::support::get;

#[tokio::test]
#[expect(clippy::print_stderr, reason = "a skipped test says what it lacks")]
async fn trusts_the_certificate_it_was_given_and_no_other() {
    let Some((server, port, pem)) = OpenSsl::start() else {
        eprintln!("skipped: there is no openssl here");
        return;
    };
    let at_home = |builder: ReqwestBuilder| {
        let builder = builder.resolve("www.google.com", ([127, 0, 0, 1], port).into());
        builder.build().unwrap()
    };
    let address = "https://www.google.com/accounts";

    let stranger = at_home(Reqwest::builder());
    let error = stranger.send(get(address)).await.unwrap_err();
    assert_eq!(error.mishap(), Mishap::Connect);

    let friend = at_home(Reqwest::builder().root_certificate(pem));
    let reply = friend.send(get(address)).await.unwrap();
    assert_eq!(reply.status(), StatusCode::OK);
    drop(server);
}

/// `openssl s_server`, which ends with this value.
struct OpenSsl(Child);

impl OpenSsl {
    /// The server, its port and its certificate.
    fn start() -> Option<(Self, u16, Vec<u8>)> {
        let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("transport_reqwest_tls");
        fs::create_dir_all(&directory).unwrap();
        let made = in_silence(&directory)
            .args([
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            ])
            .args(["-subj", "/CN=www.google.com"])
            .args(["-addext", "subjectAltName=DNS:www.google.com"])
            .args(["-addext", "basicConstraints=critical,CA:FALSE"])
            .args(["-keyout", "insecure-key.pem", "-out", "certificate.pem"])
            .status();
        if !made.is_ok_and(|status| status.success()) {
            return None;
        }
        let mut child = in_silence(&directory)
            .args(["s_server", "-accept", "127.0.0.1:0", "-www"])
            .args(["-key", "insecure-key.pem", "-cert", "certificate.pem"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| {
            let line = line.unwrap();
            line.strip_prefix("ACCEPT 127.0.0.1:")?.parse().ok()
        });
        // The rest of what it says has to go somewhere.
        std::thread::spawn(move || lines.count());
        let pem = fs::read(directory.join("certificate.pem")).unwrap();
        Some((Self(child), port.unwrap(), pem))
    }
}

impl Drop for OpenSsl {
    fn drop(&mut self) {
        let _ended_before = self.0.kill();
        let _status = self.0.wait();
    }
}

fn in_silence(directory: &Path) -> Command {
    let mut openssl = Command::new("openssl");
    openssl.current_dir(directory);
    openssl
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    openssl
}
