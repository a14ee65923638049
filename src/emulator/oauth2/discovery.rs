//! `/.well-known/openid-configuration`: what is where (OpenID Connect Discovery, 4; oauth2.md 5.1).

use http::{StatusCode, header};
use serde_json::json;

use crate::{
    emulator::{answer::Answer, seen::Seen, state::State},
    scheme::oauth2::GOOGLE_ISSUER,
};

/// Who issues ID tokens: Google on its own hosts; on a loopback address that address, so that clients which compare the
/// two are content.
pub(super) fn issuer(seen: &Seen<'_>) -> String {
    match seen.is_loopback() {
        true => seen.base(),
        false => GOOGLE_ISSUER.to_owned(),
    }
}

pub(super) fn answer(state: &State, seen: &Seen<'_>) -> Answer {
    let at = |host: &str, path: &str| match seen.is_loopback() {
        true => format!("{}{path}", seen.base()),
        false => format!("https://{host}{path}"),
    };
    let api = "oauth2.googleapis.com";
    let mut grants = vec![
        "authorization_code",
        "refresh_token",
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
    ];
    if state.config.client_credentials {
        grants.push("client_credentials");
    }
    let mut document = json!({
        "issuer": issuer(seen),
        "authorization_endpoint": at("accounts.google.com", "/o/oauth2/v2/auth"),
        "device_authorization_endpoint": at(api, "/device/code"),
        "token_endpoint": at(api, "/token"),
        "userinfo_endpoint": at("openidconnect.googleapis.com", "/v1/userinfo"),
        "revocation_endpoint": at(api, "/revoke"),
        "jwks_uri": at("www.googleapis.com", "/oauth2/v3/certs"),
        // Google lists the implicit forms too, which are not played here.
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "claims_supported": [
            "aud", "email", "email_verified", "exp", "family_name", "given_name", "iat", "iss", "name", "picture",
            "sub",
        ],
        "code_challenge_methods_supported": ["plain", "S256"],
        "grant_types_supported": grants,
    });
    if state.config.send_iss
        && let Some(fields) = document.as_object_mut()
    {
        let name = "authorization_response_iss_parameter_supported".to_owned();
        fields.insert(name, true.into());
    }
    Answer::json(StatusCode::OK, &document).with(header::CACHE_CONTROL, "public, max-age=3600")
}
