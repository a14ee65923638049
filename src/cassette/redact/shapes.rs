//! What secrets look like, whatever the field: the prefixes that services give their tokens.

use std::sync::LazyLock;

use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

/// A shape.
pub(super) struct Shape {
    pub(super) name: &'static str,
    pub(super) pattern: &'static str,
}

/// The shapes that a text has, each with what has it.
pub(super) fn find(text: &[u8]) -> Vec<(&'static Shape, std::ops::Range<usize>)> {
    let Some((set, each)) = COMPILED.as_ref() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for at in set.matches(text) {
        let of = each[at]
            .captures_iter(text)
            .filter_map(|found| found.get(1));
        found.extend(of.map(|one| (&SHAPES[at], one.range())));
    }
    found
}

/// Letters of ASCII alone: tables of Unicode under a `{30,}` are larger than a pattern may be.
static COMPILED: LazyLock<Option<(RegexSet, Vec<Regex>)>> = LazyLock::new(|| {
    let patterns = SHAPES.iter().map(|shape| shape.pattern);
    let one = |pattern| RegexBuilder::new(pattern).unicode(false).build();
    let each: Result<Vec<Regex>, _> = patterns.clone().map(one).collect();
    let set = RegexSetBuilder::new(patterns).unicode(false).build();
    Some((set.ok()?, each.ok()?))
});

const fn shape(name: &'static str, pattern: &'static str) -> Shape {
    Shape { name, pattern }
}

/// The first group is the secret. A path such as `/1/` is none, so the bare `1/` wants more after it than `1//0`.
pub(super) const SHAPES: &[Shape] = &[
    shape("an access token of Google", r"\b(ya29\.[\w.-]{20,})"),
    shape(
        "a refresh token of Google",
        r"(?:^|[^\w./-])(1//?0[\w-]{30,})",
    ),
    shape(
        "a token of AuthSub or OAuth",
        r"(?:^|[^\w./-])(1/[A-Za-z0-9_-]{40,})",
    ),
    shape(
        "an authorization code of Google",
        r"(?:^|[^\w./-])(4/[0-9A-Za-z_.-]{20,})",
    ),
    shape("a token of ClientLogin", r"\b(DQAA[\w-]{40,})"),
    shape("an API key of Google", r"\b(AIza[\w-]{35})"),
    shape("a client secret of Google", r"\b(GOCSPX-[\w-]{20,})"),
    shape("a developer key of YouTube", r"\b(AI39si[\w-]{30,})"),
    shape(
        "a JSON Web Token",
        r"\b(eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,})",
    ),
    shape(
        "a private key",
        r"(-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----[A-Za-z0-9+/=\s\\]{16,})",
    ),
    shape("a private key in JWK", r#""d"\s*:\s*"([\w-]{40,})""#),
    shape(
        "a token of GitHub",
        r"\b((?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,}))",
    ),
    shape("a token of GitLab", r"\b(glpat-[\w-]{20,})"),
    shape("a token of Slack", r"\b(xox[abeoprs]-[\w-]{10,})"),
    shape(
        "a webhook of Slack",
        r"hooks\.slack\.com/services/([\w/]{20,})",
    ),
    shape("a key of AWS", r"\b((?:AKIA|ASIA)[0-9A-Z]{16})\b"),
    shape("a secret key", r"\b(sk-(?:[a-z]+-)?[A-Za-z0-9_-]{24,})"),
    shape(
        "a key of Stripe",
        r"\b([srp]k_(?:live|test)_[A-Za-z0-9]{16,})",
    ),
    shape("a token of npm", r"\b(npm_[A-Za-z0-9]{36})\b"),
    shape(
        "a password in an address",
        r"\b[a-z][a-z0-9+.-]{1,10}://[^\s/:@]{1,64}:([^\s/:@]{3,64})@",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// A pattern that is none would let everything pass.
    #[test]
    fn every_shape_is_looked_for() {
        let (set, each) = COMPILED.as_ref().expect("all patterns compile");
        assert_eq!((set.len(), each.len()), (SHAPES.len(), SHAPES.len()));
    }
}
