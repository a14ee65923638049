//! Answers as they go out, cookies as they come in, and what browsers say of a request.

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};

use super::{
    Desk,
    html::{self, Dead},
    session::Sessions,
};
use crate::{migrate::campaign::consent::Outcome, wire::origin::Origin};

/// What a request may come to.
pub(super) enum Answered {
    Page(StatusCode, String),
    /// With a cookie for the browser.
    Known(String, String),
    Go(String),
    Dead(Dead),
}

impl Desk {
    /// `__Host-` keeps a neighbour's page from setting it, and needs TLS.
    pub(super) fn cookie_name(&self) -> &'static str {
        match self.origin.is_secure() {
            true => "__Host-invitation",
            false => "invitation",
        }
    }

    pub(super) fn cookie(&self, request: &Request<Bytes>) -> Option<String> {
        let name = self.cookie_name();
        let all = request.headers().get_all(header::COOKIE);
        all.iter()
            .filter_map(|header| header.to_str().ok())
            .flat_map(|header| header.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(own, value)| *own == name && value.len() <= 64)
            .map(|(_, value)| value.to_owned())
    }

    pub(super) fn print(&self, answered: Answered) -> Response<Bytes> {
        let (status, body, cookie) = match answered {
            Answered::Page(status, body) => (status, body, None),
            Answered::Known(cookie, body) => (StatusCode::OK, body, Some(cookie)),
            Answered::Dead(dead) => (
                dead_status(dead),
                html::dead_page(&self.settings, dead),
                None,
            ),
            Answered::Go(to) => {
                return self.headed(StatusCode::SEE_OTHER, String::new(), Some(&to));
            }
        };
        let mut answer = self.headed(status, body, None);
        if let Some(cookie) = cookie {
            let secure = if self.origin.is_secure() {
                "; Secure"
            } else {
                ""
            };
            let text = format!(
                "{}={cookie}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{secure}",
                self.cookie_name(),
                Sessions::SECONDS
            );
            if let Ok(mut value) = HeaderValue::try_from(text) {
                value.set_sensitive(true);
                answer.headers_mut().insert(header::SET_COOKIE, value);
            }
        }
        answer
    }

    pub(super) fn headed(
        &self,
        status: StatusCode,
        body: String,
        to: Option<&str>,
    ) -> Response<Bytes> {
        let mut answer = Response::new(Bytes::from(body));
        *answer.status_mut() = status;
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, self.policy.clone());
        for (name, value) in HEADERS {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if status == StatusCode::TOO_MANY_REQUESTS {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        }
        if let Some(to) = to.and_then(|to| HeaderValue::try_from(to).ok()) {
            headers.insert(header::LOCATION, to);
        }
        answer
    }
}

/// What every answer carries. `same-origin` and not `no-referrer`, under which a form of this page would come without
/// its origin.
const HEADERS: [(header::HeaderName, &str); 5] = [
    (header::CONTENT_TYPE, "text/html; charset=utf-8"),
    (header::CACHE_CONTROL, "no-store"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// Whether a form came from this page: browsers say so, and one that says nothing is held by its cookie, which no
/// other site can send along (`SameSite`).
pub(super) fn is_from_here(request: &Request<Bytes>, own: &Origin) -> bool {
    let text = |name: &str| request.headers().get(name).map(|value| value.to_str());
    let fetched = match text("sec-fetch-site") {
        Some(Ok(site)) => site == "same-origin",
        Some(Err(_)) => false,
        None => true,
    };
    let origin = match text("origin") {
        Some(Ok(origin)) => Origin::of(origin).is_ok_and(|origin| origin == *own),
        Some(Err(_)) => false,
        None => true,
    };
    fetched && origin
}

/// A browser that only gets ready for a click.
pub(super) fn is_prefetch(request: &Request<Bytes>) -> bool {
    ["sec-purpose", "purpose", "x-moz"].iter().any(|name| {
        request
            .headers()
            .get(*name)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.contains("prefetch"))
    })
}

pub(super) fn dead_status(dead: Dead) -> StatusCode {
    match dead {
        Dead::Unknown => StatusCode::NOT_FOUND,
        Dead::Ended | Dead::Replaced => StatusCode::GONE,
        Dead::Closed => StatusCode::BAD_REQUEST,
        Dead::Foreign => StatusCode::FORBIDDEN,
        Dead::Busy => StatusCode::TOO_MANY_REQUESTS,
        Dead::Trouble => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

pub(super) fn dead_words(dead: Dead) -> &'static str {
    match dead {
        Dead::Ended => "somebody opened a link that has ended",
        Dead::Replaced => "somebody opened a link that a newer one has replaced",
        _ => "somebody opened a link that is not known",
    }
}

pub(super) fn outcome_words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Consented => "consented".to_owned(),
        Outcome::Partial { missing } => format!("consented to a part; missing: {missing}"),
        Outcome::Nothing => "signed in and allowed nothing; nothing was kept".to_owned(),
        Outcome::Declined => "declined".to_owned(),
        Outcome::WrongAccount { used } => format!("used another account, {used}; nothing was kept"),
        Outcome::Failed { why } => format!("did not get through: {why}"),
    }
}
