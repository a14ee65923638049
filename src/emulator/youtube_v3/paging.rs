//! Lists in pages: `maxResults`, `pageToken`, and the envelope of a list.
//!
//! ```text
//! CAUQAA   five are behind, go on        CAUQAQ   five are behind, go back
//! ```
//!
//! Law: a page token reads what it prints. It is two numbers in the wire form of protocol buffers (field 1:
//! how many are behind; field 2: the direction), as tokens of real answers are: `CAUQAA`, `CAoQAA`,
//! `CBkQAA` and `CDIQAA` stand in answers of 5, 10, 25 and 50 results.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{params::Params, problem, resource::tagged};
use crate::emulator::answer::Answer;

/// Which stretch of a list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Page {
    start: usize,
    size: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct PageToken {
    behind: u32,
    back: bool,
}

impl Page {
    const DEFAULT: usize = 5;
    const MAX: usize = 50;

    pub(super) fn of(params: &Params) -> Result<Self, Answer> {
        let size = match params.text("maxResults") {
            None => Self::DEFAULT,
            Some(text) => text
                .parse()
                .ok()
                .filter(|size| *size <= Self::MAX)
                .ok_or_else(|| problem::out_of_range("maxResults", text, 0, Self::MAX))?,
        };
        let start = match params.text("pageToken").map(PageToken::parse) {
            None => 0,
            Some(None) => return Err(problem::invalid_page_token()),
            Some(Some(token)) => {
                let behind = usize::try_from(token.behind).unwrap_or(usize::MAX);
                match token.back {
                    true => behind.saturating_sub(size),
                    false => behind,
                }
            }
        };
        Ok(Self { start, size })
    }

    /// The answer with this stretch of `items`, each made only when it is shown.
    pub(super) fn answer<T>(self, kind: &str, items: &[T], show: impl Fn(&T) -> Value) -> Value {
        let end = self.start.saturating_add(self.size).min(items.len());
        let shown = items.get(self.start..end).unwrap_or_default();
        let shown_as: Vec<Value> = shown.iter().map(show).collect();
        let mut list = list(kind, items.len(), self.size, &shown_as);
        if end < items.len() && !shown.is_empty() {
            list["nextPageToken"] = PageToken::at(end, false).into();
        }
        if self.start > 0 {
            list["prevPageToken"] = PageToken::at(self.start, true).into();
        }
        tagged(list)
    }
}

/// The envelope of a list.
pub(super) fn list(kind: &str, total: usize, page: usize, items: &[Value]) -> Value {
    json!({
        "kind": kind,
        "pageInfo": { "totalResults": total, "resultsPerPage": page },
        "items": items,
    })
}

impl PageToken {
    fn at(behind: usize, back: bool) -> String {
        let behind = u32::try_from(behind).unwrap_or(u32::MAX);
        Self { behind, back }.print()
    }

    fn print(self) -> String {
        let mut bytes = vec![0x08];
        let mut rest = self.behind;
        while rest > 0x7f {
            bytes.push((rest & 0x7f) as u8 | 0x80);
            rest >>= 7;
        }
        bytes.extend([rest as u8, 0x10, u8::from(self.back)]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn parse(text: &str) -> Option<Self> {
        // Longer than any: five bytes of a number, three around it.
        let bytes = (text.len() <= 11).then(|| URL_SAFE_NO_PAD.decode(text).ok())??;
        let [0x08, number @ .., 0x10, back @ (0 | 1)] = bytes.as_slice() else {
            return None;
        };
        let (last, lower) = number.split_last()?;
        if *last > 0x7f || lower.iter().any(|byte| *byte <= 0x7f) {
            return None;
        }
        let behind = number
            .iter()
            .rev()
            .fold(0_u64, |sum, byte| sum << 7 | u64::from(byte & 0x7f));
        Some(Self {
            behind: u32::try_from(behind).ok()?,
            back: *back == 1,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::PageToken;

    #[test]
    fn a_page_token_looks_like_the_ones_of_real_answers() {
        for (behind, text) in [
            (5, "CAUQAA"),
            (10, "CAoQAA"),
            (25, "CBkQAA"),
            (50, "CDIQAA"),
        ] {
            assert_eq!(PageToken::at(behind, false), text);
        }
    }

    #[test]
    fn a_page_token_reads_what_it_prints() {
        for behind in [0, 1, 127, 128, 10_000, u32::MAX] {
            for back in [false, true] {
                let token = PageToken { behind, back };
                assert_eq!(PageToken::parse(&token.print()), Some(token));
            }
        }
    }

    #[test]
    fn another_text_is_no_page_token() {
        for text in [
            "",
            "CAUQ",
            "CAUQAg",
            "CAUQAA==",
            "EAAIBQ",
            "CP__________8BEAA",
            "ä",
        ] {
            assert_eq!(PageToken::parse(text), None, "{text}");
        }
    }
}
