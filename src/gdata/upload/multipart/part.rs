//! One part of a body: its headers, printed and read, and its bytes.

use bytes::Bytes;
use memchr::memmem;

use super::{Multipart, refuse};
use crate::error::Error;

/// One part: its content type, its bytes and, in a form, the field it stands for.
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    content_type: String,
    name: Option<String>,
    file_name: Option<String>,
    body: Bytes,
}

impl Part {
    /// A part of that content type; empty for none.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when the content type is not one line of printable ASCII.
    pub fn new(content_type: impl Into<String>, body: impl Into<Bytes>) -> Result<Self, Error> {
        let content_type = content_type.into();
        let fits = content_type.len() <= MAX_VALUE
            && content_type.trim() == content_type
            && content_type.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        if !fits {
            return Err(Error::input(
                "content-type",
                "expected one line of printable ASCII, got something else",
            ));
        }
        Ok(Self {
            content_type,
            name: None,
            file_name: None,
            body: body.into(),
        })
    }

    /// Names the field of a form that this part stands for.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when it holds a quote, a backslash or a control character, or is too long.
    pub fn with_name(mut self, name: impl Into<String>) -> Result<Self, Error> {
        self.name = Some(quotable("name", name.into())?);
        Ok(self)
    }

    /// Names the file that a browser took this part from.
    ///
    /// # Errors
    /// As [`with_name`](Self::with_name), and when the part has no name.
    pub fn with_file_name(mut self, file_name: impl Into<String>) -> Result<Self, Error> {
        if self.name.is_none() {
            return Err(Error::input(
                "filename",
                "expected a part with a name, got one without",
            ));
        }
        self.file_name = Some(quotable("filename", file_name.into())?);
        Ok(self)
    }

    /// The content type; empty where there is none.
    #[must_use]
    pub fn content_type(&self) -> &str {
        &self.content_type
    }

    /// The field of the form.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The name of the file, as the browser gave it: never a path to write to.
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {
        self.file_name.as_deref()
    }

    /// The bytes.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The headers, each with its line end.
    pub(super) fn head(&self) -> String {
        let mut head = String::new();
        if let Some(name) = &self.name {
            head = format!("Content-Disposition: form-data; name=\"{name}\"");
            if let Some(file_name) = &self.file_name {
                head = format!("{head}; filename=\"{file_name}\"");
            }
            head.push_str("\r\n");
        }
        if !self.content_type.is_empty() {
            head = format!("{head}Content-Type: {}\r\n", self.content_type);
        }
        head
    }

    /// The part between the end of one boundary line and the start of the next.
    pub(super) fn parse(body: &Bytes, start: usize, end: usize) -> Result<Self, Error> {
        // The line end before a boundary belongs to the boundary (RFC 2046, 5.1.1).
        let mut last = end;
        if last > start && body[last - 1] == b'\n' {
            last -= 1;
            if last > start && body[last - 1] == b'\r' {
                last -= 1;
            }
        }
        let text = &body[start..end];
        let (length, gap) = blank_line(text).ok_or_else(|| {
            refuse("expected a blank line behind the headers of a part, got none")
        })?;
        if length > Multipart::MAX_HEAD {
            return Err(refuse(format_args!(
                "expected at most {} bytes of headers, got {length}",
                Multipart::MAX_HEAD
            )));
        }
        let head = String::from_utf8_lossy(&text[..length]);
        let control = |line: &str| line.chars().any(|c| c.is_control() && c != '\t');
        if head.lines().any(control) {
            return Err(refuse("expected headers of text, got a control character"));
        }
        let header = |wanted: &str| {
            head.lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted))
                .map(|(_, value)| value.trim())
        };
        let disposition = header("content-disposition").unwrap_or_default();
        let name = parameter(disposition, "name").map(str::to_owned);
        let file_name = parameter(disposition, "filename").map(str::to_owned);
        let from = start + length + gap;
        Ok(Self {
            content_type: header("content-type").unwrap_or_default().to_owned(),
            file_name: file_name.filter(|_| name.is_some()),
            name,
            body: body.slice(from..last.max(from)),
        })
    }
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Part")
            .field("content_type", &self.content_type)
            .field("name", &self.name)
            .field("file_name", &self.file_name)
            .field("bytes", &self.body.len())
            .finish()
    }
}

/// How many bytes the headers have, and how many the blank line behind them; a part may have no headers.
fn blank_line(text: &[u8]) -> Option<(usize, usize)> {
    if text.starts_with(b"\r\n") {
        return Some((0, 2));
    }
    if text.starts_with(b"\n") {
        return Some((0, 1));
    }
    let crlf = memmem::find(text, b"\r\n\r\n").map(|at| (at, 4));
    let lf = memmem::find(&text[..crlf.map_or(text.len(), |(at, _)| at)], b"\n\n");
    lf.map(|at| (at, 2)).or(crlf)
}

/// The value of `; name=value` or `; name="value"`.
pub(super) fn parameter<'t>(text: &'t str, wanted: &str) -> Option<&'t str> {
    let mut rest = text.split_once(';')?.1;
    loop {
        let (name, value) = rest.split_once('=')?;
        let value = value.trim_start();
        let (value, behind) = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => {
                let end = value.find(';').unwrap_or(value.len());
                (value[..end].trim_end(), &value[end..])
            }
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = behind.split_once(';')?.1;
    }
}

fn quotable(field: &str, text: String) -> Result<String, Error> {
    let plain = |c: char| !c.is_control() && c != '"' && c != '\\';
    if text.len() > MAX_VALUE || !text.chars().all(plain) {
        return Err(Error::input(
            field,
            "expected a short text without quotes, backslashes and control characters",
        ));
    }
    Ok(text)
}

/// The longest content type or name of a part.
const MAX_VALUE: usize = 1_024;
