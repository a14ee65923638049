//! Browser-based upload: the site sends the entry, its visitor's browser sends the media.
//!
//! ```text
//! site      POST /action/GetUploadToken, entry            <response><url>…</url><token>…</token></response>
//! site      prints a form                                 action=<url>?nexturl=…, token, file
//! browser   POST <url>?nexturl=…, multipart/form-data     302 nexturl?status=200&id=…
//! site      reads BrowserReply                            or nexturl?status=403&code=…
//! ```
//!
//! Laws: an [`UploadToken`] and a [`BrowserReply`] read what they print.
//!
//! # Source
//! legacy-protocol.md 2.4. The root name of the reply is not known for sure, so any is read.

use std::fmt;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, Uri};

use super::{
    target::{ENTRY, absolute, fill},
    uploaded::unexpected,
};
use crate::{
    error::Error,
    exchange::Exchange,
    gdata::{
        Element, Entry,
        xml::{self, Limits},
    },
    secret::Secret,
    wire::{percent, query::Pairs},
};

/// Asks for a token with which a browser may upload.
///
/// # Examples
/// ```
/// use gdata_auth::{Exchange, gdata::{Entry, atom, upload::GetUploadToken}};
///
/// let exchange = GetUploadToken::new(&Entry::new().with(atom::title("Tides")))?;
/// let request = exchange.request();
/// assert_eq!(request.uri(), "https://gdata.youtube.com/action/GetUploadToken");
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetUploadToken {
    address: Uri,
    entry: Bytes,
}

impl GetUploadToken {
    /// YouTube's endpoint.
    pub const ADDRESS: &str = "https://gdata.youtube.com/action/GetUploadToken";

    /// For a video that `entry` describes, at YouTube.
    ///
    /// # Errors
    /// As [`Entry::to_xml`].
    pub fn new(entry: &Entry<'_>) -> Result<Self, Error> {
        Self::at(Self::ADDRESS, entry)
    }

    /// At another address: AuthSub tokens for `http://gdata.youtube.com` cover only the plain one.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when the address is not absolute `http` or `https`, and as
    /// [`Entry::to_xml`].
    pub fn at(address: &str, entry: &Entry<'_>) -> Result<Self, Error> {
        Ok(Self {
            address: absolute(address)?,
            entry: Bytes::from(entry.to_xml()?),
        })
    }
}

impl Exchange for GetUploadToken {
    type Output = UploadToken;

    fn request(&self) -> Request<Bytes> {
        let mut request = Request::new(Bytes::new());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.address.clone();
        fill(&mut request, ENTRY, self.entry.clone());
        request
    }

    fn parse(&self, reply: &Response<Bytes>) -> Result<UploadToken, Error> {
        match reply.status() {
            StatusCode::OK | StatusCode::CREATED => UploadToken::parse(reply.body()),
            _ => Err(unexpected(reply, "200")),
        }
    }
}

/// Where a browser may upload, and with what.
///
/// # Security
/// Both parts are capabilities; `Debug` shows neither.
#[derive(Clone, PartialEq, Eq)]
pub struct UploadToken {
    url: Secret,
    token: Secret,
}

impl UploadToken {
    const LIMITS: Limits = Limits {
        what: "upload token",
        bytes: 64 * 1024,
        depth: 8,
        nodes: 100,
    };

    /// What a server answers.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when the address is not absolute `http` or `https`, or the token
    /// is empty or not printable ASCII.
    pub fn new(url: impl Into<String>, token: impl Into<Secret>) -> Result<Self, Error> {
        let (url, token) = (url.into(), token.into());
        absolute(&url)?;
        let plain = |byte: u8| byte.is_ascii_graphic();
        if token.expose().is_empty() || !token.expose().bytes().all(plain) {
            return Err(Error::input(
                "token",
                "expected printable ASCII without spaces, got none or other bytes",
            ));
        }
        Ok(Self {
            url: Secret::new(url),
            token,
        })
    }

    /// Reads the reply: `url` and `token` of any namespace below a root of any name.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) when the document is no well-formed XML, too large, one of the
    /// two is missing, or `url` is not absolute `http` or `https`, which a form must not be sent to.
    pub fn parse(document: &[u8]) -> Result<Self, Error> {
        let root = xml::read(document, &Self::LIMITS)?;
        let text = |name: &str| {
            let child = root.children().find(|child| child.name() == name);
            let text = child.map(|child| child.text().trim().to_owned());
            text.filter(|text| !text.is_empty())
                .ok_or_else(|| Error::reply(name, "expected the element with a text, got none"))
        };
        let (url, token) = (text("url")?, text("token")?);
        Self::new(url, token).map_err(|cause| {
            Error::reply(
                "upload token",
                "expected an http or https address and a printable token",
            )
            .caused_by(cause)
        })
    }

    /// The reply. Law: [`parse`](Self::parse) of it gives an equal token.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when it is longer than what is read.
    pub fn to_xml(&self) -> Result<String, Error> {
        let child = |name: &'static str, text: &Secret| {
            Element::new("", name).with_text(text.expose().to_owned())
        };
        let root = Element::new("", "response")
            .with(child("url", &self.url))
            .with(child("token", &self.token));
        xml::print(&root, &[], &Self::LIMITS)
    }

    /// Where the form goes, without `nexturl`.
    #[must_use]
    pub fn url(&self) -> &Secret {
        &self.url
    }

    /// The hidden field.
    #[must_use]
    pub fn token(&self) -> &Secret {
        &self.token
    }

    /// The form for a visitor, who comes back to `next` afterwards.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when `next` is not absolute `http` or `https`.
    pub fn form(&self, next: &str) -> Result<UploadForm, Error> {
        absolute(next).map_err(|cause| {
            Error::input("nexturl", "expected an absolute http or https address").caused_by(cause)
        })?;
        let url = self.url.expose();
        let separator = if url.contains('?') { '&' } else { '?' };
        Ok(UploadForm {
            action: Secret::new(format!("{url}{separator}nexturl={}", percent::encode(next))),
            token: self.token.clone(),
        })
    }
}

