//! Which language a file is written in: by its name, its first line, and what begins it.
//!
//! Unknown is an answer: such a file is read as text in which only complete addresses count.

use std::path::Path;

use super::bounds;

/// What a file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[expect(missing_docs, reason = "they are called what they are called")]
pub enum Language {
    ActionScript,
    C,
    Clojure,
    CoffeeScript,
    CSharp,
    Elisp,
    Go,
    Groovy,
    Haskell,
    Haxe,
    Java,
    JavaScript,
    Kotlin,
    ObjectiveC,
    Pascal,
    Perl,
    Php,
    PowerShell,
    Python,
    R,
    Ruby,
    Rust,
    Scala,
    Shell,
    Swift,
    VisualBasic,
    /// Pages; what is embedded in them is told by the lexer.
    Html,
    Xml,
    Json,
    Yaml,
    /// `key = value` in any dialect.
    Ini,
    /// A list of what a program needs.
    Dependencies,
    /// Documentation, changelogs, licences.
    Prose,
    /// Feeds and recordings that were saved.
    Recorded,
    Unknown,
}

use Language::{
    ActionScript, C, CSharp, Clojure, CoffeeScript, Dependencies, Elisp, Go, Groovy, Haskell, Haxe,
    Html, Ini, Java, JavaScript, Json, Kotlin, ObjectiveC, Pascal, Perl, Php, PowerShell, Prose,
    Python, R, Recorded, Ruby, Rust, Scala, Shell, Swift, Unknown, VisualBasic, Xml, Yaml,
};

/// Names of languages, and the endings of their files.
const ENDINGS: &[(Language, &str, &[&str])] = &[
    (ActionScript, "ActionScript", &["as", "as3", "mxml"]),
    (
        C,
        "C/C++",
        &[
            "c", "cc", "cpp", "cxx", "h", "hh", "hpp", "hxx", "ino", "vala",
        ],
    ),
    (Clojure, "Clojure", &["clj", "cljs", "cljc", "edn"]),
    (CoffeeScript, "CoffeeScript", &["coffee", "litcoffee"]),
    (CSharp, "C#", &["cs", "csx", "fs", "fsx"]),
    (Elisp, "Emacs Lisp", &["el", "lisp", "scm"]),
    (Go, "Go", &["go"]),
    (Groovy, "Groovy", &["groovy", "gradle", "gvy"]),
    (Haskell, "Haskell", &["hs", "lhs"]),
    (Haxe, "Haxe", &["hx"]),
    (Java, "Java", &["java"]),
    (
        JavaScript,
        "JavaScript",
        &[
            "js", "mjs", "cjs", "jsx", "ts", "tsx", "mts", "cts", "gs", "es6",
        ],
    ),
    (Kotlin, "Kotlin", &["kt", "kts"]),
    (ObjectiveC, "Objective-C", &["m", "mm"]),
    (Pascal, "Pascal", &["pas", "dpr"]),
    (Perl, "Perl", &["pl", "pm", "t", "cgi", "psgi"]),
    (
        Php,
        "PHP",
        &[
            "php", "php3", "php4", "php5", "phtml", "inc", "module", "install", "ctp",
        ],
    ),
    (PowerShell, "PowerShell", &["ps1", "psm1"]),
    (Python, "Python", &["py", "pyw", "wsgi", "pyx"]),
    (R, "R", &["r", "rmd", "rd"]),
    (
        Ruby,
        "Ruby",
        &["rb", "rake", "gemspec", "podspec", "ru", "builder"],
    ),
    (Rust, "Rust", &["rs"]),
    (Scala, "Scala", &["scala", "sbt"]),
    (
        Shell,
        "shell",
        &["sh", "bash", "zsh", "ksh", "fish", "bat", "cmd"],
    ),
    (Swift, "Swift", &["swift"]),
    (VisualBasic, "Visual Basic", &["vb", "vbs", "bas"]),
    (
        Html,
        "HTML",
        &[
            "html", "htm", "xhtml", "jsp", "jspx", "jspf", "tag", "gsp", "aspx", "ascx", "ashx",
            "asmx", "master", "cshtml", "asp", "erb", "rhtml", "haml", "vue", "svelte", "tpl",
            "twig", "mustache", "ejs", "ftl", "vm", "cfm",
        ],
    ),
    (
        Xml,
        "XML",
        &[
            "xml", "xsl", "xslt", "config", "plist", "csproj", "vbproj", "nuspec", "props", "xaml",
            "settings", "wsdl", "iml",
        ],
    ),
    (Json, "JSON", &["json", "json5", "jsonc", "webmanifest"]),
    (Yaml, "YAML", &["yml", "yaml"]),
    (
        Ini,
        "settings",
        &[
            "ini",
            "cfg",
            "conf",
            "cnf",
            "properties",
            "env",
            "toml",
            "desktop",
            "netrc",
            "rc",
            "sample",
        ],
    ),
    (Dependencies, "dependencies", &[]),
    (
        Prose,
        "prose",
        &[
            "md",
            "markdown",
            "mdown",
            "txt",
            "rst",
            "adoc",
            "asciidoc",
            "textile",
            "rdoc",
            "pod",
            "tex",
            "org",
            "wiki",
            "mediawiki",
            "docbook",
            "dbk",
            "po",
            "pot",
            "log",
            "diff",
            "patch",
            "rej",
            "srt",
            "ipynb",
            "1",
            "3",
            "5",
            "7",
            "8",
        ],
    ),
    (Recorded, "recording", &["har", "atom", "rss", "trace"]),
    (Unknown, "unknown", &[]),
];

