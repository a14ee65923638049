//! What an emulator knows before the first request: users, sites, and how strict it is.

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{
    era::Era,
    oauth2::{OauthClient, Rotation, ServiceAccount},
};
use crate::{crypto::PublicKey, error::Error, secret::Secret};

/// The configuration of an [`Emulator`](super::Emulator); also the shape of the file that
/// `gdata-auth emulator --config` reads.
///
/// Every field has a default; unknown fields are refused.
///
/// # Examples
/// ```
/// use gdata_auth::emulator::{Config, Consent};
///
/// let config: Config = serde_json::from_str(r#"{
///     "consent": "allow",
///     "user": [{"email": "ann@example.com", "name": "Ann"}],
///     "max_skew_seconds": 60
/// }"#)?;
/// assert_eq!(config.consent, Consent::Allow);
/// assert_eq!(config.user[0].email, "ann@example.com");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Config {
    /// Who can consent. Default: `ann@example.com` and `ben@example.org`.
    pub user: Vec<User>,
    /// Websites that registered a certificate, and may so ask for secure tokens. Default: none.
    pub site: Vec<Site>,
    /// Which year it is: what is alive, and what has been switched off. Default: 2013.
    pub era: Era,
    /// What the consent page does. Default: it asks.
    pub consent: Consent,
    /// How far the timestamp of a signed request may be from the clock. Google's window is not known;
    /// default 600 (legacy-protocol.md 9, quirk 18).
    pub max_skew_seconds: u64,
    /// The developer keys that writes to YouTube accept; empty means any. Default: empty.
    pub developer_keys: Vec<Secret>,
    /// Whether writes to YouTube need a developer key at all. Default: true.
    pub require_developer_key: bool,
    /// Whether tokens have the form of 2006 (`CKF50YzIHxCT85KMAg`) in place of `1/` and 43 characters.
    /// Default: false.
    pub classic_tokens: bool,
    /// After how many seconds a session token ends, told by an `Expiration=` line. Default: never, as
    /// Google's did.
    pub session_seconds: Option<u64>,
    /// After how many seconds a ClientLogin token ends. Default: never.
    pub login_seconds: Option<u64>,
    /// Whether Calendar sends a new token in `Update-Client-Auth` to a client of ClientLogin, as it did
    /// (legacy-protocol.md 2.1). Default: true.
    pub update_client_auth: bool,
    /// The applications that may use OAuth 1.0, beside `anonymous`, which always may. Default: none.
    pub consumer: Vec<Consumer>,
    /// Whether `http` and `https` scopes differ, as they did for some services
    /// (legacy-protocol.md 1.11). Default: true.
    pub scope_scheme_matters: bool,
    /// Whether Calendar answers a request without `gsessionid` by a redirect. Default: true.
    pub calendar_redirects: bool,
    /// Whether YouTube compares `If-Match` with the ETag of a video, as other services did, in place of
    /// refusing it (legacy-protocol.md 2.5). Default: false.
    pub etags: bool,
    /// After how many seconds the session of a resumable upload ends. Default: a week, as Google documents
    /// it for its later APIs.
    pub upload_session_seconds: u64,
    /// After how many bytes every resumable upload breaks off once, with a 503 in the middle of a chunk, so
    /// that clients can show how they go on. Default: never.
    pub break_uploads_after_bytes: Option<u64>,
    /// The API keys that the Data API v3 accepts; empty means any that has the form of one. Default: empty.
    pub api_keys: Vec<Secret>,
    /// How many units each project may spend a day on the Data API v3; a search costs 100, a list 1, a write
    /// 50, an upload 1,600. A day ends at midnight UTC. Default: 10,000, as Google gives; in Rust, `None`
    /// lifts the limit.
    pub youtube_quota: Option<u32>,
    /// Whether the Data API v3 is switched on for every project, else all is 403 `accessNotConfigured`.
    /// Default: true.
    pub youtube_enabled: bool,
    /// The clients of OAuth 2.0. Default: none, and then any `client_id` is taken with any secret, as installed, web and
    /// device at once.
    pub oauth_client: Vec<OauthClient>,
    /// The service accounts whose assertions are taken. Default: none.
    pub service_account: Vec<ServiceAccount>,
    /// How long an access token of OAuth 2.0 lives. Default: 3599, as Google's replies say.
    pub access_token_seconds: u64,
    /// How many refresh tokens a user may have for one client; the oldest dies without a word. Default: 100
    /// (oauth2.md 5.4).
    pub refresh_token_cap: usize,
    /// Whether the project is in testing: refresh tokens end after seven days, but for those that only sign in.
    /// Default: false.
    pub testing: bool,
    /// Whether refreshing yields a new refresh token. Default: off, as at Google.
    pub rotate_refresh_tokens: Rotation,
    /// Whether revoking one token ends all tokens of that user for all clients of the project, as at Google
    /// (oauth2.md 5.6), in place of those of one consent. Default: true.
    pub project_wide_revoke: bool,
    /// Whether session control asks for a new sign-in: every refresh is `invalid_grant` with `invalid_rapt`.
    /// Default: false.
    pub rapt: bool,
    /// Whether granted scopes come back by Google's own names, and `openid` beside `email` and `profile`. Default: true.
    pub alias_scopes: bool,
    /// Whether redirects carry the `iss` of RFC 9207, which Google does not send. Default: false.
    pub send_iss: bool,
    /// Whether out-of-band redirects are taken, which Google blocked in 2022. Default: false.
    pub out_of_band: bool,
    /// Whether the grant `client_credentials` is played, which Google has not. Default: false.
    pub client_credentials: bool,
    /// Whether every request for a device's code is refused as one too many. Default: false.
    pub device_rate_limit: bool,
}

