//! `migrate dual`: both credentials for a while, by a settings file.

mod address;
mod check;
mod compare;
mod verdict;

use std::{fs, io::Write, path::Path, process::ExitCode};

use crate::{
    cli::{
        args::migrate::{Dual, DualFile, DualInit},
        files, paint, put,
    },
    error::{Error, Kind},
    migrate::{
        catalogue::Catalogue,
        dual::{Override, Settings},
        replace::replace,
    },
};

/// The most bytes of a plan.
const MAX_PLAN: u64 = 1 << 30;

pub(super) fn run(step: &Dual) -> Result<ExitCode, Error> {
    match step {
        Dual::Init(options) => init(options),
        Dual::Check(options) => check::run(options),
        Dual::RollBack(options) => set(options, Override::Old),
        Dual::Switch(options) => set(options, Override::New),
        Dual::Rules(options) => set(options, Override::None),
        Dual::Compare(options) => compare::run(options),
    }
}

fn init(options: &DualInit) -> Result<ExitCode, Error> {
    let text = match &options.plan {
        None => Settings::template([]),
        Some(path) => {
            let plan = files::read_up_to("plan", path, MAX_PLAN)?;
            Settings::template_of_plan(&plan, Catalogue::built_in()?)?
        }
    };
    let rules = Settings::from_toml(&text)?.rules().iter().len();
    if options.file == Path::new("-") {
        put(text.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let before = match options.force {
        true => there("file", &options.file)?,
        false => None,
    };
    write("file", &options.file, before.as_deref(), text.as_bytes())?;
    let file = options.file.display();
    paint::talk(format_args!(
        "made: {file}, with {rules} rules; everything goes by the old credential\n\
         look at it: gdata-auth migrate dual check {file}"
    ));
    Ok(ExitCode::SUCCESS)
}

fn set(options: &DualFile, setting: Override) -> Result<ExitCode, Error> {
    let before = Settings::write_override(&options.file, setting)?;
    let file = options.file.display();
    let (was, is) = (before.word(), setting.word());
    paint::talk(match before == setting {
        true => format!("{file}: override is {is} already: {}", means(setting)),
        false => format!(
            "{file}: override was {was}, and is {is}: {}",
            means(setting)
        ),
    });
    Ok(ExitCode::SUCCESS)
}

fn means(setting: Override) -> &'static str {
    match setting {
        Override::Old => "everything by the old credential",
        Override::New => "everything by the new credential, without a fall-back",
        Override::None => "the rules hold",
    }
}

/// What stands in a file, where there is one.
fn there(option: &str, path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match path.symlink_metadata() {
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(None),
        _ => files::read_up_to(option, path, MAX_PLAN).map(Some),
    }
}

/// Writes over what was read, or a new file where none is.
fn write(option: &str, path: &Path, before: Option<&[u8]>, text: &[u8]) -> Result<(), Error> {
    if let Some(before) = before {
        return replace(path, before, text);
    }
    let mut new = fs::OpenOptions::new();
    let made = new.write(true).create_new(true).open(path);
    made.and_then(|mut file| file.write_all(text))
        .map_err(|cause| match cause.kind() {
            std::io::ErrorKind::AlreadyExists => Error::input(
                option,
                format_args!("expected a place without a file, got {}", path.display()),
            ),
            _ => Error::new(
                Kind::Input,
                format!("{option}: cannot write {}: {cause}", path.display()),
            ),
        })
}
