//! `migrate dual compare`: each address asked for with both credentials, several at a time, told in their order.

use std::{io::IsTerminal, pin::pin, process::ExitCode};

use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use indicatif::{ProgressBar, ProgressStyle};

use super::{
    address::{self, Asked},
    there,
    verdict::{Outcome, Verdict},
    write,
};
use crate::{
    cli::{
        accounts::{Picked, source},
        args::migrate::DualCompare,
        files, given, paint, print, put, runtime,
    },
    client::AuthorizedClient,
    error::{Error, Kind},
    gdata::Envelope,
    migrate::dual::{Compare, Counters, Settings, Snapshot},
    transport::{Reqwest, Transport},
};

pub(super) fn run(options: &DualCompare) -> Result<ExitCode, Error> {
    let asked = address::all(options)?;
    let settings = match &options.settings {
        Some(path) => Some(Settings::read(path)?),
        None => None,
    };
    let mut compare = settings
        .as_ref()
        .map_or_else(Compare::new, |settings| settings.compare().clone());
    if options.without_values {
        compare = compare.without_values();
    }
    let counters = Counters::of(settings.iter().flat_map(Settings::feeds));
    let kept = match &options.counters {
        Some(path) => there("counters", path)?,
        None => None,
    };
    if let Some(kept) = &kept {
        counters.add(&Snapshot::from_json(&String::from_utf8_lossy(kept))?);
    }
    let envelope = envelope(options)?;
    let key = given::private_key(&options.key)?;
    let old = given::credential("old", &options.old, key.as_ref())?;
    let old = AuthorizedClient::new(Reqwest::for_feeds()?, old);
    let new = source(&Picked::find(Some(&options.new), &options.narrow)?)?;
    let new = AuthorizedClient::with_source(Reqwest::for_feeds()?, new);

    let ask = async |asked| {
        let (new_request, old_request) = requests(asked, &envelope)?;
        let both = futures_util::future::join(new.send(new_request), old.send(old_request));
        Ok::<_, Error>((asked, both.await))
    };
    let bar = bar(asked.len());
    let mut outcomes = Vec::new();
    runtime()?.block_on(async {
        let answers = stream::iter(&asked).map(ask);
        let mut answers = pin!(answers.buffered(usize::from(options.parallel)));
        while let Some(answer) = answers.next().await {
            let (asked, (new, old)) = answer?;
            let verdict = Verdict::of(asked, &compare, &new, &old);
            bar.suspend(|| match options.json {
                true => put(format!("{}\n", verdict.json()).as_bytes()),
                false => print(&verdict.text()),
            })?;
            // What nobody answered was not compared.
            if matches!(verdict.outcome, Outcome::Same | Outcome::Different) {
                let feed = counters.feed(&asked.old);
                counters.compared(&feed, verdict.outcome == Outcome::Same);
            }
            outcomes.push(verdict.outcome);
            bar.inc(1);
        }
        Ok::<_, Error>(())
    })?;
    bar.finish_and_clear();
    if let Some(path) = &options.counters {
        let text = format!("{}\n", counters.snapshot().to_json());
        write("counters", path, kept.as_deref(), text.as_bytes())?;
    }
    let count = |outcome| outcomes.iter().filter(|it| **it == outcome).count();
    paint::talk(format_args!(
        "same: {}, different: {}, refused: {}, unreachable: {}",
        count(Outcome::Same),
        count(Outcome::Different),
        count(Outcome::Refused),
        count(Outcome::Unreachable)
    ));
    if count(Outcome::Unreachable) > 0 {
        return Err(Error::new(
            Kind::Transport,
            "address: expected an answer from each, got none from those that are unreachable",
        ));
    }
    Ok(match count(Outcome::Same) == outcomes.len() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// How far it is, where a person sees it and there is more than one answer to wait for.
fn bar(addresses: usize) -> ProgressBar {
    if addresses < 2 || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(addresses as u64);
    match ProgressStyle::with_template("{wide_bar} {pos}/{len} compared") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// The headers of gdata, for the old API.
fn envelope(options: &DualCompare) -> Result<Envelope, Error> {
    let mut envelope = Envelope::new();
    if let Some(version) = &options.gdata_version {
        envelope = envelope.with_version(version.as_str())?;
    }
    if let Some(path) = &options.developer_key_file {
        let key = files::secret("developer-key-file", None, Some(path))?;
        envelope = envelope.with_developer_key(key)?;
    }
    Ok(envelope)
}

/// The new side's and the old side's.
fn requests(
    asked: &Asked,
    envelope: &Envelope,
) -> Result<(http::Request<Bytes>, http::Request<Bytes>), Error> {
    let request = |address: &str, gdata: bool| {
        let address = address.split('#').next().unwrap_or_default();
        let (mut parts, ()) = http::Request::get(address)
            .body(())
            .map_err(|cause| {
                Error::input("address", "expected an absolute address").caused_by(cause)
            })?
            .into_parts();
        if gdata {
            envelope.apply(&mut parts);
        }
        Ok::<_, Error>(http::Request::from_parts(parts, Bytes::new()))
    };
    Ok((
        request(&asked.new, !asked.apart)?,
        request(&asked.old, true)?,
    ))
}
