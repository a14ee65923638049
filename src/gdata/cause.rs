//! Why a gdata server refuses: one table from what servers say to what it means, and one from there to what
//! the caller should do.
//!
//! Servers said the same thing in HTML, in `<errors>` and in JSON, and some of it in old words for new
//! tokens: `Invalid AuthSub token` also met OAuth 2.0 (legacy-protocol.md 9, quirk 25). So [`RULES`] goes
//! from codes over phrases to bare statuses, and the first rule that fits decides.
//!
//! # Source
//! legacy-protocol.md 1.8, 2.5, 3.3 and 9; for the codes of JSON replies oauth2.md 5.5.

use crate::error::{Advice, Kind};

/// Why the server refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// The server does not know the token, or no longer.
    InvalidToken,
    /// The token is past its time.
    Expired,
    /// The user or the server took the token back.
    Revoked,
    /// The token does not cover the address.
    WrongScope,
    /// The `Authorization` header names a scheme that the server does not know.
    UnknownHeader,
    /// The signature does not verify.
    Signature,
    /// The user may not do this.
    Forbidden,
    /// A quota is used up.
    Quota,
    /// The service is down for maintenance.
    Maintenance,
    /// The account has no channel yet.
    SignupRequired,
    /// The request holds something the service does not take.
    Validation,
    /// The thing is not, or no longer, as the request expects.
    Precondition,
    /// There is nothing at that address.
    NotFound,
    /// The protocol or service has been switched off.
    Retired,
    /// The server failed.
    Server,
    /// None of these.
    Other,
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mark {
    /// An error of this domain and code, either of them empty for any.
    Code {
        /// The domain.
        domain: &'static str,
        /// The code, or the reason of a JSON reply.
        code: &'static str,
    },
    /// This phrase somewhere in the message, without regard to case.
    Phrase(&'static str),
    /// Nothing but the status.
    Status,
}

/// One line of [`RULES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rule {
    /// The statuses the rule is for, ends included.
    pub statuses: (u16, u16),
    /// What has to be there.
    pub mark: Mark,
    /// What it means.
    pub cause: Cause,
    /// Whether it may pass by itself.
    pub transient: bool,
}

/// What is told to the caller.
pub(super) struct Telling {
    pub(super) kind: Kind,
    /// The beginning of the message.
    pub(super) sentence: &'static str,
    /// The next step, where the kind does not tell it.
    pub(super) advice: Option<Advice>,
}

impl Rule {
    /// The first of [`RULES`] that fits; `codes` are pairs of domain and code.
    pub(super) fn find(
        status: u16,
        codes: &[(&str, &str)],
        message: &str,
    ) -> Option<&'static Self> {
        let message = message.to_lowercase();
        RULES.iter().find(|rule| {
            let (first, last) = rule.statuses;
            let marked = match rule.mark {
                Mark::Code { domain, code } => codes.iter().any(|(had_domain, had_code)| {
                    (domain.is_empty() || domain == *had_domain)
                        && (code.is_empty() || code == *had_code)
                }),
                Mark::Phrase(phrase) => message.contains(&phrase.to_lowercase()),
                Mark::Status => true,
            };
            (first..=last).contains(&status) && marked
        })
    }
}

impl Cause {
    pub(super) fn telling(self) -> Telling {
        let (kind, sentence, advice) = match self {
            Self::InvalidToken => (
                Kind::Revoked,
                "the server no longer accepts the token",
                None,
            ),
            Self::Expired => (Kind::Expired, "the token has expired", None),
            Self::Revoked => (Kind::Revoked, "the token has been revoked", None),
            Self::WrongScope => (Kind::Scope, "the token does not cover this address", None),
            Self::UnknownHeader => (
                Kind::Refused,
                "the server does not know this kind of authorization header",
                None,
            ),
            Self::Signature => (
                Kind::Signature,
                "the server does not accept the signature",
                None,
            ),
            Self::Forbidden => (
                Kind::Refused,
                "the user may not do this",
                Some(Advice::AskAdmin),
            ),
            Self::Quota => (Kind::Quota, "a quota is used up", None),
            Self::Maintenance => (Kind::Refused, "the service is down for maintenance", None),
            Self::SignupRequired => (
                Kind::Refused,
                "the account has no YouTube channel: its owner has to create one",
                Some(Advice::AskAdmin),
            ),
            Self::Validation => (
                Kind::Refused,
                "the service does not take this request",
                None,
            ),
            Self::Precondition => (
                Kind::Refused,
                "the thing is not as the request expects: read it again, or leave If-Match out",
                None,
            ),
            Self::NotFound => (Kind::Refused, "there is nothing at this address", None),
            Self::Retired => (
                Kind::Retired,
                "this has been switched off at the server",
                None,
            ),
            Self::Server => (Kind::Refused, "the server failed", None),
            Self::Other => (Kind::Refused, "the server refused", None),
        };
        Telling {
            kind,
            sentence,
            advice,
        }
    }
}

