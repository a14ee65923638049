//! What was found, as data: one credential each, where it stands and what it is still good for.
//!
//! ```json
//! {"version":1,"credentials":[{"number":1,"protocol":"auth-sub","form":"gdata-python-blob","scopes":["…"],
//!   "found":{"file":"tokens","at":"record 1"},"use":"consent-again",
//!   "secrets":[{"name":"token","mask":"1/ab… (45 characters)","fingerprint":"1f2e3d4c"}]}],
//!  "doubles":[],"problems":[],"summary":{…}}
//! ```

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::run::Summary;
use crate::{error::Error, secret::Secret, time::Timestamp};

/// All that an import found.
///
/// # Security
/// Serialising it shows no secret: of each it tells the name, a beginning and a fingerprint. The secrets themselves
/// are written by [`InventoryWriter::with_secrets`](super::InventoryWriter::with_secrets) and by nothing else.
#[derive(Debug, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Inventory {
    /// The version of this form.
    pub version: u32,
    /// The credentials, in the order in which they were found.
    pub credentials: Vec<Credential>,
    /// The same credential, or the same user's, found again.
    #[serde(default)]
    pub doubles: Vec<Double>,
    /// What could not be read, or only in part.
    #[serde(default)]
    pub problems: Vec<Problem>,
    /// Figures.
    #[serde(default)]
    pub summary: Summary,
}

/// One credential.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Credential {
    /// Its number in this inventory, from 1.
    pub number: u64,
    /// What it belongs to.
    pub protocol: Protocol,
    /// What kind of store it stood in.
    pub form: Form,
    /// Whose it is, where the store says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// ClientLogin's code of the service: `cl`, `youtube`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Its scopes, as they were written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// The client of OAuth 2.0, or the consumer of OAuth 1.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// How far a token of OAuth 1.0 had come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<TokenState>,
    /// Where tokens are refreshed, where the store says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_uri: Option<String>,
    /// When it was written down.
    #[serde(default, with = "written", skip_serializing_if = "Option::is_none")]
    pub issued_at: Option<Timestamp>,
    /// When its access token ends.
    #[serde(default, with = "written", skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Whether the store marks it as dead.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dead: bool,
    /// Where it stands.
    pub found: Place,
    /// What it is still good for.
    #[serde(rename = "use")]
    pub usable: Use,
    /// What has to be seen to at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alarms: Vec<Alarm>,
    /// What secrets there are, without them.
    #[serde(rename = "secrets")]
    pub masks: Vec<Mask>,
    /// The secrets.
    #[serde(default, rename = "clear", skip_serializing)]
    pub secrets: Secrets,
}

/// What a credential belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Protocol {
    /// AuthSub: whoever has the token can use it.
    AuthSub,
    /// AuthSub with requests that are signed.
    SecureAuthSub,
    /// ClientLogin.
    ClientLogin,
    /// OAuth 1.0 for a user.
    #[serde(rename = "oauth1")]
    OAuth1,
    /// OAuth 1.0 on two legs: an application for a whole domain.
    #[serde(rename = "oauth1-two-legged")]
    OAuth1TwoLegged,
    /// OAuth 2.0 for a user.
    #[serde(rename = "oauth2")]
    OAuth2,
    /// A client of OAuth 2.0, without any user.
    #[serde(rename = "oauth2-client")]
    OAuth2Client,
    /// A service account's key.
    ServiceAccount,
}

impl Protocol {
    /// Its name, as people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AuthSub => "AuthSub",
            Self::SecureAuthSub => "secure AuthSub",
            Self::ClientLogin => "ClientLogin",
            Self::OAuth1 => "OAuth 1.0",
            Self::OAuth1TwoLegged => "two-legged OAuth 1.0",
            Self::OAuth2 => "OAuth 2.0",
            Self::OAuth2Client => "a client of OAuth 2.0",
            Self::ServiceAccount => "a service account",
        }
    }
}

/// What kind of store it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Form {
    /// `token_to_blob` and `dump_tokens` of gdata-python.
    GdataPythonBlob,
    /// A pickle, of gdata-python, oauth2client or google-auth.
    Pickle,
    /// A session of PHP.
    PhpSession,
    /// Preferences of Moodle, as SQL or in columns.
    MoodlePreferences,
    /// `cookies.txt` of Netscape.
    Cookies,
    /// Properties, INI, or environment.
    Settings,
    /// `rclone.conf`.
    Rclone,
    /// oauth2client, `Storage` files and `multistore_file`.
    Oauth2clientJson,
    /// `to_json()` of google-auth.
    GoogleAuthJson,
    /// yup-oauth2.
    YupOauth2Json,
    /// `oauth2.Token` of Go.
    GoJson,
    /// `Credentials` of google-auth-library for Node.
    NodeJson,
    /// gcloud's application default and legacy credentials.
    Gcloud,
    /// A service account's key.
    ServiceAccountKey,
    /// `client_secret.json`.
    ClientSecrets,
    /// A credential as `login --save` keeps it.
    GdataAuth,
    /// JSON of no library that is known here.
    Json,
    /// The answer to a login, as it came.
    LoginReply,
    /// Nothing but a token.
    BareToken,
}

/// How far a token of OAuth 1.0 had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TokenState {
    /// The user has not been asked yet.
    Request,
    /// The user agreed, and it was not exchanged.
    AuthorizedRequest,
    /// It was exchanged.
    Access,
}

