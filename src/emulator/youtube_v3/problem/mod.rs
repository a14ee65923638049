//! Refusals in Google's JSON: `{"error": {"code", "message", "errors": […], "status", "details"}}`.
//!
//! Every refusal has its reason for the journal, which may be plainer than what the client is told.
//!
//! # Source
//! Reports that quote whole answers, by project and number: Benjamin-Loison/YouTube-operational-API 229
//! (neither key nor token), 1v/dislike-truck 32 (a key where a user is needed), trizen/youtube-viewer 308 (a
//! wrong key), googleapis/google-api-dotnet-client 1264 (`mine` without a user), google-api-php-client 1346 and
//! kwent/react-google-contacts 6 (scopes), tokland/youtube-upload 333 (no channel), google-api-php-client 2055
//! (quota), rasguanabana/ytfs 31 (not enabled), youtube/api-samples 262 (a required parameter),
//! joedawson/youtube 130 (no filter). Marked UNVERIFIED: what no such report is at hand for.

mod access;
mod request;

use http::StatusCode;
use serde_json::{Value, json};

use crate::emulator::answer::Answer;

pub(super) use self::{
    access::{
        authorization_required, insufficient_scope, invalid_credentials, invalid_key,
        login_required, not_enabled, quota_exceeded, signup_required, unregistered,
    },
    request::{
        backend_error, bad_request, forbidden, invalid_draft, invalid_page_token, invalid_privacy,
        invalid_rating, media_required, no_filter, no_method, out_of_range, parse_error,
        playlist_title_required, required, session_gone, upload_limit, video_not_found,
    },
};

/// One refusal, as it is put together.
struct Problem {
    status: StatusCode,
    message: String,
    /// The first and only of `errors`.
    error: Value,
    /// Google's canonical code, which newer answers carry.
    canonical: Option<&'static str>,
    details: Option<Value>,
}

impl Problem {
    fn new(status: StatusCode, domain: &str, reason: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            status,
            error: json!({ "message": message, "domain": domain, "reason": reason }),
            message,
            canonical: None,
            details: None,
        }
    }

    /// Where in the request the fault is.
    fn at(mut self, kind: &str, location: &str) -> Self {
        self.error["locationType"] = kind.into();
        self.error["location"] = location.into();
        self
    }

    /// What the whole says, where it differs from its first error.
    fn saying(mut self, message: &str) -> Self {
        self.message = message.to_owned();
        self
    }

    fn canonical(mut self, code: &'static str) -> Self {
        self.canonical = Some(code);
        self
    }

    /// An `ErrorInfo` of Google's newer form.
    fn detailed(mut self, reason: &str, metadata: &Value) -> Self {
        self.details = Some(json!([{
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": reason,
            "domain": "googleapis.com",
            "metadata": metadata,
        }]));
        self
    }

    fn because(self, reason: impl Into<String>) -> Answer {
        let mut error = json!({
            "code": self.status.as_u16(),
            "message": self.message,
            "errors": [self.error],
        });
        if let Some(canonical) = self.canonical {
            error["status"] = canonical.into();
        }
        if let Some(details) = self.details {
            error["details"] = details;
        }
        Answer::json(self.status, &json!({ "error": error })).because(reason)
    }
}