/// What servers say, and what it means; the first line that fits decides.
pub const RULES: &[Rule] = &[
    // codes: legacy-protocol.md 2.5
    coded("yt:quota", "too_many_recent_calls", Cause::Quota, true),
    coded("yt:quota", "too_many_entries", Cause::Quota, false),
    coded("yt:quota", "", Cause::Quota, true),
    coded(
        "yt:service",
        "disabled_in_maintenance_mode",
        Cause::Maintenance,
        true,
    ),
    coded(
        "yt:service",
        "youtube_signup_required",
        Cause::SignupRequired,
        false,
    ),
    coded("yt:authentication", "TokenExpired", Cause::Expired, false),
    coded(
        "yt:authentication",
        "InvalidToken",
        Cause::InvalidToken,
        false,
    ),
    coded("yt:validation", "", Cause::Validation, false),
    coded("GData", "etagsUnsupported", Cause::Precondition, false),
    // reasons of JSON replies: oauth2.md 5.5
    coded("", "rateLimitExceeded", Cause::Quota, true),
    coded("", "userRateLimitExceeded", Cause::Quota, true),
    coded("", "quotaExceeded", Cause::Quota, false),
    coded("", "dailyLimitExceeded", Cause::Quota, false),
    coded("", "insufficientPermissions", Cause::WrongScope, false),
    coded("", "youtubeSignupRequired", Cause::SignupRequired, false),
    // phrases: legacy-protocol.md 1.8
    phrased(400, 499, "token has wrong scope", Cause::WrongScope),
    phrased(
        400,
        499,
        "Token disabled, revoked, or expired",
        Cause::Revoked,
    ),
    phrased(400, 499, "Token revoked", Cause::Revoked),
    phrased(400, 499, "Token expired", Cause::Expired),
    phrased(
        400,
        499,
        "Unknown authorization header",
        Cause::UnknownHeader,
    ),
    phrased(400, 499, "Cannot parse AuthSub token", Cause::InvalidToken),
    phrased(400, 499, "Invalid AuthSub token", Cause::InvalidToken),
    phrased(400, 499, "Token invalid", Cause::InvalidToken),
    phrased(400, 499, "The token is invalid", Cause::InvalidToken),
    phrased(400, 499, "signature_invalid", Cause::Signature),
    // 3.3: a page of documentation where an endpoint was
    phrased(404, 404, "https://developers.google.com/", Cause::Retired),
    // statuses alone
    bare(400, 400, Cause::Validation, false),
    bare(401, 401, Cause::InvalidToken, false),
    bare(403, 403, Cause::Forbidden, false),
    bare(404, 404, Cause::NotFound, false),
    bare(409, 409, Cause::Precondition, false),
    bare(410, 410, Cause::Retired, false),
    bare(412, 412, Cause::Precondition, false),
    bare(413, 413, Cause::Validation, false),
    bare(429, 429, Cause::Quota, true),
    bare(501, 501, Cause::Server, false),
    bare(500, 599, Cause::Server, true),
];

const fn coded(domain: &'static str, code: &'static str, cause: Cause, transient: bool) -> Rule {
    Rule {
        statuses: (400, 599),
        mark: Mark::Code { domain, code },
        cause,
        transient,
    }
}

const fn phrased(first: u16, last: u16, phrase: &'static str, cause: Cause) -> Rule {
    Rule {
        statuses: (first, last),
        mark: Mark::Phrase(phrase),
        cause,
        transient: false,
    }
}

const fn bare(first: u16, last: u16, cause: Cause, transient: bool) -> Rule {
    Rule {
        statuses: (first, last),
        mark: Mark::Status,
        cause,
        transient,
    }
}
