//! `Authorization` of every scheme, and cookies.
//!
//! Whatever stands behind a scheme that is not known is taken for secret: that is what the header is for.

use std::ops::Range;

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{Walk, named, shifted};
use crate::cassette::{
    Place,
    redact::{
        edit::{self, Edit},
        fold::Fold,
        names::CREDENTIALS,
    },
};

impl Walk<'_> {
    /// The value of `Authorization` and of its siblings.
    pub(super) fn credentials(&mut self, value: &[u8]) -> Vec<Edit> {
        let value = value.trim_ascii_end();
        let gap = value.iter().position(u8::is_ascii_whitespace);
        let Some(gap) = gap else {
            return self.field(Place::AuthParam, CREDENTIALS, value);
        };
        let scheme = String::from_utf8_lossy(&value[..gap]).to_ascii_lowercase();
        let start = gap + value[gap..].len() - value[gap..].trim_ascii_start().len();
        let rest = &value[start..];
        let params = parameters(rest);
        let found = match scheme.as_str() {
            "basic" => self.basic(rest),
            _ if params.is_empty() => {
                let name = match scheme.as_str() {
                    "bearer" | "oauth" => "access_token",
                    "googlelogin" => "auth",
                    "authsub" => "token",
                    _ => CREDENTIALS,
                };
                self.field(Place::AuthParam, name, rest)
            }
            _ => {
                let mut edits = Vec::new();
                let known = SCHEMES.contains(&scheme.as_str());
                let fold = match scheme.as_str() {
                    "oauth" => Fold::Percent,
                    _ => Fold::Backslash,
                };
                for (name, at) in params {
                    let name = named(Fold::Percent, &rest[name]).into_owned();
                    let open = known || PUBLIC.contains(&name.to_ascii_lowercase().as_str());
                    let name = if open { name.as_str() } else { CREDENTIALS };
                    self.folded(fold, Place::AuthParam, name, rest, at, &mut edits);
                }
                edits
            }
        };
        shifted(found, start).collect()
    }

    /// Base64 of `user:password`. A key that is sent as the user has no password beside it.
    fn basic(&mut self, rest: &[u8]) -> Vec<Edit> {
        let Ok(pair) = STANDARD.decode(rest) else {
            return self.field(Place::AuthParam, CREDENTIALS, rest);
        };
        let mut edits = Vec::new();
        let colon = memchr::memchr(b':', &pair).unwrap_or(0);
        let (user, password) = (0..colon, (colon + 1).min(pair.len())..pair.len());
        match pair.get(password.clone()) {
            None | Some(b"" | b"x" | b"X" | b"x-oauth-basic") => {
                let all = if user.is_empty() { 0..pair.len() } else { user };
                self.folded(
                    Fold::Percent,
                    Place::AuthParam,
                    CREDENTIALS,
                    &pair,
                    all,
                    &mut edits,
                );
            }
            Some(_) => {
                self.folded(
                    Fold::Percent,
                    Place::Param,
                    "username",
                    &pair,
                    user,
                    &mut edits,
                );
                self.folded(
                    Fold::Percent,
                    Place::Param,
                    "password",
                    &pair,
                    password,
                    &mut edits,
                );
            }
        }
        match edits.is_empty() {
            true => edits,
            false => {
                let new = STANDARD.encode(edit::apply(&pair, edits));
                vec![Edit::new(0..rest.len(), new)]
            }
        }
    }

    /// `Cookie`, and one or more of `Set-Cookie` folded into one line.
    pub(super) fn cookies(&mut self, value: &[u8]) -> Vec<Edit> {
        let mut edits = Vec::new();
        let mut at = 0;
        for piece in value.split(|byte| *byte == b';') {
            let start = at;
            at += piece.len() + 1;
            // A comma begins the next cookie of a folded header where a name and `=` follow it.
            let from = memchr::memrchr(b',', piece)
                .filter(|comma| begins_cookie(&piece[comma + 1..]))
                .map_or(0, |comma| comma + 1);
            let cookie = &piece[from..];
            let Some(equals) = memchr::memchr(b'=', cookie) else {
                self.eyes.text(self.spot, cookie);
                continue;
            };
            let name = String::from_utf8_lossy(cookie[..equals].trim_ascii()).into_owned();
            if ATTRIBUTES.contains(&name.to_ascii_lowercase().as_str()) {
                continue;
            }
            let value = cookie[equals + 1..].trim_ascii();
            let by = start + from + cookie.len() - cookie[equals + 1..].trim_ascii_start().len();
            for part in parts(value) {
                let found = self.field(Place::Cookie, &name, &value[part.clone()]);
                edits.extend(shifted(found, by + part.start));
            }
        }
        edits
    }
}

