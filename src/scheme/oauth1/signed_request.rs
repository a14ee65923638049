//! A signed request as a server sees it: its parameters, wherever they stand, and whether the signature holds.

use bytes::Bytes;
use http::{HeaderMap, header::CONTENT_TYPE};

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{
        DecodePaddingMode,
        general_purpose::{GeneralPurpose, GeneralPurposeConfig},
    },
};

use super::{
    BaseString, Header, Keys, Parameter, Parameters, Place, SignatureMethod, WrongSignature,
    address::Address,
    keys::{KeyForm, Signature},
    sign::PROTOCOL,
};
use crate::{
    error::{Error, Kind},
    exchange::BodyHint,
    secret::Secret,
    time::{Stamp, Timestamp},
};

/// A request with OAuth parameters.
///
/// # Examples
/// ```
/// use gdata_auth::{Secret, oauth1::{Keys, SignedRequest}};
///
/// // Recorded at Google in 2013.
/// let request = http::Request::post("https://www.google.com/accounts/OAuthGetAccessToken")
///     .header("content-type", "application/x-www-form-urlencoded")
///     .header("authorization", r#"OAuth oauth_consumer_key="anonymous",oauth_token="4%2F-hFowsVMagtdWjX8hTFUGw0de9nL",oauth_signature_method="HMAC-SHA1",oauth_signature="lWSS%2BTKHABoDsZuVU6LFxVgBrsM%3D",oauth_timestamp="1375114407",oauth_nonce="P1LCHSMETyO0IpQnTCVc",oauth_version="1.0""#)
///     .body("oauth%5Fverifier=qT64ktZBdmUVwpRClZmO6s7j".into())?;
///
/// let signed = SignedRequest::of(&request)?.ok_or("not signed")?;
/// assert_eq!(signed.consumer_key(), "anonymous");
/// let (consumer, token) = (Secret::new("anonymous"), Secret::new("kuu2KlszmJhimCI8C7uNbV6z"));
/// let keys = Keys::shared(&consumer).and_token(&token);
/// signed.verify("POST", "https://www.google.com/accounts/OAuthGetAccessToken", &keys)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SignedRequest {
    parameters: Parameters,
    realm: Option<String>,
    place: Place,
    consumer_key: String,
    token: Option<Secret>,
    method: SignatureMethod,
    signature: Secret,
    timestamp: Option<Timestamp>,
    nonce: Option<String>,
    version: Option<String>,
}

