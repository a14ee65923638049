//! An entry as it stands in a file, not yet understood: texts are slices.
//!
//! Members that HAR derives from others (`cookies`, `queryString`, `headersSize`, `redirectURL`) are passed over.

use bytes::Bytes;
use serde_json::{Map, Value};

use super::super::json::{Lost, Scanner, Shape, Text, Torn};
use crate::cassette::{Headers, Limits};

/// What an entry says.
#[derive(Debug, Default)]
pub(super) struct Draft<'f> {
    pub(super) started: Option<Text<'f>>,
    pub(super) time: Option<&'f str>,
    pub(super) request: Option<Side<'f>>,
    pub(super) response: Option<Side<'f>>,
    /// `_gdataAuth`.
    pub(super) marks: Option<Value>,
    /// What no field here stands for.
    pub(super) extra: Map<String, Value>,
    /// The first thing that makes the entry useless.
    pub(super) lost: Option<Lost>,
    /// Fields that were something else than expected, and are not needed.
    pub(super) odd: Vec<Lost>,
}

/// A request or an answer.
#[derive(Debug, Default)]
pub(super) struct Side<'f> {
    pub(super) method: Option<Text<'f>>,
    pub(super) url: Option<Text<'f>>,
    /// Null and -1 stand for 0, which is no answer.
    pub(super) status: Option<i64>,
    pub(super) reason: Option<Text<'f>>,
    pub(super) version: Option<Text<'f>>,
    pub(super) headers: Headers,
    pub(super) content: Content<'f>,
    /// `_error` of Chrome and mitmproxy, `_failureText` of Playwright.
    pub(super) error: Option<Text<'f>>,
}

/// `postData` or `content`.
#[derive(Debug, Default)]
pub(super) struct Content<'f> {
    pub(super) text: Option<Text<'f>>,
    pub(super) mime: Option<Text<'f>>,
    pub(super) encoding: Option<Text<'f>>,
    /// A file that holds it.
    pub(super) file: Option<Text<'f>>,
    pub(super) size: Option<u64>,
    pub(super) params: Vec<Param<'f>>,
}

/// A posted parameter.
#[derive(Debug, Default)]
pub(super) struct Param<'f> {
    pub(super) name: Option<Text<'f>>,
    pub(super) value: Option<Text<'f>>,
    pub(super) file_name: Option<Text<'f>>,
    pub(super) content_type: Option<Text<'f>>,
}

/// Where in an entry a member stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Request,
    Response,
}

/// The file, its bounds, and whether it is of our own form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground<'s> {
    pub(super) file: &'s Bytes,
    pub(super) limits: &'s Limits,
    pub(super) is_own: bool,
    /// Whether Polly wrote it.
    pub(super) is_polly: bool,
}

impl<'f> Draft<'f> {
    pub(super) fn scan(scan: &mut Scanner<'f>, ground: Ground<'_>) -> Result<Self, Torn> {
        let mut draft = Self::default();
        if scan.shape()? != Shape::Object {
            draft.wrong("", "an object", scan.shape()?);
            scan.skip()?;
            return Ok(draft);
        }
        scan.object(|scan, name| match name.as_bytes() {
            b"startedDateTime" => {
                draft.optional(scan, "startedDateTime", |draft| &mut draft.started)
            }
            b"time" => {
                let shape = scan.shape()?;
                if shape == Shape::Number {
                    draft.time = Some(scan.number()?);
                    return Ok(());
                }
                draft.odd("time", "a number", shape);
                scan.skip()
            }
            b"request" => {
                draft.request = draft.side(scan, ground, Half::Request)?;
                Ok(())
            }
            b"response" => {
                draft.response = draft.side(scan, ground, Half::Response)?;
                Ok(())
            }
            b"cache" => scan.skip(),
            b"timings" if ground.is_own => scan.skip(),
            b"_gdataAuth" => {
                draft.marks = Some(scan.value()?);
                Ok(())
            }
            _ => draft.extra(scan, "", &name),
        })?;
        Ok(draft)
    }

