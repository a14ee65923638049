//! What begins and ends comments and strings, language by language.

use super::Language;

/// The lexical facts of a language.
#[derive(Debug)]
pub(in crate::migrate::scan) struct Syntax {
    /// What begins a comment up to the end of its line.
    pub(super) line: &'static [&'static str],
    /// What begins and ends a comment over lines.
    pub(super) block: &'static [(&'static str, &'static str)],
    /// Longest opening first.
    pub(super) quotes: &'static [Quote],
    /// `'` holds one character.
    pub(super) chars: bool,
    pub(super) regexes: Regexes,
    pub(super) heredocs: Heredocs,
    /// `=pod` … `=cut`, `=begin` … `=end`, `__END__`.
    pub(super) documents: bool,
    /// A string that stands by itself is documentation.
    pub(super) docstrings: bool,
    /// Two strings side by side are one.
    pub(in crate::migrate::scan) adjacent: bool,
}

/// One kind of string.
#[derive(Debug)]
pub(super) struct Quote {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
    /// A backslash takes the meaning from what follows.
    pub(super) escapes: bool,
    /// It may go over lines.
    pub(super) long: bool,
    /// Doubled, the closing quote stands for itself.
    pub(super) doubles: bool,
}

/// Regular expressions that are no strings, and hold quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Regexes {
    None,
    /// `/…/` where an operand may stand.
    Slashes,
    /// The same, and `q{}`, `m//`, `s///` and their kin.
    Perl,
    /// The same, and `%q{}`.
    Ruby,
}

/// Texts that end with a word of their own line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heredocs {
    None,
    /// `<<<WORD`
    Php,
    /// `<<WORD`, `<<-WORD`, `<<~WORD`, quoted or not.
    Shell,
}

const fn quote(open: &'static str, close: &'static str) -> Quote {
    Quote {
        open,
        close,
        escapes: true,
        long: false,
        doubles: false,
    }
}
const fn long(open: &'static str, close: &'static str) -> Quote {
    Quote {
        open,
        close,
        escapes: true,
        long: true,
        doubles: false,
    }
}
const fn raw(open: &'static str, close: &'static str) -> Quote {
    Quote {
        open,
        close,
        escapes: false,
        long: true,
        doubles: false,
    }
}
const fn doubled(open: &'static str, close: &'static str, long: bool) -> Quote {
    Quote {
        open,
        close,
        escapes: false,
        long,
        doubles: true,
    }
}

