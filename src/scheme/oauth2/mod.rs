//! OAuth 2.0: so far the access token on a request (RFC 6750). The flows that yield one come with their
//! own modules.

mod bearer;

pub use bearer::AccessToken;
