//! Domain Shared Contacts below `/m8/feeds/contacts/DOMAIN/full`, which still answers today (migration.md 2.4): to
//! AuthSub, ClientLogin and OAuth 1.0 before the shutdown, to OAuth 2.0 ever since.
//!
//! UNVERIFIED: the texts of refusals; no traffic of this API is at hand.

use http::{StatusCode, header};

use super::{answer::Answer, gate, seen::Seen, state::State};
use crate::{
    gdata::{Element, Entry, Feed, atom, namespaces::GD},
    time::Timestamp,
    wire::query::Pairs,
};

/// The version that this API wants (migration.md 2.4), and echoes.
const VERSION: &str = "3.0";
/// The shared contacts of every domain: the name, and what stands before the `@`.
const CONTACTS: &[(&str, &str)] = &[
    ("Boat house", "boats"),
    ("Front desk", "desk"),
    ("Lifeguard tower", "tower"),
];

pub(super) fn answer(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    let Some(domain) = domain(seen.path()) else {
        return Answer::refusal(StatusCode::NOT_FOUND, "Not Found").because(
            "only the shared contacts of a domain are played: /m8/feeds/contacts/DOMAIN/full",
        );
    };
    if !matches!(seen.meant_method().as_str(), "GET" | "HEAD") {
        return Answer::refusal(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
            .with(header::ALLOW, "GET, HEAD")
            .because("the shared contacts are read only here");
    }
    let visitor = match gate::feed(state, seen, now) {
        Ok(visitor) => visitor,
        Err(answer) => return answer,
    };
    let own = visitor.user.rsplit('@').next().unwrap_or_default();
    if !own.eq_ignore_ascii_case(domain) {
        return Answer::refusal(StatusCode::FORBIDDEN, "Forbidden").because(format!(
            "{} is of another domain than {domain}",
            visitor.user
        ));
    }
    if !version(seen).is_some_and(|version| version == "3" || version.starts_with("3.")) {
        return Answer::refusal(StatusCode::BAD_REQUEST, "Version 3.0 is required")
            .because("GData-Version: expected 3.0");
    }
    list(seen, domain, now)
}

/// The domain of a path, if it is one: `default` and addresses are somebody's own contacts.
fn domain(path: &str) -> Option<&str> {
    let domain = path
        .strip_prefix("/m8/feeds/contacts/")?
        .strip_suffix("/full")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    (domain.contains('.') && domain.chars().all(plain)).then_some(domain)
}

/// `GData-Version`, else `v=` in the query.
fn version(seen: &Seen<'_>) -> Option<String> {
    let header = seen.request.headers().get("gdata-version");
    match header {
        Some(version) => version.to_str().ok().map(str::to_owned),
        None => Pairs::parse(seen.query())
            .ok()?
            .first("v")
            .map(str::to_owned),
    }
}

fn list(seen: &Seen<'_>, domain: &str, now: Timestamp) -> Answer {
    let base = seen.base();
    let mut feed = Feed::new()
        .with(atom::id(domain))
        .with(atom::updated(now.to_string()))
        .with(atom::title(format!("Shared contacts of {domain}")))
        .with_page(CONTACTS.len() as u64, 1, CONTACTS.len() as u64);
    for (number, (name, local)) in (1..).zip(CONTACTS) {
        let address = Element::new(GD, "email")
            .with_attribute("rel", "http://schemas.google.com/g/2005#work")
            .with_attribute("address", format!("{local}@{domain}"))
            .with_attribute("primary", "true");
        let full = Element::new(GD, "fullName").with_text(*name);
        feed = feed.with_entry(
            Entry::new()
                .with(atom::id(format!(
                    "{base}/m8/feeds/contacts/{domain}/base/{number}"
                )))
                .with(atom::updated(now.to_string()))
                .with(atom::title(*name))
                .with(Element::new(GD, "name").with(full))
                .with(address),
        );
    }
    Answer::feed(&feed, VERSION)
}
