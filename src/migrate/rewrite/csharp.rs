//! C# with google-gdata: `GOAuth2RequestFactory` in place of passwords and the factories of old protocols.
//!
//! The library reads no file of credentials, so the values come from the environment, where no source holds them:
//! `GDATA_OAUTH2_CLIENT_ID`, `_CLIENT_SECRET`, `_REFRESH_TOKEN` and `_ACCESS_TOKEN`.

use super::{
    apis::{self, Api},
    braces::{begins_statement, class_of, helpers, made, names},
    edits::{Edits, Rewritten},
    lexer::{Kind, Source, Syntax},
};
use crate::error::Error;

const LOGINS: &[&str] = &[
    "setUserCredentials",
    "SetAuthenticationToken",
    "SetUserCredentials",
];
const FACTORIES: &[&str] = &[
    "GDataGAuthRequestFactory",
    "GAuthSubRequestFactory",
    "GOAuthRequestFactory",
];
/// Helpers of consents that no single credential takes the place of.
const HELPERS: &[(&str, &str)] = &[("AuthSubUtil", "AuthSub"), ("OAuthUtil", "OAuth 1.0")];
const NAMESPACE: &[&str] = &["Google", "GData", "Client"];

/// Values of the environment, by the names that the library has for them.
const PARAMETERS: &[(&str, &str)] = &[
    ("ClientId", "GDATA_OAUTH2_CLIENT_ID"),
    ("ClientSecret", "GDATA_OAUTH2_CLIENT_SECRET"),
    ("RefreshToken", "GDATA_OAUTH2_REFRESH_TOKEN"),
    ("AccessToken", "GDATA_OAUTH2_ACCESS_TOKEN"),
];

pub(super) fn rewrite(bytes: &[u8]) -> Result<Rewritten, Error> {
    let source = Source::read(bytes, Syntax::CSharp)?;
    let mut edits = Edits::default();
    if names(&source, &["Google", "GData"]) {
        let texts = source.texts();
        helpers(&source, HELPERS, &mut edits);
        for at in 2..source.tokens.len() {
            let is = |words: &[&str]| {
                source.kind(at) == Some(Kind::Name) && words.iter().any(|word| source.is(at, word))
            };
            if is(LOGINS) && source.is(at + 1, "(") && source.is(at - 1, ".") {
                if !edits.has_room(source.line_of(at)) {
                    break;
                }
                match login(&source, at, &texts) {
                    Ok((first, close, text, receiver)) => {
                        edits.replace(source.tokens[first].from, source.tokens[close].to, text);
                        edits.changed(
                            source.line_of(at),
                            format!("{receiver} is authorised by OAuth 2.0"),
                        );
                    }
                    Err(reason) => edits.refuse(source.line_of(at), reason),
                }
            } else if is(FACTORIES)
                && source.is(at + 1, "(")
                && constructed(&source, at).is_some()
                && edits.has_room(source.line_of(at))
                && let Err(reason) = factory(&source, at, &texts, &mut edits)
            {
                edits.refuse(source.line_of(at), reason);
            }
        }
        usings(&source, &mut edits);
    }
    Ok(edits.apply(&source))
}

/// Where `new` stands before a class that is named at `at`.
fn constructed(source: &Source<'_>, at: usize) -> Option<usize> {
    let (first, _) = source.dotted_before(at)?;
    (first > 0 && source.is(first - 1, "new")).then(|| first - 1)
}

fn login(
    source: &Source<'_>,
    at: usize,
    texts: &[String],
) -> Result<(usize, usize, String, String), String> {
    let (first, receiver) = source
        .dotted_before(at - 2)
        .ok_or("its receiver is computed, so what it is cannot be proven")?;
    let close = source.closing(at + 1).ok_or("its arguments do not end")?;
    if !begins_statement(source, first) || !source.is(close + 1, ";") {
        return Err("it is not a statement by itself".to_owned());
    }
    let (class, open, _) = class_of(source, &receiver)?;
    let api = apis::of_class(&class)
        .ok_or_else(|| format!("{class} is no client class of gdata that is known here"))?;
    apis::answers(api, texts)?;
    // Time limits and proxies are the factory's, so they would go with it.
    let factory = format!("{receiver}.RequestFactory");
    let configured = (0..first).any(|it| {
        let dotted = source.dotted_before(it);
        dotted.is_some_and(|(_, dotted)| dotted == factory)
    });
    if configured {
        return Err(format!(
            "{factory} is configured before, and the new one would not be: do that after the login first"
        ));
    }
    // What the program is called stands in the service's constructor.
    let last = (open + 1..source.tokens.len())
        .find(|it| source.is(*it, ")"))
        .unwrap_or(open + 1)
        - 1;
    let application = match source.kind(last) {
        Some(Kind::Text) => String::from_utf8_lossy(source.text(last)).into_owned(),
        _ => "\"gdata\"".to_owned(),
    };
    let text = format!(
        "{receiver}.RequestFactory = {}",
        new_factory(&format!("\"{}\"", api.service), &application)
    );
    Ok((first, close, text, receiver))
}

