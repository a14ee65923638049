//! A first settings file: everything by the old credential, and the new one asked beside it.

use std::fmt::Write;

use serde::Deserialize;

use super::Settings;
use crate::{
    error::Error,
    migrate::{
        catalogue::{Catalogue, Service, State},
        plan::Plan,
    },
};

/// What is read of a plan.
#[derive(Deserialize)]
struct Drawn {
    version: u32,
    services: Vec<Needed>,
}

#[derive(Deserialize)]
struct Needed {
    id: String,
}

const HEAD: &str = r#"# Both credentials for a while: who is asked, by feed and user.
#   gdata-auth migrate dual check FILE       what it comes to, in words
#   gdata-auth migrate dual roll-back FILE   everything by the old credential, at once
# A program that follows this file takes a change over while it runs.

# The one setting above all rules: "none" (the rules hold), "old" (rolled back), "new" (switched over).
override = "none"

# Feeds that are counted by themselves, beside those of the rules.
count = []

[compare]
# Fields to pass over: by a name, or by a path in which * stands for one step.
ignore = []
# Fields of an old feed, each with the one of the successor's answer that says the same; then only these are compared.
# pair = [{ old = "/feed/entry[*]/title", new = "/items/*/snippet/title" }]
# Headers to compare, in place of the usual ones.
# headers = ["content-type", "location"]
# Whether it is kept quiet what stands in fields that differ: it is the users' own.
without_values = true

# The first rule that fits decides. Keys that a rule may have beside these:
#   users = ["ann@example.com"]   only for these
#   percent = 10                  only for so many of a hundred users: always the same ones, and they stay when it grows
"#;

const RULE: &str = r#"prefer = "old"               # then "new"
fall_back = "when-refused"   # with "new": the old one after a 401 or 403; or never, when-refused-or-unreachable
shadow = true                # reading calls go to both, and the answers are compared
"#;

const END: &str = r#"
# Where no rule fits. It stands at the end, so that half a file is no file.
[otherwise]
prefer = "old"
fall_back = "when-refused"
shadow = true
"#;

/// What stands in the feeds of the catalogue for a domain.
const DOMAIN: &str = "{domain}";

/// Before a rule that would have a dead API asked.
const DEAD: &str = "\
# Neither credential opens anything there, so that the rule is off: move the code, with the new credential alone.
# For a server of your own that still answers, put its address there, and take the marks away.
";

