//! One walk over a request that hands out its facets, whether they are kept or hashed.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::{
    body::{self, BodyForm},
    credentials::{self, Credentials},
    facet::{FacetRole, Sink},
    fields::{self, Treatment},
    rules::Rules,
    scheme::Scheme,
    view::{API_KEYS, View},
};
use crate::{
    cassette::SecretKind,
    wire::{origin::Origin, percent, query},
};

/// Decoded parameters.
pub(super) type Pairs<'r> = SmallVec<[(Cow<'r, str>, Cow<'r, str>); 8]>;

/// A sink behind the rules.
pub(super) struct Out<'s, S> {
    rules: &'s Rules,
    sink: &'s mut S,
}

impl<S: Sink> Out<'_, S> {
    pub(super) fn put(&mut self, role: FacetRole, place: &str, name: &str, value: &str) {
        let role = self.rules.role(role, place, name);
        if role != FacetRole::LeftOut || S::WANTS_ALL {
            self.sink.facet(role, place, name, value);
        }
    }

    pub(super) fn compared(&mut self, place: &str, name: &str, value: &str) {
        self.put(FacetRole::Compared, place, name, value);
    }

    pub(super) fn left_out(&mut self, place: &str, name: &str, value: &str) {
        self.put(FacetRole::LeftOut, place, name, value);
    }

    pub(super) fn secret(&mut self, kind: SecretKind, place: &str, name: &str, value: &str) {
        self.put(FacetRole::Secret(kind), place, name, value);
    }
}

/// Hands out the facets of a request.
pub(in crate::cassette) fn read<S: Sink>(view: &View<'_>, rules: &Rules, sink: &mut S) -> Scheme {
    let out = &mut Out { rules, sink };
    let body = BodyForm::of(view);
    let credentials = credentials::read(view);
    let mut query = pairs(view.query);
    let mut form = match &body {
        BodyForm::Form(text) => pairs(text),
        _ => Some(Pairs::new()),
    };
    let scheme = scheme(view, &credentials, query.as_ref(), form.as_ref());

    out.compared("scheme", "", scheme.name());
    out.compared("method", "", meant_method(view));
    out.compared("path", "", &path(view.path));
    api_keys(view, query.as_mut(), out);
    if scheme == Scheme::OAuth1 {
        let given = credentials.parameters();
        let all = given.into_iter().chain(query.take().unwrap_or_default());
        let mut all: Pairs<'_> = all.chain(form.take().unwrap_or_default()).collect();
        all.sort_by(|one, other| one.0.cmp(&other.0));
        oauth1(&all, out);
    } else {
        credentials.put(view, rules, out);
        match query {
            Some(query) => parameters("query", scheme, &query, out),
            None => out.compared("query", "", view.query),
        }
        match (form, &body) {
            (Some(mut form), BodyForm::Form(_)) => {
                credentials.add_client(&mut form);
                parameters("form", scheme, &form, out);
            }
            (None, BodyForm::Form(text)) => out.compared("body", "", text),
            _ => {}
        }
    }
    body::put("", &body, out);
    headers(view, rules, out);
    scheme
}

/// Which protocol it is, by what stands in the request alone.
fn scheme(
    view: &View<'_>,
    credentials: &Credentials,
    query: Option<&Pairs<'_>>,
    form: Option<&Pairs<'_>>,
) -> Scheme {
    let has = |pairs: Option<&Pairs<'_>>, name: &str| value(pairs, name).is_some();
    let mut claims = OAUTH1_CLAIMS.iter();
    if credentials.is_oauth1() || claims.any(|name| has(query, name) || has(form, name)) {
        return Scheme::OAuth1;
    }
    if let Some(grant) = value(form, "grant_type") {
        return Scheme::of_grant(grant);
    }
    if let Some(scheme) = credentials.scheme() {
        return scheme;
    }
    if has(form, "Passwd") && has(form, "Email") {
        return Scheme::ClientLogin;
    }
    if has(query, "client_id") && (has(query, "response_type") || has(query, "redirect_uri")) {
        return Scheme::Authorization;
    }
    let path = view.path.trim_end_matches('/');
    if let Some((_, scheme)) = LINKS.iter().find(|(end, _)| path.ends_with(end)) {
        return *scheme;
    }
    if has(form, "client_id") && path.ends_with("/code") {
        return Scheme::DeviceStart;
    }
    let key = view.known.secrets.iter();
    let in_header = key.into_iter().any(|(name, _)| API_KEYS.contains(name));
    match in_header || has(query, "key") || has(query, "developerKey") {
        true => Scheme::ApiKey,
        false => Scheme::None,
    }
}

