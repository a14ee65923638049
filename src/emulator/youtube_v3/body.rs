//! The JSON that a call sends: bounded, an object, and its texts.

use serde_json::Value;

use super::problem;
use crate::emulator::{answer::Answer, videos::Privacy, youtube::Draft};

/// The most bytes of JSON.
const MAX: usize = 64 * 1024;

/// The resource that a call describes.
pub(super) struct Body(Value);

impl Body {
    /// An object; nothing at all is an empty one.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Answer> {
        if bytes.len() > MAX {
            return Err(problem::parse_error(format!(
                "the body has more than {MAX} bytes of JSON"
            )));
        }
        if bytes.is_empty() {
            return Ok(Self(Value::Object(serde_json::Map::new())));
        }
        match serde_json::from_slice(bytes) {
            Ok(value @ Value::Object(_)) => Ok(Self(value)),
            Ok(_) => Err(problem::parse_error(
                "the body is JSON, but no object".to_owned(),
            )),
            // Its place only: the text could hold anything.
            Err(cause) => Err(problem::parse_error(format!(
                "the body is no JSON, at {}:{}",
                cause.line(),
                cause.column()
            ))),
        }
    }

    /// A text, by its place from the top: `["snippet", "title"]`.
    pub(super) fn text(&self, path: &[&str]) -> Result<Option<&str>, Answer> {
        let mut at = &self.0;
        for name in path {
            match at.get(name) {
                None | Some(Value::Null) => return Ok(None),
                Some(inner) => at = inner,
            }
        }
        let text = at.as_str().map(Some);
        text.ok_or_else(|| problem::parse_error(format!("{}: expected a text", path.join("."))))
    }

    /// What a new video is to be called. Without a title it is `unknown` ([MEM]).
    pub(super) fn draft(&self) -> Result<Draft, Answer> {
        let title = self.text(&["snippet", "title"])?.unwrap_or("unknown");
        self.draft_titled(title)
    }

    pub(super) fn draft_titled(&self, title: &str) -> Result<Draft, Answer> {
        let description = self.text(&["snippet", "description"])?.unwrap_or_default();
        let mut draft =
            Draft::new(title.to_owned(), description.to_owned()).map_err(problem::invalid_draft)?;
        if let Some(privacy) = self.privacy()? {
            draft.privacy = privacy;
        }
        Ok(draft)
    }

    pub(super) fn privacy(&self) -> Result<Option<Privacy>, Answer> {
        let Some(text) = self.text(&["status", "privacyStatus"])? else {
            return Ok(None);
        };
        let privacy = Privacy::ALL.into_iter().find(|one| one.as_str() == text);
        privacy.map(Some).ok_or_else(problem::invalid_privacy)
    }
}