/// Names that tell more than an ending.
const NAMES: &[(&str, Language)] = &[
    ("gemfile", Ruby),
    ("rakefile", Ruby),
    ("guardfile", Ruby),
    ("config.ru", Ruby),
    ("makefile", Shell),
    ("dockerfile", Shell),
    ("jenkinsfile", Groovy),
    ("cpanfile", Perl),
    ("makefile.pl", Perl),
    ("sconstruct", Python),
    ("wscript", Python),
    ("pipfile", Dependencies),
    ("gemfile.lock", Dependencies),
    ("composer.json", Dependencies),
    ("composer.lock", Dependencies),
    ("package.json", Dependencies),
    ("bower.json", Dependencies),
    ("pom.xml", Dependencies),
    ("ivy.xml", Dependencies),
    ("packages.config", Dependencies),
    ("pyproject.toml", Dependencies),
    ("setup.cfg", Dependencies),
    ("configure.ac", Dependencies),
    ("configure.in", Dependencies),
    ("cmakelists.txt", Dependencies),
    ("meson.build", Dependencies),
    ("control", Dependencies),
    ("dist.ini", Dependencies),
    ("meta.yml", Dependencies),
    ("meta.json", Dependencies),
    ("environment.yml", Dependencies),
    ("podfile", Dependencies),
    ("cartfile", Dependencies),
    ("description", R),
    ("namespace", R),
    ("readme", Prose),
    ("changelog", Prose),
    ("changes", Prose),
    ("news", Prose),
    ("history", Prose),
    ("license", Prose),
    ("licence", Prose),
    ("copying", Prose),
    ("authors", Prose),
    ("todo", Prose),
    ("notes", Prose),
    ("install", Prose),
];

/// Interpreters of `#!`.
const INTERPRETERS: &[(&str, Language)] = &[
    ("python", Python),
    ("perl", Perl),
    ("ruby", Ruby),
    ("php", Php),
    ("node", JavaScript),
    ("groovy", Groovy),
    ("scala", Scala),
    ("coffee", CoffeeScript),
    ("emacs", Elisp),
    ("runhaskell", Haskell),
    ("pwsh", PowerShell),
    ("bash", Shell),
    ("zsh", Shell),
    ("ksh", Shell),
    ("sh", Shell),
];

/// How much of a file tells what it is.
pub(super) const HEAD: usize = 2_048;

impl Language {
    /// What a file is, by its name and its beginning.
    #[must_use]
    pub fn of(path: &Path, text: &str) -> Self {
        let head = &text[..bounds::floor(text, HEAD)];
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let name = name.to_ascii_lowercase();
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let folder = path.parent().and_then(Path::file_name);
        let listed = folder.is_some_and(|folder| folder == "requirements")
            && matches!(ending, "txt" | "in" | "pip");
        let guess = match listed {
            true => Dependencies,
            false => by_name(&name, ending),
        };
        match guess {
            Unknown if is_traffic(head) => Recorded,
            Unknown => by_shebang(head).unwrap_or(Unknown),
            // C++ and Objective-C share headers, Matlab and Objective-C an ending.
            C if ending == "h" && (head.contains("@interface") || head.contains("#import")) => {
                ObjectiveC
            }
            ObjectiveC if head.trim_start().starts_with('%') || head.starts_with("function ") => {
                Unknown
            }
            Perl if ending == "pl" && head.trim_start().starts_with(":-") => Unknown,
            Perl if ending == "cgi" => by_shebang(head).unwrap_or(Perl),
            Xml | Html if is_feed(head) => Recorded,
            Xml if is_docbook(head) => Prose,
            Json if is_answer(head) => Recorded,
            Yaml | Json if is_cassette(head) => Recorded,
            other => other,
        }
    }

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        let row = ENDINGS.iter().find(|(language, ..)| *language == self);
        row.map_or("unknown", |(_, name, _)| name)
    }

    /// Whether it says something to people and does nothing.
    #[must_use]
    pub fn is_prose(self) -> bool {
        matches!(self, Prose | Recorded | R)
    }

    /// Whether values stand in it without quotes.
    pub(super) fn is_unquoted(self) -> bool {
        matches!(
            self,
            Shell | Yaml | Ini | Xml | Dependencies | Unknown | PowerShell
        )
    }
}