fn value<'p>(pairs: Option<&'p Pairs<'_>>, name: &str) -> Option<&'p str> {
    let pairs = pairs?;
    pairs
        .iter()
        .find(|(candidate, _)| candidate == name)
        .map(|(_, value)| &**value)
}

/// The pairs of a query or form, sorted by name; repeats keep their order. `None` when it cannot be decoded.
pub(super) fn pairs(text: &str) -> Option<Pairs<'_>> {
    if text.is_empty() {
        return Some(Pairs::new());
    }
    let mut pairs = Pairs::new();
    for (name, value) in query::pieces(text).ok()? {
        let decoded = |text| percent::decode_form("parameter", text).ok();
        pairs.push((decoded(name)?, decoded(value)?));
    }
    pairs.sort_by(|one, other| one.0.cmp(&other.0));
    Some(pairs)
}

/// The parameters of a query or a form.
fn parameters<S: Sink>(place: &str, scheme: Scheme, pairs: &Pairs<'_>, out: &mut Out<'_, S>) {
    for (name, value) in pairs {
        // Whichever way a token is named, it is the one thing that is taken back (RFC 7009, 2.1).
        if scheme == Scheme::Revocation && name == "token" {
            out.secret(SecretKind::Other, "token", "", value);
            continue;
        }
        let left_out = FacetRole::LeftOut;
        match fields::parameter(name) {
            // `state` and `nonce` are words of other protocols too: only a consent makes them up anew.
            Treatment::Plain(FacetRole::LeftOut)
                if ECHOED.contains(&&**name) && !is_consent(scheme, pairs) =>
            {
                out.compared(place, name, value);
            }
            // Names the version of a program, which goes up between two runs.
            _ if name == "source" && scheme == Scheme::ClientLogin => {
                out.put(left_out, place, name, value);
            }
            treatment => put(treatment, place, name, value, out),
        }
    }
}

fn is_consent(scheme: Scheme, pairs: &Pairs<'_>) -> bool {
    let has = |name: &str| pairs.iter().any(|(candidate, _)| candidate == name);
    // The page that asks, or the redirect back from it.
    scheme == Scheme::Authorization || has("code") || has("error")
}

pub(super) fn put<S: Sink>(
    treatment: Treatment,
    place: &str,
    name: &str,
    value: &str,
    out: &mut Out<'_, S>,
) {
    match treatment {
        Treatment::Plain(role) => out.put(role, place, name, value),
        Treatment::Set => out.compared(place, name, &set(value)),
        Treatment::Redirect => match loopback(value) {
            None => out.compared(place, name, value),
            Some((origin, without_port)) => {
                out.compared(place, name, &without_port);
                // Answers that send the browser back go to the live one.
                out.left_out(place, "redirect_origin", origin);
            }
        },
        Treatment::Token(kind) => {
            let claims = match name {
                "assertion" => "claim".to_owned(),
                _ => format!("{name} claim"),
            };
            match credentials::put_claims(&claims, value, out) {
                true => out.left_out(place, name, value),
                false => out.secret(kind, place, name, value),
            }
        }
    }
}

/// The origin of a loopback address, and the address without its port.
fn loopback(address: &str) -> Option<(&str, String)> {
    let origin = Origin::of(address).ok().filter(Origin::is_loopback)?;
    let start = address.find("://")? + 3;
    let end = address[start..]
        .find(['/', '?', '#'])
        .map_or(address.len(), |at| start + at);
    let bare = format!("{}://{}{}", origin.scheme(), origin.host(), &address[end..]);
    Some((&address[..end], bare))
}

/// Words in one order, each once.
pub(super) fn set(value: &str) -> Cow<'_, str> {
    if !value.contains(|c: char| c.is_whitespace()) {
        return Cow::Borrowed(value);
    }
    let mut words: Vec<&str> = value.split_whitespace().collect();
    words.sort_unstable();
    words.dedup();
    Cow::Owned(words.join(" "))
}

