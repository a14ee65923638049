//! How a signed request is refused, by each of the doors that it may have come to.

use http::StatusCode;

use crate::emulator::{answer::Answer, gate};

/// The one text that a trace of Google's shows, with its two line feeds (legacy-protocol.md 4).
pub(super) fn invalid(reason: &str) -> Answer {
    Answer::plain(StatusCode::BAD_REQUEST, "The token is invalid.\n\n").because(reason)
}

/// Why a signed request was refused, by the names of OAuth's problem reporting extension.
pub(in crate::emulator) struct Problem {
    pub(super) name: &'static str,
    reason: String,
    pub(super) base_string: Option<String>,
}

impl Problem {
    pub(super) fn new(name: &'static str, reason: impl Into<String>) -> Self {
        Self {
            name,
            reason: reason.into(),
            base_string: None,
        }
    }

    pub(super) fn absent(parameter: &str) -> Self {
        Self::new(
            "parameter_absent",
            format!("{parameter}: expected the parameter, got none"),
        )
    }

    /// For the token calls: 400 with the problem, and the base string of a wrong signature (UNVERIFIED).
    pub(super) fn answer(self) -> Answer {
        if matches!(self.name, "token_rejected" | "token_revoked") {
            return invalid(&self.reason);
        }
        let body = match self.base_string {
            Some(base) => format!("{}\nbase_string:{base}\n", self.name),
            None => format!("{}\n", self.name),
        };
        Answer::plain(StatusCode::BAD_REQUEST, &body).because(self.reason)
    }

    /// For AuthSub's endpoints: 403 in HTML.
    pub(super) fn forbidden(self) -> Answer {
        Answer::refusal(StatusCode::FORBIDDEN, gate::INVALID).because(self.reason)
    }

    /// For feeds: the text that AuthSub's tokens got, which clients took as the sign to renew
    /// (legacy-protocol.md 1.8).
    pub(super) fn feed(self) -> Answer {
        let message = match self.name {
            "token_revoked" => gate::REVOKED,
            _ => gate::INVALID,
        };
        gate::refusal(message, &self.reason)
    }

    /// For the token endpoint of OAuth 2.0.
    pub(in crate::emulator) fn reason(self) -> String {
        self.reason
    }
}
