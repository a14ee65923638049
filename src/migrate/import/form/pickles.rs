//! Pickles, walked as data: App Engine's dictionaries of gdata-python, and the credentials of oauth2client and
//! google-auth (`token.pickle`).
//!
//! ```text
//! {'http://www.google.com/calendar/feeds/': gdata.auth.AuthSubToken(auth_header, scopes)}    TokenCollection
//! oauth2client.client.OAuth2Credentials(access_token, client_id, refresh_token, …)
//! google.oauth2.credentials.Credentials(token, _refresh_token, _client_id, …)
//! ```
//!
//! Nothing is imported or called, whatever the pickle asks for.
//!
//! # Source
//! legacy-protocol.md 7 (App Engine v1).

use std::{collections::HashSet, io::BufRead};

use super::{
    super::{
        draft::Draft,
        input::Limits,
        inventory::{Form, Protocol},
        moment,
        run::{Broken, Out},
        value,
    },
    document,
    fields::Fields,
};
use crate::{
    error::Error,
    secret::Secret,
    wire::pickle::{Id, Item, Pickle},
};

/// How deep a value is looked for.
const MAX_DEPTH: usize = 64;

pub(super) fn read(
    reader: &mut dyn BufRead,
    limits: &Limits,
    out: &mut Out<'_>,
) -> Result<(), Broken> {
    let Some(bytes) = document::whole(reader, limits, out)? else {
        return Ok(());
    };
    match Pickle::parse(&bytes, limits.values) {
        Ok(pickle) => {
            let mut look = Look {
                pickle: &pickle,
                seen: HashSet::new(),
            };
            look.value(pickle.root(), "$", 0, out)?;
        }
        Err(error) => out.problem("the file", error)?,
    }
    Ok(())
}

struct Look<'p> {
    pickle: &'p Pickle,
    /// One token may stand under several scopes, and a value inside of itself.
    seen: HashSet<Id>,
}

