//! The lists that `upgrade grant` and `retire revoke` print, read again.

use serde::Serialize;

use crate::{error::Error, migrate::campaign::csv};

/// What became of one token, as a line of `upgrade grant`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Moved {
    /// The account.
    pub account: String,
    /// The word of [`GrantOutcome`](crate::migrate::grant::GrantOutcome), or `not_moved`.
    pub outcome: String,
}

/// What became of one legacy credential, as a line of `retire revoke`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Ended {
    /// The account.
    pub account: String,
    /// What it was, as [`Protocol::name`](crate::migrate::import::Protocol::name) has it.
    pub protocol: String,
    /// The word of [`Revoked`](crate::migrate::retire::Revoked).
    pub outcome: String,
}

impl Moved {
    /// One line.
    #[must_use]
    pub fn new(account: impl Into<String>, outcome: impl Into<String>) -> Self {
        Self {
            account: account.into(),
            outcome: outcome.into(),
        }
    }

    /// Reads the list of `upgrade grant`.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `grants`, when it is no such list or longer than
    /// [`csv::MAX_BYTES`].
    ///
    /// # Examples
    /// ```
    /// use gdata_auth::migrate::report::Moved;
    ///
    /// let list = Moved::read(b"email,outcome,why\r\nann@example.com,moved,\r\n")?;
    /// assert_eq!(list, [Moved::new("ann@example.com", "moved")]);
    /// # Ok::<(), gdata_auth::Error>(())
    /// ```
    pub fn read(bytes: &[u8]) -> Result<Vec<Self>, Error> {
        let rows = csv::columns("grants", bytes, ["email", "outcome"])?;
        let rows = rows.into_iter();
        Ok(rows
            .map(|[account, outcome]| Self { account, outcome })
            .collect())
    }
}

impl Ended {
    /// One line.
    #[must_use]
    pub fn new(
        account: impl Into<String>,
        protocol: impl Into<String>,
        outcome: impl Into<String>,
    ) -> Self {
        Self {
            account: account.into(),
            protocol: protocol.into(),
            outcome: outcome.into(),
        }
    }

    /// Reads the list of `retire revoke`.
    ///
    /// # Errors
    /// As [`Moved::read`], naming `revoked`.
    pub fn read(bytes: &[u8]) -> Result<Vec<Self>, Error> {
        let rows = csv::columns("revoked", bytes, ["account", "protocol", "outcome"])?;
        let rows = rows.into_iter();
        Ok(rows
            .map(|[account, protocol, outcome]| Self::new(account, protocol, outcome))
            .collect())
    }
}
