//! Tokens of the machine that this program runs on.

use std::{fmt, sync::Arc};

use futures_core::future::BoxFuture;

use super::{cached::FetchToken, service::billed};
use crate::{
    error::Error,
    scheme::oauth2::{AccessToken, Metadata},
    scope::ScopeNames,
    system::{Clock, SystemClock},
    transport::{Transport, run},
};

/// Gets tokens of the metadata server, for a [`Cached`](super::Cached) source.
pub struct MetadataToken {
    metadata: Metadata,
    scopes: ScopeNames,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    quota_project: Option<String>,
}

impl MetadataToken {
    /// With these scopes, or without any with those of the machine.
    pub fn new(
        metadata: Metadata,
        scopes: ScopeNames,
        transport: impl Transport + 'static,
    ) -> Self {
        Self {
            metadata,
            scopes,
            transport: Arc::new(transport),
            clock: Arc::new(SystemClock),
            quota_project: None,
        }
    }

    /// With a clock of the caller's.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Bills calls to a project.
    #[must_use]
    pub fn billed_to(mut self, project: impl Into<String>) -> Self {
        self.quota_project = Some(project.into());
        self
    }

    async fn get(&self) -> Result<AccessToken, Error> {
        let call = self.metadata.token(&self.scopes);
        let token = run(&call, &*self.transport)
            .await?
            .received_at(self.clock.now());
        billed(token, self.quota_project.as_deref())
    }
}

impl FetchToken for MetadataToken {
    fn fetch<'a>(
        &'a self,
        _: Option<&'a AccessToken>,
    ) -> BoxFuture<'a, Result<AccessToken, Error>> {
        Box::pin(self.get())
    }
}

impl fmt::Debug for MetadataToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetadataToken")
            .field("metadata", &self.metadata)
            .finish_non_exhaustive()
    }
}