    fn side(
        &mut self,
        scan: &mut Scanner<'f>,
        ground: Ground<'_>,
        half: Half,
    ) -> Result<Option<Side<'f>>, Torn> {
        let shape = scan.shape()?;
        if shape != Shape::Object {
            self.wrong(half.name(), "an object", shape);
            scan.skip()?;
            return Ok(None);
        }
        let mut side = Side::default();
        scan.object(|scan, name| match (half, name.as_bytes()) {
            (Half::Request, b"method") => {
                side.method = self.needed(scan, "request.method")?;
                Ok(())
            }
            (Half::Request, b"url") => {
                side.url = self.needed(scan, "request.url")?;
                Ok(())
            }
            (Half::Response, b"status") => {
                side.status = self.status(scan)?;
                Ok(())
            }
            (Half::Response, b"statusText") => {
                side.reason = self.text(scan, "response.statusText")?;
                Ok(())
            }
            (Half::Response, b"_error" | b"_failureText") => {
                side.error = self.text(scan, "response._error")?.or(side.error.take());
                Ok(())
            }
            (_, b"httpVersion") => {
                side.version = self.text(
                    scan,
                    half.place("request.httpVersion", "response.httpVersion"),
                )?;
                Ok(())
            }
            (_, b"headers") => self.headers(scan, ground, half, &mut side.headers),
            (Half::Request, b"postData") | (Half::Response, b"content") => {
                side.content = self.content(scan, half)?;
                Ok(())
            }
            (Half::Request, b"queryString" | b"cookies" | b"headersSize" | b"bodySize")
            | (Half::Response, b"cookies" | b"redirectURL" | b"headersSize" | b"bodySize") => {
                scan.skip()
            }
            _ => self.extra(scan, half.place("request.", "response."), &name),
        })?;
        Ok(Some(side))
    }

    fn headers(
        &mut self,
        scan: &mut Scanner<'f>,
        ground: Ground<'_>,
        half: Half,
        headers: &mut Headers,
    ) -> Result<(), Torn> {
        let field = half.place("request.headers", "response.headers");
        let shape = scan.shape()?;
        if shape != Shape::Array {
            self.wrong(field, "an array", shape);
            return scan.skip();
        }
        scan.array(|scan, _| {
            let shape = scan.shape()?;
            if shape != Shape::Object {
                self.wrong(field, "an object for each header", shape);
                return scan.skip();
            }
            let mut name = None;
            let mut first = None;
            let mut further = Vec::new();
            scan.object(|scan, member| match member.as_bytes() {
                b"name" => {
                    name = self.needed(
                        scan,
                        half.place("request.headers.name", "response.headers.name"),
                    )?;
                    Ok(())
                }
                b"value" => {
                    let field = half.place("request.headers.value", "response.headers.value");
                    match scan.shape()? {
                        // Polly 1 keeps all values of a name in one list.
                        Shape::Array => scan.array(|scan, index| {
                            let value = self.needed(scan, field)?;
                            if index == 0 {
                                first = value;
                            } else {
                                further.extend(value);
                            }
                            Ok(())
                        }),
                        Shape::Null => scan.skip(),
                        _ => {
                            first = self.needed(scan, field)?;
                            Ok(())
                        }
                    }
                }
                _ => scan.skip(),
            })?;
            let Some(name) = name else {
                self.lose(field, "expected a name for each header, got none");
                return Ok(());
            };
            let name = name.into_bytes(ground.file);
            let first = first.map(|value| value.into_bytes(ground.file));
            headers.push(name.clone(), first.unwrap_or_default());
            for value in further {
                headers.push(name.clone(), value.into_bytes(ground.file));
            }
            if headers.len() > ground.limits.headers {
                self.lose(
                    field,
                    format!(
                        "expected at most {} headers, got more",
                        ground.limits.headers
                    ),
                );
                *headers = Headers::default();
            }
            Ok(())
        })
    }

    fn content(&mut self, scan: &mut Scanner<'f>, half: Half) -> Result<Content<'f>, Torn> {
        let mut content = Content::default();
        let field = half.place("request.postData", "response.content");
        let shape = scan.shape()?;
        if shape != Shape::Object {
            if shape != Shape::Null {
                self.wrong(field, "an object", shape);
            }
            scan.skip()?;
            return Ok(content);
        }
        scan.object(|scan, name| {
            let slot = match name.as_bytes() {
                b"text" => {
                    content.text = self.needed(
                        scan,
                        half.place("request.postData.text", "response.content.text"),
                    )?;
                    return Ok(());
                }
                b"size" => {
                    let shape = scan.shape()?;
                    if shape == Shape::Number {
                        content.size = scan.number()?.parse().ok();
                        return Ok(());
                    }
                    self.odd(
                        half.place("request.postData.size", "response.content.size"),
                        "a number",
                        shape,
                    );
                    return scan.skip();
                }
                b"params" if half == Half::Request => {
                    return self.params(scan, &mut content.params);
                }
                b"compression" => return scan.skip(),
                b"mimeType" => &mut content.mime,
                b"encoding" => &mut content.encoding,
                b"_file" => &mut content.file,
                _ => {
                    return self.extra(
                        scan,
                        half.place("request.postData.", "response.content."),
                        &name,
                    );
                }
            };
            *slot = self.text(scan, field)?;
            Ok(())
        })?;
        Ok(content)
    }

    fn params(&mut self, scan: &mut Scanner<'f>, params: &mut Vec<Param<'f>>) -> Result<(), Torn> {
        const FIELD: &str = "request.postData.params";
        let shape = scan.shape()?;
        if shape != Shape::Array {
            self.odd(FIELD, "an array", shape);
            return scan.skip();
        }
        scan.array(|scan, _| {
            let shape = scan.shape()?;
            if shape != Shape::Object {
                self.wrong(FIELD, "an object for each parameter", shape);
                return scan.skip();
            }
            let mut param = Param::default();
            scan.object(|scan, name| {
                let slot = match name.as_bytes() {
                    b"name" => &mut param.name,
                    b"value" => &mut param.value,
                    b"fileName" => &mut param.file_name,
                    b"contentType" => &mut param.content_type,
                    _ => return scan.skip(),
                };
                *slot = self.text(scan, FIELD)?;
                Ok(())
            })?;
            params.push(param);
            Ok(())
        })
    }

    fn status(&mut self, scan: &mut Scanner<'f>) -> Result<Option<i64>, Torn> {
        const FIELD: &str = "response.status";
        match scan.shape()? {
            // Firefox has no number for a request that it blocked.
            Shape::Null => scan.skip().map(|()| Some(0)),
            Shape::Number => match scan.number()?.parse::<i64>() {
                Ok(status) => Ok(Some(status)),
                Err(_) => {
                    self.lose(FIELD, "expected a whole number, got another");
                    Ok(None)
                }
            },
            shape => {
                self.wrong(FIELD, "a number", shape);
                scan.skip().map(|()| None)
            }
        }
    }

    /// A text without which the entry is useless.
    fn needed(
        &mut self,
        scan: &mut Scanner<'f>,
        field: &'static str,
    ) -> Result<Option<Text<'f>>, Torn> {
        match scan.shape()? {
            Shape::Text => scan.text().map(Some),
            shape => {
                self.wrong(field, "a text", shape);
                scan.skip().map(|()| None)
            }
        }
    }

    /// A text that may be missing.
    fn text(
        &mut self,
        scan: &mut Scanner<'f>,
        field: &'static str,
    ) -> Result<Option<Text<'f>>, Torn> {
        match scan.shape()? {
            Shape::Text => scan.text().map(Some),
            shape => {
                if shape != Shape::Null {
                    self.odd(field, "a text", shape);
                }
                scan.skip().map(|()| None)
            }
        }
    }

    fn optional(
        &mut self,
        scan: &mut Scanner<'f>,
        field: &'static str,
        slot: impl Fn(&mut Self) -> &mut Option<Text<'f>>,
    ) -> Result<(), Torn> {
        let text = self.text(scan, field)?;
        *slot(self) = text;
        Ok(())
    }

    fn extra(&mut self, scan: &mut Scanner<'f>, above: &str, name: &Text<'f>) -> Result<(), Torn> {
        let name = format!("{above}{}", name.to_str());
        let value = scan.value()?;
        self.extra.insert(name, value);
        Ok(())
    }

    fn wrong(&mut self, field: &'static str, expected: &str, got: Shape) {
        self.lose(field, format!("expected {expected}, got {}", got.name()));
    }

    fn odd(&mut self, field: &'static str, expected: &str, got: Shape) {
        if got != Shape::Null {
            self.odd.push(Lost::new(
                field,
                format!("expected {expected}, got {}", got.name()),
            ));
        }
    }

    fn lose(&mut self, field: &'static str, message: impl Into<String>) {
        if self.lost.is_none() {
            self.lost = Some(Lost::new(field, message));
        }
    }
}

impl Half {
    fn name(self) -> &'static str {
        self.place("request", "response")
    }

    fn place(self, request: &'static str, response: &'static str) -> &'static str {
        match self {
            Self::Request => request,
            Self::Response => response,
        }
    }
}
