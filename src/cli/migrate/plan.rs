//! `migrate plan`: the inputs read, the plan drawn and told.
//!
//! The exit code is 0 where a plan was drawn, and 2 where an input cannot be read or tells nothing.

use std::{path::Path, process::ExitCode};

use crate::{
    cli::{
        args::migrate::{ClientKindArg, DrawPlan, PlanFormat},
        files,
        paint::{self, NOTICE, styled},
        private_file, put,
    },
    error::Error,
    migrate::{
        catalogue::Catalogue,
        disk::refused,
        import::Inventory,
        plan::{CallLog, ClientType, Code, Inputs, Plan, Wishes, report},
        scan::Scan,
    },
};

/// The most bytes of an inventory or of a report.
const MAX: u64 = 1 << 30;

pub(super) fn run(options: &DrawPlan) -> Result<ExitCode, Error> {
    let catalogue = Catalogue::built_in()?;
    if let Some(path) = &options.users {
        private_file::check("users", path, options.force)?;
    }
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
        let mut reader = files::stream("log", path)?;
        log.read(&mut *reader, options.host.as_deref(), catalogue)?;
    }
    check(options, code.as_ref(), inventory.as_ref(), &log)?;
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
        // It names the users, and the other forms count them.
        Some(path) if matches!(options.format, PlanFormat::Json) => {
            private_file::overwrite("output", path, &text)?;
        }
        Some(path) => write(path, "output", &text)?,
        None => put(text.as_bytes())?,
    }
    if let Some(path) = &options.users {
        private_file::save_with("users", path, options.force, &mut |file| {
            file.write_all(plan.to_csv().as_bytes())
        })?;
    }
    for note in &plan.notes {
        paint::talk(format_args!("{} {note}", styled(NOTICE, "notice:")));
    }
    Ok(ExitCode::SUCCESS)
}

/// Refuses inputs that tell nothing: a plan drawn from them would look like one with nothing to do.
fn check(
    options: &DrawPlan,
    code: Option<&Code>,
    inventory: Option<&Inventory>,
    log: &CallLog,
) -> Result<(), Error> {
    if !options.path.is_empty() && code.is_some_and(|code| code.files == 0) {
        let problem = "expected source that can be read, got no such file: give the folder of the code, or --no-ignore and --format json to migrate scan, and its report to --scan";
        return Err(Error::input("path", problem));
    }
    if !options.log.is_empty() && log.unknown == log.lines {
        let known = "expected lines of the common or combined log format, or JSON lines with method, host and path";
        return Err(Error::input(
            "log",
            match log.lines {
                0 => format!("{known}, got an empty log"),
                lines => format!("{known}, got none in {lines}"),
            },
        ));
    }
    let alone = code.is_none() && options.log.is_empty();
    if alone && inventory.is_some_and(|own| own.credentials.is_empty()) {
        let problem = "expected an inventory with credentials, got one without: give migrate import the folder of the token stores, or give the code or a log too";
        return Err(Error::input("inventory", problem));
    }
    Ok(())
}

fn write(path: &Path, option: &str, text: &str) -> Result<(), Error> {
    std::fs::write(path, text).map_err(|cause| refused(option, "write", path, cause))
}
