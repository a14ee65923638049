//! Token blobs of Google's Python library, printed and read: `1a|token|scope`.
//!
//! ```text
//! 1c|token                                       ClientLogin
//! 1a|token|scope…                                AuthSub
//! 1s|token|key|scope…                            secure AuthSub, with its private key
//! 1h|consumer|secret|token|secret|state|next|verifier     OAuth 1.0 by HMAC-SHA1
//! 1r|consumer|key|token|secret|state|next|verifier        OAuth 1.0 by RSA-SHA1, with its private key
//! 1htl|consumer|secret|requestor     1rtl|consumer|key|requestor      on two legs
//! 2o|client|secret|scope|agent|auth_uri|token_uri|access|refresh      OAuth 2.0
//! ```
//!
//! Each field is escaped as a form's value; an empty one is none. A list joins blobs with `,`, which is escaped
//! inside of them.
//!
//! Law: `Blob::parse(blob.to_text().expose()) == blob`.
//!
//! # Source
//! legacy-protocol.md 7 and 8.4; `gdata.gauth.token_to_blob`.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

use crate::{
    error::{Error, Kind},
    secret::Secret,
};

/// A token as `token_to_blob` writes it. What is empty is `None`, as the library reads it.
///
/// # Examples
/// ```
/// use gdata_auth::migrate::import::Blob;
///
/// let blob = Blob::parse("1a|1%2Fabc|http%3A%2F%2Fwww.google.com%2Fcalendar%2Ffeeds%2F")?;
/// let Blob::AuthSub { token, scopes } = &blob else { return Err("another blob".into()) };
/// assert_eq!(token.as_ref().map(|token| token.expose()), Some("1/abc"));
/// assert_eq!(scopes, &["http://www.google.com/calendar/feeds/"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(
    missing_docs,
    reason = "the fields have the names that they have in the protocols"
)]
pub enum Blob {
    /// `1c`.
    ClientLogin { token: Option<Secret> },
    /// `1a`.
    AuthSub {
        token: Option<Secret>,
        scopes: Vec<String>,
    },
    /// `1s`.
    SecureAuthSub {
        token: Option<Secret>,
        private_key: Option<Secret>,
        scopes: Vec<String>,
    },
    /// `1h` with a secret, `1r` with a private key.
    OAuth1 {
        consumer_key: Option<String>,
        proof: Proof,
        token: Option<Secret>,
        token_secret: Option<Secret>,
        /// 1 requested, 2 authorised, 3 access; others are kept.
        auth_state: i64,
        next: Option<String>,
        verifier: Option<Secret>,
    },
    /// `1htl` with a secret, `1rtl` with a private key.
    TwoLegged {
        consumer_key: Option<String>,
        proof: Proof,
        requestor: Option<String>,
    },
    /// `2o`.
    OAuth2 {
        client_id: Option<String>,
        client_secret: Option<Secret>,
        scope: Option<String>,
        user_agent: Option<String>,
        auth_uri: Option<String>,
        token_uri: Option<String>,
        access_token: Option<Secret>,
        refresh_token: Option<Secret>,
    },
}

/// What an application of OAuth 1.0 signs with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Proof {
    /// HMAC-SHA1 with this secret.
    Secret(Option<Secret>),
    /// RSA-SHA1 with this private key, in PEM as far as the library cared.
    PrivateKey(Option<Secret>),
}

impl Blob {
    /// The words that a blob may begin with.
    pub const MARKS: [&'static str; 8] = ["1c", "1a", "1s", "1h", "1r", "1htl", "1rtl", "2o"];
    /// The most fields of one blob.
    pub const MAX_FIELDS: usize = 256;

    /// Reads one blob. Fields that the library would miss are none, as an interrupted write leaves them; too many
    /// are refused.
    ///
    /// # Errors
    /// [`Kind::Unsupported`] for another mark; [`Kind::Input`] naming the field that is too much or no number. No
    /// message holds a value.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut parts = fields(text)?.into_iter();
        let mark = parts.next().flatten();
        let mark = mark.as_deref().unwrap_or_default();
        let most = match mark {
            "1c" => 1,
            "1a" | "1s" => Self::MAX_FIELDS,
            "1h" | "1r" => 7,
            "1htl" | "1rtl" => 3,
            "2o" => 8,
            _ => {
                return Err(Error::new(
                    Kind::Unsupported,
                    format!(
                        "blob: expected one of {}, got another",
                        Self::MARKS.join(", ")
                    ),
                ));
            }
        };
        if parts.len() > most {
            return Err(Error::input(
                "blob",
                format_args!(
                    "expected at most {most} fields behind {mark}, got {}",
                    parts.len()
                ),
            ));
        }
        let mut next = || parts.next().flatten();
        Ok(match mark {
            "1c" => Self::ClientLogin {
                token: next().map(Secret::new),
            },
            "1a" => Self::AuthSub {
                token: next().map(Secret::new),
                scopes: parts.flatten().collect(),
            },
            "1s" => Self::SecureAuthSub {
                token: next().map(Secret::new),
                private_key: next().map(Secret::new),
                scopes: parts.flatten().collect(),
            },
            "1h" | "1r" => Self::OAuth1 {
                consumer_key: next(),
                proof: Proof::of(mark, next()),
                token: next().map(Secret::new),
                token_secret: next().map(Secret::new),
                auth_state: state(next())?,
                next: next(),
                verifier: next().map(Secret::new),
            },
            "1htl" | "1rtl" => Self::TwoLegged {
                consumer_key: next(),
                proof: Proof::of(mark, next()),
                requestor: next(),
            },
            _ => Self::OAuth2 {
                client_id: next(),
                client_secret: next().map(Secret::new),
                scope: next(),
                user_agent: next(),
                auth_uri: next(),
                token_uri: next(),
                access_token: next().map(Secret::new),
                refresh_token: next().map(Secret::new),
            },
        })
    }

