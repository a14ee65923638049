//! One interaction of VCR, in the map form and as structs of 1.x, which have the same members.

use super::{
    super::yaml::{
        Node, extra,
        fields::{self, HeaderText, Part},
        gather::Scribe,
    },
    body,
};
use crate::cassette::{Body, Interaction, RecordedRequest, RecordedResponse};

/// Reads one.
pub(in crate::cassette::format) fn interaction(
    node: &Node,
    scribe: &mut Scribe<'_>,
) -> Part<Interaction> {
    fields::map(Some(node), "interaction")?;
    let mut kept = serde_json::Map::new();

    let half = fields::map(node.get("request"), "request")?;
    let method = fields::text(half.get("method"), "request.method")?;
    // A symbol in 1.x, in lower case in all.
    let method = method.trim_start_matches(':').to_ascii_uppercase();
    let uri = fields::text(half.get("uri"), "request.uri")?;
    let mut request = RecordedRequest::new(method, uri);
    request.headers = fields::headers(
        half.get("headers"),
        "request.headers",
        HeaderText::Utf8,
        scribe,
    )?;
    request.body = Body::unknown(body::read(
        half.get("body"),
        "request.body",
        &mut kept,
        scribe,
    )?);
    extra::keep(
        &mut kept,
        half,
        "request.",
        &["method", "uri", "headers", "body"],
    );

    let half = fields::map(node.get("response"), "response")?;
    let (status, reason) = status(half)?;
    let mut response = RecordedResponse::new(status);
    response.reason = reason;
    response.headers = fields::headers(
        half.get("headers"),
        "response.headers",
        HeaderText::Utf8,
        scribe,
    )?;
    response.body = Body::unknown(body::read(
        half.get("body"),
        "response.body",
        &mut kept,
        scribe,
    )?);
    response.version = fields::version(half.get("http_version"), "response.http_version")?;
    extra::keep(&mut kept, half, "response.", RESPONSE);
    // Of no use to anybody, and VCR leaves it out when it writes.
    if kept
        .get("response.adapter_metadata")
        .is_some_and(|kept| kept.as_object().is_some_and(serde_json::Map::is_empty))
    {
        kept.remove("response.adapter_metadata");
    }

    let mut interaction = Interaction::new(request, response);
    if let Some(text) = fields::optional_text(node.get("recorded_at"), "recorded_at")? {
        interaction.started_at = fields::moment(&text);
        match interaction.started_at {
            None => scribe.note("recorded_at", "expected a date, got other text"),
            // What stands where no moment is known.
            Some(std::time::SystemTime::UNIX_EPOCH) => interaction.started_at = None,
            Some(_) => {}
        }
    }
    extra::keep(&mut kept, node, "", &["request", "response", "recorded_at"]);
    interaction.provenance.extra = kept;
    Ok(interaction)
}

/// `status: {code, message}`; in old files of Betamax `status_code`.
fn status(half: &Node) -> Part<(u16, Option<String>)> {
    match half.get("status") {
        Some(status) if status.map().is_some() => {
            let reason = fields::optional_text(status.get("message"), "response.status.message")?;
            let code = fields::status(status.get("code"), "response.status.code")?;
            Ok((code, reason.map(std::borrow::Cow::into_owned)))
        }
        None => Ok((
            fields::status(half.get("status_code"), "response.status")?,
            None,
        )),
        other => Ok((fields::status(other, "response.status")?, None)),
    }
}

const RESPONSE: &[&str] = &["status", "status_code", "headers", "body", "http_version"];
