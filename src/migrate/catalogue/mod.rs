//! What became of each gdata service: its successor, the narrowest scopes, and whether its feeds still answer.
//!
//! ```text
//! services.tsv ─▶ Catalogue ─▶ by_scope, by_feed, by_service   a Service, or Missing with advice
//! youtube.tsv  ─▶             youtube_call                     what does the same in v3
//!                             successors(old scopes)           new scopes, and what has none
//! ```
//!
//! Nothing here is guessed: a column that nobody confirmed is named in [`Service::unverified`], and a service that is
//! not in the table is [`Missing`]. Sources stand in each row (migration.md 2.4 and 2.5, legacy-protocol.md 6).

mod calls;
mod kin;
mod missing;
mod prefixes;
mod scopes;
mod service;
mod table;

use std::sync::LazyLock;

use self::prefixes::Prefixes;
use crate::error::Error;

pub(in crate::migrate) use self::kin::{KIN, is_shared};
pub use self::{
    calls::{Call, Fit},
    missing::Missing,
    scopes::{Access, Alias, Successors, aliases, narrower},
    service::{Class, Service, State},
};

static BUILT_IN: LazyLock<Result<Catalogue, Error>> =
    LazyLock::new(|| Catalogue::parse(include_str!("services.tsv"), include_str!("youtube.tsv")));

/// The table of services and of YouTube's calls.
///
/// # Examples
/// ```
/// use gdata_auth::migrate::catalogue::{Catalogue, State};
///
/// let catalogue = Catalogue::built_in()?;
/// let contacts = catalogue.by_feed("https://www.google.com/m8/feeds/contacts/default/full").unwrap();
/// assert_eq!(contacts.successor(), Some("People API v1"));
/// let shared = catalogue.by_feed("https://www.google.com/m8/feeds/contacts/example.com/full").unwrap();
/// assert_eq!(shared.state(), State::Alive);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Catalogue {
    services: Vec<Service>,
    calls: Vec<Call>,
    prefixes: Prefixes,
}

impl Catalogue {
    /// The table of this crate.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) if the crate was built with a damaged table.
    pub fn built_in() -> Result<&'static Self, Error> {
        BUILT_IN.as_ref().map_err(Clone::clone)
    }

    /// Reads the two tables: services, and calls of YouTube.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming the line, on a row with too few or too many columns, an unknown
    /// word, an id that comes twice, or more rows than [`MAX_ROWS`](Self::MAX_ROWS).
    pub fn parse(services: &str, calls: &str) -> Result<Self, Error> {
        let services = table::rows("services", services, service::COLUMNS)?
            .map(|row| Service::read(&row?))
            .collect::<Result<Vec<_>, Error>>()?;
        for (at, service) in services.iter().enumerate() {
            if services[..at]
                .iter()
                .any(|other| other.id() == service.id())
            {
                let problem = format_args!("expected each id once, got {} twice", service.id());
                return Err(Error::input("services", problem));
            }
        }
        let calls = table::rows("calls", calls, calls::COLUMNS)?
            .map(|row| Call::read(&row?))
            .collect::<Result<Vec<_>, Error>>()?;
        let prefixes = Prefixes::new(&services);
        Ok(Self {
            services,
            calls,
            prefixes,
        })
    }

    /// The most rows of one table.
    pub const MAX_ROWS: usize = 1_000;

    /// Every service, in the order of the table.
    #[must_use]
    pub fn services(&self) -> &[Service] {
        &self.services
    }

    /// Every call of YouTube v2, in the order of the table.
    #[must_use]
    pub fn youtube_calls(&self) -> &[Call] {
        &self.calls
    }

    /// The service of this id: a word of the table's first column.
    #[must_use]
    pub fn service(&self, id: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.id() == id)
    }

    /// The service whose AuthSub or OAuth 1.0 scope this is; a slash at the end and `http` against `https` make no
    /// difference, and neither does a path below the scope.
    ///
    /// # Errors
    /// [`Missing`] when no row has it.
    pub fn by_scope(&self, scope: &str) -> Result<&Service, Missing> {
        let bare = service::bare(scope);
        let exact = self.services.iter().find(|service| {
            let mut own = service.scopes();
            own.any(|own| service::bare(own) == bare)
        });
        match exact {
            Some(service) => Ok(service),
            None => self.by_feed(scope).map_err(|_| Missing::scope(scope)),
        }
    }

    /// The service that an address belongs to: the longest prefix wins. An address without `http://` will do.
    ///
    /// # Errors
    /// [`Missing`] when no row has a prefix of it.
    pub fn by_feed(&self, address: &str) -> Result<&Service, Missing> {
        let bare = service::bare(address);
        let (host, path) = bare.split_at(bare.find('/').unwrap_or(bare.len()));
        self.below(host, path).ok_or_else(|| Missing::feed(address))
    }

    /// The same for an address in two parts, without an allocation: the host in lower case and without its port, the
    /// path without its query.
    pub(in crate::migrate) fn below(&self, host: &str, path: &str) -> Option<&Service> {
        self.services.get(self.prefixes.find(host, path)?)
    }

    /// The services that share a ClientLogin code, such as `cl`.
    ///
    /// # Errors
    /// [`Missing`] when no row has it.
    pub fn by_service(&self, code: &str) -> Result<Vec<&Service>, Missing> {
        let has = |service: &&Service| service.codes().any(|own| own == code);
        let found: Vec<&Service> = self.services.iter().filter(has).collect();
        match found.is_empty() {
            true => Err(Missing::service(code)),
            false => Ok(found),
        }
    }

    /// What does in v3 what a call of YouTube v2 did. The address may be whole or begin at its path.
    ///
    /// # Errors
    /// [`Missing`] when no row fits.
    pub fn youtube_call(&self, method: &str, address: &str) -> Result<&Call, Missing> {
        let bare = service::bare(address);
        let path = match bare.split_once('/') {
            Some((host, path)) if host.is_empty() || host.contains('.') => path,
            _ => &bare,
        };
        self.youtube_path(method, path)
            .ok_or_else(|| Missing::call(method, address))
    }

    /// The same for a path that begins behind its first slash, without an allocation.
    pub(in crate::migrate) fn youtube_path(&self, method: &str, path: &str) -> Option<&Call> {
        let path = path.trim_end_matches('/');
        let fitting = self
            .calls
            .iter()
            .filter_map(|call| Some((call.fits(method, path)?, call)));
        fitting
            .max_by_key(|(literal, _)| *literal)
            .map(|(_, call)| call)
    }

    /// Whatever a person may mean by `query`: an id, a code, a scope, an address, or a word of a name.
    ///
    /// # Errors
    /// [`Missing`] when nothing fits.
    pub fn find(&self, query: &str) -> Result<Vec<&Service>, Missing> {
        if let Some(service) = self.service(query) {
            return Ok(vec![service]);
        }
        if let Ok(found) = self.by_service(query) {
            return Ok(found);
        }
        if query.contains("://") || query.contains('/') {
            return self.by_scope(query).map(|service| vec![service]);
        }
        let found: Vec<&Service> = self
            .services
            .iter()
            .filter(|service| service.speaks_of(query))
            .collect();
        match found.is_empty() {
            true => Err(Missing::word(query)),
            false => Ok(found),
        }
    }
}
