//! One call as a line tells it, in words of the line.

use std::borrow::Cow;

use super::moment::moment;
use crate::time::Timestamp;

/// Method, host, path without its query, query, moment, credential.
#[derive(Debug, Default)]
pub(in crate::migrate) struct Call<'l> {
    pub(super) method: Option<Cow<'l, str>>,
    pub(in crate::migrate) host: Option<&'l str>,
    /// Empty where the line tells no target.
    pub(in crate::migrate) path: &'l str,
    /// What stands behind the `?`; nothing of it may be kept or shown.
    pub(in crate::migrate) query: &'l str,
    pub(in crate::migrate) at: Option<Timestamp>,
    pub(in crate::migrate) credential: Credential<'l>,
}

/// What a line tells of the `Authorization` header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::migrate) enum Credential<'l> {
    /// The log leaves it out.
    #[default]
    Untold,
    /// There was none.
    None,
    /// The header, or the word that it begins with; nothing of it may be kept or shown.
    Header(&'l str),
}

/// The longest word that can be a method.
const MAX_METHOD: usize = 20;

impl<'l> Call<'l> {
    /// Takes a target apart: whole address, path, or `host:port` of a tunnel.
    pub(super) fn target(&mut self, target: &'l str) -> Option<()> {
        let end = memchr::memchr2(b'?', b'#', target.as_bytes()).unwrap_or(target.len());
        let bare = &target[..end];
        let behind = target[end..].strip_prefix('?').unwrap_or_default();
        self.query = behind.split('#').next().unwrap_or_default();
        if bare.starts_with('/') {
            self.path = bare;
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
        self.host = Some(host);
        self.path = path;
        Some(())
    }

    /// Sets the moment that a text of the common log format tells, if it tells one.
    pub(super) fn at(mut self, text: &str) -> Self {
        self.at = moment(text);
        self
    }
}

/// A method in capitals; nothing for a word that is none.
pub(super) fn method(word: &str) -> Option<Cow<'_, str>> {
    let letters = word
        .bytes()
        .all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    if word.is_empty() || word.len() > MAX_METHOD || !letters {
        return None;
    }
    Some(match word.bytes().any(|byte| byte.is_ascii_lowercase()) {
        true => Cow::Owned(word.to_ascii_uppercase()),
        false => Cow::Borrowed(word),
    })
}

/// Whether it can be a host with or without a port.
pub(super) fn is_host(text: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    !text.is_empty() && text.len() <= 260 && text.bytes().all(good)
}
