//! Reads the paths out of a source text: no parser, but comments, strings and groups are understood.

/// The paths behind every `crate::`, groups taken apart.
pub(crate) fn imports(source: &str) -> Vec<Vec<String>> {
    let words = words(&code(source));
    let mut found = Vec::new();
    for (at, pair) in words.windows(2).enumerate() {
        if pair[0] == "crate" && pair[1] == "::" {
            tree(&words, at + 2, &mut Vec::new(), &mut found);
        }
    }
    found
}

/// Reads one use-tree from `at` on, and returns where it ends.
fn tree(
    words: &[String],
    mut at: usize,
    path: &mut Vec<String>,
    found: &mut Vec<Vec<String>>,
) -> usize {
    let depth = path.len();
    loop {
        let word = words.get(at).map_or("", String::as_str);
        at += 1;
        if word == "{" {
            while words.get(at).is_some_and(|word| word != "}") {
                at = tree(words, at, path, found);
                while words.get(at).is_some_and(|word| word != "," && word != "}") {
                    at += 1;
                }
                at += usize::from(words.get(at).is_some_and(|word| word == ","));
            }
            at += 1;
            break;
        }
        path.push(word.to_owned());
        if words.get(at).is_some_and(|word| word == "::") {
            at += 1;
        } else {
            found.push(path.clone());
            break;
        }
    }
    path.truncate(depth);
    at
}

/// Identifiers, `::`, and every other character by itself.
pub(crate) fn words(code: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let name = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        let length = match name {
            0 if rest.starts_with("::") => 2,
            0 => first.len_utf8(),
            length => length,
        };
        words.push(rest[..length].to_owned());
        rest = rest[length..].trim_start();
    }
    words
}

/// `source` without comments, strings, characters and test items.
pub(crate) fn code(source: &str) -> String {
    let mut bare = String::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let skipped = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => block_comment(rest),
            '"' => string(rest),
            'r' if !bare.ends_with(|c: char| c.is_alphanumeric() || c == '_') => raw_string(rest),
            '\'' => character(rest),
            _ => 0,
        };
        if skipped == 0 {
            bare.push(first);
        } else {
            bare.push(' ');
        }
        rest = &rest[skipped.max(first.len_utf8())..];
    }
    while let Some(start) = bare.find("#[cfg(test)]") {
        let end = start + item(&bare[start..]);
        bare.replace_range(start..end, " ");
    }
    bare
}

/// The length of the item at the start: up to its `;`, or to the end of its braces.
fn item(code: &str) -> usize {
    let mut depth = 0;
    for (at, c) in code.char_indices() {
        match c {
            ';' if depth == 0 => return at + 1,
            '{' => depth += 1,
            '}' if depth == 1 => return at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        match &rest.as_bytes()[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn string(rest: &str) -> usize {
    let mut escaped = true; // the opening quote ends nothing
    for (at, c) in rest.char_indices() {
        match c {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    rest.len()
}

fn raw_string(rest: &str) -> usize {
    let hashes = rest[1..].bytes().take_while(|&byte| byte == b'#').count();
    let opening = hashes + 2;
    if rest.as_bytes().get(opening - 1) != Some(&b'"') {
        return 0;
    }
    let closing = format!("\"{}", "#".repeat(hashes));
    let end = rest[opening..].find(&closing);
    end.map_or(rest.len(), |end| opening + end + closing.len())
}

/// The length of a character, or 0 where the quote begins a lifetime.
fn character(rest: &str) -> usize {
    if rest.starts_with("'\\") {
        return rest[3..].find('\'').map_or(rest.len(), |end| end + 4);
    }
    let mut inner = rest[1..].chars();
    match (inner.next(), inner.next()) {
        (Some(c), Some('\'')) => c.len_utf8() + 2,
        _ => 0,
    }
}
