//! Tokens for clients that are built with reqwest-middleware.
//!
//! ```text
//! request ─▶ may a token go there? ─▶ token on ─▶ next ─▶ answer
//!                                        ▲                  │ 401 that means the token
//!                                        └── another token ─┘ once, if the body can be sent again
//! ```

use bytes::BytesMut;
use futures_util::{StreamExt, TryStreamExt, stream};
use http::{Extensions, StatusCode, Uri};
use reqwest::{Body, Request, Response, ResponseBuilderExt};
use reqwest_middleware::{Error as MiddlewareError, Middleware, Next, Result};

use super::{
    bearer::{Bearer, is_spent},
    token::{Generation, TokenSource},
};
use crate::{error::Error, scheme::oauth2::AllowedHosts};

/// Of the body of a 401, so much is read to see what it means.
const LOOK_AT: usize = 64 << 10;

/// Authorises the requests of a `reqwest_middleware::ClientWithMiddleware` with the tokens of a source.
///
/// After a 401 the token that was sent is not used again, and the request is sent once more with a new one, unless its
/// body is a stream. A failure to get a token is a [`reqwest_middleware::Error::Middleware`] with an [`Error`] in it.
///
/// # Examples
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// use gdata_auth::client::{AuthorizeMiddleware, Cached};
/// # use gdata_auth::{Error, client::FetchToken, oauth2::AccessToken};
/// # #[derive(Debug)]
/// # struct Vault;
/// # impl FetchToken for Vault {
/// #     fn fetch<'a>(&'a self, _: Option<&'a AccessToken>) -> futures_core::future::BoxFuture<'a, Result<AccessToken, Error>> {
/// #         Box::pin(std::future::ready(AccessToken::new("ya29.from-the-vault")))
/// #     }
/// # }
///
/// let client = reqwest_middleware::ClientBuilder::new(reqwest::Client::new())
///     .with(AuthorizeMiddleware::new(Cached::new(Vault)))
///     .build();
///
/// // A token never goes where others can read it.
/// let refused = client.get("http://example.com/youtube/v3/channels").send().await.unwrap_err();
/// assert!(refused.is_middleware());
/// # Ok::<(), Box<dyn std::error::Error>>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Security
/// Tokens go to `https` or loopback only; [`only_to`](Self::only_to) narrows that to named hosts. A redirect is
/// reqwest's: it takes `Authorization` off on the way to another host or port. Middleware that comes after this one
/// sees the token: put whatever logs headers before it.
#[derive(Clone, Debug)]
pub struct AuthorizeMiddleware {
    bearer: Bearer,
}

impl AuthorizeMiddleware {
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

    async fn attach(&self, request: &mut Request) -> Result<Generation> {
        let uri: Uri = request
            .url()
            .as_str()
            .parse()
            .map_err(|_| told(Error::input("address", "expected one that HTTP can carry")))?;
        self.bearer.check_place(&uri).map_err(told)?;
        let (mut parts, ()) = http::Request::new(()).into_parts();
        parts.method = request.method().clone();
        parts.uri = uri;
        parts.headers = std::mem::take(request.headers_mut());
        let attached = self.bearer.attach(&mut parts).await;
        *request.headers_mut() = parts.headers;
        attached.map_err(told)
    }
}

#[async_trait::async_trait]
impl Middleware for AuthorizeMiddleware {
    async fn handle(
        &self,
        mut request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let spare = request.try_clone();
        let sent_to = request.url().origin();
        let generation = self.attach(&mut request).await?;
        let answer = next.clone().run(request, extensions).await?;
        // After a redirect to another origin the token was not on the request any more.
        if answer.status() != StatusCode::UNAUTHORIZED || answer.url().origin() != sent_to {
            return Ok(answer);
        }
        let (answer, spent) = judge(answer).await?;
        if !spent {
            return Ok(answer);
        }
        self.bearer.reject(generation);
        let Some(mut again) = spare else {
            return Ok(answer);
        };
        drop(answer);
        self.attach(&mut again).await?;
        next.run(again, extensions).await
    }
}

/// Looks at a 401, and hands it back whole.
async fn judge(mut answer: Response) -> Result<(Response, bool)> {
    let mut pieces = Vec::new();
    let mut seen = BytesMut::new();
    while seen.len() < LOOK_AT {
        let Some(piece) = answer.chunk().await? else {
            break;
        };
        seen.extend_from_slice(&piece[..piece.len().min(LOOK_AT - seen.len())]);
        pieces.push(piece);
    }
    let url = answer.url().clone();
    let (mut parts, rest) = http::Response::<Body>::from(answer).into_parts();
    let mut looked_at = http::Response::new(seen.freeze());
    *looked_at.status_mut() = parts.status;
    *looked_at.headers_mut() = parts.headers.clone();
    let spent = is_spent(&looked_at);
    let rest = Response::from(http::Response::new(rest)).bytes_stream();
    let body = stream::iter(pieces.into_iter().map(Ok)).chain(rest.into_stream());
    // The address of an answer travels in an extension that only this builder can set.
    if let Ok(with_url) = http::Response::builder().url(url).body(()) {
        parts.extensions.extend(with_url.into_parts().0.extensions);
    }
    let whole = http::Response::from_parts(parts, Body::wrap_stream(body));
    Ok((Response::from(whole), spent))
}

fn told(error: Error) -> MiddlewareError {
    MiddlewareError::middleware(error)
}
