//! One interaction of vcrpy, in any of its dialects.

use serde_json::{Map, Value as Json};

use super::super::yaml::{
    Node, Scalar, Value, extra,
    fields::{self, Fault, HeaderText, Part},
    gather::Scribe,
};
use crate::cassette::{Body, Headers, Interaction, RecordedRequest, RecordedResponse};

/// Reads one.
pub(super) fn interaction(node: &Node, scribe: &mut Scribe<'_>) -> Part<Interaction> {
    fields::map(Some(node), "interaction")?;
    let mut kept = Map::new();
    let request = request(node, &mut kept, scribe)?;
    let response = response(node, &mut kept, scribe)?;
    extra::keep(&mut kept, node, "", &["request", "response"]);
    let mut interaction = Interaction::new(request, response);
    interaction.provenance.extra = kept;
    Ok(interaction)
}

fn request(
    node: &Node,
    kept: &mut Map<String, Json>,
    scribe: &mut Scribe<'_>,
) -> Part<RecordedRequest> {
    let half = fields::map(node.get("request"), "request")?;
    let method = fields::text(half.get("method"), "request.method")?;
    let uri = match half.get("uri") {
        Some(uri) => fields::text(Some(uri), "request.uri")?.into_owned(),
        None => address(half)?,
    };
    let mut request = RecordedRequest::new(method, uri);
    let body = half.get("body");
    request.body = Body::unknown(request_body(body)?);
    // vcrpy's own matcher of bodies tells a body of no bytes from none.
    if request.body.bytes.is_empty() && body.is_some_and(|body| !body.is_null()) {
        kept.insert("request.body".to_owned(), Json::String(String::new()));
    }
    request.headers = headers(half, "request.headers", scribe)?;
    for (key, _) in half.map().into_iter().flatten() {
        if key.scalar().is_some_and(|name| !REQUEST.contains(&name)) {
            let message = "expected the members that vcrpy reads, got another; it is left out";
            scribe.note("request", message);
        }
    }
    Ok(request)
}

/// The parts from before 1.0; vcrpy's own migration leaves out the usual port too.
fn address(half: &Node) -> Part<String> {
    let protocol = fields::text(half.get("protocol"), "request.uri")?;
    let host = fields::text(half.get("host"), "request.host")?;
    let path = fields::text(half.get("path"), "request.path")?;
    let port = match half.get("port").filter(|port| !port.is_null()) {
        None => None,
        port => Some(fields::number(port, "request.port")?),
    };
    let usual = matches!(
        (protocol.as_ref(), port),
        (_, None) | ("http", Some(80)) | ("https", Some(443))
    );
    Ok(match port.filter(|_| !usual) {
        Some(port) => format!("{protocol}://{host}:{port}{path}"),
        None => format!("{protocol}://{host}{path}"),
    })
}

fn request_body(node: Option<&Node>) -> Part<Vec<u8>> {
    const FIELD: &str = "request.body";
    let utf8 = |text: &str| text.as_bytes().to_vec();
    let Some(body) = node else {
        return Ok(Vec::new());
    };
    match (&body.tag, &body.value) {
        (Some(tag), _) if tag.ends_with("BytesIO") || tag.ends_with("StringIO") => {
            // Its state is a tuple: the content, the position, the attributes.
            let state = body.get("state").unwrap_or(body);
            match state.list() {
                Some([content, ..]) => fields::bytes(Some(content), FIELD, utf8),
                _ => Err(Fault::expected("the bytes of a BytesIO", Some(body), FIELD)),
            }
        }
        (Some(_), Value::List(_) | Value::Map(_)) => Err(Fault::new(
            FIELD,
            "expected text or bytes, got an object of Python, which is not made",
        )),
        // The pieces of an iterator, which vcrpy keeps apart.
        (None, Value::List(items)) => {
            let mut whole = Vec::new();
            for item in items {
                whole.extend(fields::bytes(Some(item), FIELD, utf8)?);
            }
            Ok(whole)
        }
        _ => fields::bytes(Some(body), FIELD, utf8),
    }
}

fn response(
    node: &Node,
    kept: &mut Map<String, Json>,
    scribe: &mut Scribe<'_>,
) -> Part<RecordedResponse> {
    let half = fields::map(node.get("response"), "response")?;
    let mut response = match half.get("status") {
        Some(status) if status.map().is_some() => {
            let code = fields::status(status.get("code"), "response.status.code")?;
            let reason = fields::optional_text(status.get("message"), "response.status.message")?;
            RecordedResponse {
                reason: reason.map(std::borrow::Cow::into_owned),
                ..RecordedResponse::new(code)
            }
        }
        None => RecordedResponse::new(fields::status(half.get("status_code"), "response.status")?),
        other => return Err(Fault::expected("a map", other, "response.status")),
    };
    response.headers = headers(half, "response.headers", scribe)?;
    response.body = Body::unknown(response_body(half, &response.headers, scribe)?);
    response.version = fields::version(half.get("http_version"), "response.http_version")?;
    extra::keep(
        kept,
        half,
        "response.",
        &["status", "status_code", "headers", "body", "content"],
    );
    Ok(response)
}

fn response_body(half: &Node, headers: &Headers, scribe: &mut Scribe<'_>) -> Part<Vec<u8>> {
    let utf8 = |text: &str| text.as_bytes().to_vec();
    if let Some(content) = half.get("content") {
        let bytes = fields::bytes(Some(content), "response.content", utf8)?;
        return Ok(match hidden(content, headers) {
            Some(plain) => {
                let message =
                    "expected the body, got its base64, as the length tells; it is undone";
                scribe.note("response.content", message);
                plain
            }
            None => bytes,
        });
    }
    match half.get("body") {
        Some(body) if body.map().is_some() && body.get("str").is_none() => {
            fields::bytes(body.get("string"), "response.body.string", utf8)
        }
        body => fields::bytes(body, "response.body", utf8),
    }
}

/// The httpx dialect had versions that kept base64 without saying so; the length of the body tells.
fn hidden(content: &Node, headers: &Headers) -> Option<Vec<u8>> {
    let Value::Scalar(Scalar::Plain | Scalar::Text, text) = &content.value else {
        return None;
    };
    let length: usize = headers.text("content-length")?.trim().parse().ok()?;
    if text.is_empty() || length == text.len() {
        return None;
    }
    let plain = fields::from_base64(text, "").ok()?;
    (plain.len() == length).then_some(plain)
}

fn headers(half: &Node, field: &str, scribe: &mut Scribe<'_>) -> Part<Headers> {
    fields::headers(half.get("headers"), field, HeaderText::Latin1, scribe)
}

const REQUEST: &[&str] = &[
    "method", "uri", "body", "headers", "protocol", "host", "port", "path",
];
