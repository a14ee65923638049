//! The tables and keys of a settings file, and what may stand in them.

use http::HeaderName;
use serde::Deserialize;
use toml::Spanned;

use super::{Settings, place::Fault};
use crate::migrate::dual::{
    compare::Compare,
    counters::Counters,
    rule::{FallBack, Rule, Side, check_feed, check_percent},
    rules::Rules,
    run::Override,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default, rename = "override")]
    setting: Override,
    #[serde(default)]
    count: Vec<Spanned<String>>,
    #[serde(default)]
    rule: Vec<RuleTable>,
    otherwise: Otherwise,
    #[serde(default)]
    compare: CompareTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleTable {
    feed: Option<Spanned<String>>,
    users: Option<Spanned<Vec<String>>>,
    percent: Option<Spanned<f64>>,
    prefer: Side,
    #[serde(default)]
    fall_back: FallBack,
    #[serde(default)]
    shadow: bool,
}

/// A rule without conditions.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Otherwise {
    prefer: Side,
    #[serde(default)]
    fall_back: FallBack,
    #[serde(default)]
    shadow: bool,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct CompareTable {
    headers: Option<Vec<Spanned<String>>>,
    ignore: Vec<Spanned<String>>,
    pair: Vec<Pair>,
    without_values: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    old: Spanned<String>,
    new: Spanned<String>,
}

/// Reads settings.
pub(super) fn read(text: &str) -> Result<Settings, Fault> {
    if text.len() > Settings::MAX_BYTES {
        let most = Settings::MAX_BYTES;
        return Err(Fault::whole(format!(
            "expected at most {most} bytes, got more"
        )));
    }
    let document: Document = toml::from_str(text).map_err(|cause| Fault::of(&cause))?;
    if document.rule.len() > Rules::MAX {
        let most = Rules::MAX;
        return Err(Fault::whole(format!(
            "expected at most {most} rules, got more"
        )));
    }
    let rules = document.rule.into_iter().map(RuleTable::rule);
    let rules = rules.collect::<Result<Vec<_>, _>>()?;
    // Each rule has been looked at, so this says nothing new.
    let rules = Rules::new(rules).map_err(|cause| Fault::whole(cause.to_string()))?;
    let Otherwise {
        prefer,
        fall_back,
        shadow,
    } = document.otherwise;
    if document.count.len() > Counters::MAX_FEEDS {
        let most = Counters::MAX_FEEDS;
        return Err(Fault::whole(format!(
            "expected at most {most} feeds to count, got more"
        )));
    }
    for feed in &document.count {
        check_feed(feed.get_ref()).map_err(|problem| Fault::at(feed, problem))?;
    }
    Ok(Settings {
        setting: document.setting,
        rules: rules.otherwise(rule(prefer, fall_back, shadow)),
        compare: document.compare.compare()?,
        count: document
            .count
            .into_iter()
            .map(Spanned::into_inner)
            .collect(),
    })
}

fn rule(prefer: Side, fall_back: FallBack, shadow: bool) -> Rule {
    let rule = Rule::new(prefer).falling_back(fall_back);
    match shadow {
        true => rule.in_shadow(),
        false => rule,
    }
}

impl RuleTable {
    fn rule(self) -> Result<Rule, Fault> {
        let mut rule = rule(self.prefer, self.fall_back, self.shadow);
        if let Some(feed) = self.feed {
            check_feed(feed.get_ref()).map_err(|problem| Fault::at(&feed, problem))?;
            rule = rule.of_feed(feed.into_inner());
        }
        if let Some(users) = self.users {
            // Nobody in the list would stand for everybody.
            if users.get_ref().is_empty() || users.get_ref().iter().any(String::is_empty) {
                return Err(Fault::at(
                    &users,
                    "expected users, or no such key for all of them, got nobody",
                ));
            }
            rule = rule.of_users(users.into_inner());
        }
        if let Some(percent) = self.percent {
            check_percent(*percent.get_ref()).map_err(|problem| Fault::at(&percent, problem))?;
            rule = rule.for_percent(percent.into_inner());
        }
        Ok(rule)
    }
}

impl CompareTable {
    fn compare(self) -> Result<Compare, Fault> {
        let most = Settings::MAX_FIELDS;
        let headers = self.headers.as_deref().unwrap_or_default().len();
        if self.ignore.len().max(self.pair.len()).max(headers) > most {
            return Err(Fault::whole(format!(
                "expected at most {most} fields, pairs and headers each in [compare], got more"
            )));
        }
        let mut compare = Compare::new();
        if let Some(headers) = &self.headers {
            let mut names = Vec::new();
            for header in headers {
                let name = HeaderName::try_from(header.get_ref().as_str())
                    .map_err(|_| Fault::at(header, "expected the name of a header"))?;
                names.push(name);
            }
            let names: Vec<&str> = names.iter().map(HeaderName::as_str).collect();
            compare = compare.with_headers(&names);
        }
        for field in self.ignore {
            if field.get_ref().is_empty() {
                let problem = "expected the name of a field, or a path such as /feed/entry[*]/id";
                return Err(Fault::at(&field, problem));
            }
            compare = compare.ignoring(field.into_inner());
        }
        for Pair { old, new } in self.pair {
            for side in [&old, &new] {
                if !side.get_ref().starts_with('/') {
                    return Err(Fault::at(side, Compare::NO_PATH));
                }
            }
            compare = compare
                .pairing(old.into_inner(), new.into_inner())
                .map_err(|cause| Fault::whole(cause.to_string()))?;
        }
        Ok(match self.without_values {
            true => compare.without_values(),
            false => compare,
        })
    }
}
