//! The device flow's human side: typing the code in, choosing an account, allowing or not (RFC 8628, 3.3).

use http::StatusCode;

use super::{
    asking::{self, Question, problem},
    device::Decision,
    form, page,
    page::{device_consent_page, device_done_page, device_page},
    scopes,
};
use crate::{
    emulator::{answer::Answer, config::User, seen::Seen, state::State},
    scope::ScopeNames,
    time::Timestamp,
    wire::query::Pairs,
};

/// GET shows where to type the code in; POST with `user_code` asks for consent.
pub(super) fn answer(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    let Some(form) = form(seen) else {
        return problem("the form cannot be read");
    };
    let typed = form.first("user_code").unwrap_or_default();
    if seen.request.method() == http::Method::GET {
        return page(StatusCode::OK, device_page(typed, None));
    }
    let Some(device) = state.oauth2.devices.waiting(typed, now) else {
        let words = "That code did not work. Check it and try again.";
        return page(StatusCode::BAD_REQUEST, device_page("", Some(words)))
            .because("user_code: no device waits with this code");
    };
    let (client_id, names) = (device.client_id.clone(), device.scopes.clone());
    let id = asking::wait(state, Question::Device(typed.to_owned()));
    let users = &state.config.user;
    page(
        StatusCode::OK,
        device_consent_page(&client_id, &names, users, &id),
    )
}

/// What the user chose for the device that shows `user_code`.
pub(super) fn decided(
    state: &mut State,
    user_code: &str,
    form: &Pairs,
    allowed: bool,
    now: Timestamp,
) -> Answer {
    let chosen = form.first("user").unwrap_or_default();
    let user: Option<User> = state
        .config
        .user
        .iter()
        .find(|user| user.email == chosen)
        .cloned();
    let Some(device) = state.oauth2.devices.waiting(user_code, now) else {
        return problem("user_code: the device's code has ended");
    };
    if !allowed {
        device.decision = Decision::Denied;
        return page(StatusCode::OK, device_done_page(false)).because("the user declined");
    }
    let Some(user) = user else {
        return problem("user: expected one of the accounts on the page");
    };
    if user.admin_policy {
        // UNVERIFIED: what the device is told then.
        device.decision = Decision::Denied;
        return problem("admin_policy: the user's organisation forbids it");
    }
    let boxes: Vec<&str> = form.all("scope").collect();
    let granted: ScopeNames = match asking::is_granular(&device.scopes) {
        false => device.scopes.clone(),
        true => device
            .scopes
            .iter()
            .filter(|name| scopes::is_for_sign_in(name) || boxes.contains(name))
            .collect(),
    };
    if granted.is_empty() {
        device.decision = Decision::Denied;
        return page(StatusCode::OK, device_done_page(false))
            .because("scope: the user ticked none of them");
    }
    device.decision = Decision::Granted(user.email, granted);
    page(StatusCode::OK, device_done_page(true))
}
