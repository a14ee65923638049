//! A grant of OAuth 2.0 as it is kept: the tokens, and what is known of them.
//!
//! ```json
//! {"version":1,"refresh_token":"1//0…","access_token":{"token":"ya29.…","expires_at":1300003600},
//!  "requested":"…","granted":"…","obtained_at":1300000000,"consents":1,"rotations":0}
//! ```
//!
//! It is data: who asks for tokens, when and with what margins is none of its business.
//!
//! # Source
//! oauth2.md 3.3; its pains 1 (rotated tokens are lost), 3 (an answer without a refresh token overwrites the
//! good one) and 8 (moments are counted in UTC).

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    document::{self, FIELDS, Form},
    text::Text,
};
use crate::{error::Error, scope::ScopeNames, secret::Secret, time::Timestamp};

/// What a user once granted, and what became of it.
///
/// The setters change what they name and leave the rest: an answer without a refresh token does not take away
/// the one that is kept. Fields that this version does not know are kept too, and written again.
///
/// # Security
/// [`to_json`](Self::to_json) holds the tokens in the clear, which is why it gives a [`Secret`]. `Debug` shows
/// none of them.
///
/// # Examples
/// ```
/// use gdata_auth::{Timestamp, scope::ScopeNames, store::{StoredAccess, StoredGrant}};
///
/// let consent = Timestamp::from_unix_seconds(1_300_000_000);
/// let grant = StoredGrant::new(consent)
///     .with_refresh_token("1//0refresh")
///     .with_granted(ScopeNames::parse("openid")?);
///
/// let later = Timestamp::from_unix_seconds(1_300_003_500);
/// let expires_at = Timestamp::from_unix_seconds(1_300_007_100);
/// let grant = grant
///     .with_access_token(StoredAccess::new("ya29.next", expires_at))
///     .with_refreshed_at(later);
/// assert_eq!(grant.refresh_token().map(|token| token.expose()), Some("1//0refresh"));
///
/// let kept = grant.to_json();
/// assert_eq!(StoredGrant::from_json(kept.expose())?, grant);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct StoredGrant(Form);

/// An access token and when it expires.
///
/// # Examples
/// ```
/// use gdata_auth::store::StoredAccess;
///
/// let access = StoredAccess::new("ya29.token", None);
/// assert_eq!(access.expires_at(), None);
/// assert_eq!(
///     format!("{access:?}"),
///     "StoredAccess { token: Secret(10 characters), expires_at: None }"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAccess {
    token: Secret,
    expires_at: Option<Timestamp>,
}

/// Why a grant is of no use any more, and since when.
///
/// It stays where it was, for whoever wants to know; only a new consent brings it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Death {
    reason: String,
    at: Timestamp,
}

impl StoredGrant {
    /// The version of the form that is written.
    pub const VERSION: u64 = 1;

    /// A grant that the user consented to at `obtained_at`, for the first time; without tokens yet.
    #[must_use]
    pub fn new(obtained_at: Timestamp) -> Self {
        Self(Form {
            version: Self::VERSION,
            refresh_token: None,
            access_token: None,
            requested: ScopeNames::default(),
            granted: ScopeNames::default(),
            obtained_at,
            refreshed_at: None,
            refresh_expires_at: None,
            subject: None,
            email: None,
            flow: None,
            consents: 1,
            rotations: 0,
            dead: None,
            extra: Map::new(),
        })
    }

