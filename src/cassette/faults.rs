//! What goes wrong on purpose: at a chosen interaction, or at the nth request to a path.
//!
//! In-process, an answer that breaks off is the [`TransportError`] of a medium that did. On a socket it is the
//! [`Fault`] in the extensions of the answer, which whoever writes the bytes carries out.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use serde::{Deserialize, Serialize};

use crate::{
    error::Error,
    transport::{Mishap, TransportError},
};

/// What goes wrong, and where.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct FaultRules {
    /// In this order; the first that fits a request holds.
    pub rules: Vec<FaultRule>,
}

/// One fault, and the requests that meet it: those that fit all that is set.
///
/// # Examples
/// ```
/// use gdata_auth::cassette::FaultRule;
///
/// // The first call of the token endpoint breaks off after ten bytes.
/// let mut rule = FaultRule::default();
/// rule.path = Some("/token".to_owned());
/// rule.occurrence = Some(1);
/// rule.reset_after = Some(10);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct FaultRule {
    /// The interaction, from 1.
    pub interaction: Option<usize>,
    /// The method.
    pub method: Option<String>,
    /// The path; one that ends in `*` stands for all that begin so.
    pub path: Option<String>,
    /// The how manieth request that fits, from 1; every one without.
    pub occurrence: Option<u64>,
    /// The connection is reset after so many bytes of the body.
    pub reset_after: Option<u64>,
    /// The body ends after so many bytes, under the length of the whole.
    pub torn_after: Option<u64>,
    /// Nothing comes for so many seconds; then the answer does.
    pub stall_seconds: Option<f64>,
    /// The `Content-Length` that is told, whatever the body has.
    pub content_length: Option<u64>,
    /// The connection ends without an answer.
    pub empty: bool,
    /// This status instead of the recorded one, with an empty body.
    pub status: Option<u16>,
    /// `Retry-After` in seconds, beside the status.
    pub retry_after: Option<u64>,
    /// The body comes at so many bytes a second.
    pub bytes_per_second: Option<u64>,
}

/// A fault that only a socket can show, in the extensions of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// Reset the connection after so many bytes of the body.
    pub reset_after: Option<u64>,
    /// End the connection in order after so many bytes of the body.
    pub torn_after: Option<u64>,
    /// Wait before the first byte.
    pub stall: Option<Duration>,
    /// Tell this `Content-Length`.
    pub content_length: Option<u64>,
    /// Close the connection instead of answering.
    pub empty: bool,
    /// The pace of the body.
    pub bytes_per_second: Option<u64>,
}

/// The rules, with their counts.
pub(super) struct Faults {
    rules: Vec<(FaultRule, AtomicU64)>,
    socket: bool,
}

impl Faults {
    pub(super) fn read(rules: &FaultRules, socket: bool) -> Result<Self, Error> {
        for rule in &rules.rules {
            if rule
                .status
                .is_some_and(|status| !(200..=999).contains(&status))
            {
                return Err(Error::input("status", "expected 200 to 999, got another"));
            }
            let seconds = rule.stall_seconds.unwrap_or_default();
            if Duration::try_from_secs_f64(seconds).is_err() {
                return Err(Error::input("stall-seconds", "expected a span, got none"));
            }
            if rule.occurrence == Some(0) || rule.interaction == Some(0) {
                return Err(Error::input(
                    "occurrence",
                    "expected a number from 1, got 0",
                ));
            }
        }
        let counted = |rule: &FaultRule| (rule.clone(), AtomicU64::new(0));
        Ok(Self {
            rules: rules.rules.iter().map(counted).collect(),
            socket,
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    pub(super) fn rewind(&self) {
        for (_, met) in &self.rules {
            met.store(0, Ordering::Relaxed);
        }
    }

    /// The answer as the fault leaves it.
    pub(super) fn apply(
        &self,
        interaction: usize,
        method: &str,
        path: &str,
        answer: Response<Bytes>,
    ) -> Result<Response<Bytes>, TransportError> {
        let met = self.rules.iter().find(|(rule, met)| {
            rule.fits(interaction, method, path) && {
                let now = met.fetch_add(1, Ordering::Relaxed) + 1;
                rule.occurrence.is_none_or(|wanted| wanted == now)
            }
        });
        match met {
            None => Ok(answer),
            Some((rule, _)) => rule.spoil(answer, self.socket),
        }
    }
}

impl FaultRule {
    fn fits(&self, interaction: usize, method: &str, path: &str) -> bool {
        let wanted_path = self.path.as_deref();
        self.interaction
            .is_none_or(|wanted| wanted == interaction + 1)
            && self
                .method
                .as_deref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && wanted_path.is_none_or(|wanted| match wanted.strip_suffix('*') {
                Some(begin) => path.starts_with(begin),
                None => path == wanted,
            })
    }

    fn spoil(
        &self,
        mut answer: Response<Bytes>,
        socket: bool,
    ) -> Result<Response<Bytes>, TransportError> {
        if let Some(status) = self.status {
            *answer.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::IM_A_TEAPOT);
            *answer.body_mut() = Bytes::new();
            let headers = answer.headers_mut();
            headers.remove(header::CONTENT_TYPE);
            headers.remove(header::CONTENT_ENCODING);
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(0));
        }
        if let Some(seconds) = self.retry_after {
            let headers = answer.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        let fault = self.on_a_socket();
        if fault == Fault::default() {
            return Ok(answer);
        }
        if socket {
            answer.extensions_mut().insert(fault);
            return Ok(answer);
        }
        self.in_process(answer)
    }

    fn on_a_socket(&self) -> Fault {
        Fault {
            reset_after: self.reset_after,
            torn_after: self.torn_after,
            stall: self
                .stall_seconds
                .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
            content_length: self.content_length,
            empty: self.empty,
            bytes_per_second: self.bytes_per_second,
        }
    }

    /// What a client's transport would say of it.
    fn in_process(&self, mut answer: Response<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let length = answer.body().len() as u64;
        let torn = |message: String| Err(TransportError::new(Mishap::Torn, message));
        if self.empty {
            return torn("expected an answer, got the end of the connection".to_owned());
        }
        if let Some(seconds) = self.stall_seconds {
            return Err(TransportError::new(
                Mishap::Timeout,
                format!("expected an answer in time, got none within {seconds} s"),
            ));
        }
        if let Some(after) = self.reset_after {
            let got = after.min(length);
            return torn(format!(
                "expected {length} bytes, got {got} and a reset of the connection"
            ));
        }
        if let Some(after) = self.torn_after.filter(|after| *after < length) {
            return torn(format!(
                "expected {length} bytes, got {after} and the end of the connection"
            ));
        }
        match self.content_length {
            Some(told) if told > length => torn(format!(
                "expected {told} bytes, got {length} and the end of the connection"
            )),
            // A client stops reading where the length says.
            Some(told) => {
                let kept = usize::try_from(told).unwrap_or(usize::MAX);
                let body = answer.body().slice(..kept.min(answer.body().len()));
                *answer.body_mut() = body;
                let headers = answer.headers_mut();
                headers.insert(header::CONTENT_LENGTH, HeaderValue::from(told));
                Ok(answer)
            }
            None => Ok(answer),
        }
    }
}
