//! `migrate report`: the evidence read, and how far the migration is.
//!
//! The exit code is 0 where it is complete, 1 where something is left or nobody looked, and 2 where evidence cannot be
//! read.

use std::process::ExitCode;

use crate::{
    cli::{
        accounts::{folder, there},
        args::{
            StoreArgs,
            migrate::{PlanFormat, TellReport},
        },
        files,
        migrate::retire,
        paint, private_file, put,
    },
    error::Error,
    migrate::{
        campaign::Campaign,
        dual::Snapshot,
        import::Inventory,
        plan::Code,
        report::{Ended, KeptGrants, Moved, Progress},
        retire::RetireBook,
        scan::Scan,
    },
    system::{Clock, SystemClock},
};

/// The most bytes of a scan or of a list.
const MAX: u64 = 1 << 30;

pub(super) fn run(options: &TellReport) -> Result<ExitCode, Error> {
    let progress = gathered(options)?.drawn();
    let text = match options.format {
        PlanFormat::Text => progress.to_text(),
        PlanFormat::Markdown => progress.to_markdown(),
        PlanFormat::Html => progress.to_html(),
        PlanFormat::Json => progress.to_json()?,
    };
    match &options.output {
        // Users stand in it by their names.
        Some(path) => private_file::overwrite("output", path, &text)?,
        None => put(text.as_bytes())?,
    }
    Ok(match progress.complete {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn gathered(options: &TellReport) -> Result<Progress, Error> {
    let mut progress = Progress::at(SystemClock.now());
    if let Some(name) = &options.app {
        progress = progress.named(name.as_str());
    }
    if let Some(path) = &options.scan {
        let code = Code::from_json(&files::read_up_to("scan", path, MAX)?)?;
        progress = progress.with_code(&code);
    } else if !options.path.is_empty() {
        let code = Code::of(&Scan::new().run(&options.path, |_, _| {})?);
        progress = progress.with_code(&code);
    }
    if !options.inventory.is_empty() {
        let kept = kept(options)?;
        for path in &options.inventory {
            let inventory = Inventory::from_json(&files::read_up_to("inventory", path, MAX)?)?;
            progress = progress.with_inventory(&inventory, &kept);
        }
    }
    for path in &options.grants {
        let list = Moved::read(&files::read_up_to("grants", path, MAX)?)?;
        progress = progress.with_grants(&list);
    }
    if let Some(path) = &options.campaign {
        progress = progress.with_campaign(&Campaign::look(path)?)?;
    }
    if let Some(path) = &options.counters {
        let counters = Snapshot::from_json(&files::read_text("counters", path)?)?;
        progress = progress.with_calls(&counters);
    }
    for path in &options.revoked {
        let list = Ended::read(&files::read_up_to("revoked", path, MAX)?)?;
        progress = progress.with_ended(&list);
    }
    if let Some(path) = &options.retire {
        let book = RetireBook::look(path)?;
        let now = SystemClock.now();
        for (name, _) in book.iter().filter(|(_, it)| it.is_ahead(now)) {
            retire::ahead(name, now);
        }
        progress = progress.with_retirement(&book);
    }
    Ok(progress)
}

/// The grants of the store; none where there is no store, which is told.
fn kept(options: &TellReport) -> Result<KeptGrants, Error> {
    let store = StoreArgs {
        store: options.store.clone(),
    };
    match there(&store)? {
        Some(store) => KeptGrants::of(&store, SystemClock.now()),
        None => {
            paint::talk(format_args!(
                "{} there is no store of grants at {}: nothing of the inventory counts as kept",
                paint::styled(paint::NOTICE, "notice:"),
                folder(&store)?.display()
            ));
            Ok(KeptGrants::default())
        }
    }
}
