//! `migrate plan`: the inputs read, the plan drawn and told.
//!
//! The exit code is 0 where a plan was drawn, and 2 where an input cannot be read.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
    process::ExitCode,
};

use crate::{
    cli::{
        args::migrate::{ClientKindArg, DrawPlan, PlanFormat},
        files,
        paint::{self, NOTICE, styled},
        put,
    },
    error::{Error, Kind},
    migrate::{
        catalogue::Catalogue,
        import::Inventory,
        plan::{CallLog, ClientType, Code, Inputs, Plan, Wishes, report},
        scan::Scan,
    },
};

/// The most bytes of an inventory or of a report.
const MAX: u64 = 1 << 30;

pub(super) fn run(options: &DrawPlan) -> Result<ExitCode, Error> {
    let catalogue = Catalogue::built_in()?;
    let code = match (&options.scan, options.path.is_empty()) {
        (Some(path), _) => Some(Code::from_json(&files::read_up_to("scan", path, MAX)?)?),
        (None, false) => Some(Code::of(&Scan::new().run(&options.path, |_, _| {})?)),
        (None, true) => None,
    };
    let inventory = match &options.inventory {
        Some(path) => Some(Inventory::from_json(&files::read_up_to(
            "inventory",
            path,
            MAX,
        )?)?),
        None => None,
    };
    let mut log = CallLog::default();
    for path in &options.log {
        let mut reader = open(path)?;
        log.read(&mut *reader, options.host.as_deref(), catalogue)?;
    }
    let mut inputs = Inputs::new(catalogue);
    inputs.code = code.as_ref();
    inputs.inventory = inventory.as_ref();
    inputs.log = (!options.log.is_empty()).then_some(&log);
    let mut wishes = Wishes::default();
    wishes.name.clone_from(&options.app);
    wishes.origin.clone_from(&options.origin);
    wishes.headless = options.headless;
    wishes.grant = options.grant;
    wishes.client = options.client.map(|kind| match kind {
        ClientKindArg::Installed => ClientType::Installed,
        ClientKindArg::Web => ClientType::Web,
        ClientKindArg::ServiceAccount => ClientType::ServiceAccount,
        ClientKindArg::Device => ClientType::Device,
    });
    let plan = Plan::draw(&inputs, &wishes)?;
    let text = match options.format {
        PlanFormat::Text => report::text(&plan),
        PlanFormat::Markdown => report::markdown(&plan),
        PlanFormat::Html => report::html(&plan),
        PlanFormat::Json => plan.to_json()?,
    };
    match &options.output {
        Some(path) => write(path, "output", &text)?,
        None => put(text.as_bytes())?,
    }
    if let Some(path) = &options.users {
        write(path, "users", &plan.to_csv())?;
    }
    for note in &plan.notes {
        paint::talk(format_args!("{} {note}", styled(NOTICE, "notice:")));
    }
    Ok(ExitCode::SUCCESS)
}

fn open(path: &Path) -> Result<Box<dyn BufRead>, Error> {
    if path == Path::new("-") {
        return Ok(Box::new(std::io::stdin().lock()));
    }
    match File::open(path) {
        Ok(file) => Ok(Box::new(BufReader::with_capacity(256 << 10, file))),
        Err(cause) => {
            let problem = format!("log: cannot read {}: {cause}", path.display());
            Err(Error::new(Kind::Input, problem).caused_by(cause))
        }
    }
}

fn write(path: &Path, option: &str, text: &str) -> Result<(), Error> {
    std::fs::write(path, text).map_err(|cause| {
        let problem = format_args!("cannot write {}: {cause}", path.display());
        Error::input(option, problem).caused_by(cause)
    })
}