    /// Reads what [`to_json`](Self::to_json) wrote, or a later version of this crate with more fields.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when it is no JSON, of another shape or version. The message tells
    /// the place and never the content.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        document::read_grant(text.as_bytes()).map_err(|broken| Error::input("grant", broken))
    }

    /// One line of JSON, with the tokens in the clear.
    #[must_use]
    pub fn to_json(&self) -> Secret {
        Secret::new(document::print_grant(self))
    }

    /// The refresh token.
    #[must_use]
    pub fn refresh_token(&self) -> Option<&Secret> {
        self.0.refresh_token.as_ref().map(|text| &text.0)
    }

    /// The newest access token.
    #[must_use]
    pub fn access_token(&self) -> Option<&StoredAccess> {
        self.0.access_token.as_ref()
    }

    /// The scopes that the user was asked for.
    #[must_use]
    pub fn requested(&self) -> &ScopeNames {
        &self.0.requested
    }

    /// The scopes that the server said were granted.
    #[must_use]
    pub fn granted(&self) -> &ScopeNames {
        &self.0.granted
    }

    /// When the user last consented.
    #[must_use]
    pub fn obtained_at(&self) -> Timestamp {
        self.0.obtained_at
    }

    /// When an access token was last refreshed.
    #[must_use]
    pub fn refreshed_at(&self) -> Option<Timestamp> {
        self.0.refreshed_at
    }

    /// When the refresh token expires, where the server said so.
    #[must_use]
    pub fn refresh_expires_at(&self) -> Option<Timestamp> {
        self.0.refresh_expires_at
    }

    /// The issuer's unchanging name of the account: `sub` of an ID token.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.0.subject.as_deref()
    }

    /// The account's address of mail, which may change.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// The flow by which it was obtained.
    #[must_use]
    pub fn flow(&self) -> Option<&str> {
        self.0.flow.as_deref()
    }

    /// How many times the user consented.
    #[must_use]
    pub fn consents(&self) -> u32 {
        self.0.consents
    }

    /// How many times the server replaced the refresh token.
    #[must_use]
    pub fn rotations(&self) -> u32 {
        self.0.rotations
    }

    /// Why it is of no use any more; `None` while it is.
    #[must_use]
    pub fn dead(&self) -> Option<&Death> {
        self.0.dead.as_ref()
    }

    /// The fields that this version does not know, as they were read.
    #[must_use]
    pub fn extra(&self) -> &Map<String, Value> {
        &self.0.extra
    }

    /// Keeps this refresh token in place of any other.
    #[must_use]
    pub fn with_refresh_token(mut self, token: impl Into<Secret>) -> Self {
        self.0.refresh_token = Some(Text(token.into()));
        self
    }

    /// Keeps the refresh token of an answer to a refresh, and counts it if it is another one.
    #[must_use]
    pub fn rotated_to(mut self, token: impl Into<Secret>) -> Self {
        let token = token.into();
        if self.refresh_token() != Some(&token) {
            self.0.rotations = self.0.rotations.saturating_add(1);
        }
        self.with_refresh_token(token)
    }

    /// Forgets the refresh token.
    #[must_use]
    pub fn without_refresh_token(mut self) -> Self {
        self.0.refresh_token = None;
        self.0.refresh_expires_at = None;
        self
    }

    /// Keeps this access token in place of any other.
    #[must_use]
    pub fn with_access_token(mut self, access: StoredAccess) -> Self {
        self.0.access_token = Some(access);
        self
    }

    /// Forgets the access token.
    #[must_use]
    pub fn without_access_token(mut self) -> Self {
        self.0.access_token = None;
        self
    }

    /// Says which scopes the user was asked for.
    #[must_use]
    pub fn with_requested(mut self, scopes: ScopeNames) -> Self {
        self.0.requested = scopes;
        self
    }

    /// Says which scopes were granted.
    #[must_use]
    pub fn with_granted(mut self, scopes: ScopeNames) -> Self {
        self.0.granted = scopes;
        self
    }

    /// The user consented once more: counts it, and the grant lives again.
    #[must_use]
    pub fn consented_again(mut self, at: Timestamp) -> Self {
        self.0.obtained_at = at;
        self.0.consents = self.0.consents.saturating_add(1);
        self.0.dead = None;
        self
    }

    /// Says when an access token was last refreshed.
    #[must_use]
    pub fn with_refreshed_at(mut self, at: Timestamp) -> Self {
        self.0.refreshed_at = Some(at);
        self
    }

    /// Says when the refresh token expires; `None`: it does not, or nobody said.
    #[must_use]
    pub fn with_refresh_expires_at(mut self, at: impl Into<Option<Timestamp>>) -> Self {
        self.0.refresh_expires_at = at.into();
        self
    }

    /// Says whose it is, as the issuer names the account.
    #[must_use]
    pub fn with_subject(mut self, subject: impl Into<String>) -> Self {
        self.0.subject = Some(subject.into());
        self
    }

    /// Says which address the account has.
    #[must_use]
    pub fn with_email(mut self, email: impl Into<String>) -> Self {
        self.0.email = Some(email.into());
        self
    }

    /// Says by which flow it was obtained.
    #[must_use]
    pub fn with_flow(mut self, flow: impl Into<String>) -> Self {
        self.0.flow = Some(flow.into());
        self
    }

    /// Sets how many times the user consented, for a grant that comes from elsewhere.
    #[must_use]
    pub fn with_consents(mut self, consents: u32) -> Self {
        self.0.consents = consents;
        self
    }

    /// Sets how many times the refresh token was replaced, for a grant that comes from elsewhere.
    #[must_use]
    pub fn with_rotations(mut self, rotations: u32) -> Self {
        self.0.rotations = rotations;
        self
    }

    /// Marks it as of no use any more.
    ///
    /// The reason is shown by `Debug`, so it must hold no secret: the server's error code will do.
    #[must_use]
    pub fn with_death(mut self, reason: impl Into<String>, at: Timestamp) -> Self {
        self.0.dead = Some(Death {
            reason: reason.into(),
            at,
        });
        self
    }

    /// Keeps a field of the caller's own. Later versions of this crate may take a name for themselves, so
    /// prefix yours.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `extra`, when it is a field of this version.
    pub fn with_extra(
        mut self,
        name: impl Into<String>,
        value: impl Into<Value>,
    ) -> Result<Self, Error> {
        let name = name.into();
        if FIELDS.contains(&name.as_str()) {
            return Err(Error::input(
                "extra",
                "expected a name of the caller's own, got a field of the grant",
            ));
        }
        self.0.extra.insert(name, value.into());
        Ok(self)
    }

    pub(super) fn form(&self) -> &Form {
        &self.0
    }

    pub(super) fn from_form(form: Form) -> Self {
        Self(form)
    }
}

impl StoredAccess {
    /// A token and when it expires; `None`: nobody said.
    #[must_use]
    pub fn new(token: impl Into<Secret>, expires_at: impl Into<Option<Timestamp>>) -> Self {
        Self {
            token: token.into(),
            expires_at: expires_at.into(),
        }
    }

    /// The token.
    #[must_use]
    pub fn token(&self) -> &Secret {
        &self.token
    }

    /// When it expires.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }
}

impl Death {
    /// Why, as it was told: `invalid_grant`.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// When it was noticed.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at
    }
}

/// Without the values of unknown fields: one of them may be a secret.
impl fmt::Debug for StoredGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = &self.0;
        f.debug_struct("StoredGrant")
            .field("refresh_token", &self.refresh_token())
            .field("access_token", &form.access_token)
            .field("requested", &form.requested)
            .field("granted", &form.granted)
            .field("obtained_at", &form.obtained_at)
            .field("refreshed_at", &form.refreshed_at)
            .field("refresh_expires_at", &form.refresh_expires_at)
            .field("subject", &form.subject)
            .field("email", &form.email)
            .field("flow", &form.flow)
            .field("consents", &form.consents)
            .field("rotations", &form.rotations)
            .field("dead", &form.dead)
            .field("extra", &format_args!("{} fields", form.extra.len()))
            .finish()
    }
}
