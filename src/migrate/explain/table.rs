//! What the tables have in common: dates with their sources, next steps, links, and the form of a line.
//!
//! Source, where a line has no other: migration.md 1.5 and 2.1; legacy-protocol.md 1.8, 2.5 and 9.

use super::signature::{Signature, Sure};

pub(super) const CLIENTLOGIN_ENDED: &str = "2015-04-20: Google ended ClientLogin (googledevelopers.blogspot.com 2015/04, \"A final farewell\"); the 404 \
     was reported from 2015-05-26 on (nesquena/sheet_mapper #11, amdean/motion-notify #4)";
pub(super) const OAUTH1_ENDED: &str = "2015-04-20: Google ended OAuth 1.0 on three legs (googledevelopers.blogspot.com 2015/04); 2016-10-20: on two legs";
pub(super) const AUTHSUB_ENDED: &str = "2015-04-20: Google ended AuthSub (googledevelopers.blogspot.com 2015/04, \"A final farewell\")";
pub(super) const YOUTUBE_ENDED: &str = "2015: the YouTube API version 2 answers 410 (google/google-gdata #718, mps-youtube/yewtube #256)";

pub(super) const OAUTH2_DOCS: &str = "https://developers.google.com/identity/protocols/oauth2";
pub(super) const YOUTUBE_DOCS: &str = "https://developers.google.com/youtube/v3/docs";
pub(super) const DIRECTORY: &str = "https://developers.google.com/gdata/docs/directory";

pub(super) const CONSENT: &str = "Ask the user for consent again: gdata-auth login.";
pub(super) const TO_OAUTH2: &str = "No password and no setting brings it back. Move to OAuth 2.0: gdata-auth migrate scan finds the places, \
     gdata-auth login asks for consent.";
pub(super) const SCOPES: &str = "At Google AuthSub and OAuth 1.0 are off, and most addresses with them: move to OAuth 2.0, with a scope of the API that lives \
     (gdata-auth migrate catalogue ADDRESS). Elsewhere, ask for a scope that covers the address as it is called, with its scheme: \
     http and https differ.";
pub(super) const LIBRARY: &str = "Look for the answer of the server that the exception hides: its body says which of the causes it is.";

pub(super) const fn row(
    id: &'static str,
    any: &'static [&'static str],
    sure: Sure,
    meaning: &'static str,
    next: &'static str,
) -> Signature {
    Signature {
        id,
        all: &[],
        any,
        none: &[],
        statuses: &[],
        sure,
        weight: 50,
        meaning,
        since: "",
        next,
        link: OAUTH2_DOCS,
    }
}
