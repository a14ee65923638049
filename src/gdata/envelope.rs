//! The headers that a gdata request carries beside its authorisation, printed and read.
//!
//! ```text
//! GData-Version: 2
//! X-GData-Key: key=<developer key>           YouTube; the literal key= is part of the value
//! X-GData-Client: <client id>                YouTube until 2010
//! X-HTTP-Method-Override: DELETE             over POST, where something between swallows DELETE
//! ```
//!
//! It refuses to know `Authorization`. Law: what [`Envelope::apply`] prints, [`Envelope::read`] reads back.
//!
//! # Source
//! legacy-protocol.md 2.1.

use http::{HeaderMap, HeaderName, HeaderValue, Method, header, request::Parts};

use crate::{error::Error, secret::Secret};

/// `GData-Version`.
pub const GDATA_VERSION: HeaderName = HeaderName::from_static("gdata-version");
/// `X-GData-Key`.
pub const X_GDATA_KEY: HeaderName = HeaderName::from_static("x-gdata-key");
/// `X-GData-Client`.
pub const X_GDATA_CLIENT: HeaderName = HeaderName::from_static("x-gdata-client");
/// `X-HTTP-Method-Override`.
pub const X_HTTP_METHOD_OVERRIDE: HeaderName = HeaderName::from_static("x-http-method-override");

/// The methods that travel as POST.
pub const OVERRIDABLE: [Method; 3] = [Method::PUT, Method::PATCH, Method::DELETE];

/// The envelope of a gdata request. Of a reply, which echoes its version, it can be read as well.
///
/// # Examples
/// ```
/// use gdata_auth::gdata::Envelope;
///
/// let envelope = Envelope::new().with_version("2")?.with_developer_key("AI39example")?;
/// let (mut parts, ()) = http::Request::new(()).into_parts();
/// envelope.apply(&mut parts);
///
/// assert_eq!(parts.headers["x-gdata-key"], "key=AI39example");
/// assert_eq!(Envelope::read(&parts.headers)?, envelope);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    version: Option<String>,
    developer_key: Option<Secret>,
    client: Option<String>,
    method_override: Option<Method>,
}

impl Envelope {
    /// The most bytes of any of the values.
    pub const MAX_BYTES: usize = 1_024;

    /// An envelope without headers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for a version of the protocol: `1`, `2`, `2.0`, `3`, `3.0`.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when it is not a number, or two with a dot between.
    pub fn with_version(mut self, version: impl Into<String>) -> Result<Self, Error> {
        let version = version.into();
        check_version(&version).map_err(|problem| Error::input("gdata-version", problem))?;
        self.version = Some(version);
        Ok(self)
    }

    /// Names the developer; [`apply`](Self::apply) puts `key=` before it.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when it is empty, longer than [`MAX_BYTES`](Self::MAX_BYTES) or
    /// not printable ASCII without spaces and quotes.
    pub fn with_developer_key(mut self, key: impl Into<Secret>) -> Result<Self, Error> {
        let key = key.into();
        check_key(key.expose()).map_err(|problem| Error::input("x-gdata-key", problem))?;
        self.developer_key = Some(key);
        Ok(self)
    }

    /// Names the client program.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when it is empty, longer than [`MAX_BYTES`](Self::MAX_BYTES),
    /// not printable ASCII, or has a space at an end.
    pub fn with_client(mut self, client: impl Into<String>) -> Result<Self, Error> {
        let client = client.into();
        check_client(&client).map_err(|problem| Error::input("x-gdata-client", problem))?;
        self.client = Some(client);
        Ok(self)
    }

    /// Sends the request as POST, with the method that is meant in a header.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when it is none of [`OVERRIDABLE`].
    pub fn with_method_override(mut self, method: Method) -> Result<Self, Error> {
        if !OVERRIDABLE.contains(&method) {
            return Err(Error::input("x-http-method-override", METHODS));
        }
        self.method_override = Some(method);
        Ok(self)
    }

    /// The version, as written.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// The developer key, without `key=`.
    #[must_use]
    pub fn developer_key(&self) -> Option<&Secret> {
        self.developer_key.as_ref()
    }

    /// The client program.
    #[must_use]
    pub fn client(&self) -> Option<&str> {
        self.client.as_deref()
    }

    /// The method that is meant.
    #[must_use]
    pub fn method_override(&self) -> Option<&Method> {
        self.method_override.as_ref()
    }

    /// Writes the headers into a request, in place of what was there; an override makes it a POST.
    ///
    /// The developer key is marked sensitive, so `Debug` of the headers does not show it.
    pub fn apply(&self, parts: &mut Parts) {
        let headers = &mut parts.headers;
        if let Some(version) = &self.version {
            insert(headers, GDATA_VERSION, version, false);
        }
        if let Some(key) = &self.developer_key {
            insert(headers, X_GDATA_KEY, &format!("key={}", key.expose()), true);
        }
        if let Some(client) = &self.client {
            insert(headers, X_GDATA_CLIENT, client, false);
        }
        if let Some(method) = &self.method_override {
            send_as_post(parts, method);
        }
    }

