//! `migrate dual`: both credentials for a while, by a settings file.

mod address;
mod check;
mod compare;
mod verdict;

use std::{fs, io::Write, path::Path, process::ExitCode};

use crate::{
    cli::{
        args::migrate::{Dual, DualFile, DualInit},
        files, paint, private_file, put,
    },
    error::Error,
    migrate::{
        catalogue::{Catalogue, Service, State},
        disk::failed,
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
    let services = match &options.plan {
        None => Vec::new(),
        Some(path) => {
            let plan = files::read_up_to("plan", path, MAX_PLAN)?;
            Settings::services_of_plan(&plan, Catalogue::built_in()?)?
        }
    };
    let domains: Vec<&str> = options.domain.iter().map(String::as_str).collect();
    let text = Settings::template_of_domains(services.iter().copied(), &domains)?;
    let rules = Settings::from_toml(&text)?.rules().iter().len();
    if options.file != Path::new("-") {
        private_file::check("file", &options.file, options.force)?;
    }
    tell_dead(&services);
    tell_of_domains(&services, &domains);
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
        "made: {file}, with {rules} {}; everything goes by the old credential until a rule says otherwise\n\
         look at it: gdata-auth migrate dual check {file}",
        if rules == 1 { "rule" } else { "rules" }
    ));
    Ok(ExitCode::SUCCESS)
}

/// Where the old feeds are gone there is nothing to run beside the new credential.
fn tell_dead(services: &[&Service]) {
    let is_dead = |service: &&&Service| service.state() == State::Dead;
    let dead: Vec<&str> = services
        .iter()
        .filter(is_dead)
        .map(|it| it.name())
        .collect();
    if dead.is_empty() {
        return;
    }
    let notice = paint::styled(paint::NOTICE, "notice:");
    paint::talk(format_args!(
        "{notice} dead, so that the old credential opens nothing there and the rules are off: {}",
        dead.join(", ")
    ));
    if dead.len() == services.len() {
        paint::talk(format_args!(
            "{notice} no API of this plan still answers: both credentials for a while helps with servers of your own \
             alone; else move the code (gdata-auth migrate rewrite) and ask the users (gdata-auth migrate upgrade)"
        ));
    }
}

/// Feeds of a domain's own have rules where somebody says whose.
fn tell_of_domains(services: &[&Service], domains: &[&str]) {
    let own: Vec<&str> = services
        .iter()
        .filter(|it| it.state() != State::Dead && it.feeds().any(|feed| feed.contains('{')))
        .map(|it| it.name())
        .collect();
    let told = match (own.is_empty(), domains.is_empty()) {
        (true, true) | (false, false) => return,
        (false, true) => format!(
            "of a domain of yours, so that the rules are off until it is named (--domain example.com): {}",
            own.join(", ")
        ),
        (true, false) => {
            "no API of this plan has feeds of a domain, so that --domain changes nothing".to_owned()
        }
    };
    paint::talk(format_args!(
        "{} {told}",
        paint::styled(paint::NOTICE, "notice:")
    ));
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
                format_args!(
                    "expected a place without a file, somebody made {} meanwhile",
                    path.display()
                ),
            ),
            _ => failed("write", path, cause),
        })
}
