//! `cassette inspect`: a readable page of what is in a cassette.

use std::{collections::HashSet, path::Path, process::ExitCode, time::SystemTime};

use serde_json::{Value, json};

use super::{secrets, settings};
use crate::{
    cassette::{
        Cassette, Facet, FacetRole, Interaction, Limits, MatchRules, Meaning, Outcome, Reading,
        Settings, load,
        verify::{self, Verdict},
    },
    cli::{
        args::Inspect,
        paint::{HEAD, NOTICE, RECEIVED, SENT, WRONG, styled},
        print,
    },
    error::{Error, Kind},
    time::Timestamp,
};

pub(super) fn run(options: &Inspect) -> Result<ExitCode, Error> {
    let settings = match &options.config {
        None => Settings::default(),
        Some(path) => settings::read(path)?,
    };
    let folder = options.config.as_deref().and_then(Path::parent);
    let keys = settings.keys.load(folder.unwrap_or(Path::new("")))?;
    if options.secrets {
        return secrets::run(options);
    }
    let mut pages = Vec::new();
    let mut wrong = false;
    for path in &options.cassettes {
        let name = path.display().to_string();
        let reading = load(path, &Limits::default())?;
        let interactions = reading.cassette.interactions.iter();
        let looked: Vec<Looked<'_>> = interactions
            .zip(verify::check_all(&reading.cassette, &keys))
            .map(|(interaction, verdicts)| Looked::at(interaction, verdicts))
            .collect::<Result<_, _>>()?;
        wrong |= looked
            .iter()
            .any(|one| one.verdicts.iter().any(Verdict::is_wrong));
        match options.json {
            true => pages.push(document(&name, &reading, &looked)),
            false => print(&page(&name, &reading, &looked, options.verbose))?,
        }
    }
    if options.json {
        let whole = match pages.as_slice() {
            [one] => one.clone(),
            _ => Value::Array(pages),
        };
        let text = serde_json::to_string_pretty(&whole).map_err(|cause| {
            Error::new(Kind::Transport, "cannot print the page").caused_by(cause)
        })?;
        print(&text)?;
    }
    Ok(ExitCode::from(u8::from(wrong)))
}

/// An interaction, and what was made out of it.
struct Looked<'c> {
    interaction: &'c Interaction,
    meaning: Meaning,
    verdicts: Vec<Verdict>,
}

impl<'c> Looked<'c> {
    fn at(interaction: &'c Interaction, verdicts: Vec<Verdict>) -> Result<Self, Error> {
        Ok(Self {
            interaction,
            meaning: Meaning::of(&interaction.request, &MatchRules::default())?,
            verdicts,
        })
    }

    /// Method and address; parameters stand among the facets, where secrets are masked.
    fn address(&self) -> String {
        let request = &self.interaction.request;
        let (path, _) = request.path_and_query();
        let origin = self.meaning.origin.as_deref().unwrap_or_default();
        format!("{} {origin}{path}", request.method)
    }

    fn answer(&self) -> String {
        match &self.interaction.outcome {
            Outcome::Failed(why) => format!("no answer: {why}"),
            Outcome::Answered(response) => {
                let reason = response.reason.as_deref().unwrap_or_default();
                let media = response.headers.media_type();
                let media = media.as_deref().unwrap_or("no media type");
                let state = if response.body.is_decoded(&response.headers) {
                    ", told as compressed"
                } else if response.body.truncated_from.is_some() {
                    ", truncated"
                } else {
                    ""
                };
                format!(
                    "{} {reason}, {media}, {} bytes{state}",
                    response.status,
                    response.body.bytes.len()
                )
            }
        }
    }
}