/// Someone with an account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct User {
    /// The account's address; the part behind `@` is its hosted domain.
    pub email: String,
    /// The name on the consent page; the address when absent.
    #[serde(default)]
    pub name: Option<String>,
    /// The password for ClientLogin; `secret` when absent.
    #[serde(default)]
    pub password: Option<Secret>,
    /// How every ClientLogin of this account is refused: one of the ten error codes, or
    /// `InvalidSecondFactor`. `CaptchaRequired` is lifted by the answer to its picture.
    #[serde(default)]
    pub login_refusal: Option<String>,
    /// Whether the account has a YouTube channel; without one, there are no sample videos, and the Data API
    /// v3 answers 401 `youtubeSignupRequired`. True when absent.
    #[serde(default = "yes")]
    pub channel: bool,
    /// Whether the policy of the account's organisation forbids every client of OAuth 2.0:
    /// `admin_policy_enforced`. Default: false.
    #[serde(default)]
    pub admin_policy: bool,
}

fn yes() -> bool {
    true
}

impl User {
    /// A user with an address and a name.
    #[must_use]
    pub fn new(email: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            email: email.into(),
            name: Some(name.into()),
            password: None,
            login_refusal: None,
            channel: true,
            admin_policy: false,
        }
    }

    /// Takes the YouTube channel away.
    #[must_use]
    pub fn without_channel(mut self) -> Self {
        self.channel = false;
        self
    }

    /// Sets the password for ClientLogin.
    #[must_use]
    pub fn with_password(mut self, password: impl Into<Secret>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// Refuses every ClientLogin of this account.
    #[must_use]
    pub fn refusing_logins(mut self, code: impl Into<String>) -> Self {
        self.login_refusal = Some(code.into());
        self
    }

    /// Lets the policy of the account's organisation forbid every client of OAuth 2.0.
    #[must_use]
    pub fn under_admin_policy(mut self) -> Self {
        self.admin_policy = true;
        self
    }

    /// The name to show.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.email)
    }

    /// What tells the account for good, `sub` in OAuth 2.0: 21 digits, made from the address.
    #[must_use]
    pub fn subject(&self) -> String {
        let digest = Sha256::digest(self.email.as_bytes());
        let number = digest
            .iter()
            .take(8)
            .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        format!("1{number:020}")
    }

    /// The part of the address behind `@`.
    pub(super) fn domain(&self) -> &str {
        self.email.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The domain of an account that belongs to an organisation: any but Google's own.
    pub(super) fn hosted_domain(&self) -> Option<&str> {
        let domain = self.domain();
        let is_own = ["gmail.com", "googlemail.com", ""].contains(&domain);
        (!is_own).then_some(domain)
    }
}

