//! Bodies of several parts: `multipart/related`, an entry and the media behind it, and
//! `multipart/form-data`, what a browser sends (RFC 2387; RFC 7578; RFC 2046, 5.1).
//!
//! ```text
//! Content-Type: multipart/related; boundary=gdata-part-00000000
//!
//! --gdata-part-00000000
//! Content-Type: application/atom+xml; charset=UTF-8
//!
//! <entry …
//! --gdata-part-00000000
//! Content-Type: video/mp4
//!
//! …
//! --gdata-part-00000000--
//! ```
//!
//! Law: what [`Multipart::print`] prints, [`Multipart::parse`] reads back. The boundary comes from no random
//! source: it is the first one that no part holds. Parts are slices of the body that was read, and are
//! copied once into the body that is printed.

use std::collections::BTreeSet;

use bytes::{Bytes, BytesMut};
use http::HeaderValue;
use memchr::memmem;

mod part;

pub use part::Part;

use self::part::parameter;
use crate::error::Error;

/// The parts of a body, in order.
///
/// # Examples
/// ```
/// use gdata_auth::gdata::upload::{Multipart, Part};
///
/// let body = Multipart::related([
///     Part::new("application/atom+xml", "<entry/>")?,
///     Part::new("video/mp4", "…")?,
/// ])?;
/// let (content_type, printed) = body.print();
/// assert_eq!(content_type, "multipart/related; boundary=gdata-part-00000000");
/// assert_eq!(Multipart::parse("multipart/related; boundary=gdata-part-00000000", &printed)?, body);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Multipart {
    form: Form,
    parts: Vec<Part>,
}

/// Which kind of body of several parts it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// `multipart/related`: parts by their place.
    Related,
    /// `multipart/form-data`: parts by the name of their field.
    Data,
}

impl Multipart {
    /// The most parts that are read or printed.
    pub const MAX_PARTS: usize = 16;
    /// The longest boundary (RFC 2046, 5.1.1).
    pub const MAX_BOUNDARY: usize = 70;
    /// The most bytes of the headers of one part.
    pub const MAX_HEAD: usize = 8 * 1024;

    /// Parts that belong together by their order.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when there is none, or more than [`MAX_PARTS`](Self::MAX_PARTS).
    pub fn related(parts: impl IntoIterator<Item = Part>) -> Result<Self, Error> {
        Self::new(Form::Related, parts)
    }

    /// The fields of a form, as a browser sends them.
    ///
    /// # Errors
    /// As [`related`](Self::related).
    pub fn form_data(parts: impl IntoIterator<Item = Part>) -> Result<Self, Error> {
        Self::new(Form::Data, parts)
    }

    fn new(form: Form, parts: impl IntoIterator<Item = Part>) -> Result<Self, Error> {
        let parts: Vec<Part> = parts.into_iter().take(Self::MAX_PARTS + 1).collect();
        match parts.len() {
            1..=Self::MAX_PARTS => Ok(Self { form, parts }),
            _ => Err(Error::input(
                "multipart",
                format_args!("expected 1 to {} parts, got none or more", Self::MAX_PARTS),
            )),
        }
    }

    /// Reads a body by the `boundary` of its content type. What stands before the first boundary and
    /// behind the last one is passed over.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) when the content type is another one or has no boundary, the
    /// closing boundary is missing, a part has no blank line, or a bound is passed.
    pub fn parse(content_type: &str, body: &Bytes) -> Result<Self, Error> {
        let (form, boundary) = boundary(content_type)?;
        let marks = marks(body, boundary)?;
        let parts = marks
            .windows(2)
            .map(|pair| Part::parse(body, pair[0].end, pair[1].start))
            .collect::<Result<Vec<Part>, Error>>()?;
        Ok(Self { form, parts })
    }

