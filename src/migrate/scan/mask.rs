//! A line as it may be shown: passwords, keys and tokens blotted out, the rest as it stands.

use std::{ops::Range, sync::LazyLock};

use regex_automata::meta::Regex;

use super::{
    bounds,
    harmless::{self, is_harmless},
    language::Language,
    lex::{Kind, Token},
    rules::build,
};

/// What stands in place of a secret.
pub(super) const BLOT: &str = "****";

/// The most characters of a line that are shown.
const SHOWN: usize = 160;

/// What a secret looks like: group `s` is blotted out.
const SECRETS: &[&str] = &[
    r#"(?i)(?:passw(?:or)?d|passwd|passphrase|pwd|\bpass|secret|dev(?:eloper)?_?key|api_?key|refresh_?token|access_?token|auth_?token|session_?token|private_?key)\w*["']?\]?\s*(?:=>|:=|==?|:|,)\s*@?["'](?P<s>[^"'\n]+)"#,
    r#"(?i)token["']?\]?\s*(?:=>|:=|=|:)\s*@?["'](?P<s>[^"'\s$#{%<>\\][^"'\n]*)"#,
    r#"(?i)[?&"'](?:passwd|password|pass|pwd|token_secret|oauth_token)=\\?["']?(?P<s>[^&"'\s\\$#{%<>]{2,})"#,
    r#"(?i)\b(?:token|auth|sid|lsid)=\\?["']?(?P<s>[A-Za-z0-9/%_+-]*[0-9][A-Za-z0-9/%._+-]{8,})"#,
    r#"(?i)(?:AuthSub\s+token|GoogleLogin\s+auth)=\\?["']?(?P<s>[^"'\s\\$#{%<>+&]{3,})"#,
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

struct Searches {
    secrets: Vec<Regex>,
    settings: Option<Regex>,
    logins: Regex,
}

static SEARCHES: LazyLock<Option<Searches>> = LazyLock::new(|| {
    Some(Searches {
        secrets: SECRETS
            .iter()
            .map(|pattern| build(pattern))
            .collect::<Option<_>>()?,
        settings: build(SETTINGS),
        logins: build(LOGINS)?,
    })
});

/// Whether everything that secrets are looked for by can be built.
pub(super) fn is_ready() -> bool {
    SEARCHES
        .as_ref()
        .is_some_and(|searches| searches.settings.is_some())
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
    let given = before.trim_end().strip_suffix(['=', ':']);
    given.is_some_and(|name| PARAMETERS.contains(&word(name.trim_end()).as_str()))
}

/// A text, and what is known of it.
pub(super) struct Source<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: &'t [Token],
    /// Literals that are secrets by their places, in order.
    pub(super) secrets: &'t [Range<usize>],
    pub(super) language: Language,
}

/// A part of a line without its secrets.
pub(super) struct Masked {
    pub(super) text: String,
    /// Where in it the place is that was found.
    at: usize,
    /// Whether it begins within the line.
    cut: bool,
}

