//! The shape of XML: elements and attributes by path and namespace.

use quick_xml::{
    NsReader,
    events::{BytesStart, Event},
    name::ResolveResult,
};

use super::shape::{Kind, Shape};
use crate::cassette::Limits;

/// `None` for what is not XML.
pub(super) fn shape(bytes: &[u8], limits: &Limits) -> Option<Shape> {
    // Names and namespaces are ASCII nearly everywhere, and of the rest only the length is shown.
    let text = String::from_utf8_lossy(bytes);
    let mut reader = NsReader::from_str(&text);
    let mut shape = Shape::default();
    let mut path = String::new();
    let mut ends = Vec::new();
    let mut elements = 0_usize;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                elements += 1;
                ends.push(path.len());
                if ends.len() > limits.depth {
                    return None;
                }
                enter(&reader, &start, &mut path, &mut shape)?;
            }
            Event::Empty(start) => {
                elements += 1;
                let end = path.len();
                enter(&reader, &start, &mut path, &mut shape)?;
                path.truncate(end);
            }
            Event::End(_) => path.truncate(ends.pop()?),
            Event::Text(text) if !text.trim().is_empty() => {
                text_of(&path, text.len(), &mut shape);
            }
            Event::CData(text) if !text.is_empty() => text_of(&path, text.len(), &mut shape),
            Event::GeneralRef(_) => text_of(&path, 1, &mut shape),
            Event::Eof => break,
            _ => {}
        }
    }
    (elements > 0 && ends.is_empty()).then_some(shape)
}

fn enter(
    reader: &NsReader<&[u8]>,
    start: &BytesStart<'_>,
    path: &mut String,
    shape: &mut Shape,
) -> Option<()> {
    let parent = path.clone();
    let (namespace, local) = reader.resolver().resolve_element(start.name());
    let namespace = named(&namespace)?;
    path.push('/');
    path.push_str(local.as_ref());
    let looks = if namespace.is_empty() {
        "an element without a namespace".to_owned()
    } else {
        format!("an element of {namespace}")
    };
    shape.see(&parent, path, Kind::Named(namespace), &looks);
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let key = attribute.key;
        if key.as_namespace_binding().is_some() {
            continue;
        }
        let (namespace, local) = reader.resolver().resolve_attribute(key);
        let below = format!("{path}/@{}", local.as_ref());
        let looks = format!("an attribute of {} bytes", attribute.value.len());
        shape.see(path, &below, Kind::Named(named(&namespace)?), &looks);
    }
    Some(())
}

fn text_of(path: &str, length: usize, shape: &mut Shape) {
    let below = format!("{path}/text()");
    let looks = format!("a text of {length} bytes");
    shape.see(path, &below, Kind::Text, &looks);
}

fn named(namespace: &ResolveResult<'_>) -> Option<String> {
    match namespace {
        ResolveResult::Bound(uri) => Some(uri.as_ref().to_owned()),
        ResolveResult::Unbound => Some(String::new()),
        ResolveResult::Unknown(_) => None,
    }
}
