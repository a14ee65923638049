//! Prose, scripts and everything else that no other reader takes: addresses, header lines, and names that stand
//! beside a value.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::bytes::{Regex, RegexBuilder};

use super::{Walk, shifted};
use crate::cassette::{
    Place,
    redact::edit::{self, Edit},
};

impl Walk<'_> {
    pub(super) fn loose(&mut self, text: &[u8]) -> Vec<Edit> {
        let mut edits = Vec::new();
        if text.len() >= SHORTEST && self.depth < super::DEEPEST && is_promising(text) {
            self.depth += 1;
            for found in ADDRESS.iter().flat_map(|regex| regex.find_iter(text)) {
                edits.extend(shifted(self.address(found.as_bytes()), found.start()));
            }
            for found in HEADER.iter().flat_map(|regex| regex.captures_iter(text)) {
                if let (Some(name), Some(value)) = (found.get(1), found.get(2)) {
                    let name = String::from_utf8_lossy(name.as_bytes());
                    let inside = self.field(Place::Header, &name, value.as_bytes());
                    edits.extend(shifted(inside, value.start()));
                }
            }
            edits.extend(self.patterns(text));
            self.depth -= 1;
        }
        self.eyes.text(self.spot, text);
        edit::settled(edits)
    }

    /// Names beside values, and addresses that are secret by their path.
    pub(super) fn patterns(&mut self, text: &[u8]) -> Vec<Edit> {
        let mut edits = Vec::new();
        if !is_promising(text) {
            return edits;
        }
        for (place, fixed, regex) in PATTERNS.iter() {
            for found in regex.captures_iter(text) {
                let (name, value) = match found.get(2) {
                    Some(value) => (found.get(1), Some(value)),
                    None => (None, found.get(1)),
                };
                let name = name.map_or_else(
                    || (*fixed).to_owned(),
                    |name| String::from_utf8_lossy(name.as_bytes()).into_owned(),
                );
                if let Some(value) = value {
                    let inside = self.field(*place, &name, value.as_bytes());
                    edits.extend(shifted(inside, value.start()));
                }
            }
        }
        edits
    }
}

/// Most texts have neither a telling name nor an address in them.
fn is_promising(text: &[u8]) -> bool {
    TELLING
        .as_ref()
        .is_none_or(|telling| telling.is_match(text))
}

static TELLING: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build([
            "token",
            "secret",
            "code",
            "passw",
            "assertion",
            "key",
            "oauth_",
            "bearer",
            "login",
            "authsub",
            "/private-",
            "/formdata",
            "authoriz",
            "cookie",
            "upload_id",
            "gsession",
            "location:",
            "referer:",
            "://",
        ])
        .ok()
});

static ADDRESS: LazyLock<Option<Regex>> =
    LazyLock::new(|| compiled(r#"\bhttps?://[^\s"'<>\\]+[?#@][^\s"'<>\\]*"#));

static HEADER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compiled(
        r"^[ \t]*((?:proxy-|x-serverless-|x-forwarded-)?authorization|cookie|set-cookie|x-goog-api-key|x-api-key|x-gdata-key|x-gdata-client-login-token|update-client-auth|x-auth-token|location|referer)[ \t]*:[ \t]*([^\r\n]+?)[ \t]*\r?$",
    )
});

static PATTERNS: LazyLock<Vec<(Place, &'static str, Regex)>> = LazyLock::new(|| {
    let compiled = |(place, name, pattern): &(Place, &'static str, &str)| {
        Some((*place, *name, compiled(pattern)?))
    };
    LOOSE.iter().filter_map(compiled).collect()
});

/// Place, name where the pattern has none, and the pattern: `(name)…(value)` or `(value)`.
const LOOSE: &[(Place, &str, &str)] = &[
    (
        Place::Param,
        "",
        r#"\b(access_?token|refresh_?token|id_?token|client_?secret|code_verifier|device_code|oauth_token|oauth_token_secret|oauth_verifier|oauth_signature|subject_token|client_assertion|assertion|passwd|password|api_?key|developerkey|authkey|upload_id|gsessionid|authorization_code)(?:\\*["'])?[ \t]*(?:=>|[:=])[ \t]*(?:\\*["'])?([^\s"'\\&<>,;(){}\[\]]{4,})"#,
    ),
    (Place::Param, "code", r"\bcode[ =:]+(4/[\w./~-]{8,})"),
    (
        Place::AuthParam,
        "access_token",
        r"\bbearer[ +]+([\w./~+-]{16,}=*)",
    ),
    (
        Place::AuthParam,
        "auth",
        r#"\bgooglelogin[ +]+auth=["']?([\w./~+-]{8,}=*)"#,
    ),
    (
        Place::AuthParam,
        "token",
        r#"\bauthsub[ +]+token=["']?([\w./~+-]{8,}=*)"#,
    ),
    // The address of a private calendar, and the one that a browser uploads to, let in whoever knows them.
    (Place::Param, "authkey", r"/private-([0-9a-f]{16,})\b"),
    (Place::Param, "authkey", r"/FormDataUpload/([\w-]{16,})"),
];

fn compiled(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern)
        .case_insensitive(true)
        .multi_line(true)
        .unicode(false)
        .build()
        .ok()
}

const SHORTEST: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    /// A pattern that is none would find nothing.
    #[test]
    fn every_pattern_is_looked_for() {
        assert!(ADDRESS.is_some() && HEADER.is_some() && TELLING.is_some());
        assert_eq!(PATTERNS.len(), LOOSE.len());
    }
}