    /// Reads the headers of a request, or of a reply. Headers that are not there stay unset.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply), naming the header, when it stands there twice or holds what the
    /// setter would refuse; for `X-GData-Key` also when `key=` is missing, which no known client leaves out.
    pub fn read(headers: &HeaderMap) -> Result<Self, Error> {
        let mut envelope = Self::new();
        if let Some(version) = only(headers, &GDATA_VERSION)? {
            check_version(version).map_err(|problem| Error::reply("gdata-version", problem))?;
            envelope.version = Some(version.to_owned());
        }
        if let Some(value) = only(headers, &X_GDATA_KEY)? {
            let key = value.strip_prefix("key=").ok_or_else(|| {
                Error::reply("x-gdata-key", "expected key=<developer key>, got no key=")
            })?;
            check_key(key).map_err(|problem| Error::reply("x-gdata-key", problem))?;
            envelope.developer_key = Some(Secret::new(key));
        }
        if let Some(client) = only(headers, &X_GDATA_CLIENT)? {
            check_client(client).map_err(|problem| Error::reply("x-gdata-client", problem))?;
            envelope.client = Some(client.to_owned());
        }
        if let Some(name) = only(headers, &X_HTTP_METHOD_OVERRIDE)? {
            let method = OVERRIDABLE
                .into_iter()
                .find(|method| method.as_str() == name);
            let method = method.ok_or_else(|| Error::reply("x-http-method-override", METHODS))?;
            envelope.method_override = Some(method);
        }
        Ok(envelope)
    }
}

/// Turns PUT, PATCH and DELETE into POST with `X-HTTP-Method-Override`; leaves other methods alone.
///
/// DELETE gains `Content-Length: 0`, as the Java client sends it. Sign afterwards: what is signed is the
/// method really sent (legacy-protocol.md 1.9).
///
/// # Examples
/// ```
/// let (mut parts, ()) = http::Request::delete("https://gdata.youtube.com/feeds/api/x").body(())?.into_parts();
/// gdata_auth::gdata::override_method(&mut parts);
/// assert_eq!(parts.method, "POST");
/// assert_eq!(parts.headers["x-http-method-override"], "DELETE");
/// assert_eq!(parts.headers["content-length"], "0");
/// # Ok::<(), http::Error>(())
/// ```
pub fn override_method(parts: &mut Parts) {
    let method = parts.method.clone();
    if OVERRIDABLE.contains(&method) {
        send_as_post(parts, &method);
    }
}

/// The method that a request means: that of `X-HTTP-Method-Override` on a POST, else its own.
///
/// # Errors
/// [`Kind::Reply`](crate::Kind::Reply) as [`Envelope::read`] on that header.
pub fn meant_method(parts: &Parts) -> Result<Method, Error> {
    if parts.method != Method::POST {
        return Ok(parts.method.clone());
    }
    let envelope = Envelope::read(&parts.headers)?;
    Ok(envelope.method_override.unwrap_or(Method::POST))
}

fn send_as_post(parts: &mut Parts, method: &Method) {
    insert(
        &mut parts.headers,
        X_HTTP_METHOD_OVERRIDE,
        method.as_str(),
        false,
    );
    parts.method = Method::POST;
    if method == Method::DELETE {
        insert(&mut parts.headers, header::CONTENT_LENGTH, "0", false);
    }
}

/// Sets a header whose value a setter has checked.
fn insert(headers: &mut HeaderMap, name: HeaderName, text: &str, sensitive: bool) {
    if let Ok(mut value) = HeaderValue::from_str(text) {
        value.set_sensitive(sensitive);
        headers.insert(name, value);
    }
}

/// The only value of a header.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<&'h str>, Error> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(Error::reply(
            name.as_str(),
            "expected the header once, got it twice",
        ));
    }
    let text = value
        .to_str()
        .map_err(|_| Error::reply(name.as_str(), "expected printable ASCII, got other bytes"))?;
    Ok(Some(text.trim()))
}

fn check_version(version: &str) -> Result<(), &'static str> {
    let number = |part: &str| part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = version.split('.').collect();
    let fits = parts.len() <= 2 && parts.iter().all(|part| !part.is_empty() && number(part));
    fits.then_some(())
        .ok_or("expected a version like 2 or 3.0, got another text")
}

fn check_key(key: &str) -> Result<(), &'static str> {
    let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\'';
    let fits = (1..=Envelope::MAX_BYTES).contains(&key.len()) && key.bytes().all(plain);
    fits.then_some(()).ok_or(
        "expected printable ASCII without spaces and quotes, got none, too much or other bytes",
    )
}

fn check_client(client: &str) -> Result<(), &'static str> {
    let plain = |byte: u8| byte.is_ascii_graphic() || byte == b' ';
    let fits = (1..=Envelope::MAX_BYTES).contains(&client.len())
        && client.bytes().all(plain)
        && client.trim() == client;
    fits.then_some(())
        .ok_or("expected printable ASCII without outer spaces, got none, too much or other bytes")
}

const METHODS: &str = "expected PUT, PATCH or DELETE, got another method";