impl Look<'_> {
    fn value(&mut self, id: Id, path: &str, depth: usize, out: &mut Out<'_>) -> Result<(), Error> {
        if depth > MAX_DEPTH || !self.seen.insert(id) {
            return Ok(());
        }
        match self.pickle.value(id).clone() {
            Item::Dict(pairs) => self.pairs(&pairs, path, depth, out),
            Item::List(items) | Item::Tuple(items) => {
                items.into_iter().enumerate().try_for_each(|(at, item)| {
                    self.value(item, &format!("{path}[{at}]"), depth + 1, out)
                })
            }
            Item::Object {
                arguments, state, ..
            } => {
                let class = class(self.pickle, id).unwrap_or_default();
                match self.token(id, &class) {
                    Some(draft) => out.found(draft, format_args!("{path} ({class})")),
                    None => match state {
                        Some(state) => self.value(state, path, depth + 1, out),
                        None => self.value(arguments, path, depth + 1, out),
                    },
                }
            }
            Item::Bytes(_) | Item::Text(_) => {
                let text = self.text(id).unwrap_or_default();
                match value::read(&text, Form::Pickle) {
                    Some(Ok(drafts)) => drafts
                        .into_iter()
                        .try_for_each(|draft| out.found(draft, path)),
                    _ => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    /// A dictionary: one that holds named values itself, or one of tokens.
    fn pairs(
        &mut self,
        pairs: &[(Id, Id)],
        path: &str,
        depth: usize,
        out: &mut Out<'_>,
    ) -> Result<(), Error> {
        let mut fields = Fields::default();
        self.take(pairs, &mut fields);
        let drafts = fields.into_drafts(Form::Pickle);
        if !drafts.is_empty() {
            return drafts
                .into_iter()
                .try_for_each(|draft| out.found(draft, path));
        }
        for (name, value) in pairs {
            let name = self.text(*name).unwrap_or_default();
            self.value(*value, &format!("{path}.{name}"), depth + 1, out)?;
        }
        Ok(())
    }

    /// An object of one of the classes that hold a token.
    fn token(&self, id: Id, class: &str) -> Option<Draft> {
        let module = class.rsplit_once('.').map_or("", |(module, _)| module);
        let known = [
            "gdata",
            "atom",
            "oauth2client",
            "google.oauth2",
            "google.auth",
            "oauth2",
            "oauth",
        ];
        if !known
            .iter()
            .any(|start| module == *start || module.starts_with(&format!("{start}.")))
        {
            return None;
        }
        let Item::Dict(pairs) = self.pickle.value(self.state(id)?) else {
            return None;
        };
        let mut fields = Fields::default();
        self.take(pairs, &mut fields);
        if class.ends_with(".OAuthToken") {
            return self.oauth1(id, fields.scopes);
        }
        if class.ends_with(".SecureAuthSubToken") && fields.token().is_some() {
            let key = self.member_text(id, &["rsa_private_key", "rsa_key"]);
            let drafts = fields.into_drafts(Form::Pickle);
            return drafts.into_iter().next().map(|mut draft| {
                draft.protocol = Protocol::SecureAuthSub;
                draft.secrets.private_key = draft.secrets.private_key.or(key.map(Secret::new));
                draft
            });
        }
        // The second generation keeps the token as it is, and the class says which kind it is of.
        let protocol = match class.rsplit('.').next() {
            Some("ClientLoginToken") => Some(Protocol::ClientLogin),
            Some("AuthSubToken") => Some(Protocol::AuthSub),
            _ => None,
        };
        if let (Some(protocol), Some(text)) = (protocol, fields.token().map(str::to_owned))
            && value::read(&text, Form::Pickle).is_none()
        {
            let mut draft = Draft::new(protocol, Form::Pickle).with_token(text);
            draft.scopes = fields.scopes;
            return Some(draft);
        }
        if class.contains(".OAuthHmacToken") || class.contains(".OAuthRsaToken") {
            let mut draft = Draft::new(Protocol::OAuth1, Form::Pickle);
            let member = |name: &str| self.member_text(id, &[name]);
            draft.client = member("consumer_key");
            draft.secrets.token = member("token").map(Secret::new);
            draft.secrets.token_secret = member("token_secret").map(Secret::new);
            draft.secrets.client_secret = member("consumer_secret").map(Secret::new);
            draft.secrets.private_key = member("rsa_private_key").map(Secret::new);
            return Some(draft);
        }
        fields.into_drafts(Form::Pickle).into_iter().next()
    }

    /// The first generation's token of OAuth 1.0: the consumer stands in its input parameters.
    fn oauth1(&self, id: Id, scopes: Vec<String>) -> Option<Draft> {
        let mut draft = Draft::new(Protocol::OAuth1, Form::Pickle);
        draft.secrets.token = Some(Secret::new(self.member_text(id, &["key"])?));
        draft.secrets.token_secret = self.member_text(id, &["secret"]).map(Secret::new);
        draft.scopes = scopes;
        let parameters = self.pickle.get(id, "oauth_input_params");
        let consumer = parameters.and_then(|it| self.pickle.get(it, "_consumer"));
        if let Some(consumer) = consumer {
            draft.client = self.member_text(consumer, &["key"]);
            draft.secrets.client_secret = self.member_text(consumer, &["secret"]).map(Secret::new);
        }
        Some(draft)
    }

    fn take(&self, pairs: &[(Id, Id)], fields: &mut Fields) {
        for (name, value) in pairs {
            let Some(name) = self.text(*name) else {
                continue;
            };
            if Fields::is_scope(&name.replace('_', "")) && self.text(*value).is_none() {
                fields.scopes = self.scopes(*value);
            } else if let Some(text) = self.text(*value) {
                fields.take(&name, &text);
            } else if name == "id_token" || name == "_id_token" {
                // oauth2client keeps the claims.
                let claim = |claim: &str| self.text(self.pickle.get(*value, claim)?);
                if let Some(user) = claim("email").or_else(|| claim("sub")) {
                    fields.take("email", &user);
                }
            } else if let Item::Bool(flag) = self.pickle.value(*value) {
                fields.take_flag(&name, *flag);
            } else if let Some(at) = self
                .datetime(*value)
                .and_then(|text| moment::of_text(&text))
            {
                fields.take_moment(&name, at);
            }
        }
    }

    /// Addresses in a list, as text or as `atom.url.Url`.
    fn scopes(&self, id: Id) -> Vec<String> {
        let (Item::List(items) | Item::Tuple(items)) = self.pickle.value(id) else {
            // A set is built by calling its class with a list.
            return match self.pickle.value(id) {
                Item::Object { arguments, .. } => match self.pickle.value(*arguments) {
                    Item::Tuple(inner) if inner.len() == 1 && inner[0] != id => {
                        self.plain_scopes(inner[0])
                    }
                    _ => Vec::new(),
                },
                _ => Vec::new(),
            };
        };
        items
            .iter()
            .filter_map(|item| self.text(*item).or_else(|| self.url(*item)))
            .collect()
    }

    fn plain_scopes(&self, id: Id) -> Vec<String> {
        match self.pickle.value(id) {
            Item::List(items) | Item::Tuple(items) => {
                items.iter().filter_map(|item| self.text(*item)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn url(&self, id: Id) -> Option<String> {
        let part = |name: &str| self.member_text(id, &[name]);
        let protocol = part("protocol").unwrap_or_else(|| "http".to_owned());
        let (host, path) = (part("host")?, part("path").unwrap_or_default());
        Some(format!("{protocol}://{host}{path}"))
    }

    fn member_text(&self, id: Id, names: &[&str]) -> Option<String> {
        names
            .iter()
            .find_map(|name| self.text(self.pickle.get(id, name)?))
            .filter(|text| !text.is_empty())
    }

    fn state(&self, id: Id) -> Option<Id> {
        match self.pickle.value(id) {
            Item::Object {
                state: Some(state), ..
            } => match self.pickle.value(*state) {
                // With `__slots__` the state is a pair.
                Item::Tuple(pair) if pair.len() == 2 => Some(pair[1]),
                _ => Some(*state),
            },
            _ => None,
        }
    }

    /// Text of any sort. Python 3 writes bytes in old protocols as a call.
    fn text(&self, id: Id) -> Option<String> {
        if let Some(bytes) = self.pickle.bytes(id) {
            return Some(String::from_utf8_lossy(bytes).into_owned());
        }
        let Item::Object {
            class: encode,
            arguments,
            ..
        } = self.pickle.value(id)
        else {
            return None;
        };
        match (self.pickle.value(*encode), self.pickle.value(*arguments)) {
            (Item::Global(name), Item::Tuple(arguments)) if name == "_codecs.encode" => {
                let bytes = self.pickle.bytes(*arguments.first()?)?;
                Some(String::from_utf8_lossy(bytes).into_owned())
            }
            _ => None,
        }
    }

    /// `datetime.datetime`, which is called with ten bytes: year, month, day, hour, minute, second, microseconds.
    fn datetime(&self, id: Id) -> Option<String> {
        let Item::Object {
            class, arguments, ..
        } = self.pickle.value(id)
        else {
            return None;
        };
        if self.pickle.value(*class) != &Item::Global("datetime.datetime".to_owned()) {
            return None;
        }
        let Item::Tuple(arguments) = self.pickle.value(*arguments) else {
            return None;
        };
        let first = *arguments.first()?;
        // Bytes of Python 3 in an old protocol are text in Latin-1.
        let bytes: Vec<u8> = match self.pickle.value(first) {
            Item::Bytes(bytes) => bytes.clone(),
            _ => self
                .text(first)?
                .chars()
                .map(|c| u8::try_from(u32::from(c)).ok())
                .collect::<Option<_>>()?,
        };
        let [century, year, month, day, hour, minute, second, ..] = bytes[..] else {
            return None;
        };
        let year = u16::from_be_bytes([century, year]);
        Some(format!(
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
        ))
    }
}

/// The name of an object's class; `copy_reg` calls a function with it.
fn class(pickle: &Pickle, id: Id) -> Option<String> {
    let Item::Object {
        class, arguments, ..
    } = pickle.value(id)
    else {
        return None;
    };
    let Item::Global(name) = pickle.value(*class) else {
        return None;
    };
    if !matches!(
        name.as_str(),
        "copy_reg._reconstructor" | "copyreg._reconstructor" | "copy_reg.__newobj__"
    ) {
        return Some(name.clone());
    }
    let Item::Tuple(arguments) = pickle.value(*arguments) else {
        return None;
    };
    match pickle.value(*arguments.first()?) {
        Item::Global(name) => Some(name.clone()),
        _ => None,
    }
}
