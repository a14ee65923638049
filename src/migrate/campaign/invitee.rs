//! A user who is to be invited: the address, and what else a list says of the account.

use crate::error::Error;

/// A user of the old integration.
///
/// # Examples
/// ```
/// use gdata_auth::migrate::campaign::Invitee;
///
/// let ann = Invitee::new("Ann@Example.com")?.with_subject("1144")?;
/// assert_eq!((ann.email(), ann.account()), ("Ann@Example.com", "Ann@Example.com"));
/// assert!(Invitee::new("ann@example.com\r\nBcc: all@example.com").is_err());
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitee {
    email: String,
    account: Option<String>,
    subject: Option<String>,
}

impl Invitee {
    /// The most bytes of an address (RFC 5321, 4.5.3.1.3).
    pub const MAX_EMAIL: usize = 254;
    /// The most bytes of a subject (OpenID Connect Core, 2), and of an account's name.
    pub const MAX_NAME: usize = 255;

    /// A user by the address.
    ///
    /// # Shape
    /// ASCII, one `@`, a local part of 1 to 64 characters without quotes, a domain of letters, digits, `-` and `.`
    /// (others are written as `xn--…`).
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `email`, when it is no such address.
    pub fn new(email: impl Into<String>) -> Result<Self, Error> {
        let email = email.into();
        if !is_address(&email) {
            return Err(Error::input(
                "email",
                "expected an address such as ann@example.com, got something else",
            ));
        }
        Ok(Self {
            email,
            account: None,
            subject: None,
        })
    }

    /// The name to keep the grant under, where it is not the address.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `account`, when it is empty, too long or not printable.
    pub fn with_account(mut self, account: impl Into<String>) -> Result<Self, Error> {
        self.account = Some(name("account", account.into())?);
        Ok(self)
    }

    /// The issuer's own name of the account, where it is known: then it decides, and not the address.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `sub`, as [`with_account`](Self::with_account).
    pub fn with_subject(mut self, subject: impl Into<String>) -> Result<Self, Error> {
        self.subject = Some(name("sub", subject.into())?);
        Ok(self)
    }

    /// The address, as it was given.
    #[must_use]
    pub fn email(&self) -> &str {
        &self.email
    }

    /// The name to keep the grant under.
    #[must_use]
    pub fn account(&self) -> &str {
        self.account.as_deref().unwrap_or(&self.email)
    }

    /// The issuer's own name of the account.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    pub(super) fn own_account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// What two spellings of one address have in common.
    pub(super) fn key(&self) -> String {
        key(&self.email)
    }
}

pub(super) fn key(email: &str) -> String {
    email.trim().to_ascii_lowercase()
}

fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let atom = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte);
    let host = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
    text.len() <= Invitee::MAX_EMAIL
        && (1..=64).contains(&local.len())
        && !domain.is_empty()
        && local.bytes().all(atom)
        && domain.bytes().all(host)
        && [local, domain]
            .iter()
            .all(|part| !part.starts_with('.') && !part.ends_with('.') && !part.contains(".."))
}

fn name(field: &str, text: String) -> Result<String, Error> {
    let plain = text.chars().all(|letter| !letter.is_control());
    if text.is_empty() || text.len() > Invitee::MAX_NAME || !plain {
        return Err(Error::input(
            field,
            format_args!(
                "expected 1 to {} bytes of printable text, got another",
                Invitee::MAX_NAME
            ),
        ));
    }
    Ok(text)
}
