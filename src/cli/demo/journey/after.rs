//! Both credentials for a while, the switch, the end, and the report.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    super::stage::{Misbehaved, Stage, Wire},
    moving::Upgraded,
    past::{self, ANN, APP, BEN, CLEO, Member},
    survey,
    workshop::Workshop,
};
use crate::{
    client::{AuthorizedClient, Cached, StoredToken, grant_key},
    error::{Error, Kind},
    migrate::{
        campaign::Campaign,
        dual::{DualClient, DualRun, Override, Settings, SettingsFile, ShadowReport, Side},
        plan::Code,
        report::{Ended, Progress, UserOutcome},
        retire::{RetireBook, Revoked, Turn, revoke_legacy},
        rewrite::{Language, Options, rewrite, write},
    },
    system::{Clock, SystemRandomness},
    transport::Transport,
};

/// What the end is watched under.
const NAME: &str = "roster";
/// Days without a legacy call that make an integration done.
const DAYS: u32 = 30;

/// What was compared.
type Reports = Arc<Mutex<Vec<ShadowReport>>>;
type Both = DualClient<AuthorizedClient<Wire>, AuthorizedClient<Wire>>;

pub(super) async fn tell(
    stage: &mut Stage,
    shop: &Workshop,
    members: &[Member],
    upgraded: &Upgraded,
) -> Result<(), Misbehaved> {
    let run = shadow(stage, shop, members, upgraded).await?;
    code(stage, shop)?;
    switch(stage, shop, members, upgraded, &run).await?;
    let ended = end(stage, members).await?;
    still(stage, members, upgraded, &run).await?;
    retire(stage, shop, &run)?;
    report(stage, shop, upgraded, &run, &ended)
}

/// Both sides of a user; who has no new credential asks with the old one alone.
fn both(stage: &Stage, member: &Member, upgraded: &Upgraded, run: &DualRun) -> Result<Both, Error> {
    let clock = Arc::new(stage.clock.clone());
    let key = grant_key(&upgraded.client, member.user)?;
    let stored = StoredToken::new(
        upgraded.client.clone(),
        Arc::clone(&upgraded.store),
        key,
        stage.wire.clone(),
    );
    let source = Cached::pinned(
        stored.with_clock(clock.clone()),
        clock,
        Arc::new(SystemRandomness),
    );
    let new =
        AuthorizedClient::with_source(stage.wire.clone(), source).with_envelope(past::envelope()?);
    let old = past::client(stage, member.credential.clone())?;
    Ok(run.client(member.user, new, old))
}

/// The settings file, with this side for the two who have a new credential; the third goes by the old one.
fn settings(shop: &Workshop, side: Side, shadow: bool) -> Result<PathBuf, Error> {
    let text = format!(
        "override = \"none\"\n\n[[rule]]\nusers = [\"{ANN}\", \"{BEN}\"]\nprefer = \"{}\"\nshadow = {shadow}\n\n\
         [otherwise]\nprefer = \"old\"\n",
        side.word()
    );
    shop.write("dual.toml", &text)
}

/// The program looks at its settings once a second.
fn noticed(stage: &Stage) {
    stage.clock.forward(2);
}

/// Each user's call; the status of each.
async fn calls(
    stage: &Stage,
    members: &[Member],
    upgraded: &Upgraded,
    run: &DualRun,
) -> Result<Vec<(&'static str, u16)>, Error> {
    let mut told = Vec::new();
    for member in members {
        let client = both(stage, member, upgraded, run)?;
        let answer = client.send(past::asked(stage)?).await?;
        told.push((member.user, answer.status().as_u16()));
    }
    Ok(told)
}

fn words(told: &[(&str, u16)]) -> String {
    let told = told
        .iter()
        .map(|(user, status)| format!("{user}: {status}"));
    told.collect::<Vec<_>>().join(", ")
}

async fn shadow(
    stage: &mut Stage,
    shop: &Workshop,
    members: &[Member],
    upgraded: &Upgraded,
) -> Result<DualRun, Misbehaved> {
    let reports: Reports = Arc::default();
    let heard = Arc::clone(&reports);
    let opened = settings(shop, Side::Old, true).and_then(SettingsFile::open);
    let (file, settings) = opened.map_err(|_| Misbehaved)?;
    let run = DualRun::from_settings(&settings)
        .following(file)
        .with_clock(Arc::new(stage.clock.clone()))
        .with_report(move |report| {
            let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
            heard.push(report.clone());
        });
    let asked = calls(stage, members, upgraded, &run).await;
    let total = run.counters().snapshot().total();
    let compared = asked.and_then(|told| match (total.same, total.different) {
        (2, 0) => Ok(told),
        (same, different) => Err(Error::new(
            Kind::Reply,
            format!("expected two same answers, got {same} the same and {different} others"),
        )),
    });
    stage.expect(
        "dual.toml, in shadow: the old credential answers, the new one is asked beside it",
        "the same feed by both, compared field by field; what differs would be told with its path. Cleo has only the \
         old one.",
        compared,
        |told| {
            let reports = reports.lock().unwrap_or_else(PoisonError::into_inner);
            let differences: usize = reports.iter().map(|one| one.differences.len()).sum();
            format!("{}; compared: {}, differences: {differences}", words(told), reports.len())
        },
    )?;
    Ok(run)
}

