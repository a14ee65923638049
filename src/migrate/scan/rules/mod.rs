//! The table of what is looked for: one row for each shape of a call site, under the number that the fact sheet gives it.
//!
//! ```text
//! W  on the wire, any language      P  Python     J  Java and the JVM     R  Ruby      S  JavaScript
//! L  leaks                          H  PHP        N  C# and .NET          E  Perl      O C X  the others
//! ```
//!
//! # Source
//! migration.md 1.2, from call sites of public repositories; the shapes are written anew here.

mod dotnet;
mod form;
mod jvm;
mod leak;
mod others;
mod perl;
mod php;
mod python;
mod ruby;
mod wire;

use std::sync::LazyLock;

use regex_automata::{PatternID, meta::Regex, util::syntax};
use serde::{Deserialize, Serialize};

use super::language::Language;
use crate::migrate::catalogue::{Catalogue, Service};

/// What to look for.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rule {
    /// The number of the fact sheet.
    pub id: &'static str,
    /// What a hit is.
    pub kind: Kind,
    /// A line on what it is.
    pub what: &'static str,
    /// In which languages; none means any.
    pub(super) languages: &'static [Language],
    pub(super) place: Place,
    pub(super) needs: Needs,
    pub(super) pattern: &'static str,
}

/// What a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Kind {
    /// A call of an old protocol: it has to change.
    Auth,
    /// A password or key in the program's hands.
    Credential,
    /// A secret that stands in the code or goes to a log.
    Leak,
    /// An old answer or error taken apart.
    Reply,
    /// A feed, a scope or a service: what is used.
    Inventory,
    /// A library that speaks the old protocols.
    Dependency,
    /// OAuth 2.0 already.
    Done,
}

/// Where a shape may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In a string, or where a language needs no quotes.
    Str,
    /// Outside strings.
    Code,
    Any,
}

/// What else has to be in the file, so that it is no look-alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needs {
    /// Nothing: nobody else has it.
    Nothing,
    /// An address or a library of gdata; without one a person has to look.
    Host,
    /// An address or a library of gdata; without one it is nothing.
    Google,
    /// The same, and a call of an old protocol.
    Auth,
    /// An address or a library of gdata, or the other parameters of ClientLogin; with these alone a person has to look.
    Parameters,
    /// A library of gdata.
    Library,
    /// This word: what is set after it by a name that others have too.
    Word(&'static str),
}

const fn rule(
    id: &'static str,
    kind: Kind,
    place: Place,
    needs: Needs,
    languages: &'static [Language],
    pattern: &'static str,
    what: &'static str,
) -> Rule {
    Rule {
        id,
        kind,
        what,
        languages,
        place,
        needs,
        pattern,
    }
}

const TABLES: &[&[Rule]] = &[
    python::RULES,
    php::RULES,
    jvm::RULES,
    dotnet::RULES,
    ruby::RULES,
    perl::RULES,
    others::RULES,
    wire::RULES,
    form::RULES,
    leak::RULES,
];

/// Every rule; of two that hit at one place the earlier one is told.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    TABLES.iter().copied().flatten()
}

/// Rules about what one API alone has, by the id of its row: the file may speak of others nearby.
const APIS: &[(&str, &str)] = &[("P15", "youtube"), ("W21", "youtube"), ("W24", "youtube")];

/// The service that a rule is about, whatever else its file names.
pub(super) fn service_of(rule: &Rule) -> Option<&'static Service> {
    let (_, id) = APIS.iter().find(|(own, _)| *own == rule.id)?;
    Catalogue::built_in().ok()?.service(id)
}

/// A rule that is ready to search.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) rule: &'static Rule,
    regex: Regex,
    /// Groups `at`, `secret`, `named`, and whether there are any.
    groups: [Option<usize>; 3],
}

/// One hit of a rule, in bytes of what was searched.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Where the word is that the finding is about: the start, unless the rule says otherwise.
    pub(super) at: usize,
    pub(super) secret: Option<(usize, usize)>,
    /// A name that has to be one of the program's.
    pub(super) named: Option<usize>,
}

