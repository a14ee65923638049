//! `migrate rewrite`: a diff and the refusals, or the files changed.

use std::{path::Path, process::ExitCode};

use serde::Serialize;

use crate::{
    cli::{
        args::{Language as Wanted, MigrateRewrite},
        migrate::legacy::Links,
        paint, put,
    },
    error::{Error, Kind},
    migrate::{
        import::{Walk, files},
        rewrite::{Change, Language, MAX_BYTES, Options, Refusal, rewrite, write},
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
    #[serde(skip_serializing_if = "String::is_empty")]
    diff: String,
}

pub(super) fn run(command: &MigrateRewrite) -> Result<ExitCode, Error> {
    let options = Options::default().with_credentials(command.credentials.as_str())?;
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
    let mut links = Links::default();
    for walk in files(command.path.iter().map(AsRef::as_ref)) {
        let (path, problem) = match walk {
            Walk::File(path, _) => (path, None),
            Walk::Problem(path, what) => (path, Some(what)),
            Walk::Link(path) => {
                if language(command, &path.display().to_string()).is_some() {
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
        let Some(language) = language(command, &name) else {
            if named {
                report.files.push(broken(
                    name,
                    "expected .py, .java or .cs, or --language".to_owned(),
                ));
            }
            continue;
        };
        let file = match one(&path, &name, language, &options, command.write) {
            Ok(file) => file,
            Err(error) => broken(name, error.to_string()),
        };
        if !file.changes.is_empty() || !file.refusals.is_empty() || file.problem.is_some() {
            report.files.push(file);
        }
    }
    links.tell();
    tell(command, &report)
}

/// What `migrate export` calls the form that rewritten code reads, by the end of the code's name.
const FORMS: &[(&str, &str)] = &[
    (".py", "oauth2client"),
    (".java", "authorized-user"),
    (".cs", "environment"),
];

fn language(command: &MigrateRewrite, name: &str) -> Option<Language> {
    match command.language {
        None => Language::of_name(name),
        Some(Wanted::Python) => Some(Language::Python),
        Some(Wanted::Java) => Some(Language::Java),
        Some(Wanted::Csharp) => Some(Language::CSharp),
    }
}

fn one(
    path: &Path,
    name: &str,
    language: Language,
    options: &Options,
    writes: bool,
) -> Result<File, Error> {
    let failed = |cause: std::io::Error| {
        Error::new(Kind::Input, format!("cannot read: {cause}")).caused_by(cause)
    };
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
    })
}

fn broken(file: String, problem: String) -> File {
    File {
        file,
        changes: Vec::new(),
        refusals: Vec::new(),
        problem: Some(problem),
        diff: String::new(),
    }
}

fn tell(command: &MigrateRewrite, report: &Report) -> Result<ExitCode, Error> {
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
        paint::talk(format_args!(
            "files to change: {changed}, places left as they are: {left}"
        ));
        let forms: Vec<&str> = FORMS
            .iter()
            .filter(|(end, _)| {
                let mut files = report.files.iter();
                files.any(|file| !file.changes.is_empty() && file.file.ends_with(end))
            })
            .map(|(_, form)| *form)
            .collect();
        if !forms.is_empty() {
            paint::talk(format_args!(
                "{} gdata-auth migrate export ACCOUNT {} --form {} makes the credential that the new code reads",
                paint::styled(paint::NOTICE, "next:"),
                command.credentials,
                forms.join(" or ")
            ));
        }
    }
    Ok(match left {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}
