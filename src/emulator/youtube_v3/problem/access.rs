//! Refusals for who calls: credentials, scopes, channels, quota.

use http::{StatusCode, header};
use serde_json::json;

use super::Problem;
use crate::emulator::{answer::Answer, youtube_v3::method::Method};

pub(in crate::emulator::youtube_v3) fn unregistered() -> Answer {
    Problem::new(
        StatusCode::FORBIDDEN,
        "global",
        "forbidden",
        "Method doesn't allow unregistered callers (callers without established identity). \
         Please use API Key or other form of API consumer identity to call this API.",
    )
    .canonical("PERMISSION_DENIED")
    .because("the request has neither an API key nor a bearer token")
}

pub(in crate::emulator::youtube_v3) fn login_required() -> Answer {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "global",
        "required",
        "Login Required.",
    )
    .at("header", "Authorization")
    .saying(
        "Request is missing required authentication credential. Expected OAuth 2 access token, \
         login cookie or other valid authentication credential. See \
         https://developers.google.com/identity/sign-in/web/devconsole-project.",
    )
    .canonical("UNAUTHENTICATED")
    .because("an API key names no user, and this call needs one")
    .with(header::WWW_AUTHENTICATE, REALM)
}

/// The first message is of popyt 475; UNVERIFIED that `authError` stands beside it, as in answers before.
pub(in crate::emulator::youtube_v3) fn invalid_credentials(reason: &str) -> Answer {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "global",
        "authError",
        "Invalid Credentials",
    )
    .at("header", "Authorization")
    .saying(
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login \
         cookie or other valid authentication credential. See \
         https://developers.google.com/identity/sign-in/web/devconsole-project.",
    )
    .canonical("UNAUTHENTICATED")
    .because(reason)
    .with(
        header::WWW_AUTHENTICATE,
        &format!("{REALM}, error=\"invalid_token\""),
    )
}

pub(in crate::emulator::youtube_v3) fn insufficient_scope(method: &Method) -> Answer {
    let scopes = method.scopes.join(" ");
    Problem::new(
        StatusCode::FORBIDDEN,
        "global",
        "insufficientPermissions",
        "Insufficient Permission",
    )
    .saying("Request had insufficient authentication scopes.")
    .canonical("PERMISSION_DENIED")
    .detailed(
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        &json!({ "service": SERVICE, "method": method.rpc }),
    )
    .because(format!("the access token has none of the scopes {scopes}"))
    .with(
        header::WWW_AUTHENTICATE,
        &format!("{REALM}, error=\"insufficient_scope\", scope=\"{scopes}\""),
    )
}

/// UNVERIFIED: the details.
pub(in crate::emulator::youtube_v3) fn invalid_key(reason: &str) -> Answer {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "global",
        "badRequest",
        "API key not valid. Please pass a valid API key.",
    )
    .canonical("INVALID_ARGUMENT")
    .detailed("API_KEY_INVALID", &json!({ "service": SERVICE }))
    .because(reason)
}

pub(in crate::emulator::youtube_v3) fn authorization_required(param: &str) -> Answer {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "youtube.parameter",
        "authorizationRequired",
        format!(
            "The request uses the <code>{param}</code> parameter but is not properly authorized."
        ),
    )
    .at("parameter", param)
    .because(format!("{param}: needs a user, and an API key names none"))
}

pub(in crate::emulator::youtube_v3) fn signup_required(reason: &str) -> Answer {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "youtube.header",
        "youtubeSignupRequired",
        "Unauthorized",
    )
    .at("header", "Authorization")
    .because(reason)
}

pub(in crate::emulator::youtube_v3) fn quota_exceeded(cost: u32) -> Answer {
    Problem::new(
        StatusCode::FORBIDDEN,
        "youtube.quota",
        "quotaExceeded",
        "The request cannot be completed because you have exceeded your \
         <a href=\"/youtube/v3/getting-started#quota\">quota</a>.",
    )
    .because(format!(
        "the project has fewer than {cost} units left until midnight UTC"
    ))
}

/// A key's project has no number here, and the key is not told: 0 stands for it.
pub(in crate::emulator::youtube_v3) fn not_enabled(project: &str) -> Answer {
    let digits = project.bytes().all(|byte| byte.is_ascii_digit());
    let number = if digits && !project.is_empty() {
        project
    } else {
        "0"
    };
    let page = format!(
        "https://console.developers.google.com/apis/api/{SERVICE}/overview?project={number}"
    );
    let mut problem = Problem::new(
        StatusCode::FORBIDDEN,
        "usageLimits",
        "accessNotConfigured",
        format!(
            "Access Not Configured. YouTube Data API has not been used in project {number} before \
             or it is disabled. Enable it by visiting {page} then retry. If you enabled this API \
             recently, wait a few minutes for the action to propagate to our systems and retry."
        ),
    );
    problem.error["extendedHelp"] = page.into();
    problem.because("youtube_enabled is off")
}

const REALM: &str = "Bearer realm=\"https://accounts.google.com/\"";
const SERVICE: &str = "youtube.googleapis.com";
