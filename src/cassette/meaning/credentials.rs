//! `Authorization`: who asks, told by token, claims or client.

use serde_json::Value;

use super::{
    facet::{FacetRole, Sink},
    fields::{self, Treatment},
    read::{OAUTH1_CLAIMS, Out, Pairs, set},
    rules::Rules,
    scheme::Scheme,
    view::{Place, View},
};
use crate::{
    cassette::SecretKind,
    scheme::{
        authsub::SignedData,
        clientlogin, oauth1,
        oauth2::{Jwt, read_basic},
    },
    wire::{
        origin::Origin,
        params::{Item, Items},
    },
};

/// What `Authorization` says.
pub(super) enum Credentials {
    None,
    AuthSub {
        token: String,
        data: Option<String>,
        sig: Option<String>,
    },
    GoogleLogin(String),
    OAuth1(oauth1::Header),
    Bearer(String),
    /// A client by name and secret, and the text as it stood.
    Basic(String, String, String),
    Other(String),
}

/// Reads the header; what cannot be read is kept as text.
pub(super) fn read(view: &View<'_>) -> Credentials {
    let Some(bytes) = view.known.authorization else {
        return Credentials::None;
    };
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim();
    let (word, rest) = text
        .split_once(|c: char| c.is_ascii_whitespace())
        .unwrap_or((text, ""));
    let rest = rest.trim();
    let read = match word.to_ascii_lowercase().as_str() {
        "authsub" => authsub(rest),
        "googlelogin" => clientlogin::Header::parse(text)
            .ok()
            .map(|header| Credentials::GoogleLogin(header.token().expose().to_owned())),
        // Drafts of OAuth 2.0 sent their token behind this word (oauth2.md 1).
        "oauth" if !rest.contains('=') || rest.trim_end_matches('=').find('=').is_none() => {
            Some(Credentials::Bearer(rest.to_owned()))
        }
        "oauth" => oauth1::Header::parse(text).ok().map(Credentials::OAuth1),
        "bearer" => Some(Credentials::Bearer(rest.to_owned())),
        "basic" => read_basic(text).into_iter().next().map(|(id, secret)| {
            Credentials::Basic(id, secret.expose().to_owned(), text.to_owned())
        }),
        _ => None,
    };
    read.unwrap_or_else(|| Credentials::Other(text.to_owned()))
}

fn authsub(rest: &str) -> Option<Credentials> {
    let (mut token, mut data, mut sig) = (None, None, None);
    for item in Items::of(rest) {
        let Item::Param(name, value) = item.ok()? else {
            return None;
        };
        match name.to_ascii_lowercase().as_str() {
            "token" => token = Some(value),
            "data" => data = Some(value),
            "sig" => sig = Some(value),
            _ => {}
        }
    }
    Some(Credentials::AuthSub {
        token: token?,
        data,
        sig,
    })
}

impl Credentials {
    pub(super) fn is_oauth1(&self) -> bool {
        let Self::OAuth1(header) = self else {
            return false;
        };
        let names = OAUTH1_CLAIMS.iter();
        names
            .into_iter()
            .any(|name| header.parameters().first(name).is_some())
    }

    /// The protocol, where the header alone tells it.
    pub(super) fn scheme(&self) -> Option<Scheme> {
        match self {
            Self::None => None,
            Self::AuthSub { .. } => Some(Scheme::AuthSub),
            Self::GoogleLogin(_) => Some(Scheme::GoogleLogin),
            Self::Bearer(_) => Some(Scheme::Bearer),
            Self::OAuth1(_) | Self::Basic(..) | Self::Other(_) => Some(Scheme::OtherScheme),
        }
    }

