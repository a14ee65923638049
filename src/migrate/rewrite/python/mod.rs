//! Python with gdata-python: `ClientLogin`, `ProgrammaticLogin`, AuthSub tokens.
//!
//! ```text
//! client.ClientLogin(user, password, source)      second generation, a client
//!   ─▶ gdata.gauth.OAuth2TokenFromCredentials(oauth2client.file.Storage('oauth2.json').get()).authorize(client)
//! service.ProgrammaticLogin()                     first generation, a service
//!   ─▶ service.additional_headers['Authorization'] = 'Bearer ' + oauth2client.file.Storage(…)…access_token
//! ```
//!
//! Services of the first generation carry requests in another way than tokens of the second expect, so there it is the
//! header that is set, as GAM does (migration.md 0, 2); the token is a fresh one each time that the line runs.

mod names;

use super::{
    Options, apis,
    edits::{Edits, Rewritten},
    imports,
    lexer::{Kind, Source, Syntax},
};
use crate::error::Error;

/// What signs in.
const LOGINS: &[&str] = &[
    "ClientLogin",
    "client_login",
    "ProgrammaticLogin",
    "SetAuthSubToken",
    "SetClientLoginToken",
];

/// What belongs to a login that no single credential takes the place of.
const OTHERS: &[(&[&str], &str)] = &[
    (
        &["SetOAuthInputParameters"],
        "it has each request signed by OAuth 1.0, two-legged for any user of a domain: one person's credential is no proven          equal of that",
    ),
    (
        &[
            "SetOAuthToken",
            "GetOAuthToken",
            "get_oauth_token",
            "FetchOAuthRequestToken",
            "GenerateOAuthURL",
            "GenerateOAuthLoginUrl",
            "UpgradeToOAuthAccessToken",
        ],
        "it belongs to a consent of OAuth 1.0: move the tokens by `gdata-auth migrate upgrade`, then take it out by hand",
    ),
    (
        &[
            "GenerateAuthSubURL",
            "generate_auth_sub_url",
            "UpgradeToSessionToken",
            "upgrade_to_session_token",
            "upgrade_token",
            "AuthSubTokenInfo",
            "RevokeAuthSubToken",
            "revoke_token",
        ],
        "it belongs to a consent of AuthSub: ask the users anew by `gdata-auth migrate upgrade`, then take it out by hand",
    ),
    (
        &["RequestClientLoginToken", "request_client_login_token"],
        "it asks for a token by a password, and which client sends it cannot be proven",
    ),
];

/// Classes of tokens that are of no use any more.
const OLD_TOKENS: &[&str] = &[
    "AuthSubToken",
    "SecureAuthSubToken",
    "ClientLoginToken",
    "OAuthHmacToken",
    "OAuthRsaToken",
    "TwoLeggedOAuthHmacToken",
    "TwoLeggedOAuthRsaToken",
];

pub(super) fn rewrite(bytes: &[u8], options: &Options) -> Result<Rewritten, Error> {
    let source = Source::read(bytes, Syntax::Python)?;
    let mut python = Python {
        texts: source.texts(),
        imported: imports::imported(&source),
        source: &source,
        options,
        edits: Edits::default(),
        needs_gauth: false,
    };
    if !python.imported.is_empty() {
        for at in 0..source.tokens.len() {
            python.site(at);
        }
        python.imports();
    }
    let edits = std::mem::take(&mut python.edits);
    drop(python);
    Ok(edits.apply(&source))
}

struct Python<'s> {
    source: &'s Source<'s>,
    options: &'s Options,
    texts: Vec<String>,
    /// Names that imports from gdata bind.
    imported: Vec<String>,
    edits: Edits,
    needs_gauth: bool,
}

