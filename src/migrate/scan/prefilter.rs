//! Whether a file can hold anything at all: a few literals, looked for all at once.
//!
//! A file without any of them costs this and nothing else. Every rule needs at least one of them in every hit or, by its
//! [`Needs`](super::rules::Needs), elsewhere in the file; `tests/migrate_scan.rs` holds that on the labelled tree.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, packed};

/// The literals; no more than 64, none shorter than five bytes, which is what vector search can do.
pub const LITERALS: &[&str] = &[
    "AuthSub",
    "authsub",
    "auth_sub",
    "AUTHSUB",
    "AUTH_SUB",
    "authSub",
    "ClientLogin",
    "clientlogin",
    "client_login",
    "CLIENT_LOGIN",
    "GoogleLogin",
    "googlelogin",
    "gdata",
    "GData",
    "Gdata",
    "GDATA",
    "OAuthGet",
    "OAuthAuthorizeToken",
    "/accounts/OAuth",
    "xoauth_requestor",
    "migration:oauth1",
    "Passwd",
    "ProgrammaticLogin",
    "setUserCredentials",
    "HOSTED_OR_GOOGLE",
    "AI39si",
    "accounts/o8",
    "GetUploadToken",
    "google.accounts.user",
    "gsessionid",
    "m8/feeds",
    // Analytics, Webmaster Tools, Books, Maps.
    "s/feeds",
    "calendar/feeds",
    "base/feeds",
    "health/feeds",
    "h9/feeds",
    "finance/feeds",
    "codesearch/feeds",
    "google.com/feeds",
    "blogger.com/feeds",
    "picasaweb",
    "docs.googleusercontent",
    "apps-apis",
    "google.com/reader",
    "google.com/cloudprint",
    "google.com/c2dm",
    "gspread",
    "new gapi",
    "gapiClient",
    "GoogleDrive",
    "GoogleSpreadsheet",
    "YouTubeIt",
    "youtube_it",
    "gcalapi",
    "gcal4ruby",
    "::Google",
    "google.pass",
    "google_pass",
    "GOOGLE_PASS",
    "Picasa::Client",
    "omniauth-google",
    ":google,",
    "OAuth2Credentials",
    "RequestFactory",
];

/// The longest of them: what two windows have to share.
pub(super) const LONGEST: usize = 24;

enum Search {
    /// Vector instructions.
    Packed(packed::Searcher),
    Automaton(AhoCorasick),
    /// Neither could be built: every file is read.
    Everything,
}

static SEARCH: LazyLock<Search> = LazyLock::new(|| {
    let packed = packed::Config::new().builder().extend(LITERALS).build();
    match (packed, AhoCorasick::new(LITERALS)) {
        (Some(packed), _) => Search::Packed(packed),
        (None, Ok(automaton)) => Search::Automaton(automaton),
        (None, Err(_)) => Search::Everything,
    }
});

/// Whether one of the literals is in there.
pub(super) fn hits(bytes: &[u8]) -> bool {
    match &*SEARCH {
        Search::Packed(packed) => packed.find(bytes).is_some(),
        Search::Automaton(automaton) => automaton.is_match(bytes),
        Search::Everything => true,
    }
}
