//! The binary, as a stranger uses it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
};

const TOKEN: &str = "1/jl9na3GU8YCUk0pHRghr_WZBcTnq1EXPztEWGuExbcg";

fn gdata_auth(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gdata-auth"));
    command.args(args).stdin(Stdio::null());
    command
}

fn run(args: &[&str]) -> (i32, String, String) {
    texts(&gdata_auth(args).output().unwrap())
}

fn texts(output: &Output) -> (i32, String, String) {
    (
        output.status.code().unwrap_or(-1),
        String::from_utf8(output.stdout.clone()).unwrap(),
        String::from_utf8(output.stderr.clone()).unwrap(),
    )
}

fn key(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys");
    folder.join(name).to_str().unwrap().to_owned()
}

fn vectors() -> serde_json::Value {
    let text = include_str!("../fixtures/vectors/authsub/authsub_vectors.json");
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_demo_tells_a_story_in_which_every_step_behaves() {
    for (option, steps) in [("--secure", 16), ("--plain", 14)] {
        let (code, out, _) = run(&["demo", option]);
        assert_eq!(code, 0, "{out}");
        assert!(
            out.contains(&format!("{steps} steps, all as they should be")),
            "{out}"
        );
        for piece in [
            "> GET /accounts/AuthSubSessionToken HTTP/1.1",
            "< HTTP/1.1 201 Created",
            "notice:",
        ] {
            assert!(out.contains(piece), "{piece}");
        }
        assert!(!out.contains('\u{1b}'), "colours without a terminal");
        assert_eq!(out.contains("sigalg=\"rsa-sha1\""), option == "--secure");
    }
}

#[test]
fn the_demo_as_json_holds_every_exchange() {
    let (code, out, err) = run(&["demo", "--json"]);
    assert_eq!(code, 0);
    assert_eq!(err, "");
    let story: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(story["ok"], true);
    let steps = story["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 16);
    assert!(steps.iter().all(|step| step["ok"] == true));
    let replay = steps
        .iter()
        .find(|step| step["title"].as_str().unwrap().contains("sends it again"))
        .unwrap();
    let notes = replay["server"].to_string();
    assert!(
        notes.contains("nonce: this timestamp and nonce were used before"),
        "{notes}"
    );
}

#[test]
fn signs_what_openssl_signed_and_verifies_it() {
    let vectors = vectors();
    for key_file in ["insecure-rsa2048-pkcs1.pem", "insecure-rsa2048-pkcs8.pem"] {
        let key_file = key(key_file);
        for (name, case) in vectors["cases"].as_object().unwrap() {
            let (method, url) = (
                case["method"].as_str().unwrap(),
                case["url"].as_str().unwrap(),
            );
            let (code, out, err) = run(&[
                "sign",
                "authsub",
                "--token",
                TOKEN,
                "--key",
                &key_file,
                "--developer-key",
                "AI39si-dev",
                "--timestamp",
                "1300000000",
                "--nonce",
                "123456789012345",
                method,
                url,
            ]);
            assert_eq!(code, 0, "{err}");
            let expected = format!(
                "Authorization: AuthSub token=\"{TOKEN}\" sigalg=\"rsa-sha1\" data=\"{}\" sig=\"{}\"\n\
                 X-GData-Key: key=AI39si-dev\n",
                case["data"].as_str().unwrap(),
                case["sig"].as_str().unwrap()
            );
            assert_eq!(out, expected, "{name}");
            let header = out.lines().next().unwrap();
            let check = |url: &str| {
                run(&[
                    "verify",
                    "authsub",
                    "--certificate",
                    &key("insecure-rsa2048-cert.pem"),
                    "--header",
                    header,
                    method,
                    url,
                ])
            };
            let (code, out, _) = check(url);
            assert_eq!(code, 0);
            assert!(
                out.starts_with("verified: ") && out.contains("nonce 123456789012345"),
                "{out}"
            );
            let (code, out, err) = check(&format!("{url}x"));
            assert_eq!((code, out.as_str()), (1, ""));
            assert!(err.starts_with("not verified: "), "{err}");
        }
    }
}

#[test]
fn reads_secrets_from_files_and_stdin() {
    let mut child = gdata_auth(&[
        "sign",
        "authsub",
        "--token-file",
        "-",
        "--key",
        &key("insecure-rsa2048.p12"),
        "--passphrase-file",
        &passphrase(),
        "GET",
        "http://a.test/",
    ])
    .stdin(Stdio::piped())
    .stdout(Stdio::piped())
    .stderr(Stdio::piped())
    .spawn()
    .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(b"1/from-stdin\n")
        .unwrap();
    let (code, out, err) = texts(&child.wait_with_output().unwrap());
    assert_eq!(code, 0, "{err}");
    assert!(
        out.starts_with("Authorization: AuthSub token=\"1/from-stdin\" sigalg="),
        "{out}"
    );
}

fn passphrase() -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("passphrase");
    std::fs::write(&path, "changeit\n").unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn says_what_is_wrong_with_a_command_and_exits_with_2() {
    let jks = key("insecure-rsa2048.jks");
    let cases: [(&[&str], &str); 11] = [
        (
            &["sign", "authsub", "--token", "t", "get", "http://a.test/"],
            "METHOD: expected capitals",
        ),
        (
            &[
                "sign",
                "authsub",
                "--token",
                "t",
                "GET",
                "http://a.test/a/../b",
            ],
            "URL: HTTP clients send this as http://a.test/b: sign that",
        ),
        (
            &["sign", "authsub", "--token", "a b", "GET", "http://a.test/"],
            "token: ",
        ),
        (
            &["sign", "authsub", "--token", "t", "GET", "/path"],
            "address: ",
        ),
        (
            &["sign", "authsub", "--token", "t", "G T", "http://a.test/"],
            "METHOD URL: ",
        ),
        (
            &[
                "sign",
                "authsub",
                "--token",
                "t",
                "--nonce",
                "a b",
                "GET",
                "http://a.test/",
            ],
            "nonce: ",
        ),
        (
            &[
                "sign",
                "authsub",
                "--token",
                "t",
                "--key",
                "/nowhere",
                "GET",
                "http://a.test/",
            ],
            "key: cannot read /nowhere",
        ),
        (
            &[
                "sign",
                "authsub",
                "--token",
                "t",
                "--key",
                &jks,
                "GET",
                "http://a.test/",
            ],
            "keytool -importkeystore",
        ),
        (
            &["emulator", "--config", "/nowhere"],
            "config: cannot read /nowhere",
        ),
        (
            &["emulator", "--site", "nonsense"],
            "site: expected HOST=PEM_FILE",
        ),
        (&["sign", "authsub", "GET", "http://a.test/"], "--token"),
    ];
    for (args, expected) in cases {
        let (code, out, err) = run(args);
        assert_eq!(code, 2, "{args:?}: {err}");
        assert_eq!(out, "", "{args:?}");
        assert!(err.contains(expected), "{args:?}: {err}");
    }
}

#[test]
fn a_secret_is_in_no_error_message() {
    let (_, _, err) = run(&[
        "sign",
        "authsub",
        "--token",
        "CANARY \"x",
        "GET",
        "http://a.test/",
    ]);
    assert!(!err.contains("CANARY"), "{err}");
    let header = "AuthSub token=CANARY sig=CANARY";
    let (code, _, err) = run(&[
        "verify",
        "authsub",
        "--public-key",
        &key("insecure-rsa2048-pub.pem"),
        "--header",
        header,
        "GET",
        "http://a.test/",
    ]);
    assert_eq!(code, 1);
    assert!(!err.contains("CANARY"), "{err}");
}

#[test]
fn prints_completions_and_help_with_examples() {
    for shell in ["bash", "zsh", "fish"] {
        let (code, out, _) = run(&["completions", shell]);
        assert_eq!(code, 0);
        assert!(out.contains("gdata-auth"), "{shell}");
    }
    for (args, piece) in [
        (vec!["--help"], "Exit codes: 0 it worked"),
        (vec!["demo", "--help"], "gdata-auth demo --json"),
        (vec!["emulator", "--help"], "[[site]]"),
        (vec!["sign", "authsub", "--help"], "curl -H @-"),
        (
            vec!["verify", "authsub", "--help"],
            "--certificate cert.pem",
        ),
    ] {
        let (code, out, _) = run(&args);
        assert_eq!(code, 0);
        assert!(out.contains(piece), "{args:?}: {out}");
    }
}

/// An emulator that is stopped, by its id, when the test ends.
struct Running(Child, String);

impl Running {
    fn start(args: &[&str]) -> Self {
        let mut child = gdata_auth(&[&["emulator"], args].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line
            .trim()
            .strip_prefix("listening on http://")
            .unwrap()
            .to_owned();
        Self(child, address)
    }

    fn ask(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(&self.1).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        std::io::read_to_string(stream).unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_emulator_listens_where_it_says_and_reads_its_configuration() {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("emulator.toml");
    let certificate = include_str!("../fixtures/keys/insecure-rsa2048-cert.pem");
    std::fs::write(
        &path,
        format!(
            "consent = \"allow\"\nclassic_tokens = true\n[[user]]\nemail = \"eve@corp.test\"\n\
             [[site]]\nhost = \"a.test\"\ncertificate = '''{certificate}'''\n"
        ),
    )
    .unwrap();
    let emulator = Running::start(&["--config", path.to_str().unwrap()]);
    let answer = emulator.ask(&format!(
        "GET /accounts/AuthSubRequest?next=http://a.test/&scope=http://gdata.youtube.com&secure=1 HTTP/1.1\r\n\
         Host: {}\r\nConnection: close\r\n\r\n",
        emulator.1
    ));
    assert!(answer.starts_with("HTTP/1.1 302 "), "{answer}");
    assert!(
        answer.contains("location: http://a.test/?token=C"),
        "{answer}"
    );
}

#[test]
fn an_emulator_whose_log_nobody_reads_goes_on() {
    let mut child = gdata_auth(&["emulator"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let address = line
        .trim()
        .strip_prefix("listening on http://")
        .unwrap()
        .to_owned();
    let emulator = Running(child, address);
    // Far more than a pipe holds.
    for _ in 0..2_000 {
        let answer = emulator.ask(&format!(
            "GET /accounts/AuthSubTokenInfo HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            emulator.1
        ));
        assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    }
}

#[test]
fn a_state_file_carries_tokens_over_a_restart() {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("emulator-state.json");
    let _ = std::fs::remove_file(&path);
    let state = path.to_str().unwrap();
    let first = Running::start(&["--consent", "allow", "--state", state]);
    let answer = first.ask(&format!(
        "GET /accounts/AuthSubRequest?next=http://a.test/&scope=http://gdata.youtube.com&session=1 HTTP/1.1\r\n\
         Host: {}\r\nConnection: close\r\n\r\n",
        first.1
    ));
    let (_, token) = answer.split_once("?token=").unwrap();
    let token = token.split("\r\n").next().unwrap().replace("%2F", "/");
    // The polite signal, on which it writes the state.
    let id = first.0.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    let mut first = first;
    assert!(first.0.wait().unwrap().success());

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let second = Running::start(&["--state", state]);
    let answer = second.ask(&format!(
        "GET /accounts/AuthSubSessionToken HTTP/1.1\r\nHost: {}\r\n\
         Authorization: AuthSub token={token}\r\nConnection: close\r\n\r\n",
        second.1
    ));
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");

    std::fs::write(&path, "{}").unwrap();
    let (code, _, err) = run(&["emulator", "--state", state]);
    assert_eq!(code, 2);
    assert!(
        err.contains("state: expected the state of an emulator"),
        "{err}"
    );
}

#[test]
fn what_sign_prints_goes_straight_into_verify() {
    let signed = gdata_auth(&[
        "sign",
        "authsub",
        "--token",
        TOKEN,
        "--key",
        &key("insecure-rsa2048-pkcs8.pem"),
        "--gdata-version",
        "2",
        "GET",
        "http://a.test/x?y=1#part",
    ])
    .output()
    .unwrap();
    let mut verify = gdata_auth(&[
        "verify",
        "authsub",
        "--certificate",
        &key("insecure-rsa2048-cert.pem"),
        "--header-file",
        "-",
        "GET",
        "http://a.test/x?y=1#part",
    ])
    .stdin(Stdio::piped())
    .stdout(Stdio::piped())
    .stderr(Stdio::piped())
    .spawn()
    .unwrap();
    verify
        .stdin
        .take()
        .unwrap()
        .write_all(&signed.stdout)
        .unwrap();
    let (code, out, err) = texts(&verify.wait_with_output().unwrap());
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("verified: "), "{out}");
}

#[test]
fn a_wrong_configuration_is_named_by_its_line() {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("wrong.toml");
    std::fs::write(&path, "consent = \"allow\"\nusers = 5\n").unwrap();
    let (code, _, err) = run(&["emulator", "--config", path.to_str().unwrap()]);
    assert_eq!(code, 2);
    assert!(
        err.contains("wrong.toml, line 2: unknown field `users`"),
        "{err}"
    );
}

#[test]
fn a_port_that_is_taken_is_a_failure_of_the_medium() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let (code, out, err) = run(&["emulator", "--port", &port]);
    assert_eq!((code, out.as_str()), (3, ""), "{err}");
    assert!(err.contains(&port), "{err}");
}
