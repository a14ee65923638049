//! One text: from its tokens to findings with a verdict.
//!
//! ```text
//! tokens ─▶ view ─▶ evidence ┐
//!                  rules ────┴▶ hits ─▶ one for each line ─▶ verdict, masked line ─▶ findings
//! ```

use std::{collections::BTreeMap, ops::Range, sync::LazyLock};

use regex_automata::meta::Regex;

use super::{
    arguments, bounds, calls,
    evidence::Evidence,
    finding::{Finding, Target, Verdict, fingerprint},
    harmless::{is_placeholder, is_template},
    language::Language,
    lex::{self, Kind as Place_},
    lines::Lines,
    mask::Source,
    names::{self, Names},
    prefilter,
    rules::{self, Hit, Kind, Needs, Place, Rule},
    verdict::{self, Login},
    view::View,
};

/// The most findings of one file.
pub(super) const MOST: usize = 2_000;

/// What was found in one text.
#[derive(Debug, Default)]
pub(super) struct Examined {
    pub(super) findings: Vec<Finding>,
    /// Something was found, but in comments or prose.
    pub(super) in_comments: bool,
    /// Findings beyond the most that are kept.
    pub(super) left_out: usize,
}

/// Looks through one text.
pub(super) fn examine(file: &str, language: Language, text: &str) -> Examined {
    let tokens = lex::tokens(language, text);
    let view = View::of(language, text, &tokens);
    let mut examined = Examined::default();
    if language.is_prose() || !prefilter::hits(view.text().as_bytes()) {
        examined.in_comments = true;
        return examined;
    }
    let evidence = Evidence::of(&view, text);
    let names = Names::of(view.text());
    let lines = Lines::of(text);
    let mut sites: BTreeMap<(usize, bool), Site<'_>> = BTreeMap::new();
    let server = match language {
        Language::Html => lex::embedded(text),
        _ => language,
    };
    for ready in rules::ready(language, server) {
        if !may_hit(ready.rule, &evidence, view.text()) {
            continue;
        }
        ready.search(view.text(), |hit| {
            let Some(doubt) = judge(ready.rule, &hit, &view, &evidence, &names, language) else {
                return;
            };
            let rule = match ready.rule.id {
                "W1" | "W2" | "W3" | "W4" if view.is_joined(hit.start, hit.end) => {
                    joined(ready.rule)
                }
                _ => ready.rule,
            };
            let at = view.origin(hit.at);
            let key = (lines.number(at), rule.kind == Kind::Leak);
            let secret = hit
                .secret
                .and_then(|(start, end)| view.text().get(start..end));
            let site = sites
                .entry(key)
                .or_insert_with(|| Site::new(rule, doubt, hit, at));
            site.add(rule, doubt, hit, at, secret);
        });
    }
    let secrets = arguments::secrets(text, &tokens, language);
    let mut last: Option<&Range<usize>> = None;
    for span in &secrets {
        let value = &text[span.clone()];
        // A literal of many parts is one secret.
        let is_part = last
            .replace(span)
            .is_some_and(|last| view.is_joined(view.place(last.start), view.place(last.end) + 1));
        let Some(rule) = by_place().filter(|_| evidence.speaks_to_google()) else {
            break;
        };
        // One that has a value put in is hidden, and told by nobody: not every language puts values in.
        if is_part || value.len() < 3 || is_placeholder(value) || is_template(value) {
            continue;
        }
        let (start, end) = (view.place(span.start), view.place(span.end));
        let hit = Hit {
            start,
            end,
            at: start,
            secret: None,
            named: None,
        };
        let site = sites
            .entry((lines.number(span.start), true))
            .or_insert_with(|| Site::new(rule, Doubt::None, hit, span.start));
        site.add(rule, Doubt::None, hit, span.start, Some(value));
    }
    let source = Source {
        text,
        tokens: &tokens,
        secrets: &secrets,
        language,
    };
    // What one finding of a line blots out, the other may not show.
    let secrets: Vec<(usize, Vec<&str>)> = sites
        .iter()
        .filter(|((_, leak), site)| *leak && !site.secrets.is_empty())
        .map(|((number, _), site)| (*number, site.secrets.clone()))
        .collect();
    for (number, hidden) in secrets {
        if let Some(site) = sites.get_mut(&(number, false)) {
            site.secrets.extend(hidden);
        }
    }
    let of = |kind| sites.values().any(|site| site.rule.kind == kind);
    let login = match (of(Kind::Done), of(Kind::Auth)) {
        (true, false) if sites.values().all(|site| is_beside(site.rule.kind)) => Login::DoneAlone,
        (true, false) => Login::Done,
        _ => Login::Old,
    };
    let calls = calls::of(&view, &evidence);
    for ((number, _), site) in sites {
        if examined.findings.len() == MOST {
            examined.left_out += 1;
            continue;
        }
        let service = rules::service_of(site.rule)
            .or_else(|| evidence.service_at(site.hit.start, site.hit.end));
        let (verdict, message) = verdict::of(site.rule, site.doubt, service, login);
        let (line, start) = lines.text(number);
        let end = view.origin(site.hit.end.saturating_sub(1));
        let masked = source.line(line, start, site.at, &site.secrets);
        examined.findings.push(Finding {
            file: file.to_owned(),
            line: number,
            end_line: lines.number(end).max(number),
            column: text[start..bounds::floor(text, site.at.max(start))]
                .chars()
                .count()
                + 1,
            rule: site.rule.id,
            also: site.also,
            kind: site.rule.kind,
            verdict,
            service: service
                .filter(|_| verdict != Verdict::LookAlike)
                .map(Target::of),
            access: service.and_then(|service| calls.get(service.id()).copied()),
            message,
            excerpt: masked.shown(),
            language: language.name(),
            fingerprint: fingerprint(site.rule.id, file, &masked.text),
        });
    }
    examined
}