/// What can be done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Use {
    /// A refresh token and its client: use it as it is.
    AsItIs,
    /// A refresh token without its client.
    NeedsClient,
    /// OAuth 1.0: may be exchanged where a server offers the migration grant; Google no longer does.
    MigrationGrant,
    /// No way but the user's consent.
    ConsentAgain,
    /// A service account with delegation takes its place.
    ServiceAccount,
    /// A client, for consents to come.
    Client,
    /// The store is incomplete: nothing can be done with it.
    Nothing,
}

impl Use {
    /// What to do, in a sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::AsItIs => {
                "use as it is: --into-store keeps a refresh token, --credentials takes the others"
            }
            Self::NeedsClient => {
                "the refresh token is good, but only its client can use it: give --client-secrets"
            }
            Self::MigrationGrant => {
                "exchange it where the server offers the migration grant; Google no longer does: ask for consent again"
            }
            Self::ConsentAgain => "ask the user for consent again: nothing exchanges it",
            Self::ServiceAccount => {
                "let a service account with domain-wide delegation take its place"
            }
            Self::Client => "a client, for consents to come",
            Self::Nothing => "incomplete: nothing can be done with it",
        }
    }
}

/// What has to be seen to at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Alarm {
    /// A private key lies in the store: whoever can read it can sign as the application.
    PrivateKey,
    /// A password lies in the store.
    Password,
}

impl Alarm {
    /// What to do, in a sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::PrivateKey => {
                "a private key lies in this store: whoever can read the file can sign as the application; replace the key"
            }
            Self::Password => "a password lies in this store: let its owner change it",
        }
    }
}

/// Where a credential stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Place {
    /// The file, as it was named.
    pub file: String,
    /// The place in it: a line, a record, a path of JSON.
    pub at: String,
}

/// A secret without its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Mask {
    /// Which one: `refresh_token`.
    pub name: String,
    /// Its beginning and length.
    pub mask: String,
    /// Eight hexadecimal digits that are the same wherever the same secret stands.
    pub fingerprint: String,
}

/// The same credential, or the same user's, found twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Double {
    /// The older one.
    pub number: u64,
    /// The newer one, which counts.
    pub by: u64,
    /// Whether both are the very same token.
    pub same_token: bool,
}

/// What could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Problem {
    /// Where.
    pub found: Place,
    /// What is wrong; never a piece of the content.
    pub what: String,
}

/// The secrets of one credential. `Debug` shows none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Secrets {
    /// A token of AuthSub, ClientLogin or OAuth 1.0.
    pub token: Option<Secret>,
    /// The secret of a token of OAuth 1.0.
    pub token_secret: Option<Secret>,
    /// The consumer's secret, or the client's.
    pub client_secret: Option<Secret>,
    /// A refresh token.
    pub refresh_token: Option<Secret>,
    /// An access token of OAuth 2.0.
    pub access_token: Option<Secret>,
    /// A private key in PEM.
    pub private_key: Option<Secret>,
    /// The verifier of OAuth 1.0.
    pub verifier: Option<Secret>,
    /// A password.
    pub password: Option<Secret>,
}

impl Secrets {
    /// Each secret that is there, with its name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Secret)> {
        [
            ("token", &self.token),
            ("token_secret", &self.token_secret),
            ("client_secret", &self.client_secret),
            ("refresh_token", &self.refresh_token),
            ("access_token", &self.access_token),
            ("private_key", &self.private_key),
            ("verifier", &self.verifier),
            ("password", &self.password),
        ]
        .into_iter()
        .filter_map(|(name, secret)| Some((name, secret.as_ref()?)))
    }
}

impl Inventory {
    /// The version that is written.
    pub const VERSION: u32 = 1;

    /// Reads what [`InventoryWriter`](super::InventoryWriter) wrote, with or without secrets.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when it is no inventory, or of a later version. The message tells the
    /// place and never the content.
    pub fn from_json(text: &[u8]) -> Result<Self, Error> {
        let inventory: Self = serde_json::from_slice(text).map_err(|cause| {
            Error::input(
                "inventory",
                format_args!(
                    "expected an inventory of version {}, got something else at {}:{}",
                    Self::VERSION,
                    cause.line(),
                    cause.column()
                ),
            )
        })?;
        match inventory.version {
            Self::VERSION => Ok(inventory),
            other => Err(Error::input(
                "inventory",
                format_args!("expected version {}, got {other}", Self::VERSION),
            )),
        }
    }

    /// The credentials that count: of those found twice, the newer.
    pub fn current(&self) -> impl Iterator<Item = &Credential> {
        let old: HashSet<u64> = self.doubles.iter().map(|double| double.number).collect();
        self.credentials
            .iter()
            .filter(move |credential| !old.contains(&credential.number))
    }
}

/// Moments as people read them.
mod written {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    use crate::time::Timestamp;

    #[expect(clippy::ref_option, reason = "serde calls it so")]
    pub(super) fn serialize<S: Serializer>(
        moment: &Option<Timestamp>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match moment {
            Some(moment) => serializer.collect_str(moment),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Timestamp>, D::Error> {
        let Some(text) = Option::<String>::deserialize(deserializer)? else {
            return Ok(None);
        };
        let seconds = text.strip_prefix('@').and_then(|text| text.parse().ok());
        match seconds {
            Some(seconds) => Ok(Some(Timestamp::from_unix_seconds(seconds))),
            None => text
                .parse()
                .map(Some)
                .map_err(|_| D::Error::custom("expected a moment")),
        }
    }
}
