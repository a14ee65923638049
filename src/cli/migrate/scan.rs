//! `migrate scan`: the walk, its progress, the report in the asked form, and the exit code.
//!
//! | code | means |
//! |---|---|
//! | 0 | nothing is left to do, or nothing that the baseline does not know |
//! | 1 | something is left to do |
//! | 2 | nothing was found, but a file could not be read or none was there, or the command cannot be carried out as given |

use std::{
    io::{IsTerminal, Write},
    path::Path,
    process::ExitCode,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use indicatif::{HumanBytes, HumanCount, ProgressBar};

use super::table;
use crate::{
    cli::{
        args::{ScanFormat, ScanTree},
        files,
        paint::{self, NOTICE, styled},
        put,
    },
    error::{Error, Kind},
    migrate::disk::refused,
    migrate::scan::{Baseline, Finding, Report, Scan, report},
};

pub(super) fn run(options: &ScanTree) -> Result<ExitCode, Error> {
    let known = match (&options.baseline, options.write_baseline) {
        (Some(path), false) => Some(baseline(path)?),
        _ => None,
    };
    let found = walk(options)?;
    if let (Some(path), true) = (&options.baseline, options.write_baseline) {
        let now = Baseline::of(&found.findings);
        write(path, "baseline", now.to_json()?.as_bytes())?;
        paint::talk(format_args!(
            "{} known from now on, in {}",
            match now.len() {
                1 => "1 finding is".to_owned(),
                count => format!("{count} findings are"),
            },
            path.display()
        ));
        return Ok(ExitCode::SUCCESS);
    }
    let view = report::View::of(&found, known.as_ref(), options.look_alikes);
    let text = match options.format {
        ScanFormat::Text => table::text(&found, &view),
        ScanFormat::Json => report::json(&found, &view)?,
        ScanFormat::Sarif => report::sarif(&found, &view)?,
        ScanFormat::Html => report::html(&found, &view),
    };
    match (&options.output, options.format) {
        (Some(path), ScanFormat::Text) => write(
            path,
            "output",
            anstream::adapter::strip_str(&text).to_string().as_bytes(),
        )?,
        (Some(path), _) => write(path, "output", text.as_bytes())?,
        (None, ScanFormat::Text) => print(&text)?,
        (None, _) => put(text.as_bytes())?,
    }
    if options.output.is_some() || options.format != ScanFormat::Text {
        paint::talk(table::summary(&found, &view));
    }
    if let Some(known) = &known
        && let Some(next) = after(known, &found.findings)
    {
        paint::talk(format_args!("{} {next}", styled(NOTICE, "next:")));
    }
    Ok(
        match (
            view.failing() > 0 || found.left_out > 0,
            found.any_trouble(),
        ) {
            (true, _) => ExitCode::from(1),
            (false, true) => ExitCode::from(2),
            (false, false) if found.files == 0 => {
                let problem = "no file was read: nothing found is no proof, so look at the path";
                paint::talk(format_args!("{} {problem}", styled(NOTICE, "notice:")));
                ExitCode::from(2)
            }
            (false, false) => ExitCode::SUCCESS,
        },
    )
}

/// What to do about the baseline, where some of it is not found any more.
fn after(known: &Baseline, findings: &[Finding]) -> Option<String> {
    if let Some((before, now)) = known.elsewhere(findings) {
        return Some(format!(
            "nothing of the baseline is here, and paths differ: it has {before}, this scan {now}; scan from the folder and with the path of then, or write the baseline anew"
        ));
    }
    match known.gone(findings) {
        0 => None,
        1 => Some(
            "1 known finding is gone: write the baseline anew, so that it cannot come back"
                .to_owned(),
        ),
        gone => Some(format!(
            "{gone} known findings are gone: write the baseline anew, so that they cannot come back"
        )),
    }
}

/// The walk, with a line of progress where a person waits.
fn walk(options: &ScanTree) -> Result<Report, Error> {
    let scan = Scan::new()
        .hidden(options.hidden)
        .no_ignore(options.no_ignore)
        .output(options.output.as_deref())
        .threads(options.threads);
    if !std::io::stderr().is_terminal() {
        return scan.run(&options.paths, |_, _| {});
    }
    let bar = ProgressBar::new_spinner();
    bar.enable_steady_tick(Duration::from_millis(120));
    let (files, bytes) = (AtomicU64::new(0), AtomicU64::new(0));
    let found = scan.run(&options.paths, |_, read| {
        let bytes = bytes.fetch_add(read, Ordering::Relaxed) + read;
        let files = files.fetch_add(1, Ordering::Relaxed) + 1;
        // Drawing costs more than reading a small file.
        if files.is_multiple_of(256) {
            bar.set_message(format!(
                "{} files, {}",
                HumanCount(files),
                HumanBytes(bytes)
            ));
        }
    });
    bar.finish_and_clear();
    found
}

fn baseline(path: &Path) -> Result<Baseline, Error> {
    let text = files::read_up_to("baseline", path, Baseline::MAX_BYTES)?;
    let text = String::from_utf8(text).map_err(|_| {
        Error::input(
            "baseline",
            format_args!("expected text in UTF-8 in {}", path.display()),
        )
    })?;
    Baseline::parse(&text)
}

fn write(path: &Path, option: &str, bytes: &[u8]) -> Result<(), Error> {
    std::fs::write(path, bytes).map_err(|cause| refused(option, "write", path, cause))
}

/// Colours where there is a terminal. A reader that went away is no failure.
fn print(text: &str) -> Result<(), Error> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::new(Kind::Transport, "stdout: cannot write").caused_by(cause))
        }
        _ => Ok(()),
    }
}
