//! Direct upload: the media, with or without its entry, in one request.
//!
//! ```text
//! POST /feeds/api/users/default/uploads          Slug, multipart/related: entry, media
//! POST /feeds/default/private/full               Slug, Content-Type of the media: no entry
//! PUT  <edit-media link>                         in place of what is there, If-Match
//! ```
//!
//! Law: what [`Exchange::request`] prints, [`DirectUpload::read`] reads back. The body is whole in memory, so
//! large media goes by a [`CreateSession`](super::CreateSession).
//!
//! # Source
//! legacy-protocol.md 2.3, and the recorded uploads beside it.

use std::fmt;

use bytes::Bytes;
use http::{Request, Response, Uri, header};

use super::{
    multipart::{Form, Multipart, Part},
    slug::Slug,
    target::{ENTRY, Target, fill, media_type},
    uploaded::Uploaded,
};
use crate::{
    error::Error,
    exchange::Exchange,
    gdata::{Entry, Etag},
};

/// Media in one request.
///
/// # Examples
/// ```
/// use gdata_auth::{Exchange, gdata::{Entry, atom, upload::DirectUpload}};
///
/// let address = "http://uploads.gdata.youtube.com/feeds/api/users/default/uploads";
/// let upload = DirectUpload::new(address, "video/mp4", "…")?
///     .with_entry(&Entry::new().with(atom::title("Tides")))?
///     .with_slug("tides.mp4")?;
///
/// let request = upload.request();
/// assert_eq!(request.headers()["slug"], "tides.mp4");
/// assert_eq!(DirectUpload::read(&request)?, upload);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct DirectUpload {
    target: Target,
    content_type: String,
    media: Bytes,
}

impl DirectUpload {
    /// Media to be sent to `address`, an upload link.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when the address is not absolute `http` or `https`, the content
    /// type is none, or there is no media.
    pub fn new(
        address: &str,
        content_type: impl Into<String>,
        media: impl Into<Bytes>,
    ) -> Result<Self, Error> {
        let media = media.into();
        if media.is_empty() {
            return Err(Error::input("media", "expected some bytes, got none"));
        }
        Ok(Self {
            target: Target::new(address)?,
            content_type: media_type(content_type)?,
            media,
        })
    }

    /// Sends the entry before the media.
    ///
    /// # Errors
    /// As [`Entry::to_xml`].
    pub fn with_entry(mut self, entry: &Entry<'_>) -> Result<Self, Error> {
        self.target = self.target.with_entry(entry)?;
        Ok(self)
    }

    /// Proposes a file name.
    ///
    /// # Errors
    /// As [`Slug::new`].
    pub fn with_slug(mut self, name: impl Into<String>) -> Result<Self, Error> {
        self.target = self.target.with_slug(name)?;
        Ok(self)
    }

    /// Replaces what is at the address, which is an `edit-media` link; with an `etag`, only while it is
    /// still that one.
    #[must_use]
    pub fn replacing(mut self, etag: Option<Etag>) -> Self {
        self.target = self.target.replacing(etag);
        self
    }

    /// Reads a request, `X-HTTP-Method-Override` included.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) when the method is none of POST and PUT, there is no media, or a
    /// body of several parts is torn or has other parts than an entry and the media.
    pub fn read(request: &Request<Bytes>) -> Result<Self, Error> {
        let target = Target::read(request)?;
        let content_type = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let related = Form::Related.media_type();
        let several = content_type
            .get(..related.len())
            .is_some_and(|kind| kind.eq_ignore_ascii_case(related));
        let no_media = || Error::reply("media", "expected some bytes, got none");
        if !several {
            let media = request.body().clone();
            let content_type = media_type(content_type)
                .map_err(|_| Error::reply("content-type", "expected a media type, got none"))?;
            return match media.is_empty() {
                true => Err(no_media()),
                false => Ok(Self {
                    target,
                    content_type,
                    media,
                }),
            };
        }
        let body = Multipart::parse(content_type, request.body())?;
        let [entry, media] = body.parts() else {
            return Err(Error::reply(
                "multipart",
                format_args!(
                    "expected two parts, an entry and the media, got {}",
                    body.parts().len()
                ),
            ));
        };
        if media.body().is_empty() {
            return Err(no_media());
        }
        let content_type = match media.content_type() {
            "" => String::new(),
            given => media_type(given).map_err(|_| {
                Error::reply("content-type", "expected a media type, got another text")
            })?,
        };
        Ok(Self {
            target: target.holding(entry.body().clone())?,
            content_type,
            media: media.body().clone(),
        })
    }

    /// Where it goes.
    #[must_use]
    pub fn address(&self) -> &Uri {
        &self.target.address
    }

    /// The entry, where there is one.
    #[must_use]
    pub fn entry(&self) -> Option<Entry<'_>> {
        self.target.entry()
    }

    /// The proposed file name.
    #[must_use]
    pub fn slug(&self) -> Option<&Slug> {
        self.target.slug.as_ref()
    }

    /// Whether it replaces what is at the address.
    #[must_use]
    pub fn is_replacing(&self) -> bool {
        self.target.method == http::Method::PUT
    }

    /// The only ETag that may be replaced.
    #[must_use]
    pub fn if_match(&self) -> Option<&Etag> {
        self.target.if_match.as_ref()
    }

    /// The content type of the media; empty where a part that was read has none.
    #[must_use]
    pub fn content_type(&self) -> &str {
        &self.content_type
    }

    /// The media.
    #[must_use]
    pub fn media(&self) -> &Bytes {
        &self.media
    }
}

impl Exchange for DirectUpload {
    type Output = Uploaded;

    fn request(&self) -> Request<Bytes> {
        let mut request = self.target.request();
        let part = |content_type: &str, body: &Bytes| Part::new(content_type, body.clone());
        let related = self.target.entry.as_ref().and_then(|entry| {
            let parts = [part(ENTRY, entry), part(&self.content_type, &self.media)];
            Multipart::related(parts.into_iter().flatten()).ok()
        });
        match related {
            Some(related) => {
                let (content_type, body) = related.print();
                request
                    .headers_mut()
                    .insert(header::CONTENT_TYPE, content_type);
                *request.body_mut() = body;
            }
            None => fill(&mut request, &self.content_type, self.media.clone()),
        }
        request
    }

    fn parse(&self, reply: &Response<Bytes>) -> Result<Uploaded, Error> {
        Uploaded::read(reply)
    }
}

impl fmt::Debug for DirectUpload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DirectUpload")
            .field("target", &self.target)
            .field("content_type", &self.content_type)
            .field("bytes", &self.media.len())
            .finish()
    }
}