impl fmt::Debug for UploadToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UploadToken")
    }
}

/// What the page for a visitor needs: `method=post`, [`ENCTYPE`](Self::ENCTYPE), an action and two fields.
///
/// # Examples
/// ```
/// use gdata_auth::gdata::upload::UploadToken;
///
/// let token = UploadToken::new("http://uploads.gdata.youtube.com/action/FormDataUpload/A1", "T0k")?;
/// assert_eq!(
///     token.form("http://www.example.com/done?lang=en")?.to_html(),
///     "<form method=\"post\" enctype=\"multipart/form-data\" \
///      action=\"http://uploads.gdata.youtube.com/action/FormDataUpload/A1\
///      ?nexturl=http%3A%2F%2Fwww.example.com%2Fdone%3Flang%3Den\">\n\
///      <input type=\"hidden\" name=\"token\" value=\"T0k\">\n\
///      <input type=\"file\" name=\"file\" required>\n\
///      <button type=\"submit\">Upload</button>\n</form>\n"
/// );
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadForm {
    action: Secret,
    token: Secret,
}

impl UploadForm {
    /// How the browser encodes the form.
    pub const ENCTYPE: &str = "multipart/form-data";
    /// The hidden field with the token.
    pub const TOKEN: &str = "token";
    /// The field with the file.
    pub const FILE: &str = "file";

    /// Where the form goes.
    #[must_use]
    pub fn action(&self) -> &Secret {
        &self.action
    }

    /// The value of the hidden field.
    #[must_use]
    pub fn token(&self) -> &Secret {
        &self.token
    }

    /// The form in plain HTML, everything in it escaped.
    #[must_use]
    pub fn to_html(&self) -> String {
        format!(
            "<form method=\"post\" enctype=\"{}\" action=\"{}\">\n\
             <input type=\"hidden\" name=\"{}\" value=\"{}\">\n\
             <input type=\"file\" name=\"{}\" required>\n\
             <button type=\"submit\">Upload</button>\n</form>\n",
            Self::ENCTYPE,
            escaped(self.action.expose()),
            Self::TOKEN,
            escaped(self.token.expose()),
            Self::FILE,
        )
    }
}

/// With what the visitor comes back to `nexturl`.
///
/// # Security
/// It comes through the visitor's browser, so anybody can make one up: ask for the video before you
/// believe it.
///
/// # Examples
/// ```
/// use gdata_auth::gdata::upload::BrowserReply;
///
/// let reply = BrowserReply::parse("http://www.example.com/done?lang=en&status=200&id=Tides_00001")?;
/// assert_eq!(reply, BrowserReply::Uploaded { id: "Tides_00001".to_owned() });
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BrowserReply {
    /// The video is there, or being processed.
    Uploaded {
        /// Its id.
        id: String,
    },
    /// It is not.
    Failed {
        /// The status, like one of HTTP.
        status: u16,
        /// What is wrong, in YouTube's words.
        code: Option<String>,
    },
}

impl BrowserReply {
    /// Reads the address that the visitor came to, or its query alone with a `?` before it.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) when `status` is missing, no number or there twice, or says 200
    /// without an `id`.
    pub fn parse(address: &str) -> Result<Self, Error> {
        let address = address.split('#').next().unwrap_or_default();
        let query = address.split_once('?').map_or("", |(_, query)| query);
        let pairs = Pairs::parse(query)?;
        let status = pairs.only("status")?.ok_or_else(|| {
            Error::reply(
                "status",
                "expected the parameter, got none; nexturl was not reached from an upload",
            )
        })?;
        let digits = status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit());
        let status: u16 = status.parse().ok().filter(|_| digits).ok_or_else(|| {
            Error::reply(
                "status",
                "expected a number of three digits, got another text",
            )
        })?;
        let some = |name: &str| -> Result<Option<String>, Error> {
            let value = pairs.only(name)?.filter(|value| !value.is_empty());
            Ok(value.map(str::to_owned))
        };
        if status != 200 {
            let code = some("code")?;
            return Ok(Self::Failed { status, code });
        }
        let id = some("id")?
            .ok_or_else(|| Error::reply("id", "expected the id of the video, got none"))?;
        Ok(Self::Uploaded { id })
    }

    /// Where the visitor is sent. Law: [`parse`](Self::parse) of it gives the same reply, unless `next` has
    /// such parameters of its own.
    #[must_use]
    pub fn redirect(&self, next: &str) -> String {
        let mut pairs = Pairs::new();
        match self {
            Self::Uploaded { id } => {
                pairs.push("status", "200");
                pairs.push("id", id.as_str());
            }
            Self::Failed { status, code } => {
                pairs.push("status", format!("{status:03}"));
                if let Some(code) = code {
                    pairs.push("code", code.as_str());
                }
            }
        }
        let next = next.split('#').next().unwrap_or_default();
        let separator = if next.contains('?') { '&' } else { '?' };
        format!("{next}{separator}{pairs}")
    }
}

/// A text inside a double-quoted attribute of HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
