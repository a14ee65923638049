//! Who is asked first, and who else: rules by user, feed and percentage. The first that fits decides.

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

/// When the old credential is tried after the new one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<String>,
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
            user: None,
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

    /// For one user.
    pub fn of_user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
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

    fn fits(&self, user: &str, address: &str) -> bool {
        let feed = self
            .feed
            .as_deref()
            .is_none_or(|feed| begins(address, feed));
        let own = self
            .user
            .as_deref()
            .is_none_or(|own| own.eq_ignore_ascii_case(user));
        feed && own && self.percent.is_none_or(|percent| place(user) < percent)
    }

    fn check(&self) -> Result<(), Error> {
        if let Some(feed) = &self.feed {
            Origin::of(feed).map_err(|cause| {
                Error::input("feed", "expected the beginning of an absolute address")
                    .caused_by(cause)
            })?;
        }
        if let Some(percent) = self.percent
            && !(0.0..=100.0).contains(&percent)
        {
            return Err(Error::input(
                "percent",
                format_args!("expected 0 to 100, got {percent}"),
            ));
        }
        Ok(())
    }
}

/// Rules in order, and what holds where none fits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Rules {
    rules: Vec<Rule>,
    otherwise: Rule,
}

/// What a rule comes to for one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Choice {
    /// Who is asked first.
    pub side: Side,
    /// When the old one is asked too.
    pub fall_back: FallBack,
    /// Whether both are asked, to compare.
    pub shadow: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    #[serde(default)]
    rules: Vec<Rule>,
    otherwise: Rule,
}

impl Rules {
    /// The most rules.
    pub const MAX: usize = 10_000;

    /// Rules in order; where none fits, the new credential alone.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `feed`, when it begins no address, `percent` outside 0 to 100, and
    /// `rules` for more than [`MAX`](Self::MAX).
    pub fn new(rules: Vec<Rule>) -> Result<Self, Error> {
        if rules.len() > Self::MAX {
            return Err(Error::input(
                "rules",
                format_args!("expected at most {}, got more", Self::MAX),
            ));
        }
        rules.iter().try_for_each(Rule::check)?;
        Ok(Self {
            rules,
            otherwise: Rule::new(Side::New),
        })
    }

    /// What holds where no rule fits: its side, fall-back and shadow.
    #[must_use]
    pub fn otherwise(mut self, rule: Rule) -> Self {
        self.otherwise = rule;
        self
    }

    /// What holds for a call of a user.
    #[must_use]
    pub fn choose(&self, user: &str, address: &str) -> Choice {
        let fitting = self.rules.iter().find(|rule| rule.fits(user, address));
        let rule = fitting.unwrap_or(&self.otherwise);
        Choice {
            side: rule.prefer,
            fall_back: rule.fall_back,
            shadow: rule.shadow,
        }
    }

    /// The feeds that rules name.
    pub fn feeds(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().filter_map(|rule| rule.feed.as_deref())
    }
}

impl TryFrom<Unchecked> for Rules {
    type Error = Error;

    fn try_from(read: Unchecked) -> Result<Self, Error> {
        read.otherwise.check()?;
        Ok(Self::new(read.rules)?.otherwise(read.otherwise))
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
