//! Tapes of OkReplay, and of Betamax for the JVM before it (cassettes.md 3.4).
//!
//! A header has one value, in which several are joined. A body may stand in a file beside the tape (`!file`).

use std::path::{Component, Path};

use serde_json::Map;

use super::{
    Format, Source,
    yaml::{
        self, Node, extra,
        fields::{self, Fault, HeaderText, Part},
        gather::{self, Scribe},
        sniff,
    },
};
use crate::{
    cassette::{Body, Interaction, Reading, RecordedRequest, RecordedResponse, file},
    error::Error,
};

/// Whether it is one.
pub(super) fn is(source: &Source<'_>) -> bool {
    sniff::tell(source) == Some(Format::OkReplay)
}

/// Reads one.
///
/// # Errors
/// [`Kind::Reply`](crate::Kind::Reply) when it holds no list of interactions.
pub(super) fn read(source: &Source<'_>) -> Result<Reading, Error> {
    let document = yaml::load(&source.bytes, source.limits);
    let mut scribe = Scribe::new(source);
    scribe.members(&document.root, &["name", "interactions"]);
    let list = (document.root.get("interactions"), "interactions");
    gather::gather(Format::OkReplay, &document, list, scribe, interaction)
}

fn interaction(node: &Node, scribe: &mut Scribe<'_>) -> Part<Interaction> {
    fields::map(Some(node), "interaction")?;
    let mut kept = Map::new();

    let half = fields::map(node.get("request"), "request")?;
    let method = fields::text(half.get("method"), "request.method")?;
    let uri = fields::text(half.get("uri"), "request.uri")?;
    let mut request = RecordedRequest::new(method.to_ascii_uppercase(), uri);
    let headers = half.get("headers");
    request.headers = fields::headers(headers, "request.headers", HeaderText::Utf8, scribe)?;
    request.body = Body::unknown(body(half, "request.body", scribe)?);
    extra::keep(
        &mut kept,
        half,
        "request.",
        &["method", "uri", "headers", "body"],
    );

    let half = fields::map(node.get("response"), "response")?;
    let mut response =
        RecordedResponse::new(fields::status(half.get("status"), "response.status")?);
    let headers = half.get("headers");
    response.headers = fields::headers(headers, "response.headers", HeaderText::Utf8, scribe)?;
    response.body = Body::unknown(body(half, "response.body", scribe)?);
    extra::keep(&mut kept, half, "response.", &["status", "headers", "body"]);

    let mut interaction = Interaction::new(request, response);
    if let Some(text) = fields::optional_text(node.get("recorded"), "recorded")? {
        interaction.started_at = fields::moment(&text);
        if interaction.started_at.is_none() {
            scribe.note("recorded", "expected a moment, got other text");
        }
    }
    extra::keep(&mut kept, node, "", &["request", "response", "recorded"]);
    interaction.provenance.extra = kept;
    Ok(interaction)
}

fn body(half: &Node, field: &str, scribe: &Scribe<'_>) -> Part<Vec<u8>> {
    let node = half.get("body");
    match node.and_then(|body| body.tag.as_deref()) {
        Some("!file") => beside(&fields::text(node, field)?, field, scribe.source()),
        _ => fields::bytes(node, field, |text| text.as_bytes().to_vec()),
    }
}

/// A file under the folder of the tape; no name leads out of it.
fn beside(name: &str, field: &str, source: &Source<'_>) -> Part<Vec<u8>> {
    let refused = |message: &str| Fault::new(field, message);
    let folder = source.folder.ok_or_else(|| {
        refused("expected the body, got the name of a file, and no folder is known")
    })?;
    let inside = !name.is_empty()
        && Path::new(name)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
    if !inside {
        return Err(refused(
            "expected a file in the folder of the tape, got another place",
        ));
    }
    let path = folder.join(name);
    // A link could lead out of it all the same.
    let real = |path: &Path| path.canonicalize().ok();
    match (real(folder), real(&path)) {
        (Some(folder), Some(path)) if path.starts_with(&folder) => {
            file::read(&path, source.limits.body)
                .map(|bytes| bytes.to_vec())
                .map_err(|_| refused("expected a file that can be read and is not too large"))
        }
        _ => Err(refused(
            "expected a file in the folder of the tape, got none there",
        )),
    }
}
