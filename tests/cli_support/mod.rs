//! What the tests of the binary share: running it, its emulator, a browser, and files.

#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each test file uses a part"
)]

pub(crate) mod grants;

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::PathBuf,
    process::{Child, ChildStderr, Command, Output, Stdio},
};

pub(crate) fn gdata_auth(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gdata-auth"));
    command.args(args).stdin(Stdio::null());
    // Whoever runs the tests has accounts of their own, and may come by ssh.
    command.env("GDATA_AUTH_STORE", place("no-store"));
    for name in ["SSH_CONNECTION", "GOOGLE_APPLICATION_CREDENTIALS"] {
        command.env_remove(name);
    }
    command
}

/// Exit code, stdout, stderr.
pub(crate) fn run(args: &[&str]) -> (i32, String, String) {
    texts(&gdata_auth(args).output().unwrap())
}

/// As [`run`], with `text` on stdin.
pub(crate) fn run_with_input(args: &[&str], text: &str) -> (i32, String, String) {
    let mut child = gdata_auth(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(text.as_bytes());
    texts(&child.wait_with_output().unwrap())
}

pub(crate) fn texts(output: &Output) -> (i32, String, String) {
    (
        output.status.code().unwrap_or(-1),
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

pub(crate) fn key(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys");
    folder.join(name).to_str().unwrap().to_owned()
}

/// A place for a file of this name, where none is yet. Names differ between tests.
pub(crate) fn place(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_file(&path);
    path.to_str().unwrap().to_owned()
}

/// A folder of this name, where none is yet.
pub(crate) fn folder(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    path.to_str().unwrap().to_owned()
}

/// A file with this text, for its owner alone.
pub(crate) fn secret_file(name: &str, text: &str) -> String {
    let path = file(name, text);
    #[cfg(unix)]
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    path
}

/// A file with this text.
pub(crate) fn file(name: &str, text: &str) -> String {
    let path = place(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// An emulator in a process of its own, which is stopped, by its id, when the test ends.
pub(crate) struct Running {
    child: Child,
    /// Host and port.
    pub(crate) address: String,
}

impl Running {
    pub(crate) fn start(args: &[&str]) -> Self {
        let mut child = gdata_auth(&[&["emulator"], args].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.trim().strip_prefix("listening on http://").unwrap();
        Self {
            address: address.to_owned(),
            child,
        }
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A login that waits for a browser: the process, and the link that it shows.
pub(crate) struct Waiting {
    pub(crate) child: Child,
    stderr: BufReader<ChildStderr>,
    pub(crate) link: String,
}

impl Waiting {
    pub(crate) fn start(args: &[&str]) -> Self {
        let mut child = gdata_auth(&[&["login"], args].concat())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let (mut line, mut link) = (String::new(), String::new());
        stderr.read_line(&mut line).unwrap();
        assert_eq!(line, "open this in a browser:\n");
        stderr.read_line(&mut link).unwrap();
        Self {
            child,
            stderr,
            link: link.trim().to_owned(),
        }
    }

    /// Types a line.
    pub(crate) fn type_in(&mut self, line: &str) {
        let mut stdin = self.child.stdin.take().unwrap();
        stdin.write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    /// Exit code, stdout, and what stderr said behind the link.
    pub(crate) fn end(mut self) -> (i32, String, String) {
        let (mut out, mut err) = (String::new(), String::new());
        self.child
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut out)
            .unwrap();
        self.stderr.read_to_string(&mut err).unwrap();
        (self.child.wait().unwrap().code().unwrap_or(-1), out, err)
    }
}

/// The answer to a GET, head and body.
pub(crate) fn get(url: &str) -> String {
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut stream = TcpStream::connect(host).unwrap();
    let request = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    std::io::read_to_string(stream).unwrap()
}

/// Where an answer sends the browser, absolute.
pub(crate) fn location(from: &str, answer: &str) -> Option<String> {
    let head = answer.split("\r\n\r\n").next().unwrap_or_default();
    let to = head
        .lines()
        .find_map(|line| line.strip_prefix("location: "))?;
    if to.starts_with('/') {
        let origin: Vec<&str> = from.splitn(4, '/').take(3).collect();
        return Some(format!("{}{to}", origin.join("/")));
    }
    Some(to.to_owned())
}

/// Follows redirects as a browser does; every address that was visited, and the last answer.
pub(crate) fn browse(url: &str) -> (Vec<String>, String) {
    let mut visited = vec![url.to_owned()];
    loop {
        let here = visited.last().unwrap().clone();
        let answer = get(&here);
        match location(&here, &answer) {
            Some(next) if visited.len() < 9 => visited.push(next),
            _ => return (visited, answer),
        }
    }
}
