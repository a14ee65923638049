//! A consumer with or without a token, prepared so that signing a request copies and hashes, and no more.

use std::{borrow::Cow, fmt, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use bytes::Bytes;
use http::{
    HeaderValue, Uri,
    header::{AUTHORIZATION, CONTENT_TYPE},
    request::Parts,
};
use smallvec::SmallVec;

use super::{
    base_string::BaseString,
    consumer::{Consumer, Placement, With, check_text},
    escape::{Twins, escaped, into_string},
    sign::{Others, Ours, Own, Owns, unsigned, write_base_string, write_form, write_header},
    text::Text,
};
use crate::{
    crypto::{Algorithm, HmacSha1, Sign},
    error::Error,
    secret::Secret,
    time::Stamp,
};

/// Signs requests.
#[derive(Clone)]
pub(super) struct Signer {
    consumer: Consumer,
    consumer_key: Twins,
    token: Option<Twins>,
    key: Key,
    ready: Ready,
}

/// Header and base string of a request without [`Extra`], but for nonce, timestamp and signature: the three
/// pieces around the first two.
#[derive(Clone)]
struct Ready {
    header: [Secret; 3],
    base_string: [Secret; 3],
}

/// The consumer's secret and the token's, as far as they can be worked up before there is a request.
#[derive(Clone)]
enum Key {
    Hmac(HmacSha1),
    Rsa(Arc<dyn Sign>),
    /// The signature itself.
    Plaintext(Secret),
}

/// The parameters that only token calls have.
#[derive(Clone, Default)]
pub(super) struct Extra {
    pub(super) callback: Option<Twins>,
    pub(super) verifier: Option<Twins>,
}

impl Extra {
    fn is_empty(&self) -> bool {
        self.callback.is_none() && self.verifier.is_none()
    }
}

impl Ready {
    fn of(consumer: &Consumer, key: &Twins, token: Option<&Twins>) -> Self {
        // `join` ends a parameter, `is` parts its name from its value.
        let pieces = |join: &str, is: &str, depth: fn(&Twins) -> &[u8]| {
            let text = |twins: &Twins| into_string(depth(twins));
            let method = consumer.method();
            let token = token.map(|token| format!("{join}oauth_token{is}{}", text(token)));
            let version = consumer
                .version
                .then(|| format!("{join}oauth_version{is}1.0"));
            [
                format!("oauth_consumer_key{is}{}{join}oauth_nonce{is}", text(key)),
                format!("{join}oauth_signature_method{is}{method}{join}oauth_timestamp{is}"),
                token.unwrap_or_default() + &version.unwrap_or_default(),
            ]
        };
        let realm = consumer.realm.as_ref();
        let realm = realm.map(|realm| format!("realm=\"{realm}\", "));
        let [first, second, third] = pieces("\", ", "=\"", Twins::once);
        let header = [
            format!("OAuth {}{first}", realm.unwrap_or_default()),
            second,
            format!("{third}\", oauth_signature=\""),
        ];
        let [first, second, third] = pieces("%26", "%3D", Twins::twice);
        let base_string = [first, second, format!("{third}%26")];
        Self {
            header: header.map(Secret::new),
            base_string: base_string.map(Secret::new),
        }
    }

    fn block<'a>(
        [first, second, third]: &'a [Secret; 3],
        stamp: &'a Stamp,
        digits: &'a Digits,
    ) -> [&'a [u8]; 5] {
        [
            first.expose().as_bytes(),
            stamp.nonce().as_bytes(),
            second.expose().as_bytes(),
            digits.as_bytes(),
            third.expose().as_bytes(),
        ]
    }
}

/// `anonymous&` and the like: both secrets, escaped (RFC 5849, 3.4.2).
pub(super) fn key_text(consumer_secret: &str, token_secret: &str) -> Secret {
    Secret::new(format!(
        "{}&{}",
        escaped(consumer_secret),
        escaped(token_secret)
    ))
}

impl Signer {
    pub(super) fn new(consumer: Consumer) -> Self {
        Self::build(consumer, None, "")
    }

    pub(super) fn with_token(
        consumer: Consumer,
        token: &Secret,
        secret: &Secret,
    ) -> Result<Self, Error> {
        if token.expose().is_empty() {
            return Err(Error::input("oauth_token", "expected a token, got none"));
        }
        check_text("oauth_token", token.expose())?;
        check_text("oauth_token_secret", secret.expose())?;
        let token = Some(Twins::of(token.expose()));
        Ok(Self::build(consumer, token, secret.expose()))
    }

