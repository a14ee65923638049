//! What the name of a field says: a secret that is known, one that is likely, or none.

use std::{collections::HashMap, sync::LazyLock};

use crate::cassette::{KNOWN, Place, Role, SecretKind};

/// The kind of a field that the table of known fields, or one of the tables here, has as secret.
pub(super) fn known(place: Place, name: &str, value: &[u8]) -> Option<SecretKind> {
    if is_empty_word(value) {
        return None;
    }
    let name = name.to_ascii_lowercase();
    let row = |place| TABLE.get(&place)?.get(&name).copied();
    let kind = match place {
        Place::Cookie => (value.len() >= SHORTEST_COOKIE).then_some(SecretKind::Cookie),
        // One line of `text/plain` may be a form, and the other way round.
        Place::Param => row(Place::Param).or_else(|| row(Place::Line)),
        Place::Line => row(Place::Line).or_else(|| row(Place::Param)),
        Place::AuthParam => row(Place::AuthParam).or_else(|| row(Place::Param)),
        place => row(place),
    };
    let only = WITH_PREFIX
        .iter()
        .find(|(at, named, _)| *at == place && *named == name);
    if let Some((_, _, prefix)) = only {
        return value
            .starts_with(prefix.as_bytes())
            .then_some(SecretKind::AuthorizationCode);
    }
    let vague = VAGUE.contains(&name.as_str()) && place != Place::AuthParam;
    kind.filter(|_| !vague || value.len() >= SHORTEST_VAGUE)
}

/// Whether the name alone says that a secret stands there, although no table has it.
pub(super) fn suspicious(name: &str) -> Option<Suspicion> {
    let words = words(name);
    let joined = words.concat();
    if HARMLESS.contains(&joined.as_str()) {
        return None;
    }
    let last = words.last().map_or("", String::as_str);
    if HARMLESS_LAST.contains(&last) {
        return None;
    }
    let pairs = words.windows(2).map(<[String]>::concat);
    let all: Vec<String> = pairs.chain(words.iter().cloned()).chain([joined]).collect();
    let any = |table: &[&str]| all.iter().any(|word| table.contains(&word.as_str()));
    if any(SURE) {
        return Some(Suspicion::Sure);
    }
    any(LIKELY).then_some(Suspicion::Likely)
}

/// How much a name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Suspicion {
    /// Any value is secret.
    Sure,
    /// A value that nobody could guess is secret.
    Likely,
}

/// Headers whose value is a list of fields: those are looked at.
pub(super) fn is_container(header: &str) -> bool {
    let header = header.to_ascii_lowercase();
    header.ends_with("authorization") || header.ends_with("cookie") || header.ends_with("cookie2")
}

/// Values that say that there is none, and secrets that were published.
pub(super) fn is_empty_word(value: &[u8]) -> bool {
    value.len() < 2
        || EMPTY
            .iter()
            .any(|word| word.as_bytes().eq_ignore_ascii_case(value))
}

/// Words that stand in recordings anyway: they are replaced in their fields, and nowhere else.
pub(super) fn is_common(text: &str) -> bool {
    COMMON.contains(&text.to_ascii_lowercase().as_str())
}

/// The words of a name: `nextPageToken`, `next_page_token` and `X-Next-Page-Token` have the same ones.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut lower = false;
    for char in name.chars() {
        let cut = !char.is_alphanumeric() || (lower && char.is_uppercase());
        if cut && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        lower = char.is_lowercase() || char.is_ascii_digit();
        if char.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(char.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty() && word != "x");
    words
}

static TABLE: LazyLock<HashMap<Place, HashMap<String, SecretKind>>> = LazyLock::new(|| {
    let known = KNOWN.iter().filter_map(|row| match row.role {
        Role::Secret(kind) => Some((row.place, row.name, kind)),
        _ => None,
    });
    let mut table: HashMap<Place, HashMap<String, SecretKind>> = HashMap::new();
    for (place, name, kind) in known.chain(MORE.iter().copied()) {
        let names = table.entry(place).or_default();
        names.insert(name.to_ascii_lowercase(), kind);
    }
    table
});

/// What the real keys made of a request, because a guess at a weak secret can be checked against it, and what a
/// header of an unknown scheme has.
const MORE: &[(Place, &str, SecretKind)] = &[
    (Place::AuthParam, "sig", SecretKind::Signature),
    (Place::AuthParam, "oauth_signature", SecretKind::Signature),
    (Place::AuthParam, "signature", SecretKind::Signature),
    (Place::AuthParam, "response", SecretKind::Signature),
    (Place::AuthParam, "mac", SecretKind::Signature),
    (Place::AuthParam, CREDENTIALS, SecretKind::Other),
    (Place::AuthParam, CONSUMER_SECRET, SecretKind::ClientSecret),
    (Place::Param, "oauth_signature", SecretKind::Signature),
    (Place::Param, "sig", SecretKind::Signature),
    (Place::Param, "consumer_secret", SecretKind::ClientSecret),
    (Place::Claim, "access_token", SecretKind::AccessToken),
    (Place::Claim, "refresh_token", SecretKind::RefreshToken),
    (Place::Claim, "password", SecretKind::Password),
];

/// What stands in a header of a scheme that is not known.
pub(super) const CREDENTIALS: &str = "credentials";
/// The first half of a `PLAINTEXT` signature.
pub(super) const CONSUMER_SECRET: &str = "consumer_secret";

/// Names that also mean something else: short values are none.
const VAGUE: &[&str] = &["code", "key", "token", "auth", "sid", "signature", "sig"];
const SHORTEST_VAGUE: usize = 4;
/// `lang=en` lets nobody in.
const SHORTEST_COOKIE: usize = 8;