impl Source<'_> {
    /// The line from `start` on around what was found, which is at `at`, without its secrets: those that are known,
    /// those that stand where secrets do, whatever looks like one, and every literal that is not plainly harmless.
    pub(super) fn line(&self, line: &str, start: usize, at: usize, known: &[&str]) -> Masked {
        let place = at.saturating_sub(start).min(line.len());
        let near = around(line, place);
        let (from, cut) = (start + near.start, near.start > 0);
        let Some(text) = line.get(near) else {
            return Masked::nothing();
        };
        let Some(mut blots) = self.blots(text, from, known) else {
            return Masked::nothing();
        };
        blots.sort_unstable_by_key(|span| (span.start, span.end));
        let place = at.saturating_sub(from);
        let (mut out, mut done, mut shown) = (String::with_capacity(text.len()), 0, None);
        for span in blots {
            let (start, end) = (
                bounds::floor(text, span.start),
                bounds::ceil(text, span.end),
            );
            if start < done {
                // One that overlaps is blotted out with the one before.
                done = done.max(end);
                continue;
            }
            if place < start && shown.is_none() {
                shown = Some(out.len() + place.saturating_sub(done));
            }
            out.push_str(&text[done..start]);
            out.push_str(BLOT);
            done = end;
        }
        let at = shown.unwrap_or(out.len() + place.saturating_sub(done));
        out.push_str(&text[done..]);
        Masked { text: out, at, cut }
    }

    /// What is hidden of a part of the text that begins at `from`.
    fn blots(&self, text: &str, from: usize, known: &[&str]) -> Option<Vec<Range<usize>>> {
        let to = from + text.len();
        let clipped =
            |span: Range<usize>| span.start.max(from) - from..span.end.min(to).max(from) - from;
        let mut blots: Vec<Range<usize>> = Vec::new();
        for secret in known.iter().filter(|secret| !secret.is_empty()) {
            let held = text.match_indices(secret);
            blots.extend(held.map(|(at, _)| at..at + secret.len()));
        }
        let searches = SEARCHES.as_ref()?;
        let settings = searches.settings.iter();
        let settings = settings.filter(|_| self.language.is_unquoted());
        for regex in searches.secrets.iter().chain(settings) {
            let spans = regex
                .captures_iter(text)
                .filter_map(|captures| captures.get_group_by_name("s"))
                .filter(|span| !text.get(span.range()).is_some_and(is_harmless))
                .filter(|span| !self.is_behind_literal(from + span.start));
            blots.extend(spans.map(|span| span.range()));
        }
        let first = self.secrets.partition_point(|span| span.end <= from);
        let held = self.secrets.iter().skip(first);
        blots.extend(
            held.take_while(|span| span.start < to)
                .cloned()
                .map(clipped),
        );
        let logins: Vec<Range<usize>> = searches
            .logins
            .find_iter(text)
            .map(|call| call.range())
            .collect();
        let first = self.tokens.partition_point(|token| token.end <= from);
        for token in self
            .tokens
            .iter()
            .skip(first)
            .take_while(|token| token.start < to)
        {
            let span = content(token);
            if token.kind == Kind::Code && !self.language.is_unquoted() || span.start >= span.end {
                continue;
            }
            if token.kind == Kind::Str
                && token.start >= from
                && logins
                    .iter()
                    .any(|call| call.contains(&(token.start - from)))
                && !self.text.get(span.clone()).is_some_and(is_harmless)
                && !text.get(..token.start - from).is_some_and(is_name)
            {
                blots.push(clipped(span));
                continue;
            }
            // A literal is judged whole, wherever the line is cut; prose and literals of many lines are not, for time.
            let near = match token.kind == Kind::Str && span.len() <= LITERAL {
                true => span,
                false => span.start.max(from)..span.end.min(to),
            };
            let Some(literal) = self.text.get(near.clone()) else {
                continue;
            };
            let suspects = harmless::suspects(literal).into_iter();
            let suspects = suspects.map(|span| near.start + span.start..near.start + span.end);
            blots.extend(suspects.map(clipped).filter(|span| span.start < span.end));
        }
        Some(blots)
    }

    /// Whether the quote before a place ends a literal: what follows is code.
    fn is_behind_literal(&self, at: usize) -> bool {
        let index = self.tokens.partition_point(|token| token.end < at);
        self.tokens
            .get(index)
            .is_some_and(|token| token.kind == Kind::Str && token.end == at && token.close > 0)
    }
}

/// The longest literal that is judged whole.
const LITERAL: usize = 4_000;

/// A token without its quotes.
fn content(token: &Token) -> Range<usize> {
    match token.kind {
        Kind::Str => {
            token.start + usize::from(token.open)
                ..token.end.saturating_sub(usize::from(token.close))
        }
        _ => token.start..token.end,
    }
}

/// The part of a long line around what was found, which is at `at`. It begins and ends between words: half a secret does
/// not look like one.
fn around(line: &str, at: usize) -> Range<usize> {
    if line.len() <= 4 * SHOWN {
        return 0..line.len();
    }
    let start = bounds::floor(line, at.saturating_sub(2 * SHOWN));
    let end = bounds::floor(line, start.saturating_add(4 * SHOWN).min(line.len()));
    let is_end = |c: char| c.is_whitespace() || "\"'<>&,;(){}".contains(c);
    let after = match start {
        0 => Some(0),
        _ => line[start..bounds::floor(line, at).max(start)].find(is_end),
    };
    let before = match end < line.len() {
        true => line[bounds::floor(line, at).min(end)..end].rfind(is_end),
        false => None,
    };
    let start = after.map_or(bounds::floor(line, at), |after| start + after);
    let end = before.map_or(end, |before| bounds::floor(line, at).min(end) + before);
    start.min(end)..end
}

impl Masked {
    fn nothing() -> Self {
        Self {
            text: BLOT.to_owned(),
            at: 0,
            cut: false,
        }
    }

    /// What is shown: no control characters, no more than fits.
    pub(super) fn shown(&self) -> String {
        let line = self.text.as_str();
        let begin = match line.chars().count() > SHOWN {
            true => bounds::floor(line, self.at.min(line.len()).saturating_sub(SHOWN / 3)),
            false => 0,
        };
        let rest = &line[begin..];
        let mut text: String = rest
            .trim()
            .chars()
            .take(SHOWN)
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        if begin > 0 || self.cut {
            text.insert(0, '…');
        }
        if rest.trim().chars().count() > SHOWN {
            text.push('…');
        }
        text
    }
}
