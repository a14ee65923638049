//! Calls of the Data API v3 against a world.

use bytes::Bytes;
use serde_json::Value;

use crate::support::world::World;

pub const HOST: &str = "https://www.googleapis.com";
pub const ANN: &str = "ann@example.com";
/// The sample video that belongs to nobody here.
pub const STORY: &str = "YbJOTdZBX1g";

pub fn scope(name: &str) -> String {
    format!("https://www.googleapis.com/auth/{name}")
}

/// An access token of Ann's with one of YouTube's scopes, for an hour.
pub fn token(world: &World, name: &str) -> String {
    token_of(world, ANN, name)
}

pub fn token_of(world: &World, email: &str, name: &str) -> String {
    let token = world.google.issue_access_token(email, &scope(name), 3_600);
    token.unwrap().expose().to_owned()
}

/// A request without a body, below [`HOST`]; an empty token is none.
pub fn request(method: &str, path: &str, token: &str) -> http::Request<Bytes> {
    with_body(method, path, token, "application/json", "")
}

pub fn with_body(
    method: &str,
    path: &str,
    token: &str,
    content_type: &str,
    body: impl Into<Bytes>,
) -> http::Request<Bytes> {
    let mut request = http::Request::builder()
        .method(method)
        .uri(format!("{HOST}{path}"))
        .header("content-type", content_type);
    if !token.is_empty() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    request.body(body.into()).unwrap()
}

/// The status and the JSON of an answer; `Null` where it has no body.
pub fn read(answer: &http::Response<Bytes>) -> (u16, Value) {
    let json = match answer.body().is_empty() {
        true => Value::Null,
        false => serde_json::from_slice(answer.body()).unwrap(),
    };
    (answer.status().as_u16(), json)
}

impl World {
    /// Makes a call without a body.
    pub async fn v3(&self, method: &str, path: &str, token: &str) -> (u16, Value) {
        read(&self.send(request(method, path, token)).await)
    }

    /// Makes a call with JSON.
    pub async fn v3_json(
        &self,
        method: &str,
        path: &str,
        token: &str,
        body: &Value,
    ) -> (u16, Value) {
        let body = body.to_string();
        let request = with_body(method, path, token, "application/json; charset=UTF-8", body);
        read(&self.send(request).await)
    }

    /// The ids of the videos that a search of that token finds.
    pub async fn found(&self, query: &str, token: &str) -> Vec<String> {
        let path = format!("/youtube/v3/search?part=id&type=video&{query}");
        let (status, list) = self.v3("GET", &path, token).await;
        assert_eq!(status, 200, "{list:#}");
        let ids = list["items"].as_array().unwrap().iter();
        ids.map(|item| item["id"]["videoId"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// Whether a text has the form of a channel's id.
pub fn is_channel(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    id.len() == 24 && id.starts_with("UC") && id.bytes().all(plain)
}

/// The same without ETags, which are opaque.
pub fn without_etags(mut value: Value) -> Value {
    match &mut value {
        Value::Object(fields) => {
            fields.remove("etag");
            fields
                .values_mut()
                .for_each(|field| *field = without_etags(field.take()));
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| *item = without_etags(item.take())),
        _ => {}
    }
    value
}
