//! What an emulator keeps over a restart: issued tokens, given consents and used nonces, as JSON.
//!
//! Without the nonces a request could be replayed once the emulator was started anew. Consent pages,
//! request tokens, CAPTCHAs and uploads that wait are not kept: whoever waits asks again.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{
    Emulator,
    clientlogin::LoginToken,
    lock,
    oauth1::AccessToken,
    oauth2::{Bearer, Consents, Grant},
    state::{Nonces, State, Token},
};
use crate::error::{Error, Kind};

/// The form of the text.
const VERSION: u8 = 2;

/// What every form has.
#[derive(Deserialize)]
struct Form {
    version: u8,
}

/// The kept part of a [`State`], read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    #[serde(rename = "version")]
    _version: u8,
    tokens: HashMap<String, Token>,
    logins: HashMap<String, LoginToken>,
    oauth_access: HashMap<String, AccessToken>,
    refresh_tokens: HashMap<String, Grant>,
    bearers: HashMap<String, Bearer>,
    consents: Consents,
    nonces: Nonces,
}

/// The kept part of a [`State`], to be written.
#[derive(Serialize)]
struct Keep<'a> {
    version: u8,
    tokens: &'a HashMap<String, Token>,
    logins: &'a HashMap<String, LoginToken>,
    oauth_access: &'a HashMap<String, AccessToken>,
    refresh_tokens: &'a HashMap<String, Grant>,
    bearers: &'a HashMap<String, Bearer>,
    consents: &'a Consents,
    nonces: &'a Nonces,
}

impl Emulator {
    /// Issued tokens and used nonces, as JSON text for a state file.
    ///
    /// # Security
    /// It holds every token in the clear.
    ///
    /// # Errors
    /// [`Kind::Input`] when it cannot be written as JSON.
    ///
    /// # Examples
    /// ```
    /// use gdata_auth::emulator::Emulator;
    ///
    /// let before = Emulator::new();
    /// let token = before.issue_session_token("http://gdata.youtube.com/feeds/")?;
    ///
    /// let after = Emulator::new();
    /// after.restore(&before.snapshot()?)?;
    /// let request = http::Request::get("http://gdata.youtube.com/feeds/api/users/default/uploads")
    ///     .header("authorization", format!("AuthSub token={}", token.expose()))
    ///     .body(bytes::Bytes::new())?;
    /// assert_eq!(after.handle(gdata_auth::Timestamp::default(), &request).status(), 200);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn snapshot(&self) -> Result<String, Error> {
        let state = lock(&self.shared.state);
        let State {
            tokens,
            logins,
            oauth_access,
            refresh_tokens,
            bearers,
            oauth2,
            nonces,
            ..
        } = &*state;
        let keep = Keep {
            version: VERSION,
            tokens,
            logins,
            oauth_access,
            refresh_tokens,
            bearers,
            consents: &oauth2.consents,
            nonces,
        };
        serde_json::to_string(&keep).map_err(|cause| {
            Error::new(Kind::Input, "state: cannot be written as JSON").caused_by(cause)
        })
    }

    /// Takes up what an earlier emulator kept, in place of what this one has.
    ///
    /// # Errors
    /// [`Kind::Input`] naming `state`, when the text is not one of [`snapshot`](Self::snapshot), or is one of a
    /// release that kept something else.
    pub fn restore(&self, text: &str) -> Result<(), Error> {
        // serde's message could quote a token; its place is enough.
        let wrong = |cause: serde_json::Error| {
            let (line, column) = (cause.line(), cause.column());
            Error::input(
                "state",
                format_args!(
                    "expected the state of an emulator, got something else at {line}:{column}"
                ),
            )
        };
        let form: Form = serde_json::from_str(text).map_err(wrong)?;
        if form.version != VERSION {
            return Err(Error::input(
                "state",
                format_args!(
                    "expected version {VERSION}, got {}: another release wrote it; delete the file to begin anew",
                    form.version
                ),
            ));
        }
        let kept: Kept = serde_json::from_str(text).map_err(wrong)?;
        let mut state = lock(&self.shared.state);
        state.tokens = kept.tokens;
        state.logins = kept.logins;
        state.oauth_access = kept.oauth_access;
        state.refresh_tokens = kept.refresh_tokens;
        state.bearers = kept.bearers;
        state.oauth2.consents = kept.consents;
        state.nonces = kept.nonces.counted();
        Ok(())
    }
}

/// Scopes in their wire form.
pub(super) mod scopes {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    use crate::scope::ScopeSet;

    pub(in crate::emulator) fn serialize<S: Serializer>(
        scopes: &ScopeSet,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(scopes)
    }

    pub(in crate::emulator) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<ScopeSet, D::Error> {
        let text = String::deserialize(deserializer)?;
        ScopeSet::parse(&text).map_err(D::Error::custom)
    }
}

/// A secret in the clear, because a state file is of no use without it.
pub(super) mod secret {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::secret::Secret;

    pub(in crate::emulator) fn serialize<S: Serializer>(
        secret: &Secret,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(secret.expose())
    }

    pub(in crate::emulator) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Secret, D::Error> {
        Secret::deserialize(deserializer)
    }
}
