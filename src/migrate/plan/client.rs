//! Which kind of client, by a table of rules: the first that fits decides, and says why.

use std::fmt;

use serde::Serialize;

use super::{Ask, CallLog, Code, Login, Need};
use crate::{
    migrate::import::{Form, Inventory, Protocol},
    scheme::oauth2::refused_by_google_device,
    scope::ScopeNames,
};

/// A kind of client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ClientType {
    /// A program on the user's machine, with a redirect to loopback.
    Installed,
    /// A website.
    Web,
    /// A service account with delegation for a domain.
    ServiceAccount,
    /// A device without a browser.
    Device,
}

/// A client to make.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Choice {
    /// Its kind.
    pub kind: ClientType,
    /// Why.
    pub reason: String,
    /// Another way, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alternative: Option<String>,
    /// For which rows of the catalogue.
    pub services: Vec<String>,
}

impl ClientType {
    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Installed => "installed program",
            Self::Web => "web application",
            Self::ServiceAccount => "service account with domain-wide delegation",
            Self::Device => "device with limited input",
        }
    }
}

/// In words.
impl fmt::Display for ClientType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

/// What the inputs tell about where the integration runs.
#[derive(Debug, Default)]
struct Signs {
    two_legged: bool,
    auth_sub: bool,
    sessions: bool,
    pages: bool,
    client_login: bool,
    oauth1: bool,
    headless: bool,
    device_refuses: bool,
}

struct Rule {
    kind: ClientType,
    fits: fn(&Signs) -> bool,
    reason: &'static str,
}

const ADMIN: &str = "only an administrator of the domain can consent to it";
const ADMIN_OR: &str = "a web client to which administrators consent one by one: --client web";
const ONE_BY_ONE: &str =
    "administrators consent to it one by one, as they gave the credentials that are there";
const ONE_BY_ONE_OR: &str = "a service account with domain-wide delegation, which takes the place of them all, and nobody is asked: --client service-account";

/// What is given beside the inputs.
pub(super) struct Given {
    pub(super) headless: bool,
    pub(super) kind: Option<ClientType>,
    /// Users' own credentials are to move, those of administrators too.
    pub(super) one_by_one: bool,
}

/// The first that fits decides.
const RULES: &[Rule] = &[
    Rule {
        kind: ClientType::ServiceAccount,
        fits: |signs| signs.two_legged,
        reason: "two-legged OAuth 1.0 acted for every user of a domain, without asking them",
    },
    Rule {
        kind: ClientType::Device,
        fits: |signs| signs.headless && !signs.device_refuses,
        reason: "it runs where nobody has a browser, and the device flow takes all of the scopes",
    },
    Rule {
        kind: ClientType::Installed,
        fits: |signs| signs.headless,
        reason: "it runs where nobody has a browser, but the device flow refuses some of the scopes: users consent on a page elsewhere",
    },
    Rule {
        kind: ClientType::Web,
        fits: |signs| signs.auth_sub,
        reason: "AuthSub sent browsers back to a page, so there is a website",
    },
    Rule {
        kind: ClientType::Web,
        fits: |signs| signs.sessions,
        reason: "its tokens stood in sessions of a website",
    },
    Rule {
        kind: ClientType::Web,
        fits: |signs| signs.pages,
        reason: "its code is in a language of web pages",
    },
    Rule {
        kind: ClientType::Installed,
        fits: |signs| signs.client_login,
        reason: "ClientLogin took the password in the program itself",
    },
    Rule {
        kind: ClientType::Web,
        fits: |signs| signs.oauth1,
        reason: "OAuth 1.0 on three legs sent browsers back to a page",
    },
    Rule {
        kind: ClientType::Installed,
        fits: |_| true,
        reason: "nothing tells where it runs: check this",
    },
];

/// YouTube's API knows no service accounts (migration.md 2.5).
const NO_SERVICE_ACCOUNT: &str = "youtube";

const PAGES: &[&str] = &["PHP", "HTML"];

