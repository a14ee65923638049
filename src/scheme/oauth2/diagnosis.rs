//! Why a grant died: the server says `invalid_grant` for fifteen reasons, and the evidence tells them apart
//! (oauth2.md 5.4 and 5.5).

use std::{fmt, time::Duration};

use super::{ErrorCode, Refusal, reply::TESTING_LIFETIME};
use crate::{
    error::{Advice, Error, Kind},
    scope::ScopeNames,
    time::Timestamp,
};

/// What is known of a grant that was refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "evidence: each field may be left out"
)]
pub struct Evidence {
    /// When the user consented.
    pub consented_at: Option<Timestamp>,
    /// When the grant was last used with success.
    pub last_used_at: Option<Timestamp>,
    /// When the server said that the refresh token would end.
    pub refresh_expires_at: Option<Timestamp>,
    /// How many times this user consented to this client here.
    pub consents: u32,
    /// What was granted.
    pub scopes: ScopeNames,
    /// Whether it is an assertion that this machine's clock is part of.
    pub is_assertion: bool,
}

/// Why a grant may have died.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeathCause {
    /// Google's session control wants the user to sign in again; the grant lives.
    SessionControl,
    /// This machine's clock is wrong, so the assertion was not good.
    ClockSkew,
    /// The server had said when the refresh token would end.
    Ended,
    /// The consent screen of the project is in testing, where grants live seven days.
    TestingMode,
    /// Not used for six months.
    SixMonthsUnused,
    /// More than 100 refresh tokens of this user and client: the oldest die.
    TokenCap,
    /// The user changed their password, which ends grants with Gmail scopes.
    PasswordChanged,
    /// The user, or another client of the project, revoked it; or an administrator did.
    RevokedElsewhere,
}

/// A cause with the evidence for it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Likely {
    /// The cause.
    pub cause: DeathCause,
    /// What speaks for it, in words.
    pub evidence: String,
}

/// What a refused grant most likely died of; the source of the error that [`explain`](Self::explain) makes.
///
/// # Examples
/// ```
/// use gdata_auth::{Timestamp, oauth2::{DeathCause, Diagnosis, ErrorCode, Evidence, Refusal}};
///
/// let refusal = Refusal::new(ErrorCode::InvalidGrant, "Token has been expired or revoked.");
/// let day = 86_400;
/// let evidence = Evidence {
///     consented_at: Some(Timestamp::from_unix_seconds(0)),
///     ..Evidence::default()
/// };
/// let diagnosis = Diagnosis::of(refusal, &evidence, Timestamp::from_unix_seconds(7 * day + 60));
/// assert_eq!(diagnosis.likely()[0].cause, DeathCause::TestingMode);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    refusal: Refusal,
    likely: Vec<Likely>,
}

/// Around seven days: what is taken for the end of a grant in testing.
const TESTING_SPAN: std::ops::RangeInclusive<u64> =
    TESTING_LIFETIME.as_secs() - 43_200..=TESTING_LIFETIME.as_secs() + 43_200;
/// Six months, as days.
const UNUSED: Duration = Duration::from_secs(180 * 86_400);
/// From how many consents on the cap of 100 refresh tokens is near.
const NEAR_CAP: u32 = 90;
/// From how far apart on two clocks are blamed for an assertion.
const SKEW: Duration = Duration::from_secs(60);

