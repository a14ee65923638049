//! Calls that take a secret by its place among the arguments: what stands there in quotes is one, whatever it looks like.
//!
//! ```text
//! OAuth::Consumer.new('www.tides.example', 'hdhd0244', :site => …)
//!                      0                    1 ◀ a secret
//! ```
//!
//! # Source
//! The signatures of gdata-python-client 2, the gems oauth and youtube_it, PECL oauth and OAuth.php, node-oauth, signpost,
//! gdata-java-client and dispatch.

use std::{ops::Range, sync::LazyLock};

use regex_automata::meta::Regex;

use super::{
    language::Language::{self, CoffeeScript, JavaScript, Php, Python, Scala},
    lex::{Kind, Token},
    rules::build,
};

/// A call, and which of its arguments are secrets, from 0.
struct Call {
    name: &'static str,
    secrets: &'static [usize],
    /// Only with so many arguments; 0 means any.
    count: usize,
    /// In which languages; none means any.
    languages: &'static [Language],
}

const fn call(name: &'static str, secrets: &'static [usize]) -> Call {
    of_languages(name, secrets, &[])
}

const fn of_languages(
    name: &'static str,
    secrets: &'static [usize],
    languages: &'static [Language],
) -> Call {
    Call {
        name,
        secrets,
        count: 0,
        languages,
    }
}

/// A constructor that signs in where it has so many arguments.
const fn sign_in(name: &'static str, count: usize) -> Call {
    Call {
        name,
        secrets: &[1],
        count,
        languages: &[],
    }
}

/// Every call; a name stands before those that it begins with.
const CALLS: &[Call] = &[
    call("TwoLeggedOAuthHmacToken", &[1]),
    call("TwoLeggedOAuthRsaToken", &[1]),
    call("OAuthHmacToken", &[1, 2, 3]),
    call("OAuthRsaToken", &[1, 2, 3]),
    call("SecureAuthSubToken", &[0, 1]),
    call("AuthSubToken", &[0]),
    call("ClientLoginToken", &[0]),
    call("get_oauth_token", &[3, 4]),
    call("GetOAuthToken", &[3, 4]),
    call("SetOAuthInputParameters", &[2, 3]),
    call("token_from_blob", &[0]),
    call("TokenFromBlob", &[0]),
    call("OAuthConsumer", &[1]),
    call("DefaultOAuthConsumer", &[1]),
    call("CommonsHttpOAuthConsumer", &[1]),
    call("OAuthToken", &[0, 1]),
    call("OAuth::Consumer.new", &[1]),
    call("OAuth::AccessToken.new", &[1, 2]),
    call("OAuth::RequestToken.new", &[1, 2]),
    call("YouTubeIt::OAuthClient.new", &[1, 3]),
    call("YouTubeIt::AuthSubClient.new", &[0, 1]),
    call("authorize_from_access", &[0, 1]),
    call("authorize_from_request", &[0, 1, 2]),
    of_languages("new OAuth", &[1], &[Php]),
    of_languages("new OAuth", &[3], &[JavaScript, CoffeeScript]),
    call("OAuth.OAuth", &[3]),
    call("oauth.OAuth", &[3]),
    call("getProtectedResource", &[2, 3]),
    call("getOAuthAccessToken", &[0, 1]),
    of_languages("Consumer", &[1], &[Scala, Python]),
    of_languages("Token", &[0, 1], &[Scala, Python]),
    call("setTokenWithSecret", &[0, 1]),
    of_languages("setToken", &[0, 1], &[Php]),
    call("setAuthSubToken", &[0]),
    call("SetAuthSubToken", &[0]),
    call("set_authsub_token", &[0]),
    call("SetClientLoginToken", &[0]),
    call("setOAuthTokenSecret", &[0]),
    call("setOAuthToken", &[0]),
    call("setOAuthConsumerSecret", &[0]),
    call("setUserToken", &[0]),
    call("SetAuthenticationToken", &[0]),
    call("Zend_Gdata_AuthSub::getHttpClient", &[0]),
    call("getAuthSubSessionToken", &[0]),
    call("AuthSubRevokeToken", &[0]),
    sign_in("AuditService", 4),
    sign_in("AppsForYourDomainService", 4),
];

static SEARCH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let names: Vec<String> = CALLS
        .iter()
        .map(|call| {
            call.name
                .replace('.', r"(?:\.|->)")
                .replace(' ', r"\s+(?:[\w\\]+(?:\.|\\))?")
        })
        .collect();
    build(&format!(
        r#"\b(?P<name>{})(?:\s*(?P<open>\()|[ \t]+["'])"#,
        names.join("|")
    ))
});

/// Whether what this file looks for can be built.
pub(super) fn is_ready() -> bool {
    SEARCH.is_some()
}