/// What was found on one line.
struct Site<'v> {
    rule: &'static Rule,
    also: Vec<&'static str>,
    doubt: Doubt,
    hit: Hit,
    at: usize,
    secrets: Vec<&'v str>,
}

/// How sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    None,
    /// A person has to look, for this reason.
    ByHand(&'static str),
    /// It is something else.
    Other(&'static str),
}

impl<'v> Site<'v> {
    fn new(rule: &'static Rule, doubt: Doubt, hit: Hit, at: usize) -> Self {
        Self {
            rule,
            also: Vec::new(),
            doubt,
            hit,
            at,
            secrets: Vec::new(),
        }
    }

    /// The better rule stays, the other is told beside it: first the kind counts, then the order of the table.
    fn add(
        &mut self,
        rule: &'static Rule,
        doubt: Doubt,
        hit: Hit,
        at: usize,
        secret: Option<&'v str>,
    ) {
        self.secrets.extend(secret);
        if doubt == Doubt::None {
            self.doubt = Doubt::None;
        }
        let mut other = rule.id;
        if rank(rule.kind) < rank(self.rule.kind) {
            other = self.rule.id;
            (self.rule, self.hit, self.at) = (rule, hit, at);
        }
        if other != self.rule.id && !self.also.contains(&other) {
            self.also.push(other);
        }
        self.also.retain(|id| *id != self.rule.id);
    }
}

/// Whether a place of that kind says nothing of calls.
fn is_beside(kind: Kind) -> bool {
    matches!(kind, Kind::Done | Kind::Leak)
}

/// Which kind of two on one line is told.
fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Done => 0,
        Kind::Auth => 1,
        Kind::Leak => 2,
        Kind::Credential => 3,
        Kind::Reply => 4,
        Kind::Inventory => 5,
        Kind::Dependency => 6,
    }
}

/// Whether a rule can hit in a file with this evidence: it saves the search.
fn may_hit(rule: &Rule, evidence: &Evidence, text: &str) -> bool {
    match rule.needs {
        Needs::Nothing | Needs::Host => true,
        Needs::Google => evidence.speaks_to_google(),
        Needs::Auth => evidence.speaks_to_google() && evidence.strong,
        Needs::Parameters => evidence.speaks_to_google() || evidence.parameters,
        Needs::Library => evidence.library,
        Needs::Word(word) => text.contains(word),
    }
}

/// Whether a hit counts, and how sure that is.
fn judge(
    rule: &Rule,
    hit: &Hit,
    view: &View,
    evidence: &Evidence,
    names: &Names<'_>,
    language: Language,
) -> Option<Doubt> {
    let place = view.kind(hit.start);
    let fits = match rule.place {
        Place::Any => true,
        Place::Str => place == Place_::Str || language.is_unquoted(),
        Place::Code => place == Place_::Code,
    };
    if !fits || excluded(rule, hit, view, names) {
        return None;
    }
    let certain = match rule.needs {
        Needs::Host => false,
        Needs::Parameters => evidence.speaks_to_google(),
        // What else is asked of C2DM than its feeds is doubted like its login.
        _ => rule.id != "W26" || !evidence.messaging,
    };
    if certain {
        return Some(Doubt::None);
    }
    if evidence.messaging {
        return Some(Doubt::ByHand(verdict::MESSAGING));
    }
    let (before, after) = around(view, hit);
    if is_route(after) {
        return Some(Doubt::Other("a server of its own"));
    }
    match host_before(before) {
        Some(host) if is_google(host) => return Some(Doubt::None),
        Some(host) if host.contains('.') && !host.contains(['$', '{', '%', '#']) => {
            return Some(Doubt::Other("an address of another server"));
        }
        _ => {}
    }
    Some(match evidence.other {
        _ if evidence.speaks_to_google() => Doubt::None,
        Some(other) => Doubt::Other(other),
        None => Doubt::ByHand(verdict::NO_GOOGLE),
    })
}

