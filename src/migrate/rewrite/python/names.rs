//! Where a name gets its value, by the rules of Python's scopes as far as tokens and indentation tell them.

use super::{
    super::{MAX_PLACES, lexer::Kind},
    Python,
};

/// A place where a name gets a value.
struct Place {
    /// The token behind `=`; `None` where the value comes from elsewhere.
    value: Option<usize>,
    /// The function that it stands in, by its first token.
    function: Option<usize>,
    /// Whether the name is declared to be another scope's, so that scopes tell nothing.
    shared: bool,
    /// Whether it is a parameter.
    given: bool,
}

impl Place {
    fn unknown() -> Self {
        Self {
            value: None,
            function: None,
            shared: true,
            given: false,
        }
    }
}

impl Python<'_> {
    /// Whether a name is a parameter of the function that `site` stands in.
    pub(super) fn is_given(&self, name: &str, site: usize) -> bool {
        let own = self.scope(site, "def");
        let is_own = |place: &Place| place.given && place.function == own;
        own.is_some() && self.places(name).iter().any(is_own)
    }

    /// Where a name gets the value that it has at `site`: a function that assigns a name has one of its own.
    pub(super) fn assignments_for(&self, name: &str, site: usize) -> Vec<Option<usize>> {
        let all = self.places(name);
        let own = self.scope(site, "def");
        let is_shared = |place: &Place| place.shared;
        if name.contains('.') || own.is_none() || all.iter().any(is_shared) {
            return all.into_iter().map(|place| place.value).collect();
        }
        // The function itself, then those around it, then the module.
        let mut function = own;
        loop {
            let here = all.iter().filter(|place| place.function == function);
            let here: Vec<Option<usize>> = here.map(|place| place.value).collect();
            match function {
                Some(inner) if here.is_empty() => function = self.scope(inner, "def"),
                // Some other function's, which says why it cannot be proven.
                None if here.is_empty() => return all.iter().map(|place| place.value).collect(),
                _ => return here,
            }
        }
    }

    /// Where a name gets its value: the token behind `=`, or `None` where it comes from elsewhere.
    pub(super) fn assignments(&self, name: &str) -> Vec<Option<usize>> {
        let places = self.places(name).into_iter();
        places.map(|place| place.value).collect()
    }

    fn places(&self, name: &str) -> Vec<Place> {
        let source = self.source;
        let mut found = Vec::new();
        let place = |at: usize, value: Option<usize>| Place {
            value,
            function: self.scope(at, "def"),
            shared: false,
            given: false,
        };
        let mut places = 0;
        for at in 0..source.tokens.len() {
            if source.kind(at) != Some(Kind::Name) {
                continue;
            }
            let Some((first, dotted)) = source.dotted_before(at) else {
                continue;
            };
            if dotted != name || source.is(at + 1, ".") || source.is(at + 1, "(") {
                continue;
            }
            places += 1;
            if places > MAX_PLACES {
                return vec![Place::unknown(), Place::unknown()];
            }
            let before = first.checked_sub(1);
            let is_before = |text: &str| before.is_some_and(|before| source.is(before, text));
            let is_set = source.is(at + 1, "=") && !source.is(at + 2, "=");
            let starts =
                before.is_none_or(|before| self.ends_statement(before) || source.is(before, ":"));
            if is_set && starts {
                found.push(place(first, Some(at + 2)));
            } else if ["global", "nonlocal"].iter().any(|word| is_before(word)) {
                found.push(Place::unknown());
            } else if let Some(function) = self.parameter_of(first) {
                found.push(Place {
                    function: Some(function),
                    given: true,
                    ..place(first, None)
                });
            } else if (is_set && is_before(",") && self.depth_zero(first))
                || ["as", "for", "del"].iter().any(|word| is_before(word))
                || (starts && source.is(at + 1, ",") && self.sets(at))
            {
                found.push(place(first, None));
            }
        }
        found
    }

    /// Whether the statement from here on has a `=` outside of brackets.
    pub(super) fn sets(&self, at: usize) -> bool {
        (at..self.line_end(at)).any(|at| self.source.is(at, "=") && self.depth_zero(at))
    }

    pub(super) fn depth_zero(&self, at: usize) -> bool {
        let mut depth = 0_i32;
        for back in (0..at).rev() {
            match self.source.text(back) {
                _ if self.source.kind(back) == Some(Kind::Line) => break,
                b"(" | b"[" | b"{" if self.source.kind(back) == Some(Kind::Mark) => depth += 1,
                b")" | b"]" | b"}" if self.source.kind(back) == Some(Kind::Mark) => depth -= 1,
                _ => {}
            }
        }
        depth == 0
    }

    /// The function, by its first token, that `at` is a parameter of; of a lambda, whatever it stands in.
    fn parameter_of(&self, at: usize) -> Option<usize> {
        let source = self.source;
        let start = (0..at)
            .rev()
            .find(|back| source.kind(*back) == Some(Kind::Line))
            .map_or(0, |line| line + 1);
        let defines =
            source.is(start, "def") || (source.is(start, "async") && source.is(start + 1, "def"));
        let lambda = (start..at).any(|it| source.is(it, "lambda"));
        if defines && !self.depth_zero(at) && !source.is(at - 1, "=") {
            return Some(start);
        }
        lambda.then(|| self.scope(at, "def").unwrap_or(start))
    }

    /// Whether what is assigned at `at` is the same where it is used: in the same function, or in the module above.
    pub(super) fn reaches(&self, name: &str, at: usize, site: usize) -> bool {
        let own = self.scope(at, "def");
        match name.starts_with("self.") {
            true => self.scope(at, "class") == self.scope(site, "class"),
            false => {
                own.is_none() && self.scope(at, "class").is_none() || own == self.scope(site, "def")
            }
        }
    }

    /// The definition that a token stands in, by indentation.
    pub(super) fn scope(&self, token: usize, word: &str) -> Option<usize> {
        let source = self.source;
        let mut indent = self.indent(token);
        let starts = (0..token)
            .rev()
            .filter(|at| *at == 0 || source.kind(at - 1) == Some(Kind::Line));
        for start in starts {
            if source.kind(start) == Some(Kind::Line) {
                continue;
            }
            let own = self.indent(start);
            if own < indent {
                indent = own;
                let is = source.is(start, word)
                    || (source.is(start, "async") && source.is(start + 1, word));
                if is {
                    return Some(start);
                }
            }
        }
        None
    }

    /// How far the line of a token is indented.
    pub(super) fn indent(&self, token: usize) -> usize {
        let start = (0..=token)
            .rev()
            .find(|at| *at == 0 || self.source.kind(at - 1) == Some(Kind::Line))
            .unwrap_or(0);
        let from = self.source.tokens[start].from;
        let line = memchr::memrchr(b'\n', &self.source.bytes[..from]).map_or(0, |at| at + 1);
        from - line
    }
}
