//! `migrate rewrite`: a diff and the refusals, or the files changed.

use std::{collections::BTreeSet, path::Path, process::ExitCode};

use serde::Serialize;

use crate::{
    cli::{
        args::{Language as Wanted, MigrateRewrite},
        migrate::legacy::Links,
        paint, put,
    },
    error::{Error, Kind},
    migrate::{
        disk::refused,
        import::{Walk, files},
        rewrite::{Change, Language, MAX_BYTES, Options, Refusal, rewrite, write},
        scan::{Finding, Kind as Found, Scan},
    },
};

/// What `--json` prints.
#[derive(Default, Serialize)]
struct Report {
    version: u32,
    written: bool,
    files: Vec<File>,
}

#[derive(Serialize)]
struct File {
    file: String,
    changes: Vec<Change>,
    refusals: Vec<Refusal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
    /// The problem is the medium's, such as a file that may not be written.
    #[serde(skip)]
    of_medium: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    diff: String,
}

pub(super) fn run(command: &MigrateRewrite) -> Result<ExitCode, Error> {
    let mut options = Options::default();
    if let Some(name) = &command.credentials {
        options = options.with_credentials(name.as_str())?;
    }
    let mut report = Report {
        version: 1,
        written: command.write,
        files: Vec::new(),
    };
    for path in &command.path {
        if let Err(cause) = path.symlink_metadata() {
            let problem =
                format_args!("expected a file or a folder at {}: {cause}", path.display());
            return Err(Error::input("path", problem).caused_by(cause));
        }
    }
    // Before anything is written: it names what stands in other languages, and the secrets that a diff shows.
    let findings = Scan::new().run(&command.path, |_, _| {})?.findings;
    let mut links = Links::default();
    for walk in files(command.path.iter().map(AsRef::as_ref)) {
        let (path, problem) = match walk {
            Walk::File(path, _) => (path, None),
            Walk::Problem(path, what) => (path, Some(what)),
            Walk::Link(path) => {
                if language(command, &path.display().to_string(), false).is_some() {
                    links.see(&path);
                }
                continue;
            }
        };
        let named = command.path.contains(&path);
        let name = path.display().to_string();
        if let Some(problem) = problem {
            report.files.push(broken(name, problem));
            continue;
        }
        let Some(language) = language(command, &name, named) else {
            if named {
                report.files.push(broken(
                    name,
                    "expected .py, .java or .cs, or --language; of other languages `gdata-auth migrate scan` tells what to do"
                        .to_owned(),
                ));
            }
            continue;
        };
        let file = match one(&path, &name, language, &options, command.write) {
            Ok(file) => file,
            Err(error) => File {
                of_medium: error.kind() == Kind::Transport,
                ..broken(name, error.to_string())
            },
        };
        if !file.changes.is_empty() || !file.refusals.is_empty() || file.problem.is_some() {
            report.files.push(file);
        }
    }
    links.tell();
    tell(command, &options, &report, &findings)
}

fn language(command: &MigrateRewrite, name: &str, named: bool) -> Option<Language> {
    let told = Language::of_name(name);
    let wanted = match command.language {
        None => return told,
        Some(Wanted::Python) => Language::Python,
        Some(Wanted::Java) => Language::Java,
        Some(Wanted::Csharp) => Language::CSharp,
    };
    (named || told == Some(wanted)).then_some(wanted)
}

fn one(
    path: &Path,
    name: &str,
    language: Language,
    options: &Options,
    writes: bool,
) -> Result<File, Error> {
    let failed = |cause: std::io::Error| refused("path", "read", path, cause);
    if path.metadata().map_err(failed)?.len() > MAX_BYTES as u64 {
        return Err(Error::input(
            "source",
            format_args!("expected at most {MAX_BYTES} bytes"),
        ));
    }
    let rewritten = rewrite(language, &std::fs::read(path).map_err(failed)?, options)?;
    if writes && !rewritten.changes.is_empty() {
        write(path, &rewritten)?;
    }
    Ok(File {
        diff: String::from_utf8_lossy(&rewritten.diff(name)).into_owned(),
        file: name.to_owned(),
        changes: rewritten.changes,
        refusals: rewritten.refusals,
        problem: None,
        of_medium: false,
    })
}

fn broken(file: String, problem: String) -> File {
    File {
        file,
        changes: Vec::new(),
        refusals: Vec::new(),
        problem: Some(problem),
        of_medium: false,
        diff: String::new(),
    }
}

