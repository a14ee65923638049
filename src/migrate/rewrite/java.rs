//! Java with gdata-java-client: `setOAuth2Credentials` in place of `setUserCredentials` and its neighbours.
//!
//! The new call may fail with an `IOException`, and no longer with an `AuthenticationException`: where that would keep
//! the file from compiling, the place is refused.

use super::{
    Options, apis,
    braces::{begins_statement, class_of, enclosing, header, names},
    edits::{Edits, Rewritten},
    lexer::{Kind, Source, Syntax},
};
use crate::error::Error;

const LOGINS: &[&str] = &[
    "setUserCredentials",
    "setAuthSubToken",
    "setUserToken",
    "setOAuthCredentials",
];

const IMPORTS: &[&str] = &[
    "com.google.api.client.googleapis.auth.oauth2.GoogleCredential",
    "java.io.FileInputStream",
];

/// What takes an `IOException`.
const WIDE: &[&str] = &["IOException", "Exception", "Throwable"];

/// What only a login throws.
const OF_LOGINS: &[&str] = &[
    "AuthenticationException",
    "InvalidCredentialsException",
    "CaptchaRequiredException",
    "AccountDeletedException",
    "AccountDisabledException",
    "NotVerifiedException",
    "ServiceUnavailableException",
    "SessionExpiredException",
    "TermsNotAgreedException",
    "OAuthException",
];

pub(super) fn rewrite(bytes: &[u8], options: &Options) -> Result<Rewritten, Error> {
    let source = Source::read(bytes, Syntax::Java)?;
    let mut edits = Edits::default();
    if names(&source, &["com", "google", "gdata"]) {
        let texts = source.texts();
        for at in 2..source.tokens.len() {
            let login = LOGINS.iter().any(|login| source.is(at, login)) && source.is(at + 1, "(");
            if !login || source.kind(at) != Some(Kind::Name) {
                continue;
            }
            if !source.is(at - 1, ".") {
                // Its own declaration, or a call on `this`.
                if begins_statement(&source, at) {
                    edits.refuse(
                        source.line_of(at),
                        "it is called on the class itself, so what that is cannot be proven",
                    );
                }
                continue;
            }
            if !edits.has_room(source.line_of(at)) {
                break;
            }
            match proven(&source, at, &texts) {
                Ok((first, close, receiver)) => {
                    let text = format!(
                        "{receiver}.setOAuth2Credentials(GoogleCredential.fromStream(new FileInputStream(\"{}\")))",
                        options.credentials
                    );
                    edits.replace(source.tokens[first].from, source.tokens[close].to, text);
                    edits.changed(
                        source.line_of(at),
                        format!("{receiver} is authorised by OAuth 2.0"),
                    );
                }
                Err(reason) => edits.refuse(source.line_of(at), reason),
            }
        }
        imports(&source, &mut edits);
    }
    Ok(edits.apply(&source))
}

fn proven(
    source: &Source<'_>,
    at: usize,
    texts: &[String],
) -> Result<(usize, usize, String), String> {
    let (first, receiver) = source
        .dotted_before(at - 2)
        .ok_or("its receiver is computed, so what it is cannot be proven")?;
    let close = source.closing(at + 1).ok_or("its arguments do not end")?;
    if !begins_statement(source, first) || !source.is(close + 1, ";") {
        return Err("it is not a statement by itself".to_owned());
    }
    let (class, ..) = class_of(source, &receiver)?;
    let api = apis::of_class(&class)
        .ok_or_else(|| format!("{class} is no client class of gdata that is known here"))?;
    apis::answers(api, texts)?;
    exceptions(source, first)?;
    Ok((first, close, receiver))
}

/// Whether the statement may throw what the new one throws, and need not throw what the old one did.
fn exceptions(source: &Source<'_>, site: usize) -> Result<(), String> {
    let mut taken = false;
    for brace in enclosing(source, site) {
        let (from, to) = header(source, brace);
        let has = |word: &str| (from..to).any(|at| source.is(at, word));
        let first = |word: &str| source.is(from, word);
        let types = |from: usize, to: usize| {
            (from..to)
                .filter_map(|at| source.name(at))
                .collect::<Vec<_>>()
        };
        if to > 0 && source.is(to - 1, ">") && source.is(to - 2, "-") {
            return Err("it stands in a lambda, whose exceptions cannot be proven".to_owned());
        }
        if first("try") {
            let mut close = source.closing(brace);
            while let Some(at) = close.filter(|at| source.is(at + 1, "catch")) {
                let Some(end) = source.closing(at + 2) else {
                    break;
                };
                let caught = types(at + 2, end);
                if caught.iter().any(|name| OF_LOGINS.contains(&name.as_str())) {
                    return Err(
                        "a catch around it takes what only the old login throws, and would no longer compile".to_owned(),
                    );
                }
                taken |= caught.iter().any(|name| WIDE.contains(&name.as_str()));
                close = source.closing(end + 1);
            }
        } else if has("class") || has("interface") || has("enum") {
            break;
        } else if has("throws") || (to > 0 && source.is(to - 1, ")") && !is_statement(source, from))
        {
            let throws = (from..to).find(|at| source.is(*at, "throws")).unwrap_or(to);
            taken |= types(throws, to)
                .iter()
                .any(|name| WIDE.contains(&name.as_str()));
            break;
        }
    }
    match taken {
        true => Ok(()),
        false => Err("the new call throws an IOException, which neither the method nor a try around it takes".to_owned()),
    }
}

fn is_statement(source: &Source<'_>, from: usize) -> bool {
    [
        "if",
        "for",
        "while",
        "switch",
        "synchronized",
        "catch",
        "else",
        "do",
        "finally",
        "try",
    ]
    .iter()
    .any(|word| source.is(from, word))
}

/// Adds the imports that the edits need, once.
fn imports(source: &Source<'_>, edits: &mut Edits) {
    if edits.is_empty() {
        return;
    }
    let mut place = None;
    let mut there: Vec<String> = Vec::new();
    for at in 0..source.tokens.len() {
        if source.is(at, "import") && begins_statement(source, at) {
            let Some(end) = (at..source.tokens.len()).find(|it| source.is(*it, ";")) else {
                continue;
            };
            let name: Vec<_> = (at + 1..end)
                .map(|it| String::from_utf8_lossy(source.text(it)).into_owned())
                .collect();
            there.push(name.concat());
            place = Some(source.tokens[end].to);
        }
    }
    let Some(place) = place else {
        edits.withdraw("there is no import to put the new ones beside");
        return;
    };
    let clash = IMPORTS.iter().any(|name| {
        let simple = name.rsplit('.').next().unwrap_or(name);
        there
            .iter()
            .any(|it| it != name && it.rsplit('.').next() == Some(simple))
    });
    if clash {
        edits.withdraw("a class of the same name as a new one is imported from elsewhere");
        return;
    }
    let line_break = source.line_break();
    let lines: String = IMPORTS
        .iter()
        .filter(|name| !there.iter().any(|it| it == *name))
        .map(|name| format!("{line_break}import {name};"))
        .collect();
    if !lines.is_empty() {
        edits.replace(place, place, lines);
        edits.changed(source.line(place), "what the new code needs is imported");
    }
}
