//! What is there: the code, the store, the calls, and the plan that comes of them.

use super::{
    super::stage::{Misbehaved, Stage},
    past::APP,
    workshop::Workshop,
};
use crate::{
    error::{Error, Kind},
    migrate::{
        catalogue::Catalogue,
        import::{Import, Inventory, Source, Use},
        plan::{CallLog, Code, Inputs, Plan, Wishes, report as plan_report},
        scan::{Report, Scan, Verdict, report as scan_report},
    },
};

/// What is gone on with.
pub(super) struct Survey {
    pub(super) inventory: Inventory,
}

pub(super) fn tell(stage: &mut Stage, shop: &Workshop) -> Result<Survey, Misbehaved> {
    let scanned = scan(shop).and_then(|report| {
        let view = scan_report::View::of(&report, None, false);
        shop.write("scan.html", &scan_report::html(&report, &view))?;
        shop.write("findings.json", &scan_report::json(&report, &view)?)?;
        Ok(report)
    });
    let report = stage.expect(
        "migrate scan: what the code still does",
        "each place has a verdict: this API still answers, so that another header is enough.",
        scanned,
        told,
    )?;
    let imported = read(shop);
    let inventory = stage.expect(
        "migrate import: what the old store holds",
        "blobs of gdata-python, one for each user. A token of OAuth 1.0 can be exchanged where a server offers that; \
         nothing ever exchanged a token of AuthSub.",
        imported,
        |inventory| {
            let count = |usable| {
                let all = inventory.credentials.iter();
                all.filter(|one| one.usable == usable).count()
            };
            format!(
                "{} credentials: {} for the migration grant, {} that need a consent",
                inventory.credentials.len(),
                count(Use::MigrationGrant),
                count(Use::ConsentAgain)
            )
        },
    )?;
    let drawn = plan(shop, &report, &inventory);
    stage.expect(
        "migrate plan: code, store and log of calls together",
        "the least scope that the calls can do with, and the order of work. Google's grant is gone; this server offers it.",
        drawn,
        |plan| {
            let scopes: Vec<&str> = plan.scopes.iter().map(|ask| ask.scope.as_str()).collect();
            let steps: Vec<&str> = plan.steps.iter().map(|step| step.id.as_str()).collect();
            format!("scope {}; steps {}", scopes.join(" "), steps.join(", "))
        },
    )?;
    Ok(Survey { inventory })
}

/// The places, by their verdicts.
fn told(report: &Report) -> String {
    let code = Code::of(report);
    let count = |verdict| {
        code.spots
            .iter()
            .filter(|spot| spot.verdict == verdict)
            .count()
    };
    let rows: Vec<String> = [
        Verdict::ReplaceSecret,
        Verdict::HeaderSwap,
        Verdict::Port,
        Verdict::NoSuccessor,
        Verdict::CheckByHand,
        Verdict::AlreadyOauth2,
    ]
    .into_iter()
    .filter(|verdict| count(*verdict) > 0)
    .map(|verdict| format!("{} places: {}", count(verdict), verdict.words()))
    .collect();
    match rows.is_empty() {
        true => format!("{} files, nothing left", code.files),
        false => format!("{} files; {}", code.files, rows.join(", ")),
    }
}

pub(super) fn scan(shop: &Workshop) -> Result<Report, Error> {
    Scan::new().run(&[shop.place("src")], |_, _| {})
}

fn read(shop: &Workshop) -> Result<Inventory, Error> {
    let path = shop.place("old/tokens");
    let bytes = std::fs::read(&path).map_err(|cause| {
        Error::new(Kind::Input, format!("tokens: cannot read: {cause}")).caused_by(cause)
    })?;
    let inventory = Import::inventory(&Source::new(path.display().to_string()), &bytes)?;
    let text = serde_json::to_string_pretty(&inventory)
        .map_err(|cause| Error::new(Kind::Input, "cannot print the inventory").caused_by(cause))?;
    shop.write("inventory.json", &text)?;
    Ok(inventory)
}

fn plan(shop: &Workshop, report: &Report, inventory: &Inventory) -> Result<Plan, Error> {
    let catalogue = Catalogue::built_in()?;
    let code = Code::of(report);
    let mut log = CallLog::default();
    let text = std::fs::read(shop.place("access.log")).map_err(|cause| {
        Error::new(Kind::Input, format!("log: cannot read: {cause}")).caused_by(cause)
    })?;
    log.read(&mut &text[..], None, catalogue)?;
    let mut inputs = Inputs::new(catalogue);
    inputs.code = Some(&code);
    inputs.inventory = Some(inventory);
    inputs.log = Some(&log);
    let wishes = Wishes {
        name: Some(APP.to_owned()),
        grant: true,
        ..Wishes::default()
    };
    let plan = Plan::draw(&inputs, &wishes)?;
    shop.write("plan.html", &plan_report::html(&plan))?;
    shop.write("plan.md", &plan_report::markdown(&plan))?;
    Ok(plan)
}
