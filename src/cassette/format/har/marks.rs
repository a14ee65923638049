//! `_gdataAuth`: what HAR has no place for, printed and read.
//!
//! An interaction that HAR holds whole has none. Left out means: the target is the url, a body is as it came over
//! the wire, nothing is cut or redacted, it was recorded live.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::{
    super::{
        Format,
        json::{Fields, Lost, base64, to_base64},
    },
    FORMAT, pattern, write,
};
use crate::cassette::{
    Body, BodyForm, Headers, Interaction, Limits, Outcome, Provenance, RecordedRequest,
    RecordedResponse, StandIn, coding,
};

/// The marks of an interaction. `is_plain` tells that the content shows the body without its coding.
pub(super) fn of(interaction: &Interaction, is_plain: bool) -> Map<String, Value> {
    let mut marks = Map::new();
    let mut put = |name: &str, inner: Map<String, Value>| {
        if !inner.is_empty() {
            marks.insert(name.to_owned(), Value::Object(inner));
        }
    };
    put("request", of_request(&interaction.request));
    if let Outcome::Answered(response) = &interaction.outcome {
        put("response", of_response(response, is_plain));
    }
    put("provenance", of_provenance(&interaction.provenance));
    if write::moment(interaction.started_at).is_none() {
        let since = |moment: SystemTime| match moment.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => json!([1, after.as_secs(), after.subsec_nanos()]),
            Err(before) => {
                let before = before.duration();
                json!([-1, before.as_secs(), before.subsec_nanos()])
            }
        };
        marks.insert(
            "started".to_owned(),
            interaction.started_at.map_or(Value::Null, since),
        );
    }
    if interaction.took == Some(Duration::ZERO) {
        marks.insert("took".to_owned(), 0.into());
    }
    if let Some(stub) = &interaction.pattern {
        marks.insert("pattern".to_owned(), pattern::print(stub));
    }
    marks
}

/// Puts what `marks` tell into an interaction that was read from the rest of its entry. Gives what is worth knowing.
pub(super) fn apply(
    marks: &Value,
    interaction: &mut Interaction,
    limits: &Limits,
) -> Result<Option<&'static str>, Lost> {
    let fields = Fields::of(marks, "")?;
    let mut note = None;
    if let Some(inner) = fields.value("request") {
        apply_request(Fields::of(inner, "request")?, &mut interaction.request)?;
    }
    if let (Some(inner), Outcome::Answered(response)) =
        (fields.value("response"), &mut interaction.outcome)
    {
        note = apply_response(Fields::of(inner, "response")?, response, limits)?;
    }
    if let Some(inner) = fields.value("provenance") {
        apply_provenance(
            Fields::of(inner, "provenance")?,
            &mut interaction.provenance,
        )?;
    }
    match fields.iter().find(|(name, _)| *name == "started") {
        None => {}
        Some((_, Value::Null)) => interaction.started_at = None,
        Some((_, value)) => interaction.started_at = Some(started(value)?),
    }
    if fields.natural("took")? == Some(0) {
        interaction.took = Some(Duration::ZERO);
    }
    if let Some(stub) = fields.value("pattern") {
        interaction.pattern = Some(pattern::parse(stub)?);
    }
    Ok(note)
}

/// Whether an entry of status 0 holds an answer nevertheless.
pub(super) fn is_answered(marks: Option<&Value>) -> bool {
    let answered = |marks: &Value| marks.get("response")?.get("answered")?.as_bool();
    marks.and_then(answered) == Some(true)
}

/// The table of stand-ins, of a log or of an entry that was added to one.
pub(super) fn stand_ins(marks: &Value) -> Result<Vec<StandIn>, Lost> {
    let items = Fields::of(marks, "")?.array("standIns")?;
    let stand_in = |item: &Value| {
        let fields = Fields::of(item, "standIns")?;
        let kind = fields.need("kind", fields.value("kind"))?;
        let kind = serde_json::from_value(kind.clone()).map_err(|_| {
            Lost::new(
                fields.at("kind"),
                "expected a kind of secret, got another word",
            )
        })?;
        Ok(StandIn::new(
            fields.need("text", fields.text("text")?)?,
            kind,
            fields.bool("issued")?.unwrap_or_default(),
        ))
    };
    items.iter().map(stand_in).collect()
}

pub(super) fn print_stand_in(stand_in: &StandIn) -> Value {
    json!({"text": stand_in.text, "kind": stand_in.kind, "issued": stand_in.issued})
}