/// The programs get the new credential; what is left is taken out by hand.
fn code(stage: &mut Stage, shop: &Workshop) -> Result<(), Misbehaved> {
    let rewritten = (|| {
        let mut told = Vec::new();
        for (name, text) in past::PROGRAMS {
            let made = rewrite(Language::Python, text.as_bytes(), &Options::default())?;
            for refusal in &made.refusals {
                told.push(format!("{name}, line {}, is left to us", refusal.line));
            }
            if !made.changes.is_empty() {
                write(&shop.place(&format!("src/{name}")), &made)?;
                told.push(format!("{name}: {} changes", made.changes.len()));
            }
        }
        Ok(told)
    })();
    stage.expect(
        "migrate rewrite: the library stays, the credential changes",
        "a dry run prints the diff; a second run finds nothing. What no credential takes the place of is left, and named.",
        rewritten,
        |told| told.join(", "),
    )?;
    let scanned = std::fs::remove_file(shop.place("src/sign_up.py"))
        .map_err(|cause| {
            Error::new(Kind::Input, format!("cannot remove: {cause}")).caused_by(cause)
        })
        .and_then(|()| survey::scan(shop))
        .and_then(|report| {
            match report
                .findings
                .iter()
                .filter(|one| one.verdict.is_open())
                .count()
            {
                0 => Ok(report),
                open => Err(Error::new(
                    Kind::Reply,
                    format!("expected nothing open, got {open} places"),
                )),
            }
        });
    stage.expect(
        "sign_up.py goes by hand, since the invitations took its place; migrate scan looks again",
        "",
        scanned,
        |_| "nothing left in the code".to_owned(),
    )?;
    Ok(())
}

async fn switch(
    stage: &mut Stage,
    shop: &Workshop,
    members: &[Member],
    upgraded: &Upgraded,
    run: &DualRun,
) -> Result<(), Misbehaved> {
    let path = settings(shop, Side::New, false).map_err(|_| Misbehaved)?;
    noticed(stage);
    let before = run.counters().snapshot().total();
    let switched = calls(stage, members, upgraded, run).await;
    let after = run.counters().snapshot().total();
    let switched = switched.and_then(|told| {
        expect_counts(
            told,
            (after.new - before.new, after.old - before.old),
            (2, 1),
        )
    });
    stage.expect(
        "Switched: prefer = \"new\" for those who have a new credential",
        "the program follows the file; the counters tell which credential answered.",
        switched,
        |told| format!("{}; new: 2, old: 1", words(told)),
    )?;
    Settings::write_override(&path, Override::Old).map_err(|_| Misbehaved)?;
    noticed(stage);
    let back = calls(stage, members, upgraded, run).await;
    Settings::write_override(&path, Override::None).map_err(|_| Misbehaved)?;
    noticed(stage);
    let total = run.counters().snapshot().total();
    let back = back.and_then(|told| {
        expect_counts(told, (total.new - after.new, total.old - after.old), (0, 3))
    });
    stage.expect(
        "Rolled back by one setting, as migrate dual roll-back does, and forward again",
        "override = \"old\" stands above all rules; no rule was touched, nothing was started anew.",
        back,
        |told| format!("{}; new: 0, old: 3", words(told)),
    )?;
    Ok(())
}

fn expect_counts<T>(told: T, got: (u64, u64), wanted: (u64, u64)) -> Result<T, Error> {
    match got == wanted {
        true => Ok(told),
        false => Err(Error::new(
            Kind::Reply,
            format!(
                "expected new: {}, old: {}, got {} and {}",
                wanted.0, wanted.1, got.0, got.1
            ),
        )),
    }
}

