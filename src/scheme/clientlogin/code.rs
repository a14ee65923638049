//! The ten codes of `Error=`, what each means, and what to do about it.
//!
//! # Source
//! legacy-protocol.md 3.3.

use crate::error::{Advice, Kind};

/// What stands behind `Error=`.
///
/// # Examples
/// ```
/// use gdata_auth::clientlogin::ErrorCode;
///
/// assert_eq!(ErrorCode::read("CaptchaRequired"), ErrorCode::CaptchaRequired);
/// assert_eq!(ErrorCode::read("DeviceManagementRequired").as_str(), "DeviceManagementRequired");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorCode {
    /// The name or the password is wrong; or, with `Info=InvalidSecondFactor`, an app password is needed.
    BadAuthentication,
    /// The owner has not confirmed the address yet.
    NotVerified,
    /// The owner has not agreed to the terms.
    TermsNotAgreed,
    /// A CAPTCHA has to be answered.
    CaptchaRequired,
    /// The server does not say more; malformed requests got it as well.
    Unknown,
    /// The account has been deleted.
    AccountDeleted,
    /// The account has been disabled.
    AccountDisabled,
    /// The account may not use the service.
    ServiceDisabled,
    /// The service does not answer just now.
    ServiceUnavailable,
    /// A YouTube account that has become a Google account; only YouTube's endpoint sent it.
    AccountMigrated,
    /// A code that is none of these, as it was sent.
    Other(String),
}

/// What is told to the caller.
pub(super) struct Telling {
    pub(super) kind: Kind,
    pub(super) sentence: &'static str,
    pub(super) advice: Option<Advice>,
    pub(super) transient: bool,
}

impl ErrorCode {
    /// The ten that are known.
    pub const ALL: [Self; 10] = [
        Self::BadAuthentication,
        Self::NotVerified,
        Self::TermsNotAgreed,
        Self::CaptchaRequired,
        Self::Unknown,
        Self::AccountDeleted,
        Self::AccountDisabled,
        Self::ServiceDisabled,
        Self::ServiceUnavailable,
        Self::AccountMigrated,
    ];

    /// The code of that name, whatever its case; another is kept as it is.
    #[must_use]
    pub fn read(name: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|code| code.as_str().eq_ignore_ascii_case(name))
            .unwrap_or_else(|| Self::Other(name.to_owned()))
    }

    /// The name on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::BadAuthentication => "BadAuthentication",
            Self::NotVerified => "NotVerified",
            Self::TermsNotAgreed => "TermsNotAgreed",
            Self::CaptchaRequired => "CaptchaRequired",
            Self::Unknown => "Unknown",
            Self::AccountDeleted => "AccountDeleted",
            Self::AccountDisabled => "AccountDisabled",
            Self::ServiceDisabled => "ServiceDisabled",
            Self::ServiceUnavailable => "ServiceUnavailable",
            Self::AccountMigrated => "AccountMigrated",
            Self::Other(name) => name,
        }
    }

    /// What it means, in words.
    #[must_use]
    pub fn sentence(&self) -> &'static str {
        self.telling().sentence
    }

    /// None is [`Kind::Denied`], because nobody declined: the server refused. Where the owner can mend it by
    /// signing in anew, the advice is consent; where the account has to be mended first, it is its owner.
    pub(super) fn telling(&self) -> Telling {
        let sign_in = || Some(Advice::AskConsent { scopes: Vec::new() });
        let owner = || Some(Advice::AskAdmin);
        let (sentence, advice) = match self {
            Self::BadAuthentication => (
                "the server does not accept this name with this password",
                sign_in(),
            ),
            Self::NotVerified => ("the owner has to confirm the e-mail address first", owner()),
            Self::TermsNotAgreed => ("the owner has to agree to the terms first", owner()),
            Self::CaptchaRequired => ("the user has to answer a CAPTCHA", sign_in()),
            Self::Unknown => ("the server refused without a reason", None),
            Self::AccountDeleted => ("the account has been deleted", owner()),
            Self::AccountDisabled => ("the account has been disabled", owner()),
            Self::ServiceDisabled => ("the account may not use this service", owner()),
            Self::ServiceUnavailable => ("the service does not answer just now", None),
            Self::AccountMigrated => (
                "the YouTube account has become a Google account: sign in with that one",
                sign_in(),
            ),
            Self::Other(_) => ("the server refused for a reason of its own", None),
        };
        Telling {
            kind: Kind::Refused,
            sentence,
            advice,
            transient: *self == Self::ServiceUnavailable,
        }
    }
}
