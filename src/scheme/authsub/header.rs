//! `Authorization: AuthSub …`, printed in the documented form and parsed in every form that clients send.
//!
//! ```text
//! AuthSub token="T"
//! AuthSub token="T" sigalg="rsa-sha1" data="GET https://… 1300000000 123" sig="BASE64"
//! ```
//!
//! Clients differ in order, quotes and line breaks (legacy-protocol.md 1.7), and a server takes them all.

use std::fmt;

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{
        DecodePaddingMode,
        general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD as BASE64},
    },
};
use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};

use super::signed::{SignedData, write_data};
use crate::{
    crypto::{Algorithm, PublicKey, Sign},
    error::{Error, Kind},
    secret::Secret,
    time::Stamp,
    wire::params::{Item, Items},
};

/// An `AuthSub` credential as it stands in a request.
///
/// `Display` would show the token, so there is none; [`to_header_value`](Self::to_header_value) prints.
///
/// # Examples
/// ```
/// use gdata_auth::authsub::Header;
///
/// let header = Header::parse(r#"AuthSub sigalg="rsa-sha1", token=1/abc
///   sig="AAAA
/// AAAA" data='GET http://example.com/ 1300000000 00812'"#)?;
/// assert_eq!(header.token().expose(), "1/abc");
/// let signature = header.signature().expect("it is signed");
/// assert_eq!(signature.data()?.stamp().nonce(), "00812");
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    token: Secret,
    signature: Option<Signature>,
}

/// The part of the header that a secure token needs.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature {
    algorithm: SignatureAlgorithm,
    data: String,
    bytes: Vec<u8>,
}

/// What `sigalg` may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureAlgorithm {
    /// `rsa-sha1`.
    RsaSha1,
    /// `dsa-sha1`, which the Java and .NET clients could send; recognised here, and refused.
    DsaSha1,
}

impl SignatureAlgorithm {
    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RsaSha1 => "rsa-sha1",
            Self::DsaSha1 => "dsa-sha1",
        }
    }
}

impl Header {
    /// The most bytes of a header that are read.
    pub const MAX: usize = 32 * 1024;

    /// A header with a token alone.
    ///
    /// # Errors
    /// [`Kind::Input`] naming `token`, when it is empty, longer than 2,048 bytes, or not visible ASCII
    /// without `"` and `\`.
    pub fn plain(token: impl Into<Secret>) -> Result<Self, Error> {
        let token = token.into();
        check_token(&token)?;
        Ok(Self {
            token,
            signature: None,
        })
    }

    /// Reads the value of `Authorization`.
    ///
    /// # Errors
    /// [`Kind::Reply`] naming the parameter that is missing, doubled or malformed, or the scheme when it
    /// is not `AuthSub`; [`Kind::Unsupported`] naming an unknown `sigalg`.
    pub fn parse(value: &str) -> Result<Self, Error> {
        if value.len() > Self::MAX {
            return Err(Error::reply(
                "authorization",
                format_args!("expected at most {} bytes, got {}", Self::MAX, value.len()),
            ));
        }
        let mut items = Items::of(value).knowing(&["token", "sigalg", "data", "sig"]);
        match items.next().transpose()? {
            Some(Item::Word(scheme)) if scheme.eq_ignore_ascii_case("AuthSub") => {}
            _ => {
                return Err(Error::reply(
                    "authorization",
                    "expected the scheme AuthSub, got another one",
                ));
            }
        }
        let mut fields = Fields::default();
        for item in items {
            fields.take(item?)?;
        }
        fields.header()
    }

    /// Reads the header of a request: `None` when it has none.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), and [`Kind::Reply`] when the header stands twice or is not text.
    pub fn of(headers: &HeaderMap) -> Result<Option<Self>, Error> {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let Some(value) = values.next() else {
            return Ok(None);
        };
        if values.next().is_some() {
            return Err(Error::reply(
                "authorization",
                "expected the header once, got it more than once",
            ));
        }
        let text = std::str::from_utf8(value.as_bytes())
            .map_err(|_| Error::reply("authorization", "expected text, got other bytes"))?;
        Self::parse(text).map(Some)
    }