/// Keys of applications, wherever they stand; those of the query are taken out of it.
fn api_keys<S: Sink>(view: &View<'_>, query: Option<&mut Pairs<'_>>, out: &mut Out<'_, S>) {
    for (name, value) in &view.known.secrets {
        let text = String::from_utf8_lossy(value);
        if API_KEYS.contains(name) {
            let key = text.strip_prefix("key=").unwrap_or(&text);
            out.secret(SecretKind::ApiKey, "api key", "", key);
        } else {
            out.secret(SecretKind::ClientLoginToken, "header", name, &text);
        }
    }
    let Some(query) = query else { return };
    if !query.iter().any(|(name, _)| KEYS.contains(&&**name)) {
        return;
    }
    query.retain(|(name, value)| {
        let is_key = KEYS.contains(&&**name);
        if is_key {
            out.secret(SecretKind::ApiKey, "api key", "", value);
        }
        !is_key
    });
}

/// The parameters of a signed request, from wherever they stand.
fn oauth1<S: Sink>(all: &Pairs<'_>, out: &mut Out<'_, S>) {
    for (name, value) in all {
        match OAUTH1.iter().find(|(known, _)| known == name) {
            // An empty token is none: several clients sent it so before they had one.
            Some((known @ "oauth_token", role)) => {
                if !value.is_empty() {
                    out.put(*role, known, "", value);
                }
            }
            Some((known, role)) => out.put(*role, known, "", value),
            None => put(fields::parameter(name), "parameter", name, value, out),
        }
    }
}

fn headers<S: Sink>(view: &View<'_>, rules: &Rules, out: &mut Out<'_, S>) {
    for name in &rules.headers {
        for value in view.headers.all(name) {
            out.compared("header", name, &String::from_utf8_lossy(value));
        }
    }
    if !S::WANTS_ALL && !rules.cookies {
        return;
    }
    for line in view.headers.all("cookie") {
        let line = String::from_utf8_lossy(line);
        let mut cookies: Vec<(&str, &str)> = line
            .split(';')
            .filter_map(|cookie| cookie.trim().split_once('='))
            .collect();
        cookies.sort_by_key(|(name, _)| *name);
        for (name, value) in cookies {
            if rules.compares_cookie(name) {
                out.secret(SecretKind::Cookie, "cookie", name, value);
            } else {
                out.left_out("cookie", name, value);
            }
        }
    }
}

/// The method, or the one that `X-HTTP-Method-Override` means.
fn meant_method<'v>(view: &'v View<'_>) -> &'v str {
    let meant = view.known.method_override.filter(|_| view.method == "POST");
    meant
        .and_then(|meant| std::str::from_utf8(meant).ok())
        .map_or(view.method, str::trim)
}

/// A path in one spelling: unreserved characters as they are, escapes in capitals (RFC 3986, 6.2.2).
fn path(path: &str) -> Cow<'_, str> {
    if !path.contains('%') {
        return Cow::Borrowed(path);
    }
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let digits = rest.get(at + 1..at + 3);
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (byte, digits) {
            (Some(byte), _) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                out.push(char::from(byte));
            }
            (Some(_), Some(digits)) => {
                out.push('%');
                out.push_str(&digits.to_ascii_uppercase());
            }
            _ => {
                out.push('%');
                rest = &rest[at + 1..];
                continue;
            }
        }
        rest = &rest[at + 3..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The parameters of OAuth 1.0's own.
const OAUTH1: &[(&str, FacetRole)] = &[
    ("oauth_consumer_key", FacetRole::Compared),
    ("oauth_signature_method", FacetRole::Compared),
    ("oauth_callback", FacetRole::Compared),
    ("oauth_token", FacetRole::Secret(SecretKind::OAuth1Token)),
    (
        "oauth_verifier",
        FacetRole::Secret(SecretKind::OAuth1Verifier),
    ),
    ("oauth_timestamp", FacetRole::LeftOut),
    ("oauth_nonce", FacetRole::LeftOut),
    ("oauth_signature", FacetRole::LeftOut),
    ("oauth_version", FacetRole::LeftOut),
];

/// What makes a request a signed one.
pub(super) const OAUTH1_CLAIMS: &[&str] = &[
    "oauth_consumer_key",
    "oauth_signature",
    "oauth_signature_method",
];

/// Pages and endpoints that are told by how their path ends.
const LINKS: &[(&str, Scheme)] = &[
    ("/AuthSubRequest", Scheme::AuthSubLink),
    ("/OAuthAuthorizeToken", Scheme::OAuth1Link),
    ("/revoke", Scheme::Revocation),
];

const KEYS: &[&str] = &["key", "developerKey"];

/// What a client makes up and expects back.
const ECHOED: &[&str] = &["state", "nonce"];
