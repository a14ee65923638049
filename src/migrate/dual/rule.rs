//! One rule: which calls it is for, who is asked first, and who else.

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{error::Error, wire::origin::Origin};

/// One of the two credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "dual: there is no third")]
pub enum Side {
    /// OAuth 2.0.
    New,
    /// AuthSub, ClientLogin or OAuth 1.0.
    Old,
}

impl Side {
    /// Its word in a settings file.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Old => "old",
        }
    }
}

/// When the old credential is tried after the new one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FallBack {
    /// Never.
    #[default]
    Never,
    /// Once, after a 401 or 403, or when the new credential could not be put onto the request at all: in both cases
    /// the server has done nothing yet.
    WhenRefused,
    /// Then, and when no answer came to a reading call.
    WhenRefusedOrUnreachable,
}

impl FallBack {
    /// Its word in a settings file.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::WhenRefused => "when-refused",
            Self::WhenRefusedOrUnreachable => "when-refused-or-unreachable",
        }
    }
}

/// A rule. What it does not name fits everything.
///
/// # Examples
/// ```
/// use gdata_auth::migrate::dual::{FallBack, Rule, Rules, Side};
///
/// let rules = Rules::new(vec![
///     Rule::new(Side::Old).of_user("boss@example.com"),
///     Rule::new(Side::New).of_feed("https://www.google.com/m8/feeds/").for_percent(10.0).falling_back(FallBack::WhenRefused),
/// ])?.otherwise(Rule::new(Side::Old));
/// let feed = "https://www.google.com/m8/feeds/contacts/example.com/full";
/// assert_eq!(rules.choose("boss@example.com", feed).side, Side::Old);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use]
pub struct Rule {
    prefer: Side,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    feed: Option<String>,
    /// Lower case; empty for everybody.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    users: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    percent: Option<f64>,
    #[serde(default)]
    fall_back: FallBack,
    #[serde(default)]
    shadow: bool,
}

impl Rule {
    /// Prefers a side, for all users and feeds.
    pub fn new(prefer: Side) -> Self {
        Self {
            prefer,
            feed: None,
            users: BTreeSet::new(),
            percent: None,
            fall_back: FallBack::Never,
            shadow: false,
        }
    }

    /// For addresses that begin so, `http` or `https`.
    pub fn of_feed(mut self, prefix: impl Into<String>) -> Self {
        self.feed = Some(prefix.into());
        self
    }

    /// For one user, and for those who were named before.
    pub fn of_user(self, user: impl Into<String>) -> Self {
        self.of_users([user])
    }

    /// For these users, and for those who were named before; capitals do not matter.
    pub fn of_users<User: Into<String>>(mut self, users: impl IntoIterator<Item = User>) -> Self {
        let lower = |user: User| {
            let mut user: String = user.into();
            user.make_ascii_lowercase();
            user
        };
        self.users.extend(users.into_iter().map(lower));
        self
    }

    /// For a part of the users: always the same ones, and all of them again when the part grows.
    pub fn for_percent(mut self, percent: f64) -> Self {
        self.percent = Some(percent);
        self
    }

    /// Tries the old credential where the new one fails.
    pub fn falling_back(mut self, fall_back: FallBack) -> Self {
        self.fall_back = fall_back;
        self
    }

    /// Calls both sides, and tells how the answers differ.
    pub fn in_shadow(mut self) -> Self {
        self.shadow = true;
        self
    }

    /// Who is asked first.
    #[must_use]
    pub fn side(&self) -> Side {
        self.prefer
    }

    /// Where addresses begin; nothing for all.
    #[must_use]
    pub fn feed(&self) -> Option<&str> {
        self.feed.as_deref()
    }

    /// Whose calls, in lower case and in order; nobody stands for everybody.
    pub fn users(&self) -> impl ExactSizeIterator<Item = &str> {
        self.users.iter().map(String::as_str)
    }

    /// For how many of a hundred users; nothing for all.
    #[must_use]
    pub fn percent(&self) -> Option<f64> {
        self.percent
    }

    /// When the old credential is tried after the new one.
    #[must_use]
    pub fn fall_back(&self) -> FallBack {
        self.fall_back
    }

