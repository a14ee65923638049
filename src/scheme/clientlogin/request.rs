//! What a login asks for: all fields but the password.
//!
//! # Source
//! legacy-protocol.md 3.1.

use std::fmt;

use super::{Endpoint, LoginExchange, LoginForm};
use crate::{error::Error, secret::Secret, wire::query::Pairs};

/// Which of two accounts of one address is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AccountType {
    /// The hosted domain's account where there is one, else the Google account: what clients send.
    HostedOrGoogle,
    /// The Google account.
    Google,
    /// The hosted domain's account.
    Hosted,
}

impl AccountType {
    /// All three.
    pub const ALL: [Self; 3] = [Self::HostedOrGoogle, Self::Google, Self::Hosted];

    /// The value of `accountType`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HostedOrGoogle => "HOSTED_OR_GOOGLE",
            Self::Google => "GOOGLE",
            Self::Hosted => "HOSTED",
        }
    }
}

/// A login without its password, which [`exchange`](Self::exchange) takes.
///
/// # Examples
/// ```
/// use gdata_auth::{Exchange, clientlogin::{Endpoint, LoginRequest}};
///
/// let exchange = LoginRequest::new("user@example.com")?
///     .service("youtube")?
///     .source("acme-app-1")?
///     .exchange("p&ss w=rd", &Endpoint::google())?;
///
/// let request = exchange.request();
/// assert_eq!(request.uri(), "https://www.google.com/accounts/ClientLogin");
/// assert_eq!(
///     request.body(),
///     "accountType=HOSTED_OR_GOOGLE&Email=user%40example.com&Passwd=p%26ss%20w%3Drd\
///      &service=youtube&source=acme-app-1",
/// );
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct LoginRequest {
    pub(super) account_type: Option<AccountType>,
    pub(super) email: String,
    pub(super) service: Option<String>,
    pub(super) source: Option<String>,
    /// `logintoken` and `logincaptcha`.
    pub(super) captcha: Option<(String, String)>,
    pub(super) extra: Pairs,
}

impl LoginRequest {
    /// The most bytes that one field may have.
    pub const MAX_FIELD: usize = 4 * 1024;

    /// The parameters that have a setter of their own.
    pub(super) const NAMED: [&'static str; 7] = [
        "accountType",
        "Email",
        "Passwd",
        "service",
        "source",
        "logintoken",
        "logincaptcha",
    ];

    /// A login of `email`, which Reader servers take a plain user name for, as `HOSTED_OR_GOOGLE`.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `Email`, when it is empty, longer than
    /// [`MAX_FIELD`](Self::MAX_FIELD), or holds a control character.
    pub fn new(email: impl Into<String>) -> Result<Self, Error> {
        let email = email.into();
        check("Email", &email)?;
        Ok(Self {
            account_type: Some(AccountType::HostedOrGoogle),
            email,
            service: None,
            source: None,
            captcha: None,
            extra: Pairs::new(),
        })
    }

    /// Which account is meant.
    #[must_use]
    pub fn account_type(mut self, account_type: AccountType) -> Self {
        self.account_type = Some(account_type);
        self
    }

    /// Leaves `accountType` out, as some clients of YouTube's endpoint did.
    #[must_use]
    pub fn without_account_type(mut self) -> Self {
        self.account_type = None;
        self
    }

    /// The code of the service that the token is for: `cl`, `youtube`, `reader` (legacy-protocol.md 6).
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `service`, as [`new`](Self::new) does.
    pub fn service(mut self, code: impl Into<String>) -> Result<Self, Error> {
        self.service = Some(checked("service", code.into())?);
        Ok(self)
    }

    /// The program that logs in, in the form `company-app-version`.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `source`, as [`new`](Self::new) does.
    pub fn source(mut self, program: impl Into<String>) -> Result<Self, Error> {
        self.source = Some(checked("source", program.into())?);
        Ok(self)
    }

    /// Adds a parameter that is none of the protocol's own, behind the others.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `extra`, when the name is empty or one of the
    /// protocol's own, or as [`new`](Self::new) does.
    pub fn extra(
        mut self,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Result<Self, Error> {
        let (name, value) = (name.into(), value.into());
        if Self::NAMED.contains(&name.as_str()) {
            return Err(Error::input(
                "extra",
                "expected a name of your own, got one that has a setter",
            ));
        }
        check("extra", &name)?;
        if !value.is_empty() {
            check("extra", &value)?;
        }
        if self.extra.len() == LoginForm::MAX_EXTRA {
            return Err(Error::input(
                "extra",
                format_args!("expected at most {}, got more", LoginForm::MAX_EXTRA),
            ));
        }
        self.extra.push(name, value);
        Ok(self)
    }

    /// Answers a CAPTCHA; [`CaptchaChallenge::answer`](super::CaptchaChallenge::answer) does it for you.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `logintoken` or `logincaptcha`, as
    /// [`new`](Self::new) does.
    pub fn captcha(mut self, token: &str, answer: &str) -> Result<Self, Error> {
        let token = checked("logintoken", token.to_owned())?;
        let answer = checked("logincaptcha", answer.to_owned())?;
        self.captcha = Some((token, answer));
        Ok(self)
    }

    /// The login call.
    ///
    /// # Security
    /// The password is in the body of the request, and nowhere else; the body is wiped with its last copy.
    ///
    /// # Errors
    /// As [`LoginForm::new`].
    pub fn exchange(
        self,
        password: impl Into<Secret>,
        endpoint: &Endpoint,
    ) -> Result<LoginExchange, Error> {
        LoginForm::new(self, password)?.exchange(endpoint)
    }

    /// `Email`.
    #[must_use]
    pub fn email(&self) -> &str {
        &self.email
    }

    /// `accountType`, when the form has it.
    #[must_use]
    pub fn wanted_account(&self) -> Option<AccountType> {
        self.account_type
    }

    /// `service`, when the form has it.
    #[must_use]
    pub fn wanted_service(&self) -> Option<&str> {
        self.service.as_deref()
    }

    /// `source`, when the form has it.
    #[must_use]
    pub fn program(&self) -> Option<&str> {
        self.source.as_deref()
    }

    /// `logintoken` and `logincaptcha`, when the form has both.
    #[must_use]
    pub fn captcha_answer(&self) -> Option<(&str, &str)> {
        let (token, answer) = self.captcha.as_ref()?;
        Some((token, answer))
    }

    /// Every other parameter, in order.
    #[must_use]
    pub fn extras(&self) -> &Pairs {
        &self.extra
    }
}

/// Extra parameters by their names: what they hold is not known.
impl fmt::Debug for LoginRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.extra.iter().map(|(name, _)| name).collect();
        f.debug_struct("LoginRequest")
            .field("account_type", &self.account_type)
            .field("email", &self.email)
            .field("service", &self.service)
            .field("source", &self.source)
            .field("captcha", &self.captcha.is_some())
            .field("extra", &names)
            .finish()
    }
}

fn checked(field: &str, value: String) -> Result<String, Error> {
    check(field, &value)?;
    Ok(value)
}

/// Refuses what no field of a login holds: nothing at all, control characters, and too much.
pub(super) fn check(field: &str, value: &str) -> Result<(), Error> {
    if value.is_empty() || value.len() > LoginRequest::MAX_FIELD {
        return Err(Error::input(
            field,
            format_args!(
                "expected 1 to {} bytes, got {}",
                LoginRequest::MAX_FIELD,
                value.len()
            ),
        ));
    }
    if value.chars().any(char::is_control) {
        return Err(Error::input(
            field,
            "expected no line break or other control character, got one",
        ));
    }
    Ok(())
}
