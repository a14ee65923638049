//! What is compared and in which order interactions are played: plain data, as a configuration file holds it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::facet::FacetRole;
use crate::{cassette::SecretKind, error::Error, wire::origin::Origin};

/// How live requests are matched with recorded ones.
///
/// # Shape
/// A facet is named `place:name`, as explanations print it: `query:alt`, `form:Email`, `json:/a/b`,
/// `claim:aud`, `header:accept`, `cookie:S`. A name that ends in `*` stands for all that begin so.
///
/// # Examples
/// ```
/// use gdata_auth::cassette::MatchRules;
///
/// let mut rules = MatchRules::default();
/// rules.ignore.push("query:_*".to_owned());
/// rules.headers.push("accept".to_owned());
/// rules.repeat = true;
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct MatchRules {
    /// In which order interactions are played.
    pub order: Order,
    /// Whether the last of several identical interactions goes on answering.
    pub repeat: bool,
    /// Facets that are not compared, beyond those that differ in every run.
    pub ignore: Vec<String>,
    /// Facets that are compared although they would not be.
    pub compare: Vec<String>,
    /// Headers that are compared.
    pub headers: Vec<String>,
    /// Which recorded origin a live one stands for: `"http://127.0.0.1:8080" = "https://www.google.com"`.
    pub hosts: BTreeMap<String, String>,
    /// How secrets are compared.
    pub secrets: SecretRule,
    /// Whether passwords are compared. They are not, unless this says so.
    pub passwords: bool,
    /// Whether [`Player::finish`](crate::cassette::Player::finish) fails when an interaction was not played.
    pub must_play_all: bool,
    /// The status with which a request that nothing matches is answered, with the explanation as its body.
    /// Without one, the transport fails.
    pub refuse_with: Option<u16>,
}

/// In which order interactions are played.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Order {
    /// In any. Identical requests get their answers in the order of the cassette.
    #[default]
    Any,
    /// Forward only; some may be passed over.
    Sequential,
    /// Exactly as recorded.
    Strict,
}

/// How secrets are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SecretRule {
    /// A stand-in stands for whatever the client sends there, the same throughout; what the cassette itself
    /// handed out has to come back; any other recorded value has to be the same.
    #[default]
    StandIns,
    /// As `stand-ins`, and any recorded secret that no answer hands out stands for whatever the client sends.
    Bind,
    /// Secrets are not compared.
    Ignore,
}

/// The rules, read.
#[derive(Clone, Debug, Default)]
pub(in crate::cassette) struct Rules {
    ignore: Vec<Name>,
    compare: Vec<Name>,
    pub(in crate::cassette) headers: Vec<String>,
    pub(in crate::cassette) cookies: bool,
    pub(in crate::cassette) hosts: Vec<(Origin, Origin)>,
}

/// `place:name`, or `place:begin*`.
#[derive(Clone, Debug)]
struct Name {
    place: String,
    name: String,
    open: bool,
}

impl Rules {
    pub(in crate::cassette) fn read(rules: &MatchRules) -> Result<Self, Error> {
        let names = |field: &str, list: &[String]| -> Result<Vec<Name>, Error> {
            list.iter().map(|text| Name::read(field, text)).collect()
        };
        let mut headers: Vec<String> = Vec::new();
        for header in &rules.headers {
            let name: http::HeaderName = header.parse().map_err(|cause| {
                Error::input("headers", "expected the name of a header").caused_by(cause)
            })?;
            headers.push(name.as_str().to_owned());
        }
        let compare = names("compare", &rules.compare)?;
        for name in compare.iter().filter(|name| name.place == "header") {
            headers.push(name.name.to_ascii_lowercase());
        }
        headers.sort();
        headers.dedup();
        let mut hosts = Vec::new();
        for (live, recorded) in &rules.hosts {
            let read = |text: &str| {
                Origin::of(text).map_err(|cause| {
                    Error::input("hosts", "expected origins like https://www.google.com")
                        .caused_by(cause)
                })
            };
            hosts.push((read(live)?, read(recorded)?));
        }
        Ok(Self {
            ignore: names("ignore", &rules.ignore)?,
            cookies: compare.iter().any(|name| name.place == "cookie"),
            compare,
            headers,
            hosts,
        })
    }

    /// The role of a facet once the rules have spoken.
    pub(super) fn role(&self, role: FacetRole, place: &str, name: &str) -> FacetRole {
        if self.ignore.is_empty() && self.compare.is_empty() {
            return role;
        }
        if self.ignore.iter().any(|rule| rule.is(place, name)) {
            return FacetRole::LeftOut;
        }
        if role == FacetRole::LeftOut && self.compare.iter().any(|rule| rule.is(place, name)) {
            return FacetRole::Compared;
        }
        role
    }

    /// Whether some rule names a cookie of this name.
    pub(super) fn compares_cookie(&self, name: &str) -> bool {
        self.compare.iter().any(|rule| rule.is("cookie", name))
    }
}

impl Name {
    fn read(field: &str, text: &str) -> Result<Self, Error> {
        let (place, name) = text.split_once(':').unwrap_or((text, ""));
        if place.trim().is_empty() {
            return Err(Error::input(
                field,
                "expected a facet like query:scope, got one without a place",
            ));
        }
        let (name, open) = match name.strip_suffix('*') {
            Some(begin) => (begin, true),
            None => (name, false),
        };
        let name = match place {
            "header" => name.to_ascii_lowercase(),
            _ => name.to_owned(),
        };
        Ok(Self {
            place: place.trim().to_owned(),
            name,
            open,
        })
    }

    fn is(&self, place: &str, name: &str) -> bool {
        // A part of a multipart body is named in front of the place: a rule for `json` holds in every part.
        let same_place = place == self.place
            || place
                .strip_suffix(self.place.as_str())
                .is_some_and(|before| before.starts_with("part ") && before.ends_with(' '));
        same_place
            && match self.open {
                true => name.starts_with(&self.name),
                false => name == self.name,
            }
    }
}

/// Whether a recorded secret is compared at all.
pub(in crate::cassette) fn is_lenient(rules: &MatchRules, kind: SecretKind) -> bool {
    rules.secrets == SecretRule::Ignore || (kind == SecretKind::Password && !rules.passwords)
}
