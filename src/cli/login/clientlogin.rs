//! `login --clientlogin`, and how a CAPTCHA is answered.

use std::{io::IsTerminal, path::Path};

use super::Gained;
use crate::{
    cli::{args::Login, files, paint},
    error::Error,
    scheme::clientlogin::{CaptchaChallenge, Endpoint, LoginRequest, Refusal},
    transport::{Reqwest, run},
};

pub(super) async fn login(options: &Login) -> Result<Gained, Error> {
    let given = &options.clientlogin_options;
    let endpoint = Endpoint::at(options.server())?;
    let mut request = LoginRequest::new(given.email.clone().unwrap_or_default())?;
    if let Some(service) = &given.service {
        request = request.service(service.as_str())?;
    }
    if let Some(source) = &given.source {
        request = request.source(source.as_str())?;
    }
    if let (Some(token), Some(answer)) = (&given.captcha_token, &given.captcha_answer) {
        request = request.captcha(token, answer)?;
    }
    let stdin = Path::new("-");
    let path = given.password_file.as_deref().unwrap_or(stdin);
    if path == stdin && std::io::stdin().is_terminal() {
        return Err(Error::input(
            "password-file",
            "expected a file, or the password on stdin: a terminal would show it",
        ));
    }
    let password = files::secret("password-file", None, Some(path))?;
    let exchange = request.exchange(password, &endpoint)?;
    let login = run(&exchange, &Reqwest::new()?)
        .await
        .inspect_err(|error| {
            if let Some(captcha) = Refusal::of(error).and_then(Refusal::captcha) {
                ask(options, captcha);
            }
        })?;
    let printed = format!("{}\n", login.token().secret().expose());
    Ok((login.into_token().into(), printed))
}

/// Where the picture is, and the command that answers it.
fn ask(options: &Login, captcha: &CaptchaChallenge) {
    let given = &options.clientlogin_options;
    let mut command = format!(
        "gdata-auth login --clientlogin --server {} --email {}",
        quoted(options.server()),
        quoted(given.email.as_deref().unwrap_or_default())
    );
    let paths = [
        ("--password-file", given.password_file.as_ref()),
        ("--save", options.save.as_ref()),
    ];
    let texts = [
        ("--service", given.service.as_ref()),
        ("--source", given.source.as_ref()),
    ];
    for (name, value) in texts {
        if let Some(value) = value {
            command.push_str(&format!(" {name} {}", quoted(value)));
        }
    }
    for (name, value) in paths {
        if let Some(value) = value {
            command.push_str(&format!(" {name} {}", quoted(&value.to_string_lossy())));
        }
    }
    if options.force {
        command.push_str(" --force");
    }
    paint::talk(format_args!(
        "look at this picture:\n{}\nand send what it says:\n{command} --captcha-token {} \
         --captcha-answer WORD",
        captcha.url(),
        quoted(captcha.token())
    ));
}

/// A word as a POSIX shell takes it; what a server sent is never taken apart by one.
fn quoted(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@%+=,".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}