fn of_request(request: &RecordedRequest) -> Map<String, Value> {
    let mut marks = of_body(&request.body);
    let mut put = |name: &str, value: Value| marks.insert(name.to_owned(), value);
    if write::address(request) != request.target {
        put("target", request.target.as_str().into());
    }
    if let Some(base) = &request.base {
        put("base", base.as_str().into());
    }
    if request.version.as_deref() == Some("") {
        put("version", "".into());
    }
    if std::str::from_utf8(&request.body.bytes).is_err() {
        put("base64", to_base64(&request.body.bytes).into());
    }
    of_headers(&request.headers, &request.trailers, &mut marks);
    marks
}

fn apply_request(fields: Fields<'_>, request: &mut RecordedRequest) -> Result<(), Lost> {
    if let Some(target) = fields.text("target")? {
        target.clone_into(&mut request.target);
    }
    request.base = fields.text("base")?.map(str::to_owned);
    if let Some(version) = fields.text("version")? {
        request.version = Some(version.to_owned());
    }
    if let Some(bytes) = bytes(&fields, "base64")? {
        request.body.bytes = bytes;
    }
    apply_headers(&fields, &mut request.headers, &mut request.trailers)?;
    apply_body(&fields, &mut request.body)
}

fn of_response(response: &RecordedResponse, is_plain: bool) -> Map<String, Value> {
    let mut marks = of_body(&response.body);
    let mut put = |name: &str, value: Value| marks.insert(name.to_owned(), value);
    if response.status == 0 {
        put("answered", true.into());
    }
    if response.reason.as_deref() == Some("") {
        put("reason", "".into());
    }
    if response.version.as_deref() == Some("") {
        put("version", "".into());
    }
    if is_plain {
        put("wire", to_base64(&response.body.bytes).into());
    }
    of_headers(&response.headers, &response.trailers, &mut marks);
    marks
}

fn apply_response(
    fields: Fields<'_>,
    response: &mut RecordedResponse,
    limits: &Limits,
) -> Result<Option<&'static str>, Lost> {
    if let Some(reason) = fields.text("reason")? {
        response.reason = Some(reason.to_owned());
    }
    if let Some(version) = fields.text("version")? {
        response.version = Some(version.to_owned());
    }
    apply_headers(&fields, &mut response.headers, &mut response.trailers)?;
    let mut note = None;
    if let Some(wire) = bytes(&fields, "wire")? {
        match coding::undo(&response.headers, &wire, limits) {
            Ok(plain) if *plain != *response.body.bytes => {
                response.body.form = BodyForm::Decoded;
                note = Some(
                    "expected what the bytes of the wire hold, got another text, which is taken",
                );
            }
            _ => response.body.bytes = wire,
        }
    }
    if note.is_none() {
        apply_body(&fields, &mut response.body)?;
    }
    Ok(note)
}

fn of_body(body: &Body) -> Map<String, Value> {
    let mut marks = Map::new();
    let mut put = |name: &str, value: Value| marks.insert(name.to_owned(), value);
    if let Some((name, _)) = FORMS.iter().find(|(_, form)| *form == body.form) {
        put("form", (*name).into());
    }
    if let Some(length) = body.truncated_from {
        put("truncatedFrom", length.into());
    }
    if body.redacted {
        put("redacted", true.into());
    }
    marks
}

fn apply_body(fields: &Fields<'_>, body: &mut Body) -> Result<(), Lost> {
    if let Some(form) = fields.text("form")? {
        let form = FORMS
            .iter()
            .find(|(name, _)| *name == form)
            .map(|(_, form)| *form);
        body.form = form.ok_or_else(|| {
            Lost::new(
                fields.at("form"),
                "expected decoded or unknown, got another word",
            )
        })?;
    }
    body.truncated_from = fields.natural("truncatedFrom")?;
    body.redacted = fields.bool("redacted")?.unwrap_or_default();
    Ok(())
}

/// Headers that no text holds, by their position, and what came after a chunked body.
fn of_headers(headers: &Headers, trailers: &Headers, marks: &mut Map<String, Value>) {
    let is_text = |bytes: &Bytes| std::str::from_utf8(bytes).is_ok();
    let mut other = Vec::new();
    for (at, (name, value)) in headers.iter().enumerate() {
        if !is_text(name) || !is_text(value) {
            other.push(
                json!({"at": at, "nameBase64": to_base64(name), "valueBase64": to_base64(value)}),
            );
        }
    }
    if !other.is_empty() {
        marks.insert("headers".to_owned(), other.into());
    }
    let trailer = |(name, value): (&Bytes, &Bytes)| match (
        std::str::from_utf8(name),
        std::str::from_utf8(value),
    ) {
        (Ok(name), Ok(value)) => json!({"name": name, "value": value}),
        _ => json!({"nameBase64": to_base64(name), "valueBase64": to_base64(value)}),
    };
    if !trailers.is_empty() {
        marks.insert(
            "trailers".to_owned(),
            trailers.iter().map(trailer).collect(),
        );
    }
}

