//! A log read: entry by entry, as far as it goes.

use std::time::{Duration, SystemTime};

use serde_json::Value;

use super::{
    super::{
        Reading, Source,
        json::{Lost, Report, Scanner, Shape, Text, Torn},
    },
    FORMAT, VERSION, ZIP,
    attached::Attached,
    body,
    draft::{Draft, Ground, Side},
    marks,
};
use crate::{
    cassette::{
        Cassette, Interaction, Outcome, Provenance, RecordedRequest, RecordedResponse, StandIn,
    },
    error::Error,
};

pub(in crate::cassette::format) fn read(source: &Source<'_>) -> Result<Reading, Error> {
    if !source.bytes.starts_with(ZIP) {
        return log(source, Attached::beside(source));
    }
    let (attached, bytes) = Attached::unpack(source)?;
    let inner = Source {
        bytes,
        ..source.clone()
    };
    log(&inner, attached)
}

/// A log on the way to a cassette.
struct Log<'s> {
    source: &'s Source<'s>,
    attached: Attached<'s>,
    report: Report<'s>,
    cassette: Cassette,
    is_own: bool,
    /// Entries seen, also those that could not be read.
    seen: usize,
    /// Whether there was a log.
    begun: bool,
}

fn log<'s>(source: &'s Source<'s>, attached: Attached<'s>) -> Result<Reading, Error> {
    let mut log = Log {
        source,
        attached,
        report: Report::new(source.name),
        cassette: Cassette::default(),
        is_own: false,
        seen: 0,
        begun: false,
    };
    let mut scan = Scanner::new(&source.bytes, source.limits.depth);
    let walked = scan.object(|scan, name| match (name.as_bytes(), scan.shape()?) {
        (b"log", Shape::Object) => log.members(scan),
        _ => scan.skip(),
    });
    let walked = walked.and_then(|()| scan.end());
    if !log.begun {
        let message = match walked {
            Err(torn) => torn.to_string(),
            Ok(()) => "expected an object `log`, got none".to_owned(),
        };
        return Err(Error::reply(source.name, message));
    }
    if let Err(torn) = walked {
        log.report.torn(log.cassette.interactions.len(), &torn);
    }
    for (count, what) in [
        (
            scan.halves,
            "expected whole characters, got half a surrogate pair",
        ),
        (
            scan.twice,
            "expected each member once, got one twice; the last counts",
        ),
    ] {
        if count > 0 {
            log.report
                .note(None, "log", format!("{what} ({count} times)"));
        }
    }
    Ok(log.report.into_reading(FORMAT, log.cassette))
}

