//! The plan: what the inputs say, joined.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    Ask, CallLog, Choice, ClientType, Code, Need, People, Quota, Step, Verification, client,
    delegation, limits, need, order, people, quota, verification,
};
use crate::{
    error::Error,
    migrate::{catalogue::Catalogue, import::Inventory, scan::Kind},
    scope::ScopeNames,
    wire::origin::Origin,
};

/// What a plan is drawn from; at least one of the three.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Inputs<'i> {
    /// What became of each service.
    pub catalogue: &'i Catalogue,
    /// What a scan found.
    pub code: Option<&'i Code>,
    /// What an import found.
    pub inventory: Option<&'i Inventory>,
    /// What was seen to be called.
    pub log: Option<&'i CallLog>,
}

/// What only a person knows.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Wishes {
    /// The name of the integration, as users know it.
    pub name: Option<String>,
    /// It runs where nobody has a browser.
    pub headless: bool,
    /// The server offers the migration grant; Google does not.
    pub grant: bool,
    /// Where the page for consents will be.
    pub origin: Option<String>,
    /// A kind of client that is settled.
    pub client: Option<ClientType>,
}

/// What to do, in which order.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Plan {
    /// The version of this form.
    pub version: u32,
    /// The name of the integration.
    pub name: Option<String>,
    /// The services, in the order of work.
    pub services: Vec<Need>,
    /// The least scopes; one that two services want comes once for each.
    pub scopes: Vec<Ask>,
    /// The clients to make.
    pub clients: Vec<Choice>,
    /// What Google asks for.
    pub verification: Vec<Verification>,
    /// What a day costs, where YouTube was called.
    pub quota: Option<Quota>,
    /// The users, where an inventory was given.
    pub people: Option<People>,
    /// The order of work.
    pub steps: Vec<Step>,
    /// What cannot be done, or only in part.
    pub cannot: Vec<Cannot>,
    /// What nobody confirmed.
    pub unverified: Vec<String>,
    /// What the inputs could not tell.
    pub notes: Vec<String>,
    /// What `migrate upgrade new` needs, where users have to consent.
    pub campaign: Option<Campaign>,
    /// The figures of the log.
    pub log: Option<CallLog>,
}

/// Something that ended, or that is done only in part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Cannot {
    /// What.
    pub what: String,
    /// Why, or what is left of it.
    pub why: String,
    /// Whether a part of it goes on.
    pub partly: bool,
    /// How often it was seen.
    pub calls: u64,
    /// Where that is from.
    pub source: String,
    /// Whether nobody confirmed it.
    pub unverified: bool,
}

/// The next step for a program.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Campaign {
    /// The kind of client that users consent to.
    pub client: ClientType,
    /// What they are asked for.
    pub scopes: Vec<String>,
    /// Where the page is; nothing where that is still to be settled.
    pub origin: Option<String>,
    /// The address to register with the client.
    pub redirect_uri: Option<String>,
    /// Who is invited, by e-mail.
    pub users: Vec<String>,
    /// How many more have no address in any store.
    pub users_without_address: u64,
    /// The command, without the files that are not there yet.
    pub command: Vec<String>,
}

/// Where the page of a campaign is, unless told otherwise.
const LOOPBACK: &str = "http://127.0.0.1:8090";

/// Where Google sends browsers back to, below the origin.
const REDIRECT_PATH: &str = "/";

impl<'i> Inputs<'i> {
    /// Nothing but the catalogue, so far.
    #[must_use]
    pub fn new(catalogue: &'i Catalogue) -> Self {
        Self {
            catalogue,
            code: None,
            inventory: None,
            log: None,
        }
    }

    /// With the findings of a scan.
    #[must_use]
    pub fn with_code(mut self, code: &'i Code) -> Self {
        self.code = Some(code);
        self
    }

    /// With an inventory.
    #[must_use]
    pub fn with_inventory(mut self, inventory: &'i Inventory) -> Self {
        self.inventory = Some(inventory);
        self
    }

