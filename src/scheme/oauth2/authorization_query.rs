//! The query of a consent link, printed by the client and read by the server (RFC 6749, 4.1.1; oauth2.md 5.2).

use crate::{error::Error, scope::ScopeNames, wire::query::Pairs};

/// What a consent link asks.
///
/// # Shape
/// Law: `read(&query.to_pairs()) == query`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "the parameters of the wire form")]
pub struct AuthorizationQuery {
    /// `response_type`; `code` is the only one that is made here.
    pub response_type: String,
    /// `client_id`.
    pub client_id: String,
    /// `redirect_uri`.
    pub redirect_uri: String,
    /// `scope`.
    pub scope: ScopeNames,
    /// `state`.
    pub state: Option<String>,
    /// `code_challenge`.
    pub code_challenge: Option<String>,
    /// `code_challenge_method`.
    pub code_challenge_method: Option<String>,
    /// `nonce` (OpenID Connect Core, 3.1.2.1).
    pub nonce: Option<String>,
    /// Google's `access_type`: `online` or `offline`.
    pub access_type: Option<String>,
    /// `prompt`, words parted by spaces.
    pub prompt: Option<String>,
    /// `login_hint`.
    pub login_hint: Option<String>,
    /// Google's `include_granted_scopes`.
    pub include_granted_scopes: bool,
    /// Google's `hd`: the hosted domain whose accounts are wanted.
    pub hd: Option<String>,
}

impl AuthorizationQuery {
    /// The parameters, in the order in which Google documents them.
    #[must_use]
    pub fn to_pairs(&self) -> Pairs {
        let mut pairs = Pairs::new();
        pairs.push("client_id", &self.client_id);
        pairs.push("redirect_uri", &self.redirect_uri);
        pairs.push("response_type", &self.response_type);
        pairs.push("scope", self.scope.to_string());
        let granted = self.include_granted_scopes.then(|| "true".to_owned());
        for (name, value) in [
            ("state", &self.state),
            ("code_challenge", &self.code_challenge),
            ("code_challenge_method", &self.code_challenge_method),
            ("nonce", &self.nonce),
            ("access_type", &self.access_type),
            ("prompt", &self.prompt),
            ("login_hint", &self.login_hint),
            ("include_granted_scopes", &granted),
            ("hd", &self.hd),
        ] {
            if let Some(value) = value {
                pairs.push(name, value);
            }
        }
        pairs
    }

    /// Reads the parameters; those that are not known are passed over, empty ones are none.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) naming a parameter that stands twice, or a scope that is none.
    pub fn read(pairs: &Pairs) -> Result<Self, Error> {
        let text = |name: &str| -> Result<Option<String>, Error> {
            let value = pairs.only(name)?.filter(|value| !value.is_empty());
            Ok(value.map(str::to_owned))
        };
        let scope = ScopeNames::parse(&text("scope")?.unwrap_or_default())
            .map_err(|_| Error::reply("scope", "expected names parted by spaces"))?;
        Ok(Self {
            response_type: text("response_type")?.unwrap_or_default(),
            client_id: text("client_id")?.unwrap_or_default(),
            redirect_uri: text("redirect_uri")?.unwrap_or_default(),
            scope,
            state: text("state")?,
            code_challenge: text("code_challenge")?,
            code_challenge_method: text("code_challenge_method")?,
            nonce: text("nonce")?,
            access_type: text("access_type")?,
            prompt: text("prompt")?,
            login_hint: text("login_hint")?,
            include_granted_scopes: text("include_granted_scopes")?.as_deref() == Some("true"),
            hd: text("hd")?,
        })
    }
}
