//! Bodies of VCR: `{encoding, string}` or `{encoding, base64_string}`, in older files a bare text.

use serde_json::{Map, Value as Json};

use super::super::{
    charset::Charset,
    yaml::{
        Node,
        emit::{Out, base64_lines},
        extra,
        fields::{self, Fault, Part},
        gather::Scribe,
    },
};

/// The bytes. The encoding that the file names goes to `extra` where the bytes do not tell it themselves.
pub(in crate::cassette::format) fn read(
    node: Option<&Node>,
    path: &str,
    kept: &mut Map<String, Json>,
    scribe: &mut Scribe<'_>,
) -> Part<Vec<u8>> {
    let Some(node) = node.filter(|node| !node.is_null()) else {
        return Ok(Vec::new());
    };
    // A text with variables of its own is a map too.
    if node.map().is_none() || (node.tag.is_some() && node.get("str").is_some()) {
        return fields::bytes(Some(node), path, |text| text.as_bytes().to_vec());
    }
    let name = fields::optional_text(node.get("encoding"), &format!("{path}.encoding"))?;
    let known = name
        .as_ref()
        .map_or(Some(Charset::Utf8), |name| Charset::named(name));
    let base64 = node.get("base64_string").filter(|base64| !base64.is_null());
    let bytes = match base64 {
        Some(base64) => {
            let field = format!("{path}.base64_string");
            let text = base64
                .scalar()
                .ok_or_else(|| Fault::expected("base64", Some(base64), field.clone()))?;
            fields::from_base64(text, &field)?
        }
        None => fields::bytes(node.get("string"), &format!("{path}.string"), |text| {
            let encoded = known.and_then(|set| set.encode(text));
            if encoded.is_none() {
                let message = "expected a known encoding that has all characters, got another; \
                               the text is taken as UTF-8";
                scribe.note(format!("{path}.encoding"), message);
            }
            encoded.unwrap_or_else(|| text.as_bytes().to_vec())
        })?,
    };
    if let Some(name) = name.filter(|name| *name != usual(&bytes)) {
        kept.insert(format!("{path}.encoding"), Json::from(name.into_owned()));
    }
    extra::keep(
        kept,
        node,
        &format!("{path}."),
        &["encoding", "string", "base64_string"],
    );
    Ok(bytes)
}

/// The map to write: text where the encoding has it, base64 where not, or where a line ends with CR.
pub(super) fn write(bytes: &[u8], path: &str, kept: &Map<String, Json>) -> Out {
    let name = kept
        .get(&format!("{path}.encoding"))
        .and_then(Json::as_str)
        .unwrap_or_else(|| usual(bytes));
    let text = Charset::named(name)
        .and_then(|set| {
            let text = set.decode(bytes)?;
            (set.encode(&text).as_deref() == Some(bytes)).then_some(text)
        })
        .filter(|text| !text.contains('\r'));
    let content = match text {
        Some(text) => ("string".to_owned(), Out::Text(text)),
        None => (
            "base64_string".to_owned(),
            // Lines as Ruby's `Base64.encode64` has them.
            Out::Block(base64_lines(bytes, 60)),
        ),
    };
    let mut pairs = vec![("encoding".to_owned(), Out::Text(name.to_owned())), content];
    let prefix = format!("{path}.");
    pairs.extend(extra::kept(kept, &prefix, &["encoding"]));
    Out::Map(pairs)
}

/// The encoding that VCR names for a body of such bytes.
fn usual(bytes: &[u8]) -> &'static str {
    match std::str::from_utf8(bytes) {
        Ok(_) => "UTF-8",
        Err(_) => "ASCII-8BIT",
    }
}
