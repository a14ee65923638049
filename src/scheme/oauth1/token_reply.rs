//! What the two token endpoints answer: a form with a token and its secret (legacy-protocol.md 4).

use crate::{
    error::Error,
    secret::Secret,
    wire::{percent, query::Pairs},
};

/// A token with its secret, as a server answers.
///
/// # Examples
/// ```
/// use gdata_auth::oauth1::TokenReply;
///
/// let body = "oauth_token=4%2F5bNFM&oauth_token_secret=%2B4O49V&oauth_callback_confirmed=true";
/// let reply = TokenReply::parse(body.as_bytes())?;
/// assert_eq!(reply.token().expose(), "4/5bNFM");
/// assert_eq!(reply.secret().expose(), "+4O49V");
/// assert!(reply.is_callback_confirmed());
/// assert_eq!(reply.to_body(), body);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenReply {
    token: Secret,
    secret: Secret,
    callback_confirmed: bool,
}

impl TokenReply {
    /// The most bytes of a body that are read.
    pub const MAX: usize = 64 * 1024;

    /// An access token's reply.
    #[must_use]
    pub fn new(token: impl Into<Secret>, secret: impl Into<Secret>) -> Self {
        Self {
            token: token.into(),
            secret: secret.into(),
            callback_confirmed: false,
        }
    }

    /// Makes it a request token's reply: the server has seen the callback.
    #[must_use]
    pub fn confirming_the_callback(mut self) -> Self {
        self.callback_confirmed = true;
        self
    }

    /// Reads a body; parameters that are not known are passed over.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) naming the parameter that is missing, empty or doubled, or `body`
    /// when it is longer than [`MAX`](Self::MAX) bytes or no text.
    pub fn parse(body: &[u8]) -> Result<Self, Error> {
        if body.len() > Self::MAX {
            let (most, got) = (Self::MAX, body.len());
            return Err(Error::reply(
                "body",
                format_args!("expected at most {most} bytes, got {got}"),
            ));
        }
        let text = std::str::from_utf8(body)
            .map_err(|_| Error::reply("body", "expected text in UTF-8, got other bytes"))?;
        let pairs = Pairs::parse(text.trim())?;
        let required = |name: &'static str| {
            pairs
                .only(name)?
                .ok_or_else(|| Error::reply(name, "expected the parameter, got none"))
        };
        let token = required("oauth_token")?;
        if token.is_empty() {
            return Err(Error::reply(
                "oauth_token",
                "expected a token, got an empty one",
            ));
        }
        Ok(Self {
            token: Secret::new(token),
            secret: Secret::new(required("oauth_token_secret")?),
            callback_confirmed: pairs.only("oauth_callback_confirmed")? == Some("true"),
        })
    }

    /// The token.
    #[must_use]
    pub fn token(&self) -> &Secret {
        &self.token
    }

    /// Its secret.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// Whether the server has seen the callback: true for request tokens of OAuth 1.0a.
    #[must_use]
    pub fn is_callback_confirmed(&self) -> bool {
        self.callback_confirmed
    }

    /// The body. It holds secrets: do not log it.
    #[must_use]
    pub fn to_body(&self) -> String {
        let confirmed = if self.callback_confirmed {
            "&oauth_callback_confirmed=true"
        } else {
            ""
        };
        format!(
            "oauth_token={}&oauth_token_secret={}{confirmed}",
            percent::encode(self.token.expose()),
            percent::encode(self.secret.expose())
        )
    }
}
