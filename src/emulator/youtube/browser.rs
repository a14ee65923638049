//! Browser-based upload: a token for a website, and the form that its visitor's browser sends
//! (legacy-protocol.md 2.4).
//!
//! The token in the form authorises, once, and nothing else does: there is no `Authorization`. It is spent
//! when a video comes of it, so a visitor who forgot the file may try again.
//!
//! # Source
//! UNVERIFIED: the path of the form, the life of a token, the codes of a failure, and all statuses but 200.

use std::{collections::BTreeMap, time::Duration};

use http::{StatusCode, header};

use super::{
    bad_request,
    draft::{Draft, Fault},
    upload::{Media, publish},
    upload_base,
    writes::check_developer_key,
};
use crate::{
    emulator::{answer::Answer, gate::Visitor, seen::Seen, state::State},
    error::Error,
    gdata::{
        Entry,
        upload::{BrowserReply, Form, Multipart, Part, UploadForm, UploadToken},
    },
    secret::Secret,
    time::Timestamp,
    wire::{origin::Origin, query::Pairs},
};

/// Forms that wait for a browser, by the id in their address.
#[derive(Debug, Default)]
pub(in crate::emulator) struct Forms(BTreeMap<String, Waiting>);

#[derive(Clone, Debug)]
struct Waiting {
    token: Secret,
    owner: String,
    draft: Draft,
    ends_at: Timestamp,
    spent: bool,
}

impl Forms {
    /// The most forms; when a further one is asked for, those that are spent or over go.
    const MAX: usize = 1_000;
    /// How long a form may be sent.
    const LIFE: Duration = Duration::from_secs(3_600);

    /// Keeps a form; false when there is no room.
    fn keep(&mut self, id: String, form: Waiting, now: Timestamp) -> bool {
        if self.0.len() >= Self::MAX {
            self.0.retain(|_, form| !form.spent && form.ends_at > now);
        }
        let room = self.0.len() < Self::MAX;
        if room {
            self.0.insert(id, form);
        }
        room
    }
}

/// `GetUploadToken`.
pub(super) fn issue(
    state: &mut State,
    seen: &Seen<'_>,
    now: Timestamp,
    visitor: &Visitor,
) -> Answer {
    let taken = || {
        check_developer_key(state, seen)?;
        let entry = Entry::parse(seen.request.body()).map_err(bad_request)?;
        Draft::of(&entry).map_err(Fault::answer)
    };
    let draft = match taken() {
        Ok(draft) => draft,
        Err(answer) => return answer,
    };
    let (id, token) = (state.random_text(18), state.random_text(24));
    let url = format!("{}/action/FormDataUpload/{id}", upload_base(seen));
    let reply = UploadToken::new(url, token.as_str()).and_then(|token| token.to_xml());
    let form = Waiting {
        token: Secret::new(token),
        owner: visitor.user.clone(),
        draft,
        ends_at: now.after(Forms::LIFE),
        spent: false,
    };
    if !state.forms.keep(id, form, now) {
        return Answer::text(StatusCode::SERVICE_UNAVAILABLE, "Too many open uploads").because(
            format!(
                "this emulator keeps {} forms, and all of them are open",
                Forms::MAX
            ),
        );
    }
    match reply {
        Ok(xml) => Answer::atom(StatusCode::OK, "application/xml; charset=UTF-8", xml)
            .because("gave a form for a browser"),
        Err(cause) => super::broken(&cause),
    }
}

/// What a browser sends. It is led back only where a form of that address waits, or has waited.
pub(super) fn receive(state: &mut State, seen: &Seen<'_>, now: Timestamp, id: &str) -> Answer {
    let Some(form) = state.forms.0.get(id).cloned() else {
        return Answer::refusal(StatusCode::NOT_FOUND, "Not Found")
            .because("no form with this address was given");
    };
    let next = match next_of(seen.query()) {
        Ok(next) => next,
        Err(cause) => return bad_request(cause),
    };
    let (reply, reason) = match take(state, seen, now, form) {
        Ok((id_of_video, reason)) => {
            if let Some(form) = state.forms.0.get_mut(id) {
                form.spent = true;
            }
            (BrowserReply::Uploaded { id: id_of_video }, reason)
        }
        Err(failure) => {
            let code = Some(failure.code.to_owned());
            let status = failure.status.as_u16();
            (BrowserReply::Failed { status, code }, failure.reason)
        }
    };
    Answer::moved(&reply.redirect(&next)).because(reason)
}

/// Why no video came of a form.
struct Failure {
    status: StatusCode,
    code: &'static str,
    reason: String,
}

impl Failure {
    fn new(status: StatusCode, code: &'static str, reason: impl std::fmt::Display) -> Self {
        Self {
            status,
            code,
            reason: reason.to_string(),
        }
    }
}

/// The id of the video, and what the journal says.
fn take(
    state: &mut State,
    seen: &Seen<'_>,
    now: Timestamp,
    form: Waiting,
) -> Result<(String, String), Failure> {
    let bad = |problem: &dyn std::fmt::Display| {
        Failure::new(StatusCode::BAD_REQUEST, "InvalidRequest", problem)
    };
    let content_type = seen.request.headers().get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let body = Multipart::parse(content_type.unwrap_or_default(), seen.request.body())
        .map_err(|cause| bad(&cause))?;
    if body.form() != Form::Data {
        return Err(bad(&"content-type: expected multipart/form-data"));
    }
    let token = body.field(UploadForm::TOKEN).map(Part::body);
    let token = token.and_then(|token| std::str::from_utf8(token).ok());
    let refuse = |reason: &str| Failure::new(StatusCode::FORBIDDEN, "InvalidToken", reason);
    match token {
        None => return Err(refuse("the form has no field token")),
        Some(token) if Secret::new(token.trim()) != form.token => {
            return Err(refuse("the token is not the one of this form"));
        }
        Some(_) if form.spent => return Err(refuse("the token was spent before")),
        Some(_) if form.ends_at <= now => {
            return Err(Failure::new(
                StatusCode::FORBIDDEN,
                "TokenExpired",
                "the token has expired",
            ));
        }
        Some(_) => {}
    }
    let file = body
        .field(UploadForm::FILE)
        .filter(|file| !file.body().is_empty())
        .ok_or_else(|| bad(&"file: expected a field with some bytes, got none"))?;
    let content_type = match file.content_type() {
        kind if kind.contains('/') && kind.len() <= 256 => kind,
        _ => "application/octet-stream",
    };
    let media = Media {
        content_type: content_type.to_owned(),
        size: file.body().len() as u64,
    };
    let name = file
        .file_name()
        .map_or_else(String::new, |name| format!(", {name}"));
    let reason = format!("{}{name} from a browser", media.received(None));
    let video = publish(state, now, form.owner, form.draft, media).map_err(|answer| {
        Failure::new(
            answer.response.status(),
            "too_many_entries",
            answer.reason.unwrap_or_default(),
        )
    })?;
    Ok((video.id, reason))
}

/// Where the browser is led back to: absolute `http` or `https`, and fit for a header.
fn next_of(query: &str) -> Result<String, Error> {
    let pairs = Pairs::parse(query)?;
    let wrong = || Error::reply("nexturl", "expected an absolute http or https address");
    let next = pairs.only("nexturl")?.ok_or_else(wrong)?;
    Origin::of(next).map_err(|cause| wrong().caused_by(cause))?;
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic());
    plain.then(|| next.to_owned()).ok_or_else(wrong)
}