fn page(name: &str, reading: &Reading, looked: &[Looked<'_>], verbose: bool) -> String {
    let cassette = &reading.cassette;
    let stand_ins = texts(cassette);
    let mut out = format!("{}\n", styled(HEAD, name));
    let with = cassette
        .recorded_with
        .as_deref()
        .map_or_else(String::new, |tool| format!(", by {tool}"));
    let began = cassette
        .began_at()
        .and_then(shown_time)
        .map_or_else(String::new, |at| format!(", recorded {at}"));
    out.push_str(&format!(
        "{}{with}{began}: {} interactions, {} stand-ins\n",
        reading.format,
        looked.len(),
        cassette.stand_ins.len()
    ));
    for problem in &reading.problems {
        out.push_str(&format!("  {} {problem}\n", styled(NOTICE, "note:")));
    }
    for (at, one) in looked.iter().enumerate() {
        out.push_str(&format!(
            "\n{:>4}  {}  {}\n",
            at + 1,
            styled(SENT, one.address()),
            one.meaning.scheme.name(),
        ));
        for facet in &one.meaning.facets {
            let secret = matches!(facet.role, FacetRole::Secret(_));
            let known = matches!(facet.place.as_str(), "method" | "path" | "origin");
            let of_body = matches!(facet.place.as_str(), "json" | "xml" | "body" | "part");
            if secret || verbose || !(known || of_body || facet.role == FacetRole::LeftOut) {
                out.push_str(&format!("      {facet}: {}\n", shown(facet, &stand_ins)));
            }
        }
        for verdict in &one.verdicts {
            let style = match verdict.finding {
                verify::Finding::Verified => RECEIVED,
                verify::Finding::Wrong(_) => WRONG,
                _ => NOTICE,
            };
            out.push_str(&format!("      {}\n", styled(style, verdict)));
        }
        let took = one
            .interaction
            .took
            .map_or_else(String::new, |took| format!(", {} ms", took.as_millis()));
        out.push_str(&format!("    → {}{took}\n", one.answer()));
    }
    out
}

fn texts(cassette: &Cassette) -> HashSet<&str> {
    let stand_ins = cassette.stand_ins.iter();
    stand_ins.map(|stand_in| stand_in.text.as_str()).collect()
}

/// A stand-in is no secret; anything else behind a secret's name may be one.
fn shown(facet: &Facet, stand_ins: &HashSet<&str>) -> String {
    match stand_ins.contains(facet.value.as_str()) {
        true if facet.value.chars().count() > LONG => {
            let head: String = facet.value.chars().take(LONG / 2).collect();
            let length = facet.value.chars().count();
            format!("{head}… (stand-in of {length} characters)")
        }
        true => format!("{} (stand-in)", facet.value),
        false => facet.shown(),
    }
}

fn document(name: &str, reading: &Reading, looked: &[Looked<'_>]) -> Value {
    let cassette = &reading.cassette;
    let stand_ins = texts(cassette);
    let interactions: Vec<Value> = looked
        .iter()
        .enumerate()
        .map(|(at, one)| {
            let facets: Vec<Value> = one
                .meaning
                .facets
                .iter()
                .map(|facet| {
                    json!({
                        "facet": facet.key(),
                        "value": shown(facet, &stand_ins),
                        "compared": facet.role != FacetRole::LeftOut,
                        "secret": matches!(facet.role, FacetRole::Secret(_)),
                    })
                })
                .collect();
            let verdicts: Vec<String> = one.verdicts.iter().map(ToString::to_string).collect();
            let (status, failed) = match &one.interaction.outcome {
                Outcome::Answered(response) => (Some(response.status), None),
                Outcome::Failed(why) => (None, Some(why)),
            };
            json!({
                "interaction": at + 1,
                "request": one.address(),
                "scheme": one.meaning.scheme.name(),
                "facets": facets,
                "verified": verdicts,
                "status": status,
                "failed": failed,
                "answer": one.answer(),
                "started_at": one.interaction.started_at.and_then(shown_time),
                "took_milliseconds": one.interaction.took.map(|took| u64::try_from(took.as_millis()).unwrap_or(u64::MAX)),
            })
        })
        .collect();
    let problems: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
    json!({
        "cassette": name,
        "format": reading.format.name(),
        "recorded_with": cassette.recorded_with,
        "began_at": cassette.began_at().and_then(shown_time),
        "stand_ins": cassette.stand_ins.len(),
        "problems": problems,
        "interactions": interactions,
    })
}

fn shown_time(at: SystemTime) -> Option<String> {
    let seconds = at.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
    Timestamp::from_unix_seconds(i64::try_from(seconds).ok()?).http_date()
}

/// A longer stand-in is not shown in full.
const LONG: usize = 64;
