//! An example of a request that a pattern takes, for those who want to see one.

use regex::RegexBuilder;
use url::form_urlencoded;

use crate::cassette::{Body, Criterion, RecordedRequest, Subject, Test};

/// A request that these criteria take, as far as one can be told from them.
pub(super) fn of(criteria: &[Criterion]) -> RecordedRequest {
    let text = |test: &Test| -> Option<String> {
        match test {
            Test::Equals { text, .. } | Test::Contains(text) | Test::Xml(text) => {
                Some(text.clone())
            }
            Test::Json { value, .. } => Some(value.to_string()),
            Test::Matches(pattern) => sample(pattern),
            Test::Glob(glob) => Some(glob.replace('*', "")),
            Test::Present => Some(String::new()),
            Test::Lacks(_) | Test::DoesNotMatch(_) | Test::Absent | Test::Foreign(_) => None,
        }
    };
    let mut request = RecordedRequest::new("GET", "/");
    let (mut scheme, mut host) = ("https".to_owned(), None);
    let mut query = form_urlencoded::Serializer::new(String::new());
    let mut form = form_urlencoded::Serializer::new(String::new());
    let (mut has_query, mut has_form) = (false, false);
    let mut cookies = Vec::new();
    for Criterion { subject, test } in criteria {
        let Some(text) = text(test) else { continue };
        match subject {
            Subject::Method => request.method = text,
            Subject::Scheme => scheme = text,
            Subject::Host => host = Some(text),
            Subject::Url | Subject::Path => request.target = text,
            Subject::Query(name) => {
                query.append_pair(name, &text);
                has_query = true;
            }
            Subject::Header(name) => request.headers.push(name.clone(), text),
            Subject::Cookie(name) => cookies.push(format!("{name}={text}")),
            Subject::Form(name) => {
                form.append_pair(name, &text);
                has_form = true;
            }
            Subject::Body => request.body = Body::unknown(text),
        }
    }
    if has_query {
        let mark = if request.target.contains('?') {
            '&'
        } else {
            '?'
        };
        request.target = format!("{}{mark}{}", request.target, query.finish());
    }
    if has_form && request.body.bytes.is_empty() {
        request.body = Body::unknown(form.finish());
    }
    if !cookies.is_empty() {
        request.headers.push("Cookie", cookies.join("; "));
    }
    request.base = host.map(|host| format!("{scheme}://{host}"));
    request
}

/// A text that a regular expression takes, if one of a few does; else the expression itself says the most.
fn sample(pattern: &str) -> Option<String> {
    let whole = RegexBuilder::new(&format!("^(?:{pattern})$"))
        .size_limit(1 << 20)
        .build()
        .ok()?;
    let pieces = [
        ("[^/]+", "x"),
        ("[^/]*", ""),
        (".+", "x"),
        (".*", ""),
        ("\\d+", "1"),
        ("[0-9]+", "1"),
        ("\\w+", "x"),
        ("\\", ""),
    ];
    let guess = pieces
        .iter()
        .fold(pattern.to_owned(), |guess, (piece, text)| {
            guess.replace(piece, text)
        });
    let guess = guess
        .trim_start_matches("(?s)")
        .trim_start_matches('^')
        .trim_end_matches('$');
    Some(if whole.is_match(guess) {
        guess.to_owned()
    } else {
        pattern.to_owned()
    })
}
