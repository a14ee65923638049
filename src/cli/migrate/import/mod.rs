//! `migrate import`: stores in, an inventory out, and grants into the store.

mod keep;
mod told;

use std::{io, process::ExitCode};

use self::keep::Keeper;
use crate::{
    cli::{args::MigrateImport, migrate::legacy, paint, private_file},
    error::{Error, Kind},
    migrate::import::{Event, Import, InventoryWriter},
};

pub(super) fn run(options: &MigrateImport) -> Result<ExitCode, Error> {
    if let Some(path) = &options.with_secrets {
        private_file::check("with-secrets", path, options.force)?;
    }
    let mut keeper = match options.into_store {
        true => Some(Keeper::new(options)?),
        false => None,
    };
    let summary = match &options.with_secrets {
        None => import(options, &mut keeper, &mut |_| Ok(()))?,
        Some(path) => {
            let mut outcome = None;
            private_file::save_with("with-secrets", path, options.force, &mut |file| {
                let made = secretly(options, &mut keeper, file);
                let failed = made.is_err();
                outcome = Some(made);
                match failed {
                    true => Err(io::Error::other("the import ended early")),
                    false => Ok(()),
                }
            })
            .or_else(|error| match &outcome {
                Some(Err(_)) => Ok(()),
                _ => Err(error),
            })?;
            let missing = || Error::new(Kind::Transport, "with-secrets: nothing was written");
            outcome.ok_or_else(missing)??
        }
    };
    if let Some(path) = &options.with_secrets {
        paint::talk(format_args!(
            "{} {} holds every secret in the clear: whoever reads it can act as the users do",
            paint::styled(paint::NOTICE, "notice:"),
            path.display()
        ));
    }
    let kept = keeper.is_none_or(Keeper::tell);
    told::summary(&summary);
    if summary.files + summary.skipped + summary.problems == 0 {
        paint::talk(format_args!(
            "{} there is no file at what was named: nothing was read",
            paint::styled(paint::NOTICE, "notice:")
        ));
        return Ok(ExitCode::from(2));
    }
    Ok(match (summary.credentials, summary.problems) {
        (0, 1..) => ExitCode::from(2),
        (_, 0) if kept => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

/// Takes what nobody reads any more: `| head` is no failure, and the rest of the import goes on.
struct Tolerant<W>(W);

impl<W: io::Write> io::Write for Tolerant<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(cause) if cause.kind() == io::ErrorKind::BrokenPipe => Ok(bytes.len()),
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.flush() {
            Err(cause) if cause.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            flushed => flushed,
        }
    }
}

/// How many files without a credential are told by name.
const NAMED: usize = 10;

type Summary = crate::migrate::import::Summary;

fn secretly(
    options: &MigrateImport,
    keeper: &mut Option<Keeper>,
    file: &mut dyn io::Write,
) -> Result<Summary, Error> {
    let mut writer = InventoryWriter::with_secrets(io::BufWriter::new(file))?;
    let summary = import(options, keeper, &mut |event| writer.write(event))?;
    writer.finish(&summary)?;
    Ok(summary)
}

/// Reads all paths; each event goes to stdout, to the store, and to `also`.
fn import(
    options: &MigrateImport,
    keeper: &mut Option<Keeper>,
    also: &mut dyn FnMut(Event<'_>) -> Result<(), Error>,
) -> Result<Summary, Error> {
    let out = io::BufWriter::with_capacity(64 << 10, Tolerant(io::stdout().lock()));
    let mut printer = told::Printer::new(options.json, out)?;
    let mut import = Import::new();
    let mut sink = |event: Event<'_>| {
        printer.write(event)?;
        if let Some(keeper) = keeper {
            keeper.take(event)?;
        }
        also(event)
    };
    let mut without = Vec::new();
    legacy::walk(&mut import, &options.path, &mut sink, &mut |name| {
        if without.len() <= NAMED {
            without.push(name.to_owned());
        }
    })?;
    printer.finish(import.summary())?;
    told::without(&without, import.summary().skipped);
    Ok(import.finish())
}
