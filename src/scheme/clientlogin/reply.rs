//! The body of a successful login, printed and read.
//!
//! ```text
//! SID=…          LSID=…          Auth=…          YouTubeUser=…        a line each, the last one ended too
//! ```
//!
//! Google sent the first three, YouTube's endpoint the last two, Reader servers the first three with
//! `LSID=null` or `SID=none` where they have none (legacy-protocol.md 3.2, cassettes.md 2.2).

use bytes::Bytes;
use zeroize::Zeroizing;

use super::{AuthToken, lines::Lines};
use crate::{error::Error, secret::Secret};

/// What a login yields.
///
/// # Examples
/// ```
/// use gdata_auth::clientlogin::Login;
///
/// let login = Login::parse(b"SID=DQAAa\nLSID=DQAAb\nAuth=DQAAc\n")?;
/// assert_eq!(login.token().secret().expose(), "DQAAc");
/// assert_eq!(login.body(), "SID=DQAAa\nLSID=DQAAb\nAuth=DQAAc\n");
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    sid: Option<Secret>,
    lsid: Option<Secret>,
    token: AuthToken,
    youtube_user: Option<String>,
}

impl Login {
    /// What a server answers, with `Auth` alone.
    #[must_use]
    pub fn new(token: AuthToken) -> Self {
        Self {
            sid: None,
            lsid: None,
            token,
            youtube_user: None,
        }
    }

    /// Adds `SID` and `LSID`, which clients are not known to use.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming the line, when a value is empty or holds a space or a
    /// control character.
    pub fn with_sessions(
        mut self,
        sid: impl Into<Secret>,
        lsid: impl Into<Secret>,
    ) -> Result<Self, Error> {
        let (sid, lsid) = (sid.into(), lsid.into());
        check_line("SID", sid.expose())?;
        check_line("LSID", lsid.expose())?;
        (self.sid, self.lsid) = (Some(sid), Some(lsid));
        Ok(self)
    }

    /// Adds `YouTubeUser`.
    ///
    /// # Errors
    /// As [`with_sessions`](Self::with_sessions).
    pub fn with_youtube_user(mut self, name: impl Into<String>) -> Result<Self, Error> {
        let name = name.into();
        check_line("YouTubeUser", &name)?;
        self.youtube_user = Some(name);
        Ok(self)
    }

    /// Reads the body, its lines in any order.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) naming `Auth` when there is none that a header can carry, or
    /// `body` when it is no text.
    pub fn parse(body: &[u8]) -> Result<Self, Error> {
        Self::of_lines(Lines::of(body)?)
    }

    pub(super) fn of_lines(lines: Lines<'_>) -> Result<Self, Error> {
        let [sid, lsid, auth, youtube_user] = lines.first(["SID", "LSID", "Auth", "YouTubeUser"]);
        let auth = auth.ok_or_else(|| Error::reply("Auth", "expected a line Auth=…, got none"))?;
        let token = AuthToken::new(auth).map_err(|cause| {
            Error::reply("Auth", "expected a token that a header can carry").caused_by(cause)
        })?;
        Ok(Self {
            sid: sid.map(Secret::new),
            lsid: lsid.map(Secret::new),
            token,
            youtube_user: youtube_user.map(str::to_owned),
        })
    }

    /// `Auth`, the token that authorises requests.
    #[must_use]
    pub fn token(&self) -> &AuthToken {
        &self.token
    }

    /// The token alone.
    #[must_use]
    pub fn into_token(self) -> AuthToken {
        self.token
    }

    /// `SID`, as it was sent.
    #[must_use]
    pub fn sid(&self) -> Option<&Secret> {
        self.sid.as_ref()
    }

    /// `LSID`, as it was sent.
    #[must_use]
    pub fn lsid(&self) -> Option<&Secret> {
        self.lsid.as_ref()
    }

    /// `YouTubeUser`, the name behind `users/default`.
    #[must_use]
    pub fn youtube_user(&self) -> Option<&str> {
        self.youtube_user.as_deref()
    }

    /// The body, in the order of Google's. It is wiped from memory with its last copy.
    #[must_use]
    pub fn body(&self) -> Bytes {
        let lines = [
            ("SID", self.sid.as_ref().map(Secret::expose)),
            ("LSID", self.lsid.as_ref().map(Secret::expose)),
            ("Auth", Some(self.token.secret().expose())),
            ("YouTubeUser", self.youtube_user.as_deref()),
        ];
        let lines = lines
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?)));
        let room = lines
            .clone()
            .map(|(key, value)| key.len() + value.len() + 2);
        let mut body = Zeroizing::new(Vec::with_capacity(room.sum()));
        for (key, value) in lines {
            for piece in [key, "=", value, "\n"] {
                body.extend_from_slice(piece.as_bytes());
            }
        }
        Bytes::from_owner(body)
    }
}

fn check_line(field: &str, value: &str) -> Result<(), Error> {
    if value.is_empty() || value.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(Error::input(
            field,
            "expected a value without spaces and control characters",
        ));
    }
    Ok(())
}
