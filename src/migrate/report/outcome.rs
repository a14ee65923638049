//! What became of a user, in one word.

use serde::Serialize;

use crate::migrate::campaign::State;

/// What became of a user, by whatever way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UserOutcome {
    /// By the migration grant, without being asked.
    Moved,
    /// By consent to all that was asked for.
    Consented,
    /// Had a refresh token of OAuth 2.0, which an import keeps.
    Imported,
    /// Had a grant of OAuth 2.0 that covers it before.
    Kept,
    /// By consent to a part.
    Partial,
    /// Signed in, and allowed nothing.
    Nothing,
    /// Said no.
    Declined,
    /// Came by another account.
    WrongAccount,
    /// Was invited, and has not decided.
    Waiting,
    /// Let the link end.
    Expired,
    /// Has a refresh token of OAuth 2.0 that is good, and is not kept yet.
    ToImport,
    /// Nobody to ask: a service account does what its credential was for.
    Delegated,
    /// Has to be asked, and was not invited.
    ToInvite,
    /// The server could not be reached for its token.
    ToTryAgain,
}

impl UserOutcome {
    /// The word of it in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Moved => "moved",
            Self::Consented => "consented",
            Self::Imported => "imported",
            Self::Kept => "kept",
            Self::Partial => "partial",
            Self::Nothing => "nothing",
            Self::Declined => "declined",
            Self::WrongAccount => "wrong_account",
            Self::Waiting => "waiting",
            Self::Expired => "expired",
            Self::ToImport => "to_import",
            Self::Delegated => "delegated",
            Self::ToInvite => "to_invite",
            Self::ToTryAgain => "to_try_again",
        }
    }

    /// What it is called for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Moved => "moved by the migration grant, without being asked",
            Self::Consented => "consented",
            Self::Imported => "had a token of OAuth 2.0, kept by import",
            Self::Kept => "had a grant of OAuth 2.0 before",
            Self::Partial => "consented to a part",
            Self::Nothing => "signed in and allowed nothing",
            Self::Declined => "declined",
            Self::WrongAccount => "used another account",
            Self::Waiting => "invited, has not decided",
            Self::Expired => "let the link end",
            Self::ToImport => "has a token of OAuth 2.0 that is not kept yet",
            Self::Delegated => "a service account takes its place",
            Self::ToInvite => "has to be invited",
            Self::ToTryAgain => "its token could not be exchanged yet",
        }
    }

    /// Whether the new credential is there.
    pub(super) fn is_done(self) -> bool {
        matches!(
            self,
            Self::Moved | Self::Consented | Self::Imported | Self::Kept
        )
    }

    pub(super) fn of_state(state: State) -> Self {
        match state {
            State::Invited | State::Opened => Self::Waiting,
            State::Consented => Self::Consented,
            State::Partial => Self::Partial,
            State::Nothing => Self::Nothing,
            State::Declined => Self::Declined,
            State::WrongAccount => Self::WrongAccount,
            State::Expired => Self::Expired,
        }
    }

    pub(super) fn of_grant(word: &str) -> Self {
        match word {
            "moved" | "already" => Self::Moved,
            "kept" => Self::Kept,
            "unreachable" => Self::ToTryAgain,
            _ => Self::ToInvite,
        }
    }
}
