//! A line as it may be shown: passwords, keys and tokens blotted out, the rest as it stands.

use std::sync::LazyLock;

use regex_automata::meta::Regex;

use super::{bounds, rules::build};

/// What stands in place of a secret.
pub(super) const BLOT: &str = "****";

/// The most characters of a line that are shown.
const SHOWN: usize = 160;

/// What a secret looks like: group `s` is blotted out.
const SECRETS: &[&str] = &[
    r#"(?i)(?:passw(?:or)?d|passwd|passphrase|pwd|\bpass|secret|dev(?:eloper)?_?key|api_?key|refresh_?token|access_?token|auth_?token|session_?token|private_?key)\w*["']?\]?\s*(?:=>|:=|==?|:|,)\s*@?["'](?P<s>[^"'\n]+)"#,
    r#"(?i)[?&"'](?:passwd|password|pass|pwd|token_secret|oauth_token)=\\?["']?(?P<s>[^&"'\s\\$#{%<>]{2,})"#,
    r#"(?i)\b(?:token|auth|sid|lsid)=\\?["']?(?P<s>[A-Za-z0-9/%_+-]*[0-9][A-Za-z0-9/%._+-]{8,})"#,
    r"\bAI39si(?P<s>[A-Za-z0-9_-]+)",
    r"\b(?P<s>DQAA[A-Za-z0-9_-]{8,})",
    r"\bya29\.(?P<s>[A-Za-z0-9_.-]{4,})",
    r"\bAIza(?P<s>[A-Za-z0-9_-]{20,})",
    r"\b(?P<s>1/[A-Za-z0-9_-]{16,})",
];

/// The same where values stand without quotes.
const SETTINGS: &str = r#"(?i)(?:^|\s)["'<]?[\w.\-]*(?:passw(?:or)?d|passwd|passphrase|pwd|pass|secret)["']?\s*[=:>]\s*["']?(?P<s>[^\s"'<>$%{(]+)"#;

/// Calls whose string arguments are names and passwords.
const LOGINS: &str = r"(?:[cC]lient_?[lL]ogin|setUserCredentials\w*|\blogin|getHttpClient|\bgapi|Credentials|RequestSettings|[aA]uthenticat\w*|ForUsername:|password:)\s*[(@][^;)\n]*";
const STRINGS: &str = r#""(?P<d>[^"\n]*)"|'(?P<q>[^'\n]*)'"#;

struct Searches {
    secrets: Vec<Regex>,
    settings: Option<Regex>,
    logins: Regex,
    strings: Regex,
}

static SEARCHES: LazyLock<Option<Searches>> = LazyLock::new(|| {
    Some(Searches {
        secrets: SECRETS
            .iter()
            .map(|pattern| build(pattern))
            .collect::<Option<_>>()?,
        settings: build(SETTINGS),
        logins: build(LOGINS)?,
        strings: build(STRINGS)?,
    })
});

/// Whether everything that secrets are looked for by can be built.
pub(super) fn is_ready() -> bool {
    SEARCHES
        .as_ref()
        .is_some_and(|searches| searches.settings.is_some())
}

/// Codes and words that are no secret wherever they stand.
fn is_harmless(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "cl",
        "cp",
        "lh2",
        "wise",
        "writely",
        "youtube",
        "blogger",
        "analytics",
        "sitemaps",
        "apps",
        "jotspot",
        "reader",
        "Zend_Gdata_ClientLogin",
        "anonymous",
        "UTF-8",
    ];
    text.is_empty()
        || text.starts_with("/accounts/")
        || text.contains("://")
        || WORDS.contains(&text)
}

