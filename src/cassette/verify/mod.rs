//! What a client signed, computed anew: a replay that only looks away from signatures proves nothing.
//!
//! ```text
//! live request ──▶ AuthSub    the data string against the request, the signature against the site's key
//!                  OAuth 1.0  the base string, with consumer secret or key, and the token's secret
//!                  JWT        the signature, by kid or iss
//!                  PKCE       S256(code_verifier) is the code_challenge of this run
//! ```
//!
//! Keys are named in the configuration and stand in no cassette. Token secrets of OAuth 1.0 are known from the
//! answers that handed them out.

use std::fmt;

use bytes::Bytes;
use http::Request;
use serde_json::Value;

use super::{Cassette, Interaction, Limits, RecordedRequest, meaning::Rules};
use crate::{error::Error, wire::query::Pairs};

mod keys;
mod signatures;
mod tokens;

pub use self::keys::{KeyFiles, Keys};
pub(super) use self::tokens::TokenSecrets;

/// What became of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verdict {
    /// What was checked: `AuthSub signature`, `OAuth 1.0 signature`, `assertion`, `PKCE verifier`, `id_token`.
    pub piece: &'static str,
    /// What came of it.
    pub finding: Finding,
}

/// What a check found. Texts hold no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// It holds.
    Verified,
    /// It does not, and why.
    Wrong(String),
    /// What it takes to check it is not here.
    NoKey(String),
    /// Nothing was signed where it could have been.
    Unsigned,
}

/// A request whose signature does not hold: the source of the error with which the player refuses it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{verdict}")]
pub struct WrongRequest {
    verdict: Verdict,
}

impl WrongRequest {
    pub(super) fn new(verdict: Verdict) -> Self {
        Self { verdict }
    }

    /// What does not hold.
    #[must_use]
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }
}

impl Verdict {
    fn new(piece: &'static str, finding: Finding) -> Self {
        Self { piece, finding }
    }

    fn wrong(piece: &'static str, cause: &Error) -> Self {
        Self::new(piece, Finding::Wrong(cause.to_string()))
    }

    /// Whether it is wrong, which no missing key is.
    #[must_use]
    pub fn is_wrong(&self) -> bool {
        matches!(self.finding, Finding::Wrong(_))
    }
}

/// `AuthSub signature: verified`.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.piece)?;
        match &self.finding {
            Finding::Verified => f.write_str("verified"),
            Finding::Wrong(why) => write!(f, "wrong: {why}"),
            Finding::NoKey(why) => write!(f, "not checked: {why}"),
            Finding::Unsigned => f.write_str("unsigned"),
        }
    }
}

/// Checks what is signed in one interaction of a cassette: its request, and an ID token of its answer. Empty
/// when there is nothing of that kind.
///
/// # Examples
/// ```
/// use gdata_auth::cassette::{Cassette, Interaction, Keys, RecordedRequest, RecordedResponse, verify};
///
/// let mut request = RecordedRequest::new("GET", "https://www.google.com/calendar/feeds/");
/// request.headers.push("authorization", "AuthSub token=\"1/abc\"");
/// let cassette = Cassette::new(vec![Interaction::new(request, RecordedResponse::new(200))]);
/// let verdicts = verify::check(&cassette.interactions[0], &Keys::new(), &cassette);
/// assert_eq!(verdicts[0].to_string(), "AuthSub signature: unsigned");
/// ```
#[must_use]
pub fn check(interaction: &Interaction, keys: &Keys, cassette: &Cassette) -> Vec<Verdict> {
    let (tokens, challenges) = (TokenSecrets::of(cassette), challenges(cassette));
    check_with(interaction, keys, &tokens, &challenges)
}

