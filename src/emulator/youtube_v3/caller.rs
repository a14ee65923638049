//! Who calls: a project by its API key, or a user's token by which client it was issued to.
//!
//! ```text
//! key   x-goog-api-key, key=                            opens what is public
//! token Authorization: Bearer, access_token=            opens what its scopes cover
//! both  the key is checked, and the token is what counts
//! ```

use http::header;

use super::{
    method::{Access, Method},
    params::Params,
    problem,
};
use crate::{
    emulator::{
        answer::Answer,
        bearer::{self, Fault},
        seen::Seen,
        state::State,
    },
    scheme::api_key::ApiKey,
    time::Timestamp,
};

/// A caller that may make the call.
pub(super) struct Caller {
    /// What quota is counted for.
    project: String,
    user: Option<String>,
}

impl Caller {
    /// Reads and checks the credential of a request.
    pub(super) fn identify(
        state: &State,
        seen: &Seen<'_>,
        params: &Params,
        now: Timestamp,
        method: &Method,
    ) -> Result<Self, Answer> {
        let key = key(state, seen, params)?;
        let token = bearer::token(seen).or_else(|| params.text("access_token"));
        if token.is_none() && seen.request.headers().contains_key(header::AUTHORIZATION) {
            return Err(problem::invalid_credentials(
                "Authorization: expected a bearer token; the old schemes open gdata feeds only",
            ));
        }
        let Some(token) = token else {
            return match (method.access, key) {
                (Access::Address, _) => Ok(Self::by_address()),
                (Access::Project, Some(project)) => Ok(Self {
                    project,
                    user: None,
                }),
                (Access::User, Some(_)) => Err(problem::login_required()),
                (_, None) => Err(problem::unregistered()),
            };
        };
        match bearer::check(state, token, now, method.scopes) {
            Ok(holder) => Ok(Self {
                project: project_of(&holder.client_id).to_owned(),
                user: Some(holder.user),
            }),
            Err(Fault::Scope) => Err(problem::insufficient_scope(method)),
            Err(fault) => Err(problem::invalid_credentials(fault.reason())),
        }
    }

    fn by_address() -> Self {
        Self {
            project: String::new(),
            user: None,
        }
    }

    pub(super) fn project(&self) -> &str {
        &self.project
    }

    pub(super) fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }
}

/// The API key as the name of its project, since a key belongs to one; checked where there is one.
fn key(state: &State, seen: &Seen<'_>, params: &Params) -> Result<Option<String>, Answer> {
    let header = seen.request.headers().get("x-goog-api-key");
    let header = header.map(|value| value.to_str().unwrap_or_default());
    let Some(text) = header.or_else(|| params.text("key")) else {
        return Ok(None);
    };
    let key = ApiKey::new(text)
        .map_err(|_| problem::invalid_key("the API key is not letters, digits, - and _"))?;
    let known = &state.config.api_keys;
    if !known.is_empty() && !known.contains(key.secret()) {
        return Err(problem::invalid_key(
            "this API key is not among the configured ones",
        ));
    }
    // Another name than a client's project can have, and never told as a number.
    Ok(Some(format!("key {text}")))
}

/// The number of a client's project: what stands before the first hyphen of its id.
fn project_of(client_id: &str) -> &str {
    let (number, _) = client_id.split_once(['-', '.']).unwrap_or((client_id, ""));
    match number.bytes().all(|byte| byte.is_ascii_digit()) {
        true if !number.is_empty() => number,
        _ => client_id,
    }
}
