//! Signatures made anew: what stood in the recording was signed with real keys over real tokens, and neither is there
//! any more.
//!
//! | scheme | what is signed | with |
//! |---|---|---|
//! | OAuth 1.0, `HMAC-SHA1` | the base string of the redacted request | [`TestKeys::consumer_secret`] and the stand-in of the token's secret |
//! | OAuth 1.0, `RSA-SHA1` | the same | the test key |
//! | AuthSub, `rsa-sha1` | `data` as it stands in the redacted header | the test key |
//! | JSON Web Tokens, `RS256` | header and redacted claims; `at_hash` and `c_hash` fit the stand-ins | the test key |
//!
//! So whoever has the published key checks a committed recording without any secret.

use std::{collections::HashMap, fmt, sync::Arc};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use bytes::Bytes;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{
    anatomy::jwt_parts,
    edit,
    field::{Eyes, Field, Sight, Spot},
    ledger::Ledger,
    slot::Slot,
};
use crate::{
    cassette::{Cassette, Interaction, SecretKind, StandIn},
    crypto::{Algorithm, HmacSha1, PrivateKey, Sign},
    error::{Error, Kind},
    scheme::{
        authsub,
        oauth1::{SignatureMethod, SignedRequest, TokenReply},
    },
    secret::Secret,
    wire::percent,
};

/// Keys that everybody knows.
#[derive(Clone)]
pub struct TestKeys {
    signer: Arc<dyn Sign>,
    consumer_secret: Secret,
    token_secret: Secret,
}

impl TestKeys {
    /// The published private key, in PEM. No server may ever trust it.
    pub const PRIVATE_KEY: &str = include_str!("../../../fixtures/keys/insecure-rsa2048-pkcs8.pem");
    /// Its certificate, in PEM, to check with.
    pub const CERTIFICATE: &str = include_str!("../../../fixtures/keys/insecure-rsa2048-cert.pem");
    /// The published consumer secret; the consumer `anonymous` keeps its own, which is its name.
    pub const CONSUMER_SECRET: &str = "insecure-consumer-secret";
    /// The published secret of tokens whose own one the recording does not hand out.
    pub const TOKEN_SECRET: &str = "insecure-token-secret";

    /// The published keys.
    ///
    /// # Errors
    /// [`Kind::Key`] when the key cannot be read, which it can.
    pub fn published() -> Result<Self, Error> {
        Ok(Self::new(PrivateKey::from_pem(Self::PRIVATE_KEY)?.signer()))
    }

    /// With a test key of your own.
    #[must_use]
    pub fn new(signer: Arc<dyn Sign>) -> Self {
        Self {
            signer,
            consumer_secret: Secret::new(Self::CONSUMER_SECRET),
            token_secret: Secret::new(Self::TOKEN_SECRET),
        }
    }

    /// With a consumer secret of your own, for `HMAC-SHA1`.
    #[must_use]
    pub fn consumer_secret(mut self, secret: impl Into<Secret>) -> Self {
        self.consumer_secret = secret.into();
        self
    }

    /// With a token secret of your own, for tokens that the recording does not hand out.
    #[must_use]
    pub fn token_secret(mut self, secret: impl Into<Secret>) -> Self {
        self.token_secret = secret.into();
        self
    }

    /// A token with another signature. `None` for other algorithms than `RS256`.
    fn jwt(&self, token: &[u8], hashes: &HashMap<String, String>) -> Option<Vec<u8>> {
        let (header, claims, _) = jwt_parts(token)?;
        let read = |part| -> Option<Map<String, Value>> {
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
        };
        let algorithm = read(header)?.get("alg")?.as_str()?.to_owned();
        if algorithm != Algorithm::RsaSha256.as_str() {
            return None;
        }
        let claims = String::from_utf8(URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
        let mut changed = claims.clone();
        for (old, new) in hashes
            .iter()
            .filter(|(old, _)| claims.contains(old.as_str()))
        {
            changed = changed.replace(old, new);
        }
        let header = std::str::from_utf8(header).ok()?;
        let input = format!("{header}.{}", URL_SAFE_NO_PAD.encode(changed));
        let signature = self
            .signer
            .sign(Algorithm::RsaSha256, input.as_bytes())
            .ok()?;
        Some(format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature)).into_bytes())
    }
}

impl fmt::Debug for TestKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TestKeys")
    }
}

/// Signs the stand-ins of JSON Web Tokens; yields how many could not be.
pub(super) fn tokens(ledger: &mut Ledger, keys: &TestKeys) -> usize {
    // OpenID Connect Core, 3.1.3.6 and 3.3.2.11: the left half of a hash binds a token to its ID token.
    let mut hashes = HashMap::new();
    for entry in ledger.entries() {
        if matches!(
            entry.kind,
            SecretKind::AccessToken | SecretKind::AuthorizationCode
        ) {
            hashes.insert(half_hash(&entry.secret), half_hash(&entry.stand_in));
        }
    }
    let mut left = 0;
    let mut signatures = Vec::new();
    for entry in ledger.entries_mut() {
        if entry.kind != SecretKind::Jwt {
            continue;
        }
        match keys.jwt(&entry.stand_in, &hashes) {
            Some(token) => {
                if let (Some((_, _, old)), Some((_, _, new))) =
                    (jwt_parts(&entry.secret), jwt_parts(&token))
                {
                    signatures.push((old.to_vec(), new.to_vec()));
                }
                entry.stand_in = token;
            }
            None => left += 1,
        }
    }
    for (old, new) in signatures {
        if let Some((at, _)) = ledger.find(&old) {
            ledger.entries_mut()[at].stand_in = new;
        }
    }
    left
}