impl Python<'_> {
    /// A token that may be a place where somebody signs in.
    fn site(&mut self, at: usize) {
        let source = self.source;
        let line = source.line_of(at);
        let login = |name: &[u8]| LOGINS.iter().any(|login| login.as_bytes() == name);
        if source.kind(at) == Some(Kind::Text) && at >= 4 && source.is(at - 1, ",") {
            let text = source.text(at);
            let inner = text.get(1..text.len() - 1).unwrap_or_default();
            if login(inner) && (2..6).any(|back| at >= back && source.is(at - back, "getattr")) {
                self.edits.refuse(
                    line,
                    "the name of the login is a text: what it is called on cannot be proven",
                );
            }
            return;
        }
        if source.kind(at) != Some(Kind::Name) || at < 2 || !source.is(at - 1, ".") {
            return;
        }
        if login(source.text(at)) && source.is(at + 1, "(") {
            let Some(close) = source.closing(at + 1) else {
                return;
            };
            self.replaced(at, close);
        } else if let Some((_, reason)) = OTHERS
            .iter()
            .find(|(names, _)| names.iter().any(|name| source.is(at, name)))
            .filter(|_| source.is(at + 1, "("))
        {
            if self.edits.has_room(line) {
                self.edits.refuse(line, *reason);
            }
        } else if source.is(at, "auth_token") && source.is(at + 1, "=") && !source.is(at + 2, "=") {
            let end = self.line_end(at);
            let value: Vec<String> = (at + 2..end).filter_map(|it| source.name(it)).collect();
            if value.iter().any(|name| OLD_TOKENS.contains(&name.as_str())) {
                match value.iter().find(|name| self.is_given(name, at)) {
                    Some(name) => self.edits.refuse(
                        line,
                        format!(
                            "{name} is given to this function, so each caller may have a user's own: hand it that user's \
                             credential in the token's place"
                        ),
                    ),
                    None => self.replaced(at, end - 1),
                }
            } else if !value
                .iter()
                .any(|name| name.contains("OAuth2") || name == "None")
            {
                self.edits.refuse(
                    line,
                    "it cannot be proven what kind of token is assigned here",
                );
            }
        }
    }

    /// The statement from the receiver to `last` becomes another, if all of it is proven.
    fn replaced(&mut self, member: usize, last: usize) {
        let source = self.source;
        let line = source.line_of(member);
        if !self.edits.has_room(line) {
            return;
        }
        match self.proven(member, last) {
            Ok((first, receiver, second_generation)) => {
                let storage = format!("oauth2client.file.Storage('{}').get()", self.options.python);
                let text = match second_generation {
                    true => format!(
                        "gdata.gauth.OAuth2TokenFromCredentials({storage}).authorize({receiver})"
                    ),
                    false => format!(
                        "{receiver}.additional_headers['Authorization'] = 'Bearer ' + {storage}.get_access_token().access_token"
                    ),
                };
                self.needs_gauth |= second_generation;
                let what = match second_generation {
                    true => format!("{receiver} is authorised by OAuth 2.0"),
                    false => format!("{receiver} sends a token of OAuth 2.0 in its header"),
                };
                self.edits
                    .replace(source.tokens[first].from, source.tokens[last].to, text);
                self.edits.changed(line, what);
                self.password(first, &receiver);
            }
            Err(reason) => self.edits.refuse(line, reason),
        }
    }

    fn proven(&self, member: usize, last: usize) -> Result<(usize, String, bool), String> {
        let source = self.source;
        let (first, receiver) = source
            .dotted_before(member - 2)
            .ok_or("its receiver is computed, so what it is cannot be proven")?;
        let stands_first = first == 0 || self.ends_statement(first - 1);
        if !stands_first || !self.ends_statement(last + 1) {
            return Err("its value goes on being used: take that apart first".to_owned());
        }
        let assigned = self.assignments_for(&receiver, first);
        let at = match assigned[..] {
            [Some(at)] => at,
            [] => {
                return Err(format!(
                    "{receiver} is made elsewhere, so what it is cannot be proven"
                ));
            }
            [None] => {
                return Err(format!(
                    "{receiver} is given from elsewhere, so what it is cannot be proven"
                ));
            }
            _ => {
                return Err(format!(
                    "{receiver} is assigned more than once, so which one this is cannot be proven"
                ));
            }
        };
        if !self.reaches(&receiver, at, first) {
            return Err(format!(
                "{receiver} is made in another scope, so what it is here cannot be proven"
            ));
        }
        let (class, second_generation) = self.class(at).ok_or_else(|| {
            format!("what {receiver} is made of is no client class of gdata that is known here")
        })?;
        let api = apis::of_class(&class)
            .ok_or_else(|| format!("{class} is no client class of gdata that is known here"))?;
        apis::answers(api, &self.texts)?;
        Ok((first, receiver, second_generation))
    }

    fn ends_statement(&self, at: usize) -> bool {
        self.source.kind(at) == Some(Kind::Line) || self.source.is(at, ";")
    }

    fn line_end(&self, at: usize) -> usize {
        (at..self.source.tokens.len())
            .find(|at| self.ends_statement(*at))
            .unwrap_or(self.source.tokens.len())
    }

    /// The class that is called at `at`, if it comes from gdata, and whether it is of the second generation.
    fn class(&self, at: usize) -> Option<(String, bool)> {
        let source = self.source;
        let first = source.name(at)?;
        let mut last = at;
        while source.is(last + 1, ".") && source.kind(last + 2) == Some(Kind::Name) {
            last += 2;
        }
        let close = source
            .is(last + 1, "(")
            .then(|| source.closing(last + 1))??;
        if !self.ends_statement(close + 1) || !self.imported.contains(&first) {
            return None;
        }
        let class = source.name(last)?;
        let second = class.ends_with("Client");
        Some((class, second))
    }

    /// Removes what set name and password for a login that is gone, where it stands just before it.
    fn password(&mut self, site: usize, receiver: &str) {
        let source = self.source;
        for at in 0..source.tokens.len() {
            let is = source.is(at, "password") || source.is(at, "email");
            if !is
                || at < 2
                || !source.is(at - 1, ".")
                || !source.is(at + 1, "=")
                || source.is(at + 2, "=")
            {
                continue;
            }
            let Some((first, owner)) = source.dotted_before(at - 2) else {
                continue;
            };
            if owner != receiver {
                continue;
            }
            let end = self.line_end(at);
            let plain = !(at + 2..end).any(|it| source.is(it, "("));
            let alone = (first == 0 || source.kind(first - 1) == Some(Kind::Line))
                && source.kind(end) == Some(Kind::Line);
            let block =
                (first.min(site)..first.max(site)).all(|it| self.indent(it) >= self.indent(site));
            let near = first < site && block && self.indent(first) == self.indent(site);
            let line = source.line_of(at);
            if plain && alone && near {
                let from = source.tokens[first].from - self.indent(first);
                let to = (source.tokens[end].to + 1).min(source.bytes.len());
                // A comment behind it goes with it.
                self.edits.replace(from, to, "");
                self.edits.changed(line, "what the login needed is removed");
            } else {
                self.edits.refuse(
                    line,
                    "what the login needed stays here: take it out by hand",
                );
            }
        }
    }

    /// Adds the imports that the edits need, once.
    fn imports(&mut self) {
        let source = self.source;
        let Some(first) = self.edits.first().filter(|_| !self.edits.is_empty()) else {
            return;
        };
        let mut wanted = vec!["oauth2client.file"];
        if self.needs_gauth {
            wanted.insert(0, "gdata.gauth");
        }
        for name in ["gdata", "oauth2client"] {
            if !self.assignments(name).iter().all(Option::is_none) {
                self.edits
                    .withdraw("a name that the new code needs is assigned in this file");
                return;
            }
        }
        let mut place = None;
        let mut there = Vec::new();
        for at in 0..source.tokens.len() {
            let starts = at == 0 || source.kind(at - 1) == Some(Kind::Line);
            if !starts || self.indent(at) > 0 || !(source.is(at, "import") || source.is(at, "from"))
            {
                continue;
            }
            let end = self.line_end(at);
            if source.tokens[at].from < first && source.kind(end) == Some(Kind::Line) {
                place = Some(source.tokens[end].to);
                if source.is(at, "import") && !(at..end).any(|it| source.is(it, "as")) {
                    let names: Vec<String> = (at + 1..end)
                        .filter(|it| !source.is(it + 1, "."))
                        .filter_map(|it| Some(source.dotted_before(it)?.1))
                        .collect();
                    there.extend(names);
                }
            }
        }
        wanted.retain(|name| !there.iter().any(|it| it == name));
        if wanted.is_empty() {
            return;
        }
        let Some(place) = place else {
            self.edits
                .withdraw("there is no import at the top to put the new ones beside");
            return;
        };
        let line_break = source.line_break();
        let lines: String = wanted
            .iter()
            .map(|name| format!("import {name}{line_break}"))
            .collect();
        match source.bytes.get(place) {
            Some(b'\n') => self.edits.replace(place + 1, place + 1, lines),
            _ => self
                .edits
                .replace(place, place, format!("{line_break}{lines}")),
        }
        self.edits
            .changed(source.line(place), "what the new code needs is imported");
    }
}