impl SignedRequest {
    /// Reads a request: its header, the query of its address, and its body when that is a form.
    ///
    /// `None` when nothing in it claims a signature.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn of(request: &http::Request<Bytes>) -> Result<Option<Self>, Error> {
        let query = request.uri().query().unwrap_or_default();
        let body = match request.body() {
            body if body.is_empty() => BodyHint::Empty,
            body if is_form(request.headers()) => BodyHint::Form(body),
            _ => BodyHint::Opaque,
        };
        Self::read(request.headers(), query, body)
    }

    /// Reads the pieces of a request.
    ///
    /// # Shape
    /// The parameters of the protocol stand in one place, each once. `oauth_callback` and `oauth_verifier` may
    /// stand in another: libgdata sent them in the form beside a header, and Google took it
    /// (legacy-protocol.md 4). `oauth_version` may be absent (Java), `1.0`, or `1.0A` (the npm package oauth).
    /// A nonce is any text of up to [`Stamp::MAX_NONCE`] bytes, `-123` of Java's included: only its
    /// uniqueness counts (RFC 5849, 3.3). A timestamp is a decimal number above zero of up to 12 digits. Both may be absent
    /// under `PLAINTEXT` alone.
    ///
    /// # Errors
    /// [`Kind::Reply`] naming the parameter that is missing, doubled, malformed or out of its place, and
    /// [`Kind::Unsupported`] for another signature method or version.
    pub fn read(
        headers: &HeaderMap,
        query: &str,
        body: BodyHint<'_>,
    ) -> Result<Option<Self>, Error> {
        let header = Header::of(headers)?;
        let mut parameters = Parameters::default();
        if let Some(header) = &header {
            parameters.add_header(header)?;
        }
        parameters.add_form(query.as_bytes(), Place::Query)?;
        if let BodyHint::Form(form) = body {
            if form.len() > BaseString::MAX {
                let (most, got) = (BaseString::MAX, form.len());
                return Err(Error::reply(
                    "form",
                    format_args!("expected at most {most} bytes, got {got}"),
                ));
            }
            parameters.add_form(form, Place::Form)?;
        }
        let claims = |parameter: &Parameter| CLAIMS.contains(&parameter.name.as_str());
        let Some(place) = parameters
            .iter()
            .find(|one| claims(one))
            .map(Parameter::place)
        else {
            return match header {
                Some(_) => Err(missing("oauth_consumer_key")),
                None => Ok(None),
            };
        };
        Self::build(
            parameters,
            header.and_then(|header| header.realm().map(str::to_owned)),
            place,
        )
        .map(Some)
    }

    fn build(parameters: Parameters, realm: Option<String>, place: Place) -> Result<Self, Error> {
        check_places(&parameters, place)?;
        let optional = |name: &str| parameters.first(name).map(|value| value.into_owned());
        let required = |name: &'static str| {
            optional(name)
                .filter(|value| !value.is_empty())
                .ok_or_else(|| missing(name))
        };
        let method: SignatureMethod = required("oauth_signature_method")?.parse()?;
        let stamped = method != SignatureMethod::Plaintext;
        let timestamp = match optional("oauth_timestamp") {
            Some(text) => Some(seconds(&text)?),
            None if stamped => return Err(missing("oauth_timestamp")),
            None => None,
        };
        let nonce = match optional("oauth_nonce") {
            Some(text) => Some(checked_nonce(text)?),
            None if stamped => return Err(missing("oauth_nonce")),
            None => None,
        };
        let version = optional("oauth_version");
        if let Some(text) = &version
            && !VERSIONS.contains(&text.as_str())
        {
            return Err(Error::new(
                Kind::Unsupported,
                "oauth_version: expected 1.0 or none, got another",
            ));
        }
        Ok(Self {
            consumer_key: required("oauth_consumer_key")?,
            // An empty oauth_token is none: several clients sent it so before they had one.
            token: optional("oauth_token")
                .filter(|token| !token.is_empty())
                .map(Secret::new),
            signature: Secret::new(required("oauth_signature")?),
            parameters,
            realm,
            place,
            method,
            timestamp,
            nonce,
            version,
        })
    }

    /// All parameters, those of the protocol and the request's own.
    #[must_use]
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// The realm of the header.
    #[must_use]
    pub fn realm(&self) -> Option<&str> {
        self.realm.as_deref()
    }

    /// Where the parameters of the protocol stand.
    #[must_use]
    pub fn place(&self) -> Place {
        self.place
    }

    /// The consumer.
    #[must_use]
    pub fn consumer_key(&self) -> &str {
        &self.consumer_key
    }

    /// The token; none in the first call, and when two-legged.
    #[must_use]
    pub fn token(&self) -> Option<&Secret> {
        self.token.as_ref()
    }

    /// How it is signed.
    #[must_use]
    pub fn method(&self) -> SignatureMethod {
        self.method
    }

    /// When, for a server's check of age; may be absent under `PLAINTEXT`.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.timestamp
    }

    /// The nonce, for a server's check of replay; may be absent under `PLAINTEXT`.
    #[must_use]
    pub fn nonce(&self) -> Option<&str> {
        self.nonce.as_deref()
    }

    /// `oauth_version` as it was sent.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// `oauth_callback`, from wherever it stands.
    #[must_use]
    pub fn callback(&self) -> Option<String> {
        self.parameters
            .first("oauth_callback")
            .map(|callback| callback.into_owned())
    }

    /// `oauth_verifier`, from wherever it stands.
    #[must_use]
    pub fn verifier(&self) -> Option<Secret> {
        let verifier = self.parameters.first("oauth_verifier")?;
        Some(Secret::new(verifier))
    }

    /// The user that a two-legged consumer acts for.
    #[must_use]
    pub fn requestor(&self) -> Option<String> {
        self.parameters
            .first("xoauth_requestor_id")
            .map(|requestor| requestor.into_owned())
    }

    /// The base string of this request, sent with `method` to `url`. Of the address, the query does not
    /// count: its parameters were read with the request.
    ///
    /// # Errors
    /// [`Kind::Reply`] naming `address`, when it is no absolute `http` or `https` address.
    pub fn base_string(&self, method: &str, url: &str) -> Result<BaseString, Error> {
        let address = Address::parse(url)?;
        Ok(self.base_string_at(&method.to_ascii_uppercase(), &address.signed()))
    }

    /// Checks that the request was signed with `keys` for `method` and `url`. Codes are compared in constant
    /// time.
    ///
    /// Age, replay, and what consumer and token may do are the server's own questions.
    ///
    /// # Errors
    /// [`Kind::Signature`] when the signature is another; its source is a [`WrongSignature`], which tells
    /// what the client signed instead where that is one of the known ways ([`Deviation`](super::Deviation)).
    /// [`Kind::Unsupported`] when `keys` have nothing for the signature method.
    /// [`Kind::Reply`] naming `address` as [`base_string`](Self::base_string) does.
    pub fn verify(&self, method: &str, url: &str, keys: &Keys<'_>) -> Result<(), Error> {
        if !keys.serve(self.method) {
            return Err(Error::new(
                Kind::Unsupported,
                format!("{}: the consumer has no key for it here", self.method),
            ));
        }
        let address = Address::parse(url)?;
        let verb = method.to_ascii_uppercase();
        let base = self.base_string_at(&verb, &address.signed());
        let signature = self.decoded_signature()?;
        if keys.verify(self.method, KeyForm::Right, base.as_str(), &signature) {
            return Ok(());
        }
        let wrong = WrongSignature::find(self, &verb, &address, base, keys, &signature);
        Err(Error::new(Kind::Signature, wrong.to_string()).caused_by(wrong))
    }

    /// The base string for an address in its one spelling.
    pub(super) fn base_string_at(&self, method: &str, address: &str) -> BaseString {
        let parameters: Vec<(&str, &str)> = self
            .signed_parameters()
            .map(|parameter| (parameter.name.as_str(), parameter.value.as_str()))
            .collect();
        BaseString::of(method, address, &parameters)
    }

    /// All parameters but the signature.
    pub(super) fn signed_parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters
            .iter()
            .filter(|parameter| parameter.name != "oauth_signature")
    }

    fn decoded_signature(&self) -> Result<Signature, Error> {
        // Blanks come of line breaks, and of a + that was not escaped in a query or form.
        const LIBERAL: GeneralPurpose = GeneralPurpose::new(
            &STANDARD,
            GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
        );
        if self.method == SignatureMethod::Plaintext {
            return Ok(Signature::Text(self.signature.clone()));
        }
        let text = self.signature.expose().replace(['\r', '\n'], "");
        let bytes = LIBERAL.decode(text.replace(' ', "+")).map_err(|_| {
            Error::new(
                Kind::Signature,
                "oauth_signature: expected base64, got other text",
            )
        })?;
        Ok(Signature::Bytes(bytes))
    }
}

