//! Turns a recording of any format into one of another, and tells what that cannot hold.
//!
//! `cargo run --features cassette --example convert_cassette -- recording.json har login.har`

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the command line"
)]

use std::{error::Error, process::ExitCode};

use gdata_auth::cassette::{
    Limits, Severity,
    format::{self, Format},
    load, save,
};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [from, format, to] = &arguments[..] else {
        eprintln!(
            "expected a recording, a format and a new file, got {} arguments",
            arguments.len()
        );
        return ExitCode::from(2);
    };
    match convert(from, format, to) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all of the recording could be read.
fn convert(from: &str, format: &str, to: &str) -> Result<bool, Box<dyn Error>> {
    let format = Format::named(format).ok_or("expected the name of a format, got another word")?;
    let reading = load(from, &Limits::default())?;
    for problem in &reading.problems {
        eprintln!("{problem}");
    }
    let written = format::write(format, &reading.cassette)?;
    for loss in &written.losses {
        eprintln!("lost: {loss}");
    }
    save(to, &written.bytes)?;
    println!(
        "{from}: {} interactions, from {} to {format}",
        reading.cassette.interactions.len(),
        reading.format
    );
    Ok(reading
        .problems
        .iter()
        .all(|problem| problem.severity == Severity::Note))
}
