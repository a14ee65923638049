//! Tokens of a service account, by way of someone else's.

use std::{fmt, sync::Arc};

use futures_core::future::BoxFuture;

use super::{TokenSource, cached::FetchToken, service::billed};
use crate::{
    error::Error,
    exchange::Exchange,
    scheme::oauth2::{AccessToken, Impersonation},
    scope::ScopeNames,
    transport::Transport,
};

/// Gets tokens of a service account with the tokens of another source, for a [`Cached`](super::Cached) source.
pub struct ImpersonatedToken {
    own: Arc<dyn TokenSource>,
    impersonation: Impersonation,
    scopes: ScopeNames,
    transport: Arc<dyn Transport>,
    quota_project: Option<String>,
}

impl ImpersonatedToken {
    /// With these scopes; `own` needs `cloud-platform`.
    pub fn new(
        own: impl TokenSource + 'static,
        impersonation: Impersonation,
        scopes: ScopeNames,
        transport: impl Transport + 'static,
    ) -> Self {
        Self {
            own: Arc::new(own),
            impersonation,
            scopes,
            transport: Arc::new(transport),
            quota_project: None,
        }
    }

    /// Bills calls to a project.
    #[must_use]
    pub fn billed_to(mut self, project: impl Into<String>) -> Self {
        self.quota_project = Some(project.into());
        self
    }

    async fn get(&self) -> Result<AccessToken, Error> {
        let own = self.own.token().await?;
        let call = self.impersonation.exchange(&own.token, &self.scopes)?;
        let answer = self.transport.send(call.request()).await?;
        if answer.status() == http::StatusCode::UNAUTHORIZED {
            self.own.reject(own.generation);
        }
        billed(call.parse(&answer)?, self.quota_project.as_deref())
    }
}

impl FetchToken for ImpersonatedToken {
    fn fetch<'a>(
        &'a self,
        _: Option<&'a AccessToken>,
    ) -> BoxFuture<'a, Result<AccessToken, Error>> {
        Box::pin(self.get())
    }
}

impl fmt::Debug for ImpersonatedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImpersonatedToken")
            .field("own", &self.own)
            .field("impersonation", &self.impersonation)
            .finish_non_exhaustive()
    }
}