fn apply_headers(
    fields: &Fields<'_>,
    headers: &mut Headers,
    trailers: &mut Headers,
) -> Result<(), Lost> {
    let pair = |item: &Value, place: &str| -> Result<(Bytes, Bytes), Lost> {
        let inner = Fields::of(item, place)?;
        let part = |name: &str, coded: &str| -> Result<Bytes, Lost> {
            match bytes(&inner, coded)? {
                Some(bytes) => Ok(bytes),
                None => Ok(Bytes::copy_from_slice(
                    inner.need(name, inner.text(name)?)?.as_bytes(),
                )),
            }
        };
        Ok((part("name", "nameBase64")?, part("value", "valueBase64")?))
    };
    let other = fields.array("headers")?;
    if !other.is_empty() {
        let place = fields.at("headers");
        let mut pairs: Vec<(Bytes, Bytes)> = headers
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        for item in other {
            let at = Fields::of(item, &place)?
                .natural("at")?
                .and_then(|at| usize::try_from(at).ok());
            let slot = at.and_then(|at| pairs.get_mut(at));
            let slot = slot.ok_or_else(|| {
                Lost::new(&*place, "expected the position of a header, got another")
            })?;
            *slot = pair(item, &place)?;
        }
        *headers = pairs.into_iter().collect();
    }
    let place = fields.at("trailers");
    for item in fields.array("trailers")? {
        let (name, value) = pair(item, &place)?;
        trailers.push(name, value);
    }
    Ok(())
}

fn of_provenance(provenance: &Provenance) -> Map<String, Value> {
    let mut marks = Map::new();
    if let Some(format) = provenance.format {
        marks.insert("format".to_owned(), format.name().into());
    }
    if provenance.index > 0 {
        marks.insert("index".to_owned(), provenance.index.into());
    }
    let extra: Map<String, Value> = provenance
        .extra
        .iter()
        .filter(|(name, _)| !is_in_place(provenance, name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if !extra.is_empty() {
        marks.insert("extra".to_owned(), extra.into());
    }
    marks
}

/// Whether a field of a recorder's own stands in the entry, as that recorder wrote it.
pub(super) fn is_in_place(provenance: &Provenance, name: &str) -> bool {
    provenance.format == Some(FORMAT) && name.starts_with('_') && name != "_gdataAuth"
}

fn apply_provenance(fields: Fields<'_>, provenance: &mut Provenance) -> Result<(), Lost> {
    provenance.format = fields.text("format")?.and_then(Format::named);
    provenance.index = fields
        .natural("index")?
        .and_then(|index| usize::try_from(index).ok())
        .unwrap_or_default();
    for (name, value) in fields.object("extra")?.into_iter().flatten() {
        provenance.extra.insert(name.clone(), value.clone());
    }
    Ok(())
}

fn started(value: &Value) -> Result<SystemTime, Lost> {
    let wrong = || {
        Lost::new(
            "started",
            "expected a sign, seconds and nanoseconds, got something else",
        )
    };
    let (sign, seconds, nanos) =
        serde_json::from_value::<(i8, u64, u32)>(value.clone()).map_err(|_| wrong())?;
    let span = Duration::from_secs(seconds)
        .checked_add(Duration::from_nanos(nanos.into()))
        .ok_or_else(wrong)?;
    let epoch = SystemTime::UNIX_EPOCH;
    if sign < 0 {
        epoch.checked_sub(span)
    } else {
        epoch.checked_add(span)
    }
    .ok_or_else(wrong)
}

fn bytes(fields: &Fields<'_>, name: &str) -> Result<Option<Bytes>, Lost> {
    let Some(text) = fields.text(name)? else {
        return Ok(None);
    };
    let bytes = base64(text.as_bytes());
    let bytes =
        bytes.ok_or_else(|| Lost::new(fields.at(name), "expected base64, got other text"))?;
    Ok(Some(bytes.into()))
}

const FORMS: &[(&str, BodyForm)] = &[
    ("decoded", BodyForm::Decoded),
    ("unknown", BodyForm::Unknown),
];
