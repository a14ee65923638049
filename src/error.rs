//! The one error type of the crate: what went wrong, whose fault it is, and what to do next.
//!
//! An [`Error`] is opaque. Callers ask it questions: [`kind`](Error::kind) for the class,
//! [`fault`](Error::fault) for the blame, [`is_transient`](Error::is_transient) and
//! [`needs_user`](Error::needs_user) for control flow, [`advice`](Error::advice) for the next step.
//! A typed refusal, where a server sent one, is its [`source`](std::error::Error::source).
//!
//! This module refuses to know protocols. No message built here may hold a secret; `tests/canary.rs`
//! looks for them.

use std::{borrow::Cow, error::Error as StdError, fmt, sync::Arc, time::Duration};

type Source = Arc<dyn StdError + Send + Sync + 'static>;

/// Any failure of this crate.
///
/// `Display` is one line, lower case, that says what was expected and what came. It never holds a
/// token, key, password or signature. A clone shares the source: one failed refresh is told to all who waited for it.
///
/// # Examples
/// ```
/// use gdata_auth::{Kind, authsub::AuthSubRequest};
///
/// let error = AuthSubRequest::new("upload.html").unwrap_err();
/// assert_eq!(error.kind(), Kind::Input);
/// assert_eq!(error.to_string(), "next: expected an absolute http or https address, got one without a scheme");
/// ```
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: Kind,
    message: Cow<'static, str>,
    advice: Option<Advice>,
    transient: bool,
    source: Option<Source>,
}

/// What class of failure it is: closed, one word each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "closed on purpose: a caller's match over kinds stays complete"
)]
pub enum Kind {
    /// The caller gave a value that cannot be sent; the message names the field.
    Input,
    /// A key, certificate or key file cannot be read or used.
    Key,
    /// The peer's message cannot be understood; the message names the field.
    Reply,
    /// The user declined.
    Denied,
    /// The credential has expired.
    Expired,
    /// The credential was revoked, or the server no longer knows it.
    Revoked,
    /// The credential does not cover the address.
    Scope,
    /// The server refused for a reason of its own; the source says which.
    Refused,
    /// A quota or a rate limit is used up.
    Quota,
    /// The protocol is switched off at this server.
    Retired,
    /// A signature does not verify, or is missing where one is needed.
    Signature,
    /// Known, and not done here; the message says what to use instead.
    Unsupported,
    /// The medium failed: no connection, a timeout, a torn or oversized body, a full disk.
    Transport,
}

/// Whose fault a failure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "there is no fourth party")]
pub enum Fault {
    /// This program, or the values it was given.
    Caller,
    /// The server, or the user in front of it.
    Peer,
    /// What lies between.
    Medium,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Advice {
    /// Send it again, after this long where the server said so.
    Retry {
        /// The delay that the server asked for.
        after: Option<Duration>,
    },
    /// Send the user through consent again, with these scopes where they are known.
    AskConsent {
        /// Scopes to ask for; empty when the old ones will do.
        scopes: Vec<String>,
    },
    /// Correct the program or its configuration; the message names the field.
    FixClient,
    /// Ask for a scope that covers the address.
    FixScope {
        /// The scope to ask for.
        needed: String,
    },
    /// Set this machine's clock.
    FixClock,
    /// The user has to sign in again; the consent stands, and the grant is not dead.
    Reauthenticate,
    /// An administrator or the owner of the account has to act.
    AskAdmin,
    /// Move to the named successor: this protocol does not come back.
    Migrate {
        /// Where to go, in a few words.
        to: &'static str,
    },
}

impl Error {
    /// A failure of `kind` with its one-line message.
    pub(crate) fn new(kind: Kind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            advice: None,
            transient: false,
            source: None,
        }))
    }

    /// [`Kind::Input`]: `field` holds something that cannot be sent.
    pub(crate) fn input(field: &str, problem: impl fmt::Display) -> Self {
        Self::new(Kind::Input, format!("{field}: {problem}"))
    }

    /// [`Kind::Reply`]: `field` of what the peer sent cannot be understood.
    pub(crate) fn reply(field: &str, problem: impl fmt::Display) -> Self {
        Self::new(Kind::Reply, format!("{field}: {problem}"))
    }

    /// Keeps the cause.
    pub(crate) fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into().into());
        self
    }

    /// Names the next step where the kind alone does not tell it.
    pub(crate) fn advising(mut self, advice: Advice) -> Self {
        self.0.advice = Some(advice);
        self
    }

    /// Marks a failure that may pass by itself.
    pub(crate) fn transient(mut self, transient: bool) -> Self {
        self.0.transient = transient;
        self
    }

    /// The class of the failure.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// True when the same request may succeed later without any change.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.0.transient
    }

    /// True when only a person can go on: consent, sign-in, an administrator.
    #[must_use]
    pub fn needs_user(&self) -> bool {
        matches!(
            self.advice(),
            Advice::AskConsent { .. }
                | Advice::Reauthenticate
                | Advice::AskAdmin
                | Advice::FixScope { .. }
        )
    }

    /// Whose fault it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self.0.kind {
            Kind::Input | Kind::Key | Kind::Unsupported => Fault::Caller,
            Kind::Transport => Fault::Medium,
            Kind::Reply
            | Kind::Denied
            | Kind::Expired
            | Kind::Revoked
            | Kind::Scope
            | Kind::Refused
            | Kind::Quota
            | Kind::Retired
            | Kind::Signature => Fault::Peer,
        }
    }

    /// What to do next.
    #[must_use]
    pub fn advice(&self) -> Advice {
        if let Some(advice) = &self.0.advice {
            return advice.clone();
        }
        if self.0.transient {
            return Advice::Retry { after: None };
        }
        match self.0.kind {
            Kind::Input
            | Kind::Key
            | Kind::Unsupported
            | Kind::Reply
            | Kind::Refused
            | Kind::Signature => Advice::FixClient,
            Kind::Transport | Kind::Quota => Advice::Retry { after: None },
            Kind::Denied | Kind::Expired | Kind::Revoked | Kind::Scope => {
                Advice::AskConsent { scopes: Vec::new() }
            }
            Kind::Retired => Advice::Migrate { to: "OAuth 2.0" },
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Error");
        out.field("kind", &self.0.kind)
            .field("message", &self.0.message);
        if let Some(source) = &self.0.source {
            out.field("source", &format_args!("{source}"));
        }
        out.finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