    /// With a log.
    #[must_use]
    pub fn with_log(mut self, log: &'i CallLog) -> Self {
        self.log = Some(log);
        self
    }
}

impl Plan {
    /// The version that is written.
    pub const VERSION: u32 = 1;

    /// Draws a plan. The same inputs make the same plan.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when there is no input, or more scopes than one consent can have, or an origin that is none.
    ///
    /// # Examples
    /// ```
    /// use gdata_auth::migrate::{catalogue::Catalogue, plan::{CallLog, Inputs, Plan, Wishes}};
    ///
    /// let line = r#"{"method":"GET","url":"https://www.google.com/calendar/feeds/default","time":"2026-11-20T05:00:00Z"}"#;
    /// let mut log = CallLog::default();
    /// log.read(&mut line.as_bytes(), None, Catalogue::built_in()?)?;
    /// let plan = Plan::draw(&Inputs::new(Catalogue::built_in()?).with_log(&log), &Wishes::default())?;
    /// assert_eq!(plan.scopes[0].scope, "https://www.googleapis.com/auth/calendar.events.readonly");
    /// # Ok::<(), gdata_auth::Error>(())
    /// ```
    pub fn draw(inputs: &Inputs<'_>, wishes: &Wishes) -> Result<Self, Error> {
        let Inputs {
            catalogue,
            code,
            inventory,
            log,
        } = *inputs;
        if code.is_none() && inventory.is_none() && log.is_none() {
            let problem = "expected findings, an inventory or a log, got none of them";
            return Err(Error::input("plan", problem));
        }
        let origin = wishes.origin.as_deref().map(checked).transpose()?;
        let gathered = need::gather(catalogue, code, inventory, log);
        let needs = gathered.needs;
        let scopes = delegation::scopes(catalogue, &needs);
        let clients = client::choose(
            &needs,
            &scopes,
            (code, inventory, log),
            &client::Given {
                headless: wishes.headless,
                kind: wishes.client,
                one_by_one: wishes.grant && inventory.is_some_and(people::has_own),
            },
        );
        let asked = asked(&scopes, &clients)?;
        let quota = log.and_then(|log| quota::estimate(catalogue, log));
        let people = inventory.map(|own| {
            let delegated = delegation::rule(catalogue, &needs, &clients, &asked);
            people::count(own, &asked, wishes.grant, &delegated)
        });
        let campaign = campaign(wishes, origin, &clients, &asked, people.as_ref());
        let spots = || code.into_iter().flat_map(|code| &code.spots);
        let leaks = spots().filter(|spot| spot.kind == Kind::Leak);
        let steps = order::steps(&order::Facts {
            needs: &needs,
            asks: &scopes,
            clients: &clients,
            quota: quota.as_ref(),
            people: people.as_ref(),
            leaks: code.map(|_| leaks.count() as u64),
            unclear: gathered.unclear,
            upgrade: campaign.as_ref().map(|own| shell(&own.command)),
        });
        let mut notes = limits::notes(inputs, &needs);
        notes.extend(gathered.notes);
        if gathered.unnamed > 0 {
            notes.push(format!(
                "other places in the code that name no API, and go with the calls (libraries, answers): {}",
                gathered.unnamed
            ));
        }
        if let Some(people) = people.as_ref().filter(|people| people.exchangeable > 0) {
            notes.push(format!(
                "users with OAuth 1.0 tokens, who consent since Google exchanges them no more; a server with the migration grant would: {}",
                people.exchangeable
            ));
        }
        Ok(Self {
            version: Self::VERSION,
            name: wishes.name.clone(),
            verification: verification::of(&scopes),
            cannot: limits::cannot(catalogue, &needs, log),
            unverified: limits::unverified(&needs, &scopes, quota.as_ref()),
            services: needs,
            scopes,
            clients,
            quota,
            people,
            steps,
            notes,
            campaign,
            log: log.cloned(),
        })
    }