/// Refuses doubled parameters of the protocol, and those that stand in two places.
fn check_places(parameters: &Parameters, place: Place) -> Result<(), Error> {
    let own: Vec<&Parameter> = parameters.iter().filter(|one| one.is_oauth()).collect();
    for (at, parameter) in own.iter().enumerate() {
        let name = parameter.name();
        if own[..at].iter().any(|other| other.name == parameter.name) {
            return Err(Error::reply(
                &name,
                "expected the parameter once, got it more than once",
            ));
        }
        if PROTOCOL.contains(&parameter.name.as_str()) && parameter.place() != place {
            return Err(Error::reply(
                &name,
                format_args!(
                    "expected all OAuth parameters in {place}, got this one in {}",
                    parameter.place()
                ),
            ));
        }
    }
    Ok(())
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| {
            kind.trim()
                .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        })
}

fn seconds(text: &str) -> Result<Timestamp, Error> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit()) && text.len() <= 12;
    match text.parse() {
        Ok(seconds) if digits && seconds > 0 => Ok(Timestamp::from_unix_seconds(seconds)),
        _ => Err(Error::reply(
            "oauth_timestamp",
            "expected seconds since 1970 in decimal, got something else",
        )),
    }
}

fn checked_nonce(text: String) -> Result<String, Error> {
    if text.is_empty() || text.len() > Stamp::MAX_NONCE || text.chars().any(char::is_control) {
        return Err(Error::reply(
            "oauth_nonce",
            format_args!("expected 1 to {} bytes of text", Stamp::MAX_NONCE),
        ));
    }
    Ok(text)
}

fn missing(name: &'static str) -> Error {
    Error::reply(name, "expected the parameter, got none")
}

/// What makes a request a signed one. `oauth_token` alone does not: the link to the consent page has it.
const CLAIMS: &[&str] = &[
    "oauth_consumer_key",
    "oauth_signature",
    "oauth_signature_method",
];

/// RFC 5849, 3.1: `1.0`. The npm package oauth sends `1.0A`.
const VERSIONS: &[&str] = &["1.0", "1.0A", "1.0a"];
