//! Tokens for any tower service that sends HTTP requests: hyper's clients, and whatever is stacked upon them.
//!
//! ```text
//! AuthorizeLayer       a body that can be cloned: after a 401 the request is sent once more
//! AuthorizeOnceLayer   any body: after a 401 the next request has another token
//! ```
//!
//! What a 401 means is read from its head alone: its body belongs to the caller.

use std::{
    future::poll_fn,
    mem,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use http::{Request, Response, StatusCode};
use tower_layer::Layer;
use tower_service::Service;

use super::{
    bearer::{Bearer, is_spent},
    token::TokenSource,
};
use crate::scheme::oauth2::AllowedHosts;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Authorises requests with the tokens of a source, and sends one that met a 401 once more with a new token.
///
/// A failure to get a token, and an address that no token goes to, is an [`Error`](crate::Error) in the boxed one.
///
/// # Examples
/// ```
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// use gdata_auth::client::{AuthorizeLayer, Cached};
/// use http::{Request, Response};
/// use tower::{ServiceBuilder, ServiceExt, service_fn};
/// # use gdata_auth::{Error, client::FetchToken, oauth2::AccessToken};
/// # #[derive(Debug)]
/// # struct Vault;
/// # impl FetchToken for Vault {
/// #     fn fetch<'a>(&'a self, _: Option<&'a AccessToken>) -> futures_core::future::BoxFuture<'a, Result<AccessToken, Error>> {
/// #         Box::pin(std::future::ready(AccessToken::new("ya29.from-the-vault")))
/// #     }
/// # }
///
/// let service = ServiceBuilder::new()
///     .layer(AuthorizeLayer::new(Cached::new(Vault)))
///     .service(service_fn(async |request: Request<String>| {
///         assert_eq!(request.headers()["authorization"], "Bearer ya29.from-the-vault");
///         Ok::<_, std::convert::Infallible>(Response::new(String::new()))
///     }));
/// let mine = Request::get("https://www.googleapis.com/youtube/v3/channels?part=id&mine=true");
/// assert_eq!(service.oneshot(mine.body(String::new())?).await?.status(), 200);
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// ```
///
/// # Security
/// Tokens go to `https` or loopback only; [`only_to`](Self::only_to) narrows that to named hosts. A layer below that
/// follows redirects carries the token along: put it above this one.
#[derive(Clone, Debug)]
pub struct AuthorizeLayer {
    bearer: Bearer,
}

impl AuthorizeLayer {
    /// With the tokens of `source`.
    pub fn new(source: impl TokenSource + 'static) -> Self {
        Self {
            bearer: Bearer::new(source),
        }
    }

    /// Sends tokens to these hosts alone; a request to another is refused before anything is sent.
    #[must_use]
    pub fn only_to(mut self, hosts: AllowedHosts) -> Self {
        self.bearer.hosts = Some(hosts);
        self
    }

    /// For bodies that cannot be cloned: nothing is sent a second time.
    #[must_use]
    pub fn once(self) -> AuthorizeOnceLayer {
        AuthorizeOnceLayer {
            bearer: self.bearer,
        }
    }
}

impl<S> Layer<S> for AuthorizeLayer {
    type Service = AuthorizeService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        AuthorizeService {
            inner,
            bearer: self.bearer.clone(),
        }
    }
}

/// What [`AuthorizeLayer`] makes of a service.
#[derive(Clone, Debug)]
pub struct AuthorizeService<S> {
    inner: S,
    bearer: Bearer,
}

impl<S, B, R> Service<Request<B>> for AuthorizeService<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: Clone + Send + 'static,
    R: Send + 'static,
{
    type Response = Response<R>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Response<R>, BoxError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let inner = take_ready(&mut self.inner);
        let spare = Some(request.clone());
        Box::pin(carry(self.bearer.clone(), inner, request, spare))
    }
}

/// As [`AuthorizeLayer`], for any body: a request that met a 401 is not sent again, but its token is not used again.
#[derive(Clone, Debug)]
pub struct AuthorizeOnceLayer {
    bearer: Bearer,
}

impl<S> Layer<S> for AuthorizeOnceLayer {
    type Service = AuthorizeOnceService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        AuthorizeOnceService {
            inner,
            bearer: self.bearer.clone(),
        }
    }
}

/// What [`AuthorizeOnceLayer`] makes of a service.
#[derive(Clone, Debug)]
pub struct AuthorizeOnceService<S> {
    inner: S,
    bearer: Bearer,
}

impl<S, B, R> Service<Request<B>> for AuthorizeOnceService<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: Send + 'static,
    R: Send + 'static,
{
    type Response = Response<R>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Response<R>, BoxError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let inner = take_ready(&mut self.inner);
        Box::pin(carry(self.bearer.clone(), inner, request, None))
    }
}

/// The service that was polled ready; a clone of it, which may not be, takes its place.
fn take_ready<S: Clone>(inner: &mut S) -> S {
    let clone = inner.clone();
    mem::replace(inner, clone)
}

async fn carry<S, B, R>(
    bearer: Bearer,
    mut inner: S,
    request: Request<B>,
    spare: Option<Request<B>>,
) -> Result<Response<R>, BoxError>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: Into<BoxError>,
{
    bearer.check_place(request.uri())?;
    let (mut parts, body) = request.into_parts();
    let generation = bearer.attach(&mut parts).await?;
    let request = Request::from_parts(parts, body);
    let answer = inner.call(request).await.map_err(Into::into)?;
    if !is_spent_by_head(&answer) {
        return Ok(answer);
    }
    bearer.reject(generation);
    let Some(spare) = spare else {
        return Ok(answer);
    };
    drop(answer);
    let (mut parts, body) = spare.into_parts();
    bearer.attach(&mut parts).await?;
    poll_fn(|context| inner.poll_ready(context))
        .await
        .map_err(Into::into)?;
    inner
        .call(Request::from_parts(parts, body))
        .await
        .map_err(Into::into)
}

fn is_spent_by_head<R>(answer: &Response<R>) -> bool {
    if answer.status() != StatusCode::UNAUTHORIZED {
        return false;
    }
    let mut head = Response::new(Bytes::new());
    *head.status_mut() = answer.status();
    *head.headers_mut() = answer.headers().clone();
    is_spent(&head)
}