async fn end(stage: &mut Stage, members: &[Member]) -> Result<Vec<Ended>, Misbehaved> {
    let accounts = format!("{}/accounts", stage.origin);
    let ended = async {
        let mut ended = Vec::new();
        for member in members {
            let stamp = stage.stamps().next();
            let outcome = revoke_legacy(&member.credential, &accounts, &stamp, &stage.wire).await?;
            let Revoked::Done = outcome else {
                let problem = format!(
                    "{}: expected it to end, got {}",
                    member.user,
                    outcome.word()
                );
                return Err(Error::new(Kind::Reply, problem));
            };
            ended.push(Ended::new(
                member.user,
                member.credential.name(),
                outcome.word(),
            ));
        }
        Ok(ended)
    };
    let ended = ended.await;
    stage.expect(
        "migrate retire revoke: the old credentials end, Cleo's too",
        "AuthSub's endpoint ends tokens of OAuth 1.0 as well. Who declined is not read any more.",
        ended,
        |ended: &Vec<Ended>| {
            let told = ended
                .iter()
                .map(|one| format!("{} ({}): {}", one.account, one.protocol, one.outcome));
            told.collect::<Vec<_>>().join(", ")
        },
    )
}

/// Who moved goes on; who declined is refused.
async fn still(
    stage: &mut Stage,
    members: &[Member],
    upgraded: &Upgraded,
    run: &DualRun,
) -> Result<(), Misbehaved> {
    let last = run.counters().snapshot().total().legacy_at;
    let asked = calls(stage, members, upgraded, run).await;
    let asked = asked.and_then(|told| {
        let wanted = [(ANN, 200), (BEN, 200), (CLEO, 401)];
        let quiet = run.counters().snapshot().total().legacy_at == last;
        match told == wanted && quiet {
            true => Ok(told),
            false => Err(Error::new(
                Kind::Reply,
                format!("expected {}, got {}", words(&wanted), words(&told)),
            )),
        }
    });
    stage.expect(
        "Ann and Ben do not notice; Cleo's token is refused",
        "a refused call is none that the old credential answered.",
        asked,
        |told| words(told),
    )?;
    Ok(())
}

fn retire(stage: &mut Stage, shop: &Workshop, run: &DualRun) -> Result<(), Misbehaved> {
    let watched = (|| {
        let mut book = RetireBook::create(&shop.place("retire.state"))?;
        book.watch(NAME, DAYS, stage.clock.now())?;
        let early = book.observe_counters(NAME, &run.counters().snapshot(), stage.clock.now())?;
        stage.clock.forward(u64::from(DAYS) * 86_400);
        let turn = book.observe_counters(NAME, &run.counters().snapshot(), stage.clock.now())?;
        match (early, turn) {
            (Turn::Stays, Turn::Done) => Ok(()),
            (early, turn) => Err(Error::new(
                Kind::Reply,
                format!(
                    "expected it to stay open, and then to be done, got {early:?} and {turn:?}"
                ),
            )),
        }
    })();
    stage.expect(
        "migrate retire watch, observe: 30 days later no legacy call has come",
        "seen days count, not silence; a legacy call would open it again.",
        watched,
        |()| "the integration is done".to_owned(),
    )
}

fn report(
    stage: &mut Stage,
    shop: &Workshop,
    upgraded: &Upgraded,
    run: &DualRun,
    ended: &[Ended],
) -> Result<(), Misbehaved> {
    let drawn = (|| {
        let progress = Progress::at(stage.clock.now())
            .named(APP)
            .with_code(&Code::of(&survey::scan(shop)?))
            .with_grants(&upgraded.outcomes)
            .with_campaign(&Campaign::look(&shop.place("upgrade.campaign"))?)?
            .with_calls(&run.counters().snapshot())
            .with_ended(ended)
            .with_retirement(&RetireBook::look(&shop.place("retire.state"))?)
            .drawn();
        let rows = ended.iter();
        let rows = rows.map(|one| format!("{},{},{},\r\n", one.account, one.protocol, one.outcome));
        let list = format!(
            "account,protocol,outcome,place\r\n{}",
            rows.collect::<String>()
        );
        shop.write("revoked.csv", &list)?;
        shop.write("counters.json", &run.counters().snapshot().to_json())?;
        shop.write("report.html", &progress.to_html())?;
        shop.write("report.md", &progress.to_markdown())?;
        shop.write("report.json", &progress.to_json()?)?;
        let users: Vec<(&str, UserOutcome)> = progress
            .users
            .iter()
            .map(|one| (one.user.as_str(), one.outcome))
            .collect();
        let wanted = [
            (ANN, UserOutcome::Moved),
            (BEN, UserOutcome::Consented),
            (CLEO, UserOutcome::Declined),
        ];
        match progress.complete && users == wanted {
            true => Ok(progress.to_text()),
            false => Err(Error::new(
                Kind::Reply,
                format!(
                    "expected a complete migration, got:\n{}",
                    progress.to_text()
                ),
            )),
        }
    })();
    stage.expect(
        "migrate report: what came of it",
        "as text, Markdown, one HTML page and JSON.",
        drawn,
        |text| format!("\n{text}"),
    )?;
    Ok(())
}