/// Names that are secret with a value of this beginning only.
const WITH_PREFIX: &[(Place, &str, &str)] = &[(Place::Json, "code", "4/")];

const EMPTY: &[&str] = &[
    "true",
    "false",
    "null",
    "none",
    "nil",
    "undefined",
    "yes",
    "no",
    "anonymous",
    "notasecret",
    "oob",
    "deleted",
    "expired",
    "empty",
];

const SURE: &[&str] = &[
    "password",
    "passwd",
    "passwort",
    "pwd",
    "passphrase",
    "passcode",
    "secret",
    "privatekey",
    "secretkey",
    "clientsecret",
    "sharedsecret",
    "encryptionkey",
    "signingkey",
];

const LIKELY: &[&str] = &[
    "token",
    "tokens",
    "apikey",
    "accesskey",
    "appkey",
    "devkey",
    "developerkey",
    "authkey",
    "credential",
    "credentials",
    "auth",
    "authorization",
    "authentication",
    "session",
    "sessionid",
    "sessid",
    "phpsessid",
    "jsessionid",
    "sid",
    "signature",
    "sig",
    "hmac",
    "cookie",
    "cookies",
    "jwt",
    "bearer",
    "otp",
    "pin",
    "ticket",
    "nonce",
    "xsrf",
    "csrf",
    "assertion",
    "verifier",
    "passkey",
    "saml",
    "samlresponse",
    "licensekey",
    "webhook",
];

/// Whole names that look worse than they are.
const HARMLESS: &[&str] = &[
    "nextpagetoken",
    "prevpagetoken",
    "previouspagetoken",
    "pagetoken",
    "synctoken",
    "nextsynctoken",
    "continuationtoken",
    "pagingtoken",
    "starttoken",
    "startpagetoken",
    "newstartpagetoken",
    "tokentype",
    "issuedtokentype",
    "subjecttokentype",
    "requestedtokentype",
    "authuser",
    "authtime",
    "nonce",
    "oauthnonce",
    "oauthversion",
    "oauthtimestamp",
    "oauthcallback",
    "oauthcallbackconfirmed",
    "oauthsignaturemethod",
    "oauthconsumerkey",
    "signaturemethod",
    "clientauth",
    "tokenendpointauthmethod",
    "xgoogauthenticateduseremail",
    "sigalg",
    "prettyprintcookie",
    "tokenendpointauthmethodssupported",
];

/// A name that ends so tells something about a secret, and is none: `token_uri`, `session_state`.
const HARMLESS_LAST: &[&str] = &[
    "uri",
    "url",
    "endpoint",
    "type",
    "method",
    "methods",
    "supported",
    "expiry",
    "expires",
    "expiration",
    "length",
    "count",
    "size",
    "version",
    "status",
    "state",
    "time",
    "name",
    "info",
    "required",
    "enabled",
    "confirmed",
    "realm",
    "at",
    "in",
    "scope",
    "email",
    "policy",
    "provider",
    "algorithm",
    "alg",
    "hint",
    "hash",
    "challenge",
    "headers",
    "title",
    "label",
    "description",
    "host",
    "domain",
    "path",
];

const COMMON: &[&str] = &[
    "password",
    "passwort",
    "secret",
    "letmein",
    "calendar",
    "youtube",
    "google",
    "accounts",
    "contacts",
    "documents",
    "spreadsheets",
    "picasa",
    "clientlogin",
    "authsub",
    "authorization",
    "bearer",
    "application",
    "content",
    "default",
    "feeds",
    "service",
    "source",
    "example",
    "private",
    "public",
    "username",
    "localhost",
    "googleapis",
    "oauth2",
    "session",
    "content-type",
    "standard",
    "developer",
    "administrator",
    "location",
    "response",
    "request",
    "message",
];

/// What people and tools write where a secret was, and nobody has for one.
pub(super) fn is_placeholder(value: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(value) else {
        return false;
    };
    let text = text.trim();
    let inner = |open: char, close: char| {
        let name = text.strip_prefix(open)?.strip_suffix(close)?;
        let fits = |char: char| char.is_ascii_uppercase() || "_- 0123456789{}%".contains(char);
        (!name.is_empty() && name.chars().all(fits)).then_some(())
    };
    inner('<', '>').is_some()
        || inner('[', ']').is_some()
        || inner('{', '}').is_some()
        || (!text.is_empty() && text.chars().all(|char| char == '*'))
        || PLACEHOLDERS.contains(&text)
}

/// The same, for files of other people, where a doubtful value is no alarm: `xxxx`, `YOUR_API_KEY`, `dummy`.
pub(super) fn is_likely_placeholder(value: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(value) else {
        return false;
    };
    let first = text.chars().next();
    let lower = text.to_ascii_lowercase();
    is_placeholder(value)
        || text.chars().all(|char| Some(char) == first)
        || (text.starts_with('<') && text.ends_with('>'))
        || (text.starts_with("{{") && text.ends_with("}}"))
        || (text.contains('_')
            && text
                .chars()
                .all(|char| char.is_ascii_uppercase() || char == '_'))
        || DUMMIES.iter().any(|dummy| lower.contains(dummy))
}

const PLACEHOLDERS: &[&str] = &[
    "REDACTED",
    "FILTERED",
    "[REDACTED]",
    "[FILTERED]",
    "<redacted>",
];

const DUMMIES: &[&str] = &[
    "redacted",
    "filtered",
    "removed",
    "masked",
    "sanitized",
    "scrubbed",
    "dummy",
    "placeholder",
    "your_",
    "your-",
    "xxxxx",
    "fake",
];