impl Diagnosis {
    /// Ranks the causes, the most likely first. There is always one.
    #[must_use]
    pub fn of(refusal: Refusal, evidence: &Evidence, now: Timestamp) -> Self {
        let mut likely = Vec::new();
        let mut say = |cause, evidence: String| likely.push(Likely { cause, evidence });
        if refusal.wants_reauthentication() {
            let said = refusal.subtype().unwrap_or("reauth in its description");
            say(
                DeathCause::SessionControl,
                format!("the server says {said}"),
            );
        }
        if let Some(date) = refusal.date().filter(|_| evidence.is_assertion)
            && date.distance(now) > SKEW
        {
            let side = if now < date { "behind" } else { "ahead of" };
            let seconds = date.distance(now).as_secs();
            say(
                DeathCause::ClockSkew,
                format!("this clock is {seconds} s {side} the server's"),
            );
        }
        let age = evidence.consented_at.map(|at| at.distance(now).as_secs());
        if let Some(end) = evidence.refresh_expires_at.filter(|end| *end <= now) {
            let testing = evidence
                .consented_at
                .is_some_and(|at| at.distance(end) <= TESTING_LIFETIME);
            match testing {
                true => say(
                    DeathCause::TestingMode,
                    format!("the server gave it seven days, until {end}"),
                ),
                false => say(DeathCause::Ended, format!("the server gave it until {end}")),
            }
        } else if let Some(age) = age.filter(|age| TESTING_SPAN.contains(age)) {
            say(
                DeathCause::TestingMode,
                format!("it is {:.1} days old", age as f64 / 86_400.0),
            );
        }
        let unused = evidence.last_used_at.or(evidence.consented_at);
        if let Some(days) = unused
            .map(|at| at.distance(now))
            .filter(|span| *span > UNUSED)
        {
            let days = days.as_secs() / 86_400;
            say(
                DeathCause::SixMonthsUnused,
                format!("last used {days} days ago"),
            );
        }
        if evidence.consents > NEAR_CAP {
            let consents = evidence.consents;
            say(
                DeathCause::TokenCap,
                format!("the user has consented {consents} times here"),
            );
        }
        if evidence.scopes.iter().any(is_gmail) {
            say(
                DeathCause::PasswordChanged,
                "it has a Gmail scope".to_owned(),
            );
        }
        say(
            DeathCause::RevokedElsewhere,
            "what is left: revoked at https://myaccount.google.com/permissions, by another client of the project, or \
             by an administrator"
                .to_owned(),
        );
        Self { refusal, likely }
    }

    /// The causes, the most likely first; never empty.
    #[must_use]
    pub fn likely(&self) -> &[Likely] {
        &self.likely
    }

    /// What the server said.
    #[must_use]
    pub fn refusal(&self) -> &Refusal {
        &self.refusal
    }

    /// Whether the grant is dead, so that it is of no use to try it again.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.refusal.code() == Some(&ErrorCode::InvalidGrant)
            && !self.likely.iter().any(|one| {
                matches!(
                    one.cause,
                    DeathCause::SessionControl | DeathCause::ClockSkew
                )
            })
    }

    /// The error for the caller: the most likely cause with its evidence, and what to do.
    #[must_use]
    pub fn explain(self) -> Error {
        let Some(first) = self.likely.first() else {
            return self.refusal.into();
        };
        let further: Vec<&str> = self.likely[1..]
            .iter()
            .filter(|one| one.cause != DeathCause::RevokedElsewhere)
            .map(|one| one.cause.sentence())
            .collect();
        let further = match further.is_empty() {
            true => String::new(),
            false => format!("; or {}", further.join("; or ")),
        };
        let message = format!(
            "the server refused the grant ({}); most likely {}: {}{further}",
            self.refusal,
            first.cause.sentence(),
            first.evidence,
        );
        let advice = first.cause.advice();
        Error::new(Kind::Revoked, message)
            .advising(advice)
            .caused_by(self)
    }
}

impl DeathCause {
    /// The cause in words.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::SessionControl => "the organisation's session control asks for a new sign-in",
            Self::ClockSkew => "a wrong clock",
            Self::Ended => "its time was over",
            Self::TestingMode => {
                "the project's consent screen is in testing, where grants live seven days: publish it, then ask for \
                 consent anew"
            }
            Self::SixMonthsUnused => "it was not used for six months",
            Self::TokenCap => {
                "more than 100 refresh tokens of this user and client, of which the oldest die"
            }
            Self::PasswordChanged => "the user changed the password, which ends Gmail grants",
            Self::RevokedElsewhere => "it was revoked",
        }
    }

    /// What to do.
    #[must_use]
    pub fn advice(self) -> Advice {
        match self {
            Self::SessionControl => Advice::Reauthenticate,
            Self::ClockSkew => Advice::FixClock,
            Self::TestingMode
            | Self::Ended
            | Self::SixMonthsUnused
            | Self::TokenCap
            | Self::PasswordChanged
            | Self::RevokedElsewhere => Advice::AskConsent { scopes: Vec::new() },
        }
    }
}

fn is_gmail(name: &str) -> bool {
    name == "https://mail.google.com/" || name.starts_with("https://www.googleapis.com/auth/gmail.")
}

/// The causes, one a line, the most likely first.
impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.refusal)?;
        for one in &self.likely {
            write!(f, "\n- {}: {}", one.cause.sentence(), one.evidence)?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnosis {}
