//! What a campaign asks, in whose name, and where its page is.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{error::Error, scheme::oauth2::Client, scope::ScopeNames, wire::origin::Origin};

/// What a campaign asks, in whose name, and where its page is.
///
/// It names the client and holds no secret of it.
///
/// # Examples
/// ```
/// use gdata_auth::{migrate::campaign::Settings, oauth2::Client, scope::ScopeNames};
///
/// let app = Client::installed("1234.apps.googleusercontent.com")?;
/// let scopes = ScopeNames::parse("https://www.googleapis.com/auth/youtube")?;
/// let settings = Settings::new("Tide Videos", &app, &scopes, "http://127.0.0.1:8090")?
///     .with_reason("It shows your uploads beside the tide tables.")?;
/// assert_eq!(settings.redirect_uri(), "http://127.0.0.1:8090/");
/// assert!(settings.scopes().contains("email"));
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    app: String,
    client_id: String,
    issuer: String,
    scopes: ScopeNames,
    origin: String,
    redirect_path: String,
    lifetime_seconds: u64,
    reason: Option<String>,
    contact: Option<String>,
    hosted_domain: Option<String>,
}

impl Settings {
    /// How long a link is good unless another span is given.
    pub const LIFETIME: Duration = Duration::from_secs(30 * 86_400);
    /// The longest that a link may be good.
    pub const MAX_LIFETIME: Duration = Duration::from_secs(366 * 86_400);
    /// The most bytes of a text for people.
    pub const MAX_TEXT: usize = 1_000;

    /// A campaign of `app`, the name that users know, whose page is at `origin`.
    ///
    /// `openid` and `email` are always asked for: without them nobody could tell whose grant it is.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `app`, when it is no plain text, `scope`, when there is none, and
    /// `origin`, when it is no origin, or neither `https` nor loopback.
    pub fn new(
        app: impl Into<String>,
        client: &Client,
        scopes: &ScopeNames,
        origin: &str,
    ) -> Result<Self, Error> {
        if scopes.is_empty() {
            return Err(Error::input("scope", "expected at least one, got none"));
        }
        Ok(Self {
            app: text("app", app.into())?,
            client_id: client.id().to_owned(),
            issuer: client.provider().issuer().to_owned(),
            scopes: ScopeNames::parse("openid email")?.with(scopes)?,
            origin: checked_origin(origin)?,
            redirect_path: "/".to_owned(),
            lifetime_seconds: Self::LIFETIME.as_secs(),
            reason: None,
            contact: None,
            hosted_domain: None,
        })
    }

    /// Why the users are asked, in a sentence or two.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `reason`, when it is empty, longer than
    /// [`MAX_TEXT`](Self::MAX_TEXT), or has control characters.
    pub fn with_reason(mut self, reason: impl Into<String>) -> Result<Self, Error> {
        self.reason = Some(text("reason", reason.into())?);
        Ok(self)
    }

    /// Whom users may ask: shown on the page and in mail.
    ///
    /// # Errors
    /// As [`with_reason`](Self::with_reason), naming `contact`.
    pub fn with_contact(mut self, contact: impl Into<String>) -> Result<Self, Error> {
        self.contact = Some(text("contact", contact.into())?);
        Ok(self)
    }

    /// Accounts of this domain only.
    ///
    /// # Errors
    /// As [`with_reason`](Self::with_reason), naming `hosted_domain`.
    pub fn with_hosted_domain(mut self, domain: impl Into<String>) -> Result<Self, Error> {
        self.hosted_domain = Some(text("hosted_domain", domain.into())?);
        Ok(self)
    }

    /// How long links are good, a minute at the least, [`MAX_LIFETIME`](Self::MAX_LIFETIME) at the most.
    #[must_use]
    pub fn with_lifetime(mut self, lifetime: Duration) -> Self {
        let most = Self::MAX_LIFETIME.as_secs();
        self.lifetime_seconds = lifetime.as_secs().clamp(60, most);
        self
    }

    /// Where the server sends the browser, below the origin; `/` unless a web client has another one registered.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `redirect_path`, when it is no plain path.
    pub fn with_redirect_path(mut self, path: impl Into<String>) -> Result<Self, Error> {
        let path = path.into();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
        if !path.starts_with('/') || path.len() > 200 || !path.bytes().all(plain) {
            return Err(Error::input(
                "redirect_path",
                "expected a path of letters, digits and - . _ ~ /, got something else",
            ));
        }
        self.redirect_path = path;
        Ok(self)
    }

    /// Moves the page to another origin, such as another port.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn at(mut self, origin: &str) -> Result<Self, Error> {
        self.origin = checked_origin(origin)?;
        Ok(self)
    }

    /// The name that users know.
    #[must_use]
    pub fn app(&self) -> &str {
        &self.app
    }

    /// The client that they consent to.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The server that they consent at.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// What is asked for.
    #[must_use]
    pub fn scopes(&self) -> &ScopeNames {
        &self.scopes
    }

    /// Where the page is.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Where the server sends the browser, below the origin.
    #[must_use]
    pub fn redirect_path(&self) -> &str {
        &self.redirect_path
    }

    /// Where the server sends the browser: what has to be registered for a web client.
    #[must_use]
    pub fn redirect_uri(&self) -> String {
        format!("{}{}", self.origin, self.redirect_path)
    }

    /// How long links are good.
    #[must_use]
    pub fn lifetime(&self) -> Duration {
        Duration::from_secs(self.lifetime_seconds)
    }

    /// Why the users are asked.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// Whom they may ask.
    #[must_use]
    pub fn contact(&self) -> Option<&str> {
        self.contact.as_deref()
    }

    /// Whose members alone are let in.
    #[must_use]
    pub fn hosted_domain(&self) -> Option<&str> {
        self.hosted_domain.as_deref()
    }

    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `client`, when it is another than the campaign's.
    pub(super) fn check_client(&self, client: &Client) -> Result<(), Error> {
        if client.id() == self.client_id && client.provider().issuer() == self.issuer {
            return Ok(());
        }
        Err(Error::input(
            "client",
            format_args!(
                "expected {} at {}, which this campaign was made for, got another",
                self.client_id, self.issuer
            ),
        ))
    }
}

fn checked_origin(address: &str) -> Result<String, Error> {
    let origin = Origin::of(address).map_err(|cause| {
        Error::input("origin", "expected such as https://upgrade.example.com").caused_by(cause)
    })?;
    if origin.to_string() != address.trim_end_matches('/').to_ascii_lowercase() {
        return Err(Error::input(
            "origin",
            "expected scheme, host and port alone, got more",
        ));
    }
    if !origin.is_secure() && !origin.is_loopback() {
        return Err(Error::input(
            "origin",
            "expected https, or http on loopback: links and codes go over it",
        ));
    }
    Ok(origin.to_string())
}

fn text(field: &str, text: String) -> Result<String, Error> {
    let plain = text.chars().all(|letter| !letter.is_control());
    if text.trim().is_empty() || text.len() > Settings::MAX_TEXT || !plain {
        return Err(Error::input(
            field,
            format_args!(
                "expected 1 to {} bytes of plain text in one line, got another",
                Settings::MAX_TEXT
            ),
        ));
    }
    Ok(text)
}
