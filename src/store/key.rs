//! Whose grant it is.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// Whose grant it is: one issuer, one client, one account.
///
/// Scopes are no part of it. A user who consents again, to more or to less, changes the grant that is
/// there; under a key of scopes there would be two, and the older one would die unseen.
///
/// # Shape
/// Each part has 1 to [`MAX`](Self::MAX) bytes and no character that controls a terminal or turns the direction
/// of text. The account is whatever tells this program's users apart: an address, a subject, `default`.
///
/// # Examples
/// ```
/// use gdata_auth::store::GrantKey;
///
/// let key = GrantKey::new("https://accounts.google.com", "1234.apps.example", "alice@example.com")?;
/// assert_eq!(
///     key.to_string(),
///     "alice@example.com at https://accounts.google.com for client 1234.apps.example"
/// );
/// assert!(GrantKey::new("https://accounts.google.com", "", "alice@example.com").is_err());
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Parts")]
pub struct GrantKey {
    issuer: String,
    client_id: String,
    account: String,
}

/// What was read, not checked yet.
#[derive(Deserialize)]
struct Parts {
    issuer: String,
    client_id: String,
    account: String,
}

impl GrantKey {
    /// The most bytes of one part.
    pub const MAX: usize = 512;

    /// Names a grant.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming the part that is empty, too long or not printable.
    pub fn new(
        issuer: impl Into<String>,
        client_id: impl Into<String>,
        account: impl Into<String>,
    ) -> Result<Self, Error> {
        Ok(Self {
            issuer: part("issuer", issuer.into())?,
            client_id: part("client_id", client_id.into())?,
            account: part("account", account.into())?,
        })
    }

    /// Who issues the tokens, as `https://accounts.google.com`.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The client that the user consented to.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The account of the user, as this program calls it.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }
}

impl fmt::Display for GrantKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            issuer,
            client_id,
            account,
        } = self;
        write!(f, "{account} at {issuer} for client {client_id}")
    }
}

impl TryFrom<Parts> for GrantKey {
    type Error = Error;

    fn try_from(parts: Parts) -> Result<Self, Error> {
        Self::new(parts.issuer, parts.client_id, parts.account)
    }
}

fn part(field: &str, text: String) -> Result<String, Error> {
    if text.is_empty() || text.len() > GrantKey::MAX || !text.chars().all(printable) {
        return Err(Error::input(
            field,
            format_args!(
                "expected 1 to {} bytes of printable text, got another",
                GrantKey::MAX
            ),
        ));
    }
    Ok(text)
}

/// Neither a control character nor one that breaks or turns a line (Unicode UAX 9, 2; UAX 14, BK).
fn printable(character: char) -> bool {
    !character.is_control()
        && !matches!(
            character,
            '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
        )
}
