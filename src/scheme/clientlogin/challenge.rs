//! What a server asks for: a CAPTCHA in the middle of a login, and `WWW-Authenticate` on any other call.

use std::fmt;

use url::Url;

use super::{Endpoint, LoginRequest};
use crate::{error::Error, wire::challenge::Challenge};

/// A CAPTCHA that has to be answered before the login goes on.
///
/// It is in the [`Refusal`](super::Refusal) of a login. Show the picture at [`url`](Self::url), and send
/// [`answer`](Self::answer) with the password, which nothing has kept.
///
/// # Examples
/// ```
/// use bytes::Bytes;
/// use gdata_auth::{Exchange, clientlogin::{Endpoint, LoginRequest, Refusal}};
///
/// let endpoint = Endpoint::google();
/// let login = LoginRequest::new("user@example.com")?.service("youtube")?;
/// let exchange = login.exchange("first try", &endpoint)?;
/// let reply = http::Response::builder().status(403).body(Bytes::from_static(
///     b"Error=CaptchaRequired\nCaptchaToken=DQAAAGgA\nCaptchaUrl=Captcha?ctoken=HiteT4b\n",
/// ))?;
///
/// let error = exchange.parse(&reply).unwrap_err();
/// let challenge = Refusal::of(&error).and_then(Refusal::captcha).ok_or("no CAPTCHA")?;
/// assert_eq!(challenge.url(), "https://www.google.com/accounts/Captcha?ctoken=HiteT4b");
///
/// let again = challenge.answer("brinmar")?.exchange("first try", &endpoint)?;
/// assert_eq!(
///     again.request().body(),
///     "accountType=HOSTED_OR_GOOGLE&Email=user%40example.com&Passwd=first%20try&service=youtube\
///      &logintoken=DQAAAGgA&logincaptcha=brinmar",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct CaptchaChallenge {
    token: String,
    url: String,
    login: LoginRequest,
}

impl CaptchaChallenge {
    /// `None` when `url` leads nowhere that a picture can be.
    pub(super) fn resolve(
        token: &str,
        url: &str,
        login: &LoginRequest,
        endpoint: &Endpoint,
    ) -> Option<Self> {
        let url = Url::parse(&endpoint.captcha_base()).ok()?.join(url).ok()?;
        (matches!(url.scheme(), "http" | "https") && !token.is_empty()).then(|| Self {
            token: token.to_owned(),
            url: url.into(),
            login: login.clone(),
        })
    }

    /// What names this CAPTCHA: `logintoken` of the answer.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The absolute address of the picture.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The same login, with the user's answer.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `logincaptcha`, when the answer is empty, too long or
    /// holds a control character.
    pub fn answer(&self, text: &str) -> Result<LoginRequest, Error> {
        self.login.clone().captcha(&self.token, text)
    }
}

impl fmt::Debug for CaptchaChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CaptchaChallenge")
            .field("login", &self.login)
            .finish_non_exhaustive()
    }
}

/// `GoogleLogin realm="…", service="…"`: what a server sends with a 401.
///
/// # Examples
/// ```
/// let asked = gdata_auth::clientlogin::challenge("http://www.google.com", "cl");
/// assert_eq!(asked.to_string(), r#"GoogleLogin realm="http://www.google.com", service="cl""#);
/// ```
///
/// # Source
/// legacy-protocol.md 1.8. The realm of Google's own servers is not known.
#[must_use]
pub fn challenge(realm: &str, service: &str) -> Challenge {
    Challenge::new("GoogleLogin")
        .with("realm", realm)
        .with("service", service)
}