/// Whether a string that begins here is the name under which something is kept, or of the program, and no secret:
/// `$_SESSION['token']`, `settings.getProperty("google.password")`, `source='tides-1'`.
fn is_name(before: &str) -> bool {
    const GETTERS: &[&str] = &[
        "config",
        "cookie",
        "env",
        "fetch",
        "get",
        "getattribute",
        "getenv",
        "getenvironmentvariable",
        "getitem",
        "getparameter",
        "getproperty",
        "getstring",
        "getvalue",
        "option",
        "param",
        "property",
        "setting",
    ];
    const PARAMETERS: &[&str] = &["account_type", "accountType", "service", "source"];
    let word = |text: &str| {
        let begin = text.rfind(|c: char| !c.is_alphanumeric() && c != '_');
        text[begin.map_or(0, |at| at + 1)..].to_owned()
    };
    if let Some(of) = before.strip_suffix('[') {
        return of.ends_with(|c: char| c.is_alphanumeric() || "_])".contains(c));
    }
    if let Some(call) = before.strip_suffix('(') {
        return GETTERS.contains(&word(call).to_ascii_lowercase().as_str());
    }
    let given = before.trim_end().strip_suffix('=');
    given.is_some_and(|name| PARAMETERS.contains(&word(name.trim_end()).as_str()))
}

/// The line without its secrets: those that are known, and whatever looks like one; `unquoted` is for settings.
pub(super) fn line(text: &str, known: &[&str], unquoted: bool) -> String {
    let mut blots: Vec<(usize, usize)> = Vec::new();
    for secret in known.iter().filter(|secret| !secret.is_empty()) {
        blots.extend(
            text.match_indices(secret)
                .map(|(at, _)| (at, at + secret.len())),
        );
    }
    let Some(searches) = &*SEARCHES else {
        return BLOT.to_owned();
    };
    let settings = searches.settings.iter().filter(|_| unquoted);
    for regex in searches.secrets.iter().chain(settings) {
        let spans = regex
            .captures_iter(text)
            .filter_map(|captures| captures.get_group_by_name("s"))
            .filter(|span| !text.get(span.range()).is_some_and(is_harmless));
        blots.extend(spans.map(|span| (span.start, span.end)));
    }
    for call in searches.logins.find_iter(text) {
        let Some(arguments) = text.get(call.range()) else {
            continue;
        };
        for captures in searches.strings.captures_iter(arguments) {
            let inside = captures
                .get_group_by_name("d")
                .or(captures.get_group_by_name("q"));
            let Some(span) = inside else { continue };
            let quote = arguments.get(..span.start.saturating_sub(1));
            if !arguments.get(span.range()).is_some_and(is_harmless) && !quote.is_some_and(is_name)
            {
                blots.push((call.start() + span.start, call.start() + span.end));
            }
        }
    }
    blots.sort_unstable();
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for (start, end) in blots {
        let (start, end) = (bounds::floor(text, start), bounds::ceil(text, end));
        if start < at {
            // One that overlaps is blotted out with the one before.
            at = at.max(end);
            continue;
        }
        out.push_str(&text[at..start]);
        out.push_str(BLOT);
        at = end;
    }
    out.push_str(&text[at..]);
    out
}

/// The part of a long line around what was found, which is at `at`.
pub(super) fn around(line: &str, at: usize) -> (&str, usize) {
    let start = match line.len() > 4 * SHOWN {
        true => bounds::floor(line, at.saturating_sub(2 * SHOWN)),
        false => 0,
    };
    let end = bounds::floor(line, start.saturating_add(4 * SHOWN).min(line.len()));
    (&line[start..end], start)
}

/// What is shown: no control characters, no more than fits.
pub(super) fn shown(line: &str, at: usize) -> String {
    let begin = match line.chars().count() > SHOWN {
        true => bounds::floor(line, at.min(line.len()).saturating_sub(SHOWN / 3)),
        false => 0,
    };
    let rest = &line[begin..];
    let mut text: String = rest
        .trim()
        .chars()
        .take(SHOWN)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if begin > 0 {
        text.insert(0, '…');
    }
    if rest.trim().chars().count() > SHOWN {
        text.push('…');
    }
    text
}