/// A website that registered its certificate.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Site {
    /// The host of `next`, without scheme and port.
    pub host: String,
    /// An X.509 certificate or an RSA public key, in PEM.
    pub certificate: String,
}

impl Site {
    /// A site with its certificate or public key in PEM.
    #[must_use]
    pub fn new(host: impl Into<String>, certificate: impl Into<String>) -> Self {
        Self {
            host: host.into(),
            certificate: certificate.into(),
        }
    }

    /// The key that the site signs with.
    ///
    /// # Errors
    /// [`Kind::Key`](crate::Kind::Key) naming the site, when its certificate cannot be read.
    pub(super) fn key(&self) -> Result<PublicKey, Error> {
        PublicKey::read(self.certificate.as_bytes()).map_err(|cause| {
            Error::new(cause.kind(), format!("site {}: {cause}", self.host)).caused_by(cause)
        })
    }
}

/// An application that uses OAuth 1.0.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Consumer {
    /// The consumer key: the domain that was registered.
    pub key: String,
    /// The consumer secret, for HMAC-SHA1 and PLAINTEXT.
    #[serde(default)]
    pub secret: Option<Secret>,
    /// An X.509 certificate or an RSA public key in PEM, for RSA-SHA1.
    #[serde(default)]
    pub certificate: Option<String>,
}

impl Consumer {
    /// A consumer that signs with a secret.
    #[must_use]
    pub fn with_secret(key: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self {
            key: key.into(),
            secret: Some(secret.into()),
            certificate: None,
        }
    }

    /// Adds the certificate or public key for RSA-SHA1.
    #[must_use]
    pub fn and_certificate(mut self, pem: impl Into<String>) -> Self {
        self.certificate = Some(pem.into());
        self
    }
}

/// What the consent page does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Consent {
    /// Shows a page with Allow and Deny.
    #[default]
    Ask,
    /// Sends the browser back at once, with a token for the first user who fits.
    Allow,
    /// Sends the browser back at once, without a token.
    Deny,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            user: vec![
                User::new("ann@example.com", "Ann Example"),
                User::new("ben@example.org", "Ben Example"),
            ],
            site: Vec::new(),
            era: Era::default(),
            consent: Consent::Ask,
            max_skew_seconds: 600,
            developer_keys: Vec::new(),
            require_developer_key: true,
            classic_tokens: false,
            session_seconds: None,
            login_seconds: None,
            update_client_auth: true,
            consumer: Vec::new(),
            scope_scheme_matters: true,
            calendar_redirects: true,
            etags: false,
            upload_session_seconds: 7 * 24 * 3_600,
            break_uploads_after_bytes: None,
            api_keys: Vec::new(),
            youtube_quota: Some(10_000),
            youtube_enabled: true,
            oauth_client: Vec::new(),
            service_account: Vec::new(),
            access_token_seconds: 3_599,
            refresh_token_cap: 100,
            testing: false,
            rotate_refresh_tokens: Rotation::Off,
            project_wide_revoke: true,
            rapt: false,
            alias_scopes: true,
            send_iss: false,
            out_of_band: false,
            client_credentials: false,
            device_rate_limit: false,
        }
    }
}

impl Config {
    /// The default configuration.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a website.
    #[must_use]
    pub fn with_site(mut self, site: Site) -> Self {
        self.site.push(site);
        self
    }

    /// Registers a client of OAuth 2.0.
    #[must_use]
    pub fn with_oauth_client(mut self, client: OauthClient) -> Self {
        self.oauth_client.push(client);
        self
    }

    /// Adds a service account.
    #[must_use]
    pub fn with_service_account(mut self, account: ServiceAccount) -> Self {
        self.service_account.push(account);
        self
    }

    /// Sets which year it is.
    #[must_use]
    pub fn in_era(mut self, era: Era) -> Self {
        self.era = era;
        self
    }

    /// Sets what the consent page does.
    #[must_use]
    pub fn with_consent(mut self, consent: Consent) -> Self {
        self.consent = consent;
        self
    }
}
