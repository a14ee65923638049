//! One call as a line tells it.

use jiff::fmt::strtime;

use crate::time::Timestamp;

/// Method, host, path without its query, moment.
#[derive(Debug, Default)]
pub(super) struct Call {
    pub(super) method: Option<String>,
    pub(super) host: Option<String>,
    pub(super) path: String,
    pub(super) at: Option<Timestamp>,
}

/// The longest word that can be a method.
const MAX_METHOD: usize = 20;

impl Call {
    /// Takes a target apart: whole address, path, or `host:port` of a tunnel.
    pub(super) fn target(&mut self, target: &str) -> Option<()> {
        let bare = target.split(['?', '#']).next()?;
        if bare.starts_with('/') {
            bare.clone_into(&mut self.path);
            return Some(());
        }
        let rest = match bare.split_once("://") {
            Some(("http" | "https", rest)) => rest,
            Some(_) => return None,
            None if self.method.as_deref() == Some("CONNECT") => bare,
            None => return None,
        };
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        // A name and password before the host are nobody's business.
        let host = authority.rsplit('@').next().unwrap_or_default();
        if !is_host(host) {
            return None;
        }
        self.host = Some(host.to_owned());
        path.clone_into(&mut self.path);
        Some(())
    }
}

/// A method in capitals; nothing for a word that is none.
pub(super) fn method(word: &str) -> Option<String> {
    let letters = word
        .bytes()
        .all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    let good = !word.is_empty() && word.len() <= MAX_METHOD && letters;
    good.then(|| word.to_ascii_uppercase())
}

/// Whether it can be a host with or without a port.
pub(super) fn is_host(text: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    !text.is_empty() && text.len() <= 260 && text.bytes().all(good)
}

/// `20/Nov/2026:05:00:00 +0000`.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let parsed = strtime::parse("%d/%b/%Y:%H:%M:%S %z", text).ok()?;
    let moment = parsed.to_timestamp().ok()?;
    Some(Timestamp::from_unix_seconds(moment.as_second()))
}
