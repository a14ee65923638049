//! The body of a refused login, printed and read, and the error that comes of it.
//!
//! ```text
//! Error=BadAuthentication            [Info=InvalidSecondFactor]
//! Url=…        Error=CaptchaRequired        CaptchaToken=…        CaptchaUrl=Captcha?ctoken=…
//! ```
//!
//! `Error` of a bad password has to be the first line, which clients rely on; all others come behind their
//! `Url`. Reading knows no order (legacy-protocol.md 3.3).

use std::fmt;

use super::{CaptchaChallenge, ErrorCode, lines::Lines};
use crate::error::{Advice, Error};

/// The lines of a refusal, as a server sends them.
///
/// # Examples
/// ```
/// use gdata_auth::clientlogin::{ErrorBody, ErrorCode};
///
/// let body = ErrorBody::new(ErrorCode::CaptchaRequired)
///     .with_url("http://www.google.com/login/captcha")
///     .with_captcha("DQAAAGgA", "Captcha?ctoken=HiteT4b");
/// assert_eq!(
///     body.to_string(),
///     "Url=http://www.google.com/login/captcha\nError=CaptchaRequired\n\
///      CaptchaToken=DQAAAGgA\nCaptchaUrl=Captcha?ctoken=HiteT4b\n",
/// );
/// assert_eq!(ErrorBody::parse(body.to_string().as_bytes())?, body);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorBody {
    code: ErrorCode,
    info: Option<String>,
    url: Option<String>,
    captcha_token: Option<String>,
    captcha_url: Option<String>,
}

impl ErrorBody {
    /// The `Info` of a login that needs an app password.
    pub const INVALID_SECOND_FACTOR: &'static str = "InvalidSecondFactor";
    /// The most bytes that a code may have.
    pub const MAX_CODE: usize = 64;

    /// `Error` alone.
    #[must_use]
    pub fn new(code: ErrorCode) -> Self {
        Self {
            code,
            info: None,
            url: None,
            captcha_token: None,
            captcha_url: None,
        }
    }

    /// Adds `Info`. Of this and every other value, what stands before a line break is printed.
    #[must_use]
    pub fn with_info(mut self, info: impl Into<String>) -> Self {
        self.info = Some(info.into());
        self
    }

    /// Adds `Url`, a page for the user.
    #[must_use]
    pub fn with_url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// Adds `CaptchaToken` and `CaptchaUrl`, which is relative to the accounts service.
    #[must_use]
    pub fn with_captcha(mut self, token: impl Into<String>, url: impl Into<String>) -> Self {
        self.captcha_token = Some(token.into());
        self.captcha_url = Some(url.into());
        self
    }

    /// Reads the body, its lines in any order.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) naming `Error`, when there is none or it is no code; or `body`
    /// when it is no text.
    pub fn parse(body: &[u8]) -> Result<Self, Error> {
        Self::of_lines(Lines::of(body)?)?
            .ok_or_else(|| Error::reply("Error", "expected a line Error=…, got none"))
    }

    /// `None` when there is no line `Error=…`.
    pub(super) fn of_lines(lines: Lines<'_>) -> Result<Option<Self>, Error> {
        let [code, info, url, captcha_token, captcha_url] =
            lines.first(["Error", "Info", "Url", "CaptchaToken", "CaptchaUrl"]);
        let Some(code) = code else {
            return Ok(None);
        };
        if code.len() > Self::MAX_CODE || !code.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::reply(
                "Error",
                format_args!("expected a code of at most {} letters", Self::MAX_CODE),
            ));
        }
        Ok(Some(Self {
            code: ErrorCode::read(code),
            info: info.map(str::to_owned),
            url: url.map(str::to_owned),
            captcha_token: captcha_token.map(str::to_owned),
            captcha_url: captcha_url.map(str::to_owned),
        }))
    }

    /// `Error`.
    #[must_use]
    pub fn code(&self) -> &ErrorCode {
        &self.code
    }

    /// `Info`.
    #[must_use]
    pub fn info(&self) -> Option<&str> {
        self.info.as_deref()
    }

    /// `Url`.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// `CaptchaToken` and `CaptchaUrl`, when there are both.
    #[must_use]
    pub fn captcha(&self) -> Option<(&str, &str)> {
        self.captcha_token
            .as_deref()
            .zip(self.captcha_url.as_deref())
    }
}

