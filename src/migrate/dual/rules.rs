//! Rules in order: by user, feed and percentage. The first that fits decides.

use serde::{Deserialize, Serialize};

use super::rule::{FallBack, Rule, Side};
use crate::error::Error;

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
            rules: rules.into_iter().map(Rule::in_lower_case).collect(),
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
        let rule = self.which(user, address).map(|number| &self.rules[number]);
        let rule = rule.unwrap_or(&self.otherwise);
        Choice {
            side: rule.side(),
            fall_back: rule.fall_back(),
            shadow: rule.is_in_shadow(),
        }
    }

    /// Which rule decides a call, counted from 0; nothing where none fits.
    #[must_use]
    pub fn which(&self, user: &str, address: &str) -> Option<usize> {
        self.rules.iter().position(|rule| rule.fits(user, address))
    }

    /// The rules, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Rule> {
        self.rules.iter()
    }

    /// What holds where none fits.
    pub fn where_none_fits(&self) -> &Rule {
        &self.otherwise
    }

    /// Rules that decide nothing, counted from 0, each with the one before it that takes all their calls.
    #[must_use]
    pub fn never_reached(&self) -> Vec<(usize, usize)> {
        let taken = |(number, rule): (usize, &Rule)| {
            let before = self.rules[..number].iter();
            let taker = before
                .into_iter()
                .position(|other| other.takes_all_of(rule));
            taker.map(|taker| (number, taker))
        };
        self.rules.iter().enumerate().filter_map(taken).collect()
    }

    /// The feeds that rules name.
    pub fn feeds(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().filter_map(Rule::feed)
    }
}

impl TryFrom<Unchecked> for Rules {
    type Error = Error;

    fn try_from(read: Unchecked) -> Result<Self, Error> {
        read.otherwise.check()?;
        Ok(Self::new(read.rules)?.otherwise(read.otherwise))
    }
}
