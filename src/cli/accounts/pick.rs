//! One grant out of those that are kept, by the account's name.

use std::sync::Arc;

use super::{Registered, folder, there};
use crate::{
    cli::args::NarrowArgs,
    error::Error,
    store::{FileStore, GrantKey, StoredGrant, TokenStore},
};

/// A grant, and where it is kept.
pub(in crate::cli) struct Picked {
    pub(in crate::cli) store: Arc<FileStore>,
    pub(in crate::cli) key: GrantKey,
    pub(in crate::cli) grant: StoredGrant,
}

impl Picked {
    /// The grant of an account; of the only one where none is named.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when none fits, or several do; the message lists them.
    pub(in crate::cli) fn find(account: Option<&str>, narrow: &NarrowArgs) -> Result<Self, Error> {
        let none = |what: &str| {
            let folder = folder(&narrow.store).unwrap_or_default();
            Error::input(
                "account",
                format_args!("{what} in {}; gdata-auth login", folder.display()),
            )
        };
        let Some(store) = there(&narrow.store)? else {
            return Err(none("expected one that is kept, there is none"));
        };
        let all = store.list()?;
        let fits = |part: &Option<String>, of: &str| part.as_deref().is_none_or(|part| part == of);
        let mut fitting: Vec<&GrantKey> = all
            .iter()
            .filter(|key| account.is_none_or(|account| key.account() == account))
            .filter(|key| fits(&narrow.client_id, key.client_id()))
            .filter(|key| fits(&narrow.issuer, key.issuer()))
            .collect();
        let key = match (fitting.pop(), fitting.as_slice()) {
            (Some(key), []) => key.clone(),
            (None, _) if all.is_empty() => {
                return Err(none("expected one that is kept, there is none"));
            }
            (None, _) => return Err(none("expected one that `accounts` lists, got another")),
            (Some(last), others) => {
                let mut names: Vec<String> = others.iter().map(ToString::to_string).collect();
                names.push(last.to_string());
                return Err(Error::input(
                    "account",
                    format_args!(
                        "expected --account, --client-id or --issuer to tell one of these: {}",
                        names.join("; ")
                    ),
                ));
            }
        };
        let (grant, _) = store
            .load(&key)?
            .ok_or_else(|| none("it was removed just now: nothing is kept of it"))?;
        Ok(Self {
            store: Arc::new(store),
            key,
            grant,
        })
    }

    /// Its client.
    ///
    /// # Errors
    /// As [`Registered::of`].
    pub(in crate::cli) fn registered(&self) -> Result<Registered, Error> {
        Registered::of(&self.key, &self.grant)
    }
}
