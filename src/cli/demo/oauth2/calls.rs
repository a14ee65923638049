//! Calls of the Data API, and the grant that authorises them.

use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use serde_json::Value;

use super::{
    super::{
        refresh,
        stage::{Stage, Wire},
    },
    missing,
};
use crate::{
    client::{AuthorizedClient, Cached, StoredToken, TokenSource, grant_key, keep_consent},
    error::Error,
    scheme::{
        AuthScheme,
        api_key::ApiKey,
        oauth2::{AccessToken, Authorized},
    },
    secret::Secret,
    store::{GrantKey, MemoryStore, TokenStore},
    system::{Clock, SystemRandomness},
    time::Timestamp,
};

/// The video that the tutorial likes.
const VIDEO: &str = "YbJOTdZBX1g";

/// A kept grant, and the tokens that come of it.
pub(super) struct Grant {
    store: Arc<MemoryStore>,
    pub(super) key: GrantKey,
    pub(super) source: Arc<dyn TokenSource>,
    pub(super) obtained_at: Timestamp,
}

impl Grant {
    pub(super) fn kept(stage: &Stage, authorized: &Authorized) -> Result<Self, Error> {
        let client = refresh::client(stage)?;
        let key = grant_key(&client, super::consent::ANN)?;
        let store = Arc::new(MemoryStore::new());
        let now = stage.clock.now();
        keep_consent(&*store, &key, authorized, now)?;
        let clock = Arc::new(stage.clock.clone());
        let stored = StoredToken::new(
            client,
            Arc::clone(&store),
            key.clone(),
            Arc::clone(&stage.wire),
        );
        let source = Cached::pinned(
            stored.with_clock(clock.clone()),
            clock,
            Arc::new(SystemRandomness),
        );
        Ok(Self {
            store,
            key,
            source: Arc::new(source),
            obtained_at: now,
        })
    }

    pub(super) async fn token(&self) -> Result<AccessToken, Error> {
        Ok(self.source.token().await?.token.clone())
    }

    pub(super) fn refresh_token(&self) -> Result<Secret, Error> {
        let kept = self.store.load(&self.key)?;
        kept.and_then(|(grant, _)| grant.refresh_token().cloned())
            .ok_or_else(|| missing("expected a refresh token to be kept"))
    }

    pub(super) fn death(&self) -> Result<String, Error> {
        let kept = self.store.load(&self.key)?;
        kept.and_then(|(grant, _)| grant.dead().map(|death| death.reason().to_owned()))
            .ok_or_else(|| missing("expected the grant to be marked dead"))
    }
}

/// What a call is authorised with.
pub(super) enum With<'g> {
    Scheme(Box<AuthScheme>),
    Grant(&'g Grant),
}

impl<'g> From<&'g Grant> for With<'g> {
    fn from(grant: &'g Grant) -> Self {
        Self::Grant(grant)
    }
}

impl From<ApiKey> for With<'_> {
    fn from(key: ApiKey) -> Self {
        Self::Scheme(Box::new(key.into()))
    }
}

impl From<AccessToken> for With<'_> {
    fn from(token: AccessToken) -> Self {
        Self::Scheme(Box::new(token.into()))
    }
}

impl With<'_> {
    fn client(&self, stage: &Stage) -> AuthorizedClient<Wire> {
        let wire = Arc::clone(&stage.wire);
        match self {
            Self::Scheme(scheme) => AuthorizedClient::new(wire, (**scheme).clone()),
            Self::Grant(grant) => AuthorizedClient::with_source(wire, Arc::clone(&grant.source)),
        }
    }
}

/// The titles of what is found.
pub(super) async fn search<'g>(stage: &Stage, with: impl Into<With<'g>>) -> Result<String, Error> {
    let found = call(
        stage,
        with,
        "GET",
        "search?part=snippet&type=video&q=video+to+like",
    )
    .await?;
    let items = found["items"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let titles: Vec<&str> = items
        .iter()
        .filter_map(|item| item["snippet"]["title"].as_str())
        .collect();
    match titles.is_empty() {
        true => Err(missing("expected to find something")),
        false => Ok(titles.join(", ")),
    }
}

pub(super) async fn like<'g>(stage: &Stage, with: impl Into<With<'g>>) -> Result<(), Error> {
    let path = format!("videos/rate?id={VIDEO}&rating=like");
    call(stage, with, "POST", &path).await.map(|_| ())
}

/// How the user rated the video.
pub(super) async fn rating<'g>(stage: &Stage, with: impl Into<With<'g>>) -> Result<String, Error> {
    let path = format!("videos/getRating?id={VIDEO}");
    let found = call(stage, with, "GET", &path).await?;
    found["items"][0]["rating"]
        .as_str()
        .map(|rating| format!("{VIDEO}: {rating}"))
        .ok_or_else(|| missing("expected a rating"))
}

async fn call<'g>(
    stage: &Stage,
    with: impl Into<With<'g>>,
    method: &str,
    path: &str,
) -> Result<Value, Error> {
    let request = Request::builder()
        .method(method)
        .uri(format!("{}/youtube/v3/{path}", stage.origin))
        .body(Bytes::new())
        .map_err(|cause| Error::input("address", "expected an address").caused_by(cause))?;
    let answer = with.into().client(stage).request(request).await?;
    if answer.body().is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(answer.body())
        .map_err(|cause| Error::reply("body", "expected JSON").caused_by(cause))
}
