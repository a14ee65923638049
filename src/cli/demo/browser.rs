//! The user in front of a browser: looks at pages, presses buttons, and is sent on.

use bytes::Bytes;
use http::{Request, header};

use super::stage::Stage;
use crate::{error::Error, transport::Transport, wire::query::Pairs};

pub(super) fn get(url: &str) -> Result<Request<Bytes>, Error> {
    Request::get(url)
        .body(Bytes::new())
        .map_err(|cause| Error::input("address", "expected an address").caused_by(cause))
}

/// A page's text.
pub(super) async fn page(stage: &Stage, url: &str) -> Result<String, Error> {
    let answer = stage.wire.send(get(url)?).await?;
    Ok(String::from_utf8_lossy(answer.body()).into_owned())
}

/// The number that the consent page behind `link` hides in its form.
pub(super) async fn page_number(stage: &Stage, link: &str) -> Result<String, Error> {
    between(&page(stage, link).await?, "name=\"consent\" value=\"", "\"")
        .ok_or_else(|| Error::reply("consent", "expected a page that asks"))
}

/// Presses a button; the address that the browser is sent to.
pub(super) async fn decide(stage: &Stage, page: &str, decision: &str) -> Result<String, Error> {
    decide_as(stage, page, decision, "ann@example.com").await
}

/// As [`decide`], by another user.
pub(super) async fn decide_as(
    stage: &Stage,
    page: &str,
    decision: &str,
    user: &str,
) -> Result<String, Error> {
    let mut form = Pairs::new();
    form.push("consent", page);
    form.push("user", user);
    form.push("decision", decision);
    let request = post(&format!("{}/accounts/AuthSubConsent", stage.origin), &form)?;
    let answer = stage.wire.send(request).await?;
    let location = answer.headers().get(header::LOCATION);
    location
        .and_then(|location| location.to_str().ok())
        .map(str::to_owned)
        .ok_or_else(|| Error::reply("location", "expected a redirect, got none"))
}

/// A form on its way.
pub(super) fn post(url: &str, form: &Pairs) -> Result<Request<Bytes>, Error> {
    Request::post(url)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Bytes::from(form.to_string()))
        .map_err(|cause| Error::input("address", "expected an address").caused_by(cause))
}

/// What stands between two pieces of a text.
pub(super) fn between(text: &str, before: &str, after: &str) -> Option<String> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found.to_owned())
}
