//! One string that may be a token: a blob, a header, a form, or a token by its shape.
//!
//! ```text
//! 1a|…                          a blob, or a list of them
//! AuthSub token="…"             the value of a header, as gdata-python's first generation kept it
//! GoogleLogin auth=…
//! oauth_token=…&oauth_token_secret=…
//! 1/ + 43     DQAAA…     ya29.…     1//…      by shape, and only where the name says that it is a token
//! ```
//!
//! # Source
//! legacy-protocol.md 7.

use super::{
    blob::Blob,
    draft::{Draft, words},
    inventory::{Form, Protocol, TokenState},
};
use crate::{error::Error, secret::Secret, wire::query::Pairs};

/// What a string says by itself. `None`: it is no token.
pub(super) fn read(text: &str, form: Form) -> Option<Result<Vec<Draft>, Error>> {
    let text = text.trim();
    if Blob::begins(text) {
        return Some(
            text.split(',')
                .map(|blob| Blob::parse(blob.trim()).map(Draft::of_blob))
                .collect(),
        );
    }
    header(text, form)
        .or_else(|| oauth1_form(text, form))
        .map(|draft| Ok(vec![draft]))
}

/// The value of an `Authorization` header.
fn header(text: &str, form: Form) -> Option<Draft> {
    let text = match text.get(..14) {
        Some(name) if name.eq_ignore_ascii_case("authorization:") => text[14..].trim(),
        _ => text,
    };
    let (scheme, rest) = text.split_once(' ')?;
    let rest = rest.trim();
    let parameter = |name: &str| {
        let (at, _) = rest
            .match_indices('=')
            .find(|(at, _)| rest[..*at].trim().eq_ignore_ascii_case(name))?;
        let value = rest[at + 1..].trim();
        let value = match value.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next()?,
            None => value.split([' ', ',', ';']).next()?,
        };
        Some(value.to_owned()).filter(|value| !value.is_empty())
    };
    match scheme.to_ascii_lowercase().as_str() {
        "authsub" => Some(Draft::new(Protocol::AuthSub, form).with_token(parameter("token")?)),
        "googlelogin" => {
            Some(Draft::new(Protocol::ClientLogin, form).with_token(parameter("auth")?))
        }
        "bearer" if rest.len() >= 8 && !rest.contains(' ') => {
            let mut draft = Draft::new(Protocol::OAuth2, form);
            draft.secrets.access_token = Some(Secret::new(rest));
            Some(draft)
        }
        _ => None,
    }
}

/// The answer of a token call, kept as it came; of repeated keys the first one counts.
fn oauth1_form(text: &str, form: Form) -> Option<Draft> {
    if !text.contains("oauth_token=") || text.contains(['\n', ' ']) {
        return None;
    }
    let pairs = Pairs::parse(text.rsplit('?').next()?).ok()?;
    let mut draft = Draft::new(Protocol::OAuth1, form).with_token(pairs.first("oauth_token")?);
    let text = |name: &str| pairs.first(name).filter(|text| !text.is_empty());
    draft.secrets.token_secret = text("oauth_token_secret").map(Secret::new);
    draft.secrets.verifier = text("oauth_verifier").map(Secret::new);
    draft.client = text("oauth_consumer_key").map(str::to_owned);
    draft.scopes = words(
        text("scope")
            .or_else(|| text("oauth_token_scope"))
            .unwrap_or_default(),
    );
    if draft.secrets.verifier.is_some() {
        draft.state = Some(TokenState::AuthorizedRequest);
    } else if text("oauth_callback_confirmed").is_some() {
        draft.state = Some(TokenState::Request);
    }
    Some(draft)
}

/// What a text is by its shape, where its name says that it is a token.
pub(super) fn by_shape(text: &str, form: Form) -> Option<Draft> {
    let text = text.trim();
    let plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '=' | '+' | '~');
    if text.len() < 16 || text.len() > 4096 || !text.chars().all(plain) {
        return None;
    }
    let mut oauth2 = Draft::new(Protocol::OAuth2, form);
    if text.starts_with("1//") {
        oauth2.secrets.refresh_token = Some(Secret::new(text));
        return Some(oauth2);
    }
    if text.starts_with("ya29.") {
        oauth2.secrets.access_token = Some(Secret::new(text));
        return Some(oauth2);
    }
    if text.starts_with("1/") && text.len() >= 40 {
        return Some(Draft::new(Protocol::AuthSub, form).with_token(text));
    }
    // Session tokens of 2006 began so as well, and were short.
    if text.starts_with("DQAAA") {
        return Some(Draft::new(Protocol::ClientLogin, form).with_token(text));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_told_from_a_sentence() {
        for (text, token) in [
            ("AuthSub token=\"1/abc\"", Some("1/abc")),
            ("AuthSub token=1/abc", Some("1/abc")),
            ("authorization: GoogleLogin Auth=DQAA", Some("DQAA")),
            ("AuthSub is gone", None),
            ("GoogleLogin auth=", None),
        ] {
            let found = header(text, Form::Json).and_then(|draft| draft.secrets.token);
            assert_eq!(found.as_ref().map(|token| token.expose()), token, "{text}");
        }
    }
}
