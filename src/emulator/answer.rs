//! Answers with the status, headers and bodies that Google's had.

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};

use crate::{gdata::Feed, wire::html::escape};

/// An answer, and what the journal says about it.
pub(super) struct Answer {
    /// Boxed, because an answer is also what a check fails with.
    pub(super) response: Box<http::Response<Bytes>>,
    pub(super) reason: Option<String>,
}

impl Answer {
    fn new(status: StatusCode, kind: &'static str, body: impl Into<Bytes>) -> Self {
        let mut response = Box::new(http::Response::new(body.into()));
        *response.status_mut() = status;
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        Self {
            response,
            reason: None,
        }
    }

    /// A body of lines, as the token calls answer (legacy-protocol.md 3.2 for the headers).
    pub(super) fn lines(body: String) -> Self {
        Self::new(StatusCode::OK, "text/plain", body)
            .with(header::CACHE_CONTROL, "no-cache, no-store")
            .with(header::PRAGMA, "no-cache")
            .with(header::EXPIRES, "Mon, 01-Jan-1990 00:00:00 GMT")
            .guarded()
    }

    /// 200 without a body.
    pub(super) fn empty() -> Self {
        Self::lines(String::new())
    }

    /// A page for a person.
    pub(super) fn page(status: StatusCode, html: String) -> Self {
        Self::new(status, "text/html; charset=UTF-8", html)
            .with(header::CACHE_CONTROL, "no-store")
            .with(header::REFERRER_POLICY, "no-referrer")
            .with(
                header::CONTENT_SECURITY_POLICY,
                "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
            )
            .guarded()
    }

    /// An Atom feed or entry of a gdata service (headers of legacy-protocol.md 2.3).
    pub(super) fn atom(status: StatusCode, kind: &'static str, xml: String) -> Self {
        Self::new(status, kind, xml)
            .with(
                header::CACHE_CONTROL,
                "private, max-age=0, must-revalidate, no-transform",
            )
            .with(header::VARY, "Accept, X-GData-Authorization, GData-Version")
            .guarded()
    }

    /// A feed, with the version that the service echoes.
    pub(super) fn feed(feed: &Feed<'_>, version: &str) -> Self {
        match feed.to_xml() {
            Ok(xml) => {
                let kind = "application/atom+xml; charset=UTF-8; type=feed";
                Self::atom(StatusCode::OK, kind, xml).with("gdata-version", version)
            }
            Err(cause) => Self::refusal(StatusCode::INTERNAL_SERVER_ERROR, "Internal Error")
                .because(cause.to_string()),
        }
    }

    /// A gdata error document (legacy-protocol.md 2.5).
    pub(super) fn errors(status: StatusCode, xml: String) -> Self {
        Self::new(status, "application/vnd.google.gdata.error+xml", xml).guarded()
    }

    /// A line of plain text.
    pub(super) fn text(status: StatusCode, line: &str) -> Self {
        Self::new(status, "text/plain; charset=UTF-8", format!("{line}\n")).guarded()
    }

    /// Plain text, as it is.
    pub(super) fn text_bytes(body: Bytes) -> Self {
        Self::new(StatusCode::OK, "text/plain; charset=UTF-8", body).guarded()
    }

    /// Text of a token call, byte for byte.
    pub(super) fn plain(status: StatusCode, text: &str) -> Self {
        Self::new(status, "text/plain", text.to_owned()).guarded()
    }

    /// A form-encoded answer of OAuth 1.0, without a line feed at its end (legacy-protocol.md 4).
    pub(super) fn form(body: String) -> Self {
        Self::new(StatusCode::OK, "text/plain; charset=UTF-8", body)
            .with(header::CACHE_CONTROL, "private, max-age=0")
            .guarded()
    }

    /// A JSON value.
    pub(super) fn json(status: StatusCode, value: &serde_json::Value) -> Self {
        Self::new(
            status,
            "application/json; charset=UTF-8",
            format!("{value:#}\n"),
        )
        .guarded()
    }

    /// 204, for a JSON API's call that has nothing to tell.
    pub(super) fn no_content() -> Self {
        let mut answer = Self::new(StatusCode::NO_CONTENT, "text/plain", "").guarded();
        answer.response.headers_mut().remove(header::CONTENT_TYPE);
        answer
    }

    /// A picture in SVG.
    pub(super) fn picture(svg: String) -> Self {
        Self::new(StatusCode::OK, "image/svg+xml", svg)
            .with(header::CACHE_CONTROL, "no-store")
            .guarded()
    }

    /// The same with another status.
    pub(super) fn with_status(mut self, status: StatusCode) -> Self {
        *self.response.status_mut() = status;
        self
    }

    /// The HTML skeleton in which Google's front end put its refusals; 199 bytes for the text of an
    /// invalid token (legacy-protocol.md 1.8). What is echoed is escaped.
    pub(super) fn refusal(status: StatusCode, message: &str) -> Self {
        let message = escape(message);
        let code = status.as_u16();
        let body = format!(
            "<HTML>\n<HEAD>\n<TITLE>{message}</TITLE>\n</HEAD>\n\
             <BODY BGCOLOR=\"#FFFFFF\" TEXT=\"#000000\">\n\
             <H1>{message}</H1>\n<H2>Error {code}</H2>\n</BODY>\n</HTML>\n"
        );
        Self::new(status, "text/html; charset=UTF-8", body)
            .with(header::CACHE_CONTROL, "private, max-age=0")
            .guarded()
    }

    /// A redirect in the same skeleton (legacy-protocol.md 2.6).
    pub(super) fn moved(location: &str) -> Self {
        let shown = escape(location);
        let body = format!(
            "<HTML>\n<HEAD>\n<TITLE>Moved Temporarily</TITLE>\n</HEAD>\n\
             <BODY BGCOLOR=\"#FFFFFF\" TEXT=\"#000000\">\n<H1>Moved Temporarily</H1>\n\
             The document has moved <A HREF=\"{shown}\">here</A>.\n</BODY>\n</HTML>\n"
        );
        Self::new(StatusCode::FOUND, "text/html; charset=UTF-8", body)
            .with(header::LOCATION, location)
            .with(header::CACHE_CONTROL, "private, max-age=0")
            .with(header::REFERRER_POLICY, "no-referrer")
            .guarded()
    }

    /// Adds a header; a value that no header can carry is left out.
    pub(super) fn with(mut self, name: impl header::IntoHeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.response.headers_mut().append(name, value);
        }
        self
    }

    /// Says why, in the journal.
    pub(super) fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// The headers that every answer of Google's front end had.
    fn guarded(self) -> Self {
        self.with(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
            .with(header::X_FRAME_OPTIONS, "SAMEORIGIN")
            .with(header::X_XSS_PROTECTION, "1; mode=block")
            .with(header::SERVER, "GSE")
    }
}
