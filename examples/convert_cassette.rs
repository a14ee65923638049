//! Reads a recording of any known format, and writes it in another one:
//! `convert_cassette vcrpy login.yml login-vcrpy.yaml`. What the new format cannot hold is told.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a program of its own takes arguments and tells what it does"
)]

use std::{env, error::Error, process::ExitCode};

use gdata_auth::cassette::{Limits, format, format::Format, load, save};

fn main() -> ExitCode {
    match convert() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn convert() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [to, from, into] = arguments.as_slice() else {
        return Err("expected a format, a file to read, and a file to write".into());
    };
    let to = Format::named(to).ok_or("expected the name of a format, such as ruby-vcr or vcrpy")?;
    let reading = load(from, &Limits::default())?;
    for problem in &reading.problems {
        eprintln!("{problem}");
    }
    let written = format::write(to, &reading.cassette)?;
    save(into, &written.bytes)?;
    for loss in &written.losses {
        eprintln!("lost: {loss}");
    }
    println!(
        "{from} ({}): {} interactions written as {to} to {into}",
        reading.format,
        reading.cassette.interactions.len()
    );
    Ok(())
}
