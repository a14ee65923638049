//! Which of the formats in YAML or JSON a file is: by its first items, so that a large file is not read for it.

use super::{
    fields::moment,
    load::glimpse,
    node::{Node, Value, plain_name},
};
use crate::cassette::{
    coding,
    format::{Format, Source},
};

/// The format, where the content is of one of this family. One answer, so the formats exclude each other.
pub(in crate::cassette::format) fn tell(source: &Source<'_>) -> Option<Format> {
    if coding::is_zlib(&source.bytes) {
        let (plain, _) = coding::unzlib_part(&source.bytes, ENOUGH.min(source.limits.file));
        return told(&plain, source).filter(|format| *format == Format::RubyVcr);
    }
    told(&source.bytes, source)
}

fn told(bytes: &[u8], source: &Source<'_>) -> Option<Format> {
    // Without these words no file of the family holds an interaction; it is cheaper to look for them.
    let words: [&[u8]; 2] = [b"interactions", b"request"];
    if !words
        .iter()
        .any(|word| memchr::memmem::find(bytes, word).is_some())
    {
        return None;
    }
    let root = glimpse(bytes, source.limits).root;
    match &root.value {
        Value::Map(_) => of_map(&root),
        Value::List(items) => items.iter().find_map(of_item),
        Value::Scalar(..) => None,
    }
}

fn of_map(root: &Node) -> Option<Format> {
    if let Some(list) = root.get("http_interactions") {
        return Some(match by_betamax(root, list) {
            true => Format::Betamax,
            false => Format::RubyVcr,
        });
    }
    if root.tag.as_deref() == Some("!tape") {
        return Some(Format::OkReplay);
    }
    let items = root.get("interactions")?.list().unwrap_or_default();
    let version = root.get("version").and_then(Node::scalar);
    let told = items.iter().find_map(|item| {
        let request = item.get("request")?;
        let response = item.get("response");
        let status = response.and_then(|response| response.get("status"));
        match (request.get("uri"), request.get("url")) {
            (Some(_), _) if item.get("recorded").is_some() => Some(Format::OkReplay),
            (Some(_), _) if status.is_some_and(is_number) => {
                // A number as status is OkReplay's; whoever says a version is vcrpy, damaged.
                Some(version.map_or(Format::OkReplay, |_| Format::Vcrpy))
            }
            (Some(_), _) => Some(Format::Vcrpy),
            (None, Some(_)) => Some(Format::GoVcr),
            (None, None) => None,
        }
    });
    told.or(match version {
        // Other tools have lists of this name; these two say a version beside it.
        Some("2") => Some(Format::GoVcr),
        // go-vcr begins with it, vcrpy ends with it.
        Some("1") if !root.is_json() && begins_with(root, "version") => Some(Format::GoVcr),
        Some("1") => Some(Format::Vcrpy),
        _ => None,
    })
}

fn begins_with(root: &Node, name: &str) -> bool {
    let first = root.map().and_then(<[_]>::first);
    first.and_then(|(key, _)| key.scalar()) == Some(name)
}

fn is_number(node: &Node) -> bool {
    node.scalar()
        .is_some_and(|text| text.parse::<u16>().is_ok())
}

fn by_betamax(root: &Node, list: &Node) -> bool {
    // Betamax writes JSON; what it recorded and somebody wrote as YAML is VCR's.
    if !root.is_json() {
        return false;
    }
    let recorder = root.get("recorded_with").and_then(Node::scalar);
    if let Some(recorder) = recorder.filter(|recorder| !recorder.is_empty()) {
        return recorder.starts_with("betamax");
    }
    let items = list.list().unwrap_or_default();
    items.iter().any(|item| {
        let response = item.get("response");
        let old = ["url", "status_code"]
            .iter()
            .any(|name| response.is_some_and(|response| response.get(name).is_some()));
        let iso = item
            .get("recorded_at")
            .and_then(Node::scalar)
            .is_some_and(|text| text.as_bytes().get(10) == Some(&b'T') && moment(text).is_some());
        old || iso
    })
}

fn of_item(item: &Node) -> Option<Format> {
    let tagged = item
        .tag
        .as_ref()
        .is_some_and(|tag| tag.contains("VCR::HTTPInteraction"));
    if tagged {
        return Some(Format::RubyVcr);
    }
    let request = item.get("request")?;
    let response = item.get("response")?;
    let has = |name: &str| request.get(name).is_some();
    let names: Vec<&str> = request
        .map()
        .into_iter()
        .flatten()
        .filter_map(|(key, _)| key.scalar().map(plain_name))
        .collect();
    if has("host") && has("path") && (has("protocol") || has("port")) {
        return Some(Format::Vcrpy);
    }
    let stub = ["bodyPatterns", "urlPattern"]
        .iter()
        .any(|name| names.contains(name));
    (has("url") && has("method") && !stub && response.map().is_some()).then_some(Format::PhpVcr)
}

/// As much of a compressed file as tells its format.
const ENOUGH: usize = 1 << 20;
