//! Ending legacy credentials at servers that still know them.

use crate::{
    error::{Error, Kind},
    migrate::google,
    scheme::{AuthScheme, authsub, oauth1},
    time::Stamp,
    transport::{Transport, run},
};

/// What became of a legacy credential.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Revoked {
    /// The server has ended it.
    Done,
    /// The server knew it no more.
    Gone,
    /// The server has switched the protocol off, so that the credential opens nothing there.
    SwitchedOff(Error),
    /// It cannot be revoked by a call; this is what to do.
    ByHand(&'static ByHand),
    /// It did not work; the same call may be made again.
    Failed(Error),
}

impl Revoked {
    /// The word of it in lists.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Done => "revoked",
            Self::Gone => "gone",
            Self::SwitchedOff(_) => "switched_off",
            Self::ByHand(_) => "by_hand",
            Self::Failed(_) => "failed",
        }
    }
}

/// What somebody has to remove by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ByHand {
    /// The scheme, as [`AuthScheme::name`] has it.
    pub scheme: &'static str,
    /// Who has to do it.
    pub who: &'static str,
    /// What to do.
    pub what: &'static str,
    /// Where.
    pub place: &'static str,
}

/// What has to be removed by hand, by scheme.
pub const BY_HAND: &[ByHand] = &[
    ByHand {
        scheme: "ClientLogin",
        who: "the user",
        what: "change the password: a ClientLogin token ends with it, and no call revokes one; whoever kept the \
               password of the old program deletes it",
        place: "https://myaccount.google.com/security",
    },
    ByHand {
        scheme: "ClientLogin",
        who: "the user",
        what: "remove application-specific passwords that were made for the old program",
        place: "https://myaccount.google.com/apppasswords",
    },
    ByHand {
        scheme: "AuthSub",
        who: "the user",
        what: "remove the old entry of the website, where it is still listed beside the new one",
        place: "https://myaccount.google.com/permissions",
    },
    ByHand {
        scheme: "OAuth 1.0",
        who: "the user",
        what: "remove the old entry of the consumer, where it is still listed beside the new one",
        place: "https://myaccount.google.com/permissions",
    },
    ByHand {
        scheme: "OAuth 1.0",
        who: "the administrator of the domain",
        what: "remove the consumer key of two-legged calls from the clients of the domain",
        place: "https://admin.google.com/ac/owl/domainwidedelegation",
    },
    ByHand {
        scheme: "API key",
        who: "the developer",
        what: "delete the developer key (AI39…) from code and configuration; YouTube ignores it",
        place: "https://console.cloud.google.com/apis/credentials",
    },
];

/// Ends a legacy credential at the accounts service below `accounts`, such as `https://id.example.com/accounts`.
///
/// AuthSub tokens by `AuthSubRevokeToken`, secure ones signed; access tokens of OAuth 1.0 by the same endpoint, as
/// Google's own library did (migration.md, W3). Nothing is sent to Google, which has switched both off, and nothing for
/// a credential that no call revokes.
///
/// # Errors
/// [`Kind::Input`] naming `accounts`, and for a credential of OAuth 2.0, which is no legacy one.
pub async fn revoke_legacy<T: Transport + ?Sized>(
    scheme: &AuthScheme,
    accounts: &str,
    stamp: &Stamp,
    transport: &T,
) -> Result<Revoked, Error> {
    let outcome = match scheme {
        AuthScheme::AuthSub(token) => {
            let place = authsub::Accounts::at(accounts)?;
            if let Some(off) = switched_off(accounts) {
                return Ok(off);
            }
            run(&token.revoke(&place, stamp)?, transport).await
        }
        AuthScheme::OAuth1(credential) if credential.access_token().is_some() => {
            let place = oauth1::Accounts::at(accounts)?;
            if let Some(off) = switched_off(accounts) {
                return Ok(off);
            }
            run(&credential.revoke(&place, stamp)?, transport).await
        }
        AuthScheme::OAuth1(_) => return Ok(by_hand("OAuth 1.0", "the administrator")),
        AuthScheme::ClientLogin(_) => return Ok(by_hand("ClientLogin", "the user")),
        AuthScheme::ApiKey(_) => return Ok(by_hand("API key", "the developer")),
        AuthScheme::OAuth2(_) => {
            return Err(Error::input(
                "credential",
                "expected a legacy one, got OAuth 2.0: `gdata-auth revoke` ends that",
            ));
        }
    };
    Ok(match outcome {
        Ok(()) => Revoked::Done,
        Err(why) => match why.kind() {
            Kind::Revoked | Kind::Expired => Revoked::Gone,
            Kind::Retired => Revoked::SwitchedOff(why),
            _ => Revoked::Failed(why),
        },
    })
}

fn switched_off(accounts: &str) -> Option<Revoked> {
    google::refuse(
        accounts,
        "it switched AuthSub and OAuth 1.0 off in 2015, so that these tokens open nothing there",
        "OAuth 2.0",
    )
    .err()
    .map(Revoked::SwitchedOff)
}

fn by_hand(scheme: &str, who: &str) -> Revoked {
    let found = BY_HAND
        .iter()
        .find(|row| row.scheme == scheme && row.who.starts_with(who));
    Revoked::ByHand(found.unwrap_or(&BY_HAND[0]))
}