    /// The token.
    #[must_use]
    pub fn token(&self) -> &Secret {
        &self.token
    }

    /// The signature, when the header has one.
    #[must_use]
    pub fn signature(&self) -> Option<&Signature> {
        self.signature.as_ref()
    }

    /// Checks that the header was signed by `key` for this request, and yields what was signed, so that
    /// a server goes on with its checks of age and replay.
    ///
    /// # Errors
    /// [`Kind::Signature`] when there is no signature, when it was made for another method or address,
    /// or by another key; [`Kind::Unsupported`] for `dsa-sha1`.
    pub fn verify(&self, key: &PublicKey, method: &str, url: &str) -> Result<SignedData, Error> {
        let signature = self.signature.as_ref().ok_or_else(|| {
            Error::new(
                Kind::Signature,
                "the request is not signed: it has no sigalg, data and sig",
            )
        })?;
        signature.verify(key)?;
        let data = signature.data()?;
        data.check(method, url)?;
        Ok(data)
    }

    /// The header in the documented form, marked sensitive.
    ///
    /// # Errors
    /// [`Kind::Input`] when `data` holds a character that no header can carry.
    pub fn to_header_value(&self) -> Result<HeaderValue, Error> {
        let mut out = Vec::with_capacity(512);
        write_token(self.token.expose(), &mut out);
        if let Some(signature) = &self.signature {
            write_sigalg(signature.algorithm, &mut out);
            out.extend_from_slice(signature.data.as_bytes());
            write_sig(&signature.bytes, &mut out);
        }
        to_value(out)
    }
}

impl Signature {
    /// The algorithm.
    #[must_use]
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// What was signed, taken apart.
    ///
    /// # Errors
    /// As [`SignedData::parse`].
    pub fn data(&self) -> Result<SignedData, Error> {
        SignedData::parse(&self.data)
    }