    /// The plan as JSON.
    ///
    /// # Shape
    /// One object, `version` 1, with the fields of this type.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) if it cannot be put into JSON.
    pub fn to_json(&self) -> Result<String, Error> {
        serde_json::to_string_pretty(self)
            .map(|text| text + "\n")
            .map_err(|cause| Error::input("plan", "cannot print the plan as JSON").caused_by(cause))
    }

    /// The users to invite, as `migrate upgrade add` reads them: a column `email`.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let users = self.campaign.iter().flat_map(|own| &own.users);
        users.fold("email\r\n".to_owned(), |text, user| {
            text + &format!("{user}\r\n")
        })
    }
}

impl Plan {
    /// How many scopes there are: one that two services want is one.
    pub(super) fn scope_count(&self) -> usize {
        let names: BTreeSet<&str> = self.scopes.iter().map(|ask| ask.scope.as_str()).collect();
        names.len()
    }
}

/// What users are asked for: scopes of clients that users consent to.
pub(super) fn asked(scopes: &[Ask], clients: &[Choice]) -> Result<ScopeNames, Error> {
    let users = |ask: &&Ask| {
        clients.iter().any(|own| {
            own.kind != ClientType::ServiceAccount && own.services.contains(&ask.service)
        })
    };
    ScopeNames::new(scopes.iter().filter(users).map(|ask| &ask.scope))
}

/// An origin as a campaign takes it.
fn checked(address: &str) -> Result<String, Error> {
    let expected = "expected https, host and port alone, such as https://upgrade.example.com, or http on loopback";
    let broken = |got: &str| Error::input("origin", format_args!("{expected}, got {got}"));
    let origin = Origin::of(address).map_err(|cause| broken("no address").caused_by(cause))?;
    if origin.to_string() != address.trim_end_matches('/').to_ascii_lowercase() {
        return Err(broken("more than that"));
    }
    match origin.is_secure() || origin.is_loopback() {
        true => Ok(origin.to_string()),
        false => Err(broken("http on another host: links and codes go over it")),
    }
}

fn campaign(
    wishes: &Wishes,
    origin: Option<String>,
    clients: &[Choice],
    asked: &ScopeNames,
    people: Option<&People>,
) -> Option<Campaign> {
    let client = clients
        .iter()
        .find(|own| own.kind != ClientType::ServiceAccount)?
        .kind;
    if people.is_some_and(|people| people.by_consent == 0) {
        return None;
    }
    let origin = match (origin, client) {
        (Some(origin), _) => Some(origin),
        (None, ClientType::Web) => None,
        (None, _) => Some(LOOPBACK.to_owned()),
    };
    let name = wishes.name.as_deref().unwrap_or("NAME");
    let mut command: Vec<String> = [
        "gdata-auth",
        "migrate",
        "upgrade",
        "new",
        "upgrade.campaign",
        "--app",
        name,
        "--client-secrets",
        "client_secret.json",
        "--origin",
        origin.as_deref().unwrap_or("https://HOST"),
    ]
    .map(str::to_owned)
    .to_vec();
    if let (Some(_), ClientType::Web) = (&origin, client) {
        // A web client has its address registered, so it is written where it can be changed in both places.
        command.extend(["--redirect-path".to_owned(), REDIRECT_PATH.to_owned()]);
    }
    for scope in asked.iter() {
        command.extend(["--scope".to_owned(), scope.to_owned()]);
    }
    Some(Campaign {
        client,
        scopes: asked.iter().map(str::to_owned).collect(),
        redirect_uri: origin
            .as_ref()
            .map(|origin| format!("{origin}{REDIRECT_PATH}")),
        origin,
        users: people.map_or_else(Vec::new, |people| people.invited.clone()),
        users_without_address: people.map_or(0, |people| people.unaddressed),
        command,
    })
}

/// Words as a shell takes them.
pub(in crate::migrate) fn shell(words: &[String]) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,".contains(c);
    let quoted = words
        .iter()
        .map(|word| match !word.is_empty() && word.chars().all(plain) {
            true => word.clone(),
            false => format!("'{}'", word.replace('\'', r"'\''")),
        });
    quoted.collect::<Vec<_>>().join(" ")
}