/// Signs the requests of a redacted recording; the table of stand-ins has the new signatures then. Yields a line for
/// each request that could not be signed.
pub(super) fn requests(cassette: &mut Cassette, keys: &TestKeys) -> Vec<String> {
    let secrets = token_secrets(cassette);
    let mut notes = Vec::new();
    let mut made = Vec::new();
    for (at, interaction) in cassette.interactions.iter_mut().enumerate() {
        let done = oauth1(interaction, keys, &secrets, &mut made)
            .and_then(|()| auth_sub(interaction, keys, &mut made));
        if let Err(cause) = done {
            notes.push(format!("interaction {}: not signed anew: {cause}", at + 1));
        }
    }
    for (old, new) in made {
        match cassette.stand_ins.iter_mut().find(|one| one.text == old) {
            Some(one) => one.text = new,
            // Two requests may have had one signature, and a second redaction finds it under its new text.
            None => cassette
                .stand_ins
                .push(StandIn::new(new, SecretKind::Signature, false)),
        }
    }
    notes
}

/// The secret of each token that an answer hands out.
fn token_secrets(cassette: &Cassette) -> HashMap<String, Secret> {
    let mut secrets = HashMap::new();
    for interaction in &cassette.interactions {
        if let Ok(Some(content)) = Slot::ResponseBody.read(interaction)
            && memchr::memmem::find(&content.text, b"oauth_token_secret").is_some()
            && let Ok(reply) = TokenReply::parse(&content.text)
        {
            secrets.insert(reply.token().expose().to_owned(), reply.secret().clone());
        }
    }
    secrets
}

fn oauth1(
    interaction: &mut Interaction,
    keys: &TestKeys,
    secrets: &HashMap<String, Secret>,
    made: &mut Vec<(String, String)>,
) -> Result<(), Error> {
    let request = &interaction.request;
    let url = request.url();
    let body = match Slot::RequestBody.read(interaction)? {
        Some(content) => Bytes::from(content.text.into_owned()),
        None => Bytes::new(),
    };
    let mut sent = http::Request::new(body);
    *sent.headers_mut() = request.headers.to_map()?;
    *sent.uri_mut() = url.parse().map_err(|cause| {
        Error::new(Kind::Input, "url: expected an address, got other text").caused_by(cause)
    })?;
    let Some(signed) = SignedRequest::of(&sent)? else {
        return Ok(());
    };
    let base = signed.base_string(&request.method, &url)?;
    let message = base.as_str().as_bytes();
    let signature = match signed.method() {
        SignatureMethod::HmacSha1 => {
            let anonymous = Secret::new("anonymous");
            let consumer = match signed.consumer_key() {
                "anonymous" => &anonymous,
                _ => &keys.consumer_secret,
            };
            let none = Secret::new("");
            let token = match signed.token() {
                Some(token) => secrets.get(token.expose()).unwrap_or(&keys.token_secret),
                None => &none,
            };
            let (consumer, token) = (
                percent::encode(consumer.expose()),
                percent::encode(token.expose()),
            );
            HmacSha1::new(format!("{consumer}&{token}").as_bytes())
                .sign(message)
                .to_vec()
        }
        SignatureMethod::RsaSha1 => keys.signer.sign(Algorithm::RsaSha1, message)?,
        // Both secrets stand in it as they are, and were replaced where they stand.
        _ => return Ok(()),
    };
    replace(
        interaction,
        "oauth_signature",
        &STANDARD.encode(signature),
        made,
    )
}

fn auth_sub(
    interaction: &mut Interaction,
    keys: &TestKeys,
    made: &mut Vec<(String, String)>,
) -> Result<(), Error> {
    let value = interaction
        .request
        .headers
        .text("authorization")
        .unwrap_or_default();
    let is = value
        .get(..8)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("AuthSub "));
    if !is {
        return Ok(());
    }
    let header = authsub::Header::parse(&value)?;
    let Some(signature) = header.signature() else {
        return Ok(());
    };
    let data = signature.data()?.to_string();
    if !value.contains(&data) {
        return Err(Error::new(
            Kind::Unsupported,
            "data: expected it unescaped, got it escaped",
        ));
    }
    let signature = keys.signer.sign(Algorithm::RsaSha1, data.as_bytes())?;
    replace(interaction, "sig", &STANDARD.encode(signature), made)
}

/// Puts a signature in place of the one that is there, in whatever style it is written.
fn replace(
    interaction: &mut Interaction,
    name: &str,
    signature: &str,
    made: &mut Vec<(String, String)>,
) -> Result<(), Error> {
    let mut eyes = Signature {
        name,
        signature,
        made,
    };
    for slot in Slot::all(interaction) {
        let spot = slot.spot();
        if !matches!(spot, Spot::Target | Spot::RequestHeader | Spot::RequestBody) {
            continue;
        }
        let Some(content) = slot.read(interaction)? else {
            continue;
        };
        let edits = content.walk(spot, &mut eyes);
        if !edits.is_empty() {
            let new = edit::apply(&content.text, edits);
            drop(content);
            slot.write(interaction, new)?;
        }
    }
    Ok(())
}

struct Signature<'s> {
    name: &'s str,
    signature: &'s str,
    /// What stood there, and what stands there now.
    made: &'s mut Vec<(String, String)>,
}

impl Eyes for Signature<'_> {
    fn see(&mut self, field: &Field<'_>) -> Sight {
        if !field.name.eq_ignore_ascii_case(self.name) {
            return Sight::Deeper;
        }
        let old = String::from_utf8_lossy(field.value).into_owned();
        if old != self.signature {
            self.made.push((old, self.signature.to_owned()));
        }
        Sight::Put(self.signature.as_bytes().to_vec())
    }
}

fn half_hash(token: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(token)[..16])
}
