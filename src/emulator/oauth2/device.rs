//! The device flow's machine side: a code to show, and polls until the user has decided (RFC 8628; oauth2.md 5.3).
//!
//! ```text
//! Waiting ── user allows ─▶ Granted ── poll ─▶ tokens
//!    ├────── user declines ─▶ Denied ── poll ─▶ 403 access_denied
//!    └────── 30 minutes ──▶ gone ────── poll ─▶ 400 expired_token
//! ```

use std::{collections::HashMap, time::Duration};

use http::StatusCode;

use super::{code::Code, dated, form, json, refuse, registration::Registration, token};
use crate::{
    emulator::{answer::Answer, config::Consent, seen::Seen, state::State},
    scheme::oauth2::{ClientKind, DeviceCode, ErrorCode, refused_by_google_device},
    scope::ScopeNames,
    secret::Secret,
    time::Timestamp,
};

/// Where the user types the code in: `https://www.google.com/device`.
pub(super) const PAGE: &str = "/device";

/// What a device waits for.
pub(super) struct Device {
    pub(super) client_id: String,
    pub(super) scopes: ScopeNames,
    user_code: String,
    expires_at: Timestamp,
    interval: Duration,
    polled_at: Option<Timestamp>,
    pub(super) decision: Decision,
}

pub(super) enum Decision {
    Waiting,
    Denied,
    /// By whom, and which scopes.
    Granted(String, ScopeNames),
    Redeemed,
}

/// The devices that wait, by `device_code`.
#[derive(Default)]
pub(super) struct Devices(HashMap<String, Device>);

impl Devices {
    /// Beyond this many, a further one is told to come later.
    const MAX: usize = 10_000;

    fn keep(&mut self, text: String, device: Device, now: Timestamp) -> bool {
        if self.0.len() >= Self::MAX {
            self.0.retain(|_, device| device.expires_at > now);
        }
        let room = self.0.len() < Self::MAX;
        if room {
            self.0.insert(text, device);
        }
        room
    }

    /// The device that shows this code, while it waits. Case and dashes do not matter to a person.
    pub(super) fn waiting(&mut self, user_code: &str, now: Timestamp) -> Option<&mut Device> {
        let plain = |code: &str| -> String {
            let letters = code.chars().filter(char::is_ascii_alphanumeric);
            letters.map(|c| c.to_ascii_uppercase()).collect()
        };
        let wanted = plain(user_code);
        self.0.values_mut().find(|device| {
            matches!(device.decision, Decision::Waiting)
                && device.expires_at > now
                && plain(&device.user_code) == wanted
        })
    }
}

/// `POST /device/code`.
pub(super) fn start(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    let bad = |code, description: &str, reason: &str| {
        refuse(StatusCode::BAD_REQUEST, code, description, reason)
    };
    let Some(form) = form(seen) else {
        return bad(ErrorCode::InvalidRequest, "", "the form cannot be read");
    };
    if state.config.device_rate_limit {
        return too_many("device_rate_limit: the quota is used up");
    }
    let id = form.first("client_id").unwrap_or_default();
    let client = match Registration::find(&state.config, id) {
        Ok(client) => client,
        Err(unknown) => return unknown.told(),
    };
    if !client.may_be(ClientKind::LimitedInput) {
        return wrong_kind();
    }
    let Ok(names) = ScopeNames::parse(form.first("scope").unwrap_or_default()) else {
        return bad(ErrorCode::InvalidScope, "", "scope: a name that is none");
    };
    if names.is_empty() {
        // [MEM] for the words, here and below.
        return bad(
            ErrorCode::InvalidRequest,
            "Missing required parameter: scope",
            "scope: expected the parameter",
        );
    }
    if let Some(name) = refused_by_google_device(&names).iter().next() {
        return bad(
            ErrorCode::InvalidScope,
            &format!("Invalid device flow scope: {name}"),
            "scope: one that no device may ask for",
        );
    }
    let device_code = Secret::new(format!("AH-1Ng{}", state.random_text(48)));
    let user_code = user_code(&state.random_bytes(8));
    let page = match seen.is_loopback() {
        true => format!("{}{PAGE}", seen.base()),
        false => format!("https://www.google.com{PAGE}"),
    };
    let lifetime = DeviceCode::DEFAULT_LIFETIME;
    let decision = match (state.config.consent, state.config.user.first()) {
        (Consent::Allow, Some(user)) => Decision::Granted(user.email.clone(), names.clone()),
        (Consent::Deny, _) => Decision::Denied,
        _ => Decision::Waiting,
    };
    let device = Device {
        client_id: client.id,
        scopes: names,
        user_code: user_code.clone(),
        expires_at: now.after(lifetime),
        interval: DeviceCode::DEFAULT_INTERVAL,
        polled_at: None,
        decision,
    };
    let devices = &mut state.oauth2.devices;
    if !devices.keep(device_code.expose().to_owned(), device, now) {
        return too_many("no room for another device");
    }
    let interval = DeviceCode::DEFAULT_INTERVAL;
    let code = DeviceCode::new(device_code, user_code, page, lifetime, interval);
    dated(json(StatusCode::OK, &code.to_json()), now)
}

