//! Authorization codes: once, for ten minutes, for one client, address and challenge (RFC 6749, 4.1.2; RFC 7636).
//!
//! Where a code comes a second time, somebody else may have had it: what came of it ends.

use std::{collections::HashMap, time::Duration};

use http::StatusCode;

use super::refuse;
use crate::{
    emulator::answer::Answer,
    scheme::oauth2::{CodeVerifier, ErrorCode},
    scope::ScopeNames,
    secret::Secret,
    time::Timestamp,
};

/// How long a code is good.
pub(super) const LIFETIME: Duration = Duration::from_secs(600);

/// What a code stands for.
#[derive(Clone)]
pub(super) struct Code {
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) challenge: Option<Challenge>,
    pub(super) user: String,
    pub(super) scopes: ScopeNames,
    pub(super) nonce: Option<String>,
    /// Whether a refresh token comes with it.
    pub(super) refreshable: bool,
    pub(super) family: String,
    pub(super) expires_at: Timestamp,
    pub(super) spent: bool,
}

/// The challenge of a link.
#[derive(Clone)]
pub(super) enum Challenge {
    S256(String),
    /// Google still takes the verifier itself (oauth2.md 4, 1).
    Plain(Secret),
}

impl Challenge {
    /// Reads what a link says; `None` without a challenge.
    pub(super) fn of(
        text: Option<&str>,
        method: Option<&str>,
    ) -> Result<Option<Self>, &'static str> {
        let Some(text) = text else {
            return match method {
                None => Ok(None),
                Some(_) => Err("code_challenge: expected one beside code_challenge_method"),
            };
        };
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if !(43..=128).contains(&text.len()) || !text.bytes().all(plain) {
            return Err("code_challenge: expected 43 to 128 letters, digits and - . _ ~");
        }
        match method {
            Some("S256") => Ok(Some(Self::S256(text.to_owned()))),
            // RFC 7636, 4.3: plain when the link does not say.
            None | Some("plain") => Ok(Some(Self::Plain(Secret::new(text)))),
            Some(_) => Err("code_challenge_method: expected S256 or plain"),
        }
    }

    fn is_answered_by(&self, verifier: &Secret) -> bool {
        match self {
            Self::S256(challenge) => CodeVerifier::new(verifier.clone())
                .is_ok_and(|verifier| verifier.answers(challenge)),
            Self::Plain(challenge) => challenge == verifier,
        }
    }
}

impl Code {
    /// Whether this is redeemed as it was asked for.
    pub(super) fn check(
        &self,
        client_id: &str,
        redirect_uri: Option<&str>,
        verifier: Option<&Secret>,
        now: Timestamp,
    ) -> Result<(), Answer> {
        let refuse = |code, description: &str, reason: &str| {
            Err(refuse(StatusCode::BAD_REQUEST, code, description, reason))
        };
        let bad = |reason| refuse(ErrorCode::InvalidGrant, "Bad Request", reason);
        if self.spent {
            return bad("code: redeemed before; what came of it has ended");
        }
        if self.expires_at <= now {
            return bad("code: its ten minutes are over");
        }
        if self.client_id != client_id {
            return bad("code: was given to another client");
        }
        if redirect_uri != Some(self.redirect_uri.as_str()) {
            return refuse(
                ErrorCode::RedirectUriMismatch,
                "Bad Request",
                "redirect_uri: not the one of the link",
            );
        }
        match (&self.challenge, verifier) {
            (None, None) => Ok(()),
            // [MEM] for the words of both.
            (Some(_), None) => refuse(
                ErrorCode::InvalidGrant,
                "Missing code verifier.",
                "code_verifier: expected the one behind the challenge, got none",
            ),
            (Some(challenge), Some(verifier)) if challenge.is_answered_by(verifier) => Ok(()),
            (Some(_), Some(_)) => refuse(
                ErrorCode::InvalidGrant,
                "Invalid code verifier.",
                "code_verifier: not the one behind the challenge",
            ),
            // UNVERIFIED at Google; RFC 9700, 4.8.2 asks for it.
            (None, Some(_)) => refuse(
                ErrorCode::InvalidGrant,
                "Bad Request",
                "code_verifier: the link had no code_challenge",
            ),
        }
    }
}

/// The codes that were given out, by text; those that were redeemed stay until they would have ended.
#[derive(Default)]
pub(super) struct Codes(HashMap<String, Code>);

impl Codes {
    /// Beyond this many the one that ends first is forgotten.
    const MAX: usize = 10_000;

    pub(super) fn keep(&mut self, text: String, code: Code, now: Timestamp) {
        if self.0.len() >= Self::MAX {
            self.0.retain(|_, code| code.expires_at > now);
        }
        if self.0.len() >= Self::MAX {
            let first = self.0.iter().min_by_key(|(_, code)| code.expires_at);
            if let Some(text) = first.map(|(text, _)| text.clone()) {
                self.0.remove(&text);
            }
        }
        self.0.insert(text, code);
    }

    pub(super) fn find(&self, text: &str) -> Option<&Code> {
        self.0.get(text)
    }

    pub(super) fn spend(&mut self, text: &str) {
        if let Some(code) = self.0.get_mut(text) {
            code.spent = true;
        }
    }

    pub(super) fn retain(&mut self, keep: impl Fn(&Code) -> bool) {
        self.0.retain(|_, code| keep(code));
    }
}