    fn build(consumer: Consumer, token: Option<Twins>, token_secret: &str) -> Self {
        let key = match consumer.with() {
            With::Hmac(secret) => {
                let text = key_text(secret.expose(), token_secret);
                Key::Hmac(HmacSha1::new(text.expose().as_bytes()))
            }
            With::Rsa(signer) => Key::Rsa(Arc::clone(signer)),
            With::Plaintext(secret) => Key::Plaintext(key_text(secret.expose(), token_secret)),
        };
        let consumer_key = Twins::of(consumer.key());
        Self {
            ready: Ready::of(&consumer, &consumer_key, token.as_ref()),
            consumer_key,
            consumer,
            token,
            key,
        }
    }

    pub(super) fn consumer(&self) -> &Consumer {
        &self.consumer
    }

    /// Changes how requests are spelt.
    pub(super) fn respell(&mut self, spell: impl FnOnce(&mut Consumer)) {
        spell(&mut self.consumer);
        self.ready = Ready::of(&self.consumer, &self.consumer_key, self.token.as_ref());
    }

    /// Signs where the consumer places its parameters.
    pub(super) fn sign(
        &self,
        parts: &mut Parts,
        form: &[u8],
        stamp: &Stamp,
        extra: &Extra,
    ) -> Result<(), Error> {
        match self.consumer.placement {
            Placement::Header => {
                let value = self.header_value(parts, form, stamp, extra)?;
                parts.headers.insert(AUTHORIZATION, value);
            }
            Placement::Query => self.sign_query(parts, form, stamp, extra)?,
        }
        Ok(())
    }

    fn header_value(
        &self,
        parts: &Parts,
        form: &[u8],
        stamp: &Stamp,
        extra: &Extra,
    ) -> Result<HeaderValue, Error> {
        let digits = Digits::of(stamp)?;
        let mut text = Text::new();
        let query = parts.uri.query().unwrap_or_default();
        let others = Others::read(query.as_bytes(), form)?;
        let (ready, bare) = (&self.ready, extra.is_empty());
        let lone = bare && !others.interfere();
        let listed = if lone {
            Owns::new()
        } else {
            self.own(stamp, &digits, extra)
        };
        let own = if lone {
            Ours::Block(Ready::block(&ready.base_string, stamp, &digits))
        } else {
            Ours::List(&listed)
        };
        write_base_string(&parts.method, &parts.uri, &own, &others, &mut text)?;
        let signature = self.signature(&text)?;
        text.clear();
        let own = if bare {
            Ours::Block(Ready::block(&ready.header, stamp, &digits))
        } else {
            Ours::List(&listed)
        };
        let realm = self.consumer.realm.as_deref();
        write_header(realm, &own, &signature, &mut text);
        let mut value = HeaderValue::from_bytes(&text).map_err(|cause| {
            Error::input("authorization", "expected text that a header can carry").caused_by(cause)
        })?;
        value.set_sensitive(true);
        Ok(value)
    }

    fn sign_query(
        &self,
        parts: &mut Parts,
        form: &[u8],
        stamp: &Stamp,
        extra: &Extra,
    ) -> Result<(), Error> {
        let query = unsigned(parts.uri.query().unwrap_or_default());
        let digits = Digits::of(stamp)?;
        let own = self.own(stamp, &digits, extra);
        let others = Others::read(query.as_bytes(), form)?;
        let mut text = Text::new();
        let listed = Ours::List(&own);
        write_base_string(&parts.method, &parts.uri, &listed, &others, &mut text)?;
        let signature = self.signature(&text)?;
        text.clear();
        text.extend(query.as_bytes());
        write_form(&own, &signature, &mut text);
        parts.uri = with_query(&parts.uri, &text)?;
        parts.headers.remove(AUTHORIZATION);
        Ok(())
    }

    /// Signs in the form: yields the body, whose type is set.
    pub(super) fn sign_form(
        &self,
        parts: &mut Parts,
        form: &[u8],
        stamp: &Stamp,
        extra: &Extra,
    ) -> Result<Bytes, Error> {
        let digits = Digits::of(stamp)?;
        let own = self.own(stamp, &digits, extra);
        let others = Others::read(parts.uri.query().unwrap_or_default().as_bytes(), form)?;
        let mut text = Text::new();
        let listed = Ours::List(&own);
        write_base_string(&parts.method, &parts.uri, &listed, &others, &mut text)?;
        let signature = self.signature(&text)?;
        text.clear();
        text.extend(form);
        write_form(&own, &signature, &mut text);
        parts.headers.remove(AUTHORIZATION);
        parts.headers.insert(CONTENT_TYPE, FORM);
        Ok(Bytes::copy_from_slice(&text))
    }