fn by_name(name: &str, ending: &str) -> Language {
    const BESIDE: &[&str] = &[
        ".dist",
        ".example",
        ".in",
        ".bak",
        ".old",
        ".orig",
        ".svn-base",
        ".tmpl",
        ".template",
    ];
    let stem = BESIDE.iter().find_map(|ending| name.strip_suffix(ending));
    let exact = |wanted: &str| {
        NAMES
            .iter()
            .find(|(own, _)| *own == wanted)
            .map(|(_, language)| *language)
    };
    if let Some(language) = exact(name) {
        return language;
    }
    if name.contains("requirements") && matches!(ending, "txt" | "in" | "pip") {
        return Dependencies;
    }
    if matches!(name, ".env" | ".netrc" | "netrc") || name.starts_with(".env.") {
        return Ini;
    }
    // A changelog stays one whatever ends it, unless that is a language.
    let first = name.split(['.', '-', '_']).next().unwrap_or_default();
    let known = ENDINGS
        .iter()
        .find(|(.., endings)| endings.contains(&ending));
    match (known, exact(first)) {
        (Some((language, ..)), _) if name.contains('.') => *language,
        (None, Some(Prose)) => Prose,
        _ => match stem {
            Some(stem) if stem.contains('.') => {
                by_name(stem, stem.rsplit_once('.').map_or("", |(_, ending)| ending))
            }
            _ => Unknown,
        },
    }
}

fn by_shebang(head: &str) -> Option<Language> {
    if head.starts_with("<?php") {
        return Some(Php);
    }
    let line = head.strip_prefix("#!")?.lines().next()?;
    let mut words = line.split(['/', ' ', '\t']).rev();
    words.find_map(|word| {
        let row = INTERPRETERS.iter().find(|(name, _)| word.starts_with(name));
        row.map(|(_, language)| *language)
    })
}

fn is_feed(head: &str) -> bool {
    head.contains("http://www.w3.org/2005/Atom")
        && (head.contains("<feed") || head.contains("<entry"))
        || head.contains("<rss ")
}

/// A feed as JSON: Atom of gdata, or a stream of Reader.
fn is_answer(head: &str) -> bool {
    [
        "\"http://www.w3.org/2005/Atom\"",
        "\"xmlns$",
        "\"$t\"",
        "\"crawlTimeMsec\"",
    ]
    .iter()
    .any(|key| head.contains(key))
}

/// What went over a wire, as curl, libsoup or a proxy write it down: `> GET /feeds HTTP/1.1`, `HTTP/1.1 200 OK`.
fn is_traffic(head: &str) -> bool {
    let line = head.lines().next().unwrap_or_default();
    let line = line.trim_start_matches(['>', '<', ' ']);
    let request = ["GET ", "POST ", "PUT ", "DELETE ", "PATCH ", "HEAD "];
    line.starts_with("HTTP/1.")
        || request.iter().any(|method| line.starts_with(method)) && line.contains(" HTTP/1.")
}

/// What VCR and its kin keep.
fn is_cassette(head: &str) -> bool {
    [
        "http_interactions",
        "recorded_with",
        "!ruby/struct:VCR",
        "\ninteractions:",
    ]
    .iter()
    .any(|word| head.contains(word))
}

fn is_docbook(head: &str) -> bool {
    [
        "<sect1",
        "<refentry",
        "<chapter",
        "<section",
        "DocBook",
        "<article",
        // What compilers of .NET make of comments.
        "<doc>",
    ]
    .iter()
    .any(|tag| head.contains(tag))
}
