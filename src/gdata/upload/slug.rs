//! `Slug`: the file name that a client proposes (RFC 5023, 9.7).
//!
//! Law: what [`Slug::header`] prints, [`Slug::read`] reads back.

use std::fmt::Write;

use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::percent_decode;

use crate::error::Error;

/// `Slug`.
pub const SLUG: HeaderName = HeaderName::from_static("slug");

/// A file name.
///
/// # Examples
/// ```
/// use gdata_auth::gdata::upload::Slug;
///
/// assert_eq!(Slug::new("tides 1.mp4")?.header(), "tides 1.mp4");
/// assert_eq!(Slug::new("Gezeiten 100 %, März")?.header(), "Gezeiten 100 %25, M%C3%A4rz");
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slug(String);

impl Slug {
    /// The most bytes of a name.
    pub const MAX_BYTES: usize = 1_024;

    /// A file name; it is a proposal, and no path.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when it is empty, longer than [`MAX_BYTES`](Self::MAX_BYTES),
    /// has a space at an end or holds a control character.
    pub fn new(name: impl Into<String>) -> Result<Self, Error> {
        let name = name.into();
        let fits = (1..=Self::MAX_BYTES).contains(&name.len())
            && name.trim() == name
            && !name.chars().any(char::is_control);
        if !fits {
            return Err(Error::input(
                "slug",
                "expected a file name without control characters and outer spaces, got none or another text",
            ));
        }
        Ok(Self(name))
    }

    /// The name of a request, where it has one that can be understood: a `%` that is no encoding stands for
    /// itself, as clients before RFC 5023 sent it.
    #[must_use]
    pub fn read(headers: &HeaderMap) -> Option<Self> {
        let text = percent_decode(headers.get(&SLUG)?.as_bytes()).decode_utf8_lossy();
        Self::new(text.trim()).ok()
    }

    /// The value of the header: UTF-8, percent-encoded but for printable ASCII.
    #[must_use]
    pub fn header(&self) -> HeaderValue {
        let mut text = String::new();
        for byte in self.0.bytes() {
            match byte {
                b'%' => text.push_str("%25"),
                b' '..=b'~' => text.push(char::from(byte)),
                _ => {
                    let _always_fits = write!(text, "%{byte:02X}");
                }
            }
        }
        HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("upload"))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
