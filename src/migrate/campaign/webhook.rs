//! A call to a program of the operator's, which tells users in a way of its own.
//!
//! ```json
//! {"event":"reminder","app":"Tide Videos","origin":"https://upgrade.example.com",
//!  "users":[{"email":"ann@example.com","state":"opened","mails":1,"ends":"2026-12-24T00:00:00Z"}]}
//! ```
//!
//! `mails` is how often the user was told before: with 0 it is the invitation.
//!
//! No link stands in it, and so no secret: who may have links takes them from the list.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use serde_json::json;

use super::{book::Member, settings::Settings};
use crate::{
    error::{Error, Kind},
    exchange::Exchange,
    time::Timestamp,
    wire::origin::Origin,
};

/// One call of the hook.
#[derive(Clone, Debug)]
pub struct ReminderHook {
    address: String,
    body: Bytes,
}

impl ReminderHook {
    /// The most users of one call.
    pub const MAX_USERS: usize = 500;

    /// A call that names these users.
    ///
    /// # Errors
    /// [`Kind::Input`] naming `webhook`, when it is neither `https` nor loopback, or has a user name in it, and `users`
    /// for more than [`MAX_USERS`](Self::MAX_USERS).
    pub fn new(
        address: &str,
        settings: &Settings,
        members: &[Member],
        now: Timestamp,
    ) -> Result<Self, Error> {
        let safe =
            Origin::of(address).is_ok_and(|origin| origin.is_secure() || origin.is_loopback());
        if !safe || address.contains('#') {
            return Err(Error::input(
                "webhook",
                "expected an https address, or http on loopback",
            ));
        }
        if members.len() > Self::MAX_USERS {
            return Err(Error::input(
                "users",
                format_args!("expected at most {} a call", Self::MAX_USERS),
            ));
        }
        let users: Vec<_> = members
            .iter()
            .map(|member| {
                json!({
                    "email": member.invitee.email(),
                    "account": member.invitee.account(),
                    "state": member.standing.at(now).word(),
                    "mails": member.standing.mails,
                    "ends": member.standing.expires_at.to_string(),
                })
            })
            .collect();
        let body = json!({
            "event": "reminder",
            "app": settings.app(),
            "origin": settings.origin(),
            "users": users,
        });
        Ok(Self {
            address: address.to_owned(),
            body: Bytes::from(body.to_string()),
        })
    }
}

impl Exchange for ReminderHook {
    type Output = ();

    fn request(&self) -> http::Request<Bytes> {
        let mut request = http::Request::new(self.body.clone());
        *request.method_mut() = http::Method::POST;
        // It was read as an address before.
        *request.uri_mut() = self.address.parse().unwrap_or_default();
        let json = http::HeaderValue::from_static("application/json");
        request.headers_mut().insert(CONTENT_TYPE, json);
        request
    }

    /// # Errors
    /// [`Kind::Refused`] for any answer but a 2xx, transient for 429 and 5xx.
    fn parse(&self, answer: &http::Response<Bytes>) -> Result<(), Error> {
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        let passing = status.as_u16() == 429 || status.is_server_error();
        Err(Error::new(
            Kind::Refused,
            format!("webhook: expected 2xx, got {}", status.as_u16()),
        )
        .transient(passing))
    }
}