/// The most calls of one file that are looked at, and the most tokens and bytes of one of them.
const MOST: usize = 20_000;
const TOKENS: usize = 200;
const BYTES: usize = 8_000;

/// The literals, without their quotes, that stand where secrets do, in order.
pub(super) fn secrets(text: &str, tokens: &[Token], language: Language) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let Some(search) = &*SEARCH else {
        return found;
    };
    for captures in search.captures_iter(text).take(MOST) {
        let group = |name| captures.get_group_by_name(name);
        let (Some(all), Some(name)) = (captures.get_match(), group("name")) else {
            continue;
        };
        let (open, first) = (group("open"), index(tokens, name.start));
        if tokens
            .get(first)
            .is_none_or(|token| token.kind != Kind::Code)
        {
            continue;
        }
        // Without brackets the match ends behind a quote.
        let from = open.map_or(all.end().saturating_sub(1), |open| open.end);
        let (given, count) = arguments(text, tokens, from, open.is_some());
        let called = text.get(name.range()).unwrap_or_default();
        let named = CALLS.iter().filter(|call| {
            is_called(call.name, called)
                && (call.languages.is_empty() || call.languages.contains(&language))
                && (call.count == 0 || call.count == count)
        });
        for call in named {
            let held = given.iter().filter(|one| match one.named {
                Some(secret) => secret,
                None => call.secrets.contains(&one.place),
            });
            found.extend(held.map(|one| one.span.clone()).filter(|span| {
                let value = text.get(span.clone()).unwrap_or_default();
                !value.is_empty() && value != "anonymous"
            }));
        }
    }
    found.sort_unstable_by_key(|span| (span.start, span.end));
    found.dedup();
    found
}

/// Whether a call of the table has the name that was found, which may have a module or an arrow in it.
fn is_called(name: &str, called: &str) -> bool {
    let called = called.replace("->", ".");
    match name.split_once(' ') {
        Some((word, rest)) => {
            called.starts_with(word)
                && called.rsplit([' ', '.', '\\', '\t', '\n']).next() == Some(rest)
        }
        None => called == name,
    }
}

/// A literal among the arguments.
struct Given {
    place: usize,
    span: Range<usize>,
    /// Given by a name, and whether that is one of a secret.
    named: Option<bool>,
}

fn index(tokens: &[Token], at: usize) -> usize {
    tokens.partition_point(|token| token.end <= at)
}

/// The literals that are arguments themselves, and how many arguments there are.
fn arguments(text: &str, tokens: &[Token], from: usize, closed: bool) -> (Vec<Given>, usize) {
    let (mut given, mut place, mut depth, mut lead) = (Vec::new(), 0, 0_usize, String::new());
    let mut last = b'(';
    for token in tokens.iter().skip(index(tokens, from)).take(TOKENS) {
        if token.start > from.saturating_add(BYTES) {
            break;
        }
        match token.kind {
            Kind::Str => {
                last = b'"';
                let span = token.start + usize::from(token.open)
                    ..token.end.saturating_sub(usize::from(token.close));
                if depth == 0 && span.start < span.end {
                    let named = by_name(&lead);
                    given.push(Given { place, span, named });
                }
            }
            Kind::Code => {
                let code = text.get(token.start.max(from)..token.end);
                for byte in code.unwrap_or_default().bytes().take(BYTES) {
                    match byte {
                        b'(' | b'[' | b'{' => depth += 1,
                        b')' | b']' | b'}' if depth == 0 => return (given, place + 1),
                        b')' | b']' | b'}' => depth -= 1,
                        b',' if depth == 0 => {
                            place += 1;
                            lead.clear();
                        }
                        b';' if depth == 0 => return (given, place + 1),
                        b'\n' if !closed && depth == 0 && last != b',' => {
                            return (given, place + 1);
                        }
                        _ if depth == 0 && byte.is_ascii() && lead.len() < 80 => {
                            lead.push(char::from(byte));
                        }
                        _ => {}
                    }
                    if !byte.is_ascii_whitespace() {
                        last = byte;
                    }
                }
            }
            Kind::Comment | Kind::Prose => {}
        }
    }
    (given, place + 1)
}

/// Whether what stands before a literal names it, and as a secret: `consumer_secret=`, `:secret =>`.
fn by_name(lead: &str) -> Option<bool> {
    let name = lead.trim_end().trim_end_matches("=>");
    let name = name.trim_end().trim_end_matches([':', '=']);
    if name.trim_end() == lead.trim_end() {
        return None;
    }
    let name = name.to_ascii_lowercase();
    Some(
        ["secret", "passw", "token"]
            .iter()
            .any(|word| name.trim_end().ends_with(word)),
    )
}