/// One client, or two where a part of the services is the administrator's.
pub(super) fn choose(
    needs: &[Need],
    asks: &[Ask],
    inputs: (Option<&Code>, Option<&Inventory>, Option<&CallLog>),
    given: &Given,
) -> Vec<Choice> {
    let wanted = |need: &&Need| asks.iter().any(|ask| ask.service == need.id);
    let (admin, users): (Vec<&Need>, Vec<&Need>) =
        needs.iter().filter(wanted).partition(|need| need.admin);
    let mut out = Vec::new();
    let ids = |needs: &[&Need]| needs.iter().map(|need| need.id.clone()).collect();
    let account = match given.kind {
        Some(kind) => kind == ClientType::ServiceAccount,
        // Beside services of users an account of its own asks nobody for more than is theirs.
        None => !given.one_by_one || !users.is_empty(),
    };
    if !admin.is_empty() && account {
        out.push(Choice {
            kind: ClientType::ServiceAccount,
            reason: ADMIN.to_owned(),
            alternative: Some(ADMIN_OR.to_owned()),
            services: ids(&admin),
        });
    }
    let names = asks
        .iter()
        .filter(|ask| users.iter().any(|need| need.id == ask.service));
    let names = ScopeNames::new(names.map(|ask| &ask.scope)).unwrap_or_default();
    let mut signs = signs(inputs);
    signs.headless = given.headless;
    signs.device_refuses = !refused_by_google_device(&names).is_empty();
    let first = |signs: &Signs| RULES.iter().find(|rule| (rule.fits)(signs));
    let (tube, others): (Vec<&Need>, Vec<&Need>) = users
        .into_iter()
        .partition(|need| need.id == NO_SERVICE_ACCOUNT);
    for (services, delegates) in [(others, true), (tube, false)] {
        if services.is_empty() {
            continue;
        }
        signs.two_legged &= delegates;
        let choice = match (given.kind, first(&signs)) {
            (Some(kind), _) if delegates || kind != ClientType::ServiceAccount => {
                (kind, "you said so")
            }
            (_, Some(rule)) => (rule.kind, rule.reason),
            _ => continue,
        };
        let services: Vec<String> = ids(&services);
        match out.iter_mut().find(|own| own.kind == choice.0) {
            Some(own) => {
                if !own.reason.contains(choice.1) {
                    own.reason = format!("{}; {}", own.reason, choice.1);
                }
                own.services.extend(services);
            }
            None => out.push(Choice {
                kind: choice.0,
                reason: choice.1.to_owned(),
                alternative: None,
                services,
            }),
        }
    }
    if !admin.is_empty() && !account {
        one_by_one(&mut out, given.kind, ids(&admin));
    }
    out
}

/// Administrators consent as users do: with the client of the users, so that nobody is asked twice.
fn one_by_one(out: &mut Vec<Choice>, given: Option<ClientType>, services: Vec<String>) {
    let users = |own: &&mut Choice| own.kind != ClientType::ServiceAccount;
    match out.iter_mut().find(users) {
        Some(own) => {
            own.reason = format!("{}; {ONE_BY_ONE}", own.reason);
            own.alternative = Some(ONE_BY_ONE_OR.to_owned());
            own.services.extend(services);
        }
        None => out.push(Choice {
            kind: given.unwrap_or(ClientType::Web),
            reason: ONE_BY_ONE.to_owned(),
            alternative: Some(ONE_BY_ONE_OR.to_owned()),
            services,
        }),
    }
}

fn signs((code, inventory, log): (Option<&Code>, Option<&Inventory>, Option<&CallLog>)) -> Signs {
    let protocols = |wanted: &[Protocol]| {
        let mut all = inventory.into_iter().flat_map(Inventory::current);
        all.any(|credential| wanted.contains(&credential.protocol))
    };
    let forms = |wanted: &[Form]| {
        let mut all = inventory.into_iter().flat_map(Inventory::current);
        all.any(|credential| wanted.contains(&credential.form))
    };
    let logins = |login: Login| log.is_some_and(|log| log.logins.contains_key(&login));
    let speaks = |word: &str| code.is_some_and(|code| code.speaks_of(word));
    let languages = code.into_iter().flat_map(|code| &code.spots);
    Signs {
        two_legged: protocols(&[Protocol::OAuth1TwoLegged]) || speaks("two-legged"),
        auth_sub: protocols(&[Protocol::AuthSub, Protocol::SecureAuthSub])
            || logins(Login::AuthSub)
            || speaks("AuthSub"),
        sessions: forms(&[Form::PhpSession, Form::MoodlePreferences]),
        pages: languages
            .filter(|spot| spot.verdict.is_open())
            .any(|spot| PAGES.contains(&&*spot.language)),
        client_login: protocols(&[Protocol::ClientLogin])
            || logins(Login::ClientLogin)
            || speaks("ClientLogin"),
        oauth1: protocols(&[Protocol::OAuth1]) || logins(Login::OAuth1) || speaks("OAuth 1.0"),
        ..Signs::default()
    }
}
