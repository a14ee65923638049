//! Calls as a log tells them, and whether each was made with a legacy credential.
//!
//! | a line | tells |
//! |---|---|
//! | a JSON object with `scheme`, or with the `Authorization` header or its first word | the credential |
//! | any form of access log, at an old login (`/accounts/ClientLogin`) or with OAuth 1.0 in its query | a legacy call |
//! | the same, with `access_token` in its query | a call of OAuth 2.0 |
//! | any other call | nothing: it is counted, and guessed at is nothing |
//!
//! ```json
//! {"at":"2026-11-22T05:00:00Z","scheme":"AuthSub","address":"http://gdata.youtube.com/feeds/api/…"}
//! ```
//!
//! `at` is RFC 3339 or seconds since 1970; `scheme` is the word of the `Authorization` header, and nothing else of it
//! is wanted in a log. The forms of logs are those of `migrate plan`, and read by its reader.

use std::{io::BufRead, time::Duration};

use crate::{
    error::Error,
    migrate::plan::{Call, Credential, each_call},
    time::Timestamp,
};

/// One call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Observed {
    /// When.
    pub at: Timestamp,
    /// Whether the credential was a legacy one.
    pub legacy: bool,
}

/// The calls of a log, and the lines that tell none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ObservedLog {
    /// In order.
    pub calls: Vec<Observed>,
    /// Lines that are no calls.
    pub faults: Lines,
    /// Calls that do not tell their credential.
    pub untold: Lines,
    /// Calls that tell their credential and no moment.
    pub undated: Lines,
}

/// So many lines, and which was the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lines {
    /// How many.
    pub count: u64,
    /// The number of the first, from 1; 0 where there is none.
    pub first: u64,
}

/// First words of `Authorization`, and the words of the log of our own, without regard to capitals.
const WORDS: &[(&str, Era)] = &[
    ("authsub", Era::Legacy),
    ("googlelogin", Era::Legacy),
    ("clientlogin", Era::Legacy),
    ("oauth1", Era::Legacy),
    ("bearer", Era::Today),
    ("oauth2", Era::Today),
];
/// The last step of a path at which a legacy token is got, told or ended.
const ENDPOINTS: &[&str] = &[
    "ClientLogin",
    "AuthSubRequest",
    "AuthSubSessionToken",
    "AuthSubTokenInfo",
    "AuthSubRevokeToken",
    "OAuthGetRequestToken",
    "OAuthAuthorizeToken",
    "OAuthGetAccessToken",
];
/// Names of parameters of a query.
const PARAMETERS: &[(&str, Era)] = &[
    ("oauth_signature", Era::Legacy),
    ("oauth_signature_method", Era::Legacy),
    ("oauth_consumer_key", Era::Legacy),
    ("xoauth_requestor_id", Era::Legacy),
    ("access_token", Era::Today),
];
/// What every access token of Google's begins with.
const TOKEN: &str = "ya29.";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Era {
    Legacy,
    Today,
}

impl ObservedLog {
    /// How far the clocks of two machines may be apart.
    pub const SKEW: Duration = Duration::from_secs(300);

    /// Takes out the calls that are dated later than `now` and [`SKEW`](Self::SKEW), and yields how many they were: a
    /// clock that is wrong would make days of silence out of nothing.
    pub fn take_future(&mut self, now: Timestamp) -> usize {
        let before = self.calls.len();
        let latest = now.after(Self::SKEW);
        self.calls.retain(|call| call.at <= latest);
        before - self.calls.len()
    }

    /// Reads a log as a stream. Of addresses and headers nothing is kept.
    ///
    /// # Errors
    /// [`Kind::Transport`](crate::Kind::Transport) when it cannot be read on.
    ///
    /// # Examples
    /// ```
    /// use gdata_auth::migrate::retire::ObservedLog;
    ///
    /// let log = "h - - [20/Nov/2026:05:00:00 +0000] \"POST /accounts/ClientLogin HTTP/1.1\" 404 9\n\
    ///            h - - [20/Nov/2026:05:00:01 +0000] \"GET /feeds/api/videos/x HTTP/1.1\" 410 9\n";
    /// let log = ObservedLog::read(&mut log.as_bytes())?;
    /// assert!(log.calls[0].legacy);
    /// assert_eq!((log.untold.count, log.untold.first), (1, 2));
    /// # Ok::<(), gdata_auth::Error>(())
    /// ```
    pub fn read(log: &mut dyn BufRead) -> Result<Self, Error> {
        let mut read = Self::default();
        each_call(log, "calls", &mut |number, call| {
            let Some(call) = call else {
                return read.faults.add(number);
            };
            match (era(call), call.at) {
                (None, _) => read.untold.add(number),
                (Some(_), None) => read.undated.add(number),
                (Some(era), Some(at)) => read.calls.push(Observed {
                    at,
                    legacy: era == Era::Legacy,
                }),
            }
        })?;
        Ok(read)
    }
}

impl Lines {
    fn add(&mut self, number: u64) {
        if self.count == 0 {
            self.first = number;
        }
        self.count += 1;
    }
}

/// Whose time the credential of a call is of, where the line tells it.
fn era(call: &Call<'_>) -> Option<Era> {
    let step = call.path.rsplit('/').next().unwrap_or_default();
    if ENDPOINTS.contains(&step) {
        return Some(Era::Legacy);
    }
    let names = call.query.split('&');
    let names = names.map(|pair| pair.split('=').next().unwrap_or_default());
    let by_query = |wanted: Era| {
        let told = |name: &str| PARAMETERS.iter().find(|(own, _)| *own == name);
        names
            .clone()
            .any(|name| told(name).is_some_and(|(_, era)| *era == wanted))
    };
    match call.credential {
        // A token beside a signature is a legacy call all the same.
        _ if by_query(Era::Legacy) => Some(Era::Legacy),
        Credential::Header(text) => of_header(text.trim()),
        Credential::None => Some(Era::Today),
        Credential::Untold => by_query(Era::Today).then_some(Era::Today),
    }
}

/// `OAuth` alone is the word of our own log; with parameters it is OAuth 1.0, and with an access token the first drafts
/// of OAuth 2.0. What was blotted out tells neither.
fn of_header(text: &str) -> Option<Era> {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let is = |own: &str| word.eq_ignore_ascii_case(own);
    if let Some((_, era)) = WORDS.iter().find(|(own, _)| is(own)) {
        return Some(*era);
    }
    let rest = rest.trim_start();
    match rest {
        "" | "1.0" if is("oauth") => Some(Era::Legacy),
        "2.0" if is("oauth") => Some(Era::Today),
        _ if is("oauth") && rest.contains("oauth_") => Some(Era::Legacy),
        _ if is("oauth") && rest.starts_with(TOKEN) => Some(Era::Today),
        _ => None,
    }
}