    /// The parameters that a header of OAuth 1.0 adds to those of query and form.
    pub(super) fn parameters(&self) -> Pairs<'_> {
        match self {
            Self::OAuth1(header) => header
                .parameters()
                .iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
            _ => Pairs::new(),
        }
    }

    /// A client that names itself in the header is the same that does so in the form (RFC 6749, 2.3.1).
    pub(super) fn add_client<'c>(&'c self, form: &mut Pairs<'c>) {
        if let Self::Basic(id, secret, _) = self
            && form.iter().any(|(name, _)| name == "grant_type")
            && !form.iter().any(|(name, _)| name == "client_secret")
        {
            form.retain(|(name, _)| name != "client_id");
            form.push(("client_id".into(), id.into()));
            form.push(("client_secret".into(), secret.into()));
            form.sort_by(|one, other| one.0.cmp(&other.0));
        }
    }

    /// Hands out what the header says, for all but OAuth 1.0.
    pub(super) fn put<S: Sink>(&self, view: &View<'_>, rules: &Rules, out: &mut Out<'_, S>) {
        const PLACE: &str = "authorization";
        match self {
            Self::None => {}
            Self::AuthSub { token, data, sig } => {
                out.secret(SecretKind::AuthSubToken, PLACE, "token", token);
                if let Some(data) = data {
                    put_data(data, view, rules, out);
                }
                if let Some(sig) = sig {
                    out.left_out(PLACE, "sig", sig);
                }
            }
            Self::GoogleLogin(token) => {
                out.secret(SecretKind::ClientLoginToken, PLACE, "token", token);
            }
            Self::Bearer(token) => {
                // A token that the client signed itself differs in every run (oauth2.md, self-signed JWT).
                if !put_claims("claim", token, out) {
                    out.secret(SecretKind::AccessToken, PLACE, "token", token);
                }
            }
            // In a form with a grant the client stands among the parameters.
            Self::Basic(..) if view.body.starts_with(b"grant_type=") || has_grant(&view.body) => {}
            Self::Basic(_, _, text) | Self::Other(text) => {
                out.secret(SecretKind::Other, PLACE, "credentials", text);
            }
            Self::OAuth1(header) => {
                for (name, value) in header.parameters().iter() {
                    out.secret(SecretKind::Other, PLACE, name, value);
                }
            }
        }
    }
}

fn has_grant(body: &[u8]) -> bool {
    memchr::memmem::find(body, b"&grant_type=").is_some()
}

/// What AuthSub signed: right when it is this request, told in full when it is another.
fn put_data<S: Sink>(data: &str, view: &View<'_>, rules: &Rules, out: &mut Out<'_, S>) {
    const PLACE: &str = "authorization";
    let Ok(signed) = SignedData::parse(data) else {
        return out.compared(PLACE, "data", data);
    };
    if is_of(&signed, view, rules) {
        out.compared(PLACE, "data", "this request");
    } else {
        let other = format!("{} {}", signed.method(), signed.url());
        out.compared(PLACE, "data", &other);
    }
    let stamp = signed.stamp();
    let seconds = stamp.timestamp().unix_seconds().to_string();
    out.left_out(PLACE, "timestamp", &seconds);
    out.left_out(PLACE, "nonce", stamp.nonce());
}

fn is_of(signed: &SignedData, view: &View<'_>, rules: &Rules) -> bool {
    let after = signed.url().split_once("://").map_or("", |(_, rest)| rest);
    let target = after.find(['/', '?']).map_or("/", |at| &after[at..]);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let path = if path.is_empty() { "/" } else { path };
    if signed.method() != view.method || path != view.path || query != view.query {
        return false;
    }
    let Ok(origin) = Origin::of(signed.url()) else {
        return false;
    };
    match &view.origin {
        Place::Any => true,
        Place::Host(host) => *host == origin.host_header(),
        Place::Origin(own) => {
            // What was recorded through a listener keeps the client's own word for it.
            let asked = view.known.host.unwrap_or_default();
            *own == origin
                || asked == origin.host_header().as_bytes()
                || rules.hosts.iter().any(|(live, _)| *live == origin)
        }
    }
}

/// The claims of a JSON Web Token; whether it is one.
pub(super) fn put_claims<S: Sink>(place: &str, token: &str, out: &mut Out<'_, S>) -> bool {
    let dots = memchr::memchr_iter(b'.', token.as_bytes()).count();
    let Some(token) = (dots == 2).then(|| Jwt::parse(token).ok()).flatten() else {
        return false;
    };
    let mut claims: Vec<(&String, &Value)> = token.unverified_claims().iter().collect();
    claims.sort_by_key(|(name, _)| *name);
    for (name, value) in claims {
        let text = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        match fields::claim(name) {
            Treatment::Set => out.compared(place, name, &set(&text)),
            Treatment::Plain(FacetRole::LeftOut) => out.left_out(place, name, &text),
            _ => out.compared(place, name, &text),
        }
    }
    true
}