impl Ready {
    fn new(rule: &'static Rule) -> Option<Self> {
        let regex = build(rule.pattern)?;
        let info = regex.group_info();
        let groups = ["at", "secret", "named"].map(|name| info.to_index(PatternID::ZERO, name));
        Some(Self {
            rule,
            regex,
            groups,
        })
    }

    /// Calls `found` for each hit.
    pub(super) fn search(&self, text: &str, mut found: impl FnMut(Hit)) {
        if self.groups.iter().all(Option::is_none) {
            for hit in self.regex.find_iter(text) {
                let (start, end) = (hit.start(), hit.end());
                found(Hit {
                    start,
                    end,
                    at: start,
                    secret: None,
                    named: None,
                });
            }
            return;
        }
        for captures in self.regex.captures_iter(text) {
            let Some(all) = captures.get_match() else {
                continue;
            };
            let [at, secret, named] = self.groups.map(|group| captures.get_group(group?));
            found(Hit {
                start: all.start(),
                end: all.end(),
                at: at.map_or(all.start(), |at| at.start),
                secret: secret.map(|secret| (secret.start, secret.end)),
                named: named.map(|named| named.start),
            });
        }
    }
}

/// Rules whose pattern cannot be built are left out; a test builds them all.
static READY: LazyLock<Vec<Ready>> = LazyLock::new(|| rules().filter_map(Ready::new).collect());

/// The rules for a language, and for what a page's server runs, in order.
pub(super) fn ready(language: Language, server: Language) -> impl Iterator<Item = &'static Ready> {
    let page: &[Language] = match language {
        Language::Html => &[Language::Html, Language::JavaScript, Language::Php],
        _ => &[],
    };
    let (own, server) = (families(language), families(server));
    READY.iter().filter(move |ready| {
        let of = ready.rule.languages;
        let holds = |one: &Language| [own, server, page].iter().any(|all| all.contains(one));
        of.is_empty() || of.iter().any(holds)
    })
}

/// Bytes, not characters: names and addresses are ASCII.
pub(super) fn build(pattern: &str) -> Option<Regex> {
    let bytes = syntax::Config::new()
        .unicode(false)
        .utf8(false)
        .multi_line(true);
    Regex::builder().syntax(bytes).build(pattern).ok()
}

/// Whether every pattern can be built; names one that cannot.
///
/// # Errors
/// The id of such a rule, or `evidence` or `secrets`.
pub fn check_patterns() -> Result<(), &'static str> {
    match rules().find(|rule| build(rule.pattern).is_none()) {
        Some(rule) => Err(rule.id),
        None if !super::evidence::is_ready() => Err("evidence"),
        None if !super::mask::is_ready() || !super::arguments::is_ready() => Err("secrets"),
        None => Ok(()),
    }
}

/// The languages whose rules hold for a file.
fn families(language: Language) -> &'static [Language] {
    use Language::{
        C, CSharp, Clojure, CoffeeScript, Groovy, Java, JavaScript, Kotlin, ObjectiveC, Php, Scala,
        Swift, VisualBasic,
    };
    match language {
        Java | Kotlin => &[Java],
        Groovy => &[Java, Groovy],
        Scala => &[Java, Scala],
        Clojure => &[Java, Clojure],
        CSharp | VisualBasic | Language::PowerShell => &[CSharp],
        JavaScript | CoffeeScript => &[JavaScript],
        ObjectiveC | Swift => &[ObjectiveC, C],
        C => &[C],
        Php => &[Php, JavaScript],
        Language::Python => &[Language::Python],
        Language::Ruby => &[Language::Ruby],
        Language::Perl => &[Language::Perl],
        Language::ActionScript => &[Language::ActionScript],
        Language::Haxe => &[Language::Haxe],
        Language::Haskell => &[Language::Haskell],
        Language::Elisp => &[Language::Elisp],
        Language::Shell => &[Language::Shell],
        Language::Dependencies => &[Language::Dependencies],
        Language::Ini => &[Language::Ini],
        Language::Yaml | Language::Json | Language::Xml => &[Language::Ini],
        _ => &[],
    }
}