/// As [`check`], for each interaction of a cassette in turn; the cassette is looked through once.
pub fn check_all<'c>(
    cassette: &'c Cassette,
    keys: &'c Keys,
) -> impl Iterator<Item = Vec<Verdict>> + 'c {
    let (tokens, challenges) = (TokenSecrets::of(cassette), challenges(cassette));
    let interactions = cassette.interactions.iter();
    interactions.map(move |interaction| check_with(interaction, keys, &tokens, &challenges))
}

fn check_with(
    interaction: &Interaction,
    keys: &Keys,
    tokens: &TokenSecrets,
    challenges: &[String],
) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    if let Some(request) = as_http(&interaction.request) {
        let addresses = [interaction.signed_url()];
        verdicts = signatures::all(&request, &addresses, keys, tokens);
        if let Some(verifier) = verifier(request.body()) {
            verdicts.push(signatures::pkce(&verifier, challenges));
        }
    }
    let token = interaction.response().and_then(|answer| {
        let body = answer
            .body
            .plain(&answer.headers, &Limits::default())
            .ok()?;
        memchr::memmem::find(&body, b"id_token")?;
        let json: Value = serde_json::from_slice(&body).ok()?;
        json.get("id_token")?.as_str().map(str::to_owned)
    });
    verdicts.extend(token.map(|token| signatures::jwt("id_token", &token, keys)));
    verdicts
}

/// Checks a live request.
pub(super) fn live(
    request: &Request<Bytes>,
    rules: &Rules,
    keys: &Keys,
    tokens: &TokenSecrets,
) -> Option<Verdict> {
    let addresses = addresses(request, rules);
    let verdicts = signatures::all(request, &addresses, keys, tokens);
    verdicts.into_iter().find(Verdict::is_wrong)
}

/// Checks the verifier of a live code exchange.
pub(super) fn live_pkce(verifier: &str, challenges: &[String]) -> Verdict {
    signatures::pkce(verifier, challenges)
}

/// The addresses that a client may have signed for: as it sent the request, and as the host map has it.
fn addresses(request: &Request<Bytes>, rules: &Rules) -> Vec<String> {
    let uri = request.uri();
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let mut origins: Vec<String> = match (uri.scheme_str(), uri.authority()) {
        (Some(scheme), Some(authority)) => vec![format!("{scheme}://{authority}")],
        _ => {
            let host = request.headers().get(http::header::HOST);
            let host = host
                .and_then(|host| host.to_str().ok())
                .unwrap_or("localhost");
            vec![format!("http://{host}"), format!("https://{host}")]
        }
    };
    for (live, recorded) in &rules.hosts {
        let live = live.to_string();
        if origins
            .iter()
            .any(|origin| origin.eq_ignore_ascii_case(&live))
        {
            origins.push(recorded.to_string());
        }
    }
    origins
        .into_iter()
        .map(|origin| format!("{origin}{target}"))
        .collect()
}

/// The verifier of a form.
pub(super) fn verifier(body: &[u8]) -> Option<String> {
    memchr::memmem::find(body, b"code_verifier=")?;
    let pairs = Pairs::parse(std::str::from_utf8(body).ok()?).ok()?;
    pairs.first("code_verifier").map(str::to_owned)
}

/// The challenges of a cassette's consents.
fn challenges(cassette: &Cassette) -> Vec<String> {
    let queries = cassette
        .interactions
        .iter()
        .filter_map(|interaction| interaction.request.path_and_query().1);
    queries
        .filter(|query| query.contains("code_challenge="))
        .filter_map(|query| {
            Pairs::parse(query)
                .ok()?
                .first("code_challenge")
                .map(str::to_owned)
        })
        .collect()
}

fn as_http(request: &RecordedRequest) -> Option<Request<Bytes>> {
    let body = request
        .body
        .plain(&request.headers, &Limits::default())
        .ok()?;
    let mut live = Request::new(Bytes::copy_from_slice(&body));
    *live.method_mut() = request.method.parse().ok()?;
    *live.uri_mut() = request.url().parse().ok()?;
    *live.headers_mut() = request.headers.to_map().ok()?;
    Some(live)
}