/// Names and values of a list, wherever they are parted and however they are quoted (legacy-protocol.md 1.7).
fn parameters(text: &[u8]) -> Vec<(Range<usize>, Range<usize>)> {
    let mut found = Vec::new();
    let gap = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b',' | b';');
    let mut at = 0;
    while at < text.len() {
        if gap(text[at]) {
            at += 1;
            continue;
        }
        let len = text[at..]
            .iter()
            .take_while(|byte| **byte != b'=' && !gap(**byte))
            .count();
        let (name, equals) = (at..at + len, at + len);
        if text.get(equals) != Some(&b'=') || text[equals..].iter().all(|byte| *byte == b'=') {
            // The padding of base64 is no parameter.
            at = equals
                + text[equals..]
                    .iter()
                    .take_while(|byte| **byte == b'=')
                    .count();
            continue;
        }
        let value = match text.get(equals + 1) {
            Some(quote @ (b'"' | b'\'')) => {
                let end = end_of_quote(text, equals + 2, *quote);
                at = (end + 1).min(text.len());
                (equals + 2).min(end)..end
            }
            _ => {
                let bare = text[equals + 1..].iter().take_while(|byte| !gap(**byte));
                at = equals + 1 + bare.count();
                equals + 1..at
            }
        };
        found.push((name, value));
    }
    found
}

fn end_of_quote(text: &[u8], from: usize, quote: u8) -> usize {
    let mut at = from;
    while let Some(step) = memchr::memchr2(quote, b'\\', text.get(at..).unwrap_or_default()) {
        at += step;
        if text[at] == quote {
            return at;
        }
        at += 2;
    }
    text.len()
}

fn begins_cookie(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    let name = text
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte));
    let len = name.count();
    len > 0 && text.get(len) == Some(&b'=')
}

/// The values of a cookie that is a list itself, such as `calendar=abc` and `ID=1:TM=2:S=abc`.
fn parts(value: &[u8]) -> Vec<Range<usize>> {
    let value_end = value.len();
    let inner = |byte: &u8| matches!(byte, b':' | b'&');
    let is_list = value.split(inner).all(|piece| {
        memchr::memchr(b'=', piece).is_some_and(|at| at > 0 && at + 1 < piece.len() && at < 32)
    });
    if !is_list || value.ends_with(b"=") {
        let quoted = value.len() > 1 && value[0] == b'"' && value[value_end - 1] == b'"';
        let whole = if quoted {
            1..value_end - 1
        } else {
            0..value_end
        };
        return Vec::from([whole]);
    }
    let mut at = 0;
    let ranges = value.split(inner).map(|piece| {
        let start = at;
        at += piece.len() + 1;
        let equals = memchr::memchr(b'=', piece).unwrap_or(0);
        start + equals + 1..start + piece.len()
    });
    ranges.collect()
}

/// Schemes whose parameters the tables know.
const SCHEMES: &[&str] = &[
    "authsub",
    "googlelogin",
    "oauth",
    "digest",
    "aws4-hmac-sha256",
];

/// Parameters of any scheme that are no secret.
const PUBLIC: &[&str] = &[
    "realm",
    "algorithm",
    "uri",
    "username",
    "qop",
    "nc",
    "nonce",
    "cnonce",
    "opaque",
    "ts",
    "timestamp",
    "version",
    "keyid",
    "headers",
    "signedheaders",
    "credential",
    "id",
    "created",
    "expires",
    "sigalg",
    "scope",
];

/// What stands beside a cookie.
const ATTRIBUTES: &[&str] = &[
    "path", "domain", "expires", "max-age", "samesite", "version", "priority", "comment", "port",
];