const BARE: Syntax = Syntax {
    line: &[],
    block: &[],
    quotes: &[],
    chars: false,
    regexes: Regexes::None,
    heredocs: Heredocs::None,
    documents: false,
    docstrings: false,
    adjacent: false,
};
const C_LIKE: Syntax = Syntax {
    line: &["//"],
    block: &[("/*", "*/")],
    quotes: &[quote("\"", "\"")],
    chars: true,
    ..BARE
};
const JAVA: Syntax = Syntax {
    quotes: &[long("\"\"\"", "\"\"\""), quote("\"", "\"")],
    ..C_LIKE
};
const C: Syntax = Syntax {
    quotes: &[raw("R\"(", ")\""), quote("@\"", "\""), quote("\"", "\"")],
    adjacent: true,
    ..C_LIKE
};
const CSHARP: Syntax = Syntax {
    quotes: &[
        raw("\"\"\"", "\"\"\""),
        doubled("$@\"", "\"", true),
        doubled("@$\"", "\"", true),
        doubled("@\"", "\"", true),
        quote("$\"", "\""),
        quote("\"", "\""),
    ],
    ..C_LIKE
};
const GO: Syntax = Syntax {
    quotes: &[raw("`", "`"), quote("\"", "\"")],
    ..C_LIKE
};
const RUST: Syntax = Syntax {
    quotes: &[raw("r#\"", "\"#"), long("\"", "\"")],
    ..C_LIKE
};
const SCRIPT: Syntax = Syntax {
    quotes: &[long("`", "`"), quote("\"", "\""), quote("'", "'")],
    chars: false,
    regexes: Regexes::Slashes,
    ..C_LIKE
};
const GROOVY: Syntax = Syntax {
    quotes: &[
        long("\"\"\"", "\"\"\""),
        long("'''", "'''"),
        quote("\"", "\""),
        quote("'", "'"),
    ],
    chars: false,
    ..C_LIKE
};
const COFFEE: Syntax = Syntax {
    line: &["#"],
    block: &[("###", "###")],
    quotes: &[
        long("\"\"\"", "\"\"\""),
        long("'''", "'''"),
        long("\"", "\""),
        long("'", "'"),
    ],
    regexes: Regexes::Slashes,
    ..BARE
};
const PHP: Syntax = Syntax {
    line: &["//", "#"],
    block: &[("/*", "*/")],
    quotes: &[long("\"", "\""), long("'", "'")],
    heredocs: Heredocs::Php,
    ..BARE
};
const PYTHON: Syntax = Syntax {
    line: &["#"],
    quotes: &[
        long("\"\"\"", "\"\"\""),
        long("'''", "'''"),
        quote("\"", "\""),
        quote("'", "'"),
    ],
    docstrings: true,
    adjacent: true,
    ..BARE
};
const PERL: Syntax = Syntax {
    line: &["#"],
    quotes: &[long("\"", "\""), long("'", "'")],
    regexes: Regexes::Perl,
    heredocs: Heredocs::Shell,
    documents: true,
    ..BARE
};
const RUBY: Syntax = Syntax {
    line: &["#"],
    quotes: &[long("\"", "\""), long("'", "'"), long("`", "`")],
    regexes: Regexes::Ruby,
    heredocs: Heredocs::Shell,
    documents: true,
    adjacent: true,
    ..BARE
};
const SHELL: Syntax = Syntax {
    line: &["#"],
    quotes: &[long("\"", "\""), raw("'", "'")],
    heredocs: Heredocs::Shell,
    adjacent: true,
    ..BARE
};
const POWERSHELL: Syntax = Syntax {
    line: &["#"],
    block: &[("<#", "#>")],
    quotes: &[
        raw("@\"", "\"@"),
        raw("@'", "'@"),
        raw("\"", "\""),
        raw("'", "'"),
    ],
    ..BARE
};
const LISP: Syntax = Syntax {
    line: &[";"],
    quotes: &[long("\"", "\"")],
    ..BARE
};
const HASKELL: Syntax = Syntax {
    line: &["-- ", "--|"],
    block: &[("{-", "-}")],
    quotes: &[quote("\"", "\"")],
    chars: true,
    ..BARE
};
const BASIC: Syntax = Syntax {
    line: &["'"],
    quotes: &[doubled("\"", "\"", false)],
    ..BARE
};
const PASCAL: Syntax = Syntax {
    line: &["//"],
    block: &[("{", "}"), ("(*", "*)")],
    quotes: &[doubled("'", "'", false)],
    ..BARE
};
const JSON: Syntax = Syntax {
    line: &["//"],
    quotes: &[quote("\"", "\"")],
    ..BARE
};
const SETTINGS: Syntax = Syntax {
    line: &["#", ";", "!"],
    quotes: &[quote("\"", "\""), quote("'", "'")],
    ..BARE
};
const YAML: Syntax = Syntax {
    line: &["#"],
    ..SETTINGS
};

/// The facts of a language; without any, everything is code.
pub(in crate::migrate::scan) fn of(language: Language) -> &'static Syntax {
    match language {
        Language::ActionScript | Language::JavaScript | Language::Haxe => &SCRIPT,
        Language::C | Language::ObjectiveC => &C,
        Language::Clojure | Language::Elisp => &LISP,
        Language::CoffeeScript => &COFFEE,
        Language::CSharp => &CSHARP,
        Language::Go => &GO,
        Language::Groovy => &GROOVY,
        Language::Haskell => &HASKELL,
        Language::Java | Language::Kotlin | Language::Scala | Language::Swift => &JAVA,
        Language::Pascal => &PASCAL,
        Language::Perl => &PERL,
        Language::Php => &PHP,
        Language::PowerShell => &POWERSHELL,
        Language::Python => &PYTHON,
        Language::Ruby => &RUBY,
        Language::Rust => &RUST,
        Language::Shell => &SHELL,
        Language::VisualBasic => &BASIC,
        Language::Json => &JSON,
        Language::Yaml | Language::Dependencies => &YAML,
        Language::Ini => &SETTINGS,
        _ => &BARE,
    }
}
