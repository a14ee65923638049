//! One request: each thing in it that somebody signed, computed anew.

use bytes::Bytes;
use http::{Request, header};
use serde_json::Value;

use super::{Finding, Keys, Verdict, tokens::TokenSecrets};
use crate::{
    crypto::PublicKey,
    error::{Error, Kind},
    scheme::{
        authsub,
        oauth1::{self, SignedRequest, WrongSignature},
        oauth2::{CodeVerifier, Jwt},
    },
    wire::query::Pairs,
};

/// Checks everything that `request` says it signed. `addresses` are those that the client may have signed for.
pub(super) fn all(
    request: &Request<Bytes>,
    addresses: &[String],
    keys: &Keys,
    tokens: &TokenSecrets,
) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    verdicts.extend(authsub(request, addresses, keys));
    verdicts.extend(oauth1(request, addresses, keys, tokens));
    for (piece, token) in assertions(request) {
        verdicts.push(jwt(piece, &token, keys));
    }
    verdicts
}

fn authsub(request: &Request<Bytes>, addresses: &[String], keys: &Keys) -> Option<Verdict> {
    const PIECE: &str = "AuthSub signature";
    let is_authsub = scheme_word(request).is_some_and(|word| word.eq_ignore_ascii_case("AuthSub"));
    let header = match is_authsub.then(|| authsub::Header::of(request.headers()))? {
        Ok(header) => header?,
        Err(cause) => return Some(Verdict::wrong(PIECE, &cause)),
    };
    let Some(signature) = header.signature() else {
        return Some(Verdict::new(PIECE, Finding::Unsigned));
    };
    // What was signed can be held against the request without any key.
    let data = match signature.data() {
        Ok(data) => data,
        Err(cause) => return Some(Verdict::wrong(PIECE, &cause)),
    };
    let method = request.method().as_str();
    let mut misses = Vec::new();
    for address in addresses {
        match data.check(method, address) {
            Ok(()) => {
                misses.clear();
                break;
            }
            Err(cause) => misses.push(cause),
        }
    }
    if let Some(cause) = misses.first() {
        return Some(Verdict::wrong(PIECE, cause));
    }
    if keys.authsub.is_empty() {
        return Some(Verdict::new(
            PIECE,
            Finding::NoKey("expected the key of the site, got none".to_owned()),
        ));
    }
    let mut last = None;
    for key in &keys.authsub {
        match signature.verify(key) {
            Ok(()) => return Some(Verdict::new(PIECE, Finding::Verified)),
            Err(cause) => last = Some(cause),
        }
    }
    last.map(|cause| {
        let text = format!(
            "{cause}; what was signed is right: {} {}",
            data.method(),
            without_query(data.url())
        );
        Verdict::new(PIECE, Finding::Wrong(text))
    })
}

fn oauth1(
    request: &Request<Bytes>,
    addresses: &[String],
    keys: &Keys,
    tokens: &TokenSecrets,
) -> Option<Verdict> {
    const PIECE: &str = "OAuth 1.0 signature";
    // A bare token behind the word OAuth is a bearer token of a draft, and claims no signature.
    let claims = |text: &[u8]| memchr::memmem::find(text, b"oauth_").is_some();
    let in_header = request.headers().get(header::AUTHORIZATION);
    let query = request.uri().query().unwrap_or_default();
    if !in_header.is_some_and(|value| claims(value.as_bytes()))
        && !claims(query.as_bytes())
        && !claims(request.body())
    {
        return None;
    }
    let signed = match SignedRequest::of(request) {
        Ok(signed) => signed?,
        Err(cause) => return Some(Verdict::wrong(PIECE, &cause)),
    };
    let consumer = signed.consumer_key();
    let secret = keys.consumer_secrets.get(consumer);
    let certificate = keys.consumer_keys.get(consumer);
    let no_key = |text: String| Some(Verdict::new(PIECE, Finding::NoKey(text)));
    let mut with = match (secret, certificate) {
        (Some(secret), None) => oauth1::Keys::shared(secret),
        (None, Some(key)) => oauth1::Keys::certificate(key),
        (Some(secret), Some(key)) => oauth1::Keys::shared(secret).and_certificate(key),
        (None, None) => {
            return no_key(format!(
                "expected a key of the consumer {consumer}, got none"
            ));
        }
    };
    let shared = signed.method() != oauth1::SignatureMethod::RsaSha1;
    let token = signed.token().map(crate::secret::Secret::expose);
    let secret =
        token.and_then(|token| keys.token_secrets.get(token).or_else(|| tokens.get(token)));
    match (token, secret) {
        (_, Some(secret)) => with = with.and_token(secret),
        (Some(_), None) if shared => {
            return no_key("expected the secret of the token, got none".to_owned());
        }
        _ => {}
    }
    let mut first = None;
    for address in addresses {
        match signed.verify(request.method().as_str(), address, &with) {
            Ok(()) => return Some(Verdict::new(PIECE, Finding::Verified)),
            Err(cause) if cause.kind() == Kind::Unsupported => return no_key(cause.to_string()),
            Err(cause) => {
                // An address under which the deviation is known tells more than one under which it is not.
                let told = told_why(&cause);
                match &first {
                    Some(other) if !told || told_why(other) => {}
                    _ => first = Some(cause),
                }
            }
        }
    }
    first.map(|cause| Verdict::wrong(PIECE, &cause))
}