/// One poll, at the token endpoint.
pub(super) fn poll(
    state: &mut State,
    seen: &Seen<'_>,
    client: &Registration,
    code: &Secret,
    now: Timestamp,
) -> Answer {
    if !client.may_be(ClientKind::LimitedInput) {
        return wrong_kind();
    }
    let bad = |code, description: &str, reason: &str| {
        refuse(StatusCode::BAD_REQUEST, code, description, reason)
    };
    let Some(device) = state.oauth2.devices.0.get_mut(code.expose()) else {
        return bad(
            ErrorCode::InvalidGrant,
            "Malformed device code.",
            "device_code: never given",
        );
    };
    if device.client_id != client.id {
        return bad(
            ErrorCode::InvalidGrant,
            "Bad Request",
            "device_code: was given to another client",
        );
    }
    if device.expires_at <= now {
        return bad(ErrorCode::ExpiredToken, "", "device_code: has expired");
    }
    let soonest = device.polled_at.map(|last| last.after(device.interval));
    device.polled_at = Some(now);
    // A code that is used up is told so at any pace.
    let waits = !matches!(device.decision, Decision::Redeemed);
    if waits && soonest.is_some_and(|soonest| now < soonest) {
        // RFC 8628, 3.5: five seconds more from here on.
        device.interval += Duration::from_secs(5);
        return refuse(
            StatusCode::FORBIDDEN,
            ErrorCode::SlowDown,
            "Forbidden",
            "polled faster than the interval",
        );
    }
    let (user, scopes) = match std::mem::replace(&mut device.decision, Decision::Redeemed) {
        Decision::Granted(user, scopes) => (user, scopes),
        Decision::Waiting => {
            device.decision = Decision::Waiting;
            return refuse(
                StatusCode::PRECONDITION_REQUIRED,
                ErrorCode::AuthorizationPending,
                "Precondition Required",
                "the user has not decided yet",
            );
        }
        Decision::Denied => {
            device.decision = Decision::Denied;
            return refuse(
                StatusCode::FORBIDDEN,
                ErrorCode::AccessDenied,
                "Forbidden",
                "the user declined",
            );
        }
        Decision::Redeemed => {
            return bad(
                ErrorCode::InvalidGrant,
                "Bad Request",
                "device_code: redeemed before",
            );
        }
    };
    let code = Code {
        client_id: client.id.clone(),
        redirect_uri: String::new(),
        challenge: None,
        user,
        scopes,
        nonce: None,
        refreshable: true,
        family: state.random_text(12),
        expires_at: now,
        spent: false,
    };
    token::redeem(state, seen, code, now)
}

fn wrong_kind() -> Answer {
    refuse(
        StatusCode::UNAUTHORIZED,
        ErrorCode::InvalidClient,
        "Invalid client type.",
        "client_id: not of the type for TVs and devices",
    )
}

/// Google's word for it stands in `error_code` (oauth2.md 5.3).
fn too_many(reason: &str) -> Answer {
    let body = r#"{"error_code":"rate_limit_exceeded"}"#;
    json(StatusCode::FORBIDDEN, body).because(reason)
}

/// Eight letters of which none looks like another, in two halves. The shape is Google's, the alphabet that of
/// RFC 8628, 6.1.
fn user_code(random: &[u8]) -> String {
    const LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ";
    let mut code = String::new();
    for (at, byte) in random.iter().enumerate() {
        if at == 4 {
            code.push('-');
        }
        let letter = LETTERS.get(usize::from(*byte) % LETTERS.len());
        code.push(char::from(*letter.unwrap_or(&b'B')));
    }
    code
}
