//! Steps, and what each waits for: survivors first, ports next, what has no successor last.

use serde::Serialize;

use super::{Ask, Choice, ClientType, Grade, Need, People, Quota};
use crate::migrate::scan::Verdict;

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Step {
    /// A name that other steps wait for.
    pub id: String,
    /// What to do, in a few words.
    pub title: String,
    /// More of it.
    pub what: String,
    /// A command that helps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// Steps that have to be done before.
    pub after: Vec<String>,
}

/// All that the order depends on.
pub(super) struct Facts<'f> {
    pub(super) needs: &'f [Need],
    pub(super) asks: &'f [Ask],
    pub(super) clients: &'f [Choice],
    pub(super) quota: Option<&'f Quota>,
    pub(super) people: Option<&'f People>,
    /// Secrets in the code, where it was looked at.
    pub(super) leaks: Option<u64>,
    /// Places that do not say to whom they speak.
    pub(super) unclear: usize,
    pub(super) upgrade: Option<String>,
}

/// A list to which steps are added only after those that they wait for.
#[derive(Default)]
struct Steps(Vec<Step>);

impl Steps {
    /// Waits for those of `after` that there are.
    fn add(&mut self, id: &str, title: String, what: String, after: &[&str]) -> &mut Step {
        let at = self.0.len();
        let after = after.iter().filter(|id| self.has(id));
        let after = after.map(|id| (*id).to_owned()).collect();
        self.0.push(Step {
            id: id.to_owned(),
            title,
            what,
            command: None,
            after,
        });
        &mut self.0[at]
    }

    fn has(&self, id: &str) -> bool {
        self.0.iter().any(|step| step.id == id)
    }

    fn ids(&self, begins: &[&str]) -> Vec<String> {
        let is = |step: &&Step| begins.iter().any(|begin| step.id.starts_with(begin));
        self.0
            .iter()
            .filter(is)
            .map(|step| step.id.clone())
            .collect()
    }
}

pub(super) fn steps(facts: &Facts<'_>) -> Vec<Step> {
    let mut steps = Steps::default();
    prepare(facts, &mut steps);
    services(facts, &mut steps);
    users(facts, &mut steps);
    finish(facts, &mut steps);
    steps.0
}