impl Settings {
    /// A file to begin with, commented: a rule for each feed of these services, everything by the old credential and in
    /// shadow. The rules of an API that is dead are written as comments: there is nothing to hold the new credential
    /// against. Law: [`from_toml`](Self::from_toml) reads it.
    ///
    /// # Examples
    /// ```
    /// use gdata_auth::migrate::{catalogue::Catalogue, dual::{Settings, Side}};
    ///
    /// let blogger = Catalogue::built_in()?.service("blogger");
    /// let settings = Settings::from_toml(&Settings::template(blogger))?;
    /// let feed = "https://www.blogger.com/feeds/default/blogs";
    /// assert_eq!(settings.rules().which("ann@example.com", feed), Some(0));
    /// assert_eq!(settings.rules().choose("ann@example.com", feed).side, Side::Old);
    /// # Ok::<(), gdata_auth::Error>(())
    /// ```
    #[must_use]
    pub fn template<'s>(services: impl IntoIterator<Item = &'s Service>) -> String {
        Self::written(services, &[])
    }

    /// As [`template`](Self::template), with the rules of feeds that are a domain's own (`…/contacts/{domain}/…`) for each
    /// of these domains, where they are comments else.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `domain`, for what is no name of one.
    ///
    /// # Examples
    /// ```
    /// use gdata_auth::migrate::{catalogue::Catalogue, dual::Settings};
    ///
    /// let contacts = Catalogue::built_in()?.service("domain-contacts");
    /// let settings = Settings::from_toml(&Settings::template_of_domains(contacts, &["example.com"])?)?;
    /// let feed = "https://www.google.com/m8/feeds/contacts/example.com/full";
    /// assert!(settings.rules().which("ann@example.com", feed).is_some());
    /// # Ok::<(), gdata_auth::Error>(())
    /// ```
    pub fn template_of_domains<'s>(
        services: impl IntoIterator<Item = &'s Service>,
        domains: &[&str],
    ) -> Result<String, Error> {
        match domains.iter().find(|domain| !is_domain(domain)) {
            Some(other) => Err(Error::input(
                "domain",
                format_args!("expected a name such as example.com, got {other:?}"),
            )),
            None => Ok(Self::written(services, domains)),
        }
    }

    fn written<'s>(services: impl IntoIterator<Item = &'s Service>, domains: &[&str]) -> String {
        let mut out = HEAD.to_owned();
        let mut feeds: Vec<(&Service, &str)> = Vec::new();
        for service in services {
            let mut own = service.feeds().peekable();
            if own.peek().is_none() {
                let name = plain(service.name());
                let _ = writeln!(
                    out,
                    "\n# {name}: it has no feeds of its own, so [otherwise] holds."
                );
            }
            feeds.extend(own.map(|feed| (service, feed)));
        }
        // The first that fits decides, so the longer ones come first; else the plan's order of work stays.
        feeds.sort_by_key(|(_, feed)| std::cmp::Reverse(feed.matches('/').count()));
        let mut known: Vec<&str> = Vec::new();
        for (service, feed) in feeds {
            if known.contains(&feed) {
                continue;
            }
            known.push(feed);
            let _ = writeln!(out, "\n# {}", about(service));
            // Whose domain it is stands in no plan.
            let of_domain = feed.contains(DOMAIN) && domains.is_empty();
            let dead = service.state() == State::Dead;
            if dead {
                out.push_str(DEAD);
            }
            if of_domain {
                out.push_str(
                    "# Put your domain in the place of {domain}, and take the marks away.\n",
                );
            }
            let hidden = if dead || of_domain { "# " } else { "" };
            let own: Vec<String> = match feed.contains(DOMAIN) && !domains.is_empty() {
                true => domains
                    .iter()
                    .map(|own| feed.replace(DOMAIN, own))
                    .collect(),
                false => vec![feed.to_owned()],
            };
            for (number, feed) in own.iter().enumerate() {
                let gap = if number > 0 { "\n" } else { "" };
                let _ = writeln!(
                    out,
                    "{gap}{hidden}[[rule]]\n{hidden}feed = \"https://{feed}\""
                );
                for line in RULE.lines() {
                    let _ = writeln!(out, "{hidden}{line}");
                }
            }
        }
        out.push_str(END);
        out
    }

    /// As [`template`](Self::template), for the services of a plan as [`Plan::to_json`] prints it.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `plan`, when it is none, or of another version.
    pub fn template_of_plan(plan: &[u8], catalogue: &Catalogue) -> Result<String, Error> {
        Ok(Self::template(Self::services_of_plan(plan, catalogue)?))
    }

    /// The services of a plan as [`Plan::to_json`] prints it, in its order.
    ///
    /// # Errors
    /// As [`template_of_plan`](Self::template_of_plan).
    pub fn services_of_plan<'c>(
        plan: &[u8],
        catalogue: &'c Catalogue,
    ) -> Result<Vec<&'c Service>, Error> {
        let drawn: Drawn = serde_json::from_slice(plan).map_err(|cause| {
            let problem = "expected what `migrate plan --format json` prints, got something else";
            Error::input("plan", problem).caused_by(cause)
        })?;
        if drawn.version != Plan::VERSION {
            return Err(Error::input(
                "plan",
                format_args!("expected version {}, got {}", Plan::VERSION, drawn.version),
            ));
        }
        let services = drawn.services.iter();
        Ok(services
            .filter_map(|needed| catalogue.service(&needed.id))
            .collect())
    }
}

/// Letters, digits and hyphens between dots (RFC 1123, 2.1), as domains stand in addresses of feeds.
fn is_domain(name: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    let label = |label: &str| {
        !label.is_empty()
            && label.chars().all(plain)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.len() <= 253 && name.contains('.') && name.split('.').all(label)
}

/// A line of a comment.
fn about(service: &Service) -> String {
    let mut line = format!("{}: {}", service.name(), service.state());
    if let Some(ended) = service.ended() {
        let _ = write!(line, " since {ended}");
    }
    if let Some(successor) = service.successor() {
        let _ = write!(line, "; to {successor}");
    }
    plain(&line)
}

fn plain(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).collect()
}