    /// What [`sign`](Self::sign) signs.
    pub(super) fn base_string(
        &self,
        parts: &Parts,
        form: &[u8],
        stamp: &Stamp,
        extra: &Extra,
    ) -> Result<BaseString, Error> {
        let query = parts.uri.query().unwrap_or_default();
        let query = match self.consumer.placement {
            Placement::Header => Cow::Borrowed(query),
            Placement::Query => Cow::Owned(unsigned(query)),
        };
        let digits = Digits::of(stamp)?;
        let own = self.own(stamp, &digits, extra);
        let others = Others::read(query.as_bytes(), form)?;
        let mut text = Text::new();
        let listed = Ours::List(&own);
        write_base_string(&parts.method, &parts.uri, &listed, &others, &mut text)?;
        Ok(BaseString::from_signed(&text))
    }

    /// The OAuth parameters in the order of their names.
    fn own<'a>(&'a self, stamp: &'a Stamp, digits: &'a Digits, extra: &'a Extra) -> Owns<'a> {
        let twins = |name, twins: &'a Twins| Own {
            name,
            once: twins.once(),
            twice: twins.twice(),
        };
        let mut own = Owns::new();
        if let Some(callback) = &extra.callback {
            own.push(twins("oauth_callback", callback));
        }
        own.push(twins("oauth_consumer_key", &self.consumer_key));
        own.push(Own::plain("oauth_nonce", stamp.nonce().as_bytes()));
        let method = self.consumer.method().as_str();
        own.push(Own::plain("oauth_signature_method", method.as_bytes()));
        own.push(Own::plain("oauth_timestamp", digits.as_bytes()));
        if let Some(token) = &self.token {
            own.push(twins("oauth_token", token));
        }
        if let Some(verifier) = &extra.verifier {
            own.push(twins("oauth_verifier", verifier));
        }
        if self.consumer.version {
            own.push(Own::plain("oauth_version", b"1.0"));
        }
        own
    }

    /// The value of `oauth_signature`, not yet escaped.
    fn signature(&self, base_string: &[u8]) -> Result<SmallVec<[u8; 32]>, Error> {
        let mac;
        let rsa;
        let bytes = match &self.key {
            Key::Hmac(key) => {
                mac = key.sign(base_string);
                mac.as_slice()
            }
            Key::Rsa(signer) => {
                rsa = signer.sign(Algorithm::RsaSha1, base_string)?;
                rsa.as_slice()
            }
            Key::Plaintext(text) => return Ok(SmallVec::from_slice(text.expose().as_bytes())),
        };
        let mut out = SmallVec::from_elem(b'=', bytes.len().div_ceil(3) * 4);
        // The room is exact, so encoding cannot fail; the fill is the padding of an empty signature.
        let _ = BASE64.encode_slice(bytes, &mut out);
        Ok(out)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("consumer", &self.consumer)
            .field("token", &self.token.is_some())
            .finish_non_exhaustive()
    }
}

/// The type of a form body.
pub(super) const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");

/// A timestamp in decimal.
struct Digits {
    bytes: [u8; 20],
    start: usize,
}

impl Digits {
    fn of(stamp: &Stamp) -> Result<Self, Error> {
        let seconds = stamp.timestamp().unix_seconds();
        let mut rest = u64::try_from(seconds).map_err(|_| {
            Error::input(
                "timestamp",
                "expected a moment since 1970, got an earlier one",
            )
        })?;
        let mut digits = Self {
            bytes: [0; 20],
            start: 20,
        };
        loop {
            digits.start -= 1;
            digits.bytes[digits.start] = b'0' + u8::try_from(rest % 10).unwrap_or_default();
            rest /= 10;
            if rest == 0 {
                return Ok(digits);
            }
        }
    }

    fn as_bytes(&self) -> &[u8] {
        &self.bytes[self.start..]
    }
}

/// `uri` with another query.
pub(super) fn with_query(uri: &Uri, query: &[u8]) -> Result<Uri, Error> {
    let path = match uri.path() {
        "" => "/",
        path => path,
    };
    let mut target = Vec::with_capacity(path.len() + 1 + query.len());
    target.extend_from_slice(path.as_bytes());
    target.push(b'?');
    target.extend_from_slice(query);
    let wrong = "expected an address that has room for the OAuth parameters";
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(
        http::uri::PathAndQuery::from_maybe_shared(Bytes::from(target))
            .map_err(|cause| Error::input("address", wrong).caused_by(cause))?,
    );
    Uri::from_parts(parts).map_err(|cause| Error::input("address", wrong).caused_by(cause))
}