impl<'s> Log<'s> {
    fn members<'f>(&mut self, scan: &mut Scanner<'f>) -> Result<(), Torn>
    where
        's: 'f,
    {
        self.begun = true;
        scan.object(|scan, name| match (name.as_bytes(), scan.shape()?) {
            (b"entries", Shape::Array) => scan.array(|scan, _| self.entry(scan)),
            (b"entries", shape) => {
                let got = shape.name();
                self.report.lost(
                    1,
                    Lost::new("log.entries", format!("expected an array, got {got}")),
                );
                scan.skip()
            }
            (b"_gdataAuth", Shape::Object) => {
                let value = scan.value()?;
                self.own(&value);
                if self.is_own {
                    scan.deepen(DEEPER);
                }
                Ok(())
            }
            (b"creator", Shape::Object) if !self.is_own => {
                let value = scan.value()?;
                let part = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
                let tool = format!("{} {}", part("name"), part("version"));
                let tool = tool.trim();
                self.cassette.recorded_with = (!tool.is_empty()).then(|| tool.to_owned());
                Ok(())
            }
            _ => scan.skip(),
        })
    }

    /// The mark of our own form.
    fn own(&mut self, value: &Value) {
        if self.seen > 0 {
            let message = "expected it before the entries, got it after them; they were read as another tool's";
            self.report.note(None, "log._gdataAuth", message);
            return;
        }
        if value
            .get("version")
            .and_then(Value::as_u64)
            .is_none_or(|version| version > VERSION)
        {
            let message = format!("expected version {VERSION} or less, got another");
            self.report.note(None, "log._gdataAuth.version", message);
        }
        self.is_own = true;
        let tool = value.get("recordedWith").and_then(Value::as_str);
        self.cassette.recorded_with = tool.map(str::to_owned);
        match marks::stand_ins(value) {
            Ok(stand_ins) => self.cassette.stand_ins = stand_ins,
            Err(lost) => {
                let field = format!("log._gdataAuth.{}", lost.field);
                self.report.note(None, field, lost.message);
            }
        }
    }

    fn entry<'f>(&mut self, scan: &mut Scanner<'f>) -> Result<(), Torn>
    where
        's: 'f,
    {
        if self.cassette.interactions.len() >= self.source.limits.interactions {
            return Err(scan.torn("no more interactions than the bound on them"));
        }
        let ground = Ground {
            file: &self.source.bytes,
            limits: self.source.limits,
            is_own: self.is_own,
            is_polly: !self.is_own
                && self
                    .cassette
                    .recorded_with
                    .as_deref()
                    .is_some_and(|tool| tool.starts_with("Polly")),
        };
        let mut draft = Draft::scan(scan, ground)?;
        let index = self.seen;
        self.seen += 1;
        for odd in draft.odd.drain(..) {
            self.report.note(Some(index + 1), odd.field, odd.message);
        }
        let lost = draft.lost.take();
        match lost.map_or_else(|| self.interaction(draft, ground, index), Err) {
            Ok((interaction, stand_ins)) => {
                self.cassette.interactions.push(interaction);
                for stand_in in stand_ins {
                    // An append names those that are new to it.
                    if self
                        .cassette
                        .stand_ins
                        .iter()
                        .all(|known| known.text != stand_in.text)
                    {
                        self.cassette.stand_ins.push(stand_in);
                    }
                }
            }
            Err(lost) => self.report.lost(index + 1, lost),
        }
        Ok(())
    }

    fn interaction(
        &mut self,
        draft: Draft<'_>,
        ground: Ground<'_>,
        index: usize,
    ) -> Result<(Interaction, Vec<StandIn>), Lost> {
        let none = |field: &str| Lost::new(field, "expected it, got none");
        let request = draft.request.ok_or_else(|| none("request"))?;
        let response = draft.response.ok_or_else(|| none("response"))?;
        let request = self.request(request, ground, index)?;
        let outcome = self.outcome(response, ground, index, draft.marks.as_ref())?;
        let mut interaction = Interaction::of(request, outcome);
        interaction.started_at = draft
            .started
            .as_ref()
            .and_then(|text| self.moment(text, index));
        interaction.took = draft.time.and_then(took);
        interaction.provenance.extra = draft.extra;
        if !self.is_own {
            interaction.provenance = Provenance {
                format: Some(FORMAT),
                index,
                ..interaction.provenance
            };
        }
        let Some(marks) = &draft.marks else {
            return Ok((interaction, Vec::new()));
        };
        let inside = |lost: Lost| Lost::new(format!("_gdataAuth.{}", lost.field), lost.message);
        if let Some(note) =
            marks::apply(marks, &mut interaction, self.source.limits).map_err(inside)?
        {
            self.report
                .note(Some(index + 1), "response.content.text", note);
        }
        Ok((interaction, marks::stand_ins(marks).map_err(inside)?))
    }

    fn request(
        &mut self,
        side: Side<'_>,
        ground: Ground<'_>,
        index: usize,
    ) -> Result<RecordedRequest, Lost> {
        const BODY: &str = "request.postData.text";
        let none = |field: &str| Lost::new(field, "expected it, got none");
        let method = side.method.ok_or_else(|| none("request.method"))?;
        let url = side.url.ok_or_else(|| none("request.url"))?;
        let found = body::of(
            side.content,
            &side.headers,
            ground,
            &mut self.attached,
            BODY,
        )?;
        self.note(index, BODY, found.note);
        Ok(RecordedRequest {
            version: self.version(side.version),
            headers: side.headers,
            body: found.body,
            ..RecordedRequest::new(method.into_string(), url.into_string())
        })
    }

    fn outcome(
        &mut self,
        side: Side<'_>,
        ground: Ground<'_>,
        index: usize,
        marks: Option<&Value>,
    ) -> Result<Outcome, Lost> {
        const BODY: &str = "response.content.text";
        let status = side
            .status
            .ok_or_else(|| Lost::new("response.status", "expected it, got none"))?;
        // -1 is Playwright's word for no answer.
        if status <= 0 && !(status == 0 && self.is_own && marks::is_answered(marks)) {
            return Ok(Outcome::Failed(
                side.error.map(Text::into_string).unwrap_or_default(),
            ));
        }
        let in_range = u16::try_from(status)
            .ok()
            .filter(|status| self.is_own || (100..=999).contains(status));
        let status = match in_range {
            Some(status) => status,
            // Some clients count conditions of their own there.
            None if status < 100 => return Ok(Outcome::Failed(format!("status {status}"))),
            None => {
                return Err(Lost::new(
                    "response.status",
                    "expected 100 to 999, got more",
                ));
            }
        };
        let found = body::of(
            side.content,
            &side.headers,
            ground,
            &mut self.attached,
            BODY,
        )?;
        self.note(index, BODY, found.note);
        Ok(Outcome::Answered(RecordedResponse {
            reason: side
                .reason
                .map(Text::into_string)
                .filter(|reason| !reason.is_empty()),
            version: self.version(side.version),
            headers: side.headers,
            body: found.body,
            ..RecordedResponse::new(status)
        }))
    }

    fn version(&self, version: Option<Text<'_>>) -> Option<String> {
        let unknown =
            |version: &String| version.is_empty() || (!self.is_own && version == "unknown");
        version
            .map(Text::into_string)
            .filter(|version| !unknown(version))
    }

    fn moment(&mut self, text: &Text<'_>, index: usize) -> Option<SystemTime> {
        match text.to_str().parse::<jiff::Timestamp>() {
            Ok(moment) => Some(moment.into()),
            Err(_) => {
                let message = "expected a moment such as 2012-11-01T19:20:52.000Z, got other text";
                self.report
                    .note(Some(index + 1), "startedDateTime", message);
                None
            }
        }
    }

    fn note(&mut self, index: usize, field: &str, note: Option<&'static str>) {
        if let Some(note) = note {
            self.report.note(Some(index + 1), field, note);
        }
    }
}

/// Milliseconds, to the last nanosecond that is written. HAR wants a number where none is known, and that is 0.
fn took(text: &str) -> Option<Duration> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let exact = || {
        let millis: u128 = whole.parse().ok()?;
        let digits: String = fraction.chars().chain("000000".chars()).take(6).collect();
        let nanos: u128 = digits.parse().ok()?;
        let seconds = u64::try_from(millis / 1_000).ok()?;
        let rest = u32::try_from((millis % 1_000) * 1_000_000 + nanos).ok()?;
        Some(Duration::new(seconds, rest))
    };
    let rough = || Duration::try_from_secs_f64(text.parse::<f64>().ok()? / 1_000.0).ok();
    exact().or_else(rough).filter(|took| !took.is_zero())
}

/// What another format held at any depth stands deeper in ours: under `_gdataAuth` of an entry, and JSON that was a
/// text in a matcher is a value there.
const DEEPER: usize = 96;