fn tell(
    command: &MigrateRewrite,
    options: &Options,
    report: &Report,
    findings: &[Finding],
) -> Result<ExitCode, Error> {
    if command.json {
        let mut text = serde_json::to_string_pretty(report).map_err(|cause| {
            Error::new(Kind::Input, "cannot print the edits as JSON").caused_by(cause)
        })?;
        text.push('\n');
        put(text.as_bytes())?;
    }
    let (mut changed, mut left) = (0, 0);
    for file in &report.files {
        changed += usize::from(!file.changes.is_empty());
        left += file.refusals.len() + usize::from(file.problem.is_some());
        if command.json {
            continue;
        }
        if command.write && !file.changes.is_empty() {
            paint::talk(format_args!("written: {}", file.file));
        } else {
            put(file.diff.as_bytes())?;
        }
        for refusal in &file.refusals {
            let what = paint::styled(paint::NOTICE, "left as it is:");
            paint::talk(format_args!(
                "{what} {}:{}: {}",
                file.file, refusal.line, refusal.reason
            ));
        }
        if let Some(problem) = &file.problem {
            let what = paint::styled(paint::WRONG, "problem:");
            paint::talk(format_args!("{what} {}: {problem}", file.file));
        }
    }
    if !command.json {
        let what = if command.write {
            "changed"
        } else {
            "to change"
        };
        paint::talk(format_args!(
            "files {what}: {changed}, places left as they are: {left}"
        ));
        others(findings);
        shown(command, report, findings);
        next(options, report);
    }
    let of_medium = report.files.iter().filter(|file| file.of_medium).count();
    Ok(match left {
        0 => ExitCode::SUCCESS,
        left if left == of_medium => ExitCode::from(3),
        _ => ExitCode::FAILURE,
    })
}

/// What is left of languages that are not rewritten.
fn others(findings: &[Finding]) {
    let known = ["Python", "Java", "C#"];
    let others: Vec<&Finding> = findings
        .iter()
        .filter(|it| {
            it.kind == Found::Auth && it.verdict.is_open() && !known.contains(&it.language)
        })
        .collect();
    if others.is_empty() {
        return;
    }
    let languages: BTreeSet<&str> = others.iter().map(|it| it.language).collect();
    let languages: Vec<&str> = languages.into_iter().collect();
    paint::talk(format_args!(
        "{} old logins in other languages ({}): {}; `gdata-auth migrate scan` tells what to do with each",
        paint::styled(paint::NOTICE, "not looked at:"),
        languages.join(", "),
        others.len()
    ));
}

/// Passwords stand in the lines that go, so they stand in the diff.
fn shown(command: &MigrateRewrite, report: &Report, findings: &[Finding]) {
    let is_shown = |finding: &&Finding| {
        let mut files = report.files.iter();
        finding.kind == Found::Leak
            && files.any(|file| {
                let mut lines = file.changes.iter().map(|change| change.line);
                Path::new(&file.file) == Path::new(&finding.file)
                    && lines.any(|line| (finding.line..=finding.end_line).contains(&line))
            })
    };
    let count = findings.iter().filter(is_shown).count();
    if count > 0 && !command.write {
        paint::talk(format_args!(
            "{} secrets that the diff shows: {count}; keep it out of logs, and replace them where they are in use",
            paint::styled(paint::NOTICE, "notice:")
        ));
    }
}

/// Which command makes the credential that the new code reads.
fn next(options: &Options, report: &Report) {
    let forms = [
        (".py", options.python.as_str(), "oauth2client"),
        (".java", options.java.as_str(), "authorized-user"),
        (".cs", "FILE", "environment"),
    ];
    let mut read = BTreeSet::new();
    for (end, name, form) in forms {
        let mut files = report.files.iter();
        if !files.any(|file| !file.changes.is_empty() && file.file.ends_with(end)) {
            continue;
        }
        paint::talk(format_args!(
            "{} gdata-auth migrate export ACCOUNT {name} --form {form} makes the credential that the new code reads",
            paint::styled(paint::NOTICE, "next:"),
        ));
        if !read.insert(name) {
            paint::talk(format_args!(
                "{} Python and Java read {name} in two forms, and one file has one: rewrite each with --language and a \
                 --credentials of its own",
                paint::styled(paint::WRONG, "problem:"),
            ));
        }
    }
}
