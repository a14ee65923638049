//! Tokens of a service account.

use std::{fmt, sync::Arc};

use futures_core::future::BoxFuture;

use super::cached::FetchToken;
use crate::{
    error::{Advice, Error, Kind},
    scheme::oauth2::{AccessToken, DeathCause, Diagnosis, Evidence, Refusal, ServiceAccount},
    scope::ScopeNames,
    system::{Clock, SystemClock},
    transport::{Transport, run},
};

/// Gets the tokens of a service account, for a [`Cached`](super::Cached) source.
pub struct ServiceToken {
    account: ServiceAccount,
    scopes: ScopeNames,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    quota_project: Option<String>,
}

impl ServiceToken {
    /// With these scopes, over `transport`.
    pub fn new(
        account: ServiceAccount,
        scopes: ScopeNames,
        transport: impl Transport + 'static,
    ) -> Self {
        Self {
            account,
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
        let now = self.clock.now();
        let call = self.account.exchange(&self.scopes, now)?;
        let reply = run(&call, &*self.transport)
            .await
            .map_err(|error| self.explain(error, now))?;
        billed(reply.received_at(now), self.quota_project.as_deref())
    }

    /// `invalid_grant` of an assertion is a clock, or a key that is gone: nobody's consent.
    fn explain(&self, error: Error, now: crate::time::Timestamp) -> Error {
        use std::error::Error as _;
        let refusal = error
            .source()
            .and_then(|source| source.downcast_ref::<Refusal>());
        let Some(refusal) = refusal.filter(|_| error.kind() == Kind::Revoked) else {
            return error;
        };
        let evidence = Evidence {
            is_assertion: true,
            ..Evidence::default()
        };
        let diagnosis = Diagnosis::of(refusal.clone(), &evidence, now);
        let clock = diagnosis
            .likely()
            .iter()
            .any(|one| one.cause == DeathCause::ClockSkew);
        if clock {
            return diagnosis.explain();
        }
        Error::new(
            Kind::Refused,
            format!(
                "the server refused the assertion of {} ({refusal}): is its key still valid, and this clock right?",
                self.account.email()
            ),
        )
        .advising(Advice::FixClient)
        .caused_by(refusal.clone())
    }
}

/// With the project that calls are billed to, where there is one.
pub(super) fn billed(token: AccessToken, project: Option<&str>) -> Result<AccessToken, Error> {
    match project {
        Some(project) => token.billed_to(project),
        None => Ok(token),
    }
}

impl FetchToken for ServiceToken {
    fn fetch<'a>(
        &'a self,
        _: Option<&'a AccessToken>,
    ) -> BoxFuture<'a, Result<AccessToken, Error>> {
        Box::pin(self.get())
    }
}

impl fmt::Debug for ServiceToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceToken")
            .field("account", &self.account)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}