    /// Whether both are asked, to compare.
    #[must_use]
    pub fn is_in_shadow(&self) -> bool {
        self.shadow
    }

    pub(super) fn fits(&self, user: &str, address: &str) -> bool {
        let feed = self
            .feed
            .as_deref()
            .is_none_or(|feed| begins(address, feed));
        let own = self.users.is_empty() || self.users.contains(&*user.to_ascii_lowercase());
        feed && own && self.percent.is_none_or(|percent| place(user) < percent)
    }

    /// Whether nothing is left of another rule that stands behind this one.
    pub(super) fn takes_all_of(&self, other: &Self) -> bool {
        let feed = match (&self.feed, &other.feed) {
            (None, _) => true,
            (Some(own), Some(other)) => begins(other, own),
            (Some(_), None) => false,
        };
        let users = self.users.is_empty()
            || (!other.users.is_empty() && other.users.is_subset(&self.users));
        let part = match (self.percent, other.percent) {
            (None, _) => true,
            (Some(own), Some(other)) => other <= own,
            (Some(own), None) => own >= 100.0,
        };
        feed && users && part
    }

    /// Rules that were read may name users in capitals.
    pub(super) fn in_lower_case(mut self) -> Self {
        let users = std::mem::take(&mut self.users);
        self.of_users(users)
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        if let Some(feed) = &self.feed {
            check_feed(feed).map_err(|problem| Error::input("feed", problem))?;
        }
        if let Some(percent) = self.percent {
            check_percent(percent).map_err(|problem| Error::input("percent", problem))?;
        }
        Ok(())
    }
}

/// In words; what the rule does not name is left out.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.prefer, self.shadow) {
            (side, false) => write!(f, "the {} credential", side.word())?,
            (side, true) => write!(f, "both asked, the {} one answers", side.word())?,
        }
        match (self.prefer, self.fall_back) {
            (Side::New, FallBack::WhenRefused) => f.write_str("; the old one when it is refused"),
            (Side::New, FallBack::WhenRefusedOrUnreachable) => f.write_str(
                "; the old one when it is refused, or when no answer comes to a reading call",
            ),
            _ => Ok(()),
        }
    }
}

/// Says what is wrong with the beginning of an address.
pub(super) fn check_feed(feed: &str) -> Result<(), String> {
    match Origin::of(feed) {
        Ok(_) => Ok(()),
        Err(_) => Err(format!(
            "expected the beginning of an absolute address, such as https://www.google.com/m8/feeds/, got {:?}",
            feed.chars().take(100).collect::<String>()
        )),
    }
}

/// Says what is wrong with a part of a hundred.
pub(super) fn check_percent(percent: f64) -> Result<(), String> {
    match (0.0..=100.0).contains(&percent) {
        true => Ok(()),
        false => Err(format!("expected 0 to 100, got {percent}")),
    }
}

/// Whether an address begins with a feed, whichever of the two schemes stands before it: old code says `http`, and the
/// same feed answers at `https`.
pub(super) fn begins(address: &str, feed: &str) -> bool {
    let bare = |text: &'_ str| -> Option<(String, String)> {
        let (_, rest) = text.split_once("://")?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        Some((host.to_ascii_lowercase(), path.to_owned()))
    };
    let (Some((host, path)), Some((feed_host, feed_path))) = (bare(address), bare(feed)) else {
        return false;
    };
    let Some(behind) = path.strip_prefix(&feed_path) else {
        return false;
    };
    // `/feeds/api` is no beginning of `/feeds/apiary`.
    let whole = behind.is_empty()
        || feed_path.is_empty()
        || feed_path.ends_with('/')
        || behind.starts_with(['/', '?']);
    host == feed_host && whole
}

/// Where a user stands between 0 and 100: by the user alone, so that it is the same on every machine and every day.
fn place(user: &str) -> f64 {
    let digest: [u8; 32] = Sha256::digest(user.to_ascii_lowercase()).into();
    let [a, b, c, d, ..] = digest;
    f64::from(u32::from_be_bytes([a, b, c, d])) / f64::from(u32::MAX) * 100.0
}