    /// Checks the signature over `data` alone; [`Header::verify`] also checks what `data` says.
    ///
    /// # Errors
    /// [`Kind::Signature`] when it was not made by `key` over `data`; [`Kind::Unsupported`] for
    /// `dsa-sha1`.
    pub fn verify(&self, key: &PublicKey) -> Result<(), Error> {
        match self.algorithm {
            SignatureAlgorithm::RsaSha1 => {
                key.verify(Algorithm::RsaSha1, self.data.as_bytes(), &self.bytes)
            }
            SignatureAlgorithm::DsaSha1 => Err(Error::new(
                Kind::Unsupported,
                "sigalg: dsa-sha1 is recognised but not verified; sign with an RSA key as rsa-sha1",
            )),
        }
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signature")
            .field("algorithm", &self.algorithm)
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

/// Refuses what cannot stand in a header: a token has 1 to 2,048 bytes of visible ASCII without `"` and
/// `\`.
pub(super) fn check_token(token: &Secret) -> Result<(), Error> {
    const MAX: usize = 2_048;
    let text = token.expose();
    if text.is_empty() || text.len() > MAX {
        return Err(Error::input(
            "token",
            format_args!("expected 1 to {MAX} characters, got {}", text.len()),
        ));
    }
    let fits = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\');
    if !text.bytes().all(fits) {
        return Err(Error::input(
            "token",
            "expected visible ASCII without quotes and backslashes",
        ));
    }
    Ok(())
}

/// `AuthSub token="…"`.
pub(super) fn plain_value(token: &Secret) -> Result<HeaderValue, Error> {
    let mut out = Vec::with_capacity(64);
    write_token(token.expose(), &mut out);
    to_value(out)
}

/// The whole header of a secure request. The data is signed where it stands in the header: no copy.
pub(super) fn signed_value(
    token: &Secret,
    signer: &dyn Sign,
    method: &http::Method,
    uri: &http::Uri,
    stamp: &Stamp,
) -> Result<HeaderValue, Error> {
    let mut out = Vec::with_capacity(768);
    write_token(token.expose(), &mut out);
    write_sigalg(SignatureAlgorithm::RsaSha1, &mut out);
    let start = out.len();
    write_data(method, uri, stamp, &mut out)?;
    let signature = signer.sign(Algorithm::RsaSha1, &out[start..])?;
    write_sig(&signature, &mut out);
    to_value(out)
}

fn write_token(token: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b"AuthSub token=\"");
    out.extend_from_slice(token.as_bytes());
    out.push(b'"');
}

fn write_sigalg(algorithm: SignatureAlgorithm, out: &mut Vec<u8>) {
    out.extend_from_slice(b" sigalg=\"");
    out.extend_from_slice(algorithm.as_str().as_bytes());
    out.extend_from_slice(b"\" data=\"");
}

fn write_sig(signature: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(b"\" sig=\"");
    let start = out.len();
    out.resize(start + signature.len().div_ceil(3) * 4, b'=');
    // The room is exact, so encoding cannot fail; the fill is the padding of an empty signature.
    let _ = BASE64.encode_slice(signature, &mut out[start..]);
    out.push(b'"');
}

fn to_value(out: Vec<u8>) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::from_maybe_shared(bytes::Bytes::from(out)).map_err(|cause| {
        Error::input("authorization", "expected text that a header can carry").caused_by(cause)
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// The parameters as they come, in any order.
#[derive(Default)]
struct Fields {
    token: Option<String>,
    sigalg: Option<String>,
    data: Option<String>,
    sig: Option<String>,
}

impl Fields {
    fn take(&mut self, item: Item) -> Result<(), Error> {
        let Item::Param(name, value) = item else {
            return Err(Error::reply(
                "authorization",
                "expected name=value after AuthSub, got a bare word",
            ));
        };
        let slot = match name.to_ascii_lowercase().as_str() {
            "token" => &mut self.token,
            "sigalg" => &mut self.sigalg,
            "data" => &mut self.data,
            "sig" => &mut self.sig,
            _ => return Ok(()),
        };
        if slot.replace(value).is_some() {
            return Err(Error::reply(
                &name,
                "expected the parameter once, got it more than once",
            ));
        }
        Ok(())
    }

    fn header(self) -> Result<Header, Error> {
        let missing = |name| Error::reply(name, "expected the parameter, got none");
        let token = Secret::new(self.token.ok_or_else(|| missing("token"))?);
        check_token(&token).map_err(|cause| {
            Error::reply("token", "expected a token that a header can carry").caused_by(cause)
        })?;
        if self.sigalg.is_none() && self.data.is_none() && self.sig.is_none() {
            return Ok(Header {
                token,
                signature: None,
            });
        }
        let algorithm = match self.sigalg.ok_or_else(|| missing("sigalg"))?.as_str() {
            "rsa-sha1" => SignatureAlgorithm::RsaSha1,
            "dsa-sha1" => SignatureAlgorithm::DsaSha1,
            _ => {
                return Err(Error::new(
                    Kind::Unsupported,
                    "sigalg: expected rsa-sha1, got an unknown algorithm",
                ));
            }
        };
        let data = self.data.ok_or_else(|| missing("data"))?;
        let sig = self.sig.ok_or_else(|| missing("sig"))?;
        Ok(Header {
            token,
            signature: Some(Signature {
                algorithm,
                data,
                bytes: decode_sig(&sig)?,
            }),
        })
    }
}

/// Base64 as clients wrapped it: blanks and line breaks anywhere, padding or none
/// (legacy-protocol.md 1.9).
fn decode_sig(sig: &str) -> Result<Vec<u8>, Error> {
    const LIBERAL: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let packed: String = sig.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    LIBERAL
        .decode(packed)
        .map_err(|_| Error::reply("sig", "expected base64, got other text"))
}