fn prepare(facts: &Facts<'_>, steps: &mut Steps) {
    // What was not given is not said to have none.
    let alarms = facts.people.map(|people| people.alarms);
    if facts.leaks.unwrap_or(0) > 0 || alarms.unwrap_or(0) > 0 {
        let leaks = facts
            .leaks
            .map(|leaks| counted(leaks, "secret", "secrets") + " in the code or its logs");
        let keys = ["private key or password", "private keys or passwords"];
        let alarms = alarms.map(|alarms| counted(alarms, keys[0], keys[1]) + " in token stores");
        let told: Vec<String> = leaks.into_iter().chain(alarms).collect();
        let what = format!("{}: whoever read them has them.", told.join(", "));
        steps.add("secrets", "Replace exposed secrets".to_owned(), what, &[]);
    }
    if facts.unclear > 0 {
        let what = format!(
            "{} may change this plan.",
            match facts.unclear {
                1 => "1 place does not say to whom it speaks: what it turns out to be".to_owned(),
                look =>
                    format!("{look} places do not say to whom they speak: what they turn out to be"),
            }
        );
        steps.add("look", "Look at what is not clear".to_owned(), what, &[]);
    }
    if !facts.clients.is_empty() {
        let kinds: Vec<&str> = facts.clients.iter().map(|own| own.kind.words()).collect();
        let apis: Vec<&str> = facts
            .needs
            .iter()
            .filter(|need| facts.asks.iter().any(|ask| ask.service == need.id))
            .map(|need| match need.verdict {
                Verdict::HeaderSwap => need.name.as_str(),
                _ => need.successor.as_deref().unwrap_or(&need.name),
            })
            .collect();
        let what = format!(
            "A project of your own with these APIs switched on: {}. Publish its consent page: grants of a project in testing end after seven days.",
            apis.join("; ")
        );
        let title = format!("Make the client: {}", kinds.join(", and "));
        steps.add("client", title, what, &["look"]);
    }
    if facts.asks.iter().any(|ask| ask.grade >= Grade::Sensitive) {
        steps.add(
            "verify",
            "Have the scopes verified".to_owned(),
            "Google's review takes its time, and porting goes on meanwhile. Users who are asked before it ends see a warning.".to_owned(),
            &["client"],
        );
    }
    let is_service = |own: &&Choice| own.kind == ClientType::ServiceAccount;
    if facts.clients.iter().any(|own| is_service(&own)) {
        let mut scopes: Vec<&str> = facts
            .asks
            .iter()
            .filter(|ask| {
                let mut own = facts.clients.iter().filter(is_service);
                own.any(|own| own.services.contains(&ask.service))
            })
            .map(|ask| ask.scope.as_str())
            .collect();
        scopes.sort_unstable();
        scopes.dedup();
        let or = facts
            .clients
            .iter()
            .find_map(|own| own.alternative.as_deref());
        let or = or.map_or(String::new(), |or| format!(" Or in place of it: {or}."));
        let what = format!(
            "An administrator enters the client's id with exactly these scopes: {}.{}",
            scopes.join(", "),
            or
        );
        let title = "Have the domain delegate".to_owned();
        steps.add("delegate", title, what, &["client"]);
    }
    if let Some(quota) = facts.quota.filter(|quota| quota.more) {
        let mut over: Vec<String> = quota
            .buckets
            .iter()
            .filter(|own| own.peak > own.allowed)
            .map(|own| {
                format!(
                    "{} calls of {} against {} a day",
                    own.peak, own.call, own.allowed
                )
            })
            .collect();
        if quota.units_peak > quota.units_allowed {
            over.push(format!(
                "{} units against {} a day",
                quota.units_peak, quota.units_allowed
            ));
        }
        let what = format!(
            "The busiest day goes beyond what a project has: {}. Cache, call less, or ask for more.",
            over.join("; ")
        );
        steps.add(
            "quota",
            "Settle YouTube's quota".to_owned(),
            what,
            &["client"],
        );
    }
}

fn services(facts: &Facts<'_>, steps: &mut Steps) {
    let of = |verdict: Verdict| {
        facts
            .needs
            .iter()
            .filter(move |need| need.verdict == verdict)
    };
    for need in of(Verdict::HeaderSwap) {
        // What `rewrite` writes reads the credential of one person.
        let delegated = facts
            .clients
            .iter()
            .any(|own| own.kind == ClientType::ServiceAccount && own.services.contains(&need.id));
        let by = match delegated {
            false => "",
            true => {
                " The rewritten code reads one administrator's credential; with the service account, put the token of \
                 Google's own library for it in that place."
            }
        };
        let what = format!(
            "It still answers: keep the library and the calls, and send a token of OAuth 2.0.{by}{}",
            used(facts, need)
        );
        let title = format!("Swap the header: {}", need.name);
        let step = steps.add(
            &format!("swap-{}", need.id),
            title,
            what,
            &["client", "delegate"],
        );
        step.command = Some("gdata-auth migrate rewrite PATH".to_owned());
    }
    for need in of(Verdict::Port) {
        let to = need.successor.as_deref().unwrap_or_default();
        let what = format!(
            "{} {}: rewrite its calls.{}",
            need.name,
            need.state.clause(),
            used(facts, need)
        );
        let after: &[&str] = match need.id.as_str() {
            "youtube" => &["client", "quota"],
            _ if need.admin => &["client", "delegate"],
            _ => &["client"],
        };
        let step = steps.add(
            &format!("port-{}", need.id),
            format!("Port to {to}"),
            what,
            after,
        );
        step.command = Some(format!("gdata-auth migrate catalogue {}", need.id));
    }
}

