//! Tokens by workload identity: another system's token, exchanged.

use std::{fmt, sync::Arc};

use futures_core::future::BoxFuture;

use super::{cached::FetchToken, service::billed};
use crate::{
    error::{Error, Kind},
    scheme::oauth2::{AccessToken, ExternalAccount, SubjectSource},
    scope::ScopeNames,
    system::{Clock, SystemClock},
    transport::{Transport, run},
};

/// Reads the file of a subject token; [`std::fs::read`] for those who have a file system.
pub trait ReadSubject: Send + Sync {
    /// What the file holds now.
    ///
    /// # Errors
    /// What the file system says.
    fn read(&self, path: &str) -> std::io::Result<Vec<u8>>;
}

impl<F: Fn(&str) -> std::io::Result<Vec<u8>> + Send + Sync> ReadSubject for F {
    fn read(&self, path: &str) -> std::io::Result<Vec<u8>> {
        self(path)
    }
}

/// Gets tokens by workload identity, for a [`Cached`](super::Cached) source.
pub struct ExternalToken {
    account: ExternalAccount,
    scopes: ScopeNames,
    transport: Arc<dyn Transport>,
    read: Box<dyn ReadSubject>,
    clock: Arc<dyn Clock>,
}

impl ExternalToken {
    /// With these scopes, over `transport`.
    pub fn new(
        account: ExternalAccount,
        scopes: ScopeNames,
        transport: impl Transport + 'static,
    ) -> Self {
        Self {
            account,
            scopes,
            transport: Arc::new(transport),
            read: Box::new(|path: &str| std::fs::read(path)),
            clock: Arc::new(SystemClock),
        }
    }

    /// With a clock of the caller's.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Reads the subject token's file in another way.
    #[must_use]
    pub fn reading_by(mut self, read: impl ReadSubject + 'static) -> Self {
        self.read = Box::new(read);
        self
    }

    async fn get(&self) -> Result<AccessToken, Error> {
        let subject = match (self.account.fetch_subject(), self.account.source()) {
            (Some(fetch), _) => run(&fetch, &*self.transport).await?,
            (None, SubjectSource::File(path)) => {
                let content = self.read.read(path).map_err(|cause| {
                    let message = format!("credential_source.file: cannot read {path}: {cause}");
                    Error::new(Kind::Input, message).caused_by(cause)
                })?;
                self.account.read_subject(&content)?
            }
            (None, SubjectSource::Url { .. }) => {
                return Err(Error::input("credential_source.url", "expected an address"));
            }
        };
        let call = self.account.exchange(subject, &self.scopes)?;
        let token = run(&call, &*self.transport)
            .await?
            .received_at(self.clock.now());
        let token = match self.account.impersonation() {
            None => token,
            Some(impersonation) => {
                run(
                    &impersonation.exchange(&token, &self.scopes)?,
                    &*self.transport,
                )
                .await?
            }
        };
        billed(token, self.account.quota_project())
    }
}

impl FetchToken for ExternalToken {
    fn fetch<'a>(
        &'a self,
        _: Option<&'a AccessToken>,
    ) -> BoxFuture<'a, Result<AccessToken, Error>> {
        Box::pin(self.get())
    }
}

impl fmt::Debug for ExternalToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExternalToken")
            .field("account", &self.account)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}