/// What looks like a hit and is none (W27, and names of pages).
fn excluded(rule: &Rule, hit: &Hit, view: &View, names: &Names<'_>) -> bool {
    let text = view.text();
    let after = text.get(hit.end..).unwrap_or_default();
    match rule.id {
        "W26" => after.starts_with("/schemas") || names::in_saved_feed(view, hit.at),
        "P20" => hit.named.is_some_and(|named| !names.is_gspread(named)),
        "W11" if names::is_beside(text, hit.start, hit.end) => {
            !names::near_password(text, hit.start)
        }
        "W13" if names::is_split(text, hit.start) => !names::near_login(text, hit.start),
        _ if matches!(rule.kind, Kind::Auth | Kind::Dependency | Kind::Reply)
            && names::is_definition(text, hit.start) =>
        {
            true
        }
        // A place in documentation, and the link to it.
        _ if rule.kind == Kind::Reply && names::is_anchor(text, hit.start) => true,
        // A page, or a class of the program.
        "W8" | "W1" => {
            after.starts_with(".php")
                || after.starts_with(".asp")
                || after.starts_with(".jsp")
                || after.starts_with(".html")
        }
        "P2" => {
            let hit = text.get(hit.start..hit.end).unwrap_or_default();
            hit.starts_with("self.") && hit.matches('.').count() == 1
        }
        "W5" => hit.named.is_some_and(|named| !names.holds_authsub(named)),
        "L1" => hit.named.is_some_and(|named| !names_a_secret(view, named)),
        "W30" => hit
            .secret
            .is_some_and(|(start, end)| is_placeholder(text.get(start..end).unwrap_or_default())),
        "H10" => text
            .get(hit.start..hit.end + 120)
            .is_some_and(|call| call.contains("gserviceaccount") || call.contains(".p12")),
        _ => false,
    }
}

/// Whether what is logged from `from` on is a variable, not a word of the message.
fn names_a_secret(view: &View, from: usize) -> bool {
    static NAMES: LazyLock<Option<Regex>> = LazyLock::new(|| {
        rules::build(r"[$.\w{>]*(?i:token|passw(?:or)?d|passwd|auth_?header|secret)\b")
    });
    let text = view.text();
    let to = bounds::floor(text, from.saturating_add(200).min(text.len()));
    let rest = text.get(from..to).unwrap_or_default();
    let rest = rest.split([';', '\n']).next().unwrap_or_default();
    NAMES.as_ref().is_some_and(|names| {
        names.find_iter(rest).any(|name| {
            let interpolated = rest[name.start()..].starts_with(['$', '{'])
                || names::is_put_in(text, from + name.start());
            let told = view.kind(from + name.start()) == Place_::Code
                || interpolated
                || names::is_key(view, from + name.start(), from + name.end());
            told && !is_owner(&rest[name.end()..])
        })
    })
}

/// Whether what follows a name takes something from it that is no secret: `token.scopes`.
fn is_owner(after: &str) -> bool {
    const SECRETS: &[&str] = &["token", "secret", "key", "value", "get", "to"];
    after.strip_prefix('.').is_some_and(|part| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && !SECRETS.iter().any(|word| part.starts_with(word))
    })
}

/// A hundred characters before and after the place.
fn around<'v>(view: &'v View, hit: &Hit) -> (&'v str, &'v str) {
    let text = view.text();
    let from = bounds::ceil(text, hit.at.saturating_sub(100));
    let to = bounds::floor(text, hit.end.saturating_add(100).min(text.len()));
    let at = bounds::floor(text, hit.at + 1);
    (
        text.get(from..at).unwrap_or_default(),
        text.get(hit.end..to).unwrap_or_default(),
    )
}

/// `'/accounts/ClientLogin', LoginHandler`: a path that is answered, not asked.
fn is_route(after: &str) -> bool {
    let line = after.lines().next().unwrap_or_default();
    let Some(rest) = line.strip_prefix(['"', '\'', '$', '/']) else {
        return false;
    };
    let rest = rest.trim_start_matches(['"', '\'', ',', ' ', ')']);
    let name: String = rest
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_' || *c == '.')
        .collect();
    [
        "Handler",
        "Controller",
        "View",
        "Servlet",
        "_handler",
        "_view",
    ]
    .iter()
    .any(|word| name.ends_with(word))
}

/// The host of the address that ends here, if it begins in the same string.
fn host_before(before: &str) -> Option<&str> {
    let string = before
        .rsplit(['"', '\'', '`', ' ', '\n', '(', '='])
        .next()?;
    let string = match string.is_empty() || string == "/" {
        // The place may be at the quote itself.
        true => return None,
        false => string,
    };
    let rest = string.rsplit_once("://")?.1;
    Some(rest.split('/').next().unwrap_or_default())
}

fn is_google(host: &str) -> bool {
    let host = host.split(':').next().unwrap_or_default();
    matches!(
        host,
        "www.google.com" | "google.com" | "ssl.google.com" | "accounts.google.com"
    )
}

/// The rule for addresses that are put together.
fn joined(rule: &'static Rule) -> &'static Rule {
    rules::rules()
        .find(|other| other.id == "W5")
        .unwrap_or(rule)
}

/// The rule for secrets by their places among arguments.
fn by_place() -> Option<&'static Rule> {
    rules::rules().find(|rule| rule.id == "W30" && rule.what == "a secret in the code")
}
