//! What is posted to a token endpoint, printed by the client and read by the server (RFC 6749, 4 and 6).
//!
//! | grant | `grant_type` | source |
//! |---|---|---|
//! | a code | `authorization_code` | RFC 6749, 4.1.3; RFC 7636, 4.5 |
//! | a refresh token | `refresh_token` | RFC 6749, 6 |
//! | the client itself | `client_credentials` | RFC 6749, 4.4.2 |
//! | a signed assertion | `urn:ietf:params:oauth:grant-type:jwt-bearer` | RFC 7523, 2.1 |
//! | a device's code | `urn:ietf:params:oauth:grant-type:device_code` | RFC 8628, 3.4 |
//! | another token | `urn:ietf:params:oauth:grant-type:token-exchange` | RFC 8693, 2.1 |
//!
//! There is no password grant and no implicit one (RFC 9700, 2.1.2 and 2.4).

use crate::{error::Error, scope::ScopeNames, secret::Secret, wire::query::Pairs};

/// What is redeemed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Grant {
    /// The code of a redirect.
    AuthorizationCode {
        /// The code.
        code: Secret,
        /// The redirect address that the link named.
        redirect_uri: Option<String>,
        /// The verifier behind the challenge, as it came: a server checks it.
        verifier: Option<Secret>,
    },
    /// A refresh token.
    RefreshToken {
        /// The token.
        token: Secret,
        /// Fewer scopes than were granted; without, all of them.
        scope: Option<ScopeNames>,
    },
    /// Nothing but the client's own proof.
    ClientCredentials {
        /// What is asked for.
        scope: Option<ScopeNames>,
    },
    /// An assertion that the client signed.
    JwtBearer {
        /// The JSON Web Token.
        assertion: Secret,
    },
    /// The code of a device.
    DeviceCode {
        /// The `device_code`.
        code: Secret,
    },
    /// A token of someone else.
    TokenExchange(TokenExchange),
}

/// The parameters of an exchange of tokens (RFC 8693, 2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "the parameters of the wire form")]
pub struct TokenExchange {
    /// For whom the new token is: for Google, the name of the workload identity provider.
    pub audience: String,
    /// The token of the other system.
    pub subject_token: Secret,
    /// What sort of token that is, a URN.
    pub subject_token_type: String,
    /// What sort is wanted, a URN.
    pub requested_token_type: String,
    /// What is asked for.
    pub scope: ScopeNames,
    /// Google's `options`, JSON.
    pub options: Option<String>,
}

const CODE: &str = "authorization_code";
const REFRESH: &str = "refresh_token";
const CLIENT: &str = "client_credentials";
const JWT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// The draft's name of the device grant, with the code in `code`: oauth2client and yup-oauth2 send it
/// (real-clients.md 5).
const DEVICE_DRAFT: &str = "http://oauth.net/grant_type/device/1.0";
const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

impl Grant {
    /// The `grant_type`.
    #[must_use]
    pub fn grant_type(&self) -> &'static str {
        match self {
            Self::AuthorizationCode { .. } => CODE,
            Self::RefreshToken { .. } => REFRESH,
            Self::ClientCredentials { .. } => CLIENT,
            Self::JwtBearer { .. } => JWT,
            Self::DeviceCode { .. } => DEVICE,
            Self::TokenExchange(_) => EXCHANGE,
        }
    }

    /// The parameters of the form, but for those of the client.
    #[must_use]
    pub fn to_pairs(&self) -> Pairs {
        let mut form = Pairs::new();
        form.push("grant_type", self.grant_type());
        match self {
            Self::AuthorizationCode {
                code,
                redirect_uri,
                verifier,
            } => {
                form.push("code", code.expose());
                if let Some(address) = redirect_uri {
                    form.push("redirect_uri", address);
                }
                if let Some(verifier) = verifier {
                    form.push("code_verifier", verifier.expose());
                }
            }
            Self::RefreshToken { token, scope } => {
                form.push("refresh_token", token.expose());
                push_scope(&mut form, scope.as_ref());
            }
            Self::ClientCredentials { scope } => push_scope(&mut form, scope.as_ref()),
            Self::JwtBearer { assertion } => form.push("assertion", assertion.expose()),
            Self::DeviceCode { code } => form.push("device_code", code.expose()),
            Self::TokenExchange(exchange) => exchange.push(&mut form),
        }
        form
    }

    /// Reads a form; `None` for a `grant_type` that is not one of these.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) naming the parameter that is missing, empty, twice, or no scope.
    pub fn read(form: &Pairs) -> Result<Option<Self>, Error> {
        let grant_type = needed(form, "grant_type")?;
        let secret = |name: &str| needed(form, name).map(Secret::new);
        Ok(Some(match grant_type {
            CODE => Self::AuthorizationCode {
                code: secret("code")?,
                redirect_uri: form.only("redirect_uri")?.map(str::to_owned),
                verifier: form.only("code_verifier")?.map(Secret::new),
            },
            REFRESH => Self::RefreshToken {
                token: secret("refresh_token")?,
                scope: scope(form)?,
            },
            CLIENT => Self::ClientCredentials {
                scope: scope(form)?,
            },
            JWT => Self::JwtBearer {
                assertion: secret("assertion")?,
            },
            DEVICE => Self::DeviceCode {
                code: secret("device_code")?,
            },
            DEVICE_DRAFT => Self::DeviceCode {
                code: secret("code")?,
            },
            EXCHANGE => Self::TokenExchange(TokenExchange::read(form)?),
            _ => return Ok(None),
        }))
    }
}

impl TokenExchange {
    fn push(&self, form: &mut Pairs) {
        form.push("audience", &self.audience);
        form.push("scope", self.scope.to_string());
        form.push("requested_token_type", &self.requested_token_type);
        form.push("subject_token", self.subject_token.expose());
        form.push("subject_token_type", &self.subject_token_type);
        if let Some(options) = &self.options {
            form.push("options", options);
        }
    }

    fn read(form: &Pairs) -> Result<Self, Error> {
        Ok(Self {
            audience: form.only("audience")?.unwrap_or_default().to_owned(),
            subject_token: Secret::new(needed(form, "subject_token")?),
            subject_token_type: needed(form, "subject_token_type")?.to_owned(),
            requested_token_type: form
                .only("requested_token_type")?
                .unwrap_or_default()
                .to_owned(),
            scope: scope(form)?.unwrap_or_default(),
            options: form.only("options")?.map(str::to_owned),
        })
    }
}

fn push_scope(form: &mut Pairs, scope: Option<&ScopeNames>) {
    if let Some(scope) = scope.filter(|scope| !scope.is_empty()) {
        form.push("scope", scope.to_string());
    }
}

fn scope(form: &Pairs) -> Result<Option<ScopeNames>, Error> {
    let Some(text) = form.only("scope")?.filter(|text| !text.trim().is_empty()) else {
        return Ok(None);
    };
    ScopeNames::parse(text)
        .map(Some)
        .map_err(|_| Error::reply("scope", "expected names parted by spaces"))
}

fn needed<'a>(form: &'a Pairs, name: &str) -> Result<&'a str, Error> {
    match form.only(name)? {
        Some(value) if !value.is_empty() => Ok(value),
        _ => Err(Error::reply(name, "expected the parameter, got none")),
    }
}
