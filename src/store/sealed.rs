//! A credential in the form in which it is kept.
//!
//! ```json
//! {"version":1,"scheme":"authsub","token":"1/…","secure":true,"scopes":"http://…","expires_at":null}
//! ```
//!
//! A private key is never in it: a secure AuthSub token and an RSA consumer say that they need one, and
//! get it back when they are opened. Where OAuth parameters go, and how a realm reads, is not kept either.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::text::Text;
use crate::{
    crypto::Sign,
    error::{Error, Kind},
    scheme::{
        AuthScheme,
        api_key::{ApiKey, Place},
        authsub, clientlogin, oauth1, oauth2,
    },
    scope::ScopeSet,
    time::Timestamp,
};

/// A credential to be written out, or one that was read.
///
/// # Security
/// The serialised form holds the secrets in the clear. Keep it where only its owner reads; `Debug` shows
/// none of them.
///
/// # Examples
/// ```
/// use gdata_auth::{AuthScheme, clientlogin::AuthToken, store::Sealed};
///
/// let scheme = AuthScheme::from(AuthToken::new("DQAAAGgA7Zg8CTN")?);
/// let kept = serde_json::to_string(&Sealed::new(&scheme))?;
/// assert_eq!(kept, r#"{"version":1,"scheme":"clientlogin","token":"DQAAAGgA7Zg8CTN"}"#);
///
/// let sealed: Sealed = serde_json::from_str(&kept)?;
/// assert!(!sealed.needs_key());
/// assert_eq!(sealed.open(None)?.name(), "ClientLogin");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sealed {
    version: u8,
    #[serde(flatten)]
    form: Form,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "scheme")]
enum Form {
    #[serde(rename = "authsub")]
    AuthSub {
        token: Text,
        secure: bool,
        scopes: String,
        expires_at: Option<i64>,
    },
    #[serde(rename = "clientlogin")]
    ClientLogin { token: Text },
    #[serde(rename = "oauth1")]
    OAuth1 {
        consumer_key: String,
        method: String,
        consumer_secret: Option<Text>,
        token: Option<Text>,
        token_secret: Option<Text>,
        requestor: Option<String>,
        scopes: String,
    },
    #[serde(rename = "oauth2")]
    OAuth2 {
        access_token: Text,
        expires_at: Option<i64>,
    },
    #[serde(rename = "api-key")]
    ApiKey { key: Text, place: String },
}

impl Sealed {
    /// The version of the form that is written.
    const VERSION: u8 = 1;

    /// Takes a credential as it is.
    #[must_use]
    pub fn new(scheme: &AuthScheme) -> Self {
        let form = match scheme {
            AuthScheme::AuthSub(token) => Form::AuthSub {
                token: Text(token.secret().clone()),
                secure: token.is_secure(),
                scopes: token.scopes().to_string(),
                expires_at: token.expires_at().map(Timestamp::unix_seconds),
            },
            AuthScheme::ClientLogin(token) => Form::ClientLogin {
                token: Text(token.secret().clone()),
            },
            AuthScheme::OAuth1(credential) => oauth1_form(credential),
            AuthScheme::OAuth2(token) => Form::OAuth2 {
                access_token: Text(token.secret().clone()),
                expires_at: token.expires_at().map(Timestamp::unix_seconds),
            },
            AuthScheme::ApiKey(key) => Form::ApiKey {
                key: Text(key.secret().clone()),
                place: key.place().as_str().to_owned(),
            },
        };
        Self {
            version: Self::VERSION,
            form,
        }
    }

    /// Whether [`open`](Self::open) has to be given the private key.
    #[must_use]
    pub fn needs_key(&self) -> bool {
        match &self.form {
            Form::AuthSub { secure, .. } => *secure,
            Form::OAuth1 { method, .. } => method == oauth1::SignatureMethod::RsaSha1.as_str(),
            _ => false,
        }
    }