    /// The content type, with its boundary, and the body.
    #[must_use]
    pub fn print(&self) -> (HeaderValue, Bytes) {
        let boundary = self.free_boundary();
        let kind = self.form.media_type();
        let mut body = BytesMut::with_capacity(
            self.parts
                .iter()
                .map(|part| part.body().len() + 256)
                .sum::<usize>(),
        );
        for part in &self.parts {
            body.extend_from_slice(format!("--{boundary}\r\n{}\r\n", part.head()).as_bytes());
            body.extend_from_slice(part.body());
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        let content_type = HeaderValue::from_str(&format!("{kind}; boundary={boundary}"))
            .unwrap_or_else(|_| HeaderValue::from_static("multipart/mixed"));
        (content_type, body.freeze())
    }

    /// Which kind it is.
    #[must_use]
    pub fn form(&self) -> Form {
        self.form
    }

    /// The parts, in order.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The first part of that field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.name() == Some(name))
    }

    /// [`PREFIX`] and the lowest number that stands behind it in no part.
    fn free_boundary(&self) -> String {
        let finder = memmem::Finder::new(PREFIX);
        let taken: BTreeSet<&[u8]> = self
            .parts
            .iter()
            .flat_map(|part| {
                finder.find_iter(part.body()).filter_map(|at| {
                    let digits = at + PREFIX.len();
                    part.body().get(digits..digits + DIGITS)
                })
            })
            .collect();
        let number = (0_u32..=u32::MAX)
            .find(|number| !taken.contains(format!("{number:08x}").as_bytes()))
            .unwrap_or_default();
        format!("{PREFIX}{number:08x}")
    }
}

impl Form {
    /// The media type, without its boundary.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Related => "multipart/related",
            Self::Data => "multipart/form-data",
        }
    }
}

/// A boundary with its line: from the dashes to behind the line end.
struct Mark {
    start: usize,
    end: usize,
}

/// The boundary lines of a body, the closing one last.
fn marks(body: &Bytes, boundary: &str) -> Result<Vec<Mark>, Error> {
    let delimiter = format!("--{boundary}");
    let mut marks = Vec::new();
    for start in memmem::find_iter(body, delimiter.as_bytes()) {
        if start > 0 && body[start - 1] != b'\n' {
            continue;
        }
        let behind = &body[start + delimiter.len()..];
        let end = start + delimiter.len();
        if behind.starts_with(b"--") {
            marks.push(Mark { start, end });
            return match marks.len() {
                1 => Err(refuse("expected a part, got only the closing boundary")),
                _ => Ok(marks),
            };
        }
        let padding = behind
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count();
        let line_end = match &behind[padding..] {
            [b'\r', b'\n', ..] => 2,
            [b'\n', ..] => 1,
            _ => continue,
        };
        if marks.len() == Multipart::MAX_PARTS {
            return Err(refuse(format_args!(
                "expected at most {} parts, got more",
                Multipart::MAX_PARTS
            )));
        }
        let end = end + padding + line_end;
        marks.push(Mark { start, end });
    }
    Err(refuse(
        "expected a closing boundary, got none: the body is torn or empty",
    ))
}

fn boundary(content_type: &str) -> Result<(Form, &str), Error> {
    let (kind, _) = content_type.split_once(';').unwrap_or((content_type, ""));
    let form = [Form::Related, Form::Data]
        .into_iter()
        .find(|form| kind.trim().eq_ignore_ascii_case(form.media_type()))
        .ok_or_else(|| {
            Error::reply(
                "content-type",
                "expected multipart/related or multipart/form-data, got another",
            )
        })?;
    let boundary = parameter(content_type, "boundary")
        .ok_or_else(|| Error::reply("content-type", "expected a boundary, got none"))?;
    if !(1..=Multipart::MAX_BOUNDARY).contains(&boundary.len()) {
        return Err(Error::reply(
            "boundary",
            format_args!(
                "expected 1 to {} characters, got {}",
                Multipart::MAX_BOUNDARY,
                boundary.len()
            ),
        ));
    }
    Ok((form, boundary))
}

/// What is wrong with a body.
fn refuse(problem: impl std::fmt::Display) -> Error {
    Error::reply("multipart", problem)
}

/// What boundaries of our own begin with; [`DIGITS`] follow.
const PREFIX: &str = "gdata-part-";
const DIGITS: usize = 8;
