//! Why a server refuses a signed request: the words of the problem reporting extension, and what they mean.
//!
//! A server may say `oauth_problem=…` in the challenge or in the body. Google's own words are not known but
//! for `The token is invalid.` (legacy-protocol.md 4), so a bare word of the table at the beginning of the
//! body counts too. What is none of these is read as any gdata refusal.
//!
//! Source: the OAuth Problem Reporting extension of 2008; legacy-protocol.md 4, marked UNVERIFIED there.

use bytes::Bytes;
use http::Response;

use crate::{
    error::{Advice, Error, Kind},
    gdata::Refusal,
    scope::ScopeSet,
    wire::query::Pairs,
};

/// A word of the extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The word on the wire.
    pub word: &'static str,
    /// What it means.
    pub sentence: &'static str,
    /// The class of the failure.
    pub kind: Kind,
    /// Whether the clock is at fault.
    pub clock: bool,
    /// Whether the same call may succeed with a fresh stamp.
    pub transient: bool,
}

impl Problem {
    /// All words that are known.
    pub const ALL: &[Self] = &[
        plain(
            "version_rejected",
            "the server does not take this oauth_version",
            Kind::Refused,
        ),
        plain(
            "parameter_absent",
            "the server misses a parameter",
            Kind::Refused,
        ),
        plain(
            "parameter_rejected",
            "the server does not take a parameter",
            Kind::Refused,
        ),
        Self {
            clock: true,
            ..plain(
                "timestamp_refused",
                "the timestamp is too far from the server's clock",
                Kind::Signature,
            )
        },
        Self {
            transient: true,
            ..plain(
                "nonce_used",
                "the server has seen this nonce before",
                Kind::Refused,
            )
        },
        plain(
            "signature_method_rejected",
            "the server does not take this signature method of this consumer",
            Kind::Refused,
        ),
        plain(
            "signature_invalid",
            "the server computes another signature",
            Kind::Signature,
        ),
        plain(
            "consumer_key_unknown",
            "the server does not know the consumer",
            Kind::Refused,
        ),
        plain(
            "consumer_key_rejected",
            "the server does not take this consumer",
            Kind::Refused,
        ),
        plain(
            "consumer_key_refused",
            "the server refuses this consumer for now",
            Kind::Refused,
        ),
        plain(
            "token_used",
            "the token was exchanged before",
            Kind::Revoked,
        ),
        plain("token_expired", "the token has expired", Kind::Expired),
        plain("token_revoked", "the token has been revoked", Kind::Revoked),
        plain(
            "token_rejected",
            "the server no longer accepts the token",
            Kind::Revoked,
        ),
        plain(
            "additional_authorization_required",
            "the token does not cover this",
            Kind::Scope,
        ),
        plain(
            "permission_unknown",
            "the user has not decided yet",
            Kind::Refused,
        ),
        plain("permission_denied", "the user declined", Kind::Denied),
        plain("user_refused", "the user declined", Kind::Denied),
    ];

    /// The word that a refusal uses, if it uses one.
    #[must_use]
    pub fn read(answer: &Response<Bytes>) -> Option<&'static Self> {
        if answer.status().as_u16() < 400 {
            return None;
        }
        let challenge = Refusal::read(answer)?
            .challenge()
            .and_then(|challenge| challenge.param("oauth_problem"))
            .map(str::to_owned);
        let body = &answer.body()[..answer.body().len().min(MOST)];
        let text = String::from_utf8_lossy(body);
        let form = Pairs::parse(text.trim()).ok();
        let named = form.as_ref().and_then(|form| form.first("oauth_problem"));
        let end = text
            .trim_start()
            .find(|c: char| c != '_' && !c.is_ascii_lowercase());
        let first = text
            .trim_start()
            .split_at_checked(end.unwrap_or(text.trim_start().len()));
        let word = challenge
            .as_deref()
            .or(named)
            .or_else(|| first.map(|(word, _)| word))?;
        Self::ALL.iter().find(|problem| problem.word == word)
    }
}

/// The error of a refusal; `None` when the answer is none.
pub(super) fn explain(scopes: &ScopeSet, address: &str, answer: &Response<Bytes>) -> Option<Error> {
    let refusal = Refusal::read(answer)?;
    let Some(problem) = Problem::read(answer) else {
        let scopes = Some(scopes).filter(|scopes| !scopes.is_empty());
        return Some(refusal.explain(scopes, address));
    };
    let message = format!(
        "{} ({}: {})",
        problem.sentence,
        refusal.status().as_u16(),
        problem.word
    );
    let error = Error::new(problem.kind, message).transient(problem.transient);
    let error = if problem.clock {
        error.advising(Advice::FixClock)
    } else {
        error
    };
    Some(error.caused_by(refusal))
}

const fn plain(word: &'static str, sentence: &'static str, kind: Kind) -> Problem {
    Problem {
        word,
        sentence,
        kind,
        clock: false,
        transient: false,
    }
}

/// The most bytes of a body that are looked at.
const MOST: usize = 8 * 1024;
