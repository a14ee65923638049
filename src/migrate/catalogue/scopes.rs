//! From the scopes of AuthSub and OAuth 1.0 to those of OAuth 2.0, and grants compared with what was asked.
//!
//! ```text
//! old      http://www.google.com/calendar/feeds/  http://sites.google.com/feeds/  http://example.com/
//! ask for  …/auth/calendar.events.readonly        no successor                    unknown
//! ```
//!
//! What covers what is the business of [`ScopeNames::cover`]; here are only the questions of a migration.

use serde::{Deserialize, Serialize};

use super::{Catalogue, Missing, Service, State};
use crate::{
    error::Error,
    scope::{ScopeNames, ScopeSet, WIDER, canonical},
};

/// What a program does with a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Access {
    /// It reads.
    Read,
    /// It writes, and reads what it writes.
    Write,
}

/// What to ask for in place of old scopes.
#[derive(Clone, Debug)]
pub struct Successors<'c> {
    names: ScopeNames,
    same_api: Vec<&'c Service>,
    no_successor: Vec<&'c Service>,
    unknown: Vec<Missing>,
}

impl Catalogue {
    /// The narrowest scopes of OAuth 2.0 that do what old scopes did.
    ///
    /// The first scope of a row is taken; where the row has none for reading, the one for writing is.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when that makes more than [`ScopeNames::MAX`].
    ///
    /// # Examples
    /// ```
    /// use gdata_auth::{migrate::catalogue::{Access, Catalogue}, scope::ScopeSet};
    ///
    /// let old = ScopeSet::parse("http://gdata.youtube.com http://sites.google.com/feeds/")?;
    /// let new = Catalogue::built_in()?.successors(&old, Access::Read)?;
    /// assert_eq!(new.names().to_string(), "https://www.googleapis.com/auth/youtube.readonly");
    /// assert_eq!(new.no_successor()[0].id(), "sites");
    /// # Ok::<(), gdata_auth::Error>(())
    /// ```
    pub fn successors(&self, old: &ScopeSet, access: Access) -> Result<Successors<'_>, Error> {
        let mut new = Successors {
            names: ScopeNames::default(),
            same_api: Vec::new(),
            no_successor: Vec::new(),
            unknown: Vec::new(),
        };
        for scope in old.iter() {
            let service = match self.by_scope(scope.as_str()) {
                Ok(service) => service,
                Err(missing) => {
                    new.unknown.push(missing);
                    continue;
                }
            };
            let (mut read, mut write) = (service.read_scopes(), service.write_scopes());
            let name = match access {
                Access::Read => read.next().or_else(|| write.next()),
                Access::Write => write.next().or_else(|| read.next()),
            };
            let list = match (name, service.state()) {
                (None, _) => &mut new.no_successor,
                (Some(name), State::Alive) => {
                    new.names = new.names.with(&ScopeNames::new([name])?)?;
                    &mut new.same_api
                }
                (Some(name), _) => {
                    new.names = new.names.with(&ScopeNames::new([name])?)?;
                    continue;
                }
            };
            if !list.iter().any(|own| own.id() == service.id()) {
                list.push(service);
            }
        }
        Ok(new)
    }
}

impl<'c> Successors<'c> {
    /// The scopes to ask for.
    #[must_use]
    pub fn names(&self) -> &ScopeNames {
        &self.names
    }

    /// Services whose feeds stay: only the header changes.
    #[must_use]
    pub fn same_api(&self) -> &[&'c Service] {
        &self.same_api
    }

    /// Services that went without one.
    #[must_use]
    pub fn no_successor(&self) -> &[&'c Service] {
        &self.no_successor
    }

    /// Scopes that stand in no row.
    #[must_use]
    pub fn unknown(&self) -> &[Missing] {
        &self.unknown
    }
}

/// A scope that came back by another name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "two names are all there is to say"
)]
pub struct Alias<'s> {
    /// What was asked for.
    pub asked: &'s str,
    /// What the answer calls it.
    pub granted: &'s str,
}

/// The granted names that differ from the asked ones and mean the same.
///
/// # Examples
/// ```
/// use gdata_auth::{migrate::catalogue::aliases, scope::ScopeNames};
///
/// let asked = ScopeNames::parse("https://www.google.com/m8/feeds/ openid")?;
/// let granted = ScopeNames::parse("openid https://www.googleapis.com/auth/contacts")?;
/// assert_eq!(aliases(&asked, &granted)[0].granted, "https://www.googleapis.com/auth/contacts");
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[must_use]
pub fn aliases<'s>(asked: &'s ScopeNames, granted: &'s ScopeNames) -> Vec<Alias<'s>> {
    let others = asked.iter().filter(|name| !granted.contains(name));
    others
        .filter_map(|asked| {
            let same = |granted: &&str| canonical(granted) == canonical(asked);
            let granted = granted.iter().find(same)?;
            Some(Alias { asked, granted })
        })
        .collect()
}

/// The scopes that allow a part of what this one allows, as far as it is known.
#[must_use]
pub fn narrower(name: &str) -> &'static [&'static str] {
    let wide = canonical(name);
    let row = WIDER.iter().find(|(own, _)| *own == wide);
    row.map_or(&[], |(_, narrow)| narrow)
}