/// A line each, the last one ended too. Where `Info` stood is not known; it comes behind `Error` here.
impl fmt::Display for ErrorBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = ("Url", self.url.as_deref());
        let error = ("Error", Some(self.code.as_str()));
        let (first, second) = match self.code {
            ErrorCode::BadAuthentication => (error, url),
            _ => (url, error),
        };
        let lines = [
            first,
            second,
            ("Info", self.info.as_deref()),
            ("CaptchaToken", self.captcha_token.as_deref()),
            ("CaptchaUrl", self.captcha_url.as_deref()),
        ];
        for (key, value) in lines {
            let line = value.and_then(|value| value.split(char::is_control).next());
            if let Some(line) = line.map(str::trim).filter(|line| !line.is_empty()) {
                writeln!(f, "{key}={line}")?;
            }
        }
        Ok(())
    }
}

/// A login that the server refused: the source of the [`Error`] that an exchange returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    status: u16,
    code: ErrorCode,
    info: Option<String>,
    url: Option<String>,
    captcha: Option<CaptchaChallenge>,
}

impl Refusal {
    pub(super) fn new(status: u16, body: ErrorBody, captcha: Option<CaptchaChallenge>) -> Self {
        let ErrorBody {
            code, info, url, ..
        } = body;
        Self {
            status,
            code,
            info,
            url,
            captcha,
        }
    }

    /// The refusal that an error comes of, if it is one of a login.
    #[must_use]
    pub fn of(error: &Error) -> Option<&Self> {
        std::error::Error::source(error)?.downcast_ref()
    }

    /// The status: Google's was 403, Reader servers' 401.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Why.
    #[must_use]
    pub fn code(&self) -> &ErrorCode {
        &self.code
    }

    /// `Info`, as it was sent.
    #[must_use]
    pub fn info(&self) -> Option<&str> {
        self.info.as_deref()
    }

    /// A page for the user, as it was sent.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// Whether the account has a second factor, so that it needs an app password here
    /// (legacy-protocol.md 9, quirk 19).
    #[must_use]
    pub fn needs_app_password(&self) -> bool {
        self.info
            .as_deref()
            .is_some_and(|info| info.eq_ignore_ascii_case(ErrorBody::INVALID_SECOND_FACTOR))
    }

    /// What has to be answered, on [`ErrorCode::CaptchaRequired`].
    #[must_use]
    pub fn captcha(&self) -> Option<&CaptchaChallenge> {
        self.captcha.as_ref()
    }

    pub(super) fn into_error(self) -> Error {
        let mut telling = self.code.telling();
        if self.needs_app_password() {
            telling.sentence = "the account has a second factor: it needs an app password in place of the user's own";
        }
        if self.code == ErrorCode::CaptchaRequired && self.captcha.is_none() {
            telling.sentence =
                "the user has to answer a CAPTCHA, of which the server names no picture";
            telling.advice = Some(Advice::AskAdmin);
        }
        let page = self.url.as_deref().filter(|url| is_page(url));
        let page = page.map_or_else(String::new, |url| format!("; see {url}"));
        let message = format!("{} ({self}){page}", telling.sentence);
        let error = Error::new(telling.kind, message).transient(telling.transient);
        match telling.advice {
            Some(advice) => error.advising(advice),
            None => error,
        }
        .caused_by(self)
    }
}

/// `403: BadAuthentication`.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.status, self.code.as_str())
    }
}

impl std::error::Error for Refusal {}

/// Whether a text is fit to be shown as an address.
fn is_page(url: &str) -> bool {
    let web = url.starts_with("http://") || url.starts_with("https://");
    web && url.len() <= 500 && url.bytes().all(|byte| byte.is_ascii_graphic())
}