/// `new GAuthSubRequestFactory("cp", "app")`, alone or as the value of a variable that nobody configures.
fn factory(
    source: &Source<'_>,
    at: usize,
    texts: &[String],
    edits: &mut Edits,
) -> Result<(), String> {
    let new = constructed(source, at).ok_or("expected `new`")?;
    let (_, open, close) = made(source, new).ok_or("its arguments do not end")?;
    let arguments: Vec<usize> = (open + 1..close).collect();
    let comma = arguments
        .iter()
        .position(|it| source.is(*it, ","))
        .ok_or("expected a service and a name")?;
    let [service] = arguments[..comma] else {
        return Err("its service is computed, so which API it is cannot be proven".to_owned());
    };
    let code = String::from_utf8_lossy(source.text(service))
        .trim_matches('"')
        .to_owned();
    let api: &Api = apis::of_service(&code)
        .filter(|_| source.kind(service) == Some(Kind::Text))
        .ok_or("its service is no code that is known here, so which API it is cannot be proven")?;
    apis::answers(api, texts)?;
    let [application] = arguments[comma + 1..] else {
        return Err("its arguments are more than a service and a name".to_owned());
    };
    let application = String::from_utf8_lossy(source.text(application)).into_owned();
    let mut declared = None;
    if new >= 2 && source.is(new - 1, "=") {
        let (first, name) = source
            .dotted_before(new - 2)
            .ok_or("it is assigned to something computed")?;
        let property = name.ends_with(".RequestFactory");
        let configured = (0..source.tokens.len()).any(|it| {
            source
                .dotted_before(it)
                .is_some_and(|(_, dotted)| dotted.starts_with(&format!("{name}.")))
        });
        let is = |class: &str| first > 0 && source.is(first - 1, class);
        if property {
            // The service takes any factory.
        } else if configured {
            return Err(format!(
                "{name} is configured further on, in the way of the old protocol: take that out first"
            ));
        } else if FACTORIES.iter().any(|class| is(class)) {
            declared = Some(first - 1);
        } else if !is("var") {
            return Err(format!("the type of {name} is declared elsewhere"));
        }
    }
    if let Some(declared) = declared {
        let token = source.tokens[declared];
        edits.replace(token.from, token.to, "GOAuth2RequestFactory");
    }
    let text = new_factory(&format!("\"{code}\""), &application);
    edits.replace(source.tokens[new].from, source.tokens[close].to, text);
    edits.changed(
        source.line_of(at),
        "the factory makes requests with a token of OAuth 2.0",
    );
    Ok(())
}

fn new_factory(service: &str, application: &str) -> String {
    let parameters: Vec<String> = PARAMETERS
        .iter()
        .map(|(name, variable)| {
            format!("{name} = System.Environment.GetEnvironmentVariable(\"{variable}\")")
        })
        .collect();
    format!(
        "new GOAuth2RequestFactory({service}, {application}, new OAuth2Parameters {{ {} }})",
        parameters.join(", ")
    )
}

/// Adds the namespace that the edits need, once.
fn usings(source: &Source<'_>, edits: &mut Edits) {
    if edits.is_empty() {
        return;
    }
    let mut place = None;
    for at in 0..source.tokens.len() {
        if !source.is(at, "using") || source.is(at + 1, "(") || !begins_statement(source, at) {
            continue;
        }
        let Some(end) = (at..source.tokens.len()).find(|it| source.is(*it, ";")) else {
            continue;
        };
        if (at..end).any(|it| source.is(it, "new") || source.is(it, "(")) {
            continue;
        }
        let wanted = NAMESPACE.join(".");
        let name: Vec<_> = (at + 1..end)
            .map(|it| String::from_utf8_lossy(source.text(it)).into_owned())
            .collect();
        if name.concat() == wanted {
            return;
        }
        place = Some(source.tokens[end].to);
    }
    match place {
        Some(place) => {
            let text = format!("{}using {};", source.line_break(), NAMESPACE.join("."));
            edits.replace(place, place, text);
            edits.changed(source.line(place), "what the new code needs is imported");
        }
        None => edits.withdraw("there is no using directive to put the new one beside"),
    }
}
