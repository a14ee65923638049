//! OAuth 2.0: a user's consent at Google, or at any server of RFC 6749, and what follows from it.
//!
//! ```text
//! a user, here         Client::authorize ─▶ PendingAuthorization ─▶ CodeExchange ─▶ Authorized
//! a user, elsewhere    Client::device ─▶ DeviceCode ─▶ DevicePoll ─▶ Authorized
//! the tokens, later    Client::refresh, Client::revoke_everywhere, userinfo, tokeninfo
//! no user at all       ServiceAccount, ExternalAccount, Impersonation, Metadata
//! ```
//!
//! All of it is pure: each step is an [`Exchange`](crate::Exchange), and time and randomness are arguments. Keeping
//! tokens, and refreshing them in time, is [`client`](crate::client)'s.
//!
//! # Source
//! RFC 6749, 6750, 7009, 7519, 7523, 7636, 8252, 8414, 8628, 8693, 9207, 9700; oauth2.md 4 and 5.

mod adc;
mod authorization;
mod authorization_query;
mod bearer;
mod client;
mod device;
mod diagnosis;
mod error_code;
mod external_account;
mod file;
mod id_token;
mod identity;
mod impersonation;
mod jwks;
mod jwt;
mod metadata;
mod pending;
mod pkce;
mod provider;
mod redirect;
mod redirect_rules;
mod refusal;
mod reply;
mod revoke;
mod service_account;
mod token_call;
mod token_request;

pub use adc::{AdcEnvironment, AdcPlace};
pub use authorization::{AuthorizationRequest, Entropy, Prompt};
pub use authorization_query::AuthorizationQuery;
pub use bearer::{AccessToken, explain_refusal};
pub use client::{Client, ClientAuthentication, ClientKind, read_basic};
pub use device::{
    DeviceAuthorization, DeviceCode, DevicePoll, GOOGLE_DEVICE_SCOPES, Poll, PollSchedule,
    refused_by_google_device,
};
pub use diagnosis::{DeathCause, Diagnosis, Evidence, Likely};
pub use error_code::ErrorCode;
pub use external_account::{
    ACCESS_TOKEN_TYPE, CLOUD_PLATFORM, ExternalAccount, FetchSubject, SubjectSource,
};
pub use file::{AllowedHosts, AuthorizedUser, ClientFile, CredentialFile};
pub use id_token::{IdToken, IdTokenVerifier};
pub use identity::{TokenInfo, TokenInfoCall, UserInfo, UserInfoCall};
pub use impersonation::{GenerateAccessToken, Impersonated, Impersonation};
pub use jwks::{FetchJwks, FetchedJwks, Jwks};
pub use jwt::{Claims, Jwt, sign_jwt};
pub use metadata::{Metadata, MetadataPing, MetadataToken};
pub use pending::{Authorized, CodeExchange, PendingAuthorization};
pub use pkce::CodeVerifier;
pub use provider::{Discovery, GOOGLE_ISSUER, GOOGLE_ISSUER_BARE, Provider, current_endpoint};
pub use redirect::Redirect;
pub use redirect_rules::{faults as redirect_faults, is_out_of_band};
pub use refusal::Refusal;
pub use reply::{Consent, TESTING_LIFETIME, TokenReply};
pub use revoke::Revocation;
pub use service_account::ServiceAccount;
pub use token_call::TokenCall;
pub use token_request::{Grant, TokenExchange};
