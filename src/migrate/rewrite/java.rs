//! Java with gdata-java-client: `setOAuth2Credentials` in place of `setUserCredentials` and its neighbours.
//!
//! ```text
//! service.setUserCredentials(user, word);
//! { GoogleCredential credential = GoogleCredential.fromStream(…); credential.refreshToken(); service.setOAuth2Credentials(credential); }
//! ```
//! The library sends `Bearer null` for a credential that has no access token yet, and refreshes only what a server calls
//! expired: so the new code fetches the first token itself.
//!
//! It may fail with an `IOException`, and no longer with an `AuthenticationException`: where that would keep the file from
//! compiling, the place is refused.

use super::{
    Options, apis,
    braces::{begins_statement, class_of, enclosing, header, helpers, made, names},
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

/// Helpers of consents that no single credential takes the place of.
const HELPERS: &[(&str, &str)] = &[
    ("AuthSubUtil", "AuthSub"),
    ("GoogleOAuthHelper", "OAuth 1.0"),
];

/// Classes whose constructor of so many arguments logs in by itself.
const SIGN_IN: &[(&str, usize)] = &[("AuditService", 4), ("AppsForYourDomainService", 4)];

/// Names for the variable of the credential; the first one that the file does not use.
const VARIABLES: &[&str] = &["credential", "oauth2Credential", "gdataCredential"];

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

/// What is caught whether anything throws it or not.
const UNCHECKED: &[&str] = &[
    "RuntimeException",
    "NullPointerException",
    "IllegalArgumentException",
    "IllegalStateException",
    "Error",
];

/// Methods of a service that fail with a `ServiceException` themselves.
const REQUESTS: &[&str] = &[
    "getFeed",
    "getEntry",
    "getIntrospectionDocument",
    "query",
    "insert",
    "update",
    "patch",
    "delete",
    "batch",
];

pub(super) fn rewrite(bytes: &[u8], options: &Options) -> Result<Rewritten, Error> {
    let source = Source::read(bytes, Syntax::Java)?;
    let mut edits = Edits::default();
    if names(&source, &["com", "google", "gdata"]) {
        let texts = source.texts();
        secrets(&source, &mut edits);
        sign_ins(&source, &mut edits);
        helpers(&source, HELPERS, &mut edits);
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
                Ok((first, end, receiver, variable)) => {
                    let text = format!(
                        "{{ GoogleCredential {variable} = GoogleCredential.fromStream(new FileInputStream(\"{}\")); \
                         {variable}.refreshToken(); {receiver}.setOAuth2Credentials({variable}); }}",
                        options.java
                    );
                    edits.replace(source.tokens[first].from, source.tokens[end].to, text);
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
) -> Result<(usize, usize, String, &'static str), String> {
    let (first, receiver) = source
        .dotted_before(at - 2)
        .ok_or("its receiver is computed, so what it is cannot be proven")?;
    let close = source.closing(at + 1).ok_or("its arguments do not end")?;
    if !begins_statement(source, first) || !source.is(close + 1, ";") {
        return Err("it is not a statement by itself".to_owned());
    }
    let (class, made, made_end) = class_of(source, &receiver)?;
    let api = apis::of_class(&class)
        .ok_or_else(|| format!("{class} is no client class of gdata that is known here"))?;
    apis::answers(api, texts)?;
    if SIGN_IN.contains(&(class.as_str(), arguments(source, made, made_end))) {
        return Err(format!(
            "the constructor of {class} signs in with a password before: take user and password out of it first"
        ));
    }
    exceptions(source, first, (at + 1, close), &receiver)?;
    let used = |name: &str| (0..source.tokens.len()).any(|it| source.is(it, name));
    let variable = VARIABLES.iter().find(|name| !used(name));
    let variable = variable.ok_or("the names that the new variable could have are all in use")?;
    Ok((first, close + 1, receiver, variable))
}

/// Names constructors that sign in by themselves, whatever is set afterwards.
fn sign_ins(source: &Source<'_>, edits: &mut Edits) {
    for at in 0..source.tokens.len() {
        let Some((class, open, close)) = made(source, at) else {
            continue;
        };
        let is_known = SIGN_IN.contains(&(class.as_str(), arguments(source, open, close)));
        if is_known && edits.has_room(source.line_of(at)) {
            edits.refuse(
                source.line_of(at),
                format!(
                    "the constructor of {class} signs in with this password by itself: use the one without user and password, \
                     and take them out"
                ),
            );
        }
    }
}

/// Names what stays of the old secrets: it is of no use any more, and can be read by whoever reads the code.
fn secrets(source: &Source<'_>, edits: &mut Edits) {
    for at in 1..source.tokens.len() {
        let is = source.is(at, "setOAuthConsumerSecret")
            && source.is(at - 1, ".")
            && source.is(at + 1, "(")
            && source.kind(at + 2) == Some(Kind::Text);
        if is && edits.has_room(source.line_of(at)) {
            edits.refuse(
                source.line_of(at),
                "the secret of the old consumer stays in the code: take it out by hand, and replace it where it is in use",
            );
        }
    }
}

/// How many arguments stand between two brackets.
fn arguments(source: &Source<'_>, open: usize, close: usize) -> usize {
    let (mut at, mut commas) = (open + 1, 0);
    while at < close {
        match source.is(at, "(") {
            true => at = source.closing(at).unwrap_or(close),
            false => commas += usize::from(source.is(at, ",")),
        }
        at += 1;
    }
    if close == open + 1 { 0 } else { commas + 1 }
}

/// Whether the statement may throw what the new one throws, and need not throw what the old one did: what its arguments
/// threw, too.
fn exceptions(
    source: &Source<'_>,
    site: usize,
    (open, end): (usize, usize),
    receiver: &str,
) -> Result<(), String> {
    let mut taken = false;
    let computed = (open + 1..end).any(|at| source.is(at, "("));
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
            let body = (brace, source.closing(brace).unwrap_or(brace));
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
                if caught.iter().any(|name| name == "ServiceException")
                    && !requests(source, body, receiver)
                {
                    return Err(
                        "a catch around it takes a ServiceException, and nothing else here is seen to throw one".to_owned(),
                    );
                }
                let known = |name: &String| {
                    let all = [WIDE, UNCHECKED, &["ServiceException", "final"]];
                    // The last word is the variable.
                    all.concat().contains(&name.as_str()) || Some(name) == caught.last()
                };
                if computed && !caught.iter().all(known) {
                    return Err(
                        "a catch around it may take what only the login's arguments throw"
                            .to_owned(),
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

/// Whether a request of the receiver stands between two braces.
fn requests(source: &Source<'_>, (from, to): (usize, usize), receiver: &str) -> bool {
    (from..to).any(|at| {
        REQUESTS.iter().any(|name| source.is(at, name))
            && source.is(at + 1, "(")
            && source.dotted_before(at).is_some_and(|(_, dotted)| {
                dotted
                    .rsplit_once('.')
                    .is_some_and(|(of, _)| of == receiver)
            })
    })
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