fn users(facts: &Facts<'_>, steps: &mut Steps) {
    let Some(people) = facts.people else {
        if let Some(command) = &facts.upgrade {
            let what = "No inventory was given, so nobody knows how many there are.".to_owned();
            let step = steps.add(
                "consent",
                "Ask the users for consent".to_owned(),
                what,
                &["client", "verify"],
            );
            step.command = Some(command.clone());
        }
        return;
    };
    if people.kept + people.needs_client > 0 {
        let what = format!(
            "{} with a grant of OAuth 2.0 that covers what is needed{}.",
            counted(people.kept + people.needs_client, "user", "users"),
            match people.needs_client {
                0 => String::new(),
                count =>
                    format!(", {count} of them only with the client that the grant was given to"),
            }
        );
        let step = steps.add(
            "keep",
            "Keep the grants that are good".to_owned(),
            what,
            &[],
        );
        step.command = Some(
            "gdata-auth migrate import PATH --into-store --client-secrets client_secret.json"
                .to_owned(),
        );
    }
    if people.by_grant > 0 {
        let what = format!(
            "{} without being asked.",
            counted(people.by_grant, "user", "users")
        );
        let step = steps.add(
            "grant",
            "Move OAuth 1.0 tokens by the migration grant".to_owned(),
            what,
            &["client"],
        );
        step.command = Some("gdata-auth migrate upgrade grant --client-secrets client_secret.json --invite users.csv STORE".to_owned());
    }
    if people.by_consent > 0 {
        let what = format!(
            "{} by an invitation each.{}",
            counted(people.by_consent, "user", "users"),
            match people.unaddressed {
                0 => String::new(),
                count => format!(
                    " For {count} of them no store gives an e-mail address: find those first."
                ),
            }
        );
        let step = steps.add(
            "consent",
            "Ask the users for consent".to_owned(),
            what,
            &["client", "verify", "grant"],
        );
        step.command.clone_from(&facts.upgrade);
    }
}

fn finish(facts: &Facts<'_>, steps: &mut Steps) {
    let moved = steps.ids(&["swap-", "port-", "keep", "grant", "consent"]);
    if !steps.ids(&["swap-", "port-"]).is_empty() {
        let after: Vec<&str> = moved.iter().map(String::as_str).collect();
        let what = "Prefer the new credential and fall back by rule; compare answers where the old API still gives any.".to_owned();
        steps.add("dual", "Run both for a while".to_owned(), what, &after);
    }
    for need in facts
        .needs
        .iter()
        .filter(|need| need.verdict == Verdict::NoSuccessor)
    {
        let what = format!(
            "{} {}, and nothing took its place.{}",
            need.name,
            need.state.clause(),
            used(facts, need)
        );
        let title = format!("Drop: {}", need.name);
        steps.add(&format!("drop-{}", need.id), title, what, &["dual"]);
    }
    if !facts.needs.is_empty() {
        let after = steps.ids(&["secrets", "dual", "drop-"]);
        let after: Vec<&str> = after.iter().map(String::as_str).collect();
        let what = "Revoke what a server still knows, list what users remove by hand, and watch until no legacy call came for a month.".to_owned();
        let step = steps.add(
            "retire",
            "Retire the old credentials".to_owned(),
            what,
            &after,
        );
        step.command = Some("gdata-auth migrate retire watch retire.state NAME".to_owned());
    }
}

/// Where a service was seen, of what was looked at.
fn used(facts: &Facts<'_>, need: &Need) -> String {
    let places = need.places as u64;
    let rows = [
        (places, "place in the code", "places in the code"),
        (need.calls, "call seen", "calls seen"),
        (need.credentials, "stored credential", "stored credentials"),
    ];
    // Credentials tell a service only where nothing else does.
    let told = if places + need.calls > 0 { 2 } else { 3 };
    let seen: Vec<String> = rows
        .into_iter()
        .take(told)
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, more)| counted(count, one, more))
        .collect();
    match (seen.is_empty(), facts.leaks) {
        (false, _) => format!(" {}.", seen.join(", ")),
        (true, Some(_)) => " No place in the code.".to_owned(),
        (true, None) => String::new(),
    }
}

pub(super) fn counted(count: u64, one: &str, more: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{count} {more}"),
    }
}