    /// The credential, every field checked anew, with its key where it needs one.
    ///
    /// # Errors
    /// [`Kind::Input`] naming the field that cannot be used, or the version when it is of a later form;
    /// [`Kind::Key`] when a key is needed and none is given.
    pub fn open(self, signer: Option<Arc<dyn Sign>>) -> Result<AuthScheme, Error> {
        if self.version != Self::VERSION {
            return Err(Error::input(
                "version",
                format_args!("expected {}, got {}", Self::VERSION, self.version),
            ));
        }
        if self.needs_key() && signer.is_none() {
            return Err(Error::new(
                Kind::Key,
                "the credential signs with a private key, which is kept apart: give it",
            ));
        }
        match self.form {
            Form::AuthSub {
                token,
                secure,
                scopes,
                expires_at,
            } => {
                let mut session =
                    authsub::SessionToken::new(token.0)?.with_scopes(ScopeSet::parse(&scopes)?);
                if let Some(seconds) = expires_at {
                    session = session.expiring_at(Timestamp::from_unix_seconds(seconds));
                }
                Ok(AuthScheme::from(match signer {
                    Some(signer) if secure => session.secured_by(signer),
                    _ => session,
                }))
            }
            Form::ClientLogin { token } => {
                Ok(AuthScheme::from(clientlogin::AuthToken::new(token.0)?))
            }
            form @ Form::OAuth1 { .. } => oauth1_scheme(form, signer),
            Form::OAuth2 {
                access_token,
                expires_at,
            } => {
                let token = oauth2::AccessToken::new(access_token.0)?;
                Ok(AuthScheme::from(match expires_at {
                    Some(seconds) => token.expiring_at(Timestamp::from_unix_seconds(seconds)),
                    None => token,
                }))
            }
            Form::ApiKey { key, place } => {
                let key = ApiKey::new(key.0)?;
                Ok(AuthScheme::from(match Place::read(&place)? {
                    Place::Header => key,
                    Place::Query => key.in_query(),
                    Place::GdataHeader => key.as_developer_key(),
                }))
            }
        }
    }
}

fn oauth1_form(credential: &oauth1::Credential) -> Form {
    let consumer = credential.consumer();
    let access = credential.access_token();
    Form::OAuth1 {
        consumer_key: consumer.key().to_owned(),
        method: consumer.method().as_str().to_owned(),
        consumer_secret: consumer.secret().cloned().map(Text),
        token: access.map(|access| Text(access.token().clone())),
        token_secret: access.map(|access| Text(access.secret().clone())),
        requestor: credential.requestor().map(str::to_owned),
        scopes: credential.scopes().to_string(),
    }
}

fn oauth1_scheme(form: Form, signer: Option<Arc<dyn Sign>>) -> Result<AuthScheme, Error> {
    let Form::OAuth1 {
        consumer_key,
        method,
        consumer_secret,
        token,
        token_secret,
        requestor,
        scopes,
    } = form
    else {
        return Err(Error::input("scheme", "expected oauth1"));
    };
    let missing = |field| Error::input(field, "expected a value, got none");
    let secret = || {
        consumer_secret
            .clone()
            .map(|secret| secret.0)
            .ok_or_else(|| missing("consumer_secret"))
    };
    let consumer = match (method.as_str(), signer) {
        ("HMAC-SHA1", _) => oauth1::Consumer::hmac(consumer_key, secret()?)?,
        ("PLAINTEXT", _) => oauth1::Consumer::plaintext(consumer_key, secret()?)?,
        ("RSA-SHA1", Some(signer)) => oauth1::Consumer::rsa(consumer_key, signer)?,
        _ => {
            return Err(Error::input(
                "method",
                "expected HMAC-SHA1, RSA-SHA1 or PLAINTEXT",
            ));
        }
    };
    let scopes = ScopeSet::parse(&scopes)?;
    let credential = match (token, token_secret, requestor) {
        (Some(token), Some(secret), None) => oauth1::Credential::from(
            oauth1::AccessToken::new(consumer, token.0, secret.0)?.with_scopes(scopes),
        ),
        (None, None, Some(email)) => {
            oauth1::Credential::on_behalf_of(consumer, email)?.with_scopes(scopes)
        }
        (None, None, None) => oauth1::Credential::two_legged(consumer).with_scopes(scopes),
        _ => {
            return Err(Error::input(
                "token",
                "expected token and token_secret together, or a requestor, got another mixture",
            ));
        }
    };
    Ok(AuthScheme::from(credential))
}