fn told_why(cause: &Error) -> bool {
    std::error::Error::source(cause)
        .and_then(|source| source.downcast_ref::<WrongSignature>())
        .is_some_and(|wrong| wrong.deviation().is_some())
}

/// Assertions of the form, and a token in the header that its client signed itself.
fn assertions(request: &Request<Bytes>) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    if memchr::memmem::find(request.body(), b"assertion=").is_some()
        && let Ok(text) = std::str::from_utf8(request.body())
        && let Ok(pairs) = Pairs::parse(text)
    {
        for name in ["assertion", "client_assertion"] {
            found.extend(pairs.first(name).map(|token| (name, token.to_owned())));
        }
    }
    let bearer = request.headers().get(header::AUTHORIZATION);
    let bearer = bearer.and_then(|value| value.to_str().ok()?.split_once(' '));
    if let Some((word, token)) = bearer
        && word.eq_ignore_ascii_case("Bearer")
        && let Ok(jwt) = Jwt::parse(token.trim())
    {
        let claims = jwt.unverified_claims();
        // An ID token names another audience and its issuer's keys; a self-signed one is of its subject.
        if claims.get("iss").is_some() && claims.get("iss") == claims.get("sub") {
            found.push(("bearer token", token.trim().to_owned()));
        }
    }
    found
}

/// A token against the key of its `kid` or `iss`.
pub(super) fn jwt(piece: &'static str, token: &str, keys: &Keys) -> Verdict {
    let token = match Jwt::parse(token) {
        Ok(token) => token,
        Err(cause) => return Verdict::wrong(piece, &cause),
    };
    let issuer = token.unverified_claims().get("iss").and_then(Value::as_str);
    let key: Option<&PublicKey> = [token.key_id(), issuer]
        .into_iter()
        .flatten()
        .find_map(|name| keys.jwt.get(name));
    let Some(key) = key else {
        let text = format!(
            "expected a key for kid {} or iss {}, got none",
            token.key_id().unwrap_or("(none)"),
            issuer.unwrap_or("(none)")
        );
        return Verdict::new(piece, Finding::NoKey(text));
    };
    match token.verify(key) {
        Ok(_) => Verdict::new(piece, Finding::Verified),
        Err(cause) => {
            let text = format!("{cause}; iss {}", issuer.unwrap_or("(none)"));
            Verdict::new(piece, Finding::Wrong(text))
        }
    }
}

/// A verifier against the challenges that it may answer.
pub(super) fn pkce(verifier: &str, challenges: &[String]) -> Verdict {
    const PIECE: &str = "PKCE verifier";
    let verifier = match CodeVerifier::new(verifier) {
        Ok(verifier) => verifier,
        Err(cause) => return Verdict::wrong(PIECE, &cause),
    };
    // `plain` is a challenge that is the verifier itself (RFC 7636, 4.6).
    let plain = verifier.secret().expose();
    let finding = match challenges {
        [] => Finding::NoKey("expected a code_challenge before it, got none".to_owned()),
        many if many.iter().any(|one| verifier.answers(one) || one == plain) => Finding::Verified,
        [one] => Finding::Wrong(format!(
            "code_verifier: expected one whose S256 is {one}, got one of {}",
            verifier.challenge()
        )),
        many => Finding::Wrong(format!(
            "code_verifier: expected one whose S256 is one of {} challenges, got one of {}",
            many.len(),
            verifier.challenge()
        )),
    };
    Verdict::new(PIECE, finding)
}

fn scheme_word(request: &Request<Bytes>) -> Option<&str> {
    let value = request
        .headers()
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?;
    value.split_ascii_whitespace().next()
}

fn without_query(url: &str) -> &str {
    url.split('?').next().unwrap_or_default()
}
