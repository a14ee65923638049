//! The browser of this machine, and how far away it is.

use std::process::{Command, Stdio};

use crate::cli::paint;

/// Opens a link; where that fails, the user has it on the terminal.
pub(super) fn open(link: &str) {
    let (program, before): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("rundll32", &["url.dll,FileProtocolHandler"])
    } else {
        ("xdg-open", &[])
    };
    let started = Command::new(program)
        .args(before)
        .arg(link)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if let Err(cause) = started {
        paint::talk(format_args!(
            "cannot start {program} ({cause}): open the link yourself"
        ));
    }
}

/// This machine as whoever came by ssh reached it.
#[expect(
    clippy::disallowed_methods,
    reason = "the command line may read the environment"
)]
pub(super) fn ssh_host() -> Option<String> {
    // client address, client port, server address, server port
    let connection = std::env::var("SSH_CONNECTION").ok()?;
    let host = connection.split(' ').nth(2)?;
    let plain = host
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b".:-%".contains(&byte));
    (plain && !host.is_empty()).then(|| host.to_owned())
}