    /// The blob, as the library writes it.
    #[must_use]
    pub fn to_text(&self) -> Secret {
        let secret = |secret: &Option<Secret>| secret.as_ref().map(|it| it.expose().to_owned());
        let listed = |scopes: &[String]| scopes.iter().cloned().map(Some).collect::<Vec<_>>();
        let parts = match self {
            Self::ClientLogin { token } => vec![word("1c"), secret(token)],
            Self::AuthSub { token, scopes } => {
                [vec![word("1a"), secret(token)], listed(scopes)].concat()
            }
            Self::SecureAuthSub {
                token,
                private_key,
                scopes,
            } => [
                vec![word("1s"), secret(token), secret(private_key)],
                listed(scopes),
            ]
            .concat(),
            Self::OAuth1 {
                consumer_key,
                proof,
                token,
                token_secret,
                auth_state,
                next,
                verifier,
            } => vec![
                word(proof.mark()),
                consumer_key.clone(),
                secret(proof.secret()),
                secret(token),
                secret(token_secret),
                Some(auth_state.to_string()),
                next.clone(),
                secret(verifier),
            ],
            Self::TwoLegged {
                consumer_key,
                proof,
                requestor,
            } => vec![
                Some(format!("{}tl", proof.mark())),
                consumer_key.clone(),
                secret(proof.secret()),
                requestor.clone(),
            ],
            Self::OAuth2 {
                client_id,
                client_secret,
                scope,
                user_agent,
                auth_uri,
                token_uri,
                access_token,
                refresh_token,
            } => vec![
                word("2o"),
                client_id.clone(),
                secret(client_secret),
                scope.clone(),
                user_agent.clone(),
                auth_uri.clone(),
                token_uri.clone(),
                secret(access_token),
                secret(refresh_token),
            ],
        };
        Secret::new(print_fields(&parts))
    }

    /// Whether a text begins as a blob does.
    pub(crate) fn begins(text: &str) -> bool {
        text.split_once('|')
            .is_some_and(|(mark, _)| Self::MARKS.contains(&mark))
    }
}

impl Proof {
    fn of(mark: &str, text: Option<String>) -> Self {
        match mark.starts_with("1r") {
            true => Self::PrivateKey(text.map(Secret::new)),
            false => Self::Secret(text.map(Secret::new)),
        }
    }

    fn mark(&self) -> &'static str {
        match self {
            Self::Secret(_) => "1h",
            Self::PrivateKey(_) => "1r",
        }
    }

    fn secret(&self) -> &Option<Secret> {
        match self {
            Self::Secret(secret) | Self::PrivateKey(secret) => secret,
        }
    }
}

/// The fields of a blob of any kind, unescaped; an empty one is `None`.
///
/// # Errors
/// [`Kind::Input`] on more than [`Blob::MAX_FIELDS`].
///
/// # Examples
/// ```
/// use gdata_auth::migrate::import::blob;
///
/// let some = |text: &str| Some(text.to_owned());
/// let fields = vec![some("1x"), some("test|string"), some("%x%"), None, None];
/// assert_eq!(blob::fields("1x|test%7Cstring|%25x%25||")?, fields);
/// assert_eq!(blob::print_fields(&fields), "1x|test%7Cstring|%25x%25||");
/// # Ok::<(), gdata_auth::Error>(())
/// ```
pub fn fields(text: &str) -> Result<Vec<Option<String>>, Error> {
    if memchr::memchr_iter(b'|', text.as_bytes()).count() >= Blob::MAX_FIELDS {
        return Err(Error::input(
            "blob",
            format_args!("expected at most {} fields, got more", Blob::MAX_FIELDS),
        ));
    }
    Ok(text
        .split('|')
        .map(|part| Some(unescaped(part)).filter(|part| !part.is_empty()))
        .collect())
}

/// Joins fields, escaped as Python 2 did.
#[must_use]
pub fn print_fields(fields: &[Option<String>]) -> String {
    let mut text = String::new();
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            text.push('|');
        }
        for (at, piece) in field.as_deref().unwrap_or_default().split(' ').enumerate() {
            if at > 0 {
                text.push('+');
            }
            text.extend(utf8_percent_encode(piece, QUOTED));
        }
    }
    text
}

/// What `urllib.quote_plus` of Python 2 escapes.
const QUOTED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'.').remove(b'-');

fn word(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn unescaped(part: &str) -> String {
    let part = match part.contains('+') {
        true => Cow::Owned(part.replace('+', " ")),
        false => Cow::Borrowed(part),
    };
    percent_decode(part.as_bytes())
        .decode_utf8_lossy()
        .into_owned()
}

fn state(field: Option<String>) -> Result<i64, Error> {
    let wrong = || Error::input("auth_state", "expected a number, got something else");
    field.map_or(Ok(0), |text| text.parse().map_err(|_| wrong()))
}
