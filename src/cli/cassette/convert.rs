//! `cassette convert`: files of one tool written in the format of another.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use super::settings;
use crate::{
    cassette::{
        Limits, Reading, Settings, Severity,
        format::{self, Written},
        redact::Redaction,
    },
    cli::{
        args::Convert,
        paint::{NOTICE, WRONG, styled, talk},
        put,
    },
    error::{Error, Kind},
};

#[expect(
    clippy::disallowed_methods,
    reason = "how long it took is told to a person"
)]
pub(super) fn run(options: &Convert) -> Result<ExitCode, Error> {
    let started = Instant::now();
    let jobs = jobs(options)?;
    let mut settings = match &options.config {
        None => Settings::default(),
        Some(path) => settings::read(path)?,
    };
    settings.record.resign = options.resign;
    let mut total = Total {
        redaction: settings.redaction()?,
        ..Total::default()
    };
    for job in &jobs {
        match convert(options, job, &mut total) {
            Ok(()) => total.written += 1,
            // One file by itself fails as the command does; of many, the others go on.
            Err(cause) if jobs.len() == 1 => return Err(cause),
            Err(cause) => {
                talk(format_args!("{} {cause}", styled(WRONG, "refused:")));
                total.refused += 1;
            }
        }
    }
    total.tell(options);
    if jobs.len() > 1 || options.paths.iter().any(|path| path.is_dir()) {
        talk(format_args!(
            "{} of {} files written as {}: {} interactions, {} losses, {:.1} s",
            total.written,
            jobs.len(),
            options.to.format(),
            total.interactions,
            total.lost.values().map(|told| told.count).sum::<usize>(),
            started.elapsed().as_secs_f64(),
        ));
    }
    Ok(ExitCode::from(u8::from(total.refused > 0)))
}

#[derive(Default)]
struct Total {
    written: usize,
    refused: usize,
    interactions: usize,
    redaction: Redaction,
    /// What was worth knowing, and what was lost: told once, however often.
    noted: BTreeMap<String, Told>,
    lost: BTreeMap<String, Told>,
}

struct Told {
    count: usize,
    /// The place of the first.
    first: String,
}

impl Total {
    fn tell(&self, options: &Convert) {
        if options.quiet {
            return;
        }
        for (word, told) in [("note:", &self.noted), ("lost:", &self.lost)] {
            for (what, Told { count, first }) in told {
                let more = match count {
                    1 => String::new(),
                    count => format!(", and {} more", count - 1),
                };
                talk(format_args!(
                    "{} {what} ({first}{more})",
                    styled(NOTICE, word)
                ));
            }
        }
    }
}

fn count(told: &mut BTreeMap<String, Told>, what: String, place: impl FnOnce() -> String) {
    let told = told.entry(what).or_insert_with(|| Told {
        count: 0,
        first: place(),
    });
    told.count += 1;
}

/// One file, and where it goes; stdout without.
struct Job {
    from: PathBuf,
    to: Option<PathBuf>,
}

fn convert(options: &Convert, job: &Job, total: &mut Total) -> Result<(), Error> {
    let name = job.from.display().to_string();
    let reading = read(options, &job.from)?;
    for problem in &reading.problems {
        match problem.severity {
            Severity::Note => {
                let what = match problem.field.as_str() {
                    "" => problem.message.clone(),
                    field => format!("{field}: {}", problem.message),
                };
                count(&mut total.noted, what, || place(&name, problem.interaction));
            }
            _ => talk(format_args!("{} {problem}", styled(WRONG, "damaged:"))),
        }
    }
    let cassette = if options.good_part {
        reading.cassette
    } else {
        reading.into_whole().map_err(|cause| {
            Error::new(
                cause.kind(),
                format!("{cause}: --good-part takes what is whole"),
            )
        })?
    };
    let cassette = match &options.redact {
        true => {
            let redacted = total.redaction.apply(cassette)?;
            for note in redacted.notes {
                count(&mut total.noted, note, || place(&name, None));
            }
            redacted.cassette
        }
        false => cassette,
    };
    let Written { bytes, losses, .. } = format::write(options.to.format(), &cassette)?;
    for loss in losses {
        let (number, what) = match loss.split_once(": ") {
            Some((number, what)) if number.starts_with("interaction ") => {
                (number["interaction ".len()..].parse().ok(), what.to_owned())
            }
            _ => (None, loss),
        };
        count(&mut total.lost, what, || place(&name, number));
    }
    total.interactions += cassette.interactions.len();
    match &job.to {
        None => put(&bytes),
        Some(path) if !options.force && path.exists() => Err(Error::new(
            Kind::Input,
            format!(
                "{}: expected a file that is not there yet: --force overwrites it",
                path.display()
            ),
        )),
        Some(path) => crate::cassette::save(path, &bytes),
    }
}

fn place(name: &str, interaction: Option<usize>) -> String {
    match interaction {
        Some(number) => format!("{name}, interaction {number}"),
        None => name.to_owned(),
    }
}

fn read(options: &Convert, path: &Path) -> Result<Reading, Error> {
    let limits = Limits::default();
    match options.from {
        None => crate::cassette::load(path, &limits),
        Some(format) => crate::cassette::load_as(format, path, &limits),
    }
}

fn jobs(options: &Convert) -> Result<Vec<Job>, Error> {
    let mut files = Vec::new();
    for path in &options.paths {
        if path.is_dir() {
            let mut found = Vec::new();
            collect(path, &mut found, DEEPEST).map_err(|cause| {
                Error::new(
                    Kind::Transport,
                    format!("{}: expected to read it, got: {cause}", path.display()),
                )
            })?;
            found.sort();
            files.extend(found.into_iter().map(|file| (path.clone(), file)));
        } else {
            files.push((
                path.parent().unwrap_or(Path::new("")).to_owned(),
                path.clone(),
            ));
        }
    }
    let one = files.len() == 1 && !options.paths[0].is_dir();
    let output = options.output.as_deref();
    if output.is_none() && !one {
        return Err(Error::input(
            "output",
            "expected -o FOLDER for more than one file",
        ));
    }
    let into = |root: &Path, file: &Path, folder: &Path| {
        let below = file.strip_prefix(root).unwrap_or(file);
        let mut name = below.file_name().unwrap_or_default().to_os_string();
        name.push(".");
        name.push(options.to.extension());
        folder.join(below).with_file_name(name)
    };
    Ok(files
        .into_iter()
        .map(|(root, file)| Job {
            to: output.map(|output| {
                if one && !output.is_dir() {
                    output.to_owned()
                } else {
                    into(&root, &file, output)
                }
            }),
            from: file,
        })
        .collect())
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>, depth: usize) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        // Links are not followed: a circle of them has no end.
        let kind = entry.file_type()?;
        if kind.is_dir() && !hidden && depth > 0 {
            collect(&entry.path(), found, depth - 1)?;
        } else if kind.is_file() && !hidden {
            found.push(entry.path());
        }
    }
    Ok(())
}

const DEEPEST: usize = 32;
