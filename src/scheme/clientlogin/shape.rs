//! What a token looks like: a hint for messages and imports, never a reason to refuse one.

/// The shape of a token's text.
///
/// # Examples
/// ```
/// use gdata_auth::clientlogin::TokenShape;
///
/// assert_eq!(TokenShape::of("DQAAAGgA7DCTN_-x"), TokenShape::Google);
/// assert_eq!(TokenShape::of("alice/0123abcd0123abcd"), TokenShape::Reader);
/// assert_eq!(TokenShape::of("ya29.a0Af"), TokenShape::AnotherProtocol);
/// assert_eq!(TokenShape::of("LyTEJPvTJiSPrCxLu46d"), TokenShape::Unknown);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenShape {
    /// `DQAA…`, as Google's began (legacy-protocol.md 3.2).
    Google,
    /// `user/hex`, as FreshRSS and Miniflux make them.
    Reader,
    /// `1/…`, `4/…` or `ya29.…`: a token of AuthSub or OAuth, which a `GoogleLogin` header cannot use
    /// (legacy-protocol.md 7; 9, quirk 1).
    AnotherProtocol,
    /// None of these; The Old Reader's are plain letters and digits.
    Unknown,
}

impl TokenShape {
    /// The shape of `token`.
    #[must_use]
    pub fn of(token: &str) -> Self {
        // A user may be called 1, so a digest decides before the number does.
        if token.rsplit_once('/').is_some_and(is_name_and_digest) {
            return Self::Reader;
        }
        match token {
            _ if token.starts_with("DQAA") => Self::Google,
            _ if ["1/", "4/", "ya29."]
                .iter()
                .any(|start| token.starts_with(start)) =>
            {
                Self::AnotherProtocol
            }
            _ => Self::Unknown,
        }
    }
}

/// Digests in use have 40 (SHA-1) or 64 (SHA-256) digits; shorter ones occur in documentation.
fn is_name_and_digest((name, digest): (&str, &str)) -> bool {
    !name.is_empty() && digest.len() >= 8 && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
}
