//! What a hub of google-apis-rs sees: the trait alone, without one of the large crates.
mod support;

use std::{future::ready, sync::Arc};

use futures_core::future::BoxFuture;
use gdata_auth::{
    Advice, Error, Kind,
    client::{Cached, FetchToken, HubToken, TokenSource},
    oauth2::AccessToken,
    scope::ScopeNames,
};
use google_apis_common::GetToken;
use support::tokens::Counting;

const YOUTUBE: &str = "https://www.googleapis.com/auth/youtube";
const READONLY: &str = "https://www.googleapis.com/auth/youtube.readonly";
const DRIVE: &str = "https://www.googleapis.com/auth/drive";

/// As a hub keeps it.
fn hub(auth: impl GetToken + 'static) -> Box<dyn GetToken> {
    Box::new(auth)
}

#[tokio::test]
async fn gives_the_token_at_hand_to_every_clone_of_a_hub() {
    let source = Counting::source();
    let first = hub(source.clone());
    for auth in [first.clone(), first, hub(HubToken::new(source.clone()))] {
        let token = auth.get_token(&[READONLY]).await.unwrap();
        assert_eq!(token.as_deref(), Some("ya29.1"));
    }
    assert_eq!(source.inner().count(), 1);
}

#[tokio::test]
async fn takes_whatever_is_a_source() {
    let source: Arc<dyn TokenSource> = Arc::new(Counting::source());
    let auth = hub(HubToken::new(source));
    assert_eq!(
        auth.get_token(&[]).await.unwrap().as_deref(),
        Some("ya29.1")
    );
}

#[tokio::test]
async fn refuses_scopes_that_were_not_granted_before_anything_is_fetched() {
    let source = Counting::source();
    let granted = ScopeNames::parse(YOUTUBE).unwrap();
    let auth = hub(HubToken::new(source.clone()).granted(granted));
    let refused = auth.get_token(&[READONLY, DRIVE]).await.unwrap_err();
    let refused = refused.downcast_ref::<Error>().unwrap();
    assert_eq!(refused.kind(), Kind::Scope);
    let scopes = vec![DRIVE.to_owned()];
    assert_eq!(refused.advice(), Advice::AskConsent { scopes });
    assert_eq!(source.inner().count(), 0);

    // A wider scope covers a narrower one.
    assert!(auth.get_token(&[READONLY]).await.is_ok());
}

#[derive(Debug)]
struct Dead;

impl FetchToken for Dead {
    fn fetch<'a>(
        &'a self,
        _: Option<&'a AccessToken>,
    ) -> BoxFuture<'a, Result<AccessToken, Error>> {
        Box::pin(ready(AccessToken::new("")))
    }
}

#[tokio::test]
async fn a_failure_reaches_the_hub_as_the_error_it_is() {
    let refused = hub(Cached::new(Dead)).get_token(&[]).await.unwrap_err();
    assert_eq!(refused.downcast_ref::<Error>().unwrap().kind(), Kind::Input);
}
